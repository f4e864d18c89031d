"""Loop-free alternates: which neighbour may take over at once, before anybody else knows (RFC 5286).

A neighbour qualifies if its own shortest path does not come back: that is one inequality over distances that the
router can compute from the map it has. "Any other neighbour" is not good enough; it may still point back here.
"""

from dataclasses import dataclass
from functools import cache, partial
from math import inf

from netlearn.network.parts import Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route, offers_of
from netlearn.routing.spf import NextHop, shortest_paths


@dataclass(frozen=True, slots=True)
class Alternate:
    """A neighbour judged as a stand-in for the primary next hop.

    `loop_free` is the RFC's inequality 1, without which it must not be used; `downstream` is 2, stronger: nearer to
    the destination than the router itself; `node_protecting` is 3: its way also avoids the primary neighbour, so it
    helps if that one is down altogether.

    >>> end = converged_fib(forum(), "R1").lookup(forum().node("End").address)
    >>> best = alternates(forum(), "R1", end.prefix, *end.next_hops)[0]
    >>> best.next_hop.node, best.loop_free, best.node_protecting
    ('R3', True, True)
    """

    next_hop: NextHop
    metric: float  # from the neighbour to the destination; infinite if it does not reach it
    loop_free: bool
    downstream: bool
    node_protecting: bool


def alternates(topology: Topology, router: str, prefix: Prefix, primary: NextHop) -> tuple[Alternate, ...]:
    """Every neighbour over another link than the primary's, judged; best first.

    Raises `UnknownName` if the router is not there.

    >>> end = converged_fib(forum(), "R2").lookup(forum().node("End").address)
    >>> [each.next_hop.node for each in alternates(forum(), "R2", end.prefix, *end.next_hops) if each.loop_free]
    ['R4', 'R7']
    """
    return _Judge(topology, router).alternates(prefix, primary)


def repairs(topology: Topology, router: str, routes: tuple[Route, ...]) -> dict[tuple[Prefix, NextHop], NextHop]:
    """For each route with a single next hop the alternate that stands ready if that one is lost.

    Routes with several next hops need none: the others stay.

    >>> end = converged_fib(forum(), "R2").lookup(forum().node("End").address)
    >>> repairs(forum(), "R2", (end,))[end.prefix, *end.next_hops]
    NextHop(node='R4', link='R2-R4')
    """
    judge = _Judge(topology, router)
    single = [(route.prefix, route.next_hops[0]) for route in routes if len(route.next_hops) == 1]
    judged = {lost: judge.alternates(*lost)[:1] for lost in single}
    return {lost: each.next_hop for lost, best in judged.items() for each in best if each.loop_free}


class _Judge:
    """The distances that the inequalities compare, each SPF run once."""

    def __init__(self, topology: Topology, router: str) -> None:
        self.topology, self.router, self.offers = topology, router, offers_of(topology)
        self.paths = cache(partial(shortest_paths, topology))

    def alternates(self, prefix: Prefix, primary: NextHop) -> tuple[Alternate, ...]:
        judged = [
            self._judged(way, prefix, primary)
            for way in self.paths(self.router).ways_out
            if way.link != primary.link and way.node not in self.topology.lans  # a parallel link may stand in, too
        ]
        return tuple(sorted(judged, key=_best_first))

    def _judged(self, way: NextHop, prefix: Prefix, primary: NextHop) -> Alternate:
        here, there, through = self.router, way.node, primary.node
        metric = self._to_prefix(there, prefix)
        # A host forwards nothing, so it is an alternate only towards itself.
        offered_by = {given.node for given in self.offers.get(prefix, ())}
        able = there not in self.topology.hosts or there in offered_by
        loop_free = able and metric < self._between(there, here) + self._to_prefix(here, prefix)
        downstream = able and metric < self._to_prefix(here, prefix)
        past_primary = self._between(there, through) + self._to_prefix(through, prefix)
        return Alternate(way, metric, loop_free, downstream, able and there != through and metric < past_primary)

    def _between(self, a: str, b: str) -> float:
        return self.paths(a).distance.get(b, inf)

    def _to_prefix(self, node: str, prefix: Prefix) -> float:
        offers = self.offers.get(prefix, ())
        return min((self._between(node, given.node) + given.metric for given in offers), default=inf)


def _best_first(one: Alternate) -> tuple[bool, bool, bool, float, NextHop]:
    """Usable before not, then protecting the node, then downstream, then near; names decide the rest."""
    return not one.loop_free, not one.node_protecting, not one.downstream, one.metric, one.next_hop
