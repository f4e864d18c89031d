"""SPF: distances and every equal-cost next hop, next to networkx.

The peer is `dijkstra_predecessor_and_distance` and its next-hop sets, on a graph that was made beforehand. All roots at
once are asked of the Internet Topology Zoo, whose smallest networks have three nodes, and of a large one, where the
peer is asked for some of the roots and its time is scaled.
"""

from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import networkx as nx

from benchmarks.networks import LARGEST, METRICS, backbone, real, zoo
from benchmarks.timing import Effort, Table, milliseconds, times
from netlearn import Topology, shortest_paths
from netlearn.routing import AllPairs, all_pairs
from netlearn.routing.allpairs import FAR

# Nodes, and from how many roots: all of them take minutes with networkx from a thousand nodes on.
SIZES = ((100, 100), (300, 60), (1000, 20), (3000, 7))
SHORT = ((100, 3),)
TEN = 10  # nodes; with fewer all takes less than half a millisecond, of which much is only the beginning


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
    yield every_root(effort)
    yield of_the_zoo(effort)


def every_root(effort: Effort) -> Table:
    rows = []
    size, count = effort.of((1000, 25), (60, 3))
    networks = {f"{LARGEST}, {metrics}": real(LARGEST, metrics) for metrics in METRICS}
    networks |= {f"{size:,} nodes, {metrics}": backbone(size, metrics) for metrics in METRICS}
    for name, topology in networks.items():
        some = topology.routers if len(topology.nodes) < size else topology.routers[:: size // count]
        ours, peer = compared(topology, some, effort)
        rows.append([name, len(some), milliseconds(peer), milliseconds(ours), times(peer, ours)])
    return Table(["ms for all roots", "of networkx's asked", "networkx", "netlearn", "times faster"], rows)


def of_the_zoo(effort: Effort) -> Table:
    rows = []
    for metrics in METRICS:
        found = []
        for name in zoo()[: effort.of(None, 3)]:
            topology = real(name, metrics)
            ours, peer = compared(topology, topology.routers, effort)
            found.append((len(topology.nodes), peer / ours))
        every = [ratio for _, ratio in found]
        larger = [ratio for size, ratio in found if size >= TEN]
        figures = [f"{each:.1f}" for each in (median(every), min(every), min(larger))]
        rows.append([f"Topology Zoo, {metrics}", len(found), *figures, len(found) - len(larger)])
    heads = ["times faster, all roots", "networks", "median", "least", f"least from {TEN} nodes on", "networks below"]
    return Table(heads, rows)


def compared(topology: Topology, roots: tuple[str, ...], effort: Effort) -> tuple[float, float]:
    """The seconds that we take for all roots, and the peer, scaled from those that it is asked for."""
    graph = graph_of(topology)
    rivals: dict[str, Callable[[], object]] = {
        "netlearn": lambda: all_pairs(topology),
        "networkx": lambda: [next_hops_by_networkx(graph, root) for root in roots],
    }
    found, expected = all_pairs(topology), {root: next_hops_by_networkx(graph, root) for root in roots}
    assert neighbours_of(found, roots) == expected, "a time means nothing where answers differ"
    best = effort.fastest(rivals, repetitions=3, brief=len(topology.nodes) < 200)
    return best["netlearn"], best["networkx"] * len(topology.routers) / len(roots)


def neighbours_of(found: AllPairs, roots: tuple[str, ...]) -> dict[str, dict[str, set[str]]]:
    """What all pairs say of these roots, in the peer's words."""
    names = found.names
    answers: dict[str, dict[str, set[str]]] = {}
    for root in roots:
        steps, reached = found.towards[found.numbers[root]], found.rows[found.numbers[root]]
        answers[root] = {
            name: {names[step] for step, ends in steps.items() if ends >> node & 1}
            for node, name in enumerate(names)
            if reached[node] < FAR
        }
    return answers


def graph_of(topology: Topology) -> "nx.Graph[str]":
    """The topology for the peer; of parallel links the one of least metric is left."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(topology.routers)
    for link in sorted(topology.links, key=lambda link: -link.metric):
        graph.add_edge(link.a, link.b, weight=link.metric)
    return graph


def contestants(topology: Topology, roots: tuple[str, ...]) -> dict[str, Callable[[], object]]:
    """networkx with its sets, ours as it keeps next hops (bit masks), and ours with every set spelled out."""
    graph = graph_of(topology)
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
