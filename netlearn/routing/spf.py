"""Shortest paths first: from one root to everywhere, with every equal-cost next hop.

This is the computation that every link-state router makes for itself (RFC 2328 16.1; Dijkstra's algorithm). It says
how far each node is and over which of the root's own links the way there begins. The whole path is not stored: each
router on the way makes its own choice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import islice
from typing import NamedTuple

from netlearn.network.topology import Arc, Topology


class NextHop(NamedTuple):
    """Where a packet is handed to, and over which of one's own links: two parallel links are two next hops.

    >>> shortest_paths(forum(), "R1").next_hops("R4")
    (NextHop(node='R2', link='R1-R2'), NextHop(node='R3', link='R1-R3'))
    """

    node: str
    link: str


@dataclass(frozen=True, slots=True)
class ShortestPaths:
    """How far every reachable node is from `root`, and where the way there begins.

    `distance` holds each reachable node, the root at 0, nearest first. The next hops are kept as bit masks over
    `ways_out` (bit 0 is its first entry): a union of sets is then one `|`, which is what makes ties cheap.

    >>> shortest_paths(forum(), "R1").neighbours("R4")
    ('R2', 'R3')
    """

    root: str
    distance: dict[str, int]
    ways_out: tuple[NextHop, ...]
    masks: dict[str, int]
    _spelled: dict[int, tuple[NextHop, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def reaches(self, node: str) -> bool:
        """Whether there is any way from the root to `node`."""
        return node in self.distance

    def next_hops(self, node: str) -> tuple[NextHop, ...]:
        """Every next hop of equal cost on the way to `node`, sorted; none for the root and for what is unreachable."""
        return self.spelled(self.masks.get(node, 0))

    def spelled(self, mask: int) -> tuple[NextHop, ...]:
        """The next hops of a mask, sorted; of many nodes with the same mask it is one tuple."""
        if mask not in self._spelled:
            bits = bin(mask)[:1:-1]  # as text, the lowest first: arithmetic would cost the square
            ways = sorted(self.ways_out[place] for place, bit in enumerate(bits) if bit == "1")
            self._spelled[mask] = tuple(ways)
        return self._spelled[mask]

    def neighbours(self, node: str) -> tuple[str, ...]:
        """The names of the next hops on the way to `node`, each once, sorted."""
        return tuple(sorted({hop.node for hop in self.next_hops(node)}))


def shortest_paths(topology: Topology, root: str) -> ShortestPaths:
    """The shortest paths from `root`; raises `UnknownName` if it is not there.

    A host may begin or end a path and is never inside one. Among nodes at the same distance LANs come first
    (RFC 2328 16.1 (3)): leaving a LAN costs nothing, so what it leads to must still be open.

    >>> shortest_paths(forum(), "R2").distance
    {'R2': 0, 'End': 1, 'R1': 1, 'R4': 1, 'R6': 1, 'R7': 1, 'R3': 2, 'R5': 2, 'Source': 2}
    """
    root = topology.node(root).name
    arcs, hosts, lans = topology.arcs_by_node, topology.hosts, topology.lans
    ways_out, direct = _ways_out(topology, root)
    nearest, first = _first_steps(arcs[root], direct)
    distance: dict[str, int] = {}
    tentative = {root: 0}
    masks = {root: 0}
    heap = [(0, True, root)]
    while heap:
        so_far, _, node = heappop(heap)
        if node in distance:
            continue  # an older and longer offer for a node that is settled
        distance[node] = so_far
        if node in hosts and node != root:
            continue  # nobody's packets pass through a host
        onward = masks[node]
        for neighbour, metric, _ in nearest if node == root else arcs[node]:
            beyond = so_far + metric
            if beyond > tentative.get(neighbour, beyond):
                continue
            if node == root:
                onward = first[neighbour]
            elif node in lans:
                onward = _past_lan(masks[node], node, neighbour, direct)
            if beyond == tentative.get(neighbour):
                masks[neighbour] |= onward
            else:
                tentative[neighbour], masks[neighbour] = beyond, onward
                heappush(heap, (beyond, neighbour not in lans, neighbour))  # false is less than true: LANs first
    return ShortestPaths(root, distance, ways_out, masks)


def path_count(topology: Topology, source: str, target: str, found: ShortestPaths | None = None) -> int:
    """How many shortest paths there are, counted as sequences of nodes; 0 if there is none.

    `found` are those from the source, if they are known already.

    >>> path_count(forum(), "Source", "R4")
    2
    """
    source, target = topology.node(source).name, topology.node(target).name
    before = _steps_before(topology, source, target, found)
    counts = {source: 1} if target in before else {}
    for node in before:  # nearest to the source first, so that every count is there when it is needed
        if node != source:
            counts[node] = sum(counts[previous] for previous in before[node])
    return counts.get(target, 0)


def paths(
    topology: Topology, source: str, target: str, found: ShortestPaths | None = None
) -> Iterator[tuple[str, ...]]:
    """Every shortest path as the nodes it passes, both ends included, in the order of the names.

    Paths are made one by one as they are asked for: there can be very many (`path_count` says how many). Parallel
    links do not multiply them. From a node to itself there is one path, of that node. `found` as in `path_count`.

    >>> list(paths(forum(), "R1", "R4"))
    [('R1', 'R2', 'R4'), ('R1', 'R3', 'R4')]
    """
    source, target = topology.node(source).name, topology.node(target).name
    before = _steps_before(topology, source, target, found)
    if target not in before:
        return
    after: dict[str, list[str]] = {node: [] for node in before}
    for node, previous_nodes in before.items():
        for previous in previous_nodes:
            after[previous].append(node)
    path, choices = [source], [iter(sorted(after[source]))]
    while path:
        if path[-1] == target:
            yield tuple(path)
        following = next(choices[-1], None) if path[-1] != target else None
        if following is None:
            path.pop()
            choices.pop()
        else:
            path.append(following)
            choices.append(iter(sorted(after[following])))


def first_paths(topology: Topology, source: str, target: str, limit: int) -> tuple[tuple[str, ...], ...]:
    """The first `limit` of the shortest paths.

    >>> first_paths(forum(), "R1", "R4", 1)
    (('R1', 'R2', 'R4'),)
    """
    return tuple(islice(paths(topology, source, target), limit))


def _steps_before(
    topology: Topology, source: str, target: str, found: ShortestPaths | None
) -> dict[str, tuple[str, ...]]:
    """For each node on a shortest path from source to target the nodes one step earlier, nearest to the source first.

    Empty when there is no path.
    """
    distance = (found or shortest_paths(topology, source)).distance
    if target not in distance:
        return {}
    before: dict[str, tuple[str, ...]] = {}
    open_nodes = [target]
    while open_nodes:
        node = open_nodes.pop()
        if node in before:
            continue
        arcs = (arc for arc in topology.arcs(node) if _is_step(topology, distance, source, arc, node))
        before[node] = tuple(sorted({arc.neighbour for arc in arcs}))
        open_nodes += before[node]
    # A LAN is as near as what lies beyond it, and comes first.
    return {node: before[node] for node in sorted(before, key=lambda node: (distance[node], node not in topology.lans))}


def _is_step(topology: Topology, distance: dict[str, int], source: str, arc: Arc, node: str) -> bool:
    """Whether a shortest path from the source comes to `node` over this arc, which is seen from `node`."""
    previous = arc.neighbour
    if previous not in distance or (previous in topology.hosts and previous != source) or node == source:
        return False
    return distance[previous] + topology.link(arc.link).metric_from(previous) == distance[node]


def _ways_out(topology: Topology, root: str) -> tuple[tuple[NextHop, ...], dict[tuple[str, str], int]]:
    """Every next hop that the root can have, and which bit is each: its neighbours, and everyone on its LANs."""
    places: dict[tuple[str, str], int] = {}
    for neighbour, _, link in topology.arcs(root):
        places.setdefault((neighbour, link), len(places))
        if neighbour in topology.lans:
            for beyond, _, _ in topology.arcs(neighbour):
                if beyond != root:
                    places.setdefault((beyond, link), len(places))
    return tuple(NextHop(*way) for way in places), places


def _first_steps(arcs: Iterable[Arc], places: dict[tuple[str, str], int]) -> tuple[list[Arc], dict[str, int]]:
    """One arc to each neighbour of the root, at the least metric, and the mask of all parallel links that have it."""
    nearest: dict[str, Arc] = {}
    ways: dict[str, list[int]] = {}
    for arc in arcs:
        known = nearest.get(arc.neighbour)
        if known is None or arc.metric < known.metric:
            nearest[arc.neighbour], ways[arc.neighbour] = arc, []
        if arc.metric == nearest[arc.neighbour].metric:
            ways[arc.neighbour].append(places[arc.neighbour, arc.link])
    return [*nearest.values()], {neighbour: _mask(chosen) for neighbour, chosen in ways.items()}


def _mask(places: Iterable[int]) -> int:
    """The number in which these bits are 1; made at once, since each change of a long number costs its length."""
    held = bytearray()
    for place in places:
        held.extend(bytes(max(0, (place >> 3) + 1 - len(held))))
        held[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(held, "little")


def _past_lan(mask: int, lan: str, neighbour: str, direct: dict[tuple[str, str], int]) -> int:
    """The next hops to a node behind a LAN: on the root's own LAN the packet is handed to that node itself."""
    for (node, link), place in direct.items():
        if node == lan and mask >> place & 1:
            mask ^= 1 << place | 1 << direct[neighbour, link]
    return mask
