"""The drawing of a network: what is there, what has failed, what is shared, and which way a flow takes.

`Marks` says what to show; `draw` draws it. Every state of one network has the same parts in the same places, only
their attributes differ, so that a page can turn one drawing into another (`netlearn.drawing.markup`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import atan2, degrees

from netlearn.drawing.layout import CHIP, RADIUS, Curve, Layout, lay_out, metric_points, shortened, target, text_width
from netlearn.drawing.markup import Element, element, key_of, number
from netlearn.drawing.prose import spoken_link
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology
from netlearn.routing.spf import NextHop

Arc = tuple[str, str, str]  # from, to, link


@dataclass(frozen=True, slots=True)
class Marks:
    """What a drawing shows beside the network itself.

    `cut` are links and `down` nodes that have failed. `shares` is the part of the flows (0..1) that each link
    carries, `next_hops` where each node sends what is for the destination, `notes` a few words beside a node, and
    `way` the hops of one chosen flow. `stale` are next hops (node, link) that are no longer right, `alarms` the nodes
    whose note tells of a loss. `asked` are hosts that a live drawing lets the reader click. `tints` are classes for the
    notes beside nodes, `spoken` is what a screen reader hears of a node after its name.
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


def draw(
    topology: Topology,
    marks: Marks,
    *,
    live: bool = False,
    label: str = "",
    under: tuple[Element, ...] | None = None,
    over: tuple[Element, ...] = (),
    around: float = 0.0,
) -> Element:
    """The SVG. A live one has buttons for links and routers; a still one is a picture, described by `label`.

    `under` is drawn between links and nodes, in the place of the chosen flow's way; `over` lies on top of everything,
    and `around` is room that notes leave free around each node.
    """
    layout = lay_out(topology, around)
    dead = {link.name for link in topology.links if link.name in marks.cut or {link.a, link.b} & marks.down}
    curves = layout.links
    parts = [
        element("g", *(_link(link, curves[link.name], topology, marks, dead, live) for link in topology.links)),
        element(
            "g",
            *(_flow(topology, layout, marks) if under is None else under),
            class_="nl-flow",
            aria_hidden="true",
        ),
        element(
            "g",
            *(part for link in topology.links for part in _metrics(link, curves[link.name], marks, dead)),
            *(_cut_mark(link, curves[link.name], marks) for link in topology.links),
            *(part for link in topology.links for part in _arrows(link, topology, layout, marks, dead)),
            class_="nl-over",
            aria_hidden="true",
        ),
        element("g", *(_node(node, layout, marks, live) for node in topology.nodes)),
        element("g", *_notes(layout, marks), *over, class_="nl-over", aria_hidden="true"),
    ]
    size = f"0 0 {number(layout.width)} {number(layout.height)}"
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        class_="nl-net",
        role="group" if live else "img",
        aria_label=label or "Network",
    )


def _link(link: Link, curve: Curve, topology: Topology, marks: Marks, dead: set[str], live: bool) -> Element:
    share = sum(part for (_, _, name), part in marks.shares.items() if name == link.name)
    state = "cut" if link.name in marks.cut else "dead" if link.name in dead else "path" if share else "idle"
    lan = "lan" in (topology.node(link.a).kind, topology.node(link.b).kind)
    line = path_data(curve)
    button: dict[str, object] = {
        "role": "button",
        "tabindex": "-1",
        "aria_pressed": "true" if link.name in marks.cut else "false",
        "aria_label": spoken_link(link),
        "data_link": link.name,
        "data_ends": key_of(link.a, link.b, by=" "),
    }
    return element(
        "g",
        element("path", key=("band", link.name), class_="nl-band", d=line, stroke_width=_band(share)),
        element("path", class_="nl-line", d=line),
        *([element("polygon", class_="nl-hit", points=_outline(curve))] if live else []),
        key=("link", link.name),
        class_=f"nl-link nl-{state}" + (" nl-on-lan" if lan else ""),
        **(button if live else {}),
    )


def _outline(curve: Curve) -> str:
    return " ".join(f"{number(x)},{number(y)}" for x, y in target(curve))


def _band(share: float) -> float:
    """The width of the pale band: what a link carries is seen as much as said."""
    return 6 + 15 * min(share, 1.0) if share else 0.0


def path_data(curve: Curve) -> str:
    """The curve as SVG path data."""
    (x1, y1), (x2, y2) = curve.start, curve.end
    if abs(curve.bend[0] - (x1 + x2) / 2) + abs(curve.bend[1] - (y1 + y2) / 2) < 0.1:
        return f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
    return f"M{number(x1)} {number(y1)}Q{number(curve.bend[0])} {number(curve.bend[1])} {number(x2)} {number(y2)}"


def _metrics(link: Link, curve: Curve, marks: Marks, dead: set[str]) -> Iterable[Element]:
    """The metric in a chip: one in the middle, or one near each end if the directions differ."""
    middle, near_a, near_b = metric_points(curve)
    same = link.metric == link.metric_back
    for place, metric, point, shown in (
        ("both", link.metric, middle, same),
        ("a", link.metric, near_a, not same),
        ("b", link.metric_back, near_b, not same),
    ):
        width = max(2 * CHIP, text_width(str(metric), 16) + 12)
        state = "nl-chip" + (" nl-dead" if link.name in dead else "")
        shown = shown and link.name not in marks.cut
        yield element(
            "g",
            element(
                "rect",
                key=("chip", link.name, place),
                x=point[0] - width / 2,
                y=point[1] - CHIP,
                width=width,
                height=2 * CHIP,
                rx=7,
            ),
            element("text", str(metric), key=("metric", link.name, place), x=point[0], y=point[1]),
            key=("chips", link.name, place),
            class_=state if shown else f"{state} nl-hidden",
        )


def _cut_mark(link: Link, curve: Curve, marks: Marks) -> Element:
    """A crossed ring in the middle of a cut link."""
    x, y = curve.at(0.5)
    cross = f"M{number(x - 6)} {number(y - 6)}l12 12m0 -12l-12 12"
    return element(
        "g",
        element("circle", cx=x, cy=y, r=14),
        element("path", d=cross),
        key=("cut", link.name),
        class_="nl-cut-mark" if link.name in marks.cut else "nl-cut-mark nl-hidden",
    )


def _arrows(link: Link, topology: Topology, layout: Layout, marks: Marks, dead: set[str]) -> Iterable[Element]:
    """A small arrow where a link leaves a node: "what is for the destination I hand over here"."""
    for node, curve in ((link.a, layout.links[link.name]), (link.b, layout.links[link.name].reversed())):
        if curve.length == 0 or topology.node(node).kind != "router":
            continue
        box = layout.nodes[node]
        edge = box.width / 2 if abs(curve.end[0] - curve.start[0]) > abs(curve.end[1] - curve.start[1]) else RADIUS
        x, y = curve.at(min(0.4, (edge + 10) / curve.length))
        ahead = curve.at(min(0.5, (edge + 12) / curve.length))
        turn = degrees(atan2(ahead[1] - y, ahead[0] - x))
        stale = (node, link.name) in marks.stale
        chosen = any(hop.link == link.name for hop in marks.next_hops.get(node, ())) and (
            link.name not in dead or stale
        )
        used = any(start == node and name == link.name for start, _, name in marks.shares)
        yield element(
            "path",
            key=("arrow", link.name, node),
            d="M-8 -6.5L8 0L-8 6.5L-4 0Z",
            transform=f"translate({number(x)} {number(y)}) rotate({number(turn)})",
            class_="nl-arrow" + (" nl-old" if stale else " nl-used" if used else "") + ("" if chosen else " nl-hidden"),
        )


def _node(node: Node, layout: Layout, marks: Marks, live: bool) -> Element:
    box = layout.nodes[node.name]
    left, top = box.x - box.width / 2, box.y - box.height / 2
    down = node.name in marks.down
    shape = element(
        "rect",
        class_="nl-shape",
        x=left,
        y=top,
        width=box.width,
        height=box.height,
        rx={"router": RADIUS, "host": 11, "lan": 4}[node.kind],
    )
    cross = f"M{number(box.x - 20)} {number(box.y - 20)}l40 40m0 -40l-40 40"
    words = shortened(node.name)
    whole = [element("title", node.name)] if words != node.name else []
    name = element("text", words, x=box.x, y=box.y - (18 if node.kind == "lan" else 0))
    attributes: dict[str, object] = {"class_": f"nl-node nl-{node.kind}" + (" nl-down" if down else "")}
    if live and node.kind == "router":
        pressed = "true" if down else "false"
        attributes |= {"role": "button", "tabindex": "-1", "aria_pressed": pressed, "data_node": node.name}
        attributes["aria_label"] = f"router {node.name}{marks.spoken.get(node.name, '')}"
    elif live:
        kind = "LAN" if node.kind == "lan" else node.kind
        attributes |= {"role": "img", "aria_label": f"{kind} {node.name}{marks.spoken.get(node.name, '')}"}
        if node.name in marks.asked:
            attributes |= {"role": "button", "tabindex": "-1", "data_node": node.name}
    crossed = [element("path", class_="nl-cross", d=cross)] if node.kind == "router" else []
    return element("g", *whole, shape, *crossed, name, key=("node", node.name), **attributes)


def _notes(layout: Layout, marks: Marks) -> Iterable[Element]:
    for node, (x, y) in layout.notes.items():
        words = marks.notes.get(node, "")
        width = text_width(words, 15.5) + 18
        yield element(
            "g",
            element("rect", key=("note-box", node), x=x - width / 2, y=y - 13, width=width, height=26, rx=13),
            element("text", words, key=("note-text", node), x=x, y=y),
            key=("note", node),
            class_="nl-note"
            + (" nl-alarm" if node in marks.alarms else "")
            + (f" {marks.tints[node]}" if node in marks.tints else "")
            + ("" if words else " nl-hidden"),
        )


def _flow(topology: Topology, layout: Layout, marks: Marks) -> Iterable[Element]:
    """The way of one flow as a line, and the flow itself as a dot; JavaScript moves the dot along the line."""
    data, end = way_data(topology, layout, marks.way)
    hidden = "" if data else " nl-hidden"
    yield element("path", key="way", class_=f"nl-way{hidden}", d=data or "M0 0")
    yield element("circle", key="dot", class_=f"nl-dot{hidden}", cx=end[0], cy=end[1], r=8)


def way_data(topology: Topology, layout: Layout, way: Iterable[tuple[str, str]]) -> tuple[str, tuple[float, float]]:
    """The way over (node, link) steps as SVG path data, nothing if there are none, and a place just before its end."""
    data, end = "", (0.0, 0.0)
    for node, name in way:
        curve = layout.links[name]
        curve = curve if topology.link(name).a == node else curve.reversed()
        data += path_data(curve)[0 if not data else path_data(curve).index("L" if "L" in path_data(curve) else "Q") :]
        box = layout.nodes[topology.link(name).other(node)]
        end = curve.at(1 - min(0.5, (box.width / 2 + 12) / (curve.length or 1.0)))
    return data, end
