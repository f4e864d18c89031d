"""A packet between two routers that believe different things: to and fro, until its TTL is used up."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from math import dist

from netlearn.convergence.traffic import TimedWalk, Traffic
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.network import path_data
from netlearn.drawing.prose import duration, failures_in_words, listed
from netlearn.drawing.shapes import Point, crossing, text, through
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import arrow_head, aside, chip
from netlearn.figures.pictures.frame import ACROSS, WIDTH, twice
from netlearn.figures.pictures.whole import Whole
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome

HIGH = 192.0  # of the two lanes with what stands above and below
APART, LEFT, RIGHT = 42.0, 44.0, 40.0  # from one chip to the next, and beside them
BEND = 32.0  # of the two ways between the routers


@dataclass(frozen=True, slots=True)
class Says:
    """To whom a router hands what is for the destination, and whether that is out of date."""

    router: str
    next_hops: tuple[str, ...]
    old: bool

    @property
    def words(self) -> str:
        return f"{'old' if self.old else 'new'} table: to {listed(self.next_hops, 'or')}"


@dataclass(frozen=True, slots=True)
class Round:
    """A packet's way: as far as the first router of the loop, then each router with the TTL that it gets it with."""

    way: tuple[str, ...]
    turns: tuple[tuple[str, int], ...]
    says: tuple[Says, Says]
    lasted_us: int


def going_round(traffic: Traffic, walk: TimedWalk) -> Round:
    """How a packet goes to and fro between two routers; `NetlearnError` for one that does not.

    >>> case_3 = simulate(forum(), CASE_3, router_timers={"R1": Timers.frr()})
    >>> flow, traffic = flow_between(forum(), "Source", "End"), Traffic(case_3, forum().node("End").address)
    >>> going_round(traffic, traffic.walk(Packet(flow, 4), "Source", 20_000)).turns
    (('R1', 4), ('R5', 3), ('R1', 2), ('R5', 1))
    """
    nodes, last = walk.nodes, len(walk.nodes) - 1
    ring = {*nodes[-2:]}
    begin = next((place for place in range(last) if {*nodes[place:]} == ring), last)
    topology = traffic.trace.topology
    beside = all(topology.links_between(*pair) for pair in pairwise(nodes))
    if walk.outcome is not Outcome.TTL_EXPIRED or last - begin < 2 or not beside:
        raise NetlearnError(f"the picture is of a packet to and fro on one cable; this one was {walk.outcome.value}")
    at_us = walk.times_us[begin]
    turns = tuple((name, 1 + last - place) for place, name in enumerate(nodes) if place >= begin)
    first, second = (_says(traffic, name, at_us) for name in nodes[begin : begin + 2])
    return Round(nodes[: begin + 1], turns, (first, second), walk.times_us[-1] - at_us)


def _says(traffic: Traffic, router: str, at_us: int) -> Says:
    route, last = traffic.route(router, at_us), traffic.route(router, traffic.trace.end_us)
    assert route is not None, "it handed the packet on"
    return Says(router, tuple(hop.node for hop in route.next_hops), route != last)


def looping(traffic: Traffic, walk: TimedWalk, caption: str = "") -> Picture:
    """A packet that goes to and fro between two routers whose tables do not fit: where, why, and its TTL at each turn.

    `walk` is the way of a packet of this traffic whose TTL was used up (RFC 1812 5.3.1). Raises `NetlearnError` for any
    other, for a ring of more than two routers, and for a way over a LAN.

    >>> case_3 = simulate(forum(), CASE_3, router_timers={"R1": Timers.frr()})
    >>> flow, traffic = flow_between(forum(), "Source", "End"), Traffic(case_3, forum().node("End").address)
    >>> looping(traffic, traffic.walk(Packet(flow, 8), "Source", 20_000)).title
    'R1 hands it to R5 and R5 back to R1 for 7 ms, until its TTL of 8 is used up'
    """
    found = going_round(traffic, walk)
    (first, ttl), (second, _), *_, (last, _) = found.turns
    title = (
        f"{first} hands it to {second} and {second} back to {first} for {duration(found.lasted_us)}, until its TTL of "
        f"{ttl} is used up"
    )
    trace, at_us = traffic.trace, walk.times_us[0]
    topology = trace.topology
    down = frozenset(each.name for each in topology.nodes if trace.router(each.name, at_us) is None)
    cut = frozenset(link.name for link in topology.links
                    if down.isdisjoint(link.ends) and not trace.outages.works(link.name, at_us))  # fmt: skip
    gets = "; ".join(f"{name} gets it with {_listed([left for at, left in found.turns if at == name])}"
                     for name in (first, second))  # fmt: skip
    way = " – ".join(found.way) if found.way[1:] else f"from {first} on"
    words = (
        f"A packet goes {way}. {_told(found.says[0])} {_told(found.says[1])} So they hand it to each other. Its TTL: "
        f"{gets}. {last} gets it with 1, throws it away and tells {found.way[0]}: time exceeded."
    )
    words = " ".join([words, *failures_in_words(topology, cut, down)])
    lying, upright = (Whole(topology, wide, cut, down) for wide in (True, False))
    heights = lying.bottom + HIGH - 22, upright.bottom + HIGH
    return twice(lambda wide: _drawn(found, lying if wide else upright), heights, title, words, caption)


def _told(says: Says) -> str:
    return f"{says.router} has its {says.words}."


def _listed(left: list[int]) -> str:
    """The TTLs at one router, without those between."""
    return ", ".join(map(str, left[:3])) + (f" and so on to {left[-1]}" if len(left) > 3 else "")


def _drawn(found: Round, whole: Whole) -> Iterator[Element]:
    links, nodes = whole.drawn()
    (first, _), (second, _), *_ = found.turns
    yield from links
    for here, there in pairwise(found.way):
        curve = whole.curve(here, _link(whole.topology, here, there))
        yield element("path", d=path_data(curve), class_="nl-comes")
        end = 1 - whole.clear(there, curve.reversed(), 4)
        yield arrow_head(curve.at(end - 0.05), curve.at(end), "nl-comes")
    for here, there in ((first, second), (second, first)):
        yield from _over(whole.place(here), whole.place(there))
    yield from nodes
    yield from _lanes(found, whole)


def _link(topology: Topology, here: str, there: str) -> str:
    return topology.links_between(here, there)[0].name


def _over(start: Point, end: Point) -> Iterator[Element]:
    """One of the two ways between the routers, bent to the right, from rim to rim."""
    (x, y), (to_x, to_y) = aside(start, end, 14)
    (bend_x, bend_y), _ = aside(((x + to_x) / 2, (y + to_y) / 2), end, BEND - 14)
    clear = 26 / dist(start, end)
    right, down = (to_x - x) * clear, (to_y - y) * clear
    bend, tip = (bend_x, bend_y), (to_x - right, to_y - down)
    data = (
        f"M{number(x + right)} {number(y + down)}Q{number(bend_x)} {number(bend_y)} {number(tip[0])} {number(tip[1])}"
    )
    yield element("path", d=data, class_="nl-to-and-fro")
    yield arrow_head(bend, tip, "nl-to-and-fro")


def _lanes(found: Round, whole: Whole) -> Iterator[Element]:
    """The turns from left to right, those of one router above, of the other below; a gap where there are too many."""
    width, top = (WIDTH if whole.wide else ACROSS), whole.bottom
    room = int((width - LEFT - RIGHT) // APART)
    turns = found.turns
    shown = [*turns] if len(turns) <= room + 1 else [*turns[: room - 3], None, *turns[-3:]]
    lanes = {each.router: top + 54 + 66 * row for row, each in enumerate(found.says)}
    places = [
        (LEFT + APART * column, top + 87 if turn is None else lanes[turn[0]]) for column, turn in enumerate(shown)
    ]
    for (turn, at), (following, to) in pairwise(zip(shown, places, strict=True)):
        if turn and following:
            yield element("path", d=through([at, to]), class_="nl-turn")
    for place, (turn, (x, y)) in enumerate(zip(shown, places, strict=True)):
        if turn is None:
            yield text(x, y, "…", "nl-strong")
        else:
            yield chip(x, y, str(turn[1]) if place else f"TTL {turn[1]}", "nl-bad" if turn[1] == 1 else "")
    for row, each in enumerate(found.says):
        y = top + 20 + 134 * row
        yield said(12, y, each.router, "nl-strong")
        yield said(42, y, each.words, "nl-outdated" if each.old else "nl-good")
    x, y = places[-1]
    yield element("path", d=crossing(x + 25, y, 6), class_="nl-head-of nl-unheard")
    yield text(width - 8, top + (154 if whole.wide else 176), "TTL 1: thrown away", "nl-small nl-end nl-bad")
