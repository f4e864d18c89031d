"""The two machines, and the packet's way through their tables."""

from collections.abc import Iterator

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import Point, crossing, hidden, rect, svg, text, through
from netlearn.drawing.signs import ring
from netlearn.figures.packet_path.scene import NOTHING, Scene
from netlearn.host.dial import Answer
from netlearn.host.laptop import ME, NEIGHBOUR, PORT
from netlearn.host.travel import Where

UNTOLD = "The laptop and its neighbour. The steps below say the way."
WIDTH, HEIGHT = 752, 388
LINK = (438, 330)

# Two columns on each machine: what is asked on the way out, from top to bottom, and what a packet comes in by, from
# bottom to top. The neighbour's are the other way round, so that the cable is short.
PLACES: dict[str, dict[str, Point]] = {
    ME: {
        "client": (92, 74), "server": (300, 74), "socket": (300, 136),
        "local table": (92, 176), "main table": (92, 246),
        "lo": (300, 246), "NIC": (372, 330), "neighbour table": (92, 330),
    },
    NEIGHBOUR: {
        "client": (686, 74), "server": (540, 74), "socket": (540, 136),
        "local table": (686, 176), "main table": (686, 246),
        "lo": (540, 246), "NIC": (502, 330), "neighbour table": (668, 330),
    },
}  # fmt: skip
LANES = {ME: (170, 190, 210), NEIGHBOUR: (624, 614, 604)}  # between the columns, from the tables on


def legs_of(answer: Answer) -> list[list[Point]]:
    """For each step the way so far: of the way there, or of the way back, which begins where the other ended."""
    ways: list[list[Point]] = []
    points: list[Point] = []
    for index in range(len(answer.steps)):
        before = points[-1:] if index == len(answer.there) else points
        points = [*before, *between(answer, index), place_of(answer, index)]
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
    step, before = answer.steps[index], answer.steps[index - 1]
    if not index or before.where is Where.LINK:
        return []
    places = PLACES[before.host]
    if step.where is Where.LINK:
        x, y = places["NIC"]
        return [(places["neighbour table"][0], y + 9), (x, y + 9), (x, y)]
    (x, y), (to_x, to_y), table = place_of(answer, index - 1), place_of(answer, index), places["local table"]
    # 9 to 12 units aside of a box's middle, two lines that pass by the same box are both seen.
    near, middle, far = LANES[before.host]
    across: list[Point] = [(far, y), (far, table[1])]  # to the local table, on the way back
    aside = to_x + (60 if near > to_x else -60)
    corners: dict[tuple[str, str], list[Point]] = {
        ("client", "main table"): [table],  # it is asked first
        ("server", "local table"): across,
        ("socket", "local table"): across,
        ("server", "main table"): [*across, table],
        ("socket", "main table"): [*across, table],
        ("local table", "lo"): [(x, y + 10), (middle, y + 10), (middle, to_y)],
        ("lo", "client"): [(x, y + 10), (near, y + 10), (near, to_y + 10), (to_x, to_y + 10)],
        ("main table", "NIC"): [(x, 290), (to_x, 290)],
        ("NIC", "neighbour table"): [(x, y - 9), (to_x, y - 9)],
        ("NIC", "local table"): [(x, to_y + 12), (to_x, to_y + 12)],
        ("neighbour table", "local table"): [(aside, y), (aside, to_y)],
        ("local table", "socket"): [(x, y - 12), (middle, y - 12), (middle, to_y)],
        ("local table", "client"): [(x - 20, y), (x - 20, to_y)],
    }
    return corners.get((role(answer, index - 1), role(answer, index)), [])


def above(place: Point) -> Point:
    """Where the packet is seen: at the upper edge of what it met, so that nothing is covered."""
    return place if place == LINK else (place[0], place[1] - 21)


def drawing(scene: Scene, answer: Answer, label: str = "") -> Element:
    """Both machines with what a packet meets in them, and the way there and back."""
    legs = legs_of(answer)
    there = legs[len(answer.there) - 1]
    back = legs[-1] if answer.back else there[-1:]
    end = answer.end
    at = legs[answer.steps.index(end)][-1] if end else there[-1]
    dot = above(there[-1])
    wire = "" if scene.eth0 == "up" else " nl-no-carrier"
    parts = [
        _box((200, 202), 384, 360, "nl-host", rx=14), text(200, 42, "laptop", "nl-strong"),
        _box((612, 202), 264, 360, "nl-host", rx=14), text(612, 42, "neighbour", "nl-strong"),
        element("path", d="M372 330L502 330", class_=f"nl-line{wire}", key="wire"),
        text(438, 310, "LAN", "nl-small nl-outlined"),
        element("path", d=through(there), class_="nl-packet-way nl-way-there", key="way"),
        element("path", d=through(back), key="way-back", class_="nl-packet-way nl-way-back" + hidden(len(back) > 1)),
        element("path", d="M0 0", class_="nl-packet-way nl-way-trace", data_part="trace"),
        *_machine(ME, scene), *_machine(NEIGHBOUR, scene),
        element("path", d=crossing(at[0], at[1] + 20, 10), key="end", class_="nl-cross-mark" + hidden(end)),
        element("circle", cx=dot[0], cy=dot[1], r=9, class_="nl-dot", key="dot"),
    ]  # fmt: skip
    return svg(parts, WIDTH, HEIGHT - 18, "nl-net nl-machine nl-path-net", label or UNTOLD, top=18)


def _machine(host: str, scene: Scene) -> Iterator[Element]:
    """What a packet meets on one machine."""
    places, mine = PLACES[host], host == ME
    listens = scene.listens if mine else "0.0.0.0"
    wide = 120 if mine else 104
    yield from _met(places["client"], wide, 40, "nl-program", "program")
    server, socket = places["server"], places["socket"]
    waits = *_met(server, wide, 40, "nl-program", "server"), _box(socket, 140 if mine else 104, 34, "nl-door-box")
    yield element("g", *waits, key=(host, "server"), class_="nl-unused" if listens == NOTHING else "")
    said = "no socket" if listens == NOTHING else f"{listens}:{PORT}"
    yield text(*socket, said, "nl-small", key=(host, "socket"))
    table = 112 if mine else 100
    for name, width in (("local table", table), ("main table", table), ("neighbour table", 136)):
        yield from _met(places[name], width, 34, "nl-table", name, "nl-small")
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
