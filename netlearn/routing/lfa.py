"""Loop-free alternates: which neighbour may take over at once, before anybody else knows (RFC 5286).

A neighbour qualifies if its own shortest path does not come back: that is one inequality over distances that the
router can compute from the map it has. "Any other neighbour" is not good enough; it may still point back here.
"""

from dataclasses import dataclass
from math import inf

from netlearn.network.parts import Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route, offers_of
from netlearn.routing.spf import NextHop, ShortestPaths, shortest_paths


@dataclass(frozen=True, slots=True)
class Alternate:
    """A neighbour judged as a stand-in for the primary next hop.

    `loop_free` is the RFC's inequality 1, without which it must not be used; `downstream` is 2, stronger: nearer to
    the destination than the router itself; `node_protecting` is 3: its way also avoids the primary neighbour, so it
    helps if that one is down altogether.
    """

    next_hop: NextHop
    metric: float  # from the neighbour to the destination; infinite if it does not reach it
    loop_free: bool
    downstream: bool
    node_protecting: bool


def alternates(topology: Topology, router: str, prefix: Prefix, primary: NextHop) -> tuple[Alternate, ...]:
    """Every neighbour over another link than the primary's, judged; best first.

    Raises `UnknownName` if the router is not there.
    """
    return _Judge(topology, router).alternates(prefix, primary)


def repairs(topology: Topology, router: str, routes: tuple[Route, ...]) -> dict[tuple[Prefix, NextHop], NextHop]:
    """For each route with a single next hop the alternate that stands ready if that one is lost.

    Routes with several next hops need none: the others stay.
    """
    judge, ready = _Judge(topology, router), {}
    for route in routes:
        if len(route.next_hops) == 1:
            (primary,) = route.next_hops
            best = next((each for each in judge.alternates(route.prefix, primary) if each.loop_free), None)
            if best is not None:
                ready[route.prefix, primary] = best.next_hop
    return ready


class _Judge:
    """The distances that the inequalities compare, each SPF run once."""

    def __init__(self, topology: Topology, router: str) -> None:
        self.topology, self.router = topology, router
        self.own = shortest_paths(topology, router)
        self.of: dict[str, ShortestPaths] = {router: self.own}
        self.offers = offers_of(topology)

    def alternates(self, prefix: Prefix, primary: NextHop) -> tuple[Alternate, ...]:
        judged = [
            self._judged(way, prefix, primary)
            for way in self.own.ways_out
            if way.link != primary.link and way.node not in self.topology.lans
        ]
        return tuple(sorted(judged, key=_best_first))

    def _judged(self, way: NextHop, prefix: Prefix, primary: NextHop) -> Alternate:
        here, there, through = self.router, way.node, primary.node
        metric = self._to_prefix(there, prefix)
        # A host forwards nothing, so it is an alternate only towards itself.
        able = there not in self.topology.hosts or self._announces(there, prefix)
        loop_free = able and metric < self._between(there, here) + self._to_prefix(here, prefix)
        downstream = able and metric < self._to_prefix(here, prefix)
        past_primary = self._between(there, through) + self._to_prefix(through, prefix)
        return Alternate(way, metric, loop_free, downstream, able and there != through and metric < past_primary)

    def _paths(self, root: str) -> ShortestPaths:
        if root not in self.of:
            self.of[root] = shortest_paths(self.topology, root)
        return self.of[root]

    def _between(self, a: str, b: str) -> float:
        return self._paths(a).distance.get(b, inf)

    def _announces(self, node: str, prefix: Prefix) -> bool:
        return any(given.node == node for given in self.offers.get(prefix, ()))

    def _to_prefix(self, node: str, prefix: Prefix) -> float:
        offers = self.offers.get(prefix, ())
        return min((self._between(node, given.node) + given.metric for given in offers), default=inf)


def _best_first(one: Alternate) -> tuple[bool, bool, bool, float, NextHop]:
    """Usable before not, then protecting the node, then downstream, then near; names decide the rest."""
    return not one.loop_free, not one.node_protecting, not one.downstream, one.metric, one.next_hop
