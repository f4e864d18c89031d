"""The words of the book: what each means, where it is explained, and where on a page it is met first.

The glossary is JSON, so that a teacher can write one without Python:

    {"terms": [
      {"term": "LAN", "means": "A network that machines are plugged into side by side.", "forms": ["LANs"],
       "where": "which-way-lo-faces", "again": {"end-of-the-map": "the book's second entrance begins here"}}]}

`where` is the chapter that explains it, and may name the section too (`case-3#two-routers-that-point-at-each-other`); a
word without it is explained here alone. `means` is plain, save for `code` between backticks. `again` are chapters that
explain it once more, each with the reason. `forms` are the other ways in which it is written; a form that begins with a
small letter may begin a sentence. `but` are words in which it means something else.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from netlearn.errors import NetlearnError, UnknownName, possible, repeated
from netlearn.teaching.form import Form

_FORM = Form(
    "glossary",
    "glossary",
    NetlearnError,
    {"glossary": ("terms",), "term": ("term", "means", "where", "forms", "but", "again")},
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the book, what it means, and where that is shown.

    >>> Term("next hop", "The neighbour to which a router hands a packet.").id
    'term-next-hop'
    """

    name: str
    means: str
    where: str | None = None
    forms: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    again: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The anchor of its entry."""
        return "term-" + "-".join(re.findall(r"[a-z0-9]+", self.name.lower()))

    @property
    def chapter(self) -> str | None:
        """The chapter that explains it."""
        return self.where and self.where.partition("#")[0]

    @property
    def section(self) -> str:
        """The section of that chapter, or nothing when that is not said."""
        return (self.where or "").partition("#")[2]

    @property
    def explained_in(self) -> tuple[str, ...]:
        """All chapters that explain it, the one that it belongs to first."""
        return (*((self.chapter,) if self.chapter else ()), *self.again)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of prose of a page, as its author wrote it: one text, of one emphasis.

    `section` is the anchor of the section that it stands in; `stressed` whether it is in italics or bold, as a word is
    where it is explained; `folded` whether the reader has to open something to see it.
    """

    text: str
    section: str = ""
    stressed: bool = False
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a term is met: the piece of the page by its number, and from which letter to which of it.

    `explains` is whether it is explained just there; else the reader has to be told.
    """

    term: Term
    piece: int
    start: int
    end: int
    explains: bool = False


@dataclass(frozen=True)
class Glossary:
    """The words of a book, each once.

    >>> words = Glossary((Term("flow", "The messages of one conversation.", forms=("flows",)),))
    >>> [(term.name, start, end) for term, start, end in words.found("Flows part; an overflow does not.")]
    [('flow', 0, 5)]
    """

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        written = [form for term in self.terms for form in (term.name, *term.forms)]
        if twice := repeated(written) or repeated(term.id for term in self.terms):
            raise NetlearnError(f"two terms of the glossary are written {twice}")

    def __getitem__(self, name: str) -> Term:
        """The term of that name, or `UnknownName`."""
        for term in self.terms:
            if term.name == name:
                return term
        names = [term.name for term in self.terms]
        raise UnknownName(f"the glossary has no term {name!r}; there are {possible(names, name)}")

    @cached_property
    def _meant(self) -> Mapping[str, Term | None]:
        """What each form means; nothing, if it only looks like a term."""
        meant: dict[str, Term | None] = {}
        for term in self.terms:
            for form in (term.name, *term.forms):
                meant |= {form: term, form[0].upper() + form[1:]: term}
        return meant | {form: None for term in self.terms for form in term.but}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Whole words, the longest first; those that a line's end may part."""
        longest = sorted(self._meant, key=len, reverse=True)
        forms = "|".join(r"\s+".join(map(re.escape, form.split())) for form in longest)
        return re.compile(rf"(?<![\w./:%-])(?:{forms})(?![\w/%]|[-.]\w|:[\d*])")

    def found(self, text: str) -> Iterator[tuple[Term, int, int]]:
        """Each mention of a term in the text, and from which letter to which it goes."""
        for match in self._pattern.finditer(text.replace("’", "'")):
            if term := self._meant[" ".join(match.group().split())]:
                yield term, match.start(), match.end()

    def _stressed(self, pieces: Sequence[Piece], number: int) -> Iterator[tuple[Term, int, int]]:
        """The mentions in a stressed piece, which may be the first word of two: *weak* host model."""
        text = pieces[number].text
        after = pieces[number + 1].text if number + 1 < len(pieces) else ""
        joined = text + after if after.startswith((" ", "\n")) else text  # another paragraph begins with its first word
        for term, start, end in self.found(joined):
            if start < len(text):
                yield term, start, min(end, len(text))

    def marked(self, chapter: str, pieces: Sequence[Piece]) -> list[Mention]:
        """The mentions to mark on a chapter's page, in the order of the text.

        Where a chapter explains a term, that is the first place at which it stresses it, or else the first that names
        it. Any other term, and one that is met in a section before its explanation, has to be told where it is first
        met; where that is folded away, only if it is nowhere in the open.
        """
        met: dict[str, list[Mention]] = defaultdict(list)
        for number, piece in enumerate(pieces):
            for term, start, end in self.found(piece.text) if not piece.stressed else self._stressed(pieces, number):
                met[term.name].append(Mention(term, number, start, end))
        chosen = [each for mentions in met.values() for each in _chosen(chapter, mentions, pieces)]
        return sorted(chosen, key=lambda each: (each.piece, each.start))


def _chosen(chapter: str, mentions: list[Mention], pieces: Sequence[Piece]) -> Iterator[Mention]:
    term = mentions[0].term
    mentions = sorted(mentions, key=lambda each: pieces[each.piece].folded)  # what is in the open comes first
    if chapter not in term.explained_in:
        yield mentions[0]
        return
    here = [each for each in mentions if term.chapter == chapter and pieces[each.piece].section == term.section]
    there = here or mentions
    told = next((each for each in there if stressed(each, pieces)), there[0])
    yield Mention(term, told.piece, told.start, told.end, explains=True)
    if mentions[0].piece < told.piece and pieces[mentions[0].piece].section != pieces[told.piece].section:
        yield mentions[0]


def stressed(mention: Mention, pieces: Sequence[Piece]) -> bool:
    """Whether the words in italics or bold are the term and nothing else."""
    piece = pieces[mention.piece]
    return piece.stressed and piece.text[mention.start : mention.end] == piece.text.strip(" .,:;")


def bundled(name: str = "book") -> Glossary:
    """The glossary that comes with the book."""
    return _FORM.bundled(name, from_json)


def from_json(text: str) -> Glossary:
    """The glossary of a JSON text; `NetlearnError` says what is wrong and where."""
    given = _FORM.fields(_FORM.parsed(text), "glossary", "the file")
    return Glossary(tuple(_term(row, f"term {number}") for number, row in _FORM.rows(given, "terms", "the file")))


def _term(data: object, where: str) -> Term:
    given = _FORM.fields(data, "term", where, "term", "means")
    name = _FORM.words(given["term"], f"{where}: its name")
    where = f"the term {name}"
    means = _FORM.words(given["means"], f"{where}: what it means")
    place = _FORM.words(given["where"], f"{where}: its place") if "where" in given else None
    again = given.get("again", {})
    if not isinstance(again, Mapping):
        raise NetlearnError(f"{where}: again is an object with a reason for each chapter")
    reasons = {chapter: _FORM.words(reason, f"{where}: why {chapter} explains it") for chapter, reason in again.items()}
    return Term(name, means, place, _all_words(given, "forms", where), _all_words(given, "but", where), reasons)


def _all_words(given: Mapping[str, object], key: str, where: str) -> tuple[str, ...]:
    listed = given.get(key, [])
    if not isinstance(listed, Iterable) or isinstance(listed, str):
        raise NetlearnError(f"{where}: {key} is a list of words")
    return tuple(_FORM.words(each, f"{where}: each of its {key}") for each in listed)
