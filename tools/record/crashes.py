"""What becomes of packets when routing programs crash, measured on FRRouting: ``python tools/record/crashes.py``.

It needs Debian's frr, and root. The network is that of `cases`; 8 flows send from Source to End. On R2 all programs of
FRRouting are killed at once, or ospfd alone while zebra, which keeps the kernel's table, lives on. Nobody else is told:
the neighbours miss R2's hellos. Each is played some times, every time at another moment between two hellos. All of it
is gone when this ends, a quarter of an hour later. What it printed stands in netlearn/data/measured.json.
"""

import json
import os
import signal
from functools import partial
from time import monotonic, sleep

import cases
import frr

from netlearn import NodeDown, forum
from netlearn.lab import Namespace, Namespaces, run_alone, wait_until

CRASHES = {"all": ("zebra", "ospfd"), "ospfd alone": ("ospfd",)}
RUNS, HELLO_S, DEAD_S = 5, 10, 40


def crash(router: Namespace, programs: tuple[str, ...]) -> None:
    """Kill these programs of a router, so that they can tidy nothing."""
    for program in programs:
        os.kill(int((frr.RUN / "frr" / router.name / f"{program}.pid").read_text()), signal.SIGKILL)


def routes(router: Namespace) -> int:
    """How many routes of OSPF the router's kernel has."""
    shown = router.run("ip", "route", "show", "proto", "ospf").stdout
    return sum(not line.startswith((" ", "\t")) for line in shown.splitlines())


def play(programs: tuple[str, ...], later_s: float) -> dict[str, object]:
    """A network of its own in which they crash: what R2 forgets, when it is avoided, and each flow's outage in ms."""
    with Namespaces() as spaces:
        boxes = cases.build(spaces, "hello")
        wait_until(partial(cases.fits, boxes, forum()), "the tables are the book's", 90)
        sleep(cases.QUIET_S + later_s)
        flows = cases.Flows(boxes)
        sleep(1)
        held, began = routes(boxes["R2"]), monotonic()
        crash(boxes["R2"], programs)
        sleep(0.5)
        left = routes(boxes["R2"])
        wait_until(partial(cases.fits, boxes, forum().without(NodeDown("R2"))), "R2 is avoided", DEAD_S + HELLO_S)
        moved_s = monotonic() - began
        sleep(2)
        return {"routes": held, "half a second later": left, "avoided after s": round(moved_s, 1), "ms": flows.stop()}


def main() -> None:
    run_alone()
    print(frr.version(), flush=True)
    for name, programs in CRASHES.items():
        for run in range(RUNS):
            print(name, json.dumps(play(programs, run * HELLO_S / RUNS)), flush=True)


if __name__ == "__main__":
    main()
