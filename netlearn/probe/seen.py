"""What both ways of looking share: the machine's interfaces, users and time, and why something cannot be seen."""

import os
import socket
import time
from collections.abc import Sequence
from functools import cache
from ipaddress import ip_address
from typing import Any

from netlearn.host.scope import InterfaceAddresses
from netlearn.host.sockets import Listener, Snapshot, Socket

OTHERS = "the system shows another user's processes only to an administrator"
REFUSED = "some processes may not be looked at from here even by an administrator"
OUTSIDE = "the kernel itself holds them, or a process that cannot be seen from here, in another container for instance"


def find_psutil() -> Any:
    """psutil, or `None` where it is not installed."""
    try:
        import psutil
    except ImportError:
        return None
    return psutil


def interfaces() -> tuple[InterfaceAddresses, ...]:
    """This machine's interfaces with their addresses, in the system's order."""
    psutil = find_psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    states = psutil.net_if_stats()
    found = []
    for name, given in psutil.net_if_addrs().items():
        addresses = tuple(_with_prefix(each) for each in given if each.family in (socket.AF_INET, socket.AF_INET6))
        flags = states[name].flags.split(",") if name in states else []
        is_loopback = "loopback" in flags or any(address.startswith(("127.", "::1/")) for address in addresses)
        found.append(InterfaceAddresses(name, addresses, name in states and states[name].isup, is_loopback))
    return tuple(found)


def _with_prefix(given: Any) -> str:
    """An address with the length of its prefix; the longest where the system gives no mask."""
    if not given.netmask:
        return f"{given.address}/{ip_address(given.address).max_prefixlen}"
    return f"{given.address}/{int(ip_address(given.netmask)).bit_count()}"


def now_utc() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def system() -> str:
    """The kernel's name and version, as in `Linux 6.1.0`."""
    if hasattr(os, "uname"):
        name, release = os.uname().sysname, os.uname().release
    else:
        import platform

        name, release = platform.system(), platform.release()
    return f"{name} {release.partition('-')[0]}"


@cache
def user_name(uid: int) -> str:
    """The user's name, or the number where it has none here."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def seen_by(
    listeners: Sequence[Listener],
    connections: Sequence[Socket],
    found: Sequence[InterfaceAddresses],
    because: str,
    more: int = 0,
) -> Snapshot:
    """The snapshot, with what is hidden counted: doors whose process is not shown, and `more` that nobody sees."""
    hidden = sum(not door.holders for door in listeners) + more
    why = because if hidden else ""
    return Snapshot(tuple(listeners), tuple(connections), tuple(found), hidden, why, now_utc(), system())


def why_hidden(denied: int) -> str:
    """The reason for what is hidden; `denied` is how many processes refused to be looked at."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return OTHERS
    return REFUSED if denied else OUTSIDE
