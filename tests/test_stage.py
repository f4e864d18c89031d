"""What is pure of the front end: which part an arrow key reaches, where a dot is on its way, what a list becomes."""

import json
import re
from collections import Counter

import pytest
from playwright.sync_api import Browser

from netlearn.figures.common.bundle import bundled, modules, with_imports


@pytest.fixture(scope="module")
def stage(browser: Browser):
    """Calls a function of a module with plain data."""
    context = browser.new_context()
    page = context.new_page()

    def call(module: str, name: str, *arguments: object) -> object:
        return page.evaluate(
            """async ([module, name, given]) => {
              const stage = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
              return stage[name](...given);
            }""",
            [with_imports(f"common/{module}.js"), name, json.loads(json.dumps(arguments))],
        )

    yield call
    context.close()


@pytest.mark.parametrize("module", modules())
def test_no_two_files_of_a_figure_give_the_same_name_to_something(module):
    """They become one text, in which a name is given once."""
    given = re.findall(r"^(?:export )?(?:async )?(?:function|class|const|let) (\w+)", bundled(module), re.MULTILINE)
    assert [name for name, times in Counter(given).items() if times > 1] == []


def place(x, y):
    return {"x": x, "y": y}


@pytest.mark.parametrize(
    ("key", "reached"), [("ArrowRight", 0), ("ArrowLeft", 1), ("ArrowDown", 2), ("ArrowUp", 3), ("Tab", -1)]
)
def test_an_arrow_key_reaches_the_nearest_part_in_its_direction(stage, key, reached):
    around = [place(10, 1), place(-10, 2), place(1, 10), place(2, -10), place(99, 0), place(0, 99)]
    assert stage("keys", "towards", place(0, 0), around, key) == reached


def test_what_lies_straight_ahead_is_nearer_than_what_lies_aside(stage):
    assert stage("keys", "towards", place(0, 0), [place(10, 9), place(20, 0)], "ArrowRight") == 1


def test_where_nothing_lies_ahead_nothing_is_reached(stage):
    assert stage("keys", "towards", place(0, 0), [place(-5, 0)], "ArrowRight") == -1


def test_the_corners_of_a_way_know_how_far_along_they_are(stage):
    assert stage("ways", "corners", "M0 0L30 40L30 100") == [
        {"x": 0, "y": 0, "far": 0},
        {"x": 30, "y": 40, "far": 50},
        {"x": 30, "y": 100, "far": 110},
    ]


def test_a_bent_way_is_longer_than_the_straight_one_and_ends_at_its_end(stage):
    way = stage("ways", "corners", "M0 0Q50 60 100 0")
    assert (way[-1]["x"], way[-1]["y"]) == (100, 0)
    assert 100 < way[-1]["far"] < 160


@pytest.mark.parametrize(
    ("far", "expected"), [(0, (0, 0)), (25, (15, 20)), (50, (30, 40)), (80, (30, 70)), (110, (30, 100))]
)
def test_a_dot_is_as_far_along_the_way_as_it_has_gone(stage, far, expected):
    at = stage("ways", "placeAt", stage("ways", "corners", "M0 0L30 40L30 100"), far)
    assert (at["x"], at["y"]) == pytest.approx(expected)


def test_a_member_of_a_list_is_put_in_or_taken_out_and_the_list_is_sorted_as_python_does(stage):
    names = ["R10", "R2", "\U0001f600", "\uffee"]
    assert stage("network", "flipped", names, "R1") == sorted([*names, "R1"])
    assert stage("network", "flipped", names, "R2") == sorted({*names} - {"R2"})


def test_a_row_takes_the_place_of_the_one_with_its_key_and_no_value_takes_it_away(stage):
    rows = [["A-B", "A", 7], ["A-B", "B", 3]]
    assert stage("network", "replaced", rows, ["A-B", "B"], 9) == [["A-B", "A", 7], ["A-B", "B", 9]]
    assert stage("network", "replaced", rows, ["A-B", "A"], None) == [["A-B", "B", 3]]
    assert stage("network", "replaced", rows, ["A-A", "B"], 1) == [["A-A", "B", 1], *rows]
    assert stage("network", "replaced", [["R2", 5]], ["R1"], 0) == [["R1", 0], ["R2", 5]]


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("64", 64), ("007", 7)]
    + [(text, None) for text in ("", "0", "65", "-1", "1.5", "1e1", " 2", "two", "２")],
)
def test_only_a_whole_number_that_fits_is_taken(stage, text, number):
    assert stage("controls", "whole", {"value": text, "min": "1", "max": "64"}) == number


def change(who, what, rank=0):
    return {"who": who, "what": what, "rank": rank}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([], "Nothing changes for any router."),
        ([change("R1", "R2 becomes R2 and R3")], "R1: R2 becomes R2 and R3."),
        ([change("R1", "R2 becomes R4"), change("R3", "R2 becomes R4")], "R1 and R3: R2 becomes R4."),
        ([change("R1", "flows – becomes 2%", 2), change("R3", "now R4")], "R3: now R4; R1: flows – becomes 2%."),
        ([change(f"R{n}", "now down") for n in range(1, 5)], "R1, R2 and 2 more: now down."),
        ([change(f"R{n}", f"now R{n}") for n in range(1, 6)], "R1: now R1; R2: now R2; R3: now R3; and 2 more."),
    ],
)  # fmt: skip
def test_what_changed_is_said_of_none_of_one_and_of_many(stage, changes, sentence):
    assert stage("changed", "toldOf", changes) == sentence


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        ("R2", "R2 and R3", "R2 becomes R2 and R3"),
        ("R2 and R3", "R2", "R2 and R3 become R2"),
        ("R2", "no route", "no route any more"),
        ("no route", "R2", "now R2"),
    ],
)
def test_what_became_of_a_router_is_said_as_it_was_and_as_it_is(stage, before, now, words):
    assert stage("changed", "became", before, now, {"no route": "no route any more"}) == words


@pytest.mark.parametrize(
    ("before", "now", "left"),
    [
        ("M0 0L10 0L20 5", "M0 0L10 0", "M10 0L20 5"),
        ("M0 0L10 0L20 5", "M20 5L10 0L0 0", ""),
        ("M0 0Q5 9 10 0L20 5", "M0 0Q5 -9 10 0L20 5", "M0 0Q5 9 10 0"),
        ("M0 0L10 0", "", "M0 0L10 0"),
        ("", "M0 0L10 0", ""),
    ],
)
def test_of_an_old_way_what_the_new_one_does_not_take_is_left(stage, before, now, left):
    assert stage("changed", "gone", before, now) == left
