"""A sheet on which every node stands where it was put: the whole layout of it.

Nothing is moved, so what a reader draws stays where it is: links get round nodes (`bows`), and words find room
(`labels`). A network of which nodes touch can be moved apart before it is put there.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations

from netlearn.drawing.bows import View, view_of, ways_of
from netlearn.drawing.geometry import RADIUS, Curve, Point
from netlearn.drawing.labels import Signs, labelled, notes_beside
from netlearn.drawing.layout import (
    CHIP,
    MARGIN_X,
    MARGIN_Y,
    SQUEEZE,
    WIDTH,
    Ends,
    Layout,
    Turn,
    Upright,
    inside,
    room_beside,
    sign_width,
)
from netlearn.drawing.prose import metrics_on
from netlearn.drawing.unplaced import moved_apart
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology

BETWEEN = (34.0, 20.0, 8.0, 2.0)  # two nodes that are moved apart, if there is room
THIN = 0.55  # of the sheet that they need; with more of it none would stay near its place


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
        curves, (lies, turned) = ways_of(topology.nodes, ends, height, dot)
        return _layout(height, lies, turned, curves)
    if signs is not None:
        widths: Signs = tuple((link.name, (("both", signs.get(link.name, 0.0)),)) for link in links)
    else:
        widths = tuple((link.name, _metrics(link)) for link in links)
    return _drawn(topology.nodes, ends, height, notes or {}, around, widths, pointed=signs is None)


def _metrics(link: Link) -> tuple[tuple[str, float], ...]:
    """Which metrics stand on a link, and how wide they are; where they are two, a cross comes in their middle."""
    signs = {place: sign_width(str(metric)) for place, metric in metrics_on(link).items()}
    return tuple(({"both": 2 * CHIP} | signs).items())


def _drawn(
    nodes: tuple[Node, ...], ends: tuple[Ends, ...], height: float, notes: Mapping[str, float], around: float,
    signs: Signs, *, pointed: bool,
) -> Layout:  # fmt: skip
    curves, areas, (lies, turned) = labelled(nodes, ends, height, around, signs, pointed)
    sizes = room_beside(nodes, notes)
    beside, upright = (notes_beside(words, ends, sizes) for words in (lies, turned))
    back = turned.view.back
    labels = {place: (at, back(turned.labels[place])) for place, at in lies.labels.items()}
    upright = {name: back(at) for name, at in upright.items()}
    return _layout(height, lies.view, turned.view, curves, beside, upright, around, labels, areas)


def _layout(
    height: float,
    lies: View,
    turned: View,
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


def stand_apart(
    nodes: tuple[Node, ...], places: Mapping[str, Point], height: float, dot: float | None = None
) -> Mapping[str, Point]:
    """The places of nodes on a sheet so high, moved a little where nodes touch, if there is room; else as they are.

    There is room between them for what stands on links, or as much of it as can be; at last they stand apart where the
    sheet lies, if not where it is turned.
    """
    at = [replace(node, x=places[node.name][0], y=places[node.name][1]) for node in nodes]
    views = view_of(None, at, height, 0.0, dot), view_of(Turn(height), at, height, 0.0, dot)
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
