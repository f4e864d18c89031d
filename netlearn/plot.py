"""Pictures with matplotlib: the same network, drawn for print and for readers' own notebooks.

Each function returns a `Plot`: a matplotlib figure with a description in words. In a page it shows itself as an SVG
that turns dark with the page; `Plot.figure` is the plain figure, to change or to save.

>>> network(forum(), "Source", "End")
<Plot: 1 shortest path, metric 3: Source → R1 → R2 → End.>
"""

from base64 import b64encode
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from itertools import pairwise
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import Delivery, Fate, Traffic, tally
from netlearn.drawing.geometry import Curve
from netlearn.drawing.layout import MOST_NAMED, Layout, lay_out, metric_points
from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import dot_size
from netlearn.drawing.palette import COLOURS, variables
from netlearn.drawing.prose import listed, metrics_on
from netlearn.drawing.still import framed, image
from netlearn.errors import BadNetwork
from netlearn.figures.explorer.scene import Scene, find, words
from netlearn.figures.explorer.view import drawing
from netlearn.network.parts import Link, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fibs
from netlearn.routing.forwarding import Outcome, flow_between, walk
from netlearn.routing.packet import Packet
from netlearn.routing.spf import first_paths, shortest_paths

# The light forms; `Plot` replaces them in the SVG by names, so that the page chooses.
INK, TEXT, GROUND, PATH, DOWN = (COLOURS[name].light for name in ("ink", "text", "ground", "path", "down"))
PHASE_MARKS = {
    "detect": "^",
    "flood": "D",
    "compute": "s",
    "install": "o",
}  # as in lanes, each in the colour of its name
ROUTER, HOST, FAINT = (COLOURS[name].light for name in ("router", "host", "faint"))
# Text stays text, and the ids inside are the same each time, so that stored pictures do not change.
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "netlearn", "font.family": "sans-serif", "font.size": 12}


@dataclass(frozen=True, slots=True)
class Plot:
    """A matplotlib figure, and what it shows in words.

    >>> "var(--nl-path)" in network(forum(), "Source", "End").svg()
    True
    """

    figure: Figure
    words: str
    drawn: Element | None = None
    """The same as the library's own figures draw it, if they do; a page shows that."""
    caption: str = ""
    """What to notice, which a page says below."""

    def __repr__(self) -> str:
        return f"<Plot: {self.words}>"

    def svg(self) -> str:
        """The figure as SVG: the same text each time, its colours named so that they follow the page."""
        file = StringIO()
        with mpl.rc_context(STYLE):
            self.figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None}, facecolor=GROUND)
        text = file.getvalue()
        for name, colour in COLOURS.items():
            text = text.replace(f": {colour.light}", f": var(--nl-{name.replace('_', '-')})")
        return text.replace("<defs>", f"<defs><style>{variables()}</style>", 1)

    def _repr_html_(self) -> str:
        source = f"data:image/svg+xml;base64,{b64encode(self.svg().encode()).decode()}"
        shown = image(self.drawn, self.words) if self.drawn else framed(source, self.words)
        below = [element("figcaption", self.caption)] if self.caption else []
        return str(element("figure", shown, *below, class_="netlearn-figure"))


def network(
    topology: Topology,
    source: str,
    destination: str,
    cut: Sequence[str] = (),
    down: Sequence[str] = (),
    caption: str = "",
) -> Plot:
    """The network with its metrics, what has failed in it, and every shortest path from source to destination.

    `cut` names links, `down` nodes. The width of a path is the share of the flows that it carries. A page shows the
    network as every figure does, upright where there is little room, with the `caption` below; `Plot.figure` is for
    print and for changes. Of more than 100 nodes most are dots: the ends and what has failed have names, and no link
    has its metric.

    >>> network(forum(), "Source", "End", down=["R2"])
    <Plot: 1 shortest path, metric 4: Source → R1 → R3 → R4 → End. Down: R2.>
    """
    scene = Scene(topology, source, destination, (*cut,), (*down,))
    found, layout = find(scene), lay_out(topology)
    carried = found.on_links()
    figure, axes = _axes(layout.width / 100, layout.height / 100)
    axes.set(xlim=(0, layout.width), ylim=(layout.height, 0), aspect="equal")
    axes.axis("off")
    many = len(topology.nodes) > MOST_NAMED
    if many:
        _dots(axes, layout)
    for link in found.whole.links:
        share = sum(part for (_, _, name), part in carried.items() if name == link.name)
        dead = link.name in scene.cut or bool({link.a, link.b} & {*scene.down})
        if share or dead or not many:
            _link(axes, link, layout.links[link.name], share, dead, link.name in scene.cut, with_metrics=not many)
    _nodes(axes, scene, layout, {source, destination, *down} if many else layout.nodes)
    return Plot(figure, words(scene, found), drawing(scene, found, live=False, followed=False), caption)


def _dots(axes: Axes, layout: Layout) -> None:
    """All links as thin lines, and all nodes as dots."""
    lines = [[curve.at(step / 8) for step in range(9)] for curve in layout.links.values()]
    axes.add_collection(LineCollection(lines, colors=INK, linewidths=0.6, zorder=1))
    x, y = zip(*((box.x, box.y) for box in layout.nodes.values()), strict=True)
    axes.plot(
        x, y, linestyle="", marker="o", color=INK, markersize=0.72 * dot_size(layout), markeredgewidth=0, zorder=3
    )


def _link(
    axes: Axes, link: Link, curve: Curve, share: float, dead: bool, cut: bool, *, with_metrics: bool = True
) -> None:
    """The link as a line, as wide as what it carries; on it its metrics, or a cross."""
    x, y = zip(*(curve.at(step / 16) for step in range(17)), strict=True)
    if share:
        axes.plot(x, y, color=PATH, linewidth=4 + 10 * share, alpha=0.25, solid_capstyle="round", zorder=1)
    colour = DOWN if cut else PATH if share else INK
    axes.plot(x, y, color=colour, linewidth=2.5 if share else 1.4, linestyle=":" if dead else "-", zorder=2)
    middle, near_a, near_b = metric_points(curve)
    if cut:
        axes.plot(*middle, marker="o", color=GROUND, markeredgecolor=DOWN, markersize=20, markeredgewidth=1.5, zorder=4)
        axes.plot(*middle, marker="x", color=DOWN, markersize=9, markeredgewidth=2.5, zorder=4)
        return
    if not with_metrics:
        return
    places = {"both": middle, "a": near_a, "b": near_b}
    box = {"boxstyle": "round,pad=0.25", "facecolor": GROUND, "edgecolor": FAINT}
    for place, metric in metrics_on(link).items():
        axes.text(*places[place], str(metric), ha="center", va="center", color=TEXT, bbox=box, zorder=3)


def flows(
    topology: Topology,
    source: str,
    destination: str,
    count: int = 64,
    cut: Sequence[str] = (),
    down: Sequence[str] = (),
    seed: Callable[[str], str] = str,
) -> Plot:
    """How many of `count` flows take each way: what "equally short" comes to when hashes choose.

    `seed` gives each router its own share in the flow hash, its name unless said; with one for all, all choose alike.
    Raises `UnknownName` and `BadNetwork` for what is not there, and `NetlearnError` for more than 16384 flows.

    >>> flows(forum(), "R1", "R4", 16)
    <Plot: Of 16 flows: 11 go R1 → R2 → R4 and 5 go R1 → R3 → R4. Even shares would be 8 and 8.>
    """
    if count < 1:
        raise BadNetwork(f"the number of flows is 1 or more, not {count}")
    Scene(topology, source, destination, (*cut,), (*down,))  # refuses what is not there
    whole = topology.addressed()
    after = whole.without(*map(LinkDown, cut), *map(NodeDown, down))
    paths = _paths(after, source, destination)
    expected = [count * _share(nodes, after) for nodes in paths]
    fibs, seeds = converged_fibs(after), {node.name: seed(node.name) for node in after.nodes}
    ways = {" → ".join(nodes): 0 for nodes in paths}
    for number in range(1, count + 1):
        taken = walk(fibs, Packet(flow_between(whole, source, destination, number)), source, seeds)
        way = " → ".join(taken.nodes) + ("" if taken.outcome is Outcome.DELIVERED else f" ({taken.outcome.value})")
        ways[way] = ways.get(way, 0) + 1
    went = listed(f"{many} go {way}" for way, many in ways.items())
    even = f" Even shares would be {listed(f'{number:.0f}' for number in expected)}." if len(expected) > 1 else ""
    return Plot(_bars(ways, expected, f"Flows on each way, of {count}"), f"Of {count} flows: {went}.{even}")


def _bars(ways: Mapping[str, int], expected: Sequence[float], title: str) -> Figure:
    """A bar for each way, as long as many flows take it, with a stroke where even shares would end."""
    figure, axes = _axes(8, 0.9 + 0.55 * len(ways))
    bars = axes.barh(range(len(ways)), list(ways.values()), color=PATH, height=0.6)
    axes.set_yticks(range(len(ways)), list(ways), parse_math=False)  # a name may have a $ in it
    axes.bar_label(bars, padding=5, color=TEXT)
    axes.plot(expected, range(len(expected)), linestyle="", marker="|", color=TEXT, markersize=26, markeredgewidth=2.5)
    axes.invert_yaxis()
    axes.set_xlim(0, max(*ways.values(), *expected, 1) * 1.12)
    axes.tick_params(colors=TEXT, length=0, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.set_title(title, loc="left", color=TEXT, fontsize=13, fontweight="bold")
    return figure


def _paths(after: Topology, source: str, destination: str) -> list[tuple[str, ...]]:
    """The shortest paths as a walk goes: a packet is handed to the router behind a LAN, so the LAN is no step of it."""
    if not (after.has_node(source) and after.has_node(destination)):
        return []
    paths = first_paths(after, source, destination, 12)  # more bars would not be read
    return [*dict.fromkeys(tuple(node for node in path if node not in after.lans) for path in paths)]


def _share(nodes: Sequence[str], topology: Topology) -> float:
    """The part of very many flows that goes this way: each tie on it splits evenly over its next hops."""
    share = 1.0
    for node, following in pairwise(nodes):
        hops = shortest_paths(topology, node).next_hops(nodes[-1])
        share *= sum(hop.node == following for hop in hops) / len(hops)
    return share


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure apart from pyplot's: nothing has to be closed, and a notebook does not show it twice."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots()


def _nodes(axes: Axes, scene: Scene, layout: Layout, named: Collection[str]) -> None:
    for node in (node for node in scene.topology.nodes if node.name in named):
        place, is_down = layout.nodes[node.name], node.name in scene.down
        shape = {"router": "circle,pad=0.9", "host": "round,pad=0.9", "lan": "square,pad=0.3"}[node.kind]
        face = GROUND if is_down else HOST if node.kind == "host" else ROUTER
        edge, style = (DOWN, "--") if is_down else (INK, "-")
        box = {"boxstyle": shape, "facecolor": face, "edgecolor": edge, "linestyle": style}
        written: dict[str, Any] = {"ha": "center", "va": "center", "color": TEXT, "weight": "bold", "parse_math": False}
        axes.text(place.x, place.y, node.name, **written, bbox=box, zorder=5)
        if is_down:
            axes.plot(place.x, place.y, marker="x", color=DOWN, markersize=30, markeredgewidth=2.5, alpha=0.5, zorder=6)


def timeline(trace: Trace, source: str, destination: str, flows: int = 8, caption: str = "") -> Plot:
    """The phases of convergence in a lane for each node, and below them what became of the flows that were sent.

    Detect, flood, compute and install are marked by four shapes in four colours. A flow's line is solid while its
    packets are delivered, and broken, in the colour of failure, while they are lost. A page has the `caption` below.

    >>> timeline(simulate(forum(), CASE_1), "Source", "End").words.partition(". ")[0]
    'Convergence takes 58.1 ms'
    """
    lanes = {node.name: place for place, node in enumerate(trace.topology.nodes)}
    end_us = max(trace.converged_us, 1) * 1.15
    figure, axes = _axes(9, 1.2 + 0.36 * len(lanes) + 0.2 * flows)
    for phase in PHASE_MARKS:
        events = [event for event in trace.events if event.kind == phase]
        _phase(axes, phase, [event.time_us / 1000 for event in events], [lanes[event.node] for event in events])
    fates = _draw_fates(axes, trace, source, destination, flows, len(lanes) + 0.6, int(end_us))
    middle = len(lanes) + 0.6 + 0.2 * (flows - 1)
    axes.set_yticks([*lanes.values(), middle], [*lanes, f"{flows} flows"], parse_math=False)
    axes.set(xlim=(-0.02 * end_us / 1000, end_us / 1000), ylim=(len(lanes) + 0.8 + 0.4 * flows, -0.7))
    axes.set_xlabel("milliseconds after the failure", color=TEXT)
    axes.tick_params(colors=TEXT)
    axes.spines[:].set_visible(False)
    axes.grid(axis="y", color=FAINT, linewidth=0.6)
    axes.legend(ncols=4, loc="lower left", bbox_to_anchor=(0, 1), frameon=False, labelcolor=TEXT)
    lost = f"{fates.lost:,} of {fates.sent:,} packets are lost" if fates.lost else "no packet is lost"
    took = f"Convergence takes {trace.converged_us / 1000:,.1f} ms."
    sent = f"Of {flows} flows from {source} to {destination}, each of a packet every millisecond"
    return Plot(figure, f"{took} {sent}, {lost}.", caption=caption)


def _phase(axes: Axes, phase: str, times_ms: Sequence[float], lanes: Sequence[int]) -> None:
    """The marks of one phase. What is detected is said at the same instant, so its mark goes around the other."""
    size, fill, edge = (14, "none", 2) if phase == "detect" else (8, "full", 1)
    form: Any = {"marker": PHASE_MARKS[phase], "markersize": size, "fillstyle": fill, "markeredgewidth": edge}
    axes.plot(times_ms, lanes, linestyle="", color=COLOURS[phase].light, label=phase, **form)


def _draw_fates(
    axes: Axes, trace: Trace, source: str, destination: str, flows: int, top: float, end_us: int
) -> Delivery:
    """A line for each flow, by what became of its packets."""
    told: list[Fate] = []
    for number in range(1, flows + 1):
        flow = flow_between(trace.topology, source, destination, number)
        for fate in Traffic(trace, flow.destination).fates(flow, source, 0, end_us, 1000):
            arrives = fate.walk.outcome is Outcome.DELIVERED
            colour, width, style = ("flow", 2.5, "-") if arrives else ("down", 3.5, ":")
            x, y = [fate.from_us / 1000, fate.from_us / 1000 + fate.packets], [top + 0.4 * (number - 1)] * 2
            axes.plot(x, y, color=COLOURS[colour].light, linewidth=width, linestyle=style)
            told.append(fate)
    return tally(told)
