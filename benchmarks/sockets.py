"""Sockets: listing a machine's open doors with their processes, beside `ss -tulpn`.

Each number of sockets is measured in a network namespace of its own, so that only these are there, by a process that
holds them all. `ss` is a whole process, as anyone runs it; the listings are calls in a Python that runs already. The
command is a whole process, too; with few sockets it spends most of its time on starting Python.

With few sockets `ss` spends its time on beginning, with many on each socket: 10 µs. A listing has the kernel's part of
that as well, 4 µs (a link to read in /proc, its share of an answer), and makes values in Python in 2 to 4 µs more. So
it takes two thirds of what `ss` does on one machine, and nine tenths on another.
"""

import json
import os
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.timing import Effort, Table, milliseconds, process
from netlearn.lab import alone, why_not

MOST = 0.8  # of what ss takes
SIZES = (10, 1_000, 10_000)
REPETITIONS = 9
ROOT = Path(__file__).resolve().parent.parent


def run(effort: Effort) -> Iterator[Table | str]:
    if reason := lacking():
        yield f"This cannot be measured here: {reason}."
        return
    rows = []
    for size in effort.of(SIZES, SIZES[:1]):
        inside = alone(sys.executable, "-m", "benchmarks.sockets", str(size), *effort.of([], ["--short"]))
        best = json.loads(subprocess.run(inside, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout)
        ratio = best["netlink"] / best["ss"]
        columns = ("ss", "netlink", "whole", "psutil", "command")
        times = [milliseconds(best[each]) for each in columns]
        rows.append([f"{size:,} sockets", *times, f"{ratio:.2f}", MOST])
    heads = ["ms", "ss -tulpn", "doors", "doors, connections", "by psutil", "netlearn sockets", "doors / ss", "at most"]
    yield Table(heads, rows)


def lacking() -> str | None:
    """Why it cannot be measured here, as a phrase; `None` if it can."""
    if reason := why_not():
        return reason
    if os.geteuid():
        return "only root may open so many files"
    return None if shutil.which("ss") else "ss is not installed (iproute2)"


def measure(size: int, effort: Effort) -> dict[str, float]:
    """The times beside `size` sockets of this process: half TCP listeners, half UDP."""
    from netlearn import probe

    soft = size + 100
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, max(soft, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    with ExitStack() as sockets:
        for number in range(size):
            kind = socket.SOCK_DGRAM if number % 2 else socket.SOCK_STREAM
            made = sockets.enter_context(socket.socket(type=kind))
            made.bind(("127.0.0.1", 0))
            if kind == socket.SOCK_STREAM:
                made.listen()
        seen = probe.by_netlink()
        assert len([door for door in seen.listeners if door.pid == os.getpid()]) == size
        os.environ.pop("NETLEARN_RECORDED", None)
        contestants = {
            "ss": lambda: subprocess.run(["ss", "-tulpn"], check=True, stdout=subprocess.DEVNULL),
            "netlink": lambda: probe.by_netlink(connections=False),
            "whole": probe.by_netlink,
            "psutil": lambda: probe.by_psutil(connections=False),
            "command": process("-m", "netlearn", "sockets"),
        }
        return effort.fastest(contestants, REPETITIONS)


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]), Effort(short="--short" in sys.argv))))
