"""The anycast figure: place one address on any routers, break things, and see whose packets reach whom, and how.

`view` is the whole logic. It answers in one of two ways: with where everything ends once all tables fit again (at
once), or, with `time`, with how it comes about, moment by moment.
"""

from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.network import Marks
from netlearn.drawing.still import image
from netlearn.figures.anycast.drawing import drawing, picture, switches, table
from netlearn.figures.anycast.run import ROWS, AnycastRun, Idle, fates, outcome, row
from netlearn.figures.anycast.scene import TOOLS, Found, Scene, find
from netlearn.figures.anycast.words import claim, words
from netlearn.figures.common.controls import choice
from netlearn.figures.common.metrics import metric_table
from netlearn.figures.run.controls import NOTICED, clock, controls, news, say, told_in_words
from netlearn.figures.run.lanes import lanes
from netlearn.figures.run.moving import over, under
from netlearn.figures.run.phases import legend

HINT = "Choose what a click does, then click routers; click a cable to cut it. Or use the arrow keys and Enter."
BARS = (
    "Olive bars: the wait before computing. Green bars: entries are being changed. Below: 64 connections that were "
    "open before, those together that fare alike. A packet that leaves then arrives (in the colour of its instance) or "
    "is lost (dotted). A cross is the end: reset by an instance that does not know it, or where the service is dead."
)
LANES = "Lanes of time, one for each node, and what becomes of the connections. The list of events says the same."


def view(**state: Any) -> dict[str, Any]:
    """What the page shows, from plain data."""
    return show(Scene(**state))


def show(scene: Scene) -> dict[str, Any]:
    """What the page shows: `parts` is the figure as it is once everything has settled.

    With `time`, as it is at the first moment of the run, and what `clock` and `news` say of the run.
    """
    if not scene.time:
        return {"parts": keyed(body(scene))}
    story = AnycastRun(scene)
    pictures = [_moment(scene, find(scene), story, place) for place in range(len(story.moments))]
    title = {"title": {"class": "nl-title", "text": outcome(story)}}
    return {
        "parts": keyed(body(scene)) | pictures[0] | keyed(timeline(story)) | title,
        **clock(story, pictures),
        **news(story),
    }


def still(scene: Scene) -> tuple[Element, ...]:
    """All of it in words and a picture, for where nothing runs."""
    found = find(scene)
    return (
        element("p", claim(scene, found), class_="nl-title"),
        image(drawing(scene, found, live=False), words(scene, found)),
        element("p", words(scene, found), class_="nl-say"),
        table(scene, found),
    )


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: what a click does, the drawing, words, the run in time, switches and tables."""
    found = find(scene)
    idle = Idle(scene)
    return element(
        "div",
        *([question] if question else []),
        element("p", claim(scene, found), key="title", class_="nl-title"),
        element("p", HINT, class_="nl-hint"),
        tools(),
        element("div", drawing(scene, found, live=True, under=under(idle, 0), over=over(idle, 0)), class_="nl-scroll"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element("p", class_="nl-problem", role="alert", data_part="problem"),
        element("p", words(scene, found), key="words", class_="nl-say nl-settled", aria_live="polite"),
        element(
            "div",
            element("button", "▶ Watch how it comes about", type="button", data_do="watch"),
            element("button", "Reset", type="button", data_do="reset"),
            choice("detect", "Failures are noticed", NOTICED, scene.detect),
            class_="nl-controls",
        ),
        element(
            "div",
            controls(),
            say(idle, 0),
            timeline(idle),
            legend(BARS),
            told_in_words(idle),
            class_="nl-in-time",
        ),
        table(scene, found),
        element(
            "details",
            element("summary", "Every switch of every router, and the metrics"),
            element("div", switches(scene), metric_table(scene.whole()), class_="nl-panels"),
            class_="nl-settings",
        ),
        class_="nl-anycast",
        data_showing="settled",
    )


def timeline(story: AnycastRun, live: bool = True) -> Element:
    """The lanes of all nodes, and a row for each group of connections that fare alike."""
    drawn = lanes(story, live=live, label=LANES, row=lambda axis, place, y: row(story, axis, place, y), count=ROWS)
    scrolled = element("div", drawn, class_="nl-scroll nl-time", tabindex=0, role="group", aria_label="Lanes")
    return element("div", scrolled, fates(story))


def tools() -> Element:
    """What a click on a router does."""
    buttons = (
        element("button", meaning, type="button", aria_pressed="true" if name == "at" else "false", data_tool=name)
        for name, meaning in TOOLS.items()
    )
    label = "What a click on a router does"
    return element(
        "div",
        element("span", "A click on a router:"),
        *buttons,
        class_="nl-controls nl-tools",
        role="group",
        aria_label=label,
    )


def _moment(scene: Scene, found: Found, story: AnycastRun, place: int) -> View:
    """The drawing and the words at one moment of the run."""
    at_us = story.moments[place].time_us
    cut, down = story.failed(at_us)
    routes = {node: story.traffic.route(node, at_us) for node in found.routes if node not in down}
    hops = {node: route.next_hops for node, route in routes.items() if route}
    stale: frozenset[tuple[str, str]] = frozenset()
    if at_us >= 0:  # what was right before is out of date
        right = {node: route.next_hops if route else () for node, route in found.routes.items()}
        stale = frozenset((node, hop.link) for node, taken in hops.items() for hop in taken if hop not in right[node])
    marks = Marks(cut=cut, down=down, next_hops=hops, stale=stale)
    drawn = picture(
        scene, found.whole, story.catchments(at_us), marks, live=True, label="", states=story.states(at_us),
        under=under(story, at_us), over=over(story, at_us),
    )  # fmt: skip
    return keyed(drawn) | keyed(say(story, place))
