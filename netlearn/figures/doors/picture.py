"""The doors as a still picture."""

from collections.abc import Iterator

from netlearn.drawing.layout import text_width
from netlearn.drawing.markup import Element, element
from netlearn.drawing.shapes import rect, svg, text
from netlearn.errors import printable
from netlearn.figures.doors.words import SHORT_TITLES, Side, name_of, sides, standing_in
from netlearn.figures.doors.words import words as snapshot_in_words
from netlearn.host.sockets import Listener, Snapshot

PICTURED = 6  # doors of one scope that a still picture shows

# ---- The still picture
WIDTH, ROW, HEAD, MARGIN = 720.0, 42.0, 34.0, 96.0
LEAF_WIDTH, LEAF_HEIGHT = 62.0, 30.0


def picture(snapshot: Snapshot) -> Element:
    """The house as an SVG. Of a scope with many doors it shows the first, and says how many more there are."""
    inner, outer = standing_in(snapshot)
    y, parts, ceiling = 62.0, [], 62.0
    for kind, content in _picture_rows(snapshot):
        height = HEAD if kind == "title" else ROW
        parts.append(_picture_row(kind, content, y + height / 2))
        y += height
    floor = y + 8
    walls = [
        element("rect", x=x - 6, y=ceiling, width=12, height=floor - ceiling, class_="nl-brick")
        for x in (MARGIN, WIDTH - MARGIN)
    ]
    heads = [
        text(MARGIN, 20, "inside", "nl-strong"), text(MARGIN, 42, inner, "nl-small"),
        text(WIDTH / 2, 31, "this machine’s listeners", "nl-small"),
        text(WIDTH - MARGIN, 20, "outside", "nl-strong"), text(WIDTH - MARGIN, 42, outer, "nl-small"),
    ]  # fmt: skip
    ground = element("rect", x=MARGIN, y=ceiling, width=WIDTH - 2 * MARGIN, height=floor - ceiling, class_="nl-indoors")
    parts = [ground, *walls, *heads, *parts]
    return svg(parts, WIDTH, floor + 10, "nl-net nl-machine nl-doors-net", snapshot_in_words(snapshot))


def _picture_rows(snapshot: Snapshot) -> Iterator[tuple[str, str | Listener]]:
    for scope, doors in snapshot.by_scope().items():
        yield "title", f"{SHORT_TITLES[scope]} ({len(doors):,})"
        for door in doors[:PICTURED]:
            yield "door", door
        if len(doors) > PICTURED:
            yield "title", f"… and {len(doors) - PICTURED:,} more"


def _picture_row(kind: str, content: str | Listener, y: float) -> Element:
    if isinstance(content, str):
        return text(WIDTH / 2, y, content, "nl-small nl-doors-head")
    inner, outer = sides(content)
    bound = f"{content.protocol} {printable(content.endpoint)}"
    return element(
        "g",
        _leaf(MARGIN, y, inner, content, "nl-in"),
        text(WIDTH / 2, y - 9, _fitting(name_of(content)), "nl-strong"),
        text(WIDTH / 2, y + 9, _fitting(bound), "nl-small"),
        _leaf(WIDTH - MARGIN, y, outer, content, "nl-out"),
    )


def _leaf(x: float, y: float, side: Side, door: Listener, where: str) -> Element:
    if side is Side.WALL:
        return element("g")
    leaf = rect(x, y, LEAF_WIDTH, LEAF_HEIGHT, 3, f"nl-leaf-box {where} nl-is-{side.value}")
    return element("g", leaf, *([text(x, y, str(door.port), "nl-small")] if door.port is not None else []))


def _fitting(words: str) -> str:
    """The words, or as much of their beginning as the room has space for; the list beside it has all."""
    room = WIDTH - 2 * MARGIN - LEAF_WIDTH - 24
    if text_width(words) <= room:
        return words
    while words and text_width(words + "…") > room:
        words = words[:-1]
    return f"{words}…"
