"""Who can reach this door: a listener bound to one address or many, and who gets in from inside, the LAN and beyond.

Each asker dials every address of the laptop that it could know. `netlearn.host.dial` says what becomes of it.
"""

from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.prose import capital
from netlearn.drawing.still import image, sideways
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import WAIT, button, paragraph, prediction, title, toggle
from netlearn.figures.reach.drawing import drawing
from netlearn.figures.reach.scene import ASKERS, BOUND, PLACES, Attempt, Scene, attempts, claim, reason, words
from netlearn.host.laptop import LAN4, LAN6, PORT

HINT = f"A TCP door on port {PORT}; no firewall, and a router that forwards. The laptop is {LAN4} and {LAN6}."


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """All of it in words and a picture, for where nothing runs, and every other door."""
    bound, sentence = scene.bound, words(scene.bound)
    return (
        paragraph(claim(bound, attempts(bound)), "nl-title"),
        image(drawing(bound, attempts(bound), sentence), sentence),
        paragraph(sentence, "nl-say"),
        still_table(),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: what the door is bound to, a prediction, the picture, and why."""
    bound, found = scene.bound, attempts(scene.bound)
    parts = [
        _choices(bound),
        *([question] if question else []),
        title(claim(bound, found)),
        sideways(drawing(bound, found)),
        WAIT,
        element("ul", *(_why(place, bound, found[place]) for place in ASKERS), class_="nl-whys", data_part="whys"),
        paragraph(HINT, "nl-hint"),
    ]
    return element("div", *parts, class_="nl-reaching")


def _choices(bound: str) -> Element:
    """What the door is bound to: radio buttons, which the arrow keys go through."""
    choices = []
    for each, what in BOUND.items():
        radio = element("input", type="radio", name="bound", value=each, checked=each == bound)
        name = element("span", element("code", each), element("small", what))
        choices.append(element("label", radio, name, class_="nl-choice"))
    return element("fieldset", element("legend", "The door is bound to"), element("div", *choices), class_="nl-bounds")


def guesses(name: str) -> Element:
    """Three guesses for whatever is chosen, and a way past them."""
    places = (toggle(capital(PLACES[place]), data_guess=place) for place in ASKERS)
    ahead = button("Show who gets in", "show", "nl-go"), button("Skip the predictions", "skip", "nl-quiet")
    return prediction(
        element("p", "Who will get in? Choose all that will, then look.", data_part="question"),
        element("div", *places, *ahead, class_="nl-options"),
        element("p", class_="nl-verdict", role="status", data_part="verdict"),
        data_prediction=name,
    )


def _why(place: str, bound: str, attempt: Attempt) -> Element:
    sign, gets_in = ("✓", "yes") if attempt.gets_in else ("✗", "no")
    mark = element("span", sign, key=("sign", place), class_="nl-sign", aria_hidden="true")
    who = element("b", f"{capital(PLACES[place])}: ")
    why = element("span", reason(place, bound, attempt), key=("why", place))
    data = {"class_": f"nl-{gets_in}", "data_place": place, "data_in": gets_in}
    return element("li", mark, " ", who, why, key=("item", place), **data)


def still_table() -> Element:
    """Every door and who gets in, as a table."""
    rows = (
        row(f"{bound} ({what})", *("✓ yes" if each.gets_in else "✗ no" for each in attempts(bound).values()))
        for bound, what in BOUND.items()
    )
    heads = ("Bound to", *map(capital, PLACES.values()))
    return panel("Who gets in, by what the door is bound to", heads, rows, wide=True)
