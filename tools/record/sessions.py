"""What a BGP session between interface addresses outlives, and what its route outlives, measured on FRRouting:
``python tools/record/sessions.py``.

It needs Debian's frr, and root. Pairs of routers, each router in a network namespace of its own, keep one session
between the two ends of their cable: inside one network (iBGP), or between two (eBGP). R2 tells R1 of 203.0.113.0/24.
Then each pair's cable is cut, either so that both ends lose the carrier, or silently. For how long does R1's kernel
keep the route, and R1's bgpd the session, with the timers that FRRouting comes with (a keepalive each 60 s, hold time
180 s)? All of it is gone when this ends, after four to five minutes. What it printed stands in
netlearn/data/measured.json.
"""

import json
import threading
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from random import random
from time import monotonic, sleep

import frr

from netlearn.lab import Namespace, Namespaces, TookTooLong, run_alone, wait_until

TAUGHT, TAUGHT_IN_PROC = "203.0.113.0/24", "007100CB"
ADDRESSES = {"R1": "198.18.12.1", "R2": "198.18.12.2"}
APART_S = 3.0  # between cuts, as the kernel tells of carriers in batches one second apart
HOLD_S, KEEPALIVE_S, LOOK_S = 185.0, 60.0, 0.001


@dataclass(frozen=True)
class Pair:
    """Two routers and their cable: a bridge, so that both ends can lose the carrier, or nothing but frames."""

    kind: str
    cut: str
    routers: dict[str, Namespace]
    cable: Namespace

    def established(self) -> bool:
        told = json.loads(frr.show(self.routers["R1"], "show bgp neighbors json"))
        return bool(told[ADDRESSES["R2"]]["bgpState"] == "Established")

    def has_route(self) -> bool:
        """Whether R1's kernel has what R2 told."""
        with self.routers["R1"].inside():
            return TAUGHT_IN_PROC in Path("/proc/thread-self/net/route").read_text()

    def break_it(self) -> None:
        what = "down" if self.cut == "carrier" else "nomaster"
        self.cable.ip(*(f"link set {end} {what}" for end in ADDRESSES))


def build(spaces: Namespaces, kind: str, cut: str) -> Pair:
    """A pair whose session is established and whose route is in R1's kernel."""
    name = f"{kind}-{cut}"
    cable = spaces.new(f"{name}-cable")
    routers = {end: spaces.new(f"{name}-{end}") for end in ADDRESSES}
    for end, router in routers.items():
        router.sysctl(frr.SETTINGS)
        router.up("lo")
        router.cable("eth0", cable, end)
        router.up("eth0", f"{ADDRESSES[end]}/24")
    cable.bridge("bridge0", *ADDRESSES)
    systems = {"R1": 64496, "R2": 64496 if kind == "ibgp" else 64497}
    for end, other in (("R1", "R2"), ("R2", "R1")):
        lines = [
            f"router bgp {systems[end]}",
            f" bgp router-id {ADDRESSES[end]}",
            " no bgp ebgp-requires-policy",
            " no bgp network import-check",
            f" neighbor {ADDRESSES[other]} remote-as {systems[other]}",
            *([" address-family ipv4 unicast", f"  network {TAUGHT}", " exit-address-family"] if end == "R2" else []),
        ]
        frr.daemons(routers[end], bgpd="\n".join(lines) + "\n")
    pair = Pair(kind, cut, routers, cable)
    wait_until(pair.established, f"the {name} session is established", 60)
    wait_until(pair.has_route, f"R1 has the {name} route", 10)
    return pair


def watch(pair: Pair, found: dict[str, dict[str, int | None]]) -> None:
    """Cut the cable, and note after how many milliseconds the route went, and when the session was seen to be over."""
    begin = monotonic()
    pair.break_it()
    ended = begin + HOLD_S
    gone: dict[str, int | None] = {"route_ms": None, "session_ms": None}
    slow = LOOK_S
    while monotonic() < ended and None in gone.values():
        if gone["route_ms"] is None and not pair.has_route():
            gone["route_ms"] = round((monotonic() - begin) * 1000)
        if monotonic() - begin > 1:
            slow = 0.25
        if gone["session_ms"] is None and (gone["route_ms"] is not None or slow > LOOK_S) and not pair.established():
            gone["session_ms"] = round((monotonic() - begin) * 1000)
        sleep(slow)
    found[f"{pair.kind} {pair.cut}"] = gone


def main() -> None:
    run_alone()
    found: dict[str, dict[str, int | None]] = {}
    with Namespaces() as spaces:
        frr.apart()
        pairs = [build(spaces, *each) for each in product(("ibgp", "ebgp"), ("carrier", "silent"))]
        sleep(APART_S + random() * KEEPALIVE_S)  # so that the last keepalive is not always as old
        watchers = [threading.Thread(target=watch, args=(pair, found)) for pair in pairs]
        for watcher in watchers:
            watcher.start()
            sleep(APART_S)
        for watcher in watchers:
            watcher.join(HOLD_S + 30)
    if len(found) < len(pairs):
        raise TookTooLong(f"only these were seen to their end: {', '.join(found)}")
    print(frr.version(), json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
