"""Who may wait where, and who gets what arrives: the rules of bind(2), and of the kernel's choice among sockets.

A socket is bound to an address and port, not to an interface. Two may wait for the same packets only if both say so.
"""

from dataclasses import replace
from ipaddress import IPv4Address

from netlearn.errors import NetlearnError
from netlearn.host.given import Address
from netlearn.host.host import Binding, Host
from netlearn.host.tables import lookup


class CannotBind(NetlearnError):
    """What bind(2) or listen(2) refused; `error` is the name of its errno.

    >>> bind(Host("a"), Binding("server", "tcp", "192.0.2.1", 8080))
    Traceback (most recent call last):
    netlearn.host.bind.CannotBind: server on tcp 192.0.2.1:8080: a has no address 192.0.2.1; it has 127.0.0.1
    """

    def __init__(self, error: str, message: str) -> None:
        super().__init__(message)
        self.error = error


def _is_for(binding: Binding, ip: Address) -> bool:
    """Whether a packet for the address could be for the binding. `::` is the only one that stands for both families."""
    both = binding.ip.version == 6 and binding.ip.is_unspecified and not binding.v6only
    if not both and binding.ip.version != ip.version:
        return False
    return binding.ip.is_unspecified or int(binding.ip) == int(ip)


def conflict(one: Binding, other: Binding) -> bool:
    """Whether a packet could be for both, and they did not both say that they share.

    Both must set SO_REUSEPORT (and belong to one user, which is not modelled), or for UDP SO_REUSEADDR, which for TCP
    is only about connections that still end. Not modelled: where three or more sockets share some TCP port, the kernel
    sometimes takes a shortcut, and lets two be bound that it would refuse if they were alone.
    """
    if (one.protocol, one.port) != (other.protocol, other.port):
        return False
    apart = one.tied_to and other.tied_to and one.tied_to != other.tied_to
    both_get_it = not apart and (_is_for(one, other.ip) or _is_for(other, one.ip))
    by_address = one.protocol == "udp" and one.reuse_address and other.reuse_address
    return both_get_it and not by_address and not (one.reuse_port and other.reuse_port)


def bind(host: Host, *bindings: Binding) -> Host:
    """The host on which these sockets wait, too. Raises `CannotBind` at the first that the kernel would refuse.

    >>> host = bind(Host("a"), Binding("web", "tcp", "127.0.0.1", 80))
    >>> bind(host, Binding("mail", "tcp", "0.0.0.0", 80))
    Traceback (most recent call last):
    netlearn.host.bind.CannotBind: mail on tcp 0.0.0.0:80: the address is in use by web on tcp 127.0.0.1:80
    """
    for binding in bindings:
        check(host, binding)
        host = replace(host, bindings=(*host.bindings, binding))
    return host


def check(host: Host, binding: Binding) -> None:
    """Raises `CannotBind` if the kernel would refuse this socket on the host as it is."""
    ip, vrf = binding.ip, host.part_of(binding.tied_to)
    part = host.part(vrf)
    if binding.v6only and ip.version == 4 and ":" in binding.address:
        raise CannotBind("EINVAL", f"{binding}: an IPv6 socket that is IPv6 only has no IPv4 address")
    if ip.version == 6 and ip.is_link_local and binding.tied_to is None:
        raise CannotBind("EINVAL", f"{binding}: a link-local address needs its zone, as in {ip}%eth0")
    if not _bindable(part, binding):
        have = ", ".join(str(each.ip) for interface in part.interfaces for each in interface.given(ip.version))
        raise CannotBind("EADDRNOTAVAIL", f"{binding}: {host.name} has no address {ip}; it has {have or 'none'}")
    for other in host.bindings:
        apart = not host.l3mdev_accept and host.part_of(other.tied_to) != vrf
        if conflict(other, binding) and not apart:
            raise CannotBind("EADDRINUSE", f"{binding}: the address is in use by {other}")


def _bindable(host: Host, binding: Binding) -> bool:
    """Whether the address is the host's own, or need not be."""
    ip = binding.ip
    nonlocal_bind = host.nonlocal_bind if ip.version == 4 else host.nonlocal_bind6
    if ip.is_unspecified or ip.is_multicast or binding.freebind or nonlocal_bind:
        return True
    if isinstance(ip, IPv4Address):  # of 127.0.0.0/8 every address is the host's; in IPv6 only those that are set
        route = lookup(host, ip)
        return route is not None and route.kind in ("local", "broadcast")
    owners = [each.name for each in host.interfaces if any(int(own.ip) == int(ip) for own in each.given(6))]
    if ip.is_link_local or (ip.is_loopback and binding.tied_to is not None):
        return binding.tied_to in owners
    return bool(owners)


def listeners_for(host: Host, protocol: str, ip: Address, port: int, arrived_on: str) -> tuple[Binding, ...]:
    """Who gets a packet for this address and port that came in by this interface, the likeliest first; none: nobody.

    A socket on exactly the address comes before one on every address; then one that is tied to the interface; then one
    of IPv4 before one of both families. Several are left only where they share the port: a hash of the flow chooses
    among those with SO_REUSEPORT; of UDP sockets with SO_REUSEADDR the last to be bound gets it. Not modelled: among
    sockets with SO_REUSEPORT the kernel does not look for one that is tied to the interface.

    Through a VRF it comes to who is tied to the interface or to the VRF's device; with `l3mdev_accept` to others, too.
    """
    vrf = host.interface(arrived_on).vrf
    ties = {arrived_on, vrf, None} if vrf is None or host.l3mdev_accept else {arrived_on, vrf}
    fit = [
        each
        for each in host.bindings
        if (each.protocol, each.port) == (protocol, port) and each.tied_to in ties and _is_for(each, ip)
    ]
    best = max(map(_rank, fit), default=None)
    return tuple(each for each in reversed(fit) if _rank(each) == best)


def _rank(binding: Binding) -> tuple[bool, bool, bool]:
    return not binding.ip.is_unspecified, binding.tied_to is not None, ":" not in binding.address
