"""What one address on two machines of one link does, measured: ``python tools/record/duplicates.py``.

A bridge joins three network namespaces: one that asks, and two servers that were given the same address. Each round
opens a connection from an empty ARP cache, notes which server's ARP answer came first and which one is connected, lets
the other server speak (it asks for somebody else by ARP), and writes once more. All of it is gone when this ends. What
it printed stands in netlearn/data/measured.json.
"""

import json
import socket
import sys
from time import monotonic, sleep

from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

ADDRESS, DESK, PORT, ROUNDS = "198.51.100.53", "198.51.100.52", 7000, 20
LOCKED_S = 1.2  # an entry younger than a second is kept: locktime, 100 hundredths of a second
SERVER = f"""
import socket, sys, threading
def serve(connection):
    while connection.recv(9):
        connection.sendall(sys.argv[1].encode())
listener = socket.create_server(("{ADDRESS}", {PORT}))
while True:
    threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
"""


def server(spaces: Namespaces, name: str, desk: Namespace) -> Namespace:
    """A namespace with a cable to the bridge, and a server in it."""
    made = spaces.new(name)
    made.cable("card", desk, f"to-{name}")
    desk.ip(f"link set to-{name} master bridge up")
    made.up("card", f"{ADDRESS}/24")
    made.start(sys.executable, "-c", SERVER, name)
    wait_until(lambda: made.run("ss", "-Htln", f"sport = :{PORT}").stdout, f"server {name} listens")
    return made


def card(space: Namespace) -> bytes:
    """The hardware address of the namespace's card."""
    shown = json.loads(space.run("ip", "-json", "link", "show", "card").stdout)[0]["address"]
    return bytes.fromhex(shown.replace(":", ""))


def first_answer(capture: socket.socket, cards: dict[bytes, str]) -> str:
    """Whose ARP answer arrives first."""
    until = monotonic() + 3
    while monotonic() < until:
        frame = capture.recv(200)
        if frame[20:22] == b"\x00\x02" and frame[22:28] in cards:
            return cards[frame[22:28]]
    raise TimeoutError("nobody answered")


def drain(capture: socket.socket) -> None:
    """Forget what an earlier round left."""
    capture.settimeout(0)
    try:
        while True:
            capture.recv(200)
    except BlockingIOError:
        capture.settimeout(3)


def main() -> None:
    """Measure, and print what was seen."""
    run_alone()
    with Namespaces() as spaces:
        desk = spaces.new("desk")
        desk.bridge("bridge")
        desk.up("bridge", f"{DESK}/24")  # the bridge's own end is the one that asks
        servers = {name: server(spaces, name, desk) for name in "AB"}
        with desk.inside():
            by_first, resets = measure(desk, servers)
    print(f"connected to whoever answered first: {by_first} of {ROUNDS}")
    print(f"reset after the other had spoken: {resets} of {ROUNDS}")


def measure(desk: Namespace, servers: dict[str, Namespace]) -> tuple[int, int]:
    """In how many rounds the first to answer was connected, and in how many the other one reset the connection."""
    cards = {card(space): name for name, space in servers.items()}
    by_first = resets = 0
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)) as capture:
        capture.bind(("bridge", 0x0806))
        for number in range(ROUNDS):
            desk.run("ip", "neigh", "flush", "all")
            drain(capture)
            with socket.create_connection((ADDRESS, PORT), 5) as connection:
                first = first_answer(capture, cards)
                connection.sendall(b"?")
                answered = connection.recv(9).decode()
                by_first += first == answered
                sleep(LOCKED_S)
                other = servers["B" if answered == "A" else "A"]
                other.run("ping", "-c1", "-W1", f"198.51.100.{100 + number}", check=False)
                try:
                    connection.sendall(b"?")
                    connection.recv(9)
                except ConnectionResetError:
                    resets += 1
            sleep(LOCKED_S)
    return by_first, resets


if __name__ == "__main__":
    main()
