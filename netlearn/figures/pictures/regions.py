"""Parts of a large network, side by side where there is room and else below each other: areas, autonomous systems."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from netlearn.drawing.markup import Element
from netlearn.drawing.shapes import Point, box, rect, text
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import chip, node, straight
from netlearn.network.topology import Topology

Places = Mapping[str, Point]  # along the row of parts, and aside of its middle


def at(place: Point, wide: bool, middle: float) -> Point:
    """Where something stands that is so far along, and so far aside of the middle."""
    along, aside = place
    return (along, middle + aside) if wide else (middle + aside, along)


def region(begin: float, end: float, wide: bool, middle: float, half: float, class_: str) -> Element:
    """The ground of one part."""
    if wide:
        return box(begin, middle - half, end - begin, 2 * half, class_, rx=14)
    return box(middle - half, begin, 2 * half, end - begin, class_, rx=14)


def inside(topologies: Iterable[Topology], places: Places, wide: bool, middle: float) -> Iterator[Element]:
    """Links with their metrics, then the nodes; each is drawn once."""
    parts = tuple(topologies)
    links = {link.name: link for link in chain.from_iterable(part.links for part in parts)}
    for link in links.values():
        start, end = (at(places[name], wide, middle) for name in link.ends)
        yield from straight(start, end, "nl-line")
        yield chip((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, str(link.metric))
    nodes = {each.name: part for part in parts for each in part.nodes}
    for name, part in nodes.items():
        yield node(part, name, *at(places[name], wide, middle))


def paper(x: float, y: float, width: float, heading: str, lines: Iterable[str]) -> Iterator[Element]:
    """A sheet with its heading and some lines, around `x` and from `y` down."""
    rows = tuple(lines)
    high = 38 + 20 * len(rows)
    yield rect(x, y + high / 2, width, high, 6, "nl-paper")
    yield text(x, y + 19, heading, "nl-strong")
    for row, words in enumerate(rows):
        yield said(x - width / 2 + 10, y + 44 + 20 * row, words)
