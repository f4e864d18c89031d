"""A question to answer before looking."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from netlearn.drawing.markup import Element
from netlearn.errors import NetlearnError
from netlearn.figures.common.controls import question
from netlearn.teaching import predictions


@dataclass(frozen=True, slots=True)
class Prediction:
    """A question to answer before looking: what do you expect when these links and routers fail?

    `options` maps each answer to what there is to say about it once the failure is on the screen. `sets` is what else
    of the figure's traits is asked about, by name. `name` stays the same for ever: the reader's browser keeps the
    answer under it. Raises `NetlearnError` when there is no option.
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
