"""The moments, drawn."""

from collections.abc import Iterable
from itertools import pairwise
from math import atan2, degrees

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import hidden, moved, pill, rect, svg, text
from netlearn.drawing.signs import shared_plate
from netlearn.figures.same_address.different_links import routed
from netlearn.figures.same_address.scene import Scene, words
from netlearn.figures.same_address.story import ADDRESS, BEHIND, DESK_ADDRESS, SERVERS, StoryMoment

# The same parts in every state.
WIDTH, HEIGHT = 800.0, 430.0
BOX_WIDTH, BOX_HEIGHT = 176.0, 100.0
BUS_Y = 235.0
AT = {
    "Desk": (150.0, 362.0),
    "A": (400.0, 66.0),
    "B": (672.0, 66.0),
    "R1": (400.0, 362.0),
    "R2": (400.0, 215.0),
    "R3": (672.0, 215.0),
}
CABLES = (("Desk", "R1"), ("R1", "R2"), ("R1", "R3"), ("R2", "A"), ("R3", "B"))
CARDS = {"Desk": "card …:53:10", "A": "card …:53:0a", "B": "card …:53:0b"}
BUBBLES = {"Desk": (150.0, 284.0), "A": (400.0, 146.0), "B": (660.0, 146.0)}


def drawing(case: Scene, live: bool) -> Element:
    """The SVG of this moment."""
    moment = case.now()
    one = case.place == "one"
    parts = [
        element("g", *_bus(one)),
        element("g", *_cables(case, not one)),
        element("g", *_frames(case, moment), *_chips(case, not one), class_="nl-over"),
        element("g", *(_machine(name, case, moment) for name in ("Desk", *SERVERS))),
        element("g", *(_router(name, not one) for name in ("R1", "R2", "R3"))),
        element("g", *_plates(moment, not one), class_="nl-signs"),
        element("g", *_belief(case, moment), *_bubbles(moment), class_="nl-over"),
    ]
    label = "Desk and two servers with the same address. The words below say what happens." if live else words(case)
    return svg(parts, WIDTH, HEIGHT, "nl-net nl-same-net", label)


def _bus(seen: bool) -> Iterable[Element]:
    """The shared link as a bar, and the drop of each machine."""
    bar = element("rect", x=60, y=BUS_Y - 7, width=WIDTH - 120, height=14, rx=4, class_="nl-shape")
    name = element("text", "one link", x=WIDTH - 110, y=BUS_Y + 24)
    ends = (AT[name] for name in ("Desk", *SERVERS))
    drops = (element("path", d=f"M{number(x)} {number(y)}V{number(BUS_Y)}", class_="nl-line") for x, y in ends)
    yield element("g", *drops, bar, name, key="bus", class_="nl-node nl-lan" + hidden(seen))


def _cables(case: Scene, seen: bool) -> Iterable[Element]:
    """The cables between routers, with their metrics; those on the way of the message in blue."""
    way = case.now().way
    for a, b in CABLES:
        (x1, y1), (x2, y2) = AT[a], AT[b]
        used = any({a, b} == {*pair} for pair in pairwise(way))
        state = "dead" if case.now().down in (a, b) else "path" if used else "idle"
        line = element("path", d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", class_="nl-line")
        yield element("g", line, key=("cable", f"{a}-{b}"), class_=f"nl-link nl-{state}" + hidden(seen))


def _chips(case: Scene, seen: bool) -> Iterable[Element]:
    """The metrics of the two links that R1 chooses between."""
    for far in ("R2", "R3"):
        x, y = (AT["R1"][0] + AT[far][0]) / 2, (AT["R1"][1] + AT[far][1]) / 2
        (link,) = routed(case.sooner).links_between("R1", far)
        metric = text(x, y, str(link.metric), key=("metric", far))
        yield element("g", rect(x, y, 26, 24, 7), metric, key=("chip", far), class_="nl-chip" + hidden(seen))


def _machine(name: str, case: Scene, moment: StoryMoment) -> Element:
    """A machine with its address, and the address of its card."""
    x, y = AT[name]
    top = y - BOX_HEIGHT / 2
    one = case.place == "one"
    down, silent = moment.down == name, moment.silent == name
    address = ADDRESS if name in SERVERS else DESK_ADDRESS if one else "192.0.2.10"
    said = "off" if down else "no address yet" if silent else address
    state = " nl-down" if down else " nl-silent-box" if silent else ""
    parts = (
        rect(x, y, BOX_WIDTH, BOX_HEIGHT, 11, "nl-shape"),
        text(x, top + 20, f"Server {name}" if name in SERVERS else name),
        text(x, top + 49, said, "nl-address", key=("address", name)),
        text(x, top + 79, CARDS[name], "nl-card-of"),
    )
    return element("g", *parts, key=("machine", name), class_="nl-node nl-host" + state)


def _router(name: str, seen: bool) -> Element:
    x, y = AT[name]
    circle = element("circle", cx=x, cy=y, r=26, class_="nl-shape")
    return element("g", circle, text(x, y, name), key=("router", name), class_="nl-node nl-router" + hidden(seen))


def _plates(moment: StoryMoment, seen: bool) -> Iterable[Element]:
    """The sign of an anycast address at each server that announces it."""
    for name in SERVERS:
        x, y = AT[name]
        state = "nl-hidden" if not seen else "nl-gone" if moment.down == name else ""
        yield shared_plate(x, y, ADDRESS, state, key=("plate", name))


def _frames(case: Scene, moment: StoryMoment) -> Iterable[Element]:
    """The way of what is sent at this moment, to one or two machines, with an arrow head where it arrives."""
    one = case.place == "one"
    for place in range(2):
        path = ""
        x = y = turn = 0.0
        if place < len(moment.sent):
            points = _points(moment, *moment.sent[place], one)
            path = "M" + "L".join(f"{number(px)} {number(py)}" for px, py in points)
            (x, y), (bx, by) = points[-1], points[-2]
            turn = degrees(atan2(y - by, x - bx))
        state = f"nl-frame nl-frame-{moment.kind}" + hidden(bool(path))
        yield element("path", key=("frame", place), d=path or "M0 0", class_=state)
        head = state.replace("nl-frame", "nl-head", 1)
        yield element("path", key=("head", place), d="M-14 -9L2 0L-14 9Z", transform=moved(x, y, turn), class_=head)


def _points(moment: StoryMoment, sender: str, to: str, one: bool) -> list[tuple[float, float]]:
    """The corners of the way, from the edge of the sender to the edge of whoever gets it."""
    if one:
        (x1, y1), (x2, y2) = AT[sender], AT[to]
        edge = BOX_HEIGHT / 2
        start, end = (y - edge if y > BUS_Y else y + edge for y in (y1, y2))
        aside = 7.0 if y1 < BUS_Y and y2 < BUS_Y else 0.0
        return [(x1, start), (x1, BUS_Y - aside), (x2, BUS_Y - aside), (x2, end)]
    nodes = moment.way or tuple(dict.fromkeys((sender, BEHIND[sender], to)))  # up to its own router, or one beyond
    corners = [AT[node] for node in nodes]
    corners[0], corners[-1] = _towards(nodes[0], corners[1]), _towards(nodes[-1], corners[-2])
    return corners


def _towards(node: str, other: tuple[float, float]) -> tuple[float, float]:
    """The place on the edge of a node from which a straight way to the other begins."""
    x, y = AT[node]
    if node.startswith("R"):
        length = ((other[0] - x) ** 2 + (other[1] - y) ** 2) ** 0.5
        return x + 28 * (other[0] - x) / length, y + 28 * (other[1] - y) / length
    if abs(other[0] - x) < 1:
        return x, y + (BOX_HEIGHT / 2 if other[1] > y else -BOX_HEIGHT / 2)
    return x + (BOX_WIDTH / 2 if other[0] > x else -BOX_WIDTH / 2), other[1]


def _belief(case: Scene, moment: StoryMoment) -> Iterable[Element]:
    """What is believed of the address: Desk's ARP cache on one link, R1's table on different ones."""
    one = case.place == "one"
    x, y, width = (410.0, 362.0, 300.0) if one else (622.0, 362.0, 290.0)
    title = "Desk's ARP cache" if one else "R1's table"
    said = "empty" if one else "no entry yet"
    if moment.believed:
        card = CARDS[moment.believed].removeprefix("card ")
        said = f"{ADDRESS}: {card}" if one else f"{ADDRESS}/32: by {BEHIND[moment.believed]}"
    paper = rect(x, y, width, 66, 6, "nl-paper", key="belief-box")
    heading = text(x, y - 15, title, "nl-card-of", key="belief-title")
    yield element("g", paper, heading, text(x, y + 13, said, key="belief"), class_="nl-belief-card")


def _bubbles(moment: StoryMoment) -> Iterable[Element]:
    """What is said, beside who says it."""
    x, y = BUBBLES.get(moment.sender, (0.0, 0.0))
    loss = " nl-alarm" if moment.kind == "lost" else ""
    yield pill(x, y, moment.bubble, loss + hidden(moment.bubble), "bubble")
