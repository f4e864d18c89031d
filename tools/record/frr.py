"""FRRouting's daemons, one router per network namespace: what the tools that record routers share.

It needs Debian's frr, and a program that began with `run_alone`: what the daemons write stays in its mount namespace,
and they end with their namespaces.
"""

import re
import subprocess
from pathlib import Path

from netlearn.lab import Namespace

RUN, ETC, PROGRAMS = Path("/var/run"), Path("/etc/frr"), Path("/usr/lib/frr")
SETTINGS = {
    "ipv4/ip_forward": 1,
    **{f"ipv4/conf/{every}/rp_filter": 0 for every in ("all", "default")},
    **{f"ipv4/conf/{every}/ignore_routes_with_linkdown": 1 for every in ("all", "default")},
}


def apart() -> None:
    """Hide the machine's own folders of FRRouting, and what an earlier network left, behind empty ones."""
    for place in (RUN, ETC):
        subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], check=True)


def daemons(router: Namespace, **settings: str) -> None:
    """zebra and the daemons that are named (`ospfd="..."`), each with its lines of configuration."""
    place = RUN / "frr" / router.name
    place.mkdir(parents=True)
    router.run("chown", "-R", "frr:frr", str(RUN / "frr"))
    for name, lines in {"zebra": "", **settings}.items():
        file = ETC / f"{router.name}-{name}"
        file.write_text(f"log file {place}/log\n{lines}")
        paths = ("-z", f"{place}/zebra.sock", "-i", f"{place}/{name}.pid", "--vty_socket", str(place))
        router.run(str(PROGRAMS / name), "-d", *paths, "-f", str(file))


def show(router: Namespace, command: str) -> str:
    """What a command of `vtysh` prints."""
    return router.run("vtysh", "--vty_socket", str(RUN / "frr" / router.name), "-c", command).stdout


def logged(router: Namespace) -> str:
    """What the router's daemons have logged."""
    file = RUN / "frr" / router.name / "log"
    return file.read_text() if file.exists() else ""


def version() -> str:
    """`FRRouting 8.4.4`."""
    told = subprocess.run([str(PROGRAMS / "zebra"), "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"version ([\d.]+\d)", told)
    assert found, f"zebra does not tell its version: {told}"
    return f"FRRouting {found[1]}"
