"""Topologies to and from networkx graphs, and to the files that networkx writes.

The words change with the place: a node stays a node, a link is an edge, a metric is an edge's attribute. A topology
whose metrics differ by direction becomes a `MultiDiGraph`; an undirected graph forgets which way round an edge was
written, so one that carries `metric_back` is refused here instead of being turned round silently.

>>> to_networkx(forum()).degree["R1"]
4
"""

import json
from dataclasses import replace
from operator import index
from pathlib import Path
from typing import Any

import networkx as nx

from netlearn.errors import BadNetwork, UnknownName
from netlearn.network.bundled import read
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.graphml import to_graphml
from netlearn.network.formats.table import Table
from netlearn.network.nodelink import to_data
from netlearn.network.topology import Topology


def to_networkx(topology: Topology) -> Any:
    """The topology as a graph whose attributes are the keys of the JSON form.

    A `Graph`; with parallel links a `MultiGraph`; with metrics that differ by direction a `MultiDiGraph`, which has an
    edge for each direction. In a multigraph an edge's key is the link's name. A node that has an id beside its name is
    called by it, and its name is its label.

    >>> to_networkx(forum()).edges["R1", "R2"]
    {'metric': 1, 'name': 'R1-R2'}
    """
    symmetric = all(link.metric == link.metric_back for link in topology.links)
    parallel = len({frozenset((link.a, link.b)) for link in topology.links}) < len(topology.links)
    graph: Any = nx.MultiDiGraph() if not symmetric else nx.MultiGraph() if parallel else nx.Graph()
    data = to_data(topology)
    for node in data["nodes"]:
        graph.add_node(node["id"], **{key: value for key, value in node.items() if key != "id"})
    for link, edge in zip(topology.links, data["edges"], strict=True):
        key = {"key": link.name} if graph.is_multigraph() else {}
        source, target = edge["source"], edge["target"]
        graph.add_edge(source, target, metric=link.metric, name=link.name, **key)
        if graph.is_directed():
            graph.add_edge(target, source, metric=link.metric_back, name=link.name, **key)
    return graph


def from_networkx(graph: Any, metric: str | None = None, undirected: bool = False) -> Topology:
    """The topology that a graph describes; `metric` names the edge attribute that holds it (often `weight`).

    Nodes may be words or whole numbers, and are named by their `label` where each has its own. In a directed graph
    every edge needs one back, unless it is read as `undirected`. Numbers under an attribute that is named are made
    whole by one factor, as `netlearn.network.read` tells. Raises `BadNetwork`.

    >>> path_count(from_networkx(to_networkx(forum())), "R1", "R4")
    2
    """
    nodes = [{**attributes, "id": _whole(node)} for node, attributes in graph.nodes(data=True)]
    edges = []
    for source, target, attributes in graph.edges(data=True):
        if "metric_back" in attributes and not graph.is_directed():
            raise BadNetwork(
                f"edge {source}-{target} has a metric_back, but an undirected graph does not keep which way is back;"
                " use a DiGraph or MultiDiGraph with an edge for each direction"
            )
        said = {key: _whole(value) for key, value in attributes.items()}
        edges.append({**said, "source": _whole(source), "target": _whole(target)})
    return assembled(Table("a networkx graph", nodes, edges, graph.is_directed()), metric, undirected).topology


def read_graphml(path: str | Path, metric: str | None = None, undirected: bool = False) -> Topology:
    """The topology in a GraphML file; raises `UnknownName` if there is none and `BadNetwork` if it cannot be read.

    `netlearn.load` reads it as well, and does not need networkx.

    >>> read_graphml("nowhere.graphml")
    Traceback (most recent call last):
    netlearn.errors.UnknownName: nowhere.graphml is not a file
    """
    file = Path(path)
    if not file.exists():
        raise UnknownName(f"{path} is not a file")
    found = read(file, metric, undirected)
    if found.form != "GraphML":
        raise BadNetwork(f"{path} is not GraphML but {found.form}")
    return found.topology


def write_graphml(topology: Topology, path: str | Path) -> None:
    """Write the topology as GraphML, in which a list of announcements is JSON text.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     write_graphml(forum(), file.name)
    ...     assert read_graphml(file.name).links == forum().links
    """
    Path(path).write_text(to_graphml(topology), encoding="utf-8")


def write_gml(topology: Topology, path: str | Path) -> None:
    """Write the topology as GML, in which a list of announcements is JSON text, too.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     write_gml(forum(), file.name)
    ...     assert load(file.name).routers == forum().routers
    """
    nx.write_gml(_with_plain_values(_by_names(topology)), path)


def write_gexf(topology: Topology, path: str | Path) -> None:
    """Write the topology as GEXF, in which a list of announcements is JSON text, too.

    >>> from tempfile import NamedTemporaryFile
    >>> with NamedTemporaryFile() as file:
    ...     write_gexf(forum(), file.name)
    ...     assert load(file.name).routers == forum().routers
    """
    nx.write_gexf(_with_plain_values(_by_names(topology)), path)


def _by_names(topology: Topology) -> Topology:
    """The topology without ids: networkx has a label of its own in these forms, which is what it calls the node."""
    return replace(topology, nodes=tuple(replace(node, id=None) for node in topology.nodes))


def _with_plain_values(topology: Topology) -> Any:
    graph = to_networkx(topology)
    for _, attributes in graph.nodes(data=True):
        if "announces" in attributes:
            attributes["announces"] = json.dumps(attributes["announces"])
        attributes |= {axis: float(attributes[axis]) for axis in ("x", "y") if axis in attributes}
    return graph


def _whole(value: Any) -> Any:
    """The number as Python's own `int` where it is whole: numpy's integers and GraphML's doubles are."""
    if isinstance(value, bool):
        return value
    try:
        return index(value)
    except TypeError:
        return int(value) if isinstance(value, float) and value.is_integer() else value
