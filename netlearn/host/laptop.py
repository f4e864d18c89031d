"""The small world in which one machine is looked at: a laptop, its neighbour on one LAN, a router, a host far away.

All addresses are for documentation (RFC 5737, 3849). What becomes of a packet in it is `netlearn.host.dial`'s to say.
"""

from netlearn.host.host import LO, Binding, Host, Interface, World, default

ME = "the laptop"
"""The machine that is looked at.

>>> world().host(ME).interface("eth0").addresses[0]
'192.0.2.10/24'
"""
NEIGHBOUR = "the neighbour"
"""A machine on the laptop's LAN.

>>> dial(world(eth0="no carrier"), NEIGHBOUR, "192.0.2.10", 8080).error
'EHOSTUNREACH'
"""
ROUTER = "the router"
FAR = "the far host"
"""A machine beyond the router, on another link.

>>> dial(world(), FAR, "192.0.2.10", 8080).reached
'the laptop'
"""
PORT = 8080
SERVER = "server"
LAN4, LAN6, LINK_LOCAL = "192.0.2.10", "2001:db8::10", "fe80::10"
NEIGHBOUR4 = "192.0.2.20"

# What eth0 can be, with what `ip link set eth0 ...` or a pulled cable does to it.
ETH0 = {"up": {}, "no carrier": {"carrier": False}, "down": {"up": False, "carrier": False}}

# On each link a machine has the same number at the end of all its addresses.
PREFIXES = {
    "LAN": ("192.0.2.{}/24", "2001:db8::{}/64", "fe80::{}/64"),
    "beyond": ("198.51.100.{}/24", "2001:db8:1::{}/64", "fe80::{}/64"),
}


def world(bindings: tuple[Binding, ...] = (), lo_up: bool = True, eth0: str = "up") -> World:
    """The four hosts; `bindings` wait on the laptop, whose `lo` may be down and whose `eth0` is one of `ETH0`.

    >>> [host.name for host in world().hosts]
    ['the laptop', 'the neighbour', 'the router', 'the far host']
    """
    gateway = (default("192.0.2.1"), default("2001:db8::1"))
    laptop = Host(ME, (LO, _card("LAN", 10)), gateway, bindings)
    laptop = laptop.with_interface("lo", up=lo_up).with_interface("eth0", **ETH0[eth0])
    neighbour = Host(NEIGHBOUR, (LO, _card("LAN", 20)), gateway)
    router = Host(ROUTER, (LO, _card("LAN", 1), _card("beyond", 1, "eth1")), forwards=True)
    far = Host(FAR, (LO, _card("beyond", 99)), (default("198.51.100.1"), default("2001:db8:1::1")))
    return World((laptop, neighbour, router, far))


def _card(link: str, number: int, name: str = "eth0") -> Interface:
    return Interface(name, tuple(each.format(number) for each in PREFIXES[link]), link=link)
