"""How Lighthouse rates the book's pages: ``python tools/report.py [--runs N] [PAGE ...]``. A report, and never a gate.

Each page is loaded several times as by a phone of the middle class on a slow line; the medians are told, beside what is
wanted. The files come packed and may be kept for a while, as static hosts send them. Lighthouse comes from npm, once.
"""

import argparse
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from statistics import median
from threading import Thread

import browser as browser_tool
import build_book
from serve import SiteHandler, site_server

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "web"))

from node import installed, node  # noqa: E402

PACKAGES = ("lighthouse@13.5.0",)
LEAST_NODE = 22
PAGES = ("index", "case-1", "case-3", "anycast")
WANTED = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
KEPT_FOR = 600  # seconds, as the largest of the free hosts has it
PACKED = {".html", ".css", ".js", ".json", ".svg", ".wasm"}


class PackingHandler(SiteHandler):
    """The site as static hosts send it: packed, and to be kept for a while."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path.partition("?")[0]))
        if path.suffix not in PACKED or not path.is_file():
            return super().do_GET()
        body = packed(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def send_header(self, keyword: str, value: str) -> None:
        super().send_header(keyword, f"max-age={KEPT_FOR}" if keyword == "Cache-Control" else value)


@cache
def packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


def rated(address: str) -> dict[str, float]:
    """Lighthouse's rating of a page by category, from 0 to 100; SystemExit with what it said if there is none."""
    modules = installed(PACKAGES, ROOT / "_build" / "lighthouse", "Lighthouse")
    command = [*node(LEAST_NODE), str(modules / "lighthouse" / "cli" / "index.js"), address]
    options = ["--output=json", "--quiet", f"--only-categories={','.join(WANTED)}"]
    chromium = [f"--chrome-flags={' '.join(['--headless', *browser_tool.ARGUMENTS])}"]
    environment = os.environ | {"CHROME_PATH": browser_tool.find() or ""}
    done = subprocess.run([*command, *options, *chromium], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout[-1000:]}{done.stderr}\nLighthouse failed at {address}")
    found = json.loads(done.stdout)["categories"]
    return {name: 100 * (found[name]["score"] or 0) for name in WANTED}


def lines(address: str, pages: Iterable[str], runs: int) -> Iterator[str]:
    """A line for each page, and one before them."""
    yield f"{'median of ' + str(runs):24}" + "".join(f"{name:>16}" for name in WANTED)
    for page in pages:
        found = [rated(f"{address}book/{page}.html") for _ in range(runs)]
        middle = {name: median(each[name] for each in found) for name in WANTED}
        below = [name for name, least in WANTED.items() if middle[name] < least]
        yield f"{page:24}" + "".join(f"{value:16.0f}" for value in middle.values()) + "  below" * bool(below)
    yield f"{'wanted':24}" + "".join(f"{least:16}" for least in WANTED.values())


def main() -> int:
    reader = argparse.ArgumentParser(description="Have Lighthouse rate pages of the book, as on a phone.")
    reader.add_argument("pages", nargs="*", default=[*PAGES], metavar="PAGE", help="as in book/PAGE (%(default)s)")
    reader.add_argument("--runs", type=int, default=5, help="so often each page is loaded (%(default)s)")
    given = reader.parse_args()
    if not browser_tool.find():
        sys.exit(browser_tool.MISSING)
    if build_book.build(ROOT):
        return 1
    with site_server(ROOT / "_build" / "html", handler=PackingHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for line in lines(f"http://127.0.0.1:{server.server_port}/", given.pages, given.runs):
            print(line, flush=True)
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
