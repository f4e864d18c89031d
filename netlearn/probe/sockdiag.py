"""What Linux says about its sockets over netlink (sock_diag(7)), and which processes hold them (proc(5)).

This is how `ss` asks, too: one request for each protocol, answered in binary, and no text to parse. The kernel names a
socket by an inode; which process holds that inode stands in the process's list of open files, which only its own user
and root may read. `messages`, `inet_row` and `unix_row` are functions of bytes alone.
"""

import os
import socket
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from socket import ntohs
from struct import Struct
from typing import NamedTuple

ESTABLISHED, UNCONNECTED, LISTENING = 1, 7, 10  # of the kernel's twelve states; 7 is CLOSE, what UDP waits in
ALL_STATES = 0xFFF
DOORS = 1 << UNCONNECTED | 1 << LISTENING
NETLINK_SOCK_DIAG, SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP = 4, 20, 0x301
NLMSG_ERROR, NLMSG_DONE = 2, 3
INET_DIAG_SKV6ONLY, UNIX_DIAG_NAME, UDIAG_SHOW_NAME = 11, 0, 1
PROTOCOLS = {"tcp": 6, "udp": 17}
UNIX_KINDS = {1: "u_str", 2: "u_dgr", 5: "u_seq"}
BUFFER = 1 << 16
_HEADER = Struct("=IHHII")  # length, type, flags, sequence, port
_INET_REQUEST = Struct("=BBBBI48x")
_INET = Struct("=BBxxHH16s16sI20xII")  # family, state, ports (big-endian), addresses, device, user, inode
_UNIX_REQUEST = Struct("=BBxxIII8x")
_UNIX = Struct("=BBBxI8x")  # family, kind, state, inode
_ATTRIBUTE = Struct("=HH")
_ERROR = Struct("=i")


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


@dataclass(slots=True)
class Holders:
    """Who holds which socket: process and file descriptor by inode, with the names and users of those processes.

    `denied` is how many processes would not say.
    """

    by_inode: dict[int, list[tuple[int, int]]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, str] = field(default_factory=dict)
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
                request = _INET_REQUEST.pack(family, protocol, 0, 0, states)
                found += [inet_row(netid, *message) for message in _ask(kernel, request)]
        request = _UNIX_REQUEST.pack(socket.AF_UNIX, 0, DOORS, 0, UDIAG_SHOW_NAME)
        found += filter(None, (unix_row(*message) for message in _ask(kernel, request)))
    return found


def _ask(kernel: socket.socket, request: bytes) -> Iterator[tuple[bytes, int, int]]:
    header = _HEADER.pack(_HEADER.size + len(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST_DUMP, 1, 0)
    kernel.sendto(header + request, (0, 0))
    return messages(iter(partial(kernel.recv, BUFFER), b""))


def messages(datagrams: Iterable[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """The messages of an answer, up to the one that says that it is complete: datagram, start, end, without headers.

    Raises the `OSError` that the answer may be.
    """
    for data in datagrams:
        at = 0
        while at < len(data):
            length, kind, _, _, _ = _HEADER.unpack_from(data, at)
            if kind == NLMSG_DONE:
                return
            if kind == NLMSG_ERROR:
                code = -_ERROR.unpack_from(data, at + _HEADER.size)[0]
                raise OSError(code, os.strerror(code))
            yield data, at + _HEADER.size, at + length
            at += length + 3 & ~3  # the next one begins at a multiple of four bytes (netlink(7), NLMSG_ALIGN)


def inet_row(netid: str, data: bytes, start: int, end: int) -> Row:
    """The socket in an `inet_diag_msg`."""
    family, state, port, peer_port, here, there, device, uid, inode = _INET.unpack_from(data, start)
    is_v6 = family == socket.AF_INET6
    v6only = is_v6 and _attribute(data, start + _INET.size, end, INET_DIAG_SKV6ONLY) == b"\1"
    address, peer = _text(family, here), _text(family, there)
    return Row(netid, state, address, ntohs(port), peer, ntohs(peer_port), device, v6only, uid, inode)


@lru_cache(maxsize=1024)
def _text(family: int, address: bytes) -> str:
    """An address as text; an IPv4 one is the first four bytes."""
    return socket.inet_ntop(family, address[:4] if family == socket.AF_INET else address)


def unix_row(data: bytes, start: int, end: int) -> Row | None:
    """The Unix socket in a `unix_diag_msg`, if it is a door: others find it by its name, and it waits for them."""
    _, kind, state, inode = _UNIX.unpack_from(data, start)
    name = _attribute(data, start + _UNIX.size, end, UNIX_DIAG_NAME)
    if not name or not (state == LISTENING or kind == socket.SOCK_DGRAM):
        return None
    return Row(UNIX_KINDS[kind], state, path(name), 0, "", 0, 0, False, None, inode)


def path(name: bytes) -> str:
    """A Unix socket's name as text: `@` stands for the zero bytes of one that is not a file."""
    plain = name.replace(b"\0", b"@") if name[:1] == b"\0" else name.rstrip(b"\0")
    return plain.decode("utf-8", "backslashreplace")


def _attribute(data: bytes, at: int, end: int, wanted: int) -> bytes | None:
    """The value of the attribute of this kind, if the message has it."""
    while at + _ATTRIBUTE.size <= end:
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if kind == wanted:
            return data[at + _ATTRIBUTE.size : at + length]
        if length < _ATTRIBUTE.size:  # broken; to go on would be to stand still
            break
        at += length + 3 & ~3
    return None


def holders(inodes: Collection[int]) -> Holders:
    """Which processes hold these sockets, as far as the system shows it; a process that ends meanwhile holds none."""
    links = {f"socket:[{inode}]": inode for inode in inodes}
    found = Holders()
    for pid in map(int, filter(str.isdecimal, os.listdir("/proc"))):  # noqa: PTH208 - no Path for each of very many
        try:
            held = _sockets_of(pid, links)
            if held:
                found.names[pid], found.uids[pid] = process_name(pid), process_uid(pid)
        except PermissionError:
            found.denied += 1
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
        else:
            for inode, fd in held:
                found.by_inode[inode].append((pid, fd))
    return found


def _sockets_of(pid: int, links: dict[str, int]) -> list[tuple[int, int]]:
    """Inode and file descriptor of each of these sockets that the process holds."""
    folder = os.open(f"/proc/{pid}/fd", os.O_RDONLY | os.O_DIRECTORY)
    try:
        return list(_read_links(folder, links))
    finally:
        os.close(folder)


def _read_links(folder: int, links: dict[str, int]) -> Iterator[tuple[int, int]]:
    for name in os.listdir(folder):
        try:
            inode = links.get(os.readlink(name, dir_fd=folder))
        except FileNotFoundError:  # closed since
            continue
        if inode is not None:
            yield inode, int(name)


def process_name(pid: int) -> str:
    """The name of a process as the kernel keeps it, 15 bytes at most."""
    with open(f"/proc/{pid}/comm", "rb") as file:  # noqa: PTH123
        return file.read().rstrip(b"\n").decode("utf-8", "backslashreplace")


def process_uid(pid: int) -> int:
    """The user whose rights a process has."""
    return os.stat(f"/proc/{pid}").st_uid  # noqa: PTH116


def process_started(pid: int) -> int:
    """When a process began, in the kernel's ticks since the machine did; 0 for one that has ended since."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            # The second field, the name in brackets, may hold spaces and brackets itself; the start is the 22nd.
            return int(file.read().rpartition(b")")[2].split()[19])
    except (FileNotFoundError, ProcessLookupError):
        return 0
