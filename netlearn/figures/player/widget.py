"""The convergence player: a failure in time, at the reader's own pace, and what each router believes meanwhile."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netlearn.drawing.markup import Element, element
from netlearn.errors import NetlearnError
from netlearn.figures.common.controls import answers, button, prediction
from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.player.scene import Scene, find
from netlearn.figures.player.view import body, show, still
from netlearn.figures.player.words import words
from netlearn.figures.run.controls import change
from netlearn.network.topology import Topology
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


class Player(Figure[Scene]):
    """A run from the failure to the last table: the network with news and messages under way, a lane for each node.

    `cut` and `down` fail at time 0. `detect` says how that is noticed (`carrier`; `hello` and `bfd` are silent),
    `timers` is `rfc` or `frr`, `lfa` lets loop-free alternates stand in, `planned` lets routers say so a second before
    they go down, `spf_delay` gives single routers a wait of their own as (router, milliseconds), `metrics` changes
    metrics as (link, the end that it leaves, metric). All of them follow the reader.

    `focus` is the router whose belief is shown first. `record` adds settings to the given ones that a static page
    answers at once. With `predict` nothing plays before the reader has predicted, or skipped that.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later.
    """

    made_of = Parts(show, body, still, lambda scene: words(scene, find(scene)))
    change = staticmethod(change)

    def __init__(
        self,
        topology: Topology,
        source: str,
        destination: str,
        *,
        cut: Sequence[str] = (),
        down: Sequence[str] = (),
        detect: str = "carrier",
        timers: str = "rfc",
        lfa: bool = False,
        planned: bool = False,
        spf_delay: Sequence[tuple[str, int]] = (),
        metrics: Sequence[tuple[str, str, int]] = (),
        predict: WayPrediction | None = None,
        focus: str = "",
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._asked, self._focus = predict, focus
        for name in filter(None, (focus, predict.start if predict else "")):
            topology.node(name)
        fails = (topology, source, destination, (*cut,), (*down,))
        scene = Scene(*fails, detect, timers, lfa, planned, (*spf_delay,), (*metrics,))
        super().__init__(scene, None, record, caption)

    def drawn(self) -> Element:
        return body(self.given, self._asked.drawn(self.given) if self._asked else None, self._focus)
