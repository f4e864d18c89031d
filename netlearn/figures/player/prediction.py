"""A way to predict before the player plays."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from netlearn.drawing.markup import Element, element
from netlearn.errors import NetlearnError
from netlearn.figures.common.controls import answers, button, prediction
from netlearn.figures.player.scene import Scene
from netlearn.teaching import predictions


@dataclass(frozen=True, slots=True)
class WayPrediction:
    """A way to predict before the player plays: the reader clicks it node by node from `start`, or else the source.

    With `hops` so many steps are asked for, else the whole way to the destination. `feedback` maps a way, written
    `Source → R1 → End`, to what there is to say about it at the end; `right` and the empty text stand for any other
    right or wrong one. `name` stays the same for ever: the reader's browser keeps the answer under it. Raises
    `NetlearnError` when less than one hop is asked for.
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

    def drawn(self, scene: Scene) -> Element:
        """The question, what has been clicked so far, and a way past it."""
        case = {
            "start": self.start or scene.source,
            "goal": scene.destination,
            "hops": self.hops,
            "cut": sorted(scene.cut),
            "down": sorted(scene.down),
            "metrics": [list(change) for change in scene.metrics],
        }
        asked = "Click the next router in the picture." if self.hops else "Click the way in the picture, box by box."
        return prediction(
            element("p", f"{self.question} {asked}"),
            element("p", data_part="sofar", aria_live="polite"),
            answers(button("Start again", "again", "nl-quiet")),
            element("p", class_="nl-verdict", role="status"),
            class_="nl-predict nl-predict-way",
            data_prediction=self.name,
            data_case=json.dumps(case, sort_keys=True),
            data_feedback=json.dumps(dict(self.feedback), ensure_ascii=False, sort_keys=True),
        )
