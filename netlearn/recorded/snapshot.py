"""Snapshots of sockets in a file, and the recorded one that comes with netlearn.

The recorded one was made by running each of its processes in an empty network namespace: `tools/record/snapshot.py`.
It stands in where the machine's own sockets cannot be seen, in a web page, or should not be published, in the book.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from typing import Any

from netlearn.errors import NetlearnError, shown
from netlearn.host.scope import InterfaceAddresses, Place, Scope, place
from netlearn.host.sockets import Holder, Listener, Snapshot, Socket, State

_BUNDLED = files("netlearn") / "data" / "snapshot.json"


class BadSnapshot(NetlearnError):
    """A file that holds no snapshot of sockets."""


def recorded() -> Snapshot:
    """The snapshot that comes with netlearn; it says that it is recorded, when and on which kernel."""
    return replace(from_json(_BUNDLED.read_text(encoding="utf-8")), recorded=True)


def to_json(snapshot: Snapshot) -> str:
    """The whole snapshot as JSON text, a line for each door, connection and interface."""
    whole = {
        "taken": snapshot.taken,
        "system": snapshot.system,
        "recorded": snapshot.recorded,
        "hidden": snapshot.hidden,
        "hidden_because": snapshot.hidden_because,
        "interfaces": [_interface_data(each) for each in snapshot.interfaces],
        "listeners": [_listener_data(each) for each in snapshot.listeners],
        "connections": [_socket_data(each) for each in snapshot.connections],
    }
    return "{\n" + ",\n".join(f"{json.dumps(key)}: {_lines(value)}" for key, value in whole.items()) + "\n}\n"


def from_json(text: str) -> Snapshot:
    """The snapshot that `to_json` wrote. Raises `BadSnapshot`, which names what is missing or wrong."""
    try:
        whole = json.loads(text)
        interfaces = tuple(_interface(given) for given in whole["interfaces"])
        return Snapshot(
            tuple(_listener(given, interfaces) for given in whole["listeners"]),
            tuple(_socket(given) for given in whole["connections"]),
            interfaces,
            int(whole["hidden"]),
            str(whole["hidden_because"]),
            str(whole["taken"]),
            str(whole["system"]),
            bool(whole["recorded"]),
        )
    except KeyError as missing:
        raise BadSnapshot(f"this is no snapshot of sockets: it lacks {missing}") from None
    except (ValueError, TypeError, AttributeError, RecursionError) as reason:
        raise BadSnapshot(f"this is no snapshot of sockets: {shown(str(reason))}") from None


def _lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value)
    return "[\n" + ",\n".join(f"  {json.dumps(each)}" for each in value) + "\n]"


def _interface_data(interface: InterfaceAddresses) -> dict[str, Any]:
    return {
        "name": interface.name,
        "addresses": list(interface.addresses),
        "up": interface.up,
        "loopback": interface.loopback,
    }


def _interface(given: Mapping[str, Any]) -> InterfaceAddresses:
    return InterfaceAddresses(given["name"], tuple(map(str, given["addresses"])), given["up"], given["loopback"])


def _listener_data(door: Listener) -> dict[str, Any]:
    """Without its scope, which follows from its address and the interfaces."""
    return {
        "netid": door.netid,
        "address": door.address,
        "port": door.port,
        "device": door.device,
        "v6only": door.v6only,
        "user": door.user,
        "holders": [list(holder) for holder in door.holders],
    }


def _listener(given: Mapping[str, Any], interfaces: tuple[InterfaceAddresses, ...]) -> Listener:
    address, device, v6only = given["address"], given["device"], given["v6only"]
    is_unix = given["netid"].startswith("u_")
    where = Place(Scope.UNIX) if is_unix else place(interfaces, address, device, v6only)
    holders = tuple(Holder(*holder) for holder in given["holders"])
    return Listener(given["netid"], address, given["port"], where, holders, given["user"], device, v6only)


def _socket_data(connection: Socket) -> dict[str, Any]:
    return {
        "netid": connection.netid,
        "state": connection.state.value,
        "address": connection.address,
        "port": connection.port,
        "peer_address": connection.peer_address,
        "peer_port": connection.peer_port,
        "user": connection.user,
        "holders": [list(holder) for holder in connection.holders],
    }


def _socket(given: Mapping[str, Any]) -> Socket:
    holders = tuple(Holder(*holder) for holder in given["holders"])
    ends = (given["address"], given["port"], given["peer_address"], given["peer_port"])
    return Socket(given["netid"], State(given["state"]), *ends, holders, given["user"])
