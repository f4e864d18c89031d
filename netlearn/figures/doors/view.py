"""One machine's doors as a house between two walls: `lo` towards the inside, the network card towards the outside.

Each listener is a room between the walls, with a door in the wall through which it can be reached. Which wall that is
follows from its scope alone (`SIDES`). Unix sockets have no address and so no door in a wall: a hatch, inside.
"""

from collections.abc import Iterator, Mapping

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import Picture
from netlearn.errors import printable
from netlearn.figures.common.controls import button, field, options
from netlearn.figures.doors.picture import picture
from netlearn.figures.doors.words import (
    SHORT_TITLES,
    SPOKEN,
    Looking,
    Side,
    claim,
    doors_in_words,
    name_of,
    sides,
    spoken,
    standing_in,
    words,
)
from netlearn.host.scope import TITLES, Scope
from netlearn.host.sockets import MOST, Listener, Snapshot

LEGEND = (
    (Side.DOOR, "a door: whoever stands on this side reaches it"),
    (Side.ROUND, "reached from inside too, by the address of the outside"),
    (Side.HATCH, "a hatch: a Unix socket, no address"),
)


def body(snapshot: Snapshot, looking: Looking) -> Element:
    """The live figure: filters, the house with a row for each door, and for each what there is to say of it."""
    count = f"{doors_in_words(len(snapshot.listeners))} shown"
    parts = [
        element("p", claim(snapshot), class_="nl-title", data_part="claim"),
        *_recording(snapshot),
        element("p", "Choose a door to see who can reach it. Arrow keys go from door to door.", class_="nl-hint"),
        _filters(snapshot, looking),
        element("p", count, class_="nl-count", role="status", data_part="count"),
        element("p", _news(looking), class_="nl-news", role="status", data_part="news"),
        _house(snapshot),
        element("p", "No door is like that.", class_="nl-none", data_part="none", hidden=True),
        _legend(),
        *([element("p", snapshot.hidden_note, class_="nl-hidden-note")] if snapshot.hidden_note else []),
    ]
    return element("div", *parts, class_="nl-doors", role="group", aria_label="My doors")


def pictured(snapshot: Snapshot, caption: str = "") -> Picture:
    """The doors as a still picture with its title and its words."""
    return Picture(picture(snapshot), claim(snapshot), words(snapshot), caption)


def still(snapshot: Snapshot) -> tuple[Element, ...]:
    """All doors in words, for where nothing runs, in the order of their scopes."""
    told = [element("summary", "Every door in words")]
    for scope, doors in snapshot.by_scope().items():
        said = (element("li", f"{spoken(door)}. {printable(door.reach)}") for door in doors[:MOST])
        told.append(element("div", element("p", TITLES[scope], class_="nl-panel-title"), element("ul", *said)))
    return (element("details", *told, class_="nl-doors-told", open=True),)


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
    scopes = {scope.value: SHORT_TITLES[scope] for scope in snapshot.by_scope()}
    search = element("input", type="search", data_filter="words", placeholder="cupsd, 631, root …", autocomplete="off")
    return element(
        "div",
        _choice("Protocol", "protocol", dict(zip(protocols, protocols, strict=True))),
        _choice("Who can reach it", "scope", scopes),
        field("Contains", search),
        *([button("Look again", "look")] if looking.possible else []),
        class_="nl-controls nl-filters",
        role="search",
        aria_label="Doors to show",
    )


def _choice(label: str, name: str, named: Mapping[str, str]) -> Element:
    return field(label, element("select", *options({"": "all"} | {**named}), data_filter=name))


def _news(looking: Looking) -> str:
    if looking.news is None:
        return ""
    if not looking.news:
        return "Looked again: nothing opened, nothing closed."
    told = []
    for what, doors in (("opened", looking.news.opened), ("closed", looking.news.closed)):
        if doors:
            some = ", ".join(f"{name_of(door)} {printable(door.endpoint)}" for door in doors[:3])
            told.append(f"{len(doors):,} {what} ({some}{', …' if len(doors) > 3 else ''})")
    return f"Looked again: {'; '.join(told)}."


def _house(snapshot: Snapshot) -> Element:
    inner, outer = standing_in(snapshot)
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


def _group(scope: Scope, doors: tuple[Listener, ...]) -> Element:
    parts = [element("p", f"{TITLES[scope]} ({len(doors):,})", class_="nl-rooms-title")]
    parts.append(element("ul", *map(_row, doors[:MOST])))
    if len(doors) > MOST:
        more = f"… and {len(doors) - MOST:,} more; the command netlearn sockets lists them all."
        parts.append(element("p", more, class_="nl-rooms-title"))
    return element("section", *parts, aria_label=TITLES[scope], data_scope=scope.value)


def _row(door: Listener) -> Element:
    inner, outer = sides(door)
    told = element("div", *_told(door), class_="nl-told", hidden=True)
    name = element("span", name_of(door), class_="nl-who" if door.process else "nl-who nl-unknown")
    bound = element("span", f"{door.protocol} {printable(door.endpoint)}", class_="nl-bound")
    unseen = element("span", f"has {SPOKEN[inner, outer]}", class_="nl-unseen")
    room = element("span", name, " ", bound, " ", unseen, class_="nl-room")
    opens = element(
        "button", _wall(door, inner, "nl-in"), room, _wall(door, outer, "nl-out"),
        type="button", aria_expanded="false", tabindex="-1",
    )  # fmt: skip
    found = " ".join(filter(None, (*door.row(), door.protocol, *(str(holder.pid) for holder in door.holders))))
    return element(
        "li", opens, told, class_="nl-door", data_protocol=door.protocol, data_scope=door.scope.value,
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
    leaves = (element("span", class_=f"nl-leaf nl-is-{side.value}", aria_hidden="true") for side, _ in LEGEND)
    keys = (element("span", leaf, said, class_="nl-key") for leaf, (_, said) in zip(leaves, LEGEND, strict=True))
    return element("div", *keys, class_="nl-legend")
