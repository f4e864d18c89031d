"""GEXF, Gephi's own form (https://gexf.net/): nodes, which may hold nodes, and edges; attributes go by their titles."""

from collections.abc import Mapping
from typing import Any

from netlearn.errors import BadNetwork, shown
from netlearn.network.formats.elements import Element
from netlearn.network.formats.table import Table
from netlearn.network.spelling import number, with_announces

TYPES = {"directed": True, "undirected": False, "mutual": False}
MOST_DEFAULTS = 50  # which each node or edge would have
NUMBERS = ("integer", "long", "short", "byte", "float", "double", "bigdecimal", "biginteger")


def table_of_gexf(root: Element) -> Table:
    """The rows of a GEXF file; raises `BadNetwork` for what is none."""
    graphs = [*root.all("graph")]
    if len(graphs) != 1:
        raise BadNetwork(f"a GEXF file holds one graph, and this has {len(graphs)}")
    (graph,) = graphs
    titles = {each.attributes.get("class"): _titles(each) for each in graph.all("attributes")}
    nodes = [_row(each, titles.get("node", {}), ("id", "label")) for each in graph.within("node")]
    edges = [*graph.within("edge")]
    plain = graph.attributes.get("defaultedgetype", "undirected")
    one_way = [_one_way(each.attributes.get("type", plain)) for each in edges]
    rows = [_row(each, titles.get("edge", {}), ("source", "target", "weight")) for each in edges]
    return Table("GEXF", nodes, rows, one_way)


def _titles(given: Element) -> dict[str, tuple[str, str, str | None]]:
    """The title, type and default value of each attribute, by its id."""
    titles = {
        each.attributes.get("id", ""): (
            each.attributes.get("title", ""),
            each.attributes.get("type", "string"),
            next((default.text for default in each.all("default")), None),
        )
        for each in given.all("attribute")
    }
    if sum(default is not None for _, _, default in titles.values()) > MOST_DEFAULTS:
        raise BadNetwork(f"at most {MOST_DEFAULTS} attributes of a GEXF file have a default")
    return titles


def _one_way(kind: str) -> bool:
    if kind not in TYPES:
        raise BadNetwork(f"an edge has the type {shown(kind)}; the types are {', '.join(TYPES)}")
    return TYPES[kind]


def _row(given: Element, titles: Mapping[str, tuple[str, str, str | None]], own: tuple[str, ...]) -> dict[str, Any]:
    row = {title: _value(default, kind) for title, kind, default in titles.values() if default is not None}
    for values in given.all("attvalues"):
        for each in values.all("attvalue"):
            title, kind, _ = titles.get(each.attributes.get("for", each.attributes.get("id", "")), ("", "", None))
            row[title] = _value(each.attributes.get("value", ""), kind)
    for position in given.all("position"):
        row.update({axis: position.attributes[axis] for axis in ("x", "y") if axis in position.attributes})
    row.update({name: given.attributes[name] for name in own if name in given.attributes})
    row.pop("", None)
    return with_announces(row)


def _value(text: str, kind: str) -> Any:
    found = number(text) if kind in NUMBERS else None
    return text if found is None else int(found) if found == int(found) else found
