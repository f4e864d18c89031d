"""Free places beside the nodes of a network: for short notes, and for small signs on the rims."""

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from math import cos, dist, inf, pi, sin

from netlearn.drawing.crowd import Boxes, Cells, Points
from netlearn.drawing.geometry import RADIUS, Box, Point

NOTE_SIZE = 15.0  # of the letters in it
NOTE_WIDTH, NOTE_HEIGHT = 100.0, 26.0  # room for `tie: R2, R3`
NOTE_LETTERS = 11  # at most
NOTE_GAP, FARTHEST_NOTE = 7.0, 56.0  # from a note to a link; from a node to its note
FAR_NOTE = 20.0  # from a node to a note that seems to belong to none
APART = 8.0  # between two notes: more than between a note and its node, so that each belongs to its own
ENOUGH = 120  # places for a note to choose from
ROUNDS = 100  # of choosing; where so many do not suffice the drawing is too full for all notes
# Where a note is looked for around its node: to the left and above first, where few links go.
DIRECTIONS = [(cos(turn * pi / 20 - 0.9 * pi), sin(turn * pi / 20 - 0.9 * pi)) for turn in range(40)]


def rims_of(boxes: Mapping[str, Box], ink: Points, around: float) -> dict[str, Point]:
    """For each node the corner that is farthest from links, as seen from the node's middle."""
    rims: dict[str, Point] = {}
    for name, box in boxes.items():
        near = [*ink.near(box.x, box.y, box.width / 2 + RADIUS, box.height / 2 + RADIUS)]
        right, down = box.width / 2 - around - 5, box.height / 2 - around - 5
        corners = [(right, -down), (-right, -down), (right, down), (-right, down)]
        rims[name] = max(
            corners, key=lambda at: min((dist((box.x + at[0], box.y + at[1]), point) for point in near), default=0.0)
        )
    return rims


def free_places(
    sizes: Mapping[str, Point],
    boxes: Mapping[str, Box],
    taken: list[Box],
    better_not: list[Box],
    ink: Points,
    frame: Box,
) -> dict[str, Point]:
    """For each node the nearest place where a note covers no node, no link, no sign on one and no other note.

    Where there is none, the place that covers least. Whoever has the fewest places chooses first. `sizes` are those of
    the notes, `taken` is what is there already, `better_not` what may come there, `ink` the links.
    """
    free: dict[str, list[Box]] = {}
    least: dict[str, Box] = {}
    there, doubtful = Boxes(taken), Boxes(better_not)
    nodes = Cells(boxes.values())
    for node, size in sizes.items():
        own = boxes[node]
        inside = [note for note in _around(own, *size) if frame.encloses(note)]
        for gap in (NOTE_GAP, NOTE_GAP / 2):
            clear = (note for note in inside if not _covers(note, there, ink, gap))
            free[node] = free.get(node) or [*islice(clear, ENOUGH)]

        def doubts(note: Box, own: Box = own) -> int:
            """Whether a note may seem to be another node's, or no node's, or will be covered now and then."""
            away = note.gap(own)
            nearer = any(note.gap(other) < away for other in nodes.near(note, away))
            return 2 * nearer + (away > FAR_NOTE or any(doubtful.overlapped(note)))

        free[node].sort(key=doubts)
        if not free[node]:
            least[node] = _least_covering((inside or [*_around(own, *size)])[:ENOUGH], there, ink)
    order = sorted(free, key=lambda node: len(free[node]))
    for _ in order[:ROUNDS]:
        chosen: dict[str, Box] = {}
        standing = Cells(())
        for node in order:
            left = (
                note
                for note in free[node]
                if not any(note.overlaps(each, APART) for each in standing.near(note, APART))
            )
            if place := next(left, None):
                chosen[node] = place
                standing.add(place)
        if not (late := [node for node in order if free[node] and node not in chosen]):
            break
        order = [*late, *(node for node in order if node not in late)]  # whoever found nothing now chooses first
    notes = {node: chosen.get(node) or (free[node] or [least[node]])[0] for node in sizes}
    return {node: (note.x, note.y) for node, note in notes.items()}


def _least_covering(places: list[Box], taken: Boxes, ink: Points) -> Box:
    """The first of those that cover least."""
    best, fewest = places[0], inf
    for note in places:
        many = 0
        for part in chain([ink.nearer(note.x, note.y, note.width / 2, note.height / 2)], taken.overlapped(note)):
            many += part
            if many >= fewest:
                break
        else:
            best, fewest = note, many
    return best


def _covers(note: Box, taken: Boxes, ink: Points, gap: float) -> bool:
    """Whether a note would cover anything, or come too close to a link."""
    return ink.nearer(note.x, note.y, note.width / 2 + gap, note.height / 2 + gap) > 0 or any(taken.overlapped(note, 3))


def _around(box: Box, width: float, height: float) -> Iterable[Box]:
    """Places for a note of this size around a node, from near to far."""
    for distance in (2.0, 6.0, 11.0, 17.0, 24.0, 32.0, 44.0, FARTHEST_NOTE):
        wide, high = box.width / 2 + width / 2 + distance, box.height / 2 + height / 2 + distance
        for right, down in DIRECTIONS:
            yield Box(box.x + right * wide, box.y + down * high, width, height)
