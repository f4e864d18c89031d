"""Networks of a known shape: nodes and links as the shape says, all in places of their own, and what it is for."""

import doctest
import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import networkx as nx
import pytest

from netlearn.drawing.layout import lay_out
from netlearn.errors import BadNetwork
from netlearn.failures import sweep
from netlearn.graph import to_networkx
from netlearn.network import LinkDown, Topology, shapes
from netlearn.network.shapes import fat_tree, full_mesh, ladder, leaf_spine, ring, tree

EACH = {
    "ring(3)": ring(3), "ring(6)": ring(), "ring(12)": ring(12), "full_mesh(2)": full_mesh(2),
    "full_mesh(5)": full_mesh(), "full_mesh(8)": full_mesh(8), "ladder(2)": ladder(2), "ladder(4)": ladder(),
    "ladder(8)": ladder(8), "tree(3, 2)": tree(), "tree(4, 2)": tree(4), "tree(2, 9)": tree(2, 9),
    "tree(3, 3)": tree(3, 3), "leaf_spine(4, 2)": leaf_spine(), "leaf_spine(2, 1)": leaf_spine(2, 1),
    "leaf_spine(6, 4)": leaf_spine(6, 4), "fat_tree(4)": fat_tree(), "fat_tree(2)": fat_tree(2),
}  # fmt: skip


def routers_of(topology: Topology) -> Any:
    return to_networkx(topology).subgraph(topology.routers)


def test_each_shape_is_what_networkx_calls_so() -> None:
    assert nx.is_isomorphic(routers_of(ring(6)), nx.cycle_graph(6))
    assert nx.is_isomorphic(routers_of(full_mesh(5)), nx.complete_graph(5))
    assert nx.is_isomorphic(routers_of(ladder(4)), nx.ladder_graph(4))
    assert nx.is_isomorphic(routers_of(tree(3, 2)), nx.balanced_tree(2, 2))
    assert nx.is_isomorphic(routers_of(tree(3, 3)), nx.balanced_tree(3, 2))
    assert nx.is_isomorphic(routers_of(leaf_spine(4, 2)), nx.complete_bipartite_graph(4, 2))


def test_a_fat_tree_of_routers_with_four_ports_uses_all_of_them_and_has_four_pods() -> None:
    topology = fat_tree(4)
    ports = {name: len(topology.arcs(name)) for name in topology.routers}
    free = {name for name, used in ports.items() if used != 4}
    assert free == {f"edge{number}" for number in range(1, 9)}, "each has room for one more host"
    pods = routers_of(topology).subgraph(name for name in topology.routers if not name.startswith("core"))
    assert [len(pod) for pod in nx.connected_components(pods)] == [4, 4, 4, 4]
    assert nx.diameter(to_networkx(topology)) == 6


@pytest.mark.parametrize("shape", EACH)
def test_each_shape_has_a_place_for_every_node_a_source_and_a_destination(shape: str) -> None:
    topology = EACH[shape]
    boxes = lay_out(topology).nodes.values()
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(0 <= node.x <= 800 and 0 <= node.y <= 420 for node in topology.nodes if node.x is not None is not node.y)
    assert len(topology.hosts) >= 2
    assert {metric for link in topology.links for metric in (link.metric, link.metric_back)} == {1}
    assert nx.is_connected(to_networkx(topology))


@pytest.mark.parametrize("shape", [ring(5), full_mesh(4), ladder(3), leaf_spine(3, 2), fat_tree(4)])
def test_whoever_has_another_way_round_loses_nobody_when_a_link_between_routers_fails(shape: Topology) -> None:
    between = {link.name for link in shape.links if not shape.hosts & {link.a, link.b}}
    assert not between & {*sweep(shape, nodes=False).single_points}


def test_in_a_tree_every_link_is_a_single_point_of_failure() -> None:
    assert set(sweep(tree(), nodes=False).single_points) == {link.name for link in tree().links}
    assert tree().without(LinkDown("R1-R2")).has_node("R2")


REFUSED: list[tuple[Callable[[], Topology], str]] = [
    (lambda: ring(2), "a ring has from 3 to 12 routers, not 2"),
    (lambda: ring(True), "a ring has from 3 to 12 routers, not True"),
    (lambda: full_mesh(9), "a full mesh has from 2 to 8 routers, not 9"),
    (lambda: ladder("4"), "a ladder has from 2 to 8 rungs, not '4'"),  # type: ignore[arg-type]
    (lambda: tree(5), "a tree has from 2 to 4 levels, not 5"),
    (lambda: tree(2, 1), "a router of a tree has from 2 to 9 routers below it, not 1"),
    (lambda: tree(4, 3), "a tree of 4 levels and 3 branches has 27 leaves; 9 can be drawn"),
    (lambda: leaf_spine(1), "a fabric has from 2 to 6 leaves, not 1"),
    (lambda: leaf_spine(4, 5), "a fabric has from 1 to 4 spines, not 5"),
    (lambda: leaf_spine(4, 2.0), "a fabric has from 1 to 4 spines, not 2.0"),  # type: ignore[arg-type]
    (lambda: fat_tree(6), "the routers of a fat tree have 2 or 4 ports, not 6; more cannot be drawn"),
    (lambda: fat_tree(4.0), "the routers of a fat tree have 2 or 4 ports, not 4.0; more cannot be drawn"),  # type: ignore[arg-type]
    (lambda: fat_tree([]), "the routers of a fat tree have 2 or 4 ports, not []; more cannot be drawn"),  # type: ignore[arg-type]
]


@pytest.mark.parametrize(("make", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_a_size_that_cannot_be_is_refused_with_those_that_can(make: Callable[[], Topology], words: str) -> None:
    with pytest.raises(BadNetwork, match=f"^{re.escape(words)}$"):
        make()


def test_the_examples_of_the_shapes_hold() -> None:
    assert doctest.testmod(shapes).failed == 0 < doctest.testmod(shapes).attempted
