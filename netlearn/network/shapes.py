"""Networks of a known shape, in any size that can be drawn: to begin with, and to compare a network of one's own with.

Every metric is 1, and every node has its place. Where the shape itself has no hosts, Source stands at its first router
and End where the way is longest, so that there is something to send. Addresses are for `Topology.addressed` to give.
"""

from collections.abc import Iterable
from itertools import combinations, pairwise, product
from math import cos, pi, sin

from netlearn.errors import BadNetwork, shown
from netlearn.network.parts import Kind, Link, Node
from netlearn.network.topology import Topology

MIDDLE, RIGHT = (400.0, 210.0), 730.0  # of the drawing, where it is 800 x 420 units
Place = tuple[float, float]


def ring(routers: int = 6) -> Topology:
    """From 3 to 12 routers, each with a link to the next and the last with one to the first.

    Any one link may fail, and everyone is still reached: the other way round, which can be long.

    >>> [arc.neighbour for arc in ring(4).arcs("R4")]
    ['R3', 'R1']
    """
    places = _around(_whole(routers, "a ring", "routers", 3, 12))
    return _with_ends(places, [*pairwise(places), (f"R{routers}", "R1")], "R1", f"R{routers // 2 + 1}")


def full_mesh(routers: int = 5) -> Topology:
    """From 2 to 8 routers, each with a link to each other: one hop from any to any, and the most links there can be.

    >>> len(full_mesh(4).links) - 2, len(full_mesh(8).links) - 2
    (6, 28)
    """
    places = _around(_whole(routers, "a full mesh", "routers", 2, 8))
    return _with_ends(places, combinations(places, 2), "R1", f"R{routers // 2 + 1}")


def ladder(rungs: int = 4) -> Topology:
    """Two rows of routers with from 2 to 8 rungs between them: from corner to corner are as many ways as rungs.

    >>> from netlearn.routing import path_count
    >>> path_count(ladder(4), "Source", "End")
    4
    """
    _whole(rungs, "a ladder", "rungs", 2, 8)
    upper, lower = [f"R{number}" for number in range(1, rungs + 1)], [f"R{rungs + at}" for at in range(1, rungs + 1)]
    places = {**_row(upper, 190, 610, 95), **_row(lower, 190, 610, 325)}
    joined = [*pairwise(upper), *pairwise(lower), *zip(upper, lower, strict=True)]
    return _with_ends(places, joined, "R1", f"R{2 * rungs}")


def tree(levels: int = 3, branches: int = 2) -> Topology:
    """From 2 to 4 levels of routers, each with from 2 to 9 below it, and at most 9 at the bottom: no link to spare.

    Each link, and each router that is not a leaf, is a single point of failure.

    >>> [arc.neighbour for arc in tree(2, 3).arcs("R1")]
    ['R2', 'R3', 'R4']
    """
    _whole(levels, "a tree", "levels", 2, 4)
    _whole(branches, "a router of a tree", "routers below it", 2, 9)
    leaves = branches ** (levels - 1)
    if leaves > 9:
        raise BadNetwork(f"a tree of {levels} levels and {branches} branches has {leaves} leaves; 9 can be drawn")
    places: dict[str, Place] = {}
    joined, above = [], [""]
    for level in range(levels):
        names = [f"R{len(places) + at}" for at in range(1, branches**level + 1)]
        half = 660 / len(names) / 2
        places |= _row(names, 70 + half, RIGHT - half, 60 + 300 * level / levels)
        joined += [(above[at // branches], name) for at, name in enumerate(names) if level]
        above = names
    nodes = [Node(name, x=round(x), y=round(y)) for name, (x, y) in places.items()]
    hosts = [Node(host, "host", x=places[leaf][0], y=360) for host, leaf in (("Source", above[0]), ("End", above[-1]))]
    links = [("Source", above[0]), *joined, (above[-1], "End")]
    return Topology([hosts[0], *nodes, hosts[1]], [Link(a, b) for a, b in links])


def leaf_spine(leaves: int = 4, spines: int = 2) -> Topology:
    """From 2 to 6 leaves, each with a link to each of 1 to 4 spines: a data centre's fabric of two layers.

    A host at each leaf stands for a rack of them. Between any two racks are as many equally short ways as spines.

    >>> from netlearn.routing import path_count
    >>> path_count(leaf_spine(4, 3), "host1", "host4")
    3
    """
    _whole(leaves, "a fabric", "leaves", 2, 6)
    _whole(spines, "a fabric", "spines", 1, 4)
    rows = [_named("spine", spines), _named("leaf", leaves), _named("host", leaves)]
    return _layers(rows, [*product(rows[0], rows[1]), *zip(rows[1], rows[2], strict=True)])


def fat_tree(ports: int = 4) -> Topology:
    """A data centre's fabric of three layers, of routers that all have 2 or 4 ports (Al-Fares et al., SIGCOMM 2008).

    It has a pod for each port of a core router; in a pod, half as many routers at the edge as ports, each with a link
    to each of as many aggregation routers. One host stands at each edge router, which has room for `ports / 2`.

    >>> from netlearn.routing import path_count
    >>> path_count(fat_tree(4), "host1", "host2"), path_count(fat_tree(4), "host1", "host8")
    (2, 4)
    """
    if ports not in (2, 4) or isinstance(ports, bool | float):
        raise BadNetwork(f"the routers of a fat tree have 2 or 4 ports, not {shown(ports)}; more cannot be drawn")
    half = ports // 2
    core, aggregation = _named("core", half * half), _named("agg", ports * half)
    edge, hosts = _named("edge", ports * half), _named("host", ports * half)
    joined = [(core[at % half * half + up], each) for at, each in enumerate(aggregation) for up in range(half)]
    joined += [(up, down) for at, down in enumerate(edge) for up in aggregation[at // half * half :][:half]]
    return _layers([core, aggregation, edge, hosts], [*joined, *zip(edge, hosts, strict=True)])


def _whole(value: object, what: str, of: str, least: int, most: int) -> int:
    """The number, or `BadNetwork` unless it is a whole one from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BadNetwork(f"{what} has from {least} to {most} {of}, not {shown(value)}")
    return value


def _named(word: str, count: int) -> list[str]:
    return [f"{word}{number}" for number in range(1, count + 1)]


def _around(count: int) -> dict[str, Place]:
    """Routers on an ellipse, the first at the left, the next above it."""
    angles = {name: 2 * pi * at / count for at, name in enumerate(_named("R", count))}
    return {name: (MIDDLE[0] - 230 * cos(angle), MIDDLE[1] - 150 * sin(angle)) for name, angle in angles.items()}


def _row(names: list[str], left: float, right: float, y: float) -> dict[str, Place]:
    """Nodes side by side; one alone is in the middle."""
    apart = (right - left) / max(1, len(names) - 1)
    return {name: (left + apart * at if len(names) > 1 else (left + right) / 2, y) for at, name in enumerate(names)}


def _with_ends(places: dict[str, Place], joined: Iterable[tuple[str, str]], first: str, last: str) -> Topology:
    """The routers with Source at one of them, left of all, and End at another, right of all."""
    nodes = [Node(name, x=round(x), y=round(y)) for name, (x, y) in places.items()]
    source, end = (
        Node("Source", "host", x=70, y=round(places[first][1])),
        Node("End", "host", x=RIGHT, y=round(places[last][1])),
    )
    links = [Link("Source", first), *(Link(a, b) for a, b in joined), Link(last, "End")]
    return Topology([source, *nodes, end], links)


def _layers(rows: list[list[str]], joined: Iterable[tuple[str, str]]) -> Topology:
    """Rows of routers one below the other, the last one of hosts."""
    nodes = []
    for depth, names in enumerate(rows):
        half = 660 / len(names) / 2
        y = 60 + 300 * depth / (len(rows) - 1)
        kind: Kind = "host" if names is rows[-1] else "router"
        nodes += [
            Node(name, kind, x=round(x), y=round(y)) for name, (x, y) in _row(names, 70 + half, RIGHT - half, y).items()
        ]
    return Topology(nodes, [Link(a, b) for a, b in joined])
