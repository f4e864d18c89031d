"""Pictures of `lo`: a ring inside a machine, which is where whatever it is given comes back.

Each draws hosts of `netlearn.host.host`, and asks `netlearn.host.dial` which way a program's packet goes: an arrow is
whole where it is answered, and ends with a cross where it is not. They stand still; what a reader can change is in
`reach` and `packet_path`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import Point, box, end_mark, named_box, svg, text, through
from netlearn.drawing.still import Picture
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.host.laptop import FAR, ME, NEIGHBOUR, ROUTER, world

WIDTH = 720


def kernel(caption: str = "") -> Picture:
    """Where `lo` is: in the kernel, as eth0 is, but without a card below it and a cable behind."""
    parts = [
        box(12, 12, 540, 300, "nl-host", rx=14),
        text(282, 30, "your machine", "nl-strong"),
        text(72, 76, "programs", "nl-small"), text(64, 172, "kernel", "nl-small"),
        text(76, 268, "hardware", "nl-small"),
        element("path", d="M24 124H540M24 220H540", class_="nl-line nl-layer"),
        *named_box(140, 54, 110, 44, "nl-asker", "browser"),
        *named_box(270, 54, 90, 44, "nl-asker", "cupsd"),
        *_lo(255, 172),
        *named_box(420, 150, 90, 44, "nl-asker", "eth0"),
        *named_box(395, 244, 140, 48, "nl-nic", "network card"),
        element("path", d="M465 194V244M535 268H708", class_="nl-line"),
        text(630, 252, "cable, radio", "nl-small"), text(630, 288, "to the others", "nl-small"),
        *_arrow([(195, 98), (195, 172), (228, 172)], True), *_arrow([(282, 172), (315, 172), (315, 98)], True),
    ]  # fmt: skip
    words = (
        "A machine in three layers. Programs: a browser and cupsd. Kernel: lo, a closed ring, and eth0. Hardware: the "
        "network card, below eth0, with the cable that leaves the machine. What the browser sends to cupsd goes into "
        "the ring and comes back up. Nothing connects lo to the hardware."
    )
    return _picture(parts, 324, "lo is a ring in the kernel: no card below it, no cable behind", words, caption)


def everywhere(caption: str = "") -> Picture:
    """Several machines on one LAN, each of which has 127.0.0.1 and reaches by it itself."""
    names, server = (ME, NEIGHBOUR, ROUTER), (Binding("server", "tcp", "127.0.0.1", 8080),)
    hosts = (replace(host, bindings=server) if host.name in names else host for host in world().hosts)
    wide = World(tuple(hosts))
    parts: list[Element] = [element("rect", x=20, y=262, width=680, height=10, rx=5, class_="nl-lan-bar"),
                            text(360, 292, "LAN", "nl-small")]  # fmt: skip
    reached = []
    for x, name in zip((20.0, 254.0, 488.0), names, strict=True):
        answer = dial(wide, name, "127.0.0.1", 8080)
        reached.append(f"{name} reaches {'itself' if answer.reached == name else answer.reached}")
        (eth0,) = {str(each.ip) for each in wide.host(name).interface("eth0").given(4)}
        parts += [
            box(x, 12, 212, 204, "nl-host", rx=14), text(x + 106, 30, name.removeprefix("the "), "nl-strong"),
            *named_box(x + 12, 52, 82, 40, "nl-asker", "program", "nl-small"),
            *named_box(x + 118, 52, 82, 40, "nl-asker", "server", "nl-small"),
            *_lo(x + 106, 132),
            text(x + 106, 176, "127.0.0.1", "nl-strong"),
            *_arrow([(x + 53, 92), (x + 53, 132), (x + 79, 132)], answer.reached == name),
            *_arrow([(x + 133, 132), (x + 159, 132), (x + 159, 92)], answer.outcome is DialOutcome.ANSWERED),
            *named_box(x + 70, 196, 72, 36, "nl-nic", "eth0", "nl-small"),
            element("path", d=f"M{x + 106} 232V262", class_="nl-line"),
            text(x + 164, 244, eth0, "nl-small"),
        ]  # fmt: skip
    words = (
        f"Three machines on one LAN: {', '.join(names)}. Each has a ring, lo, with the address 127.0.0.1, and an eth0 "
        f"with an address of its own. A program that dials 127.0.0.1: {'; '.join(reached)}."
    )
    title = "The same address three times, and no conflict: no ring touches the cable"
    return _picture(parts, 304, title, words, caption)


def audience(caption: str = "") -> Picture:
    """Who gets to a door on 127.0.0.1: whoever is inside, whatever they are, and nobody outside."""
    wide = world((Binding("database", "tcp", "127.0.0.1", 5432),))
    inside = dial(wide, ME, "127.0.0.1", 5432).outcome is DialOutcome.ANSWERED
    outside = [dial(wide, name, "192.0.2.10", 5432).outcome is DialOutcome.ANSWERED for name in (NEIGHBOUR, FAR)]
    askers = ("your own program", "another user’s program", "a web page in a browser")
    parts = [
        box(12, 12, 500, 238, "nl-host", rx=14), text(262, 30, "this laptop", "nl-strong"),
        *(part for row, asker in enumerate(askers)
          for part in named_box(26, 52 + 58 * row, 224, 44, "nl-asker", asker, "nl-small")),
        *(part for row in range(3) for part in _arrow([(250, 74 + 58 * row), (289, 74 + 58 * row)], inside, row == 1)),
        element("path", d="M286 74V190", class_=f"nl-reach-way {_state(inside)}"),
        *_lo(316, 132),
        *_arrow([(344, 132), (382, 132)], inside),
        box(382, 108, 116, 48, "nl-door-box"), text(440, 124, "database", "nl-strong"),
        text(440, 143, "127.0.0.1", "nl-small"),
        *named_box(482, 196, 58, 40, "nl-nic", "eth0", "nl-small"),
        *named_box(590, 166, 118, 44, "nl-asker", "neighbour", "nl-small"),
        *named_box(590, 222, 118, 44, "nl-asker", "far host", "nl-small"),
        *_arrow([(590, 188), (568, 188), (568, 216), (550, 216)], outside[0]),
        *_arrow([(590, 244), (568, 244), (568, 216), (550, 216)], outside[1]),
    ]  # fmt: skip
    words = (
        f"A database on 127.0.0.1 of this laptop. Inside, {', '.join(askers)} all reach it through lo. From outside, "
        "the neighbour and the far host do not: they are refused at the laptop."
    )
    title = "lo shuts out the others’ machines, and nobody who is inside"
    return _picture(parts, 276, title, words, caption)


def containers(caption: str = "") -> Picture:
    """One machine with two containers: three rings, and `localhost` is each one's own."""
    wide = rooms()
    parts = [box(12, 12, 590, 336, "nl-host", rx=14), text(120, 30, "the laptop", "nl-strong")]
    told = []
    for x, name in ((28.0, ME), (214.0, "red"), (392.0, "blue")):
        answer = dial(wide, name, "127.0.0.1", 8001)
        told.append(f"{'on' if name == ME else 'in'} {name} it is {answer.outcome.value}")
        parts += _room(x, name, answer.outcome is DialOutcome.ANSWERED)
    parts += [
        *(box(x, 250, 72, 36, "nl-nic") for x in (264, 442)),
        *(text(x + 36, 268, "eth0", "nl-small") for x in (264, 442)),
        element("rect", x=60, y=310, width=486, height=10, rx=5, class_="nl-lan-bar"),
        text(240, 334, "bridge0: a LAN inside the laptop", "nl-small"),
        element("path", d="M300 286V310M478 286V310M630 180H708", class_="nl-line"),
        *named_box(572, 161, 58, 38, "nl-nic", "eth0", "nl-small"),
        text(668, 162, "to others", "nl-small"),
    ]  # fmt: skip
    words = (
        "A laptop with two containers, red and blue. The laptop, red and blue each have a ring of their own, lo, with "
        "127.0.0.1; a LAN inside the laptop joins them. A server listens on 127.0.0.1 port 8001 in red. Who dials "
        f"that: {'; '.join(told)}."
    )
    title = "One machine, three lo: localhost is whatever room you are in"
    return _picture(parts, 360, title, words, caption)


def _room(x: float, name: str, answered: bool) -> Iterator[Element]:
    """One network namespace: its program, its ring, and the server if there is one."""
    if name != ME:
        yield from (box(x, 44, 172, 224, "nl-room", rx=10), text(x + 86, 62, name, "nl-strong"))
    yield from named_box(x + 8, 82, 70, 40, "nl-asker", "curl", "nl-small")
    yield from (*_lo(x + 82, 166), text(x + 82, 210, "127.0.0.1", "nl-small"))
    if answered:
        yield from named_box(x + 94, 82, 70, 40, "nl-door-box", "server", "nl-small")
        yield from _arrow([(x + 43, 122), (x + 43, 166), (x + 55, 166)], True)
        yield from _arrow([(x + 109, 166), (x + 129, 166), (x + 129, 122)], True)
    else:
        yield from _arrow([(x + 43, 122), (x + 43, 166), (x + 53, 166)], False, head=False)
        yield from _arrow([(x + 111, 166), (x + 128, 166)], False)


def rooms() -> World:
    """The laptop with the containers red and blue on it, and a server on 127.0.0.1 in red."""
    me = Host(ME, (LO, Interface("bridge0", ("198.51.100.1/24",), link="inside")), forwards=True)
    red = Host("red", (LO, Interface("eth0", ("198.51.100.2/24",), link="inside")), (default("198.51.100.1"),))
    blue = Host("blue", (LO, Interface("eth0", ("198.51.100.3/24",), link="inside")), (default("198.51.100.1"),))
    return World((me, replace(red, bindings=(Binding("server", "tcp", "127.0.0.1", 8001),)), blue))


def _picture(parts: Iterable[Element], height: float, title: str, words: str, caption: str) -> Picture:
    return Picture(svg(parts, WIDTH, height, "nl-net nl-machine", words), title, words, caption)


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
