"""What can happen: the vocabulary of the simulation; and what happened, with its time and the few words that tell it.

The value is what programs ask; the words are made from it and never read back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from netlearn.convergence.lsdb import Lsa, Message
from netlearn.network.parts import Failure, LinkDown, NodeDown, Prefix
from netlearn.routing.rib import Route


# What befalls the network
@dataclass(frozen=True, slots=True)
class LinkUp:
    """A link that was cut works again.

    >>> trace = simulate(forum(), [LinkDown("R2-End"), At(1_000_000, LinkUp("R2-End"))])
    >>> trace.outages.of("R2-End")
    ((0, 1000000),)
    """

    link: str


@dataclass(frozen=True)
class _OfNode:
    node: str


class NodeUp(_OfNode):
    """A node that was down starts again, with empty tables.

    >>> simulate(forum(), [NodeDown("R2"), At(1_000_000, NodeUp("R2"))]).restarts("R2")
    (0, 1000000)
    """


class Maintenance(_OfNode):
    """A router that is about to be taken down announces the greatest metric, so that others avoid it (RFC 6987).

    >>> trace = simulate(forum(), [Maintenance("R2"), At(1_000_000, NodeDown("R2"))])
    >>> send(trace, "Source", "End").lost
    0
    """


class DaemonDown(_OfNode):
    """A router's routing daemons die: its kernel goes on forwarding by its last tables, until the router starts anew.

    >>> send(simulate(forum(), [DaemonDown("R2")]), "Source", "End").lost
    0
    """


@dataclass(frozen=True)
class _OfPrefix(_OfNode):
    prefix: Prefix


@dataclass(frozen=True)
class Announce(_OfPrefix):
    """From now on a node has this prefix and announces it, at this metric (0 to 65535).

    >>> from ipaddress import ip_network
    >>> trace = simulate(forum(), [Announce("R7", ip_network("192.0.2.150/32"))])
    >>> max(trace.heard("R7").values())
    3000
    """

    metric: int = 0


class Withdraw(_OfPrefix):
    """The prefix is taken from the node, which neither announces it any more nor delivers its packets.

    >>> from ipaddress import ip_network
    >>> gone = Withdraw("R7", ip_network("192.0.2.150/32"))
    >>> simulate(forum().announcing(gone.prefix, "R7"), [gone]).events[0].detail
    'no longer announces 192.0.2.150/32'
    """


class ServiceDown(_OfPrefix):
    """What answers for the prefix at this node dies. No router notices: it is still announced (RFC 4786 4.4.1).

    >>> from ipaddress import ip_network
    >>> sick = ServiceDown("R7", ip_network("192.0.2.150/32"))
    >>> simulate(forum().announcing(sick.prefix, "R7"), [sick]).converged_us
    0
    """


class ServiceUp(_OfPrefix):
    """What answers for the prefix at this node works again.

    >>> from ipaddress import ip_network
    >>> Event(0, "R7", ServiceUp("R7", ip_network("192.0.2.150/32"))).detail
    'what answers for 192.0.2.150/32 works again'
    """


Change = Failure | LinkUp | NodeUp | Maintenance | DaemonDown | Announce | Withdraw | ServiceDown | ServiceUp
"""What may befall a network while it runs.

>>> isinstance(NodeUp("R2"), Change)
True
"""


@dataclass(frozen=True, slots=True)
class At:
    """A change at a time. After a silent one the carriers stay up: frames just stop coming through.

    >>> simulate(forum(), [At(1_000_000, LinkDown("R2-End"))]).converged_us
    1058100
    >>> simulate(forum(), [At(1_000_000, LinkDown("R2-End"), silent=True)]).converged_us
    33375313
    """

    time_us: int
    change: Change
    silent: bool = False


# What a router meets
class Reason(StrEnum):
    """Why a router takes a neighbour for gone."""

    CARRIER = "its carrier is lost"
    HELLO = "no hello until the dead timer ran out"
    BFD = "no BFD packet"
    ANEW = "its neighbour began anew"


class AdjacencyDown(NamedTuple):
    """The neighbours over these links are gone: carrier, hellos or BFD packets stopped, for all at once."""

    links: tuple[str, ...]
    reason: Reason


class AdjacencyUp(NamedTuple):
    """There is a neighbour over this link, ready to exchange LSDBs."""

    link: str


class Heard(NamedTuple):
    """A message has arrived over this link."""

    link: str
    message: Message


class Expired(NamedTuple):
    """A timer that the router started has run out."""

    timer: str


class StubOrdered(NamedTuple):
    """Somebody is about to take this router down, and says so to it first."""


class OwnPrefix(NamedTuple):
    """A prefix is the router's own from now on, announced at this metric; or, with `None`, no more."""

    prefix: Prefix
    metric: int | None


RouterEvent = AdjacencyDown | AdjacencyUp | Heard | Expired | StubOrdered | OwnPrefix


# What a router does
class Send(NamedTuple):
    """Put a message on a link."""

    link: str
    message: Message


class Start(NamedTuple):
    """Wake me at this time with `Expired(timer)`."""

    timer: str
    at_us: int


class Install(NamedTuple):
    """An entry of the FIB is now this route, or, with `None`, is gone."""

    prefix: Prefix
    route: Route | None


# What a router does that others only see: worth telling, and nothing to be carried out
class Gone(NamedTuple):
    """The router takes its neighbour over this link for gone."""

    neighbour: str
    link: str
    reason: Reason


class There(NamedTuple):
    """The router has found a neighbour over this link."""

    neighbour: str
    link: str


class Said(NamedTuple):
    """The router has made a new LSA of its own."""

    lsa: Lsa


class Learned(NamedTuple):
    """The router has taken another's newer LSA into its LSDB."""

    lsa: Lsa


class Forgot(NamedTuple):
    """The router has dropped another's LSA, which has grown too old."""

    origin: str


class Computed(NamedTuple):
    """The router has run SPF; so many entries of its FIB have to change."""

    entries: int


Told = StubOrdered | Gone | There | Said | Learned | Forgot | Computed
Action = Send | Start | Install | Told
Happening = Change | Told | Install  # what a run tells of a node

PHASES = ("detect", "flood", "compute", "install")
"""What a router does after a change, in this order.

>>> events = simulate(forum(), CASE_1).events
>>> [next(event.time_us for event in events if event.kind == phase) for phase in PHASES]
[5000, 5000, 55000, 56100]
"""


class Event(NamedTuple):
    """Something that happened at a node: what befell it, or a phase of its convergence.

    >>> event = simulate(forum(), CASE_1).events[1]
    >>> event.time_us, event.node, event.kind, event.detail
    (5000, 'R2', 'detect', 'End over R2-End: its carrier is lost')
    """

    time_us: int
    node: str
    what: Happening

    @property
    def kind(self) -> str:
        """A phase (one of `PHASES`), or a word for what befell the node."""
        return TOLD[type(self.what)][0]

    @property
    def detail(self) -> str:
        """What happened, in a few words that go on after the node's name."""
        return TOLD[type(self.what)][1](self.what)


def _lsa(lsa: Lsa) -> str:
    named = ", ".join(line.neighbour for line in lsa.adjacencies) or "nobody"
    return f"LSA {lsa.sequence} of {lsa.origin}, adjacent to {named}"


def _route(route: Route | None) -> str:
    if route is None:
        return "unreachable"
    return "its own" if route.local else f"via {', '.join(hop.node for hop in route.next_hops)}"


_spelled = lru_cache(1 << 14)(str)  # of a prefix: a run installs the same ones at every router


# Each happening with its kind and its words. A warning before maintenance is told by the router that gets it.
TOLD: Mapping[type, tuple[str, Callable[[Any], str]]] = {
    LinkDown: ("cut", lambda what: f"the link {what.link} is cut"),
    LinkUp: ("mended", lambda what: f"the link {what.link} works again"),
    NodeDown: ("down", lambda what: "is down"),
    NodeUp: ("up", lambda what: "starts again, with empty tables"),
    DaemonDown: ("daemon down", lambda what: "neither says nor hears anything, and forwards on"),
    Announce: ("announce", lambda what: f"announces {what.prefix} at metric {what.metric}"),
    Withdraw: ("withdraw", lambda what: f"no longer announces {what.prefix}"),
    ServiceDown: ("service down", lambda what: f"what answers for {what.prefix} is dead"),
    ServiceUp: ("service up", lambda what: f"what answers for {what.prefix} works again"),
    StubOrdered: ("detect", lambda what: "is to be taken down: it announces the greatest metric"),
    Gone: ("detect", lambda what: f"{what.neighbour} over {what.link}: {what.reason}"),
    There: ("detect", lambda what: f"{what.neighbour} over {what.link}: it is there"),
    Said: ("flood", lambda what: f"says: {_lsa(what.lsa)}"),
    Learned: ("flood", lambda what: _lsa(what.lsa)),
    Forgot: ("flood", lambda what: f"the LSA of {what.origin} is too old and is forgotten"),
    Computed: ("compute", lambda what: f"{what.entries} entries to change"),
    Install: ("install", lambda what: f"{_spelled(what.prefix)} {_route(what.route)}"),
}
