"""An outage, to scale: from the failure until every message arrives again, and how much of that nobody had noticed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.prose import duration
from netlearn.drawing.shapes import line, svg
from netlearn.figures.common.controls import either, paragraph
from netlearn.figures.run.story import Story
from netlearn.routing.forwarding import Outcome

LONG, HIGH = 1000.0, 26.0  # of the drawing, which is stretched to the width that there is
LEAST = 4.0  # even the shortest spell is seen
MESSAGES, ROUTERS = 7.0, 20.0  # the heights of its two bars
Spell = tuple[int, int]  # from when to when, in microseconds
ASKS = "Time to scale, from the failure on: above what becomes of messages, below what routers know."


@dataclass(frozen=True, slots=True)
class Outage:
    """How long messages did not arrive after a failure at time 0, and why so long.

    `lost` and `looping` are when some flow fares so; `noticed_us` is when the first router notices, `None` if nobody
    does. `until_us` is the end of all that is shown; `mended` whether everything arrives then.
    """

    lost: tuple[Spell, ...]
    looping: tuple[Spell, ...]
    noticed_us: int | None
    until_us: int
    mended: bool


def outage(story: Story) -> Outage:
    """The outage of a run; where no message fails to arrive, all the time until the last table fits."""
    times = [max(moment.time_us, 0) for moment in story.moments]
    fares = [{walk.outcome for walk in story.walks(moment.time_us)} for moment in story.moments]
    spells = [(fare, span) for fare, span in zip(fares, pairwise(times), strict=False) if span[1] > span[0]]
    looping = tuple(span for fare, span in spells if Outcome.TTL_EXPIRED in fare)
    lost = tuple(span for fare, span in spells if fare - {Outcome.DELIVERED, Outcome.TTL_EXPIRED})
    noticed = (event.time_us for event in story.trace.events if event.kind == "detect")
    mended = fares[-1] == {Outcome.DELIVERED}
    until_us = max((end for _, end in (*lost, *looping)), default=times[-1]) if mended else times[-1]
    return Outage(lost, looping, next(noticed, None), until_us, mended)


def in_words(story: Story, found: Outage) -> str:
    """The outage in a sentence."""
    if len(story.moments) == 1:
        return "Nothing fails."
    ends = "" if found.mended else "; some messages have no way any more"
    if not found.lost and not found.looping:
        return f"To scale: no message is lost; the last table fits after {duration(found.until_us)}."
    arrive = f"all messages arrive again after {duration(found.until_us)}" if found.mended else ""
    noticed = f"the first router notices after {duration(found.noticed_us)}" if found.noticed_us is not None else ""
    said = ", ".join(filter(None, (noticed or "nobody notices", arrive)))
    return f"To scale: {said}{ends}."


def drawn(story: Story) -> Element:
    """The two bars: what becomes of messages, and whether the routers know."""
    found = outage(story)
    scale = LONG / (found.until_us or 1)
    spans = partial(_spans, scale)
    knows_us = found.until_us if found.noticed_us is None else min(found.noticed_us, found.until_us)
    parts = [
        line("outage-well", "nl-arrives-bar", spans([(0, found.until_us)], MESSAGES)),
        line("outage-bad", "nl-outage-bad", spans([*found.lost, *found.looping], MESSAGES)),
        line("outage-lost", "nl-lost-bar", spans(found.lost, MESSAGES)),
        line("outage-loops", "nl-loops-bar", spans(found.looping, MESSAGES)),
        line("outage-unnoticed", "nl-unnoticed-bar", spans([(0, knows_us)], ROUTERS)),
        line("outage-noticed", "nl-noticed-bar", spans([(knows_us, found.until_us)], ROUTERS)),
    ]
    label = "The outage, to scale"
    stretched: dict[str, Any] = {"preserveAspectRatio": "none"}
    return svg(parts, LONG, HIGH, "nl-net nl-outage", label, **stretched)


def _spans(scale: float, spells: Iterable[Spell], y: float) -> str:
    """The spells as path data."""
    ways = ((begin * scale, max(end * scale, begin * scale + LEAST)) for begin, end in spells if end > begin)
    return "".join(f"M{number(min(x, LONG - LEAST))} {number(y)}H{number(min(to, LONG))}" for x, to in ways)


def outage_drawn(story: Story) -> Element:
    """The live drawing with its sentence above it and its end beside it, which nobody is told before it has come."""
    found = outage(story)
    said = paragraph(in_words(story, found), "nl-outage-say", key="outage-say")
    until = element("span", duration(found.until_us), key="outage-until", class_="nl-tells")
    frame = element("div", drawn(story), class_="nl-outage-frame")
    bars = element("div", element("span", "0 ms"), frame, until, class_="nl-outage-ends", aria_hidden="true")
    words, until_us = either(said, paragraph(ASKS, "nl-outage-say")), found.until_us
    return element("div", words, bars, class_="nl-scaled", key="outage", data_until=until_us)
