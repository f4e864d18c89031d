"""Everything that happened in a run, as a value: it can be asked, replayed, drawn and compared.

A trace knows every router's state at every instant. What packets met is worked out from it afterwards
(`netlearn.convergence.traffic`), because packets change no table.
"""

import json
from bisect import bisect_right
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from itertools import pairwise
from typing import Any, NamedTuple

from netlearn.convergence.event import At, Event, Learned, Said
from netlearn.convergence.lsdb import Lsdb
from netlearn.convergence.state import Router
from netlearn.network.parts import Prefix
from netlearn.network.topology import Topology
from netlearn.routing.fib import Fib
from netlearn.routing.interfaces import Interfaces
from netlearn.routing.rib import Rib, Route

FOREVER = 10**18
State = tuple[int, Router | None, int]  # from when on; who (`None`: it is down); the entries installed since it was so


class TableChange(NamedTuple):
    """From this time on a node's FIB has this route for the prefix, or, with `None`, has none."""

    time_us: int
    node: str
    prefix: Prefix
    route: Route | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An LSA that a node put on a link, to arrive `link_us` later; `lost` if the link did not work at that time."""

    time_us: int
    node: str
    link: str
    origin: str
    lost: bool = False


@dataclass(slots=True)
class Outages:
    """When things did not work: intervals in microseconds, the last one open while it lasts.

    Each thing has a key: a link's name, or a node and a prefix for what answers there.

    >>> outages = simulate(forum(), [LinkDown("R1-R2"), At(1_000_000, LinkUp("R1-R2"))]).outages
    >>> outages.of("R1-R2"), outages.works("R1-R2", 500_000)
    (((0, 1000000),), False)
    """

    _of: dict[Hashable, list[tuple[int, int | None]]] = field(default_factory=dict)

    def begin(self, what: Hashable, time_us: int) -> None:
        """It ceases to work."""
        self._of.setdefault(what, []).append((time_us, None))

    def end(self, what: Hashable, time_us: int) -> None:
        """It works again."""
        begun, _ = self._of[what].pop()
        self._of[what].append((begun, time_us))

    def of(self, what: Hashable) -> tuple[tuple[int, int | None], ...]:
        """Its outages, the earliest first."""
        return tuple(self._of.get(what, ()))

    def works(self, what: Hashable, time_us: int) -> bool:
        """Whether it works at this time."""
        return not any(begun <= time_us and (end is None or time_us < end) for begun, end in self._of.get(what, ()))

    def works_until(self, what: Hashable, time_us: int, for_us: int = 0) -> tuple[bool, int]:
        """Whether it works from this time on for so long, and until when that answer stays the same."""
        for begun, end in self._of.get(what, ()):
            if time_us < begun - for_us:  # what takes `for_us` is over before this outage
                return True, begun - for_us
            if end is None or time_us < end:
                return False, FOREVER if end is None else end
        return True, FOREVER

    def times(self, what: Hashable) -> tuple[int, ...]:
        """Every time at which it begins or ceases to work, in order."""
        return tuple(time for outage in self._of.get(what, ()) for time in outage if time is not None)


@dataclass(frozen=True, slots=True)
class Trace:
    """A run: the network, what befell it, every event, every change of a FIB, every state of every router.

    Times are whole microseconds from the beginning of the run, when the first change may happen. `link_us` is how long
    a packet takes from one node to the next. `sent` are the LSAs that were put on links. `outages` are those of links,
    `services` those of what answers for a prefix at a node. With `interfaces` links have addresses, and `carriers`
    tells when a node knew of no carrier at its end of a link.

    >>> trace = simulate(forum(), CASE_1)
    >>> [trace.lsdb("R1", at_us).get("R2").sequence for at_us in (0, trace.end_us)]
    [1, 2]
    """

    topology: Topology
    changes: tuple[At, ...]
    link_us: int
    events: tuple[Event, ...]
    tables: tuple[TableChange, ...]
    _states: Mapping[str, tuple[State, ...]] = field(repr=False)
    outages: Outages = field(repr=False)
    sent: tuple[Sent, ...] = field(default=(), repr=False)
    services: Outages = field(default_factory=Outages, repr=False)
    interfaces: Interfaces | None = field(default=None, repr=False)
    carriers: Outages = field(default_factory=Outages, repr=False)

    @property
    def converged_us(self) -> int:
        """When the last entry of a FIB was installed; 0 if none had to be."""
        return max((change.time_us for change in self.tables), default=0)

    @property
    def end_us(self) -> int:
        """When the last thing happened."""
        return max((event.time_us for event in self.events), default=0)

    def router(self, node: str, at_us: int) -> Router | None:
        """The node's state once everything up to this time has happened; `None` while it is down."""
        _, router, written = self._states[self.topology.node(node).name][self.state_number(node, at_us)]
        return router.written(written) if router and written else router

    def state_number(self, node: str, at_us: int) -> int:
        """Which of the node's states holds at this time, from 0: as long as it is the same, nothing changed there."""
        states = self._states[self.topology.node(node).name]
        return max(bisect_right(states, at_us, key=lambda state: state[0]) - 1, 0)

    def lsdb(self, node: str, at_us: int) -> Lsdb:
        """What the node believes at this time; nothing while it is down."""
        router = self.router(node, at_us)
        return router.lsdb if router else Lsdb()

    def rib(self, node: str, at_us: int) -> Rib:
        """What the node has computed by this time."""
        router = self.router(node, at_us)
        return Rib(node, router.belief.routes(node) if router else {})

    def fib(self, node: str, at_us: int) -> Fib:
        """What packets meet at the node at this time."""
        router = self.router(node, at_us)
        return Fib(node, router.routes() if router else {}, self.topology.node(node).forwards)

    def restarts(self, node: str) -> tuple[int, ...]:
        """Every time at which the node goes down or starts, in order; it begins up."""
        up = [(time_us, router is not None) for time_us, router, _ in self._states[self.topology.node(node).name]]
        return tuple(now[0] for before, now in pairwise(up) if before[1] != now[1])

    def first(self, node: str) -> Router:
        """The node's state at the beginning."""
        state = self._states[self.topology.node(node).name][0][1]
        assert state is not None
        return state

    def heard(self, origin: str) -> dict[str, int]:
        """When each node first had an LSA that `origin` made in this run, the earliest (itself) first."""
        origin = self.topology.node(origin).name
        first: dict[str, int] = {}
        for event in self.events:
            if isinstance(event.what, Said | Learned) and event.what.lsa.origin == origin:
                first.setdefault(event.node, event.time_us)
        return first

    def data(self) -> dict[str, Any]:
        """The run as plain data: its events in order, and when it had converged."""
        told = ("time_us", "kind", "node", "detail")
        events = [{name: getattr(event, name) for name in told} for event in self.events]
        return {"events": events, "converged_us": self.converged_us}

    def to_json(self) -> str:
        """The same as JSON text."""
        return json.dumps(self.data(), ensure_ascii=False)

    def digest(self) -> str:
        """A short word for everything that happened: equal runs have equal words, in any process."""
        text = self.to_json() + "".join(map(repr, self.tables))
        return sha256(text.encode()).hexdigest()[:16]

    def lines(self, most: int | None = None) -> Iterator[str]:
        """The events as lines to read, in milliseconds; of more than `most` the rest as a count."""
        shown = self.events if most is None else self.events[:most]
        for event in shown:
            yield f"{event.time_us / 1000:>12,.3f} ms  {event.node:<8}{event.kind:<12}{event.detail}"
        if len(shown) < len(self.events):
            yield f"({len(self.events) - len(shown):,} more events)"

    def __repr__(self) -> str:
        return f"<Trace: {len(self.events)} events, converged after {self.converged_us / 1000:,.1f} ms>"

    def _repr_html_(self) -> str:
        told = ((f"{event.time_us / 1000:,.3f}", event.node, event.kind, event.detail) for event in self.events[:200])
        rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in told)
        more = f"<p>… and {len(self.events) - 200:,} more events.</p>" if len(self.events) > 200 else ""
        head = "<tr><th>ms</th><th>node</th><th>phase</th><th>what happened</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>{more}"
