"""Make the recorded snapshot of sockets: ``python tools/record/snapshot.py`` writes ``netlearn/data/snapshot.json``.

What it records is real: each process below runs, opens its sockets and is seen by `netlearn.probe`, but in network,
process and mount namespaces of its own, with documentation addresses, so that no reader's or author's machine is
published. The processes are small stand-ins under the names and users of the real ones. Needs Linux, root, and
util-linux's unshare and nsenter. The kernel removes all of it when the tool ends.
"""

import ctypes
import os
import pwd
import select
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from netlearn import probe
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
NETWORK = f"""
ip link set lo up
ip link add eth0 address 02:00:5e:00:53:10 type veth peer name peer0
ip link set peer0 netns {{peer}}
ip address add {OUR_ADDRESS}/24 broadcast + dev eth0
ip address add 2001:db8::10/64 dev eth0 nodad
ip link set eth0 addrgenmode none
ip address add {LINK_LOCAL}/64 dev eth0 nodad
ip link set eth0 up
nsenter --target {{peer}} --net ip address add {PEER_ADDRESS}/24 dev peer0
nsenter --target {{peer}} --net ip link set peer0 up
ip route add default via 192.0.2.1
"""


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
    inside = arguments[:1] == ["--inside"]
    file = Path(arguments[-1]) if len(arguments) > inside else FILE
    if inside:
        record(file)
    else:
        alone = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
        os.environ.pop("NETLEARN_RECORDED", None)
        os.execvp(alone[0], [*alone, sys.executable, __file__, "--inside", str(file)])


def record(file: Path) -> None:
    """Build the machine, look, and write down what was seen."""
    build()
    seen = probe.by_netlink()
    while any(each.pid is None for each in seen.connections):  # not accepted yet
        seen = probe.by_netlink()
    file.write_text(snapshot.to_json(replace(seen, recorded=True)), encoding="utf-8")
    print(repr(snapshot.from_json(file.read_text(encoding="utf-8"))))


def build() -> None:
    """Make the network, and start every process; in fresh namespaces, which end with whoever calls this."""
    peer = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
    wait_for_namespace(peer.pid)
    for line in NETWORK.format(peer=peer.pid).strip().splitlines():
        subprocess.run(line.split(), check=True)
    subprocess.run(["mount", "-t", "tmpfs", "none", "/run"], check=True)
    users = Path("/run/passwd")
    users.write_text("".join(f"{name}:x:{uid}:{uid}::/:/bin/false\n" for name, uid in USERS.items()))
    subprocess.run(["mount", "--bind", str(users), "/etc/passwd"], check=True)
    for name, user, doors in PROCESSES:
        start(name, user, lambda doors=doors: [opened(door) for door in doors])
    start("psql", "student", lambda: [connected("127.0.0.1", 5432)])
    start("firefox", "student", lambda: [connected("198.51.100.7", 443, socket.SOCK_DGRAM)])
    start("ssh", "student", lambda: [connected(OUR_ADDRESS, 22)], in_namespace_of=peer.pid)


def wait_for_namespace(pid: int) -> None:
    """Until the process stands in a network namespace of its own."""
    ours, theirs = Path("/proc/self/ns/net"), Path(f"/proc/{pid}/ns/net")
    while theirs.readlink() == ours.readlink():
        os.sched_yield()


def start(name: str, user: str, work: Callable[[], list[socket.socket]], in_namespace_of: int | None = None) -> None:
    """A process of that name and user that holds the sockets; returns once it has them.

    A server accepts whoever connects. All of them stay until the end of the namespace.
    """
    ready, tell = os.pipe()
    if os.fork():
        os.close(tell)
        assert os.read(ready, 1) == b"!", f"{name} did not start"
        os.close(ready)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if in_namespace_of is not None:
        with Path(f"/proc/{in_namespace_of}/ns/net").open() as namespace:
            assert libc.setns(namespace.fileno(), 0) == 0, os.strerror(ctypes.get_errno())
    sockets = work()
    os.setgid(USERS[user])
    os.setuid(pwd.getpwnam(user).pw_uid)
    libc.prctl(PR_SET_NAME, name.encode(), 0, 0, 0)
    os.write(tell, b"!")
    os.close(tell)
    os.close(ready)
    servers = [each for each in sockets if name in NAMES and each.type == socket.SOCK_STREAM]
    while True:
        sockets += [server.accept()[0] for server in select.select(servers, [], [])[0]]


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
