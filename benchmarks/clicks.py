"""Clicks: how soon each kind of figure has painted an answer that is recorded, beside a picture that is put in whole.

Times run from the browser's own stamp of the click to the end of the frame in which the answer is painted: a message
that is posted before a frame's painting arrives after it. (Two frames, as some count, are up to 33 ms even if nothing
is to be done.) The peer is the same network as networkx and matplotlib draw it, in SVG: recorded too, and put into an
empty page at a click. All of it is done with the CPU as it is and slowed down.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from io import StringIO
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

import networkx as nx
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.timing import Effort, Table
from netlearn import forum
from netlearn.graph import to_networkx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import browser as browser_tool  # noqa: E402
import build_book  # noqa: E402
from showing import CABLE, GALLERY, SKIP, opened, press, served  # noqa: E402

LIMITS_MS = {1: 25, 4: 50}  # at the 95th percentile, by how many times slower the CPU is
PEER = "matplotlib's SVG put in whole"


class Asked(NamedTuple):
    """What is clicked in a kind of figure, and the part in which its answer stands."""

    clicked: str
    answer: str
    each: bool = False  # each that is there of it, twice; else one after the other, as they are there at the time


WORKS = ":not([disabled], [aria-disabled=true])"
ASKED = {
    "explorer": Asked(".nl-net [role=button]", "[data-key=say]", each=True),
    "player": Asked(f":is([data-do=forward], [data-do=back]){WORKS}", "[data-key=say]"),
    "anycast": Asked(CABLE, "[data-key=words]", each=True),
    "name_the_box": Asked(CABLE, "svg", each=True),
    "packet_path": Asked(f":is([data-do=next], [data-do=back]){WORKS}", "[data-part=now]"),
    "reach": Asked("input[type=radio]:not(:checked)", "svg"),
    "doors": Asked(".nl-door button", ".nl-rooms"),
    "loopbacks": Asked("[data-step]:not([aria-pressed=true])", "[data-key=say]"),
    "same_address": Asked(f":is([data-do=next], [data-do=back]){WORKS}", "[data-key=say]"),
    "sandbox": Asked(CABLE, "[data-key=say]", each=True),
    "what_if": Asked(CABLE, "[data-key=say]", each=True),
    "quiz": Asked(".nl-item button[type=submit]", ".nl-quiz"),
}
TURNS = 24  # so often what is clicked in turn
PRESSED_MS = 60  # a finger lets go so much later

# Arms a page for one click: `answered` is the time until its answer is painted.
ARM = """([figure, selector]) => {
  const says = document.querySelector(figure).querySelector(selector);
  self.answered = new Promise((answered, failed) => {
    addEventListener("click", ({ timeStamp }) => {
      const { port1: begun, port2: painted } = new MessageChannel();
      painted.onmessage = () => answered(performance.now() - timeStamp);
      new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => begun.postMessage(null));
      }).observe(says, { attributes: true, childList: true, characterData: true, subtree: true });
    }, { capture: true, once: true });
    setTimeout(() => failed(new Error(`no answer in ${figure}`)), 20_000);
  });
  self.answered.catch(() => {}); // it is asked later
}"""


def run(effort: Effort) -> Iterator[Table | str]:
    path = browser_tool.find()
    if path is None:
        yield browser_tool.MISSING
        return
    if build_book.build(ROOT):
        raise SystemExit(1)
    with (
        served(ROOT / "_build" / "html") as address,
        sync_playwright() as driver,
        closing(driver.chromium.launch(executable_path=path, args=browser_tool.ARGUMENTS)) as chromium,
    ):
        rows: list[list[object]] = []
        for slower, limit in effort.of(LIMITS_MS, {1: LIMITS_MS[1]}).items():
            cpu = "CPU as it is" if slower == 1 else f"CPU {slower} times slower"
            found = measured(chromium, address, effort, slower)
            rows += [
                [f"{name}, {cpu}", *spread(times), None if name == PEER else limit] for name, times in found.items()
            ]
        yield Table(["click to painted, recorded, ms", "clicks", "median", "95 %", "limit"], rows)


def measured(chromium: Browser, address: str, effort: Effort, slower: int) -> Mapping[str, list[float]]:
    """Milliseconds for the clicks in each kind of figure, and in the peer."""
    found: dict[str, list[float]] = {}
    with opened(chromium, address + GALLERY, 1280, "light", "mouse") as made:
        made.page.context.new_cdp_session(made.page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        for name, figure in made.figures():
            skip = figure.locator(f"{SKIP}:visible")
            if skip.count():
                press(skip.first, "mouse")
            found[name] = [click(made.page, name, place) for place in clicks(made.page, name, effort)]
    return {name: found[name] for name in ASKED} | {PEER: peer(chromium, effort, slower)}


def clicks(page: Page, name: str, effort: Effort) -> list[int]:
    """Which of what there is to click is clicked, one after the other."""
    if not ASKED[name].each:
        return [*range(1, 1 + effort.of(TURNS, 2))]  # forward first
    places = range(there(page, name).count())
    return [place for place in effort.of([*places], [0]) for _ in range(2)]


def there(page: Page, name: str) -> Locator:
    return page.locator(f"figure[data-figure={name}] :is({ASKED[name].clicked}):visible")


def click(page: Page, name: str, place: int) -> float:
    figure, parts = f"figure[data-figure={name}]", there(page, name)
    part = parts.nth(place % parts.count())
    where = part.evaluate("(part) => shown.place(part.matches('input') ? part.closest('label') ?? part : part)")
    return timed(page, figure, ASKED[name].answer, where["x"], where["y"])


def timed(page: Page, figure: str, answer: str, x: float, y: float) -> float:
    """Milliseconds from the release of a mouse's button, which has been there for a moment, as a hand's has."""
    page.evaluate(ARM, [figure, answer])
    page.mouse.click(x, y, delay=PRESSED_MS)
    took: float = page.evaluate("() => self.answered")
    return took


def peer(chromium: Browser, effort: Effort, slower: int) -> list[float]:
    """Milliseconds until a whole picture is painted, which a click puts in the place of another."""
    pictures = [matplotlib_of(cut) for cut in ((), ("R2-End",))]
    with closing(chromium.new_context(viewport={"width": 1280, "height": 900})) as context:
        page = context.new_page()
        page.set_content("<button>change</button><figure><div></div></figure>")
        page.evaluate(
            """(pictures) => {
              let at = 0;
              const put = () => { document.querySelector("div").innerHTML = pictures[at++ % 2]; };
              put();
              document.querySelector("button").addEventListener("click", put);
            }""",
            pictures,
        )
        context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
        box = page.get_by_role("button").bounding_box()
        assert box
        return [timed(page, "figure", "div", box["x"] + 1, box["y"] + 1) for _ in range(effort.of(TURNS, 2))]


def matplotlib_of(cut: tuple[str, ...]) -> str:
    """The network without these links, as SVG."""
    graph = to_networkx(forum())
    ends = {link.name: link.ends for link in forum().links}
    gone = [{*ends[name]} for name in cut]
    colours = ["red" if {*edge[:2]} in gone else "grey" for edge in graph.edges]
    figure = Figure(figsize=(8, 4))
    places = {node.name: (node.x or 0, -(node.y or 0)) for node in forum().nodes}
    axes = figure.subplots()
    nx.draw(graph, places, ax=axes, with_labels=True, edge_color=colours)
    metrics = {edge[:2]: graph.edges[edge].get("metric", 1) for edge in graph.edges}
    nx.draw_networkx_edge_labels(graph, places, edge_labels=metrics, ax=axes)
    file = StringIO()
    figure.savefig(file, format="svg")
    return file.getvalue().partition("<svg")[1] + file.getvalue().partition("<svg")[2]


def spread(values: list[float]) -> list[str]:
    return [str(len(values)), f"{median(values):.0f}", f"{quantiles(values, n=20, method='inclusive')[-1]:.0f}"]
