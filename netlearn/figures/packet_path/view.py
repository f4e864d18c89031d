"""The path of a packet through one machine: which table it meets, whether it takes `lo` or the card, who gets it.

`netlearn.host.dial` finds the way and says why at each step; here each step has its place in the picture. The way there
is drawn whole, the way back dashed, and where a packet ends there is a cross.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed, number
from netlearn.drawing.shapes import through
from netlearn.drawing.still import slim
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import abreast, button, field, folded, live, options, paragraph, title
from netlearn.figures.packet_path.drawing import UNTOLD, above, drawing, legs_of
from netlearn.figures.packet_path.scene import (
    CHOICES,
    CLIENTS,
    Scene,
    asked_in_words,
    asks,
    before,
    claim,
    find,
    in_order,
    listening,
    said,
    short,
    words,
)
from netlearn.host.dial import Answer
from netlearn.host.laptop import PORT

MOST_STEPS = 20


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """The first moment, for where nothing runs: who dials whom, and nothing of the way."""
    drawn = drawing(scene, find(scene), UNTOLD, untold=True)
    return slim(drawn, asked_in_words(scene)), paragraph(before(scene), "nl-say")


def told(scene: Scene) -> tuple[Element, ...]:
    """The whole way in words and a picture, for where nothing runs, and what else could be."""
    answer = find(scene)
    sentence = words(scene, answer)
    steps = (element("li", said(answer, index)) for index in in_order(answer))
    return (
        paragraph(claim(scene, answer), "nl-title"),
        slim(drawing(scene, answer, sentence), sentence),
        element("ol", *steps, class_="nl-way-steps"),
        still_table(scene),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: a question, what the reader sets, the picture, and the way step by step."""
    answer = find(scene)
    steppers = (
        button("◀ Back", "back"),
        button("Next ▶", "next", "nl-go"),
        button("Whole way", "whole", aria_pressed="false"),
    )
    steps = (
        element("div", *steppers, class_="nl-controls", role="group", aria_label="Steps"),
        element("p", class_="nl-step-now", role="status", data_part="now"),
        paragraph("", "nl-changed-way", data_part="changes", role="status"),
        folded("The steps so far, in words", element("ol", *_steps(answer), class_="nl-way-steps")),
        _legend(),
    )
    settings = element(
        "div", *(_choice(name, getattr(scene, name)) for name in CHOICES), class_="nl-controls nl-filters"
    )
    return live(
        question,
        title(claim(scene, answer), asks(scene)),
        abreast(drawing(scene, answer), *steps, settings),
        class_="nl-packet-path nl-asking nl-stepping",
        role="group",
        aria_label="The path of a packet",
    )


LABELS = {
    "client": "A program on",
    "dialled": f"dials, at port {PORT},",
    "listens": "The laptop’s server listens on",
    "lo": "The laptop’s lo is",
    "eth0": "The laptop’s eth0 is",
}


def _choice(name: str, chosen: str) -> Element:
    spoken = name in ("client", "lo", "eth0")  # the others are addresses, which stand before what they are
    named = {value: words if spoken else f"{value} ({words})" for value, words in CHOICES[name].items()}
    return field(LABELS[name], element("select", *options(named, chosen), data_set=name))


def _steps(answer: Answer) -> Iterator[Element]:
    """A line for each step, with what the picture shows once it is taken; the lines that are not needed are hidden."""
    legs, order = legs_of(answer), in_order(answer)
    assert len(order) <= MOST_STEPS, len(order)
    for place in range(MOST_STEPS):
        if place >= len(order):
            yield element("li", "", key=("step", place), hidden=True, data_way="", data_at="", data_leg="")
            continue
        index = order[place]
        back = index >= len(answer.there)
        way, at = through(legs[index]), " ".join(map(number, above(legs[index][-1])))
        class_ = " ".join(filter(None, ("nl-back" if back else "", "nl-ends" if answer.steps[index].end else "")))
        data = {"class_": class_ or None, "data_way": way, "data_at": at, "data_leg": "back" if back else "there"}
        yield element("li", said(answer, index), key=("step", place), **data)


def _legend() -> Element:
    small: dict[str, Any] = {"viewBox": "0 0 40 16", "width": 40, "height": 16, "class_": "nl-net nl-machine nl-icon"}
    keys = []
    for class_, told in (("nl-way-there", "the way there"), ("nl-way-back", "the way back")):
        way = element("path", d="M2 8L38 8", class_=f"nl-packet-way {class_}")
        keys.append(element("span", element("svg", way, **small, aria_hidden="true"), told, class_="nl-key"))
    return element("div", *keys, element("span", "✗ here it ends", class_="nl-key"), class_="nl-legend")


def still_table(scene: Scene) -> Element:
    """What becomes of every address from either machine, also with an interface down: for where nothing runs."""
    states = {"all up": {}, "the laptop’s lo down": {"lo": "down"}, "the laptop’s cable pulled": {"eth0": "no carrier"}}
    names = [f"from {host}, {state}" for host in CLIENTS.values() for state in states]
    rows = []
    for dialled, what in CHOICES["dialled"].items():
        scenes = (
            replace(scene, client=client, dialled=dialled, **{"lo": "up", "eth0": "up"} | state)
            for client in CLIENTS
            for state in states.values()
        )
        rows.append(row(f"{dialled} ({what})", *(short(find(each)) for each in scenes)))
    servers = f"on the laptop {listening(scene)}, on the neighbour a server listens on 0.0.0.0:{PORT}"
    return panel(f"What else could be: {servers}", ("Dialled", *names), rows, wide=True)
