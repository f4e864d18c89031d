"""What stands near a place, of very many points or boxes: asked thousands of times for one drawing."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from netlearn.drawing.geometry import Box, Point

STEP = 16  # points from one kept mask to the next; more where there are very many points
MASKS = 1024  # at most
CELL = 40.0  # of the grid, in the drawing's units


class Points:
    """Points, of which those in a rectangle are counted without a look at each.

    Each has its bit, in the order of `x`. What lies above some height is a mask of bits, kept for one height in a few;
    so the points in a rectangle are a piece of the difference of two masks.
    """

    def __init__(self, points: Iterable[Point]) -> None:
        self.points = sorted(points)
        self._xs = [x for x, _ in self.points]
        self._downwards = sorted(range(len(self.points)), key=lambda place: self.points[place][1])
        self._ys = [self.points[place][1] for place in self._downwards]
        self._step = max(STEP, len(self.points) // MASKS)
        self._above, mask = [0], 0
        for start in range(0, len(self._downwards), self._step):
            for place in self._downwards[start : start + self._step]:
                mask |= 1 << place
            self._above.append(mask)

    def nearer(self, x: float, y: float, wide: float, high: float) -> int:
        """How many are nearer than `wide` beside and than `high` above or below."""
        left, right = _nearer(self._xs, x, wide)
        top, bottom = _nearer(self._ys, y, high)
        if left >= right or top >= bottom:
            return 0
        step = self._step
        first, last = top // step, bottom // step
        mask = (self._above[first] ^ self._above[last]) >> left
        many = (mask & ((1 << (right - left)) - 1)).bit_count()
        many -= sum(left <= place < right for place in self._downwards[first * step : top])
        return many + sum(left <= place < right for place in self._downwards[last * step : bottom])

    def near(self, x: float, y: float, wide: float, high: float) -> Iterator[Point]:
        """Those that are nearer than `wide` beside and than `high` above or below."""
        for place in range(*_nearer(self._xs, x, wide)):
            if abs(self.points[place][1] - y) < high:
                yield self.points[place]


class Cells:
    """Boxes, each in a cell of a grid, so that who asks what is near looks into few cells."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        self._cells: dict[tuple[int, int], list[Box]] = defaultdict(list)
        self._wide = self._high = 0.0  # half of the largest
        for box in boxes:
            self.add(box)

    def add(self, box: Box) -> None:
        self._wide, self._high = max(self._wide, box.width / 2), max(self._high, box.height / 2)
        self._cells[int(box.x // CELL), int(box.y // CELL)].append(box)

    def near(self, box: Box, gap: float) -> Iterator[Box]:
        """All to which the box may come closer than `gap`, and some that are farther."""
        wide, high = box.width / 2 + self._wide + gap, box.height / 2 + self._high + gap
        for across in range(int((box.x - wide) // CELL), int((box.x + wide) // CELL) + 1):
            for down in range(int((box.y - high) // CELL), int((box.y + high) // CELL) + 1):
                yield from self._cells.get((across, down), ())


class Boxes:
    """Boxes, of which those that a note overlaps are counted without a look at each."""

    def __init__(self, boxes: Iterable[Box]) -> None:
        alike: dict[tuple[float, float, bool], list[Point]] = defaultdict(list)
        for box in boxes:
            alike[box.width, box.height, box.round].append((box.x, box.y))
        crowds = [(size, Points(middles)) for size, middles in alike.items()]
        self._crowds = sorted(crowds, key=lambda crowd: crowd[0][2])  # round ones last

    def overlapped(self, note: Box, gap: float = 0.0) -> Iterator[int]:
        """How many there are to which a note comes closer than `gap`, in parts: what is found fast comes first."""
        for (width, height, round_), middles in self._crowds:
            wide, high = (note.width + width) / 2 + gap, (note.height + height) / 2 + gap
            if not round_:
                yield middles.nearer(note.x, note.y, wide, high)
            elif middles.nearer(note.x, note.y, wide + 1, high + 1):
                near = (
                    Box(x, y, width, height, round=True) for x, y in middles.near(note.x, note.y, wide + 1, high + 1)
                )
                yield sum(note.overlaps(box, gap) for box in near)


def _nearer(sorted_: Sequence[float], middle: float, far: float) -> tuple[int, int]:
    """From where to where numbers in order are nearer than `far` to the middle, to the last bit of a fraction."""
    start, end = bisect_left(sorted_, middle - far), bisect_right(sorted_, middle + far)
    while start and abs(sorted_[start - 1] - middle) < far:
        start -= 1
    while start < end and abs(sorted_[start] - middle) >= far:
        start += 1
    while end < len(sorted_) and abs(sorted_[end] - middle) < far:
        end += 1
    while end > start and abs(sorted_[end - 1] - middle) >= far:
        end -= 1
    return start, end
