"""The router as a function: every transition, every timer, without a network around it."""

from copy import deepcopy
from dataclasses import replace
from functools import partial
from ipaddress import ip_network
from itertools import product

import pytest
from hypothesis import given, settings
from strategies import networks, topology

from netlearn import CASE_1, CASE_2, CASE_3, Fib, LinkDown, compute_rib, converged_fib, forum
from netlearn.clock import Queue
from netlearn.convergence.event import (
    AdjacencyDown,
    AdjacencyUp,
    Computed,
    Expired,
    Heard,
    Install,
    OwnPrefix,
    Reason,
    Send,
    Start,
    StubOrdered,
)
from netlearn.convergence.lsdb import Acknowledgement, Lsdb, Summary, Update, converged_lsdb, own_lsa
from netlearn.convergence.router import TIMERS, TRANSITIONS, step
from netlearn.convergence.state import Belief, Router, changes, converged, repair
from netlearn.convergence.timers import (
    NEVER,
    RFC8405_TABLE,
    Fixed,
    Rfc8405,
    Throttle,
    Timers,
    Waiting,
    on_news,
    on_timer,
)
from netlearn.routing.anycast import place
from netlearn.routing.rib import Route

MS, SECOND = 1_000, 1_000_000


def at_rest(name, timers=None, **others):
    return converged(Router(name, forum(), timers or Timers.rfc(), **others), converged_lsdb(forum()))


def news_of(node, sequence=2, now=0, without=(), stub=False):
    full = frozenset(arc.link for arc in forum().arcs(node)) - set(without)
    return own_lsa(forum(), node, full, sequence, now, stub)


def sent(actions, what):
    return [
        (action.link, action.message)
        for action in actions
        if isinstance(action, Send) and isinstance(action.message, what)
    ]


def started(actions):
    return {action.timer: action.at_us for action in actions if isinstance(action, Start)}


def run_out(router, timer):
    """The router when the timer has run out, and what it does then."""
    return step(router, Expired(timer), router.deadlines[timer])


# ---- A function of values


def test_every_event_has_its_transition_and_every_timer_its_action():
    assert set(TRANSITIONS) == {AdjacencyDown, AdjacencyUp, Heard, Expired, StubOrdered, OwnPrefix}
    assert set(TIMERS) == {"originate", "retransmit", "refresh", "age", "begin", "spf", "install"}


def test_asked_twice_the_same_a_router_answers_the_same_and_stays_as_it_was():
    router = at_rest("R2")
    event = AdjacencyDown(("R2-End",), Reason.CARRIER)
    before = deepcopy(router)  # whose dicts are its own
    assert step(router, event, 5) == step(router, event, 5)
    assert router == before


# ---- Flood


def test_a_newer_lsa_is_kept_acknowledged_and_passed_on_but_not_back():
    lsa = news_of("R2", without=["R2-End"])
    router, actions = step(at_rest("R1"), Heard("R1-R2", Update(lsa)), 7)
    assert router.lsdb.get("R2") == lsa
    assert sent(actions, Acknowledgement) == [("R1-R2", Acknowledgement(lsa.key))]
    assert {link for link, _ in sent(actions, Update)} == {"R1-R3", "R1-R5", "Source-R1"}


def test_an_lsa_that_is_known_is_acknowledged_and_goes_no_further():
    known = converged_lsdb(forum()).get("R2")
    router, actions = step(at_rest("R1"), Heard("R1-R2", Update(known)), 7)
    assert router.lsdb == converged_lsdb(forum())
    assert actions == [Send("R1-R2", Acknowledgement(known.key))]


def test_an_older_lsa_is_answered_with_the_newer_one():
    newer = news_of("R4", 3)
    router, _ = step(at_rest("R1"), Heard("R1-R2", Update(newer)), 7)
    _, actions = step(router, Heard("R1-R3", Update(news_of("R4", 2))), 8)
    assert sent(actions, Update) == [("R1-R3", Update(newer))]


def test_a_newer_lsa_sooner_than_min_ls_arrival_after_the_last_is_ignored_without_an_acknowledgement():
    router, _ = step(at_rest("R1"), Heard("R1-R2", Update(news_of("R2", 2))), 0)
    same, actions = step(router, Heard("R1-R2", Update(news_of("R2", 3))), 1 * SECOND - 1)
    assert (same, actions) == (router, [])
    later, _ = step(router, Heard("R1-R2", Update(news_of("R2", 3))), 1 * SECOND)
    assert later.lsdb.get("R2").sequence == 3


def test_nothing_is_heard_from_whom_there_is_no_adjacency_with():
    router, _ = step(at_rest("R1"), AdjacencyDown(("R1-R2",), Reason.CARRIER), 0)
    assert step(router, Heard("R1-R2", Update(news_of("R4", 9))), 5) == (router, [])


def test_an_lsa_older_than_max_age_is_acknowledged_and_not_kept():
    old = news_of("R4", 9, now=0)
    router, actions = step(at_rest("R1"), Heard("R1-R2", Update(old)), 3600 * SECOND)
    assert router.lsdb == converged_lsdb(forum())
    assert actions == [Send("R1-R2", Acknowledgement(old.key))]


def test_what_nobody_acknowledges_is_sent_again_every_rxmt_interval_until_somebody_does():
    lsa = news_of("R2", without=["R2-End"])
    router, _ = step(at_rest("R1"), Heard("R1-R2", Update(lsa)), 0)
    for link in ("R1-R3", "R1-R5"):
        router, _ = step(router, Heard(link, Acknowledgement(lsa.key)), 2 * MS)
    for turn in (1, 2):
        assert router.deadlines["retransmit"] == turn * 5 * SECOND
        router, actions = run_out(router, "retransmit")
        assert sent(actions, Update) == [("Source-R1", Update(lsa))]
    router, _ = step(router, Heard("Source-R1", Acknowledgement(lsa.key)), 11 * SECOND)
    router, actions = run_out(router, "retransmit")
    assert (actions, "retransmit" in router.deadlines) == ([], False)


def test_only_what_has_waited_for_rxmt_interval_is_sent_again():
    early, late = news_of("R4"), news_of("R7", now=2 * SECOND)
    router, _ = step(at_rest("R1"), Heard("R1-R2", Update(early)), 0)
    router, _ = step(router, Heard("R1-R2", Update(late)), 2 * SECOND)
    links = ("R1-R3", "R1-R5", "Source-R1")
    for at_us, lsa in ((5 * SECOND, early), (7 * SECOND, late)):
        assert router.deadlines["retransmit"] == at_us
        router, actions = run_out(router, "retransmit")
        assert sent(actions, Update) == [(link, Update(lsa)) for link in links]


def test_a_new_neighbour_is_sent_what_is_newer_here_and_nothing_else():
    router, _ = step(at_rest("R1"), Heard("R1-R2", Update(news_of("R4", 2))), 0)
    _, actions = step(router, Heard("R1-R3", Summary(converged_lsdb(forum()).forget("R7"))), 9)
    assert [message.lsa.key[:2] for _, message in sent(actions, Update)] == [("R4", 2), ("R7", 1)]


def test_between_two_of_its_own_lsas_a_router_waits_for_min_ls_interval():
    router, actions = step(at_rest("R2"), AdjacencyDown(("R2-End",), Reason.CARRIER), 0)
    router, actions = run_out(router, "originate")
    assert {message.lsa.sequence for _, message in sent(actions, Update)} == {2}
    router, actions = step(router, AdjacencyDown(("R1-R2",), Reason.CARRIER), 40 * MS)
    assert sent(actions, Update) == []
    assert started(actions)["originate"] == 5 * SECOND
    router, actions = run_out(router, "originate")
    assert {message.lsa.sequence for _, message in sent(actions, Update)} == {3}


def test_what_happens_at_one_instant_is_said_in_one_lsa():
    router, _ = step(at_rest("R2"), AdjacencyDown(("R2-End",), Reason.CARRIER), 0)
    router, _ = step(router, AdjacencyDown(("R1-R2",), Reason.CARRIER), 0)
    router, _ = run_out(router, "originate")
    assert router.sequence == 2
    assert {line.link for line in router.lsdb.get("R2").adjacencies} == {"R2-R4", "R2-R6", "R2-R7"}


def test_a_router_that_starts_anew_outdoes_what_it_said_before():
    router, _ = step(Router("R2", forum(), Timers.rfc()), AdjacencyUp("R1-R2"), 0)
    router, _ = run_out(router, "originate")
    before = news_of("R2", 7)
    router, _ = step(router, Heard("R1-R2", Update(before)), 2 * SECOND)
    router, actions = run_out(router, "originate")
    assert {message.lsa.sequence for _, message in sent(actions, Update)} == {8}


def test_an_lsa_that_was_only_refreshed_is_passed_on_and_runs_no_spf():
    router, actions = step(at_rest("R1"), Heard("R1-R2", Update(news_of("R2", 2))), 0)
    assert len(sent(actions, Update)) == 3
    assert "spf" not in router.deadlines


def test_who_is_to_be_taken_down_says_the_greatest_metric_and_computes_with_it():
    router, _ = step(at_rest("R2"), StubOrdered(), 0)
    router, _ = run_out(router, "originate")
    assert {line.metric for line in router.lsdb.get("R2").adjacencies} == {65535}
    assert "spf" in router.deadlines


def test_its_own_lsa_is_refreshed_and_those_of_others_are_forgotten_at_max_age():
    router, actions = step(at_rest("R1", aging=True), Expired("begin"), 0)
    assert started(actions) == {"refresh": 1800 * SECOND, "age": 3600 * SECOND}
    aged, actions = run_out(router, "age")
    assert [lsa.origin for lsa in aged.lsdb] == ["R1"]
    assert "spf" in aged.deadlines


def test_a_router_that_starts_late_is_not_asked_to_refresh_what_it_has_never_said():
    _, actions = step(Router("R1", forum(), Timers.rfc(), aging=True), Expired("begin"), 7200 * SECOND)
    assert min(started(actions).values()) > 7200 * SECOND


# ---- Compute and install


def test_entries_are_installed_one_after_the_other_in_the_order_of_their_prefixes():
    timers = replace(Timers.rfc(), install_us=100, spf_us=1 * MS)
    router, _ = step(at_rest("R1", timers), AdjacencyDown(("R1-R2",), Reason.CARRIER), 0)
    router, _ = run_out(router, "spf")
    installed, times = [], []
    while "install" in router.deadlines:
        times.append(router.deadlines["install"])
        router, actions = run_out(router, "install")
        installed += [action.prefix for action in actions if isinstance(action, Install)]
    assert len(installed) > 1
    assert installed == sorted(installed)
    assert times == [51 * MS + 100 * number for number in range(1, len(times) + 1)]
    assert router.routes() == dict(converged_fib(forum().without(LinkDown("R1-R2")), "R1").routes)


def test_an_spf_that_takes_everything_back_stops_the_installation_of_the_one_before():
    timers = replace(Timers.rfc(), spf_delay=Fixed(0), spf_us=1 * SECOND, min_ls_interval_us=0, min_ls_arrival_us=0)
    router, _ = step(at_rest("R1", timers), AdjacencyDown(("R1-R2",), Reason.CARRIER), 0)
    router, _ = run_out(router, "spf")
    assert router.pending
    router, _ = step(router, AdjacencyUp("R1-R2"), 10 * MS)
    router, _ = run_out(router, "originate")
    router, actions = run_out(router, "spf")
    assert actions == [Computed(0)]
    assert "install" not in router.deadlines
    assert router.routes() == dict(converged_fib(forum(), "R1").routes)


ANYCAST = ip_network("203.0.113.1/32")


def about_to_install(nodes, lost):
    """R1 of the forum network with an anycast address on some nodes, its SPF just run after it has lost links."""
    network = place(forum(), "203.0.113.1", nodes)
    router = converged(Router("R1", network, replace(Timers.rfc(), install_us=100)), converged_lsdb(network))
    router, _ = step(router, AdjacencyDown(lost, Reason.CARRIER), 0)
    return run_out(router, "spf")[0]


def test_an_entry_that_was_still_to_come_does_not_undo_a_prefix_that_is_meanwhile_the_routers_own():
    router = about_to_install(["R4", "R2"], ("R1-R2",))
    assert ANYCAST in {prefix for prefix, _ in router.pending}
    router, _ = step(router, OwnPrefix(ANYCAST, 0), 52_000)
    installed = []
    while "install" in router.deadlines:
        router, actions = run_out(router, "install")
        installed += [action.prefix for action in actions if isinstance(action, Install)]
        assert router.routes()[ANYCAST].local
    assert installed
    assert ANYCAST not in installed


def test_if_that_entry_was_the_only_one_still_to_come_the_installation_is_over():
    router = about_to_install(["R4", "R2"], ("R1-R2",))
    while len(router.pending) > 1:
        router, _ = run_out(router, "install")
    ((prefix, _),) = router.pending
    router, actions = step(router, OwnPrefix(prefix, 0), 60_000)
    assert [action for action in actions if isinstance(action, Install)] == [Install(prefix, Route(prefix, 0))]
    assert "install" not in router.deadlines
    assert router.pending == ()


def test_with_lfa_the_alternate_takes_over_in_the_instant_of_detection():
    router, actions = step(at_rest("R1", lfa=True), AdjacencyDown(("R1-R2",), Reason.CARRIER), 5)
    end = forum().node("End").address
    assert [hop.node for hop in Fib("R1", router.routes()).lookup(end).next_hops] == ["R3"]
    assert any(isinstance(action, Install) for action in actions)


def test_with_lfa_and_a_tie_the_rest_of_the_tie_goes_on():
    router, _ = step(at_rest("R6", lfa=True), AdjacencyDown(("R2-R6",), Reason.CARRIER), 5)
    end = forum().node("End").address
    assert [hop.node for hop in Fib("R6", router.routes()).lookup(end).next_hops] == ["R7"]


def described(plain):
    network = topology(plain).addressed()
    return network, converged_lsdb(network)


@settings(max_examples=150)
@given(networks(kinds=("router", "router", "host", "lan")), networks(kinds=("router", "router", "host", "lan")))
def test_what_is_to_change_between_two_beliefs_is_what_differs_between_the_tables_computed_in_full(one, other):
    (before, lsdb), (after, later) = described(one), described(other)
    for name in sorted({*one.kinds} & {*other.kinds}):
        old, new = dict(compute_rib(before, name).routes), dict(compute_rib(after, name).routes)
        found = changes(name, Belief(lsdb), {}, Belief(later))
        assert dict(found) == {prefix: new.get(prefix) for prefix in {*old, *new} if old.get(prefix) != new.get(prefix)}
        assert changes(name, Belief(lsdb), dict(found), Belief(later)) == ()


@settings(max_examples=60)
@given(networks(least_nodes=3, kinds=("router", "router", "host", "lan")))
def test_after_any_one_link_the_same_holds(plain):
    network, lsdb = described(plain)
    for link in plain.links:
        left = network.without(LinkDown(link.name))
        for node in plain.kinds:
            new = dict(compute_rib(left, node).routes)
            held = dict(compute_rib(network, node).routes)
            for prefix, route in changes(node, Belief(lsdb), {}, Belief(lsdb, frozenset({link.name}))):
                held[prefix] = route
            assert {prefix: route for prefix, route in held.items() if route is not None} == new


def test_a_router_that_has_said_nothing_has_no_routes():
    assert Belief(Lsdb()).routes("R1") == {}
    assert Router("R1", forum(), Timers.rfc()).routes() == {}


@pytest.mark.parametrize("case", [CASE_1, CASE_2, CASE_3])
def test_a_belief_computes_what_a_static_network_computes(case):
    left = forum().without(*case)
    for node in left.nodes:
        assert Belief(converged_lsdb(left)).routes(node.name) == dict(converged_fib(left, node.name).routes)


# ---- When to run SPF: RFC 8405


PHASES, HAPPENINGS = ("QUIET", "SHORT_WAIT", "LONG_WAIT"), ("news", "learn", "holddown")
# What the RFC does in section 5.4, by its numbered transitions: the next state, what starts, what stops.
# Learn and holddown cannot run out in QUIET, nor learn in LONG_WAIT: they do not run there.
SECTION_5_4 = {
    ("QUIET", "news"): ("SHORT_WAIT", {"spf": 50, "learn": 500, "holddown": 10_000}),  # 1
    ("SHORT_WAIT", "news"): ("SHORT_WAIT", {"spf": 200, "holddown": 10_000}),  # 2
    ("SHORT_WAIT", "learn"): ("LONG_WAIT", {}),  # 3
    ("LONG_WAIT", "news"): ("LONG_WAIT", {"spf": 5_000, "holddown": 10_000}),  # 4
    ("LONG_WAIT", "holddown"): ("QUIET", {}),  # 5
    ("SHORT_WAIT", "holddown"): ("QUIET", {"learn": None}),  # 6
}


@pytest.mark.parametrize(("phase", "happened"), list(product(PHASES, HAPPENINGS)))
@pytest.mark.parametrize("running", [False, True])
def test_in_each_state_rfc_8405_does_what_its_section_5_4_says(phase, happened, running):
    waiting, delay, now = Waiting(phase), Rfc8405(), 7 * SECOND
    if happened == "news":
        after, starts = on_news(waiting, delay, now, running)
    else:
        after, starts = on_timer(waiting, delay, happened, now)
    then, timers = SECTION_5_4.get((phase, happened), (phase, {}))
    wanted = {timer: None if wait is None else now + wait * MS for timer, wait in timers.items()}
    if running and happened == "news":
        del wanted["spf"]  # it is running already
    assert (after.phase, starts) == (then, wanted)


def test_the_table_of_rfc_8405_names_only_its_own_states_timers_and_fields():
    assert set(RFC8405_TABLE) == set(SECTION_5_4)
    for transition in RFC8405_TABLE.values():
        assert transition.then in PHASES
        assert {timer for timer, _ in transition.start} | set(transition.stop) <= {"spf", "learn", "holddown"}
        assert all(hasattr(Rfc8405(), field) for _, field in transition.start)


def test_a_router_under_a_stream_of_news_goes_from_50_ms_to_200_ms_to_5_s_and_back():
    router = at_rest("R1", replace(Timers.rfc(), min_ls_arrival_us=0))
    ran, sequence, now = [], 1, 0
    while now < 30 * SECOND:
        if now < 8 * SECOND and now % (100 * MS) == 0:  # the weather: R4 says something else every 100 ms
            sequence += 1
            lsa = news_of("R4", sequence, now, without=["R4-End"] if sequence % 2 else [])
            router, _ = step(router, Heard("R1-R2", Update(lsa)), now)
        for timer, at_us in sorted(router.deadlines.items()):
            if at_us == now and timer != "retransmit":
                ran += [now // MS] if timer == "spf" else []
                router, _ = step(router, Expired(timer), now)
        now += 50  # as fine as the finest of its timers
    # News at 100 (the first that is new), 200, 500, 800 and 5,900 ms finds no SPF due; in LONG_WAIT from 600 ms on.
    assert ran == [100 + 50, 200 + 200, 500 + 200, 800 + 5_000, 5_900 + 5_000]
    assert router.waiting.phase == "QUIET"


# ---- When to run SPF: FRRouting, and a fixed wait


def test_frr_runs_at_once_after_quiet_then_holds_50_100_150_ms_up_to_5_s_and_begins_anew_after_a_rest():
    waiting, delay, now, waits = Waiting(), Throttle(), 0, []
    for _ in range(120):
        waiting, starts = on_news(waiting, delay, now, False)
        waits.append((starts["spf"] - now) // MS)
        now = starts["spf"]
        waiting = replace(waiting, last_spf_us=now)
    assert waits[:4] == [0, 50, 100, 150]
    assert max(waits) == waits[-1] == 5_000
    _, starts = on_news(waiting, delay, now + 5 * SECOND, False)
    assert starts["spf"] == now + 5 * SECOND


def test_frr_counts_the_hold_time_from_the_last_run_and_news_for_an_spf_that_is_due_adds_nothing():
    waiting = Waiting(last_spf_us=0)
    assert on_news(waiting, Throttle(), 20 * MS, False)[1] == {"spf": 50 * MS}
    assert on_news(waiting, Throttle(), 20 * MS, True) == (waiting, {})


def test_a_fixed_delay_is_always_the_same():
    for now in (0, 1, 60):
        assert on_news(Waiting(), Fixed(1000 * MS), now, False)[1] == {"spf": now + 1000 * MS}
    assert on_news(Waiting(), Fixed(0), 5, True) == (Waiting(), {})
    assert Waiting().last_spf_us == NEVER


# ---- The order of events


def test_the_queue_goes_by_time_then_priority_then_arrival():
    queue, told = Queue(), []
    for time_us, priority, name in [(2, 0, "e"), (1, 1, "c"), (1, 0, "a"), (1, 0, "b"), (1, 1, "d")]:
        queue.push(time_us, priority, partial(told.append, name))
    times = []
    for time_us, act in queue:
        times.append(time_us)
        act()
    assert (times, "".join(told)) == ([1, 1, 1, 1, 2], "abcde")


def test_where_no_next_hop_is_lost_nothing_is_repaired():
    router = converged(Router("R1", forum(), Timers.rfc()), converged_lsdb(forum()))
    assert repair(router, 0) == (router, [])
