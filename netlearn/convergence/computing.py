"""From the LSDB to the FIB: when SPF runs, which entries change, and one by one their installation."""

from dataclasses import replace

from netlearn.convergence.event import Computed, Install
from netlearn.convergence.lsdb import own_prefixes
from netlearn.convergence.state import Belief, Router, Step, changes, complete, start
from netlearn.convergence.timers import on_news
from netlearn.network.parts import Prefix
from netlearn.routing.lfa import repairs
from netlearn.routing.rib import Route


# Compute
def note_news(router: Router, now: int) -> Step:
    """There is something new: SPF has to run, when the delay allows."""
    if router.is_lan:
        return router, []
    waiting, starts = on_news(router.waiting, router.timers.spf_delay, now, "spf" in router.deadlines)
    return start(replace(router, waiting=waiting), starts)


def compute(router: Router, now: int) -> Step:
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
    computed = Computed(len(pending))
    if not pending:
        return complete(router, [computed])
    return start(router, {"install": now + router.timers.spf_us + router.timers.install_us}, [computed])


# Install
def install(router: Router, now: int) -> Step:
    """Put the next entry into the FIB; packets meet the old ones until their turn."""
    (prefix, route), *rest = router.pending
    if not rest:
        return complete(router, [Install(prefix, route)])
    router = replace(router, pending=tuple(rest), installed={**router.installed, prefix: route})
    return start(router, {"install": now + router.timers.install_us}, [Install(prefix, route)])


def repair(router: Router, now: int) -> Step:
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
    router = replace(router, installed={**router.installed, **turned})
    return router, [Install(prefix, route) for prefix, route in turned.items()]
