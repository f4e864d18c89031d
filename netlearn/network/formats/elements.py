"""XML as plain elements, from text or from who has parsed it already: a web page has a parser of its own.

Nothing that XML can do beyond elements is done: no entity is declared, nothing else is fetched, and there is an end to
how deep and how many elements may be.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from netlearn.errors import BadNetwork, shown

DEEPEST = 100
MOST = 3_000_000  # elements
TOO_MANY = f"a network has at most {DEEPEST} elements in one another and {MOST:,} in all, and this has more"
NO_ATTRIBUTES: Mapping[str, str] = {}


@dataclass(slots=True)
class Element:
    """An element: its name without a namespace, its attributes, the text directly in it, and the elements in it."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    def all(self, *tags: str) -> Iterator["Element"]:
        """The elements directly in it that are called so."""
        return (child for child in self.children if child.tag in tags)

    def within(self, tag: str) -> Iterator["Element"]:
        """The elements anywhere in it that are called so, in order."""
        waiting = [*reversed(self.children)]
        while waiting:
            each = waiting.pop()
            if each.tag == tag:
                yield each
            waiting.extend(reversed(each.children))


def from_xml(content: bytes | str) -> Element:
    """The outermost element of an XML text; raises `BadNetwork` for what is none, or is more than networks need."""
    try:
        from xml.parsers.expat import ExpatError
    except ModuleNotFoundError:  # the page's Python is without
        raise BadNetwork("this Python reads no XML; netlearn.network.from_elements takes its elements") from None
    builder = _Builder()
    try:
        builder.read(content)
    except (ExpatError, LookupError, ValueError) as reason:
        if isinstance(reason, BadNetwork):
            raise
        raise BadNetwork(f"this is not XML: {reason}") from None
    assert builder.root is not None  # or the parser had complained that there is no element
    return builder.root


class _Builder:
    """Elements from the parser's events."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[tuple[Element, list[str]]] = []
        self.many = 0

    def read(self, content: bytes | str) -> None:
        from xml.parsers.expat import ParserCreate

        parser = ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.text
        parser.EntityDeclHandler = self.entity
        parser.Parse(content, True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.many += 1
        if len(self.open) >= DEEPEST or self.many > MOST:
            raise BadNetwork(TOO_MANY)
        made = Element(name.rpartition(" ")[2], attributes or NO_ATTRIBUTES)
        if self.open:
            self.open[-1][0].children.append(made)
        else:
            self.root = made
        self.open.append((made, []))

    def end(self, name: str) -> None:
        ended, texts = self.open.pop()
        ended.text = "".join(texts)

    def text(self, text: str) -> None:
        self.open[-1][1].append(text)

    def entity(self, name: str, *declared: object) -> None:
        raise BadNetwork(f"the file declares the entity {shown(name)}; a network needs none, and they can be a trap")


def from_plain(data: object) -> Element:
    """The element that plain data describe: objects with `tag`, and if need be `attributes`, `text`, `children`."""
    root = Element("")
    waiting: list[tuple[object, Element, int]] = [(data, root, 1)]
    many = 0
    while waiting:
        given, parent, depth = waiting.pop()
        many += 1
        if depth > DEEPEST or many > MOST:
            raise BadNetwork(TOO_MANY)
        made, inside = _element(given)
        parent.children.append(made)
        waiting.extend((each, made, depth + 1) for each in reversed(inside))
    return root.children[0]


def _element(given: object) -> tuple[Element, list[object]]:
    if not isinstance(given, Mapping) or not isinstance(given.get("tag"), str):
        raise BadNetwork(f"an element is an object with a tag, not {shown(given)}")
    attributes, text, inside = given.get("attributes") or {}, given.get("text") or "", given.get("children") or []
    words = [each for pair in attributes.items() for each in pair] if isinstance(attributes, Mapping) else [None]
    if not all(isinstance(each, str) for each in [*words, text]) or not isinstance(inside, list | tuple):
        raise BadNetwork(f"an element has attributes and a text of words, and a list of children, not {shown(given)}")
    return Element(given["tag"], attributes, text), [*inside]
