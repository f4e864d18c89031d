"""The signs of the three things that are called loopback. They never mix, and shape alone tells them apart:

- `lo`, the loopback interface: a **ring** inside a machine;
- a router's loopback: a **plate**, dark as a name plate at a door, with the address on it;
- an anycast address: a **shared plate**, light, with a second one behind it, on each router that has the address.

Each function draws one sign around a point. `state` is a further class: `nl-lit` for what the picture is about,
`nl-faint-sign` for what is only there, `nl-hidden` for what is not to be seen. A colour of one's own goes into the
custom property `--nl-plate` of any element around a plate. The rules are in `signs.css`; a picture that stands alone
carries them when its signs are in a group of the class `nl-signs`.
"""

from typing import Any, Literal

from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, Key, element
from netlearn.drawing.shapes import rect, text

Sign = Literal["lo", "plate", "shared"]
PLATE_HEIGHT, PLATE_SIZE = 26.0, 15.0  # and the size of the letters on it
_SCREWS = 12.0  # from the end of the words to the end of the plate


def ring(
    x: float, y: float, radius: float = 19.0, label: str = "lo", state: str = "", key: Key | None = None, **more: Any
) -> Element:
    """The ring that stands for a machine's own `lo`; one without a label fits around a router's name."""
    words = [text(x, y, label)] if label else []
    ring = element("circle", cx=x, cy=y, r=radius)
    return element("g", ring, *words, class_=f"nl-ring {state}".rstrip(), key=key, **more)


def plate_width(words: str) -> float:
    """How wide a plate with these words on it is."""
    return text_width(words, PLATE_SIZE) * 0.93 + 2 * _SCREWS


def shared_width(words: str) -> float:
    """How wide a shared plate is, with its double."""
    return plate_width(words) - _SCREWS + 5.5


def plate(x: float, y: float, words: str, state: str = "", key: Key | None = None, **more: Any) -> Element:
    """A name plate, held by two screws: the address that is this router's alone."""
    width = plate_width(words)
    screws = [element("circle", cx=x + side * (width / 2 - 7.5), cy=y, r=2.2, class_="nl-screw") for side in (-1, 1)]
    parts = _sheet(x, y, width), *screws, text(x, y, words)
    return element("g", *parts, class_=f"nl-plate {state}".rstrip(), key=key, **more)


def shared_plate(x: float, y: float, words: str, state: str = "", key: Key | None = None, **more: Any) -> Element:
    """A plate with its double behind it: the address that other routers have as well."""
    width = plate_width(words) - _SCREWS
    front_x, front_y = x - 2, y + 1.5
    parts = _sheet(x + 3.5, y - 3, width), _sheet(front_x, front_y, width), text(front_x, front_y, words)
    return element("g", *parts, class_=f"nl-plate nl-shared {state}".rstrip(), key=key, **more)


def icon(sign: Sign) -> Element:
    """The sign, small, for a legend, a table or a button; whatever stands beside it says what it is."""
    drawn = {
        "lo": element("g", rect(20, 14, 37, 25, 5, "nl-case"), ring(20, 14, 7.5, "")),
        "plate": element("g", plate_of(20, 14, 32, 14)),
        "shared": element("g", plate_of(15, 18, 25, 11, "nl-shared"), plate_of(22, 11, 25, 11, "nl-shared")),
    }[sign]
    return element("svg", drawn, viewBox="0 0 40 28", width=40, height=28, class_="nl-sign-icon", aria_hidden="true")


def plate_of(x: float, y: float, width: float, height: float, state: str = "") -> Element:
    """A plate with a line on it instead of words, at any size."""
    line = element("path", d=f"M{x - width / 4} {y}h{width / 2}", class_="nl-plate-line")
    return element("g", _sheet(x, y, width, height), line, class_=f"nl-plate {state}".rstrip())


def _sheet(x: float, y: float, width: float, height: float = PLATE_HEIGHT) -> Element:
    return rect(x, y, width, height, 4, "nl-sheet")
