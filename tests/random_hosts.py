"""Hosts that are drawn by number: addresses of every kind in any order, some deprecated, and routes of every kind."""

from collections.abc import Iterator
from ipaddress import IPv6Network, ip_interface
from random import Random

from netlearn.host.given import address
from netlearn.host.host import LO, Host, Interface, StaticRoute
from netlearn.host.tables import lookup, main_table

LENGTHS4 = (8, 16, 24, 24, 24, 25, 26, 28, 30, 31, 32)
LENGTHS6 = (16, 32, 48, 56, 64, 64, 64, 65, 80, 112, 126, 127, 128)
NETS4 = ("192.0.2.0", "198.51.100.0", "203.0.113.0", "198.18.0.0", "10.1.2.0", "169.254.1.0")
# One of each label of RFC 6724, and two that share a long prefix.
NETS6 = (
    *("2001:db8:a::", "2001:db8:a:1::", "2001:db8:b::", "2001:db8:b:0:80::", "fd00:1::", "fd00:2::", "fec0:1::"),
    *("fec0:2::", "2002:c000:201::", "2002:c633:6401::", "2001:0:c000:201::", "2001:10:1::", "3ffe:1::", "fe80::"),
)
KINDS = ("blackhole", "unreachable", "prohibit")


def address4(random: Random) -> str:
    net = int(ip_interface(random.choice(NETS4)).ip)
    return str(ip_interface(net + random.randrange(1, 200)).ip)


def address6(random: Random) -> str:
    net = int(IPv6Network(random.choice(NETS6)).network_address)
    return str(ip_interface(net + random.choice((1, 2, 3, 17, 0x10001, 0x8000000000001))).ip)


def addresses(random: Random) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Up to five of each family; and those of IPv6 that are deprecated."""
    some = {f"{address4(random)}/{random.choice(LENGTHS4)}" for _ in range(random.choice((0, 1, 2, 3, 5)))}
    six = {}
    for _ in range(random.choice((0, 1, 2, 3, 5))):
        six[address6(random)] = random.choice(LENGTHS6)
    # The kernel has an address of IPv6 once on an interface, whatever its prefix.
    both = [*sorted(some), *(f"{ip}/{length}" for ip, length in sorted(six.items()))]
    random.shuffle(both)
    return tuple(both), tuple(each for each in both if ":" in each and random.random() < 0.25)


def routes(random: Random, host: Host) -> Iterator[StaticRoute]:
    """Some that the kernel takes: one for a prefix, by a gateway that is on a link of the host's."""
    wide = [each for each in main_table(host) if each.prefix.prefixlen < each.prefix.max_prefixlen - 2]
    near = [each.prefix for each in wide if each.interface != "lo"]
    seen = {str(each.prefix) for each in main_table(host)}
    for prefix in ("0.0.0.0/0", "::/0", "198.18.0.0/15", "2001:db8::/32", "192.0.2.128/25", "fd00::/8", "2000::/3"):
        version = 6 if ":" in prefix else 4
        way = random.choice(("gateway", "gateway", "link", "refused", "none"))
        gateways = [net for net in near if net.version == version and not str(net).startswith("fe80")]
        if prefix in seen:
            continue
        if way == "gateway" and gateways:
            net = random.choice(gateways)
            via = str(net.network_address + net.num_addresses - 3)
            there = lookup(host, address(via))
            if there and there.kind == "unicast" and there.interface != "lo":
                yield StaticRoute(prefix, via)
        elif way == "link":
            yield StaticRoute(prefix, interface=random.choice(("eth0", "eth1")))
        elif way == "refused":
            yield StaticRoute(prefix, kind=random.choice(KINDS))


def drawn(number: int) -> Host:
    """A host with two NICs, each on a link where nobody else is."""
    random = Random(f"addresses {number}")
    cards = []
    for name in ("lo", "eth0", "eth1"):
        every, deprecated = addresses(random)
        if name == "lo":
            usual = LO.addresses[: random.choice((0, 1, 2, 2, 2))] if random.random() < 0.8 else LO.addresses[1:]
            few = random.choice((0, 0, 1))
            every = (*usual, *(every[:2] if few else ()))
            deprecated = tuple(each for each in deprecated if each in every)
        link = None if name == "lo" else name
        cards.append(Interface(name, every, link=link, deprecated=deprecated))
    host = Host(f"host{number}", tuple(cards))
    return Host(host.name, host.interfaces, tuple(routes(random, host)))


def destinations(host: Host, many: int) -> list[str]:
    """What it dials: beside its own addresses some near them, and some of anywhere."""
    random = Random(f"destinations of {host.name}")
    own = [each.ip for card in host.interfaces for version in (4, 6) for each in card.given(version)]
    found: set[str] = set()
    while len(found) < many:
        match random.randrange(4):
            case 0 if own:
                found.add(str(random.choice(own)))
            case 1 if own:
                near = random.choice(own)
                found.add(str(near + random.choice((1, 5, 100))))
            case 2:
                found.add(address4(random))
            case _:
                found.add(address6(random))
    return sorted(one if not one.startswith("fe80") else f"{one}%{random.choice(('eth0', 'eth1'))}" for one in found)
