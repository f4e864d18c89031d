"""What drawings of networks measure with: points, the way of a link, the box of a node."""

from collections.abc import Callable
from dataclasses import dataclass
from math import dist, hypot

RADIUS = 26.0  # of a router
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """The way of a link: straight, or bent aside for one of several parallel links (a quadratic curve)."""

    start: Point
    bend: Point
    end: Point

    @property
    def length(self) -> float:
        """The length as the crow flies; bends are slight."""
        return dist(self.start, self.end)

    def at(self, part: float) -> Point:
        """The point at this part (0..1) of the way."""
        # The weights of a quadratic Bézier curve; they add up to 1.
        before, between, after = (1 - part) ** 2, 2 * part * (1 - part), part**2
        (x1, y1), (x2, y2), (x3, y3) = self.start, self.bend, self.end
        return before * x1 + between * x2 + after * x3, before * y1 + between * y2 + after * y3

    def part_at(self, far: float) -> float:
        """The part of the way at which one is so far from its start; half of it at most."""
        part = far / (self.length or 1.0)
        while part < 0.5 and dist(self.start, self.at(part)) < far - 0.01:
            part += 1 / 64  # of one that bows, the parts near its ends are short
        return min(part, 0.5)

    def sides(self, far: float) -> tuple[Point, Point]:
        """The places so far aside from its middle."""
        (x, y), length = self.at(0.5), self.length or 1.0
        right, down = far * (self.start[1] - self.end[1]) / length, far * (self.end[0] - self.start[0]) / length
        return (x + right, y + down), (x - right, y - down)

    def through(self, turn: Callable[[Point], Point]) -> "Curve":
        """The same way after a turn."""
        return Curve(turn(self.start), turn(self.bend), turn(self.end))

    def reversed(self) -> "Curve":
        """The same way, walked from the other end."""
        return Curve(self.end, self.bend, self.start)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float
    round: bool = False  # the circle in it

    def overlaps(self, other: "Box", gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap`; a round one is so only where it is `other`."""
        if other.round:
            right = max(0.0, abs(self.x - other.x) - self.width / 2)
            down = max(0.0, abs(self.y - other.y) - self.height / 2)
            return hypot(right, down) < other.width / 2 + gap
        beside = abs(self.x - other.x) < (self.width + other.width) / 2 + gap
        return beside and abs(self.y - other.y) < (self.height + other.height) / 2 + gap

    def gap(self, other: "Box") -> float:
        """How far the two are from each other."""
        right = abs(self.x - other.x) - (self.width + other.width) / 2
        down = abs(self.y - other.y) - (self.height + other.height) / 2
        return hypot(max(0.0, right), max(0.0, down))

    def grown(self, by: float, around: float) -> "Box":
        """The same, so many times as large, and with so much room on each side."""
        return Box(self.x, self.y, self.width * by + 2 * around, self.height * by + 2 * around, self.round)

    def encloses(self, other: "Box") -> bool:
        """Whether the other one is inside."""
        beside = abs(self.x - other.x) < (self.width - other.width) / 2
        return beside and abs(self.y - other.y) < (self.height - other.height) / 2

    def holds(self, point: Point, gap: float = 0.0) -> bool:
        """Whether the point is inside, or nearer than `gap`."""
        return abs(point[0] - self.x) < self.width / 2 + gap and abs(point[1] - self.y) < self.height / 2 + gap
