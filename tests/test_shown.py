"""What is measured of figures on a screen: each measure finds a planted fault, and nothing where there is none."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from showing import LIMITS, SHOWN

NET = (
    '<svg class="nl-net" width="300" height="90" viewBox="0 0 300 90"><text x="9" y="40" font-size="14">R1</text></svg>'
)
SOUND = f"""<p data-key="say">One way.</p><div style="overflow: hidden">{NET}</div>
<div class="nl-controls"><button style="width: 60px; height: 44px">Reset</button></div>"""
# By measure: what is put in the place of what, and what is said of it.
PLANTED = {
    "sideways": ("overflow: hidden", "overflow: auto; width: 200px", "is 300 px wide in 200"),
    "whole": ("overflow: hidden", "overflow: hidden; width: 200px", "shows 200 px of 300 px"),
    "type": ('font-size="14"', 'font-size="12"', "12 px: “R1”"),
    "clipped": ("<p ", '<p style="overflow: hidden; width: 20px; white-space: nowrap" ', "“One way.”"),
    "targets": ("height: 44px", "height: 20px", "20 px: button"),
    "together": ("<p ", '<p style="margin-bottom: 900px" ', "px high"),
    "chosen": ("<button ", '<button aria-pressed="true" ', "looks as if it were not"),
    "told": ("<p ", '<p class="nl-tells" ', "is there before the answer"),
}
PARTS = {"picture": "svg.nl-net", "controls": ".nl-controls", "sentence": "[data-key=say]"}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script(SHOWN)
    yield context.new_page()
    context.close()


def figure(page: Page, inside: str) -> None:
    page.goto("about:blank")
    page.set_content(
        f'<!doctype html><body style="margin: 0"><figure class="nl-asking" style="margin: 0">{inside}</figure>'
    )


def found(page: Page, measure: str, inside: str) -> list[str]:
    figure(page, inside)
    given = {"asked": [measure], "limits": LIMITS, "parts": PARTS, "finger": True}
    faults: dict[str, list[str]] = page.locator("figure").evaluate("(it, given) => shown.faults(it, given)", given)
    return faults[measure]


@pytest.mark.parametrize("measure", PLANTED)
def test_a_planted_fault_is_found_and_where_there_is_none_nothing_is_said(page: Page, measure: str) -> None:
    sound, faulty, said = PLANTED[measure]
    assert sound in SOUND
    assert found(page, measure, SOUND) == []
    (fault,) = found(page, measure, SOUND.replace(sound, faulty))
    assert said in fault


def test_what_runs_or_moves_by_itself_is_found(page: Page) -> None:
    assert found(page, "running", SOUND) == []
    page.evaluate("document.querySelector('p').animate([{ opacity: 0 }, { opacity: 1 }], { duration: 1e6 })")
    assert "is animated" in page.evaluate("shown.faults(document.body, { asked: ['running'] }).running")[0]
    assert page.locator("figure").evaluate("(it) => shown.moving(it, 6)") == []
    page.evaluate(
        """() => {
          const text = document.querySelector("text");
          const step = (time) => { text.setAttribute("x", time); requestAnimationFrame(step); };
          requestAnimationFrame(step);
        }"""
    )
    assert "moves" in page.locator("figure").evaluate("(it) => shown.moving(it, 6)")[0]


@pytest.mark.parametrize(("look", "said"), [("outline: 3px solid", None), ("outline: none", "is not seen")])
def test_a_focus_that_is_not_seen_or_lost_is_found(page: Page, look: str, said: str | None) -> None:
    figure(page, SOUND.replace("width: 60px", look))
    assert page.locator("figure").evaluate("(it) => shown.focus(it)") == ["the focus is lost"]
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    faults = page.locator("figure").evaluate("(it) => shown.focus(it)")
    assert [said in fault for fault in faults if said] == [True] * bool(said)
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
