"""Parts of networks in small pictures: nodes, lines with heads, and what stands beside each other or below."""

from collections.abc import Callable, Iterable, Iterator
from math import atan2, degrees, dist, hypot

from netlearn.drawing.layout import FEW_LETTERS, shortened, text_width, width_of
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import ROUNDED
from netlearn.drawing.shapes import Point, cross, moved, rect, text
from netlearn.network.parts import Node
from netlearn.network.topology import Topology

PANEL = 336.0  # the width of one of several panels


def panels(
    draw: Callable[[int], Iterable[Element]], count: int, wide: bool, high: float, apart: float = 48
) -> Iterator[Element]:
    """Several panels: two abreast where there is room (a single one in the middle), below each other elsewhere."""
    for place in range(count):
        row, column = divmod(place, 2) if wide else (place, 0)
        alone = wide and place == count - 1 and column == 0
        x = (720 - PANEL) / 2 if alone else column * (PANEL + apart)
        yield element("g", *draw(place), transform=moved(x, row * high))


def panels_high(count: int, high: float) -> tuple[float, float]:
    """The heights of a picture of so many panels, lying and upright."""
    return -(-count // 2) * high, count * high


def node(topology: Topology, name: str, x: float, y: float, *, down: bool = False) -> Element:
    """A node of the network as every picture has it."""
    return box_of(topology.node(name), x, y, down=down)


def box_of(node: Node, x: float, y: float, *, down: bool = False) -> Element:
    """A router in a circle, a host in a box; one that is down is crossed."""
    shape = rect(x, y, width_of(node, FEW_LETTERS), 52 if node.kind == "router" else 44, ROUNDED[node.kind], "nl-shape")
    crossed = [element("path", class_="nl-cross", d=cross(x, y, 20))] if down else []
    kind = "" if node.kind == "router" else f" nl-{node.kind}"
    class_ = f"nl-node{kind}" + (" nl-down" if down else "")
    return element("g", shape, *crossed, text(x, y, shortened(node.name, FEW_LETTERS)), class_=class_)


def straight(start: Point, end: Point, class_: str, *, clear: float = 0, head: bool = False) -> Iterator[Element]:
    """A line that keeps so far from both of its ends, with the head of an arrow if it has one."""
    (x, y), (to_x, to_y) = start, end
    far = dist(start, end)
    right, down = (to_x - x) / far * clear, (to_y - y) / far * clear
    x, y, to_x, to_y = x + right, y + down, to_x - right, to_y - down
    yield element("path", d=f"M{number(x)} {number(y)}L{number(to_x)} {number(to_y)}", class_=class_)
    if head:
        yield arrow_head((x, y), (to_x, to_y), class_)


def arrow_head(coming: Point, to: Point, class_: str) -> Element:
    """The head of an arrow that comes from one point and ends at the other."""
    turn = degrees(atan2(to[1] - coming[1], to[0] - coming[0]))
    return element("path", d="M-11 -7L0 0L-11 7", transform=moved(*to, turn), class_=f"nl-head-of {class_}")


def aside(start: Point, end: Point, far: float) -> tuple[Point, Point]:
    """The same two points, moved so far to the right of the way from one to the other."""
    (x, y), (to_x, to_y) = start, end
    long = hypot(to_x - x, to_y - y)
    right, down = (y - to_y) / long * far, (to_x - x) / long * far
    return (x + right, y + down), (to_x + right, to_y + down)


def chip(x: float, y: float, words: str, class_: str = "") -> Element:
    """A number or a word in a small frame, as metrics have it."""
    frame = rect(x, y, max(26.0, text_width(words, 16) * 0.93 + 12), 26, 7)
    return element("g", frame, text(x, y, words), class_=f"nl-chip {class_}".rstrip())


def cut_mark(x: float, y: float) -> Element:
    """What says that a cable is cut here."""
    disc = element("circle", cx=number(x), cy=number(y), r=13)
    return element("g", disc, element("path", d=cross(x, y, 6)), class_="nl-cut-mark")
