"""Where the traffic of a demand matrix goes, before and after a failure, and what it makes of each link.

Every node divides what it has for a destination evenly among its next hops, as the hashes of ECMP do in the mean; two
parallel links are two next hops, and so are two nodes behind one LAN. A failure is not computed from the beginning:
nodes whose next hops are others take back all that they sent, down the old ways, and send it again, down the new ones.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import floor, fsum, log10

from netlearn.errors import NetlearnError
from netlearn.failures.affected import Affected, Before
from netlearn.failures.demands import Demand
from netlearn.network.parts import Failure, LinkDown
from netlearn.network.topology import Topology
from netlearn.routing.allpairs import FAR, members

DIGITS = 12  # of an amount: sums of floating point numbers that should be equal are so to about 15
Crossing = tuple[str, str, str]  # from, to, link
Hops = Callable[[int], list[tuple[int, int]]]  # a node's right steps, each with how many next hops it stands for


@dataclass(frozen=True, slots=True)
class Load:
    """What a link carries in one direction, before and after a failure.

    >>> sweep(forum(), demands=[Demand("Source", "End", 6)]).failures[2].traffic.fullest
    Load(start='Source', end='R1', link='Source-R1', before=6.0, after=6.0)
    """

    start: str
    end: str
    link: str
    before: float
    after: float

    @property
    def grown(self) -> float:
        """By how much it carries more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Moved:
    """What a failure does to the traffic, in the unit of the demands.

    `lost` is sent between nodes that are up, had a path and has none; `ended` had a path from or to a node that is
    down. `fullest` is the link that carries most afterwards, of equal ones the first; `None` if none carries any.
    `loads` are the links that carry more or less than before, in the topology's order, each from its end `a` first.

    >>> moved = sweep(forum(), demands=[Demand("R2", "End", 6)]).failures[2].traffic
    >>> [(load.link, load.before, load.after) for load in moved.loads if load.end == "End"]
    [('R2-End', 6.0, 0.0), ('R4-End', 0.0, 3.0), ('R7-End', 0.0, 3.0)]
    """

    lost: float
    ended: float
    fullest: Load | None
    loads: tuple[Load, ...]

    @property
    def most_grown(self) -> Load | None:
        """The link that carries most more than before; `None` if none carries more."""
        growing = [load for load in self.loads if load.grown > 0]
        return max(growing, key=lambda load: load.grown, default=None)


class Traffic:
    """The traffic of all demands on the network before anything fails."""

    def __init__(self, before: Before, demands: Iterable[Demand]) -> None:
        self.before = before
        self.wanted = _wanted(before, demands)
        self.lans = before.lans
        self.links = _links(before.topology, before.paths.numbers)
        self.near = {step: _nearest(links, step[0] in self.lans, ()) for step, links in self.links.items()}
        self.inflow: dict[int, dict[int, float]] = {}  # for each target what comes to each node or begins there
        self.carrying = [0] * before.size  # the targets to which each node sends
        self.on_steps: dict[tuple[int, int], float] = defaultdict(float)
        total, nowhere = [0.0], [0.0]
        for target, wanted in self.wanted.items():
            far = self._far(target)
            total += wanted.values()
            nowhere += [amount for source, amount in wanted.items() if far(source) == FAR]
            sent = {source: amount for source, amount in wanted.items() if far(source) < FAR and amount}
            arrived = self._pour(sent, target, self._old_hops(target), far, self.on_steps)
            inflow = {node: sent.get(node, 0.0) + arrived.get(node, 0.0) for node in {**sent, **arrived}}
            inflow.pop(target, None)
            self.inflow[target] = inflow
            for node in inflow:
                self.carrying[node] |= 1 << target
        self.places = DIGITS - floor(log10(fsum(total) or 1.0))
        self.nowhere = self._rounded(fsum(nowhere))  # what is sent where no path leads
        names = before.paths.names
        crossings = [
            (names[start], names[end], name)
            for link, (a, b) in before.links.items()
            for start, end, name in ((a, b, link), (b, a, link))
        ]
        self.loads: dict[Crossing, float] = dict.fromkeys(crossings, 0.0)
        for step, amount in self.on_steps.items():
            self.loads |= self._on_links(step, amount, self.near[step])

    def unfailed(self) -> Moved:
        """What there is before anything fails, all links included."""
        loads = tuple(Load(*crossing, load, load) for crossing, load in self.loads.items())
        carrying = [load for load in loads if load.before]
        return Moved(self.nowhere, 0.0, max(carrying, key=lambda load: load.before, default=None), loads)

    def after(self, failures: Iterable[Failure], found: Affected) -> Moved:
        """What the failures do, which have affected the paths as was `found`."""
        cut = {each.link for each in failures if isinstance(each, LinkDown)}
        near = {
            step: _nearest(links, step[0] in self.lans, cut)
            for step, links in self.links.items()
            if any(name in cut for _, name in links)
        }
        moved: dict[tuple[int, int], float] = defaultdict(float)
        moved |= dict.fromkeys(near, 0.0)  # what one of parallel links no longer carries is on the others
        near = {**self.near, **near}
        others = self._others(found, moved)
        farther: dict[int, dict[int, int]] = defaultdict(dict)
        for by, node, ends in found.detours:
            for target in members(ends):
                farther[target][node] = by
        for target in found.down:
            self._end(target, moved)
        for target, nodes in others.items():
            self._again(target, nodes, found, farther[target], near, moved)
        lost, ended = self._missing(found)
        return Moved(lost, ended, *self._changed(moved, near))

    def kept(
        self, failure: Failure, found: Affected, without: Sequence[int], with_lfa: Sequence[int]
    ) -> tuple[float, float, float]:
        """What met the failure, what of it has a next hop of equal cost at once, and what more has an alternate.

        The last two say for each node to which destinations packets wait, without alternates and with them.
        """
        met, by_ecmp, by_lfa = [0.0], [0.0], [0.0]
        up = ~sum(1 << node for node in found.down)
        for node, end, part in self._failing(failure, found):
            for target in members(self.before.paths.towards[node][end] & self.carrying[node] & up):
                for sender, amount in self._senders(node, end, target):
                    met.append(amount * part)
                    if not without[sender] >> target & 1:
                        by_ecmp.append(amount * part)
                    elif not with_lfa[sender] >> target & 1:
                        by_lfa.append(amount * part)
        return self._rounded(fsum(met)), self._rounded(fsum(by_ecmp)), self._rounded(fsum(by_lfa))

    def _failing(self, failure: Failure, found: Affected) -> Iterator[tuple[int, int, float]]:
        """The steps that fail for a node that is up, each with the part of it that does: one of parallel links, say."""
        steps = {*found.gone}
        if isinstance(failure, LinkDown):
            a, b = self.before.links[failure.link]
            steps |= {(a, b), (b, a)}
        for node, end in sorted(steps):
            if node in found.down:
                continue
            near = self.near[node, end]
            failing = near if end in found.down else [name for name in near if LinkDown(name) == failure]
            # Who comes out of a LAN by one of two cables comes by the other at once.
            if failing and (node not in self.lans or (node, end) in found.gone):
                yield node, end, len(failing) / len(near)

    def _senders(self, node: int, end: int, target: int) -> Iterator[tuple[int, float]]:
        """Who sends how much to the target over this step: behind a LAN those who hand it to the LAN."""
        hops = dict(self._old_hops(target)(node))
        part = hops[end] / sum(hops.values())
        if node not in self.lans:
            yield node, self.inflow[target][node] * part
            return
        for sender, right in self.before.into[node]:
            if right & self.carrying[sender] & 1 << target:
                yield from ((sender, amount * part) for _, amount in self._senders(sender, node, target))

    def _others(self, found: Affected, cut: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
        """For each target that is up the nodes that have sent there, and now have other next hops or are down."""
        towards, into = self.before.paths.towards, self.before.into
        others = [*found.hit]
        for node, changed in enumerate(found.changed):
            for end, right in self.before.out[node] if changed else ():
                others[node] |= right if (node, end) in found.gone else right & found.hit[end]
        for node, end in cut:
            others[node] |= towards[node][end]
        for node in found.down:
            others[node] = -1
        for lan in self.lans:
            for node, right in into[lan] if others[lan] else ():
                others[node] |= right & others[lan]
        up = ~sum(1 << node for node in found.down)
        by_target: dict[int, list[int]] = {}
        for node, targets in enumerate(others):
            for target in members(targets & self.carrying[node] & up):
                by_target.setdefault(target, []).append(node)
        return by_target

    def _end(self, target: int, moved: dict[tuple[int, int], float]) -> None:
        """Take back all that was sent to a target that is down."""
        sent = {source: -amount for source, amount in self.wanted.get(target, {}).items()}
        sent = {source: amount for source, amount in sent.items() if source in self.inflow[target]}
        self._pour(sent, target, self._old_hops(target), self._far(target), moved)

    def _again(
        self,
        target: int,
        nodes: list[int],
        found: Affected,
        farther: Mapping[int, int],
        near: Mapping[tuple[int, int], tuple[str, ...]],
        moved: dict[tuple[int, int], float],
    ) -> None:
        """Take back what these nodes sent to the target, and send it by their new next hops."""
        inflow, far = self.inflow[target], self._far(target)
        back = {node: -inflow[node] for node in nodes}
        less = self._pour(back, target, self._old_hops(target), far, moved, back.keys())
        able = [node for node in nodes if node not in found.down and not found.lost[node] >> target & 1]
        again = {node: inflow[node] + less.get(node, 0.0) for node in able}

        def hops(node: int) -> list[tuple[int, int]]:
            return [(end, self._many(node, end, right, near)) for end in right(node)]

        def right(node: int) -> list[int]:
            if found.hit[node] >> target & 1:
                return [end for end, ends in found.steps[node].items() if ends >> target & 1]
            return [end for end, ends in found.left[node] if ends >> target & 1 and not found.hit[end] >> target & 1]

        self._pour(again, target, hops, lambda node: far(node) + farther.get(node, 0), moved)

    def _old_hops(self, target: int) -> Hops:
        def hops(node: int) -> list[tuple[int, int]]:
            return [(end, self._many(node, end, right, self.near)) for end in right(node)]

        def right(node: int) -> list[int]:
            return [end for end, ends in self.before.out[node] if ends >> target & 1]

        return hops

    def _many(
        self, node: int, end: int, right: Callable[[int], list[int]], near: Mapping[tuple[int, int], tuple[str, ...]]
    ) -> int:
        """How many next hops a step stands for: parallel links, each with all who are next behind a LAN."""
        return len(near[node, end]) * (len(right(end)) if end in self.lans else 1)

    def _far(self, target: int) -> Callable[[int], int]:
        rows = self.before.paths.rows
        return lambda node: rows[node][target]

    def _pour(
        self,
        amounts: Mapping[int, float],
        target: int,
        hops: Hops,
        far: Callable[[int], int],
        on_steps: dict[tuple[int, int], float],
        stop: Set[int] = frozenset(),
    ) -> dict[int, float]:
        """Let amounts run down from nodes to the target, and add them to the steps; what arrives at each node.

        What arrives at a node of `stop` goes no further.
        """
        arrived: dict[int, float] = {}
        waiting = {**amounts}
        # The farthest first; a LAN is as far as those behind it, and comes before them.
        heap = [(-far(node), node not in self.lans, node) for node in amounts]
        heapify(heap)
        while heap:
            node = heappop(heap)[-1]
            amount, onward = waiting.pop(node), hops(node)
            many = sum(each for _, each in onward)
            for end, each in onward:
                part = amount * each / many
                on_steps[node, end] += part
                arrived[end] = arrived.get(end, 0.0) + part
                if end in waiting and end not in stop:
                    waiting[end] += part
                elif end != target and end not in stop:
                    waiting[end] = part
                    heappush(heap, (-far(end), end not in self.lans, end))
        return arrived

    def _missing(self, found: Affected) -> tuple[float, float]:
        """What is lost, and what has ended with a node."""
        lost, ended = [0.0], [0.0]
        for target, wanted in self.wanted.items():
            for source, amount in wanted.items():
                if source not in self.inflow[target]:
                    continue
                if target in found.down or source in found.down:
                    ended.append(amount)
                elif found.lost[source] >> target & 1:
                    lost.append(amount)
        return self._rounded(fsum(lost)), self._rounded(fsum(ended))

    def _changed(
        self, moved: Mapping[tuple[int, int], float], near: Mapping[tuple[int, int], tuple[str, ...]]
    ) -> tuple[Load | None, tuple[Load, ...]]:
        """The link that is fullest, and all that carry more or less."""
        now: dict[Crossing, float] = {}
        for step, more in moved.items():
            now |= self._on_links(step, 0.0, tuple(name for _, name in self.links[step]))
            now |= self._on_links(step, self.on_steps.get(step, 0.0) + more, near[step])
        after = {crossing: now.get(crossing, load) for crossing, load in self.loads.items()}
        fullest = max(after, key=after.__getitem__, default=None)
        loads = [Load(*each, load, after[each]) for each, load in self.loads.items() if after[each] != load]
        full = Load(*fullest, self.loads[fullest], after[fullest]) if fullest and after[fullest] else None
        return full, tuple(loads)

    def _on_links(self, step: tuple[int, int], amount: float, links: tuple[str, ...]) -> dict[Crossing, float]:
        start, end = (self.before.paths.names[node] for node in step)
        return {(start, end, link): self._rounded(amount / len(links)) for link in links}

    def _rounded(self, amount: float) -> float:
        return round(amount, self.places) + 0.0  # never -0.0


def _wanted(before: Before, demands: Iterable[Demand]) -> dict[int, dict[int, float]]:
    """For each target how much each source sends there; what is said twice is added."""
    wanted: dict[int, dict[int, float]] = {}
    for place, demand in enumerate(demands, 1):
        try:
            ends = [before.topology.node(name) for name in (demand.source, demand.target)]
        except NetlearnError as reason:
            raise type(reason)(f"demand {place}: {reason}") from None
        for node in ends:
            if node.kind == "lan":
                raise NetlearnError(f"demand {place}: {node.name} is a LAN, which sends and receives nothing")
        source, target = (before.paths.numbers[node.name] for node in ends)
        if source == target:
            raise NetlearnError(f"demand {place}: {demand.source} and {demand.target} are one node")
        sent = wanted.setdefault(target, {})
        sent[source] = sent.get(source, 0.0) + demand.amount
    return wanted


def _links(topology: Topology, numbers: Mapping[str, int]) -> dict[tuple[int, int], list[tuple[int, str]]]:
    """The links of each step, each with its metric, in the topology's order."""
    links: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for link in topology.links:
        a, b = numbers[link.a], numbers[link.b]
        links.setdefault((a, b), []).append((link.metric, link.name))
        links.setdefault((b, a), []).append((link.metric_back, link.name))
    return links


def _nearest(links: list[tuple[int, str]], out_of_lan: bool, cut: Iterable[str]) -> tuple[str, ...]:
    """The links that a step is taken over: of those left the ones of least metric, out of a LAN only the first."""
    left = [each for each in links if each[1] not in cut]
    nearest = tuple(name for metric, name in left if metric == min(left)[0])
    return nearest[:1] if out_of_lan else nearest
