"""Anycast in time: instances withdrawn and restored, services that die, connections kept and reset."""

from collections import Counter
from fractions import Fraction
from ipaddress import ip_network

import judge
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import ANYCAST, NEWS, Run, networks, runs
from test_simulation import END, result, simulated
from test_traffic import one_by_one

from netlearn import (
    BadNetwork,
    LinkDown,
    NetlearnError,
    NodeDown,
    Outcome,
    Packet,
    Timers,
    UnknownName,
    converged_fib,
    forum,
    simulate,
)
from netlearn.convergence.connections import catchments_at, open_connections
from netlearn.convergence.event import Announce, At, LinkUp, NodeUp, ServiceDown, ServiceUp, Withdraw
from netlearn.convergence.traffic import Traffic
from netlearn.recorded.measured import measured
from netlearn.routing.anycast import catchments, place
from netlearn.routing.forwarding import flow_to
from netlearn.units import MS, SECOND

ADDRESS = "203.0.113.1"
PREFIX = ip_network(ANYCAST)


def network(*nodes):
    return place(forum(), ADDRESS, nodes)


def after(*changes, nodes=("R4", "R7"), timers=None, **options):
    return simulate(network(*nodes), changes, timers=timers or Timers.frr(), **options)


def lives(trace, source="Source", **options):
    return open_connections(trace, source, ADDRESS, **options)


def ends(trace, **options):
    return Counter(each.end for each in lives(trace, **options))


# ---- Connections


def test_while_nothing_happens_every_connection_keeps_its_instance():
    trace = after()
    assert ends(trace) == {"kept": 64}
    assert {each.instance for each in lives(trace)} == {"R4", "R7"}


def test_cutting_r2_r4_resets_the_quarter_that_went_there_though_both_instances_live():
    trace = after(At(1 * SECOND, LinkDown("R2-R4")))
    found = lives(trace)
    flows = Traffic(trace, found[0].flow.destination)
    over_r2_r4 = ["R2" in flows.walk(Packet(each.flow), "Source", 0).nodes and each.instance == "R4" for each in found]
    assert [each.end == "reset" for each in found] == over_r2_r4
    assert {each.by for each in found if each.end == "reset"} == {"R7"}
    reset = sum(over_r2_r4)
    # 16 on average, and also what real routers did: three standard deviations of such a count are 10.4.
    assert abs(reset - 16) <= 10
    assert abs(measured("anycast", "reset").low - 16) <= 10
    assert all(trace.router(node, trace.end_us) is not None for node in ("R4", "R7"))


def test_what_is_reset_was_first_silent_for_as_long_as_r2_knew_no_better():
    trace = after(At(1 * SECOND, LinkDown("R2-R4")))
    installed = next(each.time_us for each in trace.tables if each.node == "R2" and each.prefix == PREFIX)
    for each in lives(trace):
        if each.end == "reset":
            assert abs(each.ended_us - (installed - 2 * trace.link_us)) <= 1 * MS
            # From the first that is under way at the cut, two links before R4.
            assert abs(each.silent_us - (installed - 1 * SECOND + 1 * MS)) <= 2 * MS


def test_an_instance_that_goes_down_loses_all_its_connections_and_the_others_keep_theirs():
    trace = after(At(1 * SECOND, NodeDown("R4")))
    assert {(each.instance, each.end, each.by) for each in lives(trace)} == {
        ("R4", "reset", "R7"),
        ("R7", "kept", None),
    }


def test_where_no_other_instance_is_left_connections_stall():
    trace = after(At(1 * SECOND, NodeDown("R4")), nodes=("R4",))
    found = lives(trace)
    assert {each.end for each in found} == {"stalled"}
    assert all(abs(each.ended_us - 1 * SECOND) <= 5 * MS for each in found)


def test_a_connection_that_comes_back_to_its_instance_in_time_is_kept_after_a_pause():
    trace = after(At(1 * SECOND, LinkDown("Source-R1")), nodes=("R4",), until_us=2 * SECOND)
    assert {each.end for each in lives(trace)} == {"stalled"}
    mended = after(At(1 * SECOND, LinkDown("Source-R1")), At(3 * SECOND, LinkUp("Source-R1")), nodes=("R4",))
    assert {each.end for each in lives(mended)} == {"kept"}
    assert all(2 * SECOND < each.silent_us < 10 * SECOND for each in lives(mended))


def test_nobody_answers_a_connection_that_is_opened_where_no_way_leads():
    trace = after(NodeDown("R1"))
    found = lives(trace, opened_us=1)
    assert {(each.end, each.instance) for each in found} == {("unanswered", None)}


# ---- Withdrawn and restored


def test_a_withdrawn_instance_hands_its_flows_to_the_other_within_tens_of_milliseconds():
    for timers in (Timers.frr(), Timers.rfc()):
        trace = after(Withdraw("R4", PREFIX), timers=timers)
        assert catchments_at(trace, ADDRESS, END).reached("Source") == ("R7",)
        moved = [each.time_us for each in trace.tables if each.prefix == PREFIX]
        # Real routers took 22 to 31 ms; FRRouting's timers are the shorter, the RFC's the longer of the two here.
        assert max(moved) < 100 * MS
    assert measured("anycast", "withdraw").high < 100


def test_what_still_arrives_where_the_address_is_gone_finds_no_route_until_that_router_knows_another():
    trace = after(Withdraw("R4", PREFIX), timers=Timers.rfc())
    flow = flow_to(network("R4", "R7"), "R3", catchments(network(), ADDRESS).address)
    traffic = Traffic(trace, flow.destination)
    assert traffic.walk(Packet(flow), "R3", 0).outcome is Outcome.NO_ROUTE
    hole = next(each for each in traffic.black_holes() if each.node == "R4")
    assert (hole.cause, hole.from_us) == (Outcome.NO_ROUTE, 0)
    assert traffic.walk(Packet(flow), "R3", trace.end_us).end == "R7"


def test_what_came_while_its_router_was_down_is_there_when_it_starts():
    trace = after(NodeDown("R5"), At(1 * SECOND, Announce("R5", PREFIX)), At(2 * SECOND, NodeUp("R5")))
    assert catchments_at(trace, ADDRESS, END) == catchments(network("R4", "R5", "R7"), ADDRESS)


def test_what_a_table_hands_to_a_dead_link_is_lost_meanwhile():
    trace = after(At(1 * SECOND, LinkDown("R2-R4"), silent=True))
    found = catchments_at(trace, ADDRESS, 2 * SECOND)
    assert (found.of("R2"), found.lost("R2")) == ({"R7": Fraction(1, 2)}, Fraction(1, 2))
    assert catchments_at(trace, ADDRESS, END).lost("R2") == 0


def test_a_restored_instance_takes_its_flows_back_and_resets_what_had_moved():
    trace = after(Withdraw("R4", PREFIX), At(10 * SECOND, Announce("R4", PREFIX)))
    assert catchments_at(trace, ADDRESS, 5 * SECOND).reached("Source") == ("R7",)
    assert catchments_at(trace, ADDRESS, END) == catchments(network("R4", "R7"), ADDRESS)
    moved = lives(trace, opened_us=5 * SECOND)
    assert Counter((each.end, each.by) for each in moved).keys() == {("reset", "R4"), ("kept", None)}


def test_a_new_instance_with_a_metric_of_its_own_takes_what_is_nearer_to_it():
    trace = after(At(1 * SECOND, Announce("R1", PREFIX, 1)))
    assert catchments_at(trace, ADDRESS, END) == catchments(
        place(forum(), ADDRESS, {"R4": 0, "R7": 0, "R1": 1}), ADDRESS
    )


def test_at_the_node_itself_the_address_comes_and_goes_at_once():
    trace = after(At(50 * MS, Announce("R2", PREFIX)), At(60 * MS, Withdraw("R2", PREFIX)), timers=Timers.rfc())
    at = [trace.fib("R2", time_us).routes.get(PREFIX) for time_us in (49 * MS, 50 * MS, 60 * MS, END)]
    assert [route and route.local for route in at] == [False, True, None, False]
    assert at[3] == converged_fib(network("R4", "R7"), "R2").routes[PREFIX]


def test_what_was_withdrawn_while_its_router_was_down_is_not_there_when_it_starts():
    trace = after(NodeDown("R4"), At(1 * SECOND, Withdraw("R4", PREFIX)), At(2 * SECOND, NodeUp("R4")))
    assert catchments_at(trace, ADDRESS, END) == catchments(network("R7"), ADDRESS)


def test_what_is_announced_already_and_what_is_withdrawn_already_happens_without_effect():
    trace = after(Announce("R4", PREFIX), Withdraw("R7", PREFIX), At(20 * SECOND, Withdraw("R7", PREFIX)))
    assert [event.kind for event in trace.events if event.kind in ("announce", "withdraw")] == ["withdraw"]
    assert trace.end_us < 20 * SECOND


# ---- A dead service


def test_a_dead_service_withdraws_nothing_and_goes_on_attracting_flows():
    trace = after(At(1 * SECOND, ServiceDown("R4", PREFIX)))
    assert trace.tables == ()
    found = catchments_at(trace, ADDRESS, END)
    assert (found.of("R1"), found.lost("R1")) == ({"R7": Fraction(1, 4)}, Fraction(3, 4))
    assert Counter((each.instance, each.end, each.by) for each in lives(trace)).keys() == {
        ("R4", "reset", "R4"),
        ("R7", "kept", None),
    }
    assert set(ends(trace, opened_us=2 * SECOND)) == {"refused", "kept"}


def test_once_somebody_withdraws_its_address_new_connections_reach_the_other_instance():
    trace = after(ServiceDown("R4", PREFIX), At(30 * SECOND, Withdraw("R4", PREFIX)))
    later = lives(trace, opened_us=31 * SECOND)
    assert {(each.instance, each.end) for each in later} == {("R7", "kept")}
    assert "refused" in ends(trace, opened_us=29 * SECOND)


def test_packets_for_a_dead_service_arrive_and_are_answered_by_nobody_until_it_is_up_again():
    trace = after(At(10 * MS, ServiceDown("R4", PREFIX)), At(20 * MS, ServiceUp("R4", PREFIX)), nodes=("R4",))
    flow = flow_to(network("R4"), "R3", lives(trace)[0].flow.destination)
    traffic = Traffic(trace, flow.destination)
    fates = [(each.from_us, each.walk.outcome) for each in traffic.fates(flow, "R3", 0, 40 * MS, 1 * MS)]
    assert fates == [(0, Outcome.DELIVERED), (9 * MS, Outcome.NO_SERVICE), (19 * MS, Outcome.DELIVERED)]
    (hole,) = traffic.black_holes()
    assert (hole.node, hole.cause, hole.from_us, hole.to_us) == ("R4", Outcome.NO_SERVICE, 10 * MS, 20 * MS)


# ---- In the end, and at every instant


@settings(max_examples=150)
@given(runs())
def test_in_the_end_the_catchments_are_the_judges_of_what_is_left(run):
    trace = simulated(run)
    cut, down, stub = run.final()
    plain = run.plain._replace(
        kinds={name: kind for name, kind in run.plain.kinds.items() if name not in down},
        links=[
            link._replace(
                out=65535 if link.a in stub else link.out,
                back=65535 if link.b in stub else link.back,
            )
            for link in run.plain.links
            if link.name not in cut and not {link.a, link.b} & down
        ],
        announcements=[row for row in run.announced() if row[1] not in down],
    )
    found = catchments_at(trace, ADDRESS, END)
    for name, shares in found.shares.items():
        assert shares == ({} if name in down else judge.catchment_of_address(plain, name, ADDRESS)), name
    if not down:
        assert found == catchments(result(run), ADDRESS)


def fate_of(walks):
    """The end of a connection by its packets' ends, one by one."""
    (outcome, nodes), *others = walks
    if outcome is not Outcome.DELIVERED:
        return "unanswered", None
    for outcome, ended in others:
        if outcome is Outcome.DELIVERED and ended[-1] != nodes[-1]:
            return "reset", ended[-1]
    return ("kept" if walks[-1][0] is Outcome.DELIVERED else "stalled"), None


@settings(max_examples=40)
@given(runs(), st.integers(1, 9))
def test_a_connection_ends_as_its_packets_walked_one_by_one_say(run, number):
    trace = simulated(run)
    sources = [node.name for node in trace.topology.nodes if node.kind != "lan"][:2]
    for source in sources:
        if any(what in NEWS for _, what, _, _ in run.changes) or run.plain.announcements:
            flow = flow_to(trace.topology, source, catchments_at(trace, ADDRESS, 0).address, number)
            begin = max(min((at for at, *_ in run.changes), default=0) - 3_000, 0)
            (*_, life) = open_connections(
                trace, source, ADDRESS, count=number, opened_us=begin, until_us=begin + 150_000, every_us=5_000
            )
            walks = [one_by_one(run, trace, Packet(flow), source, at) for at in range(begin, begin + 150_000, 5_000)]
            assert (life.end, life.by) == fate_of(walks)


# ---- What a router does with a prefix of its own

CLOSE = (0, 1, 500, 1_000, 5_000, 50_000, 52_000, 52_100, 53_000, 200_000, 1_000_000, 5_000_000, 5_050_000, 5_052_000)


@st.composite
def runs_of_news(draw):
    """A small network in which a prefix comes and goes again and again, often while tables are just changing."""
    plain = draw(networks(least_nodes=2, most_nodes=4, kinds=("router", "router", "host")))
    names = list(plain.kinds)
    plain = plain._replace(announcements=[(ANYCAST, names[0], 0)])
    what = st.sampled_from([*NEWS, *NEWS]) if not plain.links else st.sampled_from([*NEWS, *NEWS, "cut", "mend"])
    changes = []
    for kind in draw(st.lists(what, min_size=1, max_size=8)):
        name = draw(st.sampled_from(names[:2] if kind in NEWS else [link.name for link in plain.links]))
        changes.append((draw(st.sampled_from(CLOSE) | st.integers(0, 12_000_000)), kind, name, False))
    had = {names[0], *(name for _, kind, name, _ in changes if kind in NEWS and kind != "withdraw")}
    kept = [change for change in changes if change[1] != "withdraw" or change[2] in had]
    return Run(plain, tuple(kept), frr=draw(st.booleans()), lfa=draw(st.booleans()))


def announces(run, node, at_us):
    so_far = run._replace(changes=tuple(change for change in run.changes if change[0] <= at_us))
    return any(row[:2] == (ANYCAST, node) for row in so_far.announced())


@settings(max_examples=400)
@given(runs_of_news())
def test_a_prefix_is_delivered_just_where_it_is_announced_and_the_record_of_tables_is_true(run):
    trace = simulated(run)
    times = sorted({0, *(change.time_us for change in trace.tables), *(change[0] for change in run.changes), END})
    for node in trace.topology.nodes:
        held = dict(trace.first(node.name).routes())
        changes = [change for change in trace.tables if change.node == node.name]
        for at_us in times:
            fib = trace.fib(node.name, at_us)
            route = fib.routes.get(PREFIX)
            assert (route is not None and route.local) == announces(run, node.name, at_us)
            while changes and changes[0].time_us <= at_us:
                change = changes.pop(0)
                held[change.prefix] = change.route
            assert {prefix: route for prefix, route in held.items() if route} == dict(fib.routes)
    left = result(run)
    for node in left.nodes:
        assert dict(trace.fib(node.name, END).routes) == dict(converged_fib(left, node.name).routes)


def test_a_prefix_that_comes_and_goes_before_the_router_may_say_so_leaves_it_a_way_to_the_others():
    changes = [At(0, LinkDown("R2-R6")), At(1 * SECOND, Announce("R2", PREFIX)), At(2 * SECOND, Withdraw("R2", PREFIX))]
    trace = after(*changes)
    assert trace.fib("R2", END).routes[PREFIX] == converged_fib(network("R4", "R7"), "R2").routes[PREFIX]


# ---- What cannot be is refused


def test_what_is_not_announced_cannot_be_withdrawn_nor_its_service_die():
    with pytest.raises(UnknownName, match=r"R5 does not announce 203\.0\.113\.1/32 beside its own address"):
        after(Withdraw("R5", PREFIX))
    with pytest.raises(UnknownName, match=r"R4 .*it announces 203\.0\.113\.1/32"):
        after(ServiceDown("R4", ip_network("192.0.2.4/32")))
    with pytest.raises(UnknownName, match="R9"):
        after(Announce("R9", PREFIX))
    with pytest.raises(BadNetwork, match="metric"):
        after(Announce("R5", PREFIX, -1))
    with pytest.raises(NetlearnError, match="1 connection and more"):
        lives(after(), count=0)
