"""What happens in time: in the end all routers agree, whatever befell them; meanwhile every loss has its cause."""

import os
import subprocess
import sys
from dataclasses import replace
from ipaddress import ip_network
from itertools import pairwise, permutations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ANYCAST, NEWS, Plain, PlainLink, Run, runs, topology

import netlearn.convergence.simulation
from netlearn import (
    CASE_1,
    CASE_2,
    CASE_3,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Outcome,
    Packet,
    Topology,
    UnknownName,
    converged_fib,
    flow_between,
    forum,
)
from netlearn.convergence.event import (
    PHASES,
    Announce,
    At,
    Change,
    DaemonDown,
    Gone,
    LinkUp,
    Maintenance,
    NodeUp,
    Reason,
    Said,
    There,
    Withdraw,
)
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import Fixed, Timers
from netlearn.convergence.traffic import Traffic
from netlearn.network import MAX_METRIC, host_prefix
from netlearn.recorded.measured import measured
from netlearn.units import SECOND

CHANGES = {"cut": LinkDown, "mend": LinkUp, "down": NodeDown, "up": NodeUp, "maintain": Maintenance}
END = 10**15


@pytest.fixture(autouse=True)
def no_endless_runs(monkeypatch):
    """A run of a small network that does not come to rest fails at once."""
    monkeypatch.setattr(netlearn.convergence.simulation, "MOST_EVENTS", 100_000)


def change(what, name):
    """The change that a run calls so."""
    if what not in NEWS:
        return CHANGES[what](name)
    prefix = ip_network(ANYCAST)
    return Withdraw(name, prefix) if NEWS[what] is None else Announce(name, prefix, NEWS[what])


def simulated(run, **others):
    return simulate(
        topology(run.plain).addressed(),
        [At(time_us, change(what, name), silent) for time_us, what, name, silent in run.changes],
        timers=Timers.frr() if run.frr else Timers.rfc(),
        detect=run.detect,
        lfa=run.lfa,
        cold=run.cold,
        seed=run.seed,
        **others,
    )


def result(run):
    """The network that is left when all has happened; who is in maintenance names the greatest metric."""
    cut, down, stub = run.final()
    last = run.plain._replace(announcements=run.announced())
    left = topology(last).addressed().without(*map(LinkDown, cut), *map(NodeDown, down))
    for node in sorted(stub):
        for arc in left.arcs(node):
            left = left.with_metric(arc.link, node, MAX_METRIC)
    return left


def speakers(network):
    """The routers and hosts: who has tables."""
    return [node for node in network.nodes if node.kind != "lan"]


def pieces(run):
    """The sets of nodes that can still reach each other, by networkx."""
    cut, down, _ = run.final()
    graph = nx.Graph()
    graph.add_nodes_from(run.plain.kinds.keys() - down)
    alive = [link for link in run.plain.links if link.name not in cut and not {link.a, link.b} & down]
    graph.add_edges_from((link.a, link.b) for link in alive)
    return list(nx.connected_components(graph))


# ---- In the end


@settings(max_examples=400)
@given(runs())
def test_in_the_end_every_fib_is_the_one_computed_from_the_network_that_is_left(run):
    trace, left = simulated(run), result(run)
    for node in speakers(left):
        assert dict(trace.fib(node.name, END).routes) == dict(converged_fib(left, node.name).routes), node.name
        assert dict(trace.rib(node.name, END).routes) == dict(trace.fib(node.name, END).routes)


@settings(max_examples=200)
@given(runs())
def test_in_the_end_all_routers_of_a_piece_hold_the_same_lsas_of_its_routers(run):
    trace = simulated(run)
    for piece in pieces(run):
        held = {
            node: {origin: trace.lsdb(node, END).get(origin) for origin in piece}
            for node in piece
            if len(piece) > 1 or not run.cold
        }
        assert all(lsas == held[min(held)] for lsas in held.values())


def flip(time_us, what, name, silent=False):
    return time_us, what, name, silent


PAIR = Plain({"A": "router", "B": "router"}, [PlainLink("AB", "A", "B", 1, 1)])
LINE = Plain(
    {"A": "router", "B": "router", "C": "router"},
    [PlainLink("AB", "A", "B", 1, 1), PlainLink("BC", "B", "C", 1, 1)],
)


@pytest.mark.parametrize(
    "run",
    [
        Run(PAIR, (), cold=True),
        Run(PAIR, (flip(0, "cut", "AB"),), cold=True),
        Run(PAIR, (flip(0, "down", "A"), flip(0, "up", "A"))),
        Run(
            LINE, (flip(0, "cut", "AB"), flip(5_500, "mend", "AB"), flip(6_500, "cut", "BC"), flip(7_000, "mend", "BC"))
        ),
        Run(LINE, (flip(0, "cut", "BC", True), flip(1, "cut", "AB"), flip(35_000_000, "mend", "BC", True))),
        Run(LINE, (flip(0, "maintain", "B"), flip(10_000_000, "down", "B"), flip(20_000_000, "up", "B"))),
    ],
)
def test_what_was_once_a_trap_ends_in_agreement_too(run):
    trace, left = simulated(run), result(run)
    for node in speakers(left):
        assert dict(trace.fib(node.name, END).routes) == dict(converged_fib(left, node.name).routes), node.name


# ---- Meanwhile


def flow_and_traffic(trace, source, destination, number=1):
    flow = flow_between(trace.topology, source, destination, number)
    return flow, Traffic(trace, flow.destination)


@settings(max_examples=150)
@given(runs(most_changes=0), st.data())
def test_with_lfa_and_one_failed_link_no_packet_goes_round_until_the_first_new_route_is_installed(run, data):
    if not run.plain.links:
        return
    link = data.draw(st.sampled_from(run.plain.links))
    run = run._replace(changes=((0, "cut", link.name, data.draw(st.booleans())),), lfa=True, cold=False)
    trace = simulated(run)
    # What is installed in the instant of detection is an alternate; what comes after its own SPF is a new route.
    computed = {event.node: event.time_us for event in reversed(trace.events) if event.kind == "compute"}
    new = [change.time_us for change in trace.tables if change.time_us >= computed.get(change.node, END)]
    for node in speakers(trace.topology):
        for destination in speakers(trace.topology):
            flow, traffic = flow_and_traffic(trace, node.name, destination.name)
            until = min(new, default=trace.end_us)
            fates = list(traffic.fates(flow, node.name, 0, max(until - 64 * trace.link_us, 1), 1_000))
            assert not any(fate.walk.outcome == Outcome.TTL_EXPIRED for fate in fates)
            assert not [loop for loop in traffic.micro_loops() if loop.from_us < until]


def test_with_lfa_case_1_loses_only_until_r2_has_noticed():
    trace = simulate(forum(), CASE_1, lfa=True)
    detected = next(event.time_us for event in trace.events if event.kind == "detect" and event.node == "R2")
    for number in range(1, 33):
        flow, traffic = flow_and_traffic(trace, "Source", "End", number)
        for fate in traffic.fates(flow, "Source", 0, 200_000, 500):
            assert (fate.walk.outcome == Outcome.DELIVERED) == (fate.from_us + 2 * trace.link_us >= detected)


def test_with_lfa_a_micro_loop_is_still_possible_once_the_repairing_router_has_its_new_route():
    slow = {"R5": replace(Timers.rfc(), spf_delay=Fixed(1_000_000))}
    trace = simulate(forum(), CASE_3, lfa=True, router_timers=slow)
    _, traffic = flow_and_traffic(trace, "Source", "End")
    (loop,) = traffic.micro_loops()
    installed = [change.time_us for change in trace.tables if change.node == "R1" and change.prefix == END_PREFIX]
    assert (loop.cycle, loop.from_us) == (("R1", "R5"), installed[-1])


def test_if_end_itself_dies_the_alternates_of_r2_and_r4_can_send_packets_in_a_circle():
    trace = simulate(forum(), [NodeDown("End")], lfa=True)
    _, traffic = flow_and_traffic(trace, "Source", "End")
    assert ("R2", "R4") in {loop.cycle for loop in traffic.micro_loops()}


@settings(max_examples=100)
@given(runs(most_changes=0), st.data())
def test_without_lfa_a_flow_sent_onto_the_failed_part_loses_until_an_end_of_it_has_noticed(run, data):
    if not run.plain.links:
        return
    cut = data.draw(st.sampled_from(run.plain.links))
    trace = simulated(run._replace(changes=((0, "cut", cut.name, data.draw(st.booleans())),), lfa=False, cold=False))
    for source, destination in ((cut.a, cut.b), (cut.b, cut.a)):
        if "lan" in (run.plain.kinds[source], run.plain.kinds[destination]):
            continue  # a LAN sends nothing
        flow, traffic = flow_and_traffic(trace, source, destination)
        first = traffic.walk(Packet(flow), source, 0)
        if first.outcome == Outcome.LINK_DOWN and first.hops[0].taken.link == cut.name:
            detected = min(event.time_us for event in trace.events if event.kind == "detect")
            fates = list(traffic.fates(flow, source, 0, detected, 1_000))
            assert all(fate.walk.outcome == Outcome.LINK_DOWN for fate in fates)


# ---- The three cases, in every order of updates

END_PREFIX = host_prefix(forum().node("End").address)


def orders(case, towards):
    """Each order in which the routers can update whose way changes, with the micro-loops that it brings."""
    address = forum().node(towards).address
    whole = simulate(forum(), case)
    moved = sorted({change.node for change in whole.tables if address in change.prefix and change.route is not None})
    moved = [node for node in moved if node.startswith("R")]
    for order in permutations(moved):
        delays = {
            node: replace(Timers.rfc(), spf_delay=Fixed(100_000 * (place + 1))) for place, node in enumerate(order)
        }
        trace = simulate(forum(), case, router_timers=delays)
        installed = {change.node: change.time_us for change in trace.tables if address in change.prefix}
        yield order, Traffic(trace, address).micro_loops(), installed


@pytest.mark.parametrize("case", [CASE_1, CASE_2])
def test_cases_1_and_2_loop_towards_end_in_no_order_of_updates(case):
    assert [loops for _, loops, _ in orders(case, "End") if loops] == []


def test_case_3_loops_r1_and_r5_just_while_r1_has_updated_and_r5_has_not():
    for order, loops, installed in orders(CASE_3, "End"):
        wanted = [(("R1", "R5"), installed["R1"], installed["R5"])] if order.index("R1") < order.index("R5") else []
        assert [(loop.cycle, loop.from_us, loop.to_us) for loop in loops] == wanted


def test_towards_source_case_3_loops_r2_and_r6_just_while_r2_has_updated_and_r6_has_not():
    for order, loops, installed in orders(CASE_3, "Source"):
        wanted = [(("R2", "R6"), installed["R2"], installed["R6"])] if order.index("R2") < order.index("R6") else []
        assert [(loop.cycle, loop.from_us, loop.to_us) for loop in loops] == wanted


# ---- Nothing but the arguments decides

DIGESTS = """
from netlearn import CASE_3, forum
from netlearn.convergence.event import PHASES, At, LinkUp
from netlearn.recorded.measured import measured
from netlearn.convergence.simulation import simulate
for case in (CASE_3[:2], CASE_3, [*CASE_3, At(9_000_000, LinkUp("R1-R2"))]):
    for options in ({}, {"cold": True}, {"lfa": True, "detect": "bfd", "silent": True, "seed": 5}):
        print(simulate(forum(), case, **options).digest())
"""


def test_equal_runs_have_equal_digests_in_any_process_and_with_any_hash_seed():
    told = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
            timeout=120,
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(told) == 1
    assert len(set(told.pop().split())) == 9


def test_another_seed_gives_other_phases_of_the_hellos():
    times = {simulate(forum(), CASE_1, silent=True, seed=seed).converged_us for seed in range(5)}
    assert len(times) == 5


# ---- Detect


def detections(**options):
    """When R2 misses End after a silent cut at 100 s, for many phases of its hellos: from the cut on."""
    for seed in range(40):
        trace = simulate(forum(), [At(100 * SECOND, LinkDown("R2-End"), silent=True)], seed=seed, **options)
        yield (
            next(event.time_us for event in trace.events if event.kind == "detect" and event.node == "R2")
            - 100 * SECOND
        )


def test_the_dead_timer_counts_from_the_last_hello_so_detection_takes_30_to_40_s():
    found = list(detections())
    assert all(30 * SECOND < each <= 40 * SECOND + 1_000 for each in found)
    assert max(found) - min(found) > 7 * SECOND


def test_bfd_takes_two_to_three_of_its_intervals():
    found = list(detections(detect="bfd"))
    assert all(600_000 < each <= 901_000 for each in found)
    assert max(found) - min(found) > 200_000


def test_who_watches_hellos_alone_does_not_see_the_carrier_go():
    trace = simulate(forum(), CASE_1, detect="hello")
    assert all(event.time_us > 29 * SECOND for event in trace.events if event.kind == "detect")


def test_carrier_events_come_in_batches_where_the_system_makes_batches():
    batches = replace(Timers.rfc(), carrier_batch_us=1 * SECOND)
    cuts = [At(0, LinkDown("R2-End")), At(20_000, LinkDown("R1-R2")), At(40_000, LinkDown("R2-R7"))]
    trace = simulate(forum(), cuts, timers=batches)
    assert [event.time_us for event in trace.events if event.kind == "detect" and event.node == "R2"] == [
        5_000,
        1_005_000,
        1_005_000,
    ]


def test_a_neighbour_that_has_just_begun_anew_is_not_taken_for_dead_by_the_old_dead_timer():
    """R2 is back 5 s before the dead timers run out that count from before; no hello has come since."""
    changes = [At(100 * SECOND, NodeDown("R2"), silent=True), At(129 * SECOND, NodeUp("R2"), silent=True)]
    for seed in range(10):
        trace = simulate(forum(), changes, seed=seed)
        lost = [event for event in trace.events if isinstance(event.what, Gone) and event.what.reason is Reason.HELLO]
        assert lost == []


@pytest.mark.parametrize("slow", ["R2", "End"])
def test_a_link_that_works_again_is_one_again_once_the_slower_of_its_ends_has_seen_it(slow):
    timers = {slow: replace(Timers.rfc(), carrier_us=300_000)}
    trace = simulate(forum(), [LinkDown("R2-End"), At(20 * SECOND, LinkUp("R2-End"))], router_timers=timers)
    found = {event.node: event.time_us for event in trace.events if isinstance(event.what, There)}
    assert found == dict.fromkeys(("R2", "End"), 20 * SECOND + 300_000 + Timers.rfc().adjacency_us)


# ---- Dead daemons


def test_a_router_whose_daemons_die_forwards_on_and_no_packet_is_lost_until_the_others_go_round_it():
    """As measured: kill -9 of zebra and ospfd on R2 lost nothing, and its neighbours moved the traffic after 32 s."""
    trace = simulate(forum(), [At(100 * SECOND, DaemonDown("R2"))], timers=Timers.frr())
    for number in range(1, 33):
        flow, traffic = flow_and_traffic(trace, "Source", "End", number)
        fates = list(traffic.fates(flow, "Source", 0, trace.end_us + SECOND, 1_000))
        assert {fate.walk.outcome for fate in fates} == {Outcome.DELIVERED}
        assert "R2" in fates[0].walk.nodes
        assert "R2" not in fates[-1].walk.nodes
    moved = [change.time_us - 100 * SECOND for change in trace.tables if change.node == "R1"]
    assert 30 * SECOND < min(moved) <= max(moved) < 46 * SECOND
    assert measured("daemon-killed", "lost").high == 0
    assert 30_000 < measured("daemon-killed", "moved").low < 40_000
    assert trace.fib("R2", END) == trace.fib("R2", 0)


def test_a_router_whose_daemons_are_dead_hears_no_news_and_one_that_starts_anew_is_as_good_as_new():
    changes: list[At | Change] = [
        DaemonDown("R2"),
        At(1 * SECOND, LinkDown("R2-End")),
        At(100 * SECOND, NodeDown("R2")),
    ]
    trace = simulate(forum(), [*changes, At(110 * SECOND, NodeUp("R2")), At(120 * SECOND, LinkUp("R2-End"))])
    assert dict(trace.fib("R2", 99 * SECOND).routes) == dict(trace.fib("R2", 0).routes)
    did = [event.time_us for event in trace.events if event.node == "R2" and event.kind in PHASES]
    assert not any(time_us < 100 * SECOND for time_us in did)
    for node in forum().nodes:
        assert dict(trace.fib(node.name, END).routes) == dict(converged_fib(forum(), node.name).routes)


def test_bfd_misses_dead_daemons_sooner():
    trace = simulate(forum(), [DaemonDown("R2")], detect="bfd")
    assert 600_000 < trace.converged_us < 1_100_000


# ---- LANs


def lan_of(*members, others=()):
    """Routers on one LAN, at metric 1 each, and further links."""
    nodes = [*map(Node, dict.fromkeys([*members, *(end for pair in others for end in pair)])), Node("LAN", "lan")]
    return Topology(
        nodes, [*(Link(each, "LAN", 1, 0) for each in members), *(Link(*pair) for pair in others)]
    ).addressed()


def noticed(trace, node):
    return [event.time_us for event in trace.events if event.kind == "detect" and event.node == node]


def test_over_a_lan_nobodys_carrier_tells_that_another_routers_cable_is_cut():
    """B hears it at once: its own cable. What the others learn, they learn by the hellos that do not come."""
    trace = simulate(lan_of("A", "B", "C"), [LinkDown("B-LAN")])
    assert noticed(trace, "B") == [Timers.rfc().carrier_us]
    assert noticed(trace, "A") == noticed(trace, "C") == []
    (missed,) = noticed(trace, "LAN")
    assert 30 * SECOND < missed <= 40 * SECOND + 1_000
    address = trace.topology.node("B").address
    (hole,) = [each for each in Traffic(trace, address).black_holes() if each.node == "A"]
    assert missed < hole.to_us < missed + 1 * SECOND
    assert hole.cause == Outcome.LINK_DOWN


def test_who_has_another_way_tells_the_others_over_it_that_its_cable_to_the_lan_is_cut():
    trace = simulate(lan_of("A", "B", "C", others=[("B", "C")]), [LinkDown("B-LAN")])
    assert max(change.time_us for change in trace.tables) < 100_000
    assert [hop.node for hop in trace.fib("A", 100_000).lookup(trace.topology.node("B").address).next_hops] == ["C"]


def test_a_router_that_dies_on_a_lan_is_missed_by_hello_or_sooner_by_bfd():
    by_hello = simulate(lan_of("A", "B", "C"), [NodeDown("B")])
    by_bfd = simulate(lan_of("A", "B", "C"), [NodeDown("B")], detect="bfd")
    assert 30 * SECOND < by_hello.converged_us < 41 * SECOND
    assert 600_000 < by_bfd.converged_us < 1_000_000
    assert noticed(by_hello, "A") == noticed(by_bfd, "A") == []


def test_when_the_lan_itself_dies_all_who_are_on_it_see_their_carrier_go():
    trace = simulate(lan_of("A", "B", "C", others=[("A", "B")]), [NodeDown("LAN")])
    assert noticed(trace, "A") == noticed(trace, "B") == noticed(trace, "C") == [Timers.rfc().carrier_us]
    assert trace.fib("A", END).lookup(trace.topology.node("C").address) is None
    assert [hop.link for hop in trace.fib("A", END).lookup(trace.topology.node("B").address).next_hops] == ["A-B"]


def test_news_crosses_a_lan_in_the_time_of_one_link():
    trace = simulate(lan_of("A", "B", others=[("B", "C")]), [LinkDown("B-C")])
    heard = trace.heard("B")
    assert heard["A"] - heard["B"] == trace.link_us


def test_a_packet_over_a_lan_needs_both_cables():
    trace = simulate(lan_of("A", "B", "C"), [At(10_000, LinkDown("B-LAN"), silent=True)])
    flow, traffic = flow_and_traffic(trace, "A", "B")
    fates = [(fate.from_us, fate.walk.outcome) for fate in traffic.fates(flow, "A", 0, 20_000, 1_000)]
    assert fates == [(0, Outcome.DELIVERED), (9_000, Outcome.LINK_DOWN)]
    flow, traffic = flow_and_traffic(trace, "A", "C")
    assert traffic.walk(Packet(flow), "A", 9_000).outcome == Outcome.DELIVERED


def test_of_two_cables_to_a_lan_one_is_enough():
    network = lan_of("A", "B")
    twice = replace(network, links=[*network.links, Link("B", "LAN", 1, 0, "second")])
    trace = simulate(twice, [LinkDown("second")])
    flow, traffic = flow_and_traffic(trace, "A", "B")
    assert {fate.walk.outcome for fate in traffic.fates(flow, "A", 0, SECOND, 1_000)} == {Outcome.DELIVERED}


def test_a_lan_has_no_tables_and_is_no_black_hole():
    trace = simulate(lan_of("A", "B"), [LinkDown("A-LAN")])
    assert not trace.fib("LAN", 0).routes
    assert not any(change.node == "LAN" for change in trace.tables)
    mended = simulate(lan_of("A", "B"), [NodeDown("LAN"), At(SECOND, NodeUp("LAN"))])
    holes = Traffic(mended, trace.topology.node("A").address).black_holes()
    assert {each.node for each in holes} == {"B"}


# ---- Flood


def test_a_router_that_died_leaves_an_lsa_that_does_no_harm_and_is_forgotten_at_max_age():
    trace = simulate(forum(), CASE_2, until_us=7_300 * SECOND)
    hour = 3_600 * SECOND
    for node in ("R1", "R3", "R4", "R5", "R6", "R7", "Source", "End"):
        assert trace.lsdb(node, hour - 2 * SECOND).get("R2") is not None
        assert trace.lsdb(node, hour + 2 * SECOND).get("R2") is None
        for at_us in (60 * SECOND, hour - 2 * SECOND, hour + 60 * SECOND, 7_200 * SECOND):
            assert dict(trace.fib(node, at_us).routes) == dict(converged_fib(forum().without(*CASE_2), node).routes)


def test_lsas_of_the_living_are_refreshed_every_half_hour_and_never_forgotten():
    trace = simulate(forum(), (), until_us=7_300 * SECOND)
    for node in ("Source", "R1", "R7"):
        assert len(trace.lsdb(node, 7_299 * SECOND)) == 9
        assert trace.lsdb(node, 7_299 * SECOND).get("R4").sequence == 5
    assert trace.tables == ()
    assert not any(event.kind == "compute" for event in trace.events)  # a refresh is no news


def test_a_router_that_was_away_for_two_hours_comes_back():
    trace = simulate(forum(), [NodeDown("R2"), At(7_200 * SECOND, NodeUp("R2"))], until_us=7_300 * SECOND)
    for node in forum().nodes:
        assert dict(trace.fib(node.name, END).routes) == dict(converged_fib(forum(), node.name).routes)


def test_an_update_that_is_lost_on_its_way_is_sent_again():
    """R2 tells R1 of its link to End at 5 ms, and the news is on R1-R2 when that link fails for an instant, unseen."""
    flap = [At(5_500, LinkDown("R1-R2"), silent=True), At(5_600, LinkUp("R1-R2"), silent=True)]
    line = forum().without(*map(LinkDown, ("R1-R3", "R1-R5")))  # so R1 hears of it from nobody else
    trace = simulate(line, [LinkDown("R2-End"), *flap])
    assert trace.heard("R2")["R1"] == 5_000 + 5 * SECOND + 1_000


def test_a_network_that_was_in_two_pieces_ends_with_equal_lsdbs():
    cuts = ("R1-R2", "R1-R3", "R1-R5")
    apart = [At(0, LinkDown(link)) for link in cuts]
    meanwhile = [At(20 * SECOND, LinkDown("R4-End"))]
    healed = [At(60 * SECOND, LinkUp(link)) for link in cuts]
    trace = simulate(forum(), [*apart, *meanwhile, *healed])
    west, east = trace.lsdb("Source", 50 * SECOND), trace.lsdb("R4", 50 * SECOND)
    assert west.get("R4").sequence < east.get("R4").sequence
    assert trace.lsdb("R1", 50 * SECOND) == west
    assert all(trace.lsdb(node.name, END) == trace.lsdb("R1", END) for node in forum().nodes)


def test_a_router_that_starts_again_outdoes_its_own_old_lsa():
    trace = simulate(forum(), [LinkDown("R2-End"), At(10 * SECOND, NodeDown("R2")), At(12 * SECOND, NodeUp("R2"))])
    assert trace.lsdb("R5", 9 * SECOND).get("R2").sequence == 2
    assert trace.lsdb("R5", END).get("R2").sequence > 2
    assert {line.neighbour for line in trace.lsdb("R5", END).get("R2").adjacencies} == {"R1", "R4", "R6", "R7"}


def test_a_router_says_nothing_twice_within_min_ls_interval():
    flaps = [At(700_000 * number, (LinkDown, LinkUp)[number % 2]("R2-End")) for number in range(21)]
    trace = simulate(forum(), flaps)
    said = [event.time_us for event in trace.events if event.node == "R2" and isinstance(event.what, Said)]
    assert len(said) > 3
    assert all(later - earlier >= 5 * SECOND for earlier, later in pairwise(said))


# ---- Planned maintenance


def test_who_announces_the_greatest_metric_before_going_down_takes_no_packet_along():
    trace = simulate(forum(), [Maintenance("R2"), At(10 * SECOND, NodeDown("R2"))])
    for number in range(1, 65):
        flow, traffic = flow_and_traffic(trace, "Source", "End", number)
        fates = traffic.fates(flow, "Source", 0, 20 * SECOND, 1_000)
        assert {fate.walk.outcome for fate in fates} == {Outcome.DELIVERED}


# ---- What cannot be is refused


def test_a_run_that_does_not_come_to_rest_is_given_up(monkeypatch):
    monkeypatch.setattr(netlearn.convergence.simulation, "MOST_EVENTS", 20)
    with pytest.raises(NetlearnError, match="did not come to rest within 20 events"):
        simulate(forum(), CASE_1)


@pytest.mark.parametrize(
    ("change", "options", "error", "words"),
    [
        (LinkDown("R9-End"), {}, UnknownName, "R9-End"),
        (Maintenance("R9"), {}, UnknownName, "R9"),
        (At(-1, LinkDown("R2-End")), {}, NetlearnError, "whole microseconds"),
        (At(0.5, LinkDown("R2-End")), {}, NetlearnError, "whole microseconds"),  # type: ignore[arg-type]
        ("R2-End", {}, NetlearnError, "is no change"),
        (LinkDown("R2-End"), {"detect": "smell"}, NetlearnError, "carrier, hello, bfd"),
        (LinkDown("R2-End"), {"router_timers": {"R9": Timers.rfc()}}, UnknownName, "R9"),
    ],
)
def test_what_cannot_be_is_refused_and_named(change, options, error, words):
    with pytest.raises(error, match=words):
        simulate(forum(), [change], **options)


@pytest.mark.parametrize("change", [Maintenance, DaemonDown])
def test_a_lan_cannot_be_put_in_maintenance_and_has_no_daemons(change):
    with pytest.raises(NetlearnError, match=f"L is a LAN; {change.__name__} is for routers and hosts"):
        simulate(Topology([Node("A"), Node("L", "lan")], [Link("A", "L", 1, 0)]), [change("L")])


@pytest.mark.parametrize(
    "values",
    [{"carrier_us": -1}, {"hello_us": 0}, {"link_us": 1.5}, {"install_us": True}, {"dead_us": 10_000_000}],
)
def test_timers_that_cannot_be_are_refused_and_named(values):
    with pytest.raises(NetlearnError, match=next(iter(values))):
        Timers(**values)


def test_a_network_that_does_not_come_to_rest_is_told_and_not_waited_for(monkeypatch):
    monkeypatch.setattr(netlearn.convergence.simulation, "MOST_EVENTS", 10)
    with pytest.raises(NetlearnError, match="did not come to rest within 10 events"):
        simulate(forum(), [LinkDown("R2-End")])


def test_a_router_that_dies_while_it_waits_for_hellos_misses_nobody_any_more():
    died_us = 5 * SECOND
    run = simulate(forum(), [LinkDown("R1-R2"), At(died_us, NodeDown("R1"))], detect="hello", silent=True)
    assert [event for event in run.events if event.node == "R1" and event.time_us > died_us] == []
    assert any(event.node == "R2" and event.kind == "detect" for event in run.events)


def test_a_silent_cut_that_is_mended_too_late_for_one_end_ends_as_if_nothing_had_been():
    timers = replace(Timers.rfc(), dead_us=35 * SECOND)  # the last hello in time comes 30 s after the last heard
    network = forum().addressed()
    for mended_s in range(26, 46, 2):
        changes: list[At | Change] = [LinkDown("R1-R2"), At(mended_s * SECOND, LinkUp("R1-R2"))]
        run = simulate(network, changes, detect="hello", silent=True, timers=timers)
        assert run.fib("R1", run.end_us).routes == converged_fib(network, "R1").routes


def test_a_dead_daemon_does_not_listen_for_ever_on_a_link_that_was_mended():
    mended: list[Change | At] = [LinkDown("R1-R2"), At(200_000, LinkUp("R1-R2")), At(900_000, DaemonDown("R2"))]
    assert simulate(forum(), mended).converged_us == 44_367_784


def test_nodes_may_go_by_their_ids():
    whole = Topology([Node(name, id=name.lower()) for name in "ABC"], [Link("A", "B"), Link("B", "C"), Link("A", "C")])
    by_name, by_id = (
        simulate(whole, [NodeDown(name)], router_timers={other: Timers.frr()}) for name, other in ("BA", "ba")
    )
    assert by_name.events == by_id.events
