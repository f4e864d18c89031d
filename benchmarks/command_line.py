"""The command line: whole processes, from start to answer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.networks import backbone, grid
from benchmarks.timing import Effort, Table, process, times
from netlearn import Topology, path_count, to_json

# The peer is the script that one would write instead: read node-link JSON, one Dijkstra, print. It checks nothing and
# knows no prefixes, so `routes` does more than twice its work; of many paths it lists the first 100 in another order.
PEER_ROUTES = """
import json, sys
import networkx as nx
graph = nx.node_link_graph(json.load(open(sys.argv[1])), edges="edges")
predecessors, distance = nx.dijkstra_predecessor_and_distance(graph, sys.argv[2], weight="metric")
hops = {sys.argv[2]: set()}
for node in sorted(distance, key=distance.__getitem__):
    if node != sys.argv[2]:
        hops[node] = set().union(*({node} if before == sys.argv[2] else hops[before] for before in predecessors[node]))
print(json.dumps({node: [distance[node], sorted(hops[node])] for node in distance}))
"""
PEER_PATHS = """
import itertools, json, sys
import networkx as nx
graph = nx.node_link_graph(json.load(open(sys.argv[1])), edges="edges")
paths = nx.all_shortest_paths(graph, sys.argv[2], sys.argv[3], weight="metric")
print(json.dumps(list(itertools.islice(paths, int(sys.argv[4])))))
"""
ALL = "1000000"


def run(effort: Effort) -> Iterator[Table]:
    nodes, routers, side = effort.of((10_000, 300, 11), (400, 30, 5))
    wide, high = backbone(nodes, "small"), grid(side)
    first, last, ends = "R0", f"R{nodes - 1}", ("0,0", f"{side - 1},{side - 1}")
    through, across = path_count(wide, first, last), path_count(high, *ends)
    with TemporaryDirectory() as folder:
        large = save(wide.addressed(), folder)
        medium = save(backbone(routers, "small").addressed(), folder)
        square = save(high, folder)
        questions = {
            f"routes --at, {nodes:,} nodes": (
                ours("routes", large, "--at", first),
                process("-c", PEER_ROUTES, large, first),
            ),
            f"paths, {nodes:,} nodes, {min(100, through)} of {through:,}": (
                ours("paths", large, first, last),
                process("-c", PEER_PATHS, large, first, last, "100"),
            ),
            f"paths, {side}x{side} grid, {min(100, across)} of {across:,}": (
                ours("paths", square, *ends),
                process("-c", PEER_PATHS, square, *ends, "100"),
            ),
            f"paths, {side}x{side} grid, all {across:,}": (
                ours("paths", square, *ends, "--limit", ALL),
                process("-c", PEER_PATHS, square, *ends, ALL),
            ),
            f"routes of all {routers} routers": (ours("routes", medium), None),
            "paths, forum": (ours("paths", "forum", "Source", "End"), None),
        }
        rows = []
        for question, (netlearn, peer) in questions.items():
            best = effort.fastest({"netlearn": netlearn, **({"networkx": peer} if peer else {})}, repetitions=3)
            compared = [f"{best['networkx']:.2f}", times(best["networkx"], best["netlearn"])] if peer else [None, None]
            rows.append([question, f"{best['netlearn']:.2f}", *compared])
    yield Table(["seconds", "netlearn", "networkx script", "times faster"], rows)


def ours(*arguments: str) -> Callable[[], object]:
    return process("-m", "netlearn", *arguments, "--json")


def save(topology: Topology, folder: str) -> str:
    """A file that both can read: a metric that is left out is 1 for networkx too."""
    file = Path(folder) / f"{len(topology.nodes)}.json"
    file.write_text(to_json(topology), encoding="utf-8")
    return str(file)
