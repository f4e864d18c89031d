"""One machine's open doors as values: listeners, connections, and all of them at one instant.

`netlearn.probe` looks at the machine; nothing here does. Words are those of `ss`: UDP sockets that nobody has connected
are doors too (`UNCONN`). The process behind a door is `None` where the system did not show it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from typing import Any, NamedTuple

from netlearn.errors import printable
from netlearn.host.scope import TITLES, InterfaceAddresses, Place, Scope, reach

MOST = 200  # doors of one scope that a page shows
HEADS = ("Netid", "State", "Local Address:Port", "Process", "User")  # what `row` of a door says
REACH = "Who can reach it"
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LEFT_OUT = "Sockets of vsock, UDP-Lite, SCTP and DCCP, and raw ones, are not looked at."
UTC = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])-([0-3][0-9])T([0-9]{2}:[0-9]{2}):[0-9]{2}Z")


def fields(value: object, *names: str) -> dict[str, Any]:
    """What the value has under these names, as plain data with them as keys."""
    return {name: getattr(value, name) for name in names}


class State(StrEnum):
    """What a connection is doing (RFC 9293 3.3.2), in the words of `ss`, and in the order of the kernel's numbers."""

    ESTABLISHED = "ESTAB"
    SYN_SENT = "SYN-SENT"
    SYN_RECEIVED = "SYN-RECV"
    FIN_WAIT_1 = "FIN-WAIT-1"
    FIN_WAIT_2 = "FIN-WAIT-2"
    TIME_WAIT = "TIME-WAIT"
    CLOSE_WAIT = "CLOSE-WAIT"
    LAST_ACK = "LAST-ACK"
    CLOSING = "CLOSING"
    BOUND = "UNCONN"  # it has a port, and neither waits for others nor has a peer: Linux tells it since 6.8


class Holder(NamedTuple):
    """A process that holds a socket, and its file descriptor; `None` for what the system does not tell."""

    process: str | None
    pid: int
    fd: int | None = None

    def __str__(self) -> str:
        fd = "" if self.fd is None else f",fd={self.fd}"
        return f'("{self.process or "?"}",pid={self.pid}{fd})'


class Held:
    """What processes hold."""

    __slots__ = ()
    holders: tuple[Holder, ...]

    @property
    def process(self) -> str | None:
        """The name of the process that serves or uses it; `None` also once none does, as in TIME-WAIT."""
        return self.holders[0].process if self.holders else None

    @property
    def pid(self) -> int | None:
        """The id of that process."""
        return self.holders[0].pid if self.holders else None


@dataclass(frozen=True, slots=True)
class Listener(Held):
    """An open door. `holders` begins with the process that serves it; several share it after a fork.

    `netid` is `tcp`, `udp`, or for a Unix socket `u_str`, `u_dgr` or `u_seq`. The address of a Unix socket is its path,
    or `@name` if it is no file; its port is `None`. `v6only` is about `::`, which else means IPv4, too. `user` runs the
    process or, if that is hidden, made the socket; then `hidden_because` has the reason.

    >>> from netlearn.recorded import recorded
    >>> door = recorded().by_scope()[Scope.EVERY][0]
    >>> door.endpoint, door.process
    ('*:3000', 'node')
    """

    netid: str
    address: str
    port: int | None
    place: Place
    holders: tuple[Holder, ...] = ()
    user: str | None = None
    device: str | None = None
    v6only: bool = False
    hidden_because: str = ""

    @property
    def protocol(self) -> str:
        """`tcp`, `udp` or `unix`."""
        return "unix" if self.netid.startswith("u_") else self.netid

    @property
    def state(self) -> str:
        """`LISTEN`, or `UNCONN` where there are no connections to wait for."""
        return "UNCONN" if self.netid in ("udp", "u_dgr") else "LISTEN"

    @property
    def scope(self) -> Scope:
        """From where it can be reached."""
        return self.place.scope

    @property
    def interface(self) -> str | None:
        """The interface that has its address, or that it is tied to; `None`: several, or none."""
        return self.place.interface

    @property
    def reach(self) -> str:
        """A sentence that says who can reach it."""
        return reach(self.place, self.address)

    @property
    def endpoint(self) -> str:
        """Local address and port as `ss -n` writes them: `*` is every address of both families."""
        if self.port is None:
            return self.address
        plain = self.address.partition("%")[0]
        host = "*" if plain == "::" and not self.v6only else f"[{plain}]" if ":" in plain else plain
        return f"{host}{f'%{self.device}' if self.device else ''}:{self.port}"

    def columns(self) -> tuple[str, str, str, str]:
        """What `ss -tulpn` says of it: Netid, State, Local Address:Port, Process."""
        users = ",".join(map(str, self.holders))
        return self.netid, self.state, self.endpoint, f"users:({users})" if users else ""

    def row(self) -> tuple[str, ...]:
        """What a table says of it: the columns of `ss`, and the user (`HEADS`)."""
        return tuple(map(printable, (*self.columns(), self.user or "")))

    def data(self) -> dict[str, Any]:
        """The door as plain data, as `netlearn sockets --json` lists it."""
        whose = fields(self, "process", "pid", "user", "state", "interface", "reach")
        why = fields(self, "hidden_because") if self.hidden_because else {}
        switch = {"route_localnet": [*self.place.opened]} if self.place.opened else {}
        return {**fields(self, "protocol", "address", "port"), "scope": self.scope.value, **whose, **why, **switch}


@dataclass(frozen=True, slots=True)
class Socket(Held):
    """A connection: TCP in any state but LISTEN, or a UDP socket that has a peer; or what is only bound to a port.

    >>> from netlearn.recorded import recorded
    >>> [connection.process for connection in recorded().connections]
    ['postgres', 'psql', 'sshd', 'firefox']
    """

    netid: str
    state: State
    address: str
    port: int
    peer_address: str
    peer_port: int
    holders: tuple[Holder, ...] = ()
    user: str | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Snapshot:
    """All of a machine's TCP and UDP sockets at one instant; Unix sockets only as doors, of other kinds none.

    `hidden` is how many doors have a process that the system would not show, and `hidden_because` why. `taken` is UTC.
    `recorded` tells the snapshot that comes with netlearn from a look at the reader's own machine. `notes` are
    sentences about what else the system would not tell.

    >>> from netlearn.recorded import recorded
    >>> [door.endpoint for door in recorded().by_scope()[Scope.EVERY_IPV4]]
    ['0.0.0.0:22', '0.0.0.0:5353']
    """

    listeners: tuple[Listener, ...]
    connections: tuple[Socket, ...] = ()
    interfaces: tuple[InterfaceAddresses, ...] = ()
    hidden: int = 0
    hidden_because: str = ""
    taken: str = ""
    system: str = ""
    recorded: bool = False
    notes: tuple[str, ...] = ()

    def by_scope(self) -> dict[Scope, tuple[Listener, ...]]:
        """The doors of each scope that has some, the narrowest scope first, Unix sockets last."""
        groups: dict[Scope, list[Listener]] = {scope: [] for scope in Scope}
        for listener in sorted(self.listeners, key=_order):
            groups[listener.place.scope].append(listener)
        return {scope: tuple(group) for scope, group in groups.items() if group}

    def data(self) -> dict[str, Any]:
        """What `netlearn sockets --json` prints. What is hidden has a reason; a recording says that it is one."""
        doors = [door.data() for door in sorted(self.listeners, key=_order)]
        why = fields(self, "hidden_because") if self.hidden else {}
        recorded = {"recorded": fields(self, "taken", "system")} if self.recorded else {}
        notes = {"notes": [*self.notes]} if self.notes else {}
        return {"listeners": doors, "hidden": self.hidden, **why, **notes, **recorded}

    @property
    def when(self) -> str:
        """The instant as a reader would say it: `23 November 2026, 11:17 UTC`."""
        found = UTC.fullmatch(self.taken)
        if not found:  # whoever wrote the recording says it otherwise
            return printable(self.taken)
        year, month, day, time = found.groups()
        return f"{int(day)} {MONTHS[int(month) - 1]} {year}, {time} UTC"

    @property
    def recording_note(self) -> str:
        """A sentence that says that this is a recording, or nothing."""
        if not self.recorded:
            return ""
        return printable(f"Recorded on {self.system} on {self.when}: these are not this machine's own sockets.")

    @property
    def hidden_note(self) -> str:
        """A sentence that says how many processes are hidden and why, or nothing."""
        if not self.hidden:
            return ""
        many = f"{self.hidden:,} of {len(self.listeners):,}"
        return printable(f"The process is hidden for {many}: {self.hidden_because}.")

    @property
    def untold(self) -> tuple[str, ...]:
        """The sentences that say what the system would not tell."""
        return tuple(filter(None, (self.hidden_note, *map(printable, self.notes))))

    def __str__(self) -> str:
        """The doors by scope, a line each that ends with the sentence that says who can reach it."""
        groups = ["\n".join(_lines(scope, doors)) for scope, doors in self.by_scope().items()]
        return "\n\n".join(filter(None, [self.recording_note, *(groups or ["Nothing listens."]), *self.untold]))

    def __repr__(self) -> str:
        groups = ", ".join(f"{len(doors):,} {scope.value}" for scope, doors in self.by_scope().items())
        when = printable(f" recorded on {self.system} on {self.when}") if self.recorded else ""
        doors = f"{len(self.listeners):,} listeners{f' ({groups})' if groups else ''}"
        hidden = f", {self.hidden:,} hidden" if self.hidden else ""
        return f"<Snapshot{when}: {doors}, {len(self.connections):,} connections{hidden}>"

    def _repr_html_(self) -> str:
        heads = "".join(f'<th scope="col">{head}</th>' for head in (*HEADS, REACH))
        bodies = "".join(_html(scope, doors) for scope, doors in self.by_scope().items())
        notes = "".join(f"<p>{escape(note)}</p>" for note in (self.recording_note, *self.untold) if note)
        caption = "Open doors, by who can reach them" if self.listeners else "Nothing listens"
        return f"{notes}<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>{bodies}</table>"


@dataclass(frozen=True, slots=True)
class Difference:
    """Which doors opened and which closed between two snapshots."""

    opened: tuple[Listener, ...] = ()
    closed: tuple[Listener, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.closed)

    def __str__(self) -> str:
        return "\n".join(
            f"{mark}  {' '.join(filter(None, door.row()))}  {printable(door.reach)}"
            for mark in ("opened", "closed")
            for door in getattr(self, mark)
        )

    def data(self) -> dict[str, Any]:
        """The difference as plain data: one line of `netlearn sockets --watch --json`."""
        return {"opened": [door.data() for door in self.opened], "closed": [door.data() for door in self.closed]}


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What opened and what closed. A door that another process serves now was closed and opened again."""
    return Difference(_beyond(after, before), _beyond(before, after))


def _beyond(snapshot: Snapshot, other: Snapshot) -> tuple[Listener, ...]:
    """The doors that the other snapshot does not have. Equal ones, as SO_REUSEPORT allows, are counted."""
    left = Counter(map(_identity, other.listeners))
    found = []
    for door in sorted(snapshot.listeners, key=_order):
        left[_identity(door)] -= 1
        if left[_identity(door)] < 0:
            found.append(door)
    return tuple(found)


def _identity(door: Listener) -> tuple[object, ...]:
    return door.netid, door.address, door.port, door.device, door.v6only, door.pid


def _order(door: Listener) -> tuple[object, ...]:
    return door.protocol, door.port or 0, door.address, door.device or "", door.pid or 0, door.netid


def _told(door: Listener) -> tuple[str, ...]:
    return (*door.row(), printable(door.reach))


def _lines(scope: Scope, doors: Iterable[Listener]) -> Iterator[str]:
    rows = [(*HEADS, REACH), *map(_told, doors)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    yield f"{TITLES[scope]} ({scope.value})"
    for row in rows:
        yield "  " + "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()


def _html(scope: Scope, doors: Sequence[Listener]) -> str:
    width = len(HEADS) + 1
    title = f"{TITLES[scope]} (<code>{scope.value}</code>)"
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in _told(door))}</tr>" for door in doors[:MOST])
    more = f'<tr><td colspan="{width}">… and {len(doors) - MOST:,} more.</td></tr>' if len(doors) > MOST else ""
    return f'<tbody><tr><th colspan="{width}" scope="rowgroup">{title}</th></tr>{rows}{more}</tbody>'
