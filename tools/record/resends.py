"""When TCP sends lost data again, and UDP, measured on this machine: ``python tools/record/resends.py``.

Two network namespaces are joined by a cable. Then the far end's address is taken away, so that whatever arrives there
is dropped without a word: a silent cut. One write each by TCP and UDP follows, and every packet that leaves is noted.
Both namespaces are gone when this ends. What it printed five times stands in netlearn/data/measured.json.
"""

import json
import socket
import sys
from collections.abc import Iterator
from time import monotonic, sleep

from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

NEAR, FAR, PORT = "198.18.0.1", "198.18.0.2", 7000
WATCH_S = 8
OUTGOING, TCP, UDP = 4, 6, 17
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
    run_alone()
    with Namespaces() as spaces:
        near, far = joined(spaces)
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
            capture.settimeout(0.3)
            begin = monotonic()
            client.send(b"lost")
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"lost", (FAR, PORT))
            seen = list(sent(capture))
    for protocol in ("tcp", "udp"):
        print(protocol, [round((time - begin) * 1000) for name, time in seen if name == protocol])


if __name__ == "__main__":
    main()
