"""A host's tables, and what it finds there: what `ip route show table local`, `ip route` and `ip route get` answer.

Linux asks several tables in turn (`ip rule`). The local table holds one host route for each own address, whatever
interface has it; a packet for one of those goes through `lo` and not out. The main table holds the prefix of each NIC,
and what somebody set. In each, the most specific prefix decides. The third, default, is usually empty: not modelled.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, ip_network

from netlearn.host.given import Address, BadHost, Prefix, address, network, zone_of
from netlearn.host.host import REFUSING, Host, Interface, StaticRoute
from netlearn.host.source import primaries, source_ipv4, source_ipv6

ZERO = IPv4Network("0.0.0.0/8")  # "this network" (RFC 6890 2.2.2): Linux makes no route of it


@dataclass(frozen=True, slots=True)
class TableRoute:
    """A line of a host's tables. `kind` is `local`, `broadcast` or `unicast`, as in `ip route`, or one of `REFUSING`.

    `interface` is empty where the route leads nowhere.
    """

    kind: str
    prefix: Prefix
    interface: str
    via: Address | None = None
    source: Address | None = None
    metric: int = 0

    def __str__(self) -> str:
        host = self.prefix.prefixlen == self.prefix.max_prefixlen
        whole = "default" if self.prefix.prefixlen == 0 else self.prefix.network_address if host else self.prefix
        return _line(self.kind, whole, self.via, self.interface, self.source)


@dataclass(frozen=True, slots=True)
class Found:
    """What a host decides for a destination: the route, the interface to send on, the next hop, the source address.

    For an own address the interface is `lo`, whatever the route says. On the own link the destination itself is the
    next hop. `source` is `None` where the host has no IPv6 address, and for what IPv4 refuses.
    """

    route: TableRoute
    destination: Address
    interface: str
    next_hop: Address
    source: Address | None

    @property
    def local(self) -> bool:
        """Whether the destination is this host itself."""
        return self.route.kind == "local"

    @property
    def refused(self) -> bool:
        """Whether the route is one that leads nowhere: what is for the destination goes no further."""
        return self.route.kind in REFUSING

    def __str__(self) -> str:
        return _line(self.route.kind, self.destination, self.route.via, self.interface, self.source)


def _line(kind: str, to: object, via: Address | None, interface: str, source: Address | None) -> str:
    """A route as `ip route` writes it."""
    gateway, chosen = via and f"via {via}", source and f"src {source}"
    device = interface and f"dev {interface}"
    parts = ("" if kind == "unicast" else kind, to, gateway, device, chosen if interface else "")
    return " ".join(str(part) for part in parts if part)


def local_table(host: Host) -> tuple[TableRoute, ...]:
    """The host's own addresses, and the broadcast addresses of its prefixes.

    The whole of an IPv4 prefix on `lo` is local, 127.0.0.0/8 for one; a prefix of IPv6, or of a NIC, is not.
    """
    return _local_table(host.interfaces, host.ignores_linkdown)


def main_table(host: Host) -> tuple[TableRoute, ...]:
    """The prefixes on the links of the host's NICs, then the routes that were set. What is down is not there."""
    return _main_table(host.interfaces, host.routes, host.ignores_linkdown)


def route_get(
    host: Host, destination: str | Address, source: Address | None = None, device: str | None = None
) -> Found | None:
    """What the host does with a packet of its own for the destination; `None`: it has no route.

    An IPv6 link-local destination needs its zone (`fe80::2%eth0`), as the same prefix is on every link. `device` is the
    one that the sending socket is tied to, if any: no other interface's route counts.
    """
    ip = address(destination) if isinstance(destination, str) else destination
    if ip.is_multicast:
        raise BadHost(f"{ip} is a multicast group, which is not modelled")
    if zone := zone_of(ip):
        host.interface(zone)
    route = lookup(host, ip, device)
    if route is None:
        return None
    interface = "lo" if route.kind == "local" else route.interface
    source = source or route.source
    if source is None and isinstance(ip, IPv6Address):
        source = source_ipv6(host, route.interface or "lo", ip)  # to IPv6, what is refused would go by lo
    elif source is None and route.interface:
        source = source_ipv4(host, route.interface, route.via)
    return Found(route, ip, interface, route.via or ip, source)


def route_beyond(host: Host, ip: Address, source: Address | None) -> Found | None:
    """Where the host would forward what came in and is not for itself."""
    route = _best(main_table(host), ip)
    return None if route is None else Found(route, ip, route.interface, route.via or ip, source)


def lookup(host: Host, ip: Address, device: str | None = None) -> TableRoute | None:
    """The most specific route of the local table or, if it has none, of the main table.

    IPv4 has both in one as long as nobody adds an `ip rule` (net/ipv4/fib_trie.c, `fib_trie_unmerge`): the most
    specific route of either counts, and of equals the local one.
    """
    if device is not None and not host.interface(device).up:
        return None
    local, main = local_table(host), main_table(host)
    if ip.version == 4 and not host.strong:
        route = _best(local + main, ip, device)
    else:
        route = _best(local, ip, device) or _best(main, ip, device)
    if route is None and device is not None and ip.version == 4:
        return TableRoute("unicast", ip_network(ip), device)  # IPv4 then takes it to be on the device's own link
    return route


def is_own(host: Host, ip: Address) -> bool:
    """Whether a packet for the address stays in the host."""
    route = lookup(host, ip)
    return route is not None and route.kind == "local"


@lru_cache(maxsize=64)
def _local_table(interfaces: tuple[Interface, ...], ignores_linkdown: bool) -> tuple[TableRoute, ...]:
    usable = _usable(interfaces, ignores_linkdown)
    return tuple(route for interface in interfaces for route in _local_routes(interface, interface in usable))


@lru_cache(maxsize=64)
def _main_table(
    interfaces: tuple[Interface, ...], routes: tuple[StaticRoute, ...], ignores_linkdown: bool
) -> tuple[TableRoute, ...]:
    usable = _usable(interfaces, ignores_linkdown)
    connected = tuple(route for interface in usable for route in _connected_routes(interface))
    names = {each.name for each in usable}
    return connected + tuple(filter(None, (_static(names, connected, given) for given in routes)))


def _usable(interfaces: tuple[Interface, ...], ignores_linkdown: bool) -> list[Interface]:
    """The interfaces whose routes count. Without `ignores_linkdown`, those of a dead cable do."""
    return [each for each in interfaces if (each.running if ignores_linkdown else each.up)]


def _local_routes(interface: Interface, usable: bool) -> Iterator[TableRoute]:
    primary: dict[Prefix, Address] = {each.network: each.ip for each in primaries(interface)}
    for given in interface.given(4):
        source = primary[given.network]
        yield TableRoute("local", ip_network(given.ip), interface.name, source=source)
        if source == given.ip and interface.loopback and given.network.prefixlen < 32:
            yield TableRoute("local", given.network, interface.name, source=source)
        if source == given.ip and usable and given.network.prefixlen < 31:  # a /31 has no broadcast address (RFC 3021)
            broadcast = ip_network(given.network.broadcast_address)
            yield TableRoute("broadcast", broadcast, interface.name, source=source)
    for given in interface.given(6):  # as bytes an address has no zone; IPv6 chooses its source later (`_source_ipv6`)
        yield TableRoute("local", ip_network(int(given.ip).to_bytes(16)), interface.name, source=None)


def _connected_routes(interface: Interface) -> Iterator[TableRoute]:
    seen = set()
    for given in (*interface.given(4), *interface.given(6)):
        if given.network in seen or given.network.prefixlen == given.max_prefixlen:
            continue
        if given.version == 4 and given.network.network_address in ZERO:  # no route follows from 192.0.2.10/0
            continue
        seen.add(given.network)
        if given.version == 6:
            # One of lo is there, too, but leads nowhere: what it is for would go round for ever, and is refused.
            yield TableRoute("unicast", given.network, interface.name, metric=256)  # what Linux gives its own
        elif not interface.loopback:
            yield TableRoute("unicast", given.network, interface.name, source=given.ip)


def _static(usable: set[str], connected: tuple[TableRoute, ...], given: StaticRoute) -> TableRoute | None:
    """The line of the main table, or `None` while its interface is down, or no link reaches its gateway."""
    prefix = network(given.prefix)
    metric = given.metric or (0 if prefix.version == 4 else 1024)  # what Linux gives a route of IPv6 without one
    if given.kind in REFUSING:
        return TableRoute(given.kind, prefix, "", metric=metric)
    via = None if given.via is None else address(given.via)
    way = _best(connected, via) if via and given.interface is None else None
    name = way.interface if way else given.interface
    if name is None or name not in usable:
        return None
    return TableRoute("unicast", prefix, name, via, metric=metric)


def _best(table: tuple[TableRoute, ...], ip: Address, device: str | None = None) -> TableRoute | None:
    """The most specific route to the address; of equals the one of the lowest metric, then the first."""
    zone = zone_of(ip)
    plain = IPv6Address(int(ip)) if zone else ip
    found = [
        route
        for route in table
        if route.prefix.version == ip.version
        and plain in route.prefix
        and zone in (None, route.interface)
        and device in (None, route.interface)
    ]
    return min(found, key=lambda route: (-route.prefix.prefixlen, route.metric), default=None)
