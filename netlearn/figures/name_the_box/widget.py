"""Name the box, not the cable: a router's loopback address beside those of its cables, which the reader cuts."""

from typing import Any

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.name_the_box.scene import Scene, cases, find, named, neighbour
from netlearn.figures.name_the_box.view import body, still
from netlearn.figures.name_the_box.words import words
from netlearn.network.bundled import forum
from netlearn.network.topology import Topology


class NameTheBox(Figure[Scene]):
    """A router's loopback address and that of each of its cables' ends: which of them answer whom, and by which way.

    `router` is whose addresses these are; a node without an address gets one. With `peer`, its first neighbour unless
    given, it keeps two sessions: between loopback addresses, and between the ends of their cable; the title then says
    what becomes of them. There are none if `sessions` is false. `asker` is who asks for the addresses; `cut` are cables
    whose carrier is lost, `silent` those that fail without a sign, `down` routers that are down. `settled` looks once
    all tables fit again, else right after the failure. These five follow the reader. Recorded are every set of cuts at
    the router, every single silent one, every other single failure and every asker.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.

    >>> figure = NameTheBox(router="R2", sessions=False)
    >>> figure.cut = ["R1-R2"]
    >>> figure.view["title"]["text"]
    "R2 answers to its own name; 1 of its 5 cables' addresses does not"
    """

    made_of = Parts(view_of(body), body, still, lambda scene: words(scene, find(scene)), cases)

    def __init__(
        self,
        topology: Topology | None = None,
        router: str = "R2",
        asker: str = "Source",
        *,
        peer: str = "",
        sessions: bool = True,
        **more: Any,
    ) -> None:
        network = named(topology or forum())
        beside = peer or neighbour(network, router) if sessions else ""
        super().__init__(network, router, beside, asker, **more)

    def told(self) -> tuple[Element, ...]:
        scene = self.foreseen()
        return still(scene) if scene else ()
