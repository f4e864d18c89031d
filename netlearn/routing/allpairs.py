"""Shortest paths from every root at once: what `shortest_paths` says of one, fast enough to ask a thousand times.

A set of nodes is one long number, in which bit 3 stands for the fourth node; a union of sets is then one `|` and an
intersection one `&`, whatever the number of nodes. Of each root there is a row of distances, and of each step to a
neighbour the set of destinations for which it is the right one. A LAN is a node here, as in SPF; what stands behind it
is put together when next hops are asked for.

Two ways lead to the distances. A wave goes out from all nodes at once: who is at distance 7 from a node is who is at 6
from its neighbour at metric 1, at 5 from the one at metric 2, and was not there before. It costs a round for each
distance, so it is taken where distances are small next to the number of nodes. Otherwise a root has a heap, in which
distance and node are one number, or, if all of its neighbours have had theirs, the least of what they say.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heappop, heappush
from struct import pack, unpack

from netlearn.network.topology import Topology
from netlearn.routing.spf import NextHop

FAR = 1 << 60  # the distance of what is unreachable: farther than any path, and a number that can be compared
ROUNDS = 32  # of the wave, before nodes that know everything stop asking
WIDTH = 64  # bits of a distance in a row that is one long number
_AS_DIGITS = bytes.maketrans(b"\0\x80", b"01")

Steps = list[dict[int, int]]  # for each node, the neighbours with the least metric of the links there


@dataclass(frozen=True, eq=False)
class AllPairs:
    """The distance from every node to every other, and for each step to a neighbour the destinations it is right for.

    A node's number is its place in `names`. `towards[r][n]` has bit t set if a shortest path from r to t begins with a
    step to n. The distances come as `rows`; a wave leaves them as `levels`, the set of nodes at distance 0, 1, 2 and so
    on from each, and the rows are made when they are asked for.

    >>> found = all_pairs(forum())
    >>> found.distance("R1", "End"), [hop.node for hop in found.next_hops("R1", "R4")]
    (2, ['R2', 'R3'])
    """

    topology: Topology
    towards: Sequence[Mapping[int, int]]
    levels: Sequence[Sequence[int]] | None
    packed: Sequence[int]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The nodes in the topology's order."""
        return tuple(node.name for node in self.topology.nodes)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The number of each node, by its name."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def rows(self) -> Sequence[Sequence[int]]:
        """`rows[r][t]` is the distance from r to t, `FAR` where there is no path."""
        if self.levels is None:
            return [*map(_Packed(len(self.names)).row, self.packed)]
        return [_row(level, len(self.names)) for level in self.levels]

    def distance(self, root: str, node: str) -> int | None:
        """How far `node` is from `root`, `None` if there is no path; raises `UnknownName`."""
        far = self.rows[self._number(root)][self._number(node)]
        return None if far == FAR else far

    def next_hops(self, root: str, node: str) -> tuple[NextHop, ...]:
        """What `ShortestPaths.next_hops` says: every next hop of equal cost, sorted. Raises `UnknownName`."""
        start, end = self._number(root), self._number(node)
        steps = [step for step, destinations in self.towards[start].items() if destinations >> end & 1]
        found = {
            NextHop(self.names[beyond], link)
            for step in steps
            for link in _nearest_links(self.topology, self.names[start], self.names[step])
            for beyond in self._beyond(step, end)
        }
        return tuple(sorted(found))

    def _beyond(self, step: int, end: int) -> list[int]:
        """Who is handed the packet: the neighbour, or past a LAN whoever is next from there."""
        if step == end or self.names[step] not in self.topology.lans:
            return [step]
        return [beyond for beyond, ends in self.towards[step].items() if ends >> end & 1]

    def _number(self, name: str) -> int:
        return self.numbers[self.topology.node(name).name]


def all_pairs(topology: Topology) -> AllPairs:
    """The shortest paths between all nodes of the topology.

    >>> found = all_pairs(forum())
    >>> found.rows[found.numbers["R2"]]
    [2, 1, 0, 2, 1, 2, 1, 1, 1]
    """
    steps = steps_of(topology)
    hosts = {number for number, node in enumerate(topology.nodes) if node.kind == "host"}
    longest = max((metric for onward in steps for metric in onward.values()), default=0)
    heap = None if len(steps) * longest <= ROUNDS else _Heap(steps, hosts)  # no distance is longer than that
    # A metric beyond what the first node reaches counts, too.
    if heap is None or 5 * max(longest, *(far for far in heap.row(0) if far < FAR)) < 2 * len(steps):
        lans = {number for number, node in enumerate(topology.nodes) if node.kind == "lan"}
        levels = _by_wave(steps, hosts, lans, longest)
        return AllPairs(topology, [_towards(*each, levels, hosts) for each in enumerate(steps)], levels, ())
    packing = _Packed(len(steps))
    rows = _by_heaps(steps, hosts, heap, packing)
    return AllPairs(topology, [packing.towards(*each, rows, hosts) for each in enumerate(steps)], None, rows)


def steps_of(topology: Topology) -> Steps:
    """For each node its neighbours, each with the least metric of the links there."""
    number = {node.name: place for place, node in enumerate(topology.nodes)}
    steps: Steps = [{} for _ in number]
    for link in topology.links:
        a, b = number[link.a], number[link.b]
        steps[a][b] = min(link.metric, steps[a].get(b, link.metric))
        steps[b][a] = min(link.metric_back, steps[b].get(a, link.metric_back))
    return steps


def _nearest_links(topology: Topology, start: str, end: str) -> list[str]:
    """The links from one node to the next that have the least metric."""
    links = topology.links_between(start, end)
    least = min(link.metric_from(start) for link in links)
    return [link.name for link in links if link.metric_from(start) == least]


class _Heap:
    """SPF from one root after the other: distance and node are one number, and what leads nowhere does not wait."""

    def __init__(self, steps: Steps, hosts: set[int]) -> None:
        self.bits = len(steps).bit_length()
        ends = {node for node, onward in enumerate(steps) if len(onward) < 2} | hosts
        self.through = [
            [(neighbour, metric << self.bits) for neighbour, metric in onward.items() if neighbour not in ends]
            for onward in steps
        ]
        self.ending = [
            [(neighbour, metric << self.bits) for neighbour, metric in onward.items() if neighbour in ends]
            for onward in steps
        ]

    def row(self, root: int) -> list[int]:
        bits, through, ending = self.bits, self.through, self.ending
        low = (1 << bits) - 1
        unknown = FAR << bits
        row = [unknown] * len(through)
        row[root] = 0
        heap = [root]
        while heap:
            packed = heappop(heap)
            node = packed & low
            so_far = packed ^ node
            if so_far > row[node]:
                continue  # an older and longer offer
            for neighbour, metric in through[node]:
                beyond = so_far + metric
                if beyond < row[neighbour]:
                    row[neighbour] = beyond
                    heappush(heap, beyond | neighbour)
            for neighbour, metric in ending[node]:
                if so_far + metric < row[neighbour]:
                    row[neighbour] = so_far + metric
        return [far >> bits for far in row]


class _Packed:
    """A row as one long number: 64 bits for each node, of which the highest is free for what is carried.

    So all distances of a row are added to, compared and chosen from at once.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.ones = sum(1 << WIDTH * node for node in range(size))
        self.high = self.ones << WIDTH - 1
        self.far = FAR * self.ones

    def packed(self, row: Sequence[int]) -> int:
        return int.from_bytes(pack(f"<{self.size}Q", *row), "little")

    def row(self, packed: int) -> tuple[int, ...]:
        return unpack(f"<{self.size}Q", packed.to_bytes(self.size * WIDTH // 8, "little"))

    def least(self, a: int, b: int) -> int:
        """For each node the smaller of two distances."""
        not_less = ((a | self.high) - b) & self.high
        return a ^ (a ^ b) & not_less - (not_less >> WIDTH - 1)

    def equal(self, a: int, b: int) -> int:
        """The set of nodes at which two rows are equal."""
        return self.nodes(self.high & ~((a ^ b | self.high) - self.ones))

    def reached(self, row: int) -> int:
        """The set of nodes that are not unreachable."""
        every = (1 << self.size) - 1
        return every ^ self.nodes((row & self.far) * 8) if row & self.far else every

    def nodes(self, high: int) -> int:
        """The set of nodes whose highest bit is set."""
        return int(high.to_bytes(self.size * WIDTH // 8, "big")[:: WIDTH // 8].translate(_AS_DIGITS), 2)

    def by_neighbours(self, root: int, onward: dict[int, int], rows: Sequence[int], hosts: set[int]) -> int:
        """A row from those of all neighbours: every way begins with a step to one of them."""
        row = self.far
        for neighbour, metric in onward.items():
            if neighbour in hosts:
                row = self.least(row, self.far ^ (FAR ^ metric) << WIDTH * neighbour)
            else:
                row = self.least(row, rows[neighbour] + metric * self.ones)
        return row & ~((1 << WIDTH) - 1 << WIDTH * root)

    def towards(self, root: int, onward: dict[int, int], rows: Sequence[int], hosts: set[int]) -> dict[int, int]:
        """For each neighbour of the root the destinations for which a step there is right: as far from it as they are
        beyond the step from the root."""
        row, found = rows[root], {}
        reached = self.reached(row)
        if len(onward) == 1:
            return _single(onward, reached ^ 1 << root, hosts)
        for neighbour, metric in onward.items():
            right = reached & self.equal(row, rows[neighbour] + metric * self.ones)
            found[neighbour] = right & 1 << neighbour if neighbour in hosts else right
        return found


def _by_heaps(steps: Steps, hosts: set[int], heap: "_Heap", packing: _Packed) -> list[int]:
    """For each node its row: by a heap, unless all its neighbours have one, from which it follows.

    Who has few neighbours can most often do without a heap, so that is tried first.
    """
    by_heap: set[int] = set()
    follow: set[int] = set()
    for node in sorted(range(len(steps)), key=[*map(len, steps)].__getitem__):
        if node not in by_heap:
            follow.add(node)
            by_heap.update(steps[node])
    rows = [packing.packed(heap.row(node)) if node in by_heap else 0 for node in range(len(steps))]
    for node in follow:
        rows[node] = packing.by_neighbours(node, steps[node], rows, hosts)
    return rows


def _by_wave(steps: Steps, hosts: set[int], lans: set[int], longest: int) -> list[list[int]]:
    """For each node its levels: the set of nodes at distance 0, 1, 2 and so on; no metric is above the longest."""
    size = len(steps)
    # In front of distance 0 stand empty levels, so that no metric reaches before the first.
    # Leaving a LAN costs nothing: those on it are at 0, and it comes after them, since it takes their level.
    nearest = [1 << node | sum(1 << far for far, metric in steps[node].items() if not metric) for node in range(size)]
    levels = [[0] * longest + [known] for known in nearest]
    beyond = [[0] * longest + [1 << node] if node in hosts else levels[node] for node in range(size)]
    missing = [(1 << size) - 1 ^ known for known in nearest]
    order = sorted(range(size), key=lans.__contains__)
    ways = [(node, levels[node], [(beyond[far], metric) for far, metric in steps[node].items()]) for node in order]
    lists = {id(level): level for level in (*levels, *beyond)}.values()
    at, quiet, room = longest, 0, longest + 1
    while quiet < longest:
        at += 1
        quiet += 1
        if at == room:
            for level in lists:
                level += [0] * ROUNDS
            room += ROUNDS
            ways = [way for way in ways if missing[way[0]]]
        for node, level, onward in ways:
            new = 0
            for far, metric in onward:
                new |= far[at - metric]
            new &= missing[node]
            if new:
                level[at] = new
                missing[node] ^= new
                quiet = 0
    return [level[longest : at + 1] for level in levels]


def _row(level: Sequence[int], size: int) -> list[int]:
    """The levels as distances."""
    row = [FAR] * size
    for far, nodes in enumerate(level):
        for node in members(nodes):
            row[node] = far
    return row


def members(nodes: int) -> Iterator[int]:
    """The numbers of the nodes in a set."""
    while nodes:
        lowest = nodes & -nodes
        yield lowest.bit_length() - 1
        nodes ^= lowest


def _towards(root: int, onward: dict[int, int], levels: list[list[int]], hosts: set[int]) -> dict[int, int]:
    """What `_Packed.towards` finds, from levels."""
    if len(onward) == 1:
        return _single(onward, sum(levels[root]) ^ 1 << root, hosts)
    found = {}
    for neighbour, metric in onward.items():
        right = 0
        for there, here in zip(levels[neighbour], levels[root][metric:], strict=False):
            right |= there & here
        found[neighbour] = right & 1 << neighbour if neighbour in hosts else right
    return found


def _single(onward: dict[int, int], reached: int, hosts: set[int]) -> dict[int, int]:
    return {neighbour: reached & 1 << neighbour if neighbour in hosts else reached for neighbour in onward}
