"""The anycast figure on the site: placed, broken, watched, by hand and by keyboard."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit
from playwright.sync_api import Locator, Page, expect

CHAPTER = "book/anycast.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
Open = Callable[..., Page]


@pytest.fixture
def anycast(page: Open) -> Callable[..., Locator]:
    """Opens the chapter and gives its figure, once it is alive."""

    def open_figure(**options: object) -> Locator:
        figure = page(CHAPTER, **options).locator("figure[data-figure=anycast]").first
        expect(figure).to_have_attribute("data-live", "yes")
        return figure

    return open_figure


def button(figure: Locator, name: str) -> Locator:
    return figure.get_by_role("button", name=name, exact=True)


def title(figure: Locator) -> Locator:
    return figure.locator("[data-key=title]")


def note(figure: Locator, node: str) -> Locator:
    return figure.locator(f"[data-key='note-text:{node}']")


def said(figure: Locator) -> Locator:
    """What the last change has changed, in words."""
    return figure.locator("[data-part=changes]")


def node(figure: Locator, name: str) -> Locator:
    return figure.locator(f"[data-node={name}]")


def test_single_changes_are_answered_from_the_record_and_their_runs_too(
    visit: Callable[..., Visit], site_url: str
) -> None:
    visitor = visit(reduced_motion=True)
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    figure = visitor.open(site_url + CHAPTER).locator("figure[data-figure=anycast]").first
    expect(title(figure)).to_have_text("What Source sends is divided: 75% to R4 and 25% to R7")
    expect(note(figure, "R1")).to_have_text("R4 3:1 R7")
    expect(figure.locator("[data-key='part:R1:0']")).to_have_class(re.compile("nl-instance-3"))
    expect(figure.locator("[data-key='part:R1:1']")).to_have_class(re.compile("nl-instance-6"))
    expect(figure.locator("[data-key='cell:R1:0']")).to_have_text("R4 75%, R7 25%")
    expect(figure.locator(".nl-in-time")).to_be_hidden()

    # The prediction, the cut, and what it comes to.
    button(figure, "None: both instances are alive").click()
    expect(figure.locator(".nl-verdict")).to_contain_text("Now make it happen and compare.")
    cable = button(figure, "link R2–R4, metric 1")
    cable.click()
    expect(cable).to_have_attribute("aria-pressed", "true")
    expect(title(figure)).to_have_text("What Source sends is divided: 50% to R4 and 50% to R7")
    expect(figure.locator(".nl-verdict")).to_contain_text("Some do.")

    # In time: connections break although both instances are alive.
    expect(said(figure)).to_have_text(
        "Source and R1: R4 75%, R7 25% become R4 50%, R7 50%; R2: R4 50%, R7 50% become R7. "
        "Pale hollow arrows: the old way."
    )
    expect(figure.locator("summary", has_text="Who reaches whom")).to_contain_text("3 rows changed")
    expect(figure.locator(".nl-ghost-arrow")).to_have_count(1)
    expect(figure.locator("tr[data-changed] th")).to_have_text(["Source", "R1", "R2"])
    button(figure, "▶ Watch how it comes about").click()
    expect(title(figure)).to_have_text("64 connections are open: what becomes of them?")
    expect(button(figure, "Play")).to_be_focused()
    expect(said(figure)).to_be_hidden()
    expect(figure.locator(".nl-ghost-arrow")).to_be_hidden()
    say, when = figure.locator("[data-key=say]"), figure.locator("[data-key=when]")
    expect(when).to_have_text("before")
    expect(say).to_contain_text("Before anything fails,")
    expect(note(figure, "R2")).to_have_text("R4 1:1 R7")
    button(figure, "Step forward").click()
    expect(say).to_contain_text("The link R2–R4 is cut.")
    expect(note(figure, "R2")).to_have_text("50% lost")
    figure.get_by_role("slider", name="Time").press("End")
    expect(note(figure, "R2")).to_have_text("to R7")
    expect(title(figure)).to_have_text(
        re.compile(r"^Of 64 open connections \d+ are reset by an instance that does not")
    )
    fate = figure.locator(".nl-in-time .nl-fate", has_text=re.compile(r"no answer for \d+ ms, then reset by R7.$"))
    expect(fate).to_have_count(1)
    row = (fate.get_attribute("data-key") or "").removeprefix("fate:")
    expect(figure.locator(f"[data-key='ends:{row}']")).to_be_visible()
    button(figure, "Back to where it ends").click()
    expect(figure.locator(".nl-in-time")).to_be_hidden()
    expect(title(figure)).to_have_text("What Source sends is divided: 50% to R4 and 50% to R7")
    expect(said(figure)).to_contain_text("R2: R4 50%, R7 50% become R7.")  # to watch changes nothing
    button(figure, "Reset").click()
    expect(said(figure)).to_contain_text("Choose what to do")
    expect(figure.locator(".nl-ghost, [data-changed]")).to_have_count(0)
    expect(title(figure)).to_have_text("What Source sends is divided: 75% to R4 and 25% to R7")

    # A service that dies attracts on, and says so at once and in time; withdrawn, it does not.
    button(figure, "Stop the service only").click()
    node(figure, "R1").click()
    expect(figure.get_by_role("alert")).to_have_text("R1 does not have the address. Place it there first.")
    node(figure, "R7").click()
    expect(title(figure)).to_have_text("R7 goes on attracting 6 nodes, to a service that is dead")
    expect(node(figure, "R7")).to_have_attribute(
        "aria-label", re.compile("router R7, has the address, its service is dead")
    )
    button(figure, "▶ Watch how it comes about").click()
    figure.get_by_role("slider", name="Time").press("End")
    expect(title(figure)).to_have_text(re.compile("meet a service that is dead$"))
    button(figure, "Reset").click()
    button(figure, "Withdraw the announcement").click()
    node(figure, "R7").click()
    expect(title(figure)).to_have_text("R4 alone announces it, and everybody goes there")
    visitor.errors.clear()  # the refused worker


def test_it_is_placed_moved_and_broken_by_keyboard_and_by_switches_and_python_answers(
    anycast: Callable[..., Locator],
) -> None:
    figure = anycast(reduced_motion=True)
    assert figure.locator(".nl-net:not(.nl-lanes) [tabindex='0']").count() == 1
    node(figure, "R6").focus()
    figure.page.keyboard.press("Enter")  # the first tool places
    expect(figure.locator("[data-key='plate:R6']")).not_to_have_class(re.compile("nl-hidden"))
    expect(note(figure, "R5")).to_have_text("to R6")
    figure.page.keyboard.press("ArrowRight")
    expect(figure.locator(".nl-net [tabindex='0']")).to_have_count(1)
    node(figure, "R7").focus()
    figure.page.keyboard.press(" ")
    expect(title(figure)).to_have_text("What Source sends is divided: 50% to R4 and 50% to R6", timeout=SLOW_MS)

    # The switches say the same, and a metric decides.
    figure.get_by_text("Every switch of every router").click()
    figure.get_by_text("Metrics: change them").click()
    expect(figure.get_by_role("checkbox", name="R6 has the address")).to_be_checked()
    expect(figure.get_by_role("checkbox", name="R7 service is dead")).to_be_disabled()
    figure.get_by_role("checkbox", name="R4 service is dead").check()
    expect(title(figure)).to_contain_text("R4 goes on attracting", timeout=SLOW_MS)
    figure.get_by_role("checkbox", name="R4 service is dead").uncheck()
    metric = figure.get_by_role("spinbutton", name="metric R2 to R4", exact=True)
    metric.fill("0")
    metric.press("Tab")
    expect(figure.get_by_role("alert")).to_contain_text("a whole number from 1 to 65535")
    metric.fill("9")
    metric.press("Tab")
    expect(note(figure, "R2")).to_have_text("to R6", timeout=SLOW_MS)
    expect(button(figure, "link R2–R4, metric 1 → 9, 1 back")).to_be_visible()
    expect(figure.locator("[data-key='was:R2-R4:R2']")).to_have_text("was 1")

    # An instance that comes as a change resets connections, and a silent cut is noticed late; all told in words.
    button(figure, "Reset").click()
    figure.get_by_role("checkbox", name="R6 gets the address as a change").check()
    figure.get_by_role("combobox", name="Failures are noticed").select_option("bfd")
    button(figure, "▶ Watch how it comes about").click()
    expect(figure.locator(".nl-in-time")).to_be_visible(timeout=SLOW_MS)
    figure.get_by_role("slider", name="Time").press("End")
    expect(title(figure)).to_contain_text("are reset by an instance that does not know them", timeout=SLOW_MS)
    figure.get_by_text("What happens, in words").click()
    expect(figure.locator(".nl-told-failure").first).to_contain_text(
        "R6 has the address from now on, and announces it."
    )
    button(figure, "link R1–R3, metric 1").click()
    expect(figure.locator(".nl-events")).to_contain_text("no BFD packet came for too long", timeout=SLOW_MS)


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    anycast: Callable[..., Locator], width: int, dark: bool
) -> None:
    figure = anycast(width=width, dark=dark, reduced_motion=True)
    button(figure, "Stop the service only").click()
    node(figure, "R7").click()
    assert_accessible(figure.page)
    button(figure, "▶ Watch how it comes about").click()
    expect(figure.locator(".nl-in-time")).to_be_visible()
    button(figure, "Step forward").click()
    for fold in figure.locator("summary").all():
        if fold.is_visible():
            fold.click()
    assert_accessible(figure.page)
    assert figure.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    sizes = figure.locator(".nl-note:not(.nl-hidden) text, .nl-chip:not(.nl-hidden) text").evaluate_all(
        "all => all.map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)"
    )
    assert min(sizes) >= 13


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, context="figure")
    assert found.violations_count == 0, found.generate_report()


def test_without_javascript_the_picture_the_words_and_the_table_are_there(page: Open) -> None:
    figure = page(CHAPTER, javascript=False).locator("figure[data-figure=anycast]").first
    picture = figure.locator("img").first
    assert picture.evaluate("image => image.naturalWidth") > 0
    first = figure.locator(".nl-say").first
    expect(first).to_contain_text("What Source and R1 send is divided: 75% to R4 and 25% to R7.")
    assert figure.locator("table").first.locator("tr").count() == 1 + 9
    later = figure.locator(".nl-later")
    expect(later.locator(".nl-say").first).to_be_hidden()
    later.locator("summary").click()
    expect(later).to_contain_text("are reset by an instance that does not know them.")
