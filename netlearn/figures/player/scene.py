"""What the reader set in the player: a run to come."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from netlearn.convergence.event import At, Change, Maintenance
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import DETECTIONS, Detection, Fixed, Timers
from netlearn.convergence.trace import Trace
from netlearn.drawing.prose import listed
from netlearn.errors import NetlearnError, shown
from netlearn.figures.common.metrics import MetricChange, metric_changes
from netlearn.figures.run.story import Story
from netlearn.network.nodelink import from_data
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import flow_between
from netlearn.routing.spf import first_paths
from netlearn.units import MS

TIMERS = {"rfc": "as the RFCs say: SPF after 50 ms", "frr": "as FRRouting does: SPF at once, then hold"}
PLANNED_US = 1_000 * MS  # between the warning and the end of a router that is taken down on purpose
MOST_MS = 60_000
LISTED_PATHS = 4
Delay = tuple[str, int]  # router, milliseconds between news and SPF


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the reader set: the network, what fails at time 0, how that is noticed, and how long routers wait.

    `detect` other than `carrier` means that failures are silent. `lfa` lets routers use loop-free alternates, `planned`
    lets the routers that go down say so beforehand. `spf_delay` gives single routers a wait of their own.
    """

    topology: Topology
    source: str
    destination: str
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    detect: str = "carrier"
    timers: str = "rfc"
    lfa: bool = False
    planned: bool = False
    spf_delay: Sequence[Delay] = ()
    metrics: Sequence[MetricChange] = ()

    def whole(self) -> Topology:
        """The network with the reader's metrics and with an address for everybody, before anything fails."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return topology.addressed()

    def run(self) -> Trace:
        """The run. Raises `UnknownName`, `BadNetwork` or `NetlearnError` for what cannot be."""
        check(self)
        detect: Detection = next(each for each in DETECTIONS if each == self.detect)
        timers = Timers.rfc() if self.timers == "rfc" else Timers.frr()
        own = {router: _waiting(timers, router, delay) for router, delay in self.spf_delay}
        return simulate(
            self.whole(), self.changes(), timers=timers, router_timers=own, detect=detect,
            silent=detect != "carrier", lfa=self.lfa,
        )  # fmt: skip

    def changes(self) -> list[At | Change]:
        """What befalls the network, and when."""
        cut: list[At | Change] = [LinkDown(link) for link in sorted({*self.cut})]
        down = sorted({*self.down})
        if not self.planned:
            return [*cut, *(NodeDown(node) for node in down)]
        return [*cut, *(Maintenance(node) for node in down), *(At(PLANNED_US, NodeDown(node)) for node in down)]


def scenario(
    network: Mapping[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    detect: str,
    timers: str,
    lfa: bool,
    planned: bool,
    spf_delay: Iterable[Sequence[Any]],
    metrics: Iterable[object],
) -> Scenario:
    """The scenario that plain data describes, as it comes from a page.

    Raises `BadNetwork` or `NetlearnError` for a metric or a delay that is none.
    """
    delays: dict[str, int] = {}
    for delay in spf_delay:
        match delay:
            case [str(router), int(ms)] if not isinstance(ms, bool) and 0 <= ms <= MOST_MS:
                delays[router] = ms
            case _:
                raise NetlearnError(f"an SPF delay is [router, milliseconds up to {MOST_MS}], not {shown(delay)}")
    changes = metric_changes(metrics)
    topology = from_data(network)
    return Scenario(
        topology, source, destination, cut, down, detect, timers, lfa, planned, tuple(delays.items()), changes
    )


def ways(story: Story) -> tuple[tuple[str, ...], ...]:
    """The shortest paths that are left when everything has happened, at most `LISTED_PATHS`."""
    final = story.true_topology(story.moments[-1].time_us)
    if not (final.has_node(story.source) and final.has_node(story.destination)):
        return ()
    return first_paths(final, story.source, story.destination, LISTED_PATHS)


def check(given: Scenario) -> None:
    """Raise the error that names what is wrong with a scenario, without running it."""
    whole = given.whole()
    if given.detect not in DETECTIONS or given.timers not in TIMERS:
        raise NetlearnError(
            f"failures are noticed by {listed(DETECTIONS, 'or')}, timers are {listed(TIMERS, 'or')};"
            f" not {shown(given.detect)} with {shown(given.timers)}"
        )
    for router, delay in given.spf_delay:
        whole.node(router)
        _waiting(Timers(), router, delay)
    whole.without(*map(LinkDown, given.cut), *map(NodeDown, given.down))
    flow_between(whole, given.source, given.destination, 1)


def _waiting(timers: Timers, router: str, delay: object) -> Timers:
    """The timers of a router with a wait of its own between news and SPF."""
    if isinstance(delay, bool) or not isinstance(delay, int) or not 0 <= delay <= MOST_MS:
        raise NetlearnError(f"the SPF delay of {router} is from 0 to {MOST_MS} ms, not {shown(delay)}")
    return replace(timers, spf_delay=Fixed(delay * MS))
