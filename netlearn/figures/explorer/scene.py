"""What the reader set in the explorer, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netlearn.errors import BadNetwork
from netlearn.figures.common.metrics import MetricChange, metric_changes
from netlearn.network.nodelink import from_data
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fib
from netlearn.routing.forwarding import Walk, flow_between, shares, walk
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.spf import NextHop, ShortestPaths, first_paths, path_count, shortest_paths

LISTED_PATHS = 6  # more would not be read


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader set: the network, from where to where, what has failed, what metrics changed, which flow."""

    topology: Topology
    source: str
    destination: str
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    metrics: Sequence[MetricChange] = ()
    flow: int = 1

    def whole(self) -> Topology:
        """The network with the reader's metrics, and everything in it up."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return topology


def plain_case(
    network: Mapping[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    metrics: Iterable[object],
    flow: int,
) -> Case:
    """The case that plain data describes, as it comes from a page; of two metrics for one direction the last holds.

    Raises `BadNetwork` for a changed metric that is not `[link, the end that it leaves, metric]`.
    """
    return Case(from_data(network), source, destination, cut, down, metric_changes(metrics), flow)


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from a case: every node's next hops, all shortest paths, what each link carries, one flow's way.

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

    def on_links(self) -> dict[tuple[str, str, str], float]:
        """The share of the flows on each link, as `carried` but with the way out of a LAN as a step of its own."""
        shares_on: dict[tuple[str, str, str], float] = {}
        for (node, following, link), share in self.carried.items():
            for step in self.steps(node, NextHop(following, link)):
                shares_on[step] = shares_on.get(step, 0.0) + share
        return shares_on

    def steps(self, node: str, taken: NextHop) -> list[tuple[str, str, str]]:
        """The links from a node to its next hop, as (from, to, link): one, or two with a LAN between them."""
        across = self.after.link(taken.link).other(node)
        first = (node, across, taken.link)
        if across == taken.node:
            return [first]
        return [first, (across, taken.node, self.after.links_between(across, taken.node)[0].name)]


def answer(case: Case) -> Answer:
    """Everything that the figure shows, computed."""
    whole = case.whole()
    # Addresses come before failures: the death of a router elsewhere must not give the flow another hash.
    after = whole.addressed().without(*map(LinkDown, case.cut), *map(NodeDown, case.down))
    roots = {node.name: shortest_paths(after, node.name) for node in after.nodes if node.kind != "lan"}
    if case.source not in roots or case.destination not in roots:
        return Answer(whole, after, roots=roots)
    flow = flow_between(after, case.source, case.destination, case.flow)
    carried = shares(after, case.source, case.destination)
    on_the_way = {case.source, case.destination, *(node for start, end, _ in carried for node in (start, end))}
    return Answer(
        whole,
        after,
        count=path_count(after, case.source, case.destination),
        metric=roots[case.source].distance.get(case.destination),
        paths=first_paths(after, case.source, case.destination, LISTED_PATHS),
        roots=roots,
        carried=carried,
        flow=flow,
        walk=walk({node: converged_fib(after, node) for node in on_the_way}, Packet(flow), case.source),
    )


def check(case: Case) -> None:
    """Raise the error that names what is wrong with a case, before anything is drawn."""
    whole = case.whole()
    for name in (case.source, case.destination):
        if whole.node(name).kind == "lan":
            raise BadNetwork(f"{name} is a LAN; flows begin and end at routers and hosts")
    whole.without(*map(LinkDown, case.cut), *map(NodeDown, case.down))
    flow_between(whole.addressed(), case.source, case.destination, case.flow)


def outgoing(found: Answer) -> Iterable[tuple[str, str, float]]:
    return ((start, link, share) for (start, _, link), share in found.carried.items())
