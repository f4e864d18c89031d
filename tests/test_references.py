"""What the book cites: every RFC is listed, every section is one that the RFC has, and a page says where."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from prose import ROOT, markdown, parts

from netlearn.errors import NetlearnError
from netlearn.teaching.references import Citation, bundled, cited_by, from_json, named

BOOK = bundled()
CHAPTERS = [chapter for part in parts() for chapter in part]
LINK = re.compile(r"\[([^\]]+)\]\((https://www\.rfc-editor\.org/[^)]+)\)")
# Of these the heading was compared with no text: how many there are may fall, and does not grow unnoticed.
MOST_UNCHECKED = 4


def links(chapter: str) -> Iterator[tuple[str, str]]:
    """The words and the address of each link of a chapter to an RFC."""
    for cell in markdown(chapter):
        plain = re.sub(r"\n>? ?", " ", cell)  # a quotation begins its lines with a sign
        yield from ((" ".join(words.split()), address) for words, address in LINK.findall(plain))


def library() -> Iterator[Citation]:
    """What the library's docstrings and comments name."""
    for path in sorted((ROOT / "netlearn").rglob("*.py")):
        if path.name != "references.py":  # its examples cite nothing
            yield from named(re.sub(r"\n\s*#\s?", " ", path.read_text(encoding="utf-8")))


def known(citation: Citation) -> bool:
    rfc = BOOK.get(citation.rfc)
    return rfc is not None and (not citation.section or citation.section in {*rfc.sections, *rfc.unchecked})


# What is found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("the computation (RFC 2328 16.1 (2)(b); Dijkstra's)", [(2328, "16.1")]),
        ("RFC 1812,\nsection 5.2.4.3, says so", [(1812, "5.2.4.3")]),
        ("each flow (RFC 2991 2 and 4, RFC 2992)", [(2991, "2"), (2991, "4"), (2992, "")]),
        ("RFC 7094, sections 3.1 and 4.2", [(7094, "3.1"), (7094, "4.2")]),
        ("RFC 5227 1.1: PROBE_WAIT", [(5227, "1.1")]),
        ("in RFC 2328, appendix C.3. Then", [(2328, "C.3")]),
        ("RFC 8405 settles it, and RFC 5737, 3849", [(8405, ""), (5737, "")]),
    ],
)
def test_a_text_names_rfcs_and_their_sections(text: str, found: list[tuple[int, str]]) -> None:
    assert [*named(text)] == found


def test_an_address_cites_an_rfc_and_back() -> None:
    for citation in (Citation(826), Citation(2328, "16.1"), Citation(2328, "C.3")):
        assert cited_by(citation.address) == citation
    assert cited_by("https://man7.org/linux/man-pages/man7/ip.7.html") is None
    assert cited_by("https://www.rfc-editor.org/rfc/rfc2328#page-3") is None


def test_sections_stand_in_the_order_of_a_table_of_contents() -> None:
    cited = [Citation(1, each) for each in ("C.3", "5.10", "5.2", "12", "")]
    assert [each.section for each in sorted(cited[:-1], key=lambda each: each.order)] == ["5.2", "5.10", "12", "C.3"]


# What is refused


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"number": 826}, "has no title"),
        ({"number": "826", "title": "ARP"}, "its number is a number from 1, not '826'"),
        ({"number": 826, "title": ""}, "RFC 826: its title is words"),
        ({"number": 826, "title": "ARP", "sections": []}, "sections is an object of headings"),
        ({"number": 826, "title": "ARP", "sections": {"two": "A"}}, "a section is called 5.2 or C.3, not 'two'"),
        ({"number": 826, "title": "ARP", "sections": {"2": ""}}, "section 2: its heading is words"),
        ({"number": 826, "title": "ARP", "sections": {"2": "A"}, "unchecked": ["2"]}, "both checked and unchecked"),
    ],
)
def test_a_list_that_cannot_be_is_refused(row: dict[str, object], says: str) -> None:
    with pytest.raises(NetlearnError, match=says):
        from_json(json.dumps({"rfcs": [row]}))


def test_an_rfc_stands_there_once() -> None:
    row = {"number": 826, "title": "ARP"}
    with pytest.raises(NetlearnError, match="RFC 826 stands there twice"):
        from_json(json.dumps({"rfcs": [row, row]}))


# The book's own


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_cites_sections_that_are_there_and_by_the_number_that_its_link_leads_to(chapter: str) -> None:
    for words, address in links(chapter):
        citation = cited_by(address)
        assert citation, f"{address} leads to no section"
        assert known(citation), f"{citation} is not in the list of references"
        if re.search("section|appendix", words):
            assert re.search(rf"\b{re.escape(citation.section)}(?!\.?\d)", words), f"{words!r} leads to {address}"
        rfcs = {int(number) for number in re.findall(r"RFC (\d+)", words)}
        assert rfcs <= {citation.rfc}, f"{words!r} leads to {address}"
        assert all(map(known, named(words))), words


def test_the_library_cites_sections_that_are_there() -> None:
    cited = [*library()]
    assert [each for each in cited if not known(each)] == []
    assert len(set(cited)) > 50


def test_nothing_is_listed_that_nobody_cites() -> None:
    led = {citation for chapter in CHAPTERS for _, address in links(chapter) if (citation := cited_by(address))}
    by_words = {citation for chapter in CHAPTERS for words, _ in links(chapter) for citation in named(words)}
    cited = led | by_words | {*library()}
    listed = {Citation(rfc.number, each) for rfc in BOOK.values() for each in (*rfc.sections, *rfc.unchecked)}
    assert listed - cited == set()
    assert {*BOOK} == {each.rfc for each in cited}


def test_what_was_compared_with_no_text_does_not_grow() -> None:
    assert sum(len(rfc.unchecked) for rfc in BOOK.values()) <= MOST_UNCHECKED


def test_the_page_lists_every_rfc_and_leads_to_where_it_is_cited(built_site: Path) -> None:
    text = (built_site / "book/references.html").read_text(encoding="utf-8")
    for rfc in BOOK.values():
        assert f'id="rfc-{rfc.number}"' in text
        for section, heading in rfc.sections.items():
            assert Citation(rfc.number, section).address in text
            assert heading.replace('"', "") in re.sub("<[^>]*>|&quot;|[“”]", "", text)
    for chapter in CHAPTERS:
        if [*links(chapter)]:
            assert f'href="{chapter}.html' in text, chapter
    assert "man7.org/linux/man-pages/man7/socket.7.html" in text
