"""A packet's way through many FIBs, one hop at a time.

No router knows the way: each looks up the destination in its own table and hands the packet to exactly one next hop
(RFC 1812 5.2). So the walk can be delivered, find no route, or, where tables disagree, go round until its TTL is 0.

Routers on a LAN hand packets to each other directly, so the LAN is no hop; it is drawn as a node, and each router's
cable to it is a link that can be cut. So a next hop means one link, or two where a LAN lies between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from netlearn.errors import NetlearnError, UnknownName, listed, shown
from netlearn.network.parts import Address, Link
from netlearn.network.topology import Topology
from netlearn.routing.fib import Fib
from netlearn.routing.packet import Flow, Packet, as_address, choice, flow_hash
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop, shortest_paths

FIRST_PORT = 49152  # of those that no service is given (RFC 6335 6)
MOST_FLOWS = 65536 - FIRST_PORT
Crossing = tuple[str, str, str]  # from, to, link


class Outcome(Enum):
    """How a packet's way ends.

    >>> cut_off = converged_fibs(forum().without(LinkDown("Source-R1")))
    >>> walk(cut_off, Packet(flow_between(forum(), "Source", "End")), "Source").outcome.value
    'no route'
    """

    DELIVERED = "delivered"
    NO_ROUTE = "no route"
    TTL_EXPIRED = "TTL expired"
    LINK_DOWN = "lost on a dead link"  # this and the next only in time: `netlearn.convergence.traffic`
    NO_SERVICE = "answered by nobody"  # it arrived, but what answers there is dead


@dataclass(frozen=True, slots=True)
class Hop:
    """One step: where the packet was, the route it met there, and the next hop that the flow's hash chose.

    >>> tables = converged_fibs(forum().without(*CASE_1))
    >>> way = walk(tables, Packet(flow_between(forum(), "Source", "End")), "Source")
    >>> [(hop.node, hop.taken.node) for hop in way.hops if hop.tied]
    [('R1', 'R3')]
    """

    node: str
    route: Route
    taken: NextHop

    @property
    def tied(self) -> bool:
        """Whether there was a choice."""
        return len(self.route.next_hops) > 1


@dataclass(frozen=True, slots=True)
class Walk:
    """The way of one packet: its hops in order, where it ended, and how.

    >>> walk(converged_fibs(forum()), Packet(flow_between(forum(), "R1", "End")), "R1").links
    ('R1-R2', 'R2-End')
    """

    outcome: Outcome
    hops: tuple[Hop, ...]
    end: str

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that held the packet, the first and the last included."""
        return (*(hop.node for hop in self.hops), self.end)

    @property
    def links(self) -> tuple[str, ...]:
        """The links that it passed, in order."""
        return tuple(hop.taken.link for hop in self.hops)

    def __str__(self) -> str:
        return f"{' → '.join(self.nodes)}: {self.outcome.value}"


def walk(fibs: Mapping[str, Fib], packet: Packet, start: str, seeds: Mapping[str, str] | None = None) -> Walk:
    """The way of a packet that `start` sends.

    `seeds` are the routers' own shares in the flow hash (`flow_hash`), the router's name unless given. The sender does
    not lower the TTL; each router that would forward at TTL 1 drops the packet instead. A node without a FIB has no
    route. Raises `UnknownName` if `start` has no FIB.

    >>> print(walk(converged_fibs(forum()), Packet(flow_between(forum(), "R1", "End")), "R1"))
    R1 → R2 → End: delivered
    """
    if start not in fibs:
        raise UnknownName(f"{start!r} has no FIB to send with; there are those of {listed(fibs)}")
    hops: list[Hop] = []
    node = start
    while True:
        route = fibs[node].lookup(packet.flow.destination) if node in fibs else None
        if route is None or (hops and not route.local and not fibs[node].forwards):
            return Walk(Outcome.NO_ROUTE, tuple(hops), node)
        if route.local:
            return Walk(Outcome.DELIVERED, tuple(hops), node)
        if hops and packet.ttl <= len(hops):  # every node before this one has lowered it, but for the sender
            return Walk(Outcome.TTL_EXPIRED, tuple(hops), node)
        taken = chosen(route, packet.flow, (seeds or {}).get(node, node))
        hops.append(Hop(node, route, taken))
        node = taken.node


def chosen(route: Route, flow: Flow, seed: str) -> NextHop:
    """The next hop that a router with this seed takes for the flow."""
    if len(route.next_hops) == 1:  # as nearly always; a hash would take longer than all else on a way
        return route.next_hops[0]
    return route.next_hops[choice(flow_hash(flow, seed), len(route.next_hops))]


def flow_between(topology: Topology, source: str, destination: str, number: int = 1) -> Flow:
    """The `number`-th flow from one node to another: the same addresses, another source port.

    Source ports are those that a sender picks by itself, 49152 to 65535 (RFC 6335 6), so `number` is 1 to 16384.
    Raises `NetlearnError` for another number, `UnknownName` if either node has no address.

    >>> print(flow_between(forum(), "Source", "End", 2))
    TCP, 203.0.113.10 port 49153 to 198.51.100.10 port 80
    """
    return flow_to(topology, source, _own_address(topology, destination), number)


def flow_to(topology: Topology, source: str, destination: Address | str, number: int = 1) -> Flow:
    """The `number`-th flow from a node to an address, which may be that of several nodes; otherwise as `flow_between`.

    >>> print(flow_to(forum(), "Source", as_address("203.0.113.1")))
    TCP, 203.0.113.10 port 49152 to 203.0.113.1 port 80
    """
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_FLOWS:
        raise NetlearnError(f"there is no flow {shown(number)} from {source}; its flows to one address are 1 to 16384")
    return Flow(_own_address(topology, source), as_address(destination), source_port=FIRST_PORT - 1 + number)


def flows_of(topology: Topology, source: str, destination: str | Address, many: int) -> list[Flow]:
    """The first flows from a node to another, or to an address. Raises `NetlearnError` for less than one."""
    if isinstance(many, bool) or not isinstance(many, int) or not 1 <= many <= MOST_FLOWS:
        raise NetlearnError(f"there is 1 flow and more, not {shown(many)}; to one address at most 16,384")
    if isinstance(destination, str):
        return [flow_between(topology, source, destination, number) for number in range(1, many + 1)]
    return [flow_to(topology, source, destination, number) for number in range(1, many + 1)]


def _own_address(topology: Topology, name: str) -> Address:
    address = topology.node(name).address
    if address is None:
        raise UnknownName(f"{name} has no address of its own; Topology.addressed() gives one to every node")
    return address


def shares(topology: Topology, source: str, destination: str) -> dict[Crossing, float]:
    """The share of the flows that each link carries if every tie splits evenly: `(from, to, link)` to 0..1.

    "Evenly" is what the hashes of many flows come to. Equal at each router is not equal at the end: a way that is
    split twice keeps a quarter. Empty when there is no path.

    >>> carried = shares(forum().without(*CASE_1), "R2", "End")
    >>> carried["R2", "R4", "R2-R4"], carried["R2", "R7", "R2-R7"]
    (0.5, 0.5)
    """
    source = topology.node(source).name
    destination = topology.node(destination).name if topology.has_node(destination) else destination
    distance = shortest_paths(topology, source).distance
    if destination not in distance:
        return {}
    return spread(source, lambda node: shortest_paths(topology, node).next_hops(destination), distance.__getitem__)[0]


def spread(
    source: str, next_hops: Callable[[str], Sequence[NextHop]], order: Callable[[str], int]
) -> tuple[dict[Crossing, float], dict[str, float]]:
    """The share of the source's flows on each `(from, to, link)`, and where they end: at nodes without next hops.

    `order` grows along every way, so that a node divides its share when all of it has arrived.
    """
    carried: dict[Crossing, float] = {}
    ends: dict[str, float] = {}
    waiting = {source: 1.0}
    while waiting:
        node = min(waiting, key=lambda name: (order(name), name))
        share, hops = waiting.pop(node), next_hops(node)
        if not hops:
            ends[node] = share
        for hop in hops:
            carried[node, *hop] = carried.get((node, *hop), 0.0) + share / len(hops)
            waiting[hop.node] = waiting.get(hop.node, 0.0) + share / len(hops)
    return carried, ends


def links_to(topology: Topology, node: str, hop: NextHop) -> tuple[Crossing, ...]:
    """The link from a node to its next hop; across a LAN its own, then the first of the next hop's."""
    across, beyond = topology.link(hop.link).other(node), links_beyond(topology, node, hop)
    return ((node, across, hop.link), *((across, hop.node, link.name) for link in beyond[:1]))


def links_beyond(topology: Topology, node: str, hop: NextHop) -> tuple[Link, ...]:
    """Every link from the LAN to the next hop; none where no LAN lies between."""
    across = topology.link(hop.link).other(node)
    return () if across == hop.node else topology.links_between(across, hop.node)


def gets_across(topology: Topology, node: str, hop: NextHop, works: Callable[[str], bool]) -> bool:
    """Whether what is handed to the next hop gets there: across a LAN, any of the next hop's cables will do."""
    beyond = links_beyond(topology, node, hop)
    return works(hop.link) and (not beyond or any(works(link.name) for link in beyond))


def links_of(topology: Topology, hops: Iterable[Hop]) -> list[tuple[str, str]]:
    """Every link that the hops of a way cross, with the node from which."""
    return [(start, link) for hop in hops for start, _, link in links_to(topology, hop.node, hop.taken)]


def on_links(topology: Topology, carried: Mapping[Crossing, float]) -> dict[Crossing, float]:
    """The `shares` that nodes hand to next hops, on each link: where a LAN lies between, on both cables."""
    shares_on: dict[Crossing, float] = {}
    for (node, following, link), share in carried.items():
        for crossing in links_to(topology, node, NextHop(following, link)):
            shares_on[crossing] = shares_on.get(crossing, 0.0) + share
    return shares_on
