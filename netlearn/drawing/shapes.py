"""What drawings are made of: boxes and words, lines and how they end. Each function draws one thing at its place.

Coordinates of drawings of machines are whole numbers, and written as they are.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, Key, element, number
from netlearn.drawing.notes import NOTE_HEIGHT, NOTE_SIZE

Point = tuple[float, float]


def svg(
    parts: Iterable[Element], width: float, height: float, class_: str, label: str, *, top: float = 0, **more: Any
) -> Element:
    """A drawing from `top` on, described by `label`."""
    view_box = f"0 {number(top)} {number(width)} {number(height)}"
    attributes = {"class_": class_, "role": "img", "aria_label": label} | more
    return element("svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=view_box, **attributes)


def hidden(shown: object) -> str:
    """The class of what is not to be seen just now, to be put behind others."""
    return "" if shown else " nl-hidden"


def rect(
    x: float, y: float, width: float, height: float, rx: float, class_: str | None = None, key: Key | None = None
) -> Element:
    """A rectangle around a point."""
    left, top = x - width / 2, y - height / 2
    return element("rect", x=left, y=top, width=width, height=height, rx=rx, class_=class_, key=key)


def box(left: float, top: float, width: float, height: float, class_: str, rx: float = 8) -> Element:
    """A part of a machine, by its corner."""
    return element("rect", x=left, y=top, width=width, height=height, rx=rx, class_=f"nl-shape {class_}")


def text(x: float, y: float, words: str, class_: str = "", key: Key | None = None) -> Element:
    """Words around a point."""
    return element("text", words, x=x, y=y, class_=class_ or None, key=key)


def named_box(
    left: float, top: float, width: float, height: float, class_: str, words: str, of: str = ""
) -> tuple[Element, Element]:
    """A part of a machine with its name in the middle, which has the class `of`."""
    return box(left, top, width, height, class_), text(left + width / 2, top + height / 2, words, of)


def pill_width(words: str) -> float:
    """How wide the ground of a few words is."""
    return 0.93 * text_width(words, NOTE_SIZE) + 8


def pill(x: float, y: float, words: str, class_: str, name: str, *of: str, **more: Any) -> Element:
    """A few words on a rounded ground; its key is `name`, and what it is `of`."""
    return element(
        "g",
        rect(x, y, pill_width(words), NOTE_HEIGHT, rx=13, key=(f"{name}-box", *of)),
        text(x, y, words, key=(f"{name}-text", *of)),
        key=(name, *of),
        class_=f"nl-note{class_}",
        **more,
    )


def line(key: Key | None, class_: str, data: str, **more: Any) -> Element:
    """A line that may change; one without data is a point that nobody sees."""
    return element("path", key=key, class_=class_, d=data or "M0 0", **more)


def way(key: Key, class_: str, data: str) -> Element:
    """A line that is there only if it leads somewhere."""
    return line(key, class_ + hidden(data), data)


def through(points: Iterable[Point]) -> str:
    """Straight from point to point, as path data."""
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def cross(x: float, y: float, size: float) -> str:
    """A cross around a point, so far to each side, as path data."""
    far = number(2 * size)
    return f"M{number(x - size)} {number(y - size)}l{far} {far}m0 -{far}l-{far} {far}"


def crossing(x: float, y: float, size: float) -> str:
    """The same cross, written by its corners, as the drawings of machines have it."""
    left, right, top, bottom = x - size, x + size, y - size, y + size
    return f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"


def end_mark(points: Sequence[Point], arrives: bool, wide: int) -> str:
    """How a way ends, as path data: with the head of an arrow, or with a cross if it does not arrive."""
    (before_x, before_y), (x, y) = points[-2:]
    if not arrives:
        return crossing(x, y, wide + 1)
    # Ways of machines run along the axes, so that a direction is -1, 0 or 1, and its normal the same, swapped.
    right, down = (x > before_x) - (x < before_x), (y > before_y) - (y < before_y)
    back_x, back_y = x - (2 * wide - 2) * right, y - (2 * wide - 2) * down
    return f"M{back_x - wide * down} {back_y - wide * right}L{x} {y}L{back_x + wide * down} {back_y + wide * right}"


def moved(x: float, y: float, turn: float | None = None) -> str:
    """What puts a shape in its place, turned by so many degrees, as a transformation."""
    return f"translate({number(x)} {number(y)})" + ("" if turn is None else f" rotate({number(turn)})")


def aside(right: float, down: float) -> str:
    """The style of what stands so far from its place when the drawing is turned, in units of one that lies."""
    return f"--nl-to:{number(right)}px,{number(down)}px"
