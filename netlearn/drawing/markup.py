"""Markup as a value: a tree of elements that can be written out, and compared.

A figure is drawn whole for every state that the reader can set. What may differ between two states carries a key; the
keyed parts of two drawings, compared, are the few attributes that the page has to change (`difference`). So there is
one description of a figure, and what JavaScript patches is what Python would have drawn.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape

OWNED_BY_THE_PAGE = frozenset({"tabindex"})  # where the keyboard's focus is, which no answer may move
VOID = frozenset({"input", "img", "br"})  # HTML elements without an end tag
Key = str | tuple[str | int, ...]  # a fixed word, or a fixed word and what tells its parts apart: names, numbers
View = dict[str, dict[str, str | None]]


@dataclass(frozen=True, slots=True)
class Element:
    """An element of SVG or HTML. `key` names it within its figure if it can change; its text is then changeable too."""

    tag: str
    attributes: Mapping[str, str]
    children: tuple["Element | str", ...] = ()
    key: str | None = None

    def __str__(self) -> str:
        """The markup, readable as HTML and (without void elements) as XML."""
        return "".join(_written(self))

    def without_keys(self) -> str:
        """The markup of what will never change."""
        return "".join(_written(self, keys=False))

    def classes(self) -> frozenset[str]:
        """The classes of this element and of those inside it."""
        return frozenset(name for part in _parts(self) for name in part.attributes.get("class", "").split())


@lru_cache(maxsize=1 << 14)  # the states of a figure have the same keys
def key_of(*parts: str | int, by: str = ":") -> str:
    """The parts as one word that no other parts have; where they hold `by` themselves it is escaped as in a URL.

    This alone joins names to keys. `view.js` takes apart again what it has joined (`partsOf`).
    """
    return by.join(str(part).replace("%", "%25").replace(by, f"%{ord(by):02X}") for part in parts)


def element(tag: str, *children: "Element | str", key: Key | None = None, **attributes: object) -> Element:
    """An element; attribute names are written with `_` for `-`, a trailing `_` is dropped (`class_`).

    A key of one word is reached by no name: names stand in a key beside a first word.
    A value of `None` or `False` leaves the attribute out, `True` writes it empty; numbers lose superfluous digits.
    """
    named = {
        _named(name): value if type(value) is str else _value(value)
        for name, value in attributes.items()
        if value is not None and value is not False
    }
    if isinstance(key, tuple):
        key = key_of(*key)
    else:
        assert key is None or ":" not in key, f"a key of several parts is given as a tuple, not as {key}"
    return Element(tag, named, children, key)


def keyed(root: Element) -> View:
    """Everything that can change in a drawing: for each key its attributes, and its text under `text`.

    An element is either text or a container of elements; only the text of the former is in the view.
    """
    view: View = {}
    for part in _parts(root):
        if part.key is not None:
            assert part.key not in view, f"two parts of a figure have the key {part.key}"
            view[part.key] = now = dict[str, str | None](part.attributes)
            for name in OWNED_BY_THE_PAGE:
                now.pop(name, None)
            if not any(isinstance(child, Element) for child in part.children):
                now["text"] = "".join(map(str, part.children))
    return view


def difference(before: View, after: View) -> View:
    """What to set to turn one drawing into the other: only what differs, `None` for an attribute that goes."""
    assert before.keys() == after.keys(), before.keys() ^ after.keys()
    changed: View = {}
    for key, now in after.items():
        was = before[key]
        if now != was:  # most are equal
            changed[key] = {name: now.get(name) for name in {**was, **now} if now.get(name) != was.get(name)}
    return changed


@lru_cache(maxsize=1 << 14)  # the states of a figure draw the same places again and again
def number(value: float) -> str:
    """A coordinate with at most one decimal: a tenth of a unit cannot be seen."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0 turns -0.0 into 0.0


@lru_cache(maxsize=1 << 10)
def _named(name: str) -> str:
    return name.removesuffix("_").replace("_", "-")


def _value(value: object) -> str:
    if value is True:
        return ""
    return number(value) if isinstance(value, float) else str(value)


def _parts(root: Element) -> Iterator[Element]:
    """The element and all those inside it, in the order in which they are written."""
    left = [root]
    while left:
        yield (part := left.pop())
        left += [child for child in reversed(part.children) if isinstance(child, Element)]


def _written(part: Element, keys: bool = True) -> list[str]:
    """The pieces of the markup, in order."""
    pieces: list[str] = []
    _write(part, keys, pieces.append)
    return pieces


def _write(part: Element, keys: bool, put: Callable[[str], None]) -> None:
    put(f"<{part.tag}")
    for name, value in part.attributes.items():
        put(f' {name}="{escape(value)}"')
    if keys and part.key is not None:
        put(f' data-key="{escape(part.key)}"')
    put(">")
    if part.tag in VOID:
        return
    for child in part.children:
        if isinstance(child, Element):
            _write(child, keys, put)
        else:
            put(escape(child, quote=False))
    put(f"</{part.tag}>")
