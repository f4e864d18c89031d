"""One machine's doors as a house between two walls: `lo` towards the inside, the network card towards the outside.

Each listener is a room between the walls, with a door in the wall through which it can be reached. Which wall that is
follows from its scope alone (`SIDES`). Unix sockets have no address and so no door in a wall: a hatch, inside.
"""

from collections.abc import Iterator, Mapping

from netlearn.drawing.layout import shortened, text_width
from netlearn.drawing.markup import Element, element, number
from netlearn.drawing.shapes import rect, svg, text
from netlearn.drawing.still import Picture
from netlearn.errors import printable
from netlearn.figures.common.controls import button, field, live, options, paragraph
from netlearn.figures.doors import words
from netlearn.figures.doors.words import Looking, Side, name_of, sides
from netlearn.host.scope import TITLES, Scope
from netlearn.host.sockets import MOST, Listener, Snapshot

PICTURED = 6  # doors of one scope that a still picture shows
WIDTH, ROW, HEAD, MARGIN = 360.0, 42.0, 34.0, 40.0  # as wide as a phone shows whole
LEAF_WIDTH, LEAF_HEIGHT = 62.0, 30.0
ROOM = WIDTH - 2 * MARGIN - LEAF_WIDTH - 8  # between the leaves of two doors
NAME_LETTERS, BOUND_LETTERS = int(ROOM / text_width("m", 16)), int(ROOM / text_width("m", 14))  # a list has them all
LEGEND = (
    (Side.DOOR, "a door: whoever stands on this side reaches it"),
    (Side.ROUND, "reached from inside too, by the address of the outside"),
    (Side.HATCH, "a hatch: a Unix socket, no address"),
)


def body(snapshot: Snapshot, looking: Looking) -> Element:
    """The live figure: filters, the house with a row for each door, and for each what there is to say of it."""
    count = f"{words.doors_in_words(len(snapshot.listeners))} shown"
    parts = [
        paragraph(words.claim(snapshot), "nl-title", data_part="claim"),
        *_recording(snapshot),
        paragraph("Choose a door to see who can reach it. Arrow keys go from door to door.", "nl-hint"),
        _filters(snapshot, looking, count),
        paragraph(words.news(looking), "nl-news", role="status", data_part="news"),
        _house(snapshot),
        paragraph("No door is like that: ask for less, or press Reset.", "nl-none", data_part="none", hidden=True),
        _legend(),
        *map(paragraph, snapshot.untold),
    ]
    return live(None, *parts, class_="nl-doors", role="group", aria_label="My doors")


def still(snapshot: Snapshot) -> tuple[Element, ...]:
    """All doors in words, for where nothing runs, in the order of their scopes."""
    told = [element("summary", "Every door in words, and who can reach it")]
    for scope, doors in snapshot.by_scope().items():
        said = (element("li", f"{words.spoken(door)}. {printable(door.reach)}") for door in doors[:MOST])
        told.append(element("div", element("p", TITLES[scope], class_="nl-panel-title"), element("ul", *said)))
    return (element("details", *told, class_="nl-doors-told"),)


def _recording(snapshot: Snapshot) -> Iterator[Element]:
    """What is not this machine's own says so, and where one sees one's own."""
    if snapshot.recorded:
        command, make = element("code", "netlearn sockets"), element("code", "make jupyter")
        parts = "To see your own, run ", command, " in a terminal, or open this chapter with ", make, "."
        note = element("strong", snapshot.recording_note)
        yield element("p", note, " ", element("span", *parts), class_="nl-recorded")


def _filters(snapshot: Snapshot, looking: Looking, count: str) -> Element:
    protocols = sorted({door.protocol for door in snapshot.listeners})
    scopes = {scope.value: words.SHORT_TITLES[scope] for scope in snapshot.by_scope()}
    search = element("input", type="search", data_filter="words", placeholder="cupsd, 631, root …", autocomplete="off")
    parts = (
        _choice("Protocol", "protocol", dict(zip(protocols, protocols, strict=True))),
        _choice("Who can reach it", "scope", scopes),
        field("Contains", search),
        *([button("Look again", "look")] if looking.possible else []),
        paragraph(count, "nl-count", role="status", data_part="count"),
    )
    return element("div", *parts, class_="nl-controls nl-filters", role="search", aria_label="Doors to show")


def _choice(label: str, name: str, named: Mapping[str, str]) -> Element:
    return field(label, element("select", *options({"": "all"} | {**named}), data_filter=name))


def _house(snapshot: Snapshot) -> Element:
    inner, outer = (element("small", wall) for wall in words.standing_in(snapshot))
    columns = (element("b", "inside"), inner), ("this machine’s listeners",), (element("b", "outside"), outer)
    spans = (element("span", *column, class_="nl-side") for column in columns)
    heads = element("div", *spans, class_="nl-house-heads", aria_hidden="true")
    groups = (_group(scope, doors) for scope, doors in snapshot.by_scope().items())
    return element("div", heads, element("div", *groups, class_="nl-rooms", data_part="rooms"), class_="nl-house")


def _group(scope: Scope, doors: tuple[Listener, ...]) -> Element:
    title = paragraph(f"{TITLES[scope]} ({len(doors):,})", "nl-rooms-title")
    parts = [title, element("ul", *map(_row, doors[:MOST]))]
    if len(doors) > MOST:
        more = f"… and {len(doors) - MOST:,} more; the command netlearn sockets lists them all."
        parts.append(paragraph(more, "nl-rooms-title"))
    return element("section", *parts, aria_label=TITLES[scope], data_scope=scope.value)


def _row(door: Listener) -> Element:
    inner, outer = sides(door)
    told = element("div", *_told(door), class_="nl-told", hidden=True)
    name = element("span", name_of(door), class_="nl-who" if door.process else "nl-who nl-unknown")
    bound = element("span", f"{door.protocol} {printable(door.endpoint)}", class_="nl-bound")
    unseen = element("span", f"has {words.SPOKEN[inner, outer]}", class_="nl-unseen")
    room = element("span", name, " ", bound, " ", unseen, class_="nl-room")
    parts = _wall(door, inner, "nl-in"), room, _wall(door, outer, "nl-out")
    opens = element("button", *parts, type="button", aria_expanded="false", tabindex="-1")
    found = " ".join(filter(None, (*door.row(), door.protocol, *(str(holder.pid) for holder in door.holders))))
    return element(
        "li", opens, told, class_="nl-door", data_protocol=door.protocol, data_scope=door.scope.value,
        data_words=found.casefold(), data_name="\t".join(door.columns()[:3]),
    )  # fmt: skip


def _kind(side: Side) -> str:
    """The class of what is no plain door, to be put behind others."""
    return "" if side is Side.DOOR else f" nl-is-{side.value}"


def _wall(door: Listener, side: Side, where: str) -> Element:
    plate = str(door.port) if door.port is not None else ""
    leaf = [] if side is Side.WALL else [element("span", plate, class_=f"nl-leaf{_kind(side)}")]
    return element("span", *leaf, class_=f"nl-wall {where}", aria_hidden="true")


def _told(door: Listener) -> Iterator[Element]:
    """What there is to say of a door, once it is chosen."""
    yield element("p", printable(door.reach), class_="nl-reach")
    holders = ", ".join(f"{printable(each.process or '?')} (process {each.pid})" for each in door.holders)
    yield element("p", f"Held by {holders or 'a process that the system does not show'}"
                       f"{f', of the user {printable(door.user)}' if door.user else ''}."
                       f"{f' Why: {printable(door.hidden_because)}.' if door.hidden_because else ''}")  # fmt: skip
    yield element("p", "As ", element("code", "ss -tulpn" if door.port is not None else "ss -xlpn"), " says it:")
    yield element("pre", element("code", " ".join(filter(None, map(printable, door.columns())))), tabindex="0")


def _legend() -> Element:
    keys = []
    for side, said in LEGEND:
        leaf = element("span", class_=f"nl-leaf{_kind(side)}", aria_hidden="true")
        keys.append(element("span", leaf, said, class_="nl-key"))
    return element("div", *keys, class_="nl-legend")


def pictured(snapshot: Snapshot, caption: str = "") -> Picture:
    """The doors as a still picture with its title and its words."""
    return Picture(picture(snapshot), words.claim(snapshot), words.words(snapshot), caption)


def picture(snapshot: Snapshot) -> Element:
    """The house as an SVG. Of a scope with many doors it shows the first, and says how many more there are."""
    inner, outer = words.standing_in(snapshot)
    y, parts, ceiling = 62.0, [], 62.0
    for content in _picture_rows(snapshot):
        height = HEAD if isinstance(content, str) else ROW
        parts.append(_picture_row(content, y + height / 2))
        y += height
    floor = y + 8
    walls = [
        element("rect", x=x - 6, y=ceiling, width=12, height=floor - ceiling, class_="nl-brick")
        for x in (MARGIN, WIDTH - MARGIN)
    ]
    left, right = (max(MARGIN, text_width(wall, 15) / 2 + 2) for wall in (inner, outer))  # a name stays in the drawing
    heads = [
        text(MARGIN, 20, "inside", "nl-strong"), text(left, 42, inner, "nl-small"),
        text(WIDTH / 2, 20, "this machine’s listeners", "nl-small"),
        text(WIDTH - MARGIN, 20, "outside", "nl-strong"), text(WIDTH - right, 42, outer, "nl-small"),
    ]  # fmt: skip
    ground = element("rect", x=MARGIN, y=ceiling, width=WIDTH - 2 * MARGIN, height=floor - ceiling, class_="nl-indoors")
    parts = [ground, *walls, *heads, *parts]
    style = f"--nl-across:{number(WIDTH)}"
    return svg(parts, WIDTH, floor + 10, "nl-net nl-tall nl-machine nl-doors-net", words.words(snapshot), style=style)


def _picture_rows(snapshot: Snapshot) -> Iterator[str | Listener]:
    """From top to bottom titles and doors."""
    for scope, doors in snapshot.by_scope().items():
        yield f"{words.SHORT_TITLES[scope]} ({len(doors):,})"
        yield from doors[:PICTURED]
        if len(doors) > PICTURED:
            yield f"… and {len(doors) - PICTURED:,} more"


def _picture_row(content: str | Listener, y: float) -> Element:
    if isinstance(content, str):
        return text(WIDTH / 2, y, content, "nl-small nl-doors-head")
    inner, outer = sides(content)
    name = text(WIDTH / 2, y - 9, shortened(name_of(content), NAME_LETTERS), "nl-strong")
    bound = shortened(f"{content.protocol} {printable(content.endpoint)}", BOUND_LETTERS)
    left, right = _leaf(MARGIN, y, inner, content, "nl-in"), _leaf(WIDTH - MARGIN, y, outer, content, "nl-out")
    return element("g", left, name, text(WIDTH / 2, y + 9, bound, "nl-small"), right)


def _leaf(x: float, y: float, side: Side, door: Listener, where: str) -> Element:
    if side is Side.WALL:
        return element("g")
    leaf = rect(x, y, LEAF_WIDTH, LEAF_HEIGHT, 3, f"nl-leaf-box {where}{_kind(side)}")
    return element("g", leaf, *([text(x, y, str(door.port), "nl-small")] if door.port is not None else []))
