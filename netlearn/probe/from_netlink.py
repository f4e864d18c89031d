"""Sockets as the Linux kernel tells them over netlink, which is how `ss` asks."""

import gc
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import make_dataclass
from functools import cache, partial
from typing import Any

from netlearn.host.scope import InterfaceAddresses, Place, Scope, place
from netlearn.host.sockets import Held, Holder, Listener, Snapshot, Socket, State
from netlearn.probe import sockdiag
from netlearn.probe.asking import Notes, text
from netlearn.probe.interfaces import interfaces
from netlearn.probe.seen import seen_by, user_name, why_hidden

# The kernel's numbers; 10 is of doors, 12 only begins, and 7 comes last as it does in `State`.
LISTENING, UNCONNECTED = sockdiag.LISTENING, sockdiag.UNCONNECTED
STATES = dict(zip((1, 2, 3, 4, 5, 6, 8, 9, 11, sockdiag.UNCONNECTED), State, strict=True))


def by_netlink(connections: bool = True, bound: bool = False) -> Snapshot:
    """This machine's sockets as the Linux kernel tells them; with `bound`, also those that only have a port.

    Raises `OSError` where it cannot be asked.

    >>> by_netlink(connections=False).connections
    ()
    """
    with _without_collecting():
        states = sockdiag.ALL_STATES if connections else sockdiag.DOORS
        return _seen(states | sockdiag.BOUND if bound else states)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No garbage is looked for meanwhile: of ten thousand new rows without cycles it took a fifth of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _seen(states: int) -> Snapshot:
    notes = Notes()
    rows = sockdiag.rows(states)
    inodes = [row.inode for row in rows if row.inode]
    holders = notes.asked("processes", lambda: sockdiag.holders(inodes, notes), None)
    unseen = notes.pop().removesuffix(".") if holders is None else None  # it is said of each door
    holders = holders or sockdiag.Holders()
    rows = _still_there(rows, inodes, holders, states)
    found = interfaces(notes)
    where = cache(partial(_where, found))  # many doors are at one address
    because = cache(lambda uid: unseen or why_hidden(uid, holders.denied))
    by_inode, uids = holders.by_inode, holders.uids
    drafts, others = [], []
    for netid, state, address, port, peer, peer_port, index, v6only, uid, inode in rows:
        held_by = by_inode.get(inode, ())
        if held_by:
            if len(held_by) > 1:  # else nobody's age has to be read
                held_by = _held(held_by)
            uid = uids[held_by[0].pid]
        user = None if uid is None else user_name(uid)
        if state == LISTENING or (state == UNCONNECTED and netid != "tcp"):
            reason = "" if held_by else because(uid)
            address, device, v6only, reached = where(netid, address, index, v6only)
            own = port if netid in sockdiag.PROTOCOLS else None
            drafts.append(_Draft(netid, address, own, reached, held_by, user, device, v6only, reason))
        elif state in STATES:
            others.append(Socket(netid, STATES[state], address, port, peer, peer_port, held_by, user))
    return seen_by(_frozen(drafts), others, found, notes)


def _still_there(
    rows: list[sockdiag.Row], inodes: list[int], holders: sockdiag.Holders, states: int
) -> list[sockdiag.Row]:
    """The rows without those that were closed while we asked who holds them: hidden is not the same as gone."""
    if all(map(holders.by_inode.__contains__, inodes)):
        return rows
    left = {row.inode for row in sockdiag.rows(states)}
    return [row for row in rows if row.inode in holders.by_inode or row.inode in left]


_Draft: Any = make_dataclass("_Draft", Listener.__slots__, bases=(Held,), slots=True)  # a door, not yet frozen


def _frozen(drafts: list[Any]) -> list[Listener]:
    """The doors, frozen once they are whole: to fill what is frozen takes five times as long."""
    for door in drafts:
        door.__class__ = Listener
    return drafts


def _where(
    found: Sequence[InterfaceAddresses], netid: str, address: str, index: int, v6only: bool
) -> tuple[str, str | None, bool, Place]:
    """Where a door is: its address with its zone, its device, whether it is for IPv6 alone, and its place."""
    if netid.startswith("u_"):
        return address, None, False, Place(Scope.UNIX)
    device = _device(index) if index else None
    if device and address.startswith("fe80:"):
        address = f"{address}%{device}"
    v6only = v6only and address == "::"  # of any other address the kernel says it without a difference
    return address, device, v6only, place(found, address, device, v6only)


def _device(index: int) -> str:
    """An interface's name; one that is gone keeps its number, as in `ss`."""
    try:
        return text(socket.if_indextoname(index))
    except OSError:
        return f"if{index}"


def _held(holders: tuple[Holder, ...], started: Callable[[int], int] = sockdiag.process_started) -> tuple[Holder, ...]:
    """The holders of a socket: the oldest comes first, but process 1, which opens doors for others, last.

    Age is asked of the kernel: ids are used again, so a child's can be smaller than its parent's.
    """
    return tuple(sorted(holders, key=lambda each: (each.pid == 1, started(each.pid), each[1:])))
