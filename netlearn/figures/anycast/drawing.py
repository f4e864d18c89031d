"""Whose packets reach which instance of an anycast address, once every table fits: what there is to say and to draw.

`Scene` is what the reader set, `Found` what follows. How it comes about in time is in
`netlearn.figures.anycast.run`, the whole figure in `netlearn.figures.anycast.view`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from netlearn.drawing.layout import lay_out, shortened
from netlearn.drawing.markup import Element
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.prose import listed
from netlearn.drawing.tables import panel, row
from netlearn.figures.anycast.rings import AROUND, plates, rings, tint
from netlearn.figures.anycast.scene import Found, Scene, parts_of
from netlearn.figures.anycast.words import shared, words
from netlearn.figures.common.controls import tick
from netlearn.figures.explorer.words import NOTE_LETTERS
from netlearn.network.topology import Topology
from netlearn.routing.anycast import Catchments

KEYS = "Arrow keys move between links and routers. Enter cuts or mends a link, and does to a router what is chosen."
# What can be done to a router: what it is called in the scene, in the table's head, and of a router.
SWITCHES = (
    ("at", "Has it", "has the address"),
    ("added", "Gets it", "gets the address as a change"),
    ("sick", "Dead service", "service is dead"),
    ("withdrawn", "Withdrawn", "does not announce it"),
    ("down", "Down", "is down"),
)
# What is said of a router in each state of the address.
SPOKEN = {
    "serving": ", has the address",
    "sick": ", has the address, its service is dead",
    "withdrawn": ", has the address, not announced",
    "": "",
}


def drawing(
    scene: Scene, found: Found, *, live: bool, under: tuple[Element, ...] = (), over: tuple[Element, ...] = ()
) -> Element:
    """The network with the catchments, once everything has settled."""
    marks = Marks(
        cut=frozenset(scene.cut),
        down=frozenset(scene.down),
        next_hops={node: route.next_hops for node, route in found.routes.items() if route},
    )
    label = words(scene, found)
    return picture(scene, found.whole, found.catchments, marks, live=live, label=label, under=under, over=over)


def picture(
    scene: Scene,
    whole: Topology,
    reached: Catchments,
    marks: Marks,
    *,
    live: bool,
    label: str,
    states: Mapping[str, str] | None = None,
    under: tuple[Element, ...] = (),
    over: tuple[Element, ...] = (),
) -> Element:
    """The network with who reaches whom, at any moment; `states` are those of the routers with the address."""
    if states is None:
        states = {router: scene.state(router) for router in whole.routers}
    parts = {node: parts_of(reached, node) for node in reached.shares if node not in marks.down}
    alarms = frozenset(node for node, shares in parts.items() if states.get(node) == "sick" or "" in dict(shares))
    fine = {node: shares for node, shares in parts.items() if node not in alarms}
    marks = replace(
        marks,
        notes={node: note(node, shares, states) for node, shares in parts.items()},
        tints={node: tint(whole, to[0][0]) if len(to) == 1 else "nl-split" for node, to in fine.items()},
        spoken={node: _spoken(states.get(node, ""), shares) for node, shares in parts.items()},
        alarms=alarms,
    )
    layout = lay_out(whole, AROUND)
    if live:
        label = f"Network with {scene.address} on {listed(scene.holders) if scene.holders else 'nobody'}. {KEYS}"
    under, over = (*rings(whole, layout, parts), *under), (*plates(whole, layout, states), *over)
    return draw(whole, marks, live=live, label=label, under=under, over=over, around=AROUND)


def note(node: str, parts: Sequence[tuple[str, Fraction]], states: Mapping[str, str]) -> str:
    """A few words beside a node: which instance, or how its flows are divided from left to right."""
    if len(parts) == 1:
        instance = parts[0][0]
        if instance == node:
            return "dead service" if states.get(node) == "sick" else "here"
        return f"to {shortened(instance, NOTE_LETTERS - 3)}" if instance else "to nobody"
    if len(parts) == 2:
        (first, part), (second, rest) = parts
        words = f"{first} {round(100 * part)}:{round(100 * rest)} {second or 'lost'}"
        return words if len(words) <= NOTE_LETTERS else "2 ways"
    return f"{len(parts)} ways"


def _spoken(state: str, parts: Sequence[tuple[str, Fraction]]) -> str:
    return SPOKEN[state] + (f", sends {shared(parts)}" if parts else "")


def table(scene: Scene, found: Found) -> Element:
    """Each node's own answer: which instance, how far, by whom."""
    rows = []
    for node in (each.name for each in found.whole.nodes if each.kind != "lan"):
        route = found.routes.get(node)
        goes = "down" if node in scene.down else "itself" if route and route.local else _briefly(found.parts(node))
        hops = [hop.node for hop in route.next_hops] if route else []
        cells = goes, str(route.metric) if route else "–", listed(hops, "or") if hops else "–"
        rows.append(row(node, *cells, changing=("cell", node)))
    caption = f"Where each node's packets for {scene.address} end"
    return panel(caption, ("Node", "Goes to", "Metric", "Next hop"), rows, "nl-reached")


def _briefly(parts: Sequence[tuple[str, Fraction]]) -> str:
    if len(parts) == 1:
        return parts[0][0] or "nobody"
    return ", ".join(f"{who or 'nobody'} {float(part):.0%}" for who, part in parts)


def switches(scene: Scene) -> Element:
    """Everything that can be done to a router, as switches."""
    rows = []
    for router in scene.topology.routers:
        ticks = (
            tick(router in getattr(scene, name), data_switch=name, data_of=router, aria_label=f"{router} {said}")
            for name, _, said in SWITCHES
        )
        rows.append(row(router, *ticks))
    return panel("Routers", ("Router", *(head for _, head, _ in SWITCHES)), rows)
