"""The two machines, and the packet's way through their tables."""

from collections.abc import Iterator

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import Point, crossing, hidden, rect, svg, text, through
from netlearn.drawing.signs import ring
from netlearn.figures.packet_path.scene import NOTHING, Scene, in_order
from netlearn.host.dial import Answer
from netlearn.host.laptop import ME, NEIGHBOUR, PORT
from netlearn.host.travel import Where

UNTOLD = "The laptop and its neighbour. The steps beside it say the way."
WIDTH, HEIGHT = (
    336,
    628,
)  # as wide as a phone shows whole: the same drawing stands beside the controls where there is room
LINK = (300, 322)

# Two columns on each machine: what is asked on the way out, from top to bottom, and what a packet comes in by, from
# bottom to top. The neighbour's are the other way up, so that the cable is short.
MINE: dict[str, Point] = {
    "client": (80, 60), "server": (250, 60), "socket": (250, 108),
    "local table": (80, 134), "main table": (80, 190), "lo": (250, 190),
    "NIC": (300, 278), "neighbour table": (80, 246),
}  # fmt: skip
PLACES = {ME: MINE, NEIGHBOUR: {name: (x, HEIGHT - y) for name, (x, y) in MINE.items()}}
NEAR, MIDDLE, ASIDE, FAR = 147, 157, 167, 176  # between the columns, from the tables on


def legs_of(answer: Answer) -> list[list[Point]]:
    """For each step the way so far: of the way there, or of the way back, which begins where the kernel answered."""
    ways: list[list[Point]] = []
    points: list[Point] = []
    accepted = in_order(answer)[-1]
    for index in range(len(answer.steps)):
        if index == len(answer.there):
            points = ways[accepted - 1 if accepted < index else index - 1][-1:]
        points = [*points, *between(answer, index), place_of(answer, index)]
        ways.append(points)
    return ways


def role(answer: Answer, index: int) -> str:
    """Which part of the picture a step is at: of the two programs the one that it means."""
    where, back = answer.steps[index].where, index >= len(answer.there)
    if where is Where.PROCESS:
        return "client" if index == 0 or back else "server"
    return "client" if where is Where.SOCKET and back else where.value


def place_of(answer: Answer, index: int) -> Point:
    step = answer.steps[index]
    return LINK if step.where is Where.LINK else PLACES[step.host][role(answer, index)]


def between(answer: Answer, index: int) -> list[Point]:
    """The corners on the way to a step, so that no line crosses a box that was not asked, nor covers another line."""
    before = answer.steps[before_of(answer, index)]
    step = answer.steps[index]
    if not index or before.where is Where.LINK:
        return []
    names = (role(answer, before_of(answer, index)), "LINK" if step.where is Where.LINK else role(answer, index))
    corners = CORNERS.get((*names, "back") if index >= len(answer.there) else names) or CORNERS.get(names, ())
    return [(x, y if before.host == ME else HEIGHT - y) for x, y in corners]


def before_of(answer: Answer, index: int) -> int:
    """The step before this one on its way; the answer is the kernel's, and does not wait for the server's program."""
    accepted = in_order(answer)[-1]
    return accepted - 1 if index == len(answer.there) and accepted < index else max(0, index - 1)


# The corners of a way on the laptop; the neighbour's are the same, the other way up. About 10 units aside,
# two lines that pass by the same box are both seen.
_LOCAL, _MAIN = MINE["local table"], MINE["main table"]
_ACROSS = {name: ((FAR, MINE[name][1]), (FAR, _LOCAL[1])) for name in ("server", "socket")}  # on the way back
CORNERS: dict[tuple[str, ...], tuple[Point, ...]] = {
    ("client", "main table"): (_LOCAL,),  # it is asked first
    ("server", "local table"): _ACROSS["server"],
    ("socket", "local table"): _ACROSS["socket"],
    ("server", "main table"): (*_ACROSS["server"], _LOCAL),
    ("socket", "main table"): (*_ACROSS["socket"], _LOCAL),
    ("local table", "lo"): ((80, 142), (MIDDLE, 142), (MIDDLE, 185), (250, 185)),
    ("local table", "lo", "back"): ((80, 126), (ASIDE, 126), (ASIDE, 175), (250, 175)),
    ("lo", "client"): ((250, 201), (NEAR, 201), (NEAR, 68), (80, 68)),
    ("main table", "NIC"): ((80, 218), (300, 218)),
    ("NIC", "neighbour table"): ((300, 238), (80, 238)),
    ("neighbour table", "LINK"): ((80, 254), (300, 254)),
    ("NIC", "local table"): ((300, 146), (80, 146)),
    ("neighbour table", "local table"): ((NEAR, 246), (NEAR, 134)),
    ("local table", "socket"): ((80, 122), (MIDDLE, 122), (MIDDLE, 108)),
    ("local table", "client"): ((60, 134), (60, 60)),
}


def above(place: Point) -> Point:
    """Where the packet is seen: at the upper edge of what it met, so that nothing is covered."""
    return place if place == LINK else (place[0], place[1] - 21)


def drawing(scene: Scene, answer: Answer, label: str = "", untold: bool = False) -> Element:
    """Both machines with what a packet meets in them, and the way there and back; `untold`, the packet at its start."""
    legs = legs_of(answer)[: 1 if untold else None]
    there = legs[: len(answer.there)][-1]
    back = legs[-1] if answer.back else there[-1:]
    end = None if untold else answer.end
    at = legs[answer.steps.index(end)][-1] if end else there[-1]
    dot = above(there[-1])
    wire = "" if scene.eth0 == "up" else " nl-no-carrier"
    card, other = PLACES[ME]["NIC"], PLACES[NEIGHBOUR]["NIC"]
    parts = [
        _box((168, 143), 324, 270, "nl-host", rx=14), text(168, 25, "laptop", "nl-strong"),
        _box((168, HEIGHT - 143), 324, 270, "nl-host", rx=14), text(168, HEIGHT - 25, "neighbour", "nl-strong"),
        element("path", d=through((card, other)), class_=f"nl-line{wire}", key="wire"),
        text(LINK[0] - 34, LINK[1], "LAN", "nl-small nl-outlined"),
        element("path", d="M0 0", class_="nl-packet-way nl-way-before", data_part="before"),
        element("path", d=through(there), class_="nl-packet-way nl-way-there", key="way"),
        element("path", d=through(back), key="way-back", class_="nl-packet-way nl-way-back" + hidden(len(back) > 1)),
        element("path", d="M0 0", class_="nl-packet-way nl-way-trace", data_part="trace"),
        *_machine(ME, scene), *_machine(NEIGHBOUR, scene),
        element("path", d=crossing(at[0], at[1] + 20, 10), key="end", class_="nl-cross-mark" + hidden(end)),
        element("circle", cx=dot[0], cy=dot[1], r=9, class_="nl-dot", key="dot"),
    ]  # fmt: skip
    return svg(parts, WIDTH, HEIGHT, "nl-net nl-machine", label or UNTOLD)


def _machine(host: str, scene: Scene) -> Iterator[Element]:
    """What a packet meets on one machine."""
    places, mine = PLACES[host], host == ME
    listens = scene.listens if mine else "0.0.0.0"
    yield from _met(places["client"], 112, 40, "nl-program", "program")
    server, socket = places["server"], places["socket"]
    waits = *_met(server, 112, 40, "nl-program", "server"), _box(socket, 134, 32, "nl-door-box")
    yield element("g", *waits, key=(host, "server"), class_="nl-unused" if listens == NOTHING else "")
    said = "no socket" if listens == NOTHING else f"{listens}:{PORT}"
    yield text(*socket, said, "nl-small", key=(host, "socket"))
    for name, width in (("local table", 112), ("main table", 112), ("neighbour table", 134)):
        yield from _met(places[name], width, 32, "nl-table", name, "nl-small")
    lo, card = places["lo"], places["NIC"]
    yield element("circle", cx=lo[0], cy=lo[1], r=21, class_="nl-ground")
    yield from _switched((host, "lo"), ring(*lo, 21), lo, off=mine and scene.lo != "up")
    yield from _switched((host, "eth0"), _box(card, 58, 40, "nl-nic"), card, off=mine and scene.eth0 != "up")
    yield text(*card, "eth0", "nl-outlined")


def _box(middle: Point, width: float, height: float, class_: str, rx: float = 8) -> Element:
    return rect(*middle, width, height, rx, f"nl-shape {class_}")


def _met(middle: Point, width: float, height: float, class_: str, name: str, of: str = "") -> tuple[Element, Element]:
    """What a packet may meet, with its name."""
    return _box(middle, width, height, class_), text(*middle, name, of)


def _switched(key: tuple[str, str], shape: Element, at: Point, off: bool) -> Iterator[Element]:
    """An interface that may be down: hatched and crossed."""
    yield element("g", shape, key=key, class_="nl-signs" + (" nl-off" if off else ""))
    yield element("path", d=crossing(*at, 15), key=(*key, "cross"), class_="nl-off-mark" + hidden(off))
