"""An exported notebook: each figure is a picture with its words, and sanitised HTML is no code to read."""

from typing import Any

import nbformat
import pytest
from conftest import ROOT
from nbconvert import HTMLExporter, MarkdownExporter
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from netlearn import forum
from netlearn.widgets import Explorer

FIGURE = "application/vnd.netlearn.figure+json"
VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
HOSTILE = (
    '<script>evil()</script><img src="x" onerror="evil()"><img src="https://example.com/a.png" alt="far">'
    '<a href="javascript:evil()">j</a><a href=" data:text/html,evil">d</a><a href="https://example.com/">web</a>'
    '<svg onload="evil()"><a xlink:href="javascript:evil()">x</a></svg><p style="background:url(https://example.com)">p</p>'
    '<iframe src="https://example.com"></iframe><details open ontoggle="evil()"><summary>s</summary>in it</details>'
)


def settings(name: str = "export_config.py") -> Config:
    found: Config = PyFileConfigLoader(name, path=str(ROOT / "tools")).load_config()
    return found


def exported(exporter: Any, *outputs: dict[str, Any], state: Any = None, prose: str = "", **options: Any) -> str:
    """The body of what is exported of a notebook that has prose and these outputs."""
    cells = [nbformat.v4.new_markdown_cell(prose)]
    for data in outputs:
        cell = nbformat.v4.new_code_cell("figure")
        cell.outputs = [nbformat.v4.new_output("display_data", data)]
        cells.append(cell)
    notebook = nbformat.v4.new_notebook(cells=cells)
    if state:
        notebook.metadata["widgets"] = {STATE: {"state": state, "version_major": 2, "version_minor": 0}}
    config = settings()
    text: str = exporter(config=config, **options).from_notebook_node(notebook)[0]
    return text[max(0, text.find("<body")) :]


@pytest.fixture(scope="module")
def figure() -> dict[str, Any]:
    """The output of a cell that shows a figure, as a kernel sends it."""
    data, _ = Explorer(forum(), "Source", "End", caption="Look at R1.")._repr_mimebundle_()
    return {**data, VIEW: {"model_id": "m", "version_major": 2, "version_minor": 0}}


@pytest.mark.parametrize("sanitized", [False, True])
def test_a_figure_is_a_picture_with_words_whether_its_state_was_saved_or_not(
    figure: dict[str, Any], sanitized: bool
) -> None:
    assert {VIEW, FIGURE, "text/html"} <= figure.keys()
    for state in (None, {"m": {"model_name": "AnyModel", "model_module": "anywidget", "state": {}}}):
        page = exported(HTMLExporter, figure, state=state, sanitize_html=sanitized)
        assert page.count('src="data:image/svg+xml;base64,') == figure["text/html"].count("<img")
        assert "1 shortest path, metric 3: Source → R1 → R2 → End." in page
        assert "<figcaption>Look at R1.</figcaption>" in page
        assert "&lt;" not in page
        assert "<script" not in page
        assert VIEW not in page


def test_in_markdown_it_is_the_same_picture(figure: dict[str, Any]) -> None:
    page = exported(MarkdownExporter, figure)
    assert page.count('src="data:image/svg+xml;base64,') == 1
    assert "<script" not in page


def test_sanitised_prose_and_outputs_keep_words_tables_and_links_and_nothing_that_acts() -> None:
    prose = "# Title\n\nA *word*.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" + HOSTILE
    page = exported(HTMLExporter, {"text/html": HOSTILE}, prose=prose, sanitize_html=True)
    assert page.count('<a href="https://example.com/">web</a>') == 2
    for part in ("<h1", "<em>word</em>", "<td>1</td>", "<p>p</p>", "<summary>s</summary>"):
        assert part in page
    for part in (
        "onerror",
        "onload",
        "ontoggle",
        "javascript:",
        "data:text",
        "a.png",
        "url(",
        "<iframe",
        "<svg",
        "&lt;",
    ):
        assert part not in page


def test_jupyterlabs_own_menu_has_these_settings() -> None:
    own = settings("jupyter_config.py")
    assert own.ServerApp.contents_manager_class.__name__ == "Chapters"
    assert own.Exporter.preprocessors[0].__name__ == "still"
