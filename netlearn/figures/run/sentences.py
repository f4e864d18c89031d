"""A run in sentences: one for each thing that happens."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from netlearn.convergence import event
from netlearn.convergence.event import Happening, Reason
from netlearn.convergence.loops import MicroLoop
from netlearn.convergence.lsdb import Lsa
from netlearn.drawing.prose import duration, grouped, link_label, listed
from netlearn.network.parts import MAX_METRIC, Failure, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome
from netlearn.routing.rib import Route


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that happens, in a sentence. `kind` is a phase, `failure`, `loop` or `flows`."""

    kind: str
    words: str
    nodes: tuple[str, ...] = ()


FAILURES = ("cut", "down", "mended", "up", "announce", "withdraw", "service down", "service up")
FARING = {
    Outcome.DELIVERED: "would arrive",
    Outcome.NO_SERVICE: "would arrive where nobody answers",
    Outcome.LINK_DOWN: "would be lost where a link is dead",
    Outcome.NO_ROUTE: "would be dropped for want of a route",
    Outcome.TTL_EXPIRED: "would go round until the TTL (time to live) is used up",
}
Befallen = Failure | event.LinkUp | event.NodeUp | event.Announce | event.Withdraw | event.ServiceDown | event.ServiceUp
BEFALLS: Mapping[type[Befallen], str] = {
    LinkDown: "The link {} is cut.",
    event.LinkUp: "The link {} works again.",
    NodeDown: "{} goes down.",
    event.NodeUp: "{} starts again, with empty tables.",
    event.Announce: "{} has the address from now on, and announces it.",
    event.Withdraw: "The address is taken from {}, which announces it no more.",
    event.ServiceDown: "The service on {0} dies. {0} has the address still, and goes on announcing it.",
    event.ServiceUp: "The service on {} works again.",
}
SEEN = {
    Reason.CARRIER: "the carrier is gone",
    Reason.HELLO: "no hello came until the dead timer ran out",
    Reason.BFD: "no BFD packet came for too long",
    Reason.ANEW: "its neighbour began anew",
}


def hops_in_words(route: Route | None) -> str:
    return listed([hop.node for hop in route.next_hops], "or") if route and route.next_hops else "nobody"


def failure(what: Happening, topology: Topology) -> str:
    assert isinstance(what, Befallen), what
    name = link_label(topology.link(what.link)) if isinstance(what, LinkDown | event.LinkUp) else what.node
    return BEFALLS[type(what)].format(name)


def says(lsa: Lsa, withdrawn: bool, stub: bool) -> str:
    if withdrawn:
        return f"{lsa.origin} tells its neighbours that it has the address no more."
    near = listed([line.neighbour for line in lsa.adjacencies] or ["nobody"])
    if lsa.kind == "lan":
        return f"The news of {lsa.origin}: {near} {'are' if len(lsa.adjacencies) > 1 else 'is'} on it."
    price = f", all at the metric {MAX_METRIC:,}" if stub else ""
    return f"{lsa.origin} tells its neighbours: now I reach {near}{price}."


def detects(node: str, noticed: Iterable[Happening], lan: bool = False) -> str:
    """`R1 notices: R2 and R3 are gone (the carrier is gone).` On a LAN it is nobody in particular who does."""
    said = ["it is to be taken down, and says so beforehand" for what in noticed if isinstance(what, event.StubOrdered)]
    reasons = (  # with `None` who is there
        (what.reason if isinstance(what, event.Gone) else None, what.neighbour)
        for what in noticed
        if isinstance(what, event.Gone | event.There)
    )
    for why, who in grouped(reasons).items():
        state = "there" if why is None else f"out of reach ({SEEN[why]})"
        said.append(f"{listed(who)} {'is' if len(who) == 1 else 'are'} {state}")
    if lan:
        return f"On {node} it is noticed: {'; '.join(said)}. Who is on a LAN sees the carrier of its own cable alone."
    return f"{node} notices: {'; '.join(said)}."


def of_loop(loop: MicroLoop) -> tuple[Sentence, Sentence]:
    """How it begins, and how it ends."""
    who = listed(loop.cycle)
    over = f"The loop of {who} is over; it lasted {duration(loop.to_us - loop.from_us)}."
    begins = f"{who} now point at {each_other(loop.cycle)}: a micro-loop."
    return Sentence("loop", begins, loop.cycle), Sentence("loop", over, loop.cycle)


def each_other(cycle: Collection[str]) -> str:
    """At whom the routers of a loop point."""
    return "each other" if len(cycle) == 2 else "one another in a ring"
