"""Time, drawn: a lane for each node with its phases, and a row for each followed flow with what became of it.

The four phases of convergence are icons, the same in the network, in the lanes and in the legend.

The axis is the story's: not to scale, so that 100 µs and 30 s can both be seen; its labels say the true times, and
where a wait is drawn shorter than the steps beside it, the lanes are broken. What is to scale, `outage` draws.

A page lays the live lanes out for its width (`lanes.js`): it moves places, which stand in `M` and `H` of paths, and
leaves what is drawn around a place as it is.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise

from netlearn.convergence.event import PHASES, Event
from netlearn.drawing.markup import Element, Key, element, number
from netlearn.drawing.prose import duration
from netlearn.drawing.shapes import line, svg
from netlearn.figures.run.story import FOLLOWED, LEAD_US, WAIT_US, Story
from netlearn.routing.forwarding import Outcome

WIDTH, LEFT, RIGHT = 340.0, 70.0, 326.0  # of a picture: readable 300 px wide; a page has all the width that there is
BEFORE = 12.0  # from a name to its lane
TOP, LANE, FLOWS_APART = 32.0, 18.0, 8.0
ICON = 5.5  # half as high as a lane has room for
NAME_LETTERS, NAME_LETTER = 12, 9.6  # of a longer name begin and end are shown; so wide is a letter of it
LABEL = "Lanes of time, one for each router"
LABELS = 8
LETTER = 9.0  # so wide is a letter of a label, at most
LIVE_GAP = 31.0  # between two labels; a page, which is wider, has them nearer and hides what meets
SCALE = "In steps, not to scale; two strokes (//) break a long wait. A flow’s lane tells of what is sent then."
FARES = {Outcome.DELIVERED: "arrives", Outcome.TTL_EXPIRED: "loops"}  # whatever else becomes of a message, it is lost
EVERY_US = 1_000  # a followed flow sends a message each millisecond
MEANING = {
    "detect": "detect: a neighbour is missing",
    "flood": "flood: the news is passed on",
    "compute": "compute: shortest paths anew",
    "install": "install: the table is changed",
}
BARS = (
    "Olive bars: the wait before computing. Green bars: entries are being changed, for any destination. Rows of flows: "
    "a message that leaves then arrives (solid), is lost (dotted) or goes round (broken). Violet: out of date."
)


class Axis:
    """From a time to its place in the drawing, and back to the moments."""

    def __init__(self, story: Story) -> None:
        self.times = [moment.time_us for moment in story.moments]
        letters = max((len(name_of(node)) for node in story.nodes), default=0)
        self.left = max(LEFT, NAME_LETTER * letters + BEFORE)
        self.places = [self.left + place / 1000 * (RIGHT - self.left) for place in story.axis()]

    def at(self, time_us: float) -> float:
        """The place of a time; before the first moment and after the last, theirs."""
        after = bisect_right(self.times, time_us)
        if after in (0, len(self.times)):
            return self.places[max(after - 1, 0)]
        begin, end = self.times[after - 1], self.times[after]
        part = (time_us - begin) / (end - begin)
        return self.places[after - 1] + part * (self.places[after] - self.places[after - 1])


Row = Callable[[Axis, float], Iterable[Element]]  # the axis, the row's height in the drawing


def lanes(story: Story, label: str = LABEL, rows: Sequence[Row] = (), *, live: bool = False) -> Element:
    """The drawing. A live one carries a line for the present moment, and a curtain over what is still to come.

    Below the nodes' lanes stand `rows`, or else the followed flows.
    """
    axis, nodes = Axis(story), story.nodes
    rows = rows or [partial(_flow, story, place) for place in range(FOLLOWED)]
    bottom = TOP + LANE * len(nodes) + FLOWS_APART
    height = bottom + LANE * len(rows) + 4
    middles = [TOP + LANE * (place + 0.5) for place in range(len(nodes))]
    middles += [bottom + LANE * (place + 0.5) for place in range(len(rows))]
    every: list[Row] = [*(partial(_lane, story, node) for node in nodes), *rows]
    parts = [part for row, y in zip(every, middles, strict=True) for part in row(axis, y)]
    drawn = [
        *_labels(story, axis, height, live),
        *(part for part in parts if part.tag != "text"),
    ]
    drawn += [*_breaks(story, axis, middles[: len(nodes) + len(story.followed)])]
    if live:
        named = [part.attributes["y"] for part in parts if part.tag == "text" and any(part.children)]
        drawn = [_laid_by_the_page(part) for part in drawn] + [*_present(axis.left, height, named)]
    drawn += [part for part in parts if part.tag == "text"]
    return svg(drawn, WIDTH, height, "nl-net nl-lanes", label, data_left=number(axis.left), data_right=number(RIGHT))


def time_drawn(story: Story, label: str, rows: Sequence[Row] = ()) -> Element:
    """The live drawing, below what is to be known of its axis."""
    return element(
        "div", element("p", SCALE, class_="nl-of-lanes"), lanes(story, label, rows, live=True), class_="nl-time"
    )


def _laid_by_the_page(part: Element) -> Element:
    """The part with its places as data: the page draws it from them."""
    return replace(
        part, attributes={{"d": "data-d", "x": "data-x"}.get(name, name): of for name, of in part.attributes.items()}
    )


def _present(left: float, height: float, middles: Iterable[str]) -> tuple[Element, Element]:
    """What the page moves: a curtain over what is to come, where the lanes with names are empty, and the present."""
    ground = element("rect", width="100%", height="100%")
    empty = line("empty-lanes", "nl-lane-line", "".join(f"M0 {y}H4000" for y in middles))
    return (
        element("svg", ground, empty, class_="nl-curtain", x=left, width=RIGHT - left, height=height),
        element("path", class_="nl-present", d=f"M0 {number(TOP - 8)}V{number(height - 2)}"),
    )


def icon(phase: str, x: float, y: float, size: float = 7.0) -> str:
    """The phase's icon around a place, as path data: a triangle, a diamond, a square, a disc."""
    s, back, twice = number(size), number(-size), number(2 * size)
    half, side, turn = number(0.85 * size), number(1.7 * size), f"a{s} {s} 0 1 0 "
    around = {
        "detect": f"m0 {back}l{s} {number(1.75 * size)}h-{twice}z",
        "flood": f"m0 {back}l{s} {s}l{back} {s}l{back} {back}z",
        "compute": f"m-{half} -{half}h{side}v{side}h-{side}z",
        "install": f"m{back} 0{turn}{twice} 0{turn}-{twice} 0z",
    }
    return f"M{number(x)} {number(y)}{around[phase]}" if phase else ""


def legend(bars: str = BARS) -> Element:
    """The icons with their meaning, in the order in which the phases follow each other, and what bars mean."""
    entries = (element("span", _drawn(phase), element("span", MEANING[phase]), class_="nl-key") for phase in PHASES)
    return element("div", element("div", *entries, class_="nl-legend"), element("p", bars, class_="nl-of-lanes"))


def _drawn(phase: str) -> Element:
    drawn = element("path", d=icon(phase, 9, 9), class_=f"nl-{phase}")
    return element("svg", drawn, viewBox="0 0 18 18", width=18, height=18, aria_hidden="true", class_="nl-icons")


def name_of(node: str) -> str:
    """The name of a node, as the beginning of a lane has room for it."""
    whole = len(node) <= NAME_LETTERS
    return node if whole else f"{node[: NAME_LETTERS // 2].rstrip()}…{node[1 - NAME_LETTERS // 2 :].lstrip()}"


def lane_name(axis: Axis, words: str, y: float, key: Key | None = None) -> Element:
    """What stands at the beginning of a lane."""
    return element("text", words, key=key, class_="nl-lane-name", x=axis.left - BEFORE, y=y)


def bar(axis: Axis, begin: float, end: float | None, y: float, least: float = 0) -> str:
    """A piece of a lane, so wide at `least`, as path data; without an end it goes on to the right."""
    left = axis.at(begin)
    return f"M{number(left)} {number(y)}H{number(RIGHT if end is None else max(axis.at(end), left + least))}"


def end_of(axis: Axis, time_us: float, y: float) -> str:
    """A cross at a time, as path data: what a lane tells of ends there."""
    half, whole = number(ICON), number(2 * ICON)
    return f"M{number(axis.at(time_us))} {number(y)}m-{half} -{half}l{whole} {whole}m0 -{whole}l-{whole} {whole}"


def _breaks(story: Story, axis: Axis, middles: Sequence[float]) -> Iterator[Element]:
    """Two strokes through every lane, and through the axis, in the middle of each wait that is drawn too short."""
    long = (pair for pair in pairwise(story.moments) if pair[1].time_us - pair[0].time_us >= WAIT_US)
    places = [number((axis.at(begin.time_us) + axis.at(end.time_us)) / 2) for begin, end in long]
    ways = [(place, number(y)) for place in places for y in (TOP - 4, *middles)]
    yield line("gaps", "nl-gap", "".join(f"M{x} {y}m-3 8l6 -16" for x, y in ways))
    yield line("breaks", "nl-break", "".join(f"M{x} {y}m-6 8l6 -16m6 0l-6 16" for x, y in ways))


def _labels(story: Story, axis: Axis, height: float, live: bool) -> Iterator[Element]:
    """The axis, and along it the true times of a few moments, each with a thin line down."""
    times = zip(story.moments, axis.places, strict=True)
    labels = [(place, duration(moment.time_us)) for moment, place in times if moment.time_us >= 0]
    chosen: list[tuple[float, str]] = []
    for label in labels if live else labels[:-1]:
        fits = not chosen or (label[0] - chosen[-1][0] >= LIVE_GAP if live else _apart(chosen[-1], label))
        if fits and len(chosen) < LABELS:
            chosen.append(label)
    if labels and not live:  # a picture says when all is over
        chosen = [*(each for each in chosen if _apart(each, labels[-1]))][: LABELS - 1] + labels[-1:]
    chosen += [(axis.left, "")] * (LABELS - len(chosen))
    lines = "".join(f"M{number(place)} {number(TOP - 8)}V{number(height - 4)}" for place, words in chosen if words)
    yield line("ticks", "nl-ticks", f"M{number(axis.left)} {number(TOP - 4)}H{number(RIGHT)}{lines}")
    for index, (place, words) in enumerate(chosen):
        x = _middle(place, words)
        yield element("text", words, key=("tick", index), class_="nl-tick", x=x, y=TOP - 20)


def _middle(place: float, words: str) -> float:
    """The middle of a label: at its place, if half of it fits between there and the edge."""
    return min(place, WIDTH - LETTER / 2 * len(words) - 2)


def _apart(before: tuple[float, str], label: tuple[float, str]) -> bool:
    """Whether two labels have room beside each other."""
    return _middle(*label) - _middle(*before) >= LETTER / 2 * (len(before[1]) + len(label[1])) + 4


def _lane(story: Story, node: str, axis: Axis, y: float) -> Iterator[Element]:
    """One node: bars while it waits to compute and while it installs, an icon where each phase begins."""
    events = story.events_of(node)
    yield lane_name(axis, name_of(node), y)
    yield element("path", class_="nl-lane-line", d=f"M{number(axis.left)} {number(y)}H{number(RIGHT)}")
    waits = [(begin, end) for begin, end in _spans(events, ("detect", "flood"), "compute") if end is not None]
    yield line(("wait", node), "nl-wait-bar", "".join(bar(axis, *span, y) for span in waits))
    yield line(("busy", node), "nl-busy-bar", "".join(bar(axis, *span, y, 2) for span in _installing(events)))
    yield line(("out", node), "nl-out-bar", "".join(bar(axis, *span, y) for span in _spans(events, ("down",), "up")))
    for phase in PHASES:
        data = "".join(_mark(phase, axis.at(time_us), y) for time_us in _begins(events, phase))
        yield line(("lane", node, phase), f"nl-{phase}", data)


def _mark(phase: str, x: float, y: float) -> str:
    """An icon in a lane; whoever notices tells it in the same instant, so that one stands before its place."""
    drawn = icon(phase, x, y, ICON)
    return drawn.replace("m0 ", f"m{number(-1.5 * ICON)} ", 1) if phase == "detect" else drawn


def _spans(events: Iterable[Event], begins: tuple[str, ...], ends: str) -> Iterator[tuple[int, int | None]]:
    """From the first of the events that begin something to the one that ends it; `None` if it goes on."""
    since: int | None = None
    for event in events:
        if event.kind in begins and since is None:
            since = event.time_us
        elif event.kind == ends and since is not None:
            yield since, event.time_us
            since = None
    if since is not None:
        yield since, None


def _begins(events: Sequence[Event], phase: str) -> list[int]:
    """When a node enters a phase; of a run of installs the beginning only."""
    if phase == "install":
        return [begin for begin, _ in _installing(events)]
    return sorted({event.time_us for event in events if event.kind == phase})


def _installing(events: Iterable[Event]) -> Iterator[tuple[int, int]]:
    """From when to when a node installs entries, after each computation."""
    told = (event for event in events if event.kind in ("install", "compute"))
    for kind, run in groupby(told, key=lambda event: event.kind):
        if kind == "install":
            times = [event.time_us for event in run]
            yield times[0], times[-1]


def _flow(story: Story, place: int, axis: Axis, y: float) -> Iterator[Element]:
    """One followed flow: a thick line while messages arrive, dashes where they are lost, a chain while they loop."""
    bars = {"arrives": "", "lost": "", "loops": ""}
    words = ""
    if place < len(story.followed):
        number, until_us = story.followed[place], story.moments[-1].time_us + LEAD_US
        words = f"flow {number}"
        for fate in story.traffic.fates(story.flows[number - 1], story.source, -LEAD_US, until_us, EVERY_US):
            end_us = fate.from_us + fate.packets * EVERY_US
            bars[FARES.get(fate.walk.outcome, "lost")] += bar(axis, fate.from_us, end_us, y)
    yield lane_name(axis, words, y, key=("row-name", place))
    for fares, data in bars.items():
        colour = f" nl-flow-{place}" if fares == "arrives" else ""
        yield line(("row", place, fares), f"nl-{fares}-bar{colour}", data)
