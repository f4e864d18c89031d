"""What the reader set in the player: a run to come."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from netlearn.convergence.event import At, Change, Maintenance
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import DETECTIONS, Detection, Fixed, Timers
from netlearn.convergence.trace import Trace
from netlearn.drawing.prose import listed
from netlearn.errors import NetlearnError, shown
from netlearn.figures.common.metrics import with_metrics
from netlearn.figures.common.scene import AnyScene, Metrics, Names
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
