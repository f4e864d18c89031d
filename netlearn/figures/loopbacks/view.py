"""The figure of the three loopbacks: `lo` in each machine, a router's own address, one address on several routers.

The reader steps from one to the next, cuts cables, takes routers down, and chooses who asks. `view` is the whole
logic: it asks every router's table, there and back, and says who answers.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from ipaddress import ip_network
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.signs import Sign, icon
from netlearn.drawing.still import Picture, image
from netlearn.figures.common.controls import WAIT, button, choice, title, toggle
from netlearn.figures.loopbacks.drawing import drawing
from netlearn.figures.loopbacks.scene import SIGNS, STEPS, Found, Scene, find
from netlearn.figures.loopbacks.trials import failing, trial_table, trials_of
from netlearn.figures.loopbacks.words import NAMES, STEP_NAMES, claim, facts, now, words
from netlearn.network.bundled import forum
from netlearn.routing.anycast import place

HINT = "Click a cable to cut it, a router to take it down. Or use the arrow keys and Enter."


def view(**state: Any) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """All three in words and a picture, for where nothing runs, and each failure that may be predicted."""
    scene = replace(scene, step="break")
    found = find(scene)
    return (
        element("p", "Three things called loopback, in one network", class_="nl-title"),
        image(drawing(scene, found, live=False), words(scene, found)),
        cards(scene, found),
        trial_table(scene, trials_of(scene)),
    )


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: at each step every asker, every failure to predict and every single failure."""
    topology, trials = scene.topology, trials_of(scene)
    names = [node.name for node in topology.nodes if node.address is not None]
    for step in STEPS:
        here = replace(scene, step=step, cut=(), down=())
        yield from (replace(here, asker=name) for name in names)
        yield from (replace(here, cut=trial.cut, down=trial.down) for trial in trials)
        yield from (replace(here, cut=(link.name,)) for link in topology.links)
        yield from (replace(here, down=(router,)) for router in topology.routers)


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: steps, drawing, controls, a card for each of the three, and what may be broken."""
    found, failed = find(scene), failing(scene.cut, scene.down)
    parts = [
        _steps_bar(scene),
        title(claim(scene, found)),
        element("p", HINT, class_="nl-hint"),
        element("div", drawing(scene, found, live=True), class_="nl-scroll"),
        WAIT,
        element("p", words(scene, found), key="say", class_="nl-say", aria_live="polite"),
        *([question] if question else []),
        _controls(scene),
        cards(scene, found, live=True),
        element("span", key="answers", hidden=True, data_answers=found.answers(), data_for=failed, data_part="answers"),
    ]
    return element("div", *parts, class_="nl-loopbacks")


def _steps_bar(scene: Scene) -> Element:
    """The four steps as buttons, and one that leads to the next."""
    buttons = []
    for nth, step in enumerate(STEPS, start=1):
        sign = [icon(step)] if step in SIGNS else []
        name = element("span", f"{nth}. {STEP_NAMES[step]}")
        buttons.append(toggle(*sign, name, on=step == scene.step, key=("step", step), data_step=step))
    ahead = button("Next ▶", "next", key="next", disabled=scene.step == STEPS[-1])
    return element("div", *buttons, ahead, class_="nl-steps", role="group", aria_label="Which of the three")


def _controls(scene: Scene) -> Element:
    names = {node.name: node.name for node in scene.topology.nodes if node.address is not None}
    asker = choice("asker", "Who asks?", names, scene.asker, aria_label="Who asks")
    return element("div", asker, button("Mend everything", "reset"), class_="nl-controls")


def cards(scene: Scene, found: Found, live: bool = False) -> Element:
    """Beside each other: the three, who may hold each, who sees it, what it survives, and what it answers now."""
    return element("div", *(_card(scene, found, sign, live) for sign in SIGNS), class_="nl-cards")


def _card(scene: Scene, found: Found, sign: Sign, live: bool) -> Element:
    answers = found.replies[sign].answers
    rows = [element("div", element("dt", name), element("dd", said)) for name, said in facts(scene, sign)]
    fate = element(
        "dd",
        element("span", class_=f"nl-swatch nl-ask-{sign}"),
        element("span", "✓ " if answers else "✗ ", key=("mark", sign), aria_hidden="true"),
        element("span", now(scene, found, sign), key=("now", sign)),
    )
    rows.append(element("div", element("dt", f"{scene.asker} asks now", key=("asks", sign)), fate, class_="nl-now-row"))
    current = scene.step in (sign, "break")
    class_ = "nl-card" + (" nl-current" if current else "") + ("" if answers else " nl-silent")
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
    return Picture(drawing(scene, found, live=False), claim(scene, found), words(scene, found), caption)
