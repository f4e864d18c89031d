"""The convergence player: a failure in time, at the reader's own pace, and what each router believes meanwhile."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import traitlets

from netlearn.errors import NetlearnError
from netlearn.figure import player
from netlearn.figure.deck import events
from netlearn.figure.lanes import lanes
from netlearn.figure.markup import Element, difference, element
from netlearn.figure.still import image
from netlearn.figure.story import Story
from netlearn.nodelink import to_data
from netlearn.topology import Topology
from netlearn.widgets.base import Figure


@dataclass(frozen=True, slots=True)
class WayPrediction:
    """A way to predict before the player plays: the reader clicks it node by node from `start`, or else the source.

    With `hops` so many steps are asked for, else the whole way to the destination. `feedback` maps a way, written
    `Source → R1 → End`, to what there is to say about it at the end; `right` and the empty text stand for any other
    right or wrong one. `name` stays the same for ever: the reader's browser keeps the answer under it. Raises
    `NetlearnError` when less than one hop is asked for.
    """

    name: str
    question: str
    start: str = ""
    hops: int | None = None
    feedback: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.hops is not None and (isinstance(self.hops, bool) or self.hops < 1):
            raise NetlearnError(f"the prediction {self.name!r} asks for 1 hop or more, not {self.hops!r}")

    def drawn(self, given: player.Scenario) -> Element:
        """The question, what has been clicked so far, and a way past it."""
        case = {
            "start": self.start or given.source,
            "goal": given.destination,
            "hops": self.hops,
            "cut": sorted(given.cut),
            "down": sorted(given.down),
            "metrics": [list(change) for change in given.metrics],
        }
        asked = "Click the next router in the picture." if self.hops else "Click the way in the picture, box by box."
        return element(
            "div",
            element("p", f"{self.question} {asked}"),
            element("p", data_part="sofar", aria_live="polite"),
            element(
                "div",
                element("button", "Start again", type="button", class_="nl-quiet", data_do="again"),
                element("button", "Skip the prediction", type="button", class_="nl-quiet", data_do="skip"),
                class_="nl-options",
            ),
            element("p", class_="nl-verdict", role="status"),
            class_="nl-predict nl-predict-way",
            role="group",
            aria_label="Your prediction",
            data_prediction=self.name,
            data_case=json.dumps(case, sort_keys=True),
            data_feedback=json.dumps(dict(self.feedback), ensure_ascii=False, sort_keys=True),
        )


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
    function = "netlearn.figure.player:view"
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
        return player.body(given, story, question, self._focus)

    def still(self) -> tuple[Element, ...]:
        given, story = self._story()
        end_us = story.moments[-1].time_us
        return (
            element("p", player.claim(story), class_="nl-title"),
            image(player.network(given, story, end_us, live=False), player.words(given, story)),
            image(lanes(story), player.lanes_in_words(story)),
            element("p", player.words(given, story), class_="nl-say"),
            element(
                "details",
                element("summary", "What happens, in words"),
                element("ol", *events(story), class_="nl-events"),
            ),
        )

    def words(self) -> str:
        return player.words(*self._story())

    def check(self, state: Mapping[str, Any]) -> None:
        player.check(self._scenario(state))

    def _scenario(self, state: Mapping[str, Any] | None = None) -> player.Scenario:
        values = {name: getattr(self, name) for name in self.arguments} | dict(state or {})
        return player.scenario(**values)

    def _story(self) -> tuple[player.Scenario, Story]:
        given = self._scenario()
        return given, Story(given.run(), given.source, given.destination)
