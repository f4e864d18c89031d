"""Questions to check oneself with: values that are checked when they are made, and the quizzes that come with the book.

A quiz is JSON, so that a teacher can write one without Python:

    {"title": "Ties and shares",
     "items": [{"id": "tie-at-r1", "question": "Why is R1 tied?", "several": false,
                "options": [{"text": "Its sums are equal.", "right": true, "feedback": "Both are 3."}, ...]}]}

`several` and `right` are false unless said. Text is plain, save for `code` between backticks.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from netlearn.errors import BadQuiz, NetlearnError, UnknownName, listed, shown, suggestion

LEAST_OPTIONS, MOST_OPTIONS = 2, 5
KEYS = {
    "quiz": ("title", "items"),
    "item": ("id", "question", "options", "several"),
    "option": ("text", "right", "feedback"),
}
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"`[^`]*`")

# Who overlooks a small "not" gets the question wrong and the answer right.
_NEGATION = re.compile(r"\b(?:not|never|cannot|except|\w+n['’]t)\b", re.IGNORECASE)

# These can be guessed without knowing anything, and mean something else when the order changes.
_ABOVE = re.compile(r"\bof the above\b|^(?:all|none|both|neither|any) of (?:these|those|them)\W*$", re.IGNORECASE)
_BUNDLED = files("netlearn") / "data" / "quizzes"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose, and what there is to say to whoever chose it: every option has its feedback.

    Raises `BadQuiz` for a text that is empty or has an open backtick, and for "none of the above" and its like.
    """

    text: str
    right: bool = False
    feedback: str = ""

    def __post_init__(self) -> None:
        _check_text(self.text, "an option's text")
        where = f"the option {shown(self.text)}"
        if _ABOVE.search(self.text):
            raise BadQuiz(f"{where} speaks of the other options; an option says something of its own")
        _check_flag(self.right, f"{where}: right")
        _check_text(self.feedback, f"{where}: its feedback")


@dataclass(frozen=True, slots=True)
class Item:
    """A question with two to five options, one of them right; with `several`, one or more.

    `id` (small letters, digits and hyphens) stays the same for ever and is the book's only one of that name: the
    reader's browser keeps the answer under it. Raises `BadQuiz` when the options do not fit, and for a question that
    asks in the negative.
    """

    id: str
    question: str
    options: tuple[Option, ...]
    several: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not _KEBAB.fullmatch(self.id):
            raise BadQuiz(f"an item's id is words in small letters joined by hyphens (tie-at-r1), not {shown(self.id)}")
        where = f"the item {self.id}"
        _check_text(self.question, f"{where}: its question")
        if found := _NEGATION.search(_CODE.sub("", self.question)):
            raise BadQuiz(f"{where} asks in the negative ({found[0]!r}); ask for what is so")
        _check_flag(self.several, f"{where}: several")
        object.__setattr__(self, "options", tuple(self.options))  # a list will do
        self._check_options(where)

    def _check_options(self, where: str) -> None:
        if not LEAST_OPTIONS <= len(self.options) <= MOST_OPTIONS:
            raise BadQuiz(f"{where} has {len(self.options)} options; possible are {LEAST_OPTIONS} to {MOST_OPTIONS}")
        if twice := _repeated(_plain(option.text) for option in self.options):
            raise BadQuiz(f"{where} has two options that say {shown(twice)}")
        right = sum(option.right for option in self.options)
        if right == 0 or (right > 1 and not self.several):
            possible = "one or more are" if self.several else "one is, unless several is said"
            raise BadQuiz(f"{where}: {right} of its options are right; {possible}")


@dataclass(frozen=True, slots=True)
class Questions:
    """The items of one quiz under a title. Raises `BadQuiz` when there is none, or two have the same id."""

    title: str
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        _check_text(self.title, "a quiz's title")
        object.__setattr__(self, "items", tuple(self.items))
        if not self.items:
            raise BadQuiz(f"the quiz {shown(self.title)} has no items")
        if twice := _repeated(item.id for item in self.items):
            raise BadQuiz(f"the quiz {shown(self.title)} has two items with the id {twice}")


def names() -> tuple[str, ...]:
    """The names of the book's quizzes, each its chapter's."""
    return tuple(sorted(file.name.removesuffix(".json") for file in _BUNDLED.iterdir() if file.name.endswith(".json")))


def bundled(name: str) -> Questions:
    """The quiz of that chapter of the book, or `UnknownName`."""
    if name not in names():
        raise UnknownName(f"there is no quiz {name!r}; there are {listed(names())}{suggestion(name, names())}")
    try:
        return from_json((_BUNDLED / f"{name}.json").read_text(encoding="utf-8"))
    except NetlearnError as reason:
        raise type(reason)(f"the quiz {name}: {reason}") from None


def from_json(text: str) -> Questions:
    """The quiz that the JSON text describes; raises `BadQuiz` with what is wrong and where."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as reason:
        raise BadQuiz(f"this is not JSON that can be read: {reason}") from None
    given = _fields(data, "quiz", "the quiz")
    items = tuple(_item(row, f"item {number}") for number, row in _rows(given, "items", "the quiz"))
    return Questions(given.get("title", ""), items)


def _item(data: object, where: str) -> Item:
    given = _fields(data, "item", where)
    where = f"item {given['id']}" if isinstance(given.get("id"), str) else where
    rows = _rows(given, "options", where)
    options = tuple(Option(**_filled(row, "option", f"{where}, option {number}", "text")) for number, row in rows)
    return Item(**{**_filled(given, "item", where, "id", "question"), "options": options})


def _filled(data: object, kind: str, where: str, *needed: str) -> dict[str, Any]:
    """The fields, of which those needed are there."""
    given = _fields(data, kind, where)
    for key in needed:
        if key not in given:
            raise BadQuiz(f"{where} has no {key}; its keys are {listed(given)}")
    return given


def _fields(data: object, kind: str, where: str) -> dict[str, Any]:
    """The keys and values of an object that has no others than its kind may have."""
    if not isinstance(data, Mapping):
        raise BadQuiz(f"{where} is an object with {', '.join(KEYS[kind])}, not {shown(data)}")
    for key in data:
        if key not in KEYS[kind]:
            known = f"possible are {', '.join(KEYS[kind])}{suggestion(key, KEYS[kind])}"
            raise BadQuiz(f"{where} has the key {key!r}; {known}")
    return dict(data)


def _rows(given: Mapping[str, Any], key: str, where: str) -> Iterable[tuple[int, object]]:
    """The numbered members of the list under `key`."""
    rows = given.get(key)
    if not isinstance(rows, list):
        raise BadQuiz(f"{where}: {key} is a list of objects, not {shown(rows)}")
    return enumerate(rows, start=1)


def _check_text(text: object, where: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise BadQuiz(f"{where} is words, not {shown(text)}")
    if "`" in _CODE.sub("", text):
        raise BadQuiz(f"{where} has a backtick without its partner: {shown(text)}")
    if "``" in text:
        raise BadQuiz(f"{where} has nothing between two backticks: {shown(text)}")


def _check_flag(value: object, where: str) -> None:
    if not isinstance(value, bool):
        raise BadQuiz(f"{where} is true or false, not {shown(value)}")


def _plain(text: str) -> str:
    """The words alone: what two options must not have in common."""
    return " ".join(text.replace("`", "").casefold().split()).rstrip(".")


def _repeated(words: Iterable[str]) -> str | None:
    """The first that is there twice."""
    return next((word for word, times in Counter(words).items() if times > 1), None)
