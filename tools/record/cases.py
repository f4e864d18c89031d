"""How long flows from Source to End were lost in the three cases, measured on FRRouting:
``python tools/record/cases.py [CASE] [HOW]``.

It needs Debian's frr and nftables, and root. Each box of the book's network is a network namespace with FRRouting in
it, each link a cable whose metric is 1; End and Source speak OSPF but forward nothing. That is routing software, and
one kernel: a carrier is lost as fast as a function is called. 8 flows send from Source to End while a case is played;
each tells for how long nothing of it arrived. A case fails so that carriers are lost, or silently (an nft rule drops
whatever comes in by a dead cable), which is noticed by hellos (each 10 s or each second) or by BFD (each 300 ms).
All of it is gone when this ends, a quarter of an hour later if all is measured. What it printed stands in
netlearn/data/measured.json.
"""

import json
import re
import socket
import struct
import sys
import threading
from contextlib import suppress
from ipaddress import ip_address
from itertools import product
from time import monotonic, sleep

import frr

from netlearn import CASE_1, CASE_2, CASE_3, NodeDown, Topology, converged_fib, forum
from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

CASES = {"case-1": CASE_1, "case-2": CASE_2, "case-3": CASE_3}
RUNS = {"carrier": 5, "bfd": 3, "fast-hello": 3, "hello": 3}
HELLO_S = {"carrier": (10, 40), "bfd": (10, 40), "fast-hello": (1, 4), "hello": (10, 40)}
WATCH_S = {"carrier": 8, "bfd": 8, "fast-hello": 10, "hello": 50}
FLOWS, EACH_S, PORT = 8, 0.002, 7000
QUIET_S = 7  # longer than MinLSInterval, 5 s
DROP = (
    "table inet cut {{\n chain c {{\n  type filter hook prerouting priority -300;\n  iifname {{ {} }} drop;\n }}\n}}\n"
)
NUMBERED = struct.Struct("!HI")
SETTINGS = {
    **frr.SETTINGS,
    "ipv4/fib_multipath_hash_policy": 3,  # addresses and ports, so that each flow has a point of its own
    "ipv4/fib_multipath_hash_fields": 0x37,
}


def address(name: str) -> str:
    return str(forum().node(name).address)


def build(spaces: Namespaces, how: str) -> dict[str, Namespace]:
    """The book's network; each box runs zebra and ospfd, and bfdd where it is wanted."""
    boxes = {node.name: spaces.new(node.name) for node in forum().nodes}
    frr.apart()
    for number, (name, box) in enumerate(boxes.items(), 1):
        forwards = forum().node(name).kind == "router"
        box.sysctl({**SETTINGS, "ipv4/ip_forward": int(forwards), "ipv4/fib_multipath_hash_seed": number * 7919})
        box.up("lo", f"{address(name)}/32")
    for number, link in enumerate(forum().links, 1):
        boxes[link.a].cable(link.name, boxes[link.b], link.name)
        for host, end in enumerate((link.a, link.b), 1):
            boxes[end].up(link.name, f"198.18.{number}.{host}/30")
    for name, box in boxes.items():
        daemons = {"ospfd": settings(name, how), **({"bfdd": ""} if how == "bfd" else {})}
        frr.daemons(box, **daemons)
    return boxes


def settings(name: str, how: str) -> str:
    """The lines of ospfd of one box."""
    hello, dead = HELLO_S[how]
    lines = ["interface lo", " ip ospf area 0"]
    for link in forum().links:
        if name in (link.a, link.b):
            lines += [f"interface {link.name}", " ip ospf area 0", " ip ospf network point-to-point", " ip ospf cost 1"]
            lines += [f" ip ospf hello-interval {hello}", f" ip ospf dead-interval {dead}"]
            lines += [" ip ospf bfd"] if how == "bfd" else []
    lines += ["router ospf", f" ospf router-id {address(name)}"]
    if forum().node(name).kind != "router":
        lines += [" max-metric router-lsa administrative"]  # a host passes nothing on
    return "\n".join(lines) + "\n"


def ways(box: Namespace, to: str) -> set[str]:
    """The cables by which the kernel of a box hands on what is for an address."""
    shown = box.run("ip", "route", "show", to, "proto", "ospf").stdout
    return set(re.findall(r"dev (\S+)", shown))


def fits(boxes: dict[str, Namespace], network: Topology) -> bool:
    """Whether every router hands on as the book's network says, what is for End and what is for Source."""
    for name in network.routers:
        for to in ("End", "Source"):
            route = converged_fib(network, name).lookup(ip_address(address(to)))
            if route is None or ways(boxes[name], address(to)) != {hop.link for hop in route.next_hops}:
                return False
    return True


def bfd_up(boxes: dict[str, Namespace]) -> bool:
    """Whether every BFD session is up."""
    told = [json.loads(frr.show(box, "show bfd peers json")) for box in boxes.values()]
    up = [each for peers in told for each in peers if each["status"] == "up"]
    return len(up) == 2 * len(forum().links)


def break_it(boxes: dict[str, Namespace], case: str, silently: bool) -> None:
    """What fails in the case: each dead cable loses its carrier, or whatever comes in by it is dropped at both ends."""
    whole = {link.name for link in forum().without(*CASES[case]).links}
    cards: dict[str, list[str]] = {}
    for link in forum().links:
        if link.name not in whole:
            gone = [end for end in (link.a, link.b) if NodeDown(end) in CASES[case]]
            for end in (link.a, link.b) if silently else (gone or [link.a])[:1]:
                cards.setdefault(end, []).append(link.name)
    for end, names in cards.items():
        if silently:
            listed = ", ".join(f'"{name}"' for name in names)
            boxes[end].run("nft", "-f", "-", given=DROP.format(listed))
        else:  # the end that is set down takes the other's carrier along
            boxes[end].ip(*(f"link set {name} down" for name in names))


class Flows:
    """8 flows from Source to End, each with a packet every 2 ms, and for how long nothing of each arrived."""

    def __init__(self, boxes: dict[str, Namespace]) -> None:
        self.stopped = threading.Event()
        self.sent: list[list[float]] = [[] for _ in range(FLOWS)]
        self.arrived: list[set[int]] = [set() for _ in range(FLOWS)]
        with boxes["Source"].inside():
            self.senders = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(FLOWS)]
            for sender in self.senders:
                sender.bind((address("Source"), 0))
        with boxes["End"].inside():
            self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.receiver.bind((address("End"), PORT))
            self.receiver.settimeout(0.2)
        self.threads = [threading.Thread(target=each) for each in (self.send, self.receive)]
        for thread in self.threads:
            thread.start()

    def send(self) -> None:
        due = monotonic()
        while not self.stopped.is_set():
            for flow, sender in enumerate(self.senders):
                packet = NUMBERED.pack(flow, len(self.sent[flow]))
                self.sent[flow].append(monotonic())
                with suppress(OSError):  # no route: it is lost
                    sender.sendto(packet, (address("End"), PORT))
            due += EACH_S
            sleep(max(0.0, due - monotonic()))

    def receive(self) -> None:
        while not self.stopped.is_set():
            with suppress(TimeoutError):
                flow, number = NUMBERED.unpack(self.receiver.recv(100))
                self.arrived[flow].add(number)

    def stop(self) -> list[int]:
        """Of each flow the longest time in which all that was sent was lost, in ms."""
        self.stopped.set()
        for thread in self.threads:
            thread.join(5)
        for each in (*self.senders, self.receiver):
            each.close()
        return [round(1000 * longest(*each)) for each in zip(self.sent, self.arrived, strict=True)]


def longest(sent: list[float], arrived: set[int]) -> float:
    """The longest time from the first packet that was lost to the next that arrived, in seconds."""
    longest, since = 0.0, None
    for number, time in enumerate(sent):
        if number in arrived:
            longest, since = max(longest, time - since if since is not None else 0.0), None
        elif since is None:
            since = time
    return max(longest, sent[-1] - since if since is not None and since < sent[-1] - 1 else 0.0)


def play(case: str, how: str) -> list[int]:
    """A network of its own in which the case happens: each flow's outage in ms."""
    with Namespaces() as spaces:
        boxes = build(spaces, how)
        wait_until(lambda: fits(boxes, forum()), "the tables are the book's", 90)
        if how == "bfd":
            wait_until(lambda: bfd_up(boxes), "every BFD session is up", 30)
        sleep(QUIET_S)
        flows = Flows(boxes)
        sleep(1)
        break_it(boxes, case, silently=how != "carrier")
        sleep(WATCH_S[how])
        outages = flows.stop()
        after = forum().without(*CASES[case])
        wait_until(lambda: fits(boxes, after), "the tables fit again", 30)
    return outages


def main() -> None:
    run_alone()
    wanted = [case for case in CASES if case in sys.argv] or list(CASES)
    hows = [how for how in RUNS if how in sys.argv] or list(RUNS)
    print(frr.version(), flush=True)
    for case, how in product(wanted, hows):
        runs = [play(case, how) for _ in range(RUNS[how])]
        every = [outage for run in runs for outage in run]
        print(f"{case} {how}: {min(every)} to {max(every)} ms; {json.dumps(runs)}", flush=True)


if __name__ == "__main__":
    main()
