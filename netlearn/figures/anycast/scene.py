"""What the reader set in the anycast figure, what follows from it once every table fits, and how that is said."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from netlearn.convergence.timers import DETECTIONS
from netlearn.drawing.prose import failures_in_words, grouped, listed
from netlearn.errors import BadNetwork, NetlearnError
from netlearn.figures.common.metrics import changes_in_words, with_metrics
from netlearn.figures.common.scene import AnyScene, Metrics, Names, single_failures
from netlearn.network.parts import Address, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.anycast import Catchments, catchments_of, place
from netlearn.routing.fib import Fib, fibs_towards
from netlearn.routing.forwarding import Outcome, flow_to, walk
from netlearn.routing.packet import Packet
from netlearn.routing.rib import Route

CONNECTIONS = 64  # as many as the measured ones
TOOLS = {
    "at": "Place or take away",
    "added": "Add it as a change",
    "sick": "Stop the service only",
    "withdrawn": "Withdraw the announcement",
    "down": "Take it down",
}


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: who has the address, what has failed, whose service is dead, who does not announce it.

    `at` are the routers that have the address from the beginning, `added` those to which it comes as a change. `sick`
    are routers whose service is dead, `withdrawn` routers that have the address and do not announce it; whatever of
    that has no address is kept for when it has, and changes nothing. `time` shows how it all comes about, noticed as
    `detect` says.
    """

    topology: Topology
    source: str
    address: Address
    at: Names = ()
    added: Names = ()
    cut: Names = ()
    down: Names = ()
    sick: Names = ()
    withdrawn: Names = ()
    metrics: Metrics = ()
    detect: str = "carrier"
    time: bool = False

    def check(self) -> None:
        whole = self.whole()
        for name in (*self.at, *self.added, *self.sick, *self.withdrawn):
            if (kind := whole.node(name).kind) != "router":
                raise BadNetwork(f"{name} is a {kind}; the address stands on routers: {listed(whole.routers)}")
        if whole.node(self.source).kind == "lan":
            raise BadNetwork(f"{self.source} is a LAN; connections come from routers and hosts")
        if self.detect not in DETECTIONS:
            raise NetlearnError(f"failures are noticed by {listed(DETECTIONS, 'or')}, not by {self.detect!r}")
        whole.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))

    def whole(self) -> Topology:
        """The network with the reader's metrics, before anything fails or changes."""
        topology = with_metrics(self.topology, self.metrics).addressed()
        return place(topology, self.address, [each for each in topology.routers if each in self.at])

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


@dataclass(frozen=True, slots=True)
class Found:
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


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed."""
    after = scene.after()
    fibs = fibs_towards(after, scene.address)
    return Found(
        scene.whole(),
        catchments_of(fibs, scene.address),
        {node: fib.lookup(scene.address) for node, fib in fibs.items()},
        _connections(scene, after, fibs),
    )


def _connections(scene: Scene, after: Topology, fibs: Mapping[str, Fib]) -> Mapping[str | None, int]:
    if scene.source not in fibs:
        return {None: CONNECTIONS}
    flows = (flow_to(after, scene.source, scene.address, number) for number in range(1, CONNECTIONS + 1))
    ends = (walk(fibs, Packet(flow), scene.source) for flow in flows)
    return Counter(end.end if end.outcome is Outcome.DELIVERED else None for end in ends)


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: nothing wrong, what is predicted, single failures, single changes to an instance."""
    topology, times = scene.topology, (False, True)
    fine = Scene(topology, scene.source, scene.address, scene.at)
    yield fine
    if predicted:
        yield from (replace(fine.changed(predicted), time=time) for time in times)
    if not (failures := single_failures(topology)):
        return
    yield from (replace(fine, **failed) for failed in failures)
    yield from (replace(fine, at=tuple({*scene.at} ^ {router})) for router in topology.routers)
    for instance in scene.at:
        yield from (replace(fine, sick=(instance,), time=time) for time in times)
        yield from (replace(fine, withdrawn=(instance,), time=time) for time in times)
        yield replace(fine, down=(instance,), time=True)


NAMED = 3  # nodes that a title names; more are counted
STATES = {  # of the address on a router, where it does not serve
    "sick": "The service on {0} is dead, and {0} announces the address all the same.",
    "withdrawn": "{0} has the address and does not announce it.",
}


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away."""
    instances = found.catchments.instances
    if not instances:
        return f"Nobody announces {scene.address}, so nobody reaches it"
    if dead := [node for node in instances if node in scene.sick]:
        lured = [node for node, shares in found.catchments.shares.items() if {*dead} & {*shares} and node not in dead]
        if not lured:
            return f"The service on {listed(dead)} is dead, and nobody else is drawn to it"
        return (
            f"{listed(dead)} {_plural(dead, 'goes', 'go')} on attracting {_counted(lured)}, to a service that is dead"
        )
    if lost := [node for node in found.catchments.shares if found.catchments.lost(node)]:
        return f"{_counted(lost)} {_plural(lost, 'reaches', 'reach')} no instance any more"
    if len(instances) == 1:
        others = [node for node in found.catchments.shares if node != instances[0]]
        whom = "everybody goes there" if others else "nobody else is left to go there"
        return f"{instances[0]} alone announces it, and {whom}"
    border = found.catchments.border
    if scene.source in border:
        return f"What {scene.source} sends is divided: {shared(found.parts(scene.source))}"
    if border:
        return f"{_counted(border)} {_plural(border, 'stands', 'stand')} between instances; all others have one nearest"
    return "Everybody has one nearest instance"


def words(scene: Scene, found: Found) -> str:
    """The picture in words: who reaches whom, where flows are divided, what has failed."""
    sentences = []
    for instance in found.catchments.instances:
        area = [node for node in found.catchments.area(instance) if node != instance]
        sentences.append(f"{instance} gets all that {listed(area)} {_plural(area, 'sends', 'send')}." if area else "")
    divided = grouped((shared(found.parts(node)), node) for node in found.catchments.border)
    for ends, nodes in divided.items():
        sentences.append(f"What {listed(nodes)} {_plural(nodes, 'sends', 'send')} is divided: {ends}.")
    if lost := [node for node in found.catchments.shares if found.catchments.lost(node) == 1]:
        sentences.append(f"{listed(lost)} {_plural(lost, 'reaches', 'reach')} nobody.")
    sentences.append(connections_in_words(scene, found))
    sentences += [STATES.get(scene.state(router), "").format(router) for router in scene.holders]
    sentences += failures_in_words(scene.topology, scene.cut, scene.down)
    sentences += changes_in_words(scene.topology, scene.metrics)
    return " ".join(filter(None, sentences))


def connections_in_words(scene: Scene, found: Found) -> str:
    """Where new connections of the source end."""
    if scene.source in scene.down:
        return f"{scene.source} is down, and opens no connection."
    where = {name: f"{name}, where nobody serves" if name in scene.sick else name for name in found.connections if name}
    ends = [(where[name], found.connections[name]) for name in sorted(where)]
    ends += [("nobody", found.connections[None])] if found.connections.get(None) else []
    if len(ends) == 1:
        return f"All {CONNECTIONS} new connections from {scene.source} reach {ends[0][0]}."
    counted = listed(f"{count} {'reaches' if count == 1 else 'reach'} {end}" for end, count in ends)
    return f"Of {CONNECTIONS} new connections from {scene.source}, {counted}."


def shared(parts: Sequence[tuple[str, Fraction]]) -> str:
    """`75% to R4 and 25% to R7`, `all to R4`."""
    if len(parts) == 1:
        return f"all to {parts[0][0] or 'nobody'}"
    return listed(f"{float(part):.0%} to {instance or 'nobody'}" for instance, part in parts)


def _counted(nodes: Sequence[str]) -> str:
    return listed(nodes) if len(nodes) <= NAMED else f"{len(nodes)} nodes"


def _plural(nodes: Sequence[str], one: str, several: str) -> str:
    return one if len(nodes) == 1 else several
