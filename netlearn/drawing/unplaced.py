"""Places for the nodes of a large network that says none: what is near in the network is near in the drawing.

First the whole: how far every node is from a few of them, in links, spans a plane (pivot MDS, Brandes and Pich 2006).
Then the parts: links pull, nodes close by push away, in steps that become smaller.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from math import cos, hypot, inf, sin, sqrt

from netlearn.drawing.geometry import Point

PIVOTS = 24
TURNS = 60  # of finding the widest direction
STEPS = 50  # of pulling and pushing
FAR = 2.0  # how far a node pushes, in lengths of a link


def spread_out(nodes: Sequence[str], ends: Iterable[tuple[str, str]]) -> dict[str, Point]:
    """A place for each node, a link about 1 long; always the same for the same network."""
    number = {name: place for place, name in enumerate(nodes)}
    beside: list[list[int]] = [[] for _ in nodes]
    for a, b in ends:
        beside[number[a]].append(number[b])
        beside[number[b]].append(number[a])
    xs, ys = _plane([*zip(*_hops_from_pivots(beside), strict=True)])
    lengths = [hypot(xs[a] - xs[b], ys[a] - ys[b]) for a, others in enumerate(beside) for b in others]
    scale = len(lengths) / (sum(lengths) or 1.0)
    # Those in one place are moved apart a little, each in a direction of its own.
    plane = enumerate(zip(xs, ys, strict=True))
    places = [[x * scale + cos(2.4 * at) / 8, y * scale + sin(2.4 * at) / 8] for at, (x, y) in plane]
    for step in range(STEPS):
        _pull_and_push(places, beside, at_most=0.5 * (1 - step / STEPS))
    return {name: (x, y) for name, (x, y) in zip(nodes, places, strict=True)}


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
        axes.append(_widest(products, axes, [cos(axis + place) for place in range(len(products))]))
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
