"""The hash of flows as a line from 0 to 1: cut, and what falls into one part cut again, by another hash or the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.prose import listed
from netlearn.drawing.shapes import text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import panels
from netlearn.figures.pictures.frame import twice
from netlearn.network.topology import Topology
from netlearn.routing.packet import Flow, choice, flow_hash
from netlearn.routing.spf import shortest_paths

LEFT, LONG = 20.0, 296.0  # of a line
HIGH = 300.0


@dataclass(frozen=True, slots=True)
class Cut:
    """A router's line: where each flow falls on it (0..1), cut in as many pieces as there are next hops."""

    router: str
    hops: tuple[str, ...]
    hashed: tuple[int, ...]

    def of(self, piece: int) -> tuple[int, ...]:
        """The places in the flows' order of those that fall into this piece."""
        count = len(self.hops)
        return tuple(place for place, value in enumerate(self.hashed) if choice(value, count) == piece)

    @property
    def counts(self) -> dict[str, int]:
        """How many flows each next hop gets."""
        return {hop: len(self.of(piece)) for piece, hop in enumerate(self.hops)}


def polarisation(
    topology: Topology, first: str, second: str, destination: str, flows: Sequence[Flow], caption: str = ""
) -> Picture:
    """How `first` shares the flows, and how `second`, one of its next hops, shares what it gets: twice.

    Once each router adds something of its own to the hash (its name, as in `flow_hash`), once both use `first`'s. A
    line is cut in equal pieces (RFC 2992 2.1). Raises `NetlearnError` where one of the two has no choice.

    >>> flows = [flow_between(forum(), "Source", "End", number) for number in range(1, 65)]
    >>> polarisation(forum().without(*CASE_1), "R1", "R2", "End", flows).title
    'Cut by the same hash again, a part stays empty: R7 gets none of 64 flows (by R2’s own hash: 9)'
    """
    hops, onward = (shortest_paths(topology, name).neighbours(destination) for name in (first, second))
    if second not in hops or len(hops) < 2 or len(onward) < 2:
        raise NetlearnError(f"{first} shares flows to {destination} between {second} and others, and so does {second}")
    whole = Cut(first, hops, tuple(flow_hash(flow, first) for flow in flows))
    passed = [flows[place] for place in whole.of(hops.index(second))]
    own, same = (Cut(second, onward, tuple(flow_hash(flow, seed) for flow in passed)) for seed in (second, first))
    title = _claim(len(flows), own, same)
    words = (
        f"{first} hashes each of {len(flows)} flows to a place between 0 and 1 and cuts the line in equal pieces: "
        f"{_counted(whole)}. What {second} gets it hashes again. With a hash of its own: {_counted(own)}. "
        f"With {first}'s hash the places are the same as before: {_counted(same)}."
    )
    rows = ((whole, own, f"{second} with a hash of its own"), (whole, same, f"{second} with {first}’s hash again"))
    return twice(
        lambda wide: panels(lambda place: _panel(second, *rows[place]), 2, wide, HIGH),
        (HIGH, 2 * HIGH), title, words, caption,
    )  # fmt: skip


def _claim(count: int, own: Cut, same: Cut) -> str:
    empty = [hop for hop, flows in same.counts.items() if not flows]
    if not empty:
        return f"{own.router} shares what it gets between {listed(own.hops)}, by whichever hash"
    gets = listed(str(own.counts[hop]) for hop in empty)
    return (
        f"Cut by the same hash again, a part stays empty: {listed(empty)} gets none of {count} flows "
        f"(by {own.router}’s own hash: {gets})"
    )


def _counted(cut: Cut) -> str:
    return ", ".join(f"{count} to {hop}" for hop, count in cut.counts.items())


def _panel(second: str, whole: Cut, again: Cut, heading: str) -> Iterator[Element]:
    """The first line, the piece that is handed on, and the line into which that is cut."""
    piece = whole.hops.index(second)
    kept = tuple(whole.hashed[place] for place in whole.of(piece))  # as the same hash has them again
    yield text(168, 20, heading, "nl-strong")
    yield from (said(LEFT, 52, "0"), text(168, 52, f"{whole.router} cuts the line", "nl-small"))
    yield text(LEFT + LONG, 52, "1", "nl-small nl-end")
    yield from _line(whole, 76)
    left, right = (LEFT + LONG * part / len(whole.hops) for part in (piece, piece + 1))
    low, high = (left, right) if again.hashed == kept else (LEFT, LEFT + LONG)
    data = f"M{number(left)} 116L{number(low)} 190M{number(right)} 116L{number(high)} 190"
    yield element("path", d=data, class_="nl-handed")
    yield text((left + right) / 2, 154, f"to {second}", "nl-small")
    yield from _line(again, 200)
    empty = again.hashed == kept and 0 in again.counts.values()
    words = "nothing is left for the rest" if empty else f"{again.router} cuts it again"
    yield said(LEFT, 262, words, "nl-small nl-bad" if empty else "nl-small")


def _line(cut: Cut, y: float) -> Iterator[Element]:
    """A line with its flows as strokes, its cuts, and how many flows each piece has."""
    count = len(cut.hops)
    for piece, (hop, flows) in enumerate(cut.counts.items()):
        left, right = LEFT + LONG * piece / count, LEFT + LONG * (piece + 1) / count
        frame = f"M{number(left + 1)} {number(y - 12)}H{number(right - 1)}V{number(y + 12)}H{number(left + 1)}Z"
        yield element("path", d=frame, class_="nl-piece-frame" if flows else "nl-piece-frame nl-none")
        strokes = "".join(f"M{number(LEFT + LONG * cut.hashed[at] / 2**64)} {number(y - 9)}v18" for at in cut.of(piece))
        if strokes:
            yield element("path", d=strokes, class_=f"nl-strokes nl-of-{'odd' if piece % 2 else 'even'}")
        told = f"{hop}: {flows or 'none'}"
        yield text((left + right) / 2, y + 28, told, "nl-small" if flows else "nl-small nl-bad")
