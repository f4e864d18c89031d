"""Name the box, not the port: a router's loopback address beside those of its cables, which the reader cuts."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.name_the_box.drawing import drawing
from netlearn.figures.name_the_box.scene import Scene, check, named, neighbour, replies, scene_of
from netlearn.figures.name_the_box.sessions import session_table
from netlearn.figures.name_the_box.view import body, table
from netlearn.figures.name_the_box.words import claim, words
from netlearn.network.bundled import forum
from netlearn.network.nodelink import to_data
from netlearn.network.topology import Topology

MOST_SUBSETS = 6  # cables of the router; with more, only single cuts are recorded


class NameTheBox(Figure):
    """A router's loopback address and the address of each of its ports: which of them answer whom, and by which way.

    `router` is whose addresses these are; a node without an address gets one. With `peer`, its first neighbour unless
    given, it keeps two sessions: between loopback addresses, and between the ends of their cable. `asker` is who asks
    for the addresses; `cut` are cables whose carrier is lost, `silent` those that fail without a sign, `down` routers
    that are down. `settled` looks once all tables fit again, else right after the failure. These five follow the
    reader. Recorded are every set of cuts at the router, every single silent one, every other single failure and every
    asker.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.
    """

    module = "name_the_box"
    function = "netlearn.figures.name_the_box.view:view"
    arguments = ("network", "router", "peer", "asker", "cut", "silent", "down", "settled")
    varies = ("asker", "cut", "silent", "down", "settled")

    network = traitlets.Dict(read_only=True)
    router = traitlets.Unicode(read_only=True)
    peer = traitlets.Unicode(read_only=True)
    asker = traitlets.Unicode().tag(sync=True)
    cut = traitlets.List(traitlets.Unicode()).tag(sync=True)
    silent = traitlets.List(traitlets.Unicode()).tag(sync=True)
    down = traitlets.List(traitlets.Unicode()).tag(sync=True)
    settled = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        topology: Topology | None = None,
        router: str = "R2",
        asker: str = "Source",
        *,
        peer: str = "",
        cut: Sequence[str] = (),
        silent: Sequence[str] = (),
        down: Sequence[str] = (),
        settled: bool = True,
        predict: Prediction | None = None,
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._topology, self._predict = named(topology or forum()), predict
        peer = peer or neighbour(self._topology, router)
        check(Scene(self._topology, router, peer, asker, cut, silent, down))
        for name, value in (("network", to_data(self._topology)), ("router", router), ("peer", peer)):
            self.set_trait(name, value)
        lists = {"cut": sorted(cut), "silent": sorted(silent), "down": sorted(down)}
        super().__init__(record, **lists, asker=asker, settled=settled, caption=caption)

    def drawn(self) -> Element:
        return body(self._scene(), self._predict.drawn() if self._predict else None)

    def still(self) -> tuple[Element, ...]:
        scene = self._scene()
        found = replies(scene)
        return (
            element("p", claim(scene, found), class_="nl-title"),
            image(drawing(scene, found, live=False), words(scene, found)),
            table(scene, found, live=False),
            session_table(scene),
        )

    def words(self) -> str:
        scene = self._scene()
        return words(scene, replies(scene))

    def cases(self) -> Iterable[Mapping[str, Any]]:
        whole: dict[str, Any] = {"cut": [], "silent": [], "down": [], "settled": True}
        own = [arc.link for arc in self._topology.arcs(self.router)]
        sizes = range(len(own) + 1) if len(own) <= MOST_SUBSETS else (0, 1)
        yield from ({**whole, "cut": sorted(links)} for size in sizes for links in combinations(own, size))
        yield {**whole, "settled": False}
        for link in own:
            yield {**whole, "cut": [link], "settled": False}
            yield from ({**whole, "silent": [link], "settled": settled} for settled in (True, False))
        yield from ({**whole, "cut": [link.name]} for link in self._topology.links)
        yield from ({**whole, "down": [router]} for router in self._topology.routers)
        others = [node.name for node in self._topology.nodes if node.kind != "lan" and node.name != self.router]
        yield from ({**whole, "asker": name} for name in others)
        if self._predict:
            yield {**whole, **self._predict.state()}

    def check(self, state: Mapping[str, Any]) -> None:
        check(self._scene(state))

    def _scene(self, state: Mapping[str, Any] | None = None) -> Scene:
        """The scene that the traits describe, or that they would with those of `state`."""
        return scene_of(**{name: getattr(self, name) for name in self.arguments} | dict(state or {}))
