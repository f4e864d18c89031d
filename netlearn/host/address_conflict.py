"""One address on two machines: on one link that is a conflict, on different links it is anycast.

On a link nothing is routed. A machine that wants to send to an address asks all others who has it (ARP, RFC 826;
Neighbor Discovery in IPv6, RFC 4861), and every machine that thinks so answers. If two do, the answers race, and the
sender's packets go to one or the other. So a machine first asks whether anybody has the address (IPv4: RFC 5227; IPv6:
RFC 4862 5.4), and in IPv4 it goes on listening for others that claim it. Across links nobody asks: each router is told
of every instance, and takes the nearest (`netlearn.routing.anycast`).

Simplified: every frame takes the same time to everybody else on the link, none is lost, and machines claim the address
only when they come and when they defend it, not whenever they ask for others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from netlearn.chance import drawn
from netlearn.clock import Queue
from netlearn.errors import NetlearnError, check_whole, repeated, shown
from netlearn.units import LONGEST_US, SECOND

FRAME_US = 10  # from one machine of the link to all others: a choice of this model
Kind = Literal["probe", "announcement", "request", "reply"]
Defence = Literal["yield", "once", "always"]  # RFC 5227 2.4 (a), (b), (c)
DEFENCES: tuple[Defence, ...] = ("yield", "once", "always")


@dataclass(frozen=True, slots=True)
class Check:
    """How a machine makes sure of an address before it takes it, and what it does afterwards.

    It waits for at most `wait_us`, asks `probes` times, `least_us` to `most_us` apart, and holds the address when
    `settle_us` have passed since the last one. Then it says so `announcements` times, `interval_us` apart. When others
    claim the address, it defends it at most once within `defend_us`; 0 means that it does not listen for claims.
    """

    wait_us: int
    probes: int
    least_us: int
    most_us: int
    settle_us: int
    announcements: int
    interval_us: int
    defend_us: int


CHECKS = {
    # RFC 5227 1.1: PROBE_WAIT, PROBE_NUM, PROBE_MIN, PROBE_MAX, ANNOUNCE_WAIT, ANNOUNCE_NUM, ANNOUNCE_INTERVAL,
    # DEFEND_INTERVAL
    4: Check(1 * SECOND, 3, 1 * SECOND, 2 * SECOND, 2 * SECOND, 2, 2 * SECOND, 10 * SECOND),
    # RFC 4862 5.1 and 5.4.2: one solicitation after at most MAX_RTR_SOLICITATION_DELAY, and RetransTimer of silence
    6: Check(1 * SECOND, 1, 0, 0, 1 * SECOND, 0, 0, 0),
}
"""What each version of IP asks of a machine before it takes an address.

>>> CHECKS[4].probes, CHECKS[6].probes
(3, 1)
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine on the link that is to have the address from `comes_us` on.

    One that does not `check` takes it at once and announces it once. `defence` is what it does about another's claim,
    once it has it (IPv4 only). To a question it answers after `answer_us`, and up to as much again when it is busy.

    >>> machines = Machine("printer"), Machine("camera", comes_us=10_000_000)
    >>> share_link(machines).holders(20_000_000)
    ('printer',)
    """

    name: str
    comes_us: int = 0
    check: bool = True
    defence: Defence = "once"
    answer_us: int = 100

    def __post_init__(self) -> None:
        if self.defence not in DEFENCES:
            raise NetlearnError(f"{self.name} defends {shown(self.defence)}; possible are {', '.join(DEFENCES)}")
        check_whole(f"{self.name} comes from 0 on: comes_us", self.comes_us, most=LONGEST_US)
        check_whole(f"{self.name} answers: answer_us", self.answer_us, 1, LONGEST_US)


@dataclass(frozen=True, slots=True)
class Frame:
    """What a machine put on the link; `to` is who it was for, `None` for all."""

    time_us: int
    sender: str
    kind: Kind
    to: str | None = None


@dataclass(frozen=True, slots=True)
class ConflictEvent:
    """What happened to a machine, in words; `kind` is `holds`, `conflict`, `defends` or `gives up`."""

    time_us: int
    machine: str
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back to one question: who answered when, in the order of arrival."""

    asked_us: int
    replies: tuple[tuple[int, str], ...]

    @property
    def first(self) -> str | None:
        """Whose answer came first, if anybody's. Linux keeps it against others for 1 s (arp(7))."""
        return self.replies[0][1] if self.replies else None

    @property
    def conflict(self) -> bool:
        """Whether more than one machine answered."""
        return len({name for _, name in self.replies}) > 1


@dataclass(frozen=True, slots=True)
class Shared:
    """What happened on the link, in the order of time."""

    frames: tuple[Frame, ...]
    told: tuple[ConflictEvent, ...]
    answers: tuple[Answers, ...]

    def holders(self, at_us: int) -> tuple[str, ...]:
        """The machines that have the address once everything up to this time has happened, sorted."""
        changes = [each for each in self.told if each.time_us <= at_us and each.kind in ("holds", "gives up")]
        last = {each.machine: each.kind for each in changes}
        return tuple(sorted(name for name, kind in last.items() if kind == "holds"))


def share_link(
    machines: Iterable[Machine], asked_us: Iterable[int] = (), *, version: Literal[4, 6] = 4, seed: int = 0
) -> Shared:
    """What happens when these machines of one link all want one address, and somebody else asks who has it.

    `seed` decides when probes are sent and how busy machines are. Raises `NetlearnError` if two machines share a name,
    for a time that is no whole number of microseconds, and for another version.

    >>> stubborn = [Machine(name, check=False, defence="always") for name in ("A", "B")]
    >>> share_link(stubborn).holders(20_000_000)
    ('A', 'B')
    """
    machines = tuple(machines)
    if repeated(each.name for each in machines):
        raise NetlearnError("two machines on the link have one name")
    asked = tuple(asked_us)
    for at_us in asked:
        check_whole("the time of a question", at_us, most=LONGEST_US)
    if version not in CHECKS:
        raise NetlearnError(f"there are versions 4 and 6 of IP, not {shown(version)}")
    link = _Link(machines, CHECKS[version], seed)
    link.run(asked)
    answers = [Answers(at_us, tuple(sorted(link.replies[at_us]))) for at_us in sorted(link.replies)]
    return Shared(tuple(link.frames), tuple(link.told), tuple(answers))


ASKER = "who asks"


@dataclass(slots=True)
class _Link:
    machines: tuple[Machine, ...]
    rules: Check
    seed: int
    now: int = 0
    frames: list[Frame] = field(default_factory=list)
    told: list[ConflictEvent] = field(default_factory=list)
    replies: dict[int, list[tuple[int, str]]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=dict)  # `checking` or `holding`; not there yet, or gone, if missing
    claimed_us: dict[str, int] = field(default_factory=dict)  # when another last claimed what the machine holds
    queue: Queue = field(default_factory=Queue)

    def run(self, asked_us: tuple[int, ...]) -> None:
        for machine in self.machines:
            self.at(machine.comes_us, partial(self.comes, machine))
        for asked in asked_us:
            self.replies[asked] = []
            self.at(asked, lambda: self.put(Frame(self.now, ASKER, "request")))
        for now, act in self.queue:
            self.now = now
            act()

    def at(self, time_us: int, act: Callable[[], None]) -> None:
        self.queue.push(time_us, 0, act)

    def at_if(self, state: str, machine: Machine, time_us: int, act: Callable[[], None]) -> None:
        """Have the machine do this then, if it is in this state then: it may have given up since."""
        self.at(time_us, lambda: act() if self.states.get(machine.name) == state else None)

    def drawn(self, what: str, most: int) -> int:
        """A number from 0 to `most` that depends on the seed and on what it is for, and on nothing else."""
        return drawn(f"{self.seed}|{what}", most + 1)

    def tell(self, machine: Machine, kind: str, words: str) -> None:
        self.told.append(ConflictEvent(self.now, machine.name, kind, words))

    # What a machine does of itself

    def comes(self, machine: Machine) -> None:
        rules = self.rules
        if not machine.check:
            self.holds(machine, announcements=1)
            return
        self.states[machine.name] = "checking"
        due = self.now + self.drawn(f"{machine.name} waits", rules.wait_us)
        for probe in range(rules.probes):
            self.at_if("checking", machine, due, lambda: self.says(machine, "probe"))
            if probe < rules.probes - 1:
                due += rules.least_us + self.drawn(f"{machine.name} {probe}", rules.most_us - rules.least_us)
        self.at_if("checking", machine, due + rules.settle_us, lambda: self.holds(machine, rules.announcements))

    def holds(self, machine: Machine, announcements: int) -> None:
        self.states[machine.name] = "holding"
        self.tell(machine, "holds", "has the address, as nobody objected" if machine.check else "takes the address")
        for number in range(announcements):
            due = self.now + number * self.rules.interval_us
            self.at_if("holding", machine, due, lambda: self.says(machine, "announcement"))

    def says(self, machine: Machine, kind: Kind, to: str | None = None) -> None:
        """Put a frame on the link; all others, or the one that it is for, have it a little later."""
        self.put(Frame(self.now, machine.name, kind, to))

    def put(self, frame: Frame) -> None:
        self.frames.append(frame)
        for machine in self.machines:
            if machine.name != frame.sender and frame.to in (None, machine.name):
                self.at(self.now + FRAME_US, partial(self.hears, machine, frame))

    # What it does when it hears others

    def hears(self, machine: Machine, frame: Frame) -> None:
        state = self.states.get(machine.name)
        claims = frame.kind in ("announcement", "reply")
        # Another's probe is as bad as a claim: both would go on to take the address (RFC 5227 2.1.1, RFC 4862 5.4.3).
        if state == "checking" and (claims or frame.kind == "probe"):
            self.tell(machine, "conflict", f"hears that {frame.sender} has the address, or wants it")
            self.gives_up(machine)
        elif state == "holding" and frame.kind in ("probe", "request"):
            busy = self.drawn(f"{machine.name} answers {self.now}", machine.answer_us)
            self.at_if("holding", machine, self.now + machine.answer_us + busy, lambda: self.replies_to(machine, frame))
        elif state == "holding" and claims and self.rules.defend_us:
            self.claimed(machine, frame)

    def replies_to(self, machine: Machine, frame: Frame) -> None:
        self.says(machine, "reply", frame.sender)
        if frame.sender == ASKER:
            self.replies[frame.time_us].append((self.now + FRAME_US, machine.name))

    def claimed(self, machine: Machine, frame: Frame) -> None:
        """Another claims the address that this machine has: RFC 5227 2.4."""
        before_us = self.claimed_us.get(machine.name)
        again = before_us is not None and self.now - before_us < self.rules.defend_us
        self.tell(machine, "conflict", f"hears {frame.sender} claim the address that it has")
        if machine.defence == "yield" or (machine.defence == "once" and again):
            self.gives_up(machine)
        elif not again:  # two that never yield would otherwise answer each other without end (RFC 5227 2.4 c)
            self.claimed_us[machine.name] = self.now
            self.tell(machine, "defends", "says that the address is its own")
            self.says(machine, "announcement")

    def gives_up(self, machine: Machine) -> None:
        del self.states[machine.name]
        self.tell(machine, "gives up", "does without the address")
