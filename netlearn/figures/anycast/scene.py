"""What the reader set in the anycast figure, and what follows from it once every table fits."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from netlearn.convergence.timers import DETECTIONS
from netlearn.drawing.prose import listed
from netlearn.errors import BadNetwork, NetlearnError
from netlearn.figures.common.metrics import MetricChange, metric_changes
from netlearn.network.nodelink import from_data
from netlearn.network.parts import Address, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.anycast import Catchments, as_address, catchments_of, place
from netlearn.routing.fib import Fib, converged_fibs
from netlearn.routing.forwarding import Outcome, flow_to, walk
from netlearn.routing.packet import Packet
from netlearn.routing.rib import Route

CONNECTIONS = 64  # as many as the measured ones
TOOLS = {
    "at": "Place or take away the address",
    "added": "Add it as a change",
    "sick": "Stop the service only",
    "withdrawn": "Withdraw the announcement",
    "down": "Take the router down",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """What the reader set: who has the address, what has failed, whose service is dead, who does not announce it.

    `at` are the routers that have the address from the beginning, `added` those to which it comes as a change. `sick`
    are routers whose service is dead, `withdrawn` routers that have the address and do not announce it; whatever of
    that has no address is kept for when it has, and changes nothing.
    """

    topology: Topology
    source: str
    address: Address
    at: Sequence[str] = ()
    added: Sequence[str] = ()
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    sick: Sequence[str] = ()
    withdrawn: Sequence[str] = ()
    metrics: Sequence[MetricChange] = ()
    detect: str = "carrier"
    time: bool = False

    def whole(self) -> Topology:
        """The network with the reader's metrics, before anything fails or changes."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return place(topology.addressed(), self.address, [each for each in topology.routers if each in self.at])

    def after(self) -> Topology:
        """What is left of it, with those who still announce the address."""
        announced = place(self.whole(), self.address, [node for node in self.holders if node not in self.withdrawn])
        return announced.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))

    @property
    def holders(self) -> list[str]:
        """The routers that have the address in the end, in the topology's order."""
        return [router for router in self.topology.routers if router in self.at or router in self.added]

    def state(self, router: str) -> str:
        """How the address is on a router: `serving`, `sick`, `withdrawn`, or nothing if it is not there."""
        if router not in self.holders or router in self.down:
            return ""
        return "withdrawn" if router in self.withdrawn else "sick" if router in self.sick else "serving"


def placed(
    network: Mapping[str, Any],
    source: str,
    address: str,
    at: Sequence[str],
    added: Sequence[str],
    cut: Sequence[str],
    down: Sequence[str],
    sick: Sequence[str],
    withdrawn: Sequence[str],
    metrics: Iterable[object],
    detect: str,
    time: bool,
) -> Placed:
    """What plain data describes, as it comes from a page. Raises `BadNetwork` or `NetlearnError` for what is none."""
    return Placed(
        from_data(network),
        source,
        as_address(address),
        at,
        added,
        cut,
        down,
        sick,
        withdrawn,
        metric_changes(metrics),
        detect,
        time,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows: who reaches which instance, every node's route, and where the source's connections end.

    `connections` counts them by instance; `None` stands for those that reach nobody.
    """

    whole: Topology
    catchments: Catchments
    routes: Mapping[str, Route | None]
    connections: Mapping[str | None, int]

    def parts(self, node: str) -> list[tuple[str, Fraction]]:
        """The instances that a node's flows reach with their parts of 1; what is lost stands last, under no name."""
        if node not in self.catchments.shares:
            return []
        lost = self.catchments.lost(node)
        return [*self.catchments.of(node).items(), *([("", lost)] if lost else [])]


def answer(given: Placed) -> Answer:
    """Everything that the figure shows, computed."""
    after = given.after()
    fibs = converged_fibs(after)
    return Answer(
        given.whole(),
        catchments_of(fibs, given.address),
        {node: fib.lookup(given.address) for node, fib in fibs.items()},
        _connections(given, after, fibs),
    )


def _connections(given: Placed, after: Topology, fibs: Mapping[str, Fib]) -> Mapping[str | None, int]:
    if given.source not in fibs:
        return {None: CONNECTIONS}
    flows = (flow_to(after, given.source, given.address, number) for number in range(1, CONNECTIONS + 1))
    ends = (walk(fibs, Packet(flow), given.source) for flow in flows)
    return Counter(end.end if end.outcome is Outcome.DELIVERED else None for end in ends)


def check(given: Placed) -> None:
    """Raise the error that names what is wrong, before anything is drawn."""
    whole = given.whole()
    for name in (*given.at, *given.added, *given.sick, *given.withdrawn):
        if whole.node(name).kind != "router":
            raise BadNetwork(
                f"{name} is a {whole.node(name).kind}; the address stands on routers: {listed(whole.routers)}"
            )
    if whole.node(given.source).kind == "lan":
        raise BadNetwork(f"{given.source} is a LAN; connections come from routers and hosts")
    if given.detect not in DETECTIONS:
        raise NetlearnError(f"failures are noticed by {listed(DETECTIONS, 'or')}, not by {given.detect!r}")
    whole.without(*map(LinkDown, given.cut), *map(NodeDown, given.down))
