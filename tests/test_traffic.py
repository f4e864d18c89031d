"""What packets met: fates worked out by intervals, against one packet walked after the other."""

import pytest
from hypothesis import given, settings
from strategies import Run, runs
from test_simulation import simulated

from netlearn import CASE_1, CASE_2, CASE_3, Flow, NetlearnError, Outcome, Packet, flow_between, forum
from netlearn.convergence.event import At, LinkUp, NodeUp
from netlearn.convergence.simulation import simulate
from netlearn.convergence.traffic import Traffic, send, tally
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.routing.forwarding import chosen


def works(run, link, from_us, to_us):
    """Whether a link works at `from_us` and goes on to work until `to_us`, by replaying what befell the network."""
    changes = sorted(run.changes, key=lambda change: change[0])
    (plain,) = [each for each in run.plain.links if each.name == link]

    def alive(number):
        cut, down, _ = Run(run.plain, tuple(changes[:number])).final()
        return link not in cut and not {plain.a, plain.b} & down

    begun = sum(at <= from_us for at, *_ in changes)
    ended = sum(at <= to_us for at, *_ in changes)
    return all(alive(number) for number in range(begun, ended + 1))


def gets_through(run, node, hop, from_us, to_us):
    """Whether the link works, and on a LAN one of the next hop's own cables as well."""
    if not works(run, hop.link, from_us, to_us):
        return False
    (first,) = [each for each in run.plain.links if each.name == hop.link]
    middle = first.b if first.a == node else first.a
    cables = [each.name for each in run.plain.links if {each.a, each.b} == {middle, hop.node}]
    return middle == hop.node or any(works(run, cable, from_us, to_us) for cable in cables)


def one_by_one(run, trace, packet, node, now):
    """The fate of one packet, hop by hop, against the FIBs of the trace and the links of the schedule."""
    nodes, ttl = [node], packet.ttl
    while True:
        fib = trace.fib(node, now)
        route = fib.lookup(packet.flow.destination)
        if route is None or (not route.local and len(nodes) > 1 and not fib.forwards):
            return Outcome.NO_ROUTE, nodes
        if route.local:
            return Outcome.DELIVERED, nodes
        if len(nodes) > 1:
            if ttl == 1:
                return Outcome.TTL_EXPIRED, nodes
            ttl -= 1
        taken = chosen(route, packet.flow, node)
        if not gets_through(run, node, taken, now, now + trace.link_us):
            return Outcome.LINK_DOWN, nodes
        node, now = taken.node, now + trace.link_us
        nodes.append(node)


def pairs(run, trace):
    """A few pairs of nodes that have flows: the ends of the names, and back."""
    names = [node.name for node in trace.topology.nodes if node.kind != "lan"]
    return [] if not names else [(names[0], names[-1]), (names[-1], names[0])]


@settings(max_examples=60)
@given(runs())
def test_the_fates_of_a_flow_are_those_of_its_packets_walked_one_by_one(run):
    trace = simulated(run)
    for source, destination in pairs(run, trace):
        flow = flow_between(trace.topology, source, destination)
        traffic = Traffic(trace, flow.destination)
        moments = sorted({at + late for at, *_ in run.changes for late in (-1500, -1000, -1, 0, 60_000)} | {0})
        for begin in moments[:8]:
            begin = max(begin, 0)
            fates = list(traffic.fates(flow, source, begin, begin + 20_000, 777))
            walked = [(fate.walk.outcome, list(fate.walk.nodes)) for fate in fates for _ in range(fate.packets)]
            wanted = [
                one_by_one(run, trace, Packet(flow), source, at_us) for at_us in range(begin, begin + 20_000, 777)
            ]
            assert walked == wanted


@settings(max_examples=100)
@given(runs())
def test_packets_sent_are_delivered_or_lost_and_every_loss_has_a_cause(run):
    trace = simulated(run)
    for source, destination in pairs(run, trace):
        delivery = send(trace, source, destination, flows=4, rate=10)
        assert delivery.sent == delivery.delivered + delivery.lost
        assert delivery.sent == 4 * -(-(trace.converged_us + 100_000) // 100_000)
        causes = {outcome: count for outcome, count in delivery.by_outcome.items() if outcome != Outcome.DELIVERED}
        assert sum(causes.values()) == delivery.lost


@settings(max_examples=100)
@given(runs())
def test_in_the_end_no_packet_goes_round_and_none_is_sent_onto_a_dead_link(run):
    trace = simulated(run)
    for source, destination in pairs(run, trace):
        flow = flow_between(trace.topology, source, destination)
        walk = Traffic(trace, flow.destination).walk(Packet(flow), source, trace.end_us)
        assert walk.outcome in (Outcome.DELIVERED, Outcome.NO_ROUTE)


@settings(max_examples=60)
@given(runs())
def test_where_a_packet_goes_round_there_is_a_micro_loop_at_that_time(run):
    trace = simulated(run)
    for source, destination in pairs(run, trace):
        flow = flow_between(trace.topology, source, destination)
        traffic = Traffic(trace, flow.destination)
        for fate in traffic.fates(flow, source, 0, trace.end_us + 1, 1_000_000):
            if fate.walk.outcome == Outcome.TTL_EXPIRED:
                seen = [(loop.from_us, loop.to_us) for loop in traffic.micro_loops()]
                assert any(begun <= fate.walk.times_us[-1] and fate.from_us <= ended for begun, ended in seen)


# ---- The three cases


def towards(trace, name="End"):
    return Traffic(trace, forum().node(name).address)


@pytest.mark.parametrize("case", [CASE_1, CASE_2, CASE_3])
def test_before_the_failure_everything_is_delivered_and_after_convergence_again(case):
    trace = simulate(forum(), [At(1_000_000, failure) for failure in case])
    for number in range(1, 65):
        flow = flow_between(forum(), "Source", "End", number)
        fates = list(towards(trace).fates(flow, "Source", 0, trace.converged_us + 10_000, 1_000))
        assert fates[0].walk.outcome == fates[-1].walk.outcome == Outcome.DELIVERED


def test_in_case_1_r2_is_a_black_hole_from_the_cut_until_it_has_installed_its_new_route():
    trace = simulate(forum(), CASE_1)
    (hole,) = towards(trace).black_holes()
    (installed,) = [change.time_us for change in trace.tables if change.node == "R2"]
    assert (hole.node, hole.cause, hole.from_us, hole.to_us) == ("R2", Outcome.LINK_DOWN, 0, installed)


def test_a_packet_under_way_when_its_link_is_cut_is_lost_with_it():
    trace = simulate(forum(), [At(10_000, LinkDown("R1-R2"))])
    flow = flow_between(forum(), "Source", "End")
    arrives = 10_000 - 2 * trace.link_us  # it leaves R1 at 9,000 and would be at R2 at the instant of the cut
    lost = towards(trace).walk(Packet(flow), "Source", arrives)
    assert (lost.outcome, lost.nodes) == (Outcome.LINK_DOWN, ("Source", "R1"))
    assert towards(trace).walk(Packet(flow), "Source", arrives - 1).outcome == Outcome.DELIVERED


def test_a_flow_is_as_long_lost_as_its_destination_is_down():
    trace = simulate(forum(), [NodeDown("End"), At(20_000_000, NodeUp("End"))])
    flow = flow_between(forum(), "Source", "End")
    fates = list(towards(trace).fates(flow, "Source", 0, trace.converged_us + 10_000, 10_000))
    causes = [fate.walk.outcome for fate in fates]
    assert causes[0] == Outcome.LINK_DOWN  # nobody knows yet
    assert Outcome.NO_ROUTE in causes
    assert causes[-1] == Outcome.DELIVERED


def test_a_cut_that_is_mended_before_anybody_noticed_loses_only_what_was_sent_meanwhile():
    changes = [At(0, LinkDown("R2-End"), silent=True), At(500_000, LinkUp("R2-End"), silent=True)]
    trace = simulate(forum(), changes)
    assert trace.tables == ()
    flow = flow_between(forum(), "Source", "End")
    delivery = tally(towards(trace).fates(flow, "Source", 0, 1_000_000, 10_000))
    assert delivery.by_outcome == {Outcome.LINK_DOWN: 50, Outcome.DELIVERED: 50}


def test_ttl_is_counted_as_in_a_walk_of_one_instant():
    trace, flow = simulate(forum(), ()), flow_between(forum(), "Source", "End")
    assert towards(trace).walk(Packet(flow, ttl=3), "Source", 0).outcome == Outcome.DELIVERED
    assert towards(trace).walk(Packet(flow, ttl=2), "Source", 0).outcome == Outcome.TTL_EXPIRED


def test_packets_are_counted_until_a_tenth_of_a_second_after_convergence():
    at_rest = simulate(forum(), ())
    assert send(at_rest, "Source", "End", rate=10).sent == 64
    assert send(at_rest, "Source", "End", flows=3, rate=20).sent == 3 * 2


@pytest.mark.parametrize(("flows", "rate"), [(0, 100), (1, 0), (1, 1_000_001)])
def test_less_than_one_flow_or_an_impossible_rate_is_refused(flows, rate):
    with pytest.raises(NetlearnError, match="packets a second"):
        send(simulate(forum(), ()), "Source", "End", flows=flows, rate=rate)


def test_a_packet_for_somebody_else_or_packets_without_a_distance_are_refused():
    flow = flow_between(forum(), "Source", "End")
    traffic = towards(simulate(forum(), ()))
    with pytest.raises(NetlearnError, match=r"198\.51\.100\.10"):
        traffic.walk(Packet(Flow(flow.destination, flow.source)), "Source", 0)
    with pytest.raises(NetlearnError, match="every 0"):
        list(traffic.fates(flow, "Source", 0, 10, 0))


def test_a_spell_of_loss_is_told_in_words():
    end = forum().node("End").address
    assert [*map(str, Traffic(simulate(forum(), CASE_1), end).black_holes())] == [
        "R2 from 0.0 to 56.1 ms: lost on a dead link"
    ]
    assert [*map(str, Traffic(simulate(forum(), CASE_3), end).micro_loops())] == ["R1 → R5 → R1 from 56.6 to 57.4 ms"]
