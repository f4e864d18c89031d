"""The book's search: what its pages say, section by section, and the scripts that look through it in the page.

The text is taken from the built pages, so it is what a reader sees there; `LEFT_OUT` names what is there and not said:
code, what is folded (answers, feedback, hints), figures that answer later, and what is said only without scripts.
MiniSearch, one pinned package from npm, makes its index of it in the page: the text has to travel for the sentences
that are shown, and an index beside it would weigh more than it saves.
"""

import json
import re
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import runtime
from bs4 import BeautifulSoup, Tag
from node import fetched
from sphinx.application import Sphinx

from netlearn.figures.common.bundle import bare

MINISEARCH = "7.2.0"
MINISEARCH_SHA512 = "dqT2XBYUOZOiC5t2HRnwADjhNS2cecp9u+TJRiJ1Qp/f5qjkeT5APcGPjHw+bz89Ms8Jp+cG4AlE+QZ/QnDglg=="

SOURCES = Path(__file__).resolve().parent / "find"
TEXT = "book.json"  # what the pages say; it changes with them, the scripts beside it with us

# Stands in a page, and is no sentence of it.
LEFT_OUT = ", ".join(
    [
        *("script", "style", "template", "noscript", "svg", "math", ".headerlink", ".eqno"),
        *(".cell_input", ".doctest", ".highlight-python", ".highlight-ipython3", ".highlight-json"),
        *("details", "figure[data-figure]", ".nl-terminal figcaption", "[hidden]", "[aria-hidden=true]"),
        ".cell_output .output:not(:has(> figure))",  # what code printed
    ]
)
TYPED = "`"
BLOCKS = ("p", "pre", "li", "dt", "dd", "tr", "figcaption")


@dataclass
class Section:
    """A place that a result can lead to: a section of a page, or a name that the page explains."""

    page: int
    """Its page's place in the list of pages."""
    id: str
    heading: str
    said: list[str] = field(default_factory=list)
    """Paragraphs, and the commands that were typed, each behind a backtick, by which they are shown as code."""
    shown: list[str] = field(default_factory=list)
    """Lines of screens: what commands answered."""

    def row(self) -> list[Any]:
        """What travels of it."""
        return [self.page, self.id, self.heading, "\n".join(self.said), "\n".join(self.shown)]


def register(app: Sphinx) -> None:
    """Take the place of Sphinx's own search: its index, its scripts, its marks in the page."""
    app.connect("builder-inited", without_own)
    app.connect("html-collect-pages", lambda _app: [("search", {}, "search.html")])
    app.connect("build-finished", write)


def without_own(app: Sphinx) -> None:
    """Sphinx makes no index and no page of its own."""
    if app.builder.format == "html":
        app.builder.search = False  # type: ignore[attr-defined]


def write(app: Sphinx, exception: Exception | None) -> None:
    """The scripts, and what the pages say, where the search page looks for them."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / find_folder()
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in scripts().items():
        (folder / name).write_text(text, encoding="utf-8")
    pages = [app.config.root_doc, *(name for name in reading_order(app) if name != app.config.root_doc)]
    chapters = {app.builder.get_target_uri(name): app.env.doc2path(name).endswith(".ipynb") for name in pages}
    made = contents(Path(app.outdir), chapters)
    (folder / TEXT).write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def reading_order(app: Sphinx) -> list[str]:
    """The documents as the contents list them, then those that it does not list."""
    listed = dict.fromkeys(app.env.collect_relations())
    return [*listed, *sorted(app.env.found_docs - listed.keys())]


def contents(site: Path, chapters: Mapping[str, bool]) -> dict[str, Any]:
    """What the pages say: each one's address, title and whether it is a chapter, and the rows of all their sections."""
    pages, rows = [], []
    for number, (address, is_chapter) in enumerate(chapters.items()):
        sections = sections_of((site / address).read_text(encoding="utf-8"), number)
        pages.append([address, sections[0].heading, is_chapter])
        rows += [section.row() for section in sections]
    return {"pages": pages, "sections": rows}


def sections_of(html: str, page: int = 0) -> list[Section]:
    """The sections of a page, in its order; the first is that of its title.

    >>> [one.said for one in sections_of('<article><section id="a"><h1>A</h1><p>Hear.</p></section></article>')]
    [['Hear.']]
    """
    article = BeautifulSoup(html, "html.parser").find("article")
    assert isinstance(article, Tag), "every page has its text in an article"
    for part in article.select(LEFT_OUT):
        part.decompose()
    places = article.select("section[id], dt[id]")
    sections = {id(place): Section(page, str(place["id"]), heading(place)) for place in places}
    for block in article.find_all(BLOCKS):
        place = place_of(block)
        if place is None or block is place or is_told_by_others(block):
            continue
        section = sections[id(place)]
        if block.name == "pre":
            typed, answered = screen(block)
            section.said += (TYPED + line for line in typed)
            section.shown += answered
        else:
            section.said += filter(None, [plain(block)])
    return list(sections.values())


def screen(block: Tag) -> tuple[list[str], list[str]]:
    """What was typed on a screen, and what was answered; a block that is no screen is all typed."""
    whole = re.sub(r"\s*\\\n\s*", " ", block.get_text())  # a command that goes on in the next line
    lines = [line.strip() for line in whole.splitlines() if line.strip()]
    if block.find_parent(class_="nl-terminal"):
        return [command.get_text() for command in block.find_all("b")], lines
    if block.find_parent(class_="highlight-console"):
        return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")], lines
    return lines, []


def heading(place: Tag) -> str:
    """What the section or the name is called."""
    named = place.find(["h1", "h2", "h3", "h4"]) if place.name == "section" else place.select_one(".sig-name")
    return plain(named if isinstance(named, Tag) else place)


def place_of(block: Tag) -> Tag | None:
    """The section, or the name explained, in which a block stands."""
    for around in (block, *block.parents):
        term = around if around.name == "dt" else around.find_previous_sibling("dt") if around.name == "dd" else None
        if isinstance(term, Tag) and term.has_attr("id"):
            return term
        if around.name == "section" and around.has_attr("id"):
            return around
    return None


def is_told_by_others(block: Tag) -> bool:
    """Whether the block only holds blocks, or is a part of a table's row, which is told as a whole."""
    return block.find_parent(["tr", "pre"]) is not None or (block.name != "tr" and block.find(BLOCKS) is not None)


def plain(block: Tag) -> str:
    """The words of a block in one line; the cells of a row apart."""
    apart = [cell.get_text() for cell in block.find_all(["td", "th"])] or [block.get_text()]
    return " · ".join(filter(None, (re.sub(r"\s+", " ", text).strip() for text in apart)))


@cache
def find_folder() -> str:
    """The folder of the search. Its name changes with its scripts, so that no page meets another edition's."""
    digest = sha256("".join(scripts().values()).encode())
    return f"_static/find-{digest.hexdigest()[:12]}"


@cache
def scripts() -> dict[str, str]:
    """Our modules and MiniSearch's, without their comments, and its licence, by name."""
    ours = {path.name: bare(path.read_text(encoding="utf-8")) for path in sorted(SOURCES.glob("*.js"))}
    return ours | minisearch()


def minisearch() -> dict[str, str]:
    """MiniSearch's module and licence, from its package."""
    archive = fetched("minisearch", MINISEARCH, MINISEARCH_SHA512, runtime.FOLDER)
    with tarfile.open(archive) as package:
        files = {name: package.extractfile(f"package/{name}") for name in ("dist/es/index.js", "LICENSE.txt")}
        module, licence = (file.read().decode() for file in files.values() if file)
    return {"minisearch.js": bare(module), "minisearch-licence.txt": licence}
