"""A run in sentences: one for each thing that happens."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from netlearn.convergence.event import (
    Announce,
    Gone,
    Happening,
    LinkUp,
    NodeUp,
    Reason,
    ServiceDown,
    ServiceUp,
    StubOrdered,
    There,
    Withdraw,
)
from netlearn.convergence.loops import MicroLoop
from netlearn.convergence.lsdb import Lsa
from netlearn.drawing.prose import duration, link_label, listed
from netlearn.network.parts import MAX_METRIC, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome
from netlearn.routing.rib import Route

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that happens, in a sentence. `kind` is a phase, `failure`, `loop` or `flows`."""

    kind: str
    words: str
    nodes: tuple[str, ...] = ()


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


def hops_in_words(route: Route | None) -> str:
    return listed([hop.node for hop in route.next_hops], "or") if route and route.next_hops else "nobody"


def failure(what: Happening, topology: Topology) -> str:
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


def says(lsa: Lsa, withdrawn: bool, stub: bool) -> str:
    if withdrawn:
        return f"{lsa.origin} tells its neighbours that it has the address no more."
    near = listed([line.neighbour for line in lsa.adjacencies] or ["nobody"])
    price = f", all at the metric {MAX_METRIC:,}" if stub else ""
    return f"{lsa.origin} tells its neighbours: now I reach {near}{price}."


def detects(node: str, noticed: Iterable[Happening]) -> str:
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


def loop_begins(loop: MicroLoop) -> Sentence:
    each = "each other" if len(loop.cycle) == 2 else "one another in a ring"
    return Sentence("loop", f"{listed(loop.cycle)} now point at {each}: a micro-loop.", loop.cycle)


def loop_ends(loop: MicroLoop) -> Sentence:
    lasted = duration(loop.to_us - loop.from_us)
    return Sentence("loop", f"The loop of {listed(loop.cycle)} is over; it lasted {lasted}.", loop.cycle)


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """All values of each key, in order."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
