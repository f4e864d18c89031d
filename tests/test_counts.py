"""Every time, count and size is checked where the value is made: what cannot be is told, and nothing runs for ever.

The second half draws values by number; `NETLEARN_HOSTILE` says how many.
"""

import os
import random
from functools import partial
from itertools import product
from math import inf, nan
from typing import Any

import hostile_inputs as hostile
import pytest

from netlearn import At, LinkDown, NetlearnError, NodeDown, NodeUp, Topology, UnknownName, forum, simulate
from netlearn.convergence.connections import open_connections
from netlearn.convergence.event import Maintenance
from netlearn.convergence.outage import outages_between
from netlearn.convergence.session import HoldTimers, keep_session
from netlearn.convergence.timers import Fixed, Rfc8405, Throttle, Timers
from netlearn.convergence.traffic import Traffic, send
from netlearn.errors import check_whole
from netlearn.host.address_conflict import Machine, share_link
from netlearn.network.parts import Link, Node
from netlearn.routing.forwarding import flow_between, flow_to, flows_of
from netlearn.routing.packet import Packet
from netlearn.units import LONGEST_US, SECOND

MANY = int(os.environ.get("NETLEARN_HOSTILE", "20"))
NO_NUMBER: tuple[Any, ...] = (None, "1", 1.5, nan, inf, True, [], 10**30)
CUT = [LinkDown("R2-End")]
RUN = simulate(forum(), CUT)
FLOW = flow_between(forum(), "Source", "End")
TRAFFIC = Traffic(RUN, FLOW.destination)
ONE = ("Source", "198.51.100.10")
MADE: dict[str, Any] = {"Timers": Timers, "HoldTimers": HoldTimers}
MADE |= {each.__name__: each for each in (Fixed, Throttle, Rfc8405)}
FIELDS = [(made, field) for made in MADE for field in MADE[made].__slots__ if field != "spf_delay"]

# A number of each function, with the least that it may be.
COUNTS: dict[str, tuple[Any, int]] = {
    "until_us": (lambda given: simulate(forum(), CUT, until_us=given), 0),
    "At": (lambda given: simulate(forum(), [At(given, LinkDown("R2-End"))]), 0),
    "flow": (lambda given: flow_between(forum(), "Source", "End", given), 1),
    "flows": (lambda given: flows_of(forum(), "Source", "End", given), 1),
    "send, flows": (lambda given: send(RUN, "Source", "End", flows=given), 1),
    "send, rate": (lambda given: send(RUN, "Source", "End", rate=given), 1),
    "outages": (lambda given: outages_between(RUN, "Source", "End", flows=given), 1),
    "connections": (lambda given: open_connections(RUN, "Source", "198.51.100.10", count=given), 1),
    "opened_us": (lambda given: open_connections(RUN, *ONE, count=1, opened_us=given), -LONGEST_US),
    "every_us": (lambda given: open_connections(RUN, *ONE, count=1, every_us=given), 1),
    "ttl": (lambda given: Packet(FLOW, given), 0),
    "comes_us": (lambda given: Machine("A", comes_us=given), 0),
    "answer_us": (lambda given: Machine("A", answer_us=given), 1),
    "asked_us": (lambda given: share_link([Machine("A")], [given]), 0),
    "interval_us": (lambda given: [*TRAFFIC.fates(FLOW, "Source", 0, 10, given)], 1),
}  # fmt: skip


@pytest.mark.parametrize(("made", "field"), FIELDS)
def test_a_timer_is_a_whole_number_of_microseconds_and_not_for_ever(made: str, field: str) -> None:
    for given in (*NO_NUMBER, -1):
        with pytest.raises(NetlearnError, match=field):
            MADE[made](**{field: given})


@pytest.mark.parametrize("count", COUNTS)
def test_what_is_counted_is_a_whole_number_from_its_least_on(count: str) -> None:
    ask, least = COUNTS[count]
    for given in (*NO_NUMBER[1:-1], least - 1):  # nothing is no end; of some, there may be any number
        with pytest.raises(NetlearnError):
            ask(given)
    ask(least)


def test_a_number_is_quoted_in_short_with_what_it_may_be() -> None:
    with pytest.raises(NetlearnError, match=r"^it .* from 0 to 1,000, not a number of about 9\d* digits$"):
        check_whole("it", 10**100_000, most=1000)
    with pytest.raises(NetlearnError, match=r"^it is a whole number from 2 on, not True$"):
        check_whole("it", True, 2)


@pytest.mark.parametrize("delay", [None, "rfc", 5, Rfc8405])
def test_what_decides_when_spf_runs_is_one_of_three(delay: Any) -> None:
    with pytest.raises(NetlearnError, match="an Rfc8405, a Throttle or a Fixed"):
        Timers(spf_delay=delay)


@pytest.mark.parametrize(
    ("made", "values", "words"),
    [
        ("Timers", {"retransmit_us": 1}, "more than 100,000 times"),
        ("Timers", {"link_us": LONGEST_US}, "more than 100,000 times"),
        ("Timers", {"max_age_us": 1}, "grow too old"),
        ("Timers", {"bfd_multiplier": 256}, "from 1 to 255"),
        ("HoldTimers", {"keepalive_us": 1}, "which is 1 s and more"),
        ("HoldTimers", {"longest_resend_us": 0}, "at last after"),
        ("HoldTimers", {"resend_us": 0}, "1 µs and more"),
        ("HoldTimers", {"resend_us": 1, "longest_resend_us": SECOND - 1}, "which is 1 s and more"),
    ],
)
def test_times_that_do_not_go_together_are_refused(made: str, values: dict[str, int], words: str) -> None:
    with pytest.raises(NetlearnError, match=words):
        MADE[made](**values)


def test_times_that_go_together_just_so_are_taken() -> None:
    assert Timers(retransmit_us=400).dead_us == 100_000 * 400
    with pytest.raises(NetlearnError, match="more than 100,000 times"):
        Timers(retransmit_us=399)


@pytest.mark.parametrize("given", [None, 5, "x", "fe80::1%eth0", [], b"1234"])
def test_what_is_sent_to_is_an_address(given: Any) -> None:
    for ask in (partial(Traffic, RUN), partial(flow_to, forum(), "Source")):
        with pytest.raises(NetlearnError, match="address"):
            ask(given)


def test_an_address_may_be_given_as_text() -> None:
    assert Traffic(RUN, "198.51.100.10").walk(Packet(FLOW), "Source", 0).nodes == ("Source", "R1", "R2")
    assert flow_to(forum(), "Source", "198.51.100.10") == FLOW


def test_a_run_that_would_take_days_is_refused_before_it_begins() -> None:
    with pytest.raises(NetlearnError, match=r"1,000,000 times: too long a run"):
        simulate(forum(), CUT, timers=Timers(refresh_us=SECOND), until_us=LONGEST_US)
    assert simulate(Topology([Node("A"), Node("B")], [Link("A", "B")]), [], until_us=LONGEST_US).end_us <= LONGEST_US


LIST: Any = []
UNHASHABLE: list[Any] = [[LinkDown(LIST)], [NodeDown(LIST)]]


@pytest.mark.parametrize("changes", [None, 5, LinkDown("R2-End"), "R2", [None], *UNHASHABLE])
def test_what_are_no_changes_is_told(changes: Any) -> None:
    with pytest.raises(NetlearnError, match=r"change|there is no"):
        simulate(forum(), changes)


@pytest.mark.parametrize("given", [5, "rfc", Fixed(5)])
def test_what_are_no_timers_is_told(given: Any) -> None:
    for options in ({"timers": given}, {"router_timers": {"R1": given}}):
        with pytest.raises(NetlearnError, match="is no Timers"):
            simulate(forum(), CUT, **options)


def test_nothing_leaves_a_node_that_is_not_there() -> None:
    with pytest.raises(UnknownName, match="there is no node 'X'"):
        TRAFFIC.walk(Packet(FLOW), "X", 0)


def test_connections_are_watched_after_they_are_opened() -> None:
    for until_us in (0, -5, 1.5):
        with pytest.raises(NetlearnError, match="until_us is a whole number from 1 on"):
            open_connections(RUN, "Source", "198.51.100.10", until_us=until_us)  # type: ignore[arg-type]


def test_a_session_has_two_ends() -> None:
    with pytest.raises(NetlearnError, match="a session has two ends, and R1 is one"):
        keep_session(RUN, "R1", "R1")


def test_a_link_has_one_version_of_ip() -> None:
    with pytest.raises(NetlearnError, match="versions 4 and 6"):
        share_link([Machine("A")], version=5)  # type: ignore[arg-type]


# ---- Drawn by number


def drawn_timers(generator: random.Random, made: str) -> Any:
    """Timers of this kind; most of their values can be."""
    values: dict[str, Any] = {}
    for field in generator.sample(MADE[made].__slots__, generator.randrange(4) if made == "Timers" else 1):
        usual = (0, 1, 999, 1_000, 50_000, SECOND, 10 * SECOND, 7_200 * SECOND, LONGEST_US)
        few = (*usual, *usual, *NO_NUMBER, -1, hostile.python_value(generator))
        values[field] = generator.choice(few)
        if field == "spf_delay":
            values[field] = drawn_timers(generator, generator.choice(("Fixed", "Throttle", "Rfc8405")))
    return MADE[made](**values)


def drawn_changes(generator: random.Random, network: Topology) -> list[Any]:
    """Up to four changes; most of them can be."""
    nodes, links = [node.name for node in network.nodes], [link.name for link in network.links]
    changes: list[Any] = []
    for _ in range(generator.randrange(5)):
        kind, named = generator.choice(((LinkDown, links), (NodeDown, nodes), (NodeUp, nodes), (Maintenance, nodes)))
        name = generator.choice(named) if generator.random() < 0.95 else hostile.python_value(generator)
        at_us = generator.choice((0, 0, 1, SECOND, LONGEST_US, *(NO_NUMBER if generator.random() < 0.1 else ())))
        changes.append(At(at_us, kind(name)))
    return changes


def test_every_run_of_drawn_timers_and_changes_ends_or_is_refused() -> None:
    network, ran, refused = forum().addressed(), 0, []
    for number in range(MANY):
        generator = random.Random(f"run {number}")
        options: dict[str, Any] = {
            "detect": generator.choice(("carrier", "hello", "bfd", "bfd")),
            "silent": generator.random() < 0.5,
            "lfa": generator.random() < 0.3,
            "cold": generator.random() < 0.1,
            "until_us": generator.choice((None, None, None, 0, SECOND, 7_200 * SECOND, nan, -1)),
        }
        try:
            trace = simulate(
                network, drawn_changes(generator, network), timers=drawn_timers(generator, "Timers"), **options
            )
            ran += 1
            asks = (
                partial(send, trace, "Source", "End", flows=2),
                partial(outages_between, trace, "Source", "End"),
                partial(open_connections, trace, "Source", "198.51.100.10", count=2),
                partial(keep_session, trace, "R1", "R2", timers=drawn_timers(generator, "HoldTimers")),
            )
            generator.choice(asks)()
        except NetlearnError as reason:
            refused.append(str(reason))
    assert ran > MANY / 5
    assert refused
    assert all(reason.isprintable() and reason for reason in refused)


def test_every_ask_with_any_value_has_an_answer_or_a_reason() -> None:
    reasons = []
    for number, (ask, _) in product(range(MANY // 10), COUNTS.values()):
        try:
            ask(hostile.python_value(random.Random(f"ask {number}")))
        except NetlearnError as reason:
            reasons.append(str(reason))
    assert all(reason.isprintable() for reason in reasons)
