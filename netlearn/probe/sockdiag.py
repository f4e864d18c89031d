"""What Linux says about its sockets over netlink (sock_diag(7)), and which processes hold them (proc(5)).

This is how `ss` asks, too: one request for each protocol, answered in binary, and no text to parse. The kernel names a
socket by an inode; which process holds that inode stands in the process's list of open files, which only its own user
and root may read. `messages`, `attributes`, `inet_row` and `unix_row` are functions of bytes alone.
"""

import errno
import os
import socket
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from itertools import starmap
from socket import ntohs
from struct import Struct
from typing import NamedTuple

from netlearn.host.sockets import Holder
from netlearn.probe.asking import Notes, text

ESTABLISHED, UNCONNECTED, LISTENING = 1, 7, 10  # of the kernel's twelve states; 7 is CLOSE, what UDP waits in
ALL_STATES = 0xFFF
BOUND = 1 << 13  # a bit of requests alone; the answer says CLOSE. Linux before 6.8 passes over it
DOORS = 1 << UNCONNECTED | 1 << LISTENING
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP = 4, 20, 0x301
NLMSG_ERROR, NLMSG_DONE = 2, 3
INET_DIAG_SKV6ONLY, UNIX_DIAG_NAME, UNIX_DIAG_UID = 11, 0, 7
UDIAG_SHOW_NAME, UDIAG_SHOW_UID = 0x1, 0x40  # Linux before 5.3 does not tell the user
PROTOCOLS = {"tcp": 6, "udp": 17}
UNIX_KINDS = {1: "u_str", 2: "u_dgr", 5: "u_seq"}
BUFFER = 1 << 16
AF_INET, AF_INET6 = int(socket.AF_INET), int(socket.AF_INET6)  # an enumeration's members are slow to compare
_HEADER = Struct("=IHHII")  # length, type, flags, sequence, port
_LENGTH_AND_TYPE = Struct("=IH")
_INET_REQUEST = Struct("=BBBBI48x")
_INET = Struct("=BBxxHH32sI20xII")  # family, state, ports (big-endian), both addresses, device, user, inode
_UNIX_REQUEST = Struct("=BBxxIII8x")
_UNIX = Struct("=BBBxI8x")  # family, kind, state, inode
_ATTRIBUTE = Struct("=HH")
_ERROR = Struct("=i")
_UID = Struct("=I")


class Row(NamedTuple):
    """A socket as the kernel tells of it. `device` is an interface's index, 0 for none; a Unix socket has no ports."""

    netid: str
    state: int
    address: str
    port: int
    peer_address: str
    peer_port: int
    device: int
    v6only: bool
    uid: int | None
    inode: int


# Named tuples of plain ones: their own `__new__` is Python's, and takes twice as long.
_row, _holder = partial(tuple.__new__, Row), partial(tuple.__new__, Holder)


@dataclass(slots=True)
class Holders:
    """Who holds which socket, by its inode, with the users of those processes.

    A name is `None` where it may not be read; `denied` is how many processes would not say what they hold.
    """

    by_inode: dict[int, tuple[Holder, ...]] = field(default_factory=dict)
    uids: dict[int, int] = field(default_factory=dict)
    denied: int = 0


def rows(states: int) -> list[Row]:
    """Every socket in one of the states (a bit for each), and the doors among Unix sockets.

    Raises `OSError` where the kernel cannot be asked, as in some containers.
    """
    found: list[Row] = []
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_SOCK_DIAG) as kernel:  # type: ignore[attr-defined, unused-ignore]
        for netid, protocol in PROTOCOLS.items():
            for family in (socket.AF_INET, socket.AF_INET6):
                # No TCP door is in CLOSE, and to ask for it has the kernel walk through its table of connections.
                asked = 1 << LISTENING if (netid, states) == ("tcp", DOORS) else states
                request = _INET_REQUEST.pack(family, protocol, 0, 0, asked)
                found += starmap(partial(inet_row, netid), ask(kernel, SOCK_DIAG_BY_FAMILY, request))
        request = _UNIX_REQUEST.pack(socket.AF_UNIX, 0, DOORS, 0, UDIAG_SHOW_NAME | UDIAG_SHOW_UID)
        found += filter(None, (unix_row(*message) for message in ask(kernel, SOCK_DIAG_BY_FAMILY, request)))
    return found


def ask(kernel: socket.socket, kind: int, request: bytes) -> Iterator[tuple[bytes, int, int]]:
    """The messages of the kernel's answer to a request for all that there is of a kind (netlink(7))."""
    header = _HEADER.pack(_HEADER.size + len(request), kind, NLM_F_REQUEST_DUMP, 1, 0)
    kernel.sendto(header + request, (0, 0))
    return messages(iter(partial(kernel.recv, BUFFER), b""))


def messages(datagrams: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """The messages of an answer, up to the one that says that it is complete: datagram, start, end, without headers.

    Raises the `OSError` that the answer may be, and one for an answer that is broken.
    """
    size, length_and_type = _HEADER.size, _LENGTH_AND_TYPE.unpack_from
    for data in datagrams:
        at, whole = 0, len(data)
        while at < whole:
            length, kind = length_and_type(data, at) if whole - at >= size else (0, 0)
            if not size <= length <= whole - at:  # to go on would be to stand still, or to read past the end
                raise OSError(errno.EBADMSG, os.strerror(errno.EBADMSG))
            if kind == NLMSG_DONE:
                return
            if kind == NLMSG_ERROR:
                code = -_ERROR.unpack_from(data[at:] + bytes(_ERROR.size), size)[0]
                raise OSError(code, os.strerror(code))
            yield data, at + size, at + length
            at += length + 3 & ~3  # the next one begins at a multiple of four bytes (netlink(7), NLMSG_ALIGN)


def inet_row(netid: str, data: bytes, start: int, end: int) -> Row:
    """The socket in an `inet_diag_msg`."""
    family, state, port, peer_port, both, device, uid, inode = _INET.unpack_from(data, start)
    v6only = family == AF_INET6 and attributes(data, start + _INET.size, end).get(INET_DIAG_SKV6ONLY) == b"\1"
    address, peer = _addresses(family, both)
    return _row((netid, state, address, ntohs(port), peer, ntohs(peer_port), device, v6only, uid, inode))


@lru_cache(maxsize=1024)
def _addresses(family: int, both: bytes) -> tuple[str, str]:
    """The addresses of both ends as text; an IPv4 one is the first four bytes of its sixteen."""
    size = 4 if family == AF_INET else 16
    return socket.inet_ntop(family, both[:size]), socket.inet_ntop(family, both[16 : 16 + size])


def unix_row(data: bytes, start: int, end: int) -> Row | None:
    """The Unix socket in a `unix_diag_msg`, if it is a door: others find it by its name, and it waits for them."""
    _, kind, state, inode = _UNIX.unpack_from(data, start)
    told = attributes(data, start + _UNIX.size, end)
    name, uid = told.get(UNIX_DIAG_NAME), told.get(UNIX_DIAG_UID)
    if not name or not (state == LISTENING or kind == socket.SOCK_DGRAM):
        return None
    who = None if uid is None else _UID.unpack(uid)[0]
    return Row(UNIX_KINDS[kind], state, path(name), 0, "", 0, 0, False, who, inode)


def path(name: bytes) -> str:
    """A Unix socket's name as text: `@` stands for the zero bytes of one that is not a file, `./@` for a file's own."""
    if name[:1] == b"\0":
        return text(name.replace(b"\0", b"@"))
    return text(b"./" * name.startswith(b"@") + name.rstrip(b"\0"))


def attributes(data: bytes, at: int, end: int) -> dict[int, bytes]:
    """The value of each attribute of a message, by its kind."""
    found = {}
    while at + _ATTRIBUTE.size <= end:
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:  # broken; to go on would be to stand still
            break
        found[kind] = data[at + _ATTRIBUTE.size : at + length]
        at += length + 3 & ~3
    return found


def holders(inodes: Collection[int], notes: Notes) -> Holders:
    """Which processes hold these sockets, as far as the system shows it; a process that ends meanwhile holds none.

    Raises `OSError` where the system shows no processes at all.
    """
    links = {f"socket:[{inode}]": inode for inode in inodes}
    found = Holders()
    processes = [*filter(str.isdecimal, os.listdir("/proc"))]  # noqa: PTH208 - no Path for each of very many
    if not processes:
        raise FileNotFoundError(errno.ENOENT, "it shows no processes", "/proc")
    for pid in map(int, processes):
        try:
            held, name = _sockets_of(pid, links), None
            if held:
                found.uids[pid], name = process_uid(pid), _name(pid, notes)
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
        except OSError:
            found.denied += 1
        else:
            for inode, fd in held:
                found.by_inode[inode] = (*found.by_inode.get(inode, ()), _holder((name, pid, fd)))
    return found


def _sockets_of(pid: int, links: dict[str, int]) -> list[tuple[int, int]]:
    """Inode and file descriptor of each of these sockets that the process holds.

    Once its first thread has ended the process itself lists no files; any other thread does.
    """
    held, threads = _sockets_in(f"/proc/{pid}/fd", links), f"/proc/{pid}/task"
    if held is not None or os.stat(threads).st_nlink <= 3:  # noqa: PTH116 - two links, and one for each
        return held or []
    others = (_sockets_in(f"{threads}/{thread}/fd", links) for thread in os.listdir(threads))  # noqa: PTH208
    return next(filter(None, others), [])


def _sockets_in(path: str, links: dict[str, int]) -> list[tuple[int, int]] | None:
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        return _read_links(folder, links)
    finally:
        os.close(folder)


def _read_links(folder: int, links: dict[str, int]) -> list[tuple[int, int]] | None:
    """Inode and name of each link to one of these sockets; `None` where there are no links at all."""
    held, read, known = [], os.readlink, links.get  # found once: this is done for every file of every process
    names = os.listdir(folder)
    for name in names:
        try:
            inode = known(read(name, dir_fd=folder))
        except FileNotFoundError:  # closed since
            continue
        if inode is not None:
            held.append((inode, int(name)))
    return held if names else None


def _name(pid: int, notes: Notes) -> str | None:
    try:
        return process_name(pid)
    except PermissionError as refused:
        notes.refused("Names of processes", refused)
        return None


def process_name(pid: int) -> str:
    """The name of a process as the kernel keeps it, 15 bytes at most."""
    with open(f"/proc/{pid}/comm", "rb") as file:  # noqa: PTH123
        return text(file.read().removesuffix(b"\n"))


def process_uid(pid: int) -> int:
    """The user whose rights a process has."""
    return os.stat(f"/proc/{pid}").st_uid  # noqa: PTH116


def process_started(pid: int) -> int:
    """When a process began, in the kernel's ticks since the machine did; 0 where that is not to be known any more."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            # The second field, the name in brackets, may hold spaces and brackets itself; the start is the 22nd.
            return int(file.read().rpartition(b")")[2].split()[19])
    except OSError:
        return 0
