"""The first page: alive in its first screen, a way to everything, and where the reader was."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import TYPE, Visit
from playwright.sync_api import Page, expect
from showing import axe_faults

START = "book/index.html"
CABLE = ".nl-link[aria-label*='R2'][aria-label*='End']"


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 740)])
def test_a_cable_is_cut_in_the_first_screen_and_what_happens_is_seen_there(
    visit: Callable[..., Visit], site_url: str, width: int, height: int
) -> None:
    made = visit(width=width, height=height)
    opened = made.open(site_url + START)
    figure = opened.locator("figure[data-figure=explorer]")
    expect(figure).to_have_count(1)
    drawn, title = figure.locator("svg.nl-net"), figure.locator(".nl-title")
    for part in (opened.get_by_text("Press a cable to cut it, and see"), title, drawn):
        expect(part).to_be_in_viewport(ratio=0.99)
    before = title.inner_text()
    figure.locator(CABLE).click()
    expect(title).to_have_text("R1 is tied, and so is R2")
    assert title.inner_text() != before
    expect(drawn).to_be_in_viewport(ratio=0.99)
    assert opened.evaluate("scrollY") == 0
    assert min(drawn.locator("text").evaluate_all(TYPE)) >= 13
    assert not [address for address in made.received if re.search(r"worker|pyodide|\.pack", address)]


def test_each_of_the_eleven_questions_leads_to_its_answer_its_figure_and_its_chapter(page: Callable[..., Page]) -> None:
    opened = page(START)
    questions = opened.locator("section:has(> h2:text('Eleven questions')) > ol > li")
    expect(questions).to_have_count(11)
    for question in questions.all():
        links = question.get_by_role("link").evaluate_all("all => all.map(link => link.getAttribute('href'))")
        short, figure, chapter = links
        assert short.startswith("short-answers.html#")
        assert re.fullmatch(re.escape(chapter) + r"#figure-[\w-]+", figure)


def test_few_words_and_one_picture_stand_on_the_first_page(page: Callable[..., Page]) -> None:
    opened = page(START)
    expect(opened.locator("article figure")).to_have_count(1)
    assert len(" ".join(opened.locator("article section > :is(p, ol, ul)").all_inner_texts()).split()) < 450


def test_it_says_nothing_of_where_one_was_to_whom_it_is_new(visit: Callable[..., Visit], site_url: str) -> None:
    made = visit()
    made.open(site_url + START)
    made.idle()
    expect(made.page.locator("#where-i-was")).to_have_count(0)
    assert not [address for address in made.received if "questions.json" in address]


def test_it_says_where_one_was_and_how_much_was_answered(visit: Callable[..., Visit], site_url: str) -> None:
    opened = visit().open(site_url + "book/what-lo-is.html")
    form = opened.locator("form[data-item=what-lo-is-crash]")
    form.locator("input").first.check()
    form.get_by_role("button").click()
    heading = opened.locator("section:has(form[data-item=what-lo-is-crash]) > :is(h2, h3)").last
    heading.evaluate("heading => heading.scrollIntoView()")
    section = heading.evaluate("heading => heading.closest('section').id")
    opened.goto(site_url + START)
    said = opened.locator("#where-i-was")
    expect(said).to_contain_text(
        re.compile(r"^You were at What is lo, and who manages it\?: .+\. Answered: 1 of \d+ questions\.")
    )
    assert "#?" not in said.inner_text()
    said.get_by_role("link").first.click()
    opened.wait_for_url(f"**/book/what-lo-is.html#{section}")


@pytest.mark.parametrize(
    "place", ["nonsense", 7, {"address": "javascript:alert(1)", "title": "", "heading": "", "id": ""}]
)
def test_what_is_kept_and_makes_no_sense_is_passed_over(visit: Callable[..., Visit], site_url: str, place: Any) -> None:
    made = visit()
    made.context.add_init_script(f"localStorage.setItem('netlearn:place', JSON.stringify({json.dumps(place)}))")
    made.open(site_url + START)
    made.idle()
    expect(made.page.locator("#where-i-was")).to_have_count(0)


@pytest.fixture
def kept(visit: Callable[..., Visit], site_url: str) -> Page:
    """The page of what is kept, after a chapter was read, something answered and the colours changed."""
    opened = visit().open(site_url + "book/what-lo-is.html")
    opened.evaluate(
        """path => {
      localStorage.setItem("netlearn:quiz:what-lo-is-crash", "[]");
      localStorage.setItem("netlearn:case-1", '"x"');
      localStorage.setItem(`netlearn:figure:${path}#figure-c03`, "{}");
      localStorage.setItem("netlearn:quiz:of-long-ago", "[]");
      localStorage.setItem("mode", "light");
      localStorage.setItem("another", "theirs");
    }""",
        re.sub(r"^\w+://[^/]*", "", site_url) + "book/case-1.html",
    )
    opened.get_by_role("contentinfo").get_by_role("link", name="What this browser keeps").click()
    opened.locator("#kept-list li").first.wait_for()
    return opened


def test_what_is_kept_is_told_in_words(kept: Page) -> None:
    told = [row.partition("Forget")[0].strip() for row in kept.locator("#kept-list li").all_inner_texts()]
    assert told == [
        "Where you were last",
        "The colours you chose",
        "What is lo, and who manages it?: 1 answer",
        "Case 1: the link to the end is cut: 1 prediction, 1 figure as you left it",
        "Of another edition of the book: 1 thing",
    ]
    for width in (1280, 360):
        kept.set_viewport_size({"width": width, "height": 740})
        assert axe_faults(kept) == []
        assert kept.evaluate("document.documentElement.scrollWidth") <= width


def test_one_chapter_is_forgotten_and_the_rest_stays(kept: Page) -> None:
    kept.get_by_role("button", name="Forget: Case 1").click()
    expect(kept.locator("#kept-said")).to_have_text(re.compile("^Forgotten: Case 1"))
    expect(kept.locator("#kept-said")).to_be_focused()
    assert not [name for name in kept.evaluate("Object.keys(localStorage)") if "case-1" in name]
    expect(kept.get_by_role("button", name="Forget: What is lo")).to_be_visible()


def test_all_is_forgotten_at_a_click_and_what_is_not_ours_stays(kept: Page) -> None:
    kept.get_by_role("button", name="Forget it all").click()
    expect(kept.locator("#kept-said")).to_have_text("All is forgotten. Nothing is kept.")
    assert kept.evaluate("Object.keys(localStorage)") == ["another"]
    kept.reload()
    expect(kept.locator("#kept-said")).to_have_text("Nothing is kept.")
    expect(kept.get_by_role("button", name="Forget it all")).to_be_hidden()


def test_without_scripts_nothing_is_kept_and_the_page_says_so(page: Callable[..., Page]) -> None:
    opened = page("kept.html", javascript=False)
    expect(opened.get_by_text("Without JavaScript, as now, nothing is kept.")).to_be_visible()
