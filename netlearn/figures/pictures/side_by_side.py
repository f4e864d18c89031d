"""One network, broken in several ways: all of them side by side, and what is left each time of its shortest paths."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from netlearn.drawing.geometry import Curve, Point
from netlearn.drawing.layout import FEW_LETTERS, lay_out, shortened, text_width
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import ROUNDED, leaving, path_data
from netlearn.drawing.prose import capital, listed
from netlearn.drawing.shapes import cross, rect, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.explorer.scene import Found, Scene, claim, find, names_of
from netlearn.figures.explorer.scene import words as in_words
from netlearn.figures.pictures.along import SMALL, said
from netlearn.figures.pictures.boxes import PANEL, cut_mark, panels, panels_high
from netlearn.figures.pictures.frame import twice
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.topology import Topology

MOST = 3  # cases, beside the network in which nothing fails
TOP, RADIUS = 46.0, 17.0


@dataclass(frozen=True, slots=True)
class Panel:
    """The network once, small: after which failures, and what is found in it."""

    name: str
    scene: Scene
    found: Found

    @property
    def scale(self) -> float:
        """How small it is drawn."""
        return PANEL / lay_out(self.scene.topology).width

    @property
    def highest(self) -> float:
        """Where its highest node is in the network's own drawing."""
        return min(box.y for box in lay_out(self.scene.topology).nodes.values())

    @property
    def bottom(self) -> float:
        """Where its lowest node is in the panel."""
        return max(self.at((box.x, box.y))[1] for box in lay_out(self.scene.topology).nodes.values())

    def at(self, place: Point) -> Point:
        """Where a place of the network's own drawing is in the panel."""
        return place[0] * self.scale, TOP + (place[1] - self.highest) * self.scale

    def handed(self, router: str) -> str:
        """To whom a router hands what is for the destination."""
        hops = names_of(self.found.next_hops(router))
        return f"to {listed(hops)}" if hops else "to nobody"


def side_by_side(
    topology: Topology, source: str, destination: str, cases: Mapping[str, Sequence[Failure]], caption: str = ""
) -> Picture:
    """The network with nothing failed, and beside it after the failures of each of one to three `cases`, by name.

    A blue line is a shortest path from `source` to `destination`, and its band as wide as the share of the flows that
    take it. Raises `NetlearnError` for other than one to three cases, `UnknownName` for a failure that cannot be.

    >>> side_by_side(forum(), "Source", "End", {"case 1": CASE_1, "case 2": CASE_2}).title
    'R1 hands what is for End to R2; in case 1 to R2 and R3, in case 2 to R3'
    """
    if not 0 < len(cases) <= MOST:
        raise NetlearnError(f"the picture shows 1 to {MOST} cases beside the whole network, not {len(cases)}")
    shown = [_panel(topology, source, destination, *case) for case in (("nothing fails", ()), *cases.items())]
    first = shown[0]
    router = names_of(first.found.next_hops(source))[0] if first.found.count else source
    title = f"{router} hands what is for {destination} {first.handed(router)}; " + ", ".join(
        f"in {panel.name} {panel.handed(router)}" for panel in shown[1:]
    )
    words = " ".join(f"{capital(panel.name)}: {in_words(panel.scene, panel.found)}" for panel in shown)
    high = first.bottom + RADIUS + 50
    return twice(
        lambda wide: panels(lambda place: _drawn(shown[place]), len(shown), wide, high),
        panels_high(len(shown), high), title, words, caption,
    )  # fmt: skip


def _panel(topology: Topology, source: str, destination: str, name: str, failures: Sequence[Failure]) -> Panel:
    cut = tuple(each.link for each in failures if isinstance(each, LinkDown))
    down = tuple(each.node for each in failures if isinstance(each, NodeDown))
    scene = Scene(topology, source, destination, cut, down)
    return Panel(name, scene, find(scene))


def _drawn(panel: Panel) -> Iterator[Element]:
    """Its name, the network, and what it comes to."""
    scene, layout = panel.scene, lay_out(panel.scene.topology)
    carried = panel.found.on_links()
    yield said(0, 12, capital(panel.name), "nl-strong")
    for link in scene.topology.links:
        share = sum(part for (_, _, name), part in carried.items() if name == link.name)
        curve = leaving(scene.topology, layout, link.a, link.name).through(panel.at)
        yield from _link(curve, share, link.name in scene.cut, not {*link.ends}.isdisjoint(scene.down))
    for node in scene.topology.nodes:
        box = layout.nodes[node.name]
        x, y = panel.at((box.x, box.y))
        name = shortened(node.name, FEW_LETTERS)
        wide = 2 * RADIUS if node.kind == "router" else text_width(name, SMALL) + 8
        x = min(max(x, wide / 2 + 1), PANEL - wide / 2 - 1)
        is_down = node.name in scene.down
        parts = [rect(x, y, wide, 2 * RADIUS, min(ROUNDED[node.kind], RADIUS), "nl-shape")]
        parts += [element("path", class_="nl-cross", d=cross(x, y, RADIUS - 4))] * is_down
        kind = "" if node.kind == "router" else f" nl-{node.kind}"
        yield element("g", *parts, text(x, y, name, "nl-small"), class_=f"nl-node{kind}" + " nl-down" * is_down)
    yield said(0, panel.bottom + RADIUS + 18, claim(scene, panel.found))


def _link(curve: Curve, share: float, cut: bool, dead: bool) -> Iterator[Element]:
    """A link: a plain line, a way with its share, or dots where it has failed."""
    data = path_data(curve)
    if share:
        yield element("path", d=data, class_="nl-band", stroke_width=number(5 + 13 * min(share, 1.0)))
    yield element("path", d=data, class_="nl-cut-line" if cut or dead else "nl-own-way" if share else "nl-line")
    if cut:
        yield cut_mark(*curve.at(0.5))
