"""The book's prose as its notebooks have it: pages, and the pieces of which a page's text is made."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from docutils.nodes import make_id
from markdown_it import MarkdownIt
from markdown_it.token import Token

from netlearn.teaching.glossary import Piece

ROOT = Path(__file__).parent.parent
STRESS = {"em_open": 1, "strong_open": 1, "em_close": -1, "strong_close": -1}


@cache
def parts() -> tuple[tuple[str, ...], ...]:
    """The chapters of the book's parts that are notebooks, in the order of `_toc.yml`."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    named = (tuple(chapter["file"].removeprefix("book/") for chapter in part["chapters"]) for part in toc["parts"])
    return tuple(tuple(name for name in part if (ROOT / f"book/{name}.ipynb").exists()) for part in named)


def markdown(chapter: str) -> Iterator[str]:
    """The chapter's cells of prose."""
    notebook = json.loads((ROOT / f"book/{chapter}.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield "".join(cell["source"])


@cache
def pieces(chapter: str) -> tuple[Piece, ...]:
    """The pieces of a chapter's running prose: no headings, links, code, tables or titles of boxes."""
    return tuple(_pieces("\n\n".join(markdown(chapter))))


def _pieces(text: str) -> Iterator[Piece]:
    section, folded, heading, table = "", False, False, False
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "html_block":
            folded = "<details" in token.content or (folded and "</details" not in token.content)
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.type == "heading_open"
        elif token.type in {"table_open", "table_close"}:
            table = token.type == "table_open"
        elif token.type == "inline" and heading:
            section = make_id("".join(each.content for each in token.children or ()))
        elif token.type == "inline" and not table and not is_title(token):
            yield from _inline(token.children or [], section, folded)


def is_title(token: Token) -> bool:
    """Whether it is the belief in bold with which a box begins."""
    return token.content.startswith('**"') and token.content.endswith("**")


def _inline(tokens: list[Token], section: str, folded: bool) -> Iterator[Piece]:
    linked = stress = 0
    texts: list[str] = []
    for token in tokens:
        changes = token.type in STRESS or token.type in {"link_open", "link_close", "code_inline"}
        if changes and texts:
            yield Piece("".join(texts), section, stress > 0, folded)
            texts = []
        linked += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        stress += STRESS.get(token.type, 0)
        if token.type == "softbreak" and not linked:
            texts.append("\n")
        elif token.type == "text" and not linked:
            texts.append(token.content)
    if texts:
        yield Piece("".join(texts), section, stress > 0, folded)
