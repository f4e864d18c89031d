"""A router's loopback against the addresses of its interfaces: a name for the box against names of its cables.

Both are the router's own, and both are answered on whatever interface a packet comes in (the weak host model, RFC 1122
3.3.4.2). What differs is who announces them. The loopback's host route is announced by the router and nobody else, so
every way to the router is a way to it. An interface's address lies in the prefix of its link, which both ends announce
for as long as they see a carrier (RFC 2328 12.4.1.1): when the cable is cut the prefix is gone, and the address with
it, though the router still owns it. When the cable is cut silently both ends go on announcing, and packets that come
to the far end are handed to a dead cable.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from ipaddress import ip_network
from itertools import count
from typing import Literal

from netlearn.errors import BadNetwork, UnknownName, listed
from netlearn.network.parts import Address, Announcement, Failure, Prefix
from netlearn.network.topology import Topology, host_prefix
from netlearn.routing.fib import Fib, fibs_towards
from netlearn.routing.forwarding import Outcome, Walk, flow_to, gets_across, walk
from netlearn.routing.packet import Packet
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop

Version = Literal[4, 6]

# Where the prefixes of links are cut from, and how long they are: one for two ends (RFC 3021, RFC 6164), one for a LAN.
# The benchmarking prefix (RFC 2544) for IPv4, as in the laboratory; the documentation prefix for IPv6.
WIRES: dict[int, tuple[Prefix, int]] = {4: (ip_network("198.18.0.0/16"), 31), 6: (ip_network("2001:db8:18::/48"), 127)}
LANS: dict[int, tuple[Prefix, int]] = {4: (ip_network("198.19.0.0/16"), 24), 6: (ip_network("2001:db8:19::/48"), 64)}


@dataclass(frozen=True, slots=True)
class LinkEnd:
    """One end of a link: its node's address there, and the link's prefix.

    >>> end = interfaces(forum()).end("R1", "R1-R2")
    >>> print(end.address, end.prefix)
    198.18.0.2 198.18.0.2/31
    """

    node: str
    link: str
    address: Address
    prefix: Prefix


@dataclass(frozen=True)
class Interfaces:
    """The interfaces of a whole network, in the order of its links; `network` is how it is with nothing failed.

    >>> [str(end.address) for end in interfaces(forum()).of("R1")]
    ['198.18.0.1', '198.18.0.2', '198.18.0.6', '198.18.0.12']
    """

    network: Topology
    ends: tuple[LinkEnd, ...]

    @cached_property
    def _by_address(self) -> dict[Address, LinkEnd]:
        return {end.address: end for end in self.ends}

    @cached_property
    def _prefixes(self) -> frozenset[Prefix]:
        return frozenset(end.prefix for end in self.ends)

    @cached_property
    def _by_end(self) -> dict[tuple[str, str], LinkEnd]:
        return {(end.node, end.link): end for end in self.ends}

    def of(self, node: str) -> tuple[LinkEnd, ...]:
        """The interfaces of a node, in the order of the links."""
        return tuple(end for end in self.ends if end.node == node)

    def end(self, node: str, link: str) -> LinkEnd:
        """The interface of a node on a link; raises `UnknownName`."""
        if (node, link) not in self._by_end:
            own = listed(each.link for each in self.of(node))
            raise UnknownName(f"{node} has no interface on {link}; it has {own}")
        return self._by_end[node, link]

    def announced(self, has_carrier: Callable[[LinkEnd], bool] = lambda _: True) -> tuple[Announcement, ...]:
        """What routers announce of their links while they see a carrier, each at its own metric into the link.

        A host announces none of its links, since nobody is reached through it.
        """
        routers = frozenset(self.network.routers)
        return tuple(self.announcement(end) for end in self.ends if end.node in routers and has_carrier(end))

    def announcement(self, end: LinkEnd) -> Announcement:
        """What a router announces of one of its links."""
        return Announcement(end.prefix, end.node, self.network.link(end.link).metric_from(end.node))

    def effective_route(
        self, node: str, address: Address, route: Route | None, carriers: Iterable[LinkEnd]
    ) -> Route | None:
        """The route that packets for the address meet at the node: `route` is what it computed.

        Its own addresses are local. An address on one of its links with a carrier (`carriers`) is reached over that
        link, since what is connected comes before what is announced.
        """
        owner = self._by_address.get(address)
        if owner is None:
            return None if route is not None and route.local and route.prefix in self._prefixes else route
        if owner.node == node:
            return Route(host_prefix(address), 0)
        connected = [end for end in carriers if end.prefix == owner.prefix]
        if connected:
            metric = min(self.network.link(end.link).metric_from(node) for end in connected)
            return Route(owner.prefix, metric, tuple(sorted(NextHop(owner.node, end.link) for end in connected)))
        return None if route is not None and route.local else route


@dataclass(frozen=True, slots=True)
class AddressAnswer:
    """Whether an address of a node answers, and by which way; `link` is `None` for the node's loopback address."""

    address: Address
    link: str | None
    walk: Walk

    @property
    def answers(self) -> bool:
        """Whether packets arrive at the node."""
        return self.walk.outcome is Outcome.DELIVERED


def interfaces(topology: Topology, version: Version = 4) -> Interfaces:
    """An address for each end of each link, by the topology's order: /31 and /127 for wires, /24 and /64 for LANs.

    Raises `BadNetwork` where there are more links, or more routers on a LAN, than addresses.

    >>> [str(end.address) for end in interfaces(forum(), 6).of("Source")]
    ['2001:db8:18::']
    """
    return Interfaces(topology, tuple(_numbered(topology, version)))


def tables(
    given: Interfaces, address: Address, failures: Iterable[Failure] = (), silent: Iterable[Failure] = ()
) -> dict[str, Fib]:
    """What packets for the address meet at each node once the failures are noticed.

    `failures` take the carrier away. `silent` ones do not: hellos stop, but both ends still see a carrier.

    >>> far_end = interfaces(forum()).end("R2", "R1-R2").address
    >>> len(tables(interfaces(forum()), far_end, [LinkDown("R1-R2")])["R1"])
    0
    """
    failures, silent = tuple(failures), tuple(silent)
    dead = _dead_links(given.network, failures)
    up = given.network.without(*failures, *silent)

    def has_carrier(end: LinkEnd) -> bool:
        return end.link not in dead and up.has_node(end.node)

    control = replace(up, announcements=(*up.announcements, *given.announced(has_carrier)))
    found = {}
    for node, fib in fibs_towards(control, address).items():
        carriers = [end for end in given.of(node) if has_carrier(end)]
        route = given.effective_route(node, address, fib.lookup(address), carriers)
        found[node] = Fib(node, {route.prefix: route} if route else {}, fib.forwards)
    return found


def way_to(
    given: Interfaces, source: str, address: Address, failures: Iterable[Failure] = (), silent: Iterable[Failure] = ()
) -> Walk:
    """The way of the source's first flow to an address of any kind, once the failures are noticed.

    A packet that is handed to a dead cable ends there. Raises `UnknownName` if the source is down.
    """
    failures, silent = tuple(failures), tuple(silent)
    packet = Packet(flow_to(given.network, source, address))
    found = walk(tables(given, address, failures, silent), packet, source)
    dead = _dead_links(given.network, (*failures, *silent))
    for place, hop in enumerate(found.hops):
        if not gets_across(given.network, hop.node, hop.taken, lambda link: link not in dead):
            return Walk(Outcome.LINK_DOWN, found.hops[:place], hop.node)
    return found


def answers(
    given: Interfaces, node: str, source: str, failures: Iterable[Failure] = (), silent: Iterable[Failure] = ()
) -> tuple[AddressAnswer, ...]:
    """Which addresses of the node answer the source, its loopback address first, then those of its interfaces.

    >>> [each.answers for each in answers(interfaces(forum()), "R2", "Source", [LinkDown("R1-R2")])]
    [True, False, True, True, True, True]
    """
    failures, silent = tuple(failures), tuple(silent)
    asked = [(given.network.node(node).address, None), *((end.address, end.link) for end in given.of(node))]
    return tuple(
        AddressAnswer(address, link, way_to(given, source, address, failures, silent))
        for address, link in asked
        if address is not None
    )


def _numbered(topology: Topology, version: Version) -> Iterator[LinkEnd]:
    names = (node.name for node in topology.nodes if node.kind == "lan")
    lans = {lan: _subnet(*LANS[version], number) for number, lan in enumerate(names)}
    free, wires = {lan: prefix.hosts() for lan, prefix in lans.items()}, count()
    for link in topology.links:
        lan = next((end for end in link.ends if end in lans), None)
        if lan is None:
            prefix = _subnet(*WIRES[version], next(wires))
            yield from (LinkEnd(end, link.name, prefix[place], prefix) for place, end in enumerate(link.ends))
        else:
            address = next(free[lan], None)
            if address is None:
                raise BadNetwork(f"on the LAN {lan} there are more routers and hosts than addresses in {lans[lan]}")
            yield LinkEnd(link.other(lan), link.name, address, lans[lan])


def _subnet(whole: Prefix, length: int, number: int) -> Prefix:
    """The prefix of this length with this number, from 0, in the whole."""
    if number >= 1 << (length - whole.prefixlen):
        raise BadNetwork(f"{whole} has addresses for {number} links of /{length}, and there are more")
    return ip_network((whole[number << (whole.max_prefixlen - length)], length))


def _dead_links(topology: Topology, failures: Iterable[Failure]) -> frozenset[str]:
    """Every link that the failures take away."""
    left = topology.without(*failures)
    return frozenset(link.name for link in topology.links if not left.has_link(link.name))
