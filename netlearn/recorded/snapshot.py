"""Snapshots of sockets in a file, and the recorded one that comes with netlearn.

The recorded one was made by running each of its processes in an empty network namespace: `tools/record/snapshot.py`.
It stands in where the machine's own sockets cannot be seen, in a web page, or should not be published, in the book.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from importlib.resources import files
from itertools import chain
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from netlearn.errors import NetlearnError, shown
from netlearn.host.scope import InterfaceAddresses, Place, Scope, place
from netlearn.host.sockets import Holder, Listener, Snapshot, Socket, State, fields

_BUNDLED = files("netlearn") / "data" / "snapshot.json"
# What is kept of each; of an interface, what is beyond the usual only if it is so. A door's scope follows from its
# address and the interfaces.
INTERFACE, BEYOND = ("name", "addresses", "up", "loopback"), ("local", "route_localnet", "bridge")
DOOR = ("netid", "address", "port", "device", "v6only", "user", "holders")
CONNECTION = ("netid", "state", "address", "port", "peer_address", "peer_port", "user", "holders")

Row = InterfaceAddresses | Listener | Socket | Holder


class BadSnapshot(NetlearnError):
    """A file that holds no snapshot of sockets."""


def recorded() -> Snapshot:
    """The snapshot that comes with netlearn; it says that it is recorded, when and on which kernel.

    >>> [door.process for door in recorded().by_scope()[Scope.EVERY]]
    ['node']
    """
    return replace(from_json(_BUNDLED.read_text(encoding="utf-8")), recorded=True)


def to_json(snapshot: Snapshot) -> str:
    """The whole snapshot as JSON text, a line for each door, connection and interface."""
    whole = {
        **fields(snapshot, "taken", "system", "recorded", "hidden", "hidden_because"),
        **({"notes": [*snapshot.notes]} if snapshot.notes else {}),
        "interfaces": [_told(each, INTERFACE, BEYOND) for each in snapshot.interfaces],
        "listeners": [_told(each, DOOR, ("hidden_because",)) for each in snapshot.listeners],
        "connections": [fields(each, *CONNECTION) for each in snapshot.connections],
    }
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in whole.items()) + "\n}\n"


def from_json(text: str) -> Snapshot:
    """The snapshot that `to_json` wrote. Raises `BadSnapshot`, which names what is missing or wrong."""
    try:
        whole = json.loads(text)
        interfaces = tuple(map(_interface, whole["interfaces"]))
        doors = tuple(_listener(given, interfaces) for given in whole["listeners"])
        connections = tuple(map(_socket, whole["connections"]))
        holders = (held for each in (*doors, *connections) for held in each.holders)
        for row in chain[Row](interfaces, doors, connections, holders):
            _check(row)
        hidden, recorded = int(whole["hidden"]), bool(whole["recorded"])
        because, taken, system = (str(whole[key]) for key in ("hidden_because", "taken", "system"))
        notes = tuple(map(str, whole.get("notes", ())))
        return Snapshot(doors, connections, interfaces, hidden, because, taken, system, recorded, notes)
    except KeyError as missing:
        raise BadSnapshot(f"this is no snapshot of sockets: it lacks {missing}") from None
    except (ValueError, TypeError, AttributeError, RecursionError) as reason:
        raise BadSnapshot(f"this is no snapshot of sockets: {shown(str(reason))}") from None


def _check(row: Row) -> None:
    """Raise `TypeError` for a value of another type than its field's, which would fail only when it is shown."""
    for name, wanted in get_type_hints(type(row)).items():
        value = getattr(row, name)
        few = get_args(wanted) if isinstance(wanted, UnionType) else (get_origin(wanted) or wanted,)
        if type(value) not in few:  # a bool is no port
            raise TypeError(f"{name} is {shown(value)}")


def _told(value: object, always: Iterable[str], beyond: Iterable[str]) -> dict[str, Any]:
    return fields(value, *always) | {name: found for name, found in fields(value, *beyond).items() if found}


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n" + ",\n".join(f"  {json.dumps(each)}" for each in value) + "\n]"


def _interface(given: Mapping[str, Any]) -> InterfaceAddresses:
    usual = given["name"], tuple(map(str, given["addresses"])), given["up"], given["loopback"]
    local, bridge = tuple(map(str, given.get("local", ()))), given.get("bridge")
    return InterfaceAddresses(*usual, local, bool(given.get("route_localnet")), None if bridge is None else str(bridge))


def _listener(given: Mapping[str, Any], interfaces: tuple[InterfaceAddresses, ...]) -> Listener:
    kept = _kept(given, DOOR)
    is_unix = kept["netid"].startswith("u_")
    where = None if is_unix else place(interfaces, kept["address"], kept["device"], kept["v6only"])
    return Listener(**kept, place=where or Place(Scope.UNIX), hidden_because=str(given.get("hidden_because", "")))


def _socket(given: Mapping[str, Any]) -> Socket:
    return Socket(**{**_kept(given, CONNECTION), "state": State(given["state"])})


def _kept(given: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: given[name] for name in names} | {"holders": tuple(Holder(*each) for each in given["holders"])}
