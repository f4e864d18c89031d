"""The search: it finds what people ask, shows the sentence, and lands on it."""

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
import search
from conftest import ROOT, Visit
from playwright.sync_api import Locator, Page, expect
from showing import axe_faults
from test_site import PAGES

WEIGHT_LIMIT_B = 110_000  # of the text and the scripts, as they travel
PAGE = """<nav>Chapters</nav><main><noscript><p>no scripts</p></noscript><article>
<section id="title"><h1>A title<a class="headerlink" href="#title">#</a></h1>
<p>What <code>lo</code> is.</p>
<div class="cell"><details class="hide above-input"><summary>Show the source</summary>
<div class="cell_input"><pre>Quiz.of("x")</pre></div></details>
<div class="cell_output"><div class="output"><pre>(30, 'printed')</pre></div>
<div class="output text_html"><figure class="nl-terminal"><pre><span>laptop#</span> <b>ss -tln</b>
LISTEN 127.0.0.1:8001</pre><figcaption>Recorded on Linux.</figcaption></figure></div>
<div class="output text_html"><figure data-figure="quiz"><p>Why?</p><details>Yes. Feedback.</details></figure></div>
<div class="output text_html"><figure><p>A ring<svg><text>drawn</text></svg></p></figure></div></div></div>
<section id="inner"><h2>Inside</h2><ul><li><p>One item</p></li></ul>
<table><tr><td><p>left</p></td><td>right</td></tr></table>
<dl><dt class="sig" id="room.walk"><span class="sig-name">walk</span>(topology)</dt><dd><p>The way.</p>
<div class="doctest"><pre>&gt;&gt;&gt; walk()</pre></div></dd></dl>
</section></section></article></main>"""


@pytest.fixture
def ask(page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens the search page with a question in its address, and waits for the answer."""

    def asked(question: str, **options: object) -> Page:
        opened = page(f"search.html?q={quote(question)}", **options)
        expect(opened.locator("#search-without")).to_have_count(0)
        return opened

    return asked


def results(page: Page) -> Locator:
    return page.locator("#search-results > li")


def first_chapter(page: Page) -> str:
    """The page to which the first result leads."""
    address = results(page).first.locator("a").get_attribute("href") or ""
    return re.sub(r".*/|\.html.*", "", address.partition("#")[0])


def test_a_page_is_told_by_section_without_code_answers_figures_and_the_pages_frame() -> None:
    title, inner, walk = search.sections_of(PAGE, page=3)
    assert (title.page, title.id, title.heading) == (3, "title", "A title")
    assert title.said == ["What lo is.", "`ss -tln", "A ring"]
    assert title.shown == ["laptop# ss -tln", "LISTEN 127.0.0.1:8001"]
    assert (inner.heading, inner.said) == ("Inside", ["One item", "left · right"])
    assert (walk.id, walk.heading, walk.said) == ("room.walk", "walk", ["The way."])


def test_no_sentence_of_the_pages_frame_of_a_quiz_or_of_a_cell_can_be_found(built_site: Path) -> None:
    text = (built_site / search.find_folder() / search.TEXT).read_text(encoding="utf-8")
    for sentence in ("Show the source", "Your browser runs no JavaScript", "Download this notebook", "Show the answer"):
        assert sentence not in text
    for quiz in (ROOT / "netlearn" / "data" / "quizzes").glob("*.json"):
        for item in json.loads(quiz.read_text(encoding="utf-8"))["items"]:
            assert not [option for option in item["options"] if option["feedback"][:50] in text], quiz.name
    assert not re.search(r">>> |from netlearn import|Quiz\.of", text)


@pytest.mark.parametrize(
    ("question", "chapter"),
    [
        *(("lo", "what-lo-is"), ("why is lo up", "what-lo-is"), ("What is lo?", "what-lo-is")),
        *(("anycast", "anycast"), ("micro-loop", "case-3"), ("ss -tulpn", "listening")),
        *(("::1", ""), ("127.0.0.1", ""), ("0.0.0.0", ""), ("192.0.2.2", ""), ("TTL", ""), ("ECMP", ""), ("/32", "")),
        *(("martian", ""), ("loopbak", ""), ("Does every router have the same address?", "")),
    ],
)
def test_what_people_ask_is_found_with_its_sentence_and_the_page_about_it_first(
    ask: Callable[..., Page], question: str, chapter: str
) -> None:
    opened = ask(question)
    expect(opened.locator("#search-said")).to_contain_text(re.compile(r"\d+ places? on \d+ pages?"))
    assert first_chapter(opened) == chapter or not chapter
    for result in results(opened).all():
        assert "#" in (result.locator("a").get_attribute("href") or "")
        assert result.locator("mark").count() > 0, result.inner_text()
    if re.fullmatch(r"[\d.:]+", question):
        marked = results(opened).locator("mark").all_inner_texts()
        assert {*marked} == {question}


def test_a_command_that_is_found_is_shown_as_code_and_whole(ask: Callable[..., Page]) -> None:
    opened = ask("nstat -z")
    commands = results(opened).locator("p > code")
    expect(commands.first).to_be_visible()
    assert not any("`" in text for text in results(opened).all_inner_texts())
    wide = ask("--event withdraw").locator("#search-results p > code", has_text="netlearn converge forum")
    expect(wide.first).to_contain_text("netlearn converge forum --from Source --to 203.0.113.1")


def test_only_words_are_marked_and_not_letters_within_others(ask: Callable[..., Page]) -> None:
    marked = results(ask("lo")).locator("mark").all_inner_texts()
    assert {text.lower() for text in marked} == {"lo"}


@pytest.mark.parametrize(
    "question", ["constructor", "__proto__", "toString", "a" * 10_000, "<b>qx</b><img onerror=qx>"]
)
def test_what_the_book_does_not_say_is_told_calmly(ask: Callable[..., Page], question: str) -> None:
    opened = ask(question)
    expect(opened.locator("#search-said")).to_contain_text("Nothing found for “")
    assert len(opened.locator("#search-said").inner_text()) < 100
    assert opened.get_by_role("link", name="martian").is_visible()
    assert results(opened).count() == 0
    assert opened.locator("article").locator("b, img").count() == 0


def test_an_empty_question_is_answered_by_what_one_could_ask(ask: Callable[..., Page]) -> None:
    opened = ask("  ")
    expect(opened.locator("#search-said")).to_be_empty()
    opened.get_by_role("link", name="::1").click()
    expect(results(opened).first).to_contain_text("::1")


def test_a_result_opens_at_its_section_and_the_sentence_is_in_sight(ask: Callable[..., Page], site_url: str) -> None:
    opened = ask("micro-loop")
    result = results(opened).first
    assert "›" in result.locator("a").inner_text()
    sentence = result.locator("p").inner_text()
    result.locator("a").click()
    opened.wait_for_url(re.compile(re.escape(site_url) + r"book/case-3\.html#two-routers"))
    place = opened.get_by_text(sentence[:30]).first
    expect(place).to_be_in_viewport()
    expect(opened.locator("figure[data-figure]:not([data-live])")).to_have_count(0, timeout=30_000)
    assert opened.locator("mark").count() == 0
    assert opened.locator(".nl-lost-link").count() == 0


def test_the_search_is_used_by_keyboard_alone_and_its_address_tells_what_was_asked(
    page: Callable[..., Page], site_url: str
) -> None:
    opened = page("book/case-1.html")
    opened.keyboard.press("/")
    opened.keyboard.type("router")
    opened.keyboard.press("Enter")
    opened.wait_for_url(re.compile(r"search\.html\?q=router$"))
    expect(opened.locator(".search-form input")).to_be_focused()
    results(opened).first.wait_for()
    opened.keyboard.press("End")
    opened.keyboard.type(" loopback")
    opened.wait_for_url(re.compile(r"q=router\+loopback$"))
    assert first_chapter(opened) == "router-loopback"
    for _ in range(2):
        opened.keyboard.press("Tab")
    link = results(opened).first.locator("a")
    expect(link).to_be_focused()
    assert link.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"


def test_words_of_which_no_place_has_all_are_found_singly_and_it_says_so(ask: Callable[..., Page]) -> None:
    opened = ask("cupsd micro-loop")
    expect(opened.locator("#search-said")).to_contain_text("No place has all of these words")
    assert results(opened).count() > 1


@pytest.mark.parametrize("dark", [False, True])
def test_the_results_are_readable_for_all(ask: Callable[..., Page], dark: bool) -> None:
    for width in (1280, 360):
        opened = ask("ss -tulpn", dark=dark, width=width)
        assert axe_faults(opened) == []
        assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_search_page_says_what_to_do_instead(page: Callable[..., Page]) -> None:
    opened = page("search.html?q=lo", javascript=False)
    expect(opened.locator("#search-without")).to_be_visible()
    expect(opened.locator("#search-help")).to_be_hidden()
    opened.locator("#search-without a").click()
    assert opened.locator("h1").first.is_visible()


def test_it_says_so_when_the_books_text_does_not_come(visit: Callable[..., Visit], site_url: str) -> None:
    made = visit()
    made.page.route("**/book.json", lambda route: route.abort())
    made.page.goto(site_url + "search.html?q=lo")
    expect(made.page.locator("#search-said")).to_have_text("The search could not be loaded.")
    expect(made.page.locator("#search-without")).to_be_visible()
    made.errors.clear()


def test_the_search_weighs_little_and_other_pages_carry_none_of_it(built_site: Path) -> None:
    folder = built_site / search.find_folder()
    weights = {path.name: len(gzip.compress(path.read_bytes(), mtime=0)) for path in folder.iterdir()}
    assert sum(weights.values()) <= WEIGHT_LIMIT_B, weights
    assert not [*built_site.rglob("searchindex.js"), *built_site.rglob("searchtools.js")]
    for name in {*PAGES} - {"search.html"}:
        assert "/find-" not in (built_site / name).read_text(encoding="utf-8")
