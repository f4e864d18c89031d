"""Figures on every screen and for every hand: what is measured of them, and that every pair of conditions is met."""

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import combinations, product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error
from showing import (
    GALLERY,
    HANDS,
    KINDS,
    MODES,
    STATES,
    WHOLE_GALLERY,
    WIDTHS,
    Fault,
    brought,
    measured,
    opened,
    served,
    steps_to,
)

import netlearn

MEASURES = (
    "act", "moved", "sideways", "whole", "type", "clipped", "targets", "together", "chosen", "told", "running",
    "focus", "console",
)  # fmt: skip
COLUMNS: tuple[list[Any], ...] = ([*WIDTHS], [*MODES], [*HANDS], [*STATES])


def pairwise(shift: int = 0) -> list[tuple[int, str, str, str]]:
    """Width, mode, hand and state in 25 rows, in which every two values of different columns meet.

    Two columns count through all rows, the others are their sums modulo 5: of each two such columns every pair of
    numbers occurs once, as 5 is prime. Where a column has fewer values, some of them stand for two numbers.
    """
    size = 5
    rows = [(a, b, a + b, a + 2 * b + shift) for a, b in product(range(size), repeat=2)]
    return [tuple(values[n % size % len(values)] for values, n in zip(COLUMNS, row, strict=True)) for row in rows]


def look(figure: object, name: str, width: int, mode: str, hand: str, state: str, called: str = "") -> Iterator[Fault]:
    """What is at fault with a figure that is brought from its first state into another."""
    fault = partial(Fault, called or name, width=width, mode=mode, hand=hand, state=state)
    try:
        found = brought(figure, name, steps_to(state, KINDS[name]), state, hand)  # type: ignore[arg-type]
        for measure, details in measured(figure, name, width, mode, hand, state).items():  # type: ignore[arg-type]
            found[measure] = found.get(measure, []) + details
    except Error as error:
        found = {"act": [str(error).splitlines()[0]]}
    found |= {"focus": []} if mode == "print" else {}  # on paper there is none
    for measure, details in found.items():
        yield from (fault(measure=measure, detail=detail) for detail in dict.fromkeys(details))


@pytest.fixture(scope="module")
def address(built_site: Path) -> Iterator[str]:
    with served(built_site) as address:
        yield address


@pytest.fixture(scope="module")
def met(browser: Browser, address: str) -> list[Fault]:
    """What is at fault with any kind of figure in any pair: one page for each width and mode, opened once."""
    faults: list[Fault] = []
    arrays = {name: pairwise(shift) for shift, name in enumerate(KINDS)}
    for place, (width, mode, hand, _) in enumerate(arrays["explorer"]):
        with opened(browser, address + GALLERY, width, mode, hand) as made:
            for name, figure in made.figures():
                faults += look(figure, name, width, mode, hand, arrays[name][place][-1])
            faults += [Fault("page", "console", error, width, mode, hand, "") for error in made.errors]
    return faults


@pytest.fixture(scope="module")
def in_the_book(browser: Browser, address: str) -> list[Fault]:
    """What is at fault with any figure of the book, changed on a narrow screen and at first on an ordinary one."""
    faults: list[Fault] = []
    for width, hand, state in ((360, "touch", "changed"), (1280, "mouse", "first")):
        with opened(browser, address + WHOLE_GALLERY, width, "light", hand) as made:
            headings = made.page.locator("article > section > h2").all_inner_texts()
            for heading, (name, figure) in zip(headings, made.figures(), strict=True):
                faults += look(figure, name, width, "light", hand, state, heading)
            faults += [Fault("page", "console", error, width, "light", hand, "") for error in made.errors]
    return faults


def test_every_kind_of_figure_there_is_has_its_acts_and_parts() -> None:
    folders = (Path(netlearn.__file__).parent / "figures").glob("*/figure.js")
    assert {path.parent.name for path in folders} == {*KINDS}


@pytest.mark.parametrize("shift", range(len(KINDS)))
def test_every_pair_of_width_mode_hand_and_state_is_met(shift: int) -> None:
    rows = pairwise(shift)
    for one, other in combinations(range(len(COLUMNS)), 2):
        assert {(row[one], row[other]) for row in rows} == {*product(COLUMNS[one], COLUMNS[other])}


@pytest.mark.parametrize(("name", "measure"), [*product(KINDS, MEASURES[:-1]), ("page", "console")])
def test_each_kind_of_figure_keeps_each_measure_on_every_screen_and_for_every_hand(
    met: list[Fault], name: str, measure: str
) -> None:
    found = told(fault for fault in met if (fault.kind, fault.measure) == (name, measure))
    assert not found, found


@pytest.mark.parametrize("measure", MEASURES)
def test_each_figure_of_the_book_keeps_each_measure_on_a_narrow_and_an_ordinary_screen(
    in_the_book: list[Fault], measure: str
) -> None:
    found = told(fault for fault in in_the_book if fault.measure == measure)
    assert not found, found


def told(faults: Iterable[Fault]) -> str:
    """The faults, one a line."""
    return "\n".join(
        f"{kind}: {detail} ({width} px, {mode}, {hand}, {state})"
        for kind, _, detail, width, mode, hand, state in faults
    )
