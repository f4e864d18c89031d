"""SPF: distances and every equal-cost next hop, next to networkx.

The peer is `dijkstra_predecessor_and_distance` and its next-hop sets, on a graph that was made beforehand.
"""

from collections.abc import Callable, Iterator
from typing import Any

import networkx as nx

from benchmarks.networks import METRICS, backbone
from benchmarks.timing import Effort, Table, milliseconds, times
from netlearn import Topology, shortest_paths

# Nodes, and from how many roots: all of them take minutes with networkx from a thousand nodes on.
SIZES = ((100, 100), (300, 60), (1000, 20), (3000, 7))
SHORT = ((100, 3),)


def run(effort: Effort) -> Iterator[Table]:
    rows = []
    for size, count in effort.of(SIZES, SHORT):
        for metrics in METRICS:
            topology = backbone(size, metrics)
            roots = topology.routers[:: size // count][:count]
            rivals = contestants(topology, roots)
            assert neighbours(rivals["sets"]()) == rivals["networkx"](), "a time means nothing where answers differ"
            best = effort.fastest(rivals, repetitions=3)
            peer, ours, expanded = (best[name] / count for name in ("networkx", "masks", "sets"))
            figures = [*map(milliseconds, (peer, ours, expanded)), times(peer, ours), times(peer, expanded)]
            rows.append([f"{size:,} nodes, {metrics}", *figures])
    heads = ["ms for one root", "networkx", "netlearn", "+ next hops of all", "times faster", "+ next hops"]
    yield Table(heads, rows)


def contestants(topology: Topology, roots: tuple[str, ...]) -> dict[str, Callable[[], object]]:
    """networkx with its sets, ours as it keeps next hops (bit masks), and ours with every set spelled out."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(topology.routers)
    graph.add_weighted_edges_from((link.a, link.b, link.metric) for link in topology.links)
    return {
        "networkx": lambda: [next_hops_by_networkx(graph, root) for root in roots],
        "masks": lambda: [shortest_paths(topology, root) for root in roots],
        "sets": lambda: [
            {node: found.next_hops(node) for node in found.distance}
            for found in (shortest_paths(topology, root) for root in roots)
        ],
    }


def neighbours(answers: Any) -> list[dict[str, set[str]]]:
    """Our next hops in the peer's words: without the link."""
    return [{node: {hop.node for hop in hops} for node, hops in answer.items()} for answer in answers]


def next_hops_by_networkx(graph: "nx.Graph[str]", root: str) -> dict[str, set[str]]:
    """The next hops to every node: a predecessor's, or the node itself next to the root."""
    predecessors, distance = nx.dijkstra_predecessor_and_distance(graph, root)
    hops: dict[str, set[str]] = {root: set()}
    for node in sorted(distance, key=distance.__getitem__):
        if node != root:
            hops[node] = set().union(*({node} if before == root else hops[before] for before in predecessors[node]))
    return hops
