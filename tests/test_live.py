"""Figures on the static site: alive at once from the record, and from Python in the page for everything else."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import runtime
from axe_playwright_python.sync_playwright import Axe
from conftest import TYPE, Visit, launched
from netlearn_site import CONTENT_SECURITY_POLICY
from playwright.sync_api import Locator, Page, Playwright, Route, expect

from netlearn.figures.common.link import written
from netlearn.figures.common.live import Figure

CHAPTER = "book/case-1.html"
SLOW_MS = 60_000  # the machine may be busy; nothing here measures time
Open = Callable[..., Page]
MakeVisit = Callable[..., Visit]


class _Scripts(HTMLParser):
    """What stands in a page's scripts of data."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False  # a script of data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script" and ("type", "application/json") in attrs

        self.found += [""] if self._inside else []

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def computed_figures(text: str) -> list[dict[str, Any]]:
    """The data of every live figure of a page that is computed."""
    scripts = _Scripts()
    scripts.feed(text)
    return [figure for figure in map(json.loads, scripts.found) if "function" in figure]


def explorer(page: Page | Locator) -> Locator:
    """The chapter's first figure; a figure that is given already is itself."""
    return page.locator("figure[data-figure=explorer]").first if isinstance(page, Page) else page


def link(page: Page | Locator, name: str, metric: int = 1) -> Locator:
    return explorer(page).get_by_role("button", name=f"link {name}, metric {metric}", exact=True)


def title(page: Page | Locator) -> Locator:
    return explorer(page).locator("[data-key=title]")


def words(page: Page | Locator) -> Locator:
    return explorer(page).locator("[data-key=say]")


@pytest.fixture
def chapter(page: Open) -> Callable[..., Page]:
    """Opens the chapter and waits until its figure is alive."""

    def open_chapter(**options: object) -> Page:
        opened = page(CHAPTER, **options)
        expect(opened.locator("figure[data-figure=explorer]").first).to_have_attribute("data-live", "yes")
        return opened

    return open_chapter


# From the record


def test_a_single_cut_is_answered_from_the_record_without_python(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    visitor.context.route("**/worker.js*", lambda route: route.abort())
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    expect(link(page, "R2–End")).to_have_attribute("aria-pressed", "true")
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    expect(words(page)).to_contain_text(
        "Source → R1 → R2 → R4 → End; Source → R1 → R2 → R7 → End; Source → R1 → R3 → R4 → End"
    )
    expect(explorer(page).locator("[data-key='cell:R1:1']")).to_have_text("R2 and R3")
    explorer(page).get_by_role("button", name="Reset").click()
    expect(title(page)).to_have_text("One shortest path: via R1 and R2")
    visitor.errors.clear()  # the refused worker


def test_every_single_failure_and_the_chapters_own_flows_are_recorded(built_site: Path) -> None:
    figure, _ = computed_figures((built_site / CHAPTER).read_text(encoding="utf-8"))
    assert len(figure["recorded"]) == 1 + 13 + 7 + 7


def test_a_router_can_be_taken_down_and_up_again(chapter: Open) -> None:
    page = chapter()
    router = explorer(page).get_by_role("button", name="router R2", exact=True)
    router.click()
    expect(router).to_have_attribute("aria-pressed", "true")
    expect(words(page)).to_have_text("1 shortest path, metric 4: Source → R1 → R3 → R4 → End. Down: R2.")
    router.click()
    expect(words(page)).to_have_text("1 shortest path, metric 3: Source → R1 → R2 → End.")


def test_nothing_of_python_is_loaded_before_the_reader_changes_something(visit: MakeVisit, site_url: str) -> None:
    visitor = visit(dear=False)
    page = visitor.open(site_url + CHAPTER)
    expect(page.locator("figure[data-figure=explorer]")).to_have_attribute("data-live", "yes")
    visitor.idle()
    assert not [address for address in visitor.received if re.search(r"worker|pyodide|\.zip|\.pack", address)]


def test_after_the_first_change_python_starts_quietly(chapter: Open) -> None:
    page = chapter(dear=False)
    link(page, "R2–End").click()
    expect(page.locator("html")).to_have_attribute("data-python", "ready", timeout=SLOW_MS)
    expect(explorer(page).locator(".nl-wait")).to_have_text("")


def test_where_data_is_dear_python_waits_until_it_is_needed(visit: MakeVisit, site_url: str) -> None:
    visitor = visit(dear=True)
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    page.evaluate("() => new Promise((idle) => requestIdleCallback(() => setTimeout(idle)))")
    page.wait_for_load_state("networkidle")
    assert not [address for address in visitor.received if "worker" in address]
    link(page, "R1–R2").click()
    expect(title(page)).to_have_text("One shortest path: via R1, R3 and R4", timeout=SLOW_MS)


# From Python in the page


def test_two_cuts_that_nobody_recorded_are_computed_in_the_page(chapter: Open) -> None:
    page = chapter()
    link(page, "R2–End").click()
    link(page, "R3–R4").click()
    expect(words(page)).to_have_text(
        "2 equally short paths, metric 4: Source → R1 → R2 → R4 → End; Source → R1 → R2 → R7 → End."
        " R2 shares the flows between R4 and R7. Cut: R2–End, R3–R4.",
        timeout=SLOW_MS,
    )


def test_case_3_two_links_and_a_router(chapter: Open) -> None:
    page = chapter()
    link(page, "R2–End").click()
    link(page, "R1–R2").click()
    explorer(page).get_by_role("button", name="router R3", exact=True).click()
    expect(title(page)).to_have_text("One shortest path: via R1, R5, R6 and R7", timeout=SLOW_MS)
    expect(page.locator("figure[data-figure=explorer]")).not_to_have_class(re.compile("nl-stale"))


def test_a_changed_metric_breaks_the_tie(chapter: Open) -> None:
    page = chapter()
    link(page, "R2–End").click()
    explorer(page).locator("summary", has_text="Metrics").click()
    metric = explorer(page).get_by_role("spinbutton", name="metric R2 to R7", exact=True)
    metric.fill("2")
    metric.press("Enter")
    expect(words(page)).to_contain_text("Changed metric: R2 to R7 2.", timeout=SLOW_MS)
    expect(explorer(page).locator("[data-key='cell:R2:1']")).to_have_text("R4")
    expect(link(page, "R2–R7", 2)).to_have_count(0)
    expect(page.get_by_role("button", name="link R2–R7, metric 1 → 2, 1 back")).to_have_count(1)
    expect(metric.locator("xpath=following-sibling::*")).to_have_text("was 1")


def test_a_metric_that_cannot_be_is_refused_with_the_possible_ones(chapter: Open) -> None:
    page = chapter()
    explorer(page).locator("summary", has_text="Metrics").click()
    metric = explorer(page).get_by_role("spinbutton", name="metric R2 to R7", exact=True)
    for wrong in ("0", "65536", "1.5", ""):
        metric.fill(wrong)
        metric.press("Tab")
        expect(explorer(page).get_by_role("alert")).to_contain_text("metric R2 to R7: a whole number from 1 to 65535")
        expect(metric).to_have_attribute("aria-invalid", "true")
    expect(title(page)).to_have_text("One shortest path: via R1 and R2")


def test_an_answer_that_arrives_while_the_reader_types_leaves_what_was_typed(chapter: Open) -> None:
    page = chapter()
    flow = explorer(page).get_by_role("spinbutton", name="flow", exact=True)
    flow.fill("12")
    link(page, "R2–End").dispatch_event("click")  # as an answer to an earlier change: the focus stays
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    expect(flow).to_have_value("12")


def test_another_flow_may_go_another_way(chapter: Open) -> None:
    page = chapter()
    link(page, "R2–End").click()
    ways = set()
    for number in range(1, 9):
        flow = explorer(page).get_by_role("spinbutton", name="flow", exact=True)
        flow.fill(str(number))
        flow.press("Enter")
        expect(explorer(page).locator("[data-key=flow-say]")).to_contain_text(f"Flow {number} goes Source → R1")
        ways.add(explorer(page).locator("[data-key=way]").get_attribute("d"))
    assert len(ways) == 3


def test_while_python_starts_the_old_answer_looks_old_and_bytes_are_counted(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    held: list[Route] = []
    visitor.context.route("**/python_stdlib.zip*", lambda route: held.append(route))
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    link(page, "R3–R4").click()
    figure = page.locator("figure[data-figure=explorer]")
    expect(figure).to_have_class(re.compile("nl-stale"))
    expect(page.get_by_role("progressbar", name="Python is arriving")).to_be_visible()
    expect(explorer(page).locator(".nl-wait")).to_contain_text(re.compile(r"\d\.\d of \d\.\d MB"), timeout=SLOW_MS)
    # A change made meanwhile: only its answer is shown in the end.
    link(page, "R5–R6").click()
    expect(link(page, "R5–R6")).to_have_attribute("aria-pressed", "true")
    for route in held:
        route.continue_()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4, R5–R6.", timeout=SLOW_MS)
    expect(figure).not_to_have_class(re.compile("nl-stale"))


def test_whoever_opens_a_link_that_python_must_answer_reads_that_it_is_opening(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    held: list[Route] = []
    take: Callable[[Route], object] = held.append
    visitor.context.route("**/python_stdlib.zip*", lambda route: take(route))
    page = visitor.open(f"{site_url}{CHAPTER}#figure-c03={written({'cut': ['R2-End', 'R3-R4']})}")
    status = explorer(page).get_by_role("status").filter(has_text="Python")
    expect(status).to_contain_text("Opening the link: Python is starting in this page …")
    take = Route.continue_  # it may be asked for only now
    for route in held:
        route.continue_()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4.", timeout=SLOW_MS)
    expect(explorer(page).locator(".nl-wait")).to_have_text("")


def test_a_wait_that_lasts_is_told_to_who_hears_the_page_and_one_that_is_over_soon_is_not(page: Open) -> None:
    chapter = page(CHAPTER)
    for name in ("R2–End", "R3–R4"):
        link(chapter, name).click()
    expect(words(chapter)).to_contain_text("Cut: R2–End, R3–R4.", timeout=SLOW_MS)
    status = explorer(chapter).locator(".nl-wait")
    status.evaluate("""(part) => new MutationObserver(() => {
      part.told = (part.told ?? "") + part.textContent;
    }).observe(part, { childList: true })""")
    link(chapter, "R5–R6").click()
    expect(words(chapter)).to_contain_text("Cut: R2–End, R3–R4, R5–R6.")
    assert not status.evaluate("part => part.told")
    chapter.evaluate("""() => {
      const send = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (...given) { window.letGo = () => send.apply(this, given); };
    }""")
    link(chapter, "R6–R7").click()
    expect(status).to_have_text("Working it out …")
    expect(status).to_have_role("status")
    chapter.evaluate("letGo()")
    expect(words(chapter)).to_contain_text("R6–R7")
    expect(status).to_have_text("")


def test_what_was_kept_and_python_must_answer_is_seen_to_be_waited_for_once_the_page_opens(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit()
    page = visitor.open(site_url + CHAPTER)
    for name in ("R2–End", "R3–R4"):
        link(page, name).click()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4.", timeout=SLOW_MS)
    held: list[Route] = []
    visitor.context.route("**/python_stdlib.zip*", lambda route: held.append(route))
    page.reload()
    expect(page.locator("figure[data-figure=explorer]")).to_have_class(re.compile("nl-stale"))
    expect(page.get_by_role("progressbar", name="Python is arriving")).to_be_visible()
    for route in held:
        route.continue_()


def test_two_figures_on_a_page_share_one_python(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    whole = re.compile(r"<figure[^>]* data-figure=.*?</figure>", re.DOTALL)

    def twice(route: Route) -> None:
        response = route.fetch()
        text = whole.sub(lambda found: found[0] * 2, response.text())
        route.fulfill(response=response, body=text)

    visitor.context.route(f"**/{CHAPTER}", twice)
    page = visitor.open(site_url + CHAPTER)
    first, second = page.locator("figure[data-figure=explorer]").all()
    for figure, cuts in ((first, ["R2–End", "R1–R2"]), (second, ["R1–R3", "R6–R7", "R2–R4"])):
        for name in cuts:
            link(figure, name).click()
    expect(words(first)).to_contain_text("Cut: R1–R2, R2–End.", timeout=SLOW_MS)
    expect(words(second)).to_contain_text("Cut: R1–R3, R2–R4, R6–R7.", timeout=SLOW_MS)
    assert len([address for address in visitor.received if "worker.js" in address]) == 1


def test_python_in_the_page_calls_views_alone_and_has_no_way_out(chapter: Callable[..., Page]) -> None:
    page = chapter()
    asked = """async ([address, name, state]) => {
        const { call } = await import(address);
        return call(name, state).then((told) => Object.keys(told).join(), (reason) => String(reason));
    }"""
    source = page.locator("script[src*='live.js']").get_attribute("src") or ""
    address = page.evaluate("source => new URL('python.js', new URL(source, location)).href", source)
    for name in ("builtins:eval", "netlearn.figures.explorer.view:json", "os.netlearn.figures.explorer.view:view"):
        assert "is no figure's view" in page.evaluate(asked, [address, name, ["6 * 7"]])
    (worker,) = page.workers
    ways = ("XMLHttpRequest", "WebSocket", "EventSource", "WebTransport", "importScripts")
    assert worker.evaluate("ways => ways.map((way) => typeof self[way])", ways) == ["undefined"] * len(ways)
    assert "everything is here" in worker.evaluate("() => fetch('/').catch((reason) => String(reason))")


# When something fails


def spoil(pattern: str, how: str) -> Callable[[Visit], object]:
    """Makes one file fail until it is mended."""

    def break_file(route: Route) -> None:
        if how == "gone":
            route.abort()
        elif how == "missing":
            route.fulfill(status=404, body="not here")
        elif how == "garbled":
            route.fulfill(status=200, content_type="text/javascript", body="this is (not JavaScript")
        else:
            body = route.fetch().body()
            route.fulfill(status=200, content_type="application/octet-stream", body=body[: len(body) // 2])

    return lambda visitor: visitor.context.route(pattern, break_file)


@pytest.mark.parametrize(
    ("pattern", "how"),
    [
        ("**/worker.js*", "garbled"),
        ("**/worker.js*", "missing"),
        ("**/pyodide.asm.wasm.pack*", "short"),
        ("**/pyodide.asm.wasm.pack*", "gone"),
        ("**/python_stdlib.zip*", "short"),
        ("**/python_stdlib.zip*", "gone"),
        ("**/netlearn.zip*", "missing"),
        ("**/pyodide.asm.mjs*", "gone"),
        ("**/pyodide.mjs*", "garbled"),
        ("**/pyodide.mjs*", "gone"),
    ],
)
def test_a_failed_start_says_so_keeps_the_page_and_the_next_change_tries_again(
    visit: MakeVisit, site_url: str, pattern: str, how: str
) -> None:
    visitor = visit(dear=False)
    spoil(pattern, how)(visitor)
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    link(page, "R3–R4").click()
    expect(explorer(page).locator(".nl-wait")).to_contain_text("the next change tries again", timeout=SLOW_MS)
    expect(page.locator("figure[data-figure=explorer]")).to_have_class(re.compile("nl-stale"))
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    visitor.context.unroute(pattern)
    explorer(page).get_by_role("button", name="router R5", exact=True).click()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4. Down: R5.", timeout=SLOW_MS)
    expect(explorer(page).locator(".nl-wait")).to_have_text("")
    visitor.errors.clear()  # the browser's own words about the spoilt file


def test_what_failed_is_not_begun_anew_before_the_reader_changes_something_again(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit(dear=False)
    visitor.context.add_init_script("self.idle = []; self.requestIdleCallback = (act) => idle.push(act)")
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "worker.js" in request.url else None)
    spoil("**/pyodide.asm.mjs*", "gone")(visitor)
    page = visitor.open(site_url + CHAPTER)
    for name in ("R2–End", "R3–R4"):
        link(page, name).click()
    expect(explorer(page).locator(".nl-wait")).to_contain_text("the next change tries again", timeout=SLOW_MS)
    # Only now the browser has time for what could wait: a start that fails as well would swallow the next change.
    page.evaluate("() => { for (const act of idle.splice(0)) act(); return fetch(location.href).then(() => null); }")
    assert len(asked) == 1
    visitor.context.unroute("**/pyodide.asm.mjs*")
    explorer(page).get_by_role("button", name="router R5", exact=True).click()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4. Down: R5.", timeout=SLOW_MS)
    assert len(asked) == 2
    visitor.errors.clear()  # the browser's own words about the lost file


def test_a_network_that_goes_away_in_the_middle_and_comes_back(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()
    held: list[Route] = []
    visitor.context.route("**/python_stdlib.zip*", lambda route: held.append(route))
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    link(page, "R3–R4").click()
    # Other files have arrived by now; this one is under way when the network goes.
    expect(explorer(page).locator(".nl-wait")).to_contain_text(re.compile(r"[1-9]\.\d of \d\.\d MB"), timeout=SLOW_MS)
    for route in held:
        route.abort("internetdisconnected")
    expect(explorer(page).locator(".nl-wait")).to_contain_text("the next change tries again", timeout=SLOW_MS)
    visitor.context.unroute("**/python_stdlib.zip*")
    link(page, "R5–R6").click()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4, R5–R6.", timeout=SLOW_MS)
    visitor.errors.clear()


# For every reader


def test_everything_can_be_done_with_the_keyboard_alone(chapter: Open) -> None:
    page = chapter()
    focused = page.locator(":focus")
    page.get_by_role("button", name="Skip the prediction").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("group", name="Your prediction")).to_be_hidden()
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name(re.compile("^(link|router) "))
    seen = set()
    for key in ["ArrowRight"] * 6 + ["ArrowDown"] * 3 + ["ArrowLeft"] * 6 + ["ArrowUp"] * 4:
        page.keyboard.press(key)
        seen.add(focused.get_attribute("aria-label"))
    assert len(seen) >= 8, seen
    link(page, "R2–End").focus()
    page.keyboard.press("Space")
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("flow")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("Send it again")
    page.keyboard.press("Control+z")
    expect(title(page)).to_have_text("One shortest path: via R1 and R2")
    explorer(page).locator("summary", has_text="Metrics").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("metric Source to R1")
    for key in ("Home", "ArrowRight", "End", "ArrowLeft"):  # they are about the number's digits
        page.keyboard.press(key)
        expect(focused).to_have_accessible_name("metric Source to R1")
    page.keyboard.press("ArrowUp")
    expect(focused).to_have_value("2")
    page.keyboard.press("Tab")
    expect(focused).to_have_accessible_name("metric R1 to Source")


def test_links_and_routers_are_one_tab_stop(chapter: Open) -> None:
    page = chapter()
    assert explorer(page).locator(".nl-net [tabindex='0']").count() == 1
    assert explorer(page).locator("[data-metric][tabindex]").count() == 0, "metrics are plain fields in their fold"


def test_a_finger_can_cut_a_link_and_take_a_router_down(visit: MakeVisit, site_url: str) -> None:
    page = visit(width=412, height=900, has_touch=True, is_mobile=True).open(site_url + CHAPTER)
    link(page, "R2–End").scroll_into_view_if_needed()
    link(page, "R2–End").tap()
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    for name in ("link R2–End, metric 1", "router R4"):
        box = explorer(page).get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, name


def test_a_prediction_is_compared_when_it_has_happened_and_kept_in_this_browser_only(
    visit: MakeVisit, site_url: str
) -> None:
    visitor = visit()
    page = visitor.open(site_url + CHAPTER)
    prediction = page.get_by_role("group", name="Your prediction")
    prediction.get_by_role("button", name="Via R4", exact=True).click()
    expect(prediction.get_by_role("status")).to_have_text("You say: Via R4. Now make it happen and compare.")
    link(page, "R2–End").click()
    expect(prediction.get_by_role("status")).to_contain_text("R4 is used, but not alone")
    page.reload()
    expect(prediction.get_by_role("button", name="Via R4", exact=True)).to_have_attribute("aria-pressed", "true")
    assert visitor.context.cookies() == []


def test_without_javascript_the_figure_is_a_picture_with_its_words(page: Open) -> None:
    opened = page(CHAPTER, javascript=False)
    picture = opened.locator("figure[data-figure=explorer] img").first
    expect(picture).to_be_visible()
    assert (picture.get_attribute("alt") or "").startswith("1 shortest path, metric 3")
    expect(opened.locator("figure[data-figure=explorer] table").first).to_contain_text("R1 and R6")


def test_with_reduced_motion_nothing_moves(chapter: Open) -> None:
    page = chapter(reduced_motion=True)
    link(page, "R2–End").click()
    expect(title(page)).to_have_text("R1 is tied, and so is R2")
    dot = explorer(page).locator("[data-key=dot]")
    rest = dot.get_attribute("transform")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert dot.get_attribute("transform") == rest
    lines = page.locator(".nl-line")
    durations = lines.evaluate_all("all => all.map(one => getComputedStyle(one).transitionDuration)")
    assert set(durations) == {"0s"}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_a_live_figure_and_the_page_does_not_scroll_sideways(
    chapter: Open, dark: bool, width: int
) -> None:
    page = chapter(dark=dark, width=width)
    link(page, "R2–End").click()
    explorer(page).get_by_role("button", name="router R5", exact=True).click()
    expect(words(page)).to_contain_text("Down: R5.", timeout=SLOW_MS)
    results = Axe().run(page, context="figure")
    assert results.violations_count == 0, results.generate_report()
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_drawing_turns_dark_with_the_page(chapter: Open) -> None:
    grounds = {
        dark: explorer(chapter(dark=dark))
        .locator(".nl-net")
        .evaluate("drawing => getComputedStyle(drawing).backgroundColor")
        for dark in (False, True)
    }
    assert grounds == {False: "rgb(255, 255, 255)", True: "rgb(20, 24, 30)"}


@pytest.mark.parametrize("width", [320, 360, 768])
def test_text_in_the_drawing_is_13_pixels_or_more_and_all_of_it_is_seen(chapter: Open, width: int) -> None:
    page = chapter(width=width)
    drawing = explorer(page).locator(".nl-net").bounding_box()
    assert drawing is not None
    assert 0 <= drawing["x"] <= drawing["x"] + drawing["width"] <= width
    assert (drawing["height"] > drawing["width"]) == (width < 600), "upright where there is little room"
    assert min(explorer(page).locator(".nl-net text").evaluate_all(TYPE)) >= 13


# What ships


@pytest.mark.no_cover  # hundreds of answers, each of which other tests ask for as well
def test_every_figures_function_answers_in_the_shipped_bundle_as_in_cpython(
    playwright: Playwright, site_url: str, built_site: Path, request: pytest.FixtureRequest
) -> None:
    swift = launched(playwright)  # what computes for a minute is worth being made faster
    request.addfinalizer(swift.close)
    opened = swift.new_page()
    opened.goto(site_url + CHAPTER)
    address = opened.locator("script[src*='live.js']").get_attribute("src")
    assert address is not None
    asked = {}  # each once, although several figures may have recorded it
    for built in sorted(built_site.rglob("*.html")):
        for figure in computed_figures(built.read_text(encoding="utf-8")):
            for key in figure["recorded"]:
                state = {**figure["state"], **dict(zip(figure["varies"], json.loads(key), strict=True))}
                call = [figure["function"], state]
                asked[json.dumps(call, sort_keys=True)] = call
    calls = list(asked.values())
    assert {name for name, _ in calls} == set(figure_functions())
    answers = opened.evaluate(
        """async ([address, calls]) => {
          const { call } = await import(new URL(address.replace("live.js", "python.js"), location.href).href);
          // As text: megabytes of values, each handed over with its type, take a minute.
          return Promise.all(calls.map(async ([name, state]) => JSON.stringify(await call(name, state))));
        }""",
        [address, calls],
    )
    for (name, state), answer in zip(calls, answers, strict=True):
        assert json.loads(answer) == json.loads(json.dumps(runtime.function(name)(**state)))


def unguarded(visit: MakeVisit) -> Visit:
    """A visit in which Python in the page calls any function, not figures' views alone: for tests that ask for more."""
    visitor, guard = visit(), r"/^netlearn\.figures\.\w+\.view:view$/"

    def opened(route: Route) -> None:
        response = route.fetch()
        assert response.text().count(guard) == 1
        route.fulfill(response=response, body=response.text().replace(guard, "/:/"))

    visitor.context.route("**/worker.js*", opened)
    return visitor


def test_the_whole_pure_core_runs_in_the_shipped_bundle(visit: MakeVisit, site_url: str) -> None:
    opened = unguarded(visit).open(site_url + CHAPTER)
    address = opened.locator("script[src*='live.js']").get_attribute("src")
    found = opened.evaluate(
        """async ([address, modules]) => {
          const { call } = await import(new URL(address.replace("live.js", "python.js"), location.href).href);
          const load = (name) => call("importlib:import_module", [name]).catch((why) => why.message);
          return Promise.all(modules.map(load));
        }""",
        [address, runtime.modules()],
    )
    # A module is no JSON; that the answer complains of this shows that the import went well.
    assert all("Object of type module is not JSON serializable" in answer for answer in found), found


def test_a_run_in_the_page_is_the_run_in_cpython(visit: MakeVisit, site_url: str) -> None:
    opened = unguarded(visit).open(site_url + CHAPTER)
    address = opened.locator("script[src*='live.js']").get_attribute("src")
    runs = [
        "netlearn.simulate(netlearn.forum(), netlearn.CASE_3, seed=7)",
        "netlearn.simulate(netlearn.forum(), netlearn.CASE_2, silent=True, detect='bfd', timers=netlearn.Timers.frr())",
        "netlearn.simulate(netlearn.forum(), netlearn.CASE_1, lfa=True)",
    ]
    digests = [f"(lambda netlearn: {run}.digest())(__import__('netlearn'))" for run in runs]
    found = opened.evaluate(
        """async ([address, expressions]) => {
          const { call } = await import(new URL(address.replace("live.js", "python.js"), location.href).href);
          return Promise.all(expressions.map((expression) => call("builtins:eval", [expression])));
        }""",
        [address, digests],
    )
    assert found == [eval(digest) for digest in digests]


def figure_functions() -> list[str]:
    import netlearn.widgets  # noqa: F401  # every figure is then there

    return [figure.function() for figure in Figure.__subclasses__()]


def test_the_bundle_is_the_same_bytes_when_it_is_made_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = runtime.make()
    package = runtime.FOLDER / f"pyodide-{runtime.PYODIDE}"
    again = tmp_path / "live"
    again.mkdir()
    monkeypatch.setattr(runtime, "LIVE", again)
    monkeypatch.setattr(runtime, "JOB", tmp_path / "job")
    runtime.pack(package)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in made.iterdir()
    }


def test_a_package_with_another_hash_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = tmp_path / f"pyodide-{runtime.PYODIDE}.tgz"
    archive.write_bytes(b"something else")
    monkeypatch.setattr(runtime, "FOLDER", tmp_path)
    with pytest.raises(SystemExit, match="another hash"):
        runtime.pyodide()
    assert not archive.exists()


def test_the_whole_runtime_weighs_at_most_5_11_megabytes() -> None:
    total = sum(runtime.weight(path) for path in runtime.make().iterdir())
    assert total <= 5_110_000, total


def test_the_site_works_where_the_server_sends_the_policy_for_every_file(visit: MakeVisit, site_url: str) -> None:
    visitor = visit()

    def with_policy(route: Route) -> None:
        response = route.fetch()
        policy = CONTENT_SECURITY_POLICY
        route.fulfill(response=response, headers={**response.headers, "content-security-policy": policy})

    visitor.context.route(f"{site_url}**", with_policy)
    page = visitor.open(site_url + CHAPTER)
    link(page, "R2–End").click()
    link(page, "R3–R4").click()
    expect(words(page)).to_contain_text("Cut: R2–End, R3–R4.", timeout=SLOW_MS)
