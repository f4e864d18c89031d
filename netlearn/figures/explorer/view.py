"""The figure of the first case: cut links, take routers down, change metrics, and see every shortest path.

`view` is the whole logic: from what the reader set to everything that is shown. It runs in a notebook's kernel and,
by the same lines, in the reader's browser.
"""

from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.still import image
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.metrics import metric_table
from netlearn.figures.explorer.drawing import drawing
from netlearn.figures.explorer.scene import Found, Scene, find, outgoing
from netlearn.figures.explorer.words import claim, flow_in_words, names_of, words


def view(**state: Any) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    return show(Scene(**state))


def show(scene: Scene) -> View:
    """The same from the scene."""
    return keyed(body(scene))


def still(scene: Scene) -> tuple[Element, ...]:
    """All of it in words and a picture, for where nothing runs."""
    found = find(scene)
    return (
        element("p", claim(scene, found), class_="nl-title"),
        image(drawing(scene, found, live=False), words(scene, found)),
        element("p", words(scene, found), class_="nl-say"),
        element("p", flow_in_words(scene, found), class_="nl-flow-say"),
        next_hop_table(scene, found),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: drawing, controls, words and tables."""
    found = find(scene)
    parts = [
        *([question] if question else []),
        title(scene, found),
        element(
            "p",
            "Click a cable to cut it, a router to take it down. Or use the arrow keys and Enter.",
            class_="nl-hint",
        ),
        element("div", drawing(scene, found, live=True), class_="nl-scroll"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        _controls(scene),
        element("p", class_="nl-problem", role="alert", data_part="problem"),
        say(scene, found),
        say_flow(scene, found),
        element("div", next_hop_table(scene, found), metric_table(found.whole), class_="nl-panels"),
    ]
    return element("div", *parts, class_="nl-explorer")


def title(scene: Scene, found: Found) -> Element:
    """What the picture claims."""
    return element("p", claim(scene, found), key="title", class_="nl-title")


def say(scene: Scene, found: Found) -> Element:
    """The result, spoken politely when it changes."""
    return element("p", words(scene, found), key="say", class_="nl-say", aria_live="polite")


def say_flow(scene: Scene, found: Found) -> Element:
    """The chosen flow's way, and why."""
    return element("p", flow_in_words(scene, found), key="flow-say", class_="nl-flow-say")


def next_hop_table(scene: Scene, found: Found) -> Element:
    """Each router's own answer: how far the destination is, to whom it hands over, what passes through it."""
    rows = []
    for router in found.whole.routers:
        hops = names_of(found.next_hops(router, scene.destination))
        metric = found.roots[router].distance.get(scene.destination) if router in found.roots else None
        passing = sum(share for node, _, share in outgoing(found) if node == router)
        cells = (
            "–" if metric is None else str(metric),
            "down" if router in scene.down else " or ".join(hops) if hops else "no route",
            f"{passing:.0%}" if passing else "–",
        )
        tied = "nl-tied" if len(hops) > 1 else "nl-untied"
        rows.append(row(router, *cells, changing=("cell", router), key=("row", router), class_=tied))
    heads = ("Router", f"Metric to {scene.destination}", "Next hop", "Flows")
    return panel(f"Where each router hands over what is for {scene.destination}", heads, rows, "nl-hops")


def _controls(scene: Scene) -> Element:
    flow = element(
        "label",
        "Flow ",
        element(
            "input", key="flow", type="number", min=1, max=64, value=scene.flow, data_set="flow", aria_label="flow"
        ),
    )
    return element(
        "div",
        flow,
        element("button", "Send it again", type="button", data_do="send"),
        element("button", "Reset", type="button", data_do="reset"),
        class_="nl-controls",
    )
