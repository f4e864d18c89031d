"""The anycast figure: place one address on any routers, break things, watch flows move and connections break."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from netlearn.drawing.markup import Element
from netlearn.figures.anycast.scene import Scene, cases, find, words
from netlearn.figures.anycast.view import body, show, still, told
from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.run.controls import change
from netlearn.network.bundled import forum
from netlearn.network.topology import Topology
from netlearn.routing.packet import as_address


class Anycast(Figure[Scene]):
    """Whose packets reach which instance of an address, in a network to break, and how a change comes about in time.

    `at` are the routers that have `address`; `source` is where the watched connections come from. `cut` and `down`
    fail, `added` are routers to which the address comes as a change, `sick` routers whose service alone is dead,
    `withdrawn` those that do not announce the address. `time` shows how all of that, befalling the network at once,
    comes about, noticed as `detect` says (`carrier`; `hello` and `bfd` are silent). All of them but the address and the
    source follow the reader.

    A static page answers at once to the untouched figure, what the prediction asks about, every single failure, and
    every single change to an instance; `record` adds states. Runs are recorded for the instances and for `record`.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.

    >>> figure = Anycast(at=["R4", "R7"])
    >>> figure.down = ["R4"]
    >>> figure.view["parts"]["title"]["text"]
    'R7 alone announces it, and everybody goes there'
    """

    made_of = Parts(show, body, still, lambda scene: words(scene, find(scene)), cases)
    change = staticmethod(change)

    def __init__(
        self,
        topology: Topology | None = None,
        source: str = "Source",
        at: Sequence[str] = ("R4", "R7"),
        *,
        address: str = "192.0.2.150",
        **more: Any,
    ) -> None:
        super().__init__(topology or forum(), source, as_address(address), at, **more)

    def told(self) -> tuple[Element, ...]:
        scene = self.foreseen()
        return told(scene) if scene else ()

    @cached_property
    def first(self) -> Any:
        """The figure is drawn as it is once everything has settled."""
        return show(replace(self.given, time=False))
