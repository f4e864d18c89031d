"""When TCP sends lost data again, and UDP, measured on this machine: ``unshare -n python tools/record/resends.py``.

It needs root. Two private network namespaces are joined by a cable (veth). Then the far end's address is taken away,
so that whatever arrives there is dropped without a word: a silent cut. One write each by TCP and UDP follows, and every
packet that leaves is noted. Both namespaces are gone when this ends. What it printed five times stands in
netlearn/data/measured.json.
"""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

NEAR, FAR, PORT = "198.18.0.1", "198.18.0.2", 7000
WATCH_S = 8
OUTGOING, TCP, UDP = 4, 6, 17
SERVER = f"""
import socket
connection = socket.create_server(("{FAR}", {PORT})).accept()[0]
while connection.recv(9):
    connection.send(b"y")
"""


def command(*words: str) -> str:
    """What a command printed; it must succeed."""
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


@contextmanager
def far_end() -> Iterator[list[str]]:
    """A second namespace at the other end of a cable; gives the words that run a command inside it."""
    keeper = subprocess.Popen(["unshare", "-n", "sleep", "60"])
    try:
        sleep(0.3)  # until it is in its namespace
        inside = ["nsenter", "-t", str(keeper.pid), "-n"]
        command("ip", "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(keeper.pid))
        for words, where, address in (([], "near", NEAR), (inside, "far", FAR)):
            command(*words, "ip", "address", "add", f"{address}/24", "dev", where)
            command(*words, "ip", "link", "set", where, "up")
        yield inside
    finally:
        keeper.terminate()


def sent(capture: socket.socket) -> Iterator[tuple[str, float]]:
    """Every packet with data that leaves for a while: its protocol, and when."""
    until = monotonic() + WATCH_S
    while monotonic() < until:
        try:
            data, address = capture.recvfrom(2000)
        except TimeoutError:
            continue
        header = (data[0] & 15) * 4
        if address[2] != OUTGOING:
            continue
        if data[9] == UDP:
            yield "udp", monotonic()
        if data[9] == TCP and len(data) > header + (data[header + 12] >> 4) * 4:
            yield "tcp", monotonic()


def main() -> None:
    """Print the times, in milliseconds after the write, at which each protocol sent."""
    with far_end() as inside:
        server = subprocess.Popen([*inside, sys.executable, "-c", SERVER])
        try:
            sleep(1)  # until it listens
            client = socket.create_connection((FAR, PORT))
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(20):  # so that TCP knows how long an answer takes
                client.send(b"x")
                client.recv(9)
                sleep(0.02)
            (far,) = json.loads(command(*inside, "ip", "-json", "link", "show", "far"))
            command("ip", "neighbour", "replace", FAR, "lladdr", far["address"], "dev", "near", "nud", "permanent")
            command(*inside, "ip", "address", "delete", f"{FAR}/24", "dev", "far")
            capture = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
            capture.settimeout(0.3)
            begin = monotonic()
            client.send(b"lost")
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"lost", (FAR, PORT))
            seen = list(sent(capture))
            for protocol in ("tcp", "udp"):
                print(protocol, [round((time - begin) * 1000) for name, time in seen if name == protocol])
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
