"""A Linux router from inside: its loopback address stands on `lo`, and what is for it does not pass `lo`."""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import box, named_box, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.frame import arrow, ring_of_lo, twice
from netlearn.host.dial import Answer, dial
from netlearn.host.host import LO, Binding, Host, Interface, StaticRoute, World
from netlearn.host.tables import local_table
from netlearn.routing.interfaces import Interfaces

MOST = 5  # cables
PROGRAM = Binding("sshd", "tcp", "0.0.0.0", 22)


@dataclass(frozen=True, slots=True)
class Inside:
    """The router and a neighbour as hosts, and what becomes of the neighbour's call to the loopback address."""

    router: Host
    neighbour: str
    loopback: str
    call: Answer

    @property
    def comes_in(self) -> str:
        """The router's interface by which the call comes in."""
        return next(name for host, name in self.call.interfaces if host == self.router.name)

    @property
    def passes_lo(self) -> bool:
        """Whether the call passes `lo`, at either of the two."""
        return any(name == "lo" for _, name in self.call.interfaces)

    @property
    def own(self) -> list[str]:
        """What the router's local table holds, but for broadcast addresses."""
        lines = (route for route in local_table(self.router) if route.kind == "local")
        prefixes = (route.prefix for route in lines if route.prefix.version == 4)
        kept = [str(each).removesuffix("/32") for each in prefixes]
        return [each for each in dict.fromkeys(kept) if each != "127.0.0.1"]  # which 127.0.0.0/8 has in it


def inside(addresses: Interfaces, router: str, neighbour: str) -> Inside:
    """The router with its loopback address on `lo`, called by a neighbour over the cable between them.

    >>> from netlearn.routing import interfaces
    >>> inside(interfaces(forum()), "R2", "R4").call.interfaces
    (('R4', 'eth0'), ('R2', 'eth0'))
    """
    (link, *_) = addresses.network.links_between(router, neighbour)
    ends = sorted(addresses.of(router), key=lambda end: end.link != link.name)  # the neighbour's cable is eth0
    loopback = str(addresses.network.addressed().node(router).address)
    cards = [Interface(f"eth{place}", (f"{end.address}/{end.prefix.prefixlen}",), link=end.link)
             for place, end in enumerate(ends)]  # fmt: skip
    here = Host(router, (Interface("lo", ("127.0.0.1/8", f"{loopback}/32")), *cards), (), (PROGRAM,), forwards=True)
    far = addresses.end(neighbour, link.name)
    card = Interface("eth0", (f"{far.address}/{far.prefix.prefixlen}",), link=link.name)
    there = Host(neighbour, (LO, card), (StaticRoute(f"{loopback}/32", str(ends[0].address)),))
    return Inside(here, neighbour, loopback, dial(World((here, there)), neighbour, loopback, PROGRAM.port))


def in_a_router(addresses: Interfaces, router: str, neighbour: str, caption: str = "") -> Picture:
    """A router that runs Linux, with its loopback address on `lo`, and a packet for that address from a neighbour.

    Which interfaces the packet passes and what stands in the local table is asked of the model of hosts. Raises
    `NetlearnError` for a router with more than five cables, and for two between which there is none.

    >>> from netlearn.routing import interfaces
    >>> in_a_router(interfaces(forum()), "R2", "R4").title
    '192.0.2.2 stands on lo; what R4 sends it never passes lo: it comes in by eth0 and has arrived'
    """
    if len(cables := addresses.of(router)) > MOST:
        raise NetlearnError(f"the picture has room for a router with {MOST} cables, and {router} has {len(cables)}")
    if not addresses.network.links_between(router, neighbour):
        raise NetlearnError(f"no cable leads from {router} to {neighbour}, so nothing comes in from there")
    found = inside(addresses, router, neighbour)
    name, loopback, came = found.router.name, found.loopback, found.comes_in
    through = "passes" if found.passes_lo else "never passes"
    title = f"{loopback} stands on lo; what {neighbour} sends it {through} lo: it comes in by {came} and has arrived"
    cards = "; ".join(f"{each.name} has {_own(each)}" for each in found.router.interfaces[1:])
    words = (
        f"{name} runs Linux. Its lo has 127.0.0.1 and {loopback}; {cards}. Its local table holds them all: "
        f"{', '.join(found.own)}. {neighbour} calls {loopback}: the packet comes in by {came}, the local table says "
        f"that the address is {name}’s own, and {PROGRAM.process} gets it. It {through} lo. 127.0.0.1 {neighbour} "
        "cannot call here: it means its own."
    )
    return twice(lambda wide: _drawn(found, wide), (364, 516), title, words, caption)


def _own(interface: Interface) -> str:
    return str(interface.given(4)[0].ip)


def _drawn(found: Inside, wide: bool) -> Iterator[Element]:
    """The neighbour, the router around its interfaces, the local table, the program; and the packet's way."""
    yield box(*((206, 12, 506, 340) if wide else (6, 84, 324, 424)), "nl-host", rx=14)
    yield text(*((459, 32) if wide else (216, 106)), f"{found.router.name}, a Linux router", "nl-strong")
    yield from named_box(*((8, 60, 104, 48) if wide else (42, 6, 104, 44)), "nl-asker", found.neighbour, "nl-strong")
    first, left, table = (84, 218, 424) if wide else (150, 16, 190)
    for row, card in enumerate(found.router.interfaces[1:]):
        words = f"{card.name}: {_own(card)}"
        yield from named_box(left, first - 17 + 40 * row, 152, 34, "nl-nic", words, "nl-small")
    yield from _table(found, table, first - 26, 148 if wide else 132)
    bottom = first + 14 + 23 * len(found.own)
    yield from _lo(found, *((246, 310) if wide else (46, 402)))
    if wide:
        yield from arrow([(112, first), (214, first)], True)
        yield said(120, first + 22, found.loopback)
        yield from arrow([(372, first), (420, first)], True)
        yield from arrow([(574, first), (612, first)], True)
        yield from named_box(616, first - 24, 84, 48, "nl-door-box", PROGRAM.process, "nl-strong")
        yield element("path", d=f"M372 310H498V{bottom + 4}", class_="nl-handed")
        yield said(508, 310, "the table has it, too")
    else:
        yield from arrow([(94, 50), (94, first - 21)], True)
        yield said(106, 66, f"to {found.loopback}")
        yield from arrow([(170, first), (186, first)], True)
        yield from arrow([(256, bottom), (256, 424)], True)
        yield from named_box(204, 428, 104, 48, "nl-door-box", PROGRAM.process, "nl-strong")


def _lo(found: Inside, x: float, y: float) -> Iterator[Element]:
    """The ring with both of its addresses, which nothing comes to."""
    yield from ring_of_lo(x, y)
    yield said(x + 36, y - 11, "127.0.0.1")
    yield said(x + 36, y + 12, found.loopback, "nl-strong")


def _table(found: Inside, left: float, top: float, wide: float) -> Iterator[Element]:
    """The local table: a line for each own address, that which was asked for in bold."""
    yield box(left, top, wide, 40 + 23 * len(found.own), "nl-table")
    yield text(left + wide / 2, top + 17, "local table", "nl-small")
    for row, line in enumerate(found.own):
        yield text(left + wide / 2, top + 44 + 23 * row, line, "nl-strong" if line == found.loopback else "nl-small")
