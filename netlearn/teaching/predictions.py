"""What a reader is asked before a figure shows it: each chapter's questions, and what there is to say to every answer.

A chapter's predictions are JSON, so that a teacher can write them without Python. An answer is chosen, or it is a way
that the reader shows in the picture; `right` and `wrong` are any other right or wrong way:

    {"predictions": [
      {"id": "case-1", "question": "Which way will the messages go?", "cut": ["R2-End"],
       "options": [{"text": "Via R4", "feedback": "Not alone."}, {"text": "Via both", "feedback": "Yes."}]},
      {"id": "case-1-by-hand", "question": "To whom does R1 hand a message?", "start": "R1", "hops": 1,
       "ways": [{"text": "R1 → R3", "feedback": "Yes."}, {"text": "wrong", "feedback": "Add up."}]}]}

An `id` is its chapter's name, or begins with that and a hyphen. Text is plain. What else can be said (`cut`, `down`,
`sets`; `start`, `hops`) are the fields of `netlearn.figures.common.prediction.Prediction`, and of `WayPrediction`.
"""

from collections.abc import Mapping
from typing import Any, Literal

from netlearn.errors import BadPrediction, UnknownName, possible, repeated, shown
from netlearn.teaching.form import Form

Answers = Literal["options", "ways"]
Arguments = dict[str, Any]  # by name, of what a figure takes
_FORM = Form(
    "predictions",
    "chapter with predictions",
    BadPrediction,
    {
        "chapter": ("predictions",),
        "options": ("id", "question", "options", "cut", "down", "sets"),
        "ways": ("id", "question", "ways", "start", "hops"),
        "answer": ("text", "feedback"),
    },
)
names = _FORM.names  # the chapters of the book that have predictions
_FIELDS = {"options": "options", "ways": "feedback"}  # where a figure has the answers
# What may stand beside question and answers, and what that is.
_BESIDE = {
    "cut": (list, "a list of links"),
    "down": (list, "a list of nodes"),
    "sets": (dict, "an object"),
    "start": (str, "a node"),
    "hops": (int, "a number"),
}


def bundled(chapter: str, which: str = "", answers: Answers = "options") -> Arguments:
    """What the chapter's `Prediction`, or with `ways` its `WayPrediction`, is made of.

    `which` is what the id adds to the chapter's name; a chapter with one prediction need not say it. Raises
    `UnknownName` when there is no such chapter or prediction, `BadPrediction` when it is answered the other way.
    """
    asked = _FORM.bundled(chapter, lambda text: from_json(text, chapter))
    name = f"{chapter}-{which}" if which else next(iter(asked)) if len(asked) == 1 else chapter
    if name not in asked:
        raise UnknownName(f"there is no prediction {name!r}; there are {possible(asked, name)}")
    if _FIELDS[answers] not in asked[name]:
        by, not_by = ("WayPrediction", "Prediction") if answers == "options" else ("Prediction", "WayPrediction")
        raise BadPrediction(f"the prediction {name} is read by {by}.of, not by {not_by}.of")
    return asked[name]


def from_json(text: str, chapter: str) -> dict[str, Arguments]:
    """What each prediction in a chapter's JSON is made of, by id; `BadPrediction` says what is wrong and where."""
    given = _FORM.fields(_FORM.parsed(text), "chapter", "the file")
    asked = [_asked(row, f"prediction {number}") for number, row in _FORM.rows(given, "predictions", "the file")]
    ids = [each["name"] for each in asked]
    if twice := repeated(ids):
        raise BadPrediction(f"two predictions have the id {twice}")
    for name in ids:
        if name != chapter and not name.startswith(f"{chapter}-"):
            raise BadPrediction(f"the id {name} does not begin with its chapter, as {chapter}-later does")
    return dict(zip(ids, asked, strict=True))


def _asked(data: object, where: str) -> Arguments:
    answers: Answers = "ways" if isinstance(data, Mapping) and "ways" in data else "options"
    given = _FORM.fields(data, answers, where, "id", "question", answers)
    name = _FORM.words(given["id"], f"{where}: its id")
    where = f"prediction {name}"
    question = _FORM.words(given["question"], f"{where}: its question")
    beside = {key: _beside(key, given[key], where) for key in _BESIDE if key in given}
    return {"name": name, "question": question, _FIELDS[answers]: _feedback(given, answers, where), **beside}


def _feedback(given: Mapping[str, Any], answers: Answers, where: str) -> dict[str, str]:
    """What there is to say, by answer. Figures know any other wrong way by the empty text."""
    found = _FORM.rows(given, answers, where)
    rows = [_FORM.fields(row, "answer", f"{where}, {answers} {number}", "text", "feedback") for number, row in found]
    if not rows:
        raise BadPrediction(f"{where} has no {answers}; a question needs answers")
    if twice := repeated(_FORM.words(row["text"], f"{where}: the text of an answer") for row in rows):
        raise BadPrediction(f"{where} has two answers that say {shown(twice)}")
    said = {row["text"]: _FORM.words(row["feedback"], f"{where}: the feedback to {shown(row['text'])}") for row in rows}
    return {"" if answers == "ways" and text == "wrong" else text: words for text, words in said.items()}


def _beside(key: str, value: object, where: str) -> object:
    """The value of a key of `_BESIDE`, if it is of that kind; `BadPrediction` if not."""
    kind, called = _BESIDE[key]
    if not isinstance(value, kind) or (isinstance(value, list) and not all(isinstance(each, str) for each in value)):
        raise BadPrediction(f"{where}: {key} is {called}, not {shown(value)}")
    return tuple(value) if isinstance(value, list) else value
