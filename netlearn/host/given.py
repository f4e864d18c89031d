"""What somebody gives of a host, made sure of: addresses, prefixes, protocols, ports, and names that can be printed."""

import ipaddress as ip
from functools import lru_cache

from netlearn.errors import NetlearnError, shown

Address = ip.IPv4Address | ip.IPv6Address
WithPrefix = ip.IPv4Interface | ip.IPv6Interface
Prefix = ip.IPv4Network | ip.IPv6Network


class BadHost(NetlearnError):
    """A host that cannot be: without `lo`, an interface twice, an address that is none."""


@lru_cache(maxsize=1024)
def address(text: str) -> Address:
    """The address that the text is, zone included. Raises `BadHost`."""
    try:
        return ip.ip_address(printed(text))
    except ValueError:
        raise BadHost(f"{shown(text)} is no address: it takes one like 127.0.0.1, ::1 or fe80::1%eth0") from None


def network(text: str) -> Prefix:
    """The prefix that the text is. Raises `BadHost`."""
    try:
        return ip.ip_network(printed(text))
    except ValueError as reason:
        raise BadHost(f"{shown(text)} is no prefix: {reason}") from None


def protocol_named(text: str) -> str:
    """The text, if it is `tcp` or `udp`. Raises `BadHost`."""
    if text not in ("tcp", "udp"):
        raise BadHost(f"{shown(text)} is no protocol that is modelled; there are tcp and udp")
    return text


def port_numbered(number: int) -> int:
    """The number, if it is a port's. Raises `BadHost`."""
    if not 1 <= number <= 65535:
        raise BadHost(f"{shown(number)} is no port; ports are 1 to 65535")
    return number


@lru_cache(maxsize=1024)
def interface_address(text: str) -> WithPrefix:
    """The address with its prefix's length that the text is. Raises `BadHost`."""
    try:
        return ip.ip_interface(printed(text))
    except ValueError:
        raise BadHost(f"{shown(text)} is no interface's address: it takes one like 192.0.2.10/24") from None


def printed(text: str) -> str:
    """The text, if a terminal can show it: Python takes nearly any for a zone. Raises `BadHost`."""
    if not text.isprintable():
        raise BadHost(f"{shown(text)} is no word that can be printed")
    return text


def check_names(*names: str | None) -> None:
    """Raise `BadHost` unless every name that is given can be printed."""
    for name in names:
        printed(name or "")


def unmapped(given: Address) -> Address:
    """The address; of an IPv4-mapped IPv6 address the IPv4 address that it stands for (RFC 4291 2.5.5.2)."""
    return given.ipv4_mapped or given if isinstance(given, ip.IPv6Address) else given


def zone_of(given: Address) -> str | None:
    """The zone of an IPv6 address that has one: the interface on whose link it means something."""
    return given.scope_id if isinstance(given, ip.IPv6Address) else None


def fix(value: object, *fields: str) -> None:
    """Make tuples of the lists that somebody may give. Raises `BadHost` for a lone text, which is a sequence, too."""
    for field in fields:
        given = getattr(value, field)
        if isinstance(given, str):
            raise BadHost(f"{field} is {shown(given)}; it takes several, as in ({shown(given)},)")
        object.__setattr__(value, field, tuple(given))  # the value is frozen, and just being made
