"""What tables that disagree do to packets for a while: micro-loops, and black holes.

Who is asked at which times stands in `traffic`; here are only the questions.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise

from netlearn.routing.anycast import endings_first
from netlearn.routing.forwarding import Outcome

Onward = Mapping[str, tuple[str, ...]]  # each node with those to whom it hands on


def _while(from_us: int, to_us: int) -> str:
    return f"from {from_us / 1000:,.1f} to {to_us / 1000:,.1f} ms"


@dataclass(frozen=True, slots=True)
class MicroLoop:
    """Routers that point at each other for a while: packets that take all these turns go round until their TTL is 0.

    >>> print(*Traffic(simulate(forum(), CASE_3), forum().node("End").address).micro_loops())
    R1 → R5 → R1 from 56.6 to 57.4 ms
    """

    cycle: tuple[str, ...]
    from_us: int
    to_us: int

    def __str__(self) -> str:
        return f"{' → '.join((*self.cycle, self.cycle[0]))} {_while(self.from_us, self.to_us)}"


@dataclass(frozen=True, slots=True)
class BlackHole:
    """A node that swallows what it is sent for a while: its next hop is dead, what answers is, or it has no route."""

    node: str
    cause: Outcome
    from_us: int
    to_us: int

    def __str__(self) -> str:
        return f"{self.node} {_while(self.from_us, self.to_us)}: {self.cause.value}"


def micro_loops(onward: Callable[[int], Onward], moments: Iterable[int], end_us: int) -> tuple[MicroLoop, ...]:
    """Every loop among next hops, asked for at each moment when they may change; what is left ends at `end_us`."""
    begun: dict[tuple[str, ...], int] = {}
    found: list[MicroLoop] = []

    def end(cycles: Iterable[tuple[str, ...]], at_us: int) -> None:
        found.extend(MicroLoop(cycle, begun.pop(cycle), min(at_us, max(end_us, 0))) for cycle in cycles)

    for at_us in moments:
        now = set(_cycles(onward(at_us)))
        end(begun.keys() - now, at_us)
        begun |= dict.fromkeys(now - begun.keys(), at_us)
    end(list(begun), end_us)
    return tuple(sorted(found, key=lambda loop: (loop.from_us, loop.cycle)))


def black_holes(
    nodes: Iterable[str], swallows: Callable[[str, int], Outcome | None], moments: Sequence[int]
) -> tuple[BlackHole, ...]:
    """Every spell in which a node swallows packets; the cause is asked for at each moment when it may change."""
    found: list[BlackHole] = []
    for node in nodes:
        spells = [(next(times), cause) for cause, times in groupby(moments, partial(swallows, node))]
        found += [BlackHole(node, cause, from_us, to_us) for (from_us, cause), (to_us, _) in pairwise(spells) if cause]
    return tuple(sorted(found, key=lambda hole: (hole.from_us, hole.node)))


def _cycles(onward: Onward) -> Iterator[tuple[str, ...]]:
    """The shortest loop through each node that is in one, named from its first node in the alphabet."""
    for name in sorted(onward.keys() - set(endings_first(onward))):  # on a loop, or on the way into one
        cycle = _shortest_cycle(onward, name)
        if cycle is not None:
            first = cycle.index(min(cycle))
            yield cycle[first:] + cycle[:first]


def _shortest_cycle(onward: Mapping[str, tuple[str, ...]], start: str) -> tuple[str, ...] | None:
    """The shortest way from a node back to itself, or `None`."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen: set[str] = set()
    for way in ways:
        for following in onward[way[-1]]:
            if following == start:
                return way
            if following not in seen:
                seen.add(following)
                ways.append((*way, following))
    return None
