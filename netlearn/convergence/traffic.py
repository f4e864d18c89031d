"""What packets met while the tables changed: delivered, dropped, or going round.

Packets are not simulated one by one. Tables and links change at known times; between two of them every packet of a
flow that leaves within the same interval shares one fate. So a flow's fate is worked out interval by interval, and
its packets are counted by arithmetic.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, groupby
from operator import itemgetter

from netlearn.convergence.loops import BlackHole, MicroLoop, black_holes, micro_loops
from netlearn.convergence.timelines import Timelines
from netlearn.convergence.trace import FOREVER, Trace
from netlearn.errors import NetlearnError, check_whole, shown
from netlearn.network.parts import Address
from netlearn.routing.forwarding import Hop, Outcome, chosen, flows_of, links_beyond
from netlearn.routing.packet import Flow, Packet, as_address
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop

MARGIN_US = 100_000  # how long after a run packets are still watched


@dataclass(frozen=True, slots=True)
class TimedWalk:
    """A packet's way in time: when it was where, and how it ended. If it was lost on a dead link, that is its last hop.

    Whatever leaves before `same_until_us` in the same flow fares the same.

    >>> traffic = Traffic(simulate(forum(), CASE_1), forum().node("End").address)
    >>> walk = traffic.walk(Packet(flow_between(forum(), "Source", "End")), "Source", at_us=0)
    >>> walk.nodes, walk.outcome.value
    (('Source', 'R1', 'R2'), 'lost on a dead link')
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
    """The packets for one destination address, in a trace. Raises `NetlearnError` for what is no address.

    >>> traffic = Traffic(simulate(forum(), CASE_1), forum().node("End").address)
    >>> [(hole.node, hole.to_us) for hole in traffic.black_holes()]
    [('R2', 56100)]
    """

    def __init__(self, trace: Trace, destination: Address | str) -> None:
        self.trace, self.destination = trace, as_address(destination)
        self._answers = Timelines(trace, self.destination)

    def route(self, node: str, at_us: int) -> Route | None:
        """What the node's FIB answers for the destination at this time."""
        return self._answers.at(node, at_us)[0]

    def routes(self, node: str) -> tuple[tuple[int, Route | None], ...]:
        """Every answer of the node's FIB for the destination, with the time from which on; the first is that at 0."""
        moments = (0, *(time_us for time_us in self._answers.times(node) if time_us > 0))
        told = ((at_us, self.route(node, at_us)) for at_us in moments)
        return tuple(next(same) for _, same in groupby(told, key=itemgetter(1)))

    def works(self, node: str, hop: NextHop, at_us: int) -> bool:
        """Whether what the node hands to this next hop at this time could get there, if it took no time."""
        return self._gets_through(node, hop, at_us, for_us=0)[0]

    def walk(self, packet: Packet, start: str, at_us: int) -> TimedWalk:
        """The way of a packet that leaves `start` at this time, against each FIB as it is when the packet arrives."""
        if packet.flow.destination != self.destination:
            raise NetlearnError(f"the packet is for {packet.flow.destination}, this traffic for {self.destination}")
        trace, node, now, ttl = self.trace, self.trace.topology.node(start).name, at_us, packet.ttl
        hops: list[Hop] = []
        times = [at_us]
        slack = FOREVER  # all packets are equally fast: one that leaves less than this later meets the same
        while True:
            route, until = self._answers.at(node, now)
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
            if hops and ttl <= 1:  # the sender takes nothing from the TTL, only who passes the packet on does
                outcome = Outcome.TTL_EXPIRED
                break
            ttl -= 1 if hops else 0
            taken = chosen(route, packet.flow, node)
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
        check_whole(f"packets leave every {shown(interval_us)}: the time between two in microseconds", interval_us, 1)
        at_us = from_us
        while at_us < to_us:
            walk = self.walk(Packet(flow), start, at_us)
            until = min(walk.same_until_us, to_us)
            packets = -(-(until - at_us) // interval_us)  # rounded up, for the first of them leaves at once
            yield Fate(at_us, until, packets, walk)
            at_us += packets * interval_us

    def micro_loops(self) -> tuple[MicroLoop, ...]:
        """Every loop on the way to the destination, by its beginning, named from its first node in the alphabet."""
        return micro_loops(self._onward, self._moments, self.trace.end_us)

    def black_holes(self) -> tuple[BlackHole, ...]:
        """Every spell in which a node that is up swallows packets; one that never ends is left out."""
        return black_holes([node.name for node in self.trace.topology.nodes], self._swallows, self._moments)

    @cached_property
    def _moments(self) -> tuple[int, ...]:
        """Every time at which anything that this traffic meets may change, 0 included."""
        trace, answers, nodes = self.trace, self._answers, self.trace.topology.nodes
        links = (trace.outages.times(link.name) for link in trace.topology.links)
        tables = (answers.times(node.name) for node in nodes)
        services = (trace.services.times((node.name, prefix)) for node in nodes for prefix in answers.prefixes)
        return tuple(sorted({0, *(time for times in chain(links, tables, services) for time in times if time > 0)}))

    def _gets_through(self, node: str, hop: NextHop, at_us: int, for_us: int | None = None) -> tuple[bool, int]:
        """Whether a packet that the node hands over now gets there, and until when that stays so.

        Over a LAN two cables must work: the node's own, and one of those of the next hop.
        """
        # It is lost, too, if the link fails while it is on its way.
        topology, for_us = self.trace.topology, self.trace.link_us if for_us is None else for_us
        through, until = self.trace.outages.works_until(hop.link, at_us, for_us)
        links = links_beyond(topology, node, hop) if topology.lans and through else ()
        if not links:
            return through, until
        beyond = [self.trace.outages.works_until(link.name, at_us, for_us) for link in links]
        return any(works for works, _ in beyond), min(until, *(each for _, each in beyond))

    def _onward(self, at_us: int) -> dict[str, tuple[str, ...]]:
        """To whom each node hands on at this time, over links that work."""
        routes = {node.name: self.route(node.name, at_us) for node in self.trace.topology.nodes}
        hops = {node: route.next_hops if route else () for node, route in routes.items()}
        return {node: tuple(hop.node for hop in to if self.works(node, hop, at_us)) for node, to in hops.items()}

    def _swallows(self, node: str, at_us: int) -> Outcome | None:
        if node in self.trace.topology.lans or self.trace.router(node, at_us) is None:
            return None
        route = self.route(node, at_us)
        if route is None:
            return Outcome.NO_ROUTE
        if not self.trace.services.works((node, route.prefix), at_us) and route.local:
            return Outcome.NO_SERVICE
        return None if all(self.works(node, hop, at_us) for hop in route.next_hops) else Outcome.LINK_DOWN


def send(
    trace: Trace,
    source: str,
    destination: str | Address,
    *,
    flows: int = 64,
    rate: int = 100,
    spread: bool = False,
) -> Delivery:
    """How flows fared that send `rate` packets a second each, from the beginning until 0.1 s after convergence.

    The flows are those of `flow_between`, or to an address, numbered from 1. All send at once, so that losses come in
    whole rounds; `spread` has them take turns within the time between two packets. Raises `NetlearnError` for a rate
    that is not 1 to a million, and for less than one flow or more than 16,384.

    >>> sent = send(simulate(forum(), CASE_1), "Source", "End")
    >>> sent.sent, sent.lost, send(simulate(forum(), CASE_1), "Source", "End", spread=True).lost
    (1024, 384, 347)
    """
    check_whole("there is 1 flow and more, of at most 1,000,000 packets a second: their number", flows, 1)
    check_whole("the rate, 1 to 1,000,000 packets a second,", rate, 1, 1_000_000)
    every, until = 1_000_000 // rate, trace.converged_us + MARGIN_US
    all_flows = flows_of(trace.topology, source, destination, flows)
    traffic = Traffic(trace, all_flows[0].destination)
    first_us = [every * number // flows if spread else 0 for number in range(flows)]
    started = zip(all_flows, first_us, strict=True)
    return tally(fate for flow, first in started for fate in traffic.fates(flow, source, first, until, every))


def tally(fates: Iterable[Fate]) -> Delivery:
    """The packets of all fates, counted by how they ended.

    >>> traffic = Traffic(simulate(forum(), CASE_1), forum().node("End").address)
    >>> flow = flow_between(forum(), "Source", "End")
    >>> tally(traffic.fates(flow, "Source", 0, 100_000, 1_000)).lost
    55
    """
    ended: Counter[Outcome] = Counter()
    for fate in fates:
        ended[fate.walk.outcome] += fate.packets
    return Delivery(ended.total(), dict(ended))
