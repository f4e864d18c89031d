"""containerlab's topology in YAML: nodes, and links by their two ends (https://containerlab.dev/manual/topo-def-file/)."""

from collections.abc import Iterable, Mapping
from typing import Any

from netlearn.errors import BadNetwork, shown
from netlearn.network.formats.seems import unread
from netlearn.network.formats.table import Table
from netlearn.network.spelling import said_of

BRIDGES = ("bridge", "ovs-bridge")  # a link that several share
OUTSIDE = ("host", "mgmt-net", "macvlan", "vxlan", "vxlan-stitch", "dummy")  # what a link may end at beside nodes
LEFT_OUT = ("a link to {first} is left out, which is no node", "{count} links are left out, as the one to {first}")
LARGEST = 2 * 10**6  # letters; its readers take a second for some hundred thousand


def table_of_yaml(text: str) -> Table:
    """The rows of a topology of containerlab; raises `BadNetwork` for what is none, and without PyYAML."""
    if len(text) > LARGEST:
        raise BadNetwork(f"a topology in YAML has at most {LARGEST:,} letters, and this has {len(text):,}")
    from netlearn.network.formats.yaml_text import parsed_yaml

    data = parsed_yaml(text)
    topology = data.get("topology") if isinstance(data, Mapping) else None
    if not isinstance(topology, Mapping) or not isinstance(topology.get("nodes"), Mapping):
        raise unread("YAML without containerlab's topology and its nodes")
    links = topology.get("links") or []
    if not isinstance(links, list):
        raise BadNetwork(f"topology: links is a list, not {shown(links)}")
    nodes = [{"id": name, **_kind(said)} for name, said in topology["nodes"].items()]
    edges, left_out = _edges(links)
    return Table("containerlab's YAML", nodes, edges, False, (said_of(left_out, *LEFT_OUT),) if left_out else ())


def _kind(said: object) -> dict[str, str]:
    return {"kind": "lan"} if isinstance(said, Mapping) and said.get("kind") in BRIDGES else {}


def _edges(links: Iterable[object]) -> tuple[list[dict[str, Any]], list[str]]:
    edges, left_out = [], []
    for number, link in enumerate(links, 1):
        where = f"topology: link {number}"
        if not isinstance(link, Mapping):
            raise BadNetwork(f"{where} is an object with endpoints, not {shown(link)}")
        ends = _ends(link, where)
        if outside := [end for end in ends if end in OUTSIDE]:
            left_out.append(outside[0])
        else:
            said = link.get("vars")
            edges.append({**(said if isinstance(said, Mapping) else {}), "source": ends[0], "target": ends[1]})
    return edges, left_out


def _ends(link: Mapping[str, Any], where: str) -> list[Any]:
    """The nodes at the two ends; a link of a kind that leaves the lab has one, and its kind is the other."""
    given = link.get("endpoints")
    if given is None and isinstance(link.get("endpoint"), Mapping) and link.get("type") in OUTSIDE:
        return [link["endpoint"].get("node"), link["type"]]
    ends = [_node(end) for end in given] if isinstance(given, list) else []
    if len(ends) != 2 or None in ends:
        raise BadNetwork(f"{where}: endpoints are two, such as r1:eth1 and r2:eth1, not {shown(given)}")
    return ends


def _node(end: object) -> Any:
    """The node of `r1:eth1`, or of an object that says node and interface."""
    if isinstance(end, Mapping):
        return end.get("node")
    return end.partition(":")[0] if isinstance(end, str) else None
