"""What there is to see and to say at each moment of a run, as plain values; no markup.

A run has many events at few instants. A `Moment` is one of them, with the sentences that tell it; between two moments
nothing changes but where news and messages are on their way.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import accumulate, groupby, pairwise
from math import log2

from netlearn.convergence.event import PHASES, Computed, Event, Forgot, Learned, LinkUp, NodeUp, Said, Withdraw
from netlearn.convergence.loops import MicroLoop
from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import TimedWalk, Traffic
from netlearn.drawing.prose import grouped, listed
from netlearn.figures.run.sentences import FAILURES, FARING, Sentence, detects, failure, hops_in_words, of_loop, says
from netlearn.network.parts import Address, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import Fib, converged_fib
from netlearn.routing.forwarding import Outcome, flow_between
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop

LEAD_US = 5_000  # how long before the first change the story begins
WAIT_US = 20_000  # a longer one is broken where time is drawn: beside it, steps of a millisecond are seen
FLOWS = 64
FOLLOWED = 3  # flows that are shown one by one
Hops = Mapping[str, tuple[NextHop, ...]]  # node, its next hops
Failed = tuple[frozenset[str], frozenset[str]]  # cut links, nodes that are down


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant at which something changes."""

    time_us: int
    told: tuple[Sentence, ...]


def fared(counts: Iterable[tuple[str, int]], what: str = "flow") -> str:
    """`all 64 flows would arrive`; `1 flow would arrive and 63 would be lost where a link is dead`."""
    (words, count), *rest = counts
    first = f"all {FLOWS} {what}s" if count == FLOWS else f"{count} {what}" if count == 1 else f"{count} {what}s"
    return listed([f"{first} {words}", *(f"{count} {words}" for words, count in rest)])


def as_it_is(arriving: str) -> str:
    """The words of what would become of flows, where it does: `1 would be lost` as `1 is lost`."""

    def of_one(said: re.Match[str]) -> str:
        return f"{said[1]} {ONE.get(said[2], f'{said[2]}s')}"

    one = re.sub(r"(\b1(?: flow| connection)?) would (\w+)", of_one, arriving)
    return one.replace("would be ", "are ").replace("would ", "")


ONE = {"be": "is", "go": "goes", "reach": "reaches"}  # verbs as they are said of one flow; others get an s


def stale_hops(hops: Hops, right: Mapping[str, Route | None]) -> frozenset[tuple[str, str]]:
    """The node and the link of each next hop that is out of date: the right route has it no more."""
    still = {(node, hop) for node, route in right.items() if route for hop in route.next_hops}
    return frozenset((node, hop.link) for node, taken in hops.items() for hop in taken if (node, hop) not in still)


class Story:
    """A run on the way from `source` to `destination`: its moments, and how `FLOWS` flows fare at each of them."""

    def __init__(self, trace: Trace, source: str, destination: str) -> None:
        self.trace, self.source, self.destination = trace, source, destination
        self.flows = [self.flow(number) for number in range(1, FLOWS + 1)]
        self.traffic = Traffic(trace, self.flows[0].destination)
        # What would become of messages if all tables stayed as they are: a network in which they take no time.
        self.frozen = Traffic(replace(trace, link_us=0), self.flows[0].destination)
        self._walks: dict[int, list[tuple[TimedWalk, int]]] = {}
        self._true = cache(self._left)
        self._right = cache(lambda node, failed: converged_fib(self._true(failed), node))
        self._held: dict[tuple[str, int], Fib] = {}

    @property
    def nodes(self) -> list[str]:
        """Every node that has tables: all but LANs."""
        return [node.name for node in self.trace.topology.nodes if node.kind != "lan"]

    def flow(self, number: int) -> Flow:
        """The flow of this number, from 1."""
        return flow_between(self.trace.topology, self.source, self.destination, number)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every instant worth telling, the first one a little before anything happens."""
        before = self._arriving(-LEAD_US)
        told = defaultdict(list)
        told[-LEAD_US].append(Sentence("flows", f"Before anything fails, {as_it_is(before)}."))
        for time_us, events in groupby(self.trace.events, key=lambda event: event.time_us):
            if sentences := list(self._sentences(list(events))):
                told[time_us] = sentences
        for loop in self.loops:
            begins, ends = of_loop(loop)
            told[loop.from_us].append(begins)
            told[loop.to_us].append(ends)
        for time_us in sorted(told):
            if (now := self._arriving(time_us)) != before:
                told[time_us].append(Sentence("flows", f"With the tables as they are now, {now}."))
                before = now
        over_us, last_us = self.trace.converged_us, max(told)
        if self.trace.tables and (over_us > last_us or last_us - over_us >= WAIT_US):
            # Whoever waits for what comes is told that it is no table: on a LAN, for a hello that does not come.
            later = "; what comes later changes none" if over_us < last_us else ""
            told[over_us].append(Sentence("install", f"The last entry is in place: every table fits again{later}."))
        return tuple(Moment(time_us, tuple(told[time_us])) for time_us in sorted(told))

    @cached_property
    def loops(self) -> tuple[MicroLoop, ...]:
        """The micro-loops on the way to the destination."""
        return self.traffic.micro_loops()

    def axis(self) -> list[float]:
        """Where each moment stands on an axis from 0 to 1000: not to scale, but long waits and short steps both seen.

        A wait of 100 µs takes one part, 1 ms 3.5, 50 ms 9, 40 s 18.6.
        """
        times = [moment.time_us for moment in self.moments]
        parts = (max(log2(1 + (later - earlier) / 100), 1.5) for earlier, later in pairwise(times))
        places = [*accumulate(parts, initial=0.0)]
        return [1000 * place / (places[-1] or 1.0) for place in places]

    def walk(self, number: int, at_us: int) -> TimedWalk:
        """The way of flow `number` (from 1) through the tables as they all are at this time."""
        for walk, from_us in self._walks.setdefault(number, []):
            if from_us <= at_us < walk.same_until_us:
                return walk
        found = self.frozen.walk(Packet(self.flows[number - 1]), self.source, at_us)
        self._walks[number].append((found, at_us))
        return found

    def walks(self, at_us: int) -> list[TimedWalk]:
        """The ways of all flows through the tables as they are at this time."""
        return [self.walk(number, at_us) for number in range(1, FLOWS + 1)]

    @cached_property
    def followed(self) -> tuple[int, ...]:
        """The numbers of a few flows that fare differently: one that loops if any does, then those most fare like."""
        times = [moment.time_us for moment in self.moments]
        walks = {number: [self.walk(number, time_us) for time_us in times] for number in range(1, FLOWS + 1)}
        alike = grouped(
            (tuple((walk.outcome, walk.end, walk.nodes[:12]) for walk in fared), number)
            for number, fared in walks.items()
        )

        def order(numbers: list[int]) -> tuple[bool, int, int]:
            loops = any(walk.outcome is Outcome.TTL_EXPIRED for walk in walks[numbers[0]])
            return not loops, -len(numbers), numbers[0]

        return tuple(sorted(numbers[0] for numbers in sorted(alike.values(), key=order)[:FOLLOWED]))

    def failed(self, at_us: int) -> Failed:
        """The links that are cut and the nodes that are down at this time."""
        befell = [at.change for at in self.trace.changes if at.time_us <= at_us]
        links = {what.link: what for what in befell if isinstance(what, LinkDown | LinkUp)}  # of each the last
        nodes = {what.node: what for what in befell if isinstance(what, NodeDown | NodeUp)}
        cut = frozenset(link for link, what in links.items() if isinstance(what, LinkDown))
        return cut, frozenset(node for node, what in nodes.items() if isinstance(what, NodeDown))

    def true_topology(self, at_us: int) -> Topology:
        """What is left of the network at this time."""
        return self._true(self.failed(at_us))

    def _left(self, failed: Failed) -> Topology:
        links, nodes = map(sorted, failed)
        return self.trace.topology.without(*map(LinkDown, links), *map(NodeDown, nodes))

    def true_route(self, node: str, at_us: int, destination: str | None = None) -> Route | None:
        """What the node's FIB would answer if it knew everything at this time; `None` if it is down or has no way."""
        failed = self.failed(at_us)
        if node in failed[1]:
            return None
        return self._right(node, failed).lookup(self.address(destination or self.destination))

    def fib(self, node: str, at_us: int) -> Fib:
        """The node's FIB at this time; it is the same as long as the node's state is."""
        state = self.trace.state_number(node, at_us)
        if (node, state) not in self._held:
            self._held[node, state] = self.trace.fib(node, at_us)
        return self._held[node, state]

    def hops(self, at_us: int) -> Hops:
        """The next hops towards the destination of each node that is up and has some way, by the FIBs of this time."""
        _, down = self.failed(at_us)
        here = {node: self.traffic.route(node, at_us) for node in self.nodes if node not in down}
        return {node: route.next_hops for node, route in here.items() if route}

    def address(self, node: str) -> Address:
        """The address by which a node is reached in this story."""
        if node == self.destination:
            return self.flows[0].destination
        address = self.trace.topology.node(node).address
        assert address is not None, node
        return address

    def phase(self, node: str, at_us: int) -> str:
        """The last phase of convergence that the node has entered by this time, or nothing."""
        events = reversed(self.events_of(node))
        return next((event.kind for event in events if event.time_us <= at_us and event.kind in PHASES), "")

    @cached_property
    def _events_of(self) -> Mapping[str, list[Event]]:
        return grouped((event.node, event) for event in self.trace.events)

    def events_of(self, node: str) -> list[Event]:
        """What happened at the node, in order."""
        return self._events_of.get(node, [])

    def turns(self) -> list[int]:
        """The moments (by their index) at which a next hop towards the destination changes, or something fails."""
        kinds = ("install", "failure", "loop")
        return [place for place, moment in enumerate(self.moments) if any(told.kind in kinds for told in moment.told)]

    def _arriving(self, at_us: int) -> str:
        """How the flows fare with the tables of this time, in words."""
        walks = self.walks(at_us)
        counts = [(words, sum(walk.outcome is outcome for walk in walks)) for outcome, words in FARING.items()]
        return fared((words, count) for words, count in counts if count)

    def _sentences(self, events: list[Event]) -> Iterator[Sentence]:
        """What happened at one instant, a sentence for each thing; what brings nothing new is not told."""
        befell = [event for kind in FAILURES for event in events if event.kind == kind]
        for event in befell:
            yield Sentence("failure", failure(event.what, self.trace.topology), (event.node,))
        noticed = grouped((event.node, event.what) for event in events if event.kind == "detect")
        for node, what in noticed.items():
            yield Sentence("detect", detects(node, what, node in self.trace.topology.lans), (node,))
        yield from self._news(events, {event.node for event in befell if isinstance(event.what, Withdraw)})
        if nodes := sorted({event.node for event in events if isinstance(event.what, Computed)}):
            compute = "computes its" if len(nodes) == 1 else "compute their"
            yield Sentence("compute", f"{listed(nodes)} {compute} shortest paths anew.", tuple(nodes))
        yield from self._installs(events[0].time_us)

    def _news(self, events: list[Event], withdrawn: Collection[str]) -> Iterator[Sentence]:
        """What is said, heard and forgotten at one instant; `withdrawn` are the nodes from which an address goes."""
        for event in events:
            match event.what:
                case Said(lsa):
                    router = self.trace.router(event.node, event.time_us)
                    stub = router is not None and router.stub  # whether it sends nobody through itself any more
                    yield Sentence("flood", says(lsa, event.node in withdrawn, stub), (event.node,))
                case Forgot(origin):
                    words = f"{event.node} forgets {origin}, of which it has heard nothing for too long."
                    yield Sentence("flood", words, (event.node,))
        heard = grouped((event.what.lsa.origin, event.node) for event in events if isinstance(event.what, Learned))
        for origin, nodes in heard.items():
            yield Sentence("flood", f"The news of {origin} arrives at {listed(sorted(nodes))}.", tuple(sorted(nodes)))

    def _installs(self, time_us: int) -> Iterator[Sentence]:
        """The next hops towards the destination that change at this instant."""
        for node in sorted({change.node for change in self.trace.tables if change.time_us == time_us}):
            before, now = self.traffic.route(node, time_us - 1), self.traffic.route(node, time_us)
            if hops_in_words(before) != hops_in_words(now) and self.trace.router(node, time_us) is not None:
                hands = f"{node} now hands what is for {self.destination} to {hops_in_words(now)}"
                words = hands if now else f"{node} has no way to {self.destination}"
                then = hops_in_words(before) if before else "nowhere"
                yield Sentence("install", f"{words} (before: {then}).", (node,))
