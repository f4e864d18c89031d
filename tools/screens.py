"""Walk every kind of figure and every page through all screens and hands: ``python tools/screens.py``.

The whole product of widths, modes and hands is measured (`showing.py`), in Chromium; in Firefox and in WebKit each kind
of figure answers once. What is at fault, with a small picture of each, stands in `_build/screens/report.html`, and its
counts in `summary.txt` beside it. `--width 360`, `--mode dark`, `--hand touch` and `--kind player` walk a part only.
"""

import argparse
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from html import escape
from itertools import product
from pathlib import Path
from typing import NamedTuple

import browser as browser_tool
import build_book
import other_browsers
from playwright.sync_api import Browser, Error, Page, sync_playwright
from showing import (
    AXED,
    GALLERY,
    HANDS,
    KINDS,
    MODES,
    STATES,
    WIDTHS,
    Fault,
    axed,
    brought,
    measured,
    on_screen,
    opened,
    served,
    steps_to,
    tabbed,
    turned,
)

ROOT = Path(__file__).resolve().parent.parent
PAGES = "page"  # the kind that faults of a page have
PICTURED = {(1280, "light"), (1280, "dark"), (360, "light")}  # whole pages are kept in these


class Chosen(NamedTuple):
    """The part of the product that is walked."""

    widths: list[int]
    modes: list[str]
    hands: list[str]
    kinds: list[str]


def main() -> int:
    chosen, site, pages = given()
    if site is None:
        site = ROOT / "_build" / "html"
        if build_book.build(ROOT):
            return 1
    path = browser_tool.find()
    if path is None:
        sys.exit(browser_tool.MISSING)
    out = ROOT / "_build" / "screens"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    began = time.monotonic()
    with sync_playwright() as driver, served(site) as address:
        chromium = driver.chromium.launch(executable_path=path, args=browser_tool.ARGUMENTS)
        faults = [*walk(chromium, address, chosen, out)]
        if pages:
            faults += walk_pages(chromium, address, site, chosen, out)
        chromium.close()
        faults += others(address, chosen.kinds)
    told = summary(faults, time.monotonic() - began)
    (out / "summary.txt").write_text(told, encoding="utf-8")
    (out / "report.html").write_text(report(faults, told, out), encoding="utf-8")
    print(f"\n{told}\nIn pictures: {(out / 'report.html').relative_to(ROOT)}")
    return 1 if faults else 0


def given() -> tuple[Chosen, Path | None, bool]:
    parser = argparse.ArgumentParser(description="Walk figures and pages through all screens and hands.")
    parser.add_argument("--width", type=int, nargs="+", choices=WIDTHS, default=[*WIDTHS])
    parser.add_argument("--mode", nargs="+", choices=MODES, default=[*MODES])
    parser.add_argument("--hand", nargs="+", choices=HANDS, default=[*HANDS])
    parser.add_argument("--kind", nargs="+", choices=KINDS, help="these figures only, and no pages")
    parser.add_argument("--site", type=Path, help="a site that is built already, and taken as it is")
    said = parser.parse_args()
    return Chosen(said.width, said.mode, said.hand, said.kind or [*KINDS]), said.site, not said.kind


# Figures


def walk(chromium: Browser, address: str, chosen: Chosen, out: Path) -> Iterator[Fault]:
    """What is at fault with each kind of figure, in every width, mode and hand, from its first state to the last."""
    for width, mode, hand in product(chosen.widths, chosen.modes, chosen.hands):
        say(f"{width} px, {mode}, {hand}")
        with opened(chromium, address + GALLERY, width, mode, hand) as made:
            for name, figure in made.figures():
                if name not in chosen.kinds:
                    continue
                found = []
                for state in STATES:
                    steps = KINDS[name].reset if state == "reset" else steps_to(state, KINDS[name])
                    try:
                        all_ = brought(figure, name, steps, state, hand)
                        for measure, details in measured(figure, name, width, mode, hand, state).items():
                            all_[measure] = all_.get(measure, []) + details
                    except Error as error:
                        all_ = {"act": [str(error).splitlines()[0]]}
                    found += [
                        Fault(name, each, detail, width, mode, hand, state) for each in all_ for detail in all_[each]
                    ]
                    if state == "changed" and hand == chosen.hands[0]:
                        picture(made.page, figure, mode, out / shot(name, width, mode))
                if hand == "keyboard" and mode != "print":
                    found += [Fault(name, "focus", each, width, mode, hand, "by Tab") for each in tabbed(figure)]
                yield from dict.fromkeys(found)
            yield from (Fault(PAGES, "console", error, width, mode, hand, "figures") for error in made.errors)


def shot(name: str, width: int, mode: str) -> str:
    return f"{name}-{width}-{mode.replace(' ', '-')}.jpg"


def picture(page: Page, part: object, mode: str, file: Path) -> None:
    """A small picture of a figure, or of a page."""
    if mode == "print":
        page.emulate_media(**MODES[mode])
    part.screenshot(path=file, type="jpeg", quality=60)  # type: ignore[attr-defined]
    on_screen(page, mode)


# Pages


def walk_pages(chromium: Browser, address: str, site: Path, chosen: Chosen, out: Path) -> Iterator[Fault]:
    """What is at fault with each page, in every width and mode; axe is asked in those of `AXED`."""
    for file in sorted({*site.rglob("*.html")} - {site / "index.html"}):  # which only leads to the first page
        name = file.relative_to(site).as_posix()
        say(name)
        with opened(chromium, address + name, max(chosen.widths), "light", "mouse") as made:
            for width, mode in product(chosen.widths, chosen.modes):
                turned(made.page, width, mode)
                where = (width, mode, "mouse", "opened")
                wide = made.page.evaluate("document.documentElement.scrollWidth")
                if wide > width:
                    yield Fault(name, "sideways", f"{wide} px wide in {width}", *where)
                if mode != "print":
                    for moving in made.page.evaluate("shown.faults(document.body, { asked: ['running'] }).running"):
                        yield Fault(name, "running", moving, *where)
                if (width, mode) in PICTURED:
                    kept = out / shot(name.removesuffix(".html").replace("/", "-"), width, mode)
                    made.page.screenshot(path=kept, type="jpeg", quality=50, full_page=True)
            for width, mode in AXED:
                if width in chosen.widths and mode in chosen.modes:
                    for rule, places in axed(made.page, width, mode):
                        yield from (
                            Fault(name, "axe", f"{rule}: {at}", width, mode, "mouse", "opened") for at in places
                        )
            yield from (Fault(name, "console", error, 0, "any", "mouse", "opened") for error in made.errors)


# The other browsers


def others(address: str, kinds: Iterable[str]) -> Iterator[Fault]:
    """The kinds of figure that do not answer in Firefox or WebKit."""
    for name in other_browsers.DRIVERS:
        if why := other_browsers.why_not(name):
            say(f"{name}: {why}")
            yield Fault(PAGES, name, why, 0, "light", "mouse", "opened")
            continue
        say(name)
        for kind, fault in other_browsers.answers(name, address, kinds).items():
            if fault:
                yield Fault(kind, name, fault, 1280, "light", "mouse", "changed")


# What was found, told


def summary(faults: list[Fault], seconds: float) -> str:
    """Counts: by kind and measure, then each fault once, with how often it was met."""
    lines = [f"{len(faults)} faults, {seconds / 60:.0f} minutes"]
    by = Counter((fault.kind, fault.measure) for fault in faults)
    lines += [f"{count:6} {kind}: {measure}" for (kind, measure), count in by.most_common()]
    return "\n".join(lines) + "\n"


def grouped(faults: list[Fault]) -> dict[tuple[str, str, str], list[Fault]]:
    groups: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        groups.setdefault((fault.kind, fault.measure, fault.detail), []).append(fault)
    return groups


def where(faults: list[Fault]) -> str:
    """In which widths, modes, hands and states: all the values that were met, each once."""
    met = [
        dict.fromkeys(str(value) for value in column) for column in zip(*(fault[3:] for fault in faults), strict=True)
    ]
    return "; ".join(", ".join(values) for values in met)


STYLE = """
body { font: 15px/1.5 system-ui; margin: 2rem; }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem; border-bottom: 1px solid #ccc; }
main { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end; }
figure { margin: 0; }
img { width: 220px; max-height: 420px; object-fit: cover; object-position: top; border: 1px solid #ccc; }
"""


def report(faults: list[Fault], told: str, out: Path) -> str:
    """A page with what was found, each fault once, and the pictures."""
    rows = "".join(
        f"<tr><td>{escape(kind)}<td>{escape(measure)}<td>{escape(detail)}<td>{len(met)}<td>{escape(where(met))}"
        for (kind, measure, detail), met in sorted(grouped(faults).items())
    )
    shots = "".join(
        f'<figure><a href="{file.name}"><img loading="lazy" src="{file.name}" alt=""></a>'
        f"<figcaption>{file.stem}</figcaption></figure>"
        for file in sorted(out.glob("*.jpg"))
    )
    return f"""<!doctype html><meta charset="utf-8"><title>Figures and pages on every screen</title>
<style>{STYLE}</style>
<h1>Figures and pages on every screen</h1><pre>{escape(told)}</pre>
<table><tr><th>what<th>measure<th>at fault<th>times<th>widths; modes; hands; states</tr>{rows}</table>
<h2>Pictures</h2><main>{shots}</main>
"""


def say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
