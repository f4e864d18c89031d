"""The figure of one address on two machines: on one link that is a conflict, on different links it is anycast.

On one link the story is told message by message: who asks, who answers, whom the asker's ARP cache names, who gets
what is sent. On different links the routers' tables are asked. `view` is the whole logic.
"""

from dataclasses import replace
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.still import slim
from netlearn.figures.common.controls import abreast, button, choice, live, paragraph, question, tick, title, toggle
from netlearn.figures.same_address.drawing import drawing
from netlearn.figures.same_address.one_link import SERVERS, one_link
from netlearn.figures.same_address.scene import PLACES, Scene, believed_in_words, words


def view(**state: Any) -> View:
    return keyed(body(Scene(**state)))


def still(scene: Scene) -> tuple[Element, ...]:
    """The first moment, for where nothing runs."""
    now = replace(scene, moment=0)
    return paragraph(now.now().title, "nl-title"), slim(drawing(now, live=False), words(now)), paragraph(words(now))


def told(scene: Scene) -> tuple[Element, ...]:
    """Both stories in words and a picture each, for where nothing runs, and that of one that checks."""
    parts: list[Element] = []
    for place, moment in (("one", 6), ("links", 2)):
        now = Scene(place, scene.sooner, False, moment)
        heading = paragraph(f"{PLACES[place]}: {now.now().title}", "nl-title")
        parts += [heading, slim(drawing(now, live=False), words(now)), story_list(now)]
    checked = paragraph("On one link, if the second one checks", "nl-title")
    return (*parts, checked, story_list(Scene("one", scene.sooner, True)))


def body(case: Scene, asks: Element | None = None) -> Element:
    """The live figure: where the two machines are, the drawing of this moment, what happens, and the way on."""
    story, moment = case.story(), case.now()
    at, last = min(case.moment, len(story) - 1), len(story) - 1
    steps = (
        button("◀ Back", "back", key="back", disabled=at == 0),
        button("Next ▶", "next", "nl-go", key="next", disabled=at == last),
        element("span", f"{at + 1} of {len(story)}", key="count", class_="nl-hint"),
    )
    places = (toggle(label, on=key == case.place, key=("place", key), data_place=key) for key, label in PLACES.items())
    return live(
        asks,
        title(moment.title),
        abreast(
            drawing(case, live=True),
            element("div", *places, class_="nl-steps", role="group", aria_label="Where the two servers are"),
            element("div", *steps, class_="nl-controls"),
            paragraph(f"{moment.words} {believed_in_words(case)}", "nl-say", key="say", aria_live="polite"),
            paragraph("", "nl-same-changed", data_part="changes", role="status"),
            _settings(case),
        ),
        element("span", key="length", hidden=True, data_part="length", data_length=len(story), data_at=at),
        class_="nl-same",
    )


def _settings(case: Scene) -> Element:
    sooner, servers = "Who answers first, or is nearer", {server: f"server {server}" for server in SERVERS}
    first = choice("sooner", f"{sooner}?", servers, case.sooner, aria_label=sooner)
    looks = element("span", "On one link, the other looks first whether the address is taken")
    checks = element("label", tick(case.checks, data_set="checks"), looks, class_="nl-check")
    return element("div", first, checks, class_="nl-controls")


QUESTION = "Two servers on one link have the same address. Desk sends a message to it. Who gets it?"


def asked() -> Element:
    """The question to answer before looking; it is compared when the message has been sent."""
    said = {
        "Both": "It goes to one card alone. Which one is decided by who answered first, and later by who spoke last.",
        "One of them": "Yes, one card alone: that of whoever answered first. Now go on; it does not stay that way.",
        "Neither, as the network refuses it": "Nothing refuses it. Nobody on a link checks for others; what comes "
        "first is believed.",
    }
    return question(
        QUESTION,
        said,
        data_prediction="same-address",
        data_ahead="Now step on, until Desk has sent it.",
        data_at=next(place for place, told in enumerate(one_link("A", False)) if told.kind == "data"),
    )


def story_list(case: Scene) -> Element:
    """The whole story as a list, for where nothing runs."""
    items = (element("li", element("strong", f"{told.title}."), " ", told.words) for told in case.story())
    return element("ol", *items)
