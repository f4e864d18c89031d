"""A run as a value: asked, compared, and shown."""

import json
from ipaddress import ip_network
from typing import get_args

import pytest

from netlearn import CASE_1, CASE_2, LinkDown, NextHop, Route, UnknownName, compute_rib, converged_fib, forum
from netlearn.convergence.event import PHASES, TOLD, At, Change, Event, Expired, Install, Maintenance, NodeUp, Told
from netlearn.convergence.lsdb import Lsdb, converged_lsdb
from netlearn.convergence.router import step
from netlearn.convergence.simulation import simulate
from netlearn.convergence.trace import Outages

HERE = ip_network("203.0.113.1/32")


def test_the_tables_of_any_router_can_be_seen_at_any_time():
    trace, left = simulate(forum(), [At(1_000, CASE_1[0])]), forum().without(*CASE_1)
    before, after = 999, trace.end_us
    assert trace.lsdb("R6", before) == converged_lsdb(forum())
    assert dict(trace.rib("R6", before).routes) == dict(compute_rib(forum(), "R6").routes)
    assert dict(trace.fib("R6", before).routes) == dict(converged_fib(forum(), "R6").routes)
    assert trace.lsdb("R6", after).get("R2").sequence == 2
    assert dict(trace.rib("R6", after).routes) == dict(compute_rib(left, "R6").routes)
    assert dict(trace.fib("R6", after).routes) == dict(converged_fib(left, "R6").routes)


def test_a_state_in_the_midst_of_installing_is_what_one_step_after_the_other_makes():
    trace = simulate(forum(), CASE_2)
    times = [change.time_us for change in trace.tables if change.node == "R1"]
    states = [trace.router("R1", time_us) for time_us in times]
    assert len(times) == 5
    for before, after, time_us in zip(states, states[1:], times[1:], strict=False):
        assert step(before, Expired("install"), time_us)[0] == after


def test_between_computing_and_installing_rib_and_fib_differ():
    trace = simulate(forum(), CASE_1)
    (change,) = [change for change in trace.tables if change.node == "R6"]
    before = change.time_us - 1
    assert trace.rib("R6", before).routes[change.prefix] == change.route
    assert trace.fib("R6", before).routes[change.prefix] != change.route
    assert trace.fib("R6", change.time_us).routes[change.prefix] == change.route


def test_while_a_node_is_down_it_has_no_tables_and_when_it_starts_they_are_empty():
    trace = simulate(forum(), [*CASE_2, At(10_000_000, NodeUp("R2"))])
    for at_us in (0, 9_999_999, 10_000_000):
        assert (trace.lsdb("R2", at_us), len(trace.rib("R2", at_us)), len(trace.fib("R2", at_us))) == (Lsdb(), 0, 0)
    assert dict(trace.fib("R2", trace.end_us).routes) == dict(converged_fib(forum(), "R2").routes)


def test_the_changes_of_a_table_lead_from_its_beginning_to_its_end():
    trace = simulate(forum(), [*CASE_2, At(10_000_000, NodeUp("R2"))])
    for node in forum().nodes:
        held = trace.first(node.name).routes()
        for change in trace.tables:
            if change.node == node.name:
                held[change.prefix] = change.route
            assert {p: r for p, r in held.items() if r} or node.name == "R2"
        assert {p: r for p, r in held.items() if r} == dict(trace.fib(node.name, trace.end_us).routes)


def test_the_phases_of_a_router_come_in_their_order():
    trace = simulate(forum(), CASE_1)
    kinds = [event.kind for event in trace.events if event.node == "R2" and event.kind in PHASES]
    assert list(dict.fromkeys(kinds)) == list(PHASES)


def test_a_trace_says_when_each_node_heard_the_news_of_another():
    heard = simulate(forum(), CASE_1).heard("R2")
    assert heard["R2"] == min(heard.values())
    assert heard == {node.name: heard[node.name] for node in forum().nodes}
    with pytest.raises(UnknownName):
        simulate(forum(), CASE_1).heard("R22")


def test_every_happening_has_its_kind_and_its_words():
    assert set(TOLD) == {*get_args(Change | Told), Install} - {Maintenance}  # the router is told, and tells it


@pytest.mark.parametrize(
    ("route", "words"),
    [
        (None, "unreachable"),
        (Route(HERE, 0), "its own"),
        (Route(HERE, 2, (NextHop("R2", "R1-R2"), NextHop("R3", "R1-R3"))), "via R2, R3"),
    ],
)
def test_an_install_is_told_with_what_the_entry_is_from_now_on(route, words):
    assert Event(0, "R1", Install(HERE, route)).detail == f"203.0.113.1/32 {words}"


def test_events_come_in_the_order_of_time():
    times = [event.time_us for event in simulate(forum(), CASE_2).events]
    assert times == sorted(times)


def test_convergence_is_over_when_the_last_entry_is_installed():
    trace = simulate(forum(), CASE_1)
    assert trace.converged_us == max(event.time_us for event in trace.events if event.kind == "install")
    assert simulate(forum(), ()).converged_us == 0


def test_equal_runs_are_equal_traces_and_other_runs_are_not():
    assert simulate(forum(), CASE_1) == simulate(forum(), CASE_1)
    assert simulate(forum(), CASE_1) != simulate(forum(), CASE_2)
    assert simulate(forum(), CASE_1).digest() == simulate(forum(), CASE_1).digest()
    assert simulate(forum(), CASE_1).digest() != simulate(forum(), CASE_2).digest()


def test_its_json_is_its_events_and_the_time_to_converge():
    trace = simulate(forum(), CASE_1)
    data = json.loads(trace.to_json())
    assert data["converged_us"] == trace.converged_us
    assert data["events"][0] == {"time_us": 0, "kind": "cut", "node": "R2", "detail": "the link R2-End is cut"}
    assert len(data["events"]) == len(trace.events)


def test_it_shows_itself_as_a_line_as_lines_and_as_a_table():
    trace = simulate(forum(), CASE_1)
    assert repr(trace) == f"<Trace: {len(trace.events)} events, converged after {trace.converged_us / 1000:,.1f} ms>"
    assert len(list(trace.lines())) == len(trace.events)
    assert list(trace.lines(2))[2:] == [f"({len(trace.events) - 2} more events)"]
    assert trace._repr_html_().count("<tr>") == len(trace.events) + 1


def test_a_node_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="R9"):
        simulate(forum(), [LinkDown("R2-End")]).fib("R9", 0)


def test_a_link_is_out_from_the_cut_until_just_before_it_is_mended():
    outages = Outages()
    outages.begin("R2-End", 10)
    assert outages.of("R2-End") == ((10, None),)
    outages.end("R2-End", 20)
    outages.begin("R2-End", 30)
    assert [outages.works("R2-End", at_us) for at_us in (9, 10, 19, 20, 29, 30, 99)] == [1, 0, 0, 1, 1, 0, 0]
    assert outages.times("R2-End") == (10, 20, 30)
    assert outages.works("R1-R2", 15)
