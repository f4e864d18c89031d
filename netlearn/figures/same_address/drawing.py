"""The moments, drawn."""

from collections.abc import Iterable
from itertools import pairwise
from math import atan2, copysign, degrees, hypot

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import Point, hidden, moved, pill, pill_width, rect, svg, text, through
from netlearn.drawing.signs import shared_plate
from netlearn.figures.same_address.one_link import ADDRESS, DESK_ADDRESS, DESK_ELSEWHERE, SERVERS, StoryMoment
from netlearn.figures.same_address.scene import BEHIND, Scene, routed, words

# The same parts in every state, no wider than a phone shows whole.
WIDTH, HEIGHT = 336, 512
BOX_WIDTH, BOX_HEIGHT = 154, 96
BUS_Y = 196
AT = {"Desk": (168, 362), "A": (86, 80), "B": (250, 80), "R1": (168, 264), "R2": (86, 190), "R3": (250, 190)}
CABLES = (("Desk", "R1"), ("R1", "R2"), ("R1", "R3"), ("R2", "A"), ("R3", "B"))
CARDS = {"Desk": "card …:53:10", "A": "card …:53:0a", "B": "card …:53:0b"}
BUBBLES = {"Desk": (168, 425), "A": (86, 16), "B": (250, 16)}  # beside the boxes, where no cable goes


def drawing(case: Scene, live: bool) -> Element:
    """The SVG of this moment."""
    moment, one = case.now(), case.place == "one"
    parts = [
        element("g", _bus(one)),
        element("g", *_cables(moment, not one)),
        element("g", *_frames(moment, one), *_chips(case.sooner, not one), class_="nl-over"),
        element("g", *(_machine(name, moment, one) for name in ("Desk", *SERVERS))),
        element("g", *(_router(name, not one) for name in ("R1", "R2", "R3"))),
        element("g", *(_plate(name, moment, not one) for name in SERVERS), class_="nl-signs"),
        element("g", _belief(moment, one), _bubble(moment), class_="nl-over"),
    ]
    label = "Desk and two servers with the same address. The words below say what happens." if live else words(case)
    return svg(parts, WIDTH, HEIGHT, "nl-net", label)


def _bus(seen: bool) -> Element:
    """The shared link as a bar, and the drop of each machine."""
    bar = element("rect", x=12, y=BUS_Y - 7, width=WIDTH - 24, height=14, rx=4, class_="nl-shape")
    ends = (AT[name] for name in ("Desk", *SERVERS))
    drops = (element("path", d=f"M{x} {y}V{BUS_Y}", class_="nl-line") for x, y in ends)
    name = text(WIDTH - 48, BUS_Y + 24, "one link")
    return element("g", *drops, bar, name, key="bus", class_="nl-node nl-lan" + hidden(seen))


def _cables(moment: StoryMoment, seen: bool) -> Iterable[Element]:
    """The cables between routers; those on the way of the message in blue."""
    for a, b in CABLES:
        used = any({a, b} == {*pair} for pair in pairwise(moment.way))
        state = "dead" if moment.down in (a, b) else "path" if used else "idle"
        line = element("path", d=through((AT[a], AT[b])), class_="nl-line")
        yield element("g", line, key=("cable", f"{a}-{b}"), class_=f"nl-link nl-{state}" + hidden(seen))


def _chips(nearer: str, seen: bool) -> Iterable[Element]:
    """The metrics of the two links that R1 chooses between."""
    for far in ("R2", "R3"):
        x, y = (AT["R1"][0] + AT[far][0]) / 2, (AT["R1"][1] + AT[far][1]) / 2
        (link,) = routed(nearer).links_between("R1", far)
        metric = text(x, y, str(link.metric), key=("metric", far))
        yield element("g", rect(x, y, 26, 24, 7), metric, key=("chip", far), class_="nl-chip" + hidden(seen))


def _machine(name: str, moment: StoryMoment, one: bool) -> Element:
    """A machine with its address, and the address of its card; where servers are anycast, a plate has the former."""
    x, y = AT[name]
    top = y - BOX_HEIGHT / 2
    address = ADDRESS if name in SERVERS else DESK_ADDRESS if one else DESK_ELSEWHERE
    said, state = ("no address yet", " nl-silent-box") if moment.silent == name else (address, "")
    card, state = ("off", " nl-down") if moment.down == name else (CARDS[name], state)
    parts = (
        rect(x, y, BOX_WIDTH, BOX_HEIGHT, 11, "nl-shape"),
        text(x, top + 17, f"Server {name}" if name in SERVERS else name),
        text(x, top + 47, said, "nl-address" + hidden(one or name not in SERVERS), key=("address", name)),
        text(x, top + 78, card, "nl-card-of", key=("card", name)),
    )
    return element("g", *parts, key=("machine", name), class_="nl-node nl-host" + state)


def _router(name: str, seen: bool) -> Element:
    x, y = AT[name]
    circle = element("circle", cx=x, cy=y, r=26, class_="nl-shape")
    return element("g", circle, text(x, y, name), key=("router", name), class_="nl-node" + hidden(seen))


def _plate(server: str, moment: StoryMoment, seen: bool) -> Element:
    """The sign of an anycast address at a server that announces it."""
    state = "nl-hidden" if not seen else "nl-gone" if moment.down == server else ""
    return shared_plate(*AT[server], ADDRESS, state, key=("plate", server))


def _frames(moment: StoryMoment, one: bool) -> Iterable[Element]:
    """The way of what is sent at this moment, to one or two machines, with an arrow head where it arrives."""
    for place, sent in enumerate((*moment.sent, None, None)[:2]):
        path, x, y, turn = "", 0.0, 0.0, 0.0
        if sent:
            points = _points(moment, *sent, one)
            path = "M" + "L".join(f"{number(px)} {number(py)}" for px, py in points)
            (x, y), (bx, by) = points[-1], points[-2]
            turn = degrees(atan2(y - by, x - bx))
        kind = f" nl-frame-{moment.kind}" if moment.kind in ("data", "lost") else ""
        state = f"nl-frame{kind}" + hidden(path)
        yield element("path", key=("frame", place), d=path or "M0 0", class_=state)
        head = state.replace("nl-frame", "nl-head", 1)
        yield element("path", key=("head", place), d="M-14 -9L2 0L-14 9Z", transform=moved(x, y, turn), class_=head)


def _points(moment: StoryMoment, sender: str, to: str, one: bool) -> list[Point]:
    """The corners of the way, from the edge of the sender to the edge of whoever gets it."""
    if one:
        (x1, y1), (x2, y2) = AT[sender], AT[to]
        edge = BOX_HEIGHT / 2
        start, end = (y - edge if y > BUS_Y else y + edge for y in (y1, y2))
        # Between two servers the way runs along the upper edge of the bar, so that the one to Desk does not hide it.
        across = BUS_Y - (7 if y1 < BUS_Y and y2 < BUS_Y else 0)
        return [(x1, start), (x1, across), (x2, across), (x2, end)]
    nodes = moment.way or tuple(dict.fromkeys((sender, BEHIND[sender], to)))  # up to its own router, or one beyond
    first, *between, last = (AT[node] for node in nodes)
    return [_towards(nodes[0], (*between, last)[0]), *between, _towards(nodes[-1], (first, *between)[-1])]


def _towards(node: str, other: Point) -> Point:
    """The place on the edge of a node from which a straight way to the other begins."""
    x, y = AT[node]
    right, down = other[0] - x, other[1] - y
    if node.startswith("R"):
        length = hypot(right, down)
        return x + 28 * right / length, y + 28 * down / length
    if abs(right) < 1:
        return x, y + copysign(BOX_HEIGHT / 2, down)
    return x + copysign(BOX_WIDTH / 2, right), other[1]


def _belief(moment: StoryMoment, one: bool) -> Element:
    """What is believed of the address: Desk's ARP cache on one link, R1's table on different ones."""
    title, said = ("Desk’s ARP cache", "empty") if one else ("R1’s table", "no entry yet")
    if server := moment.believed:
        said = f"{ADDRESS}: {CARDS[server].removeprefix('card ')}" if one else f"{ADDRESS}/32: via {BEHIND[server]}"
    paper = rect(168, 476, 260, 60, 6, "nl-paper")
    return element(
        "g", paper, text(168, 462, title, "nl-card-of", key="belief-title"), text(168, 488, said, key="belief")
    )


def _bubble(moment: StoryMoment) -> Element:
    x, y = BUBBLES.get(moment.sender, (0, 0))
    reach = pill_width(moment.bubble) / 2 + 2  # it stays in the drawing
    state = (" nl-alarm" if moment.kind == "lost" else "") + hidden(moment.bubble)
    return pill(min(max(x, reach), WIDTH - reach), y, moment.bubble, state, "bubble")
