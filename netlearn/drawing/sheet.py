"""A sheet on which every node stands where it was put: how links get round nodes, and where words find room.

Nothing is moved, so what a reader draws stays where it is. A link that would run under a node which is not its own, or
along another link, bows as far as it must. What stands on a link, and what stands beside a node, keeps off nodes and
off each other, in the sheet as it lies and in the one that is turned.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, groupby
from math import atan2, dist, hypot, pi, remainder

from netlearn.drawing.crowd import Cells, Points
from netlearn.drawing.geometry import RADIUS, Box, Curve, Point
from netlearn.drawing.layout import (
    ACROSS,
    ARROW,
    CHIP,
    FEW_LETTERS,
    LETTERS,
    MARGIN_X,
    MARGIN_Y,
    SQUEEZE,
    TARGET,
    WIDTH,
    Ends,
    Layout,
    Turn,
    Upright,
    arrow_places,
    box_of,
    curves_of,
    inside,
    metric_parts,
    outline,
    shortened,
    sign_width,
    text_width,
)
from netlearn.drawing.notes import NOTE_HEIGHT
from netlearn.drawing.unplaced import moved_apart
from netlearn.network.parts import Node
from netlearn.network.topology import Topology

PIECE = 16.0  # units of a link between two places where it is looked at
GAP = 4.0  # between a link and a node that is not its own
CELL = 12.0  # of a grid: two links in one cell are one on the screen
CROSSING = 2  # so many places one after the other may be where another link is
FARTHER = (0.6, 1.0, 1.25, 1.55, 1.9, 2.3, 2.8, 3.4, 4.2, 5.2, 6.4)  # bows, each tried when those before do not do
STEEP = 0.45  # of a link's length a bow may be high
OVER = (0.5, 0.35, 0.65, 0.2, 0.8, 0.0, 1.0)  # above which part of the link the bow is highest
STEPS = 20  # on a link, where what stands on it may move to
BETWEEN = (34.0, 20.0, 8.0, 2.0)  # two nodes that are moved apart, if there is room
THIN = 0.55  # of the sheet that they need; with more of it none would stay near its place
MOST_SOUGHT = 30  # links for whose bows every place is tried; of more, and between dots, few
MOST_SIGNS = 120  # links on which signs look for room; with more there is none
ASIDE = (1.0, 1.7, 2.4, 3.2)  # so many halves of itself it may stand beside the link
NARROW = 7.0  # half of the area of a link, at least
Signs = tuple[tuple[str, tuple[tuple[str, float], ...]], ...]  # of each link: where, and how wide


@dataclass(frozen=True, slots=True)
class _View:
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


def on_sheet(
    topology: Topology,
    height: float,
    notes: Mapping[str, float] | None = None,
    around: float = 0.0,
    signs: Mapping[str, float] | None = None,
    dot: float | None = None,
) -> Layout:
    """The layout of a network on a sheet `WIDTH` wide and so high.

    `notes` are as wide as given, `around` is room left free around each node. `signs` are what stands on the links
    in the place of their metrics, and how wide it is. Where nodes are dots, `dot` is half of one; then there are no
    words.
    """
    links = topology.links
    ends = tuple((link.name, link.a, link.b) for link in links)
    if dot is not None:
        curves, (lies, turned) = _ways(topology.nodes, ends, height, dot)
        return _layout(height, lies, turned, curves)
    if signs is not None:
        widths: Signs = tuple((link.name, (("both", signs.get(link.name, 0.0)),)) for link in links)
    else:
        widths = tuple(
            (link.name, (("both", sign_width(str(link.metric))),))
            if link.metric == link.metric_back
            else (
                link.name,
                (("a", sign_width(str(link.metric))), ("b", sign_width(str(link.metric_back))), ("both", 2 * CHIP)),
            )
            for link in links
        )
    return _drawn(topology.nodes, ends, height, notes or {}, around, widths)


def _drawn(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, notes: Mapping[str, float], around: float,
    signs: Signs,
) -> Layout:  # fmt: skip
    curves, areas, (lies, turned) = _labelled(nodes, ends, height, around, signs)
    sizes = {name: (wide, NOTE_HEIGHT) for name, wide in notes.items()}
    sizes |= {each.name: (text_width(shortened(each.name, FEW_LETTERS)), 20.0) for each in nodes if each.kind == "lan"}
    beside, upright = (_notes(words, ends, sizes) for words in (lies, turned))
    back = turned.view.back
    labels = {place: (at, back(turned.labels[place])) for place, at in lies.labels.items()}
    upright = {name: back(at) for name, at in upright.items()}
    return _layout(height, lies.view, turned.view, curves, beside, upright, around, labels, areas)


def _layout(
    height: float,
    lies: _View,
    turned: _View,
    curves: Mapping[str, Curve],
    notes: Mapping[str, Point] | None = None,
    upright: Mapping[str, Point] | None = None,
    around: float = 0.0,
    labels: Mapping[tuple[str, str], tuple[Point, Point]] | None = None,
    areas: Mapping[str, tuple[Point, ...]] | None = None,
) -> Layout:
    rims = dict.fromkeys(lies.boxes, (RADIUS - 5, 5 - RADIUS))
    boxes = {name: box.grown(1.0, -around) for name, box in lies.boxes.items()}
    size = turned.frame.width, turned.frame.height
    return Layout(
        WIDTH,
        height,
        boxes,
        curves,
        notes or {},
        rims,
        around,
        Upright(*size, upright or {}, rims, turned.words),
        labels or {},
        areas or {},
    )


def _view(turn: Turn | None, nodes: Iterable[Node], height: float, around: float, dot: float | None) -> _View:
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
    return _View(turn, boxes, Cells(boxes.values()), Box(wide / 2, high / 2, wide, high), words)


def stand_apart(
    nodes: tuple[Node, ...], places: Mapping[str, Point], height: float, dot: float | None = None
) -> Mapping[str, Point]:
    """The places of nodes on a sheet so high, moved a little where nodes touch, if there is room; else as they are.

    There is room between them for what stands on links, or as much of it as can be; at last they stand apart where the
    sheet lies, if not where it is turned.
    """
    at = [replace(node, x=places[node.name][0], y=places[node.name][1]) for node in nodes]
    views = _view(None, at, height, 0.0, dot), _view(Turn(height), at, height, 0.0, dot)
    looked_at = views[:1] if dot else views  # a dot is no larger where all is turned
    if not any(one.overlaps(other) for view in looked_at for one, other in combinations(view.boxes.values(), 2)):
        return places
    room = WIDTH - 2 * MARGIN_X, height - 2 * MARGIN_Y
    inner = {name: (x - MARGIN_X, y - MARGIN_Y) for name, (x, y) in places.items()}
    lying, turned = (view.boxes for view in views)
    for upright in (False,) if dot else (True, False):
        for between in BETWEEN[2:] if dot else BETWEEN:
            needs = {name: (box.width + between, box.height + between) for name, box in lying.items()}
            if upright:
                high = {name: (turned[name].height / SQUEEZE, turned[name].width) for name in needs}
                needs = {
                    name: (max(wide, high[name][0] + between), max(tall, high[name][1] + between))
                    for name, (wide, tall) in needs.items()
                }
            if sum(wide * tall for wide, tall in needs.values()) > THIN * room[0] * room[1] and between > BETWEEN[-1]:
                continue
            moved, apart = moved_apart(inner, needs, room)
            if apart:
                return inside(nodes, moved, MARGIN_X)
    return places


# The ways of links.


@lru_cache(maxsize=16)  # a failure does not move anything
def _ways(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, dot: float | None
) -> tuple[dict[str, Curve], tuple[_View, _View]]:
    """The way of each link: straight, or one of several, or bowed round what is in its way."""
    views = _view(None, nodes, height, 0.0, dot), _view(Turn(height), nodes, height, 0.0, dot)
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


def in_the_way(curve: Curve, ends: Ends, views: Sequence[_View]) -> list[bool]:
    """Whether a link runs under a node, or touches it, where it lies and where it is turned.

    Its own do not count, nor those that touch one of them: who leaves there comes by.
    """
    return [_meets(along(curve.through(view.there)), _between(curve, ends, view, 0.0)) for view in views]


def _between(curve: Curve, ends: Ends, view: _View, far: float) -> list[Box]:
    """The nodes that may be in the way of a link, or of one that bows so far."""
    own = [view.boxes[name] for name in ends[1:]]
    around = _region(*map(view.there, (curve.start, curve.bend, curve.end)))
    found = {id(box): box for box in view.cells.near(around, GAP + far)}
    return [box for box in found.values() if not any(box is each or box.overlaps(each, GAP) for each in own)]


def _region(*points: Point) -> Box:
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
    curve: Curve, ends: Ends, views: Sequence[_View], ink: Collection[tuple[int, int]], *, briefly: bool
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


# What stands on links and beside nodes.


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
class _Labels:
    """A view with what stands on its links: the links themselves, arrows on them, signs, and where those are."""

    view: _View
    ink: _Ink
    arrows: Cells
    standing: Cells
    labels: dict[tuple[str, str], Point]


@lru_cache(maxsize=16)  # what fails changes the notes alone
def _labelled(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, around: float, signs: Signs
) -> tuple[dict[str, Curve], dict[str, tuple[Point, ...]], tuple[_Labels, _Labels]]:
    """Where each sign stands: on its link as near to its place as nothing is in the way, else beside the link.

    The shortest links, which leave least choice, come first.
    """
    curves, bare = _ways(nodes, ends, height, None)
    arrows = arrow_places(nodes, ends, curves, around)

    def on_links(view: _View) -> _Labels:
        ways = {name: curve.through(view.there) for name, curve in curves.items()}
        there = Cells(Box(*view.there(at), 2 * ARROW, 2 * ARROW) for at in arrows)
        words = _Labels(view, _Ink(ways), there, Cells(()), {})
        for name, places in sorted(signs, key=lambda each: (ways[each[0]].length, each[0])):
            for place, wide in places:
                size = wide * view.words, 2 * CHIP * view.words
                crowded = len(signs) > MOST_SIGNS
                at = next(_places(ways[name], place, size)) if crowded else _free(words, name, ways[name], place, size)
                words.labels[name, place] = at
                if place != "both" or len(places) == 1:  # a cross comes where two metrics are gone
                    words.standing.add(Box(*at, *size))
        return words

    lies, turned = (on_links(_view(view.turn, nodes, height, around, None)) for view in bare)
    words = [(name, at) for (name, _), at in lies.labels.items()]
    words += [(name, turned.view.back(at)) for (name, _), at in turned.labels.items()]
    return curves, _areas(curves, words), (lies, turned)


def _free(words: _Labels, name: str, way: Curve, place: str, size: Point) -> Point:
    """The first place where a sign covers nothing; or else no node and no other sign; or else the fewest."""
    region = _region(way.start, way.bend, way.end)
    reach = ASIDE[-1] * max(size)
    nodes, signs, arrows = (
        list({id(box): box for box in cells.near(region, reach)}.values())
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


def _notes(words: _Labels, ends: Iterable[Ends], sizes: Mapping[str, Point]) -> dict[str, Point]:
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

        return outline(curve, half)

    return {name: outline_of(name, curve) for name, curve in curves.items()}
