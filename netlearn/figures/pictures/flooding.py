"""How one router's note reaches all: each box that has it anew tells its neighbours, save the one that told it."""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.convergence.event import Said
from netlearn.convergence.trace import Sent, Trace
from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import path_data
from netlearn.drawing.prose import duration, failures_in_words, grouped, listed
from netlearn.drawing.shapes import moved, rect, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import arrow_head
from netlearn.figures.pictures.frame import twice
from netlearn.figures.pictures.whole import Whole


@dataclass(frozen=True, slots=True)
class Flood:
    """A note's way: when it was written, what told each other node of it first, and the copies that came later."""

    origin: str
    written_us: int
    first: dict[str, Sent]  # by who heard it, the earliest first
    again: tuple[Sent, ...]
    link_us: int

    def after_us(self, sent: Sent) -> int:
        """How long after the note was written this copy arrives."""
        return sent.time_us + self.link_us - self.written_us

    @property
    def last_us(self) -> int:
        """How long it took until everyone had it."""
        return max(map(self.after_us, self.first.values()))


def flood(trace: Trace, origin: str) -> Flood:
    """How the note that `origin` wrote in this run went around; `NetlearnError` if it wrote none, or more than one.

    >>> found = flood(simulate(forum(), [LinkDown("R2-R4")]), "R2")
    >>> {node: sent.node for node, sent in found.first.items() if sent.node != "R2"}
    {'R3': 'R1', 'R5': 'R1', 'Source': 'R1', 'R4': 'End'}
    """
    written = [each.time_us for each in trace.events if isinstance(each.what, Said) and each.node == origin]
    copies = [sent for sent in trace.sent if sent.origin == origin and not sent.lost]
    if len(written) != 1 or not copies:
        raise NetlearnError(f"the picture is of one note that is passed on; {origin} wrote {len(written)} in this run")
    heard, first = trace.heard(origin), dict[str, Sent]()
    for sent in copies:
        hearer = trace.topology.link(sent.link).other(sent.node)
        if heard.get(hearer) == sent.time_us + trace.link_us:
            first.setdefault(hearer, sent)
    ordered = {node: first[node] for node in heard if node in first}
    again = tuple(sent for sent in copies if sent not in first.values())
    return Flood(origin, written[0], ordered, again, trace.link_us)


def flooding(trace: Trace, origin: str, caption: str = "") -> Picture:
    """Who tells whom of the note that `origin` wrote in this run, and how long after it was written (RFC 2328 13).

    Raises `NetlearnError` for a router that wrote none, or more than one.

    >>> flooding(simulate(forum(), [LinkDown("R2-R4")]), "R2").title
    'Each box tells its other neighbours, and after 2 ms all have R2’s new note'
    """
    found = flood(trace, origin)
    title = f"Each box tells its other neighbours, and after {duration(found.last_us)} all have {origin}’s new note"
    topology, at_us = trace.topology, found.written_us
    cut = frozenset(link.name for link in topology.links if not trace.outages.works(link.name, at_us))
    down = frozenset(each.name for each in topology.nodes if trace.router(each.name, at_us) is None)
    cut -= {link.name for link in topology.links if not down.isdisjoint(link.ends)}
    words = " ".join([*_in_words(found), *failures_in_words(topology, cut, down)])
    lying, upright = (Whole(topology, wide, cut, down) for wide in (True, False))
    heights = lying.bottom + 34, upright.bottom + 56
    return twice(lambda wide: _drawn(found, lying if wide else upright), heights, title, words, caption)


def _in_words(found: Flood) -> Iterator[str]:
    """A sentence for each instant, and how many copies were for nothing."""
    yield f"{found.origin} writes a new note."
    heard = grouped((found.after_us(sent), (sent.node, node)) for node, sent in found.first.items())
    for after_us, arrived in heard.items():
        told = "; ".join(f"{teller} tells {listed(hearers)}" for teller, hearers in grouped(arrived).items())
        yield f"After {duration(after_us)}: {told}."
    if found.again:
        yield f"{len(found.again)} more copies bring nothing new, and are not passed on."


def _drawn(found: Flood, whole: Whole) -> Iterator[Element]:
    ways = {sent.link: (sent.node, "nl-told-again") for sent in found.again}
    ways |= {sent.link: (sent.node, "nl-told") for sent in found.first.values()}
    links, nodes = whole.drawn(ways)
    yield from links
    for link, (node, class_) in ways.items():
        yield element("path", d=path_data(whole.curve(node, link)), class_=class_)
    yield from nodes
    for sent in (*found.again, *found.first.values()):
        hearer = whole.topology.link(sent.link).other(sent.node)
        curve = whole.curve(sent.node, sent.link)
        end = 1 - whole.clear(hearer, curve.reversed(), 4)
        yield arrow_head(curve.at(end - 0.05), curve.at(end), ways[sent.link][1])
        if found.first.get(hearer) == sent:
            begin, head = whole.clear(sent.node, curve, 0), 11 / (curve.length or 1)
            yield from _sign(*curve.at((begin + end - head) / 2), f"{found.after_us(sent) / 1000:g}")
    yield from _key(found, whole)


def _sign(x: float, y: float, words: str) -> tuple[Element, Element]:
    """A note on its way, with the time at which it arrives."""
    diamond = element("g", rect(0, 0, 21, 21, 2, "nl-note-sign"), transform=moved(x, y, 45))
    return diamond, text(x, y, words, "nl-small")


def _key(found: Flood, whole: Whole) -> Iterator[Element]:
    """What the numbers and the lines mean."""
    y = whole.bottom + 12
    number = f"new: so many ms after {found.origin} wrote it"
    x, below = (400, y) if whole.wide else (22, y + 30)
    yield from (*_sign(22, y, "1"), said(48, y, number))
    yield element("path", d=f"M{x - 16} {below}h32", class_="nl-told-again")
    yield said(x + 26, below, "a copy that brings nothing new")
