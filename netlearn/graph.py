"""Topologies to and from networkx graphs and GraphML files.

The words change with the place: a node stays a node, a link is an edge, a metric is an edge's attribute. A topology
whose metrics differ by direction becomes a `MultiDiGraph`; an undirected graph forgets which way round an edge was
written, so one that carries `metric_back` is refused here instead of being turned round silently.

>>> to_networkx(forum()).degree["R1"]
4
"""

import json
import warnings
from operator import index
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx

from netlearn.errors import BadNetwork, NetlearnError, UnknownName
from netlearn.network.nodelink import from_data, to_data
from netlearn.network.topology import Topology


def to_networkx(topology: Topology) -> Any:
    """The topology as a graph whose attributes are the keys of the JSON form.

    A `Graph`; with parallel links a `MultiGraph`; with metrics that differ by direction a `MultiDiGraph`, which has an
    edge for each direction. In a multigraph an edge's key is the link's name.

    >>> to_networkx(forum()).edges["R1", "R2"]
    {'metric': 1, 'name': 'R1-R2'}
    """
    symmetric = all(link.metric == link.metric_back for link in topology.links)
    parallel = len({frozenset((link.a, link.b)) for link in topology.links}) < len(topology.links)
    graph: Any = nx.MultiDiGraph() if not symmetric else nx.MultiGraph() if parallel else nx.Graph()
    for node in to_data(topology)["nodes"]:
        graph.add_node(node["id"], **{key: value for key, value in node.items() if key != "id"})
    for link in topology.links:
        key = {"key": link.name} if graph.is_multigraph() else {}
        graph.add_edge(link.a, link.b, metric=link.metric, name=link.name, **key)
        if graph.is_directed():
            graph.add_edge(link.b, link.a, metric=link.metric_back, name=link.name, **key)
    return graph


def from_networkx(graph: Any, metric: str = "metric") -> Topology:
    """The topology that a graph describes; `metric` names the edge attribute that holds it (often `weight`).

    Nodes may be words or whole numbers. In a directed graph every edge needs one back. Raises `BadNetwork`.

    >>> path_count(from_networkx(to_networkx(forum())), "R1", "R4")
    2
    """
    data: dict[str, Any] = {
        "directed": graph.is_directed(),
        "nodes": [{**attributes, "id": _whole(node)} for node, attributes in graph.nodes(data=True)],
        "edges": [],
    }
    for source, target, attributes in graph.edges(data=True):
        if "metric_back" in attributes and not graph.is_directed():
            raise BadNetwork(
                f"edge {source}-{target} has a metric_back, but an undirected graph does not keep which way is back;"
                " use a DiGraph or MultiDiGraph with an edge for each direction"
            )
        edge = {key: value for key, value in attributes.items() if key != "metric" or metric == "metric"}
        if metric in attributes:
            edge["metric"] = _whole(attributes[metric])
        data["edges"].append({**edge, "source": _whole(source), "target": _whole(target)})
    return from_data(data)


def read_graphml(path: str | Path) -> Topology:
    """The topology in a GraphML file; raises `UnknownName` if there is none and `BadNetwork` if it cannot be read.

    >>> read_graphml("nowhere.graphml")
    Traceback (most recent call last):
    netlearn.errors.UnknownName: nowhere.graphml is not a file
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # about parts of GraphML that mean nothing to us: ports, keys
            graph = nx.read_graphml(path, node_type=_identifier)  # type: ignore[call-overload]  # any callable does
    except FileNotFoundError:
        raise UnknownName(f"{path} is not a file") from None
    except OSError as reason:
        raise BadNetwork(f"{path} cannot be read: {reason.strerror or reason}") from None
    except (ParseError, nx.NetworkXError, ValueError, LookupError, TypeError, AttributeError) as reason:
        raise BadNetwork(f"{path} is not GraphML: {reason}") from None
    for _, attributes in graph.nodes(data=True):
        if isinstance(attributes.get("announces"), str):
            attributes["announces"] = _parsed(attributes["announces"])
    try:
        return from_networkx(graph)
    except NetlearnError as reason:
        raise type(reason)(f"{path}: {reason}") from None


def write_graphml(topology: Topology, path: str | Path) -> None:
    """Write the topology as GraphML. Its values are plain, so a list of announcements is written as JSON text.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     write_graphml(forum(), file.name)
    ...     assert read_graphml(file.name).links == from_networkx(to_networkx(forum())).links
    """
    graph = to_networkx(topology)
    for _, attributes in graph.nodes(data=True):
        if "announces" in attributes:
            attributes["announces"] = json.dumps(attributes["announces"])
        attributes |= {axis: float(attributes[axis]) for axis in ("x", "y") if axis in attributes}
    nx.write_graphml(graph, path)


def _whole(value: Any) -> Any:
    """The number as Python's own `int` where it is whole: numpy's integers and GraphML's doubles are."""
    if isinstance(value, bool):
        return value
    try:
        return index(value)
    except TypeError:
        return int(value) if isinstance(value, float) and value.is_integer() else value


def _identifier(text: str | None) -> str:
    if text is None:  # networkx would call the node `None`
        raise ValueError("a node has no id, or an edge no source or target")
    return text


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return [text]
