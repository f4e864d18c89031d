"""The network with what each failure would do, what the failures so far have done, and the ranking of the next."""

from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.network import Marks
from netlearn.drawing.still import whole
from netlearn.figures.common.controls import PROBLEM, WAIT, folded, live, paragraph, pictured, title
from netlearn.figures.what_if.heat import heated, ranking
from netlearn.figures.what_if.scene import Found, Scene, claim, find, words

HINT = "Press a cable to cut it, a router to take it down, and again to mend it. Or use the arrow keys and Enter."
KEYS = " Arrow keys move between links and routers, Enter cuts or mends."
ASKS = "Which cable would you worry about?"
SIGNS = (
    "The thicker a cable, or the rim of a router or a LAN, the longer all detours together if it fails: the label, as "
    "+34, adds up by how much the way of each pair would be longer. What is broken into pieces, with a filled label "
    "such as −10, is a single point of failure: so many pairs would have no way at all. A pair counts once in each "
    "direction."
)


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def first_moment(scene: Scene) -> tuple[Element, ...]:
    """The network, and nothing of what its failures would do: that is asked."""
    return pictured(ASKS, drawing(scene, None, live=False), _there(scene))


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    return (
        *pictured(claim(scene, found), drawing(scene, found, live=False), words(scene, found)),
        table(scene, found),
        paragraph(SIGNS, "nl-hint"),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: drawing, words, ranking."""
    found = find(scene)
    said = paragraph(words(scene, found), "nl-say", key="say", aria_live="polite")
    return live(
        question,
        title(claim(scene, found), ASKS),
        whole(drawing(scene, found, live=True)),
        paragraph(HINT, "nl-hint"),
        WAIT,
        PROBLEM,
        element("div", said, table(scene, found), class_="nl-next"),
        folded("What the signs mean", paragraph(SIGNS, "nl-hint")),
        class_="nl-what-if",
    )


def drawing(scene: Scene, found: Found | None, *, live: bool) -> Element:
    """The network with what has failed and, once that is told, how much each next failure would do."""
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down))
    label = (
        f"{_there(scene)} Arrow keys move between links and routers, Enter cuts or mends." if live else _there(scene)
    )
    return heated(scene.topology, found.next if found else (), marks, live=live, label=label)


def table(scene: Scene, found: Found) -> Element:
    """What weighs most of all that may fail next."""
    return ranking(scene.topology, found.next, "Pairs, by what fails next: the worst first")


def _there(scene: Scene) -> str:
    return f"A network of {len(scene.topology.nodes)} nodes and {len(scene.topology.links)} links."
