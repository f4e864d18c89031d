"""A router cut open: what its program keeps and computes, what its kernel goes by, and what of it a packet meets."""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.convergence.lsdb import converged_lsdb
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import listed
from netlearn.drawing.shapes import Point, box, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.boxes import straight
from netlearn.figures.pictures.frame import arrow, twice
from netlearn.figures.run.lanes import icon
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fib
from netlearn.routing.spf import shortest_paths


@dataclass(frozen=True, slots=True)
class Opened:
    """What is found in a router: how many notes, the sum to a destination, and the next hops for it."""

    router: str
    destination: str
    notes: int
    metric: int
    hops: str


def opened(topology: Topology, router: str, destination: str) -> Opened:
    """What a router has when all has settled; raises `NetlearnError` where it has no way to the destination."""
    address = topology.addressed().node(destination).address
    route = converged_fib(topology, router).lookup(address) if address and router != destination else None
    if route is None:
        raise NetlearnError(f"{router} has no way to {destination}, so there is nothing to be seen in its tables")
    metric = shortest_paths(topology, router).distance[destination]
    hops = listed((hop.node for hop in route.next_hops), "or")
    return Opened(router, destination, len(converged_lsdb(topology)), metric, hops)


def cut_open(topology: Topology, router: str, destination: str, caption: str = "") -> Picture:
    """A router from inside, once all has settled: from the notes of its neighbours to the table that packets meet.

    What stands in it is computed: the notes of its LSDB, its sum to `destination`, its next hops. Raises
    `NetlearnError` where it has none.

    >>> cut_open(forum(), "R1", "End").title
    'R1 computes beforehand: a packet for End meets the FIB alone, which says R2'
    """
    found = opened(topology, router, destination)
    title = f"{router} computes beforehand: a packet for {destination} meets the FIB alone, which says {found.hops}"
    words = (
        f"Inside {router}, in two floors. Above, its program: notes come in from neighbours and are kept in the LSDB, "
        f"{found.notes} of them; laid together they are a map, on which SPF finds a sum of {found.metric} to "
        f"{destination}; the RIB holds the answer, {found.hops}. Below, the kernel: the FIB has the same answer, "
        f"installed from above. A packet for {destination} comes in, is looked up in the FIB, and goes to {found.hops}."
    )
    return twice(lambda wide: _drawn(found, wide), (352, 556), title, words, caption)


def _drawn(found: Opened, wide: bool) -> Iterator[Element]:
    """The router in two floors; the way of the news above, the way of a packet below."""
    yield box(*((128, 12, 482, 330) if wide else (6, 64, 324, 428)), "nl-host", rx=14)
    yield from _floors(found.router, wide)
    (lsdb, spf, rib, fib) = (
        ((148, 62), (308, 62), (452, 62), (452, 240)) if wide else ((18, 118), (192, 118), (192, 232), (192, 388))
    )
    said_of = (
        (lsdb, "LSDB", f"{found.notes} notes"),
        (spf, "SPF", f"{found.destination}: {found.metric}"),
        (rib, "RIB", f"{found.destination}: {found.hops}"),
        (fib, "FIB", f"{found.destination}: {found.hops}"),
    )
    for (left, top), name, holds in said_of:
        yield box(left, top, 122, 72, "nl-table" if name == "FIB" else "nl-asker")
        yield text(left + 61, top + 25, name, "nl-strong")
        yield text(left + 61, top + 49, holds, "nl-small")
    yield from _news(wide)
    yield from _packet(found, wide)


def _floors(router: str, wide: bool) -> Iterator[Element]:
    """The router's name, and what is above and below."""
    if wide:
        yield text(360, 34, router, "nl-strong")
        yield element("path", d="M136 190H602", class_="nl-line nl-layer")
        yield from (said(146, 168, "program"), said(146, 212, "kernel"))
    else:
        yield text(240, 90, router, "nl-strong")
        yield element("path", d="M14 346H322", class_="nl-line nl-layer")
        yield from (said(20, 326, "program"), said(20, 366, "kernel"))


def _news(wide: bool) -> Iterator[Element]:
    """Notes come in, sums are made, the answer is installed: each with the sign of its phase."""
    if wide:
        ways = (((8, 98), (144, 98)), ((270, 98), (304, 98)), ((430, 98), (448, 98)), ((513, 134), (513, 236)))
        told = (("flood", (16, 74)), ("compute", (330, 152)), ("install", (524, 168)))
    else:
        ways = (((60, 8), (60, 114)), ((140, 154), (188, 154)), ((253, 190), (253, 228)), ((253, 304), (253, 384)))
        told = (("flood", (74, 32)), ("compute", (112, 210)), ("install", (160, 326)))
    for start, end in ways:
        yield from straight(start, end, "nl-told", head=True)
    for phase, (x, y) in told:
        yield element("path", d=icon(phase, x + 8, y, 8), class_=f"nl-{phase}")
        yield said(x + 22, y, phase)


def _packet(found: Opened, wide: bool) -> Iterator[Element]:
    """A packet comes in, is looked up, and goes out."""
    into: list[Point] = [(8, 276), (448, 276)] if wide else [(60, 548), (60, 424), (188, 424)]
    out: list[Point] = [(574, 276), (712, 276)] if wide else [(253, 460), (253, 548)]
    yield from (*arrow(into, True), *arrow(out, True))
    packet = f"a packet for {found.destination}"
    if wide:
        yield from (said(142, 300, packet), said(622, 300, f"to {found.hops}"))
    else:
        yield said(72, 520, packet)
