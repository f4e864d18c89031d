"""The network with the signs of the three loopbacks."""

from collections.abc import Iterable

from netlearn.drawing.layout import Box, Layout, lay_out
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import Marks, draw, way_data
from netlearn.drawing.shapes import hidden, rect, way
from netlearn.drawing.signs import PLATE_HEIGHT, plate, ring, shared_plate
from netlearn.figures.loopbacks.scene import SIGNS, Found, Scene
from netlearn.figures.loopbacks.words import words
from netlearn.routing.forwarding import links_of

INSIDE = 60.0  # how far a host's inside reaches below its name


def drawing(scene: Scene, found: Found, live: bool) -> Element:
    """The network with the signs of what is looked at, and the way of the question."""
    asked = found.replies.get(scene.step)  # none where all three are looked at
    shares = asked.carried if asked and asked.answers else {}
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down), shares=shares)
    layout = lay_out(scene.topology)
    under = [_inside(node.name, layout.nodes[node.name], scene) for node in scene.topology.nodes if node.kind == "host"]
    under += [_way(scene, found, sign) for sign in SIGNS[1:]]
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network in which {scene.asker} asks for three addresses. {keys}"
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene),
        under=tuple(under),
        over=(element("g", *_signs(scene, found, layout), class_="nl-signs"),),
    )


def _inside(host: str, box: Box, scene: Scene) -> Element:
    """The inside of a host, below its name, where `lo` is."""
    high = box.height / 2 + INSIDE
    seen = scene.step == "lo" or (scene.step == "break" and host == scene.asker)
    case = rect(box.x, box.y + high / 2, box.width, high, 11, "nl-case")
    return element("g", case, key=("inside", host), class_="nl-inside" + hidden(seen))


def _signs(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    yield from _rings(scene, found, layout)
    shared = str(scene.shared.network_address)
    for node in scene.topology.nodes:
        if node.kind != "router" or node.address is None:
            continue
        x, y = layout.notes[node.name]
        gone = "" if found.after.has_node(node.name) else "nl-gone"
        own = node.name == scene.router
        beside = own and scene.step == "break"
        state = gone or ("" if own else "nl-faint-sign")
        seen = beside or scene.step == "plate"
        yield plate(x, y, str(node.address), state if seen else "nl-hidden", key=("plate", node.name))
        if node.name in scene.holders:
            seen = scene.step in ("shared", "break")
            # the double stands out above the plate; it stays in the drawing
            y = max(y + (32 if beside else 0), PLATE_HEIGHT / 2 + 4)
            yield shared_plate(x, y, shared, gone if seen else "nl-hidden", key=("shared", node.name))


def _rings(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    """A ring in every box; the question that turns round in the asker's."""
    for node in scene.topology.nodes:
        if node.kind == "lan":
            continue
        box = layout.nodes[node.name]
        asks = node.name == scene.asker
        seen = found.after.has_node(node.name) and (scene.step == "lo" or (scene.step == "break" and asks))
        state = "nl-hidden" if not seen else "nl-lit" if asks else "nl-faint-sign"
        host = node.kind == "host"
        y = box.y + box.height / 2 + INSIDE / 2 if host else box.y
        yield ring(box.x, y, 19 if host else 20, "lo" if host else "", state, key=("ring", node.name))
        r = 27 if host else 33
        turn = f"M{number(box.x)} {number(y - r)}a{r} {r} 0 1 1 -0.1 0"  # out of the box's own hand, into its own hand
        yield element("path", d=turn, key=("turn", node.name), class_="nl-turn" + hidden(seen and asks))


def _way(scene: Scene, found: Found, sign: str) -> Element:
    """The way of one flow, dotted; two of them lie beside each other in two colours."""
    reply, data = found.replies[sign], ""
    if scene.step in (sign, "break") and reply.answers and reply.walk:
        data, _ = way_data(scene.topology, lay_out(scene.topology), links_of(scene.topology, reply.walk.hops))
    beside = " nl-beside" if scene.step == "break" else ""
    return way(("way", sign), f"nl-way nl-ask-{sign}{beside}", data)
