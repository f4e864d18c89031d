"""What a router computed: the best route to every announced prefix (the RIB, routing information base).

SPF speaks of nodes, packets carry addresses. In between stands the announcement: the route to a prefix is the way to
the nearest node that announces it, or to all that are equally near. What packets meet is not this table but the FIB
(`netlearn.fib`), which follows it a little later.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from netlearn.spf import NextHop, ShortestPaths, shortest_paths
from netlearn.topology import Prefix, Topology


@dataclass(frozen=True, slots=True)
class Route:
    """One prefix and how to reach it.

    `metric` is the distance to the nearest node that announces the prefix, plus the metric it announces.
    `next_hops` are sorted; none means that the prefix is this node's own and packets are delivered here.
    """

    prefix: Prefix
    metric: int
    next_hops: tuple[NextHop, ...] = ()

    @property
    def local(self) -> bool:
        """Whether the packet has arrived."""
        return not self.next_hops


@dataclass(frozen=True, slots=True)
class Rib:
    """The routes of one node, in the order of their prefixes; a prefix that cannot be reached has none."""

    node: str
    routes: Mapping[Prefix, Route]

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes.values())

    def __len__(self) -> int:
        return len(self.routes)


def compute_rib(topology: Topology, node: str, paths: ShortestPaths | None = None) -> Rib:
    """The RIB of a router or host; `paths` are its shortest paths if they are known already.

    Of several nodes that announce a prefix the nearest wins, and equally near ones share (RFC 2328 11.1). A prefix of
    the node's own is local whatever others announce: a packet for one's own address is not sent on.
    """
    paths = paths or shortest_paths(topology, node)
    assert paths.root == node, (paths.root, node)
    best: dict[Prefix, int] = {}
    through: dict[Prefix, set[NextHop]] = {}
    own: dict[Prefix, int] = {}
    for prefix, announcer, extra in ((given.prefix, given.node, given.metric) for given in topology.announced):
        if announcer == node:
            own[prefix] = min(extra, own.get(prefix, extra))
        if not paths.reaches(announcer):
            continue
        metric = paths.distance[announcer] + extra
        if metric < best.get(prefix, metric + 1):
            best[prefix], through[prefix] = metric, set()
        if metric == best[prefix]:
            through[prefix].update(paths.next_hops(announcer))
    routes = {prefix: Route(prefix, metric, tuple(sorted(through[prefix]))) for prefix, metric in best.items()}
    routes |= {prefix: Route(prefix, metric) for prefix, metric in own.items()}
    return Rib(node, {prefix: routes[prefix] for prefix in sorted(routes, key=prefix_order)})


def prefix_order(prefix: Prefix) -> tuple[int, int, int]:
    """The key that sorts prefixes: IPv4 before IPv6, by address, the shorter prefix first."""
    return prefix.version, int(prefix.network_address), prefix.prefixlen
