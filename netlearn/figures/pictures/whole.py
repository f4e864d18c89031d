"""A whole network in a picture: it lies where there is room and stands upright elsewhere, as live figures do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netlearn.drawing.geometry import RADIUS, Curve, Point
from netlearn.drawing.layout import FEW_LETTERS, Turn, lay_out, out_of, width_of
from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import leaving, path_data
from netlearn.figures.pictures.boxes import cut_mark, node
from netlearn.figures.pictures.frame import ACROSS, WIDTH
from netlearn.network.topology import Topology

EDGE = RADIUS + 8  # from the middle of the highest node to the picture's edge
STRETCH = 0.98  # of an upright drawing's length, so that there is room for a sign on each link
MOST_HIGH = 400.0


@dataclass(frozen=True, slots=True)
class Whole:
    """A network and what of it has failed, as it lies or stands."""

    topology: Topology
    wide: bool
    cut: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()

    def drawn(self, other: Iterable[str] = ()) -> tuple[list[Element], list[Element]]:
        """Its links, those that have failed in dots, without the `other`; and its nodes, which cover lines' ends."""
        nodes = [node(self.topology, each.name, *self.place(each.name), down=each.name in self.down)
                 for each in self.topology.nodes]  # fmt: skip
        return [*self._links({*other})], nodes

    @property
    def bottom(self) -> float:
        """Where the picture of the network ends."""
        return max(self.place(each.name)[1] for each in self.topology.nodes) + EDGE

    def place(self, name: str) -> Point:
        """The middle of a node."""
        box = lay_out(self.topology).nodes[name]
        return self._at((box.x, box.y))

    def curve(self, name: str, link: str) -> Curve:
        """A link, walked from this node."""
        return leaving(self.topology, lay_out(self.topology), name, link).through(self._at)

    def clear(self, name: str, curve: Curve, more: float) -> float:
        """Which part (0..1) of a link that begins at this node leads so far out of it."""
        length = curve.length or 1.0
        right, down = (abs(to - at) / length for at, to in zip(curve.start, curve.end, strict=True))
        return min(0.5, out_of(width_of(self.topology.node(name), FEW_LETTERS), right, down, more) / length)

    def _links(self, other: set[str]) -> Iterator[Element]:
        for link in self.topology.links:
            if link.name in other:
                continue
            dead = "nl-line" if self.down.isdisjoint(link.ends) else "nl-line nl-dead-line"
            curve = self.curve(link.a, link.name)
            yield element("path", d=path_data(curve), class_="nl-cut-line" if link.name in self.cut else dead)
            if link.name in self.cut:
                yield cut_mark(*curve.at(0.5))

    def _at(self, place: Point) -> Point:
        """Where a place of the network's own drawing is in the picture, whose highest node touches its edge."""
        highest = min(self._turned((box.x, box.y))[1] for box in lay_out(self.topology).nodes.values())
        x, y = self._turned(place)
        return x, y - highest + EDGE

    def _turned(self, place: Point) -> Point:
        layout, across = lay_out(self.topology), WIDTH if self.wide else ACROSS
        if layout.upright and not self.wide:
            turn = Turn(layout.height)
            x, y = turn.there(place)
            return x * across / turn.across, y * STRETCH
        by = min(across / layout.width, MOST_HIGH / layout.height if self.wide else 1.0)
        return place[0] * by + (across - layout.width * by) / 2, place[1] * by
