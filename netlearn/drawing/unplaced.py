"""Places for the nodes of a network that says none: what is near in the network is near in the drawing.

First the whole: how far every node is from a few of them, in links, spans a plane (pivot MDS, Brandes and Pich 2006).
Then the parts: links pull, nodes close by push away, in steps that become smaller. At last those that would touch in
the drawing are moved apart. The order in which a network names its nodes and links plays no part.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import atan2, cos, hypot, inf, sin, sqrt

from netlearn.drawing.geometry import Point

PIVOTS = 24
TURNS = 60  # of finding the widest direction
STEPS = 50  # of pulling and pushing
FAR = 2.0  # how far a node pushes, in lengths of a link
ROUNDS = 100  # of moving apart those that touch
CLOSE = 0.01  # units of the drawing, which nobody sees
DIGITS = 9  # of a sine or cosine: in the last one machines differ


def spread_out(nodes: Iterable[str], ends: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """A place for each node, a link about 1 long; the widest direction lies, with the first name in the left half."""
    names = sorted(nodes)
    number = {name: place for place, name in enumerate(names)}
    beside: list[list[int]] = [[] for _ in names]
    for a, b in sorted(map(sorted, ends)):
        beside[number[a]].append(number[b])
        beside[number[b]].append(number[a])
    xs, ys = _plane([*zip(*_hops_from_pivots(beside), strict=True)])
    lengths = [hypot(xs[a] - xs[b], ys[a] - ys[b]) for a, others in enumerate(beside) for b in others]
    scale = len(lengths) / (sum(lengths) or 1.0)
    # Those in one place are moved apart a little, each in a direction of its own.
    plane = enumerate(zip(xs, ys, strict=True))
    places = [[x * scale + _cos(2.4 * at) / 8, y * scale + _sin(2.4 * at) / 8] for at, (x, y) in plane]
    for step in range(STEPS):
        _pull_and_push(places, beside, at_most=0.5 * (1 - step / STEPS))
    return dict(zip(names, _lying(places), strict=True))


def _cos(angle: float) -> float:
    return round(cos(angle), DIGITS)


def _sin(angle: float) -> float:
    return round(sin(angle), DIGITS)


def _lying(places: Sequence[Sequence[float]]) -> list[Point]:
    """The places turned so that their widest direction lies, and mirrored so that the first is left of the middle."""
    middle = [sum(line) / len(places) for line in zip(*places, strict=True)]
    off = [(x - middle[0], y - middle[1]) for x, y in places]
    angle = atan2(2 * sum(x * y for x, y in off), sum(x * x - y * y for x, y in off)) / 2
    along, across = _cos(angle), _sin(angle)
    side = -1 if off[0][0] * along + off[0][1] * across > 0 else 1
    return [(side * (x * along + y * across), y * along - x * across) for x, y in off]


def fitted(places: Mapping[str, Point], wide: float, high: float) -> dict[str, Point]:
    """The places in a room of this width and height: as wide, and no higher, in the middle of it."""
    xs, ys = zip(*places.values(), strict=True)
    (left, right), (top, low) = ((min(line), max(line)) for line in (xs, ys))
    by_x = wide / (right - left) if right > left else 1.0
    by_y = min(by_x, high / (low - top)) if low > top else 1.0
    return {
        name: (wide / 2 + (x - (left + right) / 2) * by_x, high / 2 + (y - (top + low) / 2) * by_y)
        for name, (x, y) in places.items()
    }


def moved_apart(
    places: Mapping[str, Point], sizes: Mapping[str, tuple[float, float]], room: tuple[float, float]
) -> tuple[dict[str, Point], bool]:
    """The places, from 0 to `room` right and down, with nodes of these widths and heights apart; and whether all are.

    Of two that touch each goes half of the shorter way out, as long as there is room.
    """
    names = sorted(places)
    moved = [[*places[name]] for name in names]
    halves = [(wide / 2, high / 2) for wide, high in map(sizes.__getitem__, names)]
    for turn in range(ROUNDS):
        touching = [*_touching(moved, halves)]
        for one, other in touching:
            off = [there - here for here, there in zip(moved[one], moved[other], strict=True)]
            apart = [one_half + other_half for one_half, other_half in zip(halves[one], halves[other], strict=True)]
            missing = [max(0.0, need - abs(far)) for need, far in zip(apart, off, strict=True)]
            along = turn % 4 and missing[0] * apart[1] < missing[1] * apart[0]
            axis = 0 if along else 1  # now and then down, or a full row would push against its ends for ever
            way = missing[axis] / 2 if off[axis] >= 0 else -missing[axis] / 2
            for node, by in ((one, -way), (other, way)):
                moved[node][axis] = min(max(moved[node][axis] + by, 0.0), room[axis])
        if not touching:
            break
    return {name: (x, y) for name, (x, y) in zip(names, moved, strict=True)}, not touching


def in_rows(
    places: Mapping[str, Point], sizes: Mapping[str, tuple[float, float]], room: tuple[float, float]
) -> dict[str, Point]:
    """The places in as many rows as there is room for, each in its order: where the room is too full to push.

    No two touch, unless a row is longer than the room.
    """
    names = sorted(places, key=lambda name: (places[name][1], name))
    high = max(high for _, high in sizes.values())
    rows = int(room[1] // high) + 1
    found: dict[str, Point] = {}
    for row in range(rows):
        own = names[len(names) * row // rows : len(names) * (row + 1) // rows]
        own.sort(key=lambda name: (places[name][0], name))
        right = room[0]
        at: dict[str, float] = {}
        for place, name in reversed([*enumerate(own)]):
            at[name] = min(places[name][0], right)
            right = at[name] - (sizes[name][0] + sizes[own[place - 1]][0]) / 2
        for place, name in enumerate(own):
            left = found[own[place - 1]][0] + (sizes[own[place - 1]][0] + sizes[name][0]) / 2 if place else 0.0
            found[name] = max(at[name], left), row * room[1] / max(1, rows - 1)
    return found


def _touching(places: Sequence[Sequence[float]], halves: Sequence[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """Every two nodes that touch, the left one first."""
    in_order = sorted(range(len(places)), key=lambda each: (places[each], each))
    widest = max(wide for wide, _ in halves)
    for at, one in enumerate(in_order):
        (x, y), (wide, high) = places[one], halves[one]
        for other in in_order[at + 1 :]:
            right = places[other][0] - x
            if right >= wide + widest:
                break
            down = abs(places[other][1] - y)
            if wide + halves[other][0] - right > CLOSE and high + halves[other][1] - down > CLOSE:
                yield one, other


def _hops_from_pivots(beside: Sequence[Sequence[int]]) -> list[list[float]]:
    """How many links every node is from each pivot; the next pivot is always who is farthest from all before."""
    found: list[list[float]] = []
    nearest = [inf] * len(beside)
    pivot = 0
    for _ in range(min(PIVOTS, len(beside))):
        hops = _hops(beside, pivot)
        found.append(hops)
        nearest = [*map(min, nearest, hops)]
        pivot = max(range(len(beside)), key=nearest.__getitem__)
    return found


def _hops(beside: Sequence[Sequence[int]], start: int) -> list[float]:
    """How many links every node is from one; where no way leads, a little more than the farthest."""
    hops = {start: 0}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        for other in beside[node]:
            if other not in hops:
                hops[other] = hops[node] + 1
                waiting.append(other)
    beyond = 4 + max(hops.values())
    return [hops.get(node, beyond) for node in range(len(beside))]


def _plane(rows: Sequence[Sequence[float]]) -> tuple[list[float], list[float]]:
    """The two directions in which rows of distances differ most, as a coordinate of each row in either."""
    squared = [[far * far for far in row] for row in rows]
    means = [sum(column) / len(rows) for column in zip(*squared, strict=True)]
    centred = []
    for row in squared:
        above = [mean - far for mean, far in zip(means, row, strict=True)]
        middle = sum(above) / len(above)
        centred.append([each - middle for each in above])
    columns = [*zip(*centred, strict=True)]
    products = [[_product(one, other) for other in columns] for one in columns]
    axes: list[list[float]] = []
    for axis in range(2):
        axes.append(_widest(products, axes, [_cos(axis + place) for place in range(len(products))]))
    along = [[_product(row, axis) for row in centred] for axis in axes]
    # A direction of twice the variance is not drawn twice as long.
    first, second = ([each / (sqrt(hypot(*line)) or 1.0) for each in line] for line in along)
    return first, second


def _widest(products: Sequence[Sequence[float]], without: Sequence[Sequence[float]], axis: list[float]) -> list[float]:
    """The direction of the greatest variance, at right angles to those `without`."""
    for _ in range(TURNS):
        for other in without:
            part = _product(axis, other)
            axis = [each - part * there for each, there in zip(axis, other, strict=True)]
        axis = [_product(row, axis) for row in products]
        length = hypot(*axis) or 1.0
        axis = [each / length for each in axis]
    return axis


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(map(float.__mul__, one, other))


def _pull_and_push(places: list[list[float]], beside: Sequence[Sequence[int]], at_most: float) -> None:
    """One step of all nodes, none farther than `at_most`."""
    cells: Mapping[tuple[int, int], list[int]] = defaultdict(list)
    for node, (x, y) in enumerate(places):
        cells[int(x // FAR), int(y // FAR)].append(node)
    moves = []
    for node, (x, y) in enumerate(places):
        right = down = 0.0
        for other in beside[node]:
            dx, dy = places[other][0] - x, places[other][1] - y
            pull = 1 - 1 / (hypot(dx, dy) or 1.0)
            right, down = right + dx * pull, down + dy * pull
        column, row = int(x // FAR), int(y // FAR)
        for cell in [(column + across, row + along) for across in (-1, 0, 1) for along in (-1, 0, 1)]:
            for other in cells.get(cell, ()):
                dx, dy = x - places[other][0], y - places[other][1]
                squared = dx * dx + dy * dy
                if 0 < squared < FAR * FAR:
                    right, down = right + dx / squared, down + dy / squared
        far = hypot(right, down) or 1.0
        moves.append((right * min(1, at_most / far), down * min(1, at_most / far)))
    for place, (right, down) in zip(places, moves, strict=True):
        place[0] += right
        place[1] += down
