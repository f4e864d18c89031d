"""Pictures of `lo`: a ring inside a machine, which is where whatever it is given comes back.

Each draws hosts of `netlearn.host.host`, and asks `netlearn.host.dial` which way a program's packet goes: an arrow is
whole where it is answered, and ends with a cross where it is not. They stand still; what a reader can change is in
`reach` and `packet_path`.

Each is drawn once. Where there is little room its pieces stand elsewhere, below each other (`_piece`); only lines that
join pieces are drawn twice, one of which is seen (`_lying`, `_upright`).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import Point, box, end_mark, named_box, svg, text, through
from netlearn.drawing.still import Picture, image
from netlearn.figures.common.controls import folded, paragraph
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.host.laptop import FAR, ME, NEIGHBOUR, ROUTER, world

WIDTH = 720
ACROSS = 336  # where there is little room: as wide as a phone shows whole


def kernel(caption: str = "") -> Picture:
    """Where `lo` is: in the kernel, as eth0 is, but without a card below it and a cable behind."""
    parts = [
        *_framed((12, 12, 540, 300), (6, 12, 324, 300)),
        _piece(-114, 0, text(282, 30, "your machine", "nl-strong")),
        _piece(208, 0, text(72, 76, "programs", "nl-small")), _piece(-22, 34, text(64, 172, "kernel", "nl-small")),
        _piece(-22, 0, text(76, 268, "hardware", "nl-small")),
        _lying(element("path", d="M24 124H540M24 220H540", class_="nl-line nl-layer")),
        _upright(element("path", d="M16 124H320M16 220H320", class_="nl-line nl-layer")),
        _piece(
            -122, 0,
            *named_box(140, 54, 110, 44, "nl-asker", "browser"),
            *named_box(270, 54, 90, 44, "nl-asker", "cupsd"),
            *_lo(255, 172),
            *_arrow([(195, 98), (195, 172), (228, 172)], True), *_arrow([(282, 172), (315, 172), (315, 98)], True),
        ),
        _piece(
            -216, 0,
            *named_box(420, 150, 90, 44, "nl-asker", "eth0"),
            *named_box(395, 244, 140, 48, "nl-nic", "network card"),
            element("path", d="M465 194V244", class_="nl-line"),
        ),
        _lying(element("path", d="M535 268H708", class_="nl-line")),
        _upright(element("path", d="M249 292V356", class_="nl-line")),
        _piece(-446, 84, text(630, 252, "cable, radio", "nl-small")),
        _piece(-381, 82, text(630, 288, "to the others", "nl-small")),
    ]  # fmt: skip
    words = (
        "A machine in three layers. Programs: a browser and cupsd. Kernel: lo, a closed ring, and eth0. Hardware: the "
        "network card, below eth0, with the cable that leaves the machine. What the browser sends to cupsd goes into "
        "the ring and comes back up. Nothing connects lo to the hardware."
    )
    return _picture(parts, (324, 386), "lo is a ring in the kernel: no card below it, no cable behind", words, caption)


def everywhere(caption: str = "") -> Picture:
    """Several machines on one LAN, each of which has 127.0.0.1 and reaches by it itself."""
    names, server = (ME, NEIGHBOUR, ROUTER), (Binding("server", "tcp", "127.0.0.1", 8080),)
    hosts = (replace(host, bindings=server) if host.name in names else host for host in world().hosts)
    wide = World(tuple(hosts))
    parts: list[Element] = [
        _lying(element("rect", x=20, y=262, width=680, height=10, rx=5, class_="nl-lan-bar")),
        _upright(element("rect", x=300, y=12, width=10, height=708, rx=5, class_="nl-lan-bar")),
        _piece(-84, -266, text(360, 292, "LAN", "nl-small")),
    ]
    reached = []
    for place, name in enumerate(names):
        x = 20 + 234 * place
        answer = dial(wide, name, "127.0.0.1", 8080)
        reached.append(f"{name} reaches {'itself' if answer.reached == name else answer.reached}")
        (eth0,) = {str(each.ip) for each in wide.host(name).interface("eth0").given(4)}
        below = 240 * place
        machine = [
            box(x, 12, 212, 204, "nl-host", rx=14), text(x + 106, 30, name.removeprefix("the "), "nl-strong"),
            *named_box(x + 12, 52, 82, 40, "nl-asker", "program", "nl-small"),
            *named_box(x + 118, 52, 82, 40, "nl-asker", "server", "nl-small"),
            *_lo(x + 106, 132),
            text(x + 106, 176, "127.0.0.1", "nl-strong"),
            *_arrow([(x + 53, 92), (x + 53, 132), (x + 79, 132)], answer.reached == name),
            *_arrow([(x + 133, 132), (x + 159, 132), (x + 159, 92)], answer.outcome is DialOutcome.ANSWERED),
        ]  # fmt: skip
        parts += [
            _upright(element("path", d=f"M{12 + 142} {below + 225}H305", class_="nl-line")),
            _piece(12 - x, below, *machine, *named_box(x + 70, 196, 72, 36, "nl-nic", "eth0", "nl-small")),
            _lying(element("path", d=f"M{x + 106} 232V262", class_="nl-line")),
            _piece(36 - x, below - 4, text(x + 164, 244, eth0, "nl-small")),
        ]
    words = (
        f"Three machines on one LAN: {', '.join(names)}. Each has a ring, lo, with the address 127.0.0.1, and an eth0 "
        f"with an address of its own. A program that dials 127.0.0.1: {'; '.join(reached)}."
    )
    title = "The same address three times, and no conflict: no ring touches the cable"
    return _picture(parts, (304, 736), title, words, caption)


def _from_outside(near: bool, far: bool) -> tuple[Element, Element]:
    """The ways of the two askers outside, lying and upright."""
    lying = [(568, 216), (550, 216)]
    return (
        _lying(*_arrow([(590, 188), (568, 188), *lying], near), *_arrow([(590, 244), (568, 244), *lying], far)),
        _upright(
            *_arrow([(75, 382), (75, 366), (106, 366), (106, 354)], near),
            *_arrow([(249, 382), (249, 366), (134, 366), (134, 354)], far),
        ),
    )


def audience(caption: str = "") -> Picture:
    """Who gets to a door on 127.0.0.1: whoever is inside, whatever they are, and nobody outside."""
    wide = world((Binding("database", "tcp", "127.0.0.1", 5432),))
    inside = dial(wide, ME, "127.0.0.1", 5432).outcome is DialOutcome.ANSWERED
    outside = [dial(wide, name, "192.0.2.10", 5432).outcome is DialOutcome.ANSWERED for name in (NEIGHBOUR, FAR)]
    askers = ("your own program", "another user’s program", "a web page in a browser")
    way = f"nl-reach-way {_state(inside)}"
    parts = [
        *_framed((12, 12, 500, 238), (6, 12, 324, 312)),
        _piece(-94, 0, text(262, 30, "this laptop", "nl-strong")),
        _piece(
            -8, 0,
            *(part for row, asker in enumerate(askers)
              for part in named_box(26, 52 + 58 * row, 224, 44, "nl-asker", asker, "nl-small")),
            *(part for row in range(3) if row != 1 for part in _arrow([(250, 74 + 58 * row), (289, 74 + 58 * row)],
                                                                      inside, False)),
        ),
        _lying(*_arrow([(250, 132), (289, 132)], inside), element("path", d="M286 74V190", class_=way)),
        _upright(*_arrow([(242, 132), (281, 132)], inside, False), *_arrow([(278, 74), (278, 239)], inside)),
        _piece(-38, 134, *_lo(316, 132)),
        _lying(*_arrow([(344, 132), (382, 132)], inside)),
        _upright(*_arrow([(251, 266), (176, 266)], inside)),
        _piece(
            -322, 134,
            box(382, 108, 116, 48, "nl-door-box"), text(440, 124, "database", "nl-strong"),
            text(440, 143, "127.0.0.1", "nl-small"),
        ),
        _piece(-391, 108, *named_box(482, 196, 58, 40, "nl-nic", "eth0", "nl-small")),
        _piece(-574, 216, *named_box(590, 166, 118, 44, "nl-asker", "neighbour", "nl-small")),
        _piece(-400, 160, *named_box(590, 222, 118, 44, "nl-asker", "far host", "nl-small")),
        *_from_outside(*outside),
    ]  # fmt: skip
    words = (
        f"A database on 127.0.0.1 of this laptop. Inside, {', '.join(askers)} all reach it through lo. From outside, "
        "the neighbour and the far host do not: they are refused at the laptop."
    )
    title = "lo shuts out the others’ machines, and nobody who is inside"
    return _picture(parts, (276, 436), title, words, caption)


@dataclass(frozen=True, slots=True, repr=False)
class Asked(Picture):
    """A picture that is asked for first: what stands in its place until the reader opens it."""

    asks: str = ""
    before: Element | None = None

    def __repr__(self) -> str:
        return f"<Picture: {self.asks}>"

    def _repr_html_(self) -> str:
        assert self.before is not None
        told = [paragraph(self.title, "nl-title"), image(self.svg, self.words)]
        if self.caption:
            told.append(paragraph(self.caption, "nl-caption"))
        fold = folded("Show where each of them gets", *told, class_="nl-later")
        still = element("div", paragraph(self.asks, "nl-title"), image(self.before, self.asks), fold, class_="nl-still")
        return str(element("figure", still, class_="netlearn-figure"))


def containers(caption: str = "") -> Asked:
    """One machine with two containers: three rings, and `localhost` is each one's own. It asks before it tells."""
    wide = rooms()
    told, answered = [], {}
    for name in (ME, "red", "blue"):
        answer = dial(wide, name, "127.0.0.1", 8001)
        told.append(f"{'on' if name == ME else 'in'} {name} it is {answer.outcome.value}")
        answered[name] = answer.outcome is DialOutcome.ANSWERED
    words = (
        "A laptop with two containers, red and blue. The laptop, red and blue each have a ring of their own, lo, with "
        "127.0.0.1; a LAN inside the laptop joins them. A server listens on 127.0.0.1 port 8001 in red. Who dials "
        f"that: {'; '.join(told)}."
    )
    asks = "Three programs call 127.0.0.1, where a server in red waits: how many lo are there, and who is answered?"
    title = "One machine, three lo: localhost is whatever room you are in"
    drawn, before = (_picture(_rooms(answered, tells), (360, 540), title, words, caption) for tells in (True, False))
    return Asked(drawn.svg, title, words, caption, asks, before.svg)


def _rooms(answered: dict[str, bool], tells: bool) -> Iterator[Element]:
    """The laptop and the two rooms in it, who calls, and, if it `tells`, what becomes of that."""
    yield from _framed((12, 12, 590, 336), (6, 44, 324, 488))
    yield _piece(-24, 38, text(120, 30, "the laptop", "nl-strong"))
    for x, to, down, name in ((28, 14, 0, ME), (222, 12, 180, "red"), (400, 170, 180, "blue")):
        yield _piece(to - x, down, *_room(x, name, answered[name], tells))
    yield _lying(
        element("rect", x=60, y=310, width=486, height=10, rx=5, class_="nl-lan-bar"),
        element("path", d="M300 286V310M478 286V310M630 180H708", class_="nl-line"),
    )
    yield _upright(
        element("rect", x=16, y=490, width=304, height=10, rx=5, class_="nl-lan-bar"),
        element("path", d="M90 466V490M248 466V490M268 25V4", class_="nl-line"),
    )
    yield _piece(-72, 181, text(240, 334, "bridge0: a LAN inside the laptop", "nl-small"))
    yield _piece(-333, -136, *named_box(572, 161, 58, 38, "nl-nic", "eth0", "nl-small"))
    yield _piece(-466, -146, text(668, 162, "to others", "nl-small"))


def _room(x: int, name: str, answered: bool, tells: bool) -> Iterator[Element]:
    """One network namespace: its program, the server if there is one, and its ring with the way to it."""
    if name != ME:
        yield from (box(x, 44, 154, 224, "nl-room", rx=10), text(x + 77, 62, name, "nl-strong"))
        yield from named_box(x + 42, 250, 72, 36, "nl-nic", "eth0", "nl-small")
    yield from named_box(x + 5, 82, 64, 40, "nl-asker", "curl", "nl-small")
    if name == "red":
        yield from named_box(x + 85, 82, 64, 40, "nl-door-box", "server", "nl-small")
    if not tells:
        yield text(x + 77, 172, "?", "nl-strong")
        return
    yield from (*_lo(x + 77, 166), text(x + 77, 210, "127.0.0.1", "nl-small"))
    if answered:
        yield from _arrow([(x + 37, 122), (x + 37, 166), (x + 50, 166)], True)
        yield from _arrow([(x + 104, 166), (x + 121, 166), (x + 121, 122)], True)
    else:
        yield from _arrow([(x + 37, 122), (x + 37, 166), (x + 48, 166)], False, head=False)
        yield from _arrow([(x + 106, 166), (x + 124, 166)], False)


def rooms() -> World:
    """The laptop with the containers red and blue on it, and a server on 127.0.0.1 in red."""
    me = Host(ME, (LO, Interface("bridge0", ("198.51.100.1/24",), link="inside")), forwards=True)
    red = Host("red", (LO, Interface("eth0", ("198.51.100.2/24",), link="inside")), (default("198.51.100.1"),))
    blue = Host("blue", (LO, Interface("eth0", ("198.51.100.3/24",), link="inside")), (default("198.51.100.1"),))
    return World((me, replace(red, bindings=(Binding("server", "tcp", "127.0.0.1", 8001),)), blue))


def _picture(parts: Iterable[Element], heights: tuple[float, float], title: str, words: str, caption: str) -> Picture:
    """The picture with its `heights`, lying and where there is little room."""
    lying, upright = heights
    grown = WIDTH / ACROSS
    lift = (lying - grown * upright) / 2  # a drawing that is higher than its frame stands around the frame's middle
    style = f"--nl-across:{ACROSS};--nl-along:{number(upright)};--nl-grow:{grown:.4f};--nl-lift:{number(lift)}px"
    plan = element("g", *parts, class_="nl-plan")
    return Picture(svg([plan], WIDTH, lying, "nl-net nl-machine nl-reflows", words, style=style), title, words, caption)


def _piece(right: float, down: float, *parts: Element) -> Element:
    """What stands together, and so far from here where there is little room."""
    return element("g", *parts, class_="nl-piece", style=f"--nl-to:{number(right)}px,{number(down)}px")


def _lying(*parts: Element) -> Element:
    """What is seen where there is room."""
    return element("g", *parts, class_="nl-lying")


def _upright(*parts: Element) -> Element:
    """What is seen where there is little room."""
    return element("g", *parts, class_="nl-upright")


def _framed(lying: tuple[int, int, int, int], upright: tuple[int, int, int, int]) -> tuple[Element, Element]:
    """The machine around its pieces, in its two sizes."""
    return _lying(box(*lying, "nl-host", rx=14)), _upright(box(*upright, "nl-host", rx=14))


def _lo(x: float, y: float) -> tuple[Element, Element]:
    """The ring, with its name in it."""
    return element("circle", cx=x, cy=y, r=27, class_="nl-shape nl-ring"), text(x, y, "lo", "nl-strong")


def _state(gets_in: bool) -> str:
    return "nl-gets-in" if gets_in else "nl-fails"


def _arrow(points: Sequence[Point], gets_in: bool, head: bool = True) -> list[Element]:
    """A way with an arrow at its end, or with a cross where it fails; without `head` just the way."""
    way = element("path", d=through(points), class_=f"nl-reach-way {_state(gets_in)}")
    mark = element("path", d=end_mark(points, gets_in, 6), class_=f"nl-reach-mark {_state(gets_in)}")
    return [way, mark] if head else [way]
