"""Where things stand in the drawing of a network: pure geometry, no markup.

Positions come with the network; a network without them stands on a circle. The drawing's size follows from them, so
that a network in metres and one in pixels look alike.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import cos, dist, pi, sin

from netlearn.network.parts import Node
from netlearn.network.topology import Topology

WIDTH, HEIGHT = 800.0, 420.0  # the drawing's units
RADIUS = 26.0  # of a router
MARGIN_X, MARGIN_Y = 70.0, 58.0
TARGET = 52.0  # 44 pixels where the drawing is at its smallest
LETTERS = 18  # of a name in a drawing
CHIP = 12.0  # half the height of a label on a link
NOTE_WIDTH, NOTE_HEIGHT = 118.0, 26.0  # room for `tie: R2, R3`
NOTE_LETTERS = 13  # what that has room for
NOTE_GAP, FARTHEST_NOTE = 7.0, 32.0  # from a note to a link; from a node to its note
Point = tuple[float, float]
Ends = tuple[str, str, str]  # a link's name and the nodes at its ends


@dataclass(frozen=True, slots=True)
class Curve:
    """The way of a link: straight, or bent aside for one of several parallel links (a quadratic curve)."""

    start: Point
    bend: Point
    end: Point

    @property
    def length(self) -> float:
        """The length as the crow flies; bends are slight."""
        return dist(self.start, self.end)

    def at(self, part: float) -> Point:
        """The point at this part (0..1) of the way."""
        # The weights of a quadratic Bézier curve; they add up to 1.
        before, between, after = (1 - part) ** 2, 2 * part * (1 - part), part**2
        (x1, y1), (x2, y2), (x3, y3) = self.start, self.bend, self.end
        return before * x1 + between * x2 + after * x3, before * y1 + between * y2 + after * y3

    def reversed(self) -> "Curve":
        """The same way, walked from the other end."""
        return Curve(self.end, self.bend, self.start)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap`."""
        beside = abs(self.x - other.x) < (self.width + other.width) / 2 + gap
        return beside and abs(self.y - other.y) < (self.height + other.height) / 2 + gap

    def holds(self, point: Point, gap: float = 0.0) -> bool:
        """Whether the point is inside, or nearer than `gap`."""
        return abs(point[0] - self.x) < self.width / 2 + gap and abs(point[1] - self.y) < self.height / 2 + gap


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: node boxes, link curves, a free place beside each router and host for a short note."""

    width: float
    height: float
    nodes: Mapping[str, Box]
    links: Mapping[str, Curve]
    notes: Mapping[str, Point]


def lay_out(topology: Topology, around: float = 0.0) -> Layout:
    """The layout of a network; the same network is always laid out alike, whatever has failed in it.

    Notes keep clear of so much `around` each node.
    """
    return _laid_out(topology.nodes, tuple((link.name, link.a, link.b) for link in topology.links), around)


@lru_cache(maxsize=16)  # a figure draws one network again and again, and metrics do not move anything
def _laid_out(nodes: tuple[Node, ...], ends: tuple[Ends, ...], around: float) -> Layout:
    places = _places(nodes)
    heights = {"router": 2 * RADIUS, "host": 2 * RADIUS, "lan": 14.0}
    boxes = {node.name: Box(*places[node.name], _width(node), heights[node.kind]) for node in nodes}
    height = max((place[1] for place in places.values()), default=0.0) + MARGIN_Y + 2 * around
    curves = _curves(ends, places)
    # Hosts stand at the rim; with little room they choose first.
    kinds = ("host", "router") if around else ("router", "host")
    named = [node.name for kind in kinds for node in nodes if node.kind == kind]
    wider = {name: Box(box.x, box.y, box.width + 2 * around, box.height + 2 * around) for name, box in boxes.items()}
    return Layout(WIDTH, height, boxes, curves, _free_places(named, wider, curves))


def target(curve: Curve) -> tuple[Point, ...]:
    """The outline of the area that belongs to a link when a finger comes down: wide, and clear of the nodes."""
    length = curve.length or 1.0
    clear = min(0.3, (RADIUS + 4) / length)  # a short link keeps the middle 40 percent of itself
    steps = 8 if dist(curve.bend, curve.at(0.5)) > 1 else 1  # a bent one in pieces
    parts = [clear + (1 - 2 * clear) * step / steps for step in range(steps + 1)]
    dx, dy = curve.end[0] - curve.start[0], curve.end[1] - curve.start[1]
    across = (-dy / length * TARGET / 2, dx / length * TARGET / 2)  # at a right angle to the link, half the width long
    one_side = [(x + across[0], y + across[1]) for x, y in map(curve.at, parts)]
    other_side = [(x - across[0], y - across[1]) for x, y in map(curve.at, reversed(parts))]
    return (*one_side, *other_side)


def metric_points(curve: Curve) -> tuple[Point, Point, Point]:
    """Where metrics stand on a link: in the middle if one holds for both directions, else nearer to each end."""
    if curve.length == 0:
        return curve.start, curve.start, curve.start
    # The two move apart as the link grows, and stay a fifth of it away from the nodes.
    aside = (CHIP + 3 + 0.3 * max(0.0, curve.length - 127)) / curve.length
    return curve.at(0.5), curve.at(0.5 - min(aside, 0.3)), curve.at(0.5 + min(aside, 0.3))


def text_width(text: str, size: float = 17.0) -> float:
    """About as wide as the text is in a system font; wide enough to draw a box around it."""
    return 0.6 * size * len(text)


def shortened(name: str, most: int = LETTERS) -> str:
    """The name as a drawing has room for it; whoever hears or points at it gets the whole."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _width(node: Node) -> float:
    least = {"router": 2 * RADIUS, "host": 80.0, "lan": 90.0}[node.kind]
    return max(least, text_width(shortened(node.name)) + 20)


def _places(nodes: tuple[Node, ...]) -> dict[str, Point]:
    """The place of each node, in a drawing that is `WIDTH` wide."""
    if not nodes:
        return {}
    points = {node.name: (float(node.x), float(node.y)) for node in nodes if node.x is not None and node.y is not None}
    if len(points) < len(nodes):
        # The first node stands at the left, where flows begin; the circle is flattened, as the drawing is wide.
        angles = {node.name: 2 * pi * index / len(nodes) - pi for index, node in enumerate(nodes)}
        points = {name: (cos(angle), 0.55 * sin(angle)) for name, angle in angles.items()}
    across, down = zip(*points.values(), strict=True)
    left, right, top, bottom = min(across), max(across), min(down), max(down)
    scale = (WIDTH - 2 * MARGIN_X) / (right - left) if right > left else 1.0
    if (bottom - top) * scale > 1.5 * WIDTH:  # a network drawn as a tower stays one, within reason
        scale = 1.5 * WIDTH / (bottom - top)
    indent = (WIDTH - (right - left) * scale) / 2
    rim = {node.name: max(MARGIN_X, _width(node) / 2 + 2) for node in nodes}  # a wide box stays in the drawing
    return {
        name: (min(max(indent + (x - left) * scale, rim[name]), WIDTH - rim[name]), MARGIN_Y + (y - top) * scale)
        for name, (x, y) in points.items()
    }


def _curves(ends: tuple[Ends, ...], places: Mapping[str, Point]) -> dict[str, Curve]:
    """The way of each link; parallel ones fan out."""
    together: dict[frozenset[str], list[Ends]] = defaultdict(list)
    for name, a, b in ends:
        together[frozenset((a, b))].append((name, a, b))
    curves: dict[str, Curve] = {}
    for pair, links in together.items():
        first, second = sorted(pair)
        (x1, y1), (x2, y2) = places[first], places[second]
        length = dist(places[first], places[second]) or 1.0
        # A quadratic curve passes halfway to its bend, so this puts two parallel links 56 units apart. Many share 88
        # units, which is what the margins hold.
        apart = min(112.0, 176.0 / max(1, len(links) - 1))
        for index, (name, a, b) in enumerate(links):
            aside = apart * (index - (len(links) - 1) / 2)
            bend = ((x1 + x2) / 2 - aside * (y2 - y1) / length, (y1 + y2) / 2 + aside * (x2 - x1) / length)
            curves[name] = Curve(places[a], bend, places[b])
    return curves


def _free_places(nodes: list[str], boxes: Mapping[str, Box], curves: Mapping[str, Curve]) -> dict[str, Point]:
    """For each node the nearest place where a note covers no node, no link, no metric and no other note.

    Where there is none, the place that covers least.
    """
    ink = [curve.at(step / 24) for curve in curves.values() for step in range(25)]
    taken = [*boxes.values(), *(Box(*curve.at(0.5), 2 * CHIP, 2 * CHIP) for curve in curves.values())]
    notes: dict[str, Point] = {}
    for node in nodes:
        places = list(_around(boxes[node]))
        reach = NOTE_WIDTH + FARTHEST_NOTE + NOTE_GAP  # what is farther away no place of this node can cover
        near_ink = [point for point in ink if boxes[node].holds(point, reach)]
        near_boxes = [box for box in taken if boxes[node].overlaps(box, reach)]
        # Nearly every node has a free place, and most others are refused by the first thing that they cover.
        inside = [note for note in places if _inside(note)]
        free = (note for note in inside if not _covers(note, near_boxes, near_ink))
        chosen = next(free, None) or _least_covering(inside or places, near_boxes, near_ink)
        notes[node] = (chosen.x, chosen.y)
        taken.append(chosen)
    return notes


def _least_covering(places: list[Box], taken: list[Box], ink: list[Point]) -> Box:
    return min(places, key=lambda note: sum(map(note.overlaps, taken)) + sum(map(note.holds, ink)))


def _covers(note: Box, taken: list[Box], ink: list[Point]) -> bool:
    """Whether a note would cover anything."""
    return any(note.overlaps(box, 3) for box in taken) or any(note.holds(point, NOTE_GAP) for point in ink)


def _inside(note: Box) -> bool:
    return note.width / 2 < note.x < WIDTH - note.width / 2 and note.y > note.height / 2


def _around(box: Box) -> Iterable[Box]:
    """Places for a note around a node, from near to far."""
    for distance in (2.0, 10.0, 20.0, FARTHEST_NOTE):
        for step in range(24):
            angle = 2 * pi * step / 24 - 0.9 * pi  # to the left and above first, where few links go
            right = cos(angle) * (box.width / 2 + NOTE_WIDTH / 2 + distance)
            down = sin(angle) * (box.height / 2 + NOTE_HEIGHT / 2 + distance)
            yield Box(box.x + right, box.y + down, NOTE_WIDTH, NOTE_HEIGHT)
