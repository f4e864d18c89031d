"""Shortest paths from every root at once are those of SPF, root by root."""

from dataclasses import replace
from itertools import pairwise

import judge
import pytest
from hypothesis import given, settings
from strategies import Plain, networks, topology

from benchmarks.networks import backbone
from netlearn import Link, Node, NodeDown, Topology, UnknownName, forum, shortest_paths
from netlearn.routing.allpairs import all_pairs

ODD = Topology(
    [Node("A"), Node("B"), Node("C"), Node("LAN", "lan"), Node("H", "host"), Node("alone")],
    [
        *(Link("A", "B", 2, 5, name=name) for name in ("near", "near too")),
        Link("A", "B", 9, name="far"),
        *(Link(name, "LAN", 3, 0) for name in ("A", "B", "C")),
        *(Link("H", name) for name in ("A", "C")),
    ],
)
"""Parallel links, unlike metrics, a LAN, a host with two links that forwards nothing, a node that nobody reaches."""


def far(network: Topology, times: int) -> Topology:
    """The same network with its metrics so many times as large: the wave gives way to heaps."""
    links = (replace(each, metric=each.metric * times, metric_back=each.metric_back * times) for each in network.links)
    return replace(network, links=tuple(links))


def check(network: Topology) -> None:
    """Hold every distance and every next hop against SPF."""
    found = all_pairs(network)
    for root in found.names:
        spf = shortest_paths(network, root)
        for node in found.names:
            assert found.distance(root, node) == spf.distance.get(node), (root, node)
            assert found.next_hops(root, node) == spf.next_hops(node), (root, node)


@pytest.mark.parametrize("times", [1, 1000])
@pytest.mark.parametrize("network", [forum(), forum().without(NodeDown("R1")), ODD], ids=["forum", "pieces", "odd"])
def test_all_pairs_are_what_spf_says_of_each_root(network: Topology, times: int) -> None:
    check(far(network, times))


def test_the_wave_is_taken_where_the_farthest_is_near_and_heaps_where_it_is_far() -> None:
    assert all_pairs(forum()).levels is not None
    assert all_pairs(far(forum(), 1000)).levels is None


def test_a_long_way_takes_many_rounds_of_the_wave() -> None:
    names = [f"R{number}" for number in range(80)]
    check(Topology([*map(Node, names)], [Link(a, b) for a, b in pairwise(names)]))


def test_no_nodes_have_no_paths_and_an_unknown_one_is_named() -> None:
    assert all_pairs(Topology()).rows == []
    with pytest.raises(UnknownName, match="R9"):
        all_pairs(forum()).distance("R1", "R9")


@settings(max_examples=60)
@given(networks())
def test_on_any_network_all_pairs_are_what_spf_says(plain: Plain) -> None:
    check(topology(plain))


@settings(max_examples=30)
@given(networks())
def test_on_any_network_all_pairs_are_what_networkx_says(plain: Plain) -> None:
    found = all_pairs(topology(plain))
    for root in plain.kinds:
        reached = judge.distances(plain, root)  # type: ignore[no-untyped-call]
        for node in plain.kinds:
            assert found.distance(root, node) == reached.get(node)
            hops = judge.next_hops(plain, root, node)  # type: ignore[no-untyped-call]
            assert {*found.next_hops(root, node)} == hops


@pytest.mark.parametrize("metrics", ["small", "kilometres"])
def test_on_a_backbone_all_pairs_are_what_spf_says(metrics: str) -> None:
    check(backbone(40, metrics))


@pytest.mark.parametrize("first", ["alone", "near to all, and far from them"])
def test_metrics_that_are_long_where_the_first_node_does_not_see_them_are_not_counted_one_by_one(first: str) -> None:
    names = [f"R{number}" for number in range(12)]
    row = [Link(a, b, 65_535) for a, b in pairwise(names[1:])]
    star = [Link("R0", name, 1, 65_535) for name in names[1:]]
    far = Topology([*map(Node, names)], row if first == "alone" else star)
    assert all_pairs(far).levels is None, "a level for each metric would take seconds, and hours with 200 nodes"
    check(far)
