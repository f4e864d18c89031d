"""Tables, as every figure writes them: columns with heads, rows that are about something."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netlearn.drawing.markup import Element, Key, element
from netlearn.drawing.prose import listed

Cell = str | Element | tuple[str | Element, ...]  # what stands in it, in one part or several


@dataclass(frozen=True, slots=True, repr=False)
class Table:
    """What a cell has found, as a small table in words: `found` says of each thing one value, under two `heads`.

    A value of several things is listed; under more heads it has a thing for each column that is left.

    >>> Table({"R1": 2, "R2": ("R4", "R7")}, ("Router", "Sum or next hops"))
    Router  Sum or next hops
    R1      2
    R2      R4 and R7
    """

    found: Mapping[Any, Any]
    heads: tuple[str, ...]

    def __repr__(self) -> str:
        rows = [self.heads, *self._rows()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ("  ".join(f"{cell:{width}}" for cell, width in zip(each, widths, strict=True)) for each in rows)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        return str(table(self.heads, (row(about, *cells) for about, *cells in self._rows())))

    def _rows(self) -> list[tuple[str, ...]]:
        """The rows in words, each with a cell for each head."""
        several = len(self.heads) > 2
        return [(_worded(key), *map(_worded, value if several else [value])) for key, value in self.found.items()]


def _worded(value: object) -> str:
    """A value as a cell says it: numbers with thousands apart, several things as a list, none as a dash."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, tuple | list | set | frozenset):
        parts = [_worded(each) for each in (sorted(value) if isinstance(value, set | frozenset) else value)]
        return listed(parts) if parts else "–"
    return str(value)


def panel(caption: str, heads: Iterable[str], rows: Iterable[Element], class_: str = "", wide: bool = False) -> Element:
    """A table with its caption, in a panel of its own; a `wide` one moves sideways, by finger or by arrow keys."""
    moves: dict[str, Any] = {"tabindex": 0, "role": "group", "aria_label": "Table"} if wide else {}
    drawn = table(heads, rows, element("caption", caption))
    return element("div", drawn, class_=f"nl-panel {class_}".rstrip(), **moves)


def table(heads: Iterable[str], rows: Iterable[Element], *above: Element) -> Element:
    """The bare table; `above` is its caption, if it has one."""
    named = (element("th", cell, scope="col") if cell else element("td") for cell in heads)
    head = element("thead", element("tr", *named))
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
