"""What this browser keeps for the reader, and what the site does with it.

Figures keep answers, guesses and what was changed; each page keeps where the reader is. The first page says where that
was, and one page tells all of it in words and forgets it. Nothing is sent anywhere.
"""

import json
import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

import netlearn
from netlearn.figures.common.bundle import bare

SOURCES = Path(__file__).resolve().parent / "kept"
SHELF = Path(netlearn.__file__).parent / "figures" / "common" / "kept.js"  # which they share with the figures
QUESTIONS = "questions.json"
PAGE = "kept"

# How a figure's data, which stands in a page as JSON, names what is asked: a quiz's item, and a prediction.
_ITEM = re.compile(r'data-item=\\"([^"\\]+)')
_PREDICTION = re.compile(r'data-prediction=\\"([^"\\]+)')
_TITLE = re.compile(r"<h1>(.*?)<a ", re.DOTALL)


def register(app: Sphinx) -> None:
    """The page that tells what is kept, the script on every page that keeps where one is, and the book's questions."""
    app.connect("html-collect-pages", lambda _app: [(PAGE, {}, f"{PAGE}.html")])
    app.connect("html-page-context", give_scripts, priority=850)  # before what the page does not need goes
    app.connect("build-finished", write)


def give_scripts(app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object) -> None:
    """The folder of the scripts, for the templates; on a page of the book, the one that keeps where the reader is."""
    context["kept_folder"] = kept_folder()
    if pagename in app.env.found_docs:
        app.add_js_file(f"{kept_folder().removeprefix('_static/')}/place.js", type="module")


def write(app: Sphinx, exception: Exception | None) -> None:
    """The scripts, and what the book asks."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    folder = out / kept_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts().items():
        (folder / name).write_text(text, encoding="utf-8")
    addresses = [app.builder.get_target_uri(name) for name in app.env.collect_relations()]
    asked = questions(out, addresses)
    (folder / QUESTIONS).write_text(json.dumps(asked, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def questions(site: Path, addresses: list[str]) -> list[dict[str, Any]]:
    """What each page of the book asks, in the order of reading: the names under which answers and guesses are kept."""
    asked = []
    for address in addresses:
        html = (site / address).read_text(encoding="utf-8")
        title = re.sub(r"<[^>]*>", "", found[1]) if (found := _TITLE.search(html)) else address
        names = {"items": _ITEM.findall(html), "predictions": _PREDICTION.findall(html)}
        asked.append({"address": address, "title": title, **names})
    return asked


@cache
def kept_folder() -> str:
    """The folder of the scripts. Its name changes with them."""
    return f"_static/kept-{sha256(''.join(scripts().values()).encode()).hexdigest()[:12]}"


@cache
def scripts() -> dict[str, str]:
    """Our modules and the figures' shelf, without their comments, by name."""
    files = {path.name: path.read_text(encoding="utf-8") for path in [*SOURCES.glob("*.js"), SHELF]}
    return {name: bare(text).replace("../../netlearn/figures/common/", "./") for name, text in sorted(files.items())}
