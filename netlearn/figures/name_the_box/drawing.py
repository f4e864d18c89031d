"""The network with the router's name plate and ports."""

from collections.abc import Iterable, Sequence

from netlearn.drawing.layout import Box, Curve, lay_out
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import Marks, draw, path_data, way_data
from netlearn.drawing.signs import plate
from netlearn.figures.name_the_box.scene import PortReply, Scene
from netlearn.figures.name_the_box.words import answering, words
from netlearn.network.topology import Topology
from netlearn.routing.crossing import links_of
from netlearn.routing.forwarding import Outcome

PORT = 9.0  # half the side of a port's square


# Drawn
def drawing(scene: Scene, found: Sequence[PortReply], *, live: bool) -> Element:
    """The network with the router's name plate and ports, and the way of a packet to each of its addresses."""
    failed = frozenset(scene.cut) | frozenset(scene.silent)
    marks = Marks(cut=failed, down=frozenset(scene.down), spoken={scene.router: _spoken(found)})
    label = f"Network: {scene.asker} asks {scene.router}. Arrow keys move between links and routers, Enter acts."
    layout = lay_out(scene.topology)
    ways = [part for reply in found for part in _way(scene.topology, reply, live)]
    believed = [
        element(
            "path",
            key=("old", link.name),
            class_="nl-believed" + ("" if link.name in scene.silent and link.name not in scene.cut else " nl-hidden"),
            d=path_data(layout.links[link.name]),
        )
        for link in scene.topology.links
    ]
    own, *ports = found
    x, y = _plate_place(scene)
    signs = [plate(x, y, str(own.address), "" if own.state == "answers" else "nl-gone", key=("plate", own.link))]
    for reply in ports:
        curve = layout.links[reply.link]
        at_start = scene.topology.link(reply.link).a == scene.router
        signs.append(port(reply, *port_place(layout.nodes[scene.router], curve, at_start)))
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene, found),
        under=(*believed, *ways),
        over=(element("g", *signs, class_="nl-signs"),),
    )


def _plate_place(scene: Scene) -> tuple[float, float]:
    layout = lay_out(scene.topology)
    return layout.notes[scene.router]


def _spoken(found: Sequence[PortReply]) -> str:
    return f", {answering(found)} of its {len(found)} addresses answer"


def _way(topology: Topology, reply: PortReply, live: bool) -> Iterable[Element]:
    """The way to one address, and a dot at its end; the page shows the chosen one, a picture the way to the box."""
    steps = links_of(topology, reply.hops)
    data, (x, y) = way_data(topology, lay_out(topology), steps)
    if reply.outcome is Outcome.LINK_DOWN:  # it falls off where the dead cable begins
        node, link = steps[-1]
        curve = lay_out(topology).links[link]
        x, y = (curve if topology.link(link).a == node else curve.reversed()).at(0.3)
    hidden = "" if data and (live or not reply.link) else " nl-hidden"
    yield element(
        "path", key=("way", reply.link), class_=f"nl-way nl-to{hidden}", d=data or "M0 0", data_way=reply.link
    )
    kind = f"nl-dot nl-to nl-{reply.state}{hidden}"
    yield element("circle", key=("dot", reply.link), class_=kind, cx=x, cy=y, r=8, data_dot=reply.link)


def port_place(box: Box, curve: Curve, start_is_box: bool) -> tuple[float, float]:
    """Where a port's square stands: on its cable, just outside the router."""
    out = curve if start_is_box else curve.reversed()
    return out.at(min(0.5, (box.height / 2 + PORT + 2) / (out.length or 1.0)))


def port(reply: PortReply, x: float, y: float) -> Element:
    """A port: a square with a tick where its address answers, a cross where it is lost, empty and dashed if gone."""
    tick = f"M{number(x - 4.5)} {number(y)}l3.5 4l6 -8"
    cross = f"M{number(x - 4)} {number(y - 4)}l8 8m0 -8l-8 8"
    return element(
        "g",
        element("rect", x=x - PORT, y=y - PORT, width=2 * PORT, height=2 * PORT, rx=3),
        element("path", key=("port-sign", reply.link), d={"answers": tick, "lost": cross}.get(reply.state, "M0 0")),
        key=("port", reply.link),
        class_=f"nl-port nl-port-{reply.state}",
        data_port=reply.link,
    )
