"""Who can reach a listener: what the address says that it is bound to, and what the machine says of that address.

A listener is bound to an address, not to an interface, so its address decides. Only `SO_BINDTODEVICE`, or the zone of
an IPv6 link-local address, ties it to an interface. "Whoever can reach an address" is whoever has a way to it, on any
link: Linux takes what is for one of its addresses at every interface. Four settings change that, and all are looked at:
`route_localnet`, which is off by default, opens 127/8; a local route makes more addresses the machine's own; what comes
in through a port of a bridge counts as coming in through the bridge; and a link-local address of a loopback interface
is on no link that another machine has. A firewall may narrow what stands here; it is not asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface

from netlearn.errors import NetlearnError, shown
from netlearn.host.given import Address, WithPrefix, unmapped


class BadAddress(NetlearnError):
    """Text that is no address of IPv4 or IPv6."""


class Scope(StrEnum):
    """From where a listener can be reached, the narrowest first; at last, sockets that have no address.

    >>> [scope.value for scope in Scope]
    ['loopback', 'device', 'multicast', 'address', 'every-ipv4', 'every-ipv6', 'every', 'unix']
    """

    LOOPBACK = "loopback"
    DEVICE = "device"
    MULTICAST = "multicast"
    ADDRESS = "address"
    EVERY_IPV4 = "every-ipv4"
    EVERY_IPV6 = "every-ipv6"
    EVERY = "every"
    UNIX = "unix"


TITLES = {
    Scope.LOOPBACK: "Only programs on this machine, by a loopback address",
    Scope.DEVICE: "Whoever comes in through one interface",
    Scope.MULTICAST: "Whoever sends to a group of machines, this one among them",
    Scope.ADDRESS: "Whoever can reach one address of this machine",
    Scope.EVERY_IPV4: "Whoever can reach any IPv4 address of this machine",
    Scope.EVERY_IPV6: "Whoever can reach any IPv6 address of this machine",
    Scope.EVERY: "Whoever can reach any address of this machine, IPv4 or IPv6",
    Scope.UNIX: "Only programs on this machine, by a name instead of an address",
}

# Who can reach a listener, where `reach` has nothing more exact to say.
_REACH = {
    Scope.LOOPBACK: "Only programs on this machine: every other has a {address} of its own.",
    Scope.DEVICE: "Whoever comes in through {interface}; programs on this machine, too, by an address of {interface}.",
    Scope.MULTICAST: "Whoever sends to the group {address}, which belongs to no machine alone.",
    Scope.ADDRESS: "Whoever can reach {address}, an address of {interface}; programs on this machine can, too.",
    Scope.EVERY_IPV4: f"{TITLES[Scope.EVERY_IPV4]}, from outside or from inside by 127.0.0.1.",
    Scope.EVERY_IPV6: f"{TITLES[Scope.EVERY_IPV6]}, from outside or from inside by ::1; not by IPv4.",
    Scope.EVERY: f"{TITLES[Scope.EVERY]}, from outside or from inside.",
    Scope.UNIX: "Only programs on this machine that may open the file {address}.",
}


@dataclass(frozen=True, slots=True)
class InterfaceAddresses:
    """A network interface: its addresses with the length of their prefix, as in `192.0.2.10/24`.

    `local` are the prefixes that a local route makes the machine's own, beside those that follow from the addresses;
    `route_localnet` lets 127/8 in here; `bridge` is the name of the one that the interface is a port of.
    """

    name: str
    addresses: tuple[str, ...] = ()
    up: bool = True
    loopback: bool = False
    local: tuple[str, ...] = ()
    route_localnet: bool = False
    bridge: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address belongs. `interface` has the address or is the device bound to; `None`: several, or none.

    `opened` are the interfaces that let in what is for this loopback address, by `route_localnet`; `by_route`: the
    address is the machine's own by a local route alone; `bridge`: the device is a port of that one.
    """

    scope: Scope
    interface: str | None = None
    broadcast: bool = False
    opened: tuple[str, ...] = ()
    by_route: bool = False
    bridge: str | None = None


def place(
    interfaces: Sequence[InterfaceAddresses], address: str, device: str | None = None, v6only: bool = False
) -> Place:
    """The scope of a listener on this address, by the first line that applies; `BadAddress` if it is none.

    `device` is the interface that the socket is tied to, if any; `v6only` tells `::` alone from `::` and `0.0.0.0`.
    """
    ip = _plain(address)
    if ip.is_loopback:
        opened = _opened(interfaces, device) if ip.version == 4 else ()
        return Place(Scope.ADDRESS if opened else Scope.LOOPBACK, interface_of(interfaces, ip), opened=opened)
    if ip.is_multicast:
        return Place(Scope.MULTICAST, device)
    if found := _broadcast_on(interfaces, ip):
        return Place(Scope.MULTICAST, device or found[0], broadcast=True)
    if isinstance(ip, IPv6Address) and ip.is_link_local:
        name = ip.scope_id or device or interface_of(interfaces, ip)
        on_loopback = any(each.loopback and each.name == name for each in interfaces)
        return Place(Scope.LOOPBACK if on_loopback else Scope.ADDRESS, name, bridge=_bridge(interfaces, name))
    if device is not None:
        return Place(Scope.DEVICE, device, bridge=_bridge(interfaces, device))
    if not ip.is_unspecified:
        has, routed = interface_of(interfaces, ip), _routed(interfaces, ip)
        return Place(Scope.ADDRESS, has or routed, by_route=has is None and routed is not None)
    return Place(Scope.EVERY_IPV4 if ip.version == 4 else Scope.EVERY_IPV6 if v6only else Scope.EVERY)


def reach(place: Place, address: str) -> str:
    """A sentence that says who can reach a listener on this address."""
    if place.scope == Scope.UNIX and address.startswith("@"):
        return f"Any program that shares this machine’s network: {address} is a name there, without an owner or rights."
    if place.scope == Scope.DEVICE and place.interface == "lo":
        return "Only programs on this machine: it takes what comes in through lo, and from outside nothing does."
    if place.bridge is not None:
        port, bridge = place.interface, place.bridge
        why = f"{port} is a port of the bridge {bridge}, and what comes in there counts as coming in through {bridge}"
        return f"Only programs on this machine, by an address of {port} if it has one: {why}."
    if place.opened:
        names = " or ".join(place.opened)
        why = "there route_localnet is 1, which lets in what is for 127.0.0.0/8"
        return f"Programs on this machine, and whoever sends what is for {address} to {names}: {why}."
    if place.by_route:
        why = f"no interface has it, but a local route on {place.interface} makes it this machine's own"
        return f"Whoever can reach {address}: {why}; programs on this machine can, too."
    if place.scope == Scope.LOOPBACK and _plain(address).is_link_local:
        return f"Only programs on this machine: {address} is for the link of {place.interface}, and no other is there."
    if place.broadcast:
        return f"Every machine on the same link that sends to {address}, which means all of them."
    if place.scope == Scope.ADDRESS and (ip := _plain(address)).version == 6 and ip.is_link_local:
        return f"Only machines on the link of {place.interface or 'one interface'}: no router forwards to {address}."
    if place.scope == Scope.ADDRESS and place.interface is None:
        return f"Whoever can reach {address}; at the moment no interface of this machine has that address."
    return _REACH[place.scope].format(address=address, interface=place.interface)


def interface_of(interfaces: Sequence[InterfaceAddresses], ip: Address) -> str | None:
    """The interface that has the address, `None` if none has it, or if a link-local one is on several."""
    found = [each.name for each in interfaces if any(_has(each, given, ip) for given in map(_parsed, each.addresses))]
    return found[0] if len(found) == 1 or (found and not ip.is_link_local) else None


def _has(interface: InterfaceAddresses, given: WithPrefix, ip: Address) -> bool:
    """A whole IPv4 prefix on a loopback interface is local, not just the address that was set."""
    if interface.loopback and given.version == 4:
        return ip in given.network
    return given.version == ip.version and int(given.ip) == int(ip)  # whatever the zone


def _broadcast_on(interfaces: Sequence[InterfaceAddresses], ip: Address) -> tuple[str | None, ...]:
    """The interface for whose network this is the broadcast address; `(None,)` for the one that means every network."""
    if ip == IPv4Address("255.255.255.255"):
        return (None,)
    for interface in interfaces:
        for network in (_parsed(each).network for each in interface.addresses):
            if ip == network.broadcast_address and network.version == 4 and network.prefixlen < 31:
                return (interface.name,)
    return ()


def _plain(address: str) -> Address:
    """The address that the text is, IPv4 if it is only mapped to IPv6. Raises `BadAddress`."""
    try:
        return unmapped(ip_address(address))
    except ValueError:
        raise BadAddress(f"{shown(address)} is no address: it takes one like 127.0.0.1 or ::1") from None


def _bridge(interfaces: Sequence[InterfaceAddresses], name: str | None) -> str | None:
    return next((each.bridge for each in interfaces if each.name == name), None)


def _routed(interfaces: Sequence[InterfaceAddresses], ip: Address) -> str | None:
    """The interface on which a local route makes the address the machine's own, beside those that have addresses."""
    return next((each.name for each in interfaces if any(ip in _parsed(local).network for local in each.local)), None)


def _opened(interfaces: Sequence[InterfaceAddresses], device: str | None) -> tuple[str, ...]:
    """The interfaces at which `route_localnet` lets in what is for 127/8, and for a socket that is tied to `device`."""
    names = (each.name for each in interfaces if each.route_localnet and not each.loopback)
    return tuple(name for name in names if device in (None, name))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> WithPrefix:
    try:
        return ip_interface(text)
    except ValueError:
        raise BadAddress(f"{shown(text)} is no interface's address: it takes one like 192.0.2.10/24") from None
