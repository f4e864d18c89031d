"""The three loopbacks: step from `lo` to a router's own address to an anycast address, and break things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.loopbacks.drawing import drawing
from netlearn.figures.loopbacks.scene import STEPS, Scene, check, find, scene_of
from netlearn.figures.loopbacks.trials import trial_form, trial_table, trials_of
from netlearn.figures.loopbacks.view import body, cards
from netlearn.figures.loopbacks.words import words
from netlearn.network.bundled import forum
from netlearn.network.nodelink import to_data
from netlearn.network.parts import Announcement
from netlearn.network.topology import Topology


class Loopbacks(Figure):
    """`lo`, a router's loopback and an anycast address in one network: who holds each, who sees it, what it survives.

    `router` is whose own address is asked for; `holders` are the routers that all announce `shared`. `asker` is who
    asks for the three addresses, `cut` and `down` what has failed, `step` which of them is looked at (`lo`, `plate`,
    `shared`, or `break` for all three and a failure to predict); these four follow the reader. Every single failure,
    everything that may be predicted and every asker are recorded.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.
    """

    module = "loopbacks"
    function = "netlearn.figures.loopbacks.view:view"
    arguments = ("network", "router", "shared", "asker", "cut", "down", "step")
    varies = ("asker", "cut", "down", "step")

    network = traitlets.Dict(read_only=True)
    router = traitlets.Unicode(read_only=True)
    shared = traitlets.Unicode(read_only=True)
    asker = traitlets.Unicode().tag(sync=True)
    cut = traitlets.List(traitlets.Unicode()).tag(sync=True)
    down = traitlets.List(traitlets.Unicode()).tag(sync=True)
    step = traitlets.Unicode("lo").tag(sync=True)

    def __init__(
        self,
        topology: Topology | None = None,
        router: str = "R2",
        *,
        holders: Sequence[str] = ("R4", "R7"),
        shared: str = "192.0.2.150/32",
        asker: str = "Source",
        step: str = "lo",
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        plain = (topology or forum()).addressed()
        prefix = ip_network(shared)
        more = tuple(Announcement(prefix, plain.node(holder).name) for holder in holders)
        self._topology = replace(plain, announcements=(*plain.announcements, *more))
        check(Scene(self._topology, router, prefix, asker, step=step))
        for name, value in (("network", to_data(self._topology)), ("router", router), ("shared", str(prefix))):
            self.set_trait(name, value)
        super().__init__(record, asker=asker, step=step, caption=caption)

    def drawn(self) -> Element:
        scene = self._scene()
        return body(scene, trial_form(trials_of(scene)))

    def still(self) -> tuple[Element, ...]:
        scene = self._scene({"step": "break"})
        found = find(scene)
        heading = element("p", "Three things called loopback, in one network", class_="nl-title")
        picture = image(drawing(scene, found, live=False), words(scene, found))
        trials = trial_table(scene, trials_of(scene))
        return heading, picture, cards(scene, found), trials

    def words(self) -> str:
        scene = self._scene({"step": "break"})
        return words(scene, find(scene))

    def cases(self) -> Iterable[Mapping[str, Any]]:
        names = [node.name for node in self._topology.nodes if node.address is not None]
        trials = trials_of(self._scene())
        for step in STEPS:
            yield from ({"step": step, "asker": name, "cut": [], "down": []} for name in names)
            for trial in trials:
                yield {"step": step, "cut": [*trial.cut], "down": [*trial.down]}
            yield from ({"step": step, "cut": [link.name], "down": []} for link in self._topology.links)
            yield from ({"step": step, "cut": [], "down": [router]} for router in self._topology.routers)

    def check(self, state: Mapping[str, Any]) -> None:
        check(self._scene(state))

    def _scene(self, state: Mapping[str, Any] | None = None) -> Scene:
        """The scene that the traits describe, or that they would with those of `state`."""
        values = {name: getattr(self, name) for name in self.arguments} | dict(state or {})
        return scene_of(**values)
