"""Sockets as psutil tells them, on any system; on Linux the kernel's file tells the doors among Unix sockets."""

import os
import re
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path
from stat import S_ISSOCK
from typing import Any

from netlearn.host.scope import InterfaceAddresses, Place, Scope, interface_of, place
from netlearn.host.sockets import Holder, Listener, Snapshot, Socket, State
from netlearn.probe import sockdiag
from netlearn.probe.asking import Notes, find_psutil, text
from netlearn.probe.interfaces import interfaces
from netlearn.probe.seen import seen_by, why_hidden

# psutil's words are the kernel's constants; NONE is UDP that has a peer.
WORDS = ("ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK")
PSUTIL_STATES = dict(zip((*WORDS, "CLOSING", "CLOSE"), State, strict=True)) | {"NONE": State.ESTABLISHED}
# A line of /proc/net/unix (unix(7)): flags, kind, state, inode, name. A name may hold any byte, the end of a line too.
UNIX_ROW = re.compile(
    rb"^[0-9a-f]+: [0-9A-F]{8} [0-9A-F]{8} ([0-9A-F]{8}) ([0-9A-F]{4}) ([0-9A-F]{2}) +(\d+)(?: (.*?))?$"
    rb"(?=\n[0-9a-f]+: [0-9A-F]{8} |\n?\Z)",
    re.MULTILINE | re.DOTALL,
)

Person = tuple[str | None, str | None]  # the names of a process and its user


def by_psutil(connections: bool = True) -> Snapshot:
    """This machine's sockets as psutil tells them. Raises an error of psutil or the system where none can be asked.

    >>> by_psutil(connections=False).connections
    ()
    """
    psutil = find_psutil()
    assert psutil is not None, "a snapshot that is not recorded has psutil"
    notes = Notes()
    rows, denied = _psutil_rows(psutil)
    found, people = interfaces(notes), cache(partial(_person, psutil))
    because = why_hidden(None, denied)
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
            ends = (address, row.laddr.port, place(found, address, device, v6only))
            listeners.append(Listener(netid, *ends, held_by, user, device, v6only, "" if held_by else because))
        elif connections and row.raddr and row.status in PSUTIL_STATES:
            both_ends = (row.laddr.ip, row.laddr.port, row.raddr.ip, row.raddr.port)
            others.append(Socket(netid, PSUTIL_STATES[row.status], *both_ends, held_by, user))
    listeners += notes.asked("Unix sockets", lambda: list(_unix(psutil, people, notes)), [])
    return seen_by(listeners, others, found, notes, denied)


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


def _person(psutil: Any, pid: int) -> Person | None:
    """The names of a process and its user, each `None` if it may not be asked; `None` for both once it has ended."""
    name = user = None
    try:
        with suppress(psutil.AccessDenied):
            process = psutil.Process(pid)
            name = process.name()
            user = process.username()
    except psutil.NoSuchProcess:
        return None
    if name and sys.platform == "linux":  # psutil completes what Linux cuts; `ss` shows what the kernel has
        name = os.fsdecode(os.fsencode(name)[:15])
    return (text(name) if name else name), user


def _zoned(address: str, found: Sequence[InterfaceAddresses]) -> str:
    """A link-local address with its zone, which Linux's files leave out; without, if several interfaces have it."""
    ip = ip_address(address)
    if ip.version == 4 or not ip.is_link_local or "%" in address:
        return address
    name = interface_of(found, ip)
    return f"{address}%{name}" if name else address


def _unix(psutil: Any, people: Callable[[int], Person | None], notes: Notes) -> Iterator[Listener]:
    """The doors among Unix sockets: on Linux the kernel's file says which are; elsewhere each with a name is one."""
    if not hasattr(socket, "AF_UNIX"):
        return
    if sys.platform == "linux":
        doors = unix_doors(Path("/proc/net/unix").read_bytes())
        holders = sockdiag.holders({inode for _, _, inode in doors}, notes)
        pairs = {inode: [(one.pid, one.fd) for one in each] for inode, each in holders.by_inode.items()}
        held = {inode: min(each, key=lambda one: (one[0] == 1, one)) for inode, each in pairs.items()}
        found = ((name, netid, *held.get(inode, (None, None))) for name, netid, inode in doors)
        told = [(text(_as_file(name, pid)), netid, pid, fd) for name, netid, pid, fd in found]
    else:
        rows = sorted(psutil.net_connections("unix"), key=lambda row: (row.pid is None, row.pid == 1, row.pid))
        first = {row.laddr: row for row in reversed(rows) if row.laddr}
        told = [
            (text(name), sockdiag.UNIX_KINDS.get(int(row.type), "u_str"), row.pid, row.fd)
            for name, row in first.items()
        ]
    for name, netid, pid, fd in told:
        person = people(pid) if pid is not None else None
        held_by = (Holder(person[0], pid, fd),) if pid is not None and person else ()
        because = "" if held_by else why_hidden(None, 0)
        yield Listener(
            netid, name, None, Place(Scope.UNIX), held_by, person[1] if person else None, hidden_because=because
        )


def _as_file(name: bytes, pid: int | None) -> bytes:
    """The name, which with `@` is one in the kernel, unless there is such a file where the process stands."""
    if not name.startswith(b"@") or pid is None:
        return name
    try:
        return b"./" * S_ISSOCK(os.stat(f"/proc/{pid}/cwd/".encode() + name).st_mode) + name  # noqa: PTH116 - bytes
    except OSError:
        return name


def unix_doors(file: bytes) -> list[tuple[bytes, str, int]]:
    """Name, kind and inode of every Unix socket in `/proc/net/unix` that waits for others.

    A file whose name begins with `@` cannot be told from a name in the kernel there.
    """
    doors = []
    for flags, kind, state, inode, name in UNIX_ROW.findall(file):
        netid = sockdiag.UNIX_KINDS.get(int(kind, 16))
        is_door = int(flags, 16) & 0x10000 or (netid == "u_dgr" and state == b"01")  # __SO_ACCEPTCON; unconnected
        if netid and name and is_door:
            doors.append((name, netid, int(inode)))
    return doors
