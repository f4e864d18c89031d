"""Networks in JSON: node-link data as networkx has it, SNDlib's JSON and NetJSON's NetworkGraph."""

import json
from collections.abc import Mapping
from typing import Any

from netlearn.errors import BadNetwork, repeated, shown
from netlearn.network.formats.seems import refuse_other_data
from netlearn.network.formats.table import NODE_LINK, Table
from netlearn.network.spelling import Data, refuse_near_misses, rows_under

NETWORK_KEYS = ("nodes", "edges", "links", "directed", "multigraph", "graph")


def parsed(text: str) -> object:
    """What the JSON text holds; raises `BadNetwork` if it is none, or an object has a key twice."""
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as reason:
        raise BadNetwork(f"this is not JSON: {reason}") from None
    except BadNetwork:
        raise
    except (ValueError, RecursionError) as reason:  # a number of more than 4300 digits, lists a thousand deep
        raise BadNetwork(f"this JSON cannot be read: {reason}") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        key = repeated(key for key, _ in pairs)
        raise BadNetwork(f"an object has the key {key!r} twice: {shown(pairs)}; which of the two counts is not said")
    return made


def table_of_data(data: object) -> Table:
    """The rows of parsed JSON; raises `BadNetwork` if there are none."""
    if not isinstance(data, Mapping):
        raise BadNetwork(f"a network is an object with nodes and edges, not {shown(data)}")
    refuse_other_data(data)
    net_json = data.get("type") == "NetworkGraph"
    if not net_json:
        refuse_near_misses(data, NETWORK_KEYS, "the network")
    if "edges" in data and "links" in data:
        raise BadNetwork("the network has edges and links; one of them is the list of its links")
    nodes = rows_under(data, "nodes")
    edges = rows_under(data, "links" if "links" in data else "edges")
    if net_json:
        return Table("NetJSON NetworkGraph", nodes, [_net_json(edge) for edge in edges], None)
    if "links" in data and "directed" not in data and ("demands" in data or "meta" in data):
        return Table("SNDlib's JSON", nodes, edges, None)
    directed = data.get("directed", False)
    if not isinstance(directed, bool):
        raise BadNetwork(f"directed is true or false, not {shown(directed)}")
    return Table(NODE_LINK, nodes, edges, directed)


def _net_json(edge: Data) -> Data:
    """The edge with its properties beside its cost, so that any of them can be the metric."""
    properties = edge.get("properties")
    return {**properties, **edge} if isinstance(properties, Mapping) else edge
