"""Where words stand on a sheet: what stands on links and beside nodes keeps off nodes and off each other.

So it is in the sheet as it lies and in the one that is turned. What belongs to a link can be pressed where it stands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, dist, pi, remainder

from netlearn.drawing.bows import GAP, PIECE, View, along, region, view_of, ways_of
from netlearn.drawing.crowd import Cells, Points
from netlearn.drawing.geometry import Box, Curve, Point
from netlearn.drawing.layout import ARROW, CHIP, TARGET, Ends, arrow_places, metric_parts, outline
from netlearn.network.parts import Node

STEPS = 20  # on a link, where what stands on it may move to
MOST_SIGNS = 120  # links on which signs look for room; with more there is none
ASIDE = (1.0, 1.7, 2.4, 3.2)  # so many halves of itself it may stand beside the link
NARROW = 7.0  # half of the area of a link, at least
Signs = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]  # of each link: where, and how wide


class _Ink:
    """Links as points, and what stands on them; of those the others’ are asked for."""

    def __init__(self, ways: Mapping[str, Curve], words: Iterable[tuple[str, Point]] = ()) -> None:
        beside: dict[str, list[Point]] = defaultdict(list)
        for name, at in words:
            beside[name].append(at)
        self.own = {name: frozenset((*along(way, PIECE / 2), *beside[name])) for name, way in ways.items()}
        self.points = Points(at for places in self.own.values() for at in places)

    def others(self, name: str, box: Box, gap: float) -> int:
        """How many places of other links are in a box or nearer than `gap` to it."""
        own = self.own[name]
        near = self.points.near(box.x, box.y, box.width / 2 + gap, box.height / 2 + gap)
        return sum(at not in own for at in near)


@dataclass(frozen=True, slots=True)
class Labels:
    """A view with what stands on its links: the links themselves, arrows on them, signs, and where those are."""

    view: View
    ink: _Ink
    arrows: Cells
    standing: Cells
    labels: dict[tuple[str, str], Point]


@lru_cache(maxsize=16)  # what fails changes the notes alone
def labelled(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, around: float, signs: Signs
) -> tuple[dict[str, Curve], dict[str, tuple[Point, ...]], tuple[Labels, Labels]]:
    """Where each sign stands: on its link as near to its place as nothing is in the way, else beside the link.

    The shortest links, which leave least choice, come first.
    """
    curves, bare = ways_of(nodes, ends, height, None)
    arrows = arrow_places(nodes, ends, curves, around)

    def on_links(view: View) -> Labels:
        ways = {name: curve.through(view.there) for name, curve in curves.items()}
        there = Cells(Box(*view.there(at), 2 * ARROW, 2 * ARROW) for at in arrows)
        words = Labels(view, _Ink(ways), there, Cells(()), {})
        for name, places in sorted(signs, key=lambda each: (ways[each[0]].length, each[0])):
            for place, wide in places:
                size = wide * view.words, 2 * CHIP * view.words
                crowded = len(signs) > MOST_SIGNS
                at = next(_places(ways[name], place, size)) if crowded else _free(words, name, ways[name], place, size)
                words.labels[name, place] = at
                if place != "both" or len(places) == 1:  # a cross comes where two metrics are gone
                    words.standing.add(Box(*at, *size))
        return words

    lies, turned = (on_links(view_of(view.turn, nodes, height, around, None)) for view in bare)
    words = [(name, at) for (name, _), at in lies.labels.items()]
    words += [(name, turned.view.back(at)) for (name, _), at in turned.labels.items()]
    return curves, _areas(curves, words), (lies, turned)


def _free(words: Labels, name: str, way: Curve, place: str, size: Point) -> Point:
    """The first place where a sign covers nothing; or else no node and no other sign; or else the fewest."""
    around = region(way.start, way.bend, way.end)
    reach = ASIDE[-1] * max(size)
    nodes, signs, arrows = (
        list({id(box): box for box in cells.near(around, reach)}.values())
        for cells in (words.view.cells, words.standing, words.arrows)
    )
    best, least = way.at(0.5), (len(words.view.boxes), 0)
    for at in _places(way, place, size):
        label = Box(*at, *size)
        # What is under a node is gone; of two signs over each other one is read.
        covers = 2 * sum(label.overlaps(box, 1.0) for box in nodes) + sum(label.overlaps(box, 1.0) for box in signs)
        covers += 2 * (not words.view.frame.encloses(label))
        if covers > least[0]:
            continue
        doubtful = sum(label.overlaps(arrow) for arrow in arrows)
        worth = covers, doubtful + words.ink.others(name, label, 1.0)
        if worth < least:
            best, least = at, worth
        if not any(worth):
            break
    return best


def _places(way: Curve, place: str, size: Point) -> Iterator[Point]:
    """Where a sign may stand: on its link, from its place on to the ends, then beside it."""
    wished = metric_parts(way)[("both", "a", "b").index(place)]
    first, last = {"both": (0.0, 1.0), "a": (0.0, 0.5), "b": (0.5, 1.0)}[place]
    parts = sorted(
        (part for part in (wished, *(step / STEPS for step in range(STEPS + 1))) if first <= part <= last),
        key=lambda part: (abs(part - wished), part),
    )
    yield from map(way.at, parts)
    (x1, y1), (x2, y2), length = way.start, way.end, way.length or 1.0
    right, down = (y1 - y2) / length, (x2 - x1) / length
    for far in ASIDE:
        aside = far * (abs(right) * size[0] + abs(down) * size[1]) / 2 + 2
        for part in parts[:: len(parts) // 8 or 1]:
            x, y = way.at(part)
            yield x + aside * right, y + aside * down
            yield x - aside * right, y - aside * down


def notes_beside(words: Labels, ends: Iterable[Ends], sizes: Mapping[str, Point]) -> dict[str, Point]:
    """A place beside a node for each note of this size: on the sheet, on nothing else, and away from its links."""
    if not sizes:
        return {}
    view, ink = words.view, words.ink
    neighbours: dict[str, list[str]] = defaultdict(list)
    for _, a, b in ends:
        neighbours[a].append(b)
        neighbours[b].append(a)
    found: dict[str, Point] = {}
    others = Cells(())
    for name, (wide, high) in sizes.items():
        box, size = view.boxes[name], (wide * view.words, high * view.words)
        links = [atan2(view.boxes[each].y - box.y, view.boxes[each].x - box.x) for each in neighbours[name]]

        def worth(at: Point, box: Box = box, size: Point = size, links: Sequence[float] = links) -> tuple[float, ...]:
            note = Box(*at, *size)
            aims = atan2(at[1] - box.y, at[0] - box.x)
            there = (each for cells in (view.cells, words.standing, others) for each in cells.near(note, 0))
            covered = sum(note.overlaps(each) for each in there)
            crossed = ink.points.nearer(*at, size[0] / 2 + GAP, size[1] / 2 + GAP)
            apart = min((abs(remainder(aims - each, 2 * pi)) for each in links), default=0.0)
            return view.frame.encloses(note), -covered, -crossed, -round(note.gap(box) / 10), apart

        found[name] = max(_around(box, size), key=worth)
        others.add(Box(*found[name], *size))
    return found


def _around(box: Box, size: Point) -> Iterator[Point]:
    """Places around a node: below and above first, then aside; in a corner a little nearer. Farther ones come last."""
    for far in (2.0, 14.0, 28.0):
        wide, high = (box.width + size[0]) / 2 + far, (box.height + size[1]) / 2 + far
        for right, down in ((0, 1), (0, -1), (0.8, 0.8), (-0.8, 0.8), (0.8, -0.8), (-0.8, -0.8), (1, 0), (-1, 0)):
            yield box.x + right * wide, box.y + down * high


# Where a finger comes down.


def _areas(curves: Mapping[str, Curve], words: Iterable[tuple[str, Point]]) -> dict[str, tuple[Point, ...]]:
    """The outline of the area of each link, which ends halfway to the next link, and to what stands beside that."""
    if len(curves) > MOST_SIGNS:
        return {name: outline(curve, lambda _: NARROW) for name, curve in curves.items()}
    ink = _Ink(curves, words)

    def outline_of(name: str, curve: Curve) -> tuple[Point, ...]:
        own = ink.own[name]

        def half(at: Point) -> float:
            near = ink.points.near(*at, TARGET, TARGET)
            nearest = min((dist(at, each) for each in near if each not in own), default=TARGET)
            return min(TARGET / 2, max(NARROW, nearest / 2))

        return outline(curve, half, even=False)

    return {name: outline_of(name, curve) for name, curve in curves.items()}
