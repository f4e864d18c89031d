"""The figure of the three loopbacks: `lo` in each machine, a router's own address, one address on several routers.

The reader steps from one to the next, cuts cables, takes routers down, and chooses who asks. `view` is the whole
logic: it asks every router's table, there and back, and says who answers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from netlearn.drawing.geometry import Box
from netlearn.drawing.layout import SQUEEZE, WIDTH, Layout, lay_out
from netlearn.drawing.markup import Element, View, element, keyed, number
from netlearn.drawing.network import Marks, draw, elsewhere, standing, way_data
from netlearn.drawing.shapes import aside, hidden, rect, way
from netlearn.drawing.signs import PLATE_HEIGHT, Sign, icon, plate, plate_width, ring, shared_plate, shared_width
from netlearn.drawing.still import Picture, image, whole
from netlearn.drawing.tables import panel, row
from netlearn.figures.common.controls import (
    WAIT,
    answers,
    button,
    choice,
    folded,
    live,
    paragraph,
    prediction,
    tick,
    title,
    toggle,
)
from netlearn.figures.common.live import as_json
from netlearn.figures.loopbacks.scene import SIGNS, STEPS, Found, Scene, find, trials_of
from netlearn.figures.loopbacks.words import NAMES, STEP_NAMES, claim, facts, now, words
from netlearn.network.bundled import forum
from netlearn.routing.anycast import place
from netlearn.routing.forwarding import links_of

INSIDE = 60.0  # how far a host's inside reaches below its name
HINT = "Press a cable to cut it, a router to take it down. Or use the arrow keys and Enter."

CARDS = "The three side by side: who may hold each, who sees it, what it survives"


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """The first moment, for where nothing runs."""
    found, said = find(scene), words(scene)
    return paragraph(claim(scene, found), "nl-title"), image(drawing(scene, found, live=False), said), paragraph(said)


def told(scene: Scene) -> tuple[Element, ...]:
    """All three in words and a picture, for where nothing runs, and each failure that may be predicted."""
    scene = replace(scene, step="break")
    found, failures = find(scene), trials_of(scene).items()
    trials = (row(what, *(now(failed, find(failed), sign) for sign in SIGNS)) for what, failed in failures)
    return (
        paragraph("Three things called loopback, in one network", "nl-title"),
        image(drawing(scene, found, live=False), words(scene)),
        cards(scene, found),
        panel("What still answers", ("What fails", *(STEP_NAMES[sign] for sign in SIGNS)), trials),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: steps, drawing, controls, a card for each of the three, and what may be broken."""
    found, failed = find(scene), as_json([scene.cut, scene.down])
    askers = dict(zip(scene.askers, scene.askers, strict=True))
    asker = choice("asker", "Who asks?", askers, scene.asker, aria_label="Who asks")
    parts = [
        _steps_bar(scene),
        title(claim(scene, found)),
        paragraph(HINT, "nl-hint"),
        whole(drawing(scene, found, live=True)),
        WAIT,
        paragraph(words(scene), "nl-say", key="say", aria_live="polite"),
        *([question] if question else []),
        element("div", asker, button("Mend everything", "mend"), class_="nl-controls"),
        folded(CARDS, cards(scene, found)),
        element("span", key="answers", hidden=True, data_answers=found.answers(), data_for=failed, data_part="answers"),
    ]
    return live(None, *parts, class_="nl-loopbacks")


def _steps_bar(scene: Scene) -> Element:
    """The four steps as buttons, and one that leads to the next."""
    buttons = []
    for nth, step in enumerate(STEPS, start=1):
        sign = [icon(step)] if step in SIGNS else []
        name = element("span", f"{nth}. {STEP_NAMES[step]}")
        buttons.append(toggle(*sign, name, on=step == scene.step, key=("step", step), data_step=step))
    ahead = button("Next ▶", "next", key="next", disabled=scene.step == STEPS[-1])
    return element("div", *buttons, ahead, class_="nl-steps", role="group", aria_label="Which of the three")


def cards(scene: Scene, found: Found) -> Element:
    """Beside each other: the three, who may hold each, who sees it, what it survives, and what it answers now."""
    return element("div", *(_card(scene, found, sign) for sign in SIGNS), class_="nl-cards")


def _card(scene: Scene, found: Found, sign: Sign) -> Element:
    answered = found.replies[sign].answers
    rows = [element("div", element("dt", name), element("dd", said)) for name, said in facts(scene, sign)]
    fate = element(
        "dd",
        element("span", class_=f"nl-swatch{_colour(sign)}"),
        element("span", "✓ " if answered else "✗ ", key=("mark", sign), aria_hidden="true"),
        element("span", now(scene, found, sign), key=("now", sign)),
    )
    rows.append(element("div", element("dt", f"{scene.asker} asks now", key=("asks", sign)), fate, class_="nl-now-row"))
    current = " nl-current" if scene.step in (sign, "break") else ""
    class_ = f"nl-card{current}" + ("" if answered else " nl-silent")
    heading = element("p", icon(sign), element("span", NAMES[sign]), class_="nl-card-title")
    parts = heading, element("dl", *rows)
    return element("div", *parts, key=("card", sign), class_=class_, role="group", aria_label=NAMES[sign])


def picture(
    step: str, cut: Sequence[str] = (), down: Sequence[str] = (), *, asker: str = "Source", caption: str = ""
) -> Picture:
    """A still picture of the forum network: R2's loopback, and 192.0.2.150 on R4 and R7, asked for at this step."""
    shared = ip_network("192.0.2.150")
    scene = Scene(place(forum(), shared.network_address, ("R4", "R7")), "R2", shared, asker, (*cut,), (*down,), step)
    found = find(scene)
    return Picture(drawing(scene, found, live=False), claim(scene, found), words(scene), caption)


def trial_form(trials: Mapping[str, Scene]) -> Element:
    """The failures to choose from, a box to tick for each of the three that will still answer, and a way past it."""
    choices = (
        element("option", what, value=place, data_for=as_json([failed.cut, failed.down]))
        for place, (what, failed) in enumerate(trials.items())
    )
    ticks = (
        element("label", tick(False, data_tick=place), element("span", STEP_NAMES[sign]), class_="nl-check")
        for place, sign in enumerate(SIGNS)
    )
    suppose = element("label", "Suppose: ", element("select", *choices, data_do="trial", aria_label="Suppose"))
    return prediction(
        element("p", suppose, " Which of the three will still answer? Tick them, then see."),
        answers(*ticks, button("Break it and see", "see")),
        element("div", element("ul", data_part="verdict"), class_="nl-verdict", role="status"),
        class_="nl-predict nl-trials",
    )


def drawing(scene: Scene, found: Found, live: bool) -> Element:
    """The network with the signs of what is looked at, and the way of the question."""
    asked = found.replies.get(scene.step)  # none where all three are looked at
    shares = asked.carried if asked and asked.answers else {}
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down), shares=shares)
    layout = _layout(scene)
    under = [_inside(node.name, layout.nodes[node.name], scene) for node in scene.topology.nodes if node.kind == "host"]
    under += [_way(scene, found, sign) for sign in SIGNS[1:]]
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network in which {scene.asker} asks for three addresses. {keys}"
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene),
        under=tuple(under),
        over=(element("g", *_signs(scene, found, layout), class_="nl-signs"),),
        layout=layout,
        room=INSIDE / 2,
    )


def _layout(scene: Scene) -> Layout:
    """The network with room for plates beside its routers."""
    named = [node for node in scene.topology.nodes if node.kind == "router" and node.address is not None]
    widths = {node.name: plate_width(str(node.address)) for node in named}
    shared = shared_width(str(scene.shared.network_address))
    return lay_out(scene.topology, notes=widths | {name: max(shared, widths.get(name, 0.0)) for name in scene.holders})


def _inside(host: str, box: Box, scene: Scene) -> Element:
    """The inside of a host, where `lo` is: below its name, at the top of an upright drawing above it."""
    high = box.height / 2 + INSIDE
    seen = scene.step == "lo" or (scene.step == "break" and host == scene.asker)
    only = " nl-lying" if _is_above(box) else ""
    cases = [rect(box.x, box.y + high / 2, box.width, high, 11, f"nl-case{only}")]
    if only:
        cases.append(rect(box.x, box.y - high / 2, box.width, high, 11, "nl-case nl-upright"))
    class_ = "nl-stands" + hidden(seen)
    return element("g", *cases, key=("inside", host), class_=class_, style=standing(box))


def _is_above(box: Box) -> bool:
    """Whether a node is in the upper half of an upright drawing, so that links leave it downwards."""
    return box.x < WIDTH / 2


def _signs(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    yield from _rings(scene, found, layout)
    shared = str(scene.shared.network_address)
    for node in scene.topology.nodes:
        if node.kind != "router" or node.address is None:
            continue
        x, y = layout.notes[node.name]
        gone = "" if found.after.has_node(node.name) else "nl-gone"
        own = node.name == scene.router
        beside = own and scene.step == "break"
        state = gone or ("" if own else "nl-faint-sign")
        seen = beside or scene.step == "plate"
        stands = {"style": elsewhere(layout, node.name)}
        state = f"nl-stands {state}" if seen else "nl-stands nl-hidden"
        yield plate(x, y, str(node.address), state, key=("plate", node.name), **stands)
        if node.name in scene.holders:
            seen = scene.step in ("shared", "break")
            # the double stands out above the plate; it stays in the drawing
            y = max(y + (32 if beside else 0), PLATE_HEIGHT / 2 + 4)
            state = f"nl-stands {gone}" if seen else "nl-stands nl-hidden"
            yield shared_plate(x, y, shared, state, key=("shared", node.name), **stands)


def _rings(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    """A ring in every box; the question that turns round in the asker's."""
    for node in scene.topology.nodes:
        if node.kind == "lan":
            continue
        box = layout.nodes[node.name]
        asks = node.name == scene.asker
        seen = found.after.has_node(node.name) and (scene.step == "lo" or (scene.step == "break" and asks))
        state = "nl-hidden" if not seen else "nl-lit" if asks else "nl-faint-sign"
        host = node.kind == "host"
        y = box.y + box.height / 2 + INSIDE / 2 if host else box.y
        stands = standing(box)
        if host and _is_above(box):
            stands += ";" + aside(-(box.height + INSIDE) / SQUEEZE, 0)
        state = f"nl-stands {state}"
        yield ring(box.x, y, 19 if host else 20, "lo" if host else "", state, key=("ring", node.name), style=stands)
        r = 27 if host else 33
        # It ends a tenth of a unit beside its start: an arc between equal points is not drawn (SVG 2 9.5.1).
        turn = f"M{number(box.x)} {number(y - r)}a{r} {r} 0 1 1 -0.1 0"
        class_ = "nl-turn nl-stands" + hidden(seen and asks)
        yield element("path", d=turn, key=("turn", node.name), class_=class_, style=stands)


def _colour(sign: str) -> str:
    """The class of what asks for this address, to be put behind others; the plate's has the colour of every way."""
    return "" if sign == "plate" else f" nl-ask-{sign}"


def _way(scene: Scene, found: Found, sign: str) -> Element:
    """The way of one flow, dotted; two of them lie beside each other in two colours."""
    reply, data = found.replies[sign], ""
    if scene.step in (sign, "break") and reply.answers and reply.walk:
        data, _ = way_data(scene.topology, _layout(scene), links_of(scene.topology, reply.walk.hops))
    beside = " nl-beside" if scene.step == "break" else ""
    return way(("way", sign), f"nl-way{_colour(sign)}{beside}", data)
