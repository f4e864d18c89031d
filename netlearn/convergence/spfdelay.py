"""When to run SPF after news has come: the choice between haste and running it for every single LSA.

RFC 8405 gives a state machine of three states, written here as the table that it is.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from netlearn.convergence.timers import Fixed, Rfc8405, SpfDelay, Throttle

Phase = Literal["QUIET", "SHORT_WAIT", "LONG_WAIT"]
NEVER = -(10**15)  # before all time


class Transition(NamedTuple):
    """What RFC 8405 does in a state: the next state, timers to start, timers to stop.

    The SPF timer is started only if it is not running; the others are started anew.
    """

    then: Phase
    start: tuple[tuple[str, str], ...] = ()  # the timer, and the field of `Rfc8405` that it runs
    stop: tuple[str, ...] = ()


# RFC 8405 5.4: (state, what happens) to what is done. What is not in the table changes nothing.
RFC8405_TABLE: dict[tuple[Phase, str], Transition] = {
    ("QUIET", "news"): Transition(
        "SHORT_WAIT",
        (("spf", "initial_us"), ("learn", "time_to_learn_us"), ("holddown", "holddown_us")),
    ),
    ("SHORT_WAIT", "news"): Transition("SHORT_WAIT", (("spf", "short_us"), ("holddown", "holddown_us"))),
    ("SHORT_WAIT", "learn"): Transition("LONG_WAIT"),
    ("SHORT_WAIT", "holddown"): Transition("QUIET", stop=("learn",)),
    ("LONG_WAIT", "news"): Transition("LONG_WAIT", (("spf", "long_us"), ("holddown", "holddown_us"))),
    ("LONG_WAIT", "holddown"): Transition("QUIET"),
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How a router stands between news and SPF: the state of RFC 8405, or FRRouting's last run and its hold steps."""

    phase: Phase = "QUIET"
    last_spf_us: int = NEVER
    hold_steps: int = 1


Starts = dict[str, int | None]  # timers to start, by the time when they run out; `None` stops one


def on_news(waiting: Waiting, delay: SpfDelay, now: int, spf_running: bool) -> tuple[Waiting, Starts]:
    """What news does: the new state, and the timers that it starts. `spf_running` says that SPF is due already."""
    if isinstance(delay, Rfc8405):
        return _rfc8405(waiting, delay, "news", now, spf_running)
    if spf_running:
        return waiting, {}
    if isinstance(delay, Fixed):
        return waiting, {"spf": now + delay.delay_us}
    return _throttled(waiting, delay, now)


def on_timer(waiting: Waiting, delay: SpfDelay, timer: str, now: int) -> tuple[Waiting, Starts]:
    """What the end of one of RFC 8405's own timers does."""
    assert isinstance(delay, Rfc8405), delay
    return _rfc8405(waiting, delay, timer, now, spf_running=False)


def _rfc8405(waiting: Waiting, delay: Rfc8405, happened: str, now: int, spf_running: bool) -> tuple[Waiting, Starts]:
    found = RFC8405_TABLE.get((waiting.phase, happened))
    if found is None:
        return waiting, {}
    starts: Starts = dict.fromkeys(found.stop)
    for timer, field in found.start:
        if timer != "spf" or not spf_running:
            starts[timer] = now + getattr(delay, field)
    return replace(waiting, phase=found.then), starts


def _throttled(waiting: Waiting, delay: Throttle, now: int) -> tuple[Waiting, Starts]:
    """Within the hold time of the last run: wait for its end, and hold longer next time; after it: begin anew."""
    since, hold = now - waiting.last_spf_us, min(delay.hold_us * waiting.hold_steps, delay.max_hold_us)
    if since >= hold:
        return replace(waiting, hold_steps=1), {"spf": now + delay.delay_us}
    longer = waiting.hold_steps + 1 if hold < delay.max_hold_us else waiting.hold_steps
    return replace(waiting, hold_steps=longer), {"spf": now + max(hold - since, delay.delay_us)}
