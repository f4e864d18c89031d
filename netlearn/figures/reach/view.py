"""Who can reach this door: a listener bound to one address or many, and who gets in from inside, the LAN and beyond.

Each asker dials every address of the laptop that it could know. `netlearn.host.dial` says what becomes of it.
"""

from collections.abc import Mapping
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.prose import capital
from netlearn.drawing.shapes import box, crossing, end_mark, moved, named_box, svg, text, through
from netlearn.drawing.signs import ring
from netlearn.drawing.still import slim
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import abreast, button, live, paragraph, prediction, title, toggle
from netlearn.figures.reach.scene import (
    ASKERS,
    BOUND,
    HINT,
    PLACES,
    UNIX,
    Attempt,
    Scene,
    asked_in_words,
    asks,
    attempts,
    claim,
    reason,
    words,
)
from netlearn.host.laptop import ME, PORT
from netlearn.host.travel import Where

UNTOLD = "The laptop, its LAN and the far host. The list below says who gets in."  # a guess comes first
WIDTH, HEIGHT = 336, 458  # as wide as a phone shows whole
DOOR = 198  # its lower edge

# The way of each asker to the door, and where a way that fails ends: by the host and the place of its last step.
WAYS = {
    "inside": ((100, 80), (100, 150)),
    "LAN": ((79, 334), (79, 295), (218, 295), (218, DOOR)),
    "beyond": ((254, 404), (254, DOOR)),
}


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """All of it in words and a picture, for where nothing runs, and every other door."""
    found, said = attempts(scene.bound), words(scene.bound)
    whys = element("ul", *(_why(place, scene.bound, found[place]) for place in ASKERS), class_="nl-whys")
    head = paragraph(claim(scene.bound, found), "nl-title")
    return head, slim(drawing(scene.bound, found, said), said), whys, still_table()


def first_moment(scene: Scene) -> tuple[Element, ...]:
    """Who asks for what, and nothing of what becomes of it."""
    said = asked_in_words(scene.bound)
    return slim(drawing(scene.bound, {}, said), said), paragraph(HINT, "nl-hint")


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: a prediction, what the door is bound to, the picture, and why."""
    bound, found = scene.bound, attempts(scene.bound)
    return live(
        question,
        title(claim(bound, found), asks(bound)),
        abreast(drawing(bound, found), _choices(bound), first=False),
        paragraph(HINT, "nl-hint"),
        element("ul", *(_why(place, bound, found[place]) for place in ASKERS), class_="nl-whys"),
        class_="nl-reaching",
    )


def _choices(bound: str) -> Element:
    """What the door is bound to: radio buttons, which the arrow keys go through."""
    choices = []
    for each, what in BOUND.items():
        radio = element("input", type="radio", name="bound", value=each, checked=each == bound)
        name = element("span", element("code", each), element("small", what))
        choices.append(element("label", radio, name, class_="nl-choice"))
    chosen = paragraph(f"{bound} is {BOUND[bound]}.", "nl-bound-to", key="bound")  # where there is no room for all
    return element(
        "fieldset", element("legend", "The door is bound to"), element("div", *choices), chosen, class_="nl-bounds"
    )


def guesses(name: str) -> Element:
    """Three guesses for whatever is chosen, and a way past them."""
    places = (toggle(capital(PLACES[place]), data_guess=place) for place in ASKERS)
    ahead = (
        button("Show who gets in", "show", "nl-go"),
        button("Guess again", "again", hidden=True),
        button("Skip the predictions", "skip", "nl-quiet"),
    )
    return prediction(
        element("p", "Who will get in? Choose all that will, then look."),
        element("div", *places, *ahead, class_="nl-options"),
        element("p", class_="nl-verdict", role="status", data_part="verdict", data_room=ROOM),
        data_prediction=name,
    )


ROOM = "None of the three is as you said. Look again at: inside this machine, on the same LAN and beyond the router."


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


def drawing(bound: str, found: Mapping[str, Attempt], label: str = "") -> Element:
    """The machine, its LAN and what lies beyond, with the way of everyone who is `found` to ask."""
    parts = [
        box(6, 6, 324, 238, "nl-host", rx=14),
        text(258, 28, "this laptop", "nl-strong"),
        element("path", d="M236 264L236 295", class_="nl-line"),
        element("path", d="M79 295L79 334", class_="nl-line"),
        element("path", d="M236 295L236 330M236 380L236 404", class_="nl-line"),
        element("rect", x=14, y=290, width=308, height=10, rx=5, class_="nl-lan-bar"),
        text(300, 316, "LAN", "nl-small"),
        *(_way(place, attempt) for place, attempt in found.items()),
        element("circle", cx=100, cy=112, r=18, class_="nl-ground"),
        element("g", ring(100, 112, 18), key="lo", class_="nl-signs" + (" nl-unused" if bound == UNIX else "")),
        box(20, 34, 160, 46, "nl-asker"), text(96, 48, "a program"), text(96, 67, "inside", "nl-small"),
        box(20, 150, 256, 48, "nl-door-box"), text(148, 164, "the door", "nl-strong"),
        text(148, 184, _label(bound), "nl-small", key="label"),
        *named_box(207, 224, 58, 40, "nl-nic", "eth0", "nl-small"),
        box(14, 334, 130, 48, "nl-asker"), text(79, 349, "neighbour"), text(79, 368, "192.0.2.20", "nl-small"),
        element("circle", cx=236, cy=355, r=28, class_="nl-shape"), text(236, 355, "router", "nl-small"),
        box(172, 404, 130, 48, "nl-asker"), text(237, 419, "far host"), text(237, 438, "198.51.100.99", "nl-small"),
        *(_lamp(place, attempt) for place, attempt in found.items()),
    ]  # fmt: skip
    return svg(parts, WIDTH, HEIGHT, "nl-net nl-machine", label or UNTOLD)


def _label(bound: str) -> str:
    if bound == UNIX:
        return f"unix {UNIX}"
    plain = bound.partition(" ")[0]
    host = f"[{plain}]" if ":" in plain else plain
    return f"tcp {host}:{PORT}" + (", IPv6 only" if "v6only" in bound else "")


def _way(place: str, attempt: Attempt) -> Element:
    """The asker's way: whole with an arrow, or broken off with a cross where it ends."""
    points = WAYS[place] if attempt.gets_in else _broken(place, attempt)
    state, mark = _state(attempt), end_mark(points, attempt.gets_in, 7)
    line = element("path", d=through(points), key=("way", place), class_=f"nl-reach-way {state}")
    end = element("path", d=mark, key=("mark", place), class_=f"nl-reach-mark {state}")
    return element("g", line, end, class_="nl-tells")


def _state(attempt: Attempt) -> str:
    return "nl-gets-in" if attempt.gets_in else "nl-fails"


def _broken(place: str, attempt: Attempt) -> list[tuple[int, int]]:
    """The way as far as the packet came: to the laptop, to its card, or not even away."""
    points = [*WAYS[place]]
    end = attempt.failed.end if attempt.failed else None
    if end is None or end.host == ASKERS[place]:  # it never left, or there was nothing to dial
        x, y = points[0]
        return [(x, y), (x, y - 16)]
    at = 316 if end.host != ME else DOOR + 13 if end.where is Where.SOCKET else 276
    return [*points[:-1], (points[-1][0], at)]


def _lamp(place: str, attempt: Attempt) -> Element:
    x, y = {"inside": (180, 38), "LAN": (144, 336), "beyond": (302, 406)}[place]
    sign = "M-7 0L-2 6L8 -6" if attempt.gets_in else crossing(0, 0, 6)
    ground = element("circle", cx=x, cy=y, r=15, class_="nl-lamp-ground")
    tick = element("path", d=sign, transform=moved(x, y), key=("tick", place))
    return element("g", ground, tick, key=("lamp", place), class_=f"nl-tells nl-lamp {_state(attempt)}")
