"""Loop-free alternates: the three inequalities of RFC 5286, computed here again by networkx from the plain network."""

from math import inf

import judge
import pytest
from hypothesis import given, settings
from strategies import Plain, PlainLink, networks, topology

from netlearn import Link, NextHop, Topology, UnknownName, compute_rib, forum
from netlearn.network import host_prefix
from netlearn.routing.lfa import alternates, repairs

END = host_prefix(forum().node("End").address)
LINKED = Topology(forum().nodes, [*forum().links, Link("R2", "R3")])


def judged(network, router, primary):
    """The verdicts by the alternate's name, in their order: loop-free, downstream, node-protecting."""
    found = alternates(network, router, END, NextHop(primary, f"{router}-{primary}"))
    return {each.next_hop.node: (each.loop_free, each.downstream, each.node_protecting) for each in found}


def test_at_r1_for_end_r3_qualifies_and_protects_the_node_r2_but_r5_does_not_even_avoid_a_loop():
    assert judged(forum(), "R1", "R2") == {
        "R3": (True, False, True),  # 2 < 1 + 2; not 2 < 2; 2 < 2 + 1
        "R5": (False, False, False),  # not 3 < 1 + 2
        "Source": (False, False, False),  # a host forwards nothing
    }


def test_with_a_link_r2_r3_r3_protects_only_the_link():
    assert judged(LINKED, "R1", "R2")["R3"] == (True, False, False)  # not 2 < 1 + 1


def test_if_end_itself_dies_the_alternates_of_r2_and_r4_point_at_each_other():
    assert judged(forum(), "R2", "End")["R4"][0]
    assert judged(forum(), "R4", "End")["R2"][0]


def test_the_repair_that_stands_ready_at_r1_is_r3():
    rib = compute_rib(forum(), "R1")
    ready = repairs(forum(), "R1", tuple(rib))
    assert ready[END, NextHop("R2", "R1-R2")] == NextHop("R3", "R1-R3")


def test_a_route_with_several_next_hops_needs_no_alternate():
    rib = compute_rib(forum(), "R5")
    assert len(rib.routes[END].next_hops) == 2
    assert not any(prefix == END for prefix, _ in repairs(forum(), "R5", tuple(rib)))


def test_a_router_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="R9"):
        alternates(forum(), "R9", END, NextHop("R2", "R1-R2"))


def far(plain, start, prefix):
    """How far a prefix is by networkx: through the nearest node that announces it."""
    reached = judge.distances(plain, start)
    return min(
        (reached[node] + metric for given, node, metric in plain.announcements if given == prefix and node in reached),
        default=inf,
    )


def verdicts(plain, router, prefix, primary, link):
    """What the RFC says of each other way out, by its inequalities 1, 2 and 3."""
    found = {}
    for each in plain.links:
        for here, there in ((each.a, each.b), (each.b, each.a)):
            if here != router or each.name == link:
                continue
            announces = any((given, node) == (prefix, there) for given, node, _ in plain.announcements)
            able = plain.kinds[there] != "host" or announces
            to_end = far(plain, there, prefix)
            back, across = (judge.distances(plain, there).get(node, inf) for node in (router, primary))
            found[there, each.name] = (
                able and to_end < back + far(plain, router, prefix),
                able and to_end < far(plain, router, prefix),
                able and there != primary and to_end < across + far(plain, primary, prefix),
            )
    return found


@settings(max_examples=60)
@given(networks(kinds=("router", "router", "router", "host")))
def test_on_any_network_every_verdict_is_that_of_the_inequalities(plain):
    network = topology(plain)
    for router in plain.kinds:
        for route in compute_rib(network, router):
            for primary in route.next_hops:
                found = alternates(network, router, route.prefix, primary)
                wanted = verdicts(plain, router, str(route.prefix), *primary)
                assert wanted == {
                    tuple(each.next_hop): (each.loop_free, each.downstream, each.node_protecting) for each in found
                }


@settings(max_examples=60)
@given(networks(kinds=("router", "router", "router", "host")))
def test_what_stands_ready_is_loop_free_and_protects_the_node_if_anything_does(plain):
    network = topology(plain)
    for router in plain.kinds:
        rib = compute_rib(network, router)
        ready = repairs(network, router, tuple(rib))
        for route in rib:
            if len(route.next_hops) != 1:
                continue
            (primary,) = route.next_hops
            wanted = verdicts(plain, router, str(route.prefix), *primary)
            usable = {way for way, (loop_free, *_) in wanted.items() if loop_free}
            protecting = {way for way in usable if wanted[way][2]}
            chosen = ready.get((route.prefix, primary))
            assert (chosen in (protecting or usable)) if usable else chosen is None


def test_inequality_3_does_not_make_a_neighbour_loop_free_where_inequality_1_fails():
    """A and B are as far from End through each other's primary; B is nearer to A than to anything else."""
    plain = Plain(
        {"A": "router", "B": "router", "P": "router", "End": "router"},
        [PlainLink("AB", "A", "B", 1, 1), PlainLink("AP", "A", "P", 1, 1), PlainLink("PE", "P", "End", 1, 1)],
        [("203.0.113.1/32", "End", 0)],
    )
    assert verdicts(plain, "A", "203.0.113.1/32", "P", "AP") == {("B", "AB"): (False, False, False)}
    assert repairs(topology(plain), "A", tuple(compute_rib(topology(plain), "A"))) == {}
