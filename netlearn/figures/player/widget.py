"""The convergence player: a failure in time, at the reader's own pace, and what each router believes meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.common.prediction import WayPrediction
from netlearn.figures.player.scene import Scene, find
from netlearn.figures.player.view import body, show, still
from netlearn.figures.player.words import words
from netlearn.figures.run.controls import change
from netlearn.network.topology import Topology


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
        return body(self.given, self._asked.drawn(self.given.plain()) if self._asked else None, self._focus)
