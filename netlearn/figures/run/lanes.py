"""Time, drawn: a lane for each node with its phases, and a row for each followed flow with what became of it.

The axis is the story's: not to scale, so that 100 µs and 30 s can both be seen; its labels say the true times.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from netlearn.convergence.happened import PHASES
from netlearn.drawing.layout import shortened
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.prose import duration
from netlearn.figures.run.phases import icon
from netlearn.figures.run.story import FOLLOWED, LEAD_US, Story
from netlearn.routing.forwarding import Outcome
from netlearn.routing.packet import Flow

WIDTH, LEFT, RIGHT = 800.0, 88.0, 776.0
TOP, LANE = 34.0, 26.0
NAME_LETTERS = 8
LABELS, LABEL_GAP = 8, 74.0
EVERY_US = 1_000  # a followed flow sends a message each millisecond


class Axis:
    """From a time to its place in the drawing, and back to the moments."""

    def __init__(self, story: Story) -> None:
        self.times = [moment.time_us for moment in story.moments]
        self.places = [LEFT + place / 1000 * (RIGHT - LEFT) for place in story.axis()]

    def at(self, time_us: float) -> float:
        """The place of a time; before the first moment and after the last, theirs."""
        after = bisect_right(self.times, time_us)
        if after == 0:
            return self.places[0]
        if after == len(self.times):
            return self.places[-1]
        begin, end = self.times[after - 1], self.times[after]
        part = (time_us - begin) / (end - begin)
        return self.places[after - 1] + part * (self.places[after] - self.places[after - 1])


Row = Callable[[Axis, int, float], Iterable[Element]]  # the axis, which row it is, its height in the drawing


def lanes(
    story: Story,
    *,
    live: bool = False,
    label: str = "",
    row: Row | None = None,
    count: int = FOLLOWED,
) -> Element:
    """The drawing. A live one carries a line for the present moment, and a curtain over what is still to come.

    Below the nodes' lanes stand `count` rows: the followed flows, or what `row` draws.
    """
    axis = Axis(story)
    nodes = [node.name for node in story.trace.topology.nodes if node.kind != "lan"]
    bottom = TOP + LANE * len(nodes)
    height = bottom + 18 + LANE * count + 6
    rows = [part for number, node in enumerate(nodes) for part in _lane(story, axis, node, TOP + LANE * (number + 0.5))]
    row = row or partial(_flow, story)
    flows = [part for place in range(count) for part in row(axis, place, bottom + 18 + LANE * (place + 0.5))]
    present = [
        element("rect", class_="nl-curtain", x=LEFT, y=TOP - 4, width=RIGHT - LEFT + 14, height=height - TOP + 4),
        element("path", class_="nl-present", d=f"M0 {number(TOP - 8)}V{number(height - 2)}"),
    ]
    parts = [*rows, *flows]
    names = [part for part in parts if part.tag == "text"]  # on top, as they stay in sight when the lanes move sideways
    return element(
        "svg",
        *_labels(story, axis, height),
        *(part for part in parts if part.tag != "text"),
        *(present if live else []),
        *names,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        class_="nl-net nl-lanes",
        role="img",
        aria_label=label or "Lanes of time, one for each router",
        data_left=number(LEFT),
        data_right=number(RIGHT),
    )


def _labels(story: Story, axis: Axis, height: float) -> Iterator[Element]:
    """The true times of a few moments along the top, each with a thin line down."""
    chosen: list[tuple[float, str]] = []
    for moment, place in zip(story.moments, axis.places, strict=True):
        if moment.time_us >= 0 and (not chosen or place - chosen[-1][0] >= LABEL_GAP) and len(chosen) < LABELS:
            chosen.append((place, duration(moment.time_us)))
    chosen += [(LEFT, "")] * (LABELS - len(chosen))
    lines = "".join(f"M{number(place)} {number(TOP - 6)}V{number(height - 4)}" for place, words in chosen if words)
    yield element("path", key="ticks", class_="nl-ticks", d=lines or "M0 0")
    for index, (place, words) in enumerate(chosen):
        yield element(
            "text", words, key=("tick", index), class_="nl-tick", x=min(place, WIDTH - 4.5 * len(words) - 2), y=TOP - 18
        )


def _lane(story: Story, axis: Axis, node: str, y: float) -> Iterator[Element]:
    """One node: bars while it waits to compute and while it installs, an icon where each phase begins."""
    events = story.events_of(node)
    yield element("text", shortened(node, NAME_LETTERS), class_="nl-lane-name", x=LEFT - 12, y=y)
    yield element("path", class_="nl-lane-line", d=f"M{number(LEFT)} {number(y)}H{number(RIGHT)}")
    waits, busy = "", ""
    since: int | None = None
    for event in events:
        if event.kind in ("detect", "flood") and since is None:
            since = event.time_us
        elif event.kind == "compute" and since is not None:
            waits += f"M{number(axis.at(since))} {number(y)}H{number(axis.at(event.time_us))}"
            since = None
    for begin, end in _installing(story, node):
        busy += f"M{number(axis.at(begin))} {number(y)}H{number(max(axis.at(end), axis.at(begin) + 3))}"
    yield element("path", key=("wait", node), class_="nl-wait-bar", d=waits or "M0 0")
    yield element("path", key=("busy", node), class_="nl-busy-bar", d=busy or "M0 0")
    out = _out(story, axis, node, y)
    yield element("path", key=("out", node), class_="nl-out-bar", d=out or "M0 0")
    for phase in PHASES:
        shown = _begins(story, node, phase)
        aside = -9 if phase == "detect" else 0  # whoever notices tells it in the same instant
        data = "".join(icon(phase, axis.at(time_us) + aside, y, 6) for time_us in shown)
        yield element("path", key=("lane", node, phase), class_=f"nl-{phase}", d=data or "M0 0")


def _begins(story: Story, node: str, phase: str) -> list[int]:
    """When a node enters a phase; of a run of installs the beginning only."""
    if phase == "install":
        return [begin for begin, _ in _installing(story, node)]
    return sorted({event.time_us for event in story.events_of(node) if event.kind == phase})


def _installing(story: Story, node: str) -> Iterator[tuple[int, int]]:
    """From when to when a node installs entries, after each computation."""
    begin: int | None = None
    end = 0
    for event in story.events_of(node):
        if event.kind == "install":
            begin = event.time_us if begin is None else begin
            end = event.time_us
        elif event.kind == "compute" and begin is not None:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, end


def _out(story: Story, axis: Axis, node: str, y: float) -> str:
    """While a node is down."""
    data, since = "", None
    for event in story.events_of(node):
        if event.kind == "down":
            since = event.time_us
        elif event.kind == "up" and since is not None:
            data += f"M{number(axis.at(since))} {number(y)}H{number(axis.at(event.time_us))}"
            since = None
    return data + (f"M{number(axis.at(since))} {number(y)}H{number(RIGHT)}" if since is not None else "")


def fates(story: Story, place: int) -> Iterable[tuple[int, int, Outcome]]:
    """What became of a followed flow's messages: from when to when they left, and how they ended."""
    flow: Flow = story.flows[story.followed[place] - 1]
    until = story.moments[-1].time_us + LEAD_US
    for fate in story.traffic.fates(flow, story.source, -LEAD_US, until, EVERY_US):
        yield fate.from_us, fate.from_us + fate.packets * EVERY_US, fate.walk.outcome


def _flow(story: Story, axis: Axis, place: int, y: float) -> Iterator[Element]:
    """One followed flow: a thick line while messages arrive, dashes where they are lost, a chain while they loop."""
    arrives = lost = loops = ""
    words = ""
    if place < len(story.followed):
        words = f"flow {story.followed[place]}"
        for begin, end, outcome in fates(story, place):
            left, right = axis.at(begin), axis.at(end)
            if outcome is Outcome.DELIVERED:
                arrives += f"M{number(left)} {number(y)}H{number(right)}"
            elif outcome is Outcome.TTL_EXPIRED:
                loops += f"M{number(left)} {number(y)}H{number(right)}"
            else:
                lost += f"M{number(left)} {number(y)}H{number(right)}"
    yield element("text", words, key=("row-name", place), class_="nl-lane-name", x=LEFT - 12, y=y)
    yield element("path", key=("row", place, "arrives"), class_=f"nl-arrives-bar nl-flow-{place}", d=arrives or "M0 0")
    yield element("path", key=("row", place, "lost"), class_="nl-lost-bar", d=lost or "M0 0")
    yield element("path", key=("row", place, "loops"), class_="nl-loops-bar", d=loops or "M0 0")
