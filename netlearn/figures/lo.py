"""Pictures of `lo`: a ring inside a machine, which is where whatever it is given comes back.

Each draws hosts of `netlearn.host.host`, and asks `netlearn.host.dial` which way a program's packet goes: an arrow is
whole where it is answered, and ends with a cross where it is not. They stand still; what a reader can change is in
`reach` and `packet_path`.

Each is drawn once. Where there is little room its pieces stand elsewhere, below each other (`piece`); only lines that
join pieces are drawn twice, one of which is seen (`lying`, `upright`).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import box, named_box, text
from netlearn.drawing.still import Picture, image
from netlearn.figures.common.controls import folded, paragraph
from netlearn.figures.pictures.frame import arrow, framed, lying, machine, piece, ring_of_lo, state, upright
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.host.laptop import FAR, ME, NEIGHBOUR, ROUTER, world


def kernel(caption: str = "") -> Picture:
    """Where `lo` is: in the kernel, as eth0 is, but without a card below it and a cable behind."""
    parts = [
        *machine((12, 12, 540, 300), (6, 12, 324, 300)),
        piece(-114, 0, text(282, 30, "your machine", "nl-strong")),
        piece(208, 0, text(75, 76, "programs", "nl-small")), piece(-22, 34, text(64, 172, "kernel", "nl-small")),
        piece(-22, 0, text(76, 268, "hardware", "nl-small")),
        lying(element("path", d="M24 124H540M24 220H540", class_="nl-line nl-layer")),
        upright(element("path", d="M16 124H320M16 220H320", class_="nl-line nl-layer")),
        piece(
            -122, 0,
            *named_box(140, 54, 110, 44, "nl-asker", "browser"),
            *named_box(270, 54, 90, 44, "nl-asker", "cupsd"),
            *ring_of_lo(255, 172),
            *arrow([(195, 98), (195, 172), (228, 172)], True), *arrow([(282, 172), (315, 172), (315, 98)], True),
        ),
        piece(
            -216, 0,
            *named_box(420, 150, 90, 44, "nl-asker", "eth0"),
            *named_box(395, 244, 140, 48, "nl-nic", "network card"),
            element("path", d="M465 194V244", class_="nl-line"),
        ),
        lying(element("path", d="M535 268H708", class_="nl-line")),
        upright(element("path", d="M249 292V356", class_="nl-line")),
        piece(-446, 84, text(630, 252, "cable, radio", "nl-small")),
        piece(-381, 82, text(630, 288, "to the others", "nl-small")),
    ]  # fmt: skip
    words = (
        "A machine in three layers. Programs: a browser and cupsd. Kernel: lo, a closed ring, and eth0. Hardware: the "
        "network card, below eth0, with the cable that leaves the machine. What the browser sends to cupsd goes into "
        "the ring and comes back up. Nothing connects lo to the hardware."
    )
    return framed(parts, (324, 386), "lo is a ring in the kernel: no card below it, no cable behind", words, caption)


def everywhere(caption: str = "") -> Picture:
    """Several machines on one LAN, each of which has 127.0.0.1 and reaches by it itself."""
    names, server = (ME, NEIGHBOUR, ROUTER), (Binding("server", "tcp", "127.0.0.1", 8080),)
    hosts = (replace(host, bindings=server) if host.name in names else host for host in world().hosts)
    wide = World(tuple(hosts))
    parts: list[Element] = [
        lying(element("rect", x=20, y=262, width=680, height=10, rx=5, class_="nl-lan-bar")),
        upright(element("rect", x=300, y=12, width=10, height=708, rx=5, class_="nl-lan-bar")),
        piece(-84, -266, text(360, 292, "LAN", "nl-small")),
    ]
    reached = []
    for place, name in enumerate(names):
        x = 20 + 234 * place
        answer = dial(wide, name, "127.0.0.1", 8080)
        reached.append(f"{name} reaches {'itself' if answer.reached == name else answer.reached}")
        (eth0,) = {str(each.ip) for each in wide.host(name).interface("eth0").given(4)}
        below = 240 * place
        inside = [
            box(x, 12, 212, 204, "nl-host", rx=14), text(x + 106, 30, name.removeprefix("the "), "nl-strong"),
            *named_box(x + 12, 52, 82, 40, "nl-asker", "program", "nl-small"),
            *named_box(x + 118, 52, 82, 40, "nl-asker", "server", "nl-small"),
            *ring_of_lo(x + 106, 132),
            text(x + 106, 176, "127.0.0.1", "nl-strong"),
            *arrow([(x + 53, 92), (x + 53, 132), (x + 79, 132)], answer.reached == name),
            *arrow([(x + 133, 132), (x + 159, 132), (x + 159, 92)], answer.outcome is DialOutcome.ANSWERED),
        ]  # fmt: skip
        parts += [
            upright(element("path", d=f"M{12 + 142} {below + 225}H305", class_="nl-line")),
            piece(12 - x, below, *inside, *named_box(x + 70, 196, 72, 36, "nl-nic", "eth0", "nl-small")),
            lying(element("path", d=f"M{x + 106} 232V262", class_="nl-line")),
            piece(36 - x, below - 4, text(x + 164, 244, eth0, "nl-small")),
        ]
    words = (
        f"Three machines on one LAN: {', '.join(names)}. Each has a ring, lo, with the address 127.0.0.1, and an eth0 "
        f"with an address of its own. A program that dials 127.0.0.1: {'; '.join(reached)}."
    )
    title = "The same address three times, and no conflict: no ring touches the cable"
    return framed(parts, (304, 736), title, words, caption)


def _from_outside(near: bool, far: bool) -> tuple[Element, Element]:
    """The ways of the two askers outside, lying and upright: under eth0, which is no wall, into the laptop."""
    corner, above = [(568, 216), (456, 216)], [(120, 390), (120, 308)]
    return (
        lying(*arrow([(590, 188), (568, 188), *corner], near), *arrow([(590, 244), (568, 244), *corner], far)),
        upright(*arrow([(75, 406), (75, 390), *above], near), *arrow([(249, 406), (249, 390), *above], far)),
    )


def audience(caption: str = "") -> Picture:
    """Who gets to a door on 127.0.0.1: whoever is inside, whatever they are, and nobody outside."""
    wide = world((Binding("database", "tcp", "127.0.0.1", 5432),))
    inside = dial(wide, ME, "127.0.0.1", 5432).outcome is DialOutcome.ANSWERED
    outside = [dial(wide, name, "192.0.2.10", 5432).outcome is DialOutcome.ANSWERED for name in (NEIGHBOUR, FAR)]
    askers = ("your own program", "another user’s program", "a web page in a browser")
    way = f"nl-reach-way {state(inside)}"
    parts = [
        *machine((12, 12, 500, 238), (6, 12, 324, 336)),
        piece(-94, 0, text(262, 30, "this laptop", "nl-strong")),
        piece(
            -8, 0,
            *(part for row, asker in enumerate(askers)
              for part in named_box(26, 52 + 58 * row, 224, 44, "nl-asker", asker, "nl-small")),
        ),
        lying(element("path", d="M250 74H266V190H250", class_=way), *arrow([(250, 132), (289, 132)], inside)),
        upright(element("path", d="M242 132H278M242 190H278", class_=way),
                *arrow([(242, 74), (278, 74), (278, 239)], inside)),
        piece(-38, 134, *ring_of_lo(316, 132)),
        lying(*arrow([(344, 132), (382, 132)], inside)),
        upright(*arrow([(251, 266), (176, 266)], inside)),
        piece(
            -322, 134,
            box(382, 108, 116, 48, "nl-door-box"), text(440, 124, "database", "nl-strong"),
            text(440, 143, "127.0.0.1", "nl-small"),
        ),
        *_from_outside(*outside),
        piece(-391, 132, *named_box(482, 196, 58, 40, "nl-nic", "eth0", "nl-small")),
        piece(-574, 240, *named_box(590, 166, 118, 44, "nl-asker", "neighbour", "nl-small")),
        piece(-400, 184, *named_box(590, 222, 118, 44, "nl-asker", "far host", "nl-small")),
    ]  # fmt: skip
    words = (
        f"A database on 127.0.0.1 of this laptop. Inside, {', '.join(askers)} all reach it through lo. From outside, "
        "the neighbour and the far host do not: they come in by eth0, and the kernel refuses them."
    )
    title = "A door on 127.0.0.1: closed to other machines, open to everybody inside"
    return framed(parts, (276, 460), title, words, caption)


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
    drawn, before = (framed(_rooms(answered, tells), (360, 540), title, words, caption) for tells in (True, False))
    return Asked(drawn.svg, title, words, caption, asks, before.svg)


def _rooms(answered: dict[str, bool], tells: bool) -> Iterator[Element]:
    """The laptop and the two rooms in it, who calls, and, if it `tells`, what becomes of that."""
    yield from machine((12, 12, 590, 336), (6, 44, 324, 488))
    yield piece(-24, 38, text(120, 30, "the laptop", "nl-strong"))
    for x, to, down, name in ((28, 14, 0, ME), (222, 12, 180, "red"), (400, 170, 180, "blue")):
        yield piece(to - x, down, *_room(x, name, answered[name], tells))
    yield lying(
        element("rect", x=60, y=310, width=486, height=10, rx=5, class_="nl-lan-bar"),
        element("path", d="M300 286V310M478 286V310M630 180H708", class_="nl-line"),
    )
    yield upright(
        element("rect", x=16, y=490, width=304, height=10, rx=5, class_="nl-lan-bar"),
        element("path", d="M90 466V490M248 466V490M268 25V4", class_="nl-line"),
    )
    yield piece(-72, 181, text(240, 334, "bridge0: a LAN inside the laptop", "nl-small"))
    yield piece(-333, -136, *named_box(572, 161, 58, 38, "nl-nic", "eth0", "nl-small"))
    yield piece(-466, -146, text(668, 162, "to others", "nl-small"))


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
    yield from (*ring_of_lo(x + 77, 166), text(x + 77, 210, "127.0.0.1", "nl-small"))
    if answered:
        yield from arrow([(x + 37, 122), (x + 37, 166), (x + 50, 166)], True)
        yield from arrow([(x + 104, 166), (x + 121, 166), (x + 121, 122)], True)
    else:
        yield from arrow([(x + 37, 122), (x + 37, 166), (x + 48, 166)], False, head=False)
        yield from arrow([(x + 106, 166), (x + 124, 166)], False)


def rooms() -> World:
    """The laptop with the containers red and blue on it, and a server on 127.0.0.1 in red."""
    me = Host(ME, (LO, Interface("bridge0", ("198.51.100.1/24",), link="inside")), forwards=True)
    red = Host("red", (LO, Interface("eth0", ("198.51.100.2/24",), link="inside")), (default("198.51.100.1"),))
    blue = Host("blue", (LO, Interface("eth0", ("198.51.100.3/24",), link="inside")), (default("198.51.100.1"),))
    return World((me, replace(red, bindings=(Binding("server", "tcp", "127.0.0.1", 8001),)), blue))
