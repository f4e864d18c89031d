"""An address that changes hands: two gateways on a LAN, before and after the one that has the address dies (VRRP)."""

from collections.abc import Iterator
from dataclasses import replace

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import text
from netlearn.drawing.signs import plate
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.boxes import box_of, panels, straight
from netlearn.figures.pictures.frame import twice
from netlearn.host.dial import dial
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.network.parts import Node

VIRTUAL = "203.0.113.254"
ASKS, END = "203.0.113.10", "198.51.100.10"  # Source and End have the addresses that they have in every chapter
GATEWAYS = {"G1": 252, "G2": 253}  # the number at the end of their own addresses
HIGH = 318.0
PLACES = {"G1": (206.0, 92.0), "G2": (206.0, 212.0)}
SOURCE, BEYOND, BAR = (46.0, 152.0), (290.0, 152.0), 124.0


def silence_s(priority: int, interval_s: float) -> float:
    """For how long a backup of this priority hears nothing until it takes over, in seconds (RFC 9568 6.1).

    Three advertisements must be missing; a lower priority waits a little longer.

    >>> silence_s(100, 1)
    3.609375
    """
    if not 1 <= priority <= 254 or interval_s <= 0:
        raise NetlearnError(
            f"a backup has a priority from 1 to 254, and adverts are apart; not {priority}, {interval_s} s"
        )
    return 3 * interval_s + (256 - priority) / 256 * interval_s


def lan(holder: str | None, *alive: str) -> World:
    """Source, the gateways that are alive, one of which may hold the virtual address, and End behind them."""
    source = Host("Source", (LO, _card("LAN", ASKS)), (default(VIRTUAL),))
    server = Binding("server", "tcp", "0.0.0.0", 80)
    end = Host("End", (LO, _card("beyond", END)), (default(f"198.51.100.{GATEWAYS[alive[-1]]}"),), (server,))
    gateways = (
        Host(
            name,
            (
                LO,
                _card("LAN", f"203.0.113.{GATEWAYS[name]}", *([VIRTUAL] if name == holder else [])),
                replace(_card("beyond", f"198.51.100.{GATEWAYS[name]}"), name="eth1"),
            ),
            forwards=True,
        )
        for name in alive
    )
    return World((source, *gateways, end))


def _card(link: str, *addresses: str) -> Interface:
    return Interface("eth0", tuple(f"{each}/24" for each in addresses), link=link)


def by_whom(world: World) -> str | None:
    """The gateway over which what Source sends to End gets there; `None` if it does not."""
    answer = dial(world, "Source", END, 80)
    passed = [step.host for step in answer.there if step.host in GATEWAYS]
    return passed[0] if answer.listener and passed else None


def handed_over(priority: int, interval_s: float, caption: str = "") -> Picture:
    """Two gateways before and after the Active one dies: the virtual address moves to the Backup, of this priority.

    `interval_s` is the time between two advertisements (RFC 9568 5.2.7: 1 s). Which gateway Source's packets take is
    asked of the model of hosts. Raises `NetlearnError` for a priority that no backup has.

    >>> handed_over(100, 1).title
    'The address moves and Source changes nothing: G2 takes it when it has heard nothing for 3.6 s'
    """
    silent = f"{silence_s(priority, interval_s):.1f} s"
    ways = [by_whom(lan("G1", "G1", "G2")), by_whom(lan(None, "G2")), by_whom(lan("G2", "G2"))]
    title = f"The address moves and Source changes nothing: G2 takes it when it has heard nothing for {silent}"
    words = (
        f"Source, G1 and G2 are on one LAN; behind both gateways is End. Source sends what is not for the LAN to "
        f"{VIRTUAL}. Before: G1 has that address, and says every {interval_s:g} s that it is there; Source reaches End "
        f"by {ways[0]}. Then G1 dies. Until G2 has heard nothing for {silent} Source reaches {_reached(ways[1])}. "
        f"After: G2 has the address, and Source reaches End by {ways[2]}."
    )
    told = (
        (ways[0], "before", f"G1 has {VIRTUAL}", f"it says so every {interval_s:g} s"),
        (ways[2], "after", f"G2 has {VIRTUAL}", f"it had heard nothing for {silent}"),
    )
    return twice(
        lambda wide: panels(lambda place: _panel(*told[place], place == 1), 2, wide, HIGH),
        (HIGH, 2 * HIGH), title, words, caption, signs=True,
    )  # fmt: skip


def _reached(gateway: str | None) -> str:
    return f"End by {gateway}" if gateway else "nobody"


def _panel(by: str | None, when: str, has: str, says: str, dead: bool) -> Iterator[Element]:
    """The LAN with who has the plate, and the way of Source's packets."""
    yield text(168, 18, when, "nl-strong")
    yield element("path", d=f"M{BAR} 62V240", class_="nl-lan-line")
    yield text(BAR, 254, "LAN", "nl-small")
    yield from straight(SOURCE, (BAR, SOURCE[1]), "nl-line")
    for name, (x, y) in PLACES.items():
        class_ = "nl-line nl-dead-line" if dead and name == "G1" else "nl-line"
        yield from (*straight((BAR, y), (x, y), class_), *straight((x, y), BEYOND, class_))
    if by:
        (x, y) = PLACES[by]
        for start, end in (
            (SOURCE, (BAR, SOURCE[1])),
            ((BAR, SOURCE[1]), (BAR, y)),
            ((BAR, y), (x, y)),
            ((x, y), BEYOND),
        ):
            yield from straight(start, end, "nl-own-way")
    yield box_of(Node("Source", "host"), *SOURCE)
    yield box_of(Node("End", "host"), *BEYOND)
    for name, place in PLACES.items():
        yield box_of(Node(name), *place, down=dead and name == "G1")
        side = -1 if name == "G1" else 1
        if name == by:
            yield plate(place[0] + 14, place[1] + side * 44, VIRTUAL)
        elif dead:
            yield plate(place[0] + 14, place[1] + side * 44, VIRTUAL, "nl-gone")
    yield from (text(168, 284, has, "nl-strong"), text(168, 306, says, "nl-small"))
