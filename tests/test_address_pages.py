"""The three loopbacks and the shared address on the site: mouse, keyboard, finger, screen reader, no scripts."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import TYPE, Visit
from playwright.sync_api import Locator, Page, expect

from netlearn.figures.loopbacks import scene as loopbacks_scene
from netlearn.figures.same_address.one_link import one_link
from netlearn.figures.same_address.scene import different_links

LOOPBACKS, SAME = "book/three-loopbacks.html", "book/same-address.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
Open = Callable[..., Page]
MakeVisit = Callable[..., Visit]


def figure(page: Page, name: str) -> Locator:
    return page.locator(f"figure[data-figure={name}]")


def key(part: Locator, name: str) -> Locator:
    return part.locator(f":scope > div [data-key='{name}']")  # and not what waits for paper


def step(part: Locator, name: str) -> None:
    part.locator(f"[data-step={name}]").click()


@pytest.fixture
def chapter(page: Open) -> Callable[..., Page]:
    """Opens one of the two chapters and waits until its figure is alive."""

    def open_chapter(name: str, **options: object) -> Page:
        opened = page(name, **options)
        alive = figure(opened, "loopbacks" if name == LOOPBACKS else "same_address")
        expect(alive).to_have_attribute("data-live", "yes")
        return opened

    return open_chapter


def without_python(visit: MakeVisit, address: str) -> tuple[Visit, Page]:
    """A visit in which Python cannot start: what is answered is answered from the record."""
    visitor = visit()
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    return visitor, visitor.open(address)


# The three loopbacks


def test_step_by_step_each_sign_is_shown_alone_and_any_failure_is_answered_from_the_record(
    visit: MakeVisit, site_url: str
) -> None:
    visitor, page = without_python(visit, site_url + LOOPBACKS)
    part = figure(page, "loopbacks")
    title, said = key(part, "title"), key(part, "say")
    expect(title).to_have_text("9 boxes, 9 rings: what is sent to 127.0.0.1 stays in its box")
    expect(key(part, "ring:R5")).to_be_visible()
    expect(key(part, "plate:R2")).to_be_hidden()
    part.get_by_role("button", name="Next ▶").click()
    expect(title).to_have_text("192.0.2.2 is a name for the box: any way to R2 will do")
    expect(key(part, "plate:R2")).to_be_visible()
    expect(key(part, "ring:R5")).to_be_hidden()
    part.get_by_role("button", name="link R1–R2, metric 1", exact=True).click()
    expect(said).to_have_text("Cut: R1–R2. 192.0.2.2: R2 answers, by Source → R1 → R3 → R4 → R2.")
    step(part, "shared")
    expect(title).to_have_text("R4 answers for Source, without R7")
    expect(key(part, "now:plate")).to_have_text("R2 answers, by Source → R1 → R3 → R4 → R2.")
    part.get_by_role("button", name="Mend everything").click()
    part.get_by_role("combobox", name="Who asks").select_option("R6")
    expect(said).to_have_text("192.0.2.150: R7 answers, by R6 → R7.")
    visitor.errors.clear()  # the refused worker


def test_what_was_ticked_is_compared_with_what_is_computed(visit: MakeVisit, site_url: str) -> None:
    visitor, page = without_python(visit, site_url + LOOPBACKS)
    part = figure(page, "loopbacks")
    expect(part.get_by_role("group", name="Your prediction")).to_be_hidden()
    step(part, "break")
    asked = part.get_by_role("group", name="Your prediction")
    asked.get_by_role("button", name="Break it and see").click()
    expect(asked.get_by_role("listitem")).to_have_text(["Choose an answer first."])
    asked.get_by_role("combobox", name="Suppose").select_option(label="R2 goes down")
    asked.get_by_role("checkbox", name="lo", exact=True).check()
    asked.get_by_role("checkbox", name="Router loopback").check()
    asked.get_by_role("button", name="Break it and see").click()
    lines = asked.get_by_role("listitem")
    expect(lines).to_have_text(
        [
            "✓ As you said. lo: Source asks, and Source itself answers. No cable is used.",
            "✗ Look again. Router loopback: No answer: R2 is down, and nobody else has this address.",
            re.compile("^✗ Look again. Anycast: R4 answers, by Source → R1 → R3 → R4."),
        ]
    )
    expect(part.get_by_role("button", name="router R2", exact=True)).to_have_attribute("aria-pressed", "true")
    # Another guess about the same: it is on the screen already.
    asked.get_by_role("checkbox", name="Router loopback").uncheck()
    expect(lines).to_have_count(0)
    asked.get_by_role("checkbox", name="Anycast").check()
    asked.get_by_role("button", name="Break it and see").click()
    expect(asked.get_by_text("✓ As you said.")).to_have_count(3)
    # What was said is about a failure: with that mended it goes.
    part.get_by_role("button", name="Mend everything").click()
    expect(lines).to_have_count(0)
    # Another failure begins with everything mended, and does not take away what was ticked for this one.
    asked.get_by_role("combobox", name="Suppose").select_option(label="R4 and R7 go down")
    expect(key(part, "title")).to_contain_text("break something, and see which still answer")
    expect(asked.get_by_role("checkbox", checked=True)).to_have_count(0)
    asked.get_by_role("combobox", name="Suppose").select_option(label="R2 goes down")
    expect(asked.get_by_role("checkbox", checked=True)).to_have_count(2)
    visitor.errors.clear()  # the refused worker


def test_what_nobody_recorded_is_computed_by_python_in_the_page(chapter: Open) -> None:
    part = figure(chapter(LOOPBACKS), "loopbacks")
    step(part, "plate")
    for name in ("R1–R2", "R2–R4", "R2–R6"):
        part.get_by_role("button", name=f"link {name}, metric 1", exact=True).click()
    expect(key(part, "say")).to_have_text(
        "Cut: R1–R2, R2–R4, R2–R6. 192.0.2.2: R2 answers, by Source → R1 → R5 → R6 → R7 → R2.", timeout=SLOW_MS
    )


def test_the_three_loopbacks_can_be_gone_through_with_the_keyboard_alone(chapter: Open) -> None:
    page = chapter(LOOPBACKS)
    part, focused = figure(page, "loopbacks"), page.locator(":focus")
    assert part.locator(".nl-net [tabindex='0']").count() == 1
    part.locator("[data-step=lo]").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(key(part, "title")).to_contain_text("is a name for the box")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("Next ▶")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(key(part, "title")).to_contain_text("break something")
    expect(focused).to_have_accessible_name("4. Break it")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name(re.compile("^(link|router) "))
    seen = set()
    for press in ["ArrowRight"] * 4 + ["ArrowUp", "ArrowDown", "ArrowLeft"]:
        page.keyboard.press(press)
        seen.add(focused.get_attribute("aria-label"))
    assert len(seen) >= 4, seen
    part.get_by_role("button", name="router R4", exact=True).focus()
    page.keyboard.press("Space")
    expect(key(part, "now:shared")).to_have_text("R7 answers, by Source → R1 → R2 → R7.")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("Suppose")
    part.get_by_role("button", name="Skip the prediction").focus()
    page.keyboard.press("Enter")
    expect(part.get_by_role("group", name="Your prediction")).to_be_hidden()
    expect(focused).to_contain_text("Who asks?")


# One address on two machines


def test_the_whole_story_is_told_from_the_record_and_back_again(visit: MakeVisit, site_url: str) -> None:
    visitor, page = without_python(visit, site_url + SAME)
    part = figure(page, "same_address")
    ahead, back = (part.get_by_role("button", name=name) for name in ("Next ▶", "◀ Back"))
    expect(back).to_be_disabled()
    changes = part.locator("[data-part=changes]")
    expect(changes).to_have_text("")
    for told in one_link("A", False):
        expect(key(part, "title")).to_have_text(told.title)
        expect(key(part, "say")).to_contain_text(told.words)
        if ahead.is_enabled():
            ahead.click()
    expect(ahead).to_be_disabled()
    back.click()
    expect(key(part, "title")).to_have_text(one_link("A", False)[-2].title)
    part.get_by_role("checkbox").check()
    expect(key(part, "count")).to_have_text("1 of 5")
    expect(key(part, "title")).to_have_text(one_link("A", True)[0].title)
    part.get_by_role("combobox").select_option("B")
    part.get_by_role("button", name="On different links").click()
    for told in different_links("B"):
        expect(key(part, "title")).to_have_text(told.title)
        if ahead.is_enabled():
            ahead.click()
    expect(key(part, "belief")).to_have_text("198.51.100.53/32: via R2")
    back.click()
    expect(key(part, "card:B")).to_have_text("off")
    back.click()
    expect(changes).to_have_text(
        "R1’s table: 198.51.100.53/32: via R2 becomes 198.51.100.53/32: via R3. Server B: off becomes card …:53:0b."
    )
    visitor.errors.clear()  # the refused worker


def test_a_guess_about_the_shared_address_is_compared_once_it_is_sent_and_kept_here_only(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit()
    page = visitor.open(site_url + SAME)
    asked = page.get_by_role("group", name="Your prediction")
    asked.get_by_role("button", name="Both", exact=True).click()
    expect(asked.get_by_role("status")).to_have_text("You say: Both. Now step on, until Desk has sent it.")
    for _ in range(4):
        page.get_by_role("button", name="Next ▶").click()
    expect(asked.get_by_role("status")).to_contain_text("It goes to one card alone.")
    page.reload()
    expect(asked.get_by_role("button", name="Both", exact=True)).to_have_attribute("aria-pressed", "true")
    assert visitor.context.cookies() == []


def test_the_story_is_stepped_through_with_the_keyboard_and_no_end_swallows_the_focus(chapter: Open) -> None:
    page = chapter(SAME)
    part, focused = figure(page, "same_address"), page.locator(":focus")
    part.get_by_role("button", name="Skip the prediction").focus()
    page.keyboard.press("Enter")
    part.get_by_role("button", name="Next ▶").focus()
    for told in one_link("A", False)[1:]:
        page.keyboard.press("Enter")
        expect(key(part, "title")).to_have_text(told.title)
    expect(focused).to_have_accessible_name("◀ Back")
    for told in one_link("A", False)[-2::-1]:
        page.keyboard.press("Enter")
        expect(key(part, "title")).to_have_text(told.title)
    expect(focused).to_have_accessible_name("Next ▶")


# Both


@pytest.mark.parametrize(("width", "dark"), [(320, True), (360, False), (1280, False), (1280, True)])
def test_axe_finds_nothing_type_is_readable_and_no_page_scrolls_sideways(chapter: Open, dark: bool, width: int) -> None:
    page = chapter(LOOPBACKS, dark=dark, width=width)
    part = figure(page, "loopbacks")
    for name in loopbacks_scene.STEPS:
        step(part, name)
        expect(part.locator(f"[data-step={name}]")).to_have_attribute("aria-pressed", "true")
        results = Axe().run(page, context="figure")
        assert results.violations_count == 0, results.generate_report()
    check_sizes(part)
    page = chapter(SAME, dark=dark, width=width)
    part = figure(page, "same_address")
    for place in ("On one link", "On different links"):
        part.get_by_role("button", name=place).click()
        part.get_by_role("button", name="Next ▶").click()
        part.get_by_role("button", name="Next ▶").click()
        expect(key(part, "count")).to_contain_text("3 of")
        results = Axe().run(page, context="figure")
        assert results.violations_count == 0, results.generate_report()
    check_sizes(part)


def check_sizes(part: Locator) -> None:
    """No text in the drawing is smaller than 13 pixels, no button than a finger, and the page does not scroll."""
    assert part.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert min(part.locator(".nl-net text").evaluate_all(TYPE)) >= 13
    for button in part.locator("button:visible:not(.nl-bar *)").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44


def test_nothing_of_python_is_loaded_before_something_changes_and_reduced_motion_is_kept(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit(reduced_motion=True, dear=False)
    for name in (LOOPBACKS, SAME):
        page = visitor.open(site_url + name)
        expect(page.locator("figure[data-figure][data-live=no]")).to_have_count(0)
        lines = page.locator(".nl-line").evaluate_all("all => all.map(one => getComputedStyle(one).transitionDuration)")
        assert set(lines) == {"0s"}
        visitor.idle()
    assert not [address for address in visitor.received if re.search(r"worker|pyodide|\.zip|\.pack", address)]


def test_without_javascript_both_are_pictures_of_the_first_moment_with_every_word_in_a_fold(page: Open) -> None:
    opened = page(LOOPBACKS, javascript=False)
    part = figure(opened, "loopbacks")
    expect(part.locator("img:visible")).to_have_count(1)
    assert part.locator("img:visible").get_attribute("alt") == (
        "127.0.0.1: Source asks, and Source itself answers. No cable is used."
    )
    part.locator(".nl-later > summary").click()
    assert "192.0.2.2: R2 answers" in (part.locator("img:visible").last.get_attribute("alt") or "")
    expect(part).to_contain_text("Only programs in the same machine.")
    expect(part.get_by_role("row", name=re.compile("^R2 goes down")).get_by_role("cell")).to_have_count(3)
    opened = page(SAME, javascript=False)
    part = figure(opened, "same_address")
    expect(part.locator("img:visible")).to_have_count(1)
    part.locator(".nl-later > summary").click()
    expect(part.locator("img:visible")).to_have_count(3)
    for told in (*one_link("A", False), *one_link("A", True), *different_links("A")):
        expect(part).to_contain_text(told.title)
