"""A router's addresses on the site: cables cut one by one, silently too, by hand and by keyboard."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit
from playwright.sync_api import Locator, Page, expect

CHAPTER = "book/router-loopback.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
Open = Callable[..., Page]


@pytest.fixture
def box(page: Open) -> Callable[..., Locator]:
    """Opens the chapter and gives its figure, once it is alive."""

    def open_figure(**options: object) -> Locator:
        figure = page(CHAPTER, **options).locator("figure[data-figure=name_the_box]").first
        expect(figure).to_have_attribute("data-live", "yes")
        return figure

    return open_figure


def button(figure: Locator, name: str) -> Locator:
    return figure.get_by_role("button", name=name, exact=True)


def cable(figure: Locator, name: str) -> Locator:
    return button(figure, f"link {name}, metric 1")


def title(figure: Locator) -> Locator:
    return figure.locator("[data-key=title]")


def said(figure: Locator) -> Locator:
    """What the last change has changed, in words."""
    return figure.locator("[data-part=changes]")


def why(figure: Locator, address: str) -> Locator:
    return figure.locator(f"[data-key='why:{address}']")


def test_cables_are_cut_one_by_one_without_python_and_the_name_of_the_box_stays(
    visit: Callable[..., Visit], site_url: str
) -> None:
    visitor = visit(reduced_motion=True)
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    figure = visitor.open(site_url + CHAPTER).locator("figure[data-figure=name_the_box]").first
    expect(title(figure)).to_have_text("All 6 addresses of R2 answer Source")
    expect(figure.locator("[data-key='port:R1-R2']")).to_have_class(re.compile("nl-port-answers"))

    figure.get_by_role("button", name=re.compile("^The one on the cut cable")).click()
    cable(figure, "R1–R2").click()
    expect(title(figure)).to_have_text("R2 answers to its own name; 1 of its 5 cables' addresses does not")
    expect(figure.locator(".nl-verdict")).to_contain_text("Yes.")
    expect(why(figure, "")).to_have_text("by Source → R1 → R3 → R4 → R2")
    expect(why(figure, "R1-R2")).to_contain_text("though R2 still owns it")
    expect(figure.locator("[data-key='port:R1-R2']")).to_have_class(re.compile("nl-port-gone"))
    expect(figure.locator(".nl-way.nl-shown")).to_have_attribute("data-way", "")
    expect(said(figure)).to_have_text(
        "198.18.0.3: gone; 192.0.2.2, 198.18.0.4 and 3 more: by another way. Pale dashes: the old way."
    )
    expect(figure.locator("summary", has_text="what becomes of each")).to_contain_text("6 rows changed")
    expect(figure.locator(".nl-ghost-way.nl-shown")).to_have_css("visibility", "visible")
    figure.get_by_text("what becomes of each").click()
    figure.get_by_role("radio", name="198.18.0.22").check()
    expect(figure.locator(".nl-way.nl-shown")).to_have_attribute("data-way", "R2-R6")
    expect(figure.locator(".nl-port.nl-chosen")).to_have_attribute("data-port", "R2-R6")
    expect(figure.locator(".nl-ghost-way.nl-shown")).to_have_attribute("data-was", "R2-R6")
    for name in ("R2–R4", "R2–End", "R2–R7"):
        cable(figure, name).click()
    expect(title(figure)).to_have_text("R2 answers to its own name; 4 of its 5 cables' addresses do not")
    cable(figure, "R2–R6").click()
    expect(title(figure)).to_have_text("No way from Source to R2 is left: none of its addresses answers")
    expect(figure.locator("[data-key='plate:']")).to_have_class(re.compile("nl-gone"))

    button(figure, "Reset").click()
    expect(said(figure)).to_contain_text("Choose how a cable fails")
    expect(figure.locator(".nl-ghost, [data-changed]")).to_have_count(0)
    button(figure, "Cut it silently: both ends still see a carrier").click()
    cable(figure, "R1–R2").click()
    expect(why(figure, "R1-R2")).to_have_text("Source → R1 hands its packets to the dead cable towards R2")
    expect(figure.locator("[data-key='old:R1-R2']")).to_have_class("nl-believed")
    figure.get_by_role("combobox", name="When").select_option("right after the failure")
    expect(title(figure)).to_contain_text("For the moment nothing of R2 answers")
    cable(figure, "R1–R2").click()  # mended, however it was cut
    expect(title(figure)).to_have_text("All 6 addresses of R2 answer Source")
    visitor.errors.clear()  # the refused worker


def test_of_two_sessions_the_one_between_the_boxes_outlives_the_cable(page: Open) -> None:
    figure = page("book/session.html", reduced_motion=True).locator("figure[data-figure=name_the_box]").first
    expect(figure).to_have_attribute("data-live", "yes")
    cable(figure, "R1–R2").click()
    expect(figure.locator("[data-key='session-says:']")).to_contain_text("its packets go via R3 or R5")
    expect(figure.locator("[data-key='session:R1-R2']")).to_have_text("✗ drops:")
    expect(said(figure)).to_contain_text("the session of the cable: drops")


def test_by_keyboard_a_router_goes_down_and_another_asks(box: Callable[..., Locator]) -> None:
    figure = box(reduced_motion=True)
    assert figure.locator(".nl-net [tabindex='0']").count() == 1
    figure.locator("[data-node=R2]").focus()
    figure.page.keyboard.press("Enter")
    expect(title(figure)).to_have_text("R2 is down: no name helps where there is no box")
    figure.page.keyboard.press(" ")
    expect(title(figure)).to_have_text("All 6 addresses of R2 answer Source")
    figure.page.keyboard.press("ArrowLeft")
    expect(cable(figure, "R1–R2")).to_be_focused()
    button(figure, "Cut it silently: both ends still see a carrier").click()
    cable(figure, "R1–R2").focus()
    figure.page.keyboard.press("Enter")
    figure.get_by_role("combobox", name="Who asks").select_option("End")
    expect(title(figure)).to_have_text("All 6 addresses of R2 answer End", timeout=SLOW_MS)
    figure.get_by_text("what becomes of each").click()
    figure.locator("[data-look='']").focus()
    figure.page.keyboard.press("ArrowDown")
    expect(figure.locator(".nl-way.nl-shown")).to_have_attribute("data-way", "R1-R2")


@pytest.mark.parametrize(("width", "dark"), [(1280, True), (360, False)])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    box: Callable[..., Locator], width: int, dark: bool
) -> None:
    figure = box(width=width, dark=dark, reduced_motion=True)
    cable(figure, "R1–R2").focus()
    figure.page.keyboard.press("Enter")
    found = Axe().run(figure.page, context="figure")
    assert found.violations_count == 0, found.generate_report()
    assert figure.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_without_javascript_the_picture_and_the_table_are_there(page: Open) -> None:
    figure = page(CHAPTER, javascript=False).locator("figure[data-figure=name_the_box]").first
    assert figure.locator("img").first.evaluate("image => image.naturalWidth") > 0
    expect(figure.locator(".nl-title").first).to_have_text("All 6 addresses of R2 answer Source")
    assert figure.locator(".nl-addresses").first.locator("tr").count() == 1 + 6
    later = figure.locator(".nl-later")
    expect(later.locator(".nl-title")).to_be_hidden()
    later.locator("summary").click()
    expect(later.locator(".nl-title")).to_have_text("R2 answers to its own name; 1 of its 5 cables' addresses does not")
