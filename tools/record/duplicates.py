"""What one address on two machines of one link does, measured: ``unshare -n -m python tools/record/duplicates.py``.

It needs root. A private bridge joins three private network namespaces: one that asks, and two servers that were given
the same address. Each round opens a connection from an empty ARP cache, notes which server's ARP answer came first and
which one is connected, lets the other server speak (it asks for somebody else by ARP), and writes once more. All of it
is gone when this ends. What it printed stands in netlearn/data/measured.json.
"""

import json
import socket
import subprocess
import sys
from contextlib import ExitStack
from time import monotonic, sleep

ADDRESS, DESK, PORT, ROUNDS = "198.51.100.53", "198.51.100.10", 7000, 20
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


def command(*words: str, check: bool = True) -> str:
    """What a command printed."""
    return subprocess.run(words, check=check, capture_output=True, text=True).stdout


def namespace(stack: ExitStack, name: str) -> list[str]:
    """A network namespace with a cable to the bridge; gives the words that run a command inside it."""
    keeper = subprocess.Popen(["unshare", "-n", "sleep", "300"])
    stack.callback(keeper.terminate)
    sleep(0.3)  # until it is in its namespace
    inside = ["nsenter", "-t", str(keeper.pid), "-n"]
    command("ip", "link", "add", f"to-{name}", "type", "veth", "peer", "name", "card", "netns", str(keeper.pid))
    command("ip", "link", "set", f"to-{name}", "master", "bridge", "up")
    command(*inside, "ip", "address", "add", f"{ADDRESS}/24", "dev", "card")
    command(*inside, "ip", "link", "set", "card", "up")
    return inside


def card(inside: list[str]) -> bytes:
    """The hardware address of the namespace's card."""
    shown = json.loads(command(*inside, "ip", "-j", "link", "show", "card"))[0]["address"]
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
    command("ip", "link", "add", "bridge", "type", "bridge")
    command("ip", "link", "set", "bridge", "up")
    command("ip", "address", "add", f"{DESK}/24", "dev", "bridge")  # the bridge's own end is the one that asks
    with ExitStack() as stack:
        inside = {name: namespace(stack, name) for name in "AB"}
        cards = {card(words): name for name, words in inside.items()}
        for name, words in inside.items():
            server = subprocess.Popen([*words, sys.executable, "-c", SERVER, name])
            stack.callback(server.terminate)
        sleep(0.5)
        capture = stack.enter_context(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0806)))
        capture.bind(("bridge", 0x0806))
        by_first = resets = 0
        for number in range(ROUNDS):
            command("ip", "neigh", "flush", "all")
            drain(capture)
            with socket.create_connection((ADDRESS, PORT), 5) as connection:
                first = first_answer(capture, cards)
                connection.sendall(b"?")
                answered = connection.recv(9).decode()
                by_first += first == answered
                sleep(LOCKED_S)
                other = inside["B" if answered == "A" else "A"]
                command(*other, "ping", "-c1", "-W1", f"198.51.100.{100 + number}", check=False)
                try:
                    connection.sendall(b"?")
                    connection.recv(9)
                except ConnectionResetError:
                    resets += 1
            sleep(LOCKED_S)
        print(f"connected to whoever answered first: {by_first} of {ROUNDS}")
        print(f"reset after the other had spoken: {resets} of {ROUNDS}")


if __name__ == "__main__":
    main()
