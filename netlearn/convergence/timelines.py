"""What each node answers for one destination address in a run, and when that changes.

Packets look an address up again and again, so the answers are worked out once for each node. Where links have
addresses, a node's own and those on its cables come before what its routing says.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from functools import cached_property

from netlearn.convergence.event import Announce
from netlearn.convergence.trace import FOREVER, Trace
from netlearn.network.parts import Address, Prefix
from netlearn.routing.rib import Route

Timeline = tuple[list[int], list[Route | None]]  # from when on, which route; the first from before the beginning


class Timelines:
    """The answers of every node's FIB for the destination."""

    def __init__(self, trace: Trace, destination: Address) -> None:
        self.trace, self.destination = trace, destination
        self._of: dict[str, Timeline] = {}

    def at(self, node: str, at_us: int) -> tuple[Route | None, int]:
        """The node's route to the destination at this time, and until when it stays."""
        times, routes = self._timeline(node)
        place = bisect_right(times, at_us)
        return routes[max(place - 1, 0)], times[place] if place < len(times) else FOREVER

    def times(self, node: str) -> Sequence[int]:
        """When the node's answer may have changed, the first before the beginning."""
        return self._timeline(node)[0]

    @cached_property
    def prefixes(self) -> frozenset[Prefix]:
        """Every prefix that holds the destination."""
        prefixes = {given.prefix for given in self.trace.topology.announced}
        prefixes |= {at.change.prefix for at in self.trace.changes if isinstance(at.change, Announce)}
        return frozenset(prefix for prefix in prefixes if self.destination in prefix)

    @cached_property
    def _changes(self) -> dict[str, list[tuple[int, Prefix, Route | None]]]:
        """The changes of every node's FIB that could matter for the destination."""
        changes: dict[str, list[tuple[int, Prefix, Route | None]]] = {}
        for change in self.trace.tables:
            if change.prefix in self.prefixes:
                changes.setdefault(change.node, []).append((change.time_us, change.prefix, change.route))
        return changes

    def _timeline(self, node: str) -> Timeline:
        if node not in self._of:
            self._of[node] = self._by_routing(node)
            if self.trace.interfaces is not None:
                self._of[node] = self._with_interfaces(node, *self._of[node])
        return self._of[node]

    def _by_routing(self, node: str) -> Timeline:
        """What the node's FIB answers by what its routing has installed."""
        lsdb = self.trace.first(node).complete.lsdb  # at the beginning nothing else stands in its FIB
        held: dict[Prefix, Route | None] = {prefix: lsdb.towards(prefix).get(node) for prefix in self.prefixes}
        times, routes = [-FOREVER], [_longest(held)]
        for time_us, prefix, route in self._changes.get(node, ()):
            held[prefix] = route
            times.append(time_us)
            routes.append(_longest(held))
        return times, routes

    def _with_interfaces(self, node: str, times: list[int], routes: list[Route | None]) -> Timeline:
        """The same with the node's own addresses and those on its cables, for as long as it sees their carriers."""
        trace = self.trace
        assert trace.interfaces is not None
        own, restarts = trace.interfaces.of(node), trace.restarts(node)
        moments = {*times, *restarts, *(time for end in own for time in trace.carriers.times((node, end.link)))}
        said = dict(zip(times, routes, strict=True))  # of several at one instant the last
        effective: list[Route | None] = []
        route = None
        for at_us in sorted(moments):
            route = said.get(at_us, route)
            up = bisect_right(restarts, at_us) % 2 == 0
            carriers = [end for end in own if trace.carriers.works((node, end.link), at_us)]
            met = trace.interfaces.effective_route(node, self.destination, route, carriers)
            effective.append(met if up else None)
        return sorted(moments), effective


def _longest(held: Mapping[Prefix, Route | None]) -> Route | None:
    return max(filter(None, held.values()), key=lambda route: route.prefix.prefixlen, default=None)
