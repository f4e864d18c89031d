"""A router as a function: `step(router, event, now)` gives the router afterwards and what it does.

It has no clock, sends nothing and draws no lots; time comes in as an argument, and actions go out as values. So a
router can be stopped at any instant, looked at, and asked the same thing twice. `TRANSITIONS` is the whole machine.

A LAN is such a machine, too: it detects and floods as its designated router would, and computes nothing.
"""

from collections.abc import Callable
from dataclasses import replace

from netlearn.convergence.computing import compute, install
from netlearn.convergence.event import AdjacencyDown, AdjacencyUp, Expired, Heard, OwnPrefix, RouterEvent, StubOrdered
from netlearn.convergence.flooding import (
    adjacency_down,
    adjacency_up,
    age,
    begin,
    heard,
    originate,
    own_prefix,
    retransmit,
    say,
    stub_ordered,
)
from netlearn.convergence.spfdelay import on_timer
from netlearn.convergence.state import Router, Step, start


def step(router: Router, event: RouterEvent, now: int) -> Step:
    """The router after the event, and what it does because of it."""
    return TRANSITIONS[type(event)](router, event, now)


# Timers
def _expired(router: Router, event: Expired, now: int) -> Step:
    if event.timer != "begin" and router.deadlines.get(event.timer) != now:
        return router, []  # it was stopped, or started anew
    left = {timer: at_us for timer, at_us in router.deadlines.items() if timer != event.timer}
    router = replace(router, deadlines=left)
    if event.timer in ("learn", "holddown"):
        waiting, starts = on_timer(router.waiting, router.timers.spf_delay, event.timer, now)
        return start(replace(router, waiting=waiting), starts)
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
TRANSITIONS: dict[type, Callable[[Router, "RouterEvent", int], Step]] = {
    AdjacencyDown: adjacency_down,  # type: ignore[dict-item]  # each takes the event of its own row
    AdjacencyUp: adjacency_up,  # type: ignore[dict-item]
    Heard: heard,  # type: ignore[dict-item]
    Expired: _expired,  # type: ignore[dict-item]
    StubOrdered: stub_ordered,  # type: ignore[dict-item]
    OwnPrefix: own_prefix,  # type: ignore[dict-item]
}
