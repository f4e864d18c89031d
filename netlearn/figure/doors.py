"""One machine's doors as a house between two walls: `lo` towards the inside, the network card towards the outside.

Each listener is a room between the walls, with a door in the wall through which it can be reached. Which wall that is
follows from its scope alone (`SIDES`). Unix sockets have no address and so no door in a wall: a hatch, inside.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from netlearn.errors import printable
from netlearn.figure.layout import text_width
from netlearn.figure.markup import Element, element
from netlearn.scope import TITLES, Scope
from netlearn.sockets import MOST, Difference, Listener, Snapshot


class Side(StrEnum):
    """What one wall has for a listener."""

    DOOR = "door"
    ROUND = "round"  # reached from inside too, but by the address of the outside
    HATCH = "hatch"  # no address: a file, or a name in the kernel
    WALL = "wall"


# The wall towards the inside, and the one towards the outside. Measured on Linux 6.18: a program inside reaches also a
# listener on the card's address, on a link-local one, on a group, and one that is tied to the card.
SIDES = {
    Scope.LOOPBACK: (Side.DOOR, Side.WALL),
    Scope.DEVICE: (Side.ROUND, Side.DOOR),
    Scope.MULTICAST: (Side.ROUND, Side.DOOR),
    Scope.ADDRESS: (Side.ROUND, Side.DOOR),
    Scope.EVERY_IPV4: (Side.DOOR, Side.DOOR),
    Scope.EVERY_IPV6: (Side.DOOR, Side.DOOR),
    Scope.EVERY: (Side.DOOR, Side.DOOR),
    Scope.UNIX: (Side.HATCH, Side.WALL),
}
SPOKEN = {
    (Side.DOOR, Side.WALL): "a door to the inside only",
    (Side.ROUND, Side.DOOR): "a door to the outside, which the inside reaches by the address of the outside",
    (Side.DOOR, Side.DOOR): "a door to the inside and one to the outside",
    (Side.HATCH, Side.WALL): "a hatch to the inside, without an address",
}
LEGEND = (
    (Side.DOOR, "a door: whoever stands on this side reaches it"),
    (Side.ROUND, "reached from inside too, by the address of the outside"),
    (Side.HATCH, "a hatch: a Unix socket, no address"),
)
SHORT_TITLES = {
    Scope.LOOPBACK: "inside only: loopback",
    Scope.DEVICE: "one interface",
    Scope.MULTICAST: "a group of machines",
    Scope.ADDRESS: "one address",
    Scope.EVERY_IPV4: "every IPv4 address",
    Scope.EVERY_IPV6: "every IPv6 address",
    Scope.EVERY: "every address",
    Scope.UNIX: "inside only: Unix sockets",
}
PICTURED = 6  # doors of one scope that a still picture shows


@dataclass(frozen=True, slots=True)
class Looking:
    """Whether the figure can look at this machine again, and what the last look found changed."""

    possible: bool = False
    news: Difference | None = None


def sides(door: Listener) -> tuple[Side, Side]:
    """What the inside wall and the outside wall have for a listener."""
    if door.scope is Scope.DEVICE and door.interface == "lo":
        return SIDES[Scope.LOOPBACK]
    return SIDES[door.scope]


def claim(snapshot: Snapshot) -> str:
    """What the picture claims: how many doors lead outside."""
    total, out = len(snapshot.listeners), _outside(snapshot)
    if not total:
        return "Nothing listens here: a house without doors"
    if out in (0, total):
        which = "it opens" if total == 1 else "all of them open"
        return f"{_doors(total)}, and {which} to the {'outside' if out else 'inside only'}"
    return f"{out:,} of {total:,} doors open to the outside, {total - out:,} to the inside only"


def words(snapshot: Snapshot) -> str:
    """The picture in words; no process is named."""
    counts = "; ".join(f"{SHORT_TITLES[scope]}: {len(doors):,}" for scope, doors in snapshot.by_scope().items())
    notes = (
        f"{claim(snapshot)}.",
        f"By what they are bound to: {counts}." if counts else "",
        snapshot.hidden_note,
        snapshot.recording_note,
    )
    return " ".join(filter(None, notes))


def body(snapshot: Snapshot, looking: Looking) -> Element:
    """The live figure: filters, the house with a row for each door, and for each what there is to say of it."""
    parts = [
        element("p", claim(snapshot), class_="nl-title", data_part="claim"),
        *_recording(snapshot),
        element("p", "Choose a door to see who can reach it. Arrow keys go from door to door.", class_="nl-hint"),
        _filters(snapshot, looking),
        element("p", _count(snapshot), class_="nl-count", role="status", data_part="count"),
        element("p", _news(looking), class_="nl-news", role="status", data_part="news"),
        _house(snapshot),
        element("p", "No door is like that.", class_="nl-none", data_part="none", hidden=True),
        _legend(),
        *([element("p", snapshot.hidden_note, class_="nl-hidden-note")] if snapshot.hidden_note else []),
    ]
    return element("div", *parts, class_="nl-doors", role="group", aria_label="My doors")


def still(snapshot: Snapshot) -> tuple[Element, ...]:
    """All doors in words, for where nothing runs, in the order of their scopes."""
    groups = (
        element(
            "div",
            element("p", TITLES[scope], class_="nl-panel-title"),
            element("ul", *(element("li", f"{spoken(door)}. {printable(door.reach)}") for door in doors[:MOST])),
        )
        for scope, doors in snapshot.by_scope().items()
    )
    summary = element("summary", "Every door in words")
    return (element("details", summary, *groups, class_="nl-doors-told", open=True),)


def spoken(door: Listener) -> str:
    """The door in a few words: its process, where it is bound, and in which wall it is."""
    return f"{_name(door)}, {door.protocol} {printable(door.endpoint)}: {SPOKEN[sides(door)]}"


def _recording(snapshot: Snapshot) -> Iterator[Element]:
    """What is not this machine's own says so, and where one sees one's own."""
    own = element(
        "span", "To see your own, run ", element("code", "netlearn sockets"),
        " in a terminal, or open this chapter with ", element("code", "make jupyter"), ".",
    )  # fmt: skip
    if snapshot.recorded:
        yield element("p", element("strong", snapshot.recording_note), " ", own, class_="nl-recorded")


def _filters(snapshot: Snapshot, looking: Looking) -> Element:
    protocols = sorted({door.protocol for door in snapshot.listeners})
    scopes = [(scope.value, SHORT_TITLES[scope]) for scope in snapshot.by_scope()]
    search = element("input", type="search", data_filter="words", placeholder="cupsd, 631, root …", autocomplete="off")
    look = element("button", "Look again", type="button", data_do="look")
    return element(
        "div",
        _choice("Protocol", "protocol", [(name, name) for name in protocols]),
        _choice("Who can reach it", "scope", scopes),
        element("label", element("span", "Contains"), search, class_="nl-filter"),
        *([look] if looking.possible else []),
        class_="nl-controls nl-filters",
        role="search",
        aria_label="Doors to show",
    )


def _choice(label: str, name: str, options: list[tuple[str, str]]) -> Element:
    every = element("option", "all", value="")
    shown = (element("option", text, value=value) for value, text in options)
    return element(
        "label", element("span", label), element("select", every, *shown, data_filter=name), class_="nl-filter"
    )


def _count(snapshot: Snapshot) -> str:
    return f"{_doors(len(snapshot.listeners))} shown"


def _news(looking: Looking) -> str:
    if looking.news is None:
        return ""
    if not looking.news:
        return "Looked again: nothing opened, nothing closed."
    told = []
    for what, doors in (("opened", looking.news.opened), ("closed", looking.news.closed)):
        if doors:
            some = ", ".join(f"{_name(door)} {printable(door.endpoint)}" for door in doors[:3])
            told.append(f"{len(doors):,} {what} ({some}{', …' if len(doors) > 3 else ''})")
    return f"Looked again: {'; '.join(told)}."


def _house(snapshot: Snapshot) -> Element:
    inner, outer = _walls(snapshot)
    heads = element(
        "div",
        element("span", element("b", "inside"), element("small", inner), class_="nl-side"),
        element("span", "this machine’s listeners", class_="nl-side"),
        element("span", element("b", "outside"), element("small", outer), class_="nl-side"),
        class_="nl-house-heads",
        aria_hidden="true",
    )
    groups = [_group(scope, doors) for scope, doors in snapshot.by_scope().items()]
    return element("div", heads, element("div", *groups, class_="nl-rooms", data_part="rooms"), class_="nl-house")


def _walls(snapshot: Snapshot) -> tuple[str, str]:
    """The names of the two walls; several network cards are one wall."""
    cards = [each.name for each in snapshot.interfaces if not each.loopback and each.up]
    inner = next((each.name for each in snapshot.interfaces if each.loopback), "lo")
    return f"wall {inner}", f"wall {cards[0]}" if len(
        cards
    ) == 1 else f"{len(cards)} network cards" if cards else "no network card"


def _group(scope: Scope, doors: tuple[Listener, ...]) -> Element:
    rows = [_row(door) for door in doors[:MOST]]
    title = f"{TITLES[scope]} ({len(doors):,})"
    more = f"… and {len(doors) - MOST:,} more; the command netlearn sockets lists them all."
    return element(
        "section",
        element("p", title, class_="nl-rooms-title"),
        element("ul", *rows),
        *([element("p", more, class_="nl-rooms-title")] if len(doors) > MOST else []),
        aria_label=TITLES[scope],
        data_scope=scope.value,
    )


def _row(door: Listener) -> Element:
    inner, outer = sides(door)
    told = element("div", *_told(door), class_="nl-told", hidden=True)
    name = element("span", _name(door), class_="nl-who" if door.process else "nl-who nl-unknown")
    bound = element("span", f"{door.protocol} {printable(door.endpoint)}", class_="nl-bound")
    button = element(
        "button",
        _wall(door, inner, "nl-in"),
        element(
            "span",
            name,
            " ",
            bound,
            " ",
            element("span", f"has {SPOKEN[inner, outer]}", class_="nl-unseen"),
            class_="nl-room",
        ),
        _wall(door, outer, "nl-out"),
        type="button",
        aria_expanded="false",
        tabindex="-1",
    )
    found = " ".join(filter(None, (*door.row(), door.protocol, *(str(holder.pid) for holder in door.holders))))
    return element(
        "li", button, told, class_="nl-door", data_protocol=door.protocol, data_scope=door.scope.value,
        data_words=found.casefold(), data_name="\t".join(door.columns()[:3]),
    )  # fmt: skip


def _wall(door: Listener, side: Side, where: str) -> Element:
    plate = "" if side is Side.WALL else str(door.port) if door.port is not None else ""
    leaf = [] if side is Side.WALL else [element("span", plate, class_=f"nl-leaf nl-is-{side.value}")]
    return element("span", *leaf, class_=f"nl-wall {where}", aria_hidden="true")


def _told(door: Listener) -> Iterator[Element]:
    """What there is to say of a door, once it is chosen."""
    yield element("p", printable(door.reach), class_="nl-reach")
    holders = ", ".join(f"{printable(each.process or '?')} (process {each.pid})" for each in door.holders)
    yield element("p", f"Held by {holders or 'a process that the system does not show'}"
                       f"{f', of the user {printable(door.user)}' if door.user else ''}.")  # fmt: skip
    yield element("p", "As ", element("code", "ss -tulpn" if door.port is not None else "ss -xlpn"), " says it:")
    yield element("pre", element("code", " ".join(filter(None, map(printable, door.columns())))), tabindex="0")


def _legend() -> Element:
    keys = (
        element(
            "span", element("span", class_=f"nl-leaf nl-is-{side.value}", aria_hidden="true"), said, class_="nl-key"
        )
        for side, said in LEGEND
    )
    return element("div", *keys, class_="nl-legend")


def _name(door: Listener) -> str:
    return printable(door.process) if door.process else "hidden process"


def _outside(snapshot: Snapshot) -> int:
    return sum(sides(door)[1] is Side.DOOR for door in snapshot.listeners)


def _doors(many: int) -> str:
    return "1 door" if many == 1 else f"{many:,} doors"


# ---- The still picture

WIDTH, ROW, HEAD, MARGIN = 720.0, 42.0, 34.0, 96.0
LEAF_WIDTH, LEAF_HEIGHT = 62.0, 30.0


def picture(snapshot: Snapshot) -> Element:
    """The house as an SVG. Of a scope with many doors it shows the first, and says how many more there are."""
    inner, outer = _walls(snapshot)
    rows = [*_picture_rows(snapshot)]
    y, parts, ceiling = 62.0, [], 62.0
    for kind, content in rows:
        height = HEAD if kind == "title" else ROW
        parts.append(_picture_row(kind, content, y + height / 2))
        y += height
    floor = y + 8
    walls = [
        element("rect", x=x - 6, y=ceiling, width=12, height=floor - ceiling, class_="nl-brick")
        for x in (MARGIN, WIDTH - MARGIN)
    ]
    heads = [
        _text(MARGIN, 20, "inside", "nl-strong"), _text(MARGIN, 42, inner, "nl-small"),
        _text(WIDTH / 2, 31, "this machine’s listeners", "nl-small"),
        _text(WIDTH - MARGIN, 20, "outside", "nl-strong"), _text(WIDTH - MARGIN, 42, outer, "nl-small"),
    ]  # fmt: skip
    ground = element("rect", x=MARGIN, y=ceiling, width=WIDTH - 2 * MARGIN, height=floor - ceiling, class_="nl-indoors")
    size = f"0 0 {WIDTH:.0f} {floor + 10:.0f}"
    label = words(snapshot)
    return element(
        "svg", ground, *walls, *heads, *parts, xmlns="http://www.w3.org/2000/svg", viewBox=size,
        class_="nl-net nl-machine nl-doors-net", role="img", aria_label=label,
    )  # fmt: skip


def _picture_rows(snapshot: Snapshot) -> Iterator[tuple[str, str | Listener]]:
    for scope, doors in snapshot.by_scope().items():
        yield "title", f"{SHORT_TITLES[scope]} ({len(doors):,})"
        for door in doors[:PICTURED]:
            yield "door", door
        if len(doors) > PICTURED:
            yield "title", f"… and {len(doors) - PICTURED:,} more"


def _picture_row(kind: str, content: str | Listener, y: float) -> Element:
    if isinstance(content, str):
        return _text(WIDTH / 2, y, content, "nl-small nl-doors-head")
    inner, outer = sides(content)
    bound = f"{content.protocol} {printable(content.endpoint)}"
    return element(
        "g",
        _leaf(MARGIN, y, inner, content, "nl-in"),
        _text(WIDTH / 2, y - 9, _fitting(_name(content)), "nl-strong"),
        _text(WIDTH / 2, y + 9, _fitting(bound), "nl-small"),
        _leaf(WIDTH - MARGIN, y, outer, content, "nl-out"),
    )


def _leaf(x: float, y: float, side: Side, door: Listener, where: str) -> Element:
    if side is Side.WALL:
        return element("g")
    box = element(
        "rect", x=x - LEAF_WIDTH / 2, y=y - LEAF_HEIGHT / 2, width=LEAF_WIDTH, height=LEAF_HEIGHT, rx=3,
        class_=f"nl-leaf-box {where} nl-is-{side.value}",
    )  # fmt: skip
    return element("g", box, *([_text(x, y, str(door.port), "nl-small")] if door.port is not None else []))


def _text(x: float, y: float, text: str, class_: str) -> Element:
    return element("text", text, x=x, y=y, class_=class_)


def _fitting(text: str) -> str:
    """The text, or as much of its beginning as the room has space for; the words beside the picture have all of it."""
    room = WIDTH - 2 * MARGIN - LEAF_WIDTH - 24
    if text_width(text) <= room:
        return text
    while text and text_width(text + "…") > room:
        text = text[:-1]
    return f"{text}…"
