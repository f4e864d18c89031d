"""The path of a packet through one machine: choose who dials what, go step by step, set `lo` down and look again."""

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.packet_path.drawing import drawing
from netlearn.figures.packet_path.scene import CLIENTS, DIALLED, LISTENS, LO, Scene
from netlearn.figures.packet_path.view import body, still_table
from netlearn.figures.packet_path.words import claim, words


class PacketPath(Figure):
    """A program on the laptop or its neighbour dials an address; every table, `lo` or the card, and who gets it.

    `client` is `laptop` or `neighbour`; `dialled` one of `path.DIALLED`; `listens` what the laptop's server is bound to
    (`path.LISTENS`, with `nothing`); `lo` is `up` or `down`; `eth0` is `up`, `no carrier` or `down`. All of them follow
    the reader. `predict` asks what will become of the dial once what its `sets` name is so. `record` adds states to
    those that a static page answers at once. Raises `UnknownName` for anything else, also when a trait is set later.
    """

    module = "packet_path"
    function = "netlearn.figures.packet_path.view:view"
    arguments = ("client", "dialled", "listens", "lo", "eth0")
    varies = ("client", "dialled", "listens", "lo", "eth0")

    client = traitlets.Unicode("laptop").tag(sync=True)
    dialled = traitlets.Unicode("192.0.2.10").tag(sync=True)
    listens = traitlets.Unicode("0.0.0.0").tag(sync=True)
    lo = traitlets.Unicode("up").tag(sync=True)
    eth0 = traitlets.Unicode("up").tag(sync=True)

    def __init__(
        self,
        client: str = "laptop",
        dialled: str = "192.0.2.10",
        *,
        listens: str = "0.0.0.0",
        lo: str = "up",
        eth0: str = "up",
        predict: Prediction | None = None,
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._predict = predict
        if predict:
            Scene(**dict(predict.sets))
        super().__init__(record, client=client, dialled=dialled, listens=listens, lo=lo, eth0=eth0, caption=caption)

    def drawn(self) -> Element:
        return body(self._scene(), self._predict.drawn() if self._predict else None)

    def still(self) -> tuple[Element, ...]:
        scene = self._scene()
        answer = scene.answer()
        sentence = words(scene, answer)
        picture = image(drawing(scene, answer, sentence), sentence)
        heading, told = element("p", claim(scene, answer), class_="nl-title"), element("p", sentence, class_="nl-say")
        return heading, picture, told, still_table(scene)

    def words(self) -> str:
        scene = self._scene()
        return words(scene, scene.answer())

    def cases(self) -> Iterable[Mapping[str, Any]]:
        """Whatever is dialled, as it stands and with one interface down; for two addresses every server; the asked."""
        if self._predict:
            yield self._predict.sets
        for client, dialled in product(CLIENTS, DIALLED):
            yield from ({"client": client, "dialled": dialled, "lo": lo, "eth0": "up"} for lo in LO)
            yield from (
                {"client": client, "dialled": dialled, "lo": "up", "eth0": eth0} for eth0 in ("no carrier", "down")
            )
        for client, dialled, listens in product(CLIENTS, ("127.0.0.1", "192.0.2.10"), LISTENS):
            yield {"client": client, "dialled": dialled, "listens": listens, "lo": "up", "eth0": "up"}

    def check(self, state: Mapping[str, Any]) -> None:
        self._scene(**state)

    def _scene(self, **changed: str) -> Scene:
        return Scene(**{name: getattr(self, name) for name in self.arguments} | changed)
