"""The RFCs that the book and the library cite: each with its title, and the headings of the sections that are cited.

They are JSON, by the number of the RFC:

    {"rfcs": [
      {"number": 1122, "title": "Requirements for Internet Hosts - Communication Layers",
       "sections": {"3.3.4.2": "Multihoming Requirements"}, "unchecked": ["3.2.1.3"]}]}

`sections` are those whose number and heading were compared with the RFC's text; `unchecked` are cited, and were not.
An appendix has its letter: `C.3`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from netlearn.errors import NetlearnError, repeated, shown
from netlearn.teaching.form import Form

_FORM = Form(
    "references",
    "list of references",
    NetlearnError,
    {"references": ("rfcs",), "rfc": ("number", "title", "sections", "unchecked")},
)
_SECTION = r"[A-Z](?:\.\d+)*|\d{1,2}(?:\.\d+)*"
_SHAPE = re.compile(_SECTION)
_ADDRESS = re.compile(rf"https://www\.rfc-editor\.org/rfc/rfc(\d+)(?:#(?:section|appendix)-({_SECTION}))?")
_WHOLE = rf"(?:{_SECTION})(?!\.?\w)"
_NAMED = re.compile(
    rf"RFC (?P<rfc>\d+)(?:(?:,? (?:sections?|appendix))? (?P<first>{_WHOLE})(?: and (?P<second>{_WHOLE}))?)?"
)


class Citation(NamedTuple):
    """An RFC that is cited, and a section of it; of the whole, no section."""

    rfc: int
    section: str = ""

    @property
    def address(self) -> str:
        """Where it can be read."""
        part = "appendix" if self.section[:1].isalpha() else "section"
        return f"https://www.rfc-editor.org/rfc/rfc{self.rfc}" + (f"#{part}-{self.section}" if self.section else "")

    @property
    def order(self) -> tuple[int, list[tuple[int, str]]]:
        """By number, sections as a table of contents has them: 5.2 before 5.10, appendices last."""
        return self.rfc, [(int(each), "") if each.isdigit() else (1000, each) for each in self.section.split(".")]


@dataclass(frozen=True, slots=True)
class Rfc:
    """An RFC's title, the headings of sections by number, and the sections that nobody compared with its text."""

    number: int
    title: str
    sections: Mapping[str, str] = field(default_factory=dict)
    unchecked: tuple[str, ...] = ()


def cited_by(address: str) -> Citation | None:
    """What a link to an RFC cites; nothing, if it leads elsewhere.

    >>> cited_by("https://www.rfc-editor.org/rfc/rfc2328#appendix-C.3")
    Citation(rfc=2328, section='C.3')
    """
    match = _ADDRESS.fullmatch(address)
    return Citation(int(match[1]), match[2] or "") if match else None


def named(text: str) -> Iterator[Citation]:
    """What a text names, as a docstring does: `RFC 2328 16.1`, `RFC 2991 2 and 4`, `RFC 1812, section 5.2`."""
    for match in _NAMED.finditer(" ".join(text.split())):
        sections = [each for each in (match["first"], match["second"]) if each]
        yield from (Citation(int(match["rfc"]), each) for each in sections or [""])


def bundled(name: str = "book") -> Mapping[int, Rfc]:
    """The RFCs of the book, by number."""
    return _FORM.bundled(name, from_json)


def from_json(text: str) -> Mapping[int, Rfc]:
    """The RFCs of a JSON text, by number; `NetlearnError` says what is wrong and where."""
    given = _FORM.fields(_FORM.parsed(text), "references", "the file")
    rows = [_rfc(row, f"RFC number {number} of the list") for number, row in _FORM.rows(given, "rfcs", "the file")]
    if twice := repeated(str(rfc.number) for rfc in rows):
        raise NetlearnError(f"RFC {twice} stands there twice")
    return {rfc.number: rfc for rfc in rows}


def _rfc(data: object, where: str) -> Rfc:
    given = _FORM.fields(data, "rfc", where, "number", "title")
    number = given["number"]
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise NetlearnError(f"{where}: its number is a number from 1, not {shown(number)}")
    where = f"RFC {number}"
    title = _FORM.words(given["title"], f"{where}: its title")
    sections, unchecked = given.get("sections", {}), given.get("unchecked", [])
    if not isinstance(sections, Mapping) or not isinstance(unchecked, list):
        raise NetlearnError(f"{where}: sections is an object of headings, unchecked a list of numbers")
    for section in (*sections, *unchecked):
        if not isinstance(section, str) or not _SHAPE.fullmatch(section):
            raise NetlearnError(f"{where}: a section is called 5.2 or C.3, not {shown(section)}")
    if both := repeated((*sections, *unchecked)):
        raise NetlearnError(f"{where}: section {both} is both checked and unchecked")
    headings = {each: _FORM.words(said, f"{where}, section {each}: its heading") for each, said in sections.items()}
    return Rfc(number, title, headings, tuple(unchecked))
