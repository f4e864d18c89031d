"""Name the box, not the port: which of a router's addresses still answer when its cables are cut, and by which way.

A router has one address of its own, on its loopback interface, and one for each cable. The first belongs to the box:
it answers while any way to it is left. Each of the others lies in the prefix of its cable, and goes with that.
"""

from collections.abc import Sequence
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.still import image
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import WAIT, button, choice, live, paragraph, title, tools
from netlearn.figures.name_the_box.drawing import drawing
from netlearn.figures.name_the_box.scene import HOLD, PortReply, Scene, find, sessions
from netlearn.figures.name_the_box.words import claim, fate, why, words
from netlearn.units import SECOND

TOOLS = {"cut": "Cut it: the carrier is lost", "silent": "Cut it silently: both ends still see a carrier"}
MOMENTS = {"false": "right after the failure", "true": "once every table fits again"}
HINT = "Choose how a cable fails, then click cables; a click on a router takes it down. Or use arrow keys and Enter."
LEGEND = (
    "The plate is {0}'s own name. A square is a port of {0} with an address of its own: a tick where it answers, a "
    "cross where it is lost on the way, empty where nobody has a route to it. Violet dashes: a dead cable that both "
    "ends think alive."
)
SIGNS = {"answers": "✓ answers", "lost": "✗ lost:", "gone": "✗ gone"}


def table(scene: Scene, found: Sequence[PortReply], asked: bool = True) -> Element:
    """Every address of the router: what it belongs to, whether it answers, by which way or why not."""
    rows = []
    for reply in found:
        belongs = f"the port to {scene.topology.link(reply.link).other(scene.router)}" if reply.link else "the box"
        name: Element | str = str(reply.address)
        if asked:
            pick = element("input", type="radio", name="nl-look", data_look=reply.link, checked=not reply.link)
            name = element("label", pick, f" {reply.address}", class_="nl-check")
        state = element("strong", SIGNS[reply.state], key=("state", reply.link))
        said = state, " ", element("span", why(scene, reply), key=("why", reply.link))
        rows.append(row(name, belongs, said, key=("row", reply.link), class_=f"nl-row-{reply.state}"))
    caption = f"The addresses of {scene.router}; the chosen one's way is drawn"
    return panel(caption, ("Address", "Belongs to", "When asked"), rows, "nl-addresses")


def session_table(scene: Scene) -> Element:
    """The two sessions, each with what it survives."""
    rows = []
    for link, session in sessions(scene).items():
        lot, sign = ("lives", "✓ lives on:") if session.survives else ("drops", "✗ drops:")
        state = element("strong", sign, key=("session", link))
        said = state, " ", element("span", fate(scene, session), key=("session-says", link))
        what = f"{'the ends of the cable' if link else 'the boxes'}, {' and '.join(map(str, session.addresses))}"
        rows.append(row(what, said, key=("session-row", link), class_=f"nl-row-{lot}"))
    caption = f"Two iBGP sessions of {scene.router} with {scene.peer}, hold time {HOLD.hold_us // SECOND} s"
    return panel(caption, ("Session between", "Then"), rows, "nl-sessions")


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    return (
        paragraph(claim(scene, found), "nl-title"),
        image(drawing(scene, found, live=False), words(scene, found)),
        table(scene, found, asked=False),
        session_table(scene),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: how cables fail, who asks and when, the drawing, the table, the sessions."""
    found = find(scene)
    asker = choice("asker", "Who asks", dict(zip(scene.askers, scene.askers, strict=True)), scene.asker)
    moment = choice("settled", "When", MOMENTS, str(scene.settled).lower())
    return live(
        question,
        title(claim(scene, found)),
        paragraph(HINT, "nl-hint"),
        tools("A click on a cable:", TOOLS, "cut", "How a cable fails"),
        element("div", drawing(scene, found, live=True), class_="nl-scroll"),
        paragraph(LEGEND.format(scene.router), "nl-hint"),
        WAIT,
        paragraph(claim(scene, found), "nl-spoken", key="say", aria_live="polite"),
        element("div", asker, moment, button("Reset", "reset"), class_="nl-controls"),
        table(scene, found),
        session_table(scene),
        class_="nl-box",
    )
