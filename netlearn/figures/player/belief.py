"""What one router believes at a moment, beside the truth."""

from typing import Any

from netlearn.drawing.markup import Element, View, difference, element, key_of, keyed
from netlearn.drawing.prose import link_label, listed
from netlearn.drawing.tables import row, table
from netlearn.figures.common.controls import paragraph
from netlearn.figures.run.story import Story
from netlearn.routing.rib import Route


def _names(route: Route | None) -> str:
    if route is None:
        return "no route"
    return "itself" if route.local else listed([hop.node for hop in route.next_hops], "or")


def beliefs(story: Story, node: str, first: View) -> list[list[Any]]:
    """The node's panel and the old links in its map: from which moment on, and what then differs from the beginning."""
    told: list[list[Any]] = []
    last: View | None = None
    for place, moment in enumerate(story.moments):
        panel = keyed(belief_panel(story, node, moment.time_us))
        now = difference({key: first[key] for key in panel}, panel)
        for link in _imagined(story, node, moment.time_us):
            now[key_of("old", link)] = {"class": "nl-believed"}
        if now != last:
            told.append([place, now])
        last = now
    return told


def _imagined(story: Story, node: str, at_us: int) -> list[str]:
    """The links in a node's map that do not work any more."""
    router = story.trace.router(node, at_us)
    if router is None:
        return []
    believed = router.lsdb.topology()
    true = story.true_topology(at_us)
    own = {arc.link for arc in story.trace.topology.arcs(node)} - router.full
    return [link.name for link in believed.links if not true.has_link(link.name) and link.name not in own]


def belief_panel(story: Story, node: str, at_us: int) -> Element:
    """What one node believes, beside the truth: the old links in its map, and its next hop for everybody."""
    topology = story.trace.topology
    router = story.trace.router(node, at_us)
    imagined = [link_label(topology.link(name)) for name in _imagined(story, node, at_us)]
    if router is None:
        state = f"{node} is down. It believes nothing, and nobody hears that from itself."
    elif imagined:
        state = f"Still in its map, though no longer true: {listed(imagined)} (dashed in the picture)."
    else:
        state = "Its map is true."
    rows = []
    for other in story.nodes:
        if router is None:
            cells = ("–", "–")
        elif other == node:
            cells = ("itself", "itself")
        else:
            held = story.fib(node, at_us).lookup(story.address(other))
            cells = _names(held), _names(story.true_route(node, at_us, other))
        right = "nl-right" if cells[0] == cells[1] else "nl-wrong"
        rows.append(row(other, *cells, changing=("belief", other), key=("belief", other), class_=right))
    return element(
        "div",
        paragraph(f"What {node} believes now", "nl-panel-title", key="belief-title"),
        paragraph(state, "nl-panel-state", key="belief-state"),
        table(("For", "Its table says", "If it knew all"), rows),
        class_="nl-panel nl-belief",
    )
