"""How much each failure would do, on the drawing of a network: how thick a link is, the rim of a node, and a sign.

What does more is thicker. What would leave somebody without a path is broken, and its sign is filled, whatever else
it does: colour does not speak alone, and a loss is not a larger amount of the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, hypot
from typing import Literal

from netlearn.drawing.geometry import Curve
from netlearn.drawing.layout import CHIP, FEW_LETTERS, LETTERS, SQUEEZE, Layout, out_of, sign_width, width_of
from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import aside, hidden, rect, text
from netlearn.network.parts import Link, Node

STEPS = 4  # of thickness
Part = tuple[Literal["link", "node"], str]


@dataclass(frozen=True, slots=True)
class Heat:
    """What is shown of one failure: how thick (0 to `STEPS`), a few letters, and whether somebody loses their path."""

    step: int
    words: str
    splits: bool = False

    @property
    def class_(self) -> str:
        return f" nl-heat nl-heat-{self.step}" + (" nl-splits" if self.splits else "")


def step_of(amount: int, most: int) -> int:
    """How thick what does this much is drawn, if another does `most`."""
    return ceil(STEPS * amount / most) if amount else 0


def heat_class(heat: Mapping[Part, Heat], part: Part) -> str:
    """The classes of a link or a node, to be put behind others."""
    return heat[part].class_ if part in heat else ""


def heat_sign(link: Link, ends: tuple[Node, Node], layout: Layout, heat: Heat | None) -> Element:
    """The sign on a link, in the middle of what is seen of it; metrics have the same place."""
    curve, words = layout.links[link.name], heat.words if heat else ""
    x, y = to_x, to_y = curve.at(_middle(curve, ends, LETTERS if layout.upright else FEW_LETTERS, 1.0))
    if layout.upright:
        to_x, to_y = curve.at(_middle(curve, ends, FEW_LETTERS, SQUEEZE))
    if layout.labels:
        (x, y), (to_x, to_y) = layout.label(link.name, "both")
    style = aside(to_x - x, to_y - y) if layout.upright else None
    splits = " nl-splits" if heat and heat.splits else ""
    return element(
        "g",
        rect(x, y, sign_width(words), 2 * CHIP, rx=7, key=("heat-box", link.name)),
        text(x, y, words, key=("heat-text", link.name)),
        key=("heat", link.name),
        class_=f"nl-chip nl-heat-sign nl-tells nl-stands{splits}" + hidden(words),
        style=style,
    )


def _middle(curve: Curve, ends: tuple[Node, Node], letters: int, squeezed: float) -> float:
    """Which part of the link is halfway between the boxes at its ends; `squeezed` below 1 in a turned drawing."""
    length = curve.length or 1.0
    right, down = (abs(to - at) / length for at, to in zip(curve.start, curve.end, strict=True))
    if squeezed < 1:
        right, down = down, squeezed * right
    seen = hypot(right, down) or 1.0  # so much of the link's length is left
    a, b = (out_of(width_of(each, letters), right / seen, down / seen, 0) / seen / length for each in ends)
    return (1 + a - b) / 2 if a + b < 1 else 0.5
