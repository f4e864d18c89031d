"""Who can reach this door: a listener bound to one address or many, and who gets in from inside, the LAN and beyond.

Each asker dials every address of the laptop that it could know. `netlearn.host.dial` says what becomes of it.
"""

from collections.abc import Mapping
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.prose import capital
from netlearn.drawing.shapes import box, crossing, end_mark, moved, named_box, svg, text, through
from netlearn.drawing.signs import ring
from netlearn.drawing.still import sideways
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import WAIT, button, live, paragraph, pictured, prediction, title, toggle
from netlearn.figures.reach.scene import ASKERS, BOUND, PLACES, UNIX, Attempt, Scene, attempts, claim, reason, words
from netlearn.host.laptop import LAN4, LAN6, ME, PORT
from netlearn.host.travel import Where

HINT = f"A TCP door on port {PORT}; no firewall, and a router that forwards. The laptop is {LAN4} and {LAN6}."
UNTOLD = "The laptop, its LAN and the far host. The list below says who gets in."  # a guess comes first
WIDTH, HEIGHT, TOP = 720, 300, 24

# The way of each asker to the door, and where a way that fails ends: by the host and the place of its last step.
WAYS = {
    "inside": ((110, 128), (110, 214)),
    "LAN": ((482, 98), (428, 98), (428, 232), (282, 232)),
    "beyond": ((590, 252), (282, 252)),
}


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """All of it in words and a picture, for where nothing runs, and every other door."""
    found, said = attempts(scene.bound), words(scene.bound)
    return pictured(claim(scene.bound, found), drawing(scene.bound, found, said), said, still_table())


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
    return live(None, *parts, class_="nl-reaching")


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


def drawing(bound: str, found: Mapping[str, Attempt], label: str = "") -> Element:
    """The machine, its LAN and what lies beyond, with the way of everyone who asks."""
    parts = [
        box(12, 34, 330, 280, "nl-host", rx=14),
        text(177, 54, "this laptop", "nl-strong"),
        element("path", d="M356 242L470 242", class_="nl-line"),
        element("path", d="M428 98L482 98", class_="nl-line"),
        element("path", d="M530 242L590 242", class_="nl-line"),
        element("rect", x=423, y=70, width=10, height=230, rx=5, class_="nl-lan-bar"),
        text(428, 54, "LAN", "nl-small"),
        *(_way(place, found[place]) for place in ASKERS),
        element("circle", cx=110, cy=170, r=19, class_="nl-ground"),
        element("g", ring(110, 170), key="lo", class_="nl-signs" + (" nl-unused" if bound == UNIX else "")),
        box(24, 78, 176, 50, "nl-asker"), text(112, 95, "a program"), text(112, 114, "inside", "nl-small"),
        box(24, 214, 258, 56, "nl-door-box"), text(153, 231, "the door", "nl-strong"),
        text(153, 253, _label(bound), "nl-small", key="label"),
        *named_box(312, 222, 58, 40, "nl-nic", "eth0", "nl-small"),
        box(482, 72, 150, 52, "nl-asker"), text(557, 89, "neighbour"), text(557, 108, "192.0.2.20", "nl-small"),
        element("circle", cx=500, cy=242, r=32, class_="nl-shape"), text(500, 242, "router", "nl-small"),
        box(590, 216, 122, 52, "nl-asker"), text(651, 233, "far host"), text(651, 252, "198.51.100.99", "nl-small"),
        *(_lamp(place, found[place]) for place in ASKERS),
    ]  # fmt: skip
    return svg(parts, WIDTH, HEIGHT, "nl-net nl-machine", label or UNTOLD, top=TOP)


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
    return element("g", line, end, class_="nl-answer")


def _state(attempt: Attempt) -> str:
    return "nl-gets-in" if attempt.gets_in else "nl-fails"


def _broken(place: str, attempt: Attempt) -> list[tuple[int, int]]:
    """The way as far as the packet came: to the laptop, to its card, or not even away."""
    points = [*WAYS[place]]
    end = attempt.failed.end if attempt.failed else None
    if end is None or end.host == ASKERS[place]:  # it never left, or there was nothing to dial
        x, y = points[0]
        return [(x, y), (x - 24, y)]
    at = 450 if end.host != ME else 298 if end.where is Where.SOCKET else 390
    return [*points[:-1], (at, points[-1][1])]


def _lamp(place: str, attempt: Attempt) -> Element:
    x, y = {"inside": (200, 78), "LAN": (632, 72), "beyond": (702, 214)}[place]
    sign = "M-7 0L-2 6L8 -6" if attempt.gets_in else crossing(0, 0, 6)
    ground = element("circle", cx=x, cy=y, r=15, class_="nl-lamp-ground")
    tick = element("path", d=sign, transform=moved(x, y), key=("tick", place))
    return element("g", ground, tick, key=("lamp", place), class_=f"nl-answer nl-lamp {_state(attempt)}")
