"""The story on different links: anycast."""

from dataclasses import replace
from ipaddress import ip_address, ip_network

from netlearn.figures.same_address.story import ADDRESS, SERVERS, StoryMoment
from netlearn.network.parts import Announcement, Link, Node, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fibs
from netlearn.routing.forwarding import walk
from netlearn.routing.packet import Flow, Packet


# On different links
def routed(first: str = "A") -> Topology:
    """The same two servers, each on a link of its own behind a router; `first` is the nearer one."""
    prefix = ip_network(ADDRESS)
    near, far = ("R2", "R3") if first == "A" else ("R3", "R2")
    return Topology(
        (Node("Desk", "host", ip_address("192.0.2.10")), Node("R1"), Node("R2"), Node("R3"), Node("A"), Node("B")),
        (
            Link("Desk", "R1"),
            Link("R1", near, 1),
            Link("R1", far, 2),
            Link("R2", "A"),
            Link("R3", "B"),
        ),
        tuple(Announcement(prefix, server) for server in SERVERS),
    )


def different_links(first: str) -> tuple[StoryMoment, ...]:
    """The story of two servers with the same address on different links, `first` the nearer: anycast."""
    second = SERVERS[1 - SERVERS.index(first)]
    whole = routed(first)
    way, after = _way(whole), _way(whole.without(NodeDown(first)))
    holder, heir = way[-1], after[-1]
    return (
        StoryMoment(
            "Different links, on purpose: each server says so to its router",
            f"Both servers announce {ADDRESS}/32. No link has two of them, so no ARP question for it has two answers.",
            "news",
            first,
            ("R1",),
            f"I answer for {ADDRESS}",
            also=((second, "R1"),),
        ),
        StoryMoment(
            f"R1 has one entry for it: the nearest, server {holder}",
            f"R1 hears of both and takes the smaller metric ({_metric(whole)} against {_metric(whole, second)}). "
            "For R1 that is one address with two ways to it, like any other.",
            believed=holder,
        ),
        StoryMoment(
            f"Desk's message goes to server {holder}",
            f"Its way: {' → '.join(way)}. Each router hands it to one next hop.",
            "data",
            "Desk",
            (holder,),
            "Hello!",
            holder,
            way=way,
        ),
        StoryMoment(
            f"Server {second} speaks, and nothing flips",
            f"What server {second} says on its own link is heard there alone. Desk's cache names R1's card, and R1's "
            "table asks for metrics, not for who spoke last.",
            "speaks",
            second,
            ("R3" if second == "B" else "R2",),
            "Who has the printer?",
            holder,
        ),
        StoryMoment(
            f"Server {first} dies, and its announcement with it",
            f"Its router withdraws the address; R1's table now leads to server {heir}.",
            believed=heir,
            down=first,
        ),
        StoryMoment(
            f"The next message reaches server {heir}, at the same address",
            f"Its way: {' → '.join(after)}. Connections to server {first} are gone; new ones begin at server {heir}.",
            "data",
            "Desk",
            (heir,),
            "Hello!",
            heir,
            down=first,
            way=after,
        ),
    )


def _way(topology: Topology) -> tuple[str, ...]:
    source = topology.node("Desk").address
    assert source is not None
    return walk(converged_fibs(topology), Packet(Flow(source, ip_address(ADDRESS))), "Desk").nodes


def _metric(topology: Topology, only: str = "") -> int:
    """How far the address is from R1; with `only`, that server's."""
    if only:
        topology = replace(topology, announcements=tuple(a for a in topology.announcements if a.node == only))
    route = converged_fibs(topology)["R1"].lookup(ip_address(ADDRESS))
    assert route is not None
    return route.metric
