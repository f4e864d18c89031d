"""A packet's way, hop by hop: delivered, lost or in circles; and how flows spread over equal ways."""

from collections import Counter
from fractions import Fraction
from ipaddress import ip_address, ip_network

import judge
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks_and_ends, topology

from netlearn import (
    Announcement,
    Fib,
    Flow,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Outcome,
    Packet,
    Topology,
    UnknownName,
    converged_fibs,
    flow_between,
    forum,
    shares,
    shortest_paths,
    walk,
)
from netlearn.routing.packet import choice, flow_hash

CASE_1 = forum().without(LinkDown("R2-End"))


def send(network, number=1, ttl=64, seeds=None, fibs=None):
    """One packet from Source to End."""
    packet = Packet(flow_between(network, "Source", "End", number), ttl)
    return walk(fibs or converged_fibs(network), packet, "Source", seeds)


def stale(old, new, *updated):
    """The FIBs while only some nodes have computed from the new network."""
    return {**converged_fibs(old), **{name: converged_fibs(new)[name] for name in updated}}


def test_a_packet_is_delivered_hop_by_hop():
    way = send(forum())
    assert str(way) == "Source → R1 → R2 → End: delivered"
    assert way.links == ("Source-R1", "R1-R2", "R2-End")
    assert not any(hop.tied for hop in way.hops)


def test_a_packet_for_oneself_goes_nowhere():
    packet = Packet(flow_between(forum(), "R1", "R1"))
    assert str(walk(converged_fibs(forum()), packet, "R1")) == "R1: delivered"


def test_a_destination_that_nobody_announces_has_no_route():
    flow = Flow(ip_address("203.0.113.10"), ip_address("203.0.113.99"))
    assert str(walk(converged_fibs(forum()), Packet(flow), "Source")) == "Source: no route"


def test_three_routers_need_a_ttl_of_three_and_one_more():
    assert send(CASE_1, ttl=4).outcome is Outcome.DELIVERED
    expired = send(CASE_1, ttl=3)
    assert expired.outcome is Outcome.TTL_EXPIRED
    assert expired.end == send(CASE_1).nodes[-2]


def test_two_tables_that_disagree_make_a_loop_that_only_the_ttl_ends():
    case_3 = forum().without(LinkDown("R2-End"), LinkDown("R1-R2"), NodeDown("R3"))
    fibs = stale(forum(), case_3, "Source", "R1")
    ways = [send(forum(), number, ttl=64, fibs=fibs) for number in range(1, 65)]
    looped = [way for way in ways if way.outcome is Outcome.TTL_EXPIRED]
    assert 16 < len(looped) < 48  # the flows that R5 hashes back to R1: about half
    for way in looped:
        assert way.nodes[1:] == ("R1", "R5") * 32  # 63 routers lower 64 to 1, and the 64th drops
        assert len(way.hops) == 64


def test_a_packet_that_is_handed_to_a_node_that_is_down_ends_there_without_route():
    after = forum().without(NodeDown("R2"))
    fibs = {name: fib for name, fib in converged_fibs(forum()).items() if name != "R2"}
    assert str(send(forum(), fibs=fibs)) == "Source → R1 → R2: no route"
    assert str(send(after)) == "Source → R1 → R3 → R4 → End: delivered"


def test_a_host_drops_what_is_not_its_own():
    end, elsewhere = converged_fibs(forum())["End"], ip_address("192.0.2.5")
    fibs = {
        "Source": Fib("Source", {ip_network("192.0.2.5/32"): end.lookup(elsewhere)}, False),
        "R7": end,
        "R2": end,
        "R4": end,
    }
    way = walk(fibs, Packet(Flow(ip_address("203.0.113.10"), elsewhere)), "Source")
    assert way.outcome is Outcome.NO_ROUTE
    assert len(way.hops) == 1


def test_a_packet_for_who_cannot_be_reached_goes_to_who_announces_the_prefix_around_it():
    pieces = Topology(
        [Node("A"), Node("B")], announcements=[Announcement(ip_network("2001:db8::/32"), "B")]
    ).addressed()
    assert str(walk(converged_fibs(pieces), Packet(flow_between(pieces, "B", "A")), "B")) == "B: delivered"


def test_a_lan_is_passed_without_being_a_hop():
    nodes = [Node("A"), Node("B"), Node("LAN", "lan")]
    lan = Topology(nodes, [Link("A", "LAN", 1, 0), Link("B", "LAN", 1, 0)]).addressed()
    way = walk(converged_fibs(lan), Packet(flow_between(lan, "A", "B"), ttl=1), "A")
    assert str(way) == "A → B: delivered"
    assert way.links == ("A-LAN",)


def test_an_anycast_packet_is_delivered_at_the_nearest():
    anycast = Topology(
        forum().nodes, forum().links, [Announcement(ip_network("9.9.9.9/32"), name) for name in ("R3", "R7")]
    )
    flow = Flow(ip_address("203.0.113.10"), ip_address("9.9.9.9"))
    assert walk(converged_fibs(anycast), Packet(flow), "Source").end == "R3"


def test_a_sender_without_a_table_is_an_error_that_names_those_with_one():
    packet = Packet(flow_between(forum(), "Source", "End"))
    with pytest.raises(UnknownName, match=r"'R9' has no FIB to send with; there are those of End, R1, R2, R3"):
        walk(converged_fibs(forum()), packet, "R9")


def test_a_flow_needs_addresses_and_the_error_says_how_to_get_them():
    bare = Topology([Node("A"), Node("B")], [Link("A", "B")])
    with pytest.raises(UnknownName, match=r"B has no address of its own; Topology.addressed\(\) gives one"):
        flow_between(bare, "A", "B")
    assert str(flow_between(bare.addressed(), "A", "B").source) == "2001:db8::1"


@pytest.mark.parametrize("number", [0, 16385])
def test_a_pair_of_nodes_has_as_many_flows_as_a_sender_has_ports_of_its_own(number):
    assert flow_between(forum(), "Source", "End", 16384).source_port == 65535
    with pytest.raises(NetlearnError, match=f"no flow {number} from Source; its flows to one address are 1 to 16384"):
        flow_between(forum(), "Source", "End", number)


# ---- How flows spread


def test_a_flow_keeps_its_way():
    assert len({send(CASE_1, number=7, ttl=ttl).nodes for ttl in range(5, 64)}) == 1


def test_flows_spread_evenly_over_the_next_hops():
    network = forum()
    hashes = [flow_hash(flow_between(network, "Source", "End", number), "R1") for number in range(1, 12001)]
    for ways in (2, 3, 4, 5):
        taken = Counter(choice(hashed, ways) for hashed in hashes)
        # Five standard deviations of a fair draw.
        assert all(abs(count - 12000 / ways) < 5 * (12000 / ways) ** 0.5 for count in taken.values())
        assert len(taken) == ways


def test_a_hash_never_chooses_past_the_last_next_hop():
    assert [choice(0, 3), choice(2**64 - 1, 3)] == [0, 2]


def test_equal_at_each_router_is_not_equal_at_the_end():
    assert shares(CASE_1, "Source", "End") == {
        ("Source", "R1", "Source-R1"): 1,
        ("R1", "R2", "R1-R2"): 1 / 2,
        ("R1", "R3", "R1-R3"): 1 / 2,
        ("R2", "R4", "R2-R4"): 1 / 4,
        ("R2", "R7", "R2-R7"): 1 / 4,
        ("R3", "R4", "R3-R4"): 1 / 2,
        ("R4", "End", "R4-End"): 3 / 4,
        ("R7", "End", "R7-End"): 1 / 4,
    }


def test_many_flows_come_to_the_shares():
    fibs, flows = converged_fibs(CASE_1), 4000
    carried = Counter(link for number in range(1, flows + 1) for link in send(CASE_1, number, fibs=fibs).links)
    for (_, _, link), share in shares(CASE_1, "Source", "End").items():
        assert carried[link] / flows == pytest.approx(share, abs=0.04)


def test_the_same_seed_in_all_routers_polarises_and_one_of_three_paths_gets_nothing():
    alike = dict.fromkeys(CASE_1.routers, "the same")
    fibs = converged_fibs(CASE_1)
    assert len({send(CASE_1, number, fibs=fibs).nodes for number in range(1, 501)}) == 3
    assert len({send(CASE_1, number, seeds=alike, fibs=fibs).nodes for number in range(1, 501)}) == 2


def test_seeds_that_differ_only_after_their_first_64_bytes_still_differ():
    flow = flow_between(forum(), "Source", "End")
    assert flow_hash(flow, "x" * 64 + "1") != flow_hash(flow, "x" * 64 + "2")


def test_no_way_carries_nothing():
    assert shares(forum().without(NodeDown("R1")), "Source", "End") == {}
    assert shares(forum(), "End", "End") == {}


# ---- What holds for every network


def sent(drawn, number):
    """A packet from the first drawn end to the second, over tables that all were computed from the drawn network."""
    plain, source, target = drawn
    network = topology(plain._replace(announcements=())).addressed()
    if "lan" in (plain.kinds[source], plain.kinds[target]):
        return network, None
    return network, walk(converged_fibs(network), Packet(flow_between(network, source, target, number)), source)


@given(networks_and_ends(), st.integers(1, 100))
def test_with_tables_from_one_map_no_walk_loops_and_its_metric_is_the_distance(drawn, number):
    plain, source, target = drawn
    _, way = sent(drawn, number)
    expected = judge.distances(plain, source).get(target)
    if way is None:
        return
    if expected is None:
        assert way.outcome is Outcome.NO_ROUTE
        assert way.nodes == (source,)
        return
    assert way.outcome is Outcome.DELIVERED
    assert way.end == target
    assert len(set(way.nodes)) == len(way.nodes)
    links = {link.name: link for link in plain.links}
    left_by = [(links[hop.taken.link], hop.node) for hop in way.hops]
    assert sum(link.out if node == link.a else link.back for link, node in left_by) == expected


@given(networks_and_ends(), st.integers(1, 100))
def test_a_packet_arrives_with_just_enough_ttl_and_expires_with_one_less(drawn, number):
    _, source, target = drawn
    network, way = sent(drawn, number)
    if way is None or way.outcome is Outcome.NO_ROUTE or len(way.hops) < 2:
        return
    flow, fibs, enough = flow_between(network, source, target, number), converged_fibs(network), len(way.hops)
    assert walk(fibs, Packet(flow, ttl=enough), source) == way
    short = walk(fibs, Packet(flow, ttl=enough - 1), source)
    assert short.outcome is Outcome.TTL_EXPIRED
    assert short.nodes == way.nodes[:-1]


@given(networks_and_ends())
def test_shares_equal_those_found_by_following_every_way(drawn):
    plain, source, target = drawn
    expected = judge.shares(plain, source, target) if judge.paths(plain, source, target) else {}
    assert shares(topology(plain), source, target) == pytest.approx(
        {way: float(part) for way, part in expected.items()}
    )


@given(networks_and_ends())
def test_what_arrives_is_all_that_was_sent(drawn):
    plain, source, target = drawn
    carried = shares(topology(plain), source, target)
    if source != target and shortest_paths(topology(plain), source).reaches(target):
        arriving = sum(Fraction(share) for (_, node, _), share in carried.items() if node == target)
        assert float(arriving) == pytest.approx(1)
