"""This machine's interfaces, and what on them decides who gets in: from the Linux kernel (rtnetlink(7)), or psutil.

The kernel is asked itself because psutil stops at a name that is not UTF-8, and tells neither local routes nor bridges.
"""

import socket
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from ipaddress import ip_address, ip_network
from pathlib import Path
from struct import Struct
from typing import Any

from netlearn.host.scope import InterfaceAddresses
from netlearn.probe.asking import Notes, find_psutil, refusals, text
from netlearn.probe.sockdiag import ask, attributes

NETLINK_ROUTE, RTM_GETLINK, RTM_GETADDR, RTM_GETROUTE = 0, 18, 22, 26
SOL_NETLINK, NETLINK_GET_STRICT_CHK = 270, 12
IFF_UP, IFF_LOOPBACK = 0x1, 0x8
IFLA_IFNAME, IFLA_MASTER, IFLA_LINKINFO, IFLA_INFO_SLAVE_KIND = 3, 10, 18, 4
IFA_ADDRESS, IFA_LOCAL = 1, 2
RT_TABLE_LOCAL, RTN_LOCAL, RTA_DST, RTA_OIF = 255, 2, 1, 4
_LINK = Struct("=BxHiII")  # family, type, index, flags, change
_ADDRESS = Struct("=BBBBI")  # family, length of the prefix, flags, scope, index
_ROUTE = Struct("=BBBBBBBBI")  # family, lengths of destination and source, tos, table, protocol, scope, type, flags
_INDEX = Struct("=I")
SWITCHES = Path("/proc/sys/net/ipv4/conf")


def interfaces(notes: Notes) -> tuple[InterfaceAddresses, ...]:
    """This machine's interfaces with their addresses, in the system's order; none, and a note, if it tells of none."""
    if sys.platform == "linux":
        with suppress(OSError):
            return tuple(_by_netlink(notes))
    return notes.asked("Interfaces and their addresses", _by_psutil, ())


def _by_netlink(notes: Notes) -> Iterator[InterfaceAddresses]:
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_ROUTE) as kernel:  # type: ignore[attr-defined, unused-ignore]
        strict = True
        try:  # it then gives the table that is asked for, and not all of the machine's routes
            kernel.setsockopt(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
        except OSError:  # Linux before 4.20
            strict = False
        links = [_link(*message) for message in ask(kernel, RTM_GETLINK, _LINK.pack(0, 0, 0, 0, 0))]
        names = {index: name for index, name, *_ in links}
        addresses = defaultdict(list)
        for message in ask(kernel, RTM_GETADDR, _ADDRESS.pack(0, 0, 0, 0, 0)):
            index, address = _address(names, *message)
            addresses[index].append(address)
        no_routes: dict[int, list[str]] = {}
        local = notes.asked("Local routes", lambda: _local_routes(kernel, strict), no_routes)
    none: frozenset[str] = frozenset()
    opened = notes.asked("The switch route_localnet", lambda: _opened(names.values()), none)
    for index, name, up, loopback, bridge in links:
        own = tuple(addresses[index])
        known = {route for address in own for route in _own_routes(address, loopback)}
        routes = tuple(route for route in local.get(index, ()) if route not in known)
        yield InterfaceAddresses(name, own, up, loopback, routes, name in opened, names.get(bridge or 0))


def _own_routes(address: str, loopback: bool) -> Iterator[str]:
    """The local routes that follow from an address: its own and, on a loopback interface, that of its IPv4 prefix."""
    plain, _, length = address.partition("/")
    yield f"{plain.partition('%')[0]}/{128 if ':' in address else 32}"
    if loopback and ":" not in address:
        yield str(ip_network(f"{plain}/{length}", strict=False))


def _link(data: bytes, start: int, end: int) -> tuple[int, str, bool, bool, int | None]:
    """An interface's index and name, whether it is up, whether it is a loopback, and the index of its bridge if any."""
    _, _, index, flags, _ = _LINK.unpack_from(data, start)
    told = attributes(data, start + _LINK.size, end)
    info = told.get(IFLA_LINKINFO, b"")
    kind = attributes(info, 0, len(info)).get(IFLA_INFO_SLAVE_KIND, b"").rstrip(b"\0")
    bridge = _INDEX.unpack(told[IFLA_MASTER])[0] if kind == b"bridge" and IFLA_MASTER in told else None
    return index, text(told[IFLA_IFNAME].rstrip(b"\0")), bool(flags & IFF_UP), bool(flags & IFF_LOOPBACK), bridge


def _address(names: dict[int, str], data: bytes, start: int, end: int) -> tuple[int, str]:
    """The index of an interface, and one of its addresses with the length of its prefix."""
    family, length, _, _, index = _ADDRESS.unpack_from(data, start)
    told = attributes(data, start + _ADDRESS.size, end)
    ip = ip_address(told.get(IFA_LOCAL) or told[IFA_ADDRESS])  # of a link between two, the other is the far end's
    zone = f"%{names.get(index, index)}" if family == socket.AF_INET6 and ip.is_link_local else ""
    return index, f"{ip}{zone}/{length}"


def _local_routes(kernel: socket.socket, strict: bool) -> dict[int, list[str]]:
    """The prefixes of the local table by the index of their interface: what is for them is for this machine."""
    found: dict[int, list[str]] = defaultdict(list)
    for family in (socket.AF_INET, socket.AF_INET6):
        asked = (RT_TABLE_LOCAL, 0, 0, RTN_LOCAL) if strict else (0, 0, 0, 0)
        for data, start, end in ask(kernel, RTM_GETROUTE, _ROUTE.pack(family, 0, 0, 0, *asked, 0)):
            _, length, _, _, table, _, _, kind, _ = _ROUTE.unpack_from(data, start)
            told = attributes(data, start + _ROUTE.size, end)
            if table == RT_TABLE_LOCAL and kind == RTN_LOCAL and RTA_OIF in told:
                prefix = ip_address(told.get(RTA_DST, bytes(4 if family == socket.AF_INET else 16)))
                found[_INDEX.unpack(told[RTA_OIF])[0]].append(f"{prefix}/{length}")
    return found


def _opened(names: Iterable[str]) -> frozenset[str]:
    """The interfaces at which packets for 127.0.0.0/8 are let in; the switch of `all` is for each."""
    if (SWITCHES / "all" / "route_localnet").read_bytes().strip() == b"1":
        return frozenset(names)
    found = (path.parent.name for path in SWITCHES.glob("*/route_localnet") if path.read_bytes().strip() == b"1")
    return frozenset(map(text, found))


def _by_psutil() -> tuple[InterfaceAddresses, ...]:
    psutil = find_psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    states: dict[str, Any] = {}
    with suppress(*refusals()):
        states = psutil.net_if_stats()
    found = []
    for name, given in psutil.net_if_addrs().items():
        addresses = tuple(_with_prefix(each) for each in given if each.family in (socket.AF_INET, socket.AF_INET6))
        flags = states[name].flags.split(",") if name in states else []
        # Not every system tells flags; the address gives it away.
        is_loopback = "loopback" in flags or any(address.startswith(("127.", "::1/")) for address in addresses)
        found.append(InterfaceAddresses(text(name), addresses, name in states and states[name].isup, is_loopback))
    return tuple(found)


def _with_prefix(given: Any) -> str:
    """An address with the length of its prefix; the longest where the system gives no mask."""
    if not given.netmask:
        return f"{given.address}/{ip_address(given.address).max_prefixlen}"
    return f"{given.address}/{int(ip_address(given.netmask)).bit_count()}"
