"""The book's words, as a Sphinx extension: their page, and a link to it from where a chapter's reader first meets one.

The directive ``terms`` lists the glossary. In the notebooks' running prose the first mention of each term becomes a
link that carries its meaning (`assets/terms.js` shows it in place; without scripts the link leads to it), and where a
chapter explains a term, the word is marked as its definition and the glossary leads there.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from netlearn.figures.common.bundle import bare
from netlearn.teaching.glossary import Glossary, Mention, Piece, Term, bundled

PAGE = "book/glossary"
# What is no running prose: what it says is said elsewhere, drawn, typed, or leads somewhere already.
ELSEWHERE = (
    *(nodes.title, nodes.table, nodes.container, nodes.raw, nodes.reference, nodes.literal, nodes.literal_block),
    *(nodes.math, nodes.math_block, nodes.figure, nodes.Invisible, addnodes.pending_xref),
)
Place = tuple[nodes.Text, Piece]


class met_term(nodes.Inline, nodes.TextElement):  # docutils names its nodes so
    """The first mention of a term on a page: a link to its meaning."""


class told_term(nodes.Inline, nodes.TextElement):
    """The mention of a term by which a chapter explains it."""


class shown_in(nodes.Inline, nodes.Element):
    """In the glossary, until the page is written: where a term is explained."""


class Terms(SphinxDirective):
    """``terms``: all words of the glossary, in a section for each letter."""

    def run(self) -> list[nodes.Node]:
        sections = [section(letter, terms) for letter, terms in groupby(glossary().terms, initial)]
        return [nodes.paragraph("", "", *letters(sections), classes=["nl-letters"]), *sections]


def letters(sections: list[nodes.section]) -> Iterator[nodes.Node]:
    """A link to each section."""
    for each in sections:
        yield nodes.reference("", each[0].astext(), refid=each["ids"][0], internal=True)
        yield nodes.Text(" ")


def initial(term: Term) -> str:
    """The letter under which it stands; numbers have one place together."""
    first = term.name.lstrip("/")[0].upper()
    return first if first.isalpha() else "0–9"


def section(letter: str, terms: Iterator[Term]) -> nodes.section:
    """The terms of a letter."""
    name = f"letter-{letter[0].lower()}"
    entries = nodes.definition_list("", *map(entry, terms), classes=["nl-glossary"])
    return nodes.section("", nodes.title("", letter), entries, ids=[name], names=[name])


def entry(term: Term) -> nodes.definition_list_item:
    """A term, what it means, and where it is shown."""
    said = nodes.paragraph("", "", *inline(term.means), shown_in("", term=term.name))
    name = nodes.term("", term.name, ids=[term.id])
    return nodes.definition_list_item("", name, nodes.definition("", said))


def inline(text: str) -> Iterator[nodes.Node]:
    """The text with what stands between backticks as code."""
    for number, part in enumerate(text.split("`")):
        yield nodes.literal("", part) if number % 2 else nodes.Text(part)


@cache
def glossary() -> Glossary:
    """The book's own."""
    return bundled()


def prose(doctree: nodes.document) -> list[Place]:
    """The page's running prose: its texts, and what is to know of each."""
    return [*_prose(doctree, "", False, [False])]


def _prose(node: nodes.Element, where: str, stress: bool, folded: list[bool]) -> Iterator[Place]:
    if isinstance(node, nodes.section):
        where = node["ids"][0]
    for child in node.children:
        if isinstance(child, nodes.raw):
            text = child.astext()
            folded[0] = "<details" in text or (folded[0] and "</details" not in text)
        elif isinstance(child, nodes.Text):
            yield child, Piece(child.astext(), where, stress, folded[0])
        elif isinstance(child, nodes.Element) and not isinstance(child, ELSEWHERE) and not is_belief(child):
            yield from _prose(child, where, stress or isinstance(child, nodes.emphasis | nodes.strong), folded)


def is_belief(node: nodes.Element) -> bool:
    """Whether it is the belief in bold with which a box begins, and not a sentence of the book."""
    said = [child for child in node.children if child.astext()]
    return len(said) == 1 and isinstance(said[0], nodes.strong) and said[0].astext().startswith("“")


def mark(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Mark the terms of a chapter, and in the glossary say where each is explained."""
    if docname == PAGE:
        for place in [*doctree.findall(shown_in)]:
            place.replace_self(where_shown(app, glossary()[place["term"]]))
    if is_chapter(app, docname) and docname != app.config.root_doc:  # the first page only leads to chapters
        page = app.builder.get_relative_uri(docname, PAGE)
        places = prose(doctree)
        for number, mentions in groupby(marked(docname, places), lambda mention: mention.piece):
            text = places[number][0]
            text.parent.replace(text, [*parts(text.astext(), mentions, page)])


def parts(text: str, mentions: Iterator[Mention], page: str) -> Iterator[nodes.Node]:
    """The text with its terms marked."""
    done = 0
    for mention in mentions:
        term, words = mention.term, text[mention.start : mention.end]
        yield nodes.Text(text[done : mention.start])
        if mention.explains:
            yield told_term("", words, ids=[told_id(term)])
        else:
            yield met_term("", words, refuri=f"{page}#{term.id}", means=term.means.replace("`", ""))
        done = mention.end
    yield nodes.Text(text[done:])


def where_shown(app: Sphinx, term: Term) -> list[nodes.Node]:
    """The chapter that explains the term, as a link to the words by which it does."""
    docname = f"book/{term.chapter}"
    if docname not in app.env.all_docs:
        return []
    told = {each.term.name for each in marked(docname, prose(app.env.get_doctree(docname))) if each.explains}
    anchor = told_id(term) if term.name in told else term.section
    address = app.builder.get_relative_uri(PAGE, docname) + (f"#{anchor}" if anchor else "")
    title = app.env.titles[docname].astext()
    link = nodes.reference("", title, refuri=address, internal=True)
    return [nodes.Text(" "), nodes.inline("", "Shown in ", link, classes=["nl-shown-in"])]


def marked(docname: str, places: list[Place]) -> list[Mention]:
    """What is to mark on a chapter's page."""
    return glossary().marked(docname.removeprefix("book/"), [piece for _, piece in places])


def is_chapter(app: Sphinx, docname: str) -> bool:
    """Whether the page is a notebook of the book."""
    return str(app.env.doc2path(docname)).endswith(".ipynb")


def told_id(term: Term) -> str:
    """The anchor of the words that explain it."""
    return term.id.replace("term-", "told-", 1)


def visit_met(translator: Any, node: nodes.Element) -> None:
    """A link that carries what the term means."""
    carried: Mapping[str, str] = {"href": node["refuri"], "data-means": node["means"]}
    translator.body.append(translator.starttag(node, "a", "", CLASS="nl-term", **carried))


def visit_told(translator: Any, node: nodes.Element) -> None:
    """The words that explain a term."""
    translator.body.append(translator.starttag(node, "dfn", ""))


def take_comments_out(app: Sphinx, exception: Exception | None) -> None:
    """A page's script carries no comments."""
    if exception or app.builder.format != "html":
        return
    script = Path(app.outdir) / "_static" / "terms.js"
    script.write_text(bare(script.read_text(encoding="utf-8")), encoding="utf-8")


def register(app: Sphinx) -> None:
    """Let pages list the terms, and mark them where they are met."""
    app.add_directive("terms", Terms)
    app.add_node(met_term, html=(visit_met, lambda translator, _node: translator.body.append("</a>")))
    app.add_node(told_term, html=(visit_told, lambda translator, _node: translator.body.append("</dfn>")))
    app.connect("doctree-resolved", mark)
    app.connect("build-finished", take_comments_out, priority=900)
    app.add_css_file("terms.css", priority=901)
    app.add_js_file("terms.js", priority=101, loading_method="defer")
