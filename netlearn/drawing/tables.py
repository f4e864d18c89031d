"""Tables, as every figure writes them: columns with heads, rows that are about something."""

from collections.abc import Iterable
from typing import Any

from netlearn.drawing.markup import Element, Key, element

Cell = str | Element | tuple[str | Element, ...]  # what stands in it, in one part or several


def panel(caption: str, heads: Iterable[str], rows: Iterable[Element], class_: str = "", wide: bool = False) -> Element:
    """A table with its caption, in a panel of its own; a `wide` one moves sideways, by finger or by arrow keys."""
    moves: dict[str, Any] = {"tabindex": 0, "role": "group", "aria_label": "Table"} if wide else {}
    drawn = table(heads, rows, element("caption", caption))
    return element("div", drawn, class_=f"nl-panel {class_}".rstrip(), **moves)


def table(heads: Iterable[str], rows: Iterable[Element], *above: Element) -> Element:
    """The bare table; `above` is its caption, if it has one."""
    head = element("thead", element("tr", *(element("th", cell, scope="col") for cell in heads)))
    return element("table", *above, head, element("tbody", *rows))


def row(
    about: Cell,
    *cells: Cell,
    key: Key | None = None,
    class_: str | None = None,
    changing: tuple[str, ...] = (),
    **data: Any,
) -> Element:
    """A row: what it is about, then what is said of it; cells that may change have the key `changing` and a number."""
    rest = (
        element("td", *_parts(cell), key=(*changing, column) if changing else None) for column, cell in enumerate(cells)
    )
    return element("tr", element("th", *_parts(about), scope="row"), *rest, key=key, class_=class_, **data)


def _parts(cell: Cell) -> tuple[str | Element, ...]:
    return cell if isinstance(cell, tuple) else (cell,)
