"""The way of one packet, from the host that sends it to the host that it is for, with every table that it meets.

Each host looks up the destination in its own tables and hands the packet to `lo` or, over one link, to one neighbour,
which may drop it for its addresses alone, take it, or forward it. `dial` makes question and answer of two such ways.
"""

from dataclasses import dataclass, replace
from enum import Enum
from functools import partial
from ipaddress import IPv6Address

from netlearn.host.given import Address
from netlearn.host.host import Host, Interface, World
from netlearn.host.tables import Found, is_own, lookup, route_beyond

TTL = 64  # links that a packet may cross, as Linux sends it


class Where(Enum):
    """What a packet passes on one host or between two."""

    PROCESS = "process"
    SOCKET = "socket"
    LOCAL_TABLE = "local table"
    MAIN_TABLE = "main table"
    LO = "lo"
    NIC = "NIC"
    NEIGHBOURS = "neighbour table"
    LINK = "link"


class End(Enum):
    """Why a packet went no further, where it did not reach a socket that takes it."""

    NO_ROUTE = "no route"
    BLACKHOLE = "a blackhole route"
    UNREACHABLE = "an unreachable route"
    PROHIBITED = "a prohibit route"
    NO_SOURCE = "no source address"
    BROADCAST = "a broadcast address"
    LOOPBACK_LEAVES = "a loopback address may not leave"
    NO_ZONE = "no zone"
    NOT_OWN = "the source is not its own"
    LO_DOWN = "lo is down"
    NO_CARRIER = "no carrier"
    NO_NEIGHBOUR = "nobody answers for the address"
    MARTIAN_DESTINATION = "martian destination"
    MARTIAN_SOURCE = "martian source"
    REVERSE_PATH = "reverse path filter"
    NOT_MINE = "not for this host"
    LOOP = "TTL expired"
    NO_LISTENER = "no listener"
    OTHER_SOURCE = "the answer is from another address"


REFUSED_BY = {"blackhole": End.BLACKHOLE, "unreachable": End.UNREACHABLE, "prohibit": End.PROHIBITED}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a packet: what it met on which host, by name, and why it went on, or (`end`) did not."""

    where: Where
    host: str
    name: str
    reason: str
    end: End | None = None

    def __str__(self) -> str:
        what = self.where.value if self.name in ("", self.where.value) else f"{self.where.value} {self.name}"
        return f"{self.host}, {what}: {self.reason}"


@dataclass(frozen=True, slots=True)
class HostPacket:
    """What tables look at; `name` is what the steps call it."""

    source: Address | None
    destination: Address
    name: str


@dataclass(frozen=True, slots=True)
class Received:
    """A packet in the hands of the host that it is for; addresses of one link have that host's zone."""

    host: Host
    interface: str
    packet: HostPacket


class Stopped(Exception):
    """The packet went no further, on this host and for this reason."""

    def __init__(self, end: End, host: Host) -> None:
        super().__init__(end, host)
        self.end, self.host = end, host


def stopped(steps: list[Step], host: Host, where: Where, end: End, reason: str, name: str = "") -> Stopped:
    """The exception for a packet that goes no further, which is written down as its last step."""
    steps.append(Step(where, host.name, name, reason, end))
    return Stopped(end, host)


def travel(world: World, host: Host, packet: HostPacket, steps: list[Step], found: Found | None) -> Received:
    """Carry the packet from the host to the one that it is for; `found` is the host's way for it, `None` without one.

    Writes down each step. Raises `Stopped` after the last, if the packet does not arrive.

    >>> from netlearn.host.dial import HostPacket, route_get
    >>> found = route_get(world().host(ME), "198.51.100.99")
    >>> travel(world(), world().host(ME), HostPacket(found.source, found.destination, "SYN"), [], found).host.name
    'the far host'
    """
    for _ in range(TTL):
        if found is not None and found.local:
            return _through_lo(host, packet, found, steps)
        if found is not None and found.refused:
            reason = f"the most specific route is {found.route}, so the {packet.name} is dropped."
            raise stopped(steps, host, Where.MAIN_TABLE, REFUSED_BY[found.route.kind], reason)
        if found is None or found.interface == "lo":  # IPv6 has a route by lo that leads nowhere (`main_table`)
            reason = f"no route to {packet.destination}, so the {packet.name} is dropped."
            raise stopped(steps, host, Where.MAIN_TABLE, End.NO_ROUTE, reason)
        way = f"via {found.next_hop}" if found.route.via else "on its own link"
        reason = f"{found.destination} is reached by {found.interface}, {way}."
        steps.append(Step(Where.MAIN_TABLE, host.name, "", reason))
        host, interface = _over_the_link(world, host, packet, found, steps)
        packet = _with_zone(packet, interface.name)
        _admit(host, interface, packet, steps)
        if _for_me(host, interface, packet.destination):
            reason = f"{_whose(host, packet.destination)}, so it is for {host.name}."
            steps.append(Step(Where.LOCAL_TABLE, host.name, "", reason))
            return Received(host, interface.name, packet)
        found = _forward(host, interface, packet, steps)
    raise stopped(steps, host, Where.MAIN_TABLE, End.LOOP, f"after {TTL} links the TTL is 0: dropped.")


def _through_lo(host: Host, packet: HostPacket, found: Found, steps: list[Step]) -> Received:
    """What is for the host itself is handed to `lo`, which hands it back."""
    steps.append(Step(Where.LOCAL_TABLE, host.name, "", f"{_whose(host, packet.destination)}, so it goes through lo."))
    if not host.interface("lo").up:
        raise stopped(steps, host, Where.LO, End.LO_DOWN, f"lo is down: the {packet.name} is dropped.", "lo")
    steps.append(Step(Where.LO, host.name, "lo", "what lo is given to send, it has received at once."))
    # A socket that is tied to a device takes it as if it had come in by the interface that has the address.
    return Received(host, found.route.interface, packet)


def _over_the_link(
    world: World, host: Host, packet: HostPacket, found: Found, steps: list[Step]
) -> tuple[Host, Interface]:
    """Send on the NIC; who takes the frame is whoever answers for the next hop."""
    interface = host.interface(found.interface)
    if not interface.carrier:
        reason = f"{interface.name} has no carrier: nothing leaves, and nobody can be asked for {found.next_hop}."
        raise stopped(steps, host, Where.NIC, End.NO_CARRIER, reason, interface.name)
    steps.append(Step(Where.NIC, host.name, interface.name, f"the {packet.name} is sent from {packet.source}."))
    link = interface.link or "nothing"
    asks = f"it asks by {'ARP' if found.next_hop.version == 4 else 'neighbour discovery'}"
    for other, theirs in world.on_link(interface.link):
        mine, its = (host.name, interface.name), (other.name, theirs.name)
        deaf = interface.macvlan_on == its or theirs.macvlan_on == mine  # a macvlan and its NIC never hear each other
        if mine != its and not deaf and answers_for(other, theirs, found.next_hop):
            reason = f"{asks} who has {found.next_hop}; {other.name} answers, by {theirs.name}."
            steps.append(Step(Where.NEIGHBOURS, host.name, "", reason))
            steps.append(Step(Where.LINK, host.name, link, f"the frame goes to {other.name} alone."))
            return other, theirs
    reason = f"{asks} on {link} who has {found.next_hop}, and nobody answers."
    raise stopped(steps, host, Where.NEIGHBOURS, End.NO_NEIGHBOUR, reason)


def answers_for(host: Host, interface: Interface, ip: Address) -> bool:
    """Whether the host answers on this interface when a neighbour asks who has the address.

    ARP answers for every own address, whatever interface has it (weak host), unless `arp_ignore` or `strong`; neighbour
    discovery only for addresses of that interface. Nobody answers for 127/8 without `route_localnet`.
    """
    if not interface.running or (ip.is_loopback and not host.route_localnet):
        return False
    if any(int(each.ip) == int(ip) for each in interface.given(ip.version)):
        return True
    return ip.version == 4 and is_own(host, ip) and not (host.arp_ignore or host.strong)


def _admit(host: Host, interface: Interface, packet: HostPacket, steps: list[Step]) -> None:
    """Let the packet in, or drop it for what its addresses are, whatever listens."""
    assert packet.source is not None
    end = _martian(host, interface, packet.source, packet.destination)
    reason = {
        None: f"{interface.name} takes the {packet.name} in.",
        End.MARTIAN_DESTINATION: f"{packet.destination} may not come in from outside: a martian, dropped.",
        End.MARTIAN_SOURCE: f"{packet.source} as a source may not come in from outside: a martian, dropped.",
        End.REVERSE_PATH: f"the way to {packet.source} is not by {interface.name}: rp_filter drops it.",
    }[end]
    steps.append(Step(Where.NIC, host.name, interface.name, reason, end))
    if end is not None:
        raise Stopped(end, host)


def _martian(host: Host, interface: Interface, source: Address, destination: Address) -> End | None:
    """Why a packet with these addresses may not come in (RFC 1122 3.2.1.3(g), RFC 4291 2.5.3); `None`: it may."""
    opened = host.route_localnet and destination.version == 4
    if destination.is_loopback and not opened:
        return End.MARTIAN_DESTINATION
    if source.is_loopback and not opened:
        return End.MARTIAN_SOURCE
    if source.version == 6:
        return None
    own = (given.ip for each in host.interfaces for given in each.given(4))
    if source.is_unspecified or source in own:
        return End.MARTIAN_SOURCE
    if not host.rp_filter:
        return None
    way = lookup(host, source)
    fits = way is not None and way.kind == "unicast" and (host.rp_filter == 2 or way.interface == interface.name)
    return None if fits else End.REVERSE_PATH


def _for_me(host: Host, interface: Interface, ip: Address) -> bool:
    """Whether a packet that came in here is for the host: weak unless `strong`."""
    route = lookup(host, ip)
    return route is not None and route.kind == "local" and (not host.strong or route.interface == interface.name)


def _forward(host: Host, interface: Interface, packet: HostPacket, steps: list[Step]) -> Found | None:
    """Where a router sends what is not its own; a host drops it (RFC 1122 3.3.1.1)."""
    dropped = partial(stopped, steps, host, Where.LOCAL_TABLE)
    ip = packet.destination
    route = lookup(host, ip)
    if route is not None and route.kind == "broadcast":
        raise dropped(End.BROADCAST, f"{ip} means every host of a link of {host.name}, which drops it.")
    found = route_beyond(host, ip, packet.source)
    # IPv6 complains that it has no route even where it does not forward; IPv4 is silent.
    if host.forwards or (ip.version == 6 and (found is None or found.refused or found.interface == "lo")):
        return found
    if route is not None and route.kind == "local":
        raise dropped(End.NOT_MINE, f"{_whose(host, ip)}, but came in by {interface.name}: a strong host drops it.")
    raise dropped(End.NOT_MINE, f"{ip} is not for {host.name}, and a host does not forward: dropped.")


def _with_zone(packet: HostPacket, interface: str) -> HostPacket:
    """The packet as the receiving host sees it: an address of one link is one of this interface."""
    assert packet.source is not None
    source, destination = (
        IPv6Address(f"{IPv6Address(int(ip))}%{interface}") if ip.version == 6 and ip.is_link_local else ip
        for ip in (packet.source, packet.destination)
    )
    return replace(packet, source=source, destination=destination)


def _whose(host: Host, ip: Address) -> str:
    """Why an address is the host's own."""
    route = lookup(host, ip)
    assert route is not None
    if ip.is_loopback:
        return f"{ip} is a loopback address"
    if route.prefix.prefixlen < route.prefix.max_prefixlen:
        return f"{ip} is in {route.prefix}, the whole of which is local on {route.interface}"
    return f"{ip} is {host.name}'s own address, on {route.interface}"
