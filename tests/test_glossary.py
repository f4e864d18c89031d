"""The glossary: each word has one meaning and one place, and no page uses a word that its reader has not been told."""

import json
import re
from collections.abc import Iterator

import pytest
from prose import markdown, parts, pieces

from netlearn.errors import NetlearnError, UnknownName
from netlearn.teaching.glossary import Glossary, Mention, Piece, Term, bundled, from_json, stressed

BOOK = bundled()
CHAPTERS = [chapter for part in parts() for chapter in part]
# Both ways to begin: at `lo`, or at the broken cables, where those who go on come to the first part at last.
ONE_MACHINE, FAILURES, *LATER = parts()
ORDERS = {
    "from lo": CHAPTERS,
    "from how-a-router-knows": [*FAILURES, *LATER[0], *ONE_MACHINE, *(each for part in LATER[1:] for each in part)],
}
EXPLAINING = [chapter for chapter in CHAPTERS if chapter != "short-answers"]  # which says all of it once more
# Stressed for contrast, or as the first word of a paragraph: nothing is explained there.
CONTRAST = {
    ("IP address", "anycast"),
    ("IP address", "listening"),
    ("announce", "anycast"),
    ("carrier", "how-long"),
    ("flood", "case-1"),
    ("flood", "case-3"),
    ("interface", "router-loopback"),
    ("loopback", "router-loopback"),
    ("loopback", "session"),
    ("next hop", "case-1"),
    ("router", "three-loopbacks"),
    ("silent failure", "router-loopback"),
    ("silent failure", "session"),
    ("0.0.0.0", "why-not-lo"),
}

WORDS = Glossary(
    (
        Term("flow", "The messages of one conversation.", "case-1", ("flows",)),
        Term("flow label", "Bits of an IPv6 packet."),
        Term("reset", "The end of a connection.", but=("Reset", "reset the")),
        Term("weak host model", "Any interface will do.", "home#weak", again={"away": "the same of routers"}),
    )
)


def names(text: str) -> list[str]:
    return [term.name for term, _, _ in WORDS.found(text)]


def marks(chapter: str, *given: Piece) -> list[tuple[str, int, bool]]:
    return [(each.term.name, each.piece, each.explains) for each in WORDS.marked(chapter, given)]


# Which words are found


def test_whole_words_are_found_in_every_form_and_the_longest_form_first() -> None:
    assert names("Flows part. A flow label is no overflow, and flow-control none.") == ["flow", "flow label"]


def test_a_words_own_line_end_does_not_hide_it() -> None:
    assert names("the weak host\nmodel") == ["weak host model"]


def test_a_word_that_only_looks_like_a_term_is_none() -> None:
    assert names("Reset it, and reset the figure: after a reset") == ["reset"]


# Which of them are marked on a page


def test_the_first_mention_is_marked_and_no_other() -> None:
    assert marks("case-3", Piece("A flow, a flow."), Piece("Flows.")) == [("flow", 0, False)]


def test_a_mention_in_the_open_goes_before_one_that_is_folded() -> None:
    assert marks("case-3", Piece("A flow.", folded=True), Piece("Flows.")) == [("flow", 1, False)]
    assert marks("case-3", Piece("A flow.", folded=True)) == [("flow", 0, False)]


def test_where_a_chapter_explains_a_term_its_stressed_mention_is_marked_as_that() -> None:
    assert marks("case-1", Piece("A flow is a "), Piece("flow", stressed=True), Piece(".")) == [("flow", 1, True)]
    assert marks("case-1", Piece("A flow.")) == [("flow", 0, True)]


def test_a_mention_in_a_section_before_the_explanation_is_told_too() -> None:
    given = Piece("A flow.", "first"), Piece("flow", "second", stressed=True)
    assert marks("case-1", *given) == [("flow", 0, False), ("flow", 1, True)]


def test_the_explanation_may_be_said_to_stand_in_a_section() -> None:
    given = Piece("weak host model", "other", stressed=True), Piece("A weak host model", "weak")
    assert marks("home", *given) == [("weak host model", 0, False), ("weak host model", 1, True)]
    assert marks("away", *given) == [("weak host model", 0, True)]


def test_the_first_word_of_a_term_may_be_stressed_alone() -> None:
    assert marks("away", Piece("Weak", stressed=True), Piece(" host model")) == [("weak host model", 0, True)]
    assert marks("away", Piece("Strong", stressed=True), Piece(" weak host model")) == [("weak host model", 1, True)]


# What is refused


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"term": "flow"}, "term 1 has no means"),
        ({"term": "flow", "means": " "}, "the term flow: what it means is words"),
        ({"term": "flow", "means": "Messages.", "where": ""}, "the term flow: its place is words"),
        ({"term": "flow", "means": "Messages.", "form": []}, "did you mean forms"),
        ({"term": "flow", "means": "Messages.", "forms": "flows"}, "the term flow: forms is a list of words"),
        ({"term": "flow", "means": "Messages.", "but": [3]}, "each of its but is words"),
        ({"term": "flow", "means": "Messages.", "forms": ["flow"]}, "two terms of the glossary are written flow"),
        ({"term": "flow", "means": "Messages.", "again": []}, "again is an object with a reason"),
        ({"term": "flow", "means": "Messages.", "again": {"case-2": ""}}, "why case-2 explains it is words"),
    ],
)
def test_what_would_teach_badly_is_refused(row: dict[str, object], says: str) -> None:
    with pytest.raises(NetlearnError, match=says):
        from_json(json.dumps({"terms": [row]}))


def test_two_terms_have_different_anchors() -> None:
    with pytest.raises(NetlearnError, match="written term-hold-time"):
        Glossary((Term("hold time", "180 s."), Term("Hold-time", "90 s.")))


def test_a_term_is_found_by_its_name() -> None:
    assert BOOK["TTL"].chapter == "case-3"
    with pytest.raises(UnknownName, match="did you mean TTL"):
        BOOK["TTLL"]


# The book's own


def test_terms_stand_in_the_order_of_the_alphabet_and_are_told_in_whole_sentences() -> None:
    found = [term.name.lower().lstrip("/") for term in BOOK.terms]
    assert found == sorted(found)
    for term in BOOK.terms:
        assert term.means[0].isupper(), term.name
        assert term.means.endswith("."), term.name
        assert term.means.count("`") % 2 == 0, term.name
        assert len(term.means) <= 260, f"{term.name}: {len(term.means)} letters are too many to be read in passing"


@pytest.mark.parametrize("term", BOOK.terms, ids=lambda term: term.name)
def test_every_chapter_that_is_said_to_explain_a_term_names_it(term: Term) -> None:
    for chapter in term.explained_in:
        assert chapter in CHAPTERS, f"{term.name} is said to be explained in {chapter}, which is no chapter"
        words = re.sub(r"[*`]|^> ?", "", "\n".join(markdown(chapter)), flags=re.MULTILINE)
        assert term in [found for found, _, _ in BOOK.found(words)], f"{chapter} never says {term.name}"
    if term.chapter and term.section:
        assert term.section in {piece.section for piece in pieces(term.chapter)}, f"{term.where} is no section"


@pytest.mark.parametrize("order", ORDERS)
def test_no_chapter_uses_a_term_that_was_neither_explained_before_nor_is_told_in_place(order: str) -> None:
    explained: set[str] = set()
    for chapter in ORDERS[order]:
        explained |= {term.name for term in BOOK.terms if chapter in term.explained_in}
        told = {mention.term.name for mention in BOOK.marked(chapter, pieces(chapter))}
        used = {mention.term.name for mention in every_mention(chapter)}
        assert used <= explained | told, f"{chapter} uses what nobody told: {used - explained - told}"


@pytest.mark.parametrize("chapter", EXPLAINING)
def test_each_term_is_explained_in_one_chapter_or_once_more_for_a_reason(chapter: str) -> None:
    page = pieces(chapter)
    twice = {
        (mention.term.name, chapter)
        for mention in every_mention(chapter)
        if stressed(mention, page) and chapter not in mention.term.explained_in
    }
    assert not twice - CONTRAST, "explained here too? Then it needs a reason in the glossary"


def every_mention(chapter: str) -> Iterator[Mention]:
    """Each place in the chapter's prose at which a term stands."""
    for number, piece in enumerate(pieces(chapter)):
        for term, start, end in BOOK.found(piece.text):
            yield Mention(term, number, start, end)


def test_a_door_is_a_listener_and_stands_in_the_first_part_only() -> None:
    doors = {chapter for chapter in CHAPTERS for each in every_mention(chapter) if each.term.name == "door"}
    assert "listening" in doors
    assert doors <= set(ONE_MACHINE)
