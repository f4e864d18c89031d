"""What every figure has that goes through a run: the player's keys, the moment in words, the run as a list, its frames.

`clock` and `news` are the part of a run's data that does not depend on what else a figure shows; the front end's
`run.js` moves through it.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from netlearn.drawing.markup import Element, View, difference, element, key_of
from netlearn.drawing.prose import duration
from netlearn.figures.common.controls import button, folded
from netlearn.figures.run.sentences import Sentence
from netlearn.figures.run.story import Moment, Story

NOTICED = {
    "carrier": "at once: the carrier is lost",
    "hello": "silently: no hello for 40 s",
    "bfd": "silently: no BFD packet for 900 ms",
}
BUTTONS = (
    ("back", "◀ Step", "Step back"),
    ("play", "▶ Play", "Play"),
    ("forward", "Step ▶", "Step forward"),
    ("jump", "Next change ▶▶", "Jump to the next change of a route"),
)


def clock(story: Story, pictures: Sequence[View]) -> dict[str, Any]:
    """The moments as data: `frames` is what changes at each after the one before, from `pictures` of all of them.

    `times` are the true ones, `places` those on the axis, from 0 to 1000.
    """
    return {
        "frames": [{}, *(difference(before, now) for before, now in pairwise(pictures))],
        "times": [moment.time_us for moment in story.moments],
        "places": [round(place, 2) for place in story.axis()],
    }


def news(story: Story) -> dict[str, Any]:
    """What happens as data: `moves` is which LSA is on which link from when to when, `turns` the moments at which a way
    changes, `told` the run in sentences: moment, phase, time, words.
    """
    way, sent = story.trace.link_us, (sent for sent in story.trace.sent if not sent.lost)
    return {
        "moves": [[key_of(lsa.link, lsa.node), lsa.time_us, lsa.time_us + way] for lsa in sent],
        "turns": story.turns(),
        "told": [
            [place, told.kind, when(moment), told.words]
            for place, moment in enumerate(story.moments)
            for told in moment.told
        ],
    }


def change(first: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """What is to be shown, of whose first drawing (`parts`) only what differs from the figure's own is kept."""
    return {**now, "parts": difference(first["parts"], now["parts"])}


def say(story: Story, place: int) -> Element:
    """What happens at this moment, spoken politely when the reader steps there; what is long moves in its place."""
    moment = story.moments[place]
    time = element("strong", when(moment), key="when", class_="nl-when")
    told = element("span", " ".join(told.words for told in moment.told), key="say", aria_live="polite")
    return element(
        "p", time, " ", told, class_="nl-say nl-said-now", tabindex=0, role="group", aria_label="What happens now"
    )


def when(moment: Moment) -> str:
    """The time of a moment in words."""
    return "before" if moment.time_us < 0 else duration(moment.time_us)


def controls() -> Element:
    """The player's own: to the previous moment, play, to the next, to the next change of a way, speed, scrubber."""
    speeds = [
        element("option", f"{speed} ×", value=speed, selected=speed == "1") for speed in ("0.25", "0.5", "1", "2", "4")
    ]
    buttons = (button(sign, act, aria_label=label, title=label) for act, sign, label in BUTTONS)
    select = element("select", *speeds, data_do="speed", aria_label="Speed")
    speed = element("label", element("span", "Speed ", class_="nl-speed"), select)
    scrubber = element(
        "input", type="range", min=0, max=1000, step=1, value=0, data_do="scrub", aria_label="Time", class_="nl-scrub"
    )
    return element("div", element("div", *buttons, speed, class_="nl-controls"), scrubber, class_="nl-deck")


def told_in_words(story: Story) -> Element:
    """The run in words; in a live figure each sentence leads to its moment."""
    told = element("ol", *events(story), class_="nl-events", data_part="events")
    return folded("What happens, in words", told, class_="nl-told")


def events(story: Story) -> list[Element]:
    """A sentence for each thing that happens, with its time."""
    return [_event(moment, told) for moment in story.moments for told in moment.told]


def _event(moment: Moment, told: Sentence) -> Element:
    time, words = element("span", when(moment), class_="nl-time-of"), element("span", told.words)
    return element("li", time, " ", words, class_=None if told.kind == "flows" else f"nl-told-{told.kind}")
