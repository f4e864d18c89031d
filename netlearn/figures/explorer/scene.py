"""What the reader set in the explorer, and what follows from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from netlearn.errors import BadNetwork
from netlearn.figures.common.metrics import with_metrics
from netlearn.figures.common.scene import AnyScene, Metrics, Names, single_failures
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fib
from netlearn.routing.forwarding import Walk, flow_between, on_links, shares, walk
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.spf import NextHop, ShortestPaths, first_paths, path_count, shortest_paths

LISTED_PATHS = 6  # more would not be read


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: the network, from where to where, what has failed, what metrics changed, which flow."""

    topology: Topology
    source: str
    destination: str
    cut: Names = ()
    down: Names = ()
    metrics: Metrics = ()
    flow: int = 1

    def whole(self) -> Topology:
        """The network with the reader's metrics, and everything in it up."""
        return with_metrics(self.topology, self.metrics)

    def check(self) -> None:
        whole = self.whole()
        for name in (self.source, self.destination):
            if whole.node(name).kind == "lan":
                raise BadNetwork(f"{name} is a LAN; flows begin and end at routers and hosts")
        whole.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))
        flow_between(whole.addressed(), self.source, self.destination, self.flow)


@dataclass(frozen=True, slots=True)
class Found:
    """What follows from a scene: every node's next hops, all shortest paths, what each link carries, one flow's way.

    `after` is what the failures left of `whole`. `carried` is the share of the flows that one node hands to another.
    """

    whole: Topology
    after: Topology
    count: int = 0
    metric: int | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    roots: dict[str, ShortestPaths] = field(default_factory=dict)
    carried: dict[tuple[str, str, str], float] = field(default_factory=dict)
    flow: Flow | None = None
    walk: Walk | None = None

    def next_hops(self, node: str, destination: str) -> tuple[NextHop, ...]:
        """Where the node hands over what is for the destination; nothing if it is down or knows no way."""
        return self.roots[node].next_hops(destination) if node in self.roots else ()

    def passing(self, node: str) -> float:
        """The share of the flows that the node hands on."""
        return sum(share for (start, _, _), share in self.carried.items() if start == node)

    def on_links(self) -> dict[tuple[str, str, str], float]:
        """The share of the flows on each link, as `carried` but with the way out of a LAN as a step of its own."""
        return on_links(self.after, self.carried)


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed."""
    whole = scene.whole()
    # Addresses come before failures: the death of a router elsewhere must not give the flow another hash.
    after = whole.addressed().without(*map(LinkDown, scene.cut), *map(NodeDown, scene.down))
    roots = {node.name: shortest_paths(after, node.name) for node in after.nodes if node.kind != "lan"}
    if scene.source not in roots or scene.destination not in roots:
        return Found(whole, after, roots=roots)
    flow = flow_between(after, scene.source, scene.destination, scene.flow)
    carried = shares(after, scene.source, scene.destination)
    on_the_way = {scene.source, scene.destination, *(node for start, end, _ in carried for node in (start, end))}
    return Found(
        whole,
        after,
        count=path_count(after, scene.source, scene.destination),
        metric=roots[scene.source].distance.get(scene.destination),
        paths=first_paths(after, scene.source, scene.destination, LISTED_PATHS),
        roots=roots,
        carried=carried,
        flow=flow,
        walk=walk({node: converged_fib(after, node) for node in on_the_way}, Packet(flow), scene.source),
    )


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: the untouched network, what is predicted, and every single failure of a small network."""
    yield replace(scene, cut=(), down=(), metrics=(), flow=1)  # what Reset asks for
    if predicted:
        yield scene.changed(predicted)
    yield from (replace(scene, **failed) for failed in single_failures(scene.topology))
