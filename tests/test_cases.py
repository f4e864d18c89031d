"""The three cases and their variations: the values that the book promises (all metrics equal unless said)."""

from itertools import combinations

import pytest

from netlearn import Link, LinkDown, NodeDown, Topology, converged_fibs, forum, paths, shortest_paths
from netlearn.network import Failure

CASES: dict[str, tuple[Failure, ...]] = {
    "none": (),
    "case 1": (LinkDown("R2-End"),),
    "case 2": (NodeDown("R2"),),
    "case 3": (LinkDown("R2-End"), LinkDown("R1-R2"), NodeDown("R3")),
}

# Next hops towards End; - for a router that is down.
NEXT_HOPS = """
         R1     R2     R3  R4   R5     R6     R7
none     R2     End    R4  End  R1,R6  R2,R7  End
case 1   R2,R3  R4,R7  R4  End  R6     R7     End
case 2   R3     -      R4  End  R6     R7     End
case 3   R5     R4,R7  -   End  R6     R7     End
"""

PATHS = {
    "none": ["R1-R2"],
    "case 1": ["R1-R2-R4", "R1-R2-R7", "R1-R3-R4"],
    "case 2": ["R1-R3-R4"],
    "case 3": ["R1-R5-R6-R7"],
}


def case(name, network=None):
    return (network or forum()).without(*CASES[name])


def ways(network):
    """The paths from Source to End by the routers that they pass."""
    return ["-".join(path[1:-1]) for path in paths(network, "Source", "End")]


def timed(scale, **others):
    """The forum network with every metric at `scale` but some: `R2_R7=11`."""
    metric = {name.replace("_", "-"): value for name, value in others.items()}
    assert all(forum().has_link(name) for name in metric)
    return Topology(forum().nodes, [Link(link.a, link.b, metric.get(link.name, scale)) for link in forum().links])


def table():
    routers, *rows = [
        line.rsplit(maxsplit=7 if number else 6) for number, line in enumerate(NEXT_HOPS.strip().splitlines())
    ]
    return [(row[0].strip(), router, hops) for row in rows for router, hops in zip(routers, row[1:], strict=True)]


@pytest.mark.parametrize(("name", "router", "hops"), table())
def test_towards_end_each_router_has_the_next_hops_of_the_table(name, router, hops):
    if hops == "-":
        assert not case(name).has_node(router)
    else:
        assert ",".join(shortest_paths(case(name), router).neighbours("End")) == hops


@pytest.mark.parametrize("name", CASES)
def test_each_case_has_its_paths_from_source_to_end(name):
    assert ways(case(name)) == PATHS[name]


def test_case_2_is_decided_by_metric_3_against_4_beyond_r1():
    assert shortest_paths(case("case 2"), "R1").distance["End"] == 3
    assert 1 + shortest_paths(case("case 2"), "R5").distance["End"] == 4


def test_in_case_3_r2_is_alive_and_unused_because_r6_has_2_by_r7_and_3_by_r2():
    network = case("case 3")
    beyond = {name: 1 + shortest_paths(network, name).distance["End"] for name in ("R2", "R7")}
    assert network.has_node("R2")
    assert beyond == {"R2": 3, "R7": 2}


def test_with_nothing_failed_r3_goes_by_r4_because_r1_would_be_3_against_2():
    assert shortest_paths(forum(), "R3").distance["End"] == 2
    assert 1 + shortest_paths(forum(), "R1").distance["End"] == 3


# ---- Metrics that make the other answers true


def test_with_r2_r7_a_tenth_dearer_case_1_uses_r4_only():
    assert ways(case("case 1", timed(10, R2_R7=11))) == ["R1-R2-R4", "R1-R3-R4"]


def test_with_r3_r4_three_times_as_dear_case_2_goes_by_r5_r6_r7():
    assert ways(case("case 2", timed(1, R3_R4=3))) == ["R1-R5-R6-R7"]


def test_with_r6_r7_three_times_as_dear_case_3_returns_to_r2_and_then_r4_or_r7():
    assert ways(case("case 3", timed(1, R6_R7=3))) == ["R1-R5-R6-R2-R4", "R1-R5-R6-R2-R7"]


# ---- A link R2-R3 that was not drawn

LINKED = Topology(forum().nodes, [*forum().links, Link("R2", "R3")])


@pytest.mark.parametrize("name", CASES)
def test_a_link_r2_r3_changes_no_path_from_source(name):
    assert ways(case(name, LINKED)) == PATHS[name]


def test_with_a_link_r2_r3_and_nothing_failed_r3_uses_r2_and_r4():
    assert shortest_paths(LINKED, "R3").neighbours("End") == ("R2", "R4")


def test_r3_is_a_loop_free_alternate_at_r1_and_r5_is_not():
    def far(network, start, end):
        return shortest_paths(network, start).distance[end]

    def protects_link(network, alternate):  # RFC 5286, inequality 1
        return far(network, alternate, "End") < far(network, alternate, "R1") + far(network, "R1", "End")

    def protects_node(network, alternate):  # RFC 5286, inequality 3
        return far(network, alternate, "End") < far(network, alternate, "R2") + far(network, "R2", "End")

    assert protects_link(forum(), "R3")
    assert protects_node(forum(), "R3")
    assert not protects_link(forum(), "R5")  # 3 < 1 + 2 is false
    assert protects_link(LINKED, "R3")
    assert not protects_node(LINKED, "R3")  # 2 < 1 + 1 is false


# ---- While only some routers have updated


def loops(name, towards):
    """Every set of nodes that can send packets for `towards` in a circle, whichever routers have updated."""
    destination = forum().node(towards).address
    old, new = converged_fibs(forum()), converged_fibs(case(name))
    found = set()
    for count in range(len(new) + 1):
        for updated in combinations(new, count):
            step = {}
            for node in new:
                route = (new if node in updated else old)[node].lookup(destination)
                step[node] = {hop.node for hop in route.next_hops} if route and node not in ("Source", "End") else set()
            found |= circles(step)
    return found


def circles(step):
    """The nodes of each circle in a graph of next hops: take away what leads nowhere until only circles are left."""
    left = {node: set(hops) for node, hops in step.items()}
    while dead := [node for node, hops in left.items() if not hops & set(left)]:
        for node in dead:
            del left[node]
    while free := [node for node in left if not any(node in hops for hops in left.values())]:
        for node in free:
            del left[node]
    return {frozenset(left)} if left else set()


@pytest.mark.parametrize(
    ("name", "towards", "expected"),
    [
        ("case 1", "End", set()),
        ("case 2", "End", set()),
        ("case 3", "End", {frozenset({"R1", "R5"})}),
        ("case 3", "Source", {frozenset({"R2", "R6"})}),
    ],
)
def test_whatever_the_order_of_updates_only_these_routers_can_loop(name, towards, expected):
    assert loops(name, towards) == expected
