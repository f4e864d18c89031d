"""Which of its addresses a host writes into a packet as the source, if the program has not said.

IPv4 takes what comes first: an address of the interface by which the packet leaves. IPv6 compares all that the host
has, by the rules of RFC 6724, section 5, as Linux reads them (`ipv6_dev_get_saddr` in net/ipv6/addrconf.c).

Not modelled: rule 4 (mobile IPv6), rule 7 (temporary addresses, RFC 8981), addresses that are still being checked for
duplicates, a label table that somebody changed (`ip addrlabel`), and a source that a route names (`src`).
"""

from collections.abc import Iterator
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Interface, IPv6Address, IPv6Interface, IPv6Network

from netlearn.host.given import Address
from netlearn.host.host import Host, Interface

# The table of RFC 6724 2.1 as Linux has it: the most specific prefix gives the label. Its numbers are its own and count
# only as equal or not; ORCHIDs (2001:10::/28, RFC 4843) are Linux's addition. Measured: `ip addrlabel`.
LABELS = {
    IPv6Network("::1/128"): 0,
    IPv6Network("::ffff:0:0/96"): 4,
    IPv6Network("::/96"): 3,
    IPv6Network("2001::/32"): 6,
    IPv6Network("2001:10::/28"): 7,
    IPv6Network("3ffe::/16"): 12,
    IPv6Network("2002::/16"): 2,
    IPv6Network("fec0::/10"): 11,
    IPv6Network("fc00::/7"): 5,
    IPv6Network("::/0"): 1,
}
ORCHID = IPv6Network("2001:10::/28")


def primaries(interface: Interface) -> Iterator[IPv4Interface]:
    """The IPv4 addresses that are the first of their prefix, in order; of a later one the first speaks for it."""
    seen = set()
    for given in interface.given(4):
        if isinstance(given, IPv4Interface) and given.network not in seen:
            seen.add(given.network)
            yield given


def source_ipv4(host: Host, name: str, via: Address | None) -> IPv4Address:
    """An address of the interface, first one whose prefix holds the gateway; else any of the host that may leave it.

    0.0.0.0, which nobody accepts, if there is none: Linux sends that.
    """
    lo_first = sorted(host.interfaces, key=lambda each: not each.loopback)  # as every namespace has it
    own = [*primaries(host.interface(name))]
    near = [given for given in own if via is not None and via in given.network]
    every = (*near, *own, *(given for each in lo_first for given in primaries(each)))
    return next((given.ip for given in every if not given.ip.is_loopback), IPv4Address("0.0.0.0"))


def source_ipv6(host: Host, name: str | None, destination: IPv6Address) -> IPv6Address | None:
    """The address that wins by RFC 6724 5 for what leaves by this interface, `None` without any.

    Of equals the one that was added last wins, on the interface that came first. `name` is `None` where no route leads
    to the destination: the rule of the outgoing interface is then for nobody.
    """
    of_one_link = name is not None and scope(destination) <= scope(LINK_LOCAL)
    candidates = [
        (each, given)
        for each in sorted(host.interfaces, key=lambda each: not each.loopback)
        for given in reversed(each.given(6))
        if isinstance(given, IPv6Interface) and (each.name == name or not of_one_link)
    ]

    def rank(candidate: tuple[Interface, IPv6Interface]) -> tuple[bool | tuple[bool, int] | int, ...]:
        interface, given = candidate
        fits = scope(given.ip) >= scope(destination)
        return (
            int(given.ip) == int(destination),  # rule 1: the destination itself
            (fits, -scope(given.ip) if fits else scope(given.ip)),  # 2: what reaches it, and no further than needed
            not interface.deprecates(given),  # 3: no deprecated address
            interface.name == name,  # 5: the outgoing interface
            label(given.ip) == label(destination),  # 6: the label
            (given.ip in ORCHID) == (destination in ORCHID),  # Linux's own, between rules 7 and 8
            min(_common(given.ip, destination), given.network.prefixlen),  # 8: the longest prefix in common
        )

    best = max(candidates, key=rank, default=None)
    return None if best is None else best[1].ip


LINK_LOCAL = IPv6Address("fe80::")


def scope(ip: IPv6Address) -> int:
    """How far an address reaches, as RFC 4291 2.7 numbers it: one link (so does `::1`, RFC 6724 3.1), one site, all."""
    if ip.is_link_local or ip.is_loopback:
        return 2
    return 5 if ip.is_site_local else 14


@lru_cache(maxsize=256)
def label(ip: IPv6Address) -> int:
    """Its label: addresses of one kind (6to4, Teredo, unique local) rather talk to their like."""
    plain = IPv6Address(int(ip))
    return max((prefix.prefixlen, number) for prefix, number in LABELS.items() if plain in prefix)[1]


def _common(one: IPv6Address, other: IPv6Address) -> int:
    """The length of the prefix that the two have in common."""
    return 128 - (int(one) ^ int(other)).bit_length()
