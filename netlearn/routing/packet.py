"""A packet, the flow that it belongs to, and the hash that keeps a flow together.

Where several next hops are equally good, a router does not throw dice for each packet: it hashes what all packets of a
flow have in common, so that the flow stays on one way and its packets stay in order (RFC 2991 2 and 4, RFC 2992).
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address

from netlearn.chance import drawn
from netlearn.errors import NetlearnError, check_whole, printable, shown
from netlearn.network.parts import Address, check_no_zone

TCP, UDP = 6, 17  # IANA protocol numbers


@dataclass(frozen=True, slots=True)
class Flow:
    """The packets of one conversation in one direction: the five fields that they share.

    >>> print(flow_between(forum(), "Source", "End").reverse())
    TCP, 198.51.100.10 port 80 to 203.0.113.10 port 49152
    """

    source: Address
    destination: Address
    source_port: int = 49152
    destination_port: int = 80
    protocol: int = TCP

    def reverse(self) -> "Flow":
        """The packets of the same conversation in the other direction."""
        return Flow(self.destination, self.source, self.destination_port, self.source_port, self.protocol)

    def __str__(self) -> str:
        protocol = {TCP: "TCP", UDP: "UDP"}.get(self.protocol, f"protocol {self.protocol}")
        ends = f"{self.source} port {self.source_port} to {self.destination} port {self.destination_port}"
        return printable(f"{protocol}, {ends}")


@dataclass(frozen=True, slots=True)
class Packet:
    """A packet of a flow. `ttl` counts the links that it may still cross (RFC 1812 5.3.1); it has eight bits.

    >>> print(walk(converged_fibs(forum()), Packet(flow_between(forum(), "Source", "End"), ttl=2), "Source"))
    Source → R1 → R2: TTL expired
    """

    flow: Flow
    ttl: int = 64

    def __post_init__(self) -> None:
        check_whole("ttl", self.ttl, most=255)  # or what goes round goes round for ever


def as_address(address: Address | str) -> Address:
    """The address that was given, or that the text spells; raises `NetlearnError`.

    >>> as_address("192.0.2.1")
    IPv4Address('192.0.2.1')
    """
    try:
        given = ip_address(address) if isinstance(address, str) else address
    except ValueError:
        given = None
    if not isinstance(given, IPv4Address | IPv6Address):
        raise NetlearnError(f"{shown(address)} is not an IP address such as 203.0.113.1 or 2001:db8::1")
    check_no_zone(given, "the address")
    return given


def flow_hash(flow: Flow, seed: str) -> int:
    """A number from 0 to 2**64 - 1, the same for every packet of the flow, on any machine.

    `seed` is what a router adds of its own. Routers with the same seed choose alike, and the second choice then
    repeats the first: polarisation.

    >>> flows = [flow_between(forum(), "Source", "End", number) for number in range(1, 9)]
    >>> [choice(flow_hash(flow, "R1"), 2) for flow in flows]
    [1, 1, 0, 0, 1, 0, 1, 1]
    """
    fields = (seed, flow.source, flow.destination, flow.source_port, flow.destination_port, flow.protocol)
    return drawn(repr(tuple(map(str, fields))))  # its quotes keep port 1 and protocol 23 from being 12 and 3


def choice(hashed: int, count: int) -> int:
    """Which of `count` equal next hops a hashed flow takes: the hash space cut in equal pieces (RFC 2992 2.1).

    >>> [choice(quarter << 62, 2) for quarter in range(4)]
    [0, 0, 1, 1]
    """
    # The remainder would do, but when a next hop goes it sends nearly every flow another way (RFC 2992 3).
    return hashed * count >> 64
