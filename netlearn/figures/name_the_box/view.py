"""Name the box, not the cable: which of a router's addresses still answer when its cables are cut, and by which way.

A router has one address of its own, on its loopback interface, and one for each cable. The first belongs to the box:
it answers while any way to it is left. Each of the others lies in the prefix of its cable, and goes with that.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from netlearn.drawing.layout import Layout, clear_of, lay_out
from netlearn.drawing.markup import Element, View, element, keyed, number
from netlearn.drawing.network import Marks, dot, draw, elsewhere, leaving, path_data, way_data
from netlearn.drawing.shapes import cross, hidden, line, rect
from netlearn.drawing.signs import plate
from netlearn.drawing.still import image, whole
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.changed import changes, compared
from netlearn.figures.common.controls import WAIT, choice, folded, live, paragraph, title, tools
from netlearn.figures.name_the_box.scene import HOLD, PortReply, Scene, find, sessions
from netlearn.figures.name_the_box.words import answering, claim, fate, headline, why, words
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome, links_of
from netlearn.units import SECOND

TOOLS = {"cut": "Cut it: the carrier is lost", "silent": "Cut it silently: both ends still see a carrier"}
MOMENTS = {"false": "right after the failure", "true": "once every table fits again"}
HINT = "Choose how a cable fails, then press cables; a router that is pressed goes down. Or use arrow keys and Enter."
LEGEND = (
    "The plate is {0}'s own name. A square is {0}'s end of a cable, with an address of its own: a tick where it "
    "answers, a cross where it is lost on the way, empty where nobody has a route to it. Violet dashes: a dead cable "
    "that both ends think alive. Pale dashes: the way before the last change."
)
PORT = 9.0  # half the side of the square at a cable's end
SIGNS = {"answers": "✓ answers", "lost": "✗ lost:", "gone": "✗ gone"}
# What is said once an address, or a session, has come to this.
STATES = {"✓ answers": "answers again", "✗ lost": "lost", "✗ gone": "gone"}
LOTS = {"✓ lives on": "lives on", "✗ drops": "drops"}


def table(scene: Scene, found: Sequence[PortReply], asked: bool = True) -> Element:
    """Every address of the router: what it belongs to, whether it answers, by which way or why not."""
    rows = []
    for reply in found:
        belongs = f"the cable to {scene.topology.link(reply.link).other(scene.router)}" if reply.link else "the box"
        name: Element | str = str(reply.address)
        if asked:
            pick = element("input", type="radio", name="look", data_look=reply.link, checked=not reply.link)
            name = element("label", pick, f" {reply.address}", class_="nl-check")
        state = element("strong", SIGNS[reply.state], key=("state", reply.link))
        said = state, " ", element("span", why(scene, reply), key=("why", reply.link), data_brief="by another way")
        rows.append(
            row(name, belongs, said, key=("row", reply.link), class_=f"nl-row-{reply.state}", data_about=reply.address)
        )
    caption = f"The addresses of {scene.router}; the chosen one’s way is drawn"
    return compared(panel(caption, ("Address", "Belongs to", "When asked"), rows, "nl-addresses"), 1, STATES)


def session_table(scene: Scene) -> Element:
    """The two sessions, each with what it survives."""
    rows = []
    for link, session in sessions(scene).items():
        lot, sign = ("lives", "✓ lives on:") if session.survives else ("drops", "✗ drops:")
        state = element("strong", sign, key=("session", link))
        said = (
            state,
            " ",
            element("span", fate(scene, session), key=("session-says", link), data_brief="fares otherwise"),
        )
        what = f"{'the ends of the cable' if link else 'the boxes'}, {' and '.join(map(str, session.addresses))}"
        about = f"the session of the {'cable' if link else 'boxes'}"
        rows.append(row(what, said, key=("session-row", link), class_=f"nl-row-{lot}", data_about=about))
    caption = f"Two iBGP sessions of {scene.router} with {scene.peer}, hold time {HOLD.hold_us // SECOND} s"
    return compared(panel(caption, ("Session between", "Then"), rows, "nl-sessions"), 0, LOTS)


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    return (
        paragraph(headline(scene, found), "nl-title"),
        image(drawing(scene, found, live=False), words(scene, found)),
        *([paragraph(f"{claim(scene, found)}.")] if scene.peer else []),
        table(scene, found, asked=False),
        *([session_table(scene)] if scene.peer else []),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: how cables fail, who asks and when, the drawing, the table, the sessions."""
    found = find(scene)
    asker = choice("asker", "Who asks", dict(zip(scene.askers, scene.askers, strict=True)), scene.asker)
    moment = choice("settled", "When", MOMENTS, str(scene.settled).lower())
    kept = f"Two sessions of {scene.router} with {scene.peer}: what they survive"
    return live(
        question,
        title(headline(scene, found)),
        tools("Pressing a cable:", TOOLS, "cut", "How a cable fails"),
        whole(drawing(scene, found, live=True)),
        changes(HINT, "Nothing changes for any address."),
        paragraph(headline(scene, found), "nl-spoken", key="say", aria_live="polite"),
        element("div", asker, moment, class_="nl-controls"),
        WAIT,
        folded(f"The {len(found)} addresses of {scene.router}: what becomes of each", table(scene, found)),
        *([folded(kept, session_table(scene))] if scene.peer else []),
        folded("What the signs mean", paragraph(LEGEND.format(scene.router), "nl-hint")),
        class_="nl-box",
    )


def drawing(scene: Scene, found: Sequence[PortReply], *, live: bool) -> Element:
    """The network with the router's plate and its cables' ends, and the way of a packet to each of its addresses."""
    failed = frozenset(scene.cut) | frozenset(scene.silent)
    some = answering(found)
    spoken = f", {some} of its {len(found)} addresses {'answers' if some == 1 else 'answer'}"
    marks = Marks(cut=failed, down=frozenset(scene.down), spoken={scene.router: spoken})
    label = f"Network: {scene.asker} asks {scene.router}. Arrow keys move between links and routers, Enter acts."
    layout = lay_out(scene.topology)
    believed = []
    for name, curve in layout.links.items():
        class_ = "nl-believed" + hidden(name in scene.silent and name not in scene.cut)
        believed.append(line(("old", name), class_, path_data(curve)))
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene, found),
        under=(*believed, *(part for reply in found for part in _way(scene.topology, reply, live))),
        over=(element("g", *_signs(scene, found, layout), class_="nl-signs"),),
    )


def _signs(scene: Scene, found: Sequence[PortReply], layout: Layout) -> Iterable[Element]:
    """The plate beside the router, and a square at the end of each of its cables, just outside the router."""
    own, *ports = found
    state = "" if own.state == "answers" else "nl-gone"
    place, stands = layout.notes[scene.router], elsewhere(layout, scene.router)
    yield plate(*place, str(own.address), f"nl-stands {state}", key=("plate", own.link), style=stands)
    for reply in ports:
        curve = leaving(scene.topology, layout, scene.router, reply.link)
        away = clear_of(scene.topology.node(scene.router), curve, PORT + 4)
        yield port(reply, *curve.at(min(0.5, away / curve.length)))  # at most halfway: the rest is the other's


def _way(topology: Topology, reply: PortReply, live: bool) -> Iterable[Element]:
    """The way to one address, and a dot at its end; the page shows the chosen one, a picture the way to the box."""
    steps = links_of(topology, reply.way.hops)
    data, (x, y) = way_data(topology, lay_out(topology), steps)
    if reply.way.outcome is Outcome.LINK_DOWN:  # it falls off where the dead cable begins
        node, link = steps[-1]
        x, y = leaving(topology, lay_out(topology), node, link).at(0.3)
    unseen = hidden(data and (live or not reply.link))
    yield line(("way", reply.link), f"nl-way nl-to{unseen}", data, data_way=reply.link, data_ghost=reply.link)
    yield dot(("dot", reply.link), f" nl-to nl-{reply.state}{unseen}", (x, y), data_dot=reply.link)


def port(reply: PortReply, x: float, y: float) -> Element:
    """A cable's end: a square with a tick if its address answers, a cross if it is lost, empty and dashed if gone."""
    tick = f"M{number(x - 4.5)} {number(y)}l3.5 4l6 -8"
    sign = {"answers": tick, "lost": cross(x, y, 4)}.get(reply.state, f"M{number(x)} {number(y)}")
    parts = rect(x, y, 2 * PORT, 2 * PORT, 3), element("path", key=("port-sign", reply.link), d=sign)
    class_ = f"nl-port nl-stands nl-port-{reply.state}"
    return element("g", *parts, key=("port", reply.link), class_=class_, data_port=reply.link)
