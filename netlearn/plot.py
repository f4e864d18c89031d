"""Pictures with matplotlib: the same network, drawn for print and for readers' own notebooks.

Each function returns a `Plot`: a matplotlib figure with a description in words. In a page it shows itself as an SVG
that turns dark with the page; `Plot.figure` is the plain figure, to change or to save.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from netlearn.errors import BadNetwork
from netlearn.fib import converged_fibs
from netlearn.figure import explorer
from netlearn.figure.layout import HEIGHT, WIDTH, Layout, lay_out, metric_points
from netlearn.figure.markup import element
from netlearn.figure.network import listed
from netlearn.figure.palette import COLOURS, variables
from netlearn.figure.still import framed
from netlearn.forwarding import flow_between, walk
from netlearn.packet import Packet
from netlearn.spf import first_paths
from netlearn.topology import LinkDown, NodeDown, Topology

# The light forms; `Plot` replaces them in the SVG by names, so that the page chooses.
INK, TEXT, GROUND, PATH, DOWN = (COLOURS[name].light for name in ("ink", "text", "ground", "path", "down"))
ROUTER, HOST, FAINT = (COLOURS[name].light for name in ("router", "host", "faint"))
STYLE: Any = {"svg.fonttype": "none", "svg.hashsalt": "netlearn", "font.family": "sans-serif", "font.size": 12}


@dataclass(frozen=True, slots=True)
class Plot:
    """A matplotlib figure, and what it shows in words."""

    figure: Figure
    words: str

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
        return str(element("figure", framed(source, self.words), class_="netlearn-figure"))


def network(
    topology: Topology, source: str, destination: str, cut: Sequence[str] = (), down: Sequence[str] = ()
) -> Plot:
    """The network with its metrics, what has failed in it, and every shortest path from source to destination.

    `cut` names links, `down` nodes. The width of a path is the share of the flows that it carries.
    """
    case = explorer.Case(topology, source, destination, cut, down)
    explorer.check(case)
    found = explorer.answer(case)
    figure, axes = _axes(WIDTH / 100, lay_out(topology).height / 100)
    draw_network(axes, case, found)
    return Plot(figure, explorer.words(case, found))


def draw_network(axes: Axes, case: explorer.Case, found: explorer.Answer) -> None:
    """Draw a case and its answer into axes of one's own."""
    layout = lay_out(case.topology)
    axes.set(xlim=(0, layout.width), ylim=(layout.height, 0), aspect="equal")
    axes.axis("off")
    for link in found.whole.links:
        share = sum(part for (_, _, name), part in found.carried.items() if name == link.name)
        dead = link.name in case.cut or {link.a, link.b} & {*case.down}
        curve = layout.links[link.name]
        x, y = zip(*(curve.at(step / 16) for step in range(17)), strict=True)
        if share:
            axes.plot(x, y, color=PATH, linewidth=4 + 10 * share, alpha=0.25, solid_capstyle="round", zorder=1)
        colour = DOWN if link.name in case.cut else PATH if share else INK
        axes.plot(x, y, color=colour, linewidth=2.5 if share else 1.4, linestyle=":" if dead else "-", zorder=2)
        middle, near_a, near_b = metric_points(curve)
        if link.name in case.cut:
            axes.plot(*middle, marker="x", color=DOWN, markersize=12, markeredgewidth=3, zorder=4)
        elif link.metric == link.metric_back:
            _chip(axes, middle, link.metric)
        else:
            _chip(axes, near_a, link.metric)
            _chip(axes, near_b, link.metric_back)
    _nodes(axes, case, layout)


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

    `seed` gives each router its own share in the flow hash, its name unless said; the same for all polarises.
    """
    if count < 1:
        raise BadNetwork(f"the number of flows is 1 or more, not {count}")
    after = topology.without(*map(LinkDown, cut), *map(NodeDown, down)).addressed()
    fibs, seeds = converged_fibs(after), {node.name: seed(node.name) for node in after.nodes}
    ways: dict[str, int] = {" → ".join(path): 0 for path in first_paths(after, source, destination, 12)}
    for number in range(1, count + 1):
        taken = walk(fibs, Packet(flow_between(after, source, destination, number)), source, seeds)
        way = " → ".join(taken.nodes)
        ways[way] = ways.get(way, 0) + 1
    figure, axes = _axes(8, 0.9 + 0.55 * len(ways))
    bars = axes.barh(list(ways), list(ways.values()), color=PATH, height=0.6)
    axes.bar_label(bars, padding=5, color=TEXT)
    axes.invert_yaxis()
    axes.set_xlim(0, max(ways.values()) * 1.12)
    axes.tick_params(colors=TEXT, length=0, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    axes.set_title(f"Flows on each way, of {count}", loc="left", color=TEXT, fontsize=13, fontweight="bold")
    return Plot(figure, f"Of {count} flows: {listed(f'{many} go {way}' for way, many in ways.items())}.")


def _axes(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure apart from pyplot's: nothing has to be closed, and a notebook does not show it twice."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, height or HEIGHT / 100), layout="constrained")
        return figure, figure.subplots()


def _chip(axes: Axes, place: tuple[float, float], metric: int) -> None:
    box = {"boxstyle": "round,pad=0.25", "facecolor": GROUND, "edgecolor": FAINT}
    axes.text(*place, str(metric), ha="center", va="center", color=TEXT, bbox=box, zorder=3)


def _nodes(axes: Axes, case: explorer.Case, layout: Layout) -> None:
    for node in case.topology.nodes:
        place, is_down = layout.nodes[node.name], node.name in case.down
        shape = {"router": "circle,pad=0.45", "host": "round,pad=0.55", "lan": "square,pad=0.3"}[node.kind]
        box = {
            "boxstyle": shape,
            "facecolor": GROUND if is_down else HOST if node.kind == "host" else ROUTER,
            "edgecolor": DOWN if is_down else INK,
            "linestyle": "--" if is_down else "-",
        }
        axes.text(place.x, place.y, node.name, ha="center", va="center", color=TEXT, weight="bold", bbox=box, zorder=5)
        if is_down:
            axes.plot(place.x, place.y, marker="x", color=DOWN, markersize=30, markeredgewidth=2.5, alpha=0.5, zorder=6)
