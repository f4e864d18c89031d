"""Areas around a backbone: what a router's own map holds, and of what it is told no more than sums."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import wrap

from netlearn.drawing.markup import Element
from netlearn.drawing.prose import link_label
from netlearn.drawing.shapes import text
from netlearn.drawing.still import Picture
from netlearn.errors import BadNetwork
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.frame import twice
from netlearn.figures.pictures.regions import inside, paper, region
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology
from netlearn.routing.spf import shortest_paths

Areas = Mapping[str, Topology]
SPANS = {True: ((12.0, 238.0), (238.0, 482.0), (482.0, 708.0)), False: ((8.0, 150.0), (150.0, 262.0), (262.0, 404.0))}


def two_areas() -> Areas:
    """A small network in two areas and a backbone, in the order in which a picture has them.

    >>> list(two_areas())
    ['area 1', 'backbone', 'area 2']
    """
    ends = Link("A1", "A2"), Link("A1", "B1"), Link("A2", "B1")
    others = Link("B2", "C1"), Link("B2", "C2", 3), Link("C1", "C2")
    return {
        "area 1": Topology(tuple(map(Node, ("A1", "A2", "B1"))), ends),
        "backbone": Topology((Node("B1"), Node("B2")), (Link("B1", "B2", 2),)),
        "area 2": Topology(tuple(map(Node, ("B2", "C1", "C2"))), others),
    }


@dataclass(frozen=True, slots=True)
class Known:
    """What a router knows: the links on its map (of each of its areas), and sums that a border router tells it."""

    router: str
    links: tuple[str, ...]
    teller: str
    sums: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """Two areas with the backbone between them, each joined to it by one border router."""

    names: tuple[str, str, str]
    parts: tuple[Topology, Topology, Topology]
    borders: tuple[str, str]

    def told(self, teller: str, *areas: int) -> tuple[tuple[str, int], ...]:
        """Every router of these areas with the sum at which a border router reaches it, by the other one if need be.

        The areas stand in the order in which a way from the border router passes them.
        """
        sums: dict[str, int] = {teller: 0}
        at = teller
        for area in areas:
            before, found = sums[at], shortest_paths(self.parts[area], at).distance
            sums |= {name: before + int(far) for name, far in found.items() if name not in sums}
            at = next((name for name in self.borders if name != at and name in found), at)
        return tuple(sorted((name, metric) for name, metric in sums.items() if name != teller))

    def known(self) -> tuple[Known, Known, Known]:
        """What three routers know: one inside each area, and between them the first border router."""
        first, second = self.borders
        here, there = (next(name for name in part.routers if name not in self.borders) for part in self.parts[::2])
        maps = [tuple(link_label(link) for link in part.links) for part in self.parts]
        return (
            Known(here, maps[0], first, self.told(first, 1, 2)),
            Known(first, (*maps[0], *maps[1]), second, self.told(second, 2)),
            Known(there, maps[2], second, self.told(second, 1, 0)),
        )


def _row(areas: Areas) -> Row:
    if len(areas) != 3:
        raise BadNetwork(f"the picture is of two areas with the backbone between them, not of {len(areas)} parts")
    left, backbone, right = areas.values()
    borders = [{*one.routers} & {*backbone.routers} for one in (left, right)]
    inner = [len(part.nodes) - 1 for part in (left, right)]
    if [len(each) for each in borders] != [1, 1] or len(backbone.nodes) != 2 or not {*inner} <= {1, 2}:
        raise BadNetwork(
            "each area has one router in common with the backbone, which has no other, and one or two more"
        )
    ((first,), (second,)) = borders
    names = tuple(areas)
    return Row((names[0], names[1], names[2]), (left, backbone, right), (first, second))


def areas(parts: Areas, caption: str = "") -> Picture:
    """Two areas and the backbone between them, and what is on the map of a router in each and of a border router.

    A border router tells an area the sum at which it reaches each router elsewhere, and no links (RFC 2328 3, 12.4.3).
    Raises `BadNetwork` for parts that are joined otherwise.

    >>> areas(two_areas()).title
    'Beyond its area a router knows sums and no ways: of 7 links A1’s map has 3'
    """
    row = _row(parts)
    known = row.known()
    count = len({link.name for part in row.parts for link in part.links})
    own = known[0]
    title = f"Beyond its area a router knows sums and no ways: of {count} links {own.router}’s map has {len(own.links)}"
    words = (
        f"{row.names[0]}, {row.names[1]} and {row.names[2]} in a row; {row.borders[0]} is in the first two, "
        f"{row.borders[1]} in the last two. " + " ".join(map(_in_words, known))
    )
    return twice(lambda wide: _drawn(row, known, wide), (374, 682), title, words, caption)


def _in_words(each: Known) -> str:
    sums = ", ".join(f"{name} {metric}" for name, metric in each.sums)
    return f"On {each.router}'s map: {', '.join(each.links)}. Told by {each.teller}, as sums: {sums}."


def _drawn(row: Row, known: tuple[Known, ...], wide: bool) -> Iterator[Element]:
    """The three parts, then the maps of three routers."""
    middle, half = (122.0, 108.0) if wide else (168.0, 162.0)
    spans = SPANS[wide]
    for place, (begin, end) in enumerate(spans):
        yield region(begin, end, wide, middle, half, "nl-backbone" if place == 1 else "nl-area")
    yield from _headings(row, wide)
    yield from inside(row.parts, _places(row, wide), wide, middle)
    y = 244.0 if wide else 418.0
    for place, each in enumerate(known):
        letters = 23 if wide else 34
        sums = ", ".join(f"{name}\u00a0{metric}" for name, metric in each.sums)
        lines = [*wrap(", ".join(each.links), letters), *wrap(f"sums by\u00a0{each.teller}: {sums}", letters)]
        x = (122.0, 360.0, 598.0)[place] if wide else 168.0
        yield from paper(x, y, 220 if wide else 324, f"on {each.router}’s map", lines)
        y += 0 if wide else 46 + 20 * len(lines)


def _headings(row: Row, wide: bool) -> Iterator[Element]:
    for name, (begin, end), aside in zip(row.names, SPANS[wide], (24, 206, 386), strict=True):
        if wide:
            yield text((begin + end) / 2, 32, name, "nl-strong")
        elif aside == 206:
            yield said(16, aside, name, "nl-strong")
        else:
            yield text(168, aside, name, "nl-strong")


def _places(row: Row, wide: bool) -> dict[str, tuple[float, float]]:
    """Border routers on the seams, the others at the far ends."""
    (far, first), (_, second), (_, last) = SPANS[wide]
    places = {row.borders[0]: (first, 0.0), row.borders[1]: (second, 0.0)}
    off, inset = (50.0, 66.0) if wide else (82.0, 58.0)
    for part, along in ((row.parts[0], far + inset), (row.parts[2], last - inset)):
        inner = [name for name in part.routers if name not in row.borders]
        asides = (-off, off) if len(inner) == 2 else (0.0,)
        places |= {name: (along, aside) for name, aside in zip(inner, asides, strict=True)}
    return places
