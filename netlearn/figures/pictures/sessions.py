"""Two sessions of the same two routers: one from cable end to cable end, one from box to box; and the cable fails."""

from collections.abc import Iterator
from itertools import pairwise

from netlearn.convergence.session import Session
from netlearn.convergence.traffic import Traffic
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.prose import duration, listed
from netlearn.drawing.shapes import Point, text
from netlearn.drawing.signs import plate
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.boxes import cut_mark, node, panels, straight
from netlearn.figures.pictures.frame import twice
from netlearn.routing.packet import Flow, Packet
from netlearn.units import SECOND

HIGH = 272.0
LEFT, RIGHT, LOW, TOP = 56.0, 280.0, 150.0, 70.0


def two_sessions(by_cable: Session, by_box: Session, caption: str = "") -> Picture:
    """A session between the ends of a cable and one between the loopbacks of the same two routers, in the same run.

    What becomes of each, and which way it takes at the end of the run, is asked of the two (`netlearn.convergence.
    keep_session`). Raises `NetlearnError` where they are not of the same routers.

    >>> from netlearn.convergence import keep_session
    >>> cut = simulate(forum(), [LinkDown("R1-R2")], interfaces=interfaces(forum()))
    >>> two_sessions(*(keep_session(cut, "R1", "R2", link) for link in ("R1-R2", None))).title
    'The cable fails: the session between its ends drops after 70 s, that from box to box lives on'
    """
    if (by_cable.a, by_cable.b) != (by_box.a, by_box.b):
        raise NetlearnError("the two sessions are of the same two routers, named in the same order")
    cable = _cable(by_cable)
    works = by_cable.trace.outages.works(cable, by_cable.trace.end_us)
    said = "Nothing fails: the session between cable ends" if works else "The cable fails: the session between its ends"
    title = f"{said} {_fate(by_cable)}, that from box to box {_fate(by_box)}"
    way = _way(by_box)
    words = (
        f"{by_cable.a} and {by_cable.b} keep two sessions; the cable between them is {'whole' if works else 'cut'}. "
        f"One goes from cable end to cable end, {listed(map(str, by_cable.addresses))}: it {_fate(by_cable)}. "
        f"The other goes from box to box, between the loopback addresses {listed(map(str, by_box.addresses))}: it "
        f"{_fate(by_box)}" + (f", by {' – '.join(way)}." if way else ".")
    )

    def draw(wide: bool) -> Iterator[Element]:
        return panels(lambda place: _panel((by_cable, by_box)[place], bool(place), works), 2, wide, HIGH)

    return twice(draw, (HIGH, 2 * HIGH), title, words, caption, signs=True)


def _cable(session: Session) -> str:
    """The link whose ends have the session's addresses."""
    given = session.trace.interfaces
    for end in given.of(session.a) if given else ():
        if end.address == session.addresses[0]:
            return end.link
    raise NetlearnError(f"{session.addresses[0]} is at no end of a cable of {session.a}")


def _fate(session: Session) -> str:
    if session.dropped_us is None:
        return "lives on"
    return f"drops after {duration(round(session.dropped_us / SECOND) * SECOND)}"


def _way(session: Session) -> tuple[str, ...]:
    """The nodes that what it sends passes when all is over; none if it does not arrive."""
    if not session.survives:
        return ()
    trace = session.trace
    sent = Traffic(trace, session.addresses[1]).walk(Packet(Flow(*session.addresses)), session.a, trace.end_us)
    return sent.nodes


def _panel(session: Session, by_box: bool, works: bool) -> Iterator[Element]:
    """The two routers, their cable, other routers on the way if there are any, and the session along it."""
    yield text(168, 18, "from box to box" if by_box else "from cable end to cable end", "nl-strong")
    here, there = (LEFT, LOW), (RIGHT, LOW)
    between = _way(session)[1:-1] if by_box else ()
    places = _places(between)
    stations = [here, *places, there] if between else [here, there]
    for start, end in pairwise(stations):
        yield from straight(start, end, "nl-line")
        if session.survives:
            yield from straight(start, end, "nl-tube")
    if between or not session.survives:
        yield from straight(here, there, "nl-line" if works else "nl-line-cut")
    if not session.survives:
        yield from straight(here, there, "nl-tube nl-lost-tube", clear=26)
    if not works:
        yield cut_mark((LEFT + RIGHT) / 2, LOW)
    topology = session.trace.topology
    for name, place in ((session.a, here), (session.b, there), *zip(between, places, strict=True)):
        yield node(topology, name, *place)
    yield from _ends(session, by_box)
    yield text(168, 242, _fate(session), "nl-good" if session.survives else "nl-bad")


def _places(between: tuple[str, ...]) -> list[Point]:
    """Where the routers on the other way stand: in a row above."""
    count = len(between)
    apart = (RIGHT - LEFT - 40) / max(count, 2)
    first = 168 - apart * (count - 1) / 2
    return [(first + apart * place, TOP) for place in range(count)]


def _ends(session: Session, by_box: bool) -> Iterator[Element]:
    """What the session's addresses belong to: the boxes, as plates, or the cable's ends, as plugs."""
    for side, x, address in zip((1, -1), (LEFT, RIGHT), map(str, session.addresses), strict=True):
        middle = max(62.0, min(274.0, x))
        if by_box:
            yield plate(middle, LOW + 48, address)
        else:
            yield element("path", d=f"M{number(x + side * 30)} {number(LOW - 8)}v16h{side * 12}v-16z", class_="nl-plug")
            yield text(middle, LOW + 48, address, "nl-small")
