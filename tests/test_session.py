"""A session between two routers: what it survives by loopbacks, by interfaces, and what it tells meanwhile."""

from ipaddress import ip_address, ip_network
from itertools import pairwise

import judge
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import networks, topology

from netlearn import (
    CASE_1,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Timers,
    Topology,
    UnknownName,
    forum,
    simulate,
)
from netlearn.convergence.event import At, DaemonDown, LinkUp, NodeUp
from netlearn.convergence.session import Arrival, HoldTimers, keep_session
from netlearn.recorded.measured import measured
from netlearn.routing.interfaces import interfaces
from netlearn.units import MS, SECOND

CABLE = LinkDown("R1-R2")
PREFIX = ip_network("203.0.113.0/24")
FAST = HoldTimers(3 * SECOND, 9 * SECOND)
SEEDS = range(8)


def run(*changes, timers=None, version=4, **options):
    return simulate(forum(), changes, timers=timers or Timers.frr(), interfaces=interfaces(forum(), version), **options)


def sessions(trace, link=None, timers=None, ends=("R1", "R2")):
    a, b = ends
    return [keep_session(trace, a, b, link, timers=timers or HoldTimers.frr(), seed=seed) for seed in SEEDS]


def survive(trace, link=None, timers=None):
    return {each.survives for each in sessions(trace, link, timers)}


def test_the_hold_times_are_those_of_the_rfc_and_those_that_were_measured():
    assert HoldTimers() == HoldTimers(30 * SECOND, 90 * SECOND, 200 * MS, 120 * SECOND)
    assert HoldTimers.frr() == HoldTimers(60 * SECOND, 180 * SECOND)


# ---- What a session survives


@pytest.mark.parametrize("version", [4, 6])
def test_while_nothing_fails_both_sessions_last(version):
    trace = run(version=version)
    assert survive(trace) == survive(trace, "R1-R2") == {True}


def test_between_loopbacks_a_session_outlives_its_cable_and_never_notices():
    trace = run(At(1 * SECOND, CABLE))
    for each in sessions(trace):
        assert (each.survives, each.dropped_us, each.by) == (True, None, None)
        assert each.silent_us < 61 * SECOND  # no longer than from one keepalive to the next


def test_between_interfaces_it_outlives_the_cable_by_its_hold_time_and_no_more():
    trace = run(At(1 * SECOND, CABLE))
    outlived = [each.dropped_us - 1 * SECOND for each in sessions(trace, "R1-R2")]
    # Counted from the last keepalive, as what was measured.
    assert all(120 * SECOND <= each <= 180 * SECOND for each in outlived)
    assert 120_000 <= measured("ibgp", "interface").low <= 180_000
    assert max(outlived) - min(outlived) > 10 * SECOND


def test_a_silent_cut_is_slower_than_a_short_hold_time_even_between_loopbacks():
    trace = run(At(1 * SECOND, CABLE), silent=True)
    assert survive(trace) == {True}  # 32 s or so without a way, against 180 s
    outlived = [each.dropped_us - 1 * SECOND for each in sessions(trace, timers=FAST)]
    # Real routers: 7.9 s.
    assert all(6 * SECOND <= each <= 9 * SECOND for each in outlived)
    assert 6_000 <= measured("ibgp", "fast").low <= 9_000
    assert survive(run(At(1 * SECOND, CABLE)), timers=FAST) == {True}  # where carriers tell, milliseconds


def test_after_a_silent_cut_tcp_comes_back_later_than_the_way_does():
    """The way is back when a dead timer has run out; TCP's next try comes at 51 s. Real routers: 32 s, and 54 s."""
    trace = run(At(100 * SECOND, CABLE), silent=True)
    fast = HoldTimers(1 * SECOND, 90 * SECOND)
    for each in sessions(trace, timers=fast):
        assert each.survives
        assert 30 * SECOND < trace.converged_us - 100 * SECOND < 51 * SECOND
        assert 50 * SECOND < each.silent_us < 54 * SECOND
    assert 50_000 < measured("loopback", "tcp").low <= 54_000


def test_a_cable_that_is_mended_within_the_hold_time_costs_no_session():
    trace = run(At(1 * SECOND, CABLE), At(31 * SECOND, LinkUp("R1-R2")))
    assert survive(trace, "R1-R2") == {True}


def test_a_failure_elsewhere_costs_neither_session():
    trace = run(*CASE_1)
    assert survive(trace) == survive(trace, "R1-R2") == {True}


def test_a_session_that_never_had_a_way_ends_with_its_hold_time():
    alone = forum().without(*(LinkDown(arc.link) for arc in forum().arcs("R2")))
    never = keep_session(simulate(alone, [LinkDown("R3-R4")]), "R1", "R2", timers=FAST)
    assert never.dropped_us == FAST.hold_us


def test_who_goes_down_is_missed_after_the_hold_time():
    for link in (None, "R1-R2"):
        for each in sessions(run(At(1 * SECOND, NodeDown("R2"))), link):
            assert each.by == "R1"
            assert 120 * SECOND <= each.dropped_us - 1 * SECOND <= 180 * SECOND


def test_who_starts_anew_knows_of_no_session_and_says_so_to_the_first_that_it_hears():
    trace = run(At(1 * SECOND, NodeDown("R2")), At(20 * SECOND, NodeUp("R2")))
    for each in sessions(trace, timers=FAST):
        assert each.dropped_us < 11 * SECOND  # the hold time was shorter
    for each in sessions(trace):
        assert each.by == "R1"
        assert 20 * SECOND < each.dropped_us < 110 * SECOND


def test_when_the_daemons_inside_die_the_session_of_the_interfaces_lasts_and_that_of_the_loopbacks_does_not():
    """The kernel at R2 forwards on, and its cable shines; but nobody announces its loopback any more."""
    trace = run(At(1 * SECOND, DaemonDown("R2")))
    assert survive(trace, "R1-R2") == {True}
    for each in sessions(trace):
        assert 150 * SECOND < each.dropped_us - 1 * SECOND < 226 * SECOND  # noticed, and then the hold time


# ---- What it tells


def test_the_next_hop_of_what_is_learned_is_looked_up_in_turn_and_moves_below_the_session():
    trace = run(At(1 * SECOND, CABLE))
    session = keep_session(trace, "R1", "R2")
    told = [(time_us, [hop.node for hop in route.next_hops]) for time_us, route in session.moves(PREFIX)]
    (start, first), (moved_us, second) = told
    assert (start, first, second) == (0, ["R2"], ["R3", "R5"])
    assert 1 * SECOND < moved_us < 1 * SECOND + 100 * MS
    assert session.learned(PREFIX, moved_us).prefix == PREFIX


def test_when_the_session_ends_so_does_what_was_learned():
    trace = run(At(1 * SECOND, CABLE))
    session = keep_session(trace, "R1", "R2", "R1-R2")
    assert session.learned(PREFIX, 0) is not None
    # Long before: the next hop is an address that nobody announces any more.
    assert session.learned(PREFIX, 2 * SECOND) is None
    mended = run(At(1 * SECOND, NodeDown("R2")))
    last = keep_session(mended, "R1", "R2")
    assert last.learned(PREFIX, last.dropped_us) is None


def test_what_was_learned_goes_with_the_session_though_there_is_a_way_below():
    session = keep_session(run(At(1 * SECOND, CABLE), silent=True), "R1", "R2", timers=FAST)
    assert session.learned(PREFIX, session.dropped_us - 1) is not None
    assert session.learned(PREFIX, session.dropped_us) is None
    assert session.learned(PREFIX, 100 * SECOND) is None
    assert [(time_us, route is None) for time_us, route in session.moves(PREFIX)] == [
        (0, False),
        (session.dropped_us, True),
    ]


def test_each_end_hears_the_other_as_often_as_keepalives_are_sent():
    arrivals = keep_session(run(), "R1", "R2", timers=FAST).arrivals
    assert {each.node for each in arrivals} == {"R1", "R2"}
    times = [each.time_us for each in arrivals if each.node == "R2"]
    assert {later - earlier for earlier, later in pairwise(times)} == {3 * SECOND}
    assert isinstance(arrivals[0], Arrival)


def test_what_nobody_acknowledges_is_sent_again_though_it_has_arrived():
    """B answers A by way of C, and that way is cut silently: B hears A, more often than before, and A hears nobody."""
    links = [Link("A", "B", 1, 10), Link("A", "C", 10, 1), Link("C", "B", 10, 1)]
    network = Topology([Node("A"), Node("B"), Node("C")], links).addressed()
    trace = simulate(network, [At(10 * SECOND, LinkDown("A-C"), silent=True)])
    session = keep_session(trace, "A", "B", timers=FAST)
    assert (session.by, session.survives) == ("A", False)
    heard = [each.time_us for each in session.arrivals if each.node == "B" and each.time_us > 10 * SECOND]
    waits = [later - earlier for earlier, later in pairwise(heard)]
    assert waits[:4] == [200 * MS, 400 * MS, 800 * MS, 1600 * MS]


# ---- For every network, and by networkx


@settings(max_examples=80)
@given(networks(least_nodes=2, kinds=("router", "router", "router", "lan")), st.data())
def test_between_loopbacks_it_lasts_just_where_networkx_finds_a_way_that_is_left(plain, data):
    plain = plain._replace(announcements=[])
    speaking = [name for name, kind in plain.kinds.items() if kind == "router"]
    if len(speaking) < 2:
        return
    a, b = speaking[0], data.draw(st.sampled_from(speaking[1:]))
    cut = data.draw(st.sets(st.sampled_from([link.name for link in plain.links]), max_size=3)) if plain.links else set()
    left = plain._replace(links=[link for link in plain.links if link.name not in cut])
    trace = simulate(topology(plain).addressed(), [At(1 * SECOND, LinkDown(name)) for name in sorted(cut)])
    session = keep_session(trace, a, b, timers=HoldTimers.frr())
    assert session.survives == (b in judge.distances(left, a))
    if b in judge.distances(plain, a) and not session.survives:
        assert 120 * SECOND <= session.dropped_us - 1 * SECOND <= 180 * SECOND + 10 * MS


@settings(max_examples=60)
@given(networks(least_nodes=3, kinds=("router",)), st.data())
def test_between_interfaces_it_lasts_just_as_long_as_its_own_cable_whatever_other_way_there_is(plain, data):
    plain = plain._replace(announcements=[])
    if not plain.links:
        return
    mine = data.draw(st.sampled_from(plain.links))
    cut = data.draw(st.sets(st.sampled_from([link.name for link in plain.links]), max_size=2))
    network = topology(plain).addressed()
    changes = [At(1 * SECOND, LinkDown(name)) for name in sorted(cut)]
    trace = simulate(network, changes, interfaces=interfaces(network))
    assert keep_session(trace, mine.a, mine.b, mine.name).survives == (mine.name not in cut)


# ---- What cannot be is refused


def test_what_has_no_address_keeps_no_session():
    with pytest.raises(UnknownName, match="links have no addresses"):
        keep_session(simulate(forum(), []), "R1", "R2", "R1-R2")
    with pytest.raises(UnknownName, match="R3 has no interface on R1-R2"):
        keep_session(run(), "R1", "R3", "R1-R2")
    with pytest.raises(UnknownName, match="R4 is no end of the session between R1 and R2"):
        keep_session(run(), "R1", "R2").learned(PREFIX, 0, "R4")


@pytest.mark.parametrize("values", [(1 * SECOND, 2 * SECOND), (9 * SECOND, 9 * SECOND), (0, 9 * SECOND)])
def test_timers_that_cannot_be_are_refused(values):
    with pytest.raises(NetlearnError, match="a hold time is 3 s and more"):
        HoldTimers(*values)


def test_its_ends_are_the_addresses_of_the_boxes_or_of_the_cable():
    trace = run()
    assert keep_session(trace, "R1", "R2").addresses == (ip_address("192.0.2.1"), ip_address("192.0.2.2"))
    assert keep_session(trace, "R1", "R2", "R1-R2").addresses == (ip_address("198.18.0.2"), ip_address("198.18.0.3"))


def test_a_router_without_an_address_has_nothing_to_keep_a_session_between():
    with pytest.raises(UnknownName, match="R1 has no loopback address"):
        keep_session(simulate(Topology((Node("R1"), Node("R2")), (Link("R1", "R2"),)), []), "R1", "R2")
