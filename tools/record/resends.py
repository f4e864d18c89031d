"""When TCP sends lost data again, and UDP, measured on this machine: ``python tools/record/resends.py [SECONDS]``.

Two network namespaces are joined by a cable. Then the far end's address is taken away, so that whatever arrives there
is dropped without a word: a silent cut. One write each by TCP and UDP follows, and every packet that leaves in the next
seconds is noted. Linux's first try is a tail loss probe (RFC 8985, section 7), after which the timer starts as if it
had not been; so a second round turns the probe off (`tcp_early_retrans` = 0), and beside the times stands what the
kernel counted. The namespaces are gone when this ends. What it printed five times stands in
netlearn/data/measured.json.
"""

import json
import socket
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any

from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

NEAR, FAR, PORT = "198.18.0.1", "198.18.0.2", 7000
WATCH_S = 8.0
OUTGOING, TCP, UDP = 4, 6, 17
SO_TIMESTAMPNS, STAMP = 35, struct.Struct("@qq")  # when the kernel saw a packet: seconds and nanoseconds
ROUNDS: dict[str, dict[str, object]] = {"as Linux comes": {}, "without the probe": {"ipv4/tcp_early_retrans": 0}}
COUNTED = ("TCPLossProbes", "TCPTimeouts")
SERVER = f"""
import socket
connection = socket.create_server(("{FAR}", {PORT})).accept()[0]
while connection.recv(9):
    connection.send(b"y")
"""


def joined(spaces: Namespaces) -> tuple[Namespace, Namespace]:
    """Two namespaces with a cable between them; a server listens at the far end."""
    near, far = spaces.new("near"), spaces.new("far")
    near.cable("near", far, "far")
    near.up("near", f"{NEAR}/24")
    far.up("far", f"{FAR}/24")
    far.start(sys.executable, "-c", SERVER)
    wait_until(lambda: far.run("ss", "-Htln", f"sport = :{PORT}").stdout, "the server listens")
    return near, far


def sent(capture: socket.socket, for_s: float) -> Iterator[tuple[str, float]]:
    """Every packet with data that leaves for a while: its protocol, and when, by the kernel's clock."""
    until = monotonic() + for_s
    while monotonic() < until:
        try:
            data, ((_, _, stamp),), _, address = capture.recvmsg(2000, 100)
        except TimeoutError:
            continue
        seconds, nanoseconds = STAMP.unpack(stamp)
        header, at = (data[0] & 15) * 4, seconds + nanoseconds / 1e9
        if address[2] != OUTGOING:
            continue
        if data[9] == UDP:
            yield "udp", at
        if data[9] == TCP and len(data) > header + (data[header + 12] >> 4) * 4:
            yield "tcp", at


def counters() -> dict[str, int]:
    """What the kernel has counted in this namespace."""
    names, values = Path("/proc/thread-self/net/netstat").read_text().splitlines()[:2]
    every = dict(zip(names.split(), values.split(), strict=True))
    return {name: int(every[name]) for name in COUNTED}


def measure(settings: dict[str, object], for_s: float) -> dict[str, Any]:
    """The milliseconds after the write at which each protocol sent, the first time included, and what was counted."""
    with Namespaces() as spaces:
        near, far = joined(spaces)
        near.sysctl(settings)
        with near.inside():
            client = socket.create_connection((FAR, PORT))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(20):  # so that TCP knows how long an answer takes
                client.send(b"x")
                client.recv(9)
                sleep(0.02)
            (card,) = json.loads(far.run("ip", "-json", "link", "show", "far").stdout)
            near.ip(f"neighbour replace {FAR} lladdr {card['address']} dev near nud permanent")
            far.ip(f"address delete {FAR}/24 dev far")
            capture = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
            capture.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            capture.settimeout(0.3)
            before, begin = counters(), time()
            client.send(b"lost")
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"lost", (FAR, PORT))
            seen = list(sent(capture, for_s))
            after = counters()
    times = {name: [round((time - begin) * 1000) for each, time in seen if each == name] for name in ("tcp", "udp")}
    return {**times, **{name: after[name] - before[name] for name in COUNTED}}


def main() -> None:
    """Print what was seen in both rounds, as JSON."""
    run_alone()
    for_s = float(sys.argv[1]) if len(sys.argv) > 1 else WATCH_S
    print(json.dumps({name: measure(settings, for_s) for name, settings in ROUNDS.items()}, indent=1))


if __name__ == "__main__":
    main()
