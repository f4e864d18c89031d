"""TCP's tries over an outage: each wait is twice the one before, so the next may come long after the way is back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration
from netlearn.drawing.shapes import crossing, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import SMALL, Along, said
from netlearn.figures.pictures.frame import twice
from netlearn.units import MS, SECOND


@dataclass(frozen=True, slots=True)
class Sent:
    """When TCP sends the same data again, in microseconds from the first time on; `seen` of these were measured."""

    times_us: tuple[int, ...]
    seen: int
    outage_us: int

    @property
    def waits_us(self) -> tuple[int, ...]:
        """How long each try waited after the one before."""
        return tuple(later - earlier for earlier, later in pairwise((0, *self.times_us)))

    @property
    def arrives_us(self) -> int:
        """When the first try after the outage is made."""
        return self.times_us[-1]


def sent_again(times_ms: Sequence[int], outage_ms: int) -> Sent:
    """The tries until one comes after the outage: those given, and then each after twice the last wait.

    >>> sent_again([200, 400, 800], 2_000).times_us
    (200000, 400000, 800000, 1600000, 3200000)
    """
    if not times_ms or any(later <= earlier for earlier, later in pairwise((0, *times_ms))):
        raise NetlearnError(f"the times of tries, at least one, grow from 0 on; given are {[*times_ms]} ms")
    given = [time * MS for time in times_ms]
    times = given[: sum(time < outage_ms * MS for time in given) + 1]
    seen = len(times)
    wait = times[-1] - (times[-2] if seen > 1 else 0)
    while times[-1] < outage_ms * MS:
        wait *= 2
        times.append(times[-1] + wait)
    return Sent(tuple(times), seen, outage_ms * MS)


def tries(times_ms: Sequence[int], outage_ms: int, caption: str = "") -> Picture:
    """When TCP tries again during an outage, and how long it waits before each try.

    `times_ms` are measured: when the same data was sent again, from the first time on. What follows waits twice as long
    each time (RFC 6298 5, rule 5.5). Raises `NetlearnError` for times that do not grow.

    >>> tries([200, 600, 1400, 3000], 5_000).title
    'The way is back after 5 s, and TCP’s next try comes after 6.2 s: its waits double'
    """
    sent = sent_again(times_ms, outage_ms)
    back, arrives = duration(sent.outage_us), _seconds(sent.arrives_us)
    title = f"The way is back after {back}, and TCP’s next try comes after {arrives}: its waits double"
    rest = len(sent.times_us) - sent.seen
    told = f"The first {sent.seen} were measured, the other {rest} follow the rule." if rest else "All were measured."
    words = (
        f"TCP sends something at 0, just as the way is lost, for {back}. It tries again at {_list(sent.times_us)} s. "
        f"Before each try it has waited {_list(sent.waits_us)} s: twice as long each time, once it has begun. {told} "
        f"All tries but the last are lost; the last arrives, {_seconds(sent.arrives_us - sent.outage_us)} after the "
        "way was back."
    )
    return twice(lambda wide: _drawn(sent, wide), (284, 640), title, words, caption)


def _seconds(time_us: float) -> str:
    return f"{time_us / SECOND:.1f} s"


def _list(times_us: Sequence[int]) -> str:
    return ", ".join(f"{time_us / SECOND:.1f}" for time_us in times_us)


def _drawn(sent: Sent, wide: bool) -> Iterator[Element]:
    """The way, the waits as arcs, the tries, and what the last wait cost."""
    along = Along(wide, *((96, 680) if wide else (62, 520)), sent.arrives_us * 1.02)
    lane, way, late = (168, 30, 240) if wide else (84, 276, 310)
    yield along.bar(0, sent.outage_us, way, "nl-away")
    yield along.bar(sent.outage_us, along.until_us, way, "nl-heard-bar")
    yield along.bar(sent.outage_us, sent.arrives_us, late, "nl-late-bar")
    yield along.bar(0, along.until_us, lane, "nl-axis")
    for place, (begin, end) in enumerate(pairwise((0, *sent.times_us))):
        yield from _wait(along, begin, end, lane, place < sent.seen)
    for time_us in sent.times_us[:-1]:
        yield element("path", d=crossing(*along.point(time_us, lane), 5), class_="nl-head-of nl-unheard")
    for time_us in (0, sent.arrives_us):
        x, y = along.point(time_us, lane)
        yield element("circle", cx=x, cy=y, r=7, class_="nl-hello")
    yield from _times(along, sent, lane)
    yield from _said(along, sent, way, late)


def _wait(along: Along, begin: int, end: int, lane: float, seen: bool) -> Iterator[Element]:
    """An arc from one try to the next, with the time between them if there is room for it."""
    span, middle = along.at(end) - along.at(begin), (begin + end) / 2
    high = min(0.45 * span, 64 if along.wide else 56) * (-1 if along.wide else 1)
    (x, y), (bend_x, bend_y), (to_x, to_y) = (
        along.point(begin, lane), along.point(middle, lane + 2 * high), along.point(end, lane)
    )  # fmt: skip
    class_ = "nl-wait" if seen else "nl-wait nl-by-rule"
    yield element("path", d=f"M{x} {y}Q{bend_x:.1f} {bend_y:.1f} {to_x} {to_y}", class_=class_)
    words = _seconds(end - begin)
    if span > (text_width(words, SMALL) if along.wide else 22):
        at_x, at_y = along.point(middle, lane + high)
        if along.wide:
            yield text(at_x, at_y - 12, f"waits {words}" if span > 120 else words, "nl-small")
        else:
            yield said(at_x + 7, at_y, f"waits {words}")


def _times(along: Along, sent: Sent, lane: float) -> Iterator[Element]:
    """When each try is made: beside its place as far as there is room, the others together."""
    apart = 52 if along.wide else 21
    shown: list[int] = []
    for time_us in reversed(sent.times_us):
        if along.at(time_us) - along.begin > apart and (
            not shown or along.at(shown[-1] - time_us) > apart + along.begin
        ):
            shown.append(time_us)
    for time_us in (0, *shown):
        x, y = along.point(time_us, lane)
        place = (x, y + 24) if along.wide else (x - 14, y)
        yield text(*place, _seconds(time_us) if time_us else "0 s", "nl-small" if along.wide else "nl-small nl-end")
    if others := [time_us for time_us in sent.times_us if time_us not in shown]:
        x, y = (12, lane + 45) if along.wide else (14, 20)
        yield said(x, y, f"more tries at {_list(others)} s")


def _said(along: Along, sent: Sent, way: float, late: float) -> Iterator[Element]:
    """What the bars and the arcs mean."""
    lost, back = f"no way for {duration(sent.outage_us)}", "a way again"
    cost = f"{_seconds(sent.arrives_us - sent.outage_us)} more, only waiting"
    arcs = [("wait, measured", "nl-wait"), ("wait, by the rule", "nl-wait nl-by-rule")]
    arcs = arcs[: 1 + (sent.seen < len(sent.times_us))]
    if along.wide:
        yield from (said(12, way, "the way"), said(12, 168, "tries"), said(12, 168 - 52, "waits"))
        yield from (said(along.begin, way + 20, lost), text(712, way + 20, back, "nl-small nl-end"))
        yield text(along.at(sent.arrives_us), late + 20, cost, "nl-small nl-end")
        for row, (words, class_) in enumerate(arcs):
            yield from _key(12, late + 22 * row, words, class_)
    else:
        rows = ((lost, "nl-away"), (back, "nl-heard-bar"), (cost, "nl-late-bar"), *arcs)
        for row, (words, class_) in enumerate(rows):
            yield from _key(14, 544 + 20 * row, words, class_)


def _key(x: float, y: float, words: str, class_: str) -> tuple[Element, Element]:
    """A piece of a line, and what it means."""
    return element("path", d=f"M{x} {y}h30", class_=class_), said(x + 40, y, words)
