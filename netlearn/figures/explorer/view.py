"""The figure of the first case: cut links, take routers down, change metrics, and see every shortest path."""

from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.prose import listed
from netlearn.drawing.still import whole
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.changed import changes, compared
from netlearn.figures.common.controls import (
    PROBLEM,
    WAIT,
    button,
    folded,
    live,
    number_input,
    paragraph,
    pictured,
    title,
)
from netlearn.figures.common.metrics import first_metrics, metric_fold
from netlearn.figures.explorer.scene import Found, Scene, claim, find, flow_in_words, names_of, tie, words
from netlearn.routing.forwarding import links_of

HINT = "Press a cable to cut it, a router to take it down. Or use the arrow keys and Enter."
SIGNS = (
    "Blue is every shortest path from {0}; the pale band is as wide as the share of the flows that takes it. A small "
    "arrow at a router says: what is for {1}, I hand over here (grey where no flow comes by). Green dots are the way "
    "of one flow. A label says tie where flows are shared out. A bold edge: a metric that you changed, or a label that "
    "is new. Pale dashes and hollow arrows: what it was before the last change."
)
STATES = {"down": "now down", "no route": "no route any more"}  # what stands in the place of next hops


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    drawn, flow = drawing(scene, found, live=False), paragraph(flow_in_words(scene, found), "nl-flow-say")
    return pictured(claim(scene, found), drawn, words(scene, found), flow, next_hop_table(scene, found))


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: drawing, controls, words and tables."""
    found = find(scene)
    flow = number_input(1, 64, scene.flow, key="flow", data_set="flow", aria_label="flow")
    sent = element("label", "Flow ", flow), button("Send it again", "send")
    return live(
        question,
        title(claim(scene, found)),
        whole(drawing(scene, found, live=True)),
        changes(HINT),
        element("div", *sent, class_="nl-controls"),
        WAIT,
        PROBLEM,
        paragraph(words(scene, found), "nl-say", key="say", aria_live="polite"),
        paragraph(flow_in_words(scene, found), "nl-flow-say", key="flow-say"),
        folded("Next hops of all routers", next_hop_table(scene, found)),
        metric_fold(scene.topology, scene.metrics),
        folded("What the signs mean", paragraph(SIGNS.format(scene.source, scene.destination), "nl-hint")),
        class_="nl-explorer",
    )


def drawing(scene: Scene, found: Found, live: bool, followed: bool = True) -> Element:
    """The network, with what failed, what carries the flows, where ties are, and the way of the `followed` flow."""
    tied = {node: found.next_hops(node) for node, _, _ in found.carried}
    marks = Marks(
        cut=frozenset(scene.cut),
        down=frozenset(scene.down),
        shares=found.on_links(),
        next_hops={node: route.next_hops for node, route in found.routes.items()},
        notes={node: tie(names_of(hops)) for node, hops in tied.items() if len(hops) > 1},
        way=tuple(links_of(found.after, found.walk.hops if found.walk and followed else ())),
        metrics=first_metrics(scene.topology, scene.metrics),
        named=frozenset({scene.source, scene.destination}),
    )
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network from {scene.source} to {scene.destination}. {keys}"
    return draw(found.whole, marks, live=live, label=label if live else words(scene, found))


def next_hop_table(scene: Scene, found: Found) -> Element:
    """Each router's own answer: how far the destination is, to whom it hands over, what passes through it."""
    rows = []
    for router in found.whole.routers:
        hops = names_of(found.next_hops(router))
        metric = found.routes[router].metric if router in found.routes else None
        passing = found.passing(router)
        cells = (
            "–" if metric is None else str(metric),
            "down" if router in scene.down else listed(hops) if hops else "no route",
            f"{passing:.0%}" if passing else "–",
        )
        tied = "nl-tied" if len(hops) > 1 else "nl-untied"  # an attribute that comes and goes would stay in a page
        rows.append(row(router, *cells, changing=("cell", router), key=("row", router), class_=tied))
    heads = ("Router", f"Metric to {scene.destination}", "Next hop", "Flows")
    table = panel(f"Where each router hands over what is for {scene.destination}", heads, rows, "nl-hops")
    return compared(table, 1, STATES)
