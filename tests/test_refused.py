"""What a figure refuses leaves it as it was, whatever door it came by: a front end, an assignment, several at once."""

import json
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from traitlets import TraitError

from netlearn import NetlearnError, UnknownName, forum
from netlearn.figures.common.jupyter import ComputedWidget
from netlearn.recorded.snapshot import recorded
from netlearn.teaching.quizzes import bundled
from netlearn.widgets import (
    Anycast,
    Doors,
    Explorer,
    Loopbacks,
    NameTheBox,
    PacketPath,
    Player,
    Quiz,
    Reach,
    SameAddress,
    Sandbox,
    WhatIf,
    Widget,
)

FIGURES: dict[str, Callable[[], Widget]] = {
    "Explorer": lambda: Explorer(forum(), "Source", "End"),
    "Player": lambda: Player(forum(), "Source", "End", cut=["R2-End"]),
    "Anycast": Anycast,
    "Loopbacks": Loopbacks,
    "NameTheBox": NameTheBox,
    "PacketPath": PacketPath,
    "Reach": Reach,
    "SameAddress": SameAddress,
    "WhatIf": lambda: WhatIf(forum()),
    "Sandbox": Sandbox,
}
HUGE = 10**30
NAMES = (
    ["nope"],
    [""],
    ["__proto__"],
    ["R2-End", "nope"],
    [HUGE],
    [None],
    [["R1"]],
    "nope",
    None,
    HUGE,
    {"R1": 1},
    [[[[]]]],
)
WORDS = ("nope", "", "__proto__", None, HUGE, ["up"], {}, True, "x" * 10_000)
ROWS = (
    *("x", None, HUGE, {}, [None], [1], [[1]], [["R1"]], [["A", "router", 1, 2, 3]], [["A", "ship", 1, 1]]),
    *([["A", "router", wrong, 1]] for wrong in (-1, HUGE, 1.5, "1", None, True, [])),
)
SWITCH = ("yes", None, HUGE, 2, [], "true")
METRICS = (
    *("x", None, HUGE, [1], [None], [[]], [[[[]]]], [["R1-R2", "R1"]], [["R1-R2", "R1", 2, 3]], [["nope", "R1", 2]]),
    *([["R1-R2", "R9", 2]], [["R1-R2", ["R1"], 2]], [[None, None, None]], [{"R1-R2": 2}], [["R1-R2", "R1", None]]),
    *([["R1-R2", "R1", wrong]] for wrong in (0, -1, 65536, HUGE, 1.5, "2", [2], True, float("nan"), float("inf"))),
    *([["R1-R2", "R1", "x"], ["R1-R2", "R1", 2]], [["R1-R2", "R1", 2], ["R1-R2", "R1", {}]]),
)
DELAYS = (
    "x",
    None,
    [1],
    [["R1"]],
    [["R9", 5]],
    [["R1", -1]],
    [["R1", HUGE]],
    [["R1", "5"]],
    [["R1", True]],
    [[["R1"], 5]],
)
COUNT = ("1", None, 1.5, [1], {}, -1)
WRONG: dict[str, dict[str, tuple[Any, ...]]] = {
    "Explorer": {"cut": NAMES, "down": NAMES, "metrics": METRICS, "flow": (*COUNT, 0, HUGE, -HUGE)},
    "Player": {
        **dict.fromkeys(("cut", "down"), NAMES),
        **dict.fromkeys(("detect", "timers"), WORDS),
        **dict.fromkeys(("lfa", "planned"), SWITCH),
        "spf_delay": DELAYS,
        "metrics": METRICS,
    },
    "Anycast": {
        **dict.fromkeys(("at", "added", "cut", "down", "sick", "withdrawn"), NAMES),
        "metrics": METRICS,
        "detect": WORDS,
        "time": SWITCH,
    },
    "Loopbacks": {"asker": WORDS, "cut": NAMES, "down": NAMES, "step": WORDS},
    "NameTheBox": {"asker": WORDS, "cut": NAMES, "silent": NAMES, "down": NAMES, "settled": SWITCH},
    "PacketPath": dict.fromkeys(("client", "dialled", "listens", "lo", "eth0"), WORDS),
    "Reach": {"bound": WORDS},
    "SameAddress": {"place": WORDS, "sooner": WORDS, "checks": SWITCH, "moment": COUNT},
    "WhatIf": {"cut": NAMES, "down": NAMES},
    "Sandbox": {
        **dict.fromkeys(("cut", "down", "anycast"), NAMES),
        **dict.fromkeys(("nodes", "links"), ROWS),
        **dict.fromkeys(("show", "detect"), WORDS),
        **dict.fromkeys(("lfa", "repaired"), SWITCH),
        "timers": WORDS,
        **dict.fromkeys(("source", "destination", "exercise", "asks"), tuple(filter(None, WORDS))),
    },
}
RIGHT: dict[str, dict[str, Any]] = {
    "Explorer": {"cut": ["R2-End"], "flow": 2},
    "Player": {"cut": ["R1-R2"], "lfa": True},
    "Anycast": {"at": ["R4"], "down": ["R7"]},
    "Loopbacks": {"asker": "End", "step": "shared"},
    "NameTheBox": {"cut": ["R1-R2"], "settled": False},
    "PacketPath": {"client": "neighbour", "lo": "down"},
    "Reach": {"bound": "0.0.0.0"},
    "SameAddress": {"place": "links", "moment": 2},
    "WhatIf": {"cut": ["R1-R2"], "down": ["R3"]},
    "Sandbox": {"cut": ["R1-R2"], "source": "R3"},
}
ASKED = [(name, trait) for name, traits in WRONG.items() for trait in traits]


def told(figure: Widget) -> dict[str, str]:
    """Everything that a front end is told."""
    return {name: json.dumps(value, sort_keys=True, default=str) for name, value in figure.get_state().items()}


def state(figure: Widget) -> dict[str, str]:
    """The same, and what the figure says and stores."""
    return {**told(figure), "html": figure.html(), "repr": repr(figure)}


def set_together(figure: Widget, values: dict[str, Any], mistake: Exception | None = None) -> None:
    """Assigns all of them before any is looked at."""
    with figure.hold_trait_notifications():
        for trait, value in values.items():
            setattr(figure, trait, value)
        if mistake:
            raise mistake


@pytest.fixture(scope="module")
def made() -> Callable[[str], Widget]:
    """Each figure once: what is refused must not matter to what is asked of it next."""
    return cache(lambda name: FIGURES[name]())


@pytest.fixture(scope="module")
def first(made: Callable[[str], Widget]) -> Callable[[str], dict[str, str]]:
    """What each was when it was made, and is to be after every refusal."""
    return cache(lambda name: state(made(name)))


def test_every_figure_and_every_trait_of_it_is_asked():
    assert {*WRONG} == {figure.__name__ for figure in ComputedWidget.__subclasses__()}
    for name, traits in WRONG.items():
        assert {*traits} == {*getattr(import_module("netlearn.widgets"), name).varies}


@pytest.mark.parametrize(("name", "trait"), ASKED, ids=["-".join(each) for each in ASKED])
def test_a_wrong_value_from_a_front_end_leaves_the_figure_as_it_was(made, first, name, trait):
    figure, before = made(name), first(name)
    for wrong in WRONG[name][trait]:
        with pytest.raises((NetlearnError, TraitError)):
            figure.set_state({trait: wrong})
        assert told(figure).items() <= before.items()
    assert state(figure) == before


@pytest.mark.parametrize(("name", "trait"), ASKED, ids=["-".join(each) for each in ASKED])
def test_a_wrong_value_that_is_assigned_leaves_the_figure_as_it_was(made, first, name, trait):
    figure, before = made(name), first(name)
    for wrong in WRONG[name][trait]:
        with pytest.raises((NetlearnError, TraitError)):
            setattr(figure, trait, wrong)
        assert told(figure).items() <= before.items()
    assert state(figure) == before


@pytest.mark.parametrize(("name", "trait"), ASKED, ids=["-".join(each) for each in ASKED])
def test_a_right_value_beside_a_wrong_one_is_not_taken_either(made, first, name, trait):
    figure, before = made(name), first(name)
    right = {other: value for other, value in RIGHT[name].items() if other != trait}
    for wrong in WRONG[name][trait]:
        for together in ({**right, trait: wrong}, {trait: wrong, **right}):
            with pytest.raises((NetlearnError, TraitError)):
                figure.set_state(together)
        with pytest.raises((NetlearnError, TraitError)):
            set_together(figure, together)
    assert state(figure) == before


@pytest.mark.parametrize("name", FIGURES)
def test_after_refusals_a_right_value_is_taken(name):
    figure: Any = FIGURES[name]()
    other: Any = FIGURES[name]()
    for trait, values in WRONG[name].items():
        with pytest.raises((NetlearnError, TraitError)):
            figure.set_state({trait: values[0]})
    figure.set_state(RIGHT[name])
    for trait, value in RIGHT[name].items():
        assert getattr(figure, trait) == value
        setattr(other, trait, value)
    assert figure.view == other.view == figure.figure.shown(figure.figure.scene)
    assert figure.html() == other.html()


@pytest.mark.parametrize("name", FIGURES)
def test_the_function_of_a_page_names_what_is_wrong(made, name):
    figure = made(name)
    data = figure.figure.carried()
    module, function = data["function"].split(":")
    for trait, values in WRONG[name].items():
        for wrong in values:
            with pytest.raises(NetlearnError):
                getattr(import_module(module), function)(**{**data["state"], trait: wrong})


@pytest.mark.parametrize("name", FIGURES)
def test_a_front_end_sets_what_the_reader_changes_and_nothing_else(made, name):
    figure = made(name)
    before = state(figure)
    foreign: dict[str, Any] = {
        "body": "<img src=x onerror=alert(1)>",
        "caption": "<b>",
        "_esm": "alert(1)",
        "_css": "*{}",
    }
    figure.set_state({**foreign, "view": {"title": {"text": "no"}}, "network": {}, "_model_name": "x", "nothing": 1})
    assert state(figure) == before
    figure.set_state({**foreign, **RIGHT[name]})
    assert "onerror" not in figure.html()
    assert all(getattr(figure, trait) == value for trait, value in RIGHT[name].items())
    figure.set_state({trait: json.loads(before[trait]) for trait in figure.varies})


@pytest.mark.parametrize(
    "make", [lambda: Quiz(*bundled("case-1").items), lambda: Doors(recorded())], ids=["Quiz", "Doors"]
)
def test_what_computes_nothing_takes_nothing_foreign_either(make):
    figure = make()
    before = state(figure)
    figure.set_state({"body": "<img src=x onerror=alert(1)>", "caption": "no", "_esm": "alert(1)"})
    assert state(figure) == before
    with pytest.raises(TraitError):
        Doors(recorded()).set_state({"looks": "x"})


def test_a_refused_value_is_told_to_the_front_end_as_it_stands(made, monkeypatch):
    figure = made("Explorer")
    sent: list[Any] = []
    monkeypatch.setattr(figure, "send_state", lambda key=None: sent.append(key))
    with pytest.raises(UnknownName):
        figure.set_state({"cut": ["nope"], "flow": 3})
    assert sent == [["cut", "flow"]]


def test_several_traits_that_fit_only_together_are_taken_together():
    figure = NameTheBox()
    figure.set_state({"asker": "R7", "cut": ["R1-R2"], "settled": False})
    assert (figure.asker, figure.cut, figure.settled) == ("R7", ["R1-R2"], False)


def test_whatever_is_raised_while_traits_are_set_together_takes_them_back(made):
    figure = made("Explorer")
    before = state(figure)
    with pytest.raises(KeyError):
        set_together(figure, {"cut": ["R2-End"]}, KeyError())
    assert state(figure) == before


def test_a_mistake_of_the_function_leaves_the_figure_as_it_was(monkeypatch):
    figure = Explorer(forum(), "Source", "End")
    before = state(figure)
    for change in (lambda: figure.set_state({"cut": ["R2-End"]}), lambda: setattr(figure, "cut", ["R2-End"])):
        with monkeypatch.context() as broken:
            broken.setattr(figure.figure, "shown", lambda scene: 1 // 0)
            with pytest.raises(ZeroDivisionError):
                change()
        assert state(figure) == before
