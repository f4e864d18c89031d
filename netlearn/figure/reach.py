"""Who can reach this door: a listener bound to one address or many, and who gets in from inside, the LAN and beyond.

Each asker dials every address of the laptop that it could know. `netlearn.dial` says what becomes of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from netlearn.bind import bind
from netlearn.dial import Answer, Outcome, dial
from netlearn.errors import UnknownName, listed, shown
from netlearn.figure.machine import FAR, LAN4, LAN6, LINK_LOCAL, ME, NEIGHBOUR, PORT, SERVER, world
from netlearn.figure.markup import Element, View, element, keyed
from netlearn.figure.signs import ring
from netlearn.hoststack import Binding, World
from netlearn.travel import Where

# What the reader can bind the door to, and what that is.
BOUND = {
    "127.0.0.1": "the loopback address that everybody knows",
    "127.0.0.2": "another address of 127.0.0.0/8",
    LAN4: "the laptop’s own address on the LAN",
    "0.0.0.0": "every IPv4 address",
    "::1": "the loopback address of IPv6",
    LAN6: "the laptop’s own IPv6 address",
    f"{LINK_LOCAL}%eth0": "its link-local address",
    "::": "every address, of IPv4 too",
    ":: v6only": "every IPv6 address",
    "/run/door.sock": "a Unix socket, a file",
}
UNIX = "/run/door.sock"
ASKERS = {"inside": ME, "LAN": NEIGHBOUR, "beyond": FAR}
PLACES = {
    "inside": "inside this machine",
    "LAN": "on the same LAN",
    "beyond": "beyond the router",
}
TOLD = {
    Outcome.REFUSED: "is refused",
    Outcome.UNREACHABLE: "is told that it cannot be reached",
    Outcome.LOST: "waits in vain",
    Outcome.ANSWER_LOST: "never hears the answer",
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of all that one asker dialled: the addresses that let it in, and the best failure if none did."""

    by: tuple[str, ...]
    failed: Answer | None = None

    @property
    def gets_in(self) -> bool:
        """Whether any address let the asker in."""
        return bool(self.by)


def check(bound: str) -> None:
    """Raise `UnknownName` unless the door can be bound to this here."""
    if bound not in BOUND:
        raise UnknownName(f"the door is not bound to {shown(bound)} here; there are {listed(BOUND)}")


def view(bound: str) -> View:
    """What every changeable part of the figure looks like."""
    return keyed(body(bound))


def attempts(bound: str) -> dict[str, Attempt]:
    """For each place of `ASKERS`, who gets in by which addresses. Raises `UnknownName`."""
    check(bound)
    if bound == UNIX:
        return {place: Attempt((UNIX,) if place == "inside" else ()) for place in ASKERS}
    wide = _world(bound)
    return {place: _attempt(wide, place, bound) for place in ASKERS}


def _world(bound: str) -> World:
    plain, _, v6only = bound.partition(" ")
    hosts = world()
    return hosts.with_host(bind(hosts.host(ME), Binding(SERVER, "tcp", plain, PORT, v6only=bool(v6only))))


def _attempt(wide: World, place: str, bound: str) -> Attempt:
    answers = {to: dial(wide, ASKERS[place], to, PORT) for to in _dialled(place, bound)}
    by = tuple(to for to, answer in answers.items() if answer.outcome is Outcome.ANSWERED and answer.reached == ME)
    return Attempt(by, None if by else next(iter(answers.values())))


def _dialled(place: str, bound: str) -> Iterator[str]:
    """What an asker dials, first what tells most if it fails. From elsewhere 127.0.0.1 is another machine's own."""
    version6 = bound.startswith((":", "2", "f"))
    link_local = f"{LINK_LOCAL}%eth0"
    if place == "inside":
        if not version6 or bound == "::":
            yield from dict.fromkeys((*([bound] if bound in ("127.0.0.2",) else []), "127.0.0.1", LAN4))
        if version6:
            yield from ("::1", LAN6, link_local)
    elif bound == link_local:
        yield from (link_local, LAN6)
    else:
        if not version6 or bound == "::":
            yield LAN4
        if version6:
            yield LAN6
            if place == "LAN":
                yield link_local


def claim(bound: str, found: dict[str, Attempt]) -> str:
    """What the picture claims."""
    what = "A Unix socket" if bound == UNIX else f"Bound to {bound}, the door"
    names = [place for place in ASKERS if found[place].gets_in]
    if names == ["inside"]:
        return f"{what} opens to the inside only"
    if names == ["inside", "LAN"]:
        return f"{what} opens to this machine and its own link, no further"
    if len(names) == len(ASKERS):
        return f"{what} opens to everyone: inside, the LAN and beyond"
    return f"{what} opens to {listed(PLACES[place] for place in names)}"


def reason(place: str, bound: str, attempt: Attempt) -> str:
    """Why an asker gets in, or why not, in a sentence or two."""
    if bound == UNIX:
        if place == "inside":
            return (
                f"Yes: a program that may open the file {UNIX}. No address and no interface is involved, not even lo."
            )
        return "No: a file of this machine is no address, so there is nothing to dial."
    if attempt.gets_in:
        through = {
            "inside": "through lo",
            "LAN": "through the LAN and eth0",
            "beyond": "through the router, the LAN and eth0",
        }[place]
        return f"Yes: by {_or(attempt.by)}, {through}."
    failed = attempt.failed
    assert failed is not None
    end = failed.end
    assert end is not None
    said = f"No: whoever dials {failed.destination} {TOLD[failed.outcome]}. On {end.host}, {end.reason}"
    if bound.startswith("127.") or bound == "::1":
        said += f" And {bound}, dialled there, is {ASKERS[place]}’s own."
    return said


def _or(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def words(bound: str) -> str:
    """The picture in words."""
    found = attempts(bound)
    told = " ".join(f"{_upper(PLACES[place])}: {_lower(reason(place, bound, found[place]))}" for place in ASKERS)
    return f"{claim(bound, found)}. {told}"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def body(bound: str, predict: str = "") -> Element:
    """The live figure: what the door is bound to, a prediction, the picture, and why."""
    found = attempts(bound)
    parts = [
        _choices(bound),
        *([_prediction(predict)] if predict else []),
        element("p", claim(bound, found), key="title", class_="nl-title"),
        element("div", drawing(bound, found), class_="nl-scroll", tabindex=0, role="group", aria_label="Picture"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element("ul", *(_why(place, bound, found[place]) for place in ASKERS), class_="nl-whys", data_part="whys"),
        element(
            "p",
            f"A TCP door on port {PORT}; no firewall, and a router that forwards. The laptop is {LAN4} and {LAN6}.",
            class_="nl-hint",
        ),
    ]
    return element("div", *parts, class_="nl-reaching")


def _choices(bound: str) -> Element:
    """What the door is bound to: radio buttons, which the arrow keys go through."""
    choices = (
        element(
            "label",
            element("input", type="radio", name="bound", value=each, checked=each == bound),
            element("span", element("code", each), element("small", what)),
            class_="nl-choice",
        )
        for each, what in BOUND.items()
    )
    return element("fieldset", element("legend", "The door is bound to"), element("div", *choices), class_="nl-bounds")


def _prediction(name: str) -> Element:
    """Three guesses for whatever is chosen, and a way past them."""
    guesses = (
        element("button", _upper(PLACES[place]), type="button", aria_pressed="false", data_guess=place)
        for place in ASKERS
    )
    return element(
        "div",
        element("p", "Who will get in? Choose all that will, then look.", data_part="question"),
        element(
            "div",
            *guesses,
            element("button", "Show who gets in", type="button", class_="nl-go", data_do="show"),
            element("button", "Skip the predictions", type="button", class_="nl-quiet", data_do="skip"),
            class_="nl-options",
        ),
        element("p", class_="nl-verdict", role="status", data_part="verdict"),
        class_="nl-predict",
        role="group",
        aria_label="Your prediction",
        data_prediction=name,
    )


def _why(place: str, bound: str, attempt: Attempt) -> Element:
    sign = "✓" if attempt.gets_in else "✗"
    return element(
        "li",
        element("span", sign, key=("sign", place), class_="nl-sign", aria_hidden="true"),
        " ",
        element("b", f"{_upper(PLACES[place])}: "),
        element("span", reason(place, bound, attempt), key=("why", place)),
        key=("item", place),
        class_="nl-yes" if attempt.gets_in else "nl-no",
        data_place=place,
        data_in="yes" if attempt.gets_in else "no",
    )


def still_table() -> Element:
    """Every door and who gets in, as a table."""
    head = element("tr", *(element("th", cell, scope="col") for cell in ("Bound to", *map(_upper, PLACES.values()))))
    rows = []
    for bound, what in BOUND.items():
        found = attempts(bound)
        cells = (element("td", "✓ yes" if found[place].gets_in else "✗ no") for place in ASKERS)
        rows.append(element("tr", element("th", f"{bound} ({what})", scope="row"), *cells))
    caption = element("caption", "Who gets in, by what the door is bound to")
    table = element("table", caption, element("thead", head), element("tbody", *rows))
    return element("div", table, class_="nl-panel", tabindex=0, role="group", aria_label="Table")


# ---- The drawing

UNTOLD = "The laptop, its LAN and the far host. The list below says who gets in."  # a guess comes first
WIDTH, HEIGHT, TOP = 720, 300, 24
# The way of each asker to the door, and where a way that fails ends: by the host and the place of its last step.
WAYS = {
    "inside": ((110, 128), (110, 214)),
    "LAN": ((482, 98), (428, 98), (428, 232), (282, 232)),
    "beyond": ((590, 252), (282, 252)),
}


def drawing(bound: str, found: dict[str, Attempt], label: str = "") -> Element:
    """The machine, its LAN and what lies beyond, with the way of everyone who asks."""
    parts = [
        _box(12, 34, 330, 280, "nl-host", rx=14),
        _text(177, 54, "this laptop", "nl-strong"),
        element("path", d="M356 242L470 242", class_="nl-line"),
        element("path", d="M428 98L482 98", class_="nl-line"),
        element("path", d="M530 242L590 242", class_="nl-line"),
        element("rect", x=423, y=70, width=10, height=230, rx=5, class_="nl-lan-bar"),
        _text(428, 54, "LAN", "nl-small"),
        *(_way(place, bound, found[place]) for place in ASKERS),
        element("circle", cx=110, cy=170, r=19, class_="nl-ground"),
        element("g", ring(110, 170), key="lo", class_="nl-signs" + (" nl-unused" if bound == UNIX else "")),
        _box(24, 78, 176, 50, "nl-asker"), _text(112, 95, "a program"), _text(112, 114, "inside", "nl-small"),
        _box(24, 214, 258, 56, "nl-door-box"), _text(153, 231, "the door", "nl-strong"),
        element("text", _label(bound), x=153, y=253, class_="nl-small", key="label"),
        _box(312, 222, 58, 40, "nl-nic"), _text(341, 242, "eth0", "nl-small"),
        _box(482, 72, 150, 52, "nl-asker"), _text(557, 89, "neighbour"), _text(557, 108, "192.0.2.20", "nl-small"),
        element("circle", cx=500, cy=242, r=32, class_="nl-shape"), _text(500, 242, "router", "nl-small"),
        _box(590, 216, 122, 52, "nl-asker"), _text(651, 233, "far host"), _text(651, 252, "198.51.100.99", "nl-small"),
        *(_lamp(place, found[place]) for place in ASKERS),
    ]  # fmt: skip
    return element(
        "svg", *parts, xmlns="http://www.w3.org/2000/svg", viewBox=f"0 {TOP} {WIDTH} {HEIGHT}",
        class_="nl-net nl-machine nl-reach-net", role="img", aria_label=label or UNTOLD,
    )  # fmt: skip


def _label(bound: str) -> str:
    if bound == UNIX:
        return f"unix {UNIX}"
    plain = bound.partition(" ")[0]
    host = f"[{plain}]" if ":" in plain else plain
    return f"tcp {host}:{PORT}" + (", IPv6 only" if "v6only" in bound else "")


def _way(place: str, bound: str, attempt: Attempt) -> Element:
    """The asker's way: whole with an arrow, or broken off with a cross where it ends."""
    points = [*WAYS[place]]
    if not attempt.gets_in:
        points = _broken(place, bound, attempt)
    (x, y), (before_x, before_y) = points[-1], points[-2]
    line = "M" + "L".join(f"{px} {py}" for px, py in points)
    if attempt.gets_in:
        right, down = (x > before_x) - (x < before_x), (y > before_y) - (y < before_y)
        back_x, back_y = x - 12 * right, y - 12 * down
        mark = f"M{back_x - 7 * down} {back_y - 7 * right}L{x} {y}L{back_x + 7 * down} {back_y + 7 * right}"
    else:
        mark = f"M{x - 8} {y - 8}L{x + 8} {y + 8}M{x - 8} {y + 8}L{x + 8} {y - 8}"
    state = "nl-gets-in" if attempt.gets_in else "nl-fails"
    return element(
        "g",
        element("path", d=line, key=("way", place), class_=f"nl-reach-way {state}"),
        element("path", d=mark, key=("mark", place), class_=f"nl-reach-mark {state}"),
        class_="nl-answer",
    )


def _broken(place: str, bound: str, attempt: Attempt) -> list[tuple[int, int]]:
    """The way as far as the packet came: to the laptop, to its card, or not even away."""
    points = [*WAYS[place]]
    end = attempt.failed.end if attempt.failed else None
    x, y = points[-1]
    if end is None or end.host == ASKERS[place]:  # it never left, or there was nothing to dial
        x, y = points[0]
        return [(x, y), (x - 24, y)]
    if end.host == ME and end.where is Where.SOCKET:
        return [*points[:-1], (298, y)]
    return [*points[:-1], (390, y)] if end.host == ME else [*points[:-1], (450, y)]


def _lamp(place: str, attempt: Attempt) -> Element:
    x, y = {"inside": (200, 78), "LAN": (632, 72), "beyond": (702, 214)}[place]
    sign = "M-7 0L-2 6L8 -6" if attempt.gets_in else "M-6 -6L6 6M-6 6L6 -6"
    return element(
        "g",
        element("circle", cx=x, cy=y, r=15, class_="nl-lamp-ground"),
        element("path", d=sign, transform=f"translate({x} {y})", key=("tick", place)),
        key=("lamp", place),
        class_=f"nl-answer nl-lamp {'nl-gets-in' if attempt.gets_in else 'nl-fails'}",
    )


def _box(x: float, y: float, width: float, height: float, class_: str, rx: float = 8) -> Element:
    return element("rect", x=x, y=y, width=width, height=height, rx=rx, class_=f"nl-shape {class_}")


def _text(x: float, y: float, text: str, class_: str = "") -> Element:
    return element("text", text, x=x, y=y, class_=class_ or None)
