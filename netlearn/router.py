"""A router as a function: `step(router, event, now)` gives the router afterwards and what it does.

It has no clock, sends nothing and draws no lots; time comes in as an argument, and actions go out as values. So a
router can be stopped at any instant, looked at, and asked the same thing twice. `TRANSITIONS` is the whole machine.

A LAN is such a machine, too: it detects and floods as its designated router would, and computes nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from netlearn.belief import Belief, Changes, changes
from netlearn.event import (
    Acknowledgement,
    Action,
    AdjacencyDown,
    AdjacencyUp,
    Computed,
    Expired,
    Forgot,
    Gone,
    Heard,
    Install,
    Learned,
    OwnPrefix,
    RouterEvent,
    Said,
    Send,
    Start,
    StubOrdered,
    Summary,
    There,
    Update,
)
from netlearn.lfa import repairs
from netlearn.lsdb import Lsa, Lsdb, own_lsa, own_prefixes
from netlearn.rib import Rib, Route
from netlearn.spfdelay import NEVER, Waiting, on_news, on_timer
from netlearn.timers import Timers
from netlearn.topology import Prefix, Topology


@dataclass(frozen=True, slots=True)
class Router:
    """Everything that one router (or host) knows and waits for.

    `aging` is for runs that are long enough for LSAs to be refreshed and to grow too old. `full` are the links over
    which it has an adjacency; `lsdb` is the map as it is known; `belief` is what its RIB was computed from, and
    `complete` what its FIB follows in full. Between the two, `installed` are the entries that already differ and
    `pending` those that are still to come. `local` are own prefixes that have come or gone since: packets meet them at
    once, before any SPF. `unacknowledged` holds what was sent and when, by link and origin;
    `deadlines` the timers that run.
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
    installed: Mapping[Prefix, Route | None] = field(default_factory=dict)
    pending: Changes = ()
    local: Mapping[Prefix, Route | None] = field(default_factory=dict)

    @property
    def is_lan(self) -> bool:
        """Whether this stands for a LAN's designated router instead of a router with tables."""
        return self.name in self.network.lans

    def rib(self) -> Rib:
        """What it has computed last."""
        return Rib(self.name, self.belief.routes(self.name))

    def routes(self, prefixes: Iterable[Prefix] | None = None) -> dict[Prefix, Route]:
        """What its FIB holds now, for these prefixes or for all."""
        wanted = None if prefixes is None else set(prefixes)
        above = {**self.installed, **self.local}
        turned = {prefix: route for prefix, route in above.items() if wanted is None or prefix in wanted}
        routes = {**self.complete.routes(self.name, wanted), **turned}
        return {prefix: route for prefix, route in routes.items() if route is not None}


Step = tuple[Router, list[Action]]


def step(router: Router, event: RouterEvent, now: int) -> Step:
    """The router after the event, and what it does because of it."""
    return TRANSITIONS[type(event)](router, event, now)


def converged(router: Router, lsdb: Lsdb) -> Router:
    """The router in a network that has been at rest for long: all its tables follow from the LSDB."""
    belief = Belief() if router.is_lan else Belief(lsdb)
    full = frozenset(arc.link for arc in router.network.arcs(router.name))
    own = lsdb.get(router.name)
    assert own is not None, router.name
    return replace(router, full=full, lsdb=lsdb, sequence=own.sequence, belief=belief, complete=belief)


# Detect


def _adjacency_down(router: Router, event: AdjacencyDown, now: int) -> Step:
    lost = router.full.intersection(event.links)
    if not lost:
        return router, []
    left = {key: sent for key, sent in router.unacknowledged.items() if key[0] not in lost}
    actions: list[Action] = [Gone(_neighbour(router, link), link, event.reason) for link in sorted(lost)]
    router = replace(router, full=router.full - lost, unacknowledged=left)
    return _then(router, actions, *([_repair] if router.lfa else []), _originate, _news, now=now)


def _adjacency_up(router: Router, event: AdjacencyUp, now: int) -> Step:
    actions: list[Action] = [There(_neighbour(router, event.link), event.link), Send(event.link, Summary(router.lsdb))]
    return _then(replace(router, full=router.full | {event.link}), actions, _originate, _news, now=now)


def _stub_ordered(router: Router, event: StubOrdered, now: int) -> Step:
    return _then(replace(router, stub=True), [event], _originate, now=now)


def _own_prefix(router: Router, event: OwnPrefix, now: int) -> Step:
    """Deliver, or cease to deliver, what is for the prefix; then say so, and find the way to who else has it."""
    prefix, metric = event
    if metric is None:
        network = router.network.withdrawing(prefix, router.name)
    else:
        network = router.network.announcing(prefix, router.name, metric)
    own = [metric for given, metric in own_prefixes(network, router.name) if given == prefix]
    route = Route(prefix, min(own)) if own else None
    left = tuple(each for each in router.pending if each[0] != prefix)
    router = replace(router, network=network, local={**router.local, prefix: route})
    if router.pending and not left:  # nothing else was still to come
        router, _ = _start(replace(router, complete=router.belief, installed={}), {"install": None})
    return _then(replace(router, pending=left), [Install(prefix, route)], _originate, _news, now=now)


# Flood


def _heard(router: Router, event: Heard, now: int) -> Step:
    if event.link not in router.full:
        return router, []  # not, or no longer, a neighbour
    if isinstance(event.message, Update):
        return _update(router, event.link, event.message.lsa, now)
    if isinstance(event.message, Acknowledgement):
        return _acknowledged(router, event.link, event.message.key), []
    return _summary(router, event.link, event.message.lsdb, now)


def _update(router: Router, link: str, lsa: Lsa, now: int) -> Step:
    """Take a newer LSA and pass it on; answer an older one with what is newer here (RFC 2328 13)."""
    held = router.lsdb.get(lsa.origin)
    acknowledge = Send(link, Acknowledgement(lsa.key))
    if now - lsa.originated_us >= router.timers.max_age_us:
        return router, [acknowledge]
    if lsa.origin == router.name and lsa.sequence > router.sequence:
        # Said before a restart and come back: only a newer one of its own silences it (RFC 2328 13.4).
        return _then(replace(router, sequence=lsa.sequence), [acknowledge], _originate, now=now)
    if lsa.newer_than(held):
        if now - router.received_us.get(lsa.origin, NEVER) < router.timers.min_ls_arrival_us:
            return router, []  # too soon; the neighbour will send it again
        router = replace(
            _acknowledged(router, link, lsa.key),
            lsdb=router.lsdb.adopt(lsa),
            received_us={**router.received_us, lsa.origin: now},
        )
        router, sent = _flood(router, lsa, now, but=link)
        aging = [_begin_aging] if router.aging and "age" not in router.deadlines else []
        news = [] if lsa.says_what(held) else [_news]
        return _then(router, [acknowledge, Learned(lsa), *sent], *aging, *news, now=now)
    if held is not None and held.newer_than(lsa):
        return _send(router, link, held, now)
    return _acknowledged(router, link, lsa.key), [acknowledge]


def _summary(router: Router, link: str, theirs: Lsdb, now: int) -> Step:
    """Send a new neighbour what is newer here."""
    actions: list[Action] = []
    for lsa in router.lsdb:
        if lsa.newer_than(theirs.get(lsa.origin)):
            router, sent = _send(router, link, lsa, now)
            actions += sent
    return router, actions


def _originate(router: Router, now: int) -> Step:
    """Say anew what is true of this router, at most once in MinLSInterval (RFC 2328 12.4).

    Timers come last at an instant, so all that happens at one instant is said in one LSA.
    """
    return _start(router, {"originate": max(now, router.originated_us + router.timers.min_ls_interval_us)})


def _say(router: Router, now: int) -> Step:
    """Make the LSA and flood it."""
    lsa = own_lsa(router.network, router.name, router.full, router.sequence + 1, now, router.stub)
    news = [] if lsa.says_what(router.lsdb.get(router.name)) else [_news]
    router = replace(router, sequence=lsa.sequence, originated_us=now, lsdb=router.lsdb.adopt(lsa))
    router, sent = _flood(router, lsa, now)
    aging = [_begin_aging] if router.aging else []
    return _then(router, [Said(lsa), *sent], *aging, *news, now=now)


def _flood(router: Router, lsa: Lsa, now: int, but: str | None = None) -> Step:
    """Send an LSA over every adjacency, but not back to where it came from."""
    actions: list[Action] = []
    for link in sorted(router.full - {but}):
        router, sent = _send(router, link, lsa, now)
        actions += sent
    return router, actions


def _send(router: Router, link: str, lsa: Lsa, now: int) -> Step:
    """Send an LSA, and keep it until it is acknowledged."""
    router = replace(router, unacknowledged={**router.unacknowledged, (link, lsa.origin): (lsa, now)})
    actions: list[Action] = [Send(link, Update(lsa))]
    if "retransmit" not in router.deadlines:
        router, started = _start(router, {"retransmit": now + router.timers.retransmit_us})
        actions += started
    return router, actions


def _acknowledged(router: Router, link: str, key: tuple[str, int, int]) -> Router:
    sent = router.unacknowledged.get((link, key[0]))
    if sent is None or sent[0].key[1:] > key[1:]:
        return router
    left = {where: lsa for where, lsa in router.unacknowledged.items() if where != (link, key[0])}
    return replace(router, unacknowledged=left)


def _retransmit(router: Router, now: int) -> Step:
    """Send again what nobody has acknowledged for RxmtInterval (RFC 2328 13.6)."""
    actions: list[Action] = []
    for (link, _), (lsa, sent_us) in sorted(router.unacknowledged.items(), key=lambda item: item[0]):
        if now - sent_us >= router.timers.retransmit_us:
            router = replace(router, unacknowledged={**router.unacknowledged, (link, lsa.origin): (lsa, now)})
            actions.append(Send(link, Update(lsa)))
    if router.unacknowledged:
        oldest = min(sent_us for _, sent_us in router.unacknowledged.values())
        router, started = _start(router, {"retransmit": oldest + router.timers.retransmit_us})
        actions += started
    return router, actions


def _begin(router: Router, now: int) -> Step:
    """Start: a router that nobody knows yet says its first LSA when it has had the time to meet its neighbours."""
    wait = router.timers.carrier_us + router.timers.adjacency_us
    first = {"originate": now + wait} if router.sequence == 0 else {}
    return _then(*_start(router, first), *([_begin_aging] if router.aging else []), now=now)


def _begin_aging(router: Router, now: int) -> Step:
    """Start what keeps the own LSA fresh, and what forgets the others'."""
    said_us = now if router.originated_us == NEVER else router.originated_us
    starts: dict[str, int | None] = {"refresh": said_us + router.timers.refresh_us}
    others = [lsa.originated_us for lsa in router.lsdb if lsa.origin != router.name]
    if others:
        starts["age"] = max(now + 1, min(others) + router.timers.max_age_us)
    return _start(router, starts)


def _age(router: Router, now: int) -> Step:
    """Forget what is older than MaxAge (RFC 2328 14)."""
    old = [lsa.origin for lsa in router.lsdb if now - lsa.originated_us >= router.timers.max_age_us]
    old = [origin for origin in old if origin != router.name]
    for origin in old:
        router = replace(router, lsdb=router.lsdb.forget(origin))
    actions: list[Action] = [Forgot(origin) for origin in old]
    return _then(router, actions, _begin_aging, *([_news] if old else []), now=now)


# Compute


def _news(router: Router, now: int) -> Step:
    """There is something new: SPF has to run, when the delay allows."""
    if router.is_lan:
        return router, []
    waiting, starts = on_news(router.waiting, router.timers.spf_delay, now, "spf" in router.deadlines)
    return _start(replace(router, waiting=waiting), starts)


def _compute(router: Router, now: int) -> Step:
    """Run SPF over what is believed now, and queue every entry of the FIB that has to change."""
    own = router.lsdb.get(router.name)
    dead = frozenset(line.link for line in own.adjacencies if line.link not in router.full) if own else frozenset()
    belief = Belief(router.lsdb, dead)
    if router.local and own is not None and own.prefixes == own_prefixes(router.network, router.name):
        # The map says by now what the local entries have said since they changed.
        router = replace(router, installed={**router.installed, **router.local}, local={})
    found = changes(router.name, router.complete, router.installed, belief)
    pending = tuple(each for each in found if each[0] not in router.local)
    router = replace(router, belief=belief, pending=pending, waiting=replace(router.waiting, last_spf_us=now))
    actions: list[Action] = [Computed(len(pending))]
    if not pending:  # nothing is left to do, not even what an earlier SPF had queued
        router, _ = _start(replace(router, complete=belief, installed={}), {"install": None})
        return router, actions
    router, started = _start(router, {"install": now + router.timers.spf_us + router.timers.install_us})
    return router, [*actions, *started]


# Install


def _install(router: Router, now: int) -> Step:
    """Put the next entry into the FIB; packets meet the old ones until their turn."""
    (prefix, route), *rest = router.pending
    actions: list[Action] = [Install(prefix, route)]
    router = replace(router, pending=tuple(rest), installed={**router.installed, prefix: route})
    if not rest:
        return replace(router, complete=router.belief, installed={}), actions
    router, started = _start(router, {"install": now + router.timers.install_us})
    return router, [*actions, *started]


def _repair(router: Router, now: int) -> Step:
    """Turn at once to what stands ready: the rest of a tie, or a loop-free alternate (RFC 5286 3)."""
    hit = [route for route in router.routes().values() if any(hop.link not in router.full for hop in route.next_hops)]
    if not hit:
        return router, []
    ready = repairs(router.complete.topology(), router.name, tuple(hit))
    turned: dict[Prefix, Route | None] = {}
    for route in hit:
        next_hops = tuple(hop for hop in route.next_hops if hop.link in router.full)
        alternate = ready.get((route.prefix, route.next_hops[0]))
        if not next_hops and alternate is not None and alternate.link in router.full:
            next_hops = (alternate,)
        if next_hops:
            turned[route.prefix] = replace(route, next_hops=next_hops)
    actions: list[Action] = [Install(prefix, route) for prefix, route in turned.items()]
    return replace(router, installed={**router.installed, **turned}), actions


# Timers


def _expired(router: Router, event: Expired, now: int) -> Step:
    if event.timer != "begin" and router.deadlines.get(event.timer) != now:
        return router, []  # it was stopped, or started anew
    left = {timer: at_us for timer, at_us in router.deadlines.items() if timer != event.timer}
    router = replace(router, deadlines=left)
    if event.timer in ("learn", "holddown"):
        waiting, starts = on_timer(router.waiting, router.timers.spf_delay, event.timer, now)
        return _start(replace(router, waiting=waiting), starts)
    return TIMERS[event.timer](router, now)


def _start(router: Router, starts: Mapping[str, int | None]) -> Step:
    """Start timers, or stop those whose time is `None`."""
    if not starts:
        return router, []
    deadlines = {**router.deadlines, **starts}
    running = {timer: at_us for timer, at_us in deadlines.items() if at_us is not None}
    return replace(router, deadlines=running), [Start(timer, at) for timer, at in starts.items() if at is not None]


def _then(router: Router, actions: Iterable[Action], *steps: Callable[[Router, int], Step], now: int) -> Step:
    """The steps one after the other, with all their actions."""
    done = list(actions)
    for following in steps:
        router, more = following(router, now)
        done += more
    return router, done


def _neighbour(router: Router, link: str) -> str:
    return router.network.link(link).other(router.name)


TIMERS: dict[str, Callable[[Router, int], Step]] = {
    "originate": _say,
    "retransmit": _retransmit,
    "refresh": _originate,
    "age": _age,
    "begin": _begin,
    "spf": _compute,
    "install": _install,
}

TRANSITIONS: dict[type, Callable[[Router, "RouterEvent", int], Step]] = {
    AdjacencyDown: _adjacency_down,  # type: ignore[dict-item]  # each takes the event of its own row
    AdjacencyUp: _adjacency_up,  # type: ignore[dict-item]
    Heard: _heard,  # type: ignore[dict-item]
    Expired: _expired,  # type: ignore[dict-item]
    StubOrdered: _stub_ordered,  # type: ignore[dict-item]
    OwnPrefix: _own_prefix,  # type: ignore[dict-item]
}
