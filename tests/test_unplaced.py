"""A network that names no places is laid out by one rule, the same for all and in whatever order it came."""

from itertools import combinations, pairwise
from math import dist
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn.drawing.layout import MOST_NAMED, Layout, lay_out
from netlearn.drawing.unplaced import in_rows, moved_apart, spread_out
from netlearn.network import Link, Node, Topology, load
from netlearn.network.shapes import fat_tree, full_mesh, ladder, ring, tree


def drawn(topology: Topology) -> Layout:
    """The network laid out, with nothing beside its nodes."""
    return lay_out(topology, notes={})


def bare(topology: Topology) -> Topology:
    """The network without its places."""
    nodes = [Node(node.name, node.kind) for node in topology.nodes]
    return Topology(nodes, topology.links)


def network(count: int, random: Random, links: int) -> Topology:
    """A network of so many nodes, of all kinds, most of them in one piece."""
    kinds = ["router"] * 6 + ["host"]
    nodes = [Node(f"R{number}", random.choice(kinds)) for number in range(count)]  # type: ignore[arg-type]
    ends = {(random.randrange(max(0, at - 5), at), at) for at in range(1, count)}
    ends |= {tuple(sorted(random.sample(range(count), 2))) for _ in range(links)}  # type: ignore[misc]
    return Topology(nodes, [Link(f"R{a}", f"R{b}") for a, b in sorted(ends)])


def places(layout: Layout) -> dict[str, tuple[float, float]]:
    return {name: (box.x, box.y) for name, box in layout.nodes.items()}


def touching(layout: Layout) -> list[tuple[str, str]]:
    boxes = layout.nodes
    return [(one, other) for one, other in combinations(boxes, 2) if boxes[one].overlaps(boxes[other])]


def test_two_nodes_stand_side_by_side_and_the_first_name_is_left() -> None:
    for names in ("AB", "BA"):
        found = places(drawn(Topology([Node(name) for name in names], [Link("B", "A")])))
        assert found["A"][0] < found["B"][0]
        assert found["A"][1] == pytest.approx(found["B"][1])


def test_what_is_near_in_the_network_is_near_in_the_drawing() -> None:
    line = Topology([Node(f"R{number}") for number in range(1, 10)], [Link(f"R{n}", f"R{n + 1}") for n in range(1, 9)])
    right = [places(drawn(line))[f"R{number}"][0] for number in range(1, 10)]
    assert right == sorted(right)
    found = places(drawn(bare(ring(12))))
    circle = [found[f"R{number}"] for number in range(1, 13)]
    assert all(dist(one, other) < dist(circle[0], circle[6]) for one, other in pairwise([*circle, circle[0]]))


SHAPES = {"forum": load("forum"), "Abilene": load("topozoo/Abilene"), "Geant": load("topozoo/Geant2012")}
SHAPES |= {"tree": tree(4), "ladder": ladder(8), "mesh": full_mesh(8), "fat tree": fat_tree(4), "ring": ring(12)}


@pytest.mark.parametrize("shape", SHAPES)
def test_no_two_nodes_of_a_network_that_one_knows_touch(shape: str) -> None:
    layout = drawn(bare(SHAPES[shape]))
    assert not touching(layout)
    assert layout.width >= layout.height


@pytest.mark.parametrize("count", range(12, 21))
def test_from_twelve_nodes_on_a_network_is_no_circle(count: int) -> None:
    star = Topology([Node(f"R{number}") for number in range(count)], [Link("R0", f"R{n}") for n in range(1, count)])
    found = places(drawn(star))
    middle = [sum(line) / count for line in zip(*found.values(), strict=True)]
    far = {name: dist(place, middle) for name, place in found.items()}
    assert min(far, key=far.__getitem__) == "R0", "the middle of a star is in the middle, where a circle has nothing"


@settings(max_examples=10, deadline=None)
@given(st.integers(2, 40), st.randoms(use_true_random=False))
def test_the_order_of_nodes_and_links_plays_no_part_and_no_two_nodes_touch(count: int, random: Random) -> None:
    topology = network(count, random, count // 2)
    turned = [
        Link(*random.choice([link.ends, link.ends[::-1]]), name=link.name)
        for link in random.sample(topology.links, len(topology.links))
    ]
    other = Topology(random.sample(topology.nodes, count), turned)
    layout = drawn(topology)
    assert places(layout) == places(drawn(other))
    assert not touching(layout)


@pytest.mark.parametrize("count", [41, 60, MOST_NAMED, MOST_NAMED + 1, 200])
def test_up_to_200_nodes_each_has_a_place_of_its_own_in_the_drawing(count: int) -> None:
    layout = drawn(network(count, Random(count), count // 2))
    assert len({*places(layout).values()}) == count
    assert all(0 < box.x < layout.width and 0 < box.y < layout.height for box in layout.nodes.values())
    if count <= MOST_NAMED:
        assert not touching(layout)


def test_nodes_without_any_link_have_places_of_their_own() -> None:
    layout = drawn(Topology([Node(f"R{number}") for number in range(12)]))
    assert not touching(layout)
    assert len(spread_out(["alone"], [])) == 1


def test_a_row_that_is_too_full_becomes_two() -> None:
    row = {f"R{number}": (10.0 * number, 50.0) for number in range(10)}
    found, apart = moved_apart(row, dict.fromkeys(row, (30.0, 20.0)), (200.0, 100.0))
    assert apart
    assert all(0 <= x <= 200 and 0 <= y <= 100 for x, y in found.values())
    assert not moved_apart(row, dict.fromkeys(row, (90.0, 90.0)), (200.0, 100.0))[1], "they have no room at all"
    rows = in_rows({f"R{number}": (10.0 * number, 50.0) for number in range(40)}, dict.fromkeys(
        (f"R{number}" for number in range(40)), (30.0, 20.0)), (200.0, 100.0))  # fmt: skip
    assert not [pair for pair in combinations(rows.values(), 2)
                if abs(pair[0][0] - pair[1][0]) < 30 and abs(pair[0][1] - pair[1][1]) < 20]  # fmt: skip
    assert all(0 <= x <= 200 and 0 <= y <= 100 for x, y in rows.values())
