"""The explorer: click a cable to cut it, a router to take it down, change metrics, follow one flow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.explorer.scene import Scene, cases, find
from netlearn.figures.explorer.view import body, show, still
from netlearn.figures.explorer.words import words
from netlearn.network.topology import Topology


class Explorer(Figure[Scene]):
    """All shortest paths between two nodes, each router's next hops, and the way of one flow, in a network to break.

    `cut` holds the names of cut links, `down` of routers that are down, `metrics` the changed ones as
    `[link, the end that it leaves, metric]`; `flow` numbers the flow whose way is shown, from 1. All of them follow
    the reader. `record` adds states to those that a static page answers at once: the untouched network, what the
    prediction asks about, and every single failure (in a network of at most `MOST_RECORDED` links and routers).

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.
    """

    made_of = Parts(show, body, still, lambda scene: words(scene, find(scene)), cases)

    def __init__(
        self,
        topology: Topology,
        source: str,
        destination: str,
        *,
        cut: Sequence[str] = (),
        down: Sequence[str] = (),
        flow: int = 1,
        predict: Prediction | None = None,
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        super().__init__(Scene(topology, source, destination, (*cut,), (*down,), flow=flow), predict, record, caption)
