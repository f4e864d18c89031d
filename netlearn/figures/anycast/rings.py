"""Catchments, drawn: around each node a ring in the colours of the instances that its flows reach, and name plates.

A node whose flows go to several instances has a ring that is divided as its flows are. Colour does not speak alone: a
note beside the node names the instances, and so does the table.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise
from math import sqrt

from netlearn.drawing.layout import RADIUS, Box, Layout
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.palette import INSTANCES
from netlearn.drawing.shapes import line
from netlearn.drawing.signs import plate_of
from netlearn.network.topology import Topology

AROUND = 9.0  # the ring's width
SLICES = 4  # parts of one ring; the last stands for all that are left
Parts = Sequence[tuple[str, Fraction]]  # instance, the part of the flows that reaches it; "" where they are lost


def tint(topology: Topology, instance: str) -> str:
    """The class that gives an instance its colour, the same wherever the address is placed; "" is what is lost."""
    if not instance:
        return "nl-nowhere"
    return f"nl-instance-{topology.routers.index(instance) % len(INSTANCES)}"


def rings(topology: Topology, layout: Layout, parts: Mapping[str, Parts]) -> Iterable[Element]:
    """The ring of each node, in at most `SLICES` slices from left to right."""
    for node, box in layout.nodes.items():
        if node in topology.lans:
            continue
        shown = [*parts.get(node, ())][:SLICES]
        begin = Fraction(0)
        for place in range(SLICES):
            data, kind = "", "nl-hidden"
            if place < len(shown):
                instance, part = shown[place]
                end = Fraction(1) if place == len(shown) - 1 else begin + part
                data, kind = slice_of(box, float(begin), float(end)), tint(topology, instance)
                begin = end
            yield line(("part", node, place), f"nl-part {kind}", data)


def slice_of(box: Box, begin: float, end: float) -> str:
    """The part of a node's surroundings between two parts (0..1) of their width, as path data."""
    wide, high = box.width / 2 + AROUND, box.height / 2 + AROUND
    corner = min(wide, high, RADIUS + AROUND)
    left, right = -wide + 2 * wide * begin, -wide + 2 * wide * end
    turns = [turn for turn in (-(wide - corner), wide - corner) if left < turn < right]
    along = [left, *turns, right]

    def edge(x: float) -> float:
        into = max(0.0, abs(x) - (wide - corner))
        return high - corner + sqrt(max(0.0, corner**2 - into**2))

    def line(places: Sequence[float], side: int) -> str:
        data = ""
        for before, now in pairwise(places):
            straight = max(abs(before), abs(now)) <= wide - corner + 1e-9
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
        yield element(
            "g",
            plate_of(x + 3, y - 3, 38, 18, "nl-shared"),
            plate_of(x - 2, y + 2, 38, 18, "nl-shared"),
            element("path", class_="nl-plate-cross", d=f"M{number(x - 18)} {number(y - 6)}l32 16m0 -16l-32 16"),
            key=("plate", router),
            class_=f"nl-signs {tint(topology, router)} nl-{state}" if state else "nl-signs nl-hidden",
        )
