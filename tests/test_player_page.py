"""The convergence player on the site: at the reader's own pace, by hand and by keyboard, predicted and then watched."""

import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import Visit
from playwright.sync_api import FloatRect, Locator, Page, expect

CHAPTER = "book/case-3.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
WAY = ("R1", "R5", "R6", "R7", "End")
Open = Callable[..., Page]


@pytest.fixture
def player(page: Open) -> Callable[..., Locator]:
    """Opens case 3 and gives its first player, once it is alive; its animation is still locked."""

    def open_player(**options: object) -> Locator:
        figure = page(CHAPTER, **options).locator("figure[data-figure=player]").first
        expect(figure).to_have_attribute("data-live", "yes")
        return figure

    return open_player


@pytest.fixture
def skipped(player: Callable[..., Locator]) -> Callable[..., Locator]:
    """The same without the prediction."""

    def open_player(**options: object) -> Locator:
        figure = player(**options)
        button(figure, "Skip the prediction").click()
        return figure

    return open_player


def button(figure: Locator, name: str) -> Locator:
    return figure.get_by_role("button", name=name, exact=True)


def when(figure: Locator) -> Locator:
    return figure.locator("[data-key=when]")


def say(figure: Locator) -> Locator:
    return figure.locator("[data-key=say]")


def title(figure: Locator) -> Locator:
    return figure.locator("[data-key=title]")


def asked(figure: Locator) -> Locator:
    return figure.locator("[data-key=title-asks]")


def moment(figure: Locator) -> int:
    return int(figure.locator(".nl-player").get_attribute("data-moment") or -1)


def node(figure: Locator, name: str) -> Locator:
    return figure.locator(f"[data-node={name}]")


# At the reader's own pace


def test_it_begins_before_anything_fails_and_steps_to_the_failure_and_back(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    expect(when(figure)).to_have_text("before")
    expect(say(figure)).to_have_text("Before anything fails, all 64 flows arrive.")
    button(figure, "Step forward").click()
    expect(when(figure)).to_have_text("0 ms")
    expect(say(figure)).to_contain_text("R3 goes down.")
    button(figure, "Step forward").click()
    expect(say(figure)).to_contain_text("R1 notices: R2 and R3 are out of reach")
    for _ in range(5):
        button(figure, "Step back").click()
    expect(when(figure)).to_have_text("before")


def test_the_jump_goes_from_one_change_of_a_route_to_the_next(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    told = []
    for _ in range(4):
        button(figure, "Jump to the next change of a route").click()
        told.append(say(figure).inner_text())
    assert "is cut" in told[0]
    assert "R2 now hands what is for End to R4 or R7" in told[1]
    assert "R1 and R5 now point at each other" in told[2]
    expect(figure.locator("[data-key='loop:R1-R5']")).to_be_visible()
    expect(figure.locator("[data-key='note-text:R5']")).to_have_text(re.compile(r"loses \d+/64"))


def test_the_scrubber_goes_to_the_end_and_back_by_keyboard(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    scrub = figure.get_by_role("slider", name="Time")
    scrub.focus()
    scrub.press("End")
    expect(when(figure)).to_have_text("57.5 ms")
    expect(figure.locator("[data-key='way:0']")).not_to_have_class(re.compile("nl-hidden"))
    scrub.press("ArrowLeft")
    expect(when(figure)).to_have_text("57.4 ms")
    scrub.press("Home")
    expect(when(figure)).to_have_text("before")
    expect(scrub).to_have_attribute("aria-valuetext", "before: Before anything fails, all 64 flows arrive.")


def test_the_scrubber_and_the_lanes_follow_the_hand(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_role("slider", name="Time").fill("1000")
    expect(when(figure)).to_have_text("57.5 ms")
    lanes = figure.locator(".nl-lanes")
    lanes.scroll_into_view_if_needed()
    frame = box(lanes)
    lanes.click(position={"x": frame["width"] * 0.12, "y": frame["height"] * 0.5})
    expect(when(figure)).to_have_text("before")


def test_it_plays_to_the_end_and_says_pause_meanwhile(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_role("combobox", name="Speed").select_option("4")
    button(figure, "Play").click()
    expect(button(figure, "Pause")).to_be_visible()
    expect(figure.locator(".nl-flying").first).to_be_visible(timeout=SLOW_MS)
    expect(when(figure)).to_have_text("57.5 ms", timeout=SLOW_MS)
    expect(button(figure, "Play")).to_be_visible(timeout=SLOW_MS)


def test_it_stands_still_when_paused(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    button(figure, "Play").click()
    expect(when(figure)).to_have_text("5 ms", timeout=SLOW_MS)
    button(figure, "Pause").click()
    value = figure.get_by_role("slider", name="Time").input_value()
    figure.page.evaluate("() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))")
    assert figure.get_by_role("slider", name="Time").input_value() == value


STANDING = "dots => dots.map((dot) => dot.getAttribute('transform'))"


def test_dots_stand_until_play_go_meanwhile_and_stop_where_they_are(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    dots = figure.locator("[data-dot]")
    assert dots.evaluate_all(STANDING) == [None] * 3
    expect(dots.locator("text").first).to_be_visible()
    button(figure, "Step forward").click()
    assert dots.evaluate_all(STANDING) == [None] * 3
    button(figure, "Play").click()
    expect(figure.locator("[data-dot].nl-moving").first).to_be_attached(timeout=SLOW_MS)
    button(figure, "Pause").click()
    expect(figure.locator("[data-dot].nl-moving text").first).to_be_hidden()  # no metric goes along a cable
    there = dots.evaluate_all(STANDING)
    figure.page.evaluate("() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)))")
    assert dots.evaluate_all(STANDING) == there


def test_what_plays_stops_out_of_sight(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    button(figure, "Play").click()
    expect(button(figure, "Pause")).to_be_visible()
    figure.page.evaluate("() => { document.querySelector('figure').style.marginTop = '300vh'; scrollTo(0, 0) }")
    expect(figure.get_by_role("button", name="Play", exact=True)).to_be_attached(timeout=SLOW_MS)


def test_with_reduced_motion_it_plays_in_steps_and_nothing_travels(skipped: Callable[..., Locator]) -> None:
    figure = skipped(reduced_motion=True)
    figure.get_by_role("combobox", name="Speed").select_option("4")
    button(figure, "Play").click()
    expect(when(figure)).to_have_text("57.5 ms", timeout=SLOW_MS)
    assert figure.locator(".nl-runner [transform]").count() == 0


# What routers believe


def test_tapping_a_router_shows_its_table_beside_the_truth_and_its_old_links(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    node(figure, "R5").click()
    expect(figure.locator("[data-key='belief-title']")).to_have_text("What R5 believes now")
    expect(figure.locator("[data-key='belief-state']")).to_have_text("Its map is true.")
    button(figure, "Step forward").click()
    expect(figure.locator("[data-key='belief-state']")).to_contain_text("R1–R2")
    expect(figure.locator("[data-key='belief:End:0']")).to_have_text("R1 or R6")
    expect(figure.locator("[data-key='belief:End:1']")).to_have_text("R6")
    expect(figure.locator("[data-key='old:R1-R2']")).to_have_class("nl-believed")
    figure.get_by_role("slider", name="Time").press("End")
    expect(figure.locator("[data-key='belief:End:0']")).to_have_text("R6")
    expect(figure.locator("[data-key='old:R1-R2']")).to_have_class("nl-believed nl-hidden")


def test_a_router_that_is_down_believes_nothing(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    button(figure, "Step forward").click()
    node(figure, "R3").click()
    expect(figure.locator("[data-key='belief-state']")).to_contain_text("R3 is down. It believes nothing")


# By keyboard


def test_the_drawing_is_one_tab_stop_and_focus_alone_shows_what_a_router_believes(
    skipped: Callable[..., Locator],
) -> None:
    figure = skipped()
    assert figure.locator(".nl-net:not(.nl-lanes) [tabindex='0']").count() == 1
    node(figure, "R1").focus()
    figure.page.keyboard.press("ArrowRight")
    assert figure.locator(".nl-net [tabindex='0']").count() == 1
    node(figure, "R6").focus()
    expect(figure.locator("[data-key='belief-title']")).to_have_text("What R6 believes now")


def test_every_sentence_of_the_run_leads_to_its_moment(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_text("What happens, in words").click()
    sentences = figure.locator(".nl-events button")
    assert figure.locator(".nl-events [tabindex='0']").count() == 1
    sentences.first.focus()
    figure.page.keyboard.press("ArrowDown")
    figure.page.keyboard.press("Enter")
    expect(when(figure)).to_have_text("0 ms")
    expect(figure.locator(".nl-events .nl-now").first).to_contain_text("0 ms")
    for item in sentences.all():
        item.click()
        time, _, words = item.inner_text().partition(" ")
        assert words.split(maxsplit=1)[-1] in say(figure).inner_text() or words in say(figure).inner_text(), time


# Changes


def test_a_late_router_makes_a_long_loop_and_its_undoing_takes_it_away(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    wait = figure.get_by_role("spinbutton", name="SPF delay of R5 in ms")
    wait.fill("1000")
    wait.press("Tab")
    expect(title(figure)).to_have_text(re.compile("^After 1.00"), timeout=SLOW_MS)
    figure.get_by_text("What happens, in words").click()
    expect(figure.locator(".nl-told .nl-told-loop").last).to_contain_text("it lasted 950")
    wait.fill("0")
    wait.press("Tab")
    expect(title(figure)).not_to_contain_text("point at each other", timeout=SLOW_MS)
    expect(figure.locator(".nl-told .nl-told-loop")).to_have_count(0)
    button(figure, "Reset").click()
    expect(title(figure)).to_have_text(re.compile("^After 57.5 ms"))


def test_a_mended_cable_a_router_and_a_way_to_notice_are_simulated(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    button(figure, "link R1–R2, metric 1").click()
    expect(button(figure, "link R1–R2, metric 1")).to_have_attribute("aria-pressed", "false")
    expect(say(figure)).to_contain_text("Before anything fails", timeout=SLOW_MS)
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    figure.get_by_role("checkbox", name="R3 goes down").uncheck()
    expect(title(figure)).to_have_text("After 58.1 ms every table fits again", timeout=SLOW_MS)
    figure.get_by_role("combobox", name="Failures are noticed").select_option("bfd")
    expect(title(figure)).to_have_text(re.compile(r"^After [6-9]\d\d(\.\d)? ms"), timeout=SLOW_MS)


def test_a_cut_keeps_the_true_time_and_shows_what_is_true_then(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    for _ in range(4):
        button(figure, "Step forward").click()
    expect(when(figure)).to_have_text("7 ms")
    button(figure, "link R5–R6, metric 1").click()
    expect(asked(figure)).to_contain_text("R5–R6", timeout=SLOW_MS)
    expect(when(figure)).to_have_text("7 ms")
    expect(figure.locator("[data-key='cut:R5-R6']")).to_be_visible()
    figure.get_by_role("slider", name="Time").press("Home")
    expect(say(figure)).to_contain_text("Before anything fails")
    cross = node(figure, "R3").locator(".nl-cross")
    assert cross.evaluate("part => getComputedStyle(part).strokeOpacity") == "0"  # it is not down yet
    button(figure, "link R5–R6, metric 1").click()
    expect(when(figure)).to_have_text("0 ms", timeout=SLOW_MS)  # what is done before anything fails is seen at once


def test_an_outage_is_drawn_to_scale(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    figure.get_by_role("combobox", name="Failures are noticed").select_option("hello")
    said = re.compile(r"the first router notices after 3\d\.\d+ s, all messages arrive again")
    expect(figure.locator("[data-key=outage-say]")).to_have_text(said, timeout=SLOW_MS)
    drawn = (figure.locator(f"[data-key=outage-{part}]").get_attribute("d") for part in ("unnoticed", "noticed"))
    (_, end), (_, last) = (map(float, re.findall(r"[MH]([\d.]+)", each or "")) for each in drawn)
    assert end > 0.7 * last  # not to know is the longest wait; the others' patience ends a little later


def test_a_delay_that_cannot_be_is_refused_in_words(skipped: Callable[..., Locator]) -> None:
    figure = skipped()
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    wait = figure.get_by_role("spinbutton", name="SPF delay of R5 in ms")
    wait.fill("99999999")
    wait.press("Tab")
    expect(figure.get_by_role("alert")).to_contain_text("a whole number from 0 to 60000")
    expect(wait).to_have_attribute("aria-invalid", "true")


# Predict, then watch


def test_nothing_plays_before_the_reader_has_predicted(player: Callable[..., Locator]) -> None:
    figure = player()
    for name in ("Play", "Step back", "Step forward", "Jump to the next change of a route"):
        expect(button(figure, name)).to_be_disabled()
    expect(figure.get_by_role("slider", name="Time")).to_be_disabled()
    expect(asked(figure)).to_have_text("R1–R2 and R2–End are cut and R3 goes down. What will the routers do?")
    assert_untold(figure)


def test_nothing_is_told_between_the_prediction_and_the_end_of_the_run(player: Callable[..., Locator]) -> None:
    figure = player()
    for name in WAY:
        node(figure, name).click()
    assert_untold(figure)
    button(figure, "Jump to the next change of a route").click()
    assert_untold(figure)
    figure.get_by_text("What happens, in words").click()
    expect(figure.locator(".nl-told .nl-events li").first).to_be_visible()
    expect(figure.locator(".nl-told .nl-events li").last).to_be_hidden()
    figure.get_by_role("slider", name="Time").press("End")
    expect(title(figure)).to_be_visible()
    expect(asked(figure)).to_be_hidden()
    expect(figure.locator(".nl-caption.nl-tells")).to_be_visible()
    expect(figure.locator(".nl-told .nl-events li").last).to_be_visible()
    figure.get_by_role("slider", name="Time").press("Home")
    expect(figure.locator(".nl-tick", has_text="56.6 ms")).to_be_visible()


def test_a_prediction_and_what_is_said_of_it_move_nothing(player: Callable[..., Locator]) -> None:
    figure = player()
    places = [figure.locator(part) for part in (".nl-as-then .nl-net", ".nl-deck", ".nl-lanes")]
    before = [in_page(place) for place in places]
    for name in WAY:
        node(figure, name).click()
    assert [in_page(place) for place in places] == before
    figure.get_by_role("slider", name="Time").press("End")
    expect(figure.locator(".nl-verdict")).to_contain_text("Yes.")
    assert [in_page(place) for place in places] == before


def assert_untold(figure: Locator) -> None:
    """What comes is not seen: neither claim nor caption, and of the times on the axis only those that have come."""
    for part in (title(figure), figure.locator(".nl-caption.nl-tells"), figure.locator("[data-key=outage-say]")):
        expect(part).to_be_hidden()
    expect(figure.locator(".nl-tick", has_text="56.6 ms")).to_be_hidden()
    present = box(figure.locator(".nl-present"))
    curtain = box(figure.locator(".nl-curtain rect"))
    assert curtain["x"] <= present["x"] + 3
    assert figure.locator(".nl-curtain rect").evaluate("part => getComputedStyle(part).fillOpacity") == "1"


def test_a_right_prediction_stands_beside_the_simulation_and_survives_a_reload(
    player: Callable[..., Locator],
) -> None:
    figure = player()
    for name in WAY:
        node(figure, name).click()
    verdict = figure.locator(".nl-verdict")
    expect(verdict).to_have_text("You expect Source → R1 → R5 → R6 → R7 → End. Now play it, and compare.")
    expect(button(figure, "Play")).to_be_focused()
    figure.get_by_role("slider", name="Time").press("End")
    expect(verdict).to_contain_text("The routers: Source → R1 → R5 → R6 → R7 → End")
    expect(verdict).to_contain_text("Yes.")
    figure.page.reload()
    expect(figure).to_have_attribute("data-live", "yes")
    expect(verdict).to_contain_text("You said: Source → R1 → R5 → R6 → R7 → End")
    expect(button(figure, "Play")).to_be_enabled()
    button(figure, "Start again").click()
    expect(button(figure, "Play")).to_be_disabled()
    expect(figure.locator("[data-part=sofar]")).to_have_text("Your way begins at Source.")


def test_a_wrong_prediction_is_answered_with_why(player: Callable[..., Locator]) -> None:
    figure = player()
    for name in ("R1", "R5", "R6", "R2", "R4", "End"):
        node(figure, name).click()
    expect(figure.locator(".nl-guessed")).to_have_count(6)
    figure.get_by_role("slider", name="Time").press("End")
    expect(figure.locator(".nl-verdict")).to_contain_text("Not this time.")
    expect(figure.locator(".nl-verdict")).to_contain_text("stand at R6 and add up")


def test_a_way_that_cannot_be_is_refused_in_words_and_a_click_back_shortens_it(player: Callable[..., Locator]) -> None:
    figure = player()
    sofar = figure.locator("[data-part=sofar]")
    node(figure, "R7").click()
    expect(sofar).to_have_text("No cable that works leads from Source to R7. Your way begins at Source.")
    node(figure, "R1").click()
    node(figure, "R2").click()
    expect(sofar).to_have_text("No cable that works leads from R1 to R2. Your way so far: Source → R1")
    node(figure, "R3").click()
    expect(sofar).to_have_text("R3 is down. Nothing passes there. Your way so far: Source → R1")
    node(figure, "R5").click()
    expect(figure.locator("[data-part=sofar]")).to_have_text("Your way so far: Source → R1 → R5")
    node(figure, "R1").click()
    expect(figure.locator("[data-part=sofar]")).to_have_text("Your way so far: Source → R1")


def test_a_way_can_be_predicted_by_keyboard_alone(player: Callable[..., Locator]) -> None:
    figure = player()
    for name in WAY:
        node(figure, name).focus()
        figure.page.keyboard.press("Enter")
    expect(figure.locator(".nl-verdict")).to_contain_text("Now play it")


# For everyone


def test_without_javascript_the_first_moment_is_seen_and_what_comes_is_in_a_fold(page: Open) -> None:
    opened = page(CHAPTER, javascript=False)
    figure = opened.locator("figure[data-figure=player]").first
    first, last, outage, lanes = figure.locator("img").all()
    for image in (first, last, outage, lanes):
        assert image.evaluate("image => image.naturalWidth") > 0
    expect(first).to_have_attribute("alt", re.compile("Before anything fails, all 64 flows arrive.$"))
    for part in (last, outage, lanes, figure.get_by_text("R1 and R5 point at each other for 800 µs.")):
        expect(part).to_be_hidden()
    figure.get_by_text("Show what happens").click()
    for part in (last, outage, lanes, figure.get_by_text("R1 and R5 point at each other for 800 µs.")):
        expect(part).to_be_visible()
    assert figure.locator(".nl-later .nl-events li").count() > 30


def test_paper_shows_what_comes(player: Callable[..., Locator]) -> None:
    figure = player()
    later = figure.locator(".nl-later img").first
    expect(later).to_be_hidden()
    figure.page.emulate_media(media="print")
    expect(later).to_be_visible()
    expect(figure.locator(".nl-time")).to_be_hidden()


@pytest.mark.parametrize("width", [768, 1280])
def test_picture_controls_and_a_sentence_fit_one_screen(skipped: Callable[..., Locator], width: int) -> None:
    figure = skipped(width=width)
    top, end = (box(figure.locator(part)) for part in ("[data-key=title]", ".nl-said-now"))
    assert end["y"] + end["height"] - top["y"] < 900


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    player: Callable[..., Locator], width: int, dark: bool
) -> None:
    figure = player(width=width, dark=dark, reduced_motion=True)
    assert_accessible(figure.page)
    button(figure, "Skip the prediction").click()
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    figure.get_by_text("What happens, in words").click()
    for _ in range(4):
        button(figure, "Jump to the next change of a route").click()
    assert_accessible(figure.page)
    assert figure.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    ground = figure.locator(".nl-lanes").evaluate("drawing => getComputedStyle(drawing).backgroundColor")
    assert ground == ("rgb(20, 24, 30)" if dark else "rgb(255, 255, 255)")


def test_lanes_are_as_wide_as_the_figure_and_as_large_on_a_small_screen(skipped: Callable[..., Locator]) -> None:
    figure = skipped(width=360)
    figure.get_by_role("slider", name="Time").press("End")
    lanes, whole = figure.locator(".nl-lanes"), figure.locator(".nl-time")
    assert box(lanes)["width"] == box(whole)["width"]
    size = "part => getComputedStyle(part).fontSize"
    assert float(lanes.locator(".nl-lane-name").first.evaluate(size).removesuffix("px")) >= 13
    assert lanes.evaluate("drawing => drawing.viewBox.baseVal.width - drawing.clientWidth") == 0  # a unit is a pixel
    seen = sorted(box(tick)["x"] for tick in lanes.locator(".nl-tick").all() if tick.is_visible())
    assert all(later - earlier > 40 for earlier, later in pairwise(seen))


def in_page(part: Locator) -> FloatRect:
    """Where a part is in the document, wherever a click has scrolled to."""
    return {**box(part), "y": box(part)["y"] + part.evaluate("() => scrollY")}


def box(part: Locator) -> FloatRect:
    """Where a part is in the window."""
    found = part.bounding_box()
    assert found is not None
    return found


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, context="figure")
    assert found.violations_count == 0, found.generate_report()


def test_its_own_runs_need_no_python(visit: Callable[..., Visit], site_url: str) -> None:
    visitor = visit()
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    opened = visitor.open(site_url + CHAPTER)
    figure = opened.locator("figure[data-figure=player]").first
    button(figure, "Skip the prediction").click()
    figure.get_by_text("Change what fails, the timers and the metrics").click()
    wait = figure.get_by_role("spinbutton", name="SPF delay of R5 in ms")
    wait.fill("1000")
    wait.press("Tab")
    expect(title(figure)).to_have_text(re.compile("^After 1.00"))
    visitor.errors.clear()  # the refused worker
