"""Labels, dots and marks never cover each other: in every recorded state of every network, lying and upright.

All states of a figure are patched into one open page by its own patcher, and measured there.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT
from playwright.sync_api import Browser, Page

from netlearn import forum
from netlearn.drawing.markup import View
from netlearn.figures.common.bundle import styles, with_imports
from netlearn.figures.common.live import FIGURE
from netlearn.figures.explorer import Explorer

WIDTHS = {"lying": 1280, "upright": 360}
SVG = "svg.nl-net:has(.nl-plan)"  # the drawing of a network
MODULES = [with_imports("common/view.js"), (Path(__file__).parent / "overlaps.js").read_text(encoding="utf-8")]
LOAD = """async ([body, modules]) => {
  const load = (text) => import("data:text/javascript;charset=utf-8," + encodeURIComponent(text));
  const [{ patcher }, measured] = await Promise.all(modules.map(load));
  document.body.innerHTML = `<figure class="netlearn-figure">${body}</figure>`;
  Object.assign(window, { show: patcher(document.body), measured });
}"""
MEASURE = f"views => measured.inAll(document.querySelector('{SVG}'), show, JSON.parse(views))"


def carried(path: Path) -> Iterator[dict[str, Any]]:
    """What makes the figures of networks live that a notebook has stored."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for output in cell.get("outputs", []):
            data = output.get("data", {}).get(FIGURE)
            if data and "nl-plan" in data["body"]:
                yield data


FIGURES = {
    f"{path.stem}-{place}": data
    for path in sorted((ROOT / "book").glob("*.ipynb"))
    for place, data in enumerate(carried(path))
}


def merged(first: View, then: View) -> View:
    """Two views, one after the other."""
    return {key: first.get(key, {}) | then.get(key, {}) for key in {**first, **then}}


def views_of(data: dict[str, Any]) -> list[View]:
    """Every state of a figure that is recorded, and each moment of each run, as differences from the beginning."""
    svg = data["body"][data["body"].index('class="nl-plan"') :].partition("</svg>")[0]
    drawn = frozenset(re.findall(r'data-key="([^"]*)"', svg))
    views: list[View] = []
    for answer in data["recorded"].values():
        if "frames" in answer:
            views += [*accumulate(answer["frames"], merged, initial=answer["parts"])][1:]
        else:
            views.append(answer.get("parts", answer))
    views = [{unescape(key): view[unescape(key)] for key in drawn if unescape(key) in view} for view in views]
    return [json.loads(view) for view in dict.fromkeys(json.dumps(view, sort_keys=True) for view in views)]


def measured(page: Page, data: dict[str, Any]) -> dict[str, int]:
    """What covers what in a figure, and in how many of its states."""
    page.evaluate(LOAD, [data["body"], MODULES])
    found: dict[str, int] = page.evaluate(MEASURE, json.dumps(views_of(data)))
    return found


BODY = str(Explorer(forum(), "Source", "End", cut=["R2-End"]).drawn())


@pytest.fixture(scope="module", params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[request.param], "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_content(f"<!doctype html><style>{styles()} .netlearn-figure {{ margin: 0; }}</style>")
    yield opened
    context.close()


@pytest.mark.parametrize("name", FIGURES)
def test_nothing_covers_anything_in_any_recorded_state(page: Page, name: str) -> None:
    assert measured(page, FIGURES[name]) == {}


def test_a_note_that_is_moved_onto_a_router_is_found(page: Page) -> None:
    found = measured(page, {"body": BODY, "recorded": {"": {}, "moved": {"note:R1": {"style": "translate: 0 60px"}}}})
    assert {words for words in found if "note:R1" in words}
    assert set(found.values()) == {1}, "only where it is moved"
