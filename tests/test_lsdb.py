"""LSAs and LSDBs: which instance is the newest, and what network a set of LSAs describes."""

from dataclasses import replace

import pytest
from hypothesis import given
from strategies import networks, topology

from netlearn import CASE_2, CASE_3, Announcement, Link, Node, Topology, converged_fibs, forum
from netlearn.convergence.lsdb import Adjacency, Lsa, Lsdb, converged_lsdb, own_lsa
from netlearn.network.parts import MAX_METRIC


def everything(network, node):
    return frozenset(arc.link for arc in network.arcs(node))


def saying(network, node, sequence=1, without=()):
    return own_lsa(network, node, everything(network, node) - set(without), sequence, 0)


def test_a_greater_sequence_is_newer_whatever_the_age():
    assert Lsa("R2", 2, 0).newer_than(Lsa("R2", 1, 10**9))
    assert not Lsa("R2", 1, 10**9).newer_than(Lsa("R2", 2, 0))


def test_of_one_sequence_the_younger_is_newer_and_none_is_newer_than_itself():
    assert Lsa("R2", 1, 5).newer_than(Lsa("R2", 1, 4))
    assert not Lsa("R2", 1, 5).newer_than(Lsa("R2", 1, 5))
    assert Lsa("R2", 1, 5).newer_than(None)


def test_an_lsa_that_was_only_refreshed_says_nothing_new():
    lsa = saying(forum(), "R2")
    assert replace(lsa, sequence=9, originated_us=7).same_content_as(lsa)
    assert not lsa.same_content_as(saying(forum(), "R2", without=["R2-End"]))
    assert not lsa.same_content_as(None)


@given(networks(kinds=("router", "router", "host", "lan")))
def test_the_converged_lsdb_describes_the_network_itself(plain):
    network = topology(plain).addressed()
    believed = converged_lsdb(network).topology()
    fibs, wanted = converged_fibs(believed), converged_fibs(network)
    assert {node: dict(fib.routes) for node, fib in fibs.items()} == {
        node: dict(fib.routes) for node, fib in wanted.items()
    }


@given(networks(kinds=("router", "router", "host", "lan")))
def test_the_converged_lsdb_holds_what_each_node_says_of_itself(plain):
    network = topology(plain).addressed()
    for lsa in converged_lsdb(network):
        assert lsa == own_lsa(network, lsa.origin, everything(network, lsa.origin), 1, 0)


def test_a_link_counts_only_if_both_ends_name_it():
    one_sided = converged_lsdb(forum()).adopt(saying(forum(), "R1", 2, without=["R1-R2"]))
    assert not one_sided.topology().has_link("R1-R2")
    assert one_sided.topology().has_link("R1-R3")


def test_a_dead_routers_old_lsa_does_no_harm_once_its_neighbours_name_it_no_more():
    lsdb, left = converged_lsdb(forum()), forum().without(*CASE_2)
    for node in ("R1", "R4", "R6", "R7", "End"):
        lsdb = lsdb.adopt(own_lsa(left, node, everything(left, node), 2, 0))
    assert lsdb.get("R2") is not None
    fibs, wanted = converged_fibs(lsdb.topology()), converged_fibs(left)
    assert all(dict(fibs[node].routes) == dict(fib.routes) for node, fib in wanted.items())


def test_parallel_links_are_told_apart_and_keep_their_own_metrics():
    network = Topology([Node("A"), Node("B")], [Link("A", "B", 1, 2, "first"), Link("A", "B", 3, 4, "second")])
    believed = converged_lsdb(network).topology()
    assert {(link.name, link.metric, link.metric_back) for link in believed.links} == {
        ("first", 1, 2),
        ("second", 3, 4),
    }
    without = converged_lsdb(network).adopt(saying(network, "A", 2, without=["first"]))
    assert [link.name for link in without.topology().links] == ["second"]


def test_a_stub_router_names_the_greatest_metric_on_its_links_but_not_on_its_prefixes():
    lsa = own_lsa(forum(), "R2", everything(forum(), "R2"), 2, 0, stub=True)
    assert {line.metric for line in lsa.adjacencies} == {MAX_METRIC}
    assert [metric for _, metric in lsa.prefixes] == [0]


def test_a_host_says_that_it_does_not_forward_and_so_is_never_transit():
    assert saying(forum(), "End").kind == "host"
    assert converged_lsdb(forum()).topology().hosts == {"Source", "End"}


def test_adopting_and_forgetting_make_another_lsdb_and_leave_the_first_as_it_was():
    before = converged_lsdb(forum())
    after = before.adopt(saying(forum(), "R2", 2)).forget("R3")
    assert before.get("R2").sequence == 1
    assert before.get("R3") is not None
    assert after.get("R2").sequence == 2
    assert after.get("R3") is None
    assert len(after) == len(before) - 1


def test_routers_that_hold_the_same_lsas_hold_equal_lsdbs_whatever_the_order_in_which_they_came():
    first, second = saying(forum(), "R1", 2), saying(forum(), "R2", 2)
    start = converged_lsdb(forum())
    one, other = start.adopt(first).adopt(second), start.adopt(second).adopt(first)
    assert one == other
    assert hash(one) == hash(other)
    assert one != start
    assert start.adopt(first) is start.adopt(first)


def test_an_lsdb_tells_who_announces_a_prefix_and_what_an_origin_announces():
    network = replace(forum(), announcements=(Announcement(forum().announced[1].prefix, "R7", 5),))
    lsdb = converged_lsdb(network)
    (prefix, _), *_ = lsdb.prefixes("R1")
    assert {(given.node, given.metric) for given in lsdb.offers[prefix]} == {("R1", 0), ("R7", 5)}
    assert Lsdb().prefixes("R1") == ()


def test_a_line_of_an_lsa_is_about_one_link_one_neighbour_one_metric():
    assert Adjacency("R2-End", "End", 1) in saying(forum(), "R2").adjacencies


@pytest.mark.parametrize("case", [CASE_2, CASE_3])
def test_iterating_goes_by_the_names_of_the_origins(case):
    names = [lsa.origin for lsa in converged_lsdb(forum().without(*case))]
    assert names == sorted(names)
