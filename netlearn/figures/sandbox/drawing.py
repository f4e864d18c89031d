"""The sheet on which the reader draws: every node where it was put, as a button, whatever it is.

A network of many nodes is drawn as dots and thin lines, so that a change of it is on the screen at once.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netlearn.drawing.geometry import Box
from netlearn.drawing.heat import heat_class
from netlearn.drawing.layout import FEW_LETTERS, Layout, shortened, sign_width
from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import Marks, draw, path_data, standing, turning
from netlearn.drawing.notes import NOTE_WIDTH
from netlearn.drawing.prose import listed, spoken_link
from netlearn.drawing.shapes import cross, pill_width, rect, svg, text
from netlearn.drawing.sheet import on_sheet
from netlearn.figures.anycast.drawing import AROUND, plates, rings
from netlearn.figures.player.view import marks as moment_marks
from netlearn.figures.run import moving
from netlearn.figures.sandbox.found import Found
from netlearn.figures.sandbox.scene import DOT, MOST_FULL, Scene
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology

SPOKEN = 4  # neighbours that are named; more are counted
FINGER = 20.0  # units: half of where a finger comes down on a dot
NEAR = 0.35  # of a cable, on which it comes down beyond that
KINDS = {"router": "router", "host": "host", "lan": "LAN"}


def sheet(scene: Scene, found: Found, label: str = "", *, live: bool, at_us: int | None = None) -> Element:
    """The network on its sheet, with what was found; a live one is called `label`, a still one says it in words.

    A run is shown at its first moment, or at that time.
    """
    topology, marks, label, story = scene.topology, found.marks, label or found.words, found.story
    around = AROUND if found.whom else 0.0
    notes = {node: pill_width(words) for node, words in marks.notes.items()}
    if story:  # room for what comes beside any node
        topology = story.trace.topology
        at_us = story.moments[0].time_us if at_us is None else at_us
        marks, notes = moment_marks(story, at_us), dict.fromkeys(story.nodes, NOTE_WIDTH)
    if len(topology.nodes) > MOST_FULL and live:
        return _dotted(topology, on_sheet(topology, scene.height, dot=DOT), marks, label)
    signs = None
    if marks.heat is not None:
        signs = {name: sign_width(heat.words) for (kind, name), heat in marks.heat.items() if kind == "link"}
    layout = on_sheet(topology, scene.height, notes, around, signs)
    under = tuple(rings(found.whom[1], layout, marks)) if found.whom else ()
    over = tuple(plates(topology, layout, dict.fromkeys(scene.anycast, "serving"))) if scene.anycast else ()
    if story:
        assert at_us is not None
        under, over = moving.under(story, at_us, layout), (*over, *moving.over(story, at_us, layout))
    if live:
        others = frozenset(node.name for node in topology.nodes if node.kind != "router")
        spoken = {node.name: spoken_of(scene, node.name) + marks.spoken.get(node.name, "") for node in topology.nodes}
        marks = replace(marks, asked=others, spoken=spoken)
    return draw(topology, marks, live=live, label=label, layout=layout, under=under, over=over)


def spoken_of(scene: Scene, node: str) -> str:
    """What is said of a node behind its name: to whom it is connected, and whether it has the anycast address."""
    held = ", has the anycast address" if node in scene.anycast and scene.show != "catchments" else ""
    return connected(scene.topology, node) + held


def connected(topology: Topology, node: str) -> str:
    """To whom a node is connected, behind its name."""
    neighbours = [*dict.fromkeys(arc.neighbour for arc in topology.arcs(node))]
    if not neighbours:
        return ", connected to nothing"
    if len(neighbours) > SPOKEN:
        neighbours[SPOKEN - 1 :] = [f"{len(neighbours) - SPOKEN + 1} more"]
    return f", connected to {listed(neighbours)}"


def _dotted(topology: Topology, layout: Layout, marks: Marks, label: str) -> Element:
    dead = {link.name for link in topology.links if link.name in marks.cut or not marks.down.isdisjoint(link.ends)}
    carrying = {name for _, _, name in marks.shares}
    long_first = sorted(topology.links, key=lambda link: -layout.links[link.name].length)  # short ones lie on top
    links = (_line(link, layout, marks, link.name in dead, link.name in carrying) for link in long_first)
    nodes = (_dot(topology, node, layout, marks) for node in topology.nodes)
    plan = element("g", element("g", *links), element("g", *nodes), class_="nl-plan")
    style = turning(layout, 0.0)
    return svg([plan], layout.width, layout.height, "nl-net nl-turns nl-dotted", label, role="group", style=style)


def _line(link: Link, layout: Layout, marks: Marks, dead: bool, carries: bool) -> Element:
    state = "cut" if link.name in marks.cut else "dead" if dead else "path" if carries else "idle"
    data = path_data(layout.links[link.name])
    heat = heat_class(marks.heat or {}, ("link", link.name))
    button: dict[str, Any] = {"role": "button", "tabindex": "-1", "data_link": link.name}
    return element(
        "g",
        element("path", class_="nl-line", d=data),
        element("path", class_="nl-reach", d=data),
        key=("link", link.name),
        class_=f"nl-link nl-{state}{heat}",
        aria_label=spoken_link(link),
        aria_pressed="true" if link.name in marks.cut else "false",
        **button,
    )


def _dot(topology: Topology, node: Node, layout: Layout, marks: Marks) -> Element:
    box, cables = layout.nodes[node.name], (layout.links[arc.link] for arc in topology.arcs(node.name))
    # A finger comes down on the middle of the shortest cable, too.
    reach = max(DOT, min([FINGER, *(NEAR * cable.length for cable in cables)]))
    is_down, router = node.name in marks.down, node.kind == "router"
    kind = "" if router else f" nl-{node.kind}"
    heat = heat_class(marks.heat or {}, ("node", node.name))
    button: dict[str, Any] = {"role": "button", "tabindex": "-1", "data_node": node.name}
    if router:
        button["aria_pressed"] = "true" if is_down else "false"
    return element(
        "g",
        *_marked(node, box, reach, is_down or node.name in marks.named),
        key=("node", node.name),
        class_=f"nl-node{kind}" + (" nl-down" if is_down else "") + heat,
        aria_label=f"{KINDS[node.kind]} {node.name}{connected(topology, node.name)}",
        **button,
    )


def _marked(node: Node, box: Box, reach: float, named: bool) -> Iterator[Element]:
    yield element("circle", cx=box.x, cy=box.y, r=reach, class_="nl-reach")
    yield rect(box.x, box.y, 2 * DOT, 2 * DOT, DOT if node.kind == "router" else 2, "nl-shape")
    if node.kind == "router":
        yield element("path", class_="nl-cross", d=cross(box.x, box.y, DOT))
    if named:
        name = text(box.x, box.y - 2.5 * DOT, shortened(node.name, FEW_LETTERS))
        yield element("g", name, class_="nl-far-name nl-stands", style=standing(box))
