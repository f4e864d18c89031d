"""GraphML as networkx, yEd, Gephi and the Topology Zoo write it (http://graphml.graphdrawing.org/specification.html).

A network is written as those read it, too: undirected, or where metrics differ by direction with an edge for each.
"""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any, NamedTuple

from netlearn.errors import BadNetwork, possible, shown
from netlearn.network.formats.elements import Element
from netlearn.network.formats.table import Table
from netlearn.network.nodelink import to_data
from netlearn.network.spelling import said_of, with_announces, without_none
from netlearn.network.topology import Topology

WHOLE = ("int", "integer", "long", "short", "byte")
BROKEN = ("float", "double", "real")
TYPES = (*WHOLE, *BROKEN, "boolean", "string", "char")
MOST_DEFAULTS = 50  # which each node and edge would have
WRITTEN = {
    "node": dict.fromkeys(("label", "kind", "loopback", "address", "announces"), "string")
    | {"x": "double", "y": "double"},
    "edge": {"metric": "int", "name": "string"},
}  # the keys of a file that is written here
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


def to_graphml(topology: Topology) -> str:
    """The topology as GraphML text, which `netlearn.network.read` reads back as an equal one.

    What a node announces is a list, for which GraphML has no type: it is written as JSON text.

    >>> to_graphml(Topology([Node("A"), Node("B")], [Link("A", "B", 3)])).splitlines()[-3]
    '<edge source="A" target="B"><data key="metric">3</data><data key="name">A-B</data></edge>'
    """
    data = to_data(topology)
    one_way = any(link.metric != link.metric_back for link in topology.links)
    keys = (
        f'<key id="{name}" for="{of}" attr.name="{name}" attr.type="{kind}"/>'
        for of, names in WRITTEN.items()
        for name, kind in names.items()
    )
    nodes = (_element("node", {"id": row["id"]}, row) for row in data["nodes"])
    edges = []
    for link, row in zip(topology.links, data["edges"], strict=True):
        ends = {"source": row["source"], "target": row["target"]}
        edges.append(_element("edge", ends, {"metric": link.metric, "name": link.name}))
        if one_way:
            ends = {"source": row["target"], "target": row["source"]}
            edges.append(_element("edge", ends, {"metric": link.metric_back, "name": link.name}))
    lines = (
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
        *keys,
        f'<graph edgedefault="{"directed" if one_way else "undirected"}">',
        *nodes,
        *edges,
        "</graph>",
        "</graphml>",
    )
    return "\n".join(lines) + "\n"


def _element(tag: str, own: Mapping[str, str], row: Mapping[str, Any]) -> str:
    """A node or an edge, with what its row has under the keys that are written."""
    said = "".join(f' {name}="{escape(value)}"' for name, value in own.items())
    data = ((name, row[name]) for name in WRITTEN[tag] if name in row)
    words = (
        f'<data key="{name}">{escape(value if isinstance(value, str) else json.dumps(value))}</data>'
        for name, value in data
    )
    return f"<{tag}{said}>{''.join(words)}</{tag}>"


class Key(NamedTuple):
    """What a `data` element means: the name and type of an attribute, or a drawing program's own elements."""

    name: str | None
    kind: str
    of: str
    default: str | None


def table_of_graphml(root: Element) -> Table:
    """The rows of a GraphML file; raises `BadNetwork` for what is none."""
    keys = {each.attributes.get("id", ""): _key(each) for each in root.all("key")}
    if sum(key.default is not None for key in keys.values()) > MOST_DEFAULTS:
        raise BadNetwork(f"at most {MOST_DEFAULTS} keys of a GraphML file have a default")
    graphs = [*root.all("graph")]
    if len(graphs) != 1:
        raise BadNetwork(f"a GraphML file holds one graph, and this has {len(graphs)}")
    (graph,) = graphs
    if any(True for _ in graph.within("hyperedge")):
        raise BadNetwork("a hyperedge joins several nodes at once; in a network that is a node of the kind lan")
    nodes, groups = _nodes(graph, keys)
    edges = [*_elements(graph, "edge")]
    directed = graph.attributes.get("edgedefault") == "directed"
    one_way = [each.attributes.get("directed", str(directed)).lower() in ("true", "1") for each in edges]
    rows = [_row(each, "edge", keys, ("source", "target")) for each in edges]
    ends = {row.get(end) for row in rows for end in ("source", "target")}
    drawn = [row for row in nodes if row.get("id") not in groups or row.get("id") in ends]
    return Table("GraphML", drawn, rows, one_way, _notes(len(nodes) - len(drawn)))


def _notes(groups: int) -> tuple[str, ...]:
    names = [str(groups)] * groups
    one = "a frame around a group of nodes is left out"
    return (said_of(names, one, "{count} frames around groups of nodes are left out"),) if groups else ()


def _key(given: Element) -> Key:
    said = given.attributes
    name, kind = said.get("attr.name"), said.get("attr.type", "string")
    drawing = "yfiles.type" in said
    if "id" not in said or (name is None and not drawing):
        raise BadNetwork(f"a key of this GraphML has no {'attr.name' if 'id' in said else 'id'}: {shown(dict(said))}")
    if kind not in TYPES and not drawing:
        raise BadNetwork(f"the key {shown(name)} has the type {shown(kind)}; the types are {possible(TYPES, kind)}")
    default = next((each.text for each in given.all("default")), None)
    return Key(name, kind, said.get("for", "all"), default)


def _elements(graph: Element, tag: str) -> Iterator[Element]:
    """The nodes or edges of the graph, and of the graphs in its nodes, which are groups."""
    waiting = [*reversed(graph.children)]
    while waiting:
        each = waiting.pop()
        if each.tag == tag:
            yield each
        if each.tag in ("node", "graph"):
            waiting.extend(reversed([inside for inside in each.children if inside.tag in ("graph", "node", "edge")]))


def _nodes(graph: Element, keys: Mapping[str, Key]) -> tuple[list[dict[str, Any]], set[str | None]]:
    """The rows of the nodes, and the ids of those that hold a graph."""
    found = [*_elements(graph, "node")]
    groups = {each.attributes.get("id") for each in found if any(each.all("graph"))}
    return [_row(each, "node", keys, ("id",)) for each in found], groups


def _row(given: Element, what: str, keys: Mapping[str, Key], own: tuple[str, ...]) -> dict[str, Any]:
    """What an element says by its data; its own attributes go before data that are called so, too."""
    row = {
        key.name: _value(key.default, key)
        for key in keys.values()
        if key.default is not None and key.name is not None and key.of in (what, "all")
    }
    for data in given.all("data"):
        key = keys.get(data.attributes.get("key", ""))
        if key is None:
            raise BadNetwork(f"a {what} has data for {shown(data.attributes.get('key'))}, which is no key of this file")
        if data.children:
            row.update(_drawn(data))
        elif key.name is not None:
            row[key.name] = _value(data.text, key)
    row.update({name: given.attributes.get(name) for name in own})
    return with_announces(without_none(row))


def _value(text: str, key: Key) -> Any:
    """The value in the type of its key; a double that is whole is a whole number, as metrics are."""
    word = text.strip()
    try:
        if key.kind in WHOLE:
            return int(word)
        if key.kind in BROKEN:
            value = float(word)
            return int(value) if value.is_integer() and abs(value) < 2**53 else value
    except ValueError:
        raise BadNetwork(f"{shown(key.name)} is of the type {key.kind}, which {shown(word)} is not") from None
    if key.kind == "boolean":
        if word.lower() not in TRUTHS:
            raise BadNetwork(f"{shown(key.name)} is of the type boolean, which {shown(word)} is not")
        return TRUTHS[word.lower()]
    return text


def _drawn(data: Element) -> dict[str, Any]:
    """Place and label from the elements of yEd."""
    row: dict[str, Any] = {}
    for geometry in data.within("Geometry"):
        row.update({axis: geometry.attributes[axis] for axis in ("x", "y") if axis in geometry.attributes})
        break
    labels = (label.text.strip() for label in data.within("NodeLabel"))
    label = next(filter(None, labels), None)
    return row if label is None else {**row, "label": label}
