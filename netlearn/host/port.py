"""Who has a port of one machine. A port can be taken though nobody listens: bound only, connected, or in TIME-WAIT."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netlearn.errors import NetlearnError, printable, shown
from netlearn.host.sockets import LEFT_OUT, Listener, Snapshot, Socket, State, fields

_BOUND = "It has the port, but waits for nobody: a knock is refused, and another program that wants the port, too."
_TIME_WAIT = (
    "Its connection with {} is over. The system keeps the port for a while (Linux for a minute), lest late packets "
    "reach whoever has it next; a server that sets SO_REUSEADDR can have it at once."
)
_OLDER = "Before Linux 6.8 the kernel does not tell of a port that is only bound, and psutil never does."
_CONNECTION = "A connection with {}: it has the port whether anybody listens or not."


@dataclass(frozen=True, slots=True)
class Port:
    """Every TCP and UDP socket that has a port, those that wait for others first.

    >>> from netlearn.recorded import recorded
    >>> [each.state.value for each in Port.of(recorded(), 22).sockets[2:]]
    ['ESTAB']
    """

    number: int
    sockets: tuple[Listener | Socket, ...]
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, seen: Snapshot, number: int) -> "Port":
        """Who has the port in this snapshot. Raises `NetlearnError` for what is no port's number."""
        if not 1 <= number <= 65_535:
            raise NetlearnError(f"a port is a number from 1 to 65535, not {shown(number)}")
        held: tuple[Listener | Socket, ...] = (*seen.listeners, *seen.connections)
        found = (each for each in held if each.port == number)
        return cls(number, tuple(found), tuple(filter(None, (seen.recording_note, *map(printable, seen.notes)))))

    def __str__(self) -> str:
        if not self.sockets:
            return "\n\n".join((f"No TCP or UDP socket has port {self.number}.", f"{LEFT_OUT} {_OLDER}", *self.notes))
        rows = [tuple(map(printable, _row(each))) for each in self.sockets]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = (
            "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        )
        told = (f"{line}\n  {printable(why(each))}" for line, each in zip(lines, self.sockets, strict=True))
        return "\n\n".join(("\n".join(told), *self.notes))

    def data(self) -> dict[str, Any]:
        """What `netlearn sockets --port --json` prints."""
        notes = {"notes": [*self.notes]} if self.notes else {}
        return {"port": self.number, "sockets": [*map(_data, self.sockets)], **notes}


def why(each: Listener | Socket) -> str:
    """A sentence that says why the socket has its port."""
    if isinstance(each, Listener):
        return each.reach
    if each.state is State.BOUND:
        return _BOUND
    told = _TIME_WAIT if each.state is State.TIME_WAIT else _CONNECTION
    return told.format(_end(each.peer_address, each.peer_port))


def _row(each: Listener | Socket) -> Iterator[str]:
    door = isinstance(each, Listener)
    yield from (each.netid, each.state)
    yield each.endpoint if isinstance(each, Listener) else _end(each.address, each.port)
    yield "" if door or each.state is State.BOUND else _end(each.peer_address, each.peer_port)  # type: ignore[union-attr]
    yield _whose(each)


def _whose(each: Listener | Socket) -> str:
    if each.holders:
        return f"users:({','.join(map(str, each.holders))})" + (f" {each.user}" if each.user else "")
    return "no process" if each.state is State.TIME_WAIT else "the system does not show who holds it"


def _end(address: str, port: int) -> str:
    return f"{f'[{address}]' if ':' in address else address}:{port}"


def _data(each: Listener | Socket) -> dict[str, Any]:
    if isinstance(each, Listener):
        return each.data()
    peer = {} if each.state is State.BOUND else fields(each, "peer_address", "peer_port")
    whose = fields(each, "process", "pid", "user")
    return {"protocol": each.netid, **fields(each, "address", "port"), **peer, **whose, "state": each.state.value}
