"""A question to answer before looking: one of a few answers, or a way to show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netlearn.drawing.markup import Element, element
from netlearn.errors import NetlearnError
from netlearn.figures.common.controls import answers, button, prediction, question, verdict
from netlearn.teaching import predictions


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question to answer before looking: what do you expect when these links and routers fail?

    `options` maps each answer to what there is to say about it once the failure is on the screen. `sets` is what else
    of the figure's traits is asked about, by name. `name` stays the same for ever: the reader's browser keeps the
    answer under it. Raises `NetlearnError` when there is no option.

    >>> asked = Prediction.of("case-1")
    >>> asked.cut, [*asked.options]
    (('R2-End',), ['Via R4', 'Via R7', 'Some via R4, some via R7'])
    """

    name: str
    question: str
    options: Mapping[str, str]
    cut: tuple[str, ...] = ()
    down: tuple[str, ...] = ()
    sets: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.options:
            raise NetlearnError(f"the prediction {self.name!r} has no options; a question needs answers to choose from")

    @classmethod
    def of(cls, chapter: str, which: str = "") -> "Prediction":
        """The prediction that comes with a chapter of the book; `which` tells it from the chapter's others.

        `Prediction.of("case-1", "later")` has the name `case-1-later`. Raises `UnknownName` when it is not there.
        """
        return cls(**predictions.bundled(chapter, which))

    def state(self) -> dict[str, Any]:
        """What is asked about, as a figure's traits have it."""
        lists = {name: sorted(value) if isinstance(value, list | tuple) else value for name, value in self.sets.items()}
        return {"cut": sorted(self.cut), "down": sorted(self.down), **lists}

    def drawn(self) -> Element:
        """The question with its answers as buttons, and a way past it."""
        case = json.dumps(self.state(), sort_keys=True)
        return question(self.question, self.options, data_prediction=self.name, data_case=case)


@dataclass(frozen=True, slots=True)
class WayPrediction:
    """A way to predict before the player plays: the reader shows it node by node from `start`, or else the source.

    With `hops` so many steps are asked for, else the whole way to the destination. `feedback` maps a way, written
    `Source → R1 → End`, to what there is to say about it at the end; `right` and the empty text stand for any other
    right or wrong one. `name` stays the same for ever: the reader's browser keeps the answer under it. Raises
    `NetlearnError` when less than one hop is asked for.

    >>> WayPrediction.of("case-2").question
    'R2 is down. When all has settled, which way does a message from Source take?'
    """

    name: str
    question: str
    start: str = ""
    hops: int | None = None
    feedback: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.hops is not None and (isinstance(self.hops, bool) or self.hops < 1):
            raise NetlearnError(f"the prediction {self.name!r} asks for 1 hop or more, not {self.hops!r}")

    @classmethod
    def of(cls, chapter: str, which: str = "") -> "WayPrediction":
        """The prediction that comes with a chapter of the book, as `Prediction.of` has it."""
        return cls(**predictions.bundled(chapter, which, "ways"))

    def drawn(self, state: Mapping[str, Any]) -> Element:
        """The question about a player's scene, what has been shown so far, and a way past it."""
        case = {name: state[name] for name in ("cut", "down", "metrics")}
        case |= {"start": self.start or state["source"], "goal": state["destination"], "hops": self.hops}
        asked = "Press the next router in the picture." if self.hops else "Show it in the picture: press box after box."
        return prediction(
            element("p", f"{self.question} {asked}"),
            element(
                "div",
                element("p", data_part="sofar", aria_live="polite"),
                verdict(*self._said(case["start"], case["goal"])),
                class_="nl-sofar",
            ),
            answers(button("Start again", "again", "nl-quiet")),
            class_="nl-predict nl-predict-way",
            data_prediction=self.name,
            data_case=json.dumps(case, sort_keys=True),
            data_feedback=json.dumps(dict(self.feedback), ensure_ascii=False, sort_keys=True),
        )

    def _said(self, start: str, goal: str) -> list[str]:
        """About what may be said at the end: the reader's way, the routers', and why."""
        ways = [way for way in self.feedback if " → " in way] or [f"{start} → {goal}"]
        way, why = (max(each, key=len, default="") for each in (ways, [*self.feedback.values()]))
        return [f"You said: {way}\nThe routers: {way}\nNot this time. {why}"]
