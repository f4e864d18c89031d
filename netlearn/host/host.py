"""A host as a value: its interfaces and addresses, and the tables that follow from them.

One `Host` is one network namespace: a machine, or a container on it. Nothing here looks at a machine or changes: what
`ip link set eth0 down` does to a machine, `host.with_interface("eth0", up=False)` does to the value, by making another.
The rules are Linux's; tests hold them against its kernel. `bind` says who may listen where, `dial` a packet's way.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from netlearn.errors import UnknownName, listed, possible, repeated, shown
from netlearn.host import given
from netlearn.host.given import Address, BadHost, WithPrefix, address, check_names, fix, interface_address, network

_Named = TypeVar("_Named", "Interface", "Host")


@dataclass(frozen=True, slots=True)
class Interface:
    """A network interface. The one named `lo` is the loopback interface; every other one is a NIC, real or virtual.

    `addresses` have the length of their prefix, as in `192.0.2.10/24`. `up` is what the administrator set, and `False`
    means that it was up before: IPv4 addresses and their local routes outlast that, IPv6 addresses do not. An interface
    that has never been up has no addresses yet: give it none. `carrier` is whether there is a live cable. `link` names
    the cable or switch: interfaces with the same one hear each other. `deprecated` are those of its IPv6 addresses that
    still answer, but are taken as a source only for want of another (RFC 4862 5.5.4; `preferred_lft 0`).
    `vrf` names another interface of the host, the device of the VRF (VPN routing and forwarding) that it is a port of.
    `macvlan_on` is the host and the NIC on which the interface is a macvlan (bridge mode), as in `("machine", "eth0")`:
    it shares that NIC's link, but never hears the NIC itself, nor the NIC it.

    >>> Interface("eth0", ("192.0.2.10/24",), carrier=False).running
    False
    """

    name: str
    addresses: tuple[str, ...] = ()
    up: bool = True
    carrier: bool = True
    link: str | None = None
    deprecated: tuple[str, ...] = ()
    macvlan_on: tuple[str, str] | None = None
    vrf: str | None = None

    def __post_init__(self) -> None:
        check_names(self.name, self.link, self.vrf, *(self.macvlan_on or ()))
        fix(self, "addresses", "deprecated")
        own = [*map(interface_address, self.addresses)]
        if twice := repeated(map(str, own)):
            raise BadHost(f"{self.name} has {twice} twice")
        for each in map(interface_address, self.deprecated):
            if each.version == 4 or each not in own:
                raise BadHost(f"{self.name} has no IPv6 address {each} that could be deprecated")

    @property
    def loopback(self) -> bool:
        """Whether what is handed to it for sending is at once received by the same host."""
        return self.name == "lo"

    @property
    def running(self) -> bool:
        """Whether frames can leave and arrive: up, and with a carrier."""
        return self.up and (self.carrier or self.loopback)

    def given(self, version: int) -> tuple[WithPrefix, ...]:
        """Its addresses of one family, in order; of IPv6 only while it is up."""
        if version == 6 and not self.up:
            return ()
        return tuple(each for each in map(interface_address, self.addresses) if each.version == version)

    def deprecates(self, given: WithPrefix) -> bool:
        """Whether this one of its addresses is deprecated."""
        return given in map(interface_address, self.deprecated)


LO = Interface("lo", ("127.0.0.1/8", "::1/128"))
"""The loopback interface once init has set it up; that of a new namespace is `Interface("lo", up=False)`.

>>> LO.loopback, LO.running
(True, True)
"""


REFUSING = ("blackhole", "unreachable", "prohibit")  # routes that lead nowhere, by kind


@dataclass(frozen=True, slots=True)
class StaticRoute:
    """A route that somebody set, as by `ip route add PREFIX via VIA dev INTERFACE`; `default("192.0.2.1")` is one, too.

    Without `interface` it is the one on whose prefix `via` lies. Without `via` the destination is on the link itself.
    It counts only as long as its interface is up. Of another `kind` than `unicast` it leads nowhere: a `blackhole` is
    silent to what came from elsewhere, while `unreachable` and `prohibit` have the sender told (ip-route(8)).

    >>> refusing = Host("a", routes=(StaticRoute("198.51.100.0/24", kind="prohibit"),))
    >>> dial(World((refusing,)), "a", "198.51.100.1", 80).error
    'EACCES'
    """

    prefix: str
    via: str | None = None
    interface: str | None = None
    metric: int = 0
    kind: str = "unicast"

    def __post_init__(self) -> None:
        check_names(self.interface)
        network(self.prefix)
        if self.kind not in ("unicast", *REFUSING):
            kinds = ", ".join(("unicast", *REFUSING))
            raise BadHost(f"{shown(self.kind)} is no kind of route that is modelled; there are {kinds}")
        if self.kind in REFUSING:
            if self.via is not None or self.interface is not None:
                raise BadHost(f"the {self.kind} route to {self.prefix} leads nowhere: no gateway and no interface")
        elif self.via is None and self.interface is None:
            raise BadHost(f"the route to {self.prefix} needs a gateway (via) or an interface")
        if self.via is not None and address(self.via).version != network(self.prefix).version:
            raise BadHost(f"the route to {self.prefix} is via {self.via}, which is of the other family")


def default(via: str, interface: str | None = None) -> StaticRoute:
    """The default route by this gateway: for whatever no other route is more specific."""
    return StaticRoute("::/0" if ":" in via else "0.0.0.0/0", via, interface)


@dataclass(frozen=True, slots=True)
class Binding:
    """A socket that waits on an address and port: TCP that listens, or UDP without a peer.

    `address` may be `0.0.0.0` or `::`, which stand for every address (`::` for IPv4, too, unless `v6only`), or a
    link-local one with its zone, `fe80::1%eth0`. Others are socket options: `device` SO_BINDTODEVICE, `freebind`
    IP_FREEBIND.

    >>> print(Binding("server", "tcp", "::1", 8080))
    server on tcp [::1]:8080
    """

    process: str
    protocol: str
    address: str
    port: int
    device: str | None = None
    v6only: bool = False
    reuse_address: bool = False
    reuse_port: bool = False
    freebind: bool = False

    def __post_init__(self) -> None:
        check_names(self.process, self.device)
        given.protocol_named(self.protocol)
        given.port_numbered(self.port)
        address(self.address)

    @property
    def ip(self) -> Address:
        """Its address; an IPv4-mapped one (`::ffff:127.0.0.1`) is the IPv4 address that it stands for."""
        return given.unmapped(address(self.address))

    @property
    def tied_to(self) -> str | None:
        """The interface that it takes packets from, if only from one: the zone of its address, or else its device."""
        return given.zone_of(self.ip) or self.device

    def __str__(self) -> str:
        host = f"[{self.address}]" if ":" in self.address else self.address
        tied = f"%{self.device}" if self.device else ""
        return f"{self.process} on {self.protocol} {host}{tied}:{self.port}"


@dataclass(frozen=True, slots=True)
class Host:
    """A machine, or a container: one network namespace with a `lo` of its own.

    Off unless set, as in a fresh Linux: `forwards` (`ip_forward`: a router); `strong` (what comes in for an address of
    another interface is not taken, RFC 1122 3.3.4.2; Linux is weak, but `ip rule` can make it strong); `arp_ignore`
    (ARP answers only for addresses of the asked interface); `route_localnet` (127/8 may come in from outside);
    `rp_filter` (0 off, 1 strict, 2 loose: would a packet to the source leave by the interface on which this one came
    in? by any?); `nonlocal_bind` and `nonlocal_bind6` (`ip_nonlocal_bind` of IPv4, and of IPv6);
    `ignores_linkdown` (`ignore_routes_with_linkdown`); `l3mdev_accept` (`tcp_l3mdev_accept` and `udp_l3mdev_accept`: a
    socket that is tied to no interface takes what comes in through a VRF, too).

    >>> laptop = Host("laptop", (LO, Interface("eth0", ("192.0.2.10/24",))))
    >>> laptop.with_interface("eth0", up=False).interface("eth0").running
    False
    """

    name: str
    interfaces: tuple[Interface, ...] = (LO,)
    routes: tuple[StaticRoute, ...] = ()
    bindings: tuple[Binding, ...] = ()
    forwards: bool = False
    strong: bool = False
    arp_ignore: bool = False
    route_localnet: bool = False
    rp_filter: int = 0
    nonlocal_bind: bool = False
    nonlocal_bind6: bool = False
    ignores_linkdown: bool = False
    l3mdev_accept: bool = False

    def __post_init__(self) -> None:
        check_names(self.name)
        fix(self, "interfaces", "routes", "bindings")
        names = [each.name for each in self.interfaces]
        if names.count("lo") != 1:
            raise BadHost(f"{self.name} has {names.count('lo')} loopback interfaces; every host has one, named lo")
        if twice := repeated(names):
            raise BadHost(f"{self.name} has {twice} twice; its interfaces are {listed(names)}")
        for named in (*(each.interface for each in self.routes), *(each.tied_to for each in self.bindings)):
            if named is not None:
                self.interface(named)
        for each in self.interfaces:
            if each.vrf is not None and (self.interface(each.vrf).loopback or self.interface(each.vrf).vrf is not None):
                raise BadHost(f"{each.name} is a port of {each.vrf}, which is no VRF's device")

    def part(self, vrf: str | None = None) -> "Host":
        """The part of the host that has these tables: what is in the VRF, or in none; without VRFs, the whole host.

        A VRF has the addresses and routes of its device and of its ports. A route belongs where its interface does.
        """
        devices = {each.vrf for each in self.interfaces} - {None}
        if not devices:
            return self
        inside = [each for each in self.interfaces if (each.name if each.name in devices else each.vrf) == vrf]
        names = {each.name for each in inside}
        bare = [] if "lo" in names else [Interface("lo")]
        routes = [each for each in self.routes if each.interface in names or (vrf is None and each.interface is None)]
        bindings = [each for each in self.bindings if each.tied_to is None or each.tied_to in names]
        return replace(self, interfaces=(*bare, *inside), routes=tuple(routes), bindings=tuple(bindings))

    def part_of(self, device: str | None) -> str | None:
        """The VRF that an interface, or whoever is tied to it, is in: its own if it is a VRF's device."""
        if device is None or any(each.vrf == device for each in self.interfaces):
            return device
        return self.interface(device).vrf

    def interface(self, name: str) -> Interface:
        """The interface of that name. Raises `UnknownName`."""
        return _named(name, self.interfaces, f"{self.name} has no interface", "it has")

    def with_interface(self, name: str, **changes: Any) -> "Host":
        """The host with this interface changed, as by `ip link set`: `with_interface("eth0", up=False)`."""
        changed = replace(self.interface(name), **changes)
        return replace(self, interfaces=tuple(changed if each.name == name else each for each in self.interfaces))


@dataclass(frozen=True, slots=True)
class World:
    """Several hosts, joined by the links that their interfaces name.

    Where two on one link have the same address, the first answers for it; in life it is whoever was quicker.

    >>> pair = World((Host("a"), Host("b")))
    >>> dial(pair, "b", "127.0.0.1", 8080).reached
    'b'
    """

    hosts: tuple[Host, ...]

    def __post_init__(self) -> None:
        fix(self, "hosts")
        names = [each.name for each in self.hosts]
        if twice := repeated(names):
            raise BadHost(f"{twice} is there twice; the hosts are {listed(names)}")

    def host(self, name: str) -> Host:
        """The host of that name. Raises `UnknownName`."""
        return _named(name, self.hosts, "there is no host", "there are")

    def with_host(self, host: Host) -> "World":
        """The world with this host in the place of the one of that name."""
        self.host(host.name)
        return World(tuple(host if each.name == host.name else each for each in self.hosts))

    def on_link(self, link: str | None) -> Iterator[tuple[Host, Interface]]:
        """Every interface on the link, with the part of its host that it is in, in the order of the hosts."""
        if link is not None:
            yield from (
                (host.part(each.vrf), each) for host in self.hosts for each in host.interfaces if each.link == link
            )


def _named(name: str, among: tuple[_Named, ...], none: str, known: str) -> _Named:
    """The interface or host of that name among these; `none` and `known` are the words of the `UnknownName`."""
    for each in among:
        if each.name == name:
            return each
    raise UnknownName(f"{none} {shown(name)}; {known} {possible([each.name for each in among], name)}")
