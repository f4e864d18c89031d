"""Where there is little room a network stands upright: the same drawing, turned by a quarter, its words level."""

from itertools import combinations, pairwise
from math import dist
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn import Link, Node, Topology, forum
from netlearn.drawing.geometry import RADIUS, Box, Curve
from netlearn.drawing.layout import (
    ACROSS,
    FEW_LETTERS,
    SQUEEZE,
    Layout,
    Turn,
    clear_of,
    lay_out,
    metric_points,
    width_of,
)
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.notes import NOTE_HEIGHT, NOTE_WIDTH
from netlearn.drawing.still import picture, standalone

FORUM = forum()


def turned(layout: Layout) -> tuple[Turn, dict[str, Box], dict[str, Curve], dict[str, Box]]:
    """The turn of a drawing, and the boxes of its nodes, its links and its notes after it."""
    assert layout.upright
    turn = Turn(layout.height)
    boxes = {name: Box(*turn.there((box.x, box.y)), box.width, box.height) for name, box in layout.nodes.items()}
    notes = {name: Box(*turn.there(at), NOTE_WIDTH, NOTE_HEIGHT) for name, at in layout.upright.notes.items()}
    return turn, boxes, {name: curve.through(turn.there) for name, curve in layout.links.items()}, notes


def test_where_it_stands_upright_the_forum_network_has_source_above_and_end_below() -> None:
    turn, nodes, _, _ = turned(lay_out(FORUM))
    assert nodes["Source"].y < nodes["R1"].y < nodes["R2"].y < nodes["End"].y
    assert nodes["Source"].x == nodes["R1"].x == nodes["R2"].x == nodes["End"].x
    assert nodes["R5"].x == nodes["R6"].x == nodes["R7"].x < nodes["R1"].x < nodes["R3"].x == nodes["R4"].x
    # Letters of 15 units have 13 pixels on a screen of 320, and a screen of 360 by 740 shows it whole.
    assert 15 * 320 / turn.across >= 13
    assert turn.along * 360 / turn.across < 640


@given(st.floats(0, 800), st.floats(0, 420), st.floats(10, 420))
def test_what_is_turned_back_is_where_it_was(x: float, y: float, height: float) -> None:
    turn = Turn(height)
    assert turn.back(turn.there((x, y))) == pytest.approx((x, y))


def test_upright_no_note_covers_a_link_a_node_a_metric_or_another_note() -> None:
    turn, nodes, links, notes = turned(lay_out(FORUM))
    chips = [Box(*metric_points(curve)[0], 24, 24) for curve in links.values()]
    assert not any(first.overlaps(second) for first, second in combinations(notes.values(), 2))
    for name, note in notes.items():
        assert Box(turn.across / 2, turn.along / 2, turn.across, turn.along).encloses(note), name
        assert not any(note.overlaps(box) for box in [*nodes.values(), *chips]), name
        assert not any(note.holds(curve.at(step / 99)) for curve in links.values() for step in range(100)), name


def test_a_sign_on_the_rim_of_a_node_stands_away_from_its_links() -> None:
    layout = lay_out(FORUM)
    for name, (right, down) in layout.rims.items():
        box = layout.nodes[name]
        ends = [link.name for link in FORUM.links if name in (link.a, link.b)]
        ways = [layout.links[end] if FORUM.link(end).a == name else layout.links[end].reversed() for end in ends]
        arrows = [way.at(40 / way.length) for way in ways]
        assert all(dist((box.x + right, box.y + down), arrow) > 15 for arrow in arrows), name


@pytest.mark.parametrize(("steep", "away"), [(False, 100.0), (True, 100.0)])
def test_what_is_clear_of_a_node_is_so_in_both_drawings(steep: bool, away: float) -> None:
    node = Node("Frankfurt-Core-01")
    curve = Curve((0, 0), (0, away / 2), (0, away)) if steep else Curve((0, 0), (away / 2, 0), (away, 0))
    # The long name makes it wide, the short one of the upright drawing less so; that is shorter along the way.
    assert clear_of(node, curve, 0) == pytest.approx(
        width_of(node, FEW_LETTERS) / 2 if steep else max(width_of(node) / 2, RADIUS / SQUEEZE)
    )
    assert clear_of(Node("R1"), curve, 3) == pytest.approx(29 if steep else 29 / SQUEEZE)


def test_a_network_that_is_higher_than_wide_stands_upright_from_the_beginning() -> None:
    tower = Topology(
        (Node("top", x=0, y=0), Node("left", x=-50, y=100), Node("right", x=50, y=100), Node("foot", x=0, y=400)),
        (Link("top", "left"), Link("top", "right"), Link("left", "foot"), Link("right", "foot")),
    )
    layout = lay_out(tower)
    assert layout.upright is None
    assert layout.width <= ACROSS < layout.height
    assert layout.nodes["top"].y < layout.nodes["left"].y == layout.nodes["right"].y < layout.nodes["foot"].y
    assert "nl-turns" not in str(draw(tower, Marks()))


@settings(max_examples=25)
@given(st.integers(2, 30), st.booleans(), st.randoms(use_true_random=False))
def test_any_network_is_whole_in_both_drawings_and_flat_if_its_nodes_stand_apart(
    count: int, placed: bool, random: Random
) -> None:
    at = [(random.uniform(0, 900), random.uniform(0, 700)) if placed else (None, None) for _ in range(count)]
    nodes = tuple(Node(f"R{place}", x=x, y=y) for place, (x, y) in enumerate(at))
    layout = lay_out(Topology(nodes, tuple(Link(a.name, b.name) for a, b in pairwise(nodes))))
    for box in layout.nodes.values():
        assert box.width / 2 <= box.x <= layout.width - box.width / 2
        assert box.height / 2 <= box.y <= layout.height - box.height / 2
    if layout.upright and not placed and count < 9:
        assert layout.upright.across <= ACROSS
        assert layout.upright.words == 1


def test_a_long_name_is_shorter_where_the_drawing_is_turned_and_whoever_points_at_it_gets_the_whole() -> None:
    pair = Topology((Node("Frankfurt-Core-01"), Node("R2")), (Link("Frankfurt-Core-01", "R2"),))
    drawn = str(draw(pair, Marks()))
    assert drawn.count(">Frankfurt-Core-01</text>") == drawn.count(">Frankfu…</text>") == 1
    assert "<title>" not in drawn
    assert "<title>An-even-longer-name</title>" in str(draw(Topology((Node("An-even-longer-name"),), ()), Marks()))


def test_a_picture_turns_by_its_own_shape_which_the_page_gives_it() -> None:
    html = picture(FORUM)._repr_html_()
    assert 'class="nl-turns" style="--nl-across:366;--nl-along:640;' in html
    style = standalone(picture(FORUM).svg).partition("</style>")[0]
    assert "@media (orientation: portrait)" in style
    assert "@container" not in style


"""
"""
