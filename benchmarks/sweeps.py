"""Every failure at once: what each link and each node would do to shortest paths, next to networkx.

The peer is the naive way: take out what fails, compute all pairs anew by `dijkstra_predecessor_and_distance`, compare.
It takes so long that it tries some of the failures, and its time is scaled. All of the Zoo's networks
have no peer here.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from os import cpu_count

import networkx as nx

from benchmarks.networks import LARGEST, METRICS, backbone, real, zoo
from benchmarks.spf import graph_of
from benchmarks.timing import Effort, Table, times
from netlearn import Link, Topology
from netlearn.failures import Demand, sweep

Found = dict[str, tuple[dict[str, list[str]], dict[str, float]]]  # for each root the nodes before each, and distances


def run(effort: Effort) -> Iterator[Table]:
    yield beside_networkx(effort)
    yield alone(effort)


def beside_networkx(effort: Effort) -> Table:
    rows = []
    name, size = effort.of((LARGEST, 754), ("topozoo/Abilene", 30))
    networks = {f"{name}, {metrics}": real(name, metrics) for metrics in METRICS}
    for title, topology in {**networks, f"{size} nodes, small": backbone(size, "small")}.items():
        many = len(topology.links) + len(topology.nodes)
        count = 8 if title in networks else 2
        found: dict[str, list[tuple[int, int, int]]] = {}
        best = effort.fastest(contestants(topology, count, found), repetitions=3 if title in networks else 1)
        ours = found["netlearn"][:: many // count][:count]
        assert ours == found["networkx"], "a time means nothing where answers differ"
        peer = best["networkx"] * many / count
        figures = [f"{peer:.1f}", f"{best['netlearn']:.2f}", times(peer, best["netlearn"])]
        rows.append([title, many, count, *figures])
    heads = ["seconds for all failures", "there are", "networkx tries", "networkx", "netlearn", "times faster"]
    return Table(heads, rows)


def alone(effort: Effort) -> Table:
    """What else is asked, on one core and on all of them."""
    name, size = effort.of((LARGEST, 754), ("topozoo/Abilene", 30))
    largest, large = real(name, "unit"), backbone(size, "small")
    every = [real(each, "unit") for each in zoo()[: effort.of(None, 3)]]
    geant = real("topozoo/Geant2012", "unit")
    matrix = [Demand(a, b, 1) for a in geant.routers for b in geant.routers if a != b]
    questions: dict[str, tuple[Sequence[Topology], Callable[..., object]]] = {
        f"all {len(every)} networks of the Zoo, unit": (every, sweep),
        f"{name}, unit, meanwhile": ([largest], partial(sweep, meanwhile=True)),
        f"topozoo/Geant2012, unit, {len(matrix):,} demands": ([geant], partial(sweep, demands=matrix)),
        f"{size} nodes, small": ([large], sweep),
    }
    rows = []
    with executors() as elsewhere:
        for question, (networks, ask) in questions.items():
            tried = sum(len(each.links) + len(each.nodes) for each in networks)
            rivals: dict[str, Callable[[], object]] = {"here": partial(asked, ask, networks, None)}
            if len(networks) == 1:  # most of the Zoo's take less time than it takes to hand them on
                rivals |= {title: partial(asked, ask, networks, executor) for title, executor in elsewhere.items()}
            best = effort.fastest(rivals, repetitions=1)
            rows.append(
                [question, tried, *(f"{best[each]:.2f}" if each in best else None for each in ("here", *elsewhere))]
            )
        return Table(["seconds", "failures", "netlearn", *elsewhere], rows)


def asked(ask: Callable[..., object], networks: Sequence[Topology], executor: Executor | None) -> list[object]:
    return [ask(each, executor=executor) for each in networks]


@contextmanager
def executors() -> Iterator[dict[str, Executor]]:
    """Where failures can be tried: processes of this machine, and Dask's if it is installed, which may be on others."""
    many = cpu_count() or 1
    with ExitStack() as stack:
        found: dict[str, Executor] = {}
        found[f"{many} processes"] = stack.enter_context(ProcessPoolExecutor(many, get_context("spawn")))
        try:
            client_of = import_module("dask.distributed").Client
        except ModuleNotFoundError:
            pass
        else:
            client = stack.enter_context(client_of(n_workers=many, threads_per_worker=1, dashboard_address=None))
            found[f"{many} of Dask's"] = client.get_executor()
        for executor in found.values():  # which have started and know netlearn when time begins
            [*executor.map(asked, [sweep] * many, [[real("topozoo/Abilene", "unit")]] * many, [None] * many)]
        yield found


def contestants(
    topology: Topology, count: int, found: dict[str, list[tuple[int, int, int]]]
) -> dict[str, Callable[[], object]]:
    """The whole sweep, and the naive way for some of the failures; what they count is found afterwards."""
    graph = graph_of(topology)
    base = by_networkx(graph)
    single: list[Link | str] = [*topology.links, *(node.name for node in topology.nodes)]
    some = single[:: len(single) // count][:count]

    def ours() -> None:
        found["netlearn"] = [(each.lost, each.longer, each.changed) for each in sweep(topology).failures]

    def theirs() -> None:
        found["networkx"] = [naive(topology, graph, base, each) for each in some]

    return {"netlearn": ours, "networkx": theirs}


def by_networkx(graph: "nx.Graph[str]") -> Found:
    return {root: nx.dijkstra_predecessor_and_distance(graph, root) for root in graph}


def naive(topology: Topology, graph: "nx.Graph[str]", base: Found, failed: Link | str) -> tuple[int, int, int]:
    """The pairs that a link or a node leaves without a path, makes longer, and changes."""
    left = graph.copy()
    if isinstance(failed, str):
        left.remove_node(failed)
    else:
        left.remove_edge(*failed.ends)
        parallel = [link.metric for link in topology.links_between(*failed.ends) if link != failed]
        if parallel:
            left.add_edge(*failed.ends, weight=min(parallel))
    lost = longer = changed = 0
    for root, (before, distance) in by_networkx(left).items():
        was_before, was_distance = base[root]
        other: set[str] = set()
        for node in distance:  # nearest first, so that what led to a node is known
            if set(before[node]) != set(was_before[node]) or not other.isdisjoint(before[node]):
                other.add(node)
            if distance[node] > was_distance[node]:
                longer += 1
                other.add(node)
        gone = sum(node not in distance and node in left for node in was_distance)
        lost, changed = lost + gone, changed + gone + len(other)
    return lost, longer, changed
