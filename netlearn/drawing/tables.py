"""Tables, as every figure writes them."""

from collections.abc import Iterable

from netlearn.drawing.markup import Element, element


def head_row(tag: str, cells: Iterable[str]) -> Element:
    return element("tr", *(element(tag, cell, scope="col") for cell in cells))
