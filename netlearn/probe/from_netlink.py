"""Sockets as the Linux kernel tells them over netlink, which is how `ss` asks."""

import gc
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, partial

from netlearn.host.scope import Place, Scope, place
from netlearn.host.sockets import Holder, Listener, Snapshot, Socket, State
from netlearn.probe import sockdiag
from netlearn.probe.asking import Notes, text
from netlearn.probe.interfaces import interfaces
from netlearn.probe.seen import seen_by, user_name, why_hidden

# The kernel's numbers; 10 is of doors, 12 only begins, and 7 comes last as it does in `State`.
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
    inodes = {row.inode for row in rows if row.inode}
    holders = notes.asked("processes", lambda: sockdiag.holders(inodes, notes), None)
    unseen = notes.pop().removesuffix(".") if holders is None else None  # it is said of each door
    holders = holders or sockdiag.Holders()
    rows = _still_there(rows, inodes, holders, states)
    found = interfaces(notes)
    places = cache(partial(place, found))
    because = cache(lambda uid: unseen or why_hidden(uid, holders.denied))
    listeners, others = [], []
    for row in rows:
        held_by = _held(holders.by_inode.get(row.inode, ()), holders.names)
        uid = holders.uids[held_by[0].pid] if held_by else row.uid
        user = None if uid is None else user_name(uid)
        if row.state == sockdiag.LISTENING or (row.state == sockdiag.UNCONNECTED and row.netid != "tcp"):
            listeners.append(_listener(row, held_by, user, places, "" if held_by else because(uid)))
        elif row.state in STATES:
            ends = (row.address, row.port, row.peer_address, row.peer_port)
            others.append(Socket(row.netid, STATES[row.state], *ends, held_by, user))
    return seen_by(listeners, others, found, notes)


def _still_there(
    rows: list[sockdiag.Row], inodes: set[int], holders: sockdiag.Holders, states: int
) -> list[sockdiag.Row]:
    """The rows without those that were closed while we asked who holds them: hidden is not the same as gone."""
    if inodes <= holders.by_inode.keys():
        return rows
    left = {row.inode for row in sockdiag.rows(states)}
    return [row for row in rows if row.inode in holders.by_inode or row.inode in left]


def _listener(
    row: sockdiag.Row, held_by: tuple[Holder, ...], user: str | None, places: Callable[..., Place], because: str
) -> Listener:
    if row.netid.startswith("u_"):
        return Listener(row.netid, row.address, None, Place(Scope.UNIX), held_by, user, hidden_because=because)
    device, address = _device(row.device) if row.device else None, row.address
    if device and address.startswith("fe80:"):
        address = f"{address}%{device}"
    v6only = row.v6only and address == "::"  # of any other address the kernel says it without a difference
    found = places(address, device, v6only)
    return Listener(row.netid, address, row.port, found, held_by, user, device, v6only, because)


def _device(index: int) -> str:
    """An interface's name; one that is gone keeps its number, as in `ss`."""
    try:
        return text(socket.if_indextoname(index))
    except OSError:
        return f"if{index}"


def _held(
    pairs: Sequence[tuple[int, int]],
    names: Mapping[int, str | None],
    started: Callable[[int], int] = sockdiag.process_started,
) -> tuple[Holder, ...]:
    """The holders of a socket: the oldest comes first, but process 1, which opens doors for others, last.

    Age is asked of the kernel: ids are used again, so a child's can be smaller than its parent's.
    """
    if len(pairs) == 1:  # nearly always, and then nobody's age has to be read
        ((pid, fd),) = pairs
        return (Holder(names[pid], pid, fd),)
    ordered = sorted(pairs, key=lambda pair: (pair[0] == 1, started(pair[0]), pair))
    return tuple(Holder(names[pid], pid, fd) for pid, fd in ordered)
