"""A look at this machine's own sockets: `snapshot()`, and `watch()` for what changes.

On Linux the kernel is asked over netlink, as `ss` does it; elsewhere, and where that is not allowed, psutil is. Both
give the same values, save what psutil cannot tell: the device that a socket is bound to, more than one process that
shares it, who made it if its process is hidden, and whether `::` stands for IPv6 alone. That last is concluded: it does
if the same port is open on `0.0.0.0` as well. psutil also tells the interfaces.

With `NETLEARN_RECORDED` set to 1, or without psutil, the snapshot is the recorded one, and says so.
"""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

from netlearn import sockdiag
from netlearn.errors import NetlearnError, shown
from netlearn.recording import recorded
from netlearn.scope import Interface, Place, Scope, interface_of, place
from netlearn.sockets import Difference, Holder, Listener, Snapshot, Socket, State, difference

OTHERS = "the system shows another user's processes only to an administrator"
REFUSED = "some processes may not be looked at from here even by an administrator"
OUTSIDE = "the kernel itself holds them, or a process that cannot be seen from here, in another container for instance"

# The kernel's numbers, and psutil's words.
STATES = dict(
    zip(
        (1, 2, 3, 4, 5, 6, 8, 9, 11),
        (
            *(State.ESTABLISHED, State.SYN_SENT, State.SYN_RECEIVED, State.FIN_WAIT_1, State.FIN_WAIT_2),
            *(State.TIME_WAIT, State.CLOSE_WAIT, State.LAST_ACK, State.CLOSING),
        ),
        strict=True,
    )
)
PSUTIL_STATES = {
    "ESTABLISHED": State.ESTABLISHED,
    "SYN_SENT": State.SYN_SENT,
    "SYN_RECV": State.SYN_RECEIVED,
    "FIN_WAIT1": State.FIN_WAIT_1,
    "FIN_WAIT2": State.FIN_WAIT_2,
    "TIME_WAIT": State.TIME_WAIT,
    "CLOSE_WAIT": State.CLOSE_WAIT,
    "LAST_ACK": State.LAST_ACK,
    "CLOSING": State.CLOSING,
    "NONE": State.ESTABLISHED,  # UDP that has a peer
}


def why_recorded() -> str | None:
    """Why `snapshot` gives the recorded snapshot; `None` if it looks at this machine."""
    if os.environ.get("NETLEARN_RECORDED") == "1":
        return "NETLEARN_RECORDED is set"
    return None if _psutil() else "psutil is not installed"


def snapshot(connections: bool = True) -> Snapshot:
    """This machine's doors and, unless told otherwise, connections now; or the recorded snapshot (`why_recorded`)."""
    psutil = _psutil()
    if psutil is None or why_recorded():
        return recorded() if connections else replace(recorded(), connections=())
    if sys.platform == "linux":
        try:
            return by_netlink(connections)
        except OSError:  # a sandbox that has no such netlink; psutil reads files instead
            return by_psutil(connections)
    return by_psutil(connections)


def watch(
    interval_s: float = 1.0,
    looks: int | None = None,
    look: Callable[[], Snapshot] = lambda: snapshot(connections=False),
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Difference]:
    """What opened and closed since the look before, each time that anything did.

    Looks every `interval_s` seconds, `looks` times if that is given. A door that opens and closes in between is missed.
    """
    if not 0 < interval_s <= 86_400:
        raise NetlearnError(f"the interval is more than 0 seconds and at most a day (86400), not {shown(interval_s)}")
    return _watch(interval_s, looks, look, sleep)


def _watch(
    interval_s: float, looks: int | None, look: Callable[[], Snapshot], sleep: Callable[[float], object]
) -> Iterator[Difference]:
    before = look()
    while looks is None or looks > 0:
        sleep(interval_s)
        after = look()
        if found := difference(before, after):
            yield found
        before, looks = after, None if looks is None else looks - 1


def _psutil() -> Any:
    """psutil, or `None` where it is not installed."""
    try:
        import psutil
    except ImportError:
        return None
    return psutil


def interfaces() -> tuple[Interface, ...]:
    """This machine's interfaces with their addresses, in the system's order."""
    psutil = _psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    states = psutil.net_if_stats()
    found = []
    for name, given in psutil.net_if_addrs().items():
        addresses = tuple(_with_prefix(each) for each in given if each.family in (socket.AF_INET, socket.AF_INET6))
        flags = states[name].flags.split(",") if name in states else []
        is_loopback = "loopback" in flags or any(address.startswith(("127.", "::1/")) for address in addresses)
        found.append(Interface(name, addresses, name in states and states[name].isup, is_loopback))
    return tuple(found)


def _with_prefix(given: Any) -> str:
    """An address with the length of its prefix; the longest where the system gives no mask."""
    if not given.netmask:
        return f"{given.address}/{ip_address(given.address).max_prefixlen}"
    length = int(ip_address(given.netmask)).bit_count() if ":" in given.netmask else None
    return f"{given.address}/{ip_network(f'0.0.0.0/{given.netmask}').prefixlen if length is None else length}"


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _system() -> str:
    """The kernel's name and version, as in `Linux 6.1.0`."""
    if hasattr(os, "uname"):
        name, release = os.uname().sysname, os.uname().release
    else:
        import platform

        name, release = platform.system(), platform.release()
    return f"{name} {release.partition('-')[0]}"


@cache
def _user_name(uid: int) -> str:
    """The user's name, or the number where it has none here."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _seen(
    listeners: Sequence[Listener],
    connections: Sequence[Socket],
    found: Sequence[Interface],
    because: str,
    more: int = 0,
) -> Snapshot:
    """The snapshot, with what is hidden counted: doors whose process is not shown, and `more` that nobody sees."""
    hidden = sum(not door.holders for door in listeners) + more
    return Snapshot(
        tuple(listeners), tuple(connections), tuple(found), hidden, because if hidden else "", _now(), _system()
    )


def _why_hidden(denied: int) -> str:
    """The reason for what is hidden; `denied` is how many processes refused to be looked at."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return OTHERS
    return REFUSED if denied else OUTSIDE


# ---- Linux, over netlink


def by_netlink(connections: bool = True) -> Snapshot:
    """This machine's sockets as the Linux kernel tells them. Raises `OSError` where it cannot be asked."""
    states = sockdiag.ALL_STATES if connections else sockdiag.DOORS
    rows = sockdiag.rows(states)
    holders = sockdiag.holders({row.inode for row in rows if row.inode})
    rows = _still_there(rows, holders, states)
    found = interfaces()
    places = cache(partial(place, found))
    listeners, others = [], []
    for row in rows:
        held_by = _held(holders.by_inode.get(row.inode, ()), holders.names)
        uid = holders.uids[held_by[0].pid] if held_by else row.uid
        user = None if uid is None else _user_name(uid)
        if row.state == sockdiag.LISTENING or (row.state == sockdiag.UNCONNECTED and row.netid != "tcp"):
            listeners.append(_listener(row, held_by, user, places))
        elif row.state in STATES:
            ends = (row.address, row.port, row.peer_address, row.peer_port)
            others.append(Socket(row.netid, STATES[row.state], *ends, held_by, user))
    return _seen(listeners, others, found, _why_hidden(holders.denied))


def _still_there(rows: list[sockdiag.Row], holders: sockdiag.Holders, states: int) -> list[sockdiag.Row]:
    """The rows without those that were closed while we asked who holds them: hidden is not the same as gone."""
    if all(row.inode in holders.by_inode for row in rows if row.inode):
        return rows
    left = {row.inode for row in sockdiag.rows(states)}
    return [row for row in rows if row.inode in holders.by_inode or row.inode in left]


def _listener(
    row: sockdiag.Row, held_by: tuple[Holder, ...], user: str | None, places: Callable[..., Place]
) -> Listener:
    if row.netid.startswith("u_"):
        return Listener(row.netid, row.address, None, Place(Scope.UNIX), held_by, user)
    device, address = _device(row.device) if row.device else None, row.address
    if device and address.startswith("fe80:"):
        address = f"{address}%{device}"
    v6only = row.v6only and address == "::"  # of any other address the kernel says it without a difference
    found = places(address, device, v6only)
    return Listener(row.netid, address, row.port, found, held_by, user, device, v6only)


def _device(index: int) -> str:
    """An interface's name; one that is gone keeps its number, as in `ss`."""
    try:
        return socket.if_indextoname(index)
    except OSError:
        return f"if{index}"


def _held(
    pairs: Sequence[tuple[int, int]],
    names: Mapping[int, str],
    started: Callable[[int], int] = sockdiag.process_started,
) -> tuple[Holder, ...]:
    """The holders of a socket: the oldest comes first, but process 1, which opens doors for others, last.

    Age is asked of the kernel: ids are used again, so a child's can be smaller than its parent's.
    """
    if len(pairs) == 1:
        ((pid, fd),) = pairs
        return (Holder(names[pid], pid, fd),)
    ordered = sorted(pairs, key=lambda pair: (pair[0] == 1, started(pair[0]), pair))
    return tuple(Holder(names[pid], pid, fd) for pid, fd in ordered)


# ---- Anywhere, by psutil


def by_psutil(connections: bool = True) -> Snapshot:
    """This machine's sockets as psutil tells them."""
    psutil = _psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    rows, denied = _psutil_rows(psutil)
    found, people = interfaces(), cache(partial(_person, psutil))
    both = {(row.type, row.laddr.port) for row in rows if row.family == socket.AF_INET and row.laddr.ip == "0.0.0.0"}
    listeners, others = [], []
    for row in rows:
        pid = row.pid if row.pid != 0 else None  # on Windows 0 stands for nobody
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
    return _seen(listeners, others, found, _why_hidden(denied), denied)


def _psutil_rows(psutil: Any) -> tuple[list[Any], int]:
    """Every Internet socket, and how many processes refused to be asked: macOS shows users only their own."""
    try:
        return [row for row in psutil.net_connections("inet") if row.laddr], 0
    except psutil.AccessDenied:
        pass
    rows, denied = [], 0
    for process in psutil.process_iter():
        try:
            given = process.net_connections("inet")
        except psutil.AccessDenied:
            denied += 1
        except psutil.NoSuchProcess:  # it ended, and its sockets with it
            continue
        else:
            rows += [_OfProcess(row, process.pid) for row in given if row.laddr]
    return rows, denied


class _OfProcess:
    """A row of psutil's that lacks its process, which is known from where it was asked for."""

    def __init__(self, row: Any, pid: int) -> None:
        self._row, self.pid = row, pid

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _person(psutil: Any, pid: int) -> tuple[str | None, str | None] | None:
    """The names of a process and its user, each `None` if it may not be asked; `None` for both once it has ended."""
    name = user = None
    try:
        process = psutil.Process(pid)
        name = process.name()
        user = process.username()
    except psutil.NoSuchProcess:
        return None
    except psutil.AccessDenied:
        pass
    # psutil completes what Linux cuts; `ss` shows what the kernel has.
    return (name[:15] if name and sys.platform == "linux" else name), user


def _zoned(address: str, found: Sequence[Interface]) -> str:
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
    kinds = unix_doors(file.read_text("utf-8", "backslashreplace")) if file.exists() else None
    for name, netid in [(row.laddr, _unix_kind(row)) for row in by_name.values()] if kinds is None else kinds:
        row = by_name.get(name)
        pid = row.pid if row else None
        person = people(pid) if pid is not None else None
        held_by = (Holder(person[0], pid, row.fd),) if row and pid is not None and person else ()
        user = person[1] if person else None
        yield Listener(netid, name, None, Place(Scope.UNIX), held_by, user)


def _unix_kind(row: Any) -> str:
    return sockdiag.UNIX_KINDS.get(int(row.type), "u_str")


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
