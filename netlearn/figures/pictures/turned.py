"""One connection to an anycast address whose packets turn to another instance, which has never heard of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from netlearn.convergence.connections import Connection
from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import Traffic
from netlearn.drawing.markup import Element
from netlearn.drawing.prose import duration, ends_label
from netlearn.drawing.shapes import Point, text
from netlearn.drawing.signs import shared_plate
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.boxes import cut_mark, node, straight
from netlearn.figures.pictures.frame import twice
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import links_to
from netlearn.routing.packet import Packet


@dataclass(frozen=True, slots=True)
class Fork:
    """The way before and after, as far as they are the same, and from there on.

    What of it has failed: between which two nodes in words the cable that has, and who is down.
    """

    same: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    failed: Mapping[tuple[str, str], str]
    dead: frozenset[str]


def turned(trace: Trace, life: Connection, caption: str = "") -> Picture:
    """The way of a connection's packets before and after they turned, and who ends it.

    `life` is a connection that was reset, from `netlearn.convergence.open_connections` of the same run. Raises
    `NetlearnError` for one that was not.

    >>> from netlearn.routing import place
    >>> cut = simulate(place(forum(), "192.0.2.150", ["R4", "R7"]), [LinkDown("R2-R4")])
    >>> turned(cut, max(open_connections(cut, "Source", "192.0.2.150", opened_us=-9000), key=lambda it: it.end)).title
    'Its packets turn from R4 to R7, which has never heard of the connection: reset'
    """
    if life.end != "reset" or life.ended_us is None or life.instance is None:
        raise NetlearnError(f"the connection was {life.end}; the picture is of one that was reset")
    source = next(each.name for each in trace.topology.nodes if each.address == life.flow.source)
    found = _fork(trace, life, source, life.ended_us)
    title = f"Its packets turn from {life.instance} to {life.by}, which has never heard of the connection: reset"
    before, after = (" – ".join((*found.same, *rest)) for rest in (found.before, found.after))
    failed = "".join(f" {name} is down." for name in sorted(found.dead))
    failed += "".join(f" The link {found.failed[ends]} has failed." for ends in sorted(found.failed))
    words = (
        f"A connection of {source} to {life.flow.destination}, the address of {life.instance} and of {life.by}. It is "
        f"opened with {life.instance}: its packets go {before}.{failed} From {duration(life.ended_us)} on they go "
        f"{after}. {life.by} has the same address and knows nothing of the connection: it answers with a reset."
    )
    return twice(
        lambda wide: _drawn(trace.topology, life, found, wide), (332, 556), title, words, caption, signs=True
    )  # fmt: skip


def _fork(trace: Trace, life: Connection, source: str, turned_us: int) -> Fork:
    traffic, works = Traffic(trace, life.flow.destination), trace.outages.works
    packet, opened_us = Packet(life.flow), life.spells[0].from_us
    was, now = (traffic.walk(packet, source, at_us) for at_us in (opened_us, turned_us))
    before, after = was.nodes, now.nodes
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    dead = {name for name in before if trace.router(name, turned_us) is None}
    left = {(hop.node, hop.taken.node): hop for hop in was.hops if not dead & {hop.node, hop.taken.node}}
    failed = {
        ends: ends_label(start, end)
        for ends, hop in left.items()
        if ends not in pairwise(after) and not traffic.works(hop.node, hop.taken, turned_us)
        for start, end, link in links_to(trace.topology, hop.node, hop.taken)
        if not works(link, turned_us)
    }
    return Fork(before[:shared], before[shared:], after[shared:], failed, frozenset(dead))


def _drawn(topology: Topology, life: Connection, found: Fork, wide: bool) -> Iterator[Element]:
    """The way that is the same, and where it parts the two others: that before above or to the left."""
    steps = len(found.same) + max(len(found.before), len(found.after))
    begin, end, middle, off = (54.0, 620.0, 162.0, 64.0) if wide else (44.0, 430.0, 168.0, 84.0)
    apart = (end - begin) / max(steps - 1, 1)

    def at(step: int, side: float) -> Point:
        along, beside = begin + apart * step, middle + side
        return (along, beside) if wide else (beside, along)

    trunk = [at(step, 0) for step in range(len(found.same))]
    old, new = ([at(len(trunk) + step, side) for step in range(len(rest))]
                for rest, side in ((found.before, -off), (found.after, off)))  # fmt: skip
    yield from _way([*trunk, *old], "nl-way-then")
    yield from _way([*trunk, *new], "nl-own-way")
    places = {**dict(zip(found.same, trunk, strict=True)), **dict(zip(found.before, old, strict=True))}
    for a, b in found.failed:
        (x, y), (to_x, to_y) = places[a], places[b]
        yield cut_mark((x + to_x) / 2, (y + to_y) / 2)
    names = (*found.same, *found.before, *found.after)
    for name, place in zip(names, [*trunk, *old, *new], strict=True):
        yield node(topology, name, *place, down=name in found.dead)
    yield from _ends(life, [*trunk, *old][-1], [*trunk, *new][-1], wide)


def _way(places: Sequence[Point], class_: str) -> Iterator[Element]:
    for start, end in pairwise(places):
        yield from straight(start, end, class_)


def _ends(life: Connection, old: Point, new: Point, wide: bool) -> Iterator[Element]:
    """The address that both have, and what each of the two knows."""
    told = ((old, -1, ("it was opened here",), ""), (new, 1, ("never heard of it:", "reset"), "nl-bad"))
    for (x, y), side, lines, class_ in told:
        out = 48 * side if wide else 48
        yield shared_plate(x, y + out, str(life.flow.destination))
        for row, words in enumerate(lines if side > 0 or not wide else lines[::-1]):
            yield text(x, y + out + (28 + 20 * row) * (side if wide else 1), words, f"nl-small {class_}".rstrip())
