"""A session between two routers, as BGP keeps one: what it survives, by loopback addresses and by those of interfaces.

Each end sends a keepalive now and then, and ends the session when it has heard nothing for the hold time (RFC 4271
4.4, 6.5). Whether the addresses of a session belong to the boxes or to a cable decides what it outlives: between
loopbacks it rides on whatever way is left, and its routes move below it, because their next hop is resolved again
through the routing protocol inside (RFC 4271 5.1.3, 9.1.2.1).

Keepalives go over TCP: what is lost is sent again, after twice the time each time, and what follows waits for it.
Simplified: the session is there from the beginning and is not opened again; it sends nothing but keepalives; TCP keeps
to one first wait, and sends no loss probe before it (RFC 8985 7); an interface that goes down does not end it, as with
BGP inside one network (between two networks it does).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from operator import itemgetter
from typing import NamedTuple

from netlearn.chance import drawn
from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import Traffic
from netlearn.errors import NetlearnError, UnknownName, check_whole
from netlearn.network.parts import Address, Prefix
from netlearn.routing.forwarding import Outcome
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.rib import Route
from netlearn.units import LONGEST_US, MS, SECOND

BGP, CALLER = 179, 49152  # TCP ports: of who is called, and of who calls


@dataclass(frozen=True, slots=True)
class HoldTimers:
    """How often an end speaks, and how long it waits for the other.

    | field | source |
    |---|---|
    | `keepalive_us`, `hold_us` | 30 s and 90 s (RFC 4271 10); `HoldTimers.frr()`: 60 s and 180 s, as measured |
    | `resend_us` | TCP's first wait, doubled each time: 200 ms, Linux's least (RFC 6298 2, rule 2.4: 1 s) |
    | `longest_resend_us` | where doubling ends: 120 s, Linux's TCP_RTO_MAX |

    Raises `NetlearnError` when the hold time is shorter than 3 s (RFC 4271 4.2) or than the keepalive, an end speaks
    more often than each second (RFC 4271 4.4), or doubling ends below a second.

    >>> session = keep_session(simulate(forum(), CASE_2), "R1", "R2", timers=HoldTimers.frr())
    >>> session.dropped_us // 1_000_000
    159
    """

    keepalive_us: int = 30 * SECOND
    hold_us: int = 90 * SECOND
    resend_us: int = 200 * MS
    longest_resend_us: int = 120 * SECOND

    def __post_init__(self) -> None:
        for name in self.__slots__:
            check_whole(name, getattr(self, name), most=LONGEST_US)
        if self.hold_us < 3 * SECOND or not SECOND <= self.keepalive_us < self.hold_us:
            rule = "a hold time is 3 s and more, and longer than the time between keepalives, which is 1 s and more"
            raise NetlearnError(f"{rule}; not {self.hold_us} and {self.keepalive_us} µs")
        if not 1 <= self.resend_us <= self.longest_resend_us or self.longest_resend_us < SECOND:
            rule = "TCP sends again after 1 µs and more, at last after as long or longer, which is 1 s and more"
            raise NetlearnError(f"{rule}; not after {self.resend_us} and {self.longest_resend_us} µs")

    @classmethod
    def frr(cls) -> "HoldTimers":
        """FRRouting 8.4's values."""
        return cls(60 * SECOND, 180 * SECOND)


class Arrival(NamedTuple):
    """When an end heard the other."""

    time_us: int
    node: str


@dataclass(frozen=True, slots=True)
class Session:
    """The life of a session between `a` and `b`, over these addresses of theirs.

    `dropped_us` is when it ended and `by` who ended it: whose hold time ran out, or who heard that the other, started
    anew, knows of no session. Both are `None` while it lasts. `silent_us` is the longest time for which an end heard
    nothing.

    >>> session = keep_session(simulate(forum(), CASE_2), "R1", "R2")
    >>> session.survives, session.by, session.dropped_us // 1_000_000
    (False, 'R1', 69)
    """

    a: str
    b: str
    addresses: tuple[Address, Address]
    dropped_us: int | None
    by: str | None
    silent_us: int
    arrivals: tuple[Arrival, ...] = field(repr=False)
    trace: Trace = field(repr=False)

    @property
    def survives(self) -> bool:
        """Whether the session outlives the run."""
        return self.dropped_us is None

    def learned(self, prefix: Prefix, at_us: int, node: str | None = None) -> Route | None:
        """The route to a prefix that `node` (`a` unless given) has from the other end, or `None` if it has none.

        Its next hop is the other end's address, which may be many links away: what packets are handed to is found by
        looking that address up in turn.
        """
        return next(route for time_us, route in reversed(self.moves(prefix, node)) if time_us <= at_us)

    def moves(self, prefix: Prefix, node: str | None = None) -> tuple[tuple[int, Route | None], ...]:
        """Every route to the prefix that `node` has from the session, each with the time from which on."""
        here = self.a if node is None else node
        if here not in (self.a, self.b):
            raise UnknownName(f"{here} is no end of the session between {self.a} and {self.b}")
        below = Traffic(self.trace, self.addresses[1 if here == self.a else 0]).routes(here)
        through = ((at_us, None if route is None or route.local else route) for at_us, route in below)
        moves = [(at_us, route and Route(prefix, route.metric, route.next_hops)) for at_us, route in through]
        if self.dropped_us is not None:
            moves = [*(move for move in moves if move[0] < self.dropped_us), (self.dropped_us, None)]
        return tuple(next(same) for _, same in groupby(moves, key=itemgetter(1)))


def keep_session(
    trace: Trace, a: str, b: str, link: str | None = None, *, timers: HoldTimers | None = None, seed: int = 0
) -> Session:
    """What becomes of a session between two routers in this run: over their loopbacks, or over their ends of `link`.

    `seed` sets when keepalives are due. Raises `UnknownName` when an end has no such address.

    >>> cut = simulate(forum(), [LinkDown("R1-R2")], interfaces=interfaces(forum()))
    >>> [keep_session(cut, "R1", "R2", link).survives for link in (None, "R1-R2")]
    [True, False]
    """
    timers = timers or HoldTimers()
    a, b = trace.topology.node(a).name, trace.topology.node(b).name
    if a == b:
        raise NetlearnError(f"a session has two ends, and {a} is one")
    addresses = _address(trace, a, link), _address(trace, b, link)
    until_us = trace.end_us + timers.hold_us + timers.keepalive_us
    calls = Flow(*addresses, source_port=CALLER, destination_port=BGP)  # a has called b
    there = _Stream(a, b, calls, Traffic(trace, addresses[1]))
    back = _Stream(b, a, calls.reverse(), Traffic(trace, addresses[0]))
    arrivals: list[Arrival] = []
    for stream, answers in ((there, back), (back, there)):
        phase = drawn(f"{seed}|{stream.here}|{stream.there}", timers.keepalive_us)
        arrivals += [Arrival(time_us, stream.there) for time_us in _heard(stream, answers, timers, phase, until_us)]
    arrivals.sort()
    ends = (_dropped(trace, end, arrivals, timers.hold_us, until_us) for end in (a, b))
    dropped = min(filter(None, ends), default=None)
    kept = tuple(each for each in arrivals if dropped is None or each.time_us <= dropped[0])
    end_us = trace.end_us if dropped is None else dropped[0]
    times = [[*(each.time_us for each in kept if each.node == node), end_us] for node in (a, b)]
    silent_us = max((later - earlier for heard in times for earlier, later in pairwise(heard)), default=0)
    dropped_us, by = dropped or (None, None)
    return Session(a, b, addresses, dropped_us, by, silent_us, kept, trace)


@dataclass(frozen=True, slots=True)
class _Stream:
    """One direction of a TCP connection, in which one end's data goes, and the acknowledgements of the other's."""

    here: str
    there: str
    flow: Flow
    traffic: Traffic

    def arrival(self, at_us: int) -> int | None:
        """When what is sent now arrives; `None` if it is lost."""
        walk = self.traffic.walk(Packet(self.flow), self.here, at_us)
        return walk.times_us[-1] if walk.outcome is Outcome.DELIVERED and walk.end == self.there else None


def _heard(stream: _Stream, answers: _Stream, timers: HoldTimers, phase: int, until_us: int) -> Iterator[int]:
    """When the keepalives of one end arrive at the other; several that waited arrive as one."""
    due = phase - timers.keepalive_us  # the one before the beginning, from which the first hold time runs
    while due < until_us:
        at_us, wait = due, timers.resend_us
        while at_us < until_us:
            arrived = stream.arrival(at_us)
            if arrived is not None:
                yield arrived
                if answers.arrival(arrived) is not None:
                    break  # else TCP sends again what has arrived, and the other end hears it twice
            at_us += wait
            wait = min(2 * wait, timers.longest_resend_us)
        while due <= at_us:  # what fell due meanwhile has waited in TCP's buffer, and came along
            due += timers.keepalive_us


def _dropped(trace: Trace, node: str, arrivals: list[Arrival], hold_us: int, until_us: int) -> tuple[int, str] | None:
    """When and by whom the session is ended for what this end hears, or `None`."""
    heard = [each.time_us for each in arrivals if each.node == node]
    if not heard:
        return hold_us, node  # not even before the beginning was there a way
    started = trace.restarts(node)[:1]
    if started:  # it is down, and afterwards it knows of no session: the first that it hears, it refuses
        refused = [time_us for time_us in heard if time_us >= started[0]]
        other = next((each.node for each in arrivals if each.node != node), node)
        return (refused[0], other) if refused else None
    given_up = (last for last, following in pairwise([*heard, until_us]) if following - last > hold_us)
    return next(((last + hold_us, node) for last in given_up), None)


def _address(trace: Trace, node: str, link: str | None) -> Address:
    if link is None:
        address = trace.topology.node(node).address
        if address is None:
            raise UnknownName(f"{node} has no loopback address; Topology.addressed() gives one to every node")
        return address
    if trace.interfaces is None:
        raise UnknownName("in this run links have no addresses; simulate(..., interfaces=...) gives them some")
    return trace.interfaces.end(node, link).address
