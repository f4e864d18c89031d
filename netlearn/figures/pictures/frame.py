"""What pictures that stand alone share: a frame that stands upright where there is little room, and parts of machines.

Each is drawn in a plan of its own where there is room, `WIDTH` wide, and where there is little, `ACROSS` wide. Pieces
that only move do so by their style (`piece`); what is drawn anew is drawn twice, one of which is seen (`lying`,
`upright`).
"""

from collections.abc import Callable, Iterable, Sequence

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import Point, box, end_mark, svg, text, through
from netlearn.drawing.still import Picture

WIDTH = 720
ACROSS = 336  # where there is little room: as wide as a phone shows whole


def framed(
    parts: Iterable[Element], heights: tuple[float, float], title: str, words: str, caption: str, kind: str = ""
) -> Picture:
    """The picture with its `heights`, lying and where there is little room."""
    lies, stands = heights
    grown = WIDTH / ACROSS
    lift = (lies - grown * stands) / 2  # a drawing that is higher than its frame stands around the frame's middle
    style = f"--nl-across:{ACROSS};--nl-along:{number(stands)};--nl-grow:{grown:.4f};--nl-lift:{number(lift)}px"
    plan, classes = element("g", *parts, class_="nl-plan"), f"nl-net nl-machine nl-reflows {kind}".rstrip()
    return Picture(svg([plan], WIDTH, lies, classes, words, style=style), title, words, caption)


def twice(
    draw: Callable[[bool], Iterable[Element]],
    heights: tuple[float, float],
    title: str,
    words: str,
    caption: str,
    signs: bool = False,
) -> Picture:
    """The picture that `draw` draws for the width that there is: told whether there is room. `signs`: it has plates."""
    assert heights[0] < WIDTH, "it is by its own shape that a picture knows how to stand"
    assert heights[1] > ACROSS, "it is by its own shape that a picture knows how to stand"
    parts = lying(*draw(True)), upright(*draw(False))
    return framed(parts, heights, title, words, caption, "nl-telling nl-signs" if signs else "nl-telling")


def piece(right: float, down: float, *parts: Element) -> Element:
    """What stands together, and so far from here where there is little room."""
    return element("g", *parts, class_="nl-piece", style=f"--nl-to:{number(right)}px,{number(down)}px")


def lying(*parts: Element) -> Element:
    """What is seen where there is room."""
    return element("g", *parts, class_="nl-lying")


def upright(*parts: Element) -> Element:
    """What is seen where there is little room."""
    return element("g", *parts, class_="nl-upright")


def machine(lies: tuple[int, int, int, int], stands: tuple[int, int, int, int]) -> tuple[Element, Element]:
    """The machine around its pieces, in its two sizes."""
    return lying(box(*lies, "nl-host", rx=14)), upright(box(*stands, "nl-host", rx=14))


def ring_of_lo(x: float, y: float) -> tuple[Element, Element]:
    """The ring, with its name in it."""
    return element("circle", cx=x, cy=y, r=27, class_="nl-shape nl-ring"), text(x, y, "lo", "nl-strong")


def state(gets_in: bool) -> str:
    """The class of what arrives, or does not."""
    return "nl-gets-in" if gets_in else "nl-fails"


def arrow(points: Sequence[Point], gets_in: bool, head: bool = True) -> list[Element]:
    """A way with an arrow at its end, or with a cross where it fails; without `head` just the way."""
    way = element("path", d=through(points), class_=f"nl-reach-way {state(gets_in)}")
    mark = element("path", d=end_mark(points, gets_in, 6), class_=f"nl-reach-mark {state(gets_in)}")
    return [way, mark] if head else [way]
