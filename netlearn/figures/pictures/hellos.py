"""Hellos in time, and a cut between two of them: the dead interval counts from the last one that was heard."""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.convergence.timers import Timers
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration
from netlearn.drawing.shapes import text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import Along, label, said
from netlearn.figures.pictures.frame import twice
from netlearn.figures.run.lanes import icon


@dataclass(frozen=True, slots=True)
class Heard:
    """One hello after the other from time 0 on, and a silent cut: when the last one was heard, when it is noticed."""

    timers: Timers
    cut_us: int

    @property
    def last_us(self) -> int:
        """When the last hello was heard: one sent in the instant of the cut is lost."""
        return (self.cut_us - 1) // self.timers.hello_us * self.timers.hello_us

    @property
    def noticed_us(self) -> int:
        """When the dead interval runs out."""
        return self.last_us + self.timers.dead_us

    @property
    def unnoticed_us(self) -> int:
        """For how long after the cut nobody notices."""
        return self.noticed_us - self.cut_us

    @property
    def sent_us(self) -> range:
        """When hellos are sent, until it is noticed."""
        return range(0, self.noticed_us, self.timers.hello_us)


def hellos(timers: Timers, cut_us: int, caption: str = "", *, says: str = "R2", hears: str = "R1") -> Picture:
    """Hellos of `says` from time 0 on, a silent cut `cut_us` later, and when `hears` notices.

    What is shown follows from `timers.hello_us` and `timers.dead_us` (RFC 2328 C.3, 10.3). Raises `NetlearnError` for a
    cut before the first hello.

    >>> hellos(Timers(), 14_000_000).title
    'The 40 s count from the last hello heard, so a cut is noticed after 30 to 40 s: here after 36 s'
    """
    if cut_us < 1:
        raise NetlearnError(f"the cut comes after the first hello, which is sent at 0, not at {cut_us} µs")
    heard = Heard(timers, cut_us)
    dead, least = timers.dead_us, timers.dead_us - timers.hello_us
    band = f"{duration(least).removesuffix(' s')} to {duration(dead)}"
    title = (
        f"The {duration(dead)} count from the last hello heard, so a cut is noticed after {band}: "
        f"here after {duration(heard.unnoticed_us)}"
    )
    words = (
        f"{says} sends a hello to {hears} every {duration(timers.hello_us)}. {hears} hears the last one at "
        f"{duration(heard.last_us)}; the cable is cut silently at {duration(cut_us)}; all later hellos are lost. "
        f"{duration(dead)} after the last one heard, at {duration(heard.noticed_us)}, {hears} takes {says} for dead: "
        f"{duration(heard.unnoticed_us)} after the cut. Had it been cut just after a hello, it would be "
        f"{duration(dead)}; just before the next one, {duration(least)}."
    )
    return twice(lambda wide: _drawn(heard, says, hears, wide), (304, 590), title, words, caption)


def _drawn(heard: Heard, says: str, hears: str, wide: bool) -> Iterator[Element]:
    """The two lanes, what goes from one to the other, the two bars below."""
    along = Along(wide, *((124, 690) if wide else (66, 500)), heard.noticed_us * 1.06)
    up, down = (48, 128) if wide else (96, 200)
    yield from along.ticks(heard.timers.hello_us, 268 if wide else 60)
    yield from _names(says, hears, wide, up, down)
    yield along.bar(0, along.until_us, up, "nl-lane-line")
    yield along.bar(0, along.until_us, down, "nl-lane-line")
    yield along.across(heard.cut_us, up - 16, down + 16, "nl-cut-line")
    for time_us in heard.sent_us:
        arrives = time_us <= heard.last_us
        yield from along.sent(time_us, up, down - 3 if arrives else (up + down) / 2, arrives)
        x, y = along.point(time_us, up)
        yield element("circle", cx=x, cy=y, r=6, class_="nl-hello")
    x, y = along.point(heard.cut_us, up - 28 if wide else 240)
    yield text(x, y, "cut", "nl-small nl-bad")
    x, y = along.point(heard.noticed_us, down)
    yield element("path", d=icon("detect", x, y, 11), class_="nl-detect")
    yield from label(x, y + 25, f"{hears} notices")
    yield from _bars(heard, along, wide)


def _names(says: str, hears: str, wide: bool, up: float, down: float) -> Iterator[Element]:
    """Whose lane is whose."""
    for y, name, does in ((up, says, "says hello"), (down, hears, "hears it")):
        if wide:
            yield from (said(12, y - 9, name, "nl-strong"), said(12, y + 11, does))
        else:
            yield from (text(y, 18, name, "nl-strong"), text(y, 38, does, "nl-small"))


def _bars(heard: Heard, along: Along, wide: bool) -> Iterator[Element]:
    """The dead interval, and how much of it comes after the cut."""
    dead = (heard.last_us, "nl-dead-bar", f"dead interval: {duration(heard.timers.dead_us)} from the last hello heard")
    cut = (heard.cut_us, "nl-unseen-bar", f"unnoticed: {duration(heard.unnoticed_us)} from the cut")
    for row, (from_us, class_, words) in enumerate((dead, cut)):
        y = (182, 222)[row] if wide else (276, 312)[row]
        yield along.bar(from_us, heard.noticed_us, y, class_)
        if wide:
            yield said(along.at(from_us), y + 18, words)
        else:
            below = (534, 566)[row]
            yield element("path", d=f"M16 {below}H44", class_=class_)
            yield said(54, below, words.replace(" from the last hello heard", " from the last"))
