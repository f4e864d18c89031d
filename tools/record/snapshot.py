"""Make the recorded snapshot of sockets: ``python tools/record/snapshot.py`` writes ``netlearn/data/snapshot.json``.

What it records is real: each process below runs, opens its sockets and is seen by `netlearn.probe`, but in network,
process and mount namespaces of its own, with documentation addresses, so that no reader's or author's machine is
published. The processes are small stand-ins under the names and users of the real ones. Needs Linux and root. The
kernel removes all of it when the tool ends.
"""

import ctypes
import os
import pwd
import select
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NoReturn

from netlearn.lab import Namespace, Namespaces, run_alone
from netlearn.probe.from_netlink import by_netlink
from netlearn.recorded import snapshot

FILE = Path(__file__).resolve().parents[2] / "netlearn" / "data" / "snapshot.json"
PR_SET_NAME = 15
USERS = {
    "root": 0,
    "www-data": 33,
    "messagebus": 100,
    "systemd-network": 101,
    "systemd-resolve": 102,
    "avahi": 103,
    "_chrony": 104,
    "postgres": 105,
    "student": 1000,
}
OUR_ADDRESS, PEER_ADDRESS, LINK_LOCAL = "192.0.2.10", "192.0.2.20", "fe80::200:5eff:fe00:5310"
CARD = "eth0 address 02:00:5e:00:53:10"


@dataclass(frozen=True)
class Door:
    """A socket to open. A `kind` that begins with `u_` is a Unix socket, and `address` its path or `@name`."""

    kind: str
    address: str
    port: int = 0
    device: str = ""
    dual: bool = False


# Who listens where on a desktop with a few servers; one line is one process.
PROCESSES: tuple[tuple[str, str, tuple[Door, ...]], ...] = (
    ("systemd-journal", "root", (Door("u_dgr", "/run/systemd/journal/dev-log"),)),
    (
        "systemd-network",
        "systemd-network",
        (Door("udp", OUR_ADDRESS, 68, "eth0"), Door("udp", LINK_LOCAL, 546, "eth0")),
    ),
    ("systemd-resolve", "systemd-resolve", (Door("udp", "127.0.0.53", 53, "lo"), Door("tcp", "127.0.0.53", 53, "lo"))),
    ("dbus-daemon", "messagebus", (Door("u_str", "/run/dbus/system_bus_socket"),)),
    ("avahi-daemon", "avahi", (Door("udp", "0.0.0.0", 5353), Door("udp", "::", 5353))),
    ("minissdpd", "root", (Door("udp", "239.255.255.250", 1900),)),
    ("chronyd", "_chrony", (Door("udp", "127.0.0.1", 323), Door("udp", "::1", 323))),
    ("cupsd", "root", (Door("tcp", "127.0.0.1", 631), Door("tcp", "::1", 631), Door("u_str", "/run/cups/cups.sock"))),
    ("sshd", "root", (Door("tcp", "0.0.0.0", 22), Door("tcp", "::", 22))),
    ("postgres", "postgres", (Door("tcp", "127.0.0.1", 5432), Door("u_str", "/run/postgresql/.s.PGSQL.5432"))),
    ("nginx", "www-data", (Door("tcp", OUR_ADDRESS, 8080),)),
    ("node", "student", (Door("tcp", "::", 3000, dual=True),)),
    ("Xwayland", "student", (Door("u_str", "@/tmp/.X11-unix/X0"),)),
)
NAMES = {name for name, _, _ in PROCESSES}


def main(arguments: list[str]) -> None:
    """Build the machine, look, and write down what was seen, into the file that is named, if one is."""
    run_alone()
    file = Path(arguments[0]) if arguments else FILE
    with Namespaces() as spaces, build(spaces).inside():
        seen = by_netlink()
        while any(each.pid is None for each in seen.connections):  # not accepted yet
            seen = by_netlink()
    file.write_text(snapshot.to_json(replace(seen, recorded=True)), encoding="utf-8")
    print(repr(snapshot.from_json(file.read_text(encoding="utf-8"))))


def build(spaces: Namespaces) -> Namespace:
    """Make the machine's network and start every process; its program runs alone, as `netlearn.lab.run_alone` says."""
    desktop, peer = spaces.new("desktop"), spaces.new("peer")
    desktop.cable(CARD, peer, "peer0")
    desktop.up("lo")
    desktop.ip(
        f"address add {OUR_ADDRESS}/24 broadcast + dev eth0",
        "link set eth0 addrgenmode none",
    )
    desktop.up("eth0", "2001:db8::10/64", f"{LINK_LOCAL}/64")
    peer.up("peer0", f"{PEER_ADDRESS}/24")
    desktop.ip("route add default via 192.0.2.1")
    desktop.run("mount", "-t", "tmpfs", "none", "/run")
    users = Path("/run/passwd")
    users.write_text("".join(f"{name}:x:{uid}:{uid}::/:/bin/false\n" for name, uid in USERS.items()))
    desktop.run("mount", "--bind", str(users), "/etc/passwd")
    for name, user, doors in PROCESSES:
        start(desktop, name, user, partial(all_opened, doors))
    start(desktop, "psql", "student", lambda: [connected("127.0.0.1", 5432)])
    start(desktop, "firefox", "student", lambda: [connected("198.51.100.7", 443, socket.SOCK_DGRAM)])
    start(peer, "ssh", "student", lambda: [connected(OUR_ADDRESS, 22)])
    return desktop


def start(place: Namespace, name: str, user: str, work: Callable[[], list[socket.socket]]) -> None:
    """A process of that name and user that holds the sockets; returns once it has them.

    A server accepts whoever connects. All of them stay until the end of the namespace.
    """
    ready, tell = os.pipe()
    with place.inside():
        if os.fork() == 0:
            hold(name, user, work, tell)
    os.close(tell)
    assert os.read(ready, 1) == b"!", f"{name} did not start"
    os.close(ready)


def hold(name: str, user: str, work: Callable[[], list[socket.socket]], tell: int) -> NoReturn:
    """What the process does: it takes the sockets, its user and its name, tells so, and accepts from then on."""
    sockets = work()
    os.setgid(USERS[user])
    os.setuid(pwd.getpwnam(user).pw_uid)
    ctypes.CDLL(None).prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
    os.write(tell, b"!")
    os.close(tell)
    servers = [each for each in sockets if name in NAMES and each.type == socket.SOCK_STREAM]
    while True:
        sockets += [server.accept()[0] for server in select.select(servers, [], [])[0]]


def all_opened(doors: tuple[Door, ...]) -> list[socket.socket]:
    """The sockets of a process."""
    return [opened(door) for door in doors]


def opened(door: Door) -> socket.socket:
    """The socket, bound and listening as the real program's is."""
    kind = socket.SOCK_STREAM if door.kind in ("tcp", "u_str") else socket.SOCK_DGRAM
    if door.kind.startswith("u_"):
        made = socket.socket(socket.AF_UNIX, kind)
        if not door.address.startswith("@"):
            Path(door.address).parent.mkdir(parents=True, exist_ok=True)
        made.bind("\0" + door.address[1:] if door.address.startswith("@") else door.address)
    else:
        is_v6 = ":" in door.address
        made = socket.socket(socket.AF_INET6 if is_v6 else socket.AF_INET, kind)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if is_v6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not door.dual)
        if door.device:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, door.device.encode())
        made.bind(socket.getaddrinfo(door.address, door.port, type=kind, flags=socket.AI_NUMERICHOST)[0][4])
    if kind == socket.SOCK_STREAM:
        made.listen()
    return made


def connected(address: str, port: int, kind: int = socket.SOCK_STREAM) -> socket.socket:
    made = socket.socket(socket.AF_INET, kind)
    made.connect((address, port))
    return made


if __name__ == "__main__":
    main(sys.argv[1:])
