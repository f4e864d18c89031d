"""The exercises of the sandbox: each can be done, none is done from the start, and a wrong try is told why."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, permutations

import pytest

from netlearn.convergence import outages_between, simulate
from netlearn.figures.sandbox.exercises import ADDRESS, EXERCISES, SLOW, Exercise, judge
from netlearn.network import CASE_1, Failure, Link, LinkDown, Node, NodeDown, Topology
from netlearn.routing import place

BY_NAME = {each.name: each for each in EXERCISES}
EACH = pytest.mark.parametrize("exercise", EXERCISES, ids=BY_NAME)


def start(name: str) -> Topology:
    return BY_NAME[name].start


def wired(name: str, *cables: str) -> Topology:
    """The exercise's first network with these cables added."""
    ends = (cable.split("-") for cable in cables)
    return replace(start(name), links=(*start(name).links, *(Link(a, b) for a, b in ends)))


def without(name: str, link: str) -> Topology:
    return replace(start(name), links=tuple(each for each in start(name).links if each.name != link))


def test_there_are_ten_exercises_and_each_has_a_name_of_its_own() -> None:
    assert len(BY_NAME) == len(EXERCISES) == 10


@EACH
def test_the_solution_of_each_is_right_and_its_start_is_not(exercise: Exercise) -> None:
    assert judge(exercise, exercise.solution) == (True, exercise.well)
    assert judge(exercise, exercise.solution, exercise.failures).right
    assert not judge(exercise, exercise.start).right


@EACH
def test_where_a_node_stands_and_what_a_reader_tries_to_break_makes_no_answer_wrong(exercise: Exercise) -> None:
    moved = replace(exercise.solution, nodes=tuple(replace(node, x=1, y=2) for node in exercise.solution.nodes))
    tried = exercise.failures or (LinkDown(exercise.solution.links[0].name), NodeDown(exercise.solution.nodes[0].name))
    assert judge(exercise, moved, tried if exercise.failures is None else exercise.failures).right


WRONG: dict[str, Sequence[tuple[Topology, str]]] = {
    "by-r7": [
        (
            start("by-r7"),
            "75 % of what Source sends to End still comes by R4: the shortest ways are Source → R1 → R2 → R4 → End and "
            "Source → R1 → R2 → R7 → End and Source → R1 → R3 → R4 → End.",
        ),
        (
            start("by-r7").with_metric("R2-R4", "R2", 2),
            "50 % of what Source sends to End still comes by R4: the shortest ways are Source → R1 → R2 → R7 → End and "
            "Source → R1 → R3 → R4 → End.",
        ),
    ],
    "even-shares": [
        (
            start("even-shares").with_metric("R4-End", "R4", 2),
            "What Source sends comes to End 100 % by R7. Half by R4 and half by R7 is asked.",
        ),
    ],
    "same-way-back": [
        (start("same-way-back").with_metric("R1-R2", "R1", 1), "R1’s metric to R2 was to stay 5."),
        (
            start("same-way-back"),
            "Messages go Source → R1 → R3 → R4 → End, and answers End → R2 → R1 → Source. "
            "Those are two different ways.",
        ),
        (
            start("same-way-back").with_metric("R1-R2", "R2", 2),
            "From End to Source several ways are equally short: End → R2 → R1 → Source and End → R4 → R3 → R1 → Source."
            " One is asked.",
        ),
        (
            start("same-way-back").with_metric("R3-R4", "R3", 2),
            "From Source to End several ways are equally short: Source → R1 → R3 → R4 → End and "
            "Source → R1 → R5 → R6 → R2 → End and Source → R1 → R5 → R6 → R7 → End. One is asked.",
        ),
    ],
    "no-loop": [
        (
            start("no-loop").with_metric("R1-R5", "R1", 2),
            "R1 turns to R5 as soon as it has computed. Some of R5’s old ways, at metric 1 to R1, lead back via R1: "
            "until R5 has computed as well, the two can point at each other.",
        ),
    ],
    "empty-r2": [
        (
            start("empty-r2").with_metric("R2-End", "R2", 9),
            "R2 is not empty yet: from Source to R4 a shortest way is Source → R1 → R2 → R4.",
        ),
        (
            start("empty-r2").with_metric("R1-R2", "R1", 9),
            "The metric of R1–R2 at R1 has changed. Here only those at R2 may, one for each way out of it.",
        ),
    ],
    "two-instances": [
        (start("two-instances"), "If R1 fails, R2 and R3 reach neither of the two."),
        (
            place(start("two-instances"), ADDRESS, ["R2", "R3"]),
            "If R1–R4 fails, R4, R5 and R6 reach neither of the two.",
        ),
        (
            place(start("two-instances"), ADDRESS, ["R2", "R3", "R5"]),
            "The address is on R2, R3 and R5. It is to be on 2 routers.",
        ),
        (place(start("two-instances"), ADDRESS, []), "The address is nowhere. It is to be on 2 routers."),
        (
            place(place(start("two-instances"), ADDRESS, ["R2"]), "192.0.2.151", ["R5"]),
            "R2 and R5 do not all have the same address. In this exercise there is one.",
        ),
    ],
    "one-cable": [
        (start("one-cable"), "If R2–R5 fails, 10 pairs lose each other. 4 such points are left."),
        (wired("one-cable", "R1-R5"), "If R4–R6 fails, 10 pairs lose each other. 2 such points are left."),
        (
            wired("one-cable", "R1-R5", "R1-R6"),
            "You added R1–R5 and R1–R6. In this exercise 1 is enough: take one away.",
        ),
        (without("one-cable", "R2-R5"), "The cable R2–R5 is gone. In this exercise all cables stay: put it back."),
    ],
    "fewest-cables": [
        (wired("fewest-cables", "R4-R6"), "If R2–R5 fails, 12 pairs lose each other. 4 such points are left."),
        (
            wired("fewest-cables", "R4-R5", "R6-R7"),
            "If R1–R2 fails, 24 pairs lose each other. 5 such points are left.",
        ),
    ],
    "short-detour": [
        (start("short-detour"), "If R1–R2 fails, the way for some becomes longer by 4; at most 2 is asked."),
        (wired("short-detour", "R1-R3"), "If R3–R4 fails, the way for some becomes longer by 3; at most 2 is asked."),
        (
            start("short-detour").with_metric("R1-R2", "R1", 2),
            "The metric of R1–R2 at R1 is 2. Here all metrics stay 1.",
        ),
    ],
    "within-100-ms": [
        (
            start("within-100-ms"),
            "If R1–R4 fails, R1 loses what is for R4 for 206.1 ms: each other neighbour of R1 may still hand it back.",
        ),
        (
            wired("within-100-ms", "R3-R6"),
            "If R1–R4 fails, R1 loses what is for R4 for 206.1 ms: each other neighbour of R1 may still hand it back.",
        ),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "topology", "words"),
    [(name, *each) for name, tries in WRONG.items() for each in tries],
    ids=[f"{name}-{number}" for name, tries in WRONG.items() for number in range(len(tries))],
)
def test_a_wrong_try_is_told_why(name: str, topology: Topology, words: str) -> None:
    assert judge(BY_NAME[name], topology) == (False, words)


def test_every_exercise_has_a_wrong_try_that_is_told_why() -> None:
    assert WRONG.keys() == BY_NAME.keys()


FORBIDDEN: list[tuple[Topology, Sequence[Failure] | None, str]] = [
    (
        Topology((*start("by-r7").nodes, Node("R8")), start("by-r7").links),
        None,
        "R8 is new. In this exercise no node is added.",
    ),
    (start("by-r7").without(NodeDown("R4")), None, "R4 is gone. In this exercise all nodes stay."),
    (
        Topology([replace(node, kind="router") for node in start("by-r7").nodes], start("by-r7").links),
        None,
        "Source is a router now. In this exercise all nodes stay.",
    ),
    (wired("by-r7", "R3-R7"), None, "You added R3–R7. In this exercise cables stay as they are."),
    (
        start("by-r7").with_metric("R4-End", "R4", 2).with_metric("R4-End", "End", 2),
        None,
        "You changed 2 metrics: R4–End at R4 and R4–End at End. 1 is enough, in one direction.",
    ),
    (BY_NAME["by-r7"].solution, (), "Here R2–End has failed, and that stays so: break it again."),
    (
        BY_NAME["by-r7"].solution,
        (*CASE_1, NodeDown("R3"), LinkDown("R2-R4")),
        "You broke R2–R4 and R3. Repair that first: the question is how it goes without that.",
    ),
]


@pytest.mark.parametrize(("topology", "failures", "words"), FORBIDDEN, ids=[words for *_, words in FORBIDDEN])
def test_what_may_not_be_changed_is_told(topology: Topology, failures: Sequence[Failure] | None, words: str) -> None:
    assert judge(BY_NAME["by-r7"], topology, failures) == (False, words)


def right_cables(name: str) -> set[str]:
    """The cables of which one alone, added, is right."""
    new = [f"{a}-{b}" for a, b in combinations([node.name for node in start(name).nodes], 2)]
    return {
        cable for cable in new if not start(name).has_link(cable) and judge(BY_NAME[name], wired(name, cable)).right
    }


def test_which_cable_helps_is_a_question_with_few_answers() -> None:
    assert right_cables("one-cable") == {"R5-R6"}
    assert right_cables("fewest-cables") == set()
    assert right_cables("short-detour") == {"R1-R4", "R2-R5", "R3-R6"}
    assert right_cables("within-100-ms") == {"R1-R5", "R2-R4"}


def test_whoever_runs_the_solution_in_time_finds_every_cut_mended_within_100_ms() -> None:
    topology = BY_NAME["within-100-ms"].solution.addressed()
    for link in topology.links:
        trace = simulate(topology, [LinkDown(link.name)], timers=SLOW, lfa=True)
        for a, b in permutations(topology.routers, 2):
            for outage in outages_between(trace, a, b):
                assert 0 < (outage.lasts_us or 0) < 100_000, (link.name, a, b)
