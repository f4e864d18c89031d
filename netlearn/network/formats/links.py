"""Links out of edges: which two edges are the two directions of one link, and what parallel links are called."""

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

from netlearn.errors import BadNetwork
from netlearn.network.parts import Kind, Link

Edge = dict[str, Any]
WAY_OUT = "a link can be used in both directions; if that is meant, say --undirected (in Python undirected=True)"


def links_of(edges: Sequence[Edge], kinds: Mapping[str, Kind]) -> Iterator[Link]:
    """The links of the edges, each by its own name, or `A-B`; of several between two nodes `A-B#1`, `A-B#2`."""
    taken = {edge["name"] for edge in edges if "name" in edge}
    parallel = Counter(frozenset((edge["source"], edge["target"])) for edge in edges)
    seen: Counter[frozenset[str]] = Counter()
    last: Counter[str] = Counter()  # so that a million names are not looked through again and again
    for edge in edges:
        source, target = edge["source"], edge["target"]
        pair, plain = frozenset((source, target)), f"{source}-{target}"
        seen[pair] += 1
        name = edge.get("name", plain)
        if "name" not in edge and (parallel[pair] > 1 or plain in taken):
            first = max(seen[pair] if parallel[pair] > 1 else 2, last[plain] + 1)
            last[plain] = next(number for number in count(first) if f"{plain}#{number}" not in taken)
            name = f"{plain}#{last[plain]}"
        taken.add(name)
        metric: int = edge.get("metric", 0 if kinds[source] == "lan" else 1)
        plain_back: int = 0 if kinds[target] == "lan" else 1 if kinds[source] == "lan" else metric
        yield Link(source, target, metric, edge.get("metric_back", plain_back), name)


def both_ways(edges: Sequence[Edge], one_way: Sequence[bool], kinds: Mapping[str, Kind], lonely: bool) -> list[Edge]:
    """The edges, of which each that is one direction has found its way back in another.

    Edges of the same name (or, unnamed, in the same place among those between two nodes) are one link. One that finds
    none is both directions if it may be `lonely`, and else refused.
    """
    waiting: dict[tuple[str, str, Any], deque[int]] = defaultdict(deque)
    back: dict[int, Edge] = {}
    for at, edge in enumerate(edges):
        if not one_way[at]:
            continue
        if "metric_back" in edge and not lonely:
            where = f"edge {edge['source']}-{edge['target']}"
            raise BadNetwork(f"{where}: in a directed network the way back is an edge of its own, not a metric_back")
        ahead = waiting[edge["target"], edge["source"], edge.get("name")]
        if ahead:
            back[ahead.popleft()] = edge
        else:
            waiting[edge["source"], edge["target"], edge.get("name")].append(at)
    alone = {at for places in waiting.values() for at in places}
    if alone and not lonely:
        first = edges[min(alone)]
        raise BadNetwork(f"edge {first['source']}-{first['target']} has no edge back; {WAY_OUT}")
    kept = (at for at in range(len(edges)) if not one_way[at] or at in alone or at in back)
    return [_joined(edges[at], back.get(at), kinds) for at in kept]


def _joined(edge: Edge, back: Edge | None, kinds: Mapping[str, Kind]) -> Edge:
    if back is None:
        return edge
    return {**edge, "metric_back": back.get("metric", 0 if kinds[back["source"]] == "lan" else 1)}
