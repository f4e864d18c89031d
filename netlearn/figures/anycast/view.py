"""The anycast figure: place one address on any routers, break things, and see whose packets reach whom, and how."""

from dataclasses import replace
from functools import partial
from typing import Any

from netlearn.drawing.markup import Element, View, element, keyed
from netlearn.drawing.network import Marks
from netlearn.drawing.still import whole
from netlearn.figures.anycast.drawing import drawing, picture, switches, table
from netlearn.figures.anycast.run import ROWS, AnycastRun, Idle, fates, outcome, row
from netlearn.figures.anycast.scene import TOOLS, Found, Scene, claim, find, words
from netlearn.figures.common.changed import changes
from netlearn.figures.common.controls import (
    PROBLEM,
    WAIT,
    button,
    choice,
    folded,
    live,
    paragraph,
    pictured,
    title,
    tools,
)
from netlearn.figures.common.metrics import metric_fold
from netlearn.figures.run.controls import NOTICED, clock, controls, news, say, told_in_words
from netlearn.figures.run.lanes import legend, time_drawn
from netlearn.figures.run.moving import over, under
from netlearn.figures.run.story import FLOWS, stale_hops

HINT = "Choose what to do, then press routers; press a cable to cut it. Or use the arrow keys and Enter."
BARS = (
    "Olive bars: the wait before computing. Green bars: entries are being changed. Below: 64 connections that were "
    "open before, those together that fare alike. A packet that leaves then arrives (in the colour of its instance) or "
    "is lost (dotted). A cross is the end: reset by an instance that does not know it, or where the service is dead."
)
SIGNS = (
    "The ring around a node has the colours of the instances that its packets reach, divided as its flows are; the "
    "label beside it says the same. A small arrow: the next hop. Two plates at a router: it has the address; crossed: "
    "its service is dead; dashed: it does not announce it. A bold edge: a label that is new, or a metric that you "
    "changed. Pale hollow arrows: the next hops before the last change."
)
OPEN = f"{FLOWS} connections are open: what becomes of them?"
LANES = "Lanes of time, one for each node, and what becomes of the connections. The list of events says the same."


def view(**state: Any) -> dict[str, Any]:
    return show(Scene(**state))


def show(scene: Scene) -> dict[str, Any]:
    """What the page shows: `parts` is the figure as it is once everything has settled.

    With `time`, as it is at the first moment of the run, and what `clock` and `news` say of the run.
    """
    if not scene.time:
        return {"parts": keyed(body(scene))}
    story = AnycastRun(scene)
    pictures = [_moment(scene, find(scene), story, place) for place in range(len(story.moments))]
    return {
        "parts": keyed(body(scene)) | keyed(timeline(story)) | pictures[0],
        **clock(story, pictures),
        **news(story),
    }


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    drawn = drawing(scene, found, live=False)
    return pictured(claim(scene, found), drawn, words(scene, found), table(scene, found))


def told(scene: Scene) -> tuple[Element, ...]:
    """What comes of a change, and of the connections that were open, where nothing runs."""
    story = AnycastRun(scene)
    return *still(scene), paragraph(f"{outcome(story)}.", "nl-say"), fates(story)


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: what a press does, the drawing, words, the run in time, switches and tables."""
    found, idle = find(scene), Idle(scene)
    drawn = drawing(scene, found, (under(idle, 0), over(idle, 0)), live=True)
    watch = button("▶ Watch how it comes about", "watch")
    noticed = choice("detect", "Failures are noticed", NOTICED, scene.detect)
    signs = folded("What the bars mean", legend(BARS))
    in_time = controls(), say(idle, 0), timeline(idle), signs, told_in_words(idle)
    return live(
        question,
        title(claim(scene, found)),
        tools("Pressing a router:", TOOLS, "at", "What pressing a router does"),
        whole(drawn),
        changes(HINT, "Nothing changes for anybody."),
        element("div", watch, noticed, class_="nl-controls"),
        WAIT,
        PROBLEM,
        element("div", *in_time, class_="nl-in-time"),
        paragraph(words(scene, found), "nl-say nl-settled", key="words", aria_live="polite"),
        folded("Who reaches whom, and by which next hops", table(scene, found), class_="nl-reaching"),
        folded("Every switch of every router", switches(scene), class_="nl-settings"),
        metric_fold(scene.topology, scene.metrics),
        folded("What the signs mean", paragraph(SIGNS, "nl-hint")),
        class_="nl-anycast",
        data_showing="settled",
    )


def timeline(story: AnycastRun) -> Element:
    """The lanes of all nodes, and a row for each group of connections that fare alike."""
    rows = [partial(row, story, place) for place in range(ROWS)]
    return element("div", time_drawn(story, LANES, rows), fates(story, ended=False))


def _moment(scene: Scene, found: Found, story: AnycastRun, place: int) -> View:
    """The drawing and the words at one moment of the run."""
    at_us = story.moments[place].time_us
    cut, down = story.failed(at_us)
    hops = story.hops(at_us)
    stale = stale_hops(hops, found.routes) if at_us >= 0 else frozenset()  # what was right before is out of date
    marks = Marks(cut=cut, down=down, next_hops=hops, stale=stale)
    now, moving = replace(found, catchments=story.catchments(at_us)), (under(story, at_us), over(story, at_us))
    drawn = picture(scene, now, marks, story.states(at_us), moving, live=True)
    ended = place == len(story.moments) - 1  # what becomes of them all is told only then
    parts = drawn, say(story, place), title(outcome(story) if ended else OPEN), fates(story, ended)
    return {key: names for part in parts for key, names in keyed(part).items()}
