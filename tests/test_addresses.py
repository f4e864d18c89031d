"""A name for the box against a name for a port: which addresses of a router answer after which failure."""

import sys
from dataclasses import replace
from ipaddress import ip_address, ip_network

import judge
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Run, networks, runs, topology
from test_simulation import END, change

from netlearn import (
    BadNetwork,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Outcome,
    Packet,
    Timers,
    Topology,
    UnknownName,
    forum,
    simulate,
)
from netlearn.convergence.event import At, LinkUp, NodeUp
from netlearn.convergence.traffic import Traffic
from netlearn.network import Failure
from netlearn.recorded.measured import measured
from netlearn.routing.forwarding import flow_to
from netlearn.routing.interfaces import answers, interfaces, way_to
from netlearn.units import MS, SECOND

BOTH = pytest.mark.parametrize("version", [4, 6])
CABLE = LinkDown("R1-R2")


def answering(*failures, silent=(), node="R2", source="Source", version=4):
    """The links whose addresses answer; `None` is the loopback."""
    found = answers(interfaces(forum(), version), node, source, failures, silent)
    return {each.link for each in found if each.answers}


R2 = {None, "R1-R2", "R2-End", "R2-R4", "R2-R6", "R2-R7"}


# ---- Every link has addresses


def test_the_two_ends_of_a_link_share_a_prefix_of_two_addresses():
    first, second = (end for end in interfaces(forum()).ends if end.prefix == ip_network("198.18.0.2/31"))
    assert (first.node, first.link, str(first.address)) == ("R1", "R1-R2", "198.18.0.2")
    assert (second.node, second.link, str(second.address)) == ("R2", "R1-R2", "198.18.0.3")


def test_ipv6_links_have_127_bits_of_prefix():
    assert {end.prefix.prefixlen for end in interfaces(forum(), 6).ends} == {127}
    assert str(interfaces(forum(), 6).end("R2", "R1-R2").address) == "2001:db8:18::3"


@BOTH
@settings(max_examples=50)
@given(networks(least_nodes=2))
def test_no_address_is_given_twice_and_each_end_but_a_lans_has_one(version, plain):
    network = topology(plain)
    found = interfaces(network, version)
    assert len({end.address for end in found.ends}) == len(found.ends)
    assert sorted((end.node, end.link) for end in found.ends) == sorted(
        (end, link.name) for link in plain.links for end in (link.a, link.b) if plain.kinds[end] != "lan"
    )
    for prefix in {end.prefix for end in found.ends}:
        sharing = [end for end in found.ends if end.prefix == prefix]
        links = {network.link(end.link) for end in sharing}
        assert all(end.address in prefix for end in sharing)
        assert len(links) == 1 or len({end for link in links for end in (link.a, link.b)} & network.lans) == 1


def test_more_on_a_lan_than_a_prefix_holds_is_refused():
    names = [f"R{number}" for number in range(255)]
    lan = Topology([*map(Node, names), Node("L", "lan")], [Link(name, "L", 1, 0) for name in names])
    with pytest.raises(BadNetwork, match=r"more routers and hosts than addresses in 198\.19\.0\.0/24"):
        interfaces(lan)


def test_an_interface_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnknownName, match="R3 has no interface on R1-R2; it has R1-R3, R3-R4"):
        interfaces(forum()).end("R3", "R1-R2")


# ---- The box and its ports


@BOTH
def test_while_all_cables_are_whole_every_address_of_r2_answers(version):
    assert answering(version=version) == R2


@BOTH
def test_a_cut_cable_takes_its_own_address_along_and_no_other(version):
    assert answering(CABLE, version=version) == R2 - {"R1-R2"}


@BOTH
def test_cut_one_by_one_the_loopback_answers_until_the_last_cable_and_is_not_needed_after_it(version):
    cables, left = ["R1-R2", "R2-R4", "R2-R7", "R2-End", "R2-R6"], set(R2)
    for number, cable in enumerate(cables, start=1):
        left -= {cable} if number < len(cables) else R2
        assert answering(*map(LinkDown, cables[:number]), version=version) == left


def test_an_address_answers_on_whatever_interface_the_packet_comes_in():
    """R2's address on R2-R6, asked from R4: the packet comes in from R4."""
    given_ = interfaces(forum())
    walk = way_to(given_, "R3", given_.end("R2", "R2-R6").address)
    assert walk.outcome is Outcome.DELIVERED
    assert "R6" not in walk.nodes


def test_after_a_silent_cut_who_is_nearer_to_the_wrong_end_meets_a_dead_cable():
    assert answering(silent=[CABLE]) == R2 - {"R1-R2"}
    assert answering(silent=[CABLE], source="R6") == R2
    given_ = interfaces(forum())
    address = given_.end("R2", "R1-R2").address
    assert way_to(given_, "Source", address, silent=[CABLE]).outcome is Outcome.LINK_DOWN
    assert way_to(given_, "Source", address, silent=[CABLE]).nodes == ("Source", "R1")
    assert way_to(given_, "Source", address, [CABLE]).outcome is Outcome.NO_ROUTE


def test_of_two_cables_to_a_lan_one_is_enough():
    links = [Link("A", "LAN", 1, 0), Link("B", "LAN", 1, 0), Link("B", "LAN", 1, 0, "second")]
    network = Topology([Node("A"), Node("B"), Node("LAN", "lan")], links).addressed()
    cables, loopback = [LinkDown("B-LAN"), LinkDown("second")], network.node("B").address
    ways = [way_to(interfaces(network), "A", loopback, silent=cables[:number]) for number in range(3)]
    assert [(way.outcome, way.end) for way in ways] == [(Outcome.DELIVERED, "B")] * 2 + [(Outcome.NO_ROUTE, "A")]


@pytest.mark.parametrize("how", ["silent-cut", "carrier-lost"])
def test_a_dead_cable_leaves_the_loopback_and_takes_its_own_address_even_once_it_was_noticed(how):
    """OSPF announces the prefix of an interface that is up, whether or not anyone answers (RFC 2328 12.4.1.1)."""
    triangle = Topology(
        [Node(name, address=ip_address(f"192.0.2.{name[1]}")) for name in ("R1", "R2", "R3")],
        [Link("R1", "R2"), Link("R1", "R3"), Link("R2", "R3")],
    )
    ports = interfaces(triangle)
    port, silent = ports.end("R2", "R1-R2"), how == "silent-cut"
    trace = simulate(triangle, [CABLE], interfaces=ports, silent=silent, detect="hello" if silent else "carrier")
    measures = {"loopback": ip_address("192.0.2.2"), "interface": port.address}
    for what, address in measures.items():
        (fate,) = Traffic(trace, address).fates(
            flow_to(triangle, "R1", address), "R1", trace.end_us, trace.end_us + MS, MS
        )
        assert (fate.walk.outcome is Outcome.DELIVERED) == (measured(how, what).low == 10)
    assert (Traffic(trace, port.address).route("R3", trace.end_us) is not None) == silent


def test_each_router_announces_a_link_at_its_own_metric_into_it_and_a_host_announces_none():
    network = Topology([*map(Node, "AB"), Node("H", "host")], [Link("A", "B", 5, 7), Link("H", "A", 2, 3)])
    told = [(str(each.prefix), each.node, each.metric) for each in interfaces(network).announced()]
    assert told == [("198.18.0.0/31", "A", 5), ("198.18.0.0/31", "B", 7), ("198.18.0.2/31", "A", 3)]


def test_an_address_that_nobody_has_is_answered_by_nobody():
    lan = Topology([*map(Node, "AB"), Node("L", "lan")], [Link("A", "L", 1, 0), Link("B", "L", 1, 0)]).addressed()
    assert way_to(interfaces(lan), "A", ip_address("198.19.0.77")).outcome is Outcome.NO_ROUTE
    assert way_to(interfaces(lan), "A", ip_address("198.19.0.2")).end == "B"


# ---- For every network, and by networkx


def possible_ends(plain, addressed, owner, source, dead, silent):
    """Every way that a flow to an interface's address can end: hop by hop, by the judge's distances.

    `dead` are the links that do not work, `silent` those of them at whose ends nobody noticed the carrier.
    """
    working = plain._replace(links=[link for link in plain.links if link.name not in dead])
    shining = [end for end in addressed.ends if end.prefix == owner.prefix and end.link not in dead - silent]
    shining = [end for end in shining if end.node in plain.kinds]
    metrics = {link.name: {link.a: link.out, link.b: link.back} for link in plain.links}
    rows = [("the link", end.node, metrics[end.link][end.node]) for end in shining if plain.kinds[end.node] == "router"]
    own_cables = {link.name for link in plain.links if owner.node in (link.a, link.b)} - dead

    def follow(node, first):
        if node == owner.node:
            return {(Outcome.DELIVERED, node)}
        ends = set()
        for end in shining:
            if end.node == node:
                (mine,) = [link for link in plain.links if link.name == end.link]
                middle = mine.b if mine.a == node else mine.a
                there = [link.name for link in plain.links if {link.a, link.b} == {middle, owner.node}]
                through = end.link not in dead and (middle == owner.node or own_cables & set(there))
                if not through:
                    ends.add((Outcome.LINK_DOWN, node))
                else:
                    ends |= follow(owner.node, False)
        if ends:
            return ends
        if plain.kinds[node] == "host" and not first:
            return {(Outcome.NO_ROUTE, node)}
        steps = judge.steps_to_any(working, node, [(name, metric) for _, name, metric in rows])
        if not steps:
            return {(Outcome.NO_ROUTE, node)}
        return set().union(*(follow(following, False) for following, _ in steps))

    return follow(source, True)


@settings(max_examples=120)
@given(networks(least_nodes=2), st.data())
def test_every_address_of_an_interface_fares_as_the_judge_says(plain, data):
    plain = plain._replace(announcements=[])
    network = topology(plain).addressed()
    addressed = interfaces(network)
    names = sorted(link.name for link in plain.links)
    cut = data.draw(st.sets(st.sampled_from(names), max_size=2)) if names else set()
    silent = (data.draw(st.sets(st.sampled_from(names), max_size=2)) if names else set()) - cut
    for source in [name for name, kind in plain.kinds.items() if kind != "lan"][:2]:
        for owner in addressed.ends:
            walk = way_to(addressed, source, owner.address, map(LinkDown, cut), map(LinkDown, silent))
            assert (walk.outcome, walk.end) in possible_ends(plain, addressed, owner, source, cut | silent, silent)


@settings(max_examples=60)
@given(networks(least_nodes=2), st.data())
def test_the_loopback_answers_as_long_as_networkx_finds_any_way(plain, data):
    plain = plain._replace(announcements=[])
    network = topology(plain).addressed()
    names = sorted(link.name for link in plain.links)
    cut = data.draw(st.sets(st.sampled_from(names), max_size=3)) if names else set()
    left = plain._replace(links=[link for link in plain.links if link.name not in cut])
    speaking = [name for name, kind in plain.kinds.items() if kind != "lan"]
    for source in speaking[:3]:
        for node in speaking:
            found = way_to(interfaces(network), source, network.node(node).address, map(LinkDown, cut))
            assert (found.outcome is Outcome.DELIVERED) == (node in judge.distances(left, source))


# ---- In time


def fates(trace, address, source="Source", until_us=None):
    """When it began that packets ended so."""
    flow = flow_to(forum(), source, address)
    spells = []
    for fate in Traffic(trace, address).fates(flow, source, 0, until_us or trace.end_us + 100 * MS, 1 * MS):
        if not spells or spells[-1][1] is not fate.walk.outcome:
            spells.append((fate.from_us, fate.walk.outcome))
    return spells


def cut(*changes, **options):
    given_ = interfaces(forum())
    return given_, simulate(forum(), changes, timers=Timers.frr(), interfaces=given_, **options)


def test_when_the_cable_is_cut_the_loopback_is_back_in_tens_of_milliseconds_and_the_interface_never():
    given_, trace = cut(At(1 * SECOND, CABLE))
    (_, lost), (back_us, back) = fates(trace, forum().node("R2").address)[1:]
    assert (lost, back) == (Outcome.LINK_DOWN, Outcome.DELIVERED)
    # Real routers took 30 ms.
    assert 1 * MS < back_us - 1 * SECOND < 100 * MS
    assert 1 < measured("loopback", "carrier").low < 100
    port = fates(trace, given_.end("R2", "R1-R2").address)
    assert port[0] == (0, Outcome.DELIVERED)
    assert port[-1][1] is Outcome.NO_ROUTE
    assert Outcome.DELIVERED not in [outcome for _, outcome in port[1:]]
    assert Traffic(trace, given_.end("R2", "R1-R2").address).route("R2", END).local  # R2 still owns it


def test_cut_silently_the_loopback_is_back_once_a_dead_timer_ran_out_and_the_interface_stays_a_black_hole():
    given_, trace = cut(At(1 * SECOND, CABLE), silent=True)
    (_, lost), (back_us, back) = fates(trace, forum().node("R2").address)[1:]
    assert (lost, back) == (Outcome.LINK_DOWN, Outcome.DELIVERED)
    # Real routers took 32 s; it is 30 to 40 s, counted from the last hello.
    assert 30 * SECOND < back_us - 1 * SECOND < 41 * SECOND
    assert 30_000 < measured("loopback", "hello").low < 41_000
    (_, first), (_, last) = fates(trace, given_.end("R2", "R1-R2").address)
    assert (first, last) == (Outcome.DELIVERED, Outcome.LINK_DOWN)


def test_when_the_cable_is_mended_its_address_is_back():
    given_, trace = cut(At(1 * SECOND, CABLE), At(20 * SECOND, LinkUp("R1-R2")))
    spells = fates(trace, given_.end("R2", "R1-R2").address)
    assert spells[-1][1] is Outcome.DELIVERED
    assert spells[-1][0] > 20 * SECOND
    assert trace.carriers.of(("R1", "R1-R2")) == ((1 * SECOND + 5 * MS, 20 * SECOND + 5 * MS),)


def test_a_router_that_starts_knows_which_of_its_cables_are_dead():
    given_, trace = cut(NodeDown("R2"), At(1 * SECOND, LinkDown("R2-R6")), At(2 * SECOND, NodeUp("R2")))
    assert fates(trace, given_.end("R2", "R2-R6").address)[-1][1] is Outcome.NO_ROUTE
    assert fates(trace, given_.end("R2", "R1-R2").address)[-1][1] is Outcome.DELIVERED
    address = given_.end("R2", "R2-R6").address
    at = [Traffic(trace, address).route("R2", time_us) for time_us in (1, 2 * SECOND)]
    assert at[0] is None
    assert at[1].local  # before it has any other table


def test_a_router_that_starts_knows_which_of_its_neighbours_have_died_meanwhile():
    given_, trace = cut(NodeDown("R2"), At(1 * SECOND, NodeDown("R6")), At(2 * SECOND, NodeUp("R2")))
    assert not trace.carriers.works(("R2", "R2-R6"), END)
    assert fates(trace, given_.end("R2", "R2-R6").address)[-1][1] is Outcome.NO_ROUTE
    assert fates(trace, given_.end("R2", "R1-R2").address)[-1][1] is Outcome.DELIVERED


def test_a_router_that_starts_sees_the_carrier_of_a_cable_that_was_cut_silently():
    """R2 dies just before it has seen the carrier again; meanwhile the cable is cut, but so that nobody can see it."""
    changes = [At(0, LinkDown("R2-R6")), At(1 * SECOND, LinkUp("R2-R6")), At(2 * SECOND, NodeUp("R2"))]
    changes += [At(1_001 * MS, NodeDown("R2"), silent=True), At(1_002 * MS, LinkDown("R2-R6"), silent=True)]
    given_, trace = cut(*changes)
    for node in ("R2", "R6"):
        assert not trace.carriers.works((node, "R2-R6"), 1_000 * MS)
        assert trace.carriers.works((node, "R2-R6"), END)
    assert fates(trace, given_.end("R6", "R2-R6").address)[-1][1] is Outcome.LINK_DOWN


def test_who_watches_no_carriers_announces_the_prefix_of_a_dead_cable_for_ever():
    changes = [NodeDown("R2"), At(1 * SECOND, LinkDown("R2-R6")), At(2 * SECOND, NodeUp("R2"))]
    given_, trace = cut(*changes, detect="hello")
    assert all(trace.carriers.works((end.node, end.link), END) for end in given_.ends)
    assert fates(trace, given_.end("R6", "R2-R6").address, until_us=trace.end_us + SECOND)[-1][1] is Outcome.LINK_DOWN


def last_state(run):
    """The links that do not work in the end, and those of them whose carrier went with them, by replaying the run."""
    dead, dark = set(), set()
    ordered = sorted(run.changes, key=lambda change: change[0])
    for number, (_, _, _, silent) in enumerate(ordered, start=1):
        cut_, down, _ = run._replace(changes=tuple(ordered[:number])).final()
        now = {link.name for link in run.plain.links if link.name in cut_ or {link.a, link.b} & down}
        dark = (dark & now) | (set() if silent else now - dead)
        dead = now
    return dead, dark, down if ordered else set()


@settings(max_examples=100)
@given(runs(), st.sampled_from([4, 6]))
def test_in_the_end_every_address_fares_as_in_the_network_that_is_left(run, version):
    kept = tuple(each for each in run.changes if each[1] in ("cut", "mend", "down", "up"))
    run = Run(run.plain, kept, run.detect, run.frr, run.lfa, run.cold, run.seed)
    network = topology(run.plain).addressed()
    addressed = interfaces(network, version)
    trace = simulate(
        network,
        [At(time_us, change(what, name), silent) for time_us, what, name, silent in kept],
        timers=Timers.frr() if run.frr else Timers.rfc(),
        detect=run.detect,
        lfa=run.lfa,
        cold=run.cold,
        seed=run.seed,
        interfaces=addressed,
    )
    dead, dark, down = last_state(run)
    dark = set() if run.detect == "hello" else dark
    silent: list[Failure] = [*map(LinkDown, sorted(dead - dark)), *map(NodeDown, sorted(down))]
    speaking = [node.name for node in network.nodes if node.kind != "lan" and node.name not in down]
    for source in speaking[:1]:
        for address in [*(end.address for end in addressed.ends[:8]), network.node(speaking[-1]).address]:
            walk = Traffic(trace, address).walk(Packet(flow_to(network, source, address)), source, END)
            wanted = way_to(addressed, source, address, map(LinkDown, sorted(dark)), silent)
            assert (walk.outcome, walk.nodes) == (wanted.outcome, wanted.nodes), address


def test_the_interfaces_of_another_network_are_refused():
    with pytest.raises(NetlearnError, match="interfaces of another network"):
        simulate(forum(), [], interfaces=interfaces(replace(forum(), links=forum().links[1:])))


def test_more_links_than_there_are_addresses_for_are_refused(monkeypatch):
    module = sys.modules["netlearn.routing.interfaces"]  # the room hands on a function of that name
    monkeypatch.setattr(module, "WIRES", {4: (ip_network("198.51.100.0/30"), 31)})
    with pytest.raises(NetlearnError, match=r"198.51.100.0/30 has addresses for 2 links of /31, and there are more"):
        interfaces(forum())
