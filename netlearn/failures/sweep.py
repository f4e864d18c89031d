"""Every failure tried, and what each does to the shortest paths between all pairs of nodes, in numbers.

Counted are ordered pairs of nodes that are up; LANs, which send nothing, are left out. With demands it is told as well
where their traffic goes.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import combinations
from typing import Literal

from netlearn.drawing.prose import link_label
from netlearn.drawing.tables import Table
from netlearn.failures.affected import Affected, Before
from netlearn.failures.demands import Demand
from netlearn.failures.meanwhile import Kept, Meanwhile, micro_loops, waiting
from netlearn.failures.traffic import Load, Moved, Traffic
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.topology import Topology

Kind = Literal["link", "node", "pair"]
PARTS = 16  # into which the failures are divided for an executor
SHOWN = 10  # failures in the table of a sweep, the worst first


@dataclass(frozen=True, slots=True)
class Failed:
    """What a failure does, in ordered pairs of nodes that are up.

    `failed` are the names of what fails, one or, of a `pair`, two. `lost` pairs had a path and have none; of `longer`
    ones the metric grew, by `most` at most and by `total` in all; `changed` ones have another set of shortest paths
    (as sequences of nodes), or are among the lost and the longer. `traffic` is what it does to the traffic of demands,
    `None` where none were given, and `meanwhile` what it does before all tables are new, `None` if that was not asked.

    >>> sweep(forum(), nodes=False).failures[2]
    Failed(failed=('R2-End',), kind='link', lost=0, changed=10, longer=6, most=1, total=6, traffic=None, meanwhile=None)
    """

    failed: tuple[str, ...]
    kind: Kind
    lost: int
    changed: int
    longer: int
    most: int
    total: int
    traffic: Moved | None = None
    meanwhile: Meanwhile | None = None

    @property
    def weight(self) -> tuple[int, int, int]:
        """How much the failure weighs against others: by what is lost, then by how much is longer, then changed."""
        return self.lost, self.total, self.changed


@dataclass(frozen=True)
class Sweep:
    """Every failure that was tried, in the order of the topology's links, then its nodes, then their pairs.

    It shows itself as a table of those that weigh most. `traffic` is that of the demands before anything fails: what
    has no path even so is `lost`, and `loads` are all links. It is `None` where none were given.

    >>> [each.failed for each in sweep(forum()).ranking[:2]]
    [('Source-R1',), ('R1',)]
    """

    topology: Topology
    failures: tuple[Failed, ...]
    traffic: Moved | None = None

    @cached_property
    def single_points(self) -> tuple[str, ...]:
        """The links and nodes whose failure alone leaves a pair of the others without a path."""
        return tuple(each.failed[0] for each in self.failures if each.kind != "pair" and each.lost)

    @cached_property
    def ranking(self) -> tuple[Failed, ...]:
        """The failures, those that weigh most first; of equal ones in their order."""
        return tuple(sorted(self.failures, key=lambda each: each.weight, reverse=True))

    @cached_property
    def peaks(self) -> tuple[tuple[Load, Failed], ...]:
        """For each link and direction whose load grows the most that it carries after any failure, and after which.

        The fullest link comes first. Empty without demands, or if no load grows.
        """
        most: dict[tuple[str, str, str], tuple[Load, Failed]] = {}
        for each in self.failures:
            for load in each.traffic.loads if each.traffic else ():
                crossing = load.start, load.end, load.link
                if load.grown > 0 and (crossing not in most or most[crossing][0].after < load.after):
                    most[crossing] = load, each
        return tuple(sorted(most.values(), key=lambda peak: peak[0].after, reverse=True))

    def table(self, most: int = SHOWN) -> Table:
        """The failures that weigh most, in words and numbers."""
        heads: tuple[str, ...] = ("If it fails", "Pairs lost", "Longer", "by in all", "by at most", "Changed")
        heads += ("Traffic lost", "Fullest link", "carries", "before") if self.traffic else ()
        asked = any(each.meanwhile for each in self.failures)
        heads += ("saved at once by ECMP", "by LFA", "in a micro-loop") if asked else ()
        rows = {
            self._named(each): (
                *(each.lost, each.longer, each.total, each.most, each.changed),
                *(self._worded(each.traffic) if each.traffic else ()),
                *((each.meanwhile.by_ecmp, each.meanwhile.by_lfa, each.meanwhile.caught) if each.meanwhile else ()),
            )
            for each in self.ranking[:most]
        }
        return Table(rows, heads)

    def _named(self, each: Failed) -> str:
        """What fails, as a row of a table says it; a link and a node may have the same name."""
        if each.kind != "pair":
            name = each.failed[0]
            return f"{each.kind} {link_label(self.topology.link(name)) if each.kind == 'link' else name}"
        nodes = {node.name for node in self.topology.nodes}
        labels = {link.name: link_label(link) for link in self.topology.links if link.name not in nodes}
        return " and ".join(labels.get(name, name) for name in each.failed)

    def _worded(self, moved: Moved) -> tuple[str, ...]:
        """The traffic in a table's cells."""
        if moved.fullest is None:
            return f"{moved.lost:.6g}", "–", "–", "–"
        full = moved.fullest
        link = link_label(self.topology.link(full.link))
        return f"{moved.lost:.6g}", f"{link}, from {full.start}", f"{full.after:.6g}", f"{full.before:.6g}"

    def __str__(self) -> str:
        return repr(self.table())

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def sweep(
    topology: Topology,
    links: bool = True,
    nodes: bool = True,
    pairs: bool = False,
    executor: Executor | None = None,
    demands: Iterable[Demand] | None = None,
    meanwhile: bool = False,
) -> Sweep:
    """What the failure of every link and of every node does; with `pairs`, of any two of them together as well.

    `executor` is one of `concurrent.futures`, or works like those; it is given parts of the failures, each with the
    topology. Without one all is computed here. With `demands` it is told of each failure where their traffic goes;
    with `meanwhile`, what goes on before all tables are new, which takes several times as long.
    Raises `NetlearnError` for a demand that the topology cannot have, `UnknownName` for a node that is not there.

    >>> print(sweep(forum(), links=False).table(most=1))
    If it fails  Pairs lost  Longer  by in all  by at most  Changed
    node R1      14          2       4          2           28
    """
    single: list[Failure] = [LinkDown(link.name) for link in topology.links if links]
    single += [NodeDown(node.name) for node in topology.nodes if nodes]
    tried: list[tuple[Failure, ...]] = [(each,) for each in single]
    tried += combinations(single, 2) if pairs else ()
    asked = None if demands is None else tuple(demands)
    if executor is None:
        trial = _Trial(topology, asked, meanwhile)
        failed, traffic = [*map(trial.failed, tried)], trial.traffic
    else:
        traffic = None if asked is None else Traffic(Before(topology), asked)
        parts = [tried[first::PARTS] for first in range(min(PARTS, len(tried)))]
        found = [*executor.map(partial(_part, topology, asked, meanwhile), parts)]
        failed = [found[place % PARTS][place // PARTS] for place in range(len(tried))]
    return Sweep(topology, tuple(failed), traffic.unfailed() if traffic else None)


def _part(
    topology: Topology, demands: tuple[Demand, ...] | None, meanwhile: bool, tried: Sequence[tuple[Failure, ...]]
) -> list[Failed]:
    """What each of these does, in a process of its own, which keeps what it knows for its next part."""
    return [*map(_trial(topology, demands, meanwhile).failed, tried)]


class _Trial:
    """The network before anything fails, and what is asked of each failure."""

    def __init__(self, topology: Topology, demands: tuple[Demand, ...] | None, meanwhile: bool) -> None:
        self.before = Before(topology)
        self.traffic = None if demands is None else Traffic(self.before, demands)
        self.meanwhile = meanwhile

    def failed(self, failures: tuple[Failure, ...]) -> Failed:
        """What these do together."""
        found, by_node = self.before.after(failures), self.before.counted
        grown = [(by, (ends & by_node[node]).bit_count()) for by, node, ends in found.detours]
        names = tuple(each.link if isinstance(each, LinkDown) else each.node for each in failures)
        return Failed(
            names,
            "pair" if len(failures) > 1 else "link" if isinstance(failures[0], LinkDown) else "node",
            lost=_pairs(found.lost, by_node),
            changed=_pairs(found.changed, by_node),
            longer=sum(many for _, many in grown),
            most=max((by for by, many in grown if many), default=0),
            total=sum(by * many for by, many in grown),
            traffic=self.traffic.after(failures, found) if self.traffic else None,
            meanwhile=self._meanwhile(failures, found) if self.meanwhile else None,
        )

    def _meanwhile(self, failures: tuple[Failure, ...], found: Affected) -> Meanwhile:
        by_node, names = self.before.counted, self.before.paths.names
        without, with_lfa = waiting(self.before, found)
        changed, bare, rest = (_pairs(each, by_node) for each in (found.changed, without, with_lfa))
        caught, loops = micro_loops(self.before, found)
        named = tuple((names[a], names[b]) for a, b in loops)
        kept = None
        if self.traffic and len(failures) == 1:
            kept = Kept(*self.traffic.kept(failures[0], found, without, with_lfa))
        return Meanwhile(changed - bare, bare - rest, _pairs(caught, by_node), named, kept)


_trial = lru_cache(maxsize=1)(_Trial)


def _pairs(ends: Iterable[int], by_node: Iterable[int]) -> int:
    return sum((each & counted).bit_count() for each, counted in zip(ends, by_node, strict=True))
