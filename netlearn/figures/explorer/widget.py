"""The explorer: click a cable to cut it, a router to take it down, change metrics, follow one flow."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.explorer.drawing import drawing
from netlearn.figures.explorer.scene import Case, answer, check, plain_case
from netlearn.figures.explorer.view import body, next_hop_table
from netlearn.figures.explorer.words import claim, flow_in_words, words
from netlearn.network.nodelink import to_data
from netlearn.network.topology import Topology

MOST_RECORDED = 100  # single failures; with more, the record would outweigh the Python that can answer instead


class Explorer(Figure):
    """All shortest paths between two nodes, each router's next hops, and the way of one flow, in a network to break.

    `cut` holds the names of cut links, `down` of routers that are down, `metrics` the changed ones as
    `[link, the end that it leaves, metric]`; `flow` numbers the flow whose way is shown, from 1. All of them follow
    the reader. `record` adds states to those that a static page answers at once: the untouched network, what the
    prediction asks about, and every single failure (in a network of at most `MOST_RECORDED` links and routers).

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.
    """

    module = "explorer"
    function = "netlearn.figures.explorer.view:view"
    arguments = ("network", "source", "destination", "cut", "down", "metrics", "flow")
    varies = ("cut", "down", "metrics", "flow")

    network = traitlets.Dict(read_only=True)
    source = traitlets.Unicode(read_only=True)
    destination = traitlets.Unicode(read_only=True)
    cut = traitlets.List(traitlets.Unicode()).tag(sync=True)
    down = traitlets.List(traitlets.Unicode()).tag(sync=True)
    metrics: Any = traitlets.List().tag(sync=True)
    flow = traitlets.Int(1).tag(sync=True)

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
        self._topology, self._predict = topology, predict
        check(Case(topology, source, destination, cut, down, flow=flow))
        if predict:
            check(Case(topology, source, destination, predict.cut, predict.down))
        for name, value in (("network", to_data(topology)), ("source", source), ("destination", destination)):
            self.set_trait(name, value)
        super().__init__(record, cut=sorted(cut), down=sorted(down), flow=flow, caption=caption)

    def drawn(self) -> Element:
        return body(self._case(), question=self._predict.drawn() if self._predict else None)

    def still(self) -> tuple[Element, ...]:
        case = self._case()
        found = answer(case)
        picture = image(drawing(case, found, live=False), words(case, found))
        sentence = element("p", words(case, found), class_="nl-say")
        flow = element("p", flow_in_words(case, found), class_="nl-flow-say")
        heading = element("p", claim(case, found), class_="nl-title")
        return heading, picture, sentence, flow, next_hop_table(case, found)

    def words(self) -> str:
        case = self._case()
        return words(case, answer(case))

    def cases(self) -> Iterable[Mapping[str, Any]]:
        yield {"cut": [], "down": [], "metrics": [], "flow": 1}  # what Reset asks for
        if self._predict:
            yield {"cut": sorted(self._predict.cut), "down": sorted(self._predict.down)}
        if len(self._topology.links) + len(self._topology.routers) <= MOST_RECORDED:
            yield from ({"cut": [link.name], "down": []} for link in self._topology.links)
            yield from ({"cut": [], "down": [router]} for router in self._topology.routers)

    def check(self, state: Mapping[str, Any]) -> None:
        check(self._case(state))

    def _case(self, state: Mapping[str, Any] | None = None) -> Case:
        """The case that the traits describe, or that they would with those of `state`."""
        values = {name: getattr(self, name) for name in self.arguments} | dict(state or {})
        return plain_case(**values)
