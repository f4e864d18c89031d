"""The small world in which one machine is looked at: a laptop, its neighbour on one LAN, a router, a host far away.

All addresses are for documentation (RFC 5737, 3849). What becomes of a packet in it is `netlearn.host.dial`'s to say.
"""

from netlearn.host.host import LO, Binding, Host, Interface, World, default

ME, NEIGHBOUR, ROUTER, FAR = "the laptop", "the neighbour", "the router", "the far host"
PORT = 8080
SERVER = "server"
LAN4, LAN6, LINK_LOCAL = "192.0.2.10", "2001:db8::10", "fe80::10"
NEIGHBOUR4 = "192.0.2.20"

# What eth0 can be, with what `ip link set eth0 ...` or a pulled cable does to it.
ETH0 = {"up": {}, "no carrier": {"carrier": False}, "down": {"up": False, "carrier": False}}


def world(bindings: tuple[Binding, ...] = (), lo_up: bool = True, eth0: str = "up") -> World:
    """The four hosts; `bindings` wait on the laptop, whose `lo` may be down and whose `eth0` is one of `ETH0`."""
    laptop = Host(
        ME,
        (LO, Interface("eth0", (f"{LAN4}/24", f"{LAN6}/64", f"{LINK_LOCAL}/64"), link="LAN")),
        routes=(default("192.0.2.1"), default("2001:db8::1")),
        bindings=bindings,
    )
    laptop = laptop.with_interface("lo", up=lo_up).with_interface("eth0", **ETH0[eth0])
    neighbour = Host(
        NEIGHBOUR,
        (LO, Interface("eth0", (f"{NEIGHBOUR4}/24", "2001:db8::20/64", "fe80::20/64"), link="LAN")),
        routes=(default("192.0.2.1"), default("2001:db8::1")),
    )
    router = Host(
        ROUTER,
        (
            LO,
            Interface("eth0", ("192.0.2.1/24", "2001:db8::1/64", "fe80::1/64"), link="LAN"),
            Interface("eth1", ("198.51.100.1/24", "2001:db8:1::1/64", "fe80::1/64"), link="beyond"),
        ),
        forwards=True,
    )
    far = Host(
        FAR,
        (LO, Interface("eth0", ("198.51.100.99/24", "2001:db8:1::99/64", "fe80::99/64"), link="beyond")),
        routes=(default("198.51.100.1"), default("2001:db8:1::1")),
    )
    return World((laptop, neighbour, router, far))
