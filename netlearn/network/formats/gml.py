"""GML, the Graph Modelling Language: keys with numbers, texts, or lists of keys in brackets."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from netlearn.errors import BadNetwork, shown
from netlearn.network.formats.table import Table
from netlearn.network.spelling import with_announces

DEEPEST = 100
_TOKEN = re.compile(
    r"""\s+|\#[^\n]*            # nothing
    |(?P<key>[A-Za-z_]\w*)
    |(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?)
    |"(?P<text>[^"]*)"
    |(?P<open>\[)|(?P<close>\])""",
    re.VERBOSE | re.ASCII,
)
_BEGINNING = re.compile(
    r"""\A(?>\s+|\#[^\n]*\n|(?!graph\b)\w+[ \t]+(?:"[^"]*"|[\w.+-]+)[ \t]*\r?\n)*+graph\s*\[""", re.VERBOSE
)
_WORDS = {"nan", "inf", "true", "false"}  # which networkx writes where a number is expected
Pairs = dict[str, Any]


def is_gml(text: str) -> bool:
    """Whether the text begins as GML does, with keys of one line each and then a graph."""
    return _BEGINNING.match(text) is not None


def table_of_gml(text: str) -> Table:
    """The rows of a GML file; raises `BadNetwork` for what is none."""
    graphs = [each for each in _each(_read(text), "graph") if isinstance(each, dict)]
    if len(graphs) != 1:
        raise BadNetwork(f"a GML file holds one graph, and this has {len(graphs)}")
    (graph,) = graphs
    nodes, edges = ([_row(given, tag) for given in _each(graph, tag)] for tag in ("node", "edge"))
    return Table("GML", *_called_by_labels(nodes, edges), graph.get("directed") == 1)


def _called_by_labels(nodes: list[Pairs], edges: list[Pairs]) -> tuple[list[Pairs], list[Pairs]]:
    """The rows with labels for ids, where a label is another node's id: GML's ids are nothing but numbers.

    networkx has node 2 as `id 1 label "2"`, and what it calls 2 is not to be another node here.
    """
    ids = [node.get("id") for node in nodes]
    labels = [node.get("label") for node in nodes]
    whole = all(isinstance(own, int) for own in ids) and all(isinstance(label, str) for label in labels)
    if not whole or len({*labels}) < len(labels) or len({*ids}) < len(ids):
        return nodes, edges
    numbers = {*map(str, ids)}
    if all(label not in numbers or str(own) == label for own, label in zip(ids, labels, strict=True)):
        return nodes, edges
    called = dict(zip(ids, labels, strict=True))
    named = [{**edge, **{end: _end(edge.get(end), called) for end in ("source", "target")}} for edge in edges]
    return [{**node, "id": node["label"]} for node in nodes], named


def _end(end: Any, called: dict[Any, Any]) -> Any:
    return called.get(end, end) if isinstance(end, int) else end


def _each(pairs: Pairs, key: str) -> list[Any]:
    """All that stands under a key, which may be there several times."""
    found = pairs.get(key, [])
    return found if isinstance(found, list) else [found]


def _row(given: Any, tag: str) -> Pairs:
    if not isinstance(given, dict):
        raise BadNetwork(f"a {tag} of GML is a list of keys in brackets, not {shown(given)}")
    graphics = given.get("graphics")
    place = {axis: graphics[axis] for axis in ("x", "y") if axis in graphics} if isinstance(graphics, dict) else {}
    return with_announces({**place, **given})


def _read(text: str) -> Pairs:
    """The keys with their values; a key that is there again has a list of its values."""
    top: Pairs = {}
    inside, key = [top], None
    for kind, value in _tokens(text):
        if kind == "key" and key is None:
            key = value
            continue
        if kind == "close" and key is None and len(inside) > 1:
            inside.pop()
            continue
        if kind == "close" or key is None:
            raise BadNetwork(f"this GML has {shown(value)} where a key is expected")
        made: Any = {} if kind == "open" else value
        held = inside[-1]
        if key not in held:
            held[key] = made
        elif isinstance(held[key], list):
            held[key].append(made)
        else:
            held[key] = [held[key], made]
        if kind == "open":
            inside.append(made)
        if len(inside) > DEEPEST:
            raise BadNetwork(f"a network has at most {DEEPEST} lists in one another; this GML has more")
        key = None
    if key is not None or len(inside) > 1:
        raise BadNetwork("this GML ends in the middle")
    return top


def _tokens(text: str) -> Iterator[tuple[str, Any]]:
    at, value_next = 0, False
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadNetwork(f"this GML cannot be read at {shown(text[at : at + 20])}")
        at = found.end()
        kind = found.lastgroup
        if kind is None:
            continue
        word = found[kind]
        if kind == "key" and value_next and word.lower() in _WORDS:
            kind = "text"
        elif kind == "number":
            word = _number(word)
        elif kind == "text":
            word = unescape(word)
        yield kind, word
        value_next = kind == "key"


def _number(word: str) -> int | float:
    if len(word) > 400:
        raise BadNetwork(f"this GML has the number {shown(word)}, which is too long")
    return int(word) if word.lstrip("+-").isdecimal() else float(word)
