"""One address on several routers: who reaches which, by example, for every network, and by networkx."""

from fractions import Fraction
from ipaddress import ip_address, ip_network

import judge
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks, topology

from netlearn import (
    Announcement,
    BadNetwork,
    Fib,
    LinkDown,
    NetlearnError,
    NextHop,
    NodeDown,
    Outcome,
    Packet,
    Route,
    Topology,
    UnknownName,
    compute_rib,
    converged_fibs,
    forum,
    walk,
)
from netlearn.recorded.measured import measured
from netlearn.routing.anycast import (
    Catchments,
    catchments,
    catchments_of,
    place,
    shares_of,
)
from netlearn.routing.fib import fibs_towards
from netlearn.routing.forwarding import flow_to
from netlearn.routing.packet import as_address

ADDRESS = "203.0.113.1"
HALF, THIRD, QUARTER = Fraction(1, 2), Fraction(1, 3), Fraction(1, 4)


def reached_by_flow(network, source, number, seeds=None):
    """The instance that a flow from the source reaches, hop by hop; `None` if it is lost."""
    address = ip_address(ADDRESS)
    packet = Packet(flow_to(network, source, address, number))
    found = walk(fibs_towards(network, address), packet, source, seeds)
    return found.end if found.outcome is Outcome.DELIVERED else None


def on(*nodes, address=ADDRESS):
    return catchments(place(forum(), address, nodes), address)


# ---- By example


def test_each_node_reaches_the_nearest_instance_by_metric():
    found = on("R3", "R7")
    assert found.reached("R1") == ("R3",)
    assert found.reached("R6") == ("R7",)
    assert found.area("R3") == ("Source", "R1", "R3", "R4")


def test_on_r4_and_r7_r1_halves_and_r2_halves_its_half():
    found = on("R4", "R7")
    assert found.of("R2") == {"R4": HALF, "R7": HALF}
    assert found.of("R1") == found.of("Source") == {"R4": HALF + QUARTER, "R7": QUARTER}
    assert found.border == ("Source", "R1", "R2", "End")


def test_on_r4_and_r6_r1_has_three_ways_and_r2_halves_its_third():
    found = on("R4", "R6")
    assert found.of("R1") == {"R4": THIRD + THIRD / 2, "R6": THIRD + THIRD / 2}
    assert found.reached("R5") == ("R6",)


def test_of_64_connections_the_parts_are_about_those_that_real_routers_gave_to_r4_and_r7():
    network = place(forum(), ADDRESS, ["R4", "R7"])
    reached = [reached_by_flow(network, "Source", number) for number in range(1, 65)]
    assert {"R4", "R7"} == set(reached)
    # 48 and 16 on average; three standard deviations of such a count are 10.4.
    assert abs(reached.count("R4") - 48) <= 10
    assert abs(measured("anycast", "to-R4").low - 48) <= 10


def test_routers_with_one_seed_choose_alike_and_one_instance_gets_nothing_from_source():
    network = place(forum(), ADDRESS, ["R4", "R7"])
    alike = dict.fromkeys(network.routers, "the same")
    reached = {reached_by_flow(network, "Source", number, alike) for number in range(1, 65)}
    assert reached == {"R4"}


def test_a_metric_of_its_own_makes_an_instance_farther():
    assert catchments(place(forum(), ADDRESS, {"R4": 0, "R7": 1}), ADDRESS).reached("R2") == ("R4",)
    assert catchments(place(forum(), ADDRESS, {"R4": 0, "R7": 9}), ADDRESS).area("R7") == ("R7",)


def test_placing_anew_moves_the_address_and_leaves_other_announcements_alone():
    first = place(place(forum(), ADDRESS, ["R4"]), "203.0.113.2", ["R5"])
    moved = place(first, ADDRESS, ["R7"])
    assert catchments(moved, ADDRESS).instances == ("R7",)
    assert catchments(moved, "203.0.113.2").instances == ("R5",)
    assert place(moved, ADDRESS, []).announcements == tuple(place(forum(), "203.0.113.2", ["R5"]).announcements)


def test_a_failure_moves_the_flows_to_the_other_instance():
    network = place(forum(), ADDRESS, ["R4", "R7"])
    assert catchments(network.without(NodeDown("R4")), ADDRESS).reached("Source") == ("R7",)
    assert catchments(network.without(LinkDown("R2-R4")), ADDRESS).of("R1") == {"R4": HALF, "R7": HALF}


def test_ipv6_is_the_same():
    assert on("R4", "R7", address="2001:db8:53::1").shares == on("R4", "R7").shares


def test_who_is_cut_off_reaches_nobody_and_loses_all():
    network = place(forum(), ADDRESS, ["R4"]).without(LinkDown("Source-R1"))
    found = catchments(network, ADDRESS)
    assert (found.reached("Source"), found.lost("Source"), found.lost("R1")) == ((), Fraction(1), Fraction(0))


def test_the_more_specific_prefix_wins_wherever_it_is_announced():
    wide, host = ip_network("203.0.113.0/24"), ip_network("203.0.113.1/32")
    network = Topology(forum().nodes, forum().links, [Announcement(wide, "R1"), Announcement(host, "R7")])
    assert catchments(network, ADDRESS).reached("Source") == ("R7",)
    assert catchments(network, "203.0.113.9").reached("R7") == ("R1",)


def test_tables_that_disagree_send_a_part_round_and_that_part_is_lost():
    host = ip_network("203.0.113.1/32")
    hops = {"A": ("B",), "B": ("A", "C"), "C": ()}
    fibs = {
        node: Fib(node, {host: Route(host, 1, tuple(NextHop(each, f"{node}-{each}") for each in ways))})
        for node, ways in hops.items()
    }
    found = catchments_of(fibs, ADDRESS)
    assert found.of("A") == {"C": HALF}
    # What B hands to A comes back to B, whose hash chooses A again.
    assert (found.of("B"), found.lost("B")) == ({"C": HALF}, HALF)


def test_a_host_that_is_handed_a_packet_for_somebody_else_drops_it():
    host = ip_network("203.0.113.1/32")
    fibs = {
        "A": Fib("A", {host: Route(host, 2, (NextHop("H", "A-H"), NextHop("C", "A-C")))}),
        "H": Fib("H", {host: Route(host, 1, (NextHop("C", "H-C"),))}, forwards=False),
        "C": Fib("C", {host: Route(host, 0)}),
    }
    found = catchments_of(fibs, ADDRESS)
    assert (found.of("A"), found.of("H")) == ({"C": HALF}, {"C": Fraction(1)})


def test_what_is_not_there_or_is_a_nodes_own_is_named():
    with pytest.raises(UnknownName, match="R9"):
        place(forum(), ADDRESS, ["R9"])
    with pytest.raises(BadNetwork, match=r"192\.0\.2\.4 is R4's own"):
        place(forum(), "192.0.2.4", ["R7"])
    with pytest.raises(UnknownName, match=r"'R9' sends nothing; the nodes that do are End, R1"):
        on("R4").of("R9")
    with pytest.raises(NetlearnError, match=r"'203\.0\.113' is not an IP address"):
        as_address("203.0.113")


# ---- For every network, and by networkx

PREFIX = "203.0.113.1/32"


@st.composite
def placements(draw, /, **options):
    """A network with one prefix on some of its nodes, each at a small metric."""
    plain = draw(networks(least_nodes=2, **options))
    names = [name for name, kind in plain.kinds.items() if kind != "lan"]
    metrics = st.sampled_from([0, 0, 0, 1, 3])
    rows = [(PREFIX, name, draw(metrics)) for name in names if draw(st.booleans())]
    return plain._replace(announcements=rows)


def judged(plain):
    return {
        name: judge.catchment(plain, name, PREFIX) if plain.kinds[name] else {}
        for name, kind in plain.kinds.items()
        if kind != "lan"
    }


@given(placements())
def test_the_parts_of_every_node_are_the_judges(plain):
    assert dict(catchments(topology(plain), ADDRESS).shares) == judged(plain)


@given(placements(), st.data())
def test_after_any_failures_the_parts_are_the_judges_of_what_is_left(plain, data):
    cut = data.draw(st.sets(st.sampled_from(plain.links), max_size=3)) if plain.links else set()
    down = data.draw(st.sets(st.sampled_from(sorted(plain.kinds)), max_size=2))
    left = topology(plain).without(*(LinkDown(link.name) for link in cut), *map(NodeDown, down))
    kept = plain._replace(
        kinds={name: kind for name, kind in plain.kinds.items() if name not in down},
        links=[link for link in plain.links if link not in cut and not {link.a, link.b} & down],
        announcements=[row for row in plain.announcements if row[1] not in down],
    )
    assert dict(catchments(left, ADDRESS).shares) == judged(kept)


@given(placements(), st.data())
def test_a_withdrawn_instance_leaves_the_catchments_of_the_others(plain, data):
    if not plain.announcements:
        return
    gone = data.draw(st.sampled_from(plain.announcements))[1]
    kept = plain._replace(announcements=[row for row in plain.announcements if row[1] != gone])
    network = place(topology(plain), ADDRESS, {node: metric for _, node, metric in kept.announcements})
    assert dict(catchments(network, ADDRESS).shares) == judged(kept)
    assert gone not in catchments(network, ADDRESS).instances


@given(placements())
def test_with_converged_tables_nothing_is_lost_of_what_has_a_route(plain):
    network = topology(plain)
    found = catchments(network, ADDRESS)
    prefix = ip_network(PREFIX)
    for name in found.shares:
        assert found.lost(name) == (0 if prefix in compute_rib(network, name).routes else 1)


@given(placements())
def test_all_tables_give_what_the_tables_for_the_one_address_give(plain):
    network = topology(plain)
    assert catchments_of(converged_fibs(network), ADDRESS) == catchments(network, ADDRESS)


@given(placements())
def test_every_flow_reaches_an_instance_of_its_nodes_share(plain):
    network = topology(plain).addressed()
    found: Catchments = catchments(network, ip_address(ADDRESS))
    for name in found.shares:
        reached = {reached_by_flow(network, name, number) for number in (1, 2, 3)}
        assert reached <= set(found.reached(name)) if found.reached(name) else reached == {None}


def test_a_chain_of_five_thousand_routers_is_no_problem():
    onward = {str(number): (str(number + 1),) for number in range(5_000)} | {"5000": ()}
    found = shares_of(onward, frozenset({"5000"}), frozenset(onward))
    assert found["0"] == {"5000": 1}
