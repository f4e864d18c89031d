"""What a failure does to shortest paths: only the pairs of nodes that it touches are looked at again.

For every node the destinations are one set (`netlearn.routing.allpairs`), and a failure spreads backwards from where it
happened. A destination *changes* at a node if some shortest path there met what failed: so it does at whoever has a
shortest path by way of this node. It is *hit* at a node if all of them did. What is hit has a longer way or none, and
how much longer is found by a wave once more, now over the detour and not over the distance: beyond a neighbour that
was not hit it is the *slack* of the step there, by how much the way over it was longer than the shortest all along.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import heappop, heappush

from netlearn.network.parts import Failure, LinkDown
from netlearn.network.topology import Topology
from netlearn.routing.allpairs import FAR, AllPairs, all_pairs

Steps = Sequence[Sequence[tuple[int, int]]]  # for each node a neighbour and the destinations that the step is right for
Slacks = Sequence[tuple[int, int]]  # how much longer the way over a step is, for which destinations; least first


@dataclass(frozen=True, slots=True)
class Affected:
    """What a failure does, as sets of destinations for each node; what is down has none.

    `changed` are those to which some shortest path is gone, `hit` those to which all are, and `lost` those to which
    there is no other path. `detours` say in growing order by how much a node is farther from which of its destinations.
    """

    changed: Sequence[int]
    hit: Sequence[int]
    lost: Sequence[int]
    detours: Sequence[tuple[int, int, int]]  # by how much, from which node, to which destinations
    steps: Mapping[int, Mapping[int, int]]  # the new right steps of each node that was hit, to the destinations hit
    left: Steps  # the old right steps that are still there
    down: Set[int]  # the nodes that are down
    gone: Mapping[tuple[int, int], int]  # the steps that are gone or cost more, with by how much (`FAR`: gone)


class Before:
    """The network as it was, with everything that can be known before anything fails."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.paths: AllPairs = all_pairs(topology)
        self.size = len(topology.nodes)
        kinds = [node.kind for node in topology.nodes]
        self.lans = {number for number, kind in enumerate(kinds) if kind == "lan"}
        ends = sum(1 << number for number in range(self.size) if number not in self.lans)
        self.counted = [0 if number in self.lans else ends for number in range(self.size)]  # as pairs, for each node
        towards = self.paths.towards
        self.out = [[*steps.items()] for steps in towards]
        into: list[list[tuple[int, int]]] = [[] for _ in towards]
        for node, steps in enumerate(self.out):
            for neighbour, right in steps:
                if right:
                    into[neighbour].append((node, right))
        self.into: Steps = into
        metrics: list[dict[int, list[int]]] = [{} for _ in towards]
        self.links: dict[str, tuple[int, int]] = {}
        for link in topology.links:
            a, b = self.links[link.name] = self.paths.numbers[link.a], self.paths.numbers[link.b]
            metrics[a].setdefault(b, []).append(link.metric)
            metrics[b].setdefault(a, []).append(link.metric_back)
        self.metrics = [{end: sorted(each) for end, each in onward.items()} for onward in metrics]
        self.around = [self._around(node) for node in range(self.size)]
        self.slacks = [{end: self._slacks(node, end) for end in onward} for node, onward in enumerate(metrics)]

    def _around(self, node: int) -> Set[int]:
        """The neighbours of a node, with all who are on its LANs."""
        near = {*self.metrics[node]}
        return near.union(*(self.metrics[lan] for lan in near & self.lans)) - self.lans - {node}

    def _slacks(self, node: int, end: int) -> Slacks:
        """By how much the way over this step is longer than the shortest, for which destinations."""
        here, there, metric = self.paths.rows[node], self.paths.rows[end], self.metrics[node][end][0]
        if not self.topology.nodes[end].forwards:
            return [(metric - here[end], 1 << end)]
        found: dict[int, int] = {}
        get = found.get
        bit = 1
        for near, far in zip(here, there, strict=True):
            if far != FAR:
                slack = metric + far - near
                found[slack] = get(slack, 0) | bit
            bit <<= 1
        return sorted(found.items())

    def after(self, failures: Iterable[Failure]) -> Affected:
        """What these failures do together."""
        down, gone = self._gone(failures)
        out = self._left(gone)
        changed = self._changed(down, gone)
        hit = self._hit(changed, down, gone, out)
        lost, detours, steps = self._detours(hit, down, gone)
        for node in down:
            changed[node] = hit[node] = 0
        return Affected(changed, hit, lost, detours, steps, out, down, gone)

    def _gone(self, failures: Iterable[Failure]) -> tuple[set[int], dict[tuple[int, int], int]]:
        """The nodes that are down, and the steps that are gone or cost more, with by how much (`FAR`: no longer there).

        Of parallel links a step takes the nearest, so it is gone only with the last of these.
        """
        down: set[int] = set()
        cut: dict[tuple[int, int], list[int]] = defaultdict(list)
        for failure in failures:
            if isinstance(failure, LinkDown):
                link = self.topology.link(failure.link)
                a, b = self.links[link.name]
                cut[a, b].append(link.metric)
                cut[b, a].append(link.metric_back)
            else:
                down.add(self.paths.numbers[self.topology.node(failure.node).name])
        gone: dict[tuple[int, int], int] = {}
        for (node, end), metrics in cut.items():
            left = [*self.metrics[node][end]]
            for metric in metrics:
                left.remove(metric)
            longer = left[0] - self.metrics[node][end][0] if left else FAR
            if longer:
                gone[node, end] = longer
        for node in down:
            for end in self.metrics[node]:
                gone[end, node] = gone[node, end] = FAR
        return down, gone

    def _left(self, gone: Mapping[tuple[int, int], int]) -> Steps:
        """The steps of shortest paths that are left."""
        out = [*self.out]
        for node, _ in gone:
            out[node] = [step for step in self.out[node] if (node, step[0]) not in gone]
        return out

    def _changed(self, down: set[int], gone: Mapping[tuple[int, int], int]) -> list[int]:
        changed, into = [0] * self.size, self.into
        up = -1
        for node in down:
            changed[node] = -1
            up ^= 1 << node
        fresh = [0] * self.size
        waiting = []
        for node, end in gone:
            if node not in down and (new := self.paths.towards[node][end] & up):
                changed[node] |= new
                fresh[node] |= new
                waiting.append(node)
        for node in waiting:  # which grows on the way
            news, fresh[node] = fresh[node], 0
            if news:
                for before, right in into[node]:
                    if new := right & news & ~changed[before]:
                        changed[before] |= new
                        if not fresh[before]:
                            waiting.append(before)
                        fresh[before] |= new
        return changed

    def _hit(self, changed: list[int], down: set[int], gone: Mapping[tuple[int, int], int], out: Steps) -> list[int]:
        hit, into = [0] * self.size, self.into
        for node in down:
            hit[node] = -1
        fresh = [0] * self.size
        waiting = []
        for node in {node: None for node, _ in gone if node not in down}:
            new = changed[node]
            for _, right in out[node]:
                new &= ~right
            # What changed at a node because of others is not hit yet.
            if new:
                hit[node] = fresh[node] = new
                waiting.append(node)
        for node in waiting:
            news, fresh[node] = fresh[node], 0
            for before, right in into[node]:
                if new := right & news & ~hit[before]:
                    for end, still in out[before]:
                        new &= ~still | hit[end]
                        if not new:
                            break
                    else:
                        hit[before] |= new
                        if not fresh[before]:
                            waiting.append(before)
                        fresh[before] |= new
        return hit

    def _detours(
        self, hit: Sequence[int], down: set[int], gone: Mapping[tuple[int, int], int]
    ) -> tuple[list[int], list[tuple[int, int, int]], dict[int, dict[int, int]]]:
        """What is lost, by how much the rest is farther, and over which steps it goes now."""
        rest = [*hit]
        for node in down:
            rest[node] = 0
        slacks, towards, detours = self.slacks, self.paths.towards, []
        steps: dict[int, dict[int, int]] = {node: {} for node, missing in enumerate(rest) if missing}
        offers: dict[int, list[tuple[int, int, int]]] = {}  # by how much farther: node, step, to which destinations
        for node in steps:
            for end, ways in slacks[node].items():
                if wanted := rest[node] & ~hit[end]:
                    more = gone.get((node, end), 0)
                    for by, ends in ways if more < FAR else ():
                        if got := wanted & ends:
                            offers.setdefault(by + more, []).append((node, end, got))
                            if not (wanted := wanted ^ got):
                                break
        heap = sorted(offers)
        while heap:
            by = heappop(heap)
            now: dict[int, int] = {}  # what is found in this round: several steps may be equally good
            for node, end, got in offers[by]:  # which grows on the way
                right = got & now[node] if node in now else 0
                if new := got & rest[node]:
                    rest[node] ^= new
                    right |= new
                    now[node] = now.get(node, 0) | new
                    detours.append((by, node, new))
                    for before in slacks[node]:
                        if before not in steps:
                            continue
                        if wanted := new & rest[before]:
                            more = by + gone.get((before, node), 0)
                            for slack, ends in slacks[before][node] if more < FAR else ():
                                if got := wanted & ends:
                                    if (total := more + slack) in offers:
                                        offers[total].append((before, node, got))
                                    else:
                                        offers[total] = [(before, node, got)]
                                        heappush(heap, total)
                                    if not (wanted := wanted ^ got):
                                        break
                        if before in now and (before, node) not in gone:
                            steps[before][node] = steps[before].get(node, 0) | new & now[before] & towards[before][node]
                if right:
                    steps[node][end] = steps[node].get(end, 0) | right
        return rest, detours, steps
