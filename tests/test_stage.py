"""The front end's pure geometry: which part an arrow key reaches, and where along a way a dot is."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import netlearn

MODULE = (Path(netlearn.__file__).parent / "figures" / "common" / "stage.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def stage(browser: Browser):
    """Calls a function of the module with plain data."""
    context = browser.new_context()
    page = context.new_page()

    def call(name: str, *arguments: object) -> object:
        return page.evaluate(
            """async ([module, name, given]) => {
              const stage = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
              return stage[name](...given);
            }""",
            [MODULE, name, json.loads(json.dumps(arguments))],
        )

    yield call
    context.close()


def place(x, y):
    return {"x": x, "y": y}


@pytest.mark.parametrize(
    ("key", "reached"), [("ArrowRight", 0), ("ArrowLeft", 1), ("ArrowDown", 2), ("ArrowUp", 3), ("Tab", -1)]
)
def test_an_arrow_key_reaches_the_nearest_part_in_its_direction(stage, key, reached):
    around = [place(10, 1), place(-10, 2), place(1, 10), place(2, -10), place(99, 0), place(0, 99)]
    assert stage("towards", place(0, 0), around, key) == reached


def test_what_lies_straight_ahead_is_nearer_than_what_lies_aside(stage):
    assert stage("towards", place(0, 0), [place(10, 9), place(20, 0)], "ArrowRight") == 1


def test_where_nothing_lies_ahead_nothing_is_reached(stage):
    assert stage("towards", place(0, 0), [place(-5, 0)], "ArrowRight") == -1


def test_the_corners_of_a_way_know_how_far_along_they_are(stage):
    assert stage("corners", "M0 0L30 40L30 100") == [
        {"x": 0, "y": 0, "far": 0},
        {"x": 30, "y": 40, "far": 50},
        {"x": 30, "y": 100, "far": 110},
    ]


def test_a_bent_way_is_longer_than_the_straight_one_and_ends_at_its_end(stage):
    way = stage("corners", "M0 0Q50 60 100 0")
    assert (way[-1]["x"], way[-1]["y"]) == (100, 0)
    assert 100 < way[-1]["far"] < 160


@pytest.mark.parametrize(
    ("far", "expected"), [(0, (0, 0)), (25, (15, 20)), (50, (30, 40)), (80, (30, 70)), (110, (30, 100))]
)
def test_a_dot_is_as_far_along_the_way_as_it_has_gone(stage, far, expected):
    at = stage("placeAt", stage("corners", "M0 0L30 40L30 100"), far)
    assert (at["x"], at["y"]) == pytest.approx(expected)
