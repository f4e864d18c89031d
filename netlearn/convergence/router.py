"""A router as a function: `step(router, event, now)` gives the router afterwards and what it does.

It has no clock, sends nothing and draws no lots; time comes in as an argument, and actions go out as values. So a
router can be stopped at any instant, looked at, and asked the same thing twice. `TRANSITIONS` is the whole machine.

A LAN is such a machine, too: it detects and floods as its designated router would, and computes nothing.
"""

from collections.abc import Callable, Sequence

from netlearn.convergence.event import (
    Action,
    AdjacencyDown,
    AdjacencyUp,
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
    StubOrdered,
    There,
)
from netlearn.convergence.lsdb import Acknowledgement, Lsa, Lsdb, Summary, Update, own_lsa, own_prefixes
from netlearn.convergence.state import (
    Router,
    Step,
    complete,
    compute,
    install,
    neighbour_over,
    note_news,
    repair,
    start,
    then,
)
from netlearn.convergence.timers import NEVER, on_timer
from netlearn.routing.rib import Route


def step(router: Router, event: RouterEvent, now: int) -> Step:
    """The router after the event, and what it does because of it.

    >>> from netlearn.convergence.event import AdjacencyDown, Reason
    >>> lost, router = AdjacencyDown(("R1-R2",), Reason.CARRIER), simulate(forum(), []).first("R1")
    >>> [type(action).__name__ for action in step(router, lost, now=0)[1]]
    ['Gone', 'Start', 'Start', 'Start', 'Start']
    """
    return TRANSITIONS[type(event)](router, event, now)


# Detect
def adjacency_down(router: Router, event: AdjacencyDown, now: int) -> Step:
    lost = router.full.intersection(event.links)
    if not lost:
        return router, []
    # Nobody is left who could acknowledge it; should one come back, the summaries tell what it lacks.
    left = {key: sent for key, sent in router.unacknowledged.items() if key[0] not in lost}
    actions: list[Action] = [Gone(neighbour_over(router, link), link, event.reason) for link in sorted(lost)]
    router = router.but(full=router.full - lost, unacknowledged=left)
    # Repair first: an alternate is for the time until SPF has run. SPF need not wait for the own LSA, see `compute`.
    return then(router, actions, *([repair] if router.lfa else []), originate, note_news, now=now)


def adjacency_up(router: Router, event: AdjacencyUp, now: int) -> Step:
    there = There(neighbour_over(router, event.link), event.link)
    summary = Send(event.link, Summary(router.lsdb))  # what is newer there comes back as updates (RFC 2328 10.8)
    return then(router.but(full=router.full | {event.link}), [there, summary], originate, note_news, now=now)


def stub_ordered(router: Router, event: StubOrdered, now: int) -> Step:
    return then(router.but(stub=True), [event], originate, now=now)


def own_prefix(router: Router, event: OwnPrefix, now: int) -> Step:
    """Deliver, or cease to deliver, what is for the prefix; then say so, and find the way to who else has it."""
    router, prefix = router.owning(*event), event.prefix
    own = [metric for given, metric in own_prefixes(router.network, router.name) if given == prefix]
    route = Route(prefix, min(own)) if own else None
    left = tuple(each for each in router.pending if each[0] != prefix)
    was_the_last = router.pending and not left  # then the timer of the next entry would find none
    router = router.queued(left, local={**router.local, prefix: route})
    if was_the_last:
        router, _ = complete(router)
    return then(router, [Install(prefix, route)], originate, note_news, now=now)


# Flood
def heard(router: Router, event: Heard, now: int) -> Step:
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
        return router, [acknowledge]  # too old to be kept, and nobody shall send it again (RFC 2328 13 (4))
    if lsa.origin == router.name and lsa.sequence > router.sequence:
        # Said before a restart and come back: only a newer one of its own silences it (RFC 2328 13.4).
        return then(router.but(sequence=lsa.sequence), [acknowledge], originate, now=now)
    if lsa.newer_than(held):
        if now - router.received_us.get(lsa.origin, NEVER) < router.timers.min_ls_arrival_us:
            return router, []  # too soon and not acknowledged, so the neighbour will send it again (13 (5) (a))
        received_us = {**router.received_us, lsa.origin: now}
        router = _acknowledged(router, link, lsa.key)  # on the other links `_flood` puts it in the older one's place
        router = router.but(lsdb=router.lsdb.adopt(lsa), received_us=received_us)
        router, sent = _flood(router, lsa, now, but=link)
        aging = [_begin_aging] if router.aging and "age" not in router.deadlines else []
        news = [] if lsa.same_content_as(held) else [note_news]  # a refresh changes no route (RFC 2328 13.2)
        return then(router, [acknowledge, Learned(lsa), *sent], *aging, *news, now=now)
    if held is not None and held.newer_than(lsa):
        return _send(router, [(link, held)], now)
    # The same instance from the other end is as good as its acknowledgement (RFC 2328 13 (7) (a)).
    return _acknowledged(router, link, lsa.key), [acknowledge]


def _summary(router: Router, link: str, theirs: Lsdb, now: int) -> Step:
    """Send a new neighbour what is newer here."""
    newer = (lsa for lsa in router.lsdb if lsa.newer_than(theirs.get(lsa.origin)))
    return _send(router, [(link, lsa) for lsa in newer], now)


def originate(router: Router, now: int) -> Step:
    """Say anew what is true of this router, at most once in MinLSInterval (RFC 2328 12.4).

    Timers come last at an instant, so all that happens at one instant is said in one LSA.
    """
    return start(router, {"originate": max(now, router.originated_us + router.timers.min_ls_interval_us)})


def say(router: Router, now: int) -> Step:
    """Make the LSA and flood it."""
    lsa = own_lsa(router.network, router.name, router.full, router.sequence + 1, now, router.stub)
    news = [] if lsa.same_content_as(router.lsdb.get(router.name)) else [note_news]
    router = router.but(sequence=lsa.sequence, originated_us=now, lsdb=router.lsdb.adopt(lsa))
    router, sent = _flood(router, lsa, now)
    aging = [_begin_aging] if router.aging else []
    return then(router, [Said(lsa), *sent], *aging, *news, now=now)


def _flood(router: Router, lsa: Lsa, now: int, but: str | None = None) -> Step:
    """Send an LSA over every adjacency, but not back to where it came from."""
    return _send(router, [(link, lsa) for link in sorted(router.full - {but})], now)


def _send(router: Router, sent: Sequence[tuple[str, Lsa]], now: int) -> Step:
    """Send LSAs over these links, and keep each until it is acknowledged; wake for the one that waits longest."""
    if sent:
        kept = {(link, lsa.origin): (lsa, now) for link, lsa in sent}
        router = router.but(unacknowledged={**router.unacknowledged, **kept})
    starts: dict[str, int | None] = {}
    if router.unacknowledged and "retransmit" not in router.deadlines:
        oldest_us = min(sent_us for _, sent_us in router.unacknowledged.values())
        starts = {"retransmit": oldest_us + router.timers.retransmit_us}
    return start(router, starts, [Send(link, Update(lsa)) for link, lsa in sent])


def _acknowledged(router: Router, link: str, key: tuple[str, int, int]) -> Router:
    sent = router.unacknowledged.get((link, key[0]))
    if sent is None or sent[0].key[1:] > key[1:]:
        return router  # it is for an older instance than what has been sent since
    left = {where: lsa for where, lsa in router.unacknowledged.items() if where != (link, key[0])}
    return router.but(unacknowledged=left)


def retransmit(router: Router, now: int) -> Step:
    """Send again what nobody has acknowledged for RxmtInterval (RFC 2328 13.6)."""
    since_us, waiting = now - router.timers.retransmit_us, router.unacknowledged
    overdue = sorted(where for where, (_, sent_us) in waiting.items() if sent_us <= since_us)
    return _send(router, [(link, waiting[link, origin][0]) for link, origin in overdue], now)


def begin(router: Router, now: int) -> Step:
    """Start: a router that nobody knows yet says its first LSA when it has had the time to meet its neighbours."""
    wait_us = router.timers.carrier_us + router.timers.adjacency_us
    first = {"originate": now + wait_us} if router.sequence == 0 else {}  # at rest it has said all there is to say
    return then(*start(router, first), *([_begin_aging] if router.aging else []), now=now)


def _begin_aging(router: Router, now: int) -> Step:
    """Start what keeps the own LSA fresh, and what forgets the others'."""
    said_us = now if router.originated_us == NEVER else router.originated_us
    starts: dict[str, int | None] = {"refresh": said_us + router.timers.refresh_us}
    others = [lsa.originated_us for lsa in router.lsdb if lsa.origin != router.name]
    if others:
        starts["age"] = max(now + 1, min(others) + router.timers.max_age_us)
    return start(router, starts)


def age(router: Router, now: int) -> Step:
    """Forget what is older than MaxAge (RFC 2328 14)."""
    since_us = now - router.timers.max_age_us
    old = [lsa.origin for lsa in router.lsdb if lsa.originated_us <= since_us and lsa.origin != router.name]
    for origin in old:
        router = router.but(lsdb=router.lsdb.forget(origin))
    actions: list[Action] = [Forgot(origin) for origin in old]
    return then(router, actions, _begin_aging, *([note_news] if old else []), now=now)


# Timers
def _expired(router: Router, event: Expired, now: int) -> Step:
    if event.timer != "begin" and router.deadlines.get(event.timer) != now:
        return router, []  # it was stopped, or started anew
    if event.timer == "install":
        return install(router, now)  # which starts it anew or stops it
    left = {timer: at_us for timer, at_us in router.deadlines.items() if timer != event.timer}
    router = router.but(deadlines=left)
    if event.timer in ("learn", "holddown"):
        waiting, starts = on_timer(router.waiting, router.timers.spf_delay, event.timer, now)
        return start(router.but(waiting=waiting), starts)
    return TIMERS[event.timer](router, now)


TIMERS: dict[str, Callable[[Router, int], Step]] = {
    "originate": say,
    "retransmit": retransmit,
    "refresh": originate,
    "age": age,
    "begin": begin,
    "spf": compute,
    "install": install,
}
"""What a router does when one of its timers runs out; `learn` and `holddown` stand in `RFC8405_TABLE`.

>>> " ".join(TIMERS)
'originate retransmit refresh age begin spf install'
"""
TRANSITIONS: dict[type, Callable[[Router, "RouterEvent", int], Step]] = {
    AdjacencyDown: adjacency_down,  # type: ignore[dict-item]  # each takes the event of its own row
    AdjacencyUp: adjacency_up,  # type: ignore[dict-item]
    Heard: heard,  # type: ignore[dict-item]
    Expired: _expired,  # type: ignore[dict-item]
    StubOrdered: stub_ordered,  # type: ignore[dict-item]
    OwnPrefix: own_prefix,  # type: ignore[dict-item]
}
"""The whole machine: every event that can reach a router, and what is done then.

>>> [event.__name__ for event in TRANSITIONS]
['AdjacencyDown', 'AdjacencyUp', 'Heard', 'Expired', 'StubOrdered', 'OwnPrefix']
"""
