"""What stands near a place is found without a look at everything, and is the same."""

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn.drawing.crowd import Boxes, Cells, Points
from netlearn.drawing.geometry import Box


def test_a_point_on_the_rim_is_not_inside() -> None:
    points = Points([(0, 0), (10, 0), (10, 5), (-10, -4.9), (9.9, 4.9)])
    assert points.nearer(0, 0, 10, 5) == 2
    assert sorted(points.near(0, 0, 10, 5)) == [(0, 0), (9.9, 4.9)]
    assert points.nearer(100, 0, 10, 5) == points.nearer(0, 100, 10, 5) == Points([]).nearer(0, 0, 1, 1) == 0


@settings(max_examples=20)
@given(st.randoms(use_true_random=False))
def test_what_is_counted_is_what_each_box_says_of_itself(random: Random) -> None:
    places = [(random.randint(0, 60), random.randint(0, 40) / 3) for _ in range(random.randint(0, 90))]
    sizes = [(24.0, 24.0, False), (52.0, 52.0, True), (16.0, 16.0, False)]
    boxes = [Box(8 * x, 8 * y, *random.choice(sizes)) for x, y in places]
    points, crowd, cells = Points((box.x, box.y) for box in boxes), Boxes(boxes), Cells(boxes)
    for gap in (0.0, 3.0):
        note = Box(8 * random.randint(0, 60), 8 * random.randint(0, 40) / 3, 100, 26)
        assert points.nearer(note.x, note.y, 50, 13) == sum(note.holds((box.x, box.y)) for box in boxes)
        overlapped = [box for box in boxes if note.overlaps(box, gap)]
        assert sum(crowd.overlapped(note, gap)) == len(overlapped)
        assert [box for box in cells.near(note, gap) if note.overlaps(box, gap)] == sorted(
            overlapped, key=[*cells.near(note, gap)].index
        )
