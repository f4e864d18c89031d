"""What the book cites, as a Sphinx extension: the directive ``sources`` lists it on the page of references.

``sources:: rfcs`` has each RFC with the sections that are cited, and where; ``sources:: others`` every other address
that a chapter leads to. Both are collected from the chapters when the book is built, and from the library's docstrings.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

import netlearn
from netlearn.teaching.references import Citation, bundled, cited_by, named

PAGE = "book/references"
ROOMS = "book/library"
Places = dict[str, str]  # the pages on which something is cited, in the order of the book, and where on each


class cited_sources(nodes.General, nodes.Element):  # docutils names its nodes so
    """The list, until all chapters were read."""


class Sources(SphinxDirective):
    """``.. sources:: rfcs``, or ``others``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        return [cited_sources("", which=self.arguments[0])]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the lists where they belong."""
    for place in [*doctree.findall(cited_sources)]:
        place.replace_self(rfcs(app) if place["which"] == "rfcs" else others(app))


def rfcs(app: Sphinx) -> nodes.definition_list:
    """Each RFC with its title, and its sections with the pages that cite them."""
    where: dict[Citation, Places] = defaultdict(dict)
    for docname, link in links(app.env):
        for citation in cited_in(link):
            where[citation].setdefault(docname, section_of(link))
    for room, citation in cited_by_the_library():
        if f"{ROOMS}/{room}" in app.env.all_docs:
            where[citation].setdefault(f"{ROOMS}/{room}", "")
    entries = nodes.definition_list("", classes=["nl-sources"])
    for number, rfc in sorted(bundled().items()):
        cited = sorted((each for each in where if each.rfc == number), key=lambda each: each.order)
        name = nodes.term("", "", link_to(f"RFC {number}", Citation(number).address), nodes.Text(f": {rfc.title}"))
        rows = [nodes.paragraph("", "", *row(app, each, rfc.sections, where[each])) for each in cited]
        name["ids"] = [f"rfc-{number}"]
        entries += nodes.definition_list_item("", name, nodes.definition("", *rows))
    return entries


def row(app: Sphinx, citation: Citation, headings: Mapping[str, str], places: Places) -> Iterator[nodes.Node]:
    """One section: its number, its heading where that is known, and the pages."""
    if citation.section:
        kind = "Appendix" if citation.section[0].isalpha() else "Section"
        yield link_to(f"{kind} {citation.section}", citation.address)
        heading = headings.get(citation.section)
        yield nodes.Text(f", {heading}: " if heading else ": ")
    else:
        yield nodes.Text("As a whole: ")
    yield from pages(app, places)


def pages(app: Sphinx, places: Places) -> Iterator[nodes.Node]:
    """The pages by their titles, each a link to where something is cited."""
    for number, (docname, anchor) in enumerate(places.items()):
        if number:
            yield nodes.Text("; ")
        address = app.builder.get_relative_uri(PAGE, docname) + (f"#{anchor}" if anchor else "")
        yield nodes.reference("", app.env.titles[docname].astext(), refuri=address, internal=True)


def others(app: Sphinx) -> nodes.bullet_list:
    """Every other address, without its scheme, with the pages that lead there."""
    where: dict[str, Places] = defaultdict(dict)
    for docname, link in links(app.env):
        if not cited_by(link["refuri"]):
            where[link["refuri"]].setdefault(docname, section_of(link))
    rows = nodes.bullet_list("", classes=["nl-sources"])
    for address, places in sorted(where.items(), key=lambda found: bare(found[0])):
        said = nodes.paragraph("", "", link_to(bare(address), address), nodes.Text(": "), *pages(app, places))
        rows += nodes.list_item("", said)
    return rows


def links(env: BuildEnvironment) -> Iterator[tuple[str, nodes.reference]]:
    """Each link of a chapter to the world, with the chapter, in the order of the book."""
    for docname in in_order(env):
        for link in env.get_doctree(docname).findall(nodes.reference):
            if str(link.get("refuri", "")).startswith("https://"):
                yield docname, link


def in_order(env: BuildEnvironment) -> list[str]:
    """The notebooks of the book, as its reader meets them."""
    listed = [docname for part in env.toctree_includes.values() for docname in part]
    return [docname for docname in listed if str(env.doc2path(docname)).endswith(".ipynb")]


def cited_in(link: nodes.reference) -> set[Citation]:
    """What a link cites: its address, and other sections of the same RFC that its words name."""
    led = cited_by(link["refuri"])
    return {led, *(each for each in named(link.astext()) if each.rfc == led.rfc and each.section)} if led else set()


def section_of(link: nodes.Node) -> str:
    """The anchor of the section that it stands in; none for the top of the page."""
    while not isinstance(link, nodes.section):
        link = link.parent
    return str(link["ids"][0]) if isinstance(link.parent, nodes.section) else ""


def cited_by_the_library() -> Iterator[tuple[str, Citation]]:
    """What the docstrings and comments of each of the library's rooms name, with the room."""
    root = Path(netlearn.__file__).parent
    for path in sorted(root.glob("*/**/*.py")):
        room = path.relative_to(root).parts[0]
        text = re.sub(r"\n\s*#\s?", " ", path.read_text(encoding="utf-8"))
        yield from ((room, citation) for citation in named(text) if path.name != "references.py")


def link_to(words: str, address: str) -> nodes.reference:
    """A link out of the book."""
    return nodes.reference("", words, refuri=address, internal=False)


def bare(address: str) -> str:
    """An address as people say it."""
    return address.removeprefix("https://").removeprefix("www.").removesuffix("/")


def register(app: Sphinx) -> None:
    """Let a page list what is cited."""
    app.add_directive("sources", Sources)
    app.connect("doctree-resolved", fill)
