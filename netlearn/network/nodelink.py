"""Networks as node-link JSON, the form that networkx writes with `edges`.

    {"nodes": [{"id": "R1", "loopback": "192.0.2.1"}, {"id": "Source", "kind": "host", "address": "203.0.113.10"}],
     "edges": [{"source": "Source", "target": "R1"}, {"source": "R1", "target": "R2", "metric": 1, "metric_back": 5}]}

What is left out has a plain meaning: `kind` is router, `metric` is 1 (0 out of a LAN), `metric_back` is the same as
`metric`, `name` is `R1-R2`, then `R1-R2#2`. In a `directed` graph each edge is one direction, and needs one back.
Keys of other tools are ignored, but a near miss of ours is an error, since it would silently mean the default.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from ipaddress import ip_address, ip_network
from itertools import count
from typing import Any

from netlearn.errors import BadNetwork, listed, possible, shown
from netlearn.network.parts import Address, Announcement, Kind, Link, Node, Prefix, check_name, check_no_zone
from netlearn.network.topology import Topology

NODE_KEYS = ("id", "kind", "loopback", "address", "announces", "x", "y")
EDGE_KEYS = ("source", "target", "metric", "metric_back", "name")
NETWORK_KEYS = ("nodes", "edges", "directed", "multigraph", "graph")
ANNOUNCEMENT_KEYS = ("prefix", "metric")
Data = Mapping[str, Any]


def from_json(text: str) -> Topology:
    """The topology that the JSON text describes; raises `BadNetwork` with what is wrong and where.

    >>> from_json('{"nodes": [{"id": "A"}, {"id": "B"}], "edges": [{"source": "A", "target": "B"}]}').links
    (Link(a='A', b='B', metric=1, metric_back=1, name='A-B'),)
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as reason:
        raise BadNetwork(f"this is not JSON: {reason}") from None
    except (ValueError, RecursionError) as reason:  # a number of more than 4300 digits, lists a thousand deep
        raise BadNetwork(f"this JSON cannot be read: {reason}") from None
    return from_data(data)


def to_json(topology: Topology) -> str:
    """The topology as JSON text that `from_json` reads back as an equal one.

    >>> from_json(to_json(forum())) == forum()
    True
    """
    return json.dumps(to_data(topology), ensure_ascii=False, indent=1) + "\n"


def from_data(data: object) -> Topology:
    """The topology that the parsed JSON describes; raises `BadNetwork` with what is wrong and where.

    >>> from_data({"nodes": [{"id": "R1"}, {"id": "Source", "kind": "host"}], "edges": []}).routers
    ('R1',)
    """
    if not isinstance(data, Mapping):
        raise BadNetwork(f"a network is an object with nodes and edges, not {shown(data)}")
    _refuse_near_misses(data, NETWORK_KEYS, "the network")
    rows = _rows(data, "nodes")
    nodes = [_node(given, f"node {number}") for number, given in enumerate(rows, 1)]
    kinds = {node.name: node.kind for node in nodes}
    edges = [_edge(given, f"edge {number}", kinds) for number, given in enumerate(_rows(data, "edges"), 1)]
    directed = data.get("directed", False)
    if not isinstance(directed, bool):
        raise BadNetwork(f"directed is true or false, not {shown(directed)}")
    links = _links(_paired(edges) if directed else edges, kinds)
    announced = (each for given, node in zip(rows, nodes, strict=True) for each in _announcements(given, node.name))
    return Topology(tuple(nodes), tuple(links), tuple(announced))


def to_data(topology: Topology) -> dict[str, Any]:
    """The topology as node-link data: what has its plain meaning is left out.

    >>> to_data(forum())["edges"][0]
    {'source': 'Source', 'target': 'R1'}
    """
    announces = defaultdict(list)
    for given in topology.announcements:
        prefix = str(given.prefix)
        announces[given.node].append({"prefix": prefix, "metric": given.metric} if given.metric else prefix)
    return {
        "nodes": [_node_data(node, announces[node.name]) for node in topology.nodes],
        "edges": [_link_data(link, topology) for link in topology.links],
    }


def _node(given: Data, where: str) -> Node:
    name = _name(given, "id", where)
    _refuse_near_misses(given, NODE_KEYS, f"node {name}")
    kind: Kind = given.get("kind", "router")
    if "loopback" in given and "address" in given:
        raise BadNetwork(f"node {name} has a loopback and an address; a router has the one, a host the other")
    if "loopback" in given and kind in ("host", "lan"):
        raise BadNetwork(f"node {name}: a loopback is a router's, and this is a {kind}; say address")
    key = "loopback" if "loopback" in given else "address"
    address = parse_address(given[key], f"node {name}, {key}") if key in given else None
    return Node(name, kind, address, given.get("x"), given.get("y"))


def _announcements(given: Data, name: str) -> Iterable[Announcement]:
    rows = given.get("announces", [])
    where = f"node {name}, announces"
    if not isinstance(rows, list | tuple):
        raise BadNetwork(f"{where}: a list of prefixes is expected, not {shown(rows)}")
    for row in rows:
        said = row if isinstance(row, Mapping) else {"prefix": row}
        _refuse_near_misses(said, ANNOUNCEMENT_KEYS, where)
        yield Announcement(parse_prefix(said.get("prefix"), where), name, said.get("metric", 0))


def _edge(given: Data, where: str, kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The edge with its ends as names, and with the metric that goes without saying; `Link` checks the metrics."""
    ends = {end: _name(given, end, where) for end in ("source", "target")}
    source, target = ends.values()
    where = f"edge {source}-{target}"
    _refuse_near_misses(given, EDGE_KEYS, where)
    if "name" in given:
        check_name(given["name"], f"{where}: the name")
    if source == target:
        raise BadNetwork(f"{where} joins {source} to itself; a link has two different ends")
    for end, name in ends.items():
        if name not in kinds:
            raise BadNetwork(f"{where}: its {end} {name!r} is no node; the nodes are {possible(kinds, name)}")
    return {"metric": 0 if kinds[source] == "lan" else 1, **given, **ends}


def _links(edges: list[dict[str, Any]], kinds: Mapping[str, Kind]) -> Iterator[Link]:
    """The links of the edges, each by its own name, or `A-B` for the first of a pair and `A-B#2` for the second."""
    taken = {edge["name"] for edge in edges if "name" in edge}
    seen: Counter[frozenset[str]] = Counter()
    for edge in edges:
        source, target, metric = edge["source"], edge["target"], edge["metric"]
        pair, plain = frozenset((source, target)), f"{source}-{target}"
        seen[pair] += 1
        names = (plain if number == 1 else f"{plain}#{number}" for number in count(seen[pair]))
        name = edge["name"] if "name" in edge else next(each for each in names if each not in taken)
        taken.add(name)
        plain_back = 0 if kinds[target] == "lan" else 1 if kinds[source] == "lan" else metric
        yield Link(source, target, metric, edge.get("metric_back", plain_back), name)


def _paired(edges: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The edges of a directed graph, where each direction is an edge of its own, as edges with a way back.

    Edges of the same name (or, unnamed, in the same place among those between two nodes) are one link.
    """
    waiting: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for edge in edges:
        if "metric_back" in edge:
            where = f"edge {edge['source']}-{edge['target']}"
            raise BadNetwork(f"{where}: in a directed network the way back is an edge of its own, not a metric_back")
        ahead = waiting[edge["target"], edge["source"]]
        first = next((each for each in ahead if each.get("name") == edge.get("name")), None)
        if first is None:
            waiting[edge["source"], edge["target"]].append(edge)
        else:
            ahead.remove(first)
            pairs.append((first, edge))
    for (source, target), alone in waiting.items():
        if alone:
            raise BadNetwork(f"edge {source}-{target} has no edge back; a link can be used in both directions")
    return [{**first, "metric_back": second["metric"]} for first, second in pairs]


def parse_address(text: object, where: str) -> Address:
    """The address that the text spells, or `BadNetwork`."""
    try:
        address = ip_address(text) if isinstance(text, str) else None
    except ValueError:
        address = None
    if address is None:
        raise BadNetwork(f"{where}: {shown(text)} is not an IP address such as 192.0.2.1 or 2001:db8::1")
    check_no_zone(address, where)
    return address


def parse_prefix(text: object, where: str) -> Prefix:
    """The prefix that the text spells (an address alone is a host prefix), or `BadNetwork`."""
    if isinstance(text, str):
        try:
            prefix = ip_network(text)
        except ValueError as reason:
            if "host bits set" in str(reason):
                proper = ip_network(text, strict=False)
                raise BadNetwork(f"{where}: {text} has bits beyond its length; the prefix is {proper}") from None
        else:
            check_no_zone(prefix, where)
            return prefix
    raise BadNetwork(f"{where}: {shown(text)} is not a prefix such as 203.0.113.0/24 or 2001:db8::/64")


def _rows(data: Data, key: str) -> list[Data]:
    """The objects under `key`; a `null` in one is the same as leaving it out."""
    if key not in data:
        raise BadNetwork(f"the network has no {key!r}; its keys are {listed(map(shown, data))}")
    rows = data[key]
    if not isinstance(rows, list | tuple):
        raise BadNetwork(f"{key} is a list of objects, not {shown(rows)}")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise BadNetwork(f"{key}, number {number}: an object is expected, not {shown(row)}")
    return [_without_none(row) for row in rows]


def _without_none(row: Data) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}


def _name(given: Data, key: str, where: str) -> str:
    """The node's name under `key`; other tools number their nodes, and a number names one too."""
    value = given.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**40:  # beyond, it is no name
        return str(value)
    if isinstance(value, str):
        check_name(value, f"{where}: {key}")
        return value
    if value is None:
        _refuse_near_misses(given, (key,), where)
        raise BadNetwork(f"{where} has no {key}; its keys are {listed(map(shown, given))}")
    raise BadNetwork(f"{where}: {key} is a name, not {shown(value)}")


def _refuse_near_misses(given: Data, known: tuple[str, ...], where: str) -> None:
    """Stop at `metrics` where `metric` was meant: ignored, it would silently mean 1."""
    for key in (each for each in given if isinstance(each, str) and each not in known):
        # 0.82 takes one slip in a word of four letters and more, and leaves other tools' own words (target_id) alone.
        near = get_close_matches(key.casefold(), known, n=1, cutoff=0.82)
        if near:
            raise BadNetwork(f"{where} has the key {key!r}; did you mean {near[0]!r}?")


def _node_data(node: Node, announces: list[Any]) -> dict[str, Any]:
    address = None if node.address is None else str(node.address)
    own = {"loopback": address} if node.kind == "router" else {"kind": node.kind, "address": address}
    return _without_none({"id": node.name, **own, "announces": announces or None, "x": node.x, "y": node.y})


def _link_data(link: Link, topology: Topology) -> dict[str, Any]:
    metric = None if link.metric == link.metric_back == 1 else link.metric
    back = None if link.metric == link.metric_back else link.metric_back
    plain = link.name == f"{link.a}-{link.b}" and len(topology.links_between(link.a, link.b)) == 1
    said = {"metric": metric, "metric_back": back, "name": None if plain else link.name}
    return _without_none({"source": link.a, "target": link.b, **said})
