"""From what a router believes to its routes: SPF over its map, and what has to change in its FIB.

A map of a thousand routers changes by one LSA at a time, and most routes stay. So two beliefs are compared by their
shortest paths, and only the prefixes of nodes that are now elsewhere, or reached otherwise, are worked out again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from netlearn.convergence.lsdb import Lsdb
from netlearn.network.parts import LinkDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route, prefix_order, routes_to
from netlearn.routing.spf import ShortestPaths, shortest_paths

Changes = tuple[tuple[Prefix, Route | None], ...]


@dataclass(frozen=True, slots=True)
class Belief:
    """A map, and the router's own links that it knows to be dead, whatever its own LSA still says."""

    lsdb: Lsdb = field(default_factory=Lsdb)
    dead: frozenset[str] = frozenset()

    def topology(self) -> Topology:
        """The map without the dead links."""
        believed = self.lsdb.topology()
        gone = [LinkDown(link) for link in sorted(self.dead) if believed.has_link(link)]
        return believed.without(*gone) if gone else believed

    def paths(self, name: str) -> ShortestPaths:
        """The router's shortest paths; to nowhere while it has said nothing of itself."""
        if self.lsdb.get(name) is None:
            return ShortestPaths(name, {}, (), {})
        return shortest_paths(self.topology(), name)

    def routes(
        self, name: str, prefixes: Iterable[Prefix] | None = None, paths: ShortestPaths | None = None
    ) -> dict[Prefix, Route]:
        """The routes of the router to these prefixes, or to all; `paths` are its shortest paths if they are known."""
        paths, offers = paths or self.paths(name), self.lsdb.offers()
        if not paths.distance:
            return {}
        wanted = sorted(offers, key=prefix_order) if prefixes is None else [each for each in prefixes if each in offers]
        return routes_to(wanted, offers, paths)


def changes(name: str, before: Belief, installed: Mapping[Prefix, Route | None], after: Belief) -> Changes:
    """What to do to a FIB that follows `before`, but for the entries `installed`, until it follows `after`.

    In the order of the prefixes; `None` takes an entry away.
    """
    old, new = before.paths(name), after.paths(name)
    prefixes = _touched(before.lsdb, old, after.lsdb, new) | installed.keys()
    held = {**before.routes(name, prefixes, old), **installed}
    wanted = after.routes(name, prefixes, new)
    changed = [prefix for prefix in prefixes if held.get(prefix) != wanted.get(prefix)]
    return tuple((prefix, wanted.get(prefix)) for prefix in sorted(changed, key=prefix_order))


def _touched(before: Lsdb, old: ShortestPaths, after: Lsdb, new: ShortestPaths) -> set[Prefix]:
    """Every prefix of a node that announces otherwise, that is at another distance, or to which the way has changed."""
    origins = {*before.lsas, *after.lsas}
    said = [origin for origin in origins if before.prefixes(origin) != after.prefixes(origin)]
    nodes = {*said, *_moved(old, new)}
    return {prefix for node in nodes for lsdb in (before, after) for prefix, _ in lsdb.prefixes(node)}


def _moved(old: ShortestPaths, new: ShortestPaths) -> list[str]:
    """The nodes at another distance, or with other next hops."""
    same_bits = old.ways_out == new.ways_out
    return [
        node
        for node in {*old.distance, *new.distance}
        if old.distance.get(node) != new.distance.get(node)
        or (old.masks[node] != new.masks[node] if same_bits else old.next_hops(node) != new.next_hops(node))
    ]
