"""The way through the book: to the next page, the part, the section; and what a reader chooses once for all pages."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from conftest import Visit
from playwright.sync_api import Browser, Locator, Page, expect
from serve import site_server
from showing import axe_faults
from test_site import chapters

Open = Callable[..., Page]
TWO = ("book/case-2.html", "Case 1: the link to the end is cut", "Case 3: two links are cut and R3 is down")
LATE = "book/library/decisions.html"
LONG = "book/case-1.html"
BOXES = "book/listening.html"


def test_both_ends_of_a_page_lead_to_the_one_before_and_to_the_next(page: Open, site_url: str) -> None:
    name, before, after = TWO
    opened = page(name)
    top = opened.get_by_role("navigation", name="Previous and next, at the top")
    end = opened.get_by_role("navigation", name="Previous and next", exact=True)
    expect(top.get_by_role("link")).to_have_text(["Previous", "Next"])
    expect(top.get_by_role("link", name=f"Previous: {before}")).to_be_in_viewport()
    expect(end.get_by_role("link")).to_have_text([re.compile(re.escape(before)), re.compile(re.escape(after))])
    top.get_by_role("link", name=f"Next: {after}").click()
    opened.wait_for_url(site_url + "book/case-3.html")


def test_the_first_page_has_none_before_it_and_the_last_none_after(page: Open) -> None:
    for name, words in ((chapters()[0], ["Next"]), (chapters()[-1], ["Previous"])):
        top = page(name).get_by_role("navigation", name="Previous and next, at the top")
        expect(top.get_by_role("link")).to_have_text(words)
    end = page(chapters()[0]).get_by_role("navigation", name="Previous and next", exact=True)
    for way, first in (
        ("From lo", "What is lo, and who manages it?"),
        ("From the broken cables", "How a router knows"),
    ):
        expect(end.get_by_role("link", name=f"{way} {first}")).to_be_visible()


@pytest.mark.parametrize("name", [TWO[0], LATE, "book/short-answers.html", "book/quiz-failures.html"])
def test_the_part_of_the_chapter_is_open_and_the_chapter_in_sight(page: Open, name: str) -> None:
    opened = page(name)
    here = opened.locator("#chapters a[aria-current=page]")
    expect(here).to_have_count(1)
    expect(here).to_be_in_viewport(ratio=1)
    assert opened.locator("#chapters .part[open]").count() == 1
    assert opened.evaluate("scrollY") == 0
    opened.locator("#chapters summary").first.click()  # the others are a click away
    expect(opened.locator("#chapters .part").first.locator("a").first).to_be_visible()


def test_on_a_narrow_screen_the_chapter_is_in_sight_when_the_list_opens(page: Open) -> None:
    opened = page(LATE, width=360, height=500)
    opened.get_by_role("button", name="Chapters").click()
    expect(opened.locator("#chapters a[aria-current=page]")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_what_is_on_the_page_is_told_on_every_screen(page: Open, width: int) -> None:
    opened = page(LONG, width=width)
    contents = opened.get_by_role("navigation", name="On this page")
    expect(contents).to_be_hidden()
    opened.locator("summary", has_text="On this page").click()
    headings = opened.locator("article :is(h2, h3)").evaluate_all("all => all.map((one) => one.firstChild.textContent)")
    expect(contents.get_by_role("link")).to_have_count(len(headings))
    contents.get_by_role("link").nth(2).click()
    expect(opened.locator("article :is(h2, h3)").nth(2)).to_be_in_viewport()
    expect(opened.locator(".here-fold a[aria-current=location]")).to_have_text(headings[2])


def test_a_mark_in_the_contents_follows_the_reader_and_stands_once(page: Open) -> None:
    opened = page(LONG, width=1500)
    contents = opened.get_by_role("navigation", name="On this page")
    mark = contents.locator("[aria-current]")
    expect(contents).to_be_visible()
    expect(mark).to_have_count(0)  # above the first section
    for number in (3, 1):
        opened.locator("article :is(h2, h3)").nth(number).evaluate("(one) => scrollTo(0, one.offsetTop - 80)")
        expect(mark).to_have_text(contents.get_by_role("link").nth(number).inner_text())
    opened.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(mark).to_have_text(contents.get_by_role("link").last.inner_text())
    opened.evaluate("scrollTo(0, 0)")
    expect(mark).to_have_count(0)


def test_every_section_has_a_link_for_mouse_keyboard_and_finger(page: Open) -> None:
    opened = page(LONG)
    link = opened.locator("article h2 .headerlink").first
    see = "(link) => getComputedStyle(link).opacity"
    assert link.evaluate(see) == "0"
    opened.locator("article h2").first.hover()
    assert link.evaluate(see) == "1"
    opened.mouse.move(0, 0)
    link.focus()
    assert link.evaluate(see) == "1"
    opened.keyboard.press("Enter")
    assert opened.url.endswith(str(link.get_attribute("href")))
    touched = page(LONG, width=360, has_touch=True, is_mobile=True)
    link = touched.locator("article h2 .headerlink").first
    assert link.evaluate(see) == "1"
    assert least(link) >= 24


def test_code_waits_for_one_switch_which_holds_for_all_pages(page: Open, site_url: str) -> None:
    opened = page(BOXES)
    expect(opened.get_by_text(re.compile("Show the (source|content)"))).to_have_count(0)
    hidden = opened.locator(".tag_hide-input .cell_input")
    switch = opened.get_by_role("switch", name="Show the code")
    assert hidden.count() > 5
    expect(hidden.first).to_be_hidden()
    assert [
        cell for cell in opened.locator(".cell").all() if (cell.bounding_box() or {"height": 9})["height"] == 0
    ] == []
    switch.focus()
    opened.keyboard.press("Space")
    expect(switch).to_be_checked()
    expect(hidden.first).to_be_visible()
    opened.goto(site_url + LONG)
    expect(opened.locator(".tag_hide-input .cell_input").first).to_be_visible()
    opened.locator(".code-switch").click()
    opened.reload()
    expect(switch).not_to_be_checked()
    expect(opened.locator(".tag_hide-input .cell_input").first).to_be_hidden()


def test_the_switch_works_without_scripts_on_its_page(page: Open) -> None:
    opened = page(BOXES, javascript=False)
    hidden = opened.locator(".tag_hide-input .cell_input").first
    expect(hidden).to_be_hidden()
    opened.locator(".code-switch").click()
    expect(hidden).to_be_visible()


def test_without_colours_a_line_says_what_is_switched_on_and_which_chapter_it_is(page: Open) -> None:
    opened = page(BOXES, forced_colors="active")
    style = "(one) => getComputedStyle(one).outlineStyle"
    assert opened.locator("#chapters a[aria-current=page]").evaluate(style) == "solid"
    switch = opened.locator(".code-switch")
    assert switch.evaluate(style) == "none"
    switch.click()
    assert switch.evaluate(style) == "solid"


def test_an_answer_that_was_recorded_opens_without_its_code(page: Open) -> None:
    opened = page(BOXES)
    fold = opened.locator(".tag_hide-cell details").first
    fold.locator("summary").click()
    expect(fold.locator(".nl-terminal")).to_be_visible()
    expect(fold.locator(".cell_input")).to_be_hidden()


def least(one: Locator) -> float:
    """The shorter side of what a finger has to meet."""
    box = one.bounding_box()
    return min(box["width"], box["height"]) if box else 0


def copied(page: Page, box: str) -> str:
    """What its button copies of a box."""
    button = page.locator(box).first.locator("xpath=following-sibling::button")
    button.click()
    expect(button).to_have_class(re.compile("success"))
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_a_finger_sees_the_copy_buttons_and_of_a_terminal_copies_the_commands_alone(
    visit: Callable[..., Visit], site_url: str
) -> None:
    made = visit(width=360, has_touch=True, is_mobile=True)
    made.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = made.open(site_url + BOXES)
    terminal = ".nl-terminal pre:has(b:text-is('curl -sS http://192.0.2.10:8001'))"
    button = opened.locator(terminal).first.locator("xpath=following-sibling::button")
    assert button.evaluate("(button) => getComputedStyle(button).opacity") == "1"
    assert least(button) >= 40
    assert copied(opened, terminal).splitlines() == [
        f"curl -sS http://192.0.2.10:{port}" for port in (8001, 8002, 8003)
    ]
    made.open(site_url + "book/library/command-line.html")
    shown = ".highlight pre:has-text('$ netlearn paths forum')"
    assert copied(opened, shown).startswith("netlearn paths forum")
    assert len(copied(opened, shown).splitlines()) == 1
    made.open(site_url + "book/library/edges.html")
    assert copied(opened, ".highlight pre:has-text('>>> to_networkx')") == 'to_networkx(forum()).degree["R1"]'


@pytest.fixture
def host(built_site: Path) -> Iterator[str]:
    """The site at the root of a host, as it is built for one while its address is unknown."""
    server = site_server(built_site)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("depth", ["nothing", "book/library/nothing.html", "a/b/c/d/"])
def test_a_missing_page_is_ours_at_any_depth_and_leads_back(browser: Browser, host: str, depth: str) -> None:
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        opened = context.new_page()
        answer = opened.goto(host + depth)
        assert answer
        assert answer.status == 404
        expect(opened.get_by_role("heading", level=1)).to_have_text("There is no page here")
        assert opened.locator(".brand img").evaluate("(logo) => logo.naturalWidth") > 0
        assert axe_faults(opened) == []
        opened.get_by_role("searchbox", name="Words to look for").fill("lo")
        opened.get_by_role("link", name="Containers").click()
        opened.wait_for_url(host + "book/containers.html")


MODES: list[dict[str, object]] = [{"forced_colors": "active"}, {"width": 360, "height": 740}, {"dark": True}]


@pytest.mark.parametrize("mode", MODES, ids=["forced", "360", "dark"])
def test_axe_finds_nothing_with_all_that_leads_through_a_page_opened(page: Open, mode: dict[str, object]) -> None:
    opened = page(BOXES, reduced_motion=True, **mode)
    opened.locator(".here-fold summary").click()
    opened.locator(".code-switch").click()
    assert axe_faults(opened) == []
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if mode.get("width"):
        opened.get_by_role("button", name="Chapters").click()
        assert axe_faults(opened) == []


def test_the_keyboard_goes_through_bar_list_and_contents_in_their_order_and_is_seen_all_the_way(page: Open) -> None:
    opened = page(TWO[0])
    met: list[str] = []
    for _ in range(60):
        opened.keyboard.press("Tab")
        where, has_room, is_marked = opened.evaluate(AT)
        assert has_room or where == "bar"  # the switch is seen by its label
        assert is_marked, where
        met += [] if met[-1:] == [where] else [where]
        if where == "article":
            break
    assert met == ["skip", "bar", "chapters", "page-top", "here-fold", "article"]


AT = """() => {
  const one = document.activeElement;
  const where = one.closest(".skip, .bar, #chapters, .page-top, .here-fold, article");
  const parts = [one, ...[one.closest("label, form")].filter(Boolean)];
  const marked = parts.some((part) => getComputedStyle(part).outlineStyle !== "none");
  return [where?.id || where?.classList[0] || where?.localName, one.getBoundingClientRect().height > 0, marked];
}"""


def test_on_a_narrow_screen_the_keyboard_opens_and_leaves_the_list_and_comes_to_the_search(
    page: Open, site_url: str
) -> None:
    opened = page(TWO[0], width=360, height=740)
    keys = opened.keyboard
    chapters_button = opened.get_by_role("button", name="Chapters")
    for _ in range(2):  # past the link to the text
        keys.press("Tab")
    expect(chapters_button).to_be_focused()
    keys.press("Enter")
    expect(opened.locator("nav#chapters")).to_be_visible()
    keys.press("Tab")
    expect(opened.get_by_role("button", name="Close")).to_be_focused()
    keys.press("Escape")
    expect(opened.locator("nav#chapters")).to_be_hidden()
    expect(chapters_button).to_be_focused()
    for _ in range(2):  # past the book's name
        keys.press("Tab")
    keys.press("Enter")
    opened.wait_for_url(site_url + "search.html")
