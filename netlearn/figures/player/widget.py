"""The convergence player: a failure in time, at the reader's own pace, and what each router believes meanwhile."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, difference, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.player.drawing import network
from netlearn.figures.player.prediction import WayPrediction
from netlearn.figures.player.scene import Scenario, check, scenario
from netlearn.figures.player.view import body
from netlearn.figures.player.words import claim, lanes_in_words, words
from netlearn.figures.run.controls import events
from netlearn.figures.run.lanes import lanes
from netlearn.figures.run.story import Story
from netlearn.network.nodelink import to_data
from netlearn.network.topology import Topology


class Player(Figure):
    """A run from the failure to the last table: the network with news and messages under way, a lane for each node.

    `cut` and `down` fail at time 0. `detect` says how that is noticed (`carrier`; `hello` and `bfd` are silent),
    `timers` is `rfc` or `frr`, `lfa` lets loop-free alternates stand in, `planned` lets routers say so a second before
    they go down, `spf_delay` gives single routers a wait of their own as (router, milliseconds), `metrics` changes
    metrics as (link, the end that it leaves, metric). All of them follow the reader.

    `focus` is the router whose belief is shown first. `record` adds settings to the given ones that a static page
    answers at once. With `predict` nothing plays before the reader has predicted, or skipped that.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later.
    """

    module = "player"
    function = "netlearn.figures.player.view:view"
    arguments = (
        *("network", "source", "destination"),
        *("cut", "down", "detect", "timers", "lfa", "planned", "spf_delay", "metrics"),
    )
    varies = ("cut", "down", "detect", "timers", "lfa", "planned", "spf_delay", "metrics")

    network = traitlets.Dict(read_only=True)
    source = traitlets.Unicode(read_only=True)
    destination = traitlets.Unicode(read_only=True)
    cut = traitlets.List(traitlets.Unicode()).tag(sync=True)
    down = traitlets.List(traitlets.Unicode()).tag(sync=True)
    detect = traitlets.Unicode("carrier").tag(sync=True)
    timers = traitlets.Unicode("rfc").tag(sync=True)
    lfa = traitlets.Bool(False).tag(sync=True)
    planned = traitlets.Bool(False).tag(sync=True)
    spf_delay: Any = traitlets.List().tag(sync=True)
    metrics: Any = traitlets.List().tag(sync=True)

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
        spf_delay: Iterable[tuple[str, int]] = (),
        metrics: Iterable[tuple[str, str, int]] = (),
        predict: WayPrediction | None = None,
        focus: str = "",
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        self._predict, self._focus = predict, focus
        for given in (
            source,
            destination,
            *([focus] if focus else []),
            *([predict.start] if predict and predict.start else []),
        ):
            topology.node(given)
        for name, value in (("network", to_data(topology)), ("source", source), ("destination", destination)):
            self.set_trait(name, value)
        super().__init__(
            record,
            cut=sorted(cut),
            down=sorted(down),
            detect=detect,
            timers=timers,
            lfa=lfa,
            planned=planned,
            spf_delay=sorted(list(delay) for delay in spf_delay),
            metrics=sorted(list(change) for change in metrics),
            caption=caption,
        )

    @staticmethod
    def change(first: Any, now: Any) -> Any:
        """A run, of whose first drawing only what differs from the figure's own is kept."""
        return {**now, "parts": difference(first["parts"], now["parts"])}

    def drawn(self) -> Element:
        given, story = self._story()
        question = self._predict.drawn(given) if self._predict else None
        return body(given, story, question, self._focus)

    def still(self) -> tuple[Element, ...]:
        given, story = self._story()
        end_us = story.moments[-1].time_us
        return (
            element("p", claim(story), class_="nl-title"),
            image(network(given, story, end_us, live=False), words(given, story)),
            image(lanes(story), lanes_in_words(story)),
            element("p", words(given, story), class_="nl-say"),
            element(
                "details",
                element("summary", "What happens, in words"),
                element("ol", *events(story), class_="nl-events"),
            ),
        )

    def words(self) -> str:
        return words(*self._story())

    def check(self, state: Mapping[str, Any]) -> None:
        check(self._scenario(state))

    def _scenario(self, state: Mapping[str, Any] | None = None) -> Scenario:
        values = {name: getattr(self, name) for name in self.arguments} | dict(state or {})
        return scenario(**values)

    def _story(self) -> tuple[Scenario, Story]:
        given = self._scenario()
        return given, Story(given.run(), given.source, given.destination)
