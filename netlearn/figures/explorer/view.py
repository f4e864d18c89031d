"""The figure of the first case: cut links, take routers down, change metrics, and see every shortest path.

`view` is the whole logic: from what the reader set to everything that is shown. It runs in a notebook's kernel and,
by the same lines, in the reader's browser.
"""

from collections.abc import Sequence
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.tables import head_row
from netlearn.figures.common.metrics import metric_table
from netlearn.figures.explorer.drawing import drawing
from netlearn.figures.explorer.scene import Answer, Case, answer, outgoing, plain_case
from netlearn.figures.explorer.words import claim, flow_in_words, names_of, words


def view(
    network: dict[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    metrics: Sequence[Sequence[Any]],
    flow: int,
) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    return keyed(body(plain_case(network, source, destination, cut, down, metrics, flow)))


def body(case: Case, hint: str = "", question: Element | None = None) -> Element:
    """The live figure: drawing, controls, words and tables."""
    found = answer(case)
    parts = [
        *([question] if question else []),
        title(case, found),
        element(
            "p",
            hint or "Click a cable to cut it, a router to take it down. Or use the arrow keys and Enter.",
            class_="nl-hint",
        ),
        element("div", drawing(case, found, live=True), class_="nl-scroll"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        _controls(case),
        element("p", class_="nl-problem", role="alert", data_part="problem"),
        say(case, found),
        say_flow(case, found),
        element("div", next_hop_table(case, found), metric_table(found.whole), class_="nl-panels"),
    ]
    return element("div", *parts, class_="nl-explorer")


def title(case: Case, found: Answer) -> Element:
    """What the picture claims."""
    return element("p", claim(case, found), key="title", class_="nl-title")


def say(case: Case, found: Answer) -> Element:
    """The result, spoken politely when it changes."""
    return element("p", words(case, found), key="say", class_="nl-say", aria_live="polite")


def say_flow(case: Case, found: Answer) -> Element:
    """The chosen flow's way, and why."""
    return element("p", flow_in_words(case, found), key="flow-say", class_="nl-flow-say")


def next_hop_table(case: Case, found: Answer) -> Element:
    """Each router's own answer: how far the destination is, to whom it hands over, what passes through it."""
    head = element("thead", head_row("th", ("Router", f"Metric to {case.destination}", "Next hop", "Flows")))
    rows = []
    for router in found.whole.routers:
        hops = names_of(found.next_hops(router, case.destination))
        metric = found.roots[router].distance.get(case.destination) if router in found.roots else None
        passing = sum(share for node, _, share in outgoing(found) if node == router)
        cells = (
            "–" if metric is None else str(metric),
            "down" if router in case.down else " or ".join(hops) if hops else "no route",
            f"{passing:.0%}" if passing else "–",
        )
        row = [element("th", router, scope="row")]
        row += [element("td", text, key=("cell", router, column)) for column, text in enumerate(cells)]
        rows.append(element("tr", *row, key=("row", router), class_="nl-tied" if len(hops) > 1 else "nl-untied"))
    caption = element("caption", f"Where each router hands over what is for {case.destination}")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-hops")


def _controls(case: Case) -> Element:
    flow = element(
        "label",
        "Flow ",
        element("input", key="flow", type="number", min=1, max=64, value=case.flow, data_set="flow", aria_label="flow"),
    )
    return element(
        "div",
        flow,
        element("button", "Send it again", type="button", data_do="send"),
        element("button", "Reset", type="button", data_do="reset"),
        class_="nl-controls",
    )
