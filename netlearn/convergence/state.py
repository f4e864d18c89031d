"""What one router knows and waits for, as a value; and from its LSDB to its FIB: compute, and install one by one.

A map of a thousand routers changes by one LSA at a time, and most routes stay. So two beliefs are compared by their
shortest paths, and only the prefixes of nodes that are now elsewhere, or reached otherwise, are worked out again.
How the LSDB comes to be is in `router`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import Any

from netlearn.convergence.event import Action, Computed, Install, Start
from netlearn.convergence.lsdb import Lsa, Lsdb, own_prefixes
from netlearn.convergence.timers import NEVER, Timers, Waiting, on_news
from netlearn.network.parts import LinkDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.lfa import repairs
from netlearn.routing.rib import Route, best_route, prefix_order, routes_to
from netlearn.routing.spf import ShortestPaths, shortest_paths

Changes = tuple[Install, ...]


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
        paths, offers = paths or self.paths(name), self.lsdb.offers
        if not paths.distance:
            return {}
        wanted = sorted(offers, key=prefix_order) if prefixes is None else [each for each in prefixes if each in offers]
        return routes_to(wanted, offers, paths)

    def route(self, prefix: Prefix, paths: ShortestPaths) -> Route | None:
        """The route to one prefix over these shortest paths, or `None`."""
        return best_route(prefix, self.lsdb.offers.get(prefix, ()), paths)


@dataclass(frozen=True, slots=True)
class Router:
    """Everything that one router (or host) knows and waits for.

    `aging` is for runs that are long enough for LSAs to be refreshed and to grow too old. `full` are the links over
    which it has an adjacency; `lsdb` is the map as it is known; `belief` is what its RIB was computed from, and
    `complete` what its FIB follows in full. Between the two, `installed` are the entries that already differ and
    `pending` those that are still to come: of `queue`, what the last SPF found, so many are `done`, and `earlier` are
    those of before. `local` are own prefixes that have come or gone since: packets meet them at once, before any SPF.
    `unacknowledged` holds what was sent and when, by link and origin; `deadlines` the timers that run.

    >>> trace = simulate(forum(), CASE_1)
    >>> trace.router("R2", 0).full - trace.router("R2", trace.end_us).full
    frozenset({'R2-End'})
    """

    name: str
    network: Topology  # its own links and prefixes; nothing else of it is ever looked at
    timers: Timers
    lfa: bool = False
    aging: bool = False
    full: frozenset[str] = frozenset()
    lsdb: Lsdb = field(default_factory=Lsdb)
    sequence: int = 0
    stub: bool = False
    originated_us: int = NEVER
    received_us: Mapping[str, int] = field(default_factory=dict)
    unacknowledged: Mapping[tuple[str, str], tuple[Lsa, int]] = field(default_factory=dict)
    waiting: Waiting = field(default_factory=Waiting)
    deadlines: Mapping[str, int] = field(default_factory=dict)
    belief: Belief = field(default_factory=Belief)
    complete: Belief = field(default_factory=Belief)
    earlier: Mapping[Prefix, Route | None] = field(default_factory=dict)
    queue: Changes = ()
    done: int = 0  # a number, for a run keeps every state: a thousand entries are then one queue, and no copies
    local: Mapping[Prefix, Route | None] = field(default_factory=dict)

    @property
    def installed(self) -> dict[Prefix, Route | None]:
        """The entries of the FIB that differ from what `complete` says, `None` for one that is gone."""
        return {**self.earlier, **dict(self.queue[: self.done])}

    @property
    def pending(self) -> Changes:
        """The entries that are still to be installed, in their order."""
        return self.queue[self.done :]

    def but(self, **changed: Any) -> "Router":
        """The same router with other values of these fields: `dataclasses.replace`, at a fifth of its cost."""
        router = object.__new__(Router)
        for put, value in zip(_PUT.values(), _VALUES(self), strict=True):
            put(router, value)
        for name, value in changed.items():
            _PUT[name](router, value)
        return router

    def queued(self, queue: Changes, **changed: Any) -> "Router":
        """The router that has all of this still to install, upon what is installed already."""
        return self.but(earlier=self.installed, queue=queue, done=0, **changed)

    def written(self, entries: int) -> "Router":
        """The router when so many more entries are installed, not the last, and the timer of the next one runs."""
        next_us = self.deadlines["install"] + entries * self.timers.install_us
        return self.but(done=self.done + entries, deadlines={**self.deadlines, "install": next_us})

    def owning(self, prefix: Prefix, metric: int | None) -> "Router":
        """The router that announces the prefix as its own, at this metric; or, with `None`, no more."""
        old, name = self.network, self.name
        network = old.withdrawing(prefix, name) if metric is None else old.announcing(prefix, name, metric)
        return self.but(network=network)

    def routes(self, prefixes: Iterable[Prefix] | None = None) -> dict[Prefix, Route]:
        """What its FIB holds now, for these prefixes or for all."""
        wanted = None if prefixes is None else set(prefixes)
        above = {**self.installed, **self.local}
        turned = {prefix: route for prefix, route in above.items() if wanted is None or prefix in wanted}
        routes = {**self.complete.routes(self.name, wanted), **turned}
        return {prefix: route for prefix, route in routes.items() if route is not None}


_VALUES = attrgetter(*Router.__slots__)
_PUT = {name: vars(Router)[name].__set__ for name in Router.__slots__}  # a run makes hundred thousands of states
Step = tuple[Router, list[Action]]


def converged(router: Router, lsdb: Lsdb) -> Router:
    """The router in a network that has been at rest for long: all its tables follow from the LSDB."""
    belief = Belief() if router.name in router.network.lans else Belief(lsdb)  # a LAN has no tables
    full = frozenset(arc.link for arc in router.network.arcs(router.name))
    own = lsdb.get(router.name)
    assert own is not None, router.name
    return router.but(full=full, lsdb=lsdb, sequence=own.sequence, belief=belief, complete=belief)


def start(router: Router, starts: Mapping[str, int | None], actions: Iterable[Action] = ()) -> Step:
    """Start timers after these actions, or stop those whose time is `None`."""
    if not starts:
        return router, [*actions]
    deadlines = {**router.deadlines, **starts}
    running = {timer: at_us for timer, at_us in deadlines.items() if at_us is not None}
    started = (Start(timer, at_us) for timer, at_us in starts.items() if at_us is not None)
    return router.but(deadlines=running), [*actions, *started]


def complete(router: Router, actions: Iterable[Action] = ()) -> Step:
    """The FIB follows the belief in full: nothing is left to install, not even what an earlier SPF had queued."""
    router = router.but(complete=router.belief, earlier={}, queue=(), done=0)
    return start(router, {"install": None}, actions)


def then(router: Router, actions: Iterable[Action], *steps: Callable[[Router, int], Step], now: int) -> Step:
    """The steps one after the other, with all their actions."""
    done = list(actions)
    for following in steps:
        router, more = following(router, now)
        done += more
    return router, done


def neighbour_over(router: Router, link: str) -> str:
    return router.network.link(link).other(router.name)


def changes(name: str, before: Belief, installed: Mapping[Prefix, Route | None], after: Belief) -> Changes:
    """What to do to a FIB that follows `before`, but for the entries `installed`, until it follows `after`.

    In the order of the prefixes; `None` takes an entry away.
    """
    old, new = before.paths(name), after.paths(name)
    prefixes = _touched(before.lsdb, old, after.lsdb, new) | installed.keys()
    found = []
    for prefix in sorted(prefixes, key=prefix_order):
        held = installed[prefix] if installed and prefix in installed else before.route(prefix, old)
        wanted = after.route(prefix, new)
        if held != wanted:
            found.append(Install(prefix, wanted))
    return tuple(found)


def _touched(before: Lsdb, old: ShortestPaths, after: Lsdb, new: ShortestPaths) -> set[Prefix]:
    """Every prefix of a node that announces otherwise, that is at another distance, or to which the way has changed."""
    # An LSA is a value that all share, so one that is not the same object is a newer one.
    held, now = before.lsas, after.lsas
    newer = [origin for origin, lsa in now.items() if held.get(origin) is not lsa] + [*held.keys() - now.keys()]
    said = [origin for origin in newer if before.prefixes(origin) != after.prefixes(origin)]
    told = [*map(before.prefixes, said), *map(after.prefixes, {*said, *_moved(old, new)})]
    return {prefix for prefixes in told for prefix, _ in prefixes}


def _moved(old: ShortestPaths, new: ShortestPaths) -> list[str]:
    """The nodes at another distance, or with other next hops."""
    gone = [node for node in old.distance if node not in new.distance]
    if old.ways_out == new.ways_out:  # a bit of a mask is a place in `ways_out`
        far, masks = old.distance, old.masks
        here = new.distance.items()
        return gone + [node for node, now in here if far.get(node) != now or masks[node] != new.masks[node]]
    return gone + [
        node
        for node, now in new.distance.items()
        if old.distance.get(node) != now or old.next_hops(node) != new.next_hops(node)
    ]


# Compute
def note_news(router: Router, now: int) -> Step:
    """There is something new: SPF has to run, when the delay allows."""
    if router.name in router.network.lans:
        return router, []  # its designated router is nobody in particular, and forwards nothing
    waiting, starts = on_news(router.waiting, router.timers.spf_delay, now, "spf" in router.deadlines)
    return start(router.but(waiting=waiting), starts)


def compute(router: Router, now: int) -> Step:
    """Run SPF over what is believed now, and queue every entry of the FIB that has to change."""
    own = router.lsdb.get(router.name)
    # The own LSA may still have to wait (MinLSInterval) while it names links that are known to be dead.
    dead = frozenset(line.link for line in own.adjacencies if line.link not in router.full) if own else frozenset()
    belief = Belief(router.lsdb, dead)
    if router.local and own is not None and own.prefixes == own_prefixes(router.network, router.name):
        # The map says by now what the local entries have said since they changed.
        router = router.but(earlier={**router.installed, **router.local}, queue=(), done=0, local={})
    # From what the FIB holds, not from the last belief: an earlier SPF may not have been installed to the end.
    found = changes(router.name, router.complete, router.installed, belief)
    queue = tuple(each for each in found if each[0] not in router.local) if router.local else found
    router = router.queued(queue, belief=belief, waiting=replace(router.waiting, last_spf_us=now))
    computed = Computed(len(queue))
    if not queue:
        return complete(router, [computed])
    return start(router, {"install": now + router.timers.spf_us + router.timers.install_us}, [computed])


# Install
def install(router: Router, now: int) -> Step:
    """Put the next entry into the FIB; packets meet the old ones until their turn."""
    entry = router.queue[router.done]
    if router.done + 1 == len(router.queue):
        return complete(router.but(done=router.done + 1), [entry])
    router = router.written(1)
    return router, [entry, Start("install", router.deadlines["install"])]


def repair(router: Router, now: int) -> Step:
    """Turn at once to what stands ready: the rest of a tie, or a loop-free alternate (RFC 5286 3)."""
    hit = [route for route in router.routes().values() if any(hop.link not in router.full for hop in route.next_hops)]
    if not hit:
        return router, []
    # Alternates are computed ahead of a failure: over the map from before it, which the FIB follows (RFC 5286 1).
    ready = repairs(router.complete.topology(), router.name, tuple(hit))
    turned: dict[Prefix, Route | None] = {}
    for route in hit:
        next_hops = tuple(hop for hop in route.next_hops if hop.link in router.full)
        alternate = ready.get((route.prefix, route.next_hops[0]))
        if not next_hops and alternate is not None and alternate.link in router.full:  # it may be dead, too
            next_hops = (alternate,)
        if next_hops:
            turned[route.prefix] = route._replace(next_hops=next_hops)
    router = router.but(earlier={**router.installed, **turned}, queue=router.pending, done=0)
    return router, [Install(prefix, route) for prefix, route in turned.items()]
