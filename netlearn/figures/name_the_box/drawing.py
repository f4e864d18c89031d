"""The network with the router's name plate and ports."""

from collections.abc import Iterable, Sequence

from netlearn.drawing.layout import Layout, lay_out
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import Marks, draw, leaving, path_data, way_data
from netlearn.drawing.shapes import cross, hidden, line, rect
from netlearn.drawing.signs import plate
from netlearn.figures.name_the_box.scene import PortReply, Scene
from netlearn.figures.name_the_box.words import answering, words
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome, links_of

PORT = 9.0  # half the side of a port's square


def drawing(scene: Scene, found: Sequence[PortReply], *, live: bool) -> Element:
    """The network with the router's name plate and ports, and the way of a packet to each of its addresses."""
    failed = frozenset(scene.cut) | frozenset(scene.silent)
    spoken = f", {answering(found)} of its {len(found)} addresses answer"
    marks = Marks(cut=failed, down=frozenset(scene.down), spoken={scene.router: spoken})
    label = f"Network: {scene.asker} asks {scene.router}. Arrow keys move between links and routers, Enter acts."
    layout = lay_out(scene.topology)
    believed = []
    for name, curve in layout.links.items():
        class_ = "nl-believed" + hidden(name in scene.silent and name not in scene.cut)
        believed.append(line(("old", name), class_, path_data(curve)))
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene, found),
        under=(*believed, *(part for reply in found for part in _way(scene.topology, reply, live))),
        over=(element("g", *_signs(scene, found, layout), class_="nl-signs"),),
    )


def _signs(scene: Scene, found: Sequence[PortReply], layout: Layout) -> Iterable[Element]:
    """The plate beside the router, and its ports, each on its cable just outside the router."""
    own, *ports = found
    state = "" if own.state == "answers" else "nl-gone"
    yield plate(*layout.notes[scene.router], str(own.address), state, key=("plate", own.link))
    for reply in ports:
        curve = leaving(scene.topology, layout, scene.router, reply.link)
        away = layout.nodes[scene.router].height / 2 + PORT + 2
        yield port(reply, *curve.at(min(0.5, away / (curve.length or 1.0))))


def _way(topology: Topology, reply: PortReply, live: bool) -> Iterable[Element]:
    """The way to one address, and a dot at its end; the page shows the chosen one, a picture the way to the box."""
    steps = links_of(topology, reply.way.hops)
    data, (x, y) = way_data(topology, lay_out(topology), steps)
    if reply.way.outcome is Outcome.LINK_DOWN:  # it falls off where the dead cable begins
        node, link = steps[-1]
        x, y = leaving(topology, lay_out(topology), node, link).at(0.3)
    unseen = hidden(data and (live or not reply.link))
    yield line(("way", reply.link), f"nl-way nl-to{unseen}", data, data_way=reply.link)
    kind = f"nl-dot nl-to nl-{reply.state}{unseen}"
    yield element("circle", key=("dot", reply.link), class_=kind, cx=x, cy=y, r=8, data_dot=reply.link)


def port(reply: PortReply, x: float, y: float) -> Element:
    """A port: a square with a tick where its address answers, a cross where it is lost, empty and dashed if gone."""
    tick = f"M{number(x - 4.5)} {number(y)}l3.5 4l6 -8"
    sign = {"answers": tick, "lost": cross(x, y, 4)}.get(reply.state, "M0 0")
    parts = rect(x, y, 2 * PORT, 2 * PORT, 3), element("path", key=("port-sign", reply.link), d=sign)
    class_ = f"nl-port nl-port-{reply.state}"
    return element("g", *parts, key=("port", reply.link), class_=class_, data_port=reply.link)
