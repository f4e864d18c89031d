"""Pages: what they weigh before a click and after it, and how soon a change is painted, beside the limits."""

import functools
import gzip
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.timing import table

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "web")]

import browser as browser_tool  # noqa: E402
import build_book  # noqa: E402
import runtime  # noqa: E402
from serve import SiteHandler, SiteServer  # noqa: E402

CHAPTER = "book/case-1.html"
PACKED = {".html", ".css", ".js", ".mjs", ".json", ".svg"}  # what an ordinary static host compresses
CLICKS, COLD_STARTS = 40, 5
KB, MB = 1000, 1_000_000

# The time from a change to the first frame that shows its answer, measured in the page itself.
CHANGE = """
([how, argument, shows]) => new Promise((answered) => {
  const say = document.querySelector("[data-key=say]");
  const began = performance.now();
  const painted = () => requestAnimationFrame(() => {
    const after = new MessageChannel();  // a message is handled after the frame has been painted
    after.port1.onmessage = () => answered(performance.now() - began);
    after.port2.postMessage(null);
  });
  const look = () => say.textContent.includes(shows) && (watch.disconnect(), painted());
  const watch = new MutationObserver(look);
  watch.observe(say, { childList: true, characterData: true, subtree: true });
  const part = document.querySelector(argument);
  if (how === "click") part.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  else {
    part.value = how;
    part.dispatchEvent(new Event("change", { bubbles: true }));
  }
})
"""


class Line:
    """A line of so many bits a second, shared by all connections; `None` for one without a limit."""

    def __init__(self, bits_per_second: float | None) -> None:
        self.rate, self.free_at, self.lock = bits_per_second, 0.0, threading.Lock()

    def carry(self, size: int) -> None:
        """Wait until so many bytes have gone through."""
        if self.rate is None:
            return
        with self.lock:
            begin = max(self.free_at, time.monotonic())
            self.free_at = begin + size * 8 / self.rate
        time.sleep(max(0.0, self.free_at - time.monotonic()))


class Host(SiteHandler):
    """A static host that compresses text, over a line."""

    def __init__(self, *arguments: Any, line: Line, sent: list[tuple[str, int]], **options: Any) -> None:
        self.line, self.sent = line, sent
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        file = Path(self.translate_path(self.path.partition("?")[0]))
        if not file.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        packed = file.suffix in PACKED
        body = gzip.compress(file.read_bytes(), 6) if packed else file.read_bytes()
        self.sent.append((file.name, len(body)))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Length", str(len(body)))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        for begin in range(0, len(body), 16_384):
            piece = body[begin : begin + 16_384]
            self.line.carry(len(piece))
            self.wfile.write(piece)


@contextmanager
def hosted(bits_per_second: float | None = None) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    """The site's address, and a list that grows by what was sent."""
    sent: list[tuple[str, int]] = []
    site = str(ROOT / "_build" / "html")
    handler = functools.partial(Host, directory=site, line=Line(bits_per_second), sent=sent)
    server = SiteServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/", sent
    server.shutdown()
    server.server_close()


def run() -> Iterator[str]:
    path = browser_tool.find()
    if path is None:
        yield f"Not measured. {browser_tool.MISSING}"
        return
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        yield "Not measured: playwright is not installed (it comes with the extra `test`)."
        return
    if build_book.build(ROOT):
        yield "Not measured: the book does not build."
        return
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield table(["kB, gzip", "measured", "limit"], list(weights(chromium)))
        yield table(["ms", "median", "95th percentile", "limit"], list(speeds(chromium)))
        chromium.close()


def weights(chromium: Any) -> Iterator[list[object]]:
    """What each page loads before any click, and the whole live runtime."""
    for name in ("book/index.html", CHAPTER):
        with hosted() as (address, sent):
            page = chromium.new_page()
            page.goto(address + name)
            page.wait_for_load_state("networkidle")
            page.close()
            yield [f"{name}, before any click", round(sum(size for _, size in sent) / KB), 170]
    total = sum(runtime.weight(file) for file in runtime.make().iterdir())
    yield ["the whole live runtime", round(total / KB), round(6.5 * MB / KB)]


def speeds(chromium: Any) -> Iterator[list[object]]:
    """How soon a change is painted: from the record, from Python that runs already, from Python that has to come."""
    for slower in (1, 4):
        with opened(chromium) as page:
            change(page, 2)  # Python, which comes quietly after the first change, is there before anything is timed
            page.evaluate(CHANGE, ["1", "[data-metric=R2-R7][data-from=R2]", "metric 3"])
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
            took = [click(page, "Cut: R2–End" if turn % 2 == 0 else "metric 3") for turn in range(CLICKS)]
            words = "a recorded click" + (f", CPU slowed {slower} times" if slower > 1 else "")
            yield [words, *spread(took), "50 (95th)"]
    with opened(chromium) as page:
        change(page, 2)
        yield [
            "a computed change, Python running",
            *spread([change(page, 3 + turn % 2) for turn in range(CLICKS)]),
            "–",
        ]
    for words, rate, limit in (("on localhost", None, 1500), ("at 10 Mbit/s", 10e6, 6000)):
        took = []
        for _ in range(COLD_STARTS):
            with opened(chromium, rate) as page:
                took.append(change(page, 2))
        yield [f"the first computed change, cold, {words}", *spread(took), limit]


@contextmanager
def opened(chromium: Any, bits_per_second: float | None = None) -> Iterator[Any]:
    """The chapter in a browser that has seen nothing yet, with its figure alive."""
    with hosted(bits_per_second) as (address, _):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(address + CHAPTER)
        page.locator("figure[data-live=yes]").wait_for()
        page.wait_for_load_state("networkidle")
        yield page
        context.close()


def click(page: Any, shows: str) -> float:
    """A click on the link R2-End, answered from the record, a moment after the last one."""
    page.wait_for_timeout(300)
    took: float = page.evaluate(CHANGE, ["click", "[data-link=R2-End]", shows])
    return took


def change(page: Any, metric: int) -> float:
    """Another metric from R2 to R7, which nobody recorded."""
    where = "[data-metric=R2-R7][data-from=R2]"
    took: float = page.evaluate(CHANGE, [str(metric), where, f"R2 to R7 {metric}"])
    return took


def spread(took: list[float]) -> tuple[str, str]:
    """The median and the 95th percentile."""
    return f"{median(took):,.0f}", f"{quantiles(took, n=20, method='inclusive')[-1]:,.0f}"
