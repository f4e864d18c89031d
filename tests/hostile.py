"""One network whose names trip whoever joins names without escaping, and every figure that takes a network, with it.

The names hold what separates names (blanks, colons, arrows), what markup and selectors are made of, what a figure's own
parts are called, what JavaScript's objects have from birth, and what prose consists of.
"""

from collections.abc import Callable

from netlearn import Link, Node, Topology
from netlearn.widgets import (
    Anycast,
    Explorer,
    Loopbacks,
    NameTheBox,
    Player,
    Prediction,
    Sandbox,
    WayPrediction,
    WhatIf,
    Widget,
)

SOURCE, DESTINATION = "New York", "the one over there"
LONG = "long " * 39 + "names"  # 200 letters
ROUTERS = (
    *("loopback", "state", "title", "a b", "x:y", "y", "R1>R2", '"', "<b>", 'A data-key="B"', "B", "#", "🛰️🌍"),
    *(LONG, "__proto__", "constructor", "Washington, DC", "Isle of Man", "a → b", "50%3A", "\\", "[data-key=say]"),
)
NODES = (SOURCE, *ROUTERS, DESTINATION)

# A ring of all routers, its cables named like parts of a figure, like nodes and like one another, and a few short cuts.
RING = (
    *("loopback", "state", "title", "L:x", "L", "a b", "x:y", "R1>R2", '"', "<b>", 'A data-key="B"', "#", "🛰️🌍", LONG),
    *("__proto__", "constructor", "say", "way", "both", "a → b", "50%3A", "\\"),
)
SHORT_CUTS = (("loopback", "x:y"), ("state", "__proto__"), ("a b", "constructor"), (LONG, "#"))


def hostile() -> Topology:
    """The network: a host at each of two routers, the routers in a ring with short cuts."""
    around = zip(ROUTERS, (*ROUTERS[1:], ROUTERS[0]), RING, strict=True)
    links = [
        Link(SOURCE, "loopback"),
        *(Link(a, b, 1, 1, name) for a, b, name in around),
        *(Link(a, b, 2) for a, b in SHORT_CUTS),
        Link("[data-key=say]", DESTINATION, 1, 1, "[data-key=say]"),
        Link("constructor", DESTINATION, 1, 1, DESTINATION),
    ]
    return Topology((Node(SOURCE, "host"), *map(Node, ROUTERS), Node(DESTINATION, "host")), tuple(links)).addressed()


def asked(**sets: object) -> Prediction:
    """A prediction about a cut cable, whose answers are such names, too."""
    return Prediction("hostile", "Which way?", {name: f"So you say: {name}." for name in NODES}, ("state",), sets=sets)


FIGURES: dict[str, Callable[[], Widget]] = {
    "explorer": lambda: Explorer(hostile(), SOURCE, DESTINATION, predict=asked()),
    "player": lambda: Player(
        hostile(),
        SOURCE,
        DESTINATION,
        cut=["state"],
        focus="__proto__",
        predict=WayPrediction("hostile-way", "Which way?", feedback={"right": "Right.", "": "Wrong."}),
    ),
    "anycast": lambda: Anycast(hostile(), SOURCE, ("title", "a → b"), address="192.0.2.150", predict=asked()),
    "loopbacks": lambda: Loopbacks(hostile(), "loopback", holders=("title", "a → b"), asker=SOURCE),
    "box": lambda: NameTheBox(hostile(), "loopback", SOURCE, predict=asked()),
    "what_if": lambda: WhatIf(hostile(), predict=asked()),
    "sandbox": lambda: Sandbox(hostile()),
}
