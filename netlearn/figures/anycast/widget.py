"""The anycast figure: place one address on any routers, break things, watch flows move and connections break."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, difference, element
from netlearn.drawing.still import image
from netlearn.figures.anycast.drawing import drawing, table
from netlearn.figures.anycast.scene import Placed, answer, check, placed
from netlearn.figures.anycast.view import body
from netlearn.figures.anycast.words import claim, words
from netlearn.figures.common.live import Figure
from netlearn.figures.common.prediction import Prediction
from netlearn.network.bundled import forum
from netlearn.network.nodelink import to_data
from netlearn.network.topology import Topology

MOST_RECORDED = 100  # links and routers; with more, the record would outweigh the Python that can answer instead


class Anycast(Figure):
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
    """

    module = "anycast"
    function = "netlearn.figures.anycast.view:view"
    arguments = (
        *("network", "source", "address"),
        *("at", "added", "cut", "down", "sick", "withdrawn", "metrics", "detect", "time"),
    )
    varies = ("at", "added", "cut", "down", "sick", "withdrawn", "metrics", "detect", "time")

    network = traitlets.Dict(read_only=True)
    source = traitlets.Unicode(read_only=True)
    address = traitlets.Unicode(read_only=True)
    at = traitlets.List(traitlets.Unicode()).tag(sync=True)
    added = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cut = traitlets.List(traitlets.Unicode()).tag(sync=True)
    down = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sick = traitlets.List(traitlets.Unicode()).tag(sync=True)
    withdrawn = traitlets.List(traitlets.Unicode()).tag(sync=True)
    metrics: Any = traitlets.List().tag(sync=True)
    detect = traitlets.Unicode("carrier").tag(sync=True)
    time = traitlets.Bool(False).tag(sync=True)

    def __init__(
        self,
        topology: Topology | None = None,
        source: str = "Source",
        at: Sequence[str] = ("R4", "R7"),
        *,
        address: str = "192.0.2.150",
        added: Sequence[str] = (),
        cut: Sequence[str] = (),
        down: Sequence[str] = (),
        sick: Sequence[str] = (),
        withdrawn: Sequence[str] = (),
        detect: str = "carrier",
        time: bool = False,
        predict: Prediction | None = None,
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._topology, self._predict = topology or forum(), predict
        fixed: dict[str, Any] = {"network": to_data(self._topology), "source": source, "address": address}
        for name, value in fixed.items():
            self.set_trait(name, value)
        check(
            placed(
                **fixed,
                at=at,
                added=added,
                cut=cut,
                down=down,
                sick=sick,
                withdrawn=withdrawn,
                metrics=(),
                detect=detect,
                time=time,
            )
        )
        lists = {"at": at, "added": added, "cut": cut, "down": down, "sick": sick, "withdrawn": withdrawn}
        in_order = {name: sorted(value) for name, value in lists.items()}
        super().__init__(record, **in_order, detect=detect, time=time, caption=caption)

    def first(self) -> Any:
        return self.compute({"time": False})

    @staticmethod
    def change(first: Any, now: Any) -> Any:
        """What is to be shown, of whose first drawing only what differs from the figure's own is kept."""
        return {**now, "parts": difference(first["parts"], now["parts"])}

    def drawn(self) -> Element:
        return body(self._placed(), self._predict.drawn() if self._predict else None)

    def still(self) -> tuple[Element, ...]:
        given = self._placed()
        found = answer(given)
        return (
            element("p", claim(given, found), class_="nl-title"),
            image(drawing(given, found, live=False), words(given, found)),
            element("p", words(given, found), class_="nl-say"),
            table(given, found),
        )

    def words(self) -> str:
        given = self._placed()
        return words(given, answer(given))

    def cases(self) -> Iterable[Mapping[str, Any]]:
        fine = {
            "at": sorted(self.at),
            "added": [],
            "cut": [],
            "down": [],
            "sick": [],
            "withdrawn": [],
            "metrics": [],
            "detect": "carrier",
            "time": False,
        }
        yield fine
        if self._predict:
            yield from ({**fine, **self._predict.state(), "time": time} for time in (False, True))
        if len(self._topology.links) + len(self._topology.routers) > MOST_RECORDED:
            return
        yield from ({**fine, "cut": [link.name]} for link in self._topology.links)
        yield from ({**fine, "down": [router]} for router in self._topology.routers)
        for router in self._topology.routers:
            yield {**fine, "at": sorted({*self.at} ^ {router})}
        for instance in sorted(self.at):
            for name in ("sick", "withdrawn"):
                yield from ({**fine, name: [instance], "time": time} for time in (False, True))
            yield {**fine, "down": [instance], "time": True}

    def check(self, state: Mapping[str, Any]) -> None:
        check(self._placed(state))

    def _placed(self, state: Mapping[str, Any] | None = None) -> Placed:
        """What the traits describe, or would with those of `state`."""
        return placed(**{name: getattr(self, name) for name in self.arguments} | dict(state or {}))
