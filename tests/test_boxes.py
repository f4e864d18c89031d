"""Boxes of code and of what it printed: nothing is cut, and where one scrolls it says so and can be reached."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from test_site import chapters

Open = Callable[..., Page]
BOXES = "article pre, article .output, article table, article dt.sig, .pst-scrollable-table-container, .math-block"
# Every box that is on the page, folds opened and code shown: where it ends, and whether more is in it than is seen.
OPENED = """() => {
  document.documentElement.toggleAttribute("data-code", true);
  for (const fold of document.querySelectorAll("article details")) if (!fold.closest("figure")) fold.open = true;
}"""
MEASURED = """(all) => all.filter((one) => one.checkVisibility()).map((one) => ({
  words: one.textContent.trim().slice(0, 60),
  cut: getComputedStyle(one).overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1,
  right: one.getBoundingClientRect().right,
  focusable: one.tabIndex === 0,
  told: getComputedStyle(one).backgroundImage !== "none" ||
    !!one.closest(".nl-columns, .pst-scrollable-table-container, .nl-panel"),
}))"""


def boxes(page: Page) -> list[dict[str, Any]]:
    page.evaluate(OPENED)
    page.evaluate("dispatchEvent(new Event('resize'))")
    found: list[dict[str, Any]] = page.locator(BOXES).evaluate_all(MEASURED)
    return found


@pytest.mark.parametrize("name", chapters())
def test_no_box_of_a_page_is_cut_at_1280_and_none_is_wider_than_the_screen(page: Open, name: str) -> None:
    opened = page(name)
    found = boxes(opened)
    assert [box["words"] for box in found if box["cut"]] == []
    assert [box["words"] for box in found if box["right"] > 1280 - 15] == []


@pytest.mark.parametrize("width", [1200, 1409, 1537, 1920])
def test_the_columns_of_a_table_of_sockets_are_whole_beside_the_contents_of_the_page(page: Open, width: int) -> None:
    opened = page("book/listening.html", width=width)
    assert [box["words"] for box in boxes(opened) if box["cut"]] == []
    contents = opened.locator("nav.here")
    table = opened.locator(".nl-columns").first.bounding_box()
    beside = contents.bounding_box() if contents.is_visible() else None
    assert table
    assert table["x"] + table["width"] <= (beside["x"] if beside else width)


@pytest.mark.parametrize("width", [360, 1024, 1200, 1440, 1920])
def test_no_line_of_the_doors_in_the_reference_is_broken(page: Open, width: int) -> None:
    opened = page("book/library/command-line.html", width=width)
    doors = opened.locator(".highlight-console.nl-columns pre")
    lines = len(doors.inner_text().rstrip("\n").splitlines())
    seen = doors.evaluate("""(one) => {
      const { paddingTop, lineHeight } = getComputedStyle(one);
      return (one.clientHeight - 2 * parseFloat(paddingTop)) / parseFloat(lineHeight);
    }""")
    assert lines > 40
    assert round(seen) == lines
    if width >= 1200:
        assert doors.evaluate("(one) => one.scrollWidth <= one.clientWidth + 1")


@pytest.mark.parametrize("name", ["book/case-3.html", "book/listening.html", "book/library/routing.html"])
def test_on_a_phone_a_box_that_scrolls_shows_it_and_the_keyboard_gets_there(page: Open, name: str) -> None:
    opened = page(name, width=360, height=740, has_touch=True, is_mobile=True)
    unseen = (
        "(all) => all.filter((one) => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1 && one.tabIndex)"
    )
    assert opened.locator("article pre").evaluate_all(f"(all) => ({unseen})(all).length") == 0
    cut = [box for box in boxes(opened) if box["cut"]]
    assert cut
    assert [box["words"] for box in cut if not (box["focusable"] and box["told"])] == []
    assert opened.evaluate("document.documentElement.scrollWidth") <= 360


def test_code_in_a_line_leaves_no_gap_and_does_not_break_the_line_below_a_link(page: Open) -> None:
    opened = page("book/index.html")
    code = opened.locator("article p code").first
    expect(code).to_be_visible()
    seen = code.evaluate("(one) => { const s = getComputedStyle(one); return [s.paddingLeft, s.backgroundColor]; }")
    assert seen == ["0px", "rgba(0, 0, 0, 0)"]


def test_every_box_of_the_book_was_measured(built_site: Path) -> None:
    assert {f"book/{path.relative_to(built_site / 'book')}" for path in (built_site / "book").rglob("*.html")} == {
        *chapters()
    }
