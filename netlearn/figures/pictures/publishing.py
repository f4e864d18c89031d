"""A published port: an outer door at the machine, an inner one at the container, and where the server waits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import listed
from netlearn.drawing.shapes import box, text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.along import said
from netlearn.figures.pictures.frame import arrow, twice
from netlearn.host.dial import dial
from netlearn.host.host import LO, Binding, Host, Interface, World, default
from netlearn.host.laptop import LAN4, ME, NEIGHBOUR, NEIGHBOUR4

RED, BRIDGE = "198.51.100.2", "198.51.100.1"
MOST = 2


@dataclass(frozen=True, slots=True)
class Door:
    """A published port: the outer one, the server inside, and whether a call gets to each."""

    outer: int
    server: Binding
    gets_in: bool
    gets_on: bool


def house(servers: tuple[Binding, ...], forwarders: tuple[Binding, ...]) -> World:
    """The laptop with the container red on it, where the servers wait, and its neighbour on the LAN."""
    outside, inside = Interface("eth0", (f"{LAN4}/24",), link="LAN"), Interface("bridge0", (f"{BRIDGE}/24",), link="in")
    laptop = Host(ME, (LO, outside, inside), bindings=forwarders, forwards=True)
    red = Host("red", (LO, Interface("eth0", (f"{RED}/24",), link="in")), (default(BRIDGE),), servers)
    return World((laptop, red, Host(NEIGHBOUR, (LO, replace(outside, addresses=(f"{NEIGHBOUR4}/24",))))))


def doors(ports: Mapping[int, Binding]) -> list[Door]:
    """Each published port asked in turn: from the neighbour to the outer door, and from the laptop to the inner one."""
    forwarders = tuple(Binding("socat", "tcp", "0.0.0.0", outer) for outer in ports)
    world = house(tuple(ports.values()), forwarders)
    return [
        Door(
            outer,
            server,
            bool(dial(world, NEIGHBOUR, LAN4, outer).listener),
            dial(world, ME, RED, server.port).listener == server,
        )
        for outer, server in ports.items()
    ]


def published(ports: Mapping[int, Binding], caption: str = "") -> Picture:
    """What becomes of a neighbour's call to each published port of the laptop: one or two.

    `ports` has for each outer port the server in the container `red` that it is published for. Who gets where is asked
    of the model of hosts (`netlearn.host.dial`). Raises `NetlearnError` for no port or more than two.

    >>> from netlearn.host import Binding
    >>> published({9001: Binding("server", "tcp", "127.0.0.1", 8001)}).title
    'A published port leads to the container’s own address: a server at 127.0.0.1 is not behind it'
    """
    if not 0 < len(ports) <= MOST:
        raise NetlearnError(f"the picture shows 1 or {MOST} published ports, not {len(ports)}")
    found = doors(ports)
    shut = (
        listed(str(each.server.ip) for each in found if not each.gets_on) if not all(e.gets_on for e in found) else ""
    )
    ends = f"a server at {shut} is not behind it" if shut else "there the server waits"
    title = f"A published port leads to the container’s own address: {ends}"
    words = (
        f"The neighbour calls the laptop at {LAN4}. A program there, socat, takes each call and passes it on to {RED}, "
        f"the address of the container red. {' '.join(map(_in_words, found))}"
    )
    return twice(lambda wide: _drawn(found, wide), (300, 500), title, words, caption)


def _in_words(door: Door) -> str:
    way = f"Outer port {door.outer} leads to port {door.server.port} at {RED}"
    where = f"{door.server.ip} port {door.server.port}"
    if door.gets_in and door.gets_on:
        return f"{way}, where the server at {where} answers."
    return f"{way}, where nobody waits: the server waits at {where}."


def _drawn(found: list[Door], wide: bool) -> Iterator[Element]:
    """The machine, the room in it, and a way for each port."""
    if wide:
        yield from (box(176, 12, 532, 276, "nl-host", rx=14), box(424, 64, 272, 212, "nl-room", rx=10))
        yield from (text(300, 36, "the laptop", "nl-strong"), text(640, 84, "red", "nl-strong"))
        yield from (said(184, 84, LAN4), said(432, 84, RED), text(298, 184, "socat passes calls on", "nl-small"))
    else:
        yield from (box(6, 84, 324, 408, "nl-host", rx=14), box(16, 246, 304, 236, "nl-room", rx=10))
        yield from (text(168, 160, "the laptop", "nl-strong"), text(168, 462, "red", "nl-strong"))
        yield from (text(168, 132, f"at {LAN4}", "nl-small"), text(168, 208, RED, "nl-small"))
    lanes = ((136, 230) if wide else (90, 246))[: len(found)]
    for lane, door in zip(lanes, found, strict=True):
        yield from _way(door, lane, wide)
    yield from _caller(lanes, wide)


def _caller(lanes: tuple[int, ...], wide: bool) -> Iterator[Element]:
    """The neighbour, in the middle of all ways."""
    first, far = lanes[0], lanes[-1] - lanes[0]
    left, top, long, high = (8, first - 22, 96, far + 44) if wide else (first - 48, 6, far + 96, 44)
    yield box(left, top, long, high, "nl-asker")
    yield text(left + long / 2, top + high / 2, NEIGHBOUR.removeprefix("the "), "nl-small")


def _way(door: Door, lane: int, wide: bool) -> Iterator[Element]:
    """From the neighbour to the outer door, to the inner one, to the server; or as far as it gets."""

    def at(along: int) -> tuple[int, int]:
        return (along, lane) if wide else (lane, along)

    (first, outer, inner, server), (here, there, last) = _stations(wide)
    yield from arrow([at(104 if wide else 50), at(first)], door.gets_in)
    yield from _door(*at(outer), str(door.outer), True)
    yield from arrow([at(here), at(there if door.gets_on else there - 12)], door.gets_on)
    yield from _door(*at(inner), str(door.server.port), door.gets_on)
    x, y = at(server)
    if door.gets_on:
        yield from arrow([at(inner + (40 if wide else 20)), at(last)], True)
    yield box(x - 68, y - 28, 136, 56, "nl-door-box" if door.gets_on else "nl-asker")
    yield from (text(x, y - 11, "server at", "nl-small"), text(x, y + 11, f"{door.server.ip}", "nl-strong"))


def _stations(wide: bool) -> tuple[tuple[int, int, int, int], tuple[int, int, int]]:
    """Along a way: the outer door's front, both doors' middles, the server's; then where arrows begin and end."""
    return ((136, 178, 424, 616), (218, 378, 544)) if wide else ((70, 92, 246, 390), (112, 224, 358))


def _door(x: int, y: int, words: str, there: bool) -> Iterator[Element]:
    """A door with its port; one where nobody waits is an outline."""
    yield element("rect", x=x - 40, y=y - 20, width=80, height=40, rx=8,
                  class_="nl-shape nl-door-box" if there else "nl-shape nl-no-door")  # fmt: skip
    yield text(x, y, words if there else "nobody", "nl-strong" if there else "nl-small nl-bad")
