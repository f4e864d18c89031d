"""What a change has changed, in the explorer on the site; and what fits one screen."""

from collections.abc import Callable

import pytest
from conftest import Visit
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]
CHAPTERS = {"explorer": "book/case-1.html", "anycast": "book/anycast.html", "name_the_box": "book/router-loopback.html"}
SCREEN = 900  # px, of which picture, controls and a sentence take no more


@pytest.fixture
def live(visit: Callable[..., Visit], site_url: str) -> Callable[..., Locator]:
    """Opens the chapter of a figure and gives the figure, once it is alive."""

    def open_figure(kind: str, **options: object) -> Locator:
        page = visit(reduced_motion=True, **options).open(site_url + CHAPTERS[kind])
        figure = page.locator(f"figure[data-figure={kind}]").first
        expect(figure).to_have_attribute("data-live", "yes")
        return figure

    return open_figure


def said(figure: Locator) -> Locator:
    return figure.locator("[data-part=changes]")


def cut(figure: Locator, name: str) -> None:
    figure.get_by_role("button", name=f"link {name}, metric 1", exact=True).click()


def ghosts(figure: Locator, kind: str) -> list[str]:
    """The links on which a ghost of this kind stands."""
    found = figure.locator(f"[data-link]:has(.nl-ghost-{kind})")
    return [str(name) for name in found.evaluate_all("all => all.map((on) => on.dataset.link)")]


def test_the_old_way_stays_as_a_ghost_until_the_next_change_and_rows_are_marked(live: Callable[..., Locator]) -> None:
    figure = live("explorer")
    expect(said(figure)).to_contain_text("Press a cable to cut it")
    cut(figure, "R2–End")
    expect(said(figure)).to_have_text(
        "R1: R2 becomes R2 and R3; R2: End becomes R4 and R7; R5: R1 and R6 become R6; and 4 more. "
        "Pale dashes and hollow arrows: the old way."
    )
    assert ghosts(figure, "link") == ["R2-End"]
    expect(figure.locator(".nl-note[data-changed]")).to_have_text(["tie: R2, R3", "tie: R4, R7"])
    fold = figure.locator("summary", has_text="Next hops of all routers")
    expect(fold).to_contain_text("7 rows changed")
    fold.click()
    expect(figure.locator(".nl-hops tr[data-changed]")).to_have_count(7)
    row = figure.locator(".nl-hops tr", has=figure.page.get_by_role("rowheader", name="changed R3"))
    sign = row.locator("th").evaluate("th => getComputedStyle(th, '::before').content")
    assert "▸" in sign  # not by colour alone
    assert int(row.locator("td[data-changed]").first.evaluate("td => getComputedStyle(td).fontWeight")) >= 600

    # What is mended brings the old way back, and the other one is the ghost now.
    figure.get_by_role("button", name="link R2–End, metric 1", exact=True).click()
    expect(said(figure)).to_contain_text("R1: R2 and R3 become R2; R2: R4 and R7 become End;")
    assert sorted(ghosts(figure, "link")) == ["R1-R3", "R2-R4", "R2-R7", "R3-R4", "R4-End", "R7-End"]

    # To undo is a change like any other; Reset leaves no mark.
    figure.get_by_role("button", name="Undo", exact=True).click()
    expect(said(figure)).to_contain_text("R1: R2 becomes R2 and R3; R2: End becomes R4 and R7;")
    assert ghosts(figure, "link") == ["R2-End"]
    figure.get_by_role("button", name="Reset", exact=True).click()
    expect(said(figure)).to_contain_text("Press a cable to cut it")
    expect(figure.locator(".nl-ghost, [data-changed]")).to_have_count(0)


def test_where_nothing_changes_it_says_so(live: Callable[..., Locator]) -> None:
    figure = live("explorer")
    cut(figure, "R2–R4")
    expect(said(figure)).to_have_text("Nothing changes for any router.")
    expect(figure.locator(".nl-ghost")).to_have_count(0)
    expect(figure.locator("summary", has_text="Next hops of all routers")).not_to_contain_text("changed")


@pytest.mark.parametrize("kind", CHAPTERS)
@pytest.mark.parametrize("width", [768, 1280])
def test_picture_controls_and_a_sentence_fit_one_screen(live: Callable[..., Locator], kind: str, width: int) -> None:
    figure = live(kind, width=width)
    cut(figure, "R1–R2")
    expect(said(figure)).not_to_contain_text("Enter")
    parts = figure.locator(":is(.nl-title, .nl-net:not(.nl-lanes), .nl-controls, .nl-changes)")
    edges = parts.evaluate_all(
        "all => all.filter((part) => part.checkVisibility({visibilityProperty: true}))"
        ".map((part) => part.getBoundingClientRect()).flatMap((box) => [box.top, box.bottom])"
    )
    assert max(edges) - min(edges) <= SCREEN


@pytest.mark.parametrize("kind", CHAPTERS)
def test_a_sentence_of_what_changed_moves_nothing(live: Callable[..., Locator], kind: str) -> None:
    figure = live(kind, width=1280)
    parts = figure.locator(".nl-net, .nl-controls, summary")
    places = """all => all.map((part) =>
      part.checkVisibility() ? part.getBoundingClientRect().top + scrollY : "folded")"""
    before = parts.evaluate_all(places)
    cut(figure, "R1–R2")
    expect(said(figure)).not_to_contain_text("Enter")
    assert parts.evaluate_all(places) == before
