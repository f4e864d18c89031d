"""Time in a picture: from left to right where there is room, from top to bottom where there is little."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration
from netlearn.drawing.shapes import Point, crossing, end_mark, rect, text, through

SMALL = 15.0  # the size of the letters of `nl-small`
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Along:
    """Where times stand: time 0 at `begin`, `until_us` at `end`; what stands aside of the axis is told apart by `y`."""

    wide: bool
    begin: float
    end: float
    until_us: float

    def at(self, time_us: float) -> float:
        """How far along a time stands, in tenths of a unit."""
        return round(self.begin + (self.end - self.begin) * time_us / self.until_us, 1)

    def point(self, time_us: float, y: float) -> Point:
        """The place of a time, so far aside."""
        return (self.at(time_us), y) if self.wide else (y, self.at(time_us))

    def bar(self, from_us: float, to_us: float, y: float, class_: str) -> Element:
        """From one time to another, on one lane."""
        return element("path", d=through([self.point(from_us, y), self.point(to_us, y)]), class_=class_)

    def across(self, time_us: float, y: float, to_y: float, class_: str) -> Element:
        """At one time, from one lane to another."""
        return element("path", d=through([self.point(time_us, y), self.point(time_us, to_y)]), class_=class_)

    def sent(self, time_us: float, y: float, to_y: float, arrives: bool) -> Iterator[Element]:
        """What is sent from one lane to another: with the head of an arrow, or with a cross where it is lost."""
        class_ = "nl-heard" if arrives else "nl-unheard"
        ends = [self.point(time_us, y), self.point(time_us, to_y)]
        yield element("path", d=through(ends), class_=class_)
        mark = end_mark(ends, True, 5) if arrives else crossing(*ends[1], 6)
        yield element("path", d=mark, class_=f"nl-head-of {class_}")

    def ticks(self, every_us: float, y: float) -> Iterator[Element]:
        """The axis with a time now and then, and a short stroke at each."""
        steps = int(self.until_us // every_us)
        every = -(-(steps + 1) // MOST_TICKS)
        yield self.bar(0, self.until_us, y, "nl-axis")
        for step in range(steps + 1):
            time_us = step * every_us
            yield self.across(time_us, y, y + (6 if self.wide else -6), "nl-axis")
            if step % every == 0:
                words = duration(time_us) if step else "0 s"
                place = (self.at(time_us), y + 18) if self.wide else (y - 12, self.at(time_us))
                yield text(*place, words, "nl-small" if self.wide else "nl-small nl-end")


def said(x: float, y: float, words: str, class_: str = "nl-small") -> Element:
    """Words that begin here."""
    return text(x, y, words, f"{class_} nl-start")


def label(x: float, y: float, words: str, class_: str = "nl-small") -> tuple[Element, Element]:
    """Words around a point on a ground of their own, so that they may stand on a line."""
    return rect(x, y, text_width(words, SMALL) + 4, 20, 4, "nl-ground"), text(x, y, words, class_)


def lines_of(x: float, y: float, words: Iterable[str], apart: float = 20) -> list[Element]:
    """Lines of words below each other, each of which begins here."""
    return [said(x, y + apart * row, each) for row, each in enumerate(words)]
