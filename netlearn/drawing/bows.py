"""The ways of links on a sheet: straight, or bowed round what is in their way.

Nodes stand where they were put. A link that would run under a node which is not its own, or along another link, bows as
far as it must, in the sheet as it lies and in the one that is turned.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from math import hypot

from netlearn.drawing.crowd import Cells
from netlearn.drawing.geometry import Box, Curve, Point
from netlearn.drawing.layout import ACROSS, FEW_LETTERS, LETTERS, WIDTH, Ends, Turn, box_of, curves_of
from netlearn.network.parts import Node

PIECE = 16.0  # units of a link between two places where it is looked at
GAP = 4.0  # between a link and a node that is not its own
CELL = 12.0  # of a grid: two links in one cell are one on the screen
CROSSING = 2  # so many places one after the other may be where another link is
FARTHER = (0.6, 1.0, 1.25, 1.55, 1.9, 2.3, 2.8, 3.4, 4.2, 5.2, 6.4)  # bows, each tried when those before do not do
STEEP = 0.45  # of a link's length a bow may be high
OVER = (0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0)  # above which part of the link the bow is highest
MOST_SOUGHT = 30  # links for whose bows every place is tried; of more, and between dots, few


@dataclass(frozen=True, slots=True)
class View:
    """The sheet as it lies or as it is turned: the boxes of its nodes, and how many times as large its words are."""

    turn: Turn | None
    boxes: Mapping[str, Box]
    cells: Cells
    frame: Box
    words: float

    def there(self, place: Point) -> Point:
        return self.turn.there(place) if self.turn else place

    def back(self, place: Point) -> Point:
        return self.turn.back(place) if self.turn else place


def view_of(turn: Turn | None, nodes: Iterable[Node], height: float, around: float, dot: float | None) -> View:
    """The sheet, as it lies or turned; with `around` free at each node. Where nodes are dots, `dot` is half of one."""
    wide, high = (turn.across, turn.along) if turn else (WIDTH, height)
    words = max(1.0, wide / ACROSS) if turn else 1.0
    boxes = {}
    for node in nodes:
        at = float(node.x or 0), float(node.y or 0)
        place = turn.there(at) if turn else at
        if dot is None:
            boxes[node.name] = box_of(node, place, FEW_LETTERS if turn else LETTERS).grown(words, around)
        else:
            boxes[node.name] = Box(*place, 2 * dot, 2 * dot, node.kind == "router")
    return View(turn, boxes, Cells(boxes.values()), Box(wide / 2, high / 2, wide, high), words)


@lru_cache(maxsize=16)  # a failure does not move anything
def ways_of(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, dot: float | None
) -> tuple[dict[str, Curve], tuple[View, View]]:
    """The way of each link: straight, or one of several, or bowed round what is in its way."""
    views = view_of(None, nodes, height, 0.0, dot), view_of(Turn(height), nodes, height, 0.0, dot)
    looked_at = views[:1] if dot else views  # a dot is no larger where all is turned
    curves = curves_of(ends, {name: (box.x, box.y) for name, box in views[0].boxes.items()})
    late = [(each, met) for each in ends if any(met := in_the_way(curves[each[0]], each, looked_at))]
    if late:
        names = {name for (name, _, _), _ in late}
        ink = {_cell(at) for name, way in curves.items() if name not in names for at in along(way, CELL / 2)}
        for (name, a, b), _ in sorted(late, key=lambda each: (curves[each[0][0]].length, each[0])):
            curves[name] = _bowed(
                curves[name], (name, a, b), looked_at, ink, briefly=bool(dot) or len(late) > MOST_SOUGHT
            )
            ink.update(map(_cell, along(curves[name], CELL / 2)))
    return curves, views


def along(curve: Curve, piece: float = PIECE) -> list[Point]:
    """Places on a link, so far from each other."""
    (x1, y1), (x2, y2), (x3, y3) = curve.start, curve.bend, curve.end
    length = hypot(x2 - x1, y2 - y1) + hypot(x3 - x2, y3 - y2)
    return [(a * x1 + b * x2 + c * x3, a * y1 + b * y2 + c * y3) for a, b, c in _weights(max(2, round(length / piece)))]


@lru_cache(maxsize=512)
def _weights(steps: int) -> list[tuple[float, float, float]]:
    """How much start, bend and end weigh at so many places of a curve."""
    parts = [step / steps for step in range(steps + 1)]
    return [((1 - part) ** 2, 2 * part * (1 - part), part**2) for part in parts]


def _cell(at: Point) -> tuple[int, int]:
    return int(at[0] // CELL), int(at[1] // CELL)


def in_the_way(curve: Curve, ends: Ends, views: Sequence[View]) -> list[bool]:
    """Whether a link runs under a node, or touches it, where it lies and where it is turned.

    Its own do not count, nor those that touch one of them: who leaves there comes by.
    """
    return [_meets(along(curve.through(view.there)), _between(curve, ends, view, 0.0)) for view in views]


def _between(curve: Curve, ends: Ends, view: View, far: float) -> list[Box]:
    """The nodes that may be in the way of a link, or of one that bows so far."""
    own = [view.boxes[name] for name in ends[1:]]
    around = region(*map(view.there, (curve.start, curve.bend, curve.end)))
    found = {id(box): box for box in view.cells.near(around, GAP + far)}
    return [box for box in found.values() if not any(box is each or box.overlaps(each, GAP) for each in own)]


def region(*points: Point) -> Box:
    """The box around points."""
    (left, right), (top, low) = ((min(line), max(line)) for line in zip(*points, strict=True))
    return Box((left + right) / 2, (top + low) / 2, right - left, low - top)


def _meets(points: Sequence[Point], boxes: list[Box]) -> bool:
    """Whether a way runs through a box, or nearer than `GAP`. A box that was met is looked at first next time."""
    for place, box in enumerate(boxes):
        x, y, wide, high = box.x, box.y, box.width / 2 + GAP, box.height / 2 + GAP
        for right, down in points:
            if abs(right - x) < wide and abs(down - y) < high and not (box.round and hypot(right - x, down - y) > wide):
                boxes[0], boxes[place] = box, boxes[0]
                return True
    return False


def _bowed(
    curve: Curve, ends: Ends, views: Sequence[View], ink: Collection[tuple[int, int]], *, briefly: bool
) -> Curve:
    """The least bow that meets no other node, stays on the sheet and runs along no other link.

    If there is none, one that meets none where it lies, or where it is turned. Else no bow is worth its detour, and the
    way stays as it was. Of bows as good as each other the one with most room is taken; whoever names the ends the
    other way round gets the same.
    """
    if not curve.length:
        return curve
    turned = ends[1] > ends[2]
    way = curve.reversed() if turned else curve
    lies = views[0]
    (x1, y1), (x2, y2), length = way.start, way.end, way.length
    right, down = (y1 - y2) / length, (x2 - x1) / length
    clear = min(min(box.width, box.height) for box in lies.boxes.values()) / 2 + GAP + 1
    farther, over = (FARTHER[1:4], OVER[:1]) if briefly else (FARTHER, OVER)
    sides = [2 * clear * far for far in farther if clear * far < max(2 * clear, STEEP * length)]
    near = [(view, _between(way, ends, view, sides[-1] / 2)) for view in views]

    def met(bow: Curve) -> int:
        return sum(_meets(along(bow.through(view.there)), boxes) for view, boxes in near)

    def room(bow: Curve) -> float:
        x, y = bow.at(0.5)
        rim = min(x, y, lies.frame.width - x, lies.frame.height - y)
        return min([rim, *(hypot(x - box.x, y - box.y) for box in near[0][1])])

    best, least = way, (met(way), False)
    for side in sides:
        tried: list[tuple[tuple[int, bool], Curve]] = []
        for off in (part - 0.5 for part in over):
            x, y = way.bend[0] + off * (x2 - x1), way.bend[1] + off * (y2 - y1)
            for by in (side, -side):
                bow = Curve(way.start, (x + by * right, y + by * down), way.end)
                places = along(bow)
                if _inside(places, lies.frame, clear) and (many := met(bow)) <= least[0]:
                    tried.append(((many, _together(places, ink)), bow))
        worth = min((worth for worth, _ in tried), default=least)
        if worth < least:
            best, least = max((bow for each, bow in tried if each == worth), key=room), worth
        if least == (0, False):
            break
    return best.reversed() if turned else best


def _inside(places: Sequence[Point], frame: Box, rim: float) -> bool:
    """Whether the middle of a link is on the sheet, and so far from its rim that what stands on it has room."""
    return all(rim < x < frame.width - rim and rim < y < frame.height - rim for x, y in places[2:-2])


def _together(places: Sequence[Point], ink: Collection[tuple[int, int]]) -> bool:
    """Whether a link runs along another one: places of it that follow each other are where others are."""
    runs = groupby(_cell(at) in ink for at in places[2:-2])
    return any(inked and len([*run]) > CROSSING for inked, run in runs)
