"""The site's figures: the data that makes each live goes into its page, and large answers beside it.

A notebook's output holds a figure twice: as a picture in HTML, and as data of a type of its own. Here both are put
together, as the page's host (`live.js`) looks for them.
"""

import json
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import runtime
from docutils import nodes
from myst_nb.core import render
from sphinx.application import Sphinx

from netlearn.figures.common.bundle import bundled, modules, styles
from netlearn.figures.common.live import FIGURE, as_json, key_of_state, with_data

LARGEST_INSIDE = 6_000  # bytes of a recorded answer; a larger one lies beside the page


class figure_data(nodes.Special, nodes.Element):  # docutils names its nodes so
    """The data of a figure, beside its picture, until the page has been read."""


class FigureRenderer:
    """How MyST-NB reads an output of the figures' own type."""

    @staticmethod
    def handle_mime(_renderer: object, data: render.MimeData, _inline: bool) -> list[nodes.Element] | None:
        return [figure_data("", carried=data.content)] if data.mime_type == FIGURE else None


def register(app: Sphinx) -> None:
    """Let MyST-NB know the figures' type: it asks entry points of packages, and a site's own extension is none."""
    render.load_mime_renders = lambda: [FigureRenderer]
    app.connect("doctree-read", put_together)
    app.connect("build-finished", add_figures)


def put_together(app: Sphinx, doctree: nodes.document) -> None:
    """Each figure of a page as HTML with its data inside."""
    source, taken = Path(app.env.doc2path(app.env.docname)), set[str]()
    for data in [*doctree.findall(figure_data)]:
        bundle = data.parent.parent
        for picture in [*bundle.findall(nodes.raw)]:
            if "<figure " not in picture.astext():
                continue  # what Jupyter would make a widget of: no page shows it, and it needs no name
            text = with_data(picture.astext(), lay_beside(data["carried"], Path(app.outdir) / live_folder()))
            text = text.replace("<figure ", f'<figure id="{name_of(data, source, taken)}" ', 1)
            picture.replace_self(nodes.raw("", text, format="html"))
        bundle.remove(data.parent)


def name_of(output: nodes.Element, source: Path, taken: set[str]) -> str:
    """The figure's own name in its page, by which links find it for ever: the id of the notebook's cell that shows it.

    A cell keeps its id wherever it goes and whatever comes before it, other than a number of the figures, their
    captions or their predictions, which an edition may change. A second figure of a cell has its number behind.
    """
    cell = output
    while "cell_index" not in cell:
        cell = cell.parent
    ident = json.loads(source.read_text(encoding="utf-8"))["cells"][cell["cell_index"]]["id"]
    names = (f"figure-{ident}", *(f"figure-{ident}-{number}" for number in range(2, 100)))
    name = next(name for name in names if name not in taken)
    taken.add(name)
    return name


def lay_beside(carried: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    """The data with its large recorded answers in files of their own, fetched when they are asked for.

    The answer for the figure's first state stays: it is shown at once.
    """
    if "recorded" not in carried:
        return carried
    first = key_of_state(carried["state"], carried["varies"])
    recorded = {}
    for key, answer in carried["recorded"].items():
        data = as_json(answer).encode()
        recorded[key] = answer
        if key != first and len(data) > LARGEST_INSIDE:
            name = f"recorded/{sha256(data).hexdigest()[:16]}.json"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)
            recorded[key] = {"beside": name}
    return {**carried, "recorded": recorded}


def add_figures(app: Sphinx, exception: Exception | None) -> None:
    """Put what makes figures live where the pages look for it."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / live_folder()
    for name, data in live_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


@cache
def live_folder() -> str:
    """The folder of what makes figures live. Its name changes with its contents, so browsers may keep it for ever."""
    digest = sha256()
    for name, data in sorted(live_files().items()):
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return f"_static/live-{digest.hexdigest()[:12]}"


@cache
def live_files() -> dict[str, bytes]:
    """The runtime, the figures' modules as Jupyter loads them, and their style, by name."""
    files = {path.name: path.read_bytes() for path in runtime.make().iterdir()}
    files |= {f"figures/{module}.js": bundled(module).encode() for module in modules()}
    return files | {"figures.css": styles().encode()}
