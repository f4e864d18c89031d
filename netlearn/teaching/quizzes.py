"""Questions to check oneself with: values that are checked when they are made, and the quizzes that come with the book.

A quiz is JSON, so that a teacher can write one without Python:

    {"title": "Ties and shares",
     "items": [{"id": "tie-at-r1", "question": "Why is R1 tied?", "several": false,
                "options": [{"text": "Its sums are equal.", "right": true, "feedback": "Both are 3."}, ...]}]}

`several` and `right` are false unless said. Text is plain, save for `code` between backticks.
"""

import re
from dataclasses import dataclass

from netlearn.errors import BadQuiz, repeated, shown
from netlearn.teaching.form import Form

LEAST_OPTIONS, MOST_OPTIONS = 2, 5
_FORM = Form(
    "quizzes",
    "quiz",
    BadQuiz,
    {
        "quiz": ("title", "items"),
        "item": ("id", "question", "options", "several"),
        "option": ("text", "right", "feedback"),
    },
)
names = _FORM.names  # each its chapter's, or that with what tells it from the chapter's others
_KEBAB = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"`[^`]*`")

# Who overlooks a small "not" gets the question wrong and the answer right.
_NEGATION = re.compile(r"\b(?:not|never|cannot|except|\w+n['’]t)\b", re.IGNORECASE)

# These can be guessed without knowing anything, and mean something else when the order changes.
_ABOVE = re.compile(r"\bof the above\b|^(?:all|none|both|neither|any) of (?:these|those|them)\W*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose, and what there is to say to whoever chose it: every option has its feedback.

    Raises `BadQuiz` for a text that is empty or has an open backtick, and for "none of the above" and its like.

    >>> Option("Via R4", feedback="Not alone.").right
    False
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
    reader's browser keeps the answer under it. Raises `BadQuiz` for options that do not fit and a negative question.

    >>> Item("via", "Which is not a way?", ())
    Traceback (most recent call last):
    netlearn.errors.BadQuiz: the item via asks in the negative ('not'); ask for what is so
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
        if twice := repeated(_plain(option.text) for option in self.options):
            raise BadQuiz(f"{where} has two options that say {shown(twice)}")
        right = sum(option.right for option in self.options)
        if right == 0 or (right > 1 and not self.several):
            possible = "one or more are" if self.several else "one is, unless several is said"
            raise BadQuiz(f"{where}: {right} of its options are right; {possible}")


@dataclass(frozen=True, slots=True)
class Questions:
    """The items of one quiz under a title. Raises `BadQuiz` when there is none, or two have the same id.

    >>> Questions("Ties and shares", ())
    Traceback (most recent call last):
    netlearn.errors.BadQuiz: the quiz 'Ties and shares' has no items
    """

    title: str
    items: tuple[Item, ...]

    def __post_init__(self) -> None:
        _check_text(self.title, "a quiz's title")
        object.__setattr__(self, "items", tuple(self.items))
        if not self.items:
            raise BadQuiz(f"the quiz {shown(self.title)} has no items")
        if twice := repeated(item.id for item in self.items):
            raise BadQuiz(f"the quiz {shown(self.title)} has two items with the id {twice}")


def bundled(name: str) -> Questions:
    """The quiz of that name, or `UnknownName`."""
    return _FORM.bundled(name, from_json)


def from_json(text: str) -> Questions:
    """The quiz that the JSON text describes; raises `BadQuiz` with what is wrong and where."""
    given = _FORM.fields(_FORM.parsed(text), "quiz", "the quiz")
    items = tuple(_item(row, f"item {number}") for number, row in _FORM.rows(given, "items", "the quiz"))
    return Questions(given.get("title", ""), items)


def _item(data: object, where: str) -> Item:
    given = _FORM.fields(data, "item", where, "id", "question")
    where = f"item {given['id']}" if isinstance(given["id"], str) else where
    rows = _FORM.rows(given, "options", where)
    options = tuple(Option(**_FORM.fields(row, "option", f"{where}, option {number}", "text")) for number, row in rows)
    return Item(**{**given, "options": options})


def _check_text(text: object, where: str) -> None:
    if "`" in _CODE.sub("", text := _FORM.words(text, where)):
        raise BadQuiz(f"{where} has a backtick without its partner: {shown(text)}")
    if "``" in text:
        raise BadQuiz(f"{where} has nothing between two backticks: {shown(text)}")


def _check_flag(value: object, where: str) -> None:
    if not isinstance(value, bool):
        raise BadQuiz(f"{where} is true or false, not {shown(value)}")


def _plain(text: str) -> str:
    """The words alone: what two options must not have in common."""
    return " ".join(text.replace("`", "").casefold().split()).rstrip(".")
