"""What a failure does before all tables are new: what is saved at once, and where packets may go round.

Only the nodes next to a failure know of it at once: those that handed packets to what failed. Each has the other next
hops of equal cost, if there are any, and else may have a loop-free alternate (RFC 5286). Here a neighbour is one if
none of its own shortest paths to the destination meets what failed. If a link failed that is the RFC's inequality 1,
since a path back would lead over the link; if a node failed it is 1 and 3, so that it protects the node. A neighbour on
a LAN over which the packets went anyway does not count, as in `netlearn.routing.alternates`.

Then all compute new tables, in any order. While some have theirs and others have not, a node may follow its old next
hops or its new ones. So a packet may be caught in a micro-loop if there is a cycle in both taken together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from netlearn.failures.affected import Affected, Before
from netlearn.routing.allpairs import FAR

Hops = Sequence[tuple[int, int]]  # neighbours, LANs left out, each with the destinations that it is right for


@dataclass(frozen=True, slots=True)
class Kept:
    """Of the traffic of demands what `met` the failure, and what of that next hops of equal cost or an LFA save.

    >>> sweep(forum(), demands=[Demand("R2", "End", 6)], meanwhile=True).failures[2].meanwhile.traffic
    Kept(met=6.0, by_ecmp=0.0, by_lfa=6.0)
    """

    met: float
    by_ecmp: float
    by_lfa: float


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What a failure does before all tables are new, in ordered pairs of nodes that are up.

    Of the pairs that change, `by_ecmp` go on at once without any alternate: whatever way they take, each node next to
    the failure has a next hop of equal cost left. `by_lfa` more go on where each node has its loop-free alternates as
    well. The rest waits for new tables, or is lost. `caught` pairs may have packets in a micro-loop, for some order in
    which tables become new; `loops` are the neighbours that may point at each other, each pair once. A longer loop may
    catch packets where no two neighbours do. `traffic` is `None` without demands and for two failures at once.

    >>> sweep(forum(), meanwhile=True).failures[2].meanwhile
    Meanwhile(by_ecmp=2, by_lfa=8, caught=0, loops=(), traffic=None)
    """

    by_ecmp: int
    by_lfa: int
    caught: int
    loops: tuple[tuple[str, str], ...]
    traffic: Kept | None = None


def waiting(before: Before, found: Affected) -> tuple[list[int], list[int]]:
    """For each node the destinations to which packets may be dropped until tables are new: without LFAs, and with."""
    stranded = _stranded(before, found)
    bare = {node: ends & ~_protected(before, found, node) for node, ends in stranded.items()}
    return _spread(before, found, stranded), _spread(before, found, bare)


def _stranded(before: Before, found: Affected) -> dict[int, int]:
    """The nodes next to the failure, with the destinations to which all of their next hops are gone."""
    next_to = {node for node, _ in found.gone} - found.down
    next_to |= {node for lan in next_to & before.lans for node, _ in before.into[lan]}
    up = ~sum(1 << node for node in found.down)
    stranded = {}
    for node in next_to - before.lans - found.down:
        ends = 0
        for _, right in before.out[node]:
            ends |= right
        for end, right in found.left[node]:
            ends &= ~(right & _union(found.left[end]) if end in before.lans else right)
        if ends & up:
            stranded[node] = ends & up
    return stranded


def _protected(before: Before, found: Affected, node: int) -> int:
    """The destinations to which the node has a neighbour whose own shortest paths do not meet the failure."""
    protected = 0
    for end in before.metrics[node]:
        if found.gone.get((node, end), 0) == FAR:
            continue
        if end not in before.lans:
            protected |= _apart(before, found, end)
            continue
        beyond = 0
        for other in before.metrics[end]:
            if other != node and found.gone.get((end, other), 0) < FAR:
                beyond |= _apart(before, found, other)
        over_it = 0 if (node, end) in found.gone else before.paths.towards[node][end]
        protected |= beyond & ~over_it
    return protected


def _apart(before: Before, found: Affected, node: int) -> int:
    """The destinations that the node reaches, when packets are handed to it, without meeting the failure."""
    if not before.topology.nodes[node].forwards:
        return 1 << node
    return (1 << node | _union(before.out[node])) & ~found.changed[node]


def _union(steps: Iterable[tuple[int, int]]) -> int:
    ends = 0
    for _, right in steps:
        ends |= right
    return ends


def _spread(before: Before, found: Affected, begins: Mapping[int, int]) -> list[int]:
    """What begins at some nodes is true of all whose packets may come there by the old next hops."""
    spread = [begins.get(node, 0) for node in range(before.size)]
    fresh = {**begins}
    while fresh:
        node, news = fresh.popitem()
        for behind, right in before.into[node]:
            new = right & news & ~spread[behind]
            if new and (behind, node) not in found.gone and behind not in found.down:
                spread[behind] |= new
                fresh[behind] = fresh.get(behind, 0) | new
    return spread


def micro_loops(before: Before, found: Affected) -> tuple[list[int], list[tuple[int, int]]]:
    """For each node the destinations to which packets may be caught, and the neighbours that may point at each other.

    Where no shortest path met the failure, next hops are the old ones and lead on to where none did: that is no loop.
    """
    old = {node: _beyond_lans(before, node, found.left[node], found.left) for node in _changed(before, found)}
    new = {node: _new(before, found, node) for node in old}
    either = {node: [*old[node], *new[node]] for node in old}
    caught = [found.changed[node] if node in old else 0 for node in range(before.size)]
    again = {*old}
    while again:
        node = again.pop()
        onward = 0
        for end, ends in either[node]:
            onward |= ends & caught[end]
        if caught[node] & ~onward:
            caught[node] &= onward
            again |= before.around[node] & old.keys()
    loops = {
        (min(node, end), max(node, end))
        for node, hops in new.items()
        for end, ends in hops
        if ends & caught[node] and any(back == node and ends & right for back, right in old.get(end, ()))
    }
    return caught, sorted(loops)


def _changed(before: Before, found: Affected) -> list[int]:
    return [node for node, ends in enumerate(found.changed) if ends and node not in before.lans]


def _new(before: Before, found: Affected, node: int) -> Hops:
    """The new next hops of a node to the destinations to which all old ones are gone; any other are among the old."""
    steps = found.steps.get(node, {})
    return _beyond_lans(before, node, [*steps.items()], {lan: _steps(found, lan) for lan in steps.keys() & before.lans})


def _steps(found: Affected, lan: int) -> Hops:
    left = [(end, ends & ~found.hit[lan] & ~found.hit[end]) for end, ends in found.left[lan]]
    return [*left, *found.steps.get(lan, {}).items()]


def _beyond_lans(before: Before, node: int, hops: Hops, behind: Sequence[Hops] | Mapping[int, Hops]) -> Hops:
    """The hops with all who stand behind a LAN in its place."""
    if before.lans.isdisjoint(end for end, _ in hops):
        return hops
    beyond = [(end, ends) for end, ends in hops if end not in before.lans]
    return beyond + [
        (other, ends & right)
        for lan, ends in hops
        if lan in before.lans
        for other, right in behind[lan]
        if other != node
    ]
