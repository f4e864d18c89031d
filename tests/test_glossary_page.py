"""The glossary's page, the links that lead to it, and the meanings that they show in place."""

import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page, expect
from prose import parts, pieces
from test_glossary import BOOK, CHAPTERS, ORDERS

GLOSSARY = "book/glossary.html"
PAGE = "book/how-long.html"
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NO_PROSE = {"a", "h1", "h2", "h3", "h4", "code", "pre", "table", "figure", "summary", "svg"}
# Words that everybody has met, or that figures and quizzes say in their everyday sense.
FAMILIAR = {
    *("IP address", "announce", "carrier", "door", "host", "instance", "kernel", "link", "process", "protocol"),
    *("refuse", "router", "switch", "withdraw"),
}
# What figures and quizzes say before a reader was told, and explain themselves, or say where it is told.
EARLY_YET = {
    ("how-a-router-knows", "flow"),
    ("listening", "reset"),
    ("quiz-addresses", "loopback interface"),
    ("quiz-addresses", "martian"),
    ("quiz-failures", "ping"),
    ("to-myself", "0.0.0.0"),
}


class Read(HTMLParser):
    """A page's links to the glossary with what they stand in, its definitions, and the words of its figures."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[tuple[str, tuple[str, ...]]] = []
        self.defined: list[str] = []
        self.figures: list[str] = []
        self.live: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("class") == "nl-term":
            self.links.append(((given["href"] or "").partition("#")[2], tuple(self.open)))
        if tag == "dfn":
            self.defined.append(given["id"] or "")
        if tag not in VOID:
            self.open.append(tag)
            self.live.append("data-figure" in given or (bool(self.live) and self.live[-1]))

    def handle_endtag(self, tag: str) -> None:
        while tag in self.open and self.open.pop() != tag:
            self.live.pop()
        del self.live[len(self.open) :]

    def handle_data(self, data: str) -> None:
        if self.live and self.live[-1] and not {"script", "style", "template"} & set(self.open):
            self.figures.append(data)


@cache
def read(path: Path) -> Read:
    found = Read()
    found.feed(path.read_text(encoding="utf-8"))
    return found


# What is built


def test_every_term_has_an_entry_and_leads_to_the_words_that_explain_it(built_site: Path) -> None:
    text = (built_site / GLOSSARY).read_text(encoding="utf-8")
    for term in BOOK.terms:
        assert f'id="{term.id}"' in text
    leads = re.findall(r'class="nl-shown-in">Shown in <a[^>]* href="([^"]*)"', text)
    assert len(leads) == sum(bool(term.chapter) for term in BOOK.terms)
    assert sum("#told-" in lead for lead in leads) > 80


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_page_links_a_term_once_in_running_prose_and_not_where_it_explains_it(built_site: Path, chapter: str) -> None:
    found = read(built_site / f"book/{chapter}.html")
    names = [ident for ident, _ in found.links]
    assert set(names) <= {term.id for term in BOOK.terms}
    assert [ident for ident, times in Counter(names).items() if times > 1] == []
    assert [(ident, inside) for ident, inside in found.links if NO_PROSE & set(inside)] == []
    explained = {f"told-{term.id.removeprefix('term-')}" for term in BOOK.terms if chapter in term.explained_in}
    assert set(found.defined) <= explained


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_the_page_links_what_the_rule_says_of_the_notebook(built_site: Path, chapter: str) -> None:
    found = {ident for ident, _ in read(built_site / f"book/{chapter}.html").links}
    assert found == {each.term.id for each in BOOK.marked(chapter, pieces(chapter)) if not each.explains}


@pytest.mark.parametrize("order", ORDERS)
def test_no_figure_and_no_quiz_says_a_term_before_the_reader_was_told(built_site: Path, order: str) -> None:
    told: set[str] = set()
    early: set[tuple[str, str]] = set()
    for chapter in ORDERS[order]:
        told |= {term.name for term in BOOK.terms if chapter in term.explained_in}
        here = {each.term.name for each in BOOK.marked(chapter, pieces(chapter))}
        words = " ".join(read(built_site / f"book/{chapter}.html").figures)
        early |= {(chapter, term.name) for term, _, _ in BOOK.found(words) if term.name not in told | here | FAMILIAR}
    assert early - EARLY_YET == set()


def test_every_chapter_is_read_in_both_orders() -> None:
    assert all(sorted(order) == sorted(chapter for part in parts() for chapter in part) for order in ORDERS.values())


# What a reader meets


def shown(page: Page) -> Locator:
    return page.locator(".nl-meaning:popover-open")


def covers(page: Page) -> bool:
    """Whether the meaning that is shown lies on its own word, or reaches out of the window."""
    return bool(
        page.evaluate("""() => {
          const meaning = document.querySelector(".nl-meaning:popover-open");
          const box = meaning.getBoundingClientRect();
          const word = document.querySelector(`[aria-describedby="${meaning.id}"]`);
          const on = [...word.getClientRects()].some((line) => line.bottom > box.top && line.top < box.bottom);
          return on || box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight;
        }""")
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_shows_what_a_word_means_beside_it_and_escape_hides_it(page: Callable[..., Page], width: int) -> None:
    opened = page(PAGE, width=width, dear=True)
    words = opened.locator("a.nl-term")
    for number in range(words.count()):
        word = words.nth(number)
        if not word.is_visible():
            continue  # folded away
        word.focus()
        expect(shown(opened)).to_have_text(word.get_attribute("data-means") or "")
        assert word.get_attribute("aria-describedby") == shown(opened).get_attribute("id")
        assert not covers(opened), word.inner_text()
        opened.keyboard.press("Escape")
        expect(shown(opened)).to_have_count(0)
        assert word.evaluate("word => word === document.activeElement")


def test_the_mouse_shows_it_and_may_move_onto_it(page: Callable[..., Page]) -> None:
    opened = page(PAGE)
    word = opened.locator("a.nl-term").first
    word.hover()
    expect(shown(opened)).to_have_count(1)
    shown(opened).hover()
    opened.wait_for_timeout(400)
    expect(shown(opened)).to_have_count(1)
    opened.mouse.move(2, 2)
    expect(shown(opened)).to_have_count(0)


def test_the_first_tap_shows_it_and_the_second_leads_to_the_glossary(page: Callable[..., Page]) -> None:
    opened = page(PAGE, width=360, has_touch=True)
    word = opened.locator("a.nl-term").first
    word.tap()
    expect(shown(opened)).to_have_count(1)
    assert opened.url.endswith(PAGE)
    opened.locator("h1").tap()
    expect(shown(opened)).to_have_count(0)
    word.tap()
    word.tap()
    opened.wait_for_url(re.compile(r"glossary\.html#term-"))
    assert opened.locator("dt:target").count() == 1


def test_enter_follows_it_and_without_scripts_so_does_a_click(page: Callable[..., Page]) -> None:
    for javascript in (True, False):
        opened = page(PAGE, javascript=javascript)
        word = opened.locator("a.nl-term").first
        word.focus()
        opened.keyboard.press("Enter")
        opened.wait_for_url(re.compile(r"glossary\.html#term-"))


def test_on_paper_a_word_is_a_word(page: Callable[..., Page]) -> None:
    opened = page(PAGE)
    opened.emulate_media(media="print")
    style = opened.locator("a.nl-term").first.evaluate("word => getComputedStyle(word).textDecorationLine")
    assert style == "none"


def test_meanings_are_shown_where_colours_are_forced_and_in_the_dark(
    visit: Callable[..., Visit], site_url: str
) -> None:
    for options in ({"forced_colors": "active"}, {"dark": True}):
        opened = visit(**options).open(site_url + PAGE)
        opened.locator("a.nl-term").first.focus()
        style = "box => [getComputedStyle(box).borderTopStyle, getComputedStyle(box).backgroundColor]"
        border, ground = shown(opened).evaluate(style)
        assert border == "solid"
        assert ground != "rgba(0, 0, 0, 0)"
