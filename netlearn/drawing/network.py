"""The drawing of a network: what is there, what has failed, what is shared, and which way a flow takes.

`Marks` says what to show; `draw` draws it. Every state of one network has the same parts in the same places, only
their attributes differ, so that a page can turn one drawing into another (`netlearn.drawing.markup`).

Where there is little room a style sheet turns the whole by a quarter (`nl-plan`), and what is to be read back about its
own middle (`nl-stands`). Coordinates stay those of the drawing that lies.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import atan2, degrees, sqrt
from typing import Any

from netlearn.drawing.geometry import RADIUS, Box, Curve, Point
from netlearn.drawing.heat import Heat, Part, heat_class, heat_sign
from netlearn.drawing.layout import (
    CHIP,
    FEW_LETTERS,
    LETTERS,
    MOST_NAMED,
    NAME_HEIGHT,
    SLIT,
    SQUEEZE,
    WIDTH,
    Layout,
    arrow_at,
    arrow_fits,
    clear_of,
    lay_out,
    shortened,
    sign_width,
    target,
    width_of,
)
from netlearn.drawing.markup import Element, Key, element, key_of, number
from netlearn.drawing.notes import NOTE_HEIGHT
from netlearn.drawing.prose import metrics_on, spoken_link
from netlearn.drawing.shapes import aside, cross, hidden, moved, pill, rect, svg, text, way
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology
from netlearn.routing.spf import NextHop

Arc = tuple[str, str, str]  # from, to, link
ROUNDED = {"router": RADIUS, "host": 11, "lan": 4}


@dataclass(frozen=True, slots=True)
class Marks:
    """What a drawing shows beside the network itself.

    `cut` are links and `down` nodes that have failed. `shares` is the part of the flows (0..1) that each link
    carries, `next_hops` where each node sends what is for the destination, `notes` a few words beside a node, and
    `way` the hops of one chosen flow. `stale` are next hops (node, link) that are no longer right, `alarms` the nodes
    whose note tells of a loss. `asked` are hosts that a live drawing lets the reader press. `tints` are classes for the
    notes beside nodes, `spoken` is what a screen reader hears of a node after its name. `metrics` are the
    changed ones as they were, by the link and the end that it leaves. `named` are those nodes that keep their name in a
    drawing of very many. `heat` is how much each failure would do; a drawing that has it shows that on links, and no
    metrics.
    """

    cut: frozenset[str] = frozenset()
    down: frozenset[str] = frozenset()
    shares: Mapping[Arc, float] = field(default_factory=dict)
    next_hops: Mapping[str, tuple[NextHop, ...]] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    way: tuple[tuple[str, str], ...] = ()  # (node, the link it takes)
    stale: frozenset[tuple[str, str]] = frozenset()
    alarms: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    tints: Mapping[str, str] = field(default_factory=dict)
    spoken: Mapping[str, str] = field(default_factory=dict)
    metrics: Mapping[tuple[str, str], int] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    heat: Mapping[Part, Heat] | None = None


def draw(
    topology: Topology,
    marks: Marks,
    *,
    live: bool = False,
    label: str = "",
    under: tuple[Element, ...] | None = None,
    over: tuple[Element, ...] = (),
    layout: Layout | None = None,
    room: float = 0.0,
) -> Element:
    """The SVG. A live one has buttons for links and routers; a still one is a picture, described by `label`.

    `under` is drawn between links and nodes, in the place of the chosen flow's way; `over` lies on top of everything.
    `layout` is the network's own if it is not given, and `room` so much more above and below an upright drawing.
    """
    layout = layout or lay_out(topology)
    dead = {link.name for link in topology.links if link.name in marks.cut or not marks.down.isdisjoint(link.ends)}
    if len(topology.nodes) > MOST_NAMED and not live:
        return _framed(_many(topology, layout, marks, dead), layout, label)
    links = (_link(link, layout, topology, marks, dead, live) for link in topology.links)
    flow = _flow(topology, layout, marks) if under is None else under
    metrics = (part for link in topology.links for part in _metrics(link, layout, marks, dead))
    if marks.heat is not None:
        ends = {link.name: (topology.node(link.a), topology.node(link.b)) for link in topology.links}
        metrics = (
            heat_sign(link, ends[link.name], layout, marks.heat.get(("link", link.name))) for link in topology.links
        )
    cut = (_cut_mark(link, layout, marks) for link in topology.links)
    arrows = (part for link in topology.links for part in _arrows(link, topology, layout, marks, dead))
    parts = [
        element("g", *links),
        element("g", *flow, class_="nl-flow", aria_hidden="true"),
        element("g", *metrics, *cut, *arrows, class_="nl-over", aria_hidden="true"),
        element("g", *(_node(node, layout, marks, live) for node in topology.nodes)),
        element("g", *_notes(topology, layout, marks), *over, class_="nl-over", aria_hidden="true"),
    ]
    return _framed(parts, layout, label, room, "group" if live else "img")


def _framed(parts: Iterable[Element], layout: Layout, label: str, room: float = 0.0, role: str = "img") -> Element:
    plan = element("g", *parts, class_="nl-plan")
    kind, style = ("nl-turns", turning(layout, room)) if layout.upright else ("nl-tall", f"--nl-across:{layout.width}")
    return svg([plan], layout.width, layout.height, f"nl-net {kind}", label or "Network", role=role, style=style)


def _many(topology: Topology, layout: Layout, marks: Marks, dead: set[str]) -> Iterable[Element]:
    """A drawing of very many nodes: dots and thin lines, and in full only who is named and what carries or failed."""
    told = dead.union(name for _, _, name in marks.shares)
    rest = [path_data(layout.links[link.name]) for link in topology.links if link.name not in told]
    dots = [f"M{number(box.x)} {number(box.y)}h0" for box in layout.nodes.values()]
    yield element("path", class_="nl-far", d="".join(rest))
    links = [link for link in topology.links if link.name in told]
    yield element("g", *(_link(link, layout, topology, marks, dead, live=False) for link in links))
    yield element("path", class_="nl-dots", d="".join(dots), stroke_width=dot_size(layout))
    yield element("g", *(_cut_mark(link, layout, marks) for link in links if link.name in marks.cut))
    named = [node for node in topology.nodes if node.name in marks.named | marks.down]
    yield element("g", *(_node(node, layout, marks, live=False) for node in named))


def dot_size(layout: Layout) -> float:
    """How wide the dot of a node is in a drawing of very many."""
    return min(9.0, max(2.0, 0.3 * sqrt(layout.width * layout.height / len(layout.nodes))))


def turning(layout: Layout, room: float) -> str:
    """What the style sheet has to know of a drawing that is to be turned."""
    assert layout.upright is not None
    upright = layout.upright
    grown = f"--nl-grow:{WIDTH / upright.across:.4f};--nl-squeeze:{SQUEEZE};--nl-words:{upright.words:.3f}"
    return f"--nl-across:{number(upright.across)};--nl-along:{number(upright.along + 2 * room)};{grown}"


def standing(box: Box) -> str:
    """The style of what is to be turned back about the middle of a node, as it stands beside it."""
    return f"transform-box:view-box;transform-origin:{number(box.x)}px {number(box.y)}px"


def elsewhere(layout: Layout, node: str) -> str | None:
    """The style of what stands in a note's place: how far from there the place is that it has upright."""
    if layout.upright is None:
        return None
    (x, y), (to_x, to_y) = layout.notes[node], layout.upright.notes[node]
    return aside(to_x - x, to_y - y)


def _link(link: Link, layout: Layout, topology: Topology, marks: Marks, dead: set[str], live: bool) -> Element:
    share = sum(part for (_, _, name), part in marks.shares.items() if name == link.name)
    state = "cut" if link.name in marks.cut else "dead" if link.name in dead else "path" if share else "idle"
    lan = "lan" in (topology.node(link.a).kind, topology.node(link.b).kind)
    curve = layout.links[link.name]
    data = path_data(curve)
    wide = 6 + 15 * min(share, 1.0) if share else 0.0  # what a link carries is seen as much as said
    parts = [
        element("path", key=("band", link.name), class_="nl-band", d=data, stroke_width=wide),
        element("path", class_="nl-line", d=data),
    ]
    button: dict[str, Any] = {}
    if live:
        outline = " ".join(f"{number(x)},{number(y)}" for x, y in layout.areas.get(link.name) or target(curve))
        parts.append(element("polygon", class_="nl-hit", points=outline))
        parts += _labels_hit(link, layout)
        pressed, ends = "true" if link.name in marks.cut else "false", key_of(link.a, link.b, by=" ")
        button = {
            "role": "button",
            "tabindex": "-1",
            "aria_pressed": pressed,
            "aria_label": spoken_link(link, marks.metrics),
        }
        button |= {"data_link": link.name, "data_ends": ends}
    class_ = f"nl-link nl-{state}" + (" nl-on-lan" if lan else "") + heat_class(marks.heat or {}, ("link", link.name))
    return element("g", *parts, key=("link", link.name), class_=class_, **button)


def _labels_hit(link: Link, layout: Layout) -> Iterable[Element]:
    """What belongs to a link where its labels stand, which may be beside it."""
    for place, metric in metrics_on(link).items():
        if (link.name, place) in layout.labels:
            at, style = on_link(layout, link.name, place)
            ground = rect(*at, sign_width(str(metric)), 2 * CHIP, rx=7, class_="nl-hit")
            yield element("g", ground, class_="nl-stands", style=style)


def path_data(curve: Curve) -> str:
    """The curve as SVG path data."""
    (x1, y1), (x2, y2), (x, y) = curve.start, curve.end, curve.bend
    straight = abs(x - (x1 + x2) / 2) + abs(y - (y1 + y2) / 2) < 0.1
    bend = "L" if straight else f"Q{number(x)} {number(y)} "
    return f"M{number(x1)} {number(y1)}{bend}{number(x2)} {number(y2)}"


def _metrics(link: Link, layout: Layout, marks: Marks, dead: set[str]) -> Iterable[Element]:
    """The metric in a chip: one in the middle, or one near each end if the directions differ."""
    written = metrics_on(link)
    state = "nl-chip nl-stands" + (" nl-dead" if link.name in dead else "")
    changed = {end: (link.name, end) in marks.metrics for end in link.ends}
    chips = (
        ("both", link.metric, any(changed.values())),
        ("a", link.metric, changed[link.a]),
        ("b", link.metric_back, changed[link.b]),
    )
    for place, metric, new in chips:
        (x, y), style = on_link(layout, link.name, place)
        yield element(
            "g",
            rect(x, y, sign_width(str(metric)), 2 * CHIP, rx=7, key=("chip", link.name, place)),
            text(x, y, str(metric), key=("metric", link.name, place)),
            key=("chips", link.name, place),
            class_=state + (" nl-changed" if new else "") + hidden(place in written and link.name not in marks.cut),
            style=style,
        )


def on_link(layout: Layout, link: str, place: str = "both") -> tuple[Point, str | None]:
    """Where a sign on a link stands, and the style that has it elsewhere in the turned drawing."""
    (x, y), (to_x, to_y) = layout.label(link, place)
    return (x, y), None if (x, y) == (to_x, to_y) else aside(to_x - x, to_y - y)


def _cut_mark(link: Link, layout: Layout, marks: Marks) -> Element:
    """A crossed ring in the middle of a cut link."""
    (x, y), style = on_link(layout, link.name)
    ring = element("circle", cx=x, cy=y, r=14)
    class_ = "nl-cut-mark nl-stands" + hidden(link.name in marks.cut)
    return element("g", ring, element("path", d=cross(x, y, 6)), key=("cut", link.name), class_=class_, style=style)


def _arrows(link: Link, topology: Topology, layout: Layout, marks: Marks, dead: set[str]) -> Iterable[Element]:
    """A small arrow where a link leaves a node: "what is for the destination I hand over here".

    Squeezed between two nodes it would be a speck on their rims, so a short link has none.
    """
    for node in link.ends:
        curve = leaving(topology, layout, node, link.name)
        # Between two nodes in one place a link has no direction.
        if curve.length == 0 or topology.node(node).kind != "router":
            continue
        away = arrow_at(topology.node(node), curve, layout.around)
        x, y = curve.at(curve.part_at(away))
        ahead = curve.at(curve.part_at(away + 2))  # a bent link turns: the arrow points along it here
        turn = degrees(atan2(ahead[1] - y, ahead[0] - x))
        stale = (node, link.name) in marks.stale
        there = link.name not in dead or stale
        lying, turned = arrow_fits(topology.node(node), topology.node(link.other(node)), curve, layout.around)
        only = "" if lying == turned or not layout.upright else " nl-lying" if lying else " nl-upright"
        chosen = there and (lying or turned) and any(hop.link == link.name for hop in marks.next_hops.get(node, ()))
        used = any(start == node and name == link.name for start, _, name in marks.shares)
        yield element(
            "path",
            key=("arrow", link.name, node),
            d="M-8 -6.5L8 0L-8 6.5L-4 0Z",
            transform=moved(x, y, turn),
            class_="nl-arrow" + (" nl-old" if stale else " nl-used" if used else "") + only + hidden(chosen),
        )


def _node(node: Node, layout: Layout, marks: Marks, live: bool) -> Element:
    box, cut_off = layout.nodes[node.name], len(node.name) > (LETTERS if layout.upright else FEW_LETTERS)
    parts = [
        *([element("title", node.name)] if cut_off else []),
        *_named(node, box, bool(layout.upright)),
    ]
    kind = "" if node.kind == "router" else f" nl-{node.kind}"
    class_ = f"nl-node{kind}" + (" nl-down" if node.name in marks.down else "")
    class_ += heat_class(marks.heat or {}, ("node", node.name))
    return element("g", *parts, key=("node", node.name), class_=class_, **(_heard(node, marks) if live else {}))


def _named(node: Node, box: Box, turns: bool) -> Iterable[Element]:
    """The box of a node with its name; a long name is shorter in the turned drawing."""
    long = turns and len(node.name) > FEW_LETTERS
    for letters, class_ in ((LETTERS, " nl-lying"), (FEW_LETTERS, " nl-upright")) if long else ((FEW_LETTERS, ""),):
        shape = rect(box.x, box.y, width_of(node, letters), box.height, ROUNDED[node.kind], "nl-shape")
        crossed = [element("path", class_="nl-cross", d=cross(box.x, box.y, 20))] if node.kind == "router" else []
        name = [] if node.kind == "lan" else [text(box.x, box.y, shortened(node.name, letters))]
        yield element("g", shape, *crossed, *name, class_=f"nl-stands{class_}")


def _heard(node: Node, marks: Marks) -> dict[str, Any]:
    """What a node is for keyboard and screen reader: a button if it can be clicked, else a picture."""
    name, spoken = node.name, marks.spoken.get(node.name, "")
    if node.kind == "router":
        pressed = "true" if name in marks.down else "false"
        button = {"role": "button", "tabindex": "-1", "aria_pressed": pressed, "data_node": name}
        return button | {"aria_label": f"router {name}{spoken}"}
    label = f"{'LAN' if node.kind == 'lan' else node.kind} {name}{spoken}"
    if name in marks.asked:
        return {"role": "button", "aria_label": label, "tabindex": "-1", "data_node": name}
    return {"role": "img", "aria_label": label}


def _notes(topology: Topology, layout: Layout, marks: Marks) -> Iterable[Element]:
    """The notes beside nodes, and the names of LANs, which have no room inside; a LAN's note is below its name."""
    for node, (x, y) in layout.notes.items():
        words, style = marks.notes.get(node, ""), elsewhere(layout, node)
        if node in topology.lans:
            # Both turn about one middle; and not every browser knows that of what holds nothing but words.
            style = ";".join(filter(None, (standing(Box(x, y, 0, 0)), style)))
            up, down = ((NOTE_HEIGHT + SLIT) / 2, (NAME_HEIGHT + SLIT) / 2) if words else (0.0, 0.0)
            name = text(x, y - up, shortened(node, FEW_LETTERS), key=("name-text", node))
            yield element("g", name, class_="nl-lan-name nl-stands", style=style, key=("name", node))
            y += down
        alarm = " nl-alarm" if node in marks.alarms else ""
        tint = f" {marks.tints[node]}" if node in marks.tints else ""
        class_ = " nl-stands" + alarm + tint + hidden(words)
        yield pill(x, y, words, class_, "note", node, style=style)


def _flow(topology: Topology, layout: Layout, marks: Marks) -> Iterable[Element]:
    """The way of one flow as a line, and the flow itself as a dot; JavaScript moves the dot along the line."""
    data, end = way_data(topology, layout, marks.way)
    yield way("way", "nl-way", data)
    yield dot("dot", hidden(data), end)


def dot(key: Key, class_: str, at: Point, **more: Any) -> Element:
    """A flow on its way. JavaScript moves the whole; what is inside stays round, however the drawing is turned."""
    round_ = element("circle", r=8, class_="nl-stands")
    return element("g", round_, key=key, class_=f"nl-dot{class_}", transform=moved(*at), **more)


def way_data(topology: Topology, layout: Layout, steps: Iterable[tuple[str, str]]) -> tuple[str, tuple[float, float]]:
    """The way over (node, link) steps as SVG path data, nothing if there are none, and a place just before its end."""
    data, end = "", (0.0, 0.0)
    for node, name in steps:
        curve = leaving(topology, layout, node, name)
        drawn = path_data(curve)
        # Each link begins where the last has ended; a second `M` would lift the pen, and dashes would begin anew.
        data += drawn[drawn.index("L" if "L" in drawn else "Q") :] if data else drawn
        far = topology.node(topology.link(name).other(node))
        back = curve.reversed()
        end = back.at(back.part_at(clear_of(far, curve, 12)))
    return data, end


def leaving(topology: Topology, layout: Layout, node: str, link: str) -> Curve:
    """The way of a link, walked from this node."""
    curve = layout.links[link]
    return curve if topology.link(link).a == node else curve.reversed()
