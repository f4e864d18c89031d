"""The path of a packet through one machine: which table it meets, whether it takes `lo` or the card, who gets it.

`netlearn.dial` finds the way and says why at each step; here each step has its place in the picture. The way there is
drawn whole, the way back dashed, and where a packet ends there is a cross.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from netlearn.bind import bind
from netlearn.dial import Answer, Outcome, dial
from netlearn.errors import UnknownName, listed, shown
from netlearn.figure.machine import ETH0, LAN4, ME, NEIGHBOUR, NEIGHBOUR4, PORT, SERVER, world
from netlearn.figure.markup import Element, View, element, keyed, number
from netlearn.figure.signs import ring
from netlearn.hoststack import Binding
from netlearn.travel import Step, Where

Point = tuple[float, float]

CLIENTS = {"laptop": ME, "neighbour": NEIGHBOUR}
DIALLED = {
    "127.0.0.1": "loopback",
    "127.0.0.2": "another of 127/8",
    LAN4: "the laptop",
    NEIGHBOUR4: "the neighbour",
    "0.0.0.0": "no address at all",
    "192.0.2.99": "an address that nobody has",
}
NOTHING = "nothing"
LISTENS = {
    "0.0.0.0": "every IPv4 address",
    "127.0.0.1": "loopback only",
    LAN4: "eth0’s address only",
    NOTHING: "no server runs",
}
LO = {"up": "up", "down": "set down"}
CARD = {"up": "up", "no carrier": "up, its cable pulled", "down": "set down"}
assert CARD.keys() == ETH0.keys()
CHOICES = {"client": CLIENTS, "dialled": DIALLED, "listens": LISTENS, "lo": LO, "eth0": CARD}
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reader set: who dials what, what the laptop's server listens on, and how its two interfaces are."""

    client: str = "laptop"
    dialled: str = LAN4
    listens: str = "0.0.0.0"
    lo: str = "up"
    eth0: str = "up"

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if (given := getattr(self, name)) not in known:
                raise UnknownName(f"{name} is not {shown(given)} here; there are {listed(known)}")

    def answer(self) -> Answer:
        """What becomes of the dial."""
        server = () if self.listens == NOTHING else (Binding(SERVER, "tcp", self.listens, PORT),)
        hosts = world(lo_up=self.lo == "up", eth0=self.eth0)
        hosts = hosts.with_host(bind(hosts.host(ME), *server))
        hosts = hosts.with_host(bind(hosts.host(NEIGHBOUR), Binding(SERVER, "tcp", "0.0.0.0", PORT)))
        return dial(hosts, CLIENTS[self.client], self.dialled, PORT)


def view(client: str, dialled: str, listens: str, lo: str, eth0: str) -> View:
    """What every changeable part of the figure looks like, from plain data. Raises `UnknownName`."""
    return keyed(body(Scene(client, dialled, listens, lo, eth0)))


def claim(scene: Scene, answer: Answer) -> str:
    """What the picture claims, in a sentence."""
    what = f"{answer.destination} is" if scene.dialled != "0.0.0.0" else f"0.0.0.0 means {answer.destination},"
    through_lo = any(step.where is Where.LO for step in answer.there)
    way = f"through lo: nothing leaves {CLIENTS[scene.client]}" if through_lo else "across the LAN"
    if answer.outcome is Outcome.ANSWERED:
        return f"{what} answered {way}"
    if answer.outcome is Outcome.REFUSED:
        return f"{what} refused {way}" + (", and nothing listens there" if through_lo else ": nothing listens there")
    end = answer.end
    assert end is not None
    assert end.end is not None
    lost = "not reached" if answer.outcome is not Outcome.ANSWER_LOST else "reached, but the answer is lost"
    return f"{what} {lost}: {end.end.value}"


def words(scene: Scene, answer: Answer) -> str:
    """The picture in words: what was set, what came of it, and each step."""
    states = [
        f"{name} is {CHOICES[key][given]}"
        for key, name, given in (("lo", "lo", scene.lo), ("eth0", "eth0", scene.eth0))
    ]
    steps = " ".join(_said(number_, step, answer) for number_, step in enumerate(answer.steps))
    return f"{claim(scene, answer)}. On the laptop {_listening(scene)}; {' and '.join(states)}. {steps}"


def _listening(scene: Scene) -> str:
    return "nothing listens" if scene.listens == NOTHING else f"a server listens on {scene.listens}:{PORT}"


def _said(index: int, step: Step, answer: Answer) -> str:
    prefix = "Back: " if index >= len(answer.there) else ""
    place = step.where.value if step.where is not Where.LINK else "link LAN"
    host = step.host if prefix else step.host[0].upper() + step.host[1:]
    return f"{prefix}{host}, {place}: {step.reason}"


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: a question, what the reader sets, the picture, and the way step by step."""
    answer = scene.answer()
    parts = [
        *([question] if question else []),
        element("div", *(_choice(name, getattr(scene, name)) for name in CHOICES), class_="nl-controls nl-filters"),
        element("p", claim(scene, answer), key="title", class_="nl-title"),
        element("div", drawing(scene, answer), class_="nl-scroll", tabindex=0, role="group", aria_label="Picture"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element(
            "div",
            element("button", "Previous step", type="button", data_do="back"),
            element("button", "Next step", type="button", data_do="next"),
            element("button", "Whole way", type="button", data_do="whole", aria_pressed="true"),
            class_="nl-controls",
        ),
        element("p", class_="nl-step-now", role="status", data_part="now"),
        element("ol", *_steps(answer), class_="nl-way-steps"),
        _legend(),
    ]
    return element("div", *parts, class_="nl-packet-path", role="group", aria_label="The path of a packet")


LABELS = {
    "client": "A program on",
    "dialled": f"dials, at port {PORT},",
    "listens": "The laptop’s server listens on",
    "lo": "The laptop’s lo is",
    "eth0": "The laptop’s eth0 is",
}


def _choice(name: str, chosen: str) -> Element:
    same = name in ("client", "lo", "eth0")
    options = (
        element("option", said if same else f"{value} ({said})", value=value, selected=value == chosen)
        for value, said in CHOICES[name].items()
    )
    return element(
        "label", element("span", LABELS[name]), element("select", *options, data_set=name), class_="nl-filter"
    )


def _steps(answer: Answer) -> Iterator[Element]:
    """A line for each step, with what the picture shows once it is taken; the lines that are not needed are hidden."""
    legs = _legs(answer)
    assert len(answer.steps) <= MOST_STEPS, len(answer.steps)
    for index in range(MOST_STEPS):
        if index >= len(answer.steps):
            yield element("li", "", key=("step", index), hidden=True, data_way="", data_at="", data_leg="")
            continue
        step, back = answer.steps[index], index >= len(answer.there)
        points = legs[index]
        yield element(
            "li",
            _said(index, step, answer),
            key=("step", index),
            class_=" ".join(filter(None, ("nl-back" if back else "", "nl-ends" if step.end else ""))) or None,
            data_way=_path(points),
            data_at=" ".join(map(number, _above(points[-1]))),
            data_leg="back" if back else "there",
        )


def _legend() -> Element:
    lines = (("nl-way-there", "the way there"), ("nl-way-back", "the way back"))
    keys = (
        element(
            "span",
            element(
                "svg", element("path", d="M2 8L38 8", class_=f"nl-packet-way {class_}"), viewBox="0 0 40 16", width=40,
                height=16, class_="nl-net nl-machine nl-icon", aria_hidden="true",
            ),
            said,
            class_="nl-key",
        )
        for class_, said in lines
    )  # fmt: skip
    return element("div", *keys, element("span", "✗ here it ends", class_="nl-key"), class_="nl-legend")


def still_table(scene: Scene) -> Element:
    """What becomes of every address from either machine, also with an interface down: for where nothing runs."""
    states = {"all up": {}, "lo down": {"lo": "down"}, "cable pulled": {"eth0": "no carrier"}}
    names = [f"from {host}, {state}" for host in CLIENTS.values() for state in states]
    head = element("tr", *(element("th", name, scope="col") for name in ("Dialled", *names)))
    rows = []
    for dialled in DIALLED:
        scenes = (
            replace(scene, client=client, dialled=dialled, **{"lo": "up", "eth0": "up"} | state)
            for client in CLIENTS
            for state in states.values()
        )
        cells = (element("td", _short(each.answer())) for each in scenes)
        rows.append(element("tr", element("th", f"{dialled} ({DIALLED[dialled]})", scope="row"), *cells))
    caption = element("caption", f"What else could be: on the laptop {_listening(scene)}")
    table = element("table", caption, element("thead", head), element("tbody", *rows))
    return element("div", table, class_="nl-panel", tabindex=0, role="group", aria_label="Table")


def _short(answer: Answer) -> str:
    way = "through lo" if any(step.where is Where.LO for step in answer.there) else "across the LAN"
    if answer.outcome in (Outcome.ANSWERED, Outcome.REFUSED):
        return f"{answer.outcome.value} {way}"
    assert answer.end is not None
    assert answer.end.end is not None
    return f"not reached: {answer.end.end.value}"


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


def _legs(answer: Answer) -> list[list[Point]]:
    """For each step the way so far: of the way there, or of the way back, which begins where the other ended."""
    ways: list[list[Point]] = []
    points: list[Point] = []
    for index, step in enumerate(answer.steps):
        back = index >= len(answer.there)
        if index == len(answer.there):
            points = points[-1:]
        points = [*points, *_between(answer, index), _place(step, index, back)]
        ways.append(points)
    return ways


def _role(step: Step, index: int, back: bool) -> str:
    """Which part of the picture a step is at: of the two programs the one that it means."""
    if step.where is Where.PROCESS:
        return "client" if index == 0 or back else "server"
    return "client" if step.where is Where.SOCKET and back else step.where.value


def _place(step: Step, index: int, back: bool) -> Point:
    return LINK if step.where is Where.LINK else PLACES[step.host][_role(step, index, back)]


def _between(answer: Answer, index: int) -> list[Point]:
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
    came = _role(before, index - 1, index - 1 >= first_back)
    goes = _role(step, index, index >= first_back)
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


def _above(place: Point) -> Point:
    """Where the packet is seen: at the upper edge of what it met, so that nothing is covered."""
    return place if place == LINK else (place[0], place[1] - 21)


def _path(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) if points else "M0 0"


def drawing(scene: Scene, answer: Answer, label: str = "") -> Element:
    """Both machines with what a packet meets in them, and the way there and back."""
    legs = _legs(answer)
    there = legs[len(answer.there) - 1]
    back = legs[-1] if answer.back else there[-1:]
    end = answer.end
    at = legs[answer.steps.index(end)][-1] if end else there[-1]
    dot = _above(there[-1])
    wire = "" if scene.eth0 == "up" else "nl-no-carrier"
    parts = [
        _box((200, 202), 384, 360, "nl-host", rx=14), _text(200, 42, "laptop", "nl-strong"),
        _box((612, 202), 264, 360, "nl-host", rx=14), _text(612, 42, "neighbour", "nl-strong"),
        element("path", d="M372 330L502 330", class_=f"nl-line nl-wire {wire}", key="wire"),
        _text(438, 310, "LAN", "nl-small nl-outlined"),
        element("path", d=_path(there), class_="nl-packet-way nl-way-there", key="way"),
        element("path", d=_path(back), key="way-back",
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
    yield from (_box(places["client"], wide, 40, "nl-program"), _text(*places["client"], "program"))
    socket = "no socket" if listens == NOTHING else f"{listens}:{PORT}"
    x, y = places["socket"]
    yield element(
        "g", _box(places["server"], wide, 40, "nl-program"), _text(*places["server"], "server"),
        _box((x, y), 140 if mine else 104, 34, "nl-door-box"), key=(host, "server"), class_=silent,
    )  # fmt: skip
    yield element("text", socket, x=x, y=y, class_="nl-small", key=(host, "socket"))
    for name in ("local table", "main table"):
        yield from (_box(places[name], 112 if mine else 100, 34, "nl-table"), _text(*places[name], name, "nl-small"))
    x, y = places["neighbour table"]
    yield from (_box((x, y), 136, 34, "nl-table"), _text(x, y, "neighbour table", "nl-small"))
    x, y = places["lo"]
    yield element("circle", cx=x, cy=y, r=21, class_="nl-ground")
    yield from _switched((host, "lo"), ring(x, y, 21), (x, y), off=mine and scene.lo != "up")
    x, y = places["NIC"]
    yield from _switched((host, "eth0"), _box((x, y), 58, 40, "nl-nic"), (x, y), off=mine and scene.eth0 != "up")
    yield _text(x, y, "eth0", "nl-outlined")


def _switched(key: tuple[str, str], shape: Element, at: Point, off: bool) -> Iterator[Element]:
    """An interface that may be down: hatched and crossed."""
    yield element("g", shape, key=key, class_="nl-signs" + (" nl-off" if off else ""))
    yield element("path", d=_cross(at, 15), key=(*key, "cross"), class_="nl-off-mark" + ("" if off else " nl-hidden"))


def _cross(at: Point, size: float) -> str:
    x, y = at
    left, right, top, bottom = map(number, (x - size, x + size, y - size, y + size))
    return f"M{left} {top}L{right} {bottom}M{left} {bottom}L{right} {top}"


def _box(middle: Point, width: float, height: float, class_: str, rx: float = 8) -> Element:
    x, y = middle
    return element(
        "rect", x=x - width / 2, y=y - height / 2, width=width, height=height, rx=rx, class_=f"nl-shape {class_}"
    )


def _text(x: float, y: float, text: str, class_: str = "") -> Element:
    return element("text", text, x=x, y=y, class_=class_ or None)
