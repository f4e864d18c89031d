"""What a router does with a packet for 127.0.0.1 that comes in from outside, asked of this machine's own kernel."""

import os
import socket
from pathlib import Path

import pytest

from netlearn.lab import Namespaces, wait_until, why_not

WHY_NOT = why_not(machine=True) or (os.geteuid() != 0 and "needs root, to be inside without starting again") or None


def counted(space):
    """What the kernel of a namespace has counted of IP packets: received, and handed on."""
    with space.inside():
        names, values = Path("/proc/thread-self/net/snmp").read_text().splitlines()[:2]
    every = dict(zip(names.split(), values.split(), strict=True))
    return int(every["InReceives"]), int(every["ForwDatagrams"])


@pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))
def test_a_router_forwards_a_stranger_by_its_default_route_and_127_0_0_1_not_at_all():
    with Namespaces() as spaces:
        sender, router, beyond = (spaces.new(name) for name in ("sender", "R1", "beyond"))
        sender.cable("eth0", router, "in0")
        router.cable("out0", beyond, "eth0")
        router.sysctl({"ipv4/ip_forward": 1, **{f"ipv4/conf/{each}/rp_filter": 0 for each in ("all", "default")}})
        router.up("lo")
        router.up("in0", "192.0.2.1/24")
        router.up("out0", "198.51.100.1/24")
        sender.up("eth0", "192.0.2.10/24")  # its lo stays down: no local table keeps 127.0.0.1 in
        beyond.up("eth0", "198.51.100.2/24")
        sender.ip("route add default via 192.0.2.1")
        router.ip("route add default via 198.51.100.2")
        assert "via 192.0.2.1" in sender.run("ip", "route", "get", "127.0.0.1").stdout
        before = counted(router)
        with sender.inside(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            for to in ("203.0.113.9", "127.0.0.1"):
                client.sendto(b"hello", (to, 9))
        wait_until(lambda: counted(router)[0] >= before[0] + 2, "both have come in")
        assert counted(router)[1] == before[1] + 1
        assert "local 127.0.0.0/8" in router.run("ip", "route", "show", "table", "local").stdout
