"""The four phases of convergence as icons: the same shapes in the network, in the lanes and in the legend."""

from netlearn.convergence.happened import PHASES
from netlearn.drawing.markup import Element, element, number

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


def icon(phase: str, x: float, y: float, size: float = 7.0) -> str:
    """The phase's icon as path data: a triangle, a diamond, a square, a disc."""
    s, back = number(size), number(-size)
    match phase:
        case "detect":
            return f"M{number(x)} {number(y - size)}l{s} {number(1.75 * size)}h{number(-2 * size)}z"
        case "flood":
            return f"M{number(x)} {number(y - size)}l{s} {s}l{back} {s}l{back} {back}z"
        case "compute":
            side = number(1.7 * size)
            return f"M{number(x - 0.85 * size)} {number(y - 0.85 * size)}h{side}v{side}h-{side}z"
        case "install":
            turn = f"a{s} {s} 0 1 0 "
            return f"M{number(x - size)} {number(y)}{turn}{number(2 * size)} 0{turn}{number(-2 * size)} 0z"
    assert not phase, phase
    return ""


def legend(bars: str = BARS) -> Element:
    """The icons with their meaning, in the order in which the phases follow each other, and what bars mean."""
    entries = (element("span", _drawn(phase), element("span", MEANING[phase]), class_="nl-key") for phase in PHASES)
    return element("div", element("div", *entries, class_="nl-legend"), element("p", bars, class_="nl-hint"))


def _drawn(phase: str) -> Element:
    drawn = element("path", d=icon(phase, 9, 9), class_=f"nl-{phase}")
    return element("svg", drawn, viewBox="0 0 18 18", width=18, height=18, aria_hidden="true", class_="nl-icons")
