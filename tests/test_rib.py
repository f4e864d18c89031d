"""What a router computes for prefixes: its own, one node's, several nodes'."""

from ipaddress import ip_network

import judge
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks, topology

from netlearn import Announcement, Link, Node, NodeDown, Topology, compute_rib, forum, shortest_paths


def routes_at(network, node):
    """The routes as readable words: prefix to metric and neighbours."""
    return {
        str(route.prefix): (route.metric, [hop.node for hop in route.next_hops]) for route in compute_rib(network, node)
    }


def anycast(*rows):
    """The forum network with 203.0.113.1/32 announced by each (node, metric)."""
    prefix = ip_network("203.0.113.1/32")
    return Topology(forum().nodes, forum().links, [Announcement(prefix, node, metric) for node, metric in rows])


def test_every_loopback_and_host_address_has_a_route():
    assert routes_at(forum(), "R1") == {
        "192.0.2.1/32": (0, []),
        "192.0.2.2/32": (1, ["R2"]),
        "192.0.2.3/32": (1, ["R3"]),
        "192.0.2.4/32": (2, ["R2", "R3"]),
        "192.0.2.5/32": (1, ["R5"]),
        "192.0.2.6/32": (2, ["R2", "R5"]),
        "192.0.2.7/32": (2, ["R2"]),
        "198.51.100.10/32": (2, ["R2"]),
        "203.0.113.10/32": (1, ["Source"]),
    }


def test_a_route_without_next_hop_is_the_nodes_own():
    own, *others = compute_rib(forum(), "R1")
    assert own.local
    assert not any(route.local for route in others)


def test_an_anycast_address_is_reached_at_the_nearest_that_announces_it():
    assert routes_at(anycast(("R4", 0), ("R5", 0)), "R1")["203.0.113.1/32"] == (1, ["R5"])


def test_equally_near_announcers_share():
    assert routes_at(anycast(("R4", 0), ("R7", 0)), "R2")["203.0.113.1/32"] == (1, ["R4", "R7"])


def test_the_announced_metric_counts():
    assert routes_at(anycast(("R4", 3), ("R5", 0)), "R4")["203.0.113.1/32"] == (3, [])
    assert routes_at(anycast(("R4", 3), ("R7", 1)), "R2")["203.0.113.1/32"] == (2, ["R7"])


def test_ones_own_prefix_stays_local_whatever_others_announce_for_less():
    assert routes_at(anycast(("R4", 9), ("R3", 0)), "R4")["203.0.113.1/32"] == (9, [])


def test_who_announces_a_prefix_twice_has_it_at_the_lower_metric():
    twice = anycast(("R4", 3), ("R4", 1))
    assert [routes_at(twice, node)["203.0.113.1/32"] for node in ("R4", "R2")] == [(1, []), (2, ["R4"])]


def test_a_prefix_that_cannot_be_reached_has_no_route():
    assert "192.0.2.5/32" not in routes_at(forum().without(NodeDown("R5")), "R1")


def test_next_hops_over_a_lan_are_the_routers_on_it():
    nodes = [Node("A"), Node("B"), Node("LAN", "lan")]
    prefix = ip_network("203.0.113.0/24")
    lan = Topology(nodes, [Link("A", "LAN", 1, 0), Link("B", "LAN", 1, 0)], [Announcement(prefix, "B")])
    assert routes_at(lan, "A") == {"203.0.113.0/24": (1, ["B"])}


def test_routes_come_by_address_ipv4_first_and_the_shorter_prefix_first():
    texts = ["2001:db8::/32", "198.51.100.0/25", "0.0.0.0/0", "198.51.100.0/24", "::/0"]
    node = Topology([Node("A")], announcements=[Announcement(ip_network(text), "A") for text in texts])
    assert list(routes_at(node, "A")) == ["0.0.0.0/0", "198.51.100.0/24", "198.51.100.0/25", "::/0", "2001:db8::/32"]


def test_shortest_paths_that_are_known_need_not_be_computed_again():
    known = shortest_paths(forum(), "R1")
    assert compute_rib(forum(), "R1", known) == compute_rib(forum(), "R1")


@given(networks(), st.data())
def test_every_route_equals_the_judges_and_no_other_is_there(plain, data):
    node = data.draw(st.sampled_from(list(plain.kinds)))
    expected = {prefix: judge.route(plain, node, prefix) for prefix, _, _ in plain.announcements}
    found = {
        str(route.prefix): (route.metric, set(map(tuple, route.next_hops)))
        for route in compute_rib(topology(plain), node)
    }
    assert found == {prefix: route for prefix, route in expected.items() if route is not None}


def test_a_route_is_told_in_words():
    told = {node: str(compute_rib(forum(), node).routes[ip_network("198.51.100.10/32")]) for node in ("R5", "End")}
    assert told == {"R5": "198.51.100.10/32 via R1, R6, metric 3", "End": "198.51.100.10/32 is its own, metric 0"}
