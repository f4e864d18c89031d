"""Random networks for the property tests, as plain data.

A `Plain` network is lists of tuples, so that the judge (`judge.py`) can be built from what was generated and never from
what our own classes made of it. `topology` turns it into the value under test.

Two ways to run: the default draws the same examples every time, so that a red build is red again. To search on, with
new examples in every run (or those of one seed):

    NETLEARN_HYPOTHESIS=search pytest --hypothesis-seed=...
"""

import os
from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address, ip_network
from itertools import zip_longest
from typing import NamedTuple

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from netlearn import Announcement, Link, Node, Topology
from netlearn.network.parts import Kind

settings.register_profile("same", derandomize=True, deadline=None, database=None, max_examples=150)
settings.register_profile(
    "search", deadline=None, max_examples=1000, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("NETLEARN_HYPOTHESIS", "same"))

# Names with what trips a parser: the sign that joins link names, the one that numbers them, blanks, other scripts.
NAMES = ("A", "B", "A-B", "R1", "R10", "R1-R2", "R1#2", "Zürich", "東京", "a b", "-", "/", "1")


class PlainLink(NamedTuple):
    """A link as generated: `out` is the metric from `a` to `b`, `back` the other one."""

    name: str
    a: str
    b: str
    out: int
    back: int


class Plain(NamedTuple):
    """A network as generated: a kind for each node, links, and who announces which prefix at which metric."""

    kinds: dict[str, Kind]
    links: list[PlainLink]
    announcements: Sequence[tuple[str, str, int]] = ()

    def without_link(self, name: str) -> "Plain":
        return self._replace(links=[link for link in self.links if link.name != name])


def topology(plain: Plain) -> Topology:
    """The value under test."""
    return Topology(
        nodes=[Node(name, kind) for name, kind in plain.kinds.items()],
        links=[Link(link.a, link.b, link.out, link.back, link.name) for link in plain.links],
        announcements=[Announcement(ip_network(prefix), node, metric) for prefix, node, metric in plain.announcements],
    )


# Ties are where the mistakes are, so a network has few different metrics; each network draws their range first.
ranges_of_metrics = st.sampled_from([1, 1, 2, 2, 3, 65535])


@st.composite
def networks(draw, least_nodes=1, most_nodes=9, kinds=("router", "router", "router", "host", "lan")):
    """A network in any shape: in pieces or whole, with parallel links, hosts with several links, LANs, a node alone."""
    names = draw(st.permutations(NAMES))[: draw(st.integers(least_nodes, most_nodes))]
    kind_of = {name: draw(st.sampled_from(kinds)) for name in names}
    pairs = [(a, b) for a in names for b in names if a != b and not kind_of[a] == kind_of[b] == "lan"]
    # A list that may be empty is short most of the time; networks in pieces come anyway, whole ones need links.
    count = draw(st.sampled_from([0, len(names) // 2, len(names), 3 * len(names) // 2, 2 * len(names)]))
    chosen = draw(st.lists(st.sampled_from(pairs), min_size=count, max_size=count)) if pairs else []
    metrics = st.integers(1, draw(ranges_of_metrics))
    links = [
        PlainLink(
            f"link {number}",
            a,
            b,
            0 if kind_of[a] == "lan" else draw(metrics),
            0 if kind_of[b] == "lan" else draw(metrics),
        )
        for number, (a, b) in enumerate(chosen)
    ]
    return Plain(kind_of, links, draw(announcements([name for name in names if kind_of[name] != "lan"])))


@st.composite
def announcements(draw, names):
    """Who answers for which of a few prefixes: by one node, by several (anycast), twice by one."""
    if not names:
        return []
    prefixes = st.sampled_from(["203.0.113.1/32", "203.0.113.0/24", "0.0.0.0/0", "2001:db8::1/128", "2001:db8::/32"])
    rows = st.tuples(prefixes, st.sampled_from(names), st.integers(0, 4))
    return draw(st.lists(rows, max_size=6))


@st.composite
def networks_and_ends(draw):
    """A network with two of its nodes, which may be the same one."""
    plain = draw(networks())
    names = list(plain.kinds)
    return plain, draw(st.sampled_from(names)), draw(st.sampled_from(names))


@st.composite
def topologies(draw):
    """A whole topology as users write them: addresses, places, links named like other links or like their own ends."""
    plain = draw(networks())
    likely = [f"{a}-{b}{number}" for a in plain.kinds for b in plain.kinds for number in ("", "#2")]
    taken = draw(st.permutations(sorted(set(likely))))[: len(plain.links)]
    names = taken + [link.name for link in plain.links[len(taken) :]]
    whole = topology(
        plain._replace(links=[link._replace(name=name) for link, name in zip(plain.links, names, strict=True)])
    )
    addresses = st.integers(1, 9).map(lambda n: ip_address(f"192.0.2.{n}")) | st.integers(1, 9).map(
        lambda n: ip_address(f"2001:db8::{n}")
    )
    own = draw(st.lists(st.none() | addresses, min_size=len(names) and 1, max_size=len(plain.kinds), unique=True))
    places = st.none() | st.integers(0, 800) | st.floats(0, 420)
    nodes = [
        replace(node, address=None if node.kind == "lan" else address, x=draw(places), y=draw(places))
        for node, address in zip_longest(whole.nodes, own)
    ]
    return replace(whole, nodes=tuple(nodes))


# ---- Networks in time


class Run(NamedTuple):
    """A network, what befalls it when, and how the run is set: all plain, so that a test can replay it."""

    plain: Plain
    changes: tuple[tuple[int, str, str, bool], ...]  # time in µs; one of `WORLD` or `NEWS`; of what; silently?
    detect: str = "carrier"
    frr: bool = False
    lfa: bool = False
    cold: bool = False
    seed: int = 0

    def final(self) -> tuple[set[str], set[str], set[str]]:
        """The links cut, the nodes down and the nodes in maintenance when all has happened."""
        cut, down, stub = set(), set(), set()
        for _, what, name, _ in sorted(self.changes, key=lambda change: change[0]):
            if what in NEWS:
                continue
            if what == "maintain":
                stub |= {name} - down
            elif what in ("cut", "mend"):
                cut = cut | {name} if what == "cut" else cut - {name}
            else:
                down = down | {name} if what == "down" else down - {name}
                stub = stub - down
        return cut, down, stub

    def announced(self) -> list[tuple[str, str, int]]:
        """Who announces what when all has happened: what is said of `ANYCAST` replaces what was said before."""
        rows = list(self.plain.announcements)
        for _, what, name, _ in sorted(self.changes, key=lambda change: change[0]):
            if what in NEWS:
                rows = [row for row in rows if row[:2] != (ANYCAST, name)]
                rows += [] if NEWS[what] is None else [(ANYCAST, name, NEWS[what])]
        return rows


ANYCAST = "203.0.113.1/32"
WORLD = ("cut", "mend", "down", "up", "maintain")
NEWS = {"announce": 0, "announce far": 3, "withdraw": None}  # at which metric `ANYCAST` is announced by a node


# Moments at which something else may just be happening: a carrier event, an SPF, a retransmission, a dead timer.
MOMENTS = (0, 500, 1_000, 4_999, 5_000, 6_000, 20_000, 55_000, 56_050, 300_000, 900_000, 1_005_000, 5_000_000)
LATER = (5_050_000, 5_051_000, 9_000_000, 12_000_000, 31_000_000, 38_000_000, 41_000_000, 75_000_000)
times = st.sampled_from(MOMENTS + LATER) | st.integers(0, 2_000_000) | st.integers(0, 90_000_000)


@st.composite
def runs(draw, most_changes=7):
    """A network; failures, repairs and news of a prefix at any times, several at once, again and again."""
    kinds = draw(
        st.sampled_from([("router", "router", "router", "host"), ("router", "router", "router", "host", "lan")])
    )
    plain = draw(networks(least_nodes=2, most_nodes=7, kinds=kinds))
    links = [("cut", link.name) for link in plain.links] + [("mend", link.name) for link in plain.links]
    nodes = [(what, name) for what in ("down", "up") for name in plain.kinds]
    speaking = [name for name, kind in plain.kinds.items() if kind != "lan"]
    nodes += [("maintain", name) for name in speaking]
    news = [(what, name) for what in ("announce", "announce far") for name in speaking]
    news += [("withdraw", name) for prefix, name, _ in plain.announcements if prefix == ANYCAST] * 4
    # What is mended was most often cut before, so few things are drawn from.
    few = draw(st.lists(st.sampled_from(links * 2 + nodes + news), min_size=1, max_size=4))
    few += [(BACK[what], name) for what, name in few if what in BACK]
    change = st.tuples(times, st.sampled_from(few), st.booleans())
    changes = [(at, what, name, silent) for at, (what, name), silent in draw(st.lists(change, max_size=most_changes))]
    had = {name for prefix, name, _ in plain.announcements if prefix == ANYCAST}
    had |= {name for _, what, name, _ in changes if what in NEWS and what != "withdraw"}
    changes = [change for change in changes if change[1] != "withdraw" or change[2] in had]
    return Run(
        plain,
        tuple(changes),
        draw(st.sampled_from(["carrier", "hello", "bfd"])),
        frr=draw(st.booleans()),
        lfa=draw(st.booleans()),
        cold=draw(st.booleans()),
        seed=draw(st.integers(0, 3)),
    )


BACK = {"cut": "mend", "down": "up", "announce": "withdraw", "announce far": "withdraw"}
