"""Sockets as psutil tells them; and what every way of looking needs: interfaces, users, why something is hidden."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from netlearn.host.scope import InterfaceAddresses, Place, Scope, interface_of, place
from netlearn.host.sockets import Holder, Listener, Snapshot, Socket, State
from netlearn.probe import sockdiag

OTHERS = "the system shows another user's processes only to an administrator"
REFUSED = "some processes may not be looked at from here even by an administrator"
OUTSIDE = "the kernel itself holds them, or a process that cannot be seen from here, in another container for instance"

# psutil's words are the kernel's constants; NONE is UDP that has a peer.
WORDS = ("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK")
PSUTIL_STATES = dict(zip((*WORDS, "CLOSING"), State, strict=True)) | {"NONE": State.ESTABLISHED}


def by_psutil(connections: bool = True) -> Snapshot:
    """This machine's sockets as psutil tells them.

    >>> by_psutil(connections=False).connections
    ()
    """
    psutil = find_psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    rows, denied = _psutil_rows(psutil)
    found, people = interfaces(), cache(partial(_person, psutil))
    both = {(row.type, row.laddr.port) for row, _ in rows if row.family == socket.AF_INET and row.laddr.ip == "0.0.0.0"}
    listeners, others = [], []
    for row, process in rows:
        pid = process or None  # on Windows 0 stands for nobody
        person = people(pid) if pid is not None else None
        if pid is not None and person is None:  # it ended while we asked, and its sockets with it
            continue
        name, user = person or (None, None)
        fd = row.fd if row.fd is not None and row.fd >= 0 else None
        held_by = (Holder(name, pid, fd),) if pid is not None else ()
        netid = "tcp" if row.type == socket.SOCK_STREAM else "udp"
        if row.status == "LISTEN" or (netid == "udp" and not row.raddr):
            v6only = row.laddr.ip == "::" and (row.type, row.laddr.port) in both
            address = _zoned(row.laddr.ip, found)
            device = address.partition("%")[2] or None
            where = place(found, address, device, v6only)
            listeners.append(Listener(netid, address, row.laddr.port, where, held_by, user, device, v6only))
        elif connections and row.raddr and row.status in PSUTIL_STATES:
            ends = (row.laddr.ip, row.laddr.port, row.raddr.ip, row.raddr.port)
            others.append(Socket(netid, PSUTIL_STATES[row.status], *ends, held_by, user))
    listeners += _unix_by_psutil(psutil, people)
    return seen_by(listeners, others, found, why_hidden(denied), denied)


def _psutil_rows(psutil: Any) -> tuple[list[tuple[Any, int | None]], int]:
    """Every Internet socket with its process, and how many of those refused: macOS shows users only their own."""
    with suppress(psutil.AccessDenied):
        return [(row, row.pid) for row in psutil.net_connections("inet") if row.laddr], 0
    rows: list[tuple[Any, int | None]] = []
    denied = 0
    for process in psutil.process_iter():
        try:
            given = process.net_connections("inet")
        except psutil.AccessDenied:
            denied += 1
        except psutil.NoSuchProcess:  # it ended, and its sockets with it
            continue
        else:
            rows += [(row, process.pid) for row in given if row.laddr]
    return rows, denied


def _person(psutil: Any, pid: int) -> tuple[str | None, str | None] | None:
    """The names of a process and its user, each `None` if it may not be asked; `None` for both once it has ended."""
    name = user = None
    try:
        with suppress(psutil.AccessDenied):
            process = psutil.Process(pid)
            name = process.name()
            user = process.username()
    except psutil.NoSuchProcess:
        return None
    # psutil completes what Linux cuts; `ss` shows what the kernel has.
    return (name[:15] if name and sys.platform == "linux" else name), user


def _zoned(address: str, found: Sequence[InterfaceAddresses]) -> str:
    """A link-local address with its zone, which Linux's files leave out; without, if several interfaces have it."""
    ip = ip_address(address)
    if ip.version == 4 or not ip.is_link_local or "%" in address:
        return address
    name = interface_of(found, ip)
    return f"{address}%{name}" if name else address


def _unix_by_psutil(psutil: Any, people: Callable[[int], tuple[str | None, str | None] | None]) -> Iterator[Listener]:
    """The doors among Unix sockets: on Linux the kernel's file says which are; elsewhere each with a name is one."""
    if not hasattr(socket, "AF_UNIX"):
        return
    try:
        rows = psutil.net_connections("unix")
    except psutil.AccessDenied:  # macOS: not without being an administrator, and not worth a look at each process
        return
    by_name: dict[str, Any] = {}
    for row in sorted((row for row in rows if row.laddr), key=lambda row: (row.pid is None, row.pid == 1, row.pid)):
        by_name.setdefault(row.laddr, row)
    file = Path("/proc/net/unix")
    if file.exists():
        doors = unix_doors(file.read_text("utf-8", "backslashreplace"))
    else:
        doors = [(name, sockdiag.UNIX_KINDS.get(int(row.type), "u_str")) for name, row in by_name.items()]
    for name, netid in doors:
        row = by_name.get(name)
        pid = row.pid if row else None
        person = people(pid) if pid is not None else None
        held_by = (Holder(person[0], pid, row.fd),) if row and pid is not None and person else ()
        user = person[1] if person else None
        yield Listener(netid, name, None, Place(Scope.UNIX), held_by, user)


def unix_doors(text: str) -> list[tuple[str, str]]:
    """Name and kind of every Unix socket in `/proc/net/unix` that waits for others (unix(7))."""
    doors = []
    for line in text.splitlines()[1:]:
        _, _, _, flags, kind, state, _, *name = line.split(maxsplit=7)
        netid = sockdiag.UNIX_KINDS.get(int(kind, 16))
        is_door = int(flags, 16) & 0x10000 or (netid == "u_dgr" and state == "01")  # __SO_ACCEPTCON; unconnected
        if netid and name and is_door:
            doors.append((name[0], netid))
    return doors


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
        # Not every system tells flags; the address gives it away.
        is_loopback = "loopback" in flags or any(address.startswith(("127.", "::1/")) for address in addresses)
        found.append(InterfaceAddresses(name, addresses, name in states and states[name].isup, is_loopback))
    return tuple(found)


def _with_prefix(given: Any) -> str:
    """An address with the length of its prefix; the longest where the system gives no mask."""
    if not given.netmask:
        return f"{given.address}/{ip_address(given.address).max_prefixlen}"
    return f"{given.address}/{int(ip_address(given.netmask)).bit_count()}"


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
    """The snapshot, with what is hidden counted: doors whose process is not shown, and `more` processes."""
    hidden = sum(not door.holders for door in listeners) + more
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    doors, others, cards = tuple(listeners), tuple(connections), tuple(found)
    return Snapshot(doors, others, cards, hidden, because if hidden else "", now, system())


def why_hidden(denied: int) -> str:
    """The reason for what is hidden; `denied` is how many processes refused to be looked at."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return OTHERS
    return REFUSED if denied else OUTSIDE
