"""Two autonomous systems: what crosses the border between them, and what stays at home."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_network

from netlearn.drawing.markup import Element
from netlearn.drawing.shapes import text
from netlearn.drawing.still import Picture
from netlearn.errors import BadNetwork
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import straight
from netlearn.figures.pictures.frame import twice
from netlearn.figures.pictures.regions import at, inside, paper, region
from netlearn.network.parts import Announcement, Link, Node
from netlearn.network.topology import Topology

SPANS = {True: ((12.0, 300.0), (420.0, 708.0)), False: ((8.0, 160.0), (296.0, 448.0))}


def two_systems() -> Mapping[str, Topology]:
    """Two small networks, each with one prefix to tell of; the first router of each is at the border.

    The numbers are for documentation (RFC 5398).

    >>> [str(each.announcements[0].prefix) for each in two_systems().values()]
    ['198.51.100.0/24', '203.0.113.0/24']
    """
    here = Link("A1", "A2"), Link("A1", "A3"), Link("A2", "A3", 4)
    there = Link("B1", "B2", 10), Link("B1", "B3", 10), Link("B2", "B3", 50)
    return {
        "AS 64500": _system(("A1", "A2", "A3"), here, "198.51.100.0/24"),
        "AS 64501": _system(("B1", "B2", "B3"), there, "203.0.113.0/24"),
    }


def _system(names: tuple[str, ...], links: tuple[Link, ...], prefix: str) -> Topology:
    return Topology(tuple(map(Node, names)), links, (Announcement(ip_network(prefix), names[-1]),))


@dataclass(frozen=True, slots=True)
class Side:
    """One system: its name, its map, the router at the border, and what that tells the other side."""

    name: str
    topology: Topology
    border: str
    prefixes: tuple[str, ...]

    @property
    def offer(self) -> str:
        """The list of systems that a message to these prefixes will pass: here one (RFC 4271 5.1.2)."""
        return f"by {self.name}"


def systems(parts: Mapping[str, Topology], caption: str = "") -> Picture:
    """Two autonomous systems and what their border routers, the first of each, tell each other: prefixes, with a list.

    What is announced within each goes over the border (RFC 4271 5.1.2, 9.2); routers, links and metrics do not. Raises
    `BadNetwork` for more or fewer than two systems, for one of other than two or three routers, or without a prefix.

    >>> systems(two_systems()).title
    'Across the border go addresses and a list of networks: AS 64500 sees none of the 3 links of AS 64501'
    """
    sides = tuple(_side(name, topology) for name, topology in parts.items())
    if len(sides) != 2:
        raise BadNetwork(f"the picture is of two systems, not of {len(sides)}")
    here, there = sides
    count = len(there.topology.links)
    title = (
        f"Across the border go addresses and a list of networks: {here.name} sees none of the {count} links of "
        f"{there.name}"
    )
    words = " ".join(
        f"{each.name} has the routers {', '.join(each.topology.routers)} and {len(each.topology.links)} links, each "
        f"with its metric. Its border router {each.border} tells {other.border} of {', '.join(each.prefixes)}, "
        f"{each.offer}; on {other.border}'s map is nothing of {each.name}."
        for each, other in (sides, sides[::-1])
    )
    words += f" {there.name} would pass it on to a third network as {_passed_on(here, there)}."
    return twice(lambda wide: _drawn((here, there), wide), (466, 682), title, words, caption)


def _passed_on(origin: Side, teller: Side) -> str:
    """What the teller tells a third network of the origin's prefixes: the list with its own number in front."""
    return f"{', '.join(origin.prefixes)}, by {teller.name}, {origin.name}"


def _side(name: str, topology: Topology) -> Side:
    prefixes = tuple(str(each.prefix) for each in topology.announcements)
    if len(topology.nodes) not in (2, 3) or len(topology.routers) < len(topology.nodes) or not prefixes:
        raise BadNetwork(f"{name} has two or three routers and a prefix to tell of")
    return Side(name, topology, topology.routers[0], prefixes)


def _drawn(sides: tuple[Side, Side], wide: bool) -> Iterator[Element]:
    """The two systems with their maps, the session between them, what it carries, and what each knows."""
    middle, half = (122.0, 108.0) if wide else (168.0, 162.0)
    spans = SPANS[wide]
    for begin, end in spans:
        yield region(begin, end, wide, middle, half, "nl-area")
    places: dict[str, tuple[float, float]] = {}
    for side, (begin, end), is_first in zip(sides, spans, (True, False), strict=True):
        near, far = (end, begin) if is_first else (begin, end)
        places |= _places(side, near, far, wide)
    ends = [at(places[side.border], wide, middle) for side in sides]
    yield from straight(ends[0], ends[1], "nl-session")
    yield from inside((side.topology for side in sides), places, wide, middle)
    for side, (begin, end), y in zip(sides, spans, (24.0, 430.0), strict=True):
        yield text((begin + end) / 2 if wide else 168, 32 if wide else y, side.name, "nl-strong")
    yield from _crossing(sides, wide)
    yield from _knows(sides, wide)


def _places(side: Side, near: float, far: float, wide: bool) -> dict[str, tuple[float, float]]:
    """The border router near the other system, the others at the far end."""
    inward = 1 if far > near else -1
    off, inset = (50.0, 66.0) if wide else (82.0, 58.0)
    others = [name for name in side.topology.routers if name != side.border]
    asides = (-off, off) if len(others) == 2 else (0.0,)
    places = {name: (far - inward * inset, aside) for name, aside in zip(others, asides, strict=True)}
    return places | {side.border: (near + inward * 36, 0.0)}


def _crossing(sides: tuple[Side, Side], wide: bool) -> Iterator[Element]:
    """What each tells the other, with an arrow the way that it goes."""
    for row, side in enumerate(sides):
        told = f"{', '.join(side.prefixes)}, {side.offer}"
        if wide:
            y = 262 + 38 * row
            ends = ((150.0, y + 14.0), (570.0, y + 14.0))
            yield text(360, y, told, "nl-small")
        else:
            x = (18.0, 318.0)[row]
            ends = ((x, 172.0), (x, 286.0))
            lines = (*side.prefixes, side.offer)
            for place, words in enumerate(lines):
                y = (196 if row == 0 else 240) + 20 * place
                yield said(28, y, words) if row == 0 else text(308, y, words, "nl-small nl-end")
        yield from straight(*(ends[::-1] if row else ends), "nl-heard", head=True)
    lines = (f"{sides[1].name} tells a third network:", _passed_on(*sides))
    if wide:
        yield text(562, 341, " ".join(lines), "nl-small nl-end")
        yield from straight((572, 337), (708, 337), "nl-heard", head=True)
    else:
        for place, words in enumerate(lines):
            yield text(168, 466 + 20 * place, words, "nl-small")


def _knows(sides: tuple[Side, Side], wide: bool) -> Iterator[Element]:
    """What each border router has of its own, and of the other."""
    for place, (side, other) in enumerate((sides, sides[::-1])):
        topology = side.topology
        own = f"own map: {len(topology.routers)} routers, {len(topology.links)} links"
        lines = (own, f"of {other.name}: {', '.join(other.prefixes)}")
        x, y = ((12 + 288 / 2, 708 - 288 / 2)[place], 374.0) if wide else (168.0, 508.0 + 86 * place)
        yield from paper(x, y, 288 if wide else 324, f"{side.border} knows", lines)
