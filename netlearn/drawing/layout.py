"""Where things stand in the drawing of a network: pure geometry, no markup.

Positions come with the network; a network without them is spread out (`unplaced`). The drawing's size follows from
them, so that a network in metres and one in pixels look alike.

A drawing lies: it is wider than high. Where there is little room it is turned by a quarter and stands upright, a little
shorter, its words level again. So both have one geometry; only notes have a place of their own in each (`Upright`). A
network that is higher than wide stands upright from the beginning.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import combinations
from math import dist, hypot

from netlearn.drawing.crowd import Points
from netlearn.drawing.geometry import RADIUS, Box, Curve, Point
from netlearn.drawing.notes import NOTE_HEIGHT, NOTE_WIDTH, free_places, rims_of
from netlearn.drawing.unplaced import fitted, in_rows, moved_apart, spread_out
from netlearn.network.parts import Node
from netlearn.network.topology import Topology

WIDTH, HEIGHT = 800.0, 420.0  # the drawing's units
ACROSS = 366.0  # of an upright drawing on a screen of 320 pixels, so that letters of 15 units have 13 pixels there
SQUEEZE = 0.8  # of the length of an upright drawing, so that a screen of 740 pixels holds it
LEAST_ACROSS = 260.0  # or notes beside a row of nodes would have no place
MARGIN_X, MARGIN_Y = 70.0, 58.0
ROOMS = (ACROSS - 2 * MARGIN_Y, 400.0, 600.0, WIDTH - 2 * MARGIN_X)  # for the shorter side, until nodes stand apart
FULL = 0.7  # of a drawing; where nodes that may be moved need more of it, they do not find places
TARGET = 52.0  # 44 pixels where the drawing is at its smallest
LETTERS, FEW_LETTERS = 18, 8  # of a name in a drawing that lies, and in one that stands
FALLEN = 32.0  # from a link to what has fallen off it
RIM = 11.0  # of a sign on the rim of a node
ARROW = 8.0  # half as long as the arrow where a link leaves a node
CHIP = 12.0  # half the height of a label on a link
ELBOW = 10.0  # room between two nodes
SLIT = 2.0  # between nodes where there is no room for more, and between a LAN's name and its note
NAME_HEIGHT, NAME_GAP = 20.0, 7.0  # of a LAN; from its bar, also where that is as thick as what fails may make it
MOST_COMPARED = 80  # nodes; with more than that nobody asks whether they stand apart
MOST_NAMED = 100  # nodes; a drawing of more has no room for all their names, nor free places beside them
Ends = tuple[str, str, str]  # a link's name and the nodes at its ends


@dataclass(frozen=True, slots=True)
class Upright:
    """The same drawing turned by a quarter: its size, the places of its notes, how much larger its words are drawn.

    Notes are told by their places before the turn, `rims` as they are seen after it.
    """

    across: float
    along: float
    notes: Mapping[str, Point]
    rims: Mapping[str, Point]
    words: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything stands: node boxes, link curves, a free place beside each node for a short note.

    Beside a LAN it is the place of its name, and of the note below that. `rims` are places for a small sign on the rim
    of each node, away from its links, as seen from its middle. `around` is room left free around each node. `upright`
    is `None` for a drawing that stands upright already. Of a sheet, `labels` are the places of what stands on a link,
    by the link and the end that it is for, before the turn: in the drawing that lies and in the one turned; `areas`
    belong to links when a finger comes down. Elsewhere they are where `metric_points` and `target` say.
    """

    width: float
    height: float
    nodes: Mapping[str, Box]
    links: Mapping[str, Curve]
    notes: Mapping[str, Point]
    rims: Mapping[str, Point]
    around: float
    upright: Upright | None
    labels: Mapping[tuple[str, str], tuple[Point, Point]] = field(default_factory=dict)
    areas: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)

    def label(self, link: str, place: str) -> tuple[Point, Point]:
        """Where a sign on a link stands that is for `both` directions, or for the one from its end `a` or `b`."""
        at = metric_points(self.links[link])[("both", "a", "b").index(place)]
        return self.labels.get((link, place), (at, at))


def placed(topology: Topology, places: Mapping[str, Point]) -> Topology:
    """The network with these nodes in other places, right and down in any unit.

    What is crowded on a map of the world is drawn as a map of trains has it. Raises `UnknownName` for a node that is
    not there.

    >>> placed(forum(), {"R1": (200, 180)}).node("R1").y
    180
    """
    for name in places:
        topology.node(name)
    moved = (replace(each, x=places[each.name][0], y=places[each.name][1]) if each.name in places else each
             for each in topology.nodes)  # fmt: skip
    return replace(topology, nodes=tuple(moved))


def lay_out(
    topology: Topology, around: float = 0.0, notes: Mapping[str, float] | None = None, signs: float = 2 * CHIP
) -> Layout:
    """The layout of a network; the same network is always laid out alike, whatever has failed in it.

    `notes` says beside which nodes something will stand, and how wide that is; unless said, a note beside each that is
    no LAN. `signs` is how wide what stands on a link may be.
    """
    ends = tuple((link.name, link.a, link.b) for link in topology.links)
    widths = {node.name: NOTE_WIDTH for node in topology.nodes if node.kind != "lan"} if notes is None else notes
    return _laid_out(topology.nodes, ends, around, tuple(widths.items()), signs)


@lru_cache(maxsize=16)  # a figure draws one network again and again, and metrics do not move anything
def _laid_out(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], around: float, widths: tuple[tuple[str, float], ...], sign: float
) -> Layout:
    places, width, height = _places(nodes, ends)
    curves = curves_of(ends, places)
    sizes = room_beside(nodes, dict(widths))

    lies = width > height
    arrows = arrow_places(nodes, ends, curves, around)

    def beside(turn: Callable[[Point], Point], frame: Box, letters: int, by: float) -> tuple[dict[str, Point], ...]:
        """Notes and signs on rims, in the drawing as it is turned."""
        boxes = {node.name: box_of(node, turn(places[node.name]), letters).grown(by, around) for node in nodes}
        if len(nodes) > MOST_NAMED:
            return _above({name: boxes[name] for name in sizes}, by), dict.fromkeys(boxes, (RADIUS - 5, 5 - RADIUS))
        ways = [curve.through(turn) for curve in curves.values()]
        ink = Points(way.at(step / 24) for way in ways for step in range(25))
        signs = [Box(*way.at(0.5), sign, 2 * CHIP) for way in ways]
        signs += [Box(*turn(place), 2 * ARROW, 2 * ARROW) for place in arrows]
        sides = [place for way in ways for place in way.sides(FALLEN)] if lies and letters == LETTERS else []
        fallen = [Box(*place, 2 * CHIP, 2 * CHIP) for place in sides]
        rims = rims_of(boxes, ink, around)
        signs += [Box(boxes[name].x + x, boxes[name].y + y, 2 * RIM, 2 * RIM) for name, (x, y) in rims.items()]
        notes = {name: (wide * by, high * by) for name, (wide, high) in sizes.items()}
        return free_places(notes, boxes, [*boxes.values(), *signs], fallen, ink, frame), rims

    letters = LETTERS if lies else FEW_LETTERS
    boxes = {node.name: box_of(node, places[node.name], letters) for node in nodes}
    notes, rims = beside(lambda place: place, Box(width / 2, height / 2, width, height), letters, 1.0)
    upright = None
    if lies:
        turn = Turn(height)
        frame = Box(turn.across / 2, turn.along / 2, turn.across, turn.along)
        words = max(1.0, turn.across / ACROSS)
        turned, rims_turned = beside(turn.there, frame, FEW_LETTERS, words)
        back = {name: turn.back(place) for name, place in turned.items()}
        upright = Upright(turn.across, turn.along, back, rims_turned, words)
    return Layout(width, height, boxes, curves, notes, rims, around, upright)


def room_beside(nodes: Iterable[Node], notes: Mapping[str, float]) -> dict[str, Point]:
    """How wide and high is what stands beside nodes: notes that are so wide, and names of LANs, above their notes."""
    sizes = {name: (wide, NOTE_HEIGHT) for name, wide in notes.items()}
    for lan in (node.name for node in nodes if node.kind == "lan"):
        wide = text_width(shortened(lan, FEW_LETTERS)) + 2 * NAME_GAP
        both = max(wide, notes.get(lan, 0.0)), NAME_HEIGHT + SLIT + NOTE_HEIGHT
        sizes[lan] = both if lan in notes else (wide, NAME_HEIGHT)
    return sizes


def _above(boxes: Mapping[str, Box], by: float) -> dict[str, Point]:
    """The places right above nodes, for notes that are so many times as large."""
    return {name: (box.x, box.y - (box.height + by * NOTE_HEIGHT) / 2 - 2) for name, box in boxes.items()}


def arrow_places(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], curves: Mapping[str, Curve], around: float
) -> list[Point]:
    """Where arrows may stand: one where each link leaves a router."""
    return [
        curve.at(curve.part_at(arrow_at(node, curve, around)))
        for node in nodes
        for name, a, b in ends
        if node.kind == "router" and node.name in (a, b)
        for curve in [curves[name] if a == node.name else curves[name].reversed()]
    ]


@dataclass(frozen=True, slots=True)
class Turn:
    """A quarter turn of a drawing that is so high: what was left is above, what was above is right."""

    height: float

    @property
    def across(self) -> float:
        """The width of the turned drawing."""
        return max(self.height, LEAST_ACROSS)

    @property
    def along(self) -> float:
        """Its height."""
        return SQUEEZE * WIDTH

    def there(self, place: Point) -> Point:
        """Where a place of the drawing is after the turn."""
        return (self.across + self.height) / 2 - place[1], SQUEEZE * place[0]

    def back(self, place: Point) -> Point:
        """Where it was before."""
        return place[1] / SQUEEZE, (self.across + self.height) / 2 - place[0]


def target(curve: Curve) -> tuple[Point, ...]:
    """The outline of the area that belongs to a link when a finger comes down: wide, and clear of the nodes."""
    return outline(curve, lambda _: TARGET / 2)


def outline(curve: Curve, half: Callable[[Point], float], *, even: bool = True) -> tuple[Point, ...]:
    """The outline of an area around a link that is, at each place, half as wide as `half` says: `even`ly, or not."""
    length = curve.length or 1.0
    clear = min(0.3, (RADIUS + 4) / length)  # a short link keeps the middle 40 percent of itself
    steps = 1 if even and dist(curve.bend, curve.at(0.5)) <= 1 else 8  # a bent one in pieces
    parts = [clear + (1 - 2 * clear) * step / steps for step in range(steps + 1)]
    right, down = (curve.start[1] - curve.end[1]) / length, (curve.end[0] - curve.start[0]) / length
    places = [(at, half(at)) for at in map(curve.at, parts)]
    one_side = [(x + wide * right, y + wide * down) for (x, y), wide in places]
    other_side = [(x - wide * right, y - wide * down) for (x, y), wide in reversed(places)]
    return (*one_side, *other_side)


def clear_of(node: Node, curve: Curve, more: float) -> float:
    """How far along a link one is so much away from a node at its end, in a drawing that lies and in one turned."""
    return max(_clear_in_each(node, curve, more))


def _clear_in_each(node: Node, curve: Curve, more: float) -> tuple[float, float]:
    """The same in each of the two."""
    right, down = (abs(end - start) / (curve.length or 1.0) for start, end in zip(curve.start, curve.end, strict=True))
    turned = hypot(SQUEEZE * right, down) or 1.0  # so much of the link's length is left
    lying = out_of(width_of(node, LETTERS), right, down, more)
    return lying, out_of(width_of(node, FEW_LETTERS), down / turned, SQUEEZE * right / turned, more) / turned


def out_of(width: float, right: float, down: float, more: float) -> float:
    """The way out of a node that is so wide, in a direction of length 1: out of a circle, or of a box.

    Between two nodes in one place there is no direction.
    """
    if width == 2 * RADIUS:
        return RADIUS + more
    sides = ((width / 2 + more, right), (RADIUS + more, down))
    return min((far / part for far, part in sides if part > 0.01), default=RADIUS + more)


def arrow_at(node: Node, curve: Curve, around: float) -> float:
    """How far along a link that leaves the node its arrow stands."""
    return clear_of(node, curve, around + 1) + ARROW


def arrow_fits(node: Node, other: Node, curve: Curve, around: float) -> tuple[bool, bool]:
    """Whether an arrow has room between the nodes at its link's ends, in a drawing that lies and in one turned."""
    at = curve.length * curve.part_at(arrow_at(node, curve, around))
    before, beyond = _clear_in_each(node, curve, around), _clear_in_each(other, curve.reversed(), around)
    lying, turned = (a < at - ARROW and at + ARROW < curve.length - b for a, b in zip(before, beyond, strict=True))
    return lying, turned


def metric_points(curve: Curve) -> tuple[Point, Point, Point]:
    """Where metrics stand on a link: in the middle if one holds for both directions, else nearer to each end."""
    middle, near_a, near_b = map(curve.at, metric_parts(curve))
    return middle, near_a, near_b


def metric_parts(curve: Curve) -> tuple[float, float, float]:
    """The same as parts of its way."""
    if curve.length == 0:
        return 0.0, 0.0, 0.0
    # The two move apart as the link grows, and stay a fifth of it away from the nodes.
    aside = min((CHIP + 3 + 0.2 * max(0.0, curve.length - 127)) / curve.length, 0.3)
    return 0.5, 0.5 - aside, 0.5 + aside


def sign_width(words: str) -> float:
    """How wide the ground of a few words on a link is."""
    return max(2 * CHIP, text_width(words, 16) + 12)


def text_width(text: str, size: float = 17.0) -> float:
    """About as wide as the text is in a system font; wide enough to draw a box around it."""
    return 0.6 * size * len(text)


def shortened(name: str, most: int = LETTERS) -> str:
    """The name as a drawing has room for it; whoever hears or points at it gets the whole."""
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def width_of(node: Node, letters: int = LETTERS) -> float:
    """How wide the box of a node is, if its name may have so many letters."""
    least = {"router": 2 * RADIUS, "host": 80.0, "lan": 90.0}[node.kind]
    return max(least, text_width(shortened(node.name, letters)) + 20)


def box_of(node: Node, place: Point, letters: int) -> Box:
    width = width_of(node, letters)
    round_ = node.kind == "router" and width == 2 * RADIUS
    return Box(*place, width, 14.0 if node.kind == "lan" else 2 * RADIUS, round_)


def _places(nodes: tuple[Node, ...], ends: tuple[Ends, ...]) -> tuple[dict[str, Point], float, float]:
    """The place of each node, and the size of the drawing: `WIDTH` on its longer side, `ACROSS` at most on the other.

    Where nodes would touch, the other side is longer.
    """
    points = {node.name: (float(node.x), float(node.y)) for node in nodes if node.x is not None and node.y is not None}
    if len(points) < len(nodes):
        points = spread_out([node.name for node in nodes], [(a, b) for _, a, b in ends])
        if len(nodes) <= MOST_NAMED:
            return _settled(nodes, points)
    across, down = zip(*points.values() or [(0.0, 0.0)], strict=True)
    left, top, wide, high = min(across), min(down), max(across) - min(across), max(down) - min(down)
    lies = wide >= high
    length, breadth = (wide, high) if lies else (high, wide)
    scale = (WIDTH - 2 * MARGIN_X) / length if length else 1.0
    for room in ROOMS:
        flat = min(scale, room / breadth) if breadth else scale
        by_x, by_y = (scale, flat) if lies else (flat, scale)
        moved = {name: ((x - left) * by_x, (y - top) * by_y) for name, (x, y) in points.items()}
        if flat == scale or _stand_apart(nodes, moved, lies):
            break
    if not lies:
        width = max(LEAST_ACROSS, wide * by_x + 2 * MARGIN_Y)
        indent = (width - wide * by_x) / 2
        return {name: (x + indent, y + MARGIN_X) for name, (x, y) in moved.items()}, width, WIDTH
    indent = (WIDTH - wide * by_x) / 2
    return inside(nodes, moved, indent), WIDTH, high * by_y + 2 * MARGIN_Y


def _settled(nodes: tuple[Node, ...], points: Mapping[str, Point]) -> tuple[dict[str, Point], float, float]:
    """Places in a drawing that lies, for nodes that may be moved a little so that they do not touch."""
    long = WIDTH - 2 * MARGIN_X
    both = {node.name: _needs(node) for node in nodes}
    lying = {node.name: (width_of(node) + SLIT, 2 * RADIUS + SLIT) for node in nodes}
    for needs in (both, lying):  # where there is no room for the drawing that is turned as well, there may be for this
        area = sum(wide * high for wide, high in needs.values())
        for room in [room for room in ROOMS if area < FULL * long * room] or ROOMS[-1:]:
            places, apart = moved_apart(fitted(points, long, room), needs, (long, room))
            if apart:
                break
        if apart:
            break
    else:
        places = in_rows(fitted(points, long, ROOMS[-1]), lying, (long, ROOMS[-1]))
    top, low = (side(y for _, y in places.values()) for side in (min, max))
    moved = {name: (x, y - top) for name, (x, y) in places.items()}
    return inside(nodes, moved, MARGIN_X), WIDTH, low - top + 2 * MARGIN_Y


def inside(nodes: tuple[Node, ...], places: Mapping[str, Point], indent: float) -> dict[str, Point]:
    """The places with their margins; a wide box stays in the drawing."""
    rim = {node.name: max(MARGIN_X, width_of(node) / 2 + 2) for node in nodes}
    return {name: (min(max(x + indent, rim[name]), WIDTH - rim[name]), y + MARGIN_Y) for name, (x, y) in places.items()}


def _needs(node: Node) -> tuple[float, float]:
    """How much room a node that may be moved needs, right and down, in a drawing that lies and in one turned."""
    long = max(width_of(node, LETTERS), 2 * RADIUS / SQUEEZE)
    return long + ELBOW / SQUEEZE, max(2 * RADIUS, width_of(node, FEW_LETTERS)) + ELBOW


def _stand_apart(nodes: tuple[Node, ...], places: Mapping[str, Point], lies: bool) -> bool:
    """Whether no two nodes touch, in a drawing that lies or stands; one that lies is turned as well."""
    if len(nodes) > MOST_COMPARED:
        return False
    ways: list[list[Box]] = [[box_of(node, places[node.name], LETTERS if lies else FEW_LETTERS) for node in nodes]]
    if lies:
        turn = Turn(0.0)
        ways.append([box_of(node, turn.there(places[node.name]), FEW_LETTERS) for node in nodes])
    return not any(one.overlaps(other, ELBOW) for boxes in ways for one, other in combinations(boxes, 2))


def curves_of(ends: tuple[Ends, ...], places: Mapping[str, Point]) -> dict[str, Curve]:
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
