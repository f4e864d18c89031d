"""What a router computed: the best route to every announced prefix (the RIB, routing information base).

SPF speaks of nodes, packets carry addresses. In between stands the announcement: the route to a prefix is the way to
the nearest node that announces it, or to all that are equally near. What packets meet is not this table but the FIB
(`netlearn.routing.fib`), which follows it a little later.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from netlearn.network.parts import Announcement, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.spf import NextHop, ShortestPaths, shortest_paths

Offers = Mapping[Prefix, list[Announcement]]  # who announces each prefix


class Route(NamedTuple):
    """One prefix and how to reach it.

    `metric` is the distance to the nearest node that announces the prefix, plus the metric it announces.
    `next_hops` are sorted; none means that the prefix is this node's own and packets are delivered here.

    >>> print(converged_fib(forum(), "R1").lookup(forum().node("End").address))
    198.51.100.10/32 via R2, metric 2
    """

    prefix: Prefix
    metric: int
    next_hops: tuple[NextHop, ...] = ()

    @property
    def local(self) -> bool:
        """Whether the packet has arrived."""
        return not self.next_hops

    def __str__(self) -> str:
        way = "is its own" if self.local else f"via {', '.join(hop.node for hop in self.next_hops)}"
        return f"{self.prefix} {way}, metric {self.metric}"


@dataclass(frozen=True, slots=True)
class Rib:
    """The routes of one node, in the order of their prefixes; a prefix that cannot be reached has none.

    >>> [len(compute_rib(forum().without(*failures), "R1")) for failures in ((), CASE_1, CASE_2)]
    [9, 9, 8]
    """

    node: str
    routes: Mapping[Prefix, Route]

    def __iter__(self) -> Iterator[Route]:
        return iter(self.routes.values())

    def __len__(self) -> int:
        return len(self.routes)


def compute_rib(topology: Topology, node: str, paths: ShortestPaths | None = None) -> Rib:
    """The RIB of a router or host; `paths` are its shortest paths if they are known already.

    Of several nodes that announce a prefix the nearest wins, and equally near ones share (RFC 2328 16.1). A prefix of
    the node's own is local whatever others announce: a packet for one's own address is not sent on.

    >>> [route.metric for route in compute_rib(forum(), "R1")]
    [0, 1, 1, 2, 1, 2, 2, 2, 1]
    """
    node = topology.node(node).name
    paths = paths or shortest_paths(topology, node)
    assert paths.root == node, (paths.root, node)
    offers = offers_of(topology)
    return Rib(node, routes_to(sorted(offers, key=prefix_order), offers, paths))


def routes_to(prefixes: Iterable[Prefix], offers: Offers, paths: ShortestPaths) -> dict[Prefix, Route]:
    """The routes to these of the prefixes that are offered; one that cannot be reached has none."""
    found = ((prefix, best_route(prefix, offers[prefix], paths)) for prefix in prefixes)
    return {prefix: route for prefix, route in found if route is not None}


def offers_of(topology: Topology) -> dict[Prefix, list[Announcement]]:
    """Who announces each prefix."""
    offers: dict[Prefix, list[Announcement]] = defaultdict(list)
    for given in topology.announced:
        offers[given.prefix].append(given)
    return dict(offers)


def best_route(prefix: Prefix, offers: Collection[Announcement], paths: ShortestPaths) -> Route | None:
    """The route over the best of the offers, or `None` if none of them can be reached."""
    if len(offers) == 1:  # nearly all; the rest of this gives the same
        [offer] = offers
        far = paths.distance.get(offer.node)
        return None if far is None else Route(prefix, far + offer.metric, paths.next_hops(offer.node))
    own = [offer.metric for offer in offers if offer.node == paths.root]
    if own:
        return Route(prefix, min(own))
    reached = [(paths.distance[offer.node] + offer.metric, offer.node) for offer in offers if paths.reaches(offer.node)]
    if not reached:
        return None
    metric, _ = min(reached)
    mask = 0
    for far, node in reached:
        mask |= paths.masks[node] if far == metric else 0
    return Route(prefix, metric, paths.spelled(mask))


def prefix_order(prefix: Prefix) -> tuple[int, int, int]:
    """The key that sorts prefixes: IPv4 before IPv6, by address, the shorter prefix first."""
    return prefix.version, int(prefix.network_address), prefix.prefixlen
