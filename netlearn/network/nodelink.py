"""Networks as node-link JSON, the form that networkx writes with `edges` (or, before its version 3.4, `links`).

    {"nodes": [{"id": "R1", "loopback": "192.0.2.1"}, {"id": "Source", "kind": "host", "address": "203.0.113.10"}],
     "edges": [{"source": "Source", "target": "R1"}, {"source": "R1", "target": "R2", "metric": 1, "metric_back": 5}]}

What is left out has a plain meaning: `kind` is router, `metric` is 1 (0 out of a LAN), `metric_back` is the same as
`metric`, `name` is `R1-R2`, and of several `R1-R2#1`, `R1-R2#2`. In a `directed` graph each edge is one direction, and
needs one back. A node that has a `label` of its own is called by it.
Keys of other tools are ignored, but a near miss of ours is an error, since it would silently mean the default.
"""

import json
from collections import Counter, defaultdict
from typing import Any

from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.data import parsed, table_of_data
from netlearn.network.parts import Link, Node
from netlearn.network.spelling import without_none
from netlearn.network.topology import Topology


def from_json(text: str, metric: str | None = None, undirected: bool = False) -> Topology:
    """The topology that the JSON text describes; raises `BadNetwork` with what is wrong and where.

    `metric` names the key under which edges have their metric, if that is not `metric`; `undirected` says that each
    edge of a directed graph is both directions.

    >>> from_json('{"nodes": [{"id": "A"}, {"id": "B"}], "edges": [{"source": "A", "target": "B"}]}').links
    (Link(a='A', b='B', metric=1, metric_back=1, name='A-B'),)
    """
    return from_data(parsed(text), metric, undirected)


def to_json(topology: Topology) -> str:
    """The topology as JSON text that `from_json` reads back as an equal one.

    >>> from_json(to_json(forum())) == forum()
    True
    """
    return json.dumps(to_data(topology), ensure_ascii=False, indent=1) + "\n"


def from_data(data: object, metric: str | None = None, undirected: bool = False) -> Topology:
    """The topology that the parsed JSON describes; the rest is as in `from_json`.

    >>> from_data({"nodes": [{"id": "R1"}, {"id": "Source", "kind": "host"}], "edges": []}).routers
    ('R1',)
    """
    return assembled(table_of_data(data), metric, undirected).topology


def to_data(topology: Topology) -> dict[str, Any]:
    """The topology as node-link data: what has its plain meaning is left out.

    >>> to_data(forum())["edges"][0]
    {'source': 'Source', 'target': 'R1'}
    """
    announces = defaultdict(list)
    for given in topology.announcements:
        prefix = str(given.prefix)
        announces[given.node].append({"prefix": prefix, "metric": given.metric} if given.metric else prefix)
    ids = {node.name: node.name if node.id is None else node.id for node in topology.nodes}
    parallel = Counter(frozenset(link.ends) for link in topology.links)
    return {
        "nodes": [_node_data(node, announces[node.name]) for node in topology.nodes],
        "edges": [_link_data(link, ids, parallel[frozenset(link.ends)] == 1) for link in topology.links],
    }


def _node_data(node: Node, announces: list[Any]) -> dict[str, Any]:
    called = {"id": node.name} if node.id is None else {"id": node.id, "label": node.name}
    address = None if node.address is None else str(node.address)
    own = {"loopback": address} if node.kind == "router" else {"kind": node.kind, "address": address}
    return without_none({**called, **own, "announces": announces or None, "x": node.x, "y": node.y})


def _link_data(link: Link, ids: dict[str, str], alone: bool) -> dict[str, Any]:
    metric = None if link.metric == link.metric_back == 1 else link.metric
    back = None if link.metric == link.metric_back else link.metric_back
    name = None if alone and link.name == f"{link.a}-{link.b}" else link.name
    ends = {"source": ids[link.a], "target": ids[link.b]}
    return without_none({**ends, "metric": metric, "metric_back": back, "name": name})
