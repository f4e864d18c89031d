"""Free places beside the nodes of a network: for short notes, and for small signs on the rims."""

from collections.abc import Iterable, Mapping
from itertools import islice
from math import cos, dist, inf, pi, sin

from netlearn.drawing.geometry import RADIUS, Box, Point

NOTE_SIZE = 15.0  # of the letters in it
NOTE_WIDTH, NOTE_HEIGHT = 100.0, 26.0  # room for `tie: R2, R3`
NOTE_LETTERS = 11  # at most
NOTE_GAP, FARTHEST_NOTE = 7.0, 56.0  # from a note to a link; from a node to its note
APART = 8.0  # between two notes: more than between a note and its node, so that each belongs to its own
ENOUGH = 120  # places for a note to choose from
# Where a note is looked for around its node: to the left and above first, where few links go.
DIRECTIONS = [(cos(turn * pi / 20 - 0.9 * pi), sin(turn * pi / 20 - 0.9 * pi)) for turn in range(40)]


def rims_of(boxes: Mapping[str, Box], ink: list[Point], around: float) -> dict[str, Point]:
    """For each node the corner that is farthest from links, as seen from the node's middle."""
    rims: dict[str, Point] = {}
    for name, box in boxes.items():
        near = [point for point in ink if box.holds(point, RADIUS)]
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
    ink: list[Point],
    frame: Box,
) -> dict[str, Point]:
    """For each node the nearest place where a note covers no node, no link, no sign on one and no other note.

    Where there is none, the place that covers least. Whoever has the fewest places chooses first. `sizes` are those of
    the notes, `taken` is what is there already, `better_not` what may come there, `ink` the links.
    """
    free: dict[str, list[Box]] = {}
    least: dict[str, Box] = {}
    for node, size in sizes.items():
        inside = [note for note in _around(boxes[node], *size) if frame.encloses(note)]
        reach = size[0] + FARTHEST_NOTE + NOTE_GAP  # what is farther away no place of this node can cover
        near_ink = [point for point in ink if boxes[node].holds(point, reach)]
        near_boxes = [box for box in taken if boxes[node].overlaps(box, reach)]
        for gap in (NOTE_GAP, NOTE_GAP / 2):
            clear = (note for note in inside if not _covers(note, near_boxes, near_ink, gap))
            free[node] = free.get(node) or [*islice(clear, ENOUGH)]
        others = [box for name, box in boxes.items() if name != node and boxes[node].overlaps(box, 2 * reach)]
        near = [box for box in better_not if boxes[node].overlaps(box, reach)]

        def doubts(note: Box, own: Box = boxes[node], others: list[Box] = others, near: list[Box] = near) -> int:
            """Whether a note may seem to be another node's, or will be covered now and then."""
            return 2 * (note.gap(own) > min(map(note.gap, others), default=inf)) + any(map(note.overlaps, near))

        free[node].sort(key=doubts)
        if not free[node]:
            least[node] = _least_covering((inside or [*_around(boxes[node], *size)])[:ENOUGH], near_boxes, near_ink)
    order = sorted(free, key=lambda node: len(free[node]))
    for _ in order:
        chosen: dict[str, Box] = {}
        for node in order:
            left = (note for note in free[node] if not any(note.overlaps(other, APART) for other in chosen.values()))
            if place := next(left, None):
                chosen[node] = place
        if not (late := [node for node in order if free[node] and node not in chosen]):
            break
        order = [*late, *(node for node in order if node not in late)]  # whoever found nothing now chooses first
    notes = {node: chosen.get(node) or (free[node] or [least[node]])[0] for node in sizes}
    return {node: (note.x, note.y) for node, note in notes.items()}


def _least_covering(places: list[Box], taken: list[Box], ink: list[Point]) -> Box:
    return min(places, key=lambda note: sum(map(note.overlaps, taken)) + sum(map(note.holds, ink)))


def _covers(note: Box, taken: list[Box], ink: list[Point], gap: float) -> bool:
    """Whether a note would cover anything, or come too close to a link."""
    wide, high = note.width / 2 + gap, note.height / 2 + gap
    left, right, top, bottom = note.x - wide, note.x + wide, note.y - high, note.y + high
    # Asked thousands of times for one drawing: `holds`, written out.
    return any(left < x < right and top < y < bottom for x, y in ink) or any(note.overlaps(box, 3) for box in taken)


def _around(box: Box, width: float, height: float) -> Iterable[Box]:
    """Places for a note of this size around a node, from near to far."""
    for distance in (2.0, 6.0, 11.0, 17.0, 24.0, 32.0, 44.0, FARTHEST_NOTE):
        wide, high = box.width / 2 + width / 2 + distance, box.height / 2 + height / 2 + distance
        for right, down in DIRECTIONS:
            yield Box(box.x + right * wide, box.y + down * high, width, height)
