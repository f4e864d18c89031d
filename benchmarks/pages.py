"""Pages: what they weigh, and how soon Python has answered on them, beside the limit of each.

Times run from the browser's own stamp of the click to the second frame after the answer stood in the page, so they
count up to a frame too much. Each first answer by Python is in a new, empty profile.
"""

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import cache, partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from threading import Lock, Thread
from typing import Any

import networkx as nx
from matplotlib.figure import Figure
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from benchmarks.networks import backbone
from benchmarks.timing import Effort, Table, milliseconds, times
from netlearn import LinkDown, forum, to_json
from netlearn.drawing.markup import difference
from netlearn.figures.explorer.view import view
from netlearn.graph import to_networkx

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import browser as browser_tool  # noqa: E402
import build_book  # noqa: E402
import runtime  # noqa: E402
from serve import SiteHandler, site_server  # noqa: E402

CHAPTER, SANDBOX = "book/case-1.html", "book/your-network.html"
LARGE = 200  # nodes, as many as the sandbox takes
PAGE_KB, RUNTIME_MB, FIRST_S, FIRST_ON_LINE_S, DRAWN_MS = 170, 5.11, 1.5, 6, 200  # the limits
LINE_BITS_PER_SECOND = 10_000_000
PIECE_B = 8192

# The figures that are asked, with the buttons that ask, and the part that every answer gives other words.
EXPLORER, PLAYER = "figure[data-figure=explorer]", "figure[data-figure=player]"
DRAWN = "figure[data-figure=sandbox]"
BUTTONS = {EXPLORER: ".nl-net [role=button]", PLAYER: ".nl-net [data-link]", DRAWN: ".nl-net [data-link]"}
SAYS = {EXPLORER: "[data-key=say]", PLAYER: "[data-part=events]", DRAWN: "[data-piece=say]"}

# Arms a page for one change: `answered` is the time until its answer is painted.
ARM = """([event, selector]) => {
  const says = document.querySelector(selector);
  self.answered = new Promise((answered, failed) => {
    addEventListener(event, ({ timeStamp }) => {
      new MutationObserver((_, observer) => {
        observer.disconnect();
        requestAnimationFrame(() => requestAnimationFrame(() => answered(performance.now() - timeStamp)));
      }).observe(says, { childList: true, characterData: true, subtree: true });
    }, { capture: true, once: true });
    setTimeout(() => failed(new Error(`no answer to a ${event}`)), 120_000);
  });
}"""


def run(effort: Effort) -> Iterator[Table | str]:
    if build_book.build(ROOT):
        raise SystemExit(1)
    site = ROOT / "_build" / "html"
    path = browser_tool.find()
    if path is None:
        yield browser_tool.MISSING
        yield weights({})
    else:
        with (
            sync_playwright() as driver,
            closing(driver.chromium.launch(executable_path=path, args=browser_tool.ARGUMENTS)) as chromium,
        ):
            yield weights(loaded(chromium, site, effort.of("*/*.html", CHAPTER)))
            yield from answers(chromium, site, effort)
    yield drawings(effort)


# What pages weigh


def weights(pages: dict[str, int]) -> Table:
    whole = sum(map(runtime.weight, runtime.make().iterdir()))
    rows = [[f"{name} before any click, kB", f"{weight / 1e3:.0f}", PAGE_KB] for name, weight in pages.items()]
    rows.append(["all that its figures can load, MB", f"{whole / 1e6:.2f}", RUNTIME_MB])
    return Table(["compressed", "is", "limit"], rows)


def loaded(chromium: Browser, site: Path, which: str) -> dict[str, int]:
    """What each page loads before any click, packed as a static host would."""
    names = sorted(file.relative_to(site).as_posix() for file in site.glob(which))
    with served(site) as address:
        return {name: load(chromium, address + name) for name in names}


def load(chromium: Browser, address: str) -> int:
    bodies: list[bytes] = []
    with closing(chromium.new_context()) as context:
        page = context.new_page()
        page.on("response", lambda response: bodies.append(response.body()))
        page.goto(address, wait_until="networkidle")
    return sum(len(gzip.compress(body)) for body in bodies)


# How soon an answer is painted


def answers(chromium: Browser, site: Path, effort: Effort) -> Iterator[Table]:
    rows: list[list[object]] = []
    with served(site) as address:
        with opened(chromium, address) as page:
            first_answer(page)
            rows.append(["explorer, computed once Python runs", *spread(clicks(page, EXPLORER, effort)), None])
            runs = clicks(page, PLAYER, effort)[::2]  # every other click leads back to the run that is recorded
            rows.append(["player, a whole run computed likewise", *spread(runs), None])
        with opened(chromium, address, SANDBOX, [DRAWN]) as page:
            rows.append([f"reader's own network of {LARGE} nodes, a cable cut", *spread(cuts(page, effort)), DRAWN_MS])
        yield Table(["click to painted, ms", "clicks", "median", "95 %", "limit of the median"], rows)
        near = [cold(chromium, address) for _ in range(effort.of(7, 1))]
    with served(site, SlowLine) as address:
        far = [cold(chromium, address) for _ in range(effort.of(3, 1))]
    rows = [
        ["this machine", *seconds(near), FIRST_S],
        [f"{LINE_BITS_PER_SECOND / 1e6:.0f} Mbit/s, shared; text packed by the host", *seconds(far), FIRST_ON_LINE_S],
    ]
    yield Table(["first answer by Python, cold, s", "starts", "fastest", "median", "slowest", "limit"], rows)


def clicks(page: Page, figure: str, effort: Effort) -> list[float]:
    """Milliseconds for pressing every button of a figure's drawing, and again: each link cut, each router down."""
    buttons = page.locator(f"{figure} {BUTTONS[figure]}").all()
    return [click(page, figure, button) for button in effort.of(buttons, [buttons[0], buttons[-1]]) for _ in range(2)]


def cuts(page: Page, effort: Effort) -> list[float]:
    """Milliseconds for cutting cables of a large network that the reader has opened, and for mending them."""
    network = {
        "name": "large.json",
        "mimeType": "application/json",
        "buffer": to_json(backbone(LARGE, "unit")).encode(),
    }
    page.locator(f"{DRAWN} [data-part=file]").set_input_files(network)  # type: ignore[arg-type]
    cables = page.locator(f"{DRAWN} {BUTTONS[DRAWN]}")
    page.locator(f"{DRAWN} [data-node=R{LARGE - 1}]").wait_for(timeout=120_000)
    chosen = range(0, cables.count(), 15)
    return [click(page, DRAWN, cables.nth(place)) for place in effort.of(chosen, chosen[:1]) for _ in range(2)]


def click(page: Page, figure: str, button: Locator) -> float:
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    return change(page, figure, "click", partial(press, page))


def press(page: Page) -> None:
    page.mouse.down()
    page.mouse.up()


def cold(chromium: Browser, address: str) -> float:
    with opened(chromium, address) as page:
        return first_answer(page) / 1e3


def first_answer(page: Page) -> float:
    """Milliseconds until a changed metric, which nobody recorded, is answered."""
    page.locator(f"{EXPLORER} summary", has_text="Metrics").click()
    metric = page.locator(EXPLORER).get_by_role("spinbutton", name="metric R2 to R7", exact=True)
    metric.fill("2")
    return change(page, EXPLORER, "change", lambda: metric.press("Enter"))


def change(page: Page, figure: str, event: str, act: Callable[[], None]) -> float:
    page.evaluate(ARM, [event, f"{figure} {SAYS[figure]}"])
    act()
    took: float = page.evaluate("() => self.answered")
    return took


@contextmanager
def opened(
    chromium: Browser, address: str, chapter: str = CHAPTER, figures: Iterable[str] = (EXPLORER, PLAYER)
) -> Iterator[Page]:
    """The chapter in a new profile, its figures alive and at rest."""
    with closing(chromium.new_context()) as context:
        page = context.new_page()
        page.goto(address + chapter, wait_until="networkidle")
        for figure in figures:
            page.locator(f"{figure}[data-live=yes]").wait_for()
        yield page


def spread(values: list[float]) -> list[str]:
    return [str(len(values)), f"{median(values):.0f}", f"{quantiles(values, n=20, method='inclusive')[-1]:.0f}"]


def seconds(values: list[float]) -> list[str]:
    return [str(len(values)), *(f"{value:.2f}" for value in (min(values), median(values), max(values)))]


# The line


class Line:
    """A line of so many bits a second, which all connections share."""

    def __init__(self, bits_per_second: float) -> None:
        self._seconds_per_byte, self._lock, self._free = 8 / bits_per_second, Lock(), 0.0

    def carry(self, size: int) -> None:
        with self._lock:
            self._free = arrives = max(self._free, time.monotonic()) + size * self._seconds_per_byte
        time.sleep(max(0, arrives - time.monotonic()))


class SlowLine(SiteHandler):
    """The site as an ordinary static host sends it: text packed, everything else as it is.

    The browser's own brake is not used, because it does not reach what a worker fetches.
    """

    line = Line(LINE_BITS_PER_SECOND)

    def do_GET(self) -> None:
        body, headers = answer(Path(self.translate_path(self.path)), self.guess_type(self.path.partition("?")[0]))
        self.send_response(200)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        for start in range(0, len(body), PIECE_B):
            self.line.carry(len(body[start : start + PIECE_B]))
            self.wfile.write(body[start : start + PIECE_B])


@cache
def answer(file: Path, kind: str) -> tuple[bytes, dict[str, str]]:
    body, headers = file.read_bytes(), {"Content-Type": kind}
    if kind.startswith("text/") or kind in ("application/json", "image/svg+xml"):
        body, headers = gzip.compress(body), headers | {"Content-Encoding": "gzip"}
    return body, headers | {"Content-Length": str(len(body))}


@contextmanager
def served(site: Path, handler: type[SiteHandler] = SiteHandler) -> Iterator[str]:
    with site_server(site, handler=handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


# What one change costs, without a browser


def drawings(effort: Effort) -> Table:
    """The nine-node network after one change: paths found, and drawn again."""
    cut = forum().without(LinkDown("R2-End"))
    network: dict[str, Any] = json.loads(to_json(forum()))
    before = view(topology=network, source="Source", destination="End")

    def ours() -> bytes:
        after = view(topology=network, source="Source", destination="End", cut=["R2-End"])
        return json.dumps(difference(before, after)).encode()

    def peer() -> bytes:
        graph = to_networkx(cut)
        paths = nx.all_shortest_paths(graph, "Source", "End", weight="metric")
        on_path = {frozenset(pair) for path in paths for pair in pairwise(path)}
        colours = ["blue" if frozenset(edge) in on_path else "grey" for edge in graph.edges]
        figure = Figure(figsize=(8, 4))
        places = {node.name: (node.x or 0, -(node.y or 0)) for node in cut.nodes}
        nx.draw(graph, places, ax=figure.subplots(), with_labels=True, edge_color=colours)
        file = BytesIO()
        figure.savefig(file, format="png")
        return file.getvalue()

    best = effort.fastest({"netlearn": ours, "networkx": peer}, repetitions=15)
    compared = times(best["networkx"], best["netlearn"])
    rows = [
        ["networkx's paths, networkx.draw, matplotlib's PNG", milliseconds(best["networkx"]), len(peer()), None],
        ["netlearn: all routes and words, changed attributes", milliseconds(best["netlearn"]), len(ours()), compared],
    ]
    return Table(["one change, in CPython", "ms", "bytes", "times faster"], rows)
