"""What packets met while the tables changed: delivered, dropped, or going round.

Packets are not simulated one by one. Tables and links change at known times; between two of them every packet of a
flow that leaves within the same interval shares one fate. So a flow's fate is worked out interval by interval, and
its packets are counted by arithmetic.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from netlearn.convergence.event import Announce
from netlearn.convergence.trace import FOREVER, Trace
from netlearn.errors import NetlearnError
from netlearn.network.parts import Address, Prefix
from netlearn.routing.crossing import links_beyond
from netlearn.routing.forwarding import Hop, Outcome, chosen, flow_between
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop


@dataclass(frozen=True, slots=True)
class TimedWalk:
    """A packet's way in time: when it was where, and how it ended. If it was lost on a dead link, that is its last hop.

    `same_until_us` is the time of departure from which on the next packet of the flow may fare otherwise.
    """

    outcome: Outcome
    hops: tuple[Hop, ...]
    times_us: tuple[int, ...]  # when it was at each of `nodes`
    end: str
    same_until_us: int

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that held the packet."""
        held = tuple(hop.node for hop in self.hops)
        return held if self.outcome is Outcome.LINK_DOWN else (*held, self.end)


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the packets of a flow that left from `from_us` on, before `to_us`."""

    from_us: int
    to_us: int
    packets: int
    walk: TimedWalk


@dataclass(frozen=True, slots=True)
class MicroLoop:
    """Routers that point at each other for a while: packets that take all these turns go round until their TTL is 0."""

    cycle: tuple[str, ...]
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class BlackHole:
    """A node that swallows what it is sent for a while: its next hop is dead, what answers is, or it has no route."""

    node: str
    cause: Outcome
    from_us: int
    to_us: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """How many packets were sent, and how each of them ended."""

    sent: int
    by_outcome: Mapping[Outcome, int]

    @property
    def delivered(self) -> int:
        """How many arrived."""
        return self.by_outcome.get(Outcome.DELIVERED, 0)

    @property
    def lost(self) -> int:
        """How many did not."""
        return self.sent - self.delivered


class Traffic:
    """The packets for one destination address, in a trace."""

    def __init__(self, trace: Trace, destination: Address, seeds: Mapping[str, str] | None = None) -> None:
        self.trace, self.destination, self.seeds = trace, destination, seeds or {}

    def route(self, node: str, at_us: int) -> Route | None:
        """What the node's FIB answers for the destination at this time."""
        return self._at(node, at_us)[0]

    def routes(self, node: str) -> tuple[tuple[int, Route | None], ...]:
        """Every answer of the node's FIB for the destination, with the time from which on; the first is that at 0."""
        told = [(0, self.route(node, 0))]
        for time_us in self._routes(node)[0]:
            route = self.route(node, time_us)
            if time_us > 0 and route != told[-1][1]:
                told.append((time_us, route))
        return tuple(told)

    def works(self, node: str, hop: NextHop, at_us: int) -> bool:
        """Whether what the node hands to this next hop at this time could get there, if it took no time."""
        return self._gets_through(node, hop, at_us, for_us=0)[0]

    def walk(self, packet: Packet, start: str, at_us: int) -> TimedWalk:
        """The way of a packet that leaves `start` at this time, against each FIB as it is when the packet arrives."""
        if packet.flow.destination != self.destination:
            raise NetlearnError(f"the packet is for {packet.flow.destination}, this traffic for {self.destination}")
        trace, node, now, ttl = self.trace, start, at_us, packet.ttl
        hops: list[Hop] = []
        times = [at_us]
        slack = FOREVER
        while True:
            route, until = self._at(node, now)
            slack = min(slack, until - now)
            forwards = not hops or trace.topology.node(node).forwards
            if route is None or not (forwards or route.local):
                outcome = Outcome.NO_ROUTE
                break
            if route.local:
                alive, until = trace.services.works_until((node, route.prefix), now)
                slack = min(slack, until - now)
                outcome = Outcome.DELIVERED if alive else Outcome.NO_SERVICE
                break
            if hops and ttl <= 1:
                outcome = Outcome.TTL_EXPIRED
                break
            ttl -= 1 if hops else 0
            taken = chosen(route, packet.flow, self.seeds.get(node, node))
            hops.append(Hop(node, route, taken))
            through, until = self._gets_through(node, taken, now)
            slack = min(slack, until - now)
            if not through:
                outcome = Outcome.LINK_DOWN
                break
            now += trace.link_us
            node = taken.node
            times.append(now)
        return TimedWalk(outcome, tuple(hops), tuple(times), node, at_us + slack)

    def fates(self, flow: Flow, start: str, from_us: int, to_us: int, interval_us: int) -> Iterator[Fate]:
        """What became of a flow that sends a packet at `from_us` and every `interval_us` after, before `to_us`."""
        if interval_us < 1:
            raise NetlearnError(f"packets leave every microsecond at the most, not every {interval_us!r}")
        at_us = from_us
        while at_us < to_us:
            walk = self.walk(Packet(flow), start, at_us)
            until = min(walk.same_until_us, to_us)
            packets = -(-(until - at_us) // interval_us)
            yield Fate(at_us, until, packets, walk)
            at_us += packets * interval_us

    def micro_loops(self) -> tuple[MicroLoop, ...]:
        """Every loop on the way to the destination, by its beginning, named from its first node in the alphabet."""
        open_loops: dict[tuple[str, ...], int] = {}
        found: list[MicroLoop] = []
        for at_us in [*self._moments, FOREVER]:
            now = set() if at_us == FOREVER else set(self._cycles(at_us))
            for cycle in sorted(open_loops.keys() - now):
                found.append(MicroLoop(cycle, open_loops.pop(cycle), min(at_us, max(self.trace.end_us, 0))))
            open_loops |= dict.fromkeys(sorted(now - open_loops.keys()), at_us)
        return tuple(sorted(found, key=lambda loop: (loop.from_us, loop.cycle)))

    def black_holes(self) -> tuple[BlackHole, ...]:
        """Every node that swallows packets for a while although it is up, and does not do so for ever."""
        found: list[BlackHole] = []
        for node in self.trace.topology.nodes:
            begun: tuple[int, Outcome] | None = None
            for at_us in self._moments:
                now = self._swallows(node.name, at_us)
                if begun is not None and now != begun[1]:
                    found.append(BlackHole(node.name, begun[1], begun[0], at_us))
                    begun = None
                if begun is None and now is not None:
                    begun = (at_us, now)
        return tuple(sorted(found, key=lambda hole: (hole.from_us, hole.node)))

    @cached_property
    def _moments(self) -> tuple[int, ...]:
        """Every time at which anything that this traffic meets may change, 0 included."""
        times = {0}
        for node in self.trace.topology.nodes:
            times.update(time for time in self._routes(node.name)[0] if time > 0)
        for link in self.trace.topology.links:
            times.update(self.trace.outages.times(link.name))
        for node in self.trace.topology.nodes:
            for prefix in self._prefixes:
                times.update(self.trace.services.times((node.name, prefix)))
        return tuple(sorted(times))

    def _at(self, node: str, at_us: int) -> tuple[Route | None, int]:
        """The node's route to the destination at this time, and until when it stays."""
        times, routes = self._routes(node)
        place = bisect_right(times, at_us)
        return routes[max(place - 1, 0)], times[place] if place < len(times) else FOREVER

    def _routes(self, node: str) -> tuple[list[int], list[Route | None]]:
        """When the node's answer for the destination changed, and to what; from before the beginning on."""
        if node not in self._timelines:
            self._timelines[node] = self._timeline(node)
        return self._timelines[node]

    @cached_property
    def _timelines(self) -> dict[str, tuple[list[int], list[Route | None]]]:
        return {}

    @cached_property
    def _prefixes(self) -> frozenset[Prefix]:
        """Every prefix that holds the destination."""
        prefixes = {given.prefix for given in self.trace.topology.announced}
        prefixes |= {at.change.prefix for at in self.trace.changes if isinstance(at.change, Announce)}
        return frozenset(
            prefix for prefix in prefixes if prefix.version == self.destination.version and self.destination in prefix
        )

    @cached_property
    def _changes(self) -> dict[str, list[tuple[int, Prefix, Route | None]]]:
        """The changes of every node's FIB that could matter for the destination."""
        changes: dict[str, list[tuple[int, Prefix, Route | None]]] = {}
        for change in self.trace.tables:
            if change.prefix in self._prefixes:
                changes.setdefault(change.node, []).append((change.time_us, change.prefix, change.route))
        return changes

    def _with_interfaces(self, node: str, times: list[int], routes: list[Route | None]) -> None:
        """Put what the node's own addresses and its cables say in the place of what its routing says, at every time."""
        trace = self.trace
        assert trace.interfaces is not None
        own = trace.interfaces.of(node)
        turns = trace.turns(node)
        moments = {*times, *turns, *(time for end in own for time in trace.carriers.times((node, end.link)))}
        said = dict(zip(times, routes, strict=True))  # of several at one instant the last
        times[:], routes[:], route = [], [], None
        for at_us in sorted(moments):
            route = said.get(at_us, route)
            up = bisect_right(turns, at_us) % 2 == 0
            carriers = [end for end in own if trace.carriers.works((node, end.link), at_us)]
            times.append(at_us)
            routes.append(trace.interfaces.met(node, self.destination, route, carriers) if up else None)

    def _timeline(self, node: str) -> tuple[list[int], list[Route | None]]:
        held = self.trace.first(node).routes(self._prefixes)
        times, routes = [-FOREVER], [_longest(held)]
        for time_us, prefix, route in self._changes.get(node, ()):
            if route is None:
                held.pop(prefix, None)
            else:
                held[prefix] = route
            times.append(time_us)
            routes.append(_longest(held))
        if self.trace.interfaces is not None:
            self._with_interfaces(node, times, routes)
        return times, routes

    def _gets_through(self, node: str, hop: NextHop, at_us: int, for_us: int | None = None) -> tuple[bool, int]:
        """Whether a packet that the node hands over now gets there, and until when that stays so.

        Over a LAN two cables must work: the node's own, and one of those of the next hop.
        """
        trace = self.trace
        for_us = trace.link_us if for_us is None else for_us
        through, until = trace.outages.works_until(hop.link, at_us, for_us)
        if not trace.topology.lans or not through:
            return through, until
        links = links_beyond(trace.topology, node, hop)
        if not links:
            return through, until
        beyond = [trace.outages.works_until(link.name, at_us, for_us) for link in links]
        return any(works for works, _ in beyond), min(until, *(each for _, each in beyond))

    def _cycles(self, at_us: int) -> Iterator[tuple[str, ...]]:
        """The shortest loop through each node that is in one, over links that work."""
        onward: dict[str, tuple[str, ...]] = {}
        for node in self.trace.topology.nodes:
            route = self.route(node.name, at_us)
            hops = () if route is None else route.next_hops
            onward[node.name] = tuple(hop.node for hop in hops if self.works(node.name, hop, at_us))
        for name in self._in_loops(onward):
            cycle = _shortest_cycle(onward, name)
            if cycle is not None:
                first = cycle.index(min(cycle))
                yield cycle[first:] + cycle[:first]

    def _in_loops(self, onward: Mapping[str, tuple[str, ...]]) -> list[str]:
        """Nodes that are left when those from which every way ends are taken away, again and again."""
        pointing: dict[str, list[str]] = {}
        left = {node: len(hops) for node, hops in onward.items()}
        for node, hops in onward.items():
            for hop in hops:
                pointing.setdefault(hop, []).append(node)
        done = [node for node, count in left.items() if count == 0]
        for node in done:
            for behind in pointing.get(node, ()):
                left[behind] -= 1
                if left[behind] == 0:
                    done.append(behind)
        return sorted(onward.keys() - set(done))

    def _swallows(self, node: str, at_us: int) -> Outcome | None:
        if node in self.trace.topology.lans or self.trace.router(node, at_us) is None:
            return None
        route = self.route(node, at_us)
        if route is None:
            return Outcome.NO_ROUTE
        if not self.trace.services.works((node, route.prefix), at_us) and route.local:
            return Outcome.NO_SERVICE
        dead = [hop for hop in route.next_hops if not self.works(node, hop, at_us)]
        return Outcome.LINK_DOWN if dead else None


def send(
    trace: Trace, source: str, destination: str, *, flows: int = 64, rate: int = 100, margin_us: int = 100_000
) -> Delivery:
    """How flows fared that send `rate` packets a second each, from the beginning until `margin_us` after convergence.

    The flows are those of `flow_between`, numbered from 1. Raises `NetlearnError` for a rate that is not 1 to a
    million, or for less than one flow.
    """
    if not 1 <= rate <= 1_000_000 or flows < 1:
        raise NetlearnError(f"there are 1 flow and more, of 1 to 1,000,000 packets a second; not {flows} of {rate}")
    every, until = 1_000_000 // rate, trace.converged_us + margin_us
    all_flows = [flow_between(trace.topology, source, destination, number) for number in range(1, flows + 1)]
    traffic = Traffic(trace, all_flows[0].destination)
    return tally(fate for flow in all_flows for fate in traffic.fates(flow, source, 0, until, every))


def tally(fates: Iterable[Fate]) -> Delivery:
    """The packets of all fates, counted by how they ended."""
    ended: Counter[Outcome] = Counter()
    for fate in fates:
        ended[fate.walk.outcome] += fate.packets
    return Delivery(ended.total(), dict(ended))


def _longest(routes: Mapping[Prefix, Route]) -> Route | None:
    return max(routes.values(), key=lambda route: route.prefix.prefixlen, default=None)


def _shortest_cycle(onward: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...] | None:
    """The shortest way from a node back to itself, or `None`."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for following in onward[way[-1]]:
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None
