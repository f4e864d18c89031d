"""How each kind of figure is opened, asked and looked at, in every width, mode and hand; for the tests and the walk.

`GALLERY` is a page that holds a figure of each kind, made from the built pages: opened once, it shows them all.
"""

import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Request, expect
from serve import SiteHandler, site_server

SHOWN = (Path(__file__).parent / "shown.js").read_text(encoding="utf-8")
AXE = Axe(AXE_SCRIPT + (Path(__file__).parent / "alike.js").read_text(encoding="utf-8"))
FIGURE = re.compile(r'<figure[^>]* data-figure="([a-z_]+)".*?</figure>', re.DOTALL)

WIDTHS = {320: 740, 360: 740, 768: 900, 1280: 900, 1920: 900}  # with the height of such a screen
MODES: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "reduced motion": {"reduced_motion": "reduce"},
    "print": {"media": "print"},
}
HANDS: dict[str, dict[str, Any]] = {"mouse": {}, "touch": {"has_touch": True}, "keyboard": {}}
STATES = ("first", "predicted", "changed", "reset")
AXED = (*product((1280, 360), ("light", "dark", "forced colours")),)  # the screens on which axe is asked about a page

# In CSS pixels: the smallest type and target, what a finger wants, what is room between smaller ones, and one screen.
LIMITS = {"type": 13, "target": 24, "finger": 44, "room": 4, "screen": 900}
ONE_SCREEN = (768, 1280)  # the widths at which a figure fits one


class Kind(NamedTuple):
    """What a reader does with a kind of figure, as selectors of what is pressed, and which parts belong together."""

    predict: tuple[str, ...]  # answers its question
    change: tuple[str, ...]  # changes the picture
    reset: tuple[str, ...] = ("[data-do=reset]",)
    picture: str = "svg.nl-net:not(.nl-icon)"
    controls: str = ".nl-controls"
    sentence: str = "[data-key=say]"


CABLE = ".nl-net [role=button][data-link]"
SKIP = "[data-do=skip]"
OPTION = "[data-option]"
KINDS = {
    "explorer": Kind((OPTION,), (CABLE,)),
    "player": Kind(
        tuple(f".nl-net [role=button][data-node={name}]" for name in ("R1", "R3", "R4", "End")),
        (SKIP, "[data-do=forward]"),
        picture=".nl-whole svg.nl-net",  # its lanes are pictures, too
    ),
    "anycast": Kind((OPTION,), (CABLE,), sentence="[data-key=words]"),
    "name_the_box": Kind((OPTION,), (CABLE,)),
    "packet_path": Kind((OPTION,), ("[data-do=next]",), sentence="[data-part=now], .nl-way-steps li:first-child"),
    "reach": Kind(
        ("[data-guess]", "[data-do=show]"),
        (SKIP, "input[type=radio]:not(:checked)"),
        controls="fieldset",
        sentence=".nl-whys",
    ),
    "doors": Kind((), (".nl-door button",), (".nl-door button",), ".nl-rooms", ".nl-controls", "[data-part=count]"),
    "loopbacks": Kind(
        ("[data-step=break]", "[data-tick]", "[data-do=see]"),
        ("[data-step]:not([aria-pressed=true])",),
        controls=".nl-steps",
        sentence="[data-key=say]",
    ),
    "same_address": Kind((OPTION,), ("[data-do=next]",)),
    "sandbox": Kind((), (CABLE,), controls=".nl-tools"),
    "what_if": Kind((OPTION,), (CABLE,), controls=".nl-bar"),
    "quiz": Kind(
        (".nl-item input", ".nl-item button[type=submit]"),
        (".nl-item input:not(:checked)", ".nl-item button[type=submit]"),
        ("[data-do=forget]",),
        ".nl-item:first-of-type .nl-question",
        ".nl-item:first-of-type .nl-choice",
        ".nl-item:first-of-type button[type=submit]",
    ),
}


# The page of all figures


@cache
def figures_of(site: Path) -> tuple[tuple[str, str, str], ...]:
    """Every figure of the built book: its page, its kind and its markup, in the order of the pages' names."""
    pages = sorted((site / "book").glob("*.html"))
    texts = ((page.stem, page.read_text(encoding="utf-8")) for page in pages)
    return tuple((page, found[1], found[0]) for page, text in texts for found in FIGURE.finditer(text))


def gallery(site: Path, every: bool = False) -> str:
    """A page of the book that holds one figure of each kind in the place of its text, or every figure there is."""
    chosen = [
        (page, kind, whole) for page, kind, whole in figures_of(site) if every or page == SHOWN_FROM.get(kind, page)
    ]
    if not every:
        chosen = [*{kind: (page, kind, whole) for page, kind, whole in reversed(chosen)}.values()]
    section = "<section><h2>{1}, {0}</h2><div class='cell_output'><div class='output'>{2}</div></div></section>"
    sections = "".join(section.format(*figure) for figure in chosen)
    around = (site / "book" / "case-1.html").read_text(encoding="utf-8")
    return re.sub(r"(<article>).*(</article>)", lambda found: found[1] + sections + found[2], around, flags=re.DOTALL)


# Where several pages have a kind, the one whose figure asks the most of the reader.
SHOWN_FROM = {"explorer": "case-1", "player": "case-2", "loopbacks": "three-loopbacks", "quiz": "case-1"}
GALLERY = "book/every-figure.html"


WHOLE_GALLERY = "book/every-figure-of-the-book.html"


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site, which has both galleries too, while it is served."""
    made = {f"/{GALLERY}": gallery(site).encode(), f"/{WHOLE_GALLERY}": gallery(site, every=True).encode()}

    class Handler(SiteHandler):
        def do_GET(self) -> None:
            body = made.get(self.path)
            if body is None:
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None

    with site_server(site, handler=Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# A page, opened


@dataclass
class Opened:
    """A page in its own empty profile, and what it complained about."""

    page: Page
    errors: list[str] = field(default_factory=list)

    def figures(self) -> Iterator[tuple[str, Locator]]:
        """The page's figures with their kinds; of a gallery each stands there alone in its turn."""
        for figure in self.page.locator("figure[data-figure]").all():
            figure.evaluate("(figure) => shown.alone(figure)")
            yield figure.get_attribute("data-figure") or "", figure


@contextmanager
def opened(browser: Browser, address: str, width: int, mode: str, hand: str) -> Iterator[Opened]:
    """The page at an address, at rest; its figures are live, and Python is not there."""
    size = {"width": width, "height": WIDTHS[width]}
    with closing(browser.new_context(viewport=size, **HANDS[hand])) as context:  # type: ignore[arg-type]
        context.add_init_script(SHOWN)
        # Where data is dear Python waits until it is needed; whatever is done here is recorded.
        context.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
        made = Opened(context.new_page())
        watch(made)
        on_screen(made.page, mode)
        made.page.goto(address, wait_until="load")
        # Not by a function of Playwright's: the page's policy lets nobody make code of text.
        expect(made.page.locator("figure[data-figure]:not([data-live])")).to_have_count(0, timeout=60_000)
        yield made


def watch(made: Opened) -> None:
    """Write down what the page complains about."""

    def asked(request: Request) -> None:
        if "/worker.js" in request.url:
            made.errors.append("Python was asked for what should be recorded")

    made.page.on("console", lambda said: made.errors.append(said.text) if said.type in ("error", "warning") else None)
    made.page.on("pageerror", lambda error: made.errors.append(str(error)))
    made.page.on("request", asked)


def on_screen(page: Page, mode: str) -> None:
    """The mode, as far as it is one of a screen: what is printed was on a screen before."""
    page.emulate_media(**MODES["light"] if mode == "print" else MODES[mode], media="screen")


def turned(page: Page, width: int, mode: str, **more: Any) -> None:
    """Bring an opened page onto another screen, without loading it anew."""
    at_rest = {"forced_colors": "none", "reduced_motion": "no-preference", "media": "screen"}
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    page.emulate_media(**MODES["light"] | at_rest | MODES[mode] | more)


def axed(page: Page, width: int, mode: str, **options: object) -> list[tuple[str, list[str]]]:
    """What axe finds fault with in an opened page on such a screen, and where."""
    turned(page, width, mode, reduced_motion="reduce")  # colours change at once then
    page.locator(f"html[data-theme={MODES[mode].get('color_scheme', 'light')}]").wait_for()
    return axe_faults(page, **options)


def axe_faults(page: Page, **options: object) -> list[tuple[str, list[str]]]:
    """What axe finds fault with in a page as it stands there, and where: in code, at the first of each look."""
    found = AXE.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]


# Hands


def act(figure: Locator, steps: tuple[str, ...], hand: str) -> list[str]:
    """Press one after the other what is there of each first; what went wrong."""
    faults = []
    for step in steps:
        part = figure.locator(f":is({step}):visible:not([disabled])").first
        if part.count():
            faults += press(part, hand)
        elif step != SKIP:  # there where something is asked
            faults.append(f"nothing to press: {step}")
    return faults


def press(part: Locator, hand: str) -> list[str]:
    page = part.page
    if hand == "keyboard":
        part.focus()
        is_choice = part.evaluate("(part) => part.matches('input[type=radio], input[type=checkbox]')")
        page.keyboard.press("Space" if is_choice else "Enter")
        return []
    place = part.evaluate("(part) => shown.place(part.matches('input') ? part.closest('label') ?? part : part)")
    if place is None:
        return [f"covered, so that no {hand} reaches it: {part.get_attribute('aria-label') or part.inner_text()}"]
    pointer = page.touchscreen.tap if hand == "touch" else page.mouse.click
    pointer(place["x"], place["y"])
    return []


# What is at fault


class Fault(NamedTuple):
    """A measure that a figure does not keep, and where."""

    kind: str
    measure: str
    detail: str
    width: int
    mode: str
    hand: str
    state: str


QUESTION = "[aria-label='Your prediction']"
FRAMES = 8  # so many are looked at for whether something moves


def steps_to(state: str, kind: Kind) -> tuple[str, ...]:
    """What is pressed for a figure to come into a state from its first."""
    return {"first": (), "predicted": kind.predict, "changed": kind.change, "reset": (*kind.change, *kind.reset)}[state]


def brought(figure: Locator, name: str, steps: tuple[str, ...], state: str, hand: str) -> dict[str, list[str]]:
    """Act on a figure; what is at fault with how it takes that."""
    kind = KINDS[name]
    look = f"(figure) => shown.look(figure, {json.dumps(kind.picture)})"
    if not steps or (state == "predicted" and not figure.locator(QUESTION).count()):
        return {}  # not every figure of a kind asks
    figure.evaluate(look)
    wrong = act(figure, steps[:-1], hand)
    is_other, place = figure.evaluate(look)  # before the last, which gives the answer
    wrong += act(figure, steps[-1:], hand)
    is_another, now = figure.evaluate(look)
    if state != "reset" and not (wrong or is_other or is_another):
        wrong.append("nothing changes")
    is_moved = state == "predicted" and None not in (place, now) and abs(place - now) > 1
    focus = figure.evaluate("(figure) => shown.focus(figure)") if hand == "keyboard" else []
    return {"act": wrong, "moved": [f"the picture moves by {now - place:.0f} px"] if is_moved else [], "focus": focus}


def measures(width: int, mode: str, hand: str, state: str) -> list[str]:
    """What is measured there."""
    if mode == "print":
        return ["whole", "clipped"]
    here = {
        "targets": hand != "keyboard" and mode == "light",  # other modes change no size
        "together": width in ONE_SCREEN,
        "chosen": mode == "forced colours",
        "running": state == "first" or mode == "reduced motion",
    }
    return ["sideways", "whole", "type", "clipped", "told", *(name for name, is_here in here.items() if is_here)]


def measured(figure: Locator, name: str, width: int, mode: str, hand: str, state: str) -> dict[str, list[str]]:
    """What is at fault with a figure as it stands there, by measure."""
    kind = KINDS[name]
    given = {
        "asked": measures(width, mode, hand, state),
        "limits": LIMITS,
        "parts": {"picture": kind.picture, "controls": kind.controls, "sentence": kind.sentence},
        "finger": hand == "touch",
    }
    if mode == "print":
        figure.page.emulate_media(**MODES[mode])
    found: dict[str, list[str]] = figure.evaluate("(figure, given) => shown.faults(figure, given)", given)
    if "running" in found:
        figure.evaluate("(figure) => figure.scrollIntoView({ block: 'start' })")
        found["running"] += figure.evaluate(f"(figure) => shown.moving(figure, {FRAMES})")
    if mode == "print":
        on_screen(figure.page, mode)
    return found


def tabbed(figure: Locator) -> list[str]:
    """Where the focus is not seen, or lost, on the way through a figure by Tab."""
    figure.evaluate("(figure) => { figure.tabIndex = -1; figure.focus({ preventScroll: true }); }")
    faults: list[str] = []
    for _ in range(MOST_STOPS):
        figure.page.keyboard.press("Tab")
        if not figure.evaluate("(figure) => figure.contains(document.activeElement)"):
            break
        faults += figure.evaluate("(figure) => shown.focus(figure)")
    return faults


MOST_STOPS = 120
