"""The network with who reaches which instance of an anycast address, and the tables beside it.

Around each node is a ring in the colours of the instances that its flows reach, divided as they are. Colour does not
speak alone: a note beside the node names the instances, and so does the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import accumulate, pairwise
from math import sqrt

from netlearn.drawing.geometry import RADIUS, Box
from netlearn.drawing.layout import Layout, lay_out, shortened
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import ROUNDED, Marks, draw, standing
from netlearn.drawing.notes import NOTE_LETTERS
from netlearn.drawing.palette import INSTANCES
from netlearn.drawing.prose import listed
from netlearn.drawing.shapes import line
from netlearn.drawing.signs import plate_of
from netlearn.drawing.tables import panel, row
from netlearn.figures.anycast.scene import Found, Scene, shared, words
from netlearn.figures.common.changed import compared
from netlearn.figures.common.controls import tick
from netlearn.figures.common.metrics import first_metrics
from netlearn.network.topology import Topology

AROUND = 7.0  # the ring's width
NOTE = 92.0  # and that of a note beside a node, of which each has one: room for `R4 3:1 R7`
SLICES = 4  # parts of one ring; the last stands for all that are left
Parts = Sequence[tuple[str, Fraction]]  # instance, the part of the flows that reaches it; "" where they are lost
Moving = tuple[tuple[Element, ...], tuple[Element, ...]]  # what a run draws under the nodes, and over everything
KEYS = "Arrow keys move between links and routers. Enter cuts or mends a link, and does to a router what is chosen."
# What can be done to a router: what it is called in the scene, in the table's head, and of a router.
SWITCHES = (
    ("at", "Has it", "has the address"),
    ("added", "Gets it", "gets the address as a change"),
    ("sick", "Dead service", "service is dead"),
    ("withdrawn", "Withdrawn", "does not announce it"),
    ("down", "Down", "is down"),
)
# What stands in the place of an instance, and what is said once it does.
GOING = {"down": "now down", "nobody": "nobody any more"}
# What is said of a router in each state of the address.
SPOKEN = {
    "serving": ", has the address",
    "sick": ", has the address, its service is dead",
    "withdrawn": ", has the address, not announced",
    "": "",
}


def drawing(scene: Scene, found: Found, moving: Moving = ((), ()), *, live: bool) -> Element:
    """The network with the catchments, once everything has settled."""
    hops = {node: route.next_hops for node, route in found.routes.items() if route}
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down), next_hops=hops)
    states = {router: scene.state(router) for router in found.whole.routers}
    return picture(scene, found, marks, states, moving, live=live)


def picture(
    scene: Scene, found: Found, marks: Marks, states: Mapping[str, str], moving: Moving, *, live: bool
) -> Element:
    """The network with who reaches whom, at any moment; `states` are those of the routers with the address."""
    whole = found.whole
    marks = replace(marked(found, marks, states), metrics=first_metrics(scene.topology, scene.metrics))
    layout = lay_out(whole, AROUND, {node.name: NOTE for node in whole.nodes if node.kind != "lan"})
    held = f"Network with {scene.address} on {listed(scene.holders) if scene.holders else 'nobody'}. {KEYS}"
    label = held if live else words(scene, found)
    under, over = (*rings(found, layout, marks), *moving[0]), (*plates(whole, layout, states), *moving[1])
    return draw(whole, marks, live=live, label=label, under=under, over=over, layout=layout)


def marked(found: Found, marks: Marks, states: Mapping[str, str]) -> Marks:
    """The marks with who reaches whom beside each node."""
    whole = found.whole
    parts = reached(found, marks)
    alarms = frozenset(node for node, shares in parts.items() if states.get(node) == "sick" or "" in dict(shares))
    fine = {node: shares for node, shares in parts.items() if node not in alarms}
    return replace(
        marks,
        notes={node: note(node, shares, states) for node, shares in parts.items()},
        tints={node: tint(whole, to[0][0]) if len(to) == 1 else "nl-split" for node, to in fine.items()},
        spoken={
            node: SPOKEN[states.get(node, "")] + (f", sends {shared(to)}" if to else "") for node, to in parts.items()
        },
        alarms=alarms,
    )


def reached(found: Found, marks: Marks) -> dict[str, Parts]:
    """Which instances each node reaches that is not marked as down."""
    return {node: found.parts(node) for node in found.catchments.shares if node not in marks.down}


def note(node: str, parts: Parts, states: Mapping[str, str]) -> str:
    """A few words beside a node: which instance, or how its flows are divided from left to right."""
    if len(parts) == 1:
        instance = parts[0][0]
        if instance == node:
            return "no service" if states.get(node) == "sick" else "here"
        return f"to {shortened(instance, NOTE_LETTERS - 3)}" if instance else "to nobody"
    if len(parts) == 2:
        (first, part), (second, rest) = parts
        ratio = f"{(part / rest).numerator}:{(part / rest).denominator}"
        words = f"{first} {ratio} {second}" if second else f"{round(100 * rest)}% lost"
        return words if len(words) <= NOTE_LETTERS else "2 ways"
    return f"{len(parts)} ways"


def table(scene: Scene, found: Found) -> Element:
    """Each node's own answer: which instance, how far, by whom."""
    rows = []
    for node in (each.name for each in found.whole.nodes if each.kind != "lan"):
        route = found.routes.get(node)
        goes = "down" if node in scene.down else "itself" if route and route.local else _briefly(found.parts(node))
        hops = [hop.node for hop in route.next_hops] if route else []
        cells = goes, str(route.metric) if route else "–", listed(hops, "or") if hops else "–"
        rows.append(row(node, *cells, changing=("cell", node)))
    caption = f"Where each node’s packets for {scene.address} end"
    return compared(panel(caption, ("Node", "Goes to", "Metric", "Next hop"), rows, "nl-reached"), 0, GOING)


def _briefly(parts: Parts) -> str:
    if len(parts) == 1:
        return parts[0][0] or "nobody"
    return ", ".join(f"{who or 'nobody'} {float(part):.0%}" for who, part in parts)


def switches(scene: Scene) -> Element:
    """Everything that can be done to a router, as switches."""
    rows = []
    for router in scene.topology.routers:
        ticks = (
            tick(router in getattr(scene, name), data_switch=name, data_of=router, aria_label=f"{router} {said}")
            for name, _, said in SWITCHES
        )
        rows.append(row(router, *ticks))
    return panel("Routers", ("Router", *(head for _, head, _ in SWITCHES)), rows)


def tint(topology: Topology, instance: str) -> str:
    """The class that gives an instance its colour, the same wherever the address is placed; "" is what is lost."""
    if not instance:
        return "nl-nowhere"
    return f"nl-instance-{topology.routers.index(instance) % len(INSTANCES)}"


def rings(found: Found, layout: Layout, marks: Marks) -> Iterable[Element]:
    """The ring of each node, in at most `SLICES` slices from left to right."""
    topology, parts = found.whole, reached(found, marks)
    for node, box in layout.nodes.items():
        if node in topology.lans:
            continue
        slices = _slices(topology, node, box, [*parts.get(node, ())][:SLICES])
        yield element("g", *slices, class_="nl-stands", style=standing(box))


def _slices(topology: Topology, node: str, box: Box, shown: Parts) -> Iterable[Element]:
    ends = [*accumulate((part for _, part in shown[:-1]), initial=Fraction(0)), Fraction(1)]
    for place in range(SLICES):
        data, kind = "", "nl-hidden"
        if place < len(shown):
            data, kind = slice_of(box, *map(float, ends[place : place + 2])), tint(topology, shown[place][0])
        yield line(("part", node, place), f"nl-part {kind}", data)


def slice_of(box: Box, begin: float, end: float) -> str:
    """The part of a node's surroundings between two parts (0..1) of their width, as path data."""
    wide, high = box.width / 2 + AROUND, box.height / 2 + AROUND
    corner = (RADIUS if box.round else ROUNDED["host"]) + AROUND
    left, right = -wide + 2 * wide * begin, -wide + 2 * wide * end
    # Where a corner begins or ends within the slice, the outline changes from a line to an arc.
    turns = [turn for turn in (-(wide - corner), wide - corner) if left < turn < right]
    along = [left, *turns, right]

    def edge(x: float) -> float:  # how far up the outline is at x: level, and round at the corners (Pythagoras)
        into = max(0.0, abs(x) - (wide - corner))
        return high - corner + sqrt(max(0.0, corner**2 - into**2))

    def line(places: Sequence[float], side: int) -> str:
        data = ""
        for before, now in pairwise(places):
            straight = max(abs(before), abs(now)) <= wide - corner + 1e-9  # the sums above are rounded
            goal = f"{number(box.x + now)} {number(box.y + side * edge(now))}"
            data += f"L{goal}" if straight else f"A{number(corner)} {number(corner)} 0 0 1 {goal}"
        return data

    start = f"M{number(box.x + left)} {number(box.y - edge(left))}"
    turned = f"L{number(box.x + right)} {number(box.y + edge(right))}"
    return start + line(along, -1) + turned + line(along[::-1], 1) + "Z"


def plates(topology: Topology, layout: Layout, states: Mapping[str, str]) -> Iterable[Element]:
    """The same name plate on every router that has the address: `serving`, `sick` (service dead) or `withdrawn`."""
    for router in topology.routers:
        box = layout.nodes[router]
        x, y = box.x, box.y + box.height / 2 - 2
        state = states.get(router, "")
        trouble = f" nl-{state}" if state != "serving" else ""
        yield element(
            "g",
            plate_of(x + 3, y - 3, 38, 18, "nl-shared"),
            plate_of(x - 2, y + 2, 38, 18, "nl-shared"),
            element("path", class_="nl-plate-cross", d=f"M{number(x - 18)} {number(y - 6)}l32 16m0 -16l-32 16"),
            key=("plate", router),
            class_="nl-signs nl-stands " + (f"{tint(topology, router)}{trouble}" if state else "nl-hidden"),
            style=standing(box),
        )
