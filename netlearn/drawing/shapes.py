"""Boxes and words in drawings of machines."""

from netlearn.drawing.markup import Element, element

Point = tuple[float, float]


def box(middle: Point, width: float, height: float, class_: str, rx: float = 8) -> Element:
    x, y = middle
    return element(
        "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=rx, class_=f"nl-shape {class_}"
    )


def text(x: float, y: float, text: str, class_: str = "") -> Element:
    return element("text", text, x=x, y=y, class_=class_ or None)
