"""What the reader set in the player: a run to come; and what is said of it."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from netlearn.convergence.event import At, Change, Maintenance
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import DETECTIONS, Detection, Fixed, Timers
from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import tally
from netlearn.drawing.prose import duration, link_label, listed
from netlearn.errors import NetlearnError, shown
from netlearn.figures.common.metrics import with_metrics
from netlearn.figures.common.scene import AnyScene, Metrics, Names
from netlearn.figures.run.sentences import each_other
from netlearn.figures.run.story import Story
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import flow_between
from netlearn.routing.spf import first_paths
from netlearn.units import MS

TIMERS = {"rfc": "as the RFCs say: SPF after 50 ms", "frr": "as FRRouting does: SPF at once, then hold"}
PLANNED_US = 1_000 * MS  # between the warning and the end of a router that is taken down on purpose
MOST_MS = 60_000
LISTED_PATHS = 4
Delays = tuple[tuple[str, int], ...]  # router, milliseconds between news and SPF


def _delays(value: Any, name: str) -> Delays:
    """Waits from plain data; of two for one router the last holds."""
    delays: dict[str, int] = {}
    for delay in value if isinstance(value, list | tuple) else [value]:
        match delay:
            case [str(router), int(ms)] if not isinstance(ms, bool) and 0 <= ms <= MOST_MS:
                delays[router] = ms
            case _:
                raise NetlearnError(f"an SPF delay is [router, milliseconds up to {MOST_MS}], not {shown(delay)}")
    return tuple(sorted(delays.items()))


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: the network, what fails at time 0, how that is noticed, and how long routers wait.

    `detect` other than `carrier` means that failures are silent. `lfa` lets routers use loop-free alternates, `planned`
    lets the routers that go down say so beforehand. `spf_delay` gives single routers a wait of their own.
    """

    reads: ClassVar = {Delays: _delays}

    topology: Topology
    source: str
    destination: str
    cut: Names = ()
    down: Names = ()
    detect: str = "carrier"
    timers: str = "rfc"
    lfa: bool = False
    planned: bool = False
    spf_delay: Delays = ()
    metrics: Metrics = ()

    def check(self) -> None:
        whole = self.whole()
        if self.detect not in DETECTIONS or self.timers not in TIMERS:
            raise NetlearnError(
                f"failures are noticed by {listed(DETECTIONS, 'or')}, timers are {listed(TIMERS, 'or')};"
                f" not {shown(self.detect)} with {shown(self.timers)}"
            )
        for router, _ in self.spf_delay:
            whole.node(router)
        whole.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))
        flow_between(whole, self.source, self.destination, 1)

    def whole(self) -> Topology:
        """The network with the reader's metrics and with an address for everybody, before anything fails."""
        return with_metrics(self.topology, self.metrics).addressed()

    def run(self) -> Trace:
        """The run."""
        detect: Detection = next(each for each in DETECTIONS if each == self.detect)
        timers = Timers.rfc() if self.timers == "rfc" else Timers.frr()
        own = {router: replace(timers, spf_delay=Fixed(delay * MS)) for router, delay in self.spf_delay}
        return simulate(
            self.whole(), self.changes(), timers=timers, router_timers=own, detect=detect,
            silent=detect != "carrier", lfa=self.lfa,
        )  # fmt: skip

    def changes(self) -> list[At | Change]:
        """What befalls the network, and when."""
        cut: list[At | Change] = [LinkDown(link) for link in self.cut]
        if not self.planned:
            return [*cut, *map(NodeDown, self.down)]
        return [*cut, *map(Maintenance, self.down), *(At(PLANNED_US, NodeDown(node)) for node in self.down)]


@lru_cache(maxsize=32)
def find(scene: Scene) -> Story:
    """The run, as a story of what there is to see and to say."""
    return Story(scene.run(), scene.source, scene.destination)


def ways(story: Story) -> tuple[tuple[str, ...], ...]:
    """The shortest paths that are left when everything has happened, at most `LISTED_PATHS`."""
    final = story.true_topology(story.moments[-1].time_us)
    if not (final.has_node(story.source) and final.has_node(story.destination)):
        return ()
    return first_paths(final, story.source, story.destination, LISTED_PATHS)


def asks(scene: Scene) -> str:
    """What is asked as long as nobody has seen the end: what befalls the network, and what comes of it."""
    return f"{befalls(scene) or 'Nothing fails'}. What will the routers do?"


def befalls(scene: Scene) -> str:
    """What fails, as a sentence without its end; nothing if nothing does."""
    cut = [link_label(scene.topology.link(name)) for name in scene.cut]
    quiet = "" if scene.detect == "carrier" else " silently"
    parts = [f"{listed(cut)} {'is' if len(cut) == 1 else 'are'} cut{quiet}"] if cut else []
    if scene.down:
        one = len(scene.down) == 1
        goes = ("goes" if one else "go") + f" down{quiet}"
        says = f"{'says so and a second later' if one else 'say so and a second later'} {goes}"
        parts.append(f"{listed(scene.down)} {says if scene.planned else goes}")
    return " and ".join(parts)


def claim(story: Story) -> str:
    """The one sentence to take away: how long it took, where the way leads now, which routers looped."""
    if len(story.moments) == 1:
        return "Nothing fails, and nothing moves"
    took = duration(max(story.trace.converged_us, 0))
    loops = sorted({loop.cycle for loop in story.loops})
    looped = f"; {listed(loops[0])} point at {each_other(loops[0])} on the way" if len(loops) == 1 else ""
    looped = f"; {len(loops)} micro-loops on the way" if len(loops) > 1 else looped
    left = ways(story)
    if not left:
        return f"No way to {story.destination} is left, and after {took} all who are left know it"
    if not story.trace.tables:
        return f"Nobody has to change a table: the way stays {' → '.join(left[0])}"
    return f"After {took} every table fits again{looped}"


def first_words(story: Story) -> str:
    """The first moment, for who cannot see it."""
    said = " ".join(told.words for told in story.moments[0].told)
    return f"The network from {story.source} to {story.destination}. {said}"


def words(scene: Scene, story: Story) -> str:
    """The run in a few sentences, for who cannot see it."""
    failed = [told.words for moment in story.moments for told in moment.told if told.kind == "failure"]
    left = "; ".join(" → ".join(way) for way in ways(story))
    end = f"In the end messages go {left}." if left else f"In the end nothing reaches {scene.destination}."
    loops = [
        f"{listed(loop.cycle)} point at {each_other(loop.cycle)} for {duration(loop.to_us - loop.from_us)}."
        for loop in story.loops
    ]
    return " ".join([*failed, f"{claim(story)}.", *loops, lost_in_words(story), end])


def lost_in_words(story: Story) -> str:
    """How many messages of all flows were lost, if each sends one per millisecond (or 1000 in a long run)."""
    end_us = story.trace.converged_us
    if end_us <= 0:
        return ""
    every = max(1_000, end_us // 1_000)
    counted = tally(fate for flow in story.flows for fate in story.traffic.fates(flow, story.source, 0, end_us, every))
    if not counted.lost:
        return "No message is lost."
    return f"Of the messages sent until then {max(0.01, counted.lost / counted.sent):.0%} are lost."


def lanes_in_words(story: Story) -> str:
    """What the lanes show, in short; the list of events says it all."""
    followed = listed(map(str, story.followed))
    return f"Lanes of time, one for each node, and what became of flow {followed}. The events below say the same."
