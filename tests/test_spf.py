"""Shortest paths: what a student would try, what holds for every network, and what networkx says."""

import judge
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import Plain, networks, networks_and_ends, topology

from netlearn import Link, Node, Topology, UnknownName, forum, path_count, paths, shortest_paths
from netlearn.routing.spf import first_paths


def routers(*names):
    return [Node(name) for name in names]


def grid(side):
    """A square of routers; every way from corner to corner that never turns back is a shortest one."""
    names = {(row, column): f"{row},{column}" for row in range(side) for column in range(side)}
    links = [
        Link(names[row, column], names[place])
        for row, column in names
        for place in ((row + 1, column), (row, column + 1))
        if place in names
    ]
    return Topology(routers(*names.values()), links)


def lan_of(*members):
    """Members on one LAN, each at metric 1 in and 0 out."""
    return [Link(member, "LAN", 1, 0) for member in members]


def test_the_root_is_at_distance_0_and_has_no_next_hop_to_itself():
    found = shortest_paths(forum(), "R1")
    assert found.distance["R1"] == 0
    assert found.next_hops("R1") == ()


def test_nodes_come_nearest_first():
    distances = list(shortest_paths(forum(), "Source").distance.values())
    assert distances == sorted(distances) == [0, 1, 2, 2, 2, 3, 3, 3, 3]


def test_two_ways_of_the_same_metric_are_two_next_hops():
    assert shortest_paths(forum(), "R5").neighbours("End") == ("R1", "R6")


def test_two_parallel_links_of_the_same_metric_are_two_next_hops_over_one_neighbour():
    parallel = Topology(routers("A", "B"), [Link("A", "B", name="upper"), Link("A", "B", name="lower")])
    found = shortest_paths(parallel, "A")
    assert [hop.link for hop in found.next_hops("B")] == ["lower", "upper"]
    assert found.neighbours("B") == ("B",)


def test_of_two_parallel_links_the_cheaper_is_the_only_next_hop():
    parallel = Topology(routers("A", "B"), [Link("A", "B", 2, name="dear"), Link("A", "B", 1, name="cheap")])
    assert [hop.link for hop in shortest_paths(parallel, "A").next_hops("B")] == ["cheap"]


def test_parallel_links_do_not_multiply_paths():
    parallel = Topology(routers("A", "B"), [Link("A", "B", name="upper"), Link("A", "B", name="lower")])
    assert path_count(parallel, "A", "B") == 1
    assert list(paths(parallel, "A", "B")) == [("A", "B")]


def test_each_direction_has_its_own_metric():
    uneven = Topology(routers("A", "B", "C"), [Link("A", "B", 5, 1), Link("B", "C"), Link("C", "A")])
    assert shortest_paths(uneven, "A").neighbours("B") == ("C",)
    assert shortest_paths(uneven, "B").neighbours("A") == ("A",)


def test_a_host_is_never_inside_a_path():
    host = Topology([*routers("A", "B"), Node("H", "host")], [Link("A", "H"), Link("H", "B"), Link("A", "B", 9)])
    assert list(paths(host, "A", "B")) == [("A", "B")]
    assert shortest_paths(host, "A").distance == {"A": 0, "H": 1, "B": 9}


def test_a_host_is_not_inside_a_path_that_would_be_as_short_as_another():
    host = Topology([*routers("A", "B"), Node("H", "host")], [Link("A", "H"), Link("H", "B"), Link("A", "B", 2)])
    assert list(paths(host, "A", "B")) == [("A", "B")]
    assert path_count(host, "A", "B") == 1


def test_a_host_with_two_links_uses_both():
    host = Topology([*routers("A", "B"), Node("H", "host")], [Link("A", "H"), Link("H", "B"), Link("A", "B", 9)])
    assert shortest_paths(host, "H").distance == {"H": 0, "A": 1, "B": 1}


def test_two_hosts_on_a_wire_reach_each_other():
    wire = Topology([Node("A", "host"), Node("B", "host")], [Link("A", "B")])
    assert list(paths(wire, "A", "B")) == [("A", "B")]


def test_leaving_a_lan_costs_nothing_and_the_next_hop_is_the_router_behind_it():
    lan = Topology([*routers("A", "B", "C"), Node("LAN", "lan")], lan_of("A", "B", "C"))
    found = shortest_paths(lan, "A")
    assert found.distance == {"A": 0, "LAN": 1, "B": 1, "C": 1}
    assert found.next_hops("C") == (("C", "A-LAN"),)


def test_a_way_over_a_lan_ties_with_a_wire_of_the_same_metric():
    both = Topology([*routers("A", "B"), Node("LAN", "lan")], [*lan_of("A", "B"), Link("A", "B")])
    assert shortest_paths(both, "A").next_hops("B") == (("B", "A-B"), ("B", "A-LAN"))
    assert list(paths(both, "A", "B")) == [("A", "B"), ("A", "LAN", "B")]


def test_a_way_over_a_lan_that_ties_with_a_wire_is_kept_beyond_it_too():
    links = [*lan_of("A", "B"), Link("A", "B"), Link("B", "C")]
    beyond = Topology([*routers("A", "B", "C"), Node("LAN", "lan")], links)
    assert shortest_paths(beyond, "A").next_hops("C") == (("B", "A-B"), ("B", "A-LAN"))


def test_a_lan_that_is_equally_near_by_two_ways_keeps_both():
    links = [Link("A", "LAN", 2, 0), *lan_of("B", "C"), Link("A", "B")]
    two_ways = Topology([*routers("A", "B", "C"), Node("LAN", "lan")], links)
    assert shortest_paths(two_ways, "A").next_hops("C") == (("B", "A-B"), ("C", "A-LAN"))


def test_what_is_in_another_piece_is_unreachable():
    pieces = Topology(routers("A", "B"))
    found = shortest_paths(pieces, "A")
    assert not found.reaches("B")
    assert found.next_hops("B") == ()
    assert path_count(pieces, "A", "B") == 0
    assert list(paths(pieces, "A", "B")) == []


def test_from_a_node_to_itself_there_is_one_path():
    assert list(paths(forum(), "R1", "R1")) == [("R1",)]
    assert path_count(forum(), "R1", "R1") == 1


def test_one_node_alone_reaches_itself():
    assert shortest_paths(Topology(routers("A")), "A").distance == {"A": 0}


def test_paths_come_in_the_order_of_their_names():
    found = list(paths(grid(4), "0,0", "3,3"))
    assert found == sorted(found)
    assert len(found) == 20


def test_more_paths_than_anyone_can_list_are_counted_exactly_and_the_first_come_at_once():
    large = grid(41)  # 40 steps down and 40 to the right in any order
    assert path_count(large, "0,0", "40,40") == 107507208733336176461620
    assert len(first_paths(large, "0,0", "40,40", 3)) == 3


def test_a_path_of_five_thousand_nodes_is_no_problem():
    chain = Topology(routers(*map(str, range(5000))), [Link(str(n), str(n + 1)) for n in range(4999)])
    assert path_count(chain, "0", "4999") == 1
    assert [len(path) for path in paths(chain, "0", "4999")] == [5000]


@pytest.mark.parametrize("ask", [path_count, lambda *given: list(paths(*given))])
@pytest.mark.parametrize("ends", [("R1", "R9"), ("R9", "R1")])
def test_an_end_that_is_not_there_is_an_error_that_names_it(ask, ends):
    with pytest.raises(UnknownName, match="there is no node 'R9'; the nodes are End, R1, R2"):
        ask(forum(), *ends)


@given(networks(), st.data())
def test_removing_a_link_never_shortens_a_distance(plain, data):
    root = data.draw(st.sampled_from(list(plain.kinds)))
    before = shortest_paths(topology(plain), root).distance
    for link in plain.links:
        after = shortest_paths(topology(plain.without_link(link.name)), root).distance
        assert all(before[node] <= distance for node, distance in after.items())


@given(networks_and_ends())
def test_the_order_in_which_a_network_is_written_means_nothing(drawn):
    plain, root, target = drawn
    turned = Plain(dict(reversed(plain.kinds.items())), plain.links[::-1])
    found, again = shortest_paths(topology(plain), root), shortest_paths(topology(turned), root)
    assert found.distance == again.distance
    assert found.next_hops(target) == again.next_hops(target)
    assert list(paths(topology(plain), root, target)) == list(paths(topology(turned), root, target))


@given(networks(), st.data())
def test_distances_equal_those_of_networkx(plain, data):
    root = data.draw(st.sampled_from(list(plain.kinds)))
    assert shortest_paths(topology(plain), root).distance == judge.distances(plain, root)


@given(networks_and_ends())
def test_next_hops_are_the_first_steps_after_which_the_rest_is_short_enough(drawn):
    plain, root, target = drawn
    assert shortest_paths(topology(plain), root).next_hops(target) == tuple(
        sorted(judge.next_hops(plain, root, target))
    )


@given(networks_and_ends())
def test_paths_and_their_count_equal_those_of_networkx(drawn):
    plain, source, target = drawn
    expected = judge.paths(plain, source, target)
    assert list(paths(topology(plain), source, target)) == expected
    assert path_count(topology(plain), source, target) == len(expected)


@given(networks(least_nodes=3, most_nodes=6, kinds=("router", "host")))
def test_paths_equal_those_of_networkx_where_every_other_node_is_a_host(plain):
    for source in plain.kinds:
        for target in plain.kinds:
            assert list(paths(topology(plain), source, target)) == judge.paths(plain, source, target)


@given(networks(least_nodes=3, kinds=("router", "lan")), st.data())
def test_next_hops_equal_those_of_networkx_where_most_links_are_lans(plain, data):
    root = data.draw(st.sampled_from(list(plain.kinds)))
    found = shortest_paths(topology(plain), root)
    assert {node: set(found.next_hops(node)) for node in plain.kinds} == {
        node: judge.next_hops(plain, root, node) for node in plain.kinds
    }


def test_very_many_parallel_links_do_not_cost_their_square():
    # Their next hops are bits of one number. As a mask of its own each would take gigabytes here.
    links = [Link("A", "B", 1 + number % 2, name=str(number)) for number in range(50_000)]
    found = shortest_paths(Topology([Node("A"), Node("B")], links), "A")
    assert len(found.next_hops("B")) == 25_000
    assert found.neighbours("B") == ("B",)
    assert found.next_hops("A") == ()
