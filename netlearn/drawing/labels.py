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

FINE = 48  # parts of a link that are seen or under the nodes at its ends
STEPS = 20  # on a link, where what stands on it may move to
MOST_SIGNS = 120  # links on which signs look for room; with more there is none
ASIDE = (0.5, 1.0, 1.7, 2.4, 3.2)  # so many halves of itself it may stand beside the link
UNLIKE = 4.0  # so much farther is another link than that which a sign belongs to
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

    def astray(self, name: str, at: Point) -> bool:
        """Whether another link is as near as its own."""
        own = self.own[name]
        far = min(dist(at, each) for each in own)
        return any(
            dist(at, each) < far + UNLIKE
            for each in self.points.near(*at, far + UNLIKE, far + UNLIKE)
            if each not in own
        )


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
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, around: float, signs: Signs, pointed: bool
) -> tuple[dict[str, Curve], dict[str, tuple[Point, ...]], tuple[Labels, Labels]]:
    """Where each sign stands: on its link as near to its place as nothing is in the way, else beside the link.

    The shortest links, which leave least choice, come first. There is room for arrows if they are `pointed`.
    """
    curves, bare = ways_of(nodes, ends, height, None)
    arrows = arrow_places(nodes, ends, curves, around) if pointed else []
    between = {name: (a, b) for name, a, b in ends}

    def on_links(view: View) -> Labels:
        ways = {name: curve.through(view.there) for name, curve in curves.items()}
        there = Cells(Box(*view.there(at), 2 * ARROW, 2 * ARROW) for at in arrows)
        words = Labels(view, _Ink(ways), there, Cells(()), {})
        for name, places in sorted(signs, key=lambda each: (ways[each[0]].length, each[0])):
            seen = _seen(ways[name], *(view.boxes[end] for end in between[name]))
            for place, wide in places:
                size = wide * view.words, 2 * CHIP * view.words
                crowded = len(signs) > MOST_SIGNS
                sought = _places(ways[name], seen, place, size)
                at = next(sought)[0] if crowded else _free(words, name, ways[name], sought, size)
                words.labels[name, place] = at
                if place != "both" or len(places) == 1:  # a cross comes where two metrics are gone
                    words.standing.add(Box(*at, *size))
        return words

    lies, turned = (on_links(view_of(view.turn, nodes, height, around, None)) for view in bare)
    words = [(name, at) for (name, _), at in lies.labels.items()]
    words += [(name, turned.view.back(at)) for (name, _), at in turned.labels.items()]
    return curves, _areas(curves, words), (lies, turned)


def _free(words: Labels, name: str, way: Curve, sought: Iterator[tuple[Point, bool]], size: Point) -> Point:
    """The first place where a sign covers nothing; or else no node, nor seems another link's; or else the fewest."""
    around, reach = region(way.start, way.bend, way.end), ASIDE[-1] * max(size)
    nodes, signs, arrows = ([*cells.near(around, reach)] for cells in (words.view.cells, words.standing, words.arrows))
    best, least = way.at(0.5), (len(words.view.boxes) + 2, 0, 0)
    for at, aside in sought:
        label = Box(*at, *size)
        # What is under a node is gone, and what seems another's is wrong; of two signs over each other one is read.
        under = sum(label.overlaps(box, 1.0) for box in nodes) + (not words.view.frame.encloses(label))
        if under > least[0]:
            continue
        covers = sum(label.overlaps(box, 1.0) for box in signs)
        if (under, covers) > least[:2]:
            continue
        others = words.ink.others(name, label, 1.0)
        worth = under, covers, sum(label.overlaps(box) for box in arrows) + others
        if aside and worth < least and (others or words.ink.astray(name, at)):
            worth = under, covers + 2, worth[2]
        if worth < least:
            best, least = at, worth
        if not any(worth):
            break
    return best


def _seen(way: Curve, a: Box, b: Box) -> tuple[float, float]:
    """From which part to which a link is seen: between the boxes at its ends, or all of it where they touch."""
    first = next((step for step in range(FINE) if not _holds(a, way.at(step / FINE))), FINE)
    last = next((step for step in range(FINE, 0, -1) if not _holds(b, way.at(step / FINE))), 0)
    return (first / FINE, last / FINE) if first < last else (0.0, 1.0)


def _holds(box: Box, at: Point) -> bool:
    return dist(at, (box.x, box.y)) < box.width / 2 if box.round else box.holds(at)


def _places(way: Curve, seen: tuple[float, float], place: str, size: Point) -> Iterator[tuple[Point, bool]]:
    """Where a sign may stand: on what is seen of its link, from its place on to the ends, then aside."""
    (start, end), (both, near_a, _) = seen, metric_parts(way)
    middle = (start + end) / 2
    apart = min(both - near_a, 0.3 * (end - start))
    wished = {"both": middle, "a": middle - apart, "b": middle + apart}[place]

    def parts(first: float, middle: float, last: float) -> list[float]:
        low, high = {"both": (first, last), "a": (first, middle), "b": (middle, last)}[place]
        steps = (low + (high - low) * step / STEPS for step in range(STEPS + 1))
        return sorted(steps, key=lambda part: (abs(part - wished), part))

    yield from ((way.at(part), False) for part in (wished, *parts(start, middle, end)))
    (x1, y1), (x2, y2), length = way.start, way.end, way.length or 1.0
    right, down = (y1 - y2) / length, (x2 - x1) / length
    beside = parts(0.0, 0.5, 1.0)[:: STEPS // 8]
    for far in ASIDE:
        aside = far * (abs(right) * size[0] + abs(down) * size[1]) / 2 + 2
        for part in beside:
            x, y = way.at(part)
            yield (x + aside * right, y + aside * down), True
            yield (x - aside * right, y - aside * down), True


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
