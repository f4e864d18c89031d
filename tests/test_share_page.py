"""A figure's state on the static site: kept over a reload, sent as a link, opened to the same picture."""

from collections.abc import Callable

import pytest
from conftest import ROOT
from playwright.sync_api import Locator, Page, expect

from netlearn.figures.common.link import written

CHAPTER = "book/case-1.html"
CELL = "figure-c03"  # the chapter's first figure
SLOW_MS = 60_000
Open = Callable[..., Page]
TIED, ONE = "R1 is tied, and so is R2", "One shortest path: via R1 and R2"


def explorer(page: Page) -> Locator:
    found = page.locator(f"figure#{CELL}[data-figure=explorer][data-live=yes]")
    expect(found).to_have_count(1)
    return found


def title(page: Page) -> Locator:
    return explorer(page).locator("[data-key=title]")


def press(page: Page, name: str) -> None:
    explorer(page).get_by_role("button", name=name, exact=True).click()


def test_every_figure_of_the_book_has_the_id_of_its_cell_for_a_name(page: Open) -> None:
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        found = page(f"book/{path.stem}.html").locator("figure[data-figure]")
        names = found.evaluate_all("all => all.map((each) => each.id)")
        assert len({*names}) == len(names), path.stem
        assert all(f'"id": "{name.removeprefix("figure-")}"' in path.read_text("utf-8") for name in names), path.stem


def test_what_the_reader_did_outlives_a_reload_and_is_taken_back_by_keys(page: Open) -> None:
    chapter = page(CHAPTER)
    explorer(chapter).locator("[data-link=R2-End]").click()
    expect(title(chapter)).to_have_text(TIED)
    chapter.reload()
    expect(title(chapter)).to_have_text(TIED)
    press(chapter, "Reset")
    expect(title(chapter)).to_have_text(ONE)
    chapter.keyboard.press("Control+z")
    expect(title(chapter)).to_have_text(TIED)
    chapter.keyboard.press("Control+Shift+z")
    expect(title(chapter)).to_have_text(ONE)
    chapter.reload()
    expect(title(chapter)).to_have_text(ONE)
    assert chapter.evaluate("Object.keys(localStorage).filter((name) => name.includes('figure:'))") == []


def test_a_link_opens_the_figure_to_the_same_picture_and_goes_there(page: Open) -> None:
    chapter = page(f"{CHAPTER}#{CELL}={written({'cut': ['R2-End']})}")
    expect(title(chapter)).to_have_text(TIED)
    expect(explorer(chapter)).to_be_in_viewport()
    assert chapter.evaluate("document.documentElement.dataset.python ?? null") is None, "nobody waits for Python"
    chapter.evaluate("scrollTo(0, 0)")
    chapter.evaluate("(hash) => (location.hash = hash)", f"{CELL}={written({'down': ['R2']})}")
    expect(explorer(chapter).locator("[data-node=R2]")).to_have_attribute("aria-pressed", "true")
    expect(explorer(chapter)).to_be_in_viewport()
    chapter.go_back()
    expect(title(chapter)).to_have_text(TIED)


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (f"{CELL}=1.AAAA", "This link is damaged: a part of it is missing, or was changed on its way."),
        (f"{CELL}={written({'<img src=x>': 1})}", "in which nothing is called “<img src=x>”."),
        (f"{CELL}={written({'__proto__': {'cut': ['R2-End']}})}", "in which nothing is called “__proto__”."),
        (f"{CELL}={written({'cut': ['<b>R2-End</b>']})}", "This link cannot be opened: "),
        (f"{CELL}={written({'metrics': [['R2-R7', 'R2', 0]]})}", "This link cannot be opened: "),
    ],
)
def test_what_a_link_cannot_do_is_said_and_the_figure_stands_as_it_was(page: Open, link: str, words: str) -> None:
    chapter = page(f"{CHAPTER}#{link}")
    said = explorer(chapter).locator("[data-part=said]")
    expect(said).to_contain_text(words, timeout=SLOW_MS)
    assert said.evaluate("part => part.childElementCount") == 0
    expect(title(chapter)).to_have_text(ONE)
    expect(explorer(chapter).locator("[data-link][aria-pressed=true]")).to_have_count(0)
    explorer(chapter).locator("[data-link=R2-End]").click()
    expect(title(chapter)).to_have_text(TIED)


def test_a_link_to_a_figure_that_is_not_on_the_page_says_so(page: Open) -> None:
    chapter = page(f"{CHAPTER}#figure-nowhere=1.AAAA")
    expect(chapter.get_by_role("alert").filter(has_text="a figure that is not on this page")).to_be_in_viewport()
    expect(title(chapter)).to_have_text(ONE)
