"""The command line: whole processes, from start to answer."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.networks import backbone, grid
from benchmarks.timing import Effort, Table, process, times
from netlearn import Topology, path_count, paths, to_json

# The peer is the script that one would write instead: read node-link JSON, one Dijkstra, print. It checks nothing; of
# many paths it lists the first 100 in another order. Where nodes have addresses it tells the routes to those as well.
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
PEER_PREFIXES = PEER_ROUTES.replace("import json, sys", "import ipaddress, json, sys").replace(
    "print(",
    """prefixes = {str(ipaddress.ip_network(graph.nodes[node]["loopback"])): node for node in distance}
print(json.dumps({prefix: [distance[node], sorted(hops[node])] for prefix, node in prefixes.items()}))
print(""",
)
PEER_PATHS = """
import itertools, json, sys
import networkx as nx
graph = nx.node_link_graph(json.load(open(sys.argv[1])), edges="edges")
paths = nx.all_shortest_paths(graph, sys.argv[2], sys.argv[3], weight="metric")
print(json.dumps(list(itertools.islice(paths, int(sys.argv[4])))))
"""
ALL = "1000000"
# A picture of the network, as a notebook would show it.
PLOT = """
import sys
from netlearn import load
from netlearn.plot import network
print(network(load(sys.argv[1]), *sys.argv[2:])._repr_html_())
"""


def run(effort: Effort) -> Iterator[Table]:
    nodes, routers, side = effort.of((10_000, 300, 11), (400, 30, 5))
    kdl, cables = effort.of((754, 900), (120, 140))  # as many as the Topology Zoo's largest has
    wide, high = backbone(nodes, "small"), grid(side)
    first, last, ends = "R0", f"R{nodes - 1}", ("0,0", f"{side - 1},{side - 1}")
    through, across = path_count(wide, first, last), path_count(high, *ends)
    with TemporaryDirectory() as folder:
        large, addressed = save(wide, folder), save(wide.addressed(), folder, "addressed")
        medium = save(backbone(routers, "small").addressed(), folder)
        square = save(high, folder)
        zoo = save(backbone(kdl, "small", cables).addressed(), folder)
        crossing = "R0", f"R{kdl - 1}"
        cut = middle_of_way(backbone(kdl, "small", cables), *crossing)
        questions = {
            f"routes --at, {nodes:,} nodes": (
                ours("routes", large, "--at", first),
                process("-c", PEER_ROUTES, large, first),
            ),
            f"routes --at, {nodes:,} nodes with addresses": (
                ours("routes", addressed, "--at", first),
                process("-c", PEER_PREFIXES, addressed, first),
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
            f"converge, {kdl} nodes, a link on the way cut": (
                ours("converge", zoo, "--from", crossing[0], "--to", crossing[1], "--cut", cut),
                None,
            ),
            f"converge, {kdl} nodes, a router down": (
                ours("converge", zoo, "--from", crossing[0], "--to", crossing[1], "--down", f"R{kdl // 2}"),
                None,
            ),
            f"plot, {kdl} nodes": (process("-c", PLOT, zoo, *crossing), None),
        }
        rows = []
        for question, (netlearn, peer) in questions.items():
            best = effort.fastest({"netlearn": netlearn, **({"networkx": peer} if peer else {})}, repetitions=3)
            compared = [f"{best['networkx']:.2f}", times(best["networkx"], best["netlearn"])] if peer else [None, None]
            rows.append([question, f"{best['netlearn']:.2f}", *compared])
    yield Table(["seconds", "netlearn", "networkx script", "times faster"], rows)


def middle_of_way(topology: Topology, source: str, destination: str) -> str:
    """The link in the middle of the first shortest path."""
    way = next(paths(topology, source, destination))
    return topology.links_between(*way[len(way) // 2 - 1 : len(way) // 2 + 1])[0].name


def ours(*arguments: str) -> Callable[[], object]:
    return process("-m", "netlearn", *arguments, "--json")


def save(topology: Topology, folder: str, what: str = "nodes") -> str:
    """A file that both can read: a metric that is left out is 1 for networkx too."""
    file = Path(folder) / f"{len(topology.nodes)}-{what}.json"
    file.write_text(to_json(topology), encoding="utf-8")
    return str(file)
