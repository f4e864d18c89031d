"""What there is to see and to say at each moment of a run, as plain values; no markup.

A run has many events at few instants. A `Moment` is one of them, with the sentences that tell it; between two moments
nothing changes but where news and messages are on their way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from math import log2

from netlearn.event import (
    Announce,
    Computed,
    Forgot,
    Gone,
    Happening,
    Learned,
    LinkUp,
    NodeUp,
    Reason,
    Said,
    ServiceDown,
    ServiceUp,
    StubOrdered,
    There,
    Withdraw,
)
from netlearn.fib import Fib, converged_fib
from netlearn.figure.network import link_label, listed
from netlearn.forwarding import Outcome, flow_between
from netlearn.happened import PHASES, Event
from netlearn.lsdb import Lsa
from netlearn.packet import Flow, Packet
from netlearn.rib import Route
from netlearn.topology import MAX_METRIC, Address, LinkDown, NodeDown, Topology
from netlearn.trace import Trace
from netlearn.traffic import MicroLoop, TimedWalk, Traffic

LEAD_US = 5_000  # how long before the first change the story begins
FLOWS = 64
FOLLOWED = 3  # flows that are shown one by one
Failed = tuple[frozenset[str], frozenset[str]]  # cut links, nodes that are down


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happens, in a sentence. `kind` is a phase, `failure`, `loop` or `flows`."""

    kind: str
    words: str
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant at which something changes."""

    time_us: int
    told: tuple[Told, ...]


class Story:
    """A run on the way from `source` to `destination`: its moments, and how `FLOWS` flows fare at each of them."""

    def __init__(self, trace: Trace, source: str, destination: str) -> None:
        self.trace, self.source, self.destination = trace, source, destination
        self.flows = [self.flow(number) for number in range(1, FLOWS + 1)]
        self.traffic = Traffic(trace, self.flows[0].destination)
        # What would become of messages if all tables stayed as they are: a network in which they take no time.
        self.frozen = Traffic(replace(trace, link_us=0), self.flows[0].destination)
        self._walks: dict[int, list[tuple[TimedWalk, int]]] = {}
        self._true: dict[Failed, Topology] = {}
        self._fibs: dict[tuple[str, Failed], Fib] = {}
        self.fibs: dict[tuple[str, int], Fib] = {}  # of each node in each of its states, for who asks again and again

    def flow(self, number: int) -> Flow:
        """The flow of this number, from 1."""
        return flow_between(self.trace.topology, self.source, self.destination, number)

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every instant worth telling, the first one a little before anything happens."""
        first = self._arriving(-LEAD_US).replace("would ", "")
        told: dict[int, list[Told]] = {-LEAD_US: [Told("flows", f"Before anything fails, {first}.")]}
        for time_us, events in groupby(self.trace.events, key=lambda event: event.time_us):
            if sentences := list(self._sentences(list(events))):
                told[time_us] = sentences
        for loop in self.loops:
            told.setdefault(loop.from_us, []).append(_loop_begins(loop))
            told.setdefault(loop.to_us, []).append(_loop_ends(loop))
        before = self._arriving(-LEAD_US)
        for time_us in sorted(told):
            if (now := self._arriving(time_us)) != before:
                told[time_us].append(Told("flows", f"With the tables as they are now, {now}."))
                before = now
        if self.trace.tables and self.trace.converged_us > max(told):
            told[self.trace.converged_us] = [Told("install", "The last entry is in place: every table fits again.")]
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
        parts = [log2(1 + (later - earlier) / 100) for earlier, later in pairwise(times)]
        places = [0.0]
        for part in parts:
            places.append(places[-1] + max(part, 1.5))
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
        alike: dict[tuple[object, ...], list[int]] = {}
        for number in range(1, FLOWS + 1):
            fared = [self.walk(number, time_us) for time_us in times]
            signature = tuple((walk.outcome, walk.end, walk.nodes[:12]) for walk in fared)
            alike.setdefault(signature, []).append(number)

        def order(signature: tuple[object, ...]) -> tuple[bool, int, int]:
            loops = any(fate[0] is Outcome.TTL_EXPIRED for fate in signature)  # type: ignore[index]
            return not loops, -len(alike[signature]), alike[signature][0]

        return tuple(sorted(alike[signature][0] for signature in sorted(alike, key=order)[:FOLLOWED]))

    def failed(self, at_us: int) -> Failed:
        """The links that are cut and the nodes that are down at this time."""
        cut: set[str] = set()
        down: set[str] = set()
        for at in self.trace.changes:
            if at.time_us > at_us:
                continue
            match at.change:
                case LinkDown(link):
                    cut.add(link)
                case LinkUp(link):
                    cut.discard(link)
                case NodeDown(node):
                    down.add(node)
                case NodeUp(node):
                    down.discard(node)
        return frozenset(cut), frozenset(down)

    def true_topology(self, at_us: int) -> Topology:
        """What is left of the network at this time."""
        cut, down = self.failed(at_us)
        if (cut, down) not in self._true:
            links, nodes = map(LinkDown, sorted(cut)), map(NodeDown, sorted(down))
            self._true[cut, down] = self.trace.topology.without(*links, *nodes)
        return self._true[cut, down]

    def true_route(self, node: str, at_us: int, destination: str | None = None) -> Route | None:
        """What the node's FIB would answer if it knew everything at this time; `None` if it is down or has no way."""
        failed = self.failed(at_us)
        key = (node, failed)
        if node in failed[1]:
            return None
        if key not in self._fibs:
            self._fibs[key] = converged_fib(self.true_topology(at_us), node)
        return self._fibs[key].lookup(self.address(destination or self.destination))

    def address(self, node: str) -> Address:
        """The address by which a node is reached in this story."""
        if node == self.destination:
            return self.flows[0].destination
        node_value = self.trace.topology.node(node)
        assert node_value.address is not None, node
        return node_value.address

    def phase(self, node: str, at_us: int) -> str:
        """The last phase of convergence that the node has entered by this time, or nothing."""
        last = ""
        for event in self._events_of.get(node, ()):
            if event.time_us > at_us:
                break
            if event.kind in PHASES:
                last = event.kind
        return last

    @cached_property
    def _events_of(self) -> Mapping[str, list[Event]]:
        found: dict[str, list[Event]] = {}
        for event in self.trace.events:
            found.setdefault(event.node, []).append(event)
        return found

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
        counts = [(words, sum(walk.outcome is outcome for walk in walks)) for outcome, words in FARING]
        return listed(f"{count if count < FLOWS else f'all {FLOWS} flows'} {words}" for words, count in counts if count)

    def _sentences(self, events: list[Event]) -> Iterator[Told]:
        """What happened at one instant, a sentence for each thing; what brings nothing new is not told."""
        befell = [event for kind in FAILURES for event in events if event.kind == kind]
        for event in befell:
            yield Told("failure", _failure(event.what, self.trace.topology), (event.node,))
        noticed: dict[str, list[Happening]] = {}
        for event in events:
            if event.kind == "detect":
                noticed.setdefault(event.node, []).append(event.what)
        for node, what in noticed.items():
            yield Told("detect", _detects(node, what), (node,))
        heard: dict[str, list[str]] = {}
        for event in events:
            match event.what:
                case Said(lsa):
                    withdrawn = any(other.node == event.node and isinstance(other.what, Withdraw) for other in befell)
                    yield Told("flood", _says(lsa, withdrawn, self._is_stub(event)), (event.node,))
                case Learned(lsa):
                    heard.setdefault(lsa.origin, []).append(event.node)
                case Forgot(origin):
                    words = f"{event.node} forgets {origin}, of which it has heard nothing for too long."
                    yield Told("flood", words, (event.node,))
        for origin, nodes in heard.items():
            yield Told("flood", f"The news of {origin} arrives at {listed(sorted(nodes))}.", tuple(sorted(nodes)))
        if nodes := sorted({event.node for event in events if isinstance(event.what, Computed)}):
            compute = "computes its" if len(nodes) == 1 else "compute their"
            yield Told("compute", f"{listed(nodes)} {compute} shortest paths anew.", tuple(nodes))
        yield from self._installs(events[0].time_us)

    def _is_stub(self, event: Event) -> bool:
        """Whether the router sends nobody through itself any more, at the time of the event."""
        router = self.trace.router(event.node, event.time_us)
        return router is not None and router.stub

    def _installs(self, time_us: int) -> Iterator[Told]:
        """The next hops towards the destination that change at this instant."""
        for node in sorted({change.node for change in self.trace.tables if change.time_us == time_us}):
            before, now = self.traffic.route(node, time_us - 1), self.traffic.route(node, time_us)
            if _hops(before) != _hops(now) and self.trace.router(node, time_us) is not None:
                then = f"(before: {_hops(before)})" if before else "(before: nowhere)"
                goal = f"what is for {self.destination}"
                words = (
                    f"{node} now hands {goal} to {_hops(now)}" if now else f"{node} has no way to {self.destination}"
                )
                yield Told("install", f"{words} {then}.", (node,))


FAILURES = ("cut", "down", "mended", "up", "announce", "withdraw", "service down", "service up")
FARING = (
    (Outcome.DELIVERED, "would arrive"),
    (Outcome.NO_SERVICE, "would arrive where nobody answers"),
    (Outcome.LINK_DOWN, "would be lost where a link is dead"),
    (Outcome.NO_ROUTE, "would be dropped: no route"),
    (Outcome.TTL_EXPIRED, "would go round until their TTL (time to live) is used up"),
)
SEEN = {
    Reason.CARRIER: "the carrier is gone",
    Reason.HELLO: "no hello came until the dead timer ran out",
    Reason.BFD: "no BFD packet came for too long",
    Reason.ANEW: "its neighbour began anew",
}


def duration(time_us: float) -> str:
    """A time as a reader would say it: `100 µs`, `5 ms`, `56.1 ms`, `34.2 s`."""
    if abs(time_us) < 1_000:
        return f"{time_us:.0f} µs" if time_us else "0 ms"
    if abs(time_us) < 1_000_000:
        return f"{time_us / 1_000:.1f}".removesuffix(".0") + " ms"
    return f"{time_us / 1_000_000:.3f}".rstrip("0").removesuffix(".") + " s"


def _hops(route: Route | None) -> str:
    return listed([hop.node for hop in route.next_hops], "or") if route and route.next_hops else "nobody"


def _failure(what: Happening, topology: Topology) -> str:
    match what:
        case LinkDown(link):
            return f"The link {link_label(topology.link(link))} is cut."
        case LinkUp(link):
            return f"The link {link_label(topology.link(link))} works again."
        case NodeDown(node):
            return f"{node} goes down."
        case NodeUp(node):
            return f"{node} starts again, with empty tables."
        case Announce(node):
            return f"{node} has the address from now on, and announces it."
        case Withdraw(node):
            return f"The address is taken from {node}, which announces it no more."
        case ServiceDown(node):
            return f"The service on {node} dies. {node} has the address still, and goes on announcing it."
    assert isinstance(what, ServiceUp), what
    return f"The service on {what.node} works again."


def _says(lsa: Lsa, withdrawn: bool, stub: bool) -> str:
    if withdrawn:
        return f"{lsa.origin} tells its neighbours that it has the address no more."
    near = listed([line.neighbour for line in lsa.adjacencies] or ["nobody"])
    price = f", all at the metric {MAX_METRIC:,}" if stub else ""
    return f"{lsa.origin} tells its neighbours: now I reach {near}{price}."


def _detects(node: str, noticed: Iterable[Happening]) -> str:
    """`R1 notices: R2 and R3 are gone (the carrier is gone).`"""
    by_reason: dict[Reason | None, list[str]] = {}  # with `None` who is there
    said = []
    for what in noticed:
        match what:
            case Gone(neighbour, _, reason):
                by_reason.setdefault(reason, []).append(neighbour)
            case There(neighbour):
                by_reason.setdefault(None, []).append(neighbour)
            case StubOrdered():
                said.append("it is to be taken down, and says so beforehand")
    for why, who in by_reason.items():
        state = "there" if why is None else f"out of reach ({SEEN[why]})"
        said.append(f"{listed(who)} {'is' if len(who) == 1 else 'are'} {state}")
    return f"{node} notices: {'; '.join(said)}."


def _loop_begins(loop: MicroLoop) -> Told:
    each = "each other" if len(loop.cycle) == 2 else "one another in a ring"
    return Told("loop", f"{listed(loop.cycle)} now point at {each}: a micro-loop.", loop.cycle)


def _loop_ends(loop: MicroLoop) -> Told:
    lasted = duration(loop.to_us - loop.from_us)
    return Told("loop", f"The loop of {listed(loop.cycle)} is over; it lasted {lasted}.", loop.cycle)
