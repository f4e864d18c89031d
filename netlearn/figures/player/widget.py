"""The convergence player: a failure in time, at the reader's own pace, and what each router believes meanwhile."""

from typing import Any

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.common.prediction import WayPrediction
from netlearn.figures.player.scene import Scene, find, first_words
from netlearn.figures.player.view import body, show, still, told
from netlearn.figures.run.controls import change


class Player(Figure[Scene]):
    """A run from the failure to the last table: the network with news and messages under way, a lane for each node.

    `cut` and `down` fail at time 0. `detect` says how that is noticed (`carrier`; `hello` and `bfd` are silent),
    `timers` is `rfc` or `frr`, `lfa` lets loop-free alternates stand in, `planned` lets routers say so a second before
    they go down, `spf_delay` gives single routers a wait of their own as (router, milliseconds), `metrics` changes
    metrics as (link, the end that it leaves, metric). All of them follow the reader.

    `focus` is the router whose belief is shown first. `record` adds settings to the given ones that a static page
    answers at once. With `predict` nothing plays before the reader has predicted, or skipped that.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later.

    >>> figure = Player(forum(), "Source", "End")
    >>> figure.cut = ["R2-End"]
    >>> figure.view["parts"]["title"]["text"]
    'After 58.1 ms every table fits again'
    """

    made_of = Parts(show, body, still, lambda scene: first_words(find(scene)), told=told)
    change = staticmethod(change)

    def __init__(self, *given: Any, predict: WayPrediction | None = None, focus: str = "", **more: Any) -> None:
        super().__init__(*given, **more)
        self._asked, self._focus = predict, focus
        for name in filter(None, (focus, predict.start if predict else "")):
            self.given.topology.node(name)

    def question(self) -> str:
        return self._asked.question if self._asked else ""

    def drawn(self) -> Element:
        return body(self.given, self._asked.drawn(self.given.plain()) if self._asked else None, self._focus)
