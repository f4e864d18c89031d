"""Which links a next hop means: one, or two where a LAN lies between.

Routers on a LAN hand packets to each other directly, so the LAN is no hop; it is drawn as a node, and each router's
cable to it is a link that can be cut.
"""

from collections.abc import Callable, Iterable, Mapping

from netlearn.network.parts import Link
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Hop
from netlearn.routing.spf import NextHop

Crossing = tuple[str, str, str]  # from, to, link


def links_to(topology: Topology, node: str, hop: NextHop) -> tuple[Crossing, ...]:
    """The links from a node to its next hop; of several from the LAN to the next hop the first."""
    across = topology.link(hop.link).other(node)
    first = (node, across, hop.link)
    beyond = links_beyond(topology, node, hop)
    return (first, (across, hop.node, beyond[0].name)) if beyond else (first,)


def links_beyond(topology: Topology, node: str, hop: NextHop) -> tuple[Link, ...]:
    """Every link from the LAN to the next hop; none where no LAN lies between."""
    across = topology.link(hop.link).other(node)
    return () if across == hop.node else topology.links_between(across, hop.node)


def gets_across(topology: Topology, node: str, hop: NextHop, works: Callable[[str], bool]) -> bool:
    """Whether what is handed to the next hop gets there: past a LAN, by one of the next hop's own cables."""
    beyond = links_beyond(topology, node, hop)
    return works(hop.link) and (not beyond or any(works(link.name) for link in beyond))


def links_of(topology: Topology, hops: Iterable[Hop]) -> list[tuple[str, str]]:
    """Every link that the hops of a way cross, with the node from which."""
    return [(start, link) for hop in hops for start, _, link in links_to(topology, hop.node, hop.taken)]


def on_links(topology: Topology, carried: Mapping[Crossing, float]) -> dict[Crossing, float]:
    """The shares that nodes hand to next hops (`forwarding.shares`), on each link: the way out of a LAN is its own."""
    shares_on: dict[Crossing, float] = {}
    for (node, following, link), share in carried.items():
        for crossing in links_to(topology, node, NextHop(following, link)):
            shares_on[crossing] = shares_on.get(crossing, 0.0) + share
    return shares_on
