"""What two routers with one loopback address do to OSPF, measured on FRRouting: ``python tools/record/router_ids.py``.

It needs Debian's frr, and root. Three routers, each in a network namespace of its own, stand in a row: A - M - B. A and
B were both given 192.0.2.2 as their loopback, by mistake. A has a LAN of its own, B has another. In the first round
each router takes its router ID from its loopback, as FRRouting does when left as it comes; in the second the IDs are
set by hand, and differ. M is asked again and again, for a minute: how many routers are in its LSDB, which LANs does
its kernel know a way to, and by how many next hops? All of it is gone when this ends. What it printed stands in
netlearn/data/measured.json.
"""

import json
import re
from collections import Counter
from functools import partial
from time import monotonic, sleep

import frr

from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

LOOPBACKS = {"A": "192.0.2.2", "M": "192.0.2.3", "B": "192.0.2.2"}
LANS = {"A": "203.0.113.0/24", "B": "198.51.100.0/24"}
BY_HAND = {"A": "192.0.2.11", "M": "192.0.2.12", "B": "192.0.2.13"}
CABLES = {"left": ("A", "M"), "right": ("M", "B")}
TO_SETTLE_S, WATCH_S = 20, 60
DEFAULT: dict[str, str] = {}


def build(spaces: Namespaces, ids: dict[str, str]) -> dict[str, Namespace]:
    """The three in a row; with `ids`, their router IDs are set by hand."""
    routers = {name: spaces.new(f"{name}{'-by-hand' if ids else ''}") for name in LOOPBACKS}
    frr.apart()
    for name, router in routers.items():
        router.sysctl(frr.SETTINGS)
        router.up("lo", f"{LOOPBACKS[name]}/32")
        if name in LANS:
            router.cable("lan", router, "plug")
            router.up("lan", LANS[name].replace("0/24", "1/24"))
            router.up("plug")
    for number, (card, ends) in enumerate(CABLES.items(), 1):
        routers[ends[0]].cable(card, routers[ends[1]], card)
        for host, end in enumerate(ends, 1):
            routers[end].up(card, f"198.18.{number}.{host}/30")
    for name, router in routers.items():
        frr.daemons(router, ospfd=settings(name, ids.get(name)))
    return routers


def settings(name: str, router_id: str | None) -> str:
    """The lines of ospfd of one router."""
    cards = [card for card, ends in CABLES.items() if name in ends]
    lines = ["interface lo", " ip ospf area 0"]
    lines += ["interface lan", " ip ospf area 0", " ip ospf passive"] if name in LANS else []
    for card in cards:
        lines += [f"interface {card}", " ip ospf area 0", " ip ospf network point-to-point"]
        lines += [" ip ospf hello-interval 1", " ip ospf dead-interval 4"]
    lines += ["router ospf", *([f" ospf router-id {router_id}"] if router_id else [])]
    return "\n".join(lines) + "\n"


def full(router: Namespace, neighbours: int) -> bool:
    return len(re.findall(r" Full/", frr.show(router, "show ip ospf neighbor"))) == neighbours


def known(middle: Namespace) -> tuple[str, ...]:
    """The routers in M's LSDB, and the next hops that its kernel has for each LAN and for the doubled loopback."""
    shown = frr.show(middle, "show ip ospf database router")
    routers = sorted(set(re.findall(r"Link State ID: (\S+)", shown)))
    ways = []
    for prefix in (*LANS.values(), "192.0.2.2"):
        routes = middle.run("ip", "route", "show", prefix, "proto", "ospf").stdout
        ways.append(f"{prefix} by {len(re.findall(r'via ', routes))}")
    return (f"{len(routers)} router LSAs", *ways)


def main() -> None:
    run_alone()
    found = {}
    with Namespaces() as spaces:
        for name, ids in (("default", DEFAULT), ("by hand", BY_HAND)):
            routers = build(spaces, ids)
            wait_until(partial(full, routers["M"], 2), "M is adjacent to both", 30)
            sleep(TO_SETTLE_S)
            until, seen = monotonic() + WATCH_S, Counter[str]()
            while monotonic() < until:
                seen["; ".join(known(routers["M"]))] += 1
                sleep(1)
            told = [line for router in routers.values() for line in frr.logged(router).splitlines()]
            complaints = [line for line in told if re.search("duplicate|conflict|same router", line, re.IGNORECASE)]
            found[name] = {"seen": dict(seen), "lines logged": len(told), "of them complaints": complaints}
    print(frr.version(), json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
