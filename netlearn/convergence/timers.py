"""Every delay of convergence in one place: detect, flood, compute, install; and when SPF runs after news.

All values are whole microseconds. Each says where it comes from; "a choice of this model" is one that no RFC gives and
that was not measured, small enough to leave the order of events to the others.
"""

from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from netlearn.errors import NetlearnError, check_whole, shown
from netlearn.units import LONGEST_US, MS, SECOND


@dataclass(frozen=True, slots=True)
class Rfc8405:
    """When to run SPF after news: soon after quiet, later while news keeps coming (RFC 8405 5 and 6).

    >>> simulate(forum(), CASE_1, timers=Timers(spf_delay=Rfc8405(initial_us=0))).converged_us
    8100
    """

    initial_us: int = 50 * MS
    short_us: int = 200 * MS
    long_us: int = 5 * SECOND
    time_to_learn_us: int = 500 * MS
    holddown_us: int = 10 * SECOND

    def __post_init__(self) -> None:
        _check_times(self)


@dataclass(frozen=True, slots=True)
class Throttle:
    """FRRouting's own way: at once after quiet, then a hold time that grows with every piece of news within it.

    These are the values of `timers throttle spf 0 50 5000`, FRRouting 8.4's default as measured.

    >>> simulate(forum(), CASE_1, timers=Timers(spf_delay=Throttle())).converged_us
    8100
    """

    delay_us: int = 0
    hold_us: int = 50 * MS
    max_hold_us: int = 5 * SECOND

    def __post_init__(self) -> None:
        _check_times(self)


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same wait between news and SPF.

    >>> simulate(forum(), CASE_1, timers=Timers(spf_delay=Fixed(delay_us=200_000))).converged_us
    208100
    """

    delay_us: int = 0

    def __post_init__(self) -> None:
        _check_times(self)


def _check_times(delay: "Rfc8405 | Throttle | Fixed") -> None:
    """Raise `NetlearnError` for a time that is not a whole number of microseconds from 0 to `LONGEST_US`."""
    for name in delay.__slots__:
        check_whole(name, getattr(delay, name), most=LONGEST_US)


Phase = Literal["QUIET", "SHORT_WAIT", "LONG_WAIT"]
NEVER = -(10**15)  # before all time
SpfDelay = Rfc8405 | Throttle | Fixed
Detection = Literal["carrier", "hello", "bfd"]
"""What routers watch: their carrier and hellos, hellos alone, or BFD beside both.

>>> watched: Detection = "bfd"
>>> simulate(forum(), CASE_1, detect=watched, silent=True).converged_us
673383
"""
DETECTIONS: tuple[Detection, ...] = ("carrier", "hello", "bfd")
"""Every way to detect, the usual one first.

>>> [simulate(forum(), CASE_1, detect=way, silent=True).converged_us // 1_000 for way in DETECTIONS]
[33375, 33375, 673]
"""


@dataclass(frozen=True, slots=True)
class Timers:
    """What every router waits for, unless it is given a timer of its own.

    | field | phase | source |
    |---|---|---|
    | `carrier_us` | detect | from the cable's end to the router: a choice of this model |
    | `carrier_batch_us` | detect | least time between two reports of one router; 1 s on Linux, measured |
    | `hello_us`, `dead_us` | detect | HelloInterval, RouterDeadInterval: 10 s, 40 s (RFC 2328 C.3) |
    | `bfd_interval_us`, `bfd_multiplier` | detect | 300 ms and 3, as in the measurements (RFC 5880 6.8.4) |
    | `adjacency_us` | detect | from a link that works again to the exchange of LSDBs: a choice of this model |
    | `link_us` | flood | from one router to the next, processing included: a choice of this model |
    | `retransmit_us` | flood | RxmtInterval: 5 s (RFC 2328 C.3) |
    | `min_ls_interval_us` | flood | least time between two LSAs of one router: 5 s (RFC 2328 B) |
    | `min_ls_arrival_us` | flood | a newer LSA that comes sooner after the last is ignored: 1 s (RFC 2328 B) |
    | `refresh_us`, `max_age_us` | flood | LSRefreshTime, MaxAge: 30 min, 1 h (RFC 2328 B) |
    | `spf_delay` | compute | `Rfc8405`, `Throttle` or `Fixed` |
    | `spf_us` | compute | SPF itself: a choice of this model |
    | `install_us` | install | one FIB entry after the other: a choice of this model |

    Raises `NetlearnError` when a value is negative or longer than `LONGEST_US`, an interval is 0, or two do not go
    together: a router would take whoever speaks for dead, or send again without end.

    >>> [simulate(forum(), CASE_1, timers=given).converged_us for given in (Timers.rfc(), Timers.frr())]
    [58100, 8100]
    >>> simulate(forum(), CASE_1, detect="bfd", silent=True, timers=Timers(bfd_interval_us=50_000)).converged_us
    156469
    """

    carrier_us: int = 5 * MS
    carrier_batch_us: int = 0
    hello_us: int = 10 * SECOND
    dead_us: int = 40 * SECOND
    bfd_interval_us: int = 300 * MS
    bfd_multiplier: int = 3
    adjacency_us: int = 50 * MS
    link_us: int = 1 * MS
    retransmit_us: int = 5 * SECOND
    min_ls_interval_us: int = 5 * SECOND
    min_ls_arrival_us: int = 1 * SECOND
    refresh_us: int = 1800 * SECOND
    max_age_us: int = 3600 * SECOND
    spf_delay: SpfDelay = Rfc8405()
    spf_us: int = 1 * MS
    install_us: int = 100

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if name != "spf_delay":
                most = MOST_BFD_MULTIPLIER if name == "bfd_multiplier" else LONGEST_US
                check_whole(name, getattr(self, name), 0 if name in MAY_BE_0 else 1, most)
        if not isinstance(self.spf_delay, SpfDelay):
            raise NetlearnError(f"spf_delay is an Rfc8405, a Throttle or a Fixed, not {shown(self.spf_delay)}")
        if self.dead_us <= self.hello_us:
            longer = f"dead_us ({self.dead_us}) is longer than hello_us ({self.hello_us})"
            raise NetlearnError(f"{longer}: a router that hears each hello must not take its neighbour for dead")
        if self.max_age_us <= self.refresh_us:
            longer = f"max_age_us ({self.max_age_us}) is longer than refresh_us ({self.refresh_us})"
            raise NetlearnError(f"{longer}: an LSA must not grow too old before its router says it anew")
        if max(self.dead_us, self.link_us) > MOST_RESENDS * self.retransmit_us:
            given = f"retransmit_us ({self.retransmit_us}) is too short beside dead_us and link_us"
            raise NetlearnError(f"{given}: an LSA would be sent more than {MOST_RESENDS:,} times to one that is silent")

    @classmethod
    def rfc(cls) -> "Timers":
        """The RFCs' own values."""
        return cls()

    @classmethod
    def frr(cls) -> "Timers":
        """FRRouting 8.4's values on Linux, as they were measured."""
        return cls(spf_delay=Throttle(), carrier_batch_us=1 * SECOND)


MOST_RESENDS = 100_000  # a choice of this model; with the RFCs' values it is 8
MOST_BFD_MULTIPLIER = 255  # it has eight bits (RFC 5880 4.1)
MAY_BE_0 = {"carrier_us", "carrier_batch_us", "adjacency_us", "min_ls_interval_us", "min_ls_arrival_us", "spf_us"}


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
        "SHORT_WAIT", (("spf", "initial_us"), ("learn", "time_to_learn_us"), ("holddown", "holddown_us"))
    ),
    ("SHORT_WAIT", "news"): Transition("SHORT_WAIT", (("spf", "short_us"), ("holddown", "holddown_us"))),
    ("SHORT_WAIT", "learn"): Transition("LONG_WAIT"),  # what comes from now on is another failure's news
    ("SHORT_WAIT", "holddown"): Transition("QUIET", stop=("learn",)),  # lest it run out in the next SHORT_WAIT
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
        return on_timer(waiting, delay, "news", now, spf_running)
    if spf_running:
        return waiting, {}  # the run that is due will see this, too
    if isinstance(delay, Fixed):
        return waiting, {"spf": now + delay.delay_us}
    return _throttled(waiting, delay, now)


def on_timer(
    waiting: Waiting, delay: SpfDelay, happened: str, now: int, spf_running: bool = False
) -> tuple[Waiting, Starts]:
    """What RFC 8405 does when one of its own timers runs out, or there is news."""
    assert isinstance(delay, Rfc8405), delay
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
    # Steps are added, not doubled, until the greatest hold time is reached (FRRouting's `ospf_spf_calculate_schedule`).
    longer = waiting.hold_steps + 1 if hold < delay.max_hold_us else waiting.hold_steps
    return replace(waiting, hold_steps=longer), {"spf": now + max(hold - since, delay.delay_us)}
