"""Figures of a network with hostile names, alive on a page: the reader's hands reach every part of them."""

import json
import re
from collections.abc import Callable

import pytest
from conftest import Visit
from hostile import DESTINATION, FIGURES, LONG, SOURCE, hostile
from playwright.sync_api import Locator, Route, expect

PAGE = "book/case-1.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
KEPT = "netlearn:hostile-way"
CABLES = (
    "loopback",
    "L:x",
    "L",
    "a b",
    '"',
    "<b>",
    'A data-key="B"',
    "#",
    "🛰️🌍",
    LONG,
    "__proto__",
    "constructor",
    "\\",
)
WAYS = (  # the shortest from SOURCE to DESTINATION, and one over a cable that is cut
    (SOURCE, "loopback", "[data-key=say]", DESTINATION),
    (SOURCE, "loopback", "state", "title", "a b", "constructor", DESTINATION),
)
Show = Callable[..., Locator]


@pytest.fixture
def show(visit: Callable[..., Visit], site_url: str, hostile_html: Callable[[str], str]) -> Show:
    """Opens a page of the site with a figure of ours in the place of its own, once that is alive."""

    def show_figure(name: str, kept: str | None = None) -> Locator:
        visitor = visit(reduced_motion=True)
        html = hostile_html(name)

        def exchanged(route: Route) -> None:
            response = route.fetch()
            ours = iter([html])
            whole = re.compile(r"<figure[^>]* data-figure=.*?</figure>", re.DOTALL)
            route.fulfill(response=response, body=whole.sub(lambda _: next(ours, ""), response.text()))

        visitor.context.route(f"**/{PAGE}", exchanged)
        if kept is not None:
            visitor.context.add_init_script(f"localStorage.setItem({json.dumps(KEPT)}, {json.dumps(kept)})")
        visitor.page.on("dialog", lambda dialog: visitor.errors.append(dialog.message))
        figure = visitor.open(site_url + PAGE).locator("figure[data-figure]")
        expect(figure).to_have_attribute("data-live", "yes")
        return figure

    return show_figure


def part(figure: Locator, name: str, value: str) -> Locator:
    """The part whose attribute is this name, whatever that holds."""
    return figure.locator(f"[{name}={json.dumps(value, ensure_ascii=False)}]")


def node(figure: Locator, name: str) -> Locator:
    return part(figure, "data-node", name)


def press(part: Locator) -> None:
    part.dispatch_event("click")  # what is crowded in the drawing may cover it


@pytest.mark.parametrize("name", FIGURES)
def test_every_cable_can_be_cut_and_mended_in_one_figure_or_another(show: Show, name: str) -> None:
    figure = show(name)
    expect(figure.locator("script")).to_have_count(1)
    if name == "player":
        figure.get_by_role("button", name="Skip the prediction").click()
    for cable in CABLES[[*FIGURES].index(name) % 3 :: 3]:
        button = part(figure, "data-link", cable)
        press(button)
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(button).to_have_class(re.compile("nl-cut|nl-dead|nl-path|nl-idle"))
        press(button)
        expect(button).to_have_attribute("aria-pressed", "false")


@pytest.mark.parametrize("name", ["explorer", "anycast"])
def test_what_is_answered_by_python_in_the_page_is_about_the_same_names(show: Show, name: str) -> None:
    figure = show(name)
    for cable in ("__proto__", "L:x"):
        press(part(figure, "data-link", cable))
    words = figure.locator({"explorer": "[data-key=say]", "anycast": "[data-key=words]"}[name])
    expect(words).to_contain_text("(L:x)", timeout=SLOW_MS)
    expect(words).to_contain_text("(__proto__)")


def test_metrics_of_cables_whose_names_hold_blanks_are_told_apart(show: Show) -> None:
    figure = show("player")
    figure.get_by_role("button", name="Skip the prediction").click()
    figure.locator("details.nl-settings > summary").click()
    for link, value in (("a b", "7"), ("a → b", "8")):
        field = part(figure, "data-metric", link).first
        field.fill(value)
        field.press("Enter")
        field.press("Tab")
    expect(figure).not_to_have_class(re.compile("nl-stale"), timeout=SLOW_MS)
    for link, value in (("a b", "7"), ("a → b", "8")):
        expect(part(figure, "data-metric", link).first).to_have_value(value)


@pytest.mark.parametrize("name", ["__proto__", "constructor", "title", "state", "a b", "x:y", LONG])
def test_a_router_of_any_name_tells_what_it_believes(show: Show, name: str) -> None:
    figure = show("player")
    figure.get_by_role("button", name="Skip the prediction").click()
    press(node(figure, name))
    expect(figure.locator("[data-key=belief-title]")).to_have_text(f"What {name} believes now")


@pytest.mark.parametrize("way", [WAYS[0]])
def test_a_way_over_names_with_blanks_can_be_predicted_and_is_kept(show: Show, way: tuple[str, ...]) -> None:
    figure = show("player")
    for name in way[1:]:
        press(node(figure, name))
    verdict = figure.locator(".nl-predict .nl-verdict")
    expect(verdict).to_have_text(f"You expect {' → '.join(way)}. Now play it, and compare.")
    expect(figure.locator(".nl-guess.nl-guessed")).to_have_count(len(way) - 1)
    figure.get_by_role("slider", name="Time").press("End")
    expect(verdict).to_contain_text("Yes")
    expect(verdict).to_contain_text("Right.")
    kept = figure.page.evaluate("(name) => localStorage.getItem(name)", KEPT)
    assert json.loads(kept) == {"way": list(way), "seen": True}


POISON = (
    *("x", "null", "[]", "{}", '"way"', '{"way":null}', '{"way":"New York"}', '{"way":["New York"]}'),
    '{"way":{"0":"New York","length":1}}',
    *(json.dumps({"way": way, "seen": True}) for way in (
        (SOURCE, DESTINATION),
        (SOURCE, "loopback", DESTINATION),
        (SOURCE, "loopback", "nowhere", "[data-key=say]", DESTINATION),
        (SOURCE, "loopback", None, DESTINATION),
        (SOURCE, "loopback", SOURCE, "loopback", "[data-key=say]", DESTINATION),
        ("loopback", "[data-key=say]", DESTINATION),
        WAYS[1],  # over a cable that is cut
    )),
)  # fmt: skip


@pytest.mark.parametrize("kept", POISON)
def test_a_kept_way_that_cannot_be_does_not_lock_the_question(show: Show, kept: str) -> None:
    figure = show("player", kept)
    expect(figure.locator("[data-part=sofar]")).to_have_text(f"Your way begins at {SOURCE}.")
    expect(figure.get_by_role("button", name="Skip the prediction")).to_be_visible()
    press(node(figure, "loopback"))
    expect(figure.locator("[data-part=sofar]")).to_have_text(f"Your way so far: {SOURCE} → loopback")


def test_the_way_to_each_address_of_a_router_is_shown_when_it_is_chosen(show: Show) -> None:
    figure = show("box")
    figure.locator("summary", has_text="what becomes of each").click()
    links = [""] + [link.name for link in hostile().links if "loopback" in (link.a, link.b)]
    for link in links:
        part(figure, "data-look", link).check()
        expect(part(figure, "data-way", link)).to_have_class(re.compile("nl-shown"))
        expect(figure.locator(".nl-way.nl-shown")).to_have_count(1)


def test_an_answer_to_a_question_may_be_any_name(show: Show) -> None:
    figure = show("explorer")
    for name in ("__proto__", '"', "<b>", "Washington, DC", LONG):
        option = part(figure, "data-option", name)
        option.click()
        expect(option).to_have_attribute("aria-pressed", "true")
        expect(figure.locator(".nl-verdict")).to_have_text(f"You say: {name}. Now make it happen and compare.")
    press(part(figure, "data-link", "state"))
    expect(figure.locator(".nl-verdict")).to_have_text(f"So you say: {LONG}.")
