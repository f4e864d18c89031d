"""From the rows of any form to a network: names, places, metrics, directions and links, with all that is checked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netlearn.errors import BadNetwork, possible, shown
from netlearn.network.formats.links import both_ways, links_of
from netlearn.network.formats.metrics import RECIPROCAL, with_metrics
from netlearn.network.formats.names import ids_of, names_by_id
from netlearn.network.formats.places import Place, places_of
from netlearn.network.formats.table import Reading, Table
from netlearn.network.parts import Announcement, Kind, Node, check_name
from netlearn.network.spelling import Data, name_under, parse_address, parse_prefix, refuse_near_misses, said_of
from netlearn.network.topology import Topology

NODE_KEYS = ("id", "label", "kind", "loopback", "address", "announces", "x", "y")
EDGE_KEYS = ("source", "target", "metric", "metric_back", "name")
ANNOUNCEMENT_KEYS = ("prefix", "metric")


def assembled(table: Table, metric: str | None = None, undirected: bool = False) -> Reading:
    """The network of the rows; raises `BadNetwork` with what is wrong and where.

    `metric` names the key under which edges have their metric, `undirected` says that each edge is both directions.
    """
    if metric is not None and not isinstance(metric, str):
        raise BadNetwork(f"metric is the key under which edges have their metric, not {shown(metric)}")
    notes = [*table.notes]
    ids = ids_of(table.nodes)
    names = names_by_id(ids, table.nodes, notes)
    places = places_of(table.nodes, [names[own] for own in ids], notes)
    nodes = [_node(*given, names) for given in zip(ids, table.nodes, places, strict=True)]
    kinds = {node.name: node.kind for node in nodes}
    edges, one_way = _without_loops(*_edges(table, names, metric), notes)
    lonely = undirected or table.one_way is None
    edges, metrics = with_metrics(edges, [one and not lonely for one in one_way], kinds, metric, notes)
    joined = both_ways(edges, one_way, kinds, lonely)
    if table.one_way is None and len(joined) < len(edges):
        notes.append(f"an edge there and one back are read as one link: {len(edges):,} edges, {len(joined):,} links")
    announced = (each for given, node in zip(table.nodes, nodes, strict=True) for each in _announced(given, node.name))
    return Reading(Topology(nodes, links_of(joined, kinds), announced), table.form, metrics, tuple(notes))


def _node(own: str, given: Data, place: Place, names: Mapping[str, str]) -> Node:
    refuse_near_misses(given, NODE_KEYS, f"node {own}")
    kind: Kind = given.get("kind", "router")
    if "loopback" in given and "address" in given:
        raise BadNetwork(f"node {own} has a loopback and an address; a router has the one, a host the other")
    if "loopback" in given and kind in ("host", "lan"):
        raise BadNetwork(f"node {own}: a loopback is a router's, and this is a {kind}; say address")
    key = "loopback" if "loopback" in given else "address"
    address = parse_address(given[key], f"node {own}, {key}") if key in given else None
    return Node(names[own], kind, address, place.x, place.y, own)


def _announced(given: Data, name: str) -> Iterable[Announcement]:
    rows = given.get("announces", [])
    where = f"node {name}, announces"
    if not isinstance(rows, list | tuple):
        raise BadNetwork(f"{where}: a list of prefixes is expected, not {shown(rows)}")
    for row in rows:
        said = row if isinstance(row, Mapping) else {"prefix": row}
        refuse_near_misses(said, ANNOUNCEMENT_KEYS, where)
        yield Announcement(parse_prefix(said.get("prefix"), where), name, said.get("metric", 0))


def _edges(table: Table, names: Mapping[str, str], metric: str | None) -> tuple[list[dict[str, Any]], list[bool]]:
    """Each edge with the names of its ends, and whether it is one direction; what does not tell, may be."""
    key = (metric or "").removeprefix(RECIPROCAL)
    asked = (key, f"{key}_back") if key else ()
    edges = [_edge(given, f"edge {number}", names, EDGE_KEYS + asked) for number, given in enumerate(table.edges, 1)]
    if isinstance(table.one_way, bool | None):
        return edges, [table.one_way is not False] * len(edges)
    return edges, [*table.one_way]


def _edge(given: Data, where: str, names: Mapping[str, str], known: tuple[str, ...]) -> dict[str, Any]:
    source, target = given.get("source"), given.get("target")
    if not (isinstance(source, str) and isinstance(target, str)):  # a number, or what is no name at all
        source, target = (name_under(given, end, where) for end in ("source", "target"))
    where = f"edge {source}-{target}"
    refuse_near_misses(given, known, where)
    if "name" in given:
        check_name(given["name"], f"{where}: the name")
    for end, name in (("source", source), ("target", target)):
        if name not in names:
            check_name(name, f"{where}: {end}")
            raise BadNetwork(f"{where}: its {end} {name!r} is no node; the nodes are {possible(names, name)}")
    return {**given, "source": names[source], "target": names[target]}


def _without_loops(
    edges: Sequence[dict[str, Any]], one_way: Sequence[bool], notes: list[str]
) -> tuple[list[dict[str, Any]], list[bool]]:
    """The edges that lead elsewhere, as no router has an adjacency with itself; a note tells how many do not."""
    loops = [edge["source"] for edge in edges if edge["source"] == edge["target"]]
    if not loops:
        return [*edges], [*one_way]
    notes.append(
        said_of(loops, "an edge from {first} to itself is left out", "{count} edges from a node to itself are left out")
    )
    kept = [(edge, one) for edge, one in zip(edges, one_way, strict=True) if edge["source"] != edge["target"]]
    return [edge for edge, _ in kept], [one for _, one in kept]
