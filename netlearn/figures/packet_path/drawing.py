"""The two machines, and the packet's way through their tables."""

from collections.abc import Iterator, Sequence

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import Point, box, text
from netlearn.drawing.signs import ring
from netlearn.figures.packet_path.scene import NOTHING, Scene
from netlearn.host.dial import Answer
from netlearn.host.laptop import ME, NEIGHBOUR, PORT
from netlearn.host.travel import Step, Where

# ---- The drawing
UNTOLD = "The laptop and its neighbour. The steps below say the way."
WIDTH, HEIGHT = 752, 388
LINK = (438.0, 330.0)

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
LANES = {ME: (170.0, 190.0, 210.0), NEIGHBOUR: (624.0, 614.0, 604.0)}  # between the columns, from the tables on


def legs_of(answer: Answer) -> list[list[Point]]:
    """For each step the way so far: of the way there, or of the way back, which begins where the other ended."""
    ways: list[list[Point]] = []
    points: list[Point] = []
    for index, step in enumerate(answer.steps):
        back = index >= len(answer.there)
        if index == len(answer.there):
            points = points[-1:]
        points = [*points, *between(answer, index), place_of(step, index, back)]
        ways.append(points)
    return ways


def role(step: Step, index: int, back: bool) -> str:
    """Which part of the picture a step is at: of the two programs the one that it means."""
    if step.where is Where.PROCESS:
        return "client" if index == 0 or back else "server"
    return "client" if step.where is Where.SOCKET and back else step.where.value


def place_of(step: Step, index: int, back: bool) -> Point:
    return LINK if step.where is Where.LINK else PLACES[step.host][role(step, index, back)]


def between(answer: Answer, index: int) -> list[Point]:
    """The corners on the way to a step, so that no line crosses a box that was not asked, nor covers another line."""
    if not index:
        return []
    step, before = answer.steps[index], answer.steps[index - 1]
    if step.where is Where.LINK:
        x, y = PLACES[before.host]["NIC"]
        return [(PLACES[before.host]["neighbour table"][0], y + 9), (x, y + 9), (x, y)]
    if before.where is Where.LINK:
        return []
    host, first_back = step.host, len(answer.there)
    places, (near, middle, far) = PLACES[host], LANES[host]
    came = role(before, index - 1, index - 1 >= first_back)
    goes = role(step, index, index >= first_back)
    (x, y), (to_x, to_y), table = places[came], places[goes], places["local table"]
    across = [(far, y), (far, table[1])]  # to the local table, on the way back
    match came, goes:
        case ("client", "main table"):
            return [table]  # it is asked first
        case ("server" | "socket", "local table"):
            return across
        case ("server" | "socket", "main table"):
            return [*across, table]
        case ("local table", "lo"):
            return [(x, y + 10), (middle, y + 10), (middle, to_y)]
        case ("lo", "client"):
            return [(x, y + 10), (near, y + 10), (near, to_y + 10), (to_x, to_y + 10)]
        case ("main table", "NIC"):
            return [(x, 290), (to_x, 290)]
        case ("NIC", "neighbour table"):
            return [(x, y - 9), (to_x, y - 9)]
        case ("NIC", "local table"):
            return [(x, to_y + 12), (to_x, to_y + 12)]
        case ("neighbour table", "local table"):
            aside = to_x + (60 if near > to_x else -60)
            return [(aside, y), (aside, to_y)]
        case ("local table", "socket"):
            return [(x, y - 12), (middle, y - 12), (middle, to_y)]
        case ("local table", "client"):
            return [(x - 20, y), (x - 20, to_y)]
    return []


def above(place: Point) -> Point:
    """Where the packet is seen: at the upper edge of what it met, so that nothing is covered."""
    return place if place == LINK else (place[0], place[1] - 21)


def path_data(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) if points else "M0 0"


def drawing(scene: Scene, answer: Answer, label: str = "") -> Element:
    """Both machines with what a packet meets in them, and the way there and back."""
    legs = legs_of(answer)
    there = legs[len(answer.there) - 1]
    back = legs[-1] if answer.back else there[-1:]
    end = answer.end
    at = legs[answer.steps.index(end)][-1] if end else there[-1]
    dot = above(there[-1])
    wire = "" if scene.eth0 == "up" else "nl-no-carrier"
    parts = [
        box((200, 202), 384, 360, "nl-host", rx=14), text(200, 42, "laptop", "nl-strong"),
        box((612, 202), 264, 360, "nl-host", rx=14), text(612, 42, "neighbour", "nl-strong"),
        element("path", d="M372 330L502 330", class_=f"nl-line nl-wire {wire}", key="wire"),
        text(438, 310, "LAN", "nl-small nl-outlined"),
        element("path", d=path_data(there), class_="nl-packet-way nl-way-there", key="way"),
        element("path", d=path_data(back), key="way-back",
                class_="nl-packet-way nl-way-back" + ("" if len(back) > 1 else " nl-hidden")),
        element("path", d="M0 0", class_="nl-packet-way nl-way-trace", data_part="trace"),
        *_machine(ME, scene), *_machine(NEIGHBOUR, scene),
        element("path", d=_cross((at[0], at[1] + 20), 10), key="end",
                class_="nl-cross-mark" + ("" if end else " nl-hidden")),
        element("circle", cx=dot[0], cy=dot[1], r=9, class_="nl-dot nl-packet-dot", key="dot"),
    ]  # fmt: skip
    return element(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 18 {WIDTH} {HEIGHT - 18}",
        class_="nl-net nl-machine nl-path-net", role="img", aria_label=label or UNTOLD,
    )  # fmt: skip


def _machine(host: str, scene: Scene) -> Iterator[Element]:
    """What a packet meets on one machine."""
    places, mine = PLACES[host], host == ME
    listens = scene.listens if mine else "0.0.0.0"
    silent = "nl-unused" if listens == NOTHING else ""
    wide = 120 if mine else 104
    yield from (box(places["client"], wide, 40, "nl-program"), text(*places["client"], "program"))
    socket = "no socket" if listens == NOTHING else f"{listens}:{PORT}"
    x, y = places["socket"]
    yield element(
        "g", box(places["server"], wide, 40, "nl-program"), text(*places["server"], "server"),
        box((x, y), 140 if mine else 104, 34, "nl-door-box"), key=(host, "server"), class_=silent,
    )  # fmt: skip
    yield element("text", socket, x=x, y=y, class_="nl-small", key=(host, "socket"))
    for name in ("local table", "main table"):
        yield from (box(places[name], 112 if mine else 100, 34, "nl-table"), text(*places[name], name, "nl-small"))
    x, y = places["neighbour table"]
    yield from (box((x, y), 136, 34, "nl-table"), text(x, y, "neighbour table", "nl-small"))
    x, y = places["lo"]
    yield element("circle", cx=x, cy=y, r=21, class_="nl-ground")
    yield from _switched((host, "lo"), ring(x, y, 21), (x, y), off=mine and scene.lo != "up")
    x, y = places["NIC"]
    yield from _switched((host, "eth0"), box((x, y), 58, 40, "nl-nic"), (x, y), off=mine and scene.eth0 != "up")
    yield text(x, y, "eth0", "nl-outlined")


def _switched(key: tuple[str, str], shape: Element, at: Point, off: bool) -> Iterator[Element]:
    """An interface that may be down: hatched and crossed."""
    yield element("g", shape, key=key, class_="nl-signs" + (" nl-off" if off else ""))
    yield element("path", d=_cross(at, 15), key=(*key, "cross"), class_="nl-off-mark" + ("" if off else " nl-hidden"))


def _cross(at: Point, size: float) -> str:
    x, y = at
    left, right, top, bottom = map(number, (x - size, x + size, y - size, y + size))
    return f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"
