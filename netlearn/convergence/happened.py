"""What happened in a run: an event with its time, as a value, and the few words in which a list tells it.

The value is what programs ask; the words are made from it and never read back.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from netlearn.convergence.event import (
    Announce,
    Computed,
    DaemonDown,
    Forgot,
    Gone,
    Happening,
    Install,
    Learned,
    LinkUp,
    NodeUp,
    Said,
    ServiceDown,
    ServiceUp,
    StubOrdered,
    There,
    Withdraw,
)
from netlearn.convergence.lsdb import Lsa
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.routing.rib import Route

PHASES = ("detect", "flood", "compute", "install")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a node: what befell it, or a phase of its convergence."""

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
    return "its own" if route.local else f"by {', '.join(hop.node for hop in route.next_hops)}"


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
    Install: ("install", lambda what: f"{what.prefix} {_route(what.route)}"),
}
