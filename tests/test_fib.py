"""What packets meet: the most specific entry, in whatever order entries came."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import judge
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import topologies

from netlearn import Fib, Link, NextHop, Node, Route, Topology, converged_fib, converged_fibs, forum
from netlearn.routing import fibs_towards


def route(prefix, via="R2"):
    return Route(ip_network(prefix), 1, (NextHop(via, f"R1-{via}"),))


def test_the_more_specific_route_wins():
    fib = Fib("R1").install(route("203.0.113.0/24", "R2"), route("203.0.113.128/25", "R3"), route("0.0.0.0/0", "R5"))
    taken = {
        address: fib.lookup(ip_address(address)).next_hops[0].node
        for address in ("203.0.113.200", "203.0.113.1", "9.9.9.9")
    }
    assert taken == {"203.0.113.200": "R3", "203.0.113.1": "R2", "9.9.9.9": "R5"}


def test_without_a_default_route_some_destinations_have_none():
    assert Fib("R1").install(route("203.0.113.0/24")).lookup(ip_address("9.9.9.9")) is None
    assert Fib("R1").lookup(ip_address("9.9.9.9")) is None


def test_ipv4_and_ipv6_do_not_meet():
    fib = Fib("R1").install(route("::/0", "R6"), route("0.0.0.0/0", "R4"))
    assert fib.lookup(ip_address("::203.0.113.1")).next_hops[0].node == "R6"
    assert fib.lookup(ip_address("203.0.113.1")).next_hops[0].node == "R4"


def test_installing_makes_another_fib_and_takes_the_place_of_the_same_prefix():
    first = Fib("R1").install(route("203.0.113.0/24", "R2"))
    second = first.install(route("203.0.113.0/24", "R3"))
    destination = ip_address("203.0.113.1")
    assert first.lookup(destination).next_hops[0].node == "R2"
    assert second.lookup(destination).next_hops[0].node == "R3"
    assert len(second) == 1


def test_a_fib_shows_its_routes_once_and_not_how_it_looks_them_up():
    assert repr(Fib("R1")) == "Fib(node='R1', routes={}, forwards=True)"


def test_removing_uncovers_the_less_specific_route():
    fib = Fib("R1").install(route("203.0.113.0/24", "R2"), route("203.0.113.0/25", "R3"))
    assert fib.remove(ip_network("203.0.113.0/25")).lookup(ip_address("203.0.113.1")).next_hops[0].node == "R2"
    assert fib.remove(ip_network("10.0.0.0/8")) == fib


def test_a_converged_fib_holds_what_was_computed_and_a_host_does_not_forward():
    fibs = converged_fibs(forum())
    assert set(fibs) == {node.name for node in forum().nodes}
    assert fibs["R1"] == converged_fib(forum(), "R1")
    assert [name for name, fib in fibs.items() if not fib.forwards] == ["Source", "End"]


def test_towards_one_address_every_router_and_host_has_the_route_of_its_whole_fib_and_a_lan_has_none():
    nodes = [Node("A"), Node("B"), Node("H", "host"), Node("LAN", "lan")]
    network = Topology(nodes, [Link("A", "B"), *(Link(name, "LAN", 1, 0) for name in "BH")]).addressed()
    for node in network.nodes[:3]:
        found = {name: fib.lookup(node.address) for name, fib in fibs_towards(network, node.address).items()}
        assert found == {name: fib.lookup(node.address) for name, fib in converged_fibs(network).items()}
        assert set(found) == {"A", "B", "H"}


def test_towards_what_several_nodes_announce_a_host_is_passed_through_by_nobody():
    """H and B announce; A's way is past neither host, though the one through G would be nearest."""
    address = ip_address("203.0.113.1")
    nodes = [Node("A"), Node("B"), Node("C"), Node("G", "host"), Node("H", "host"), Node("alone")]
    links = [Link("A", "G"), Link("G", "B"), Link("A", "C", 3), Link("C", "B", 3), Link("A", "H"), Link("H", "B")]
    network = Topology(nodes, links).announcing(ip_network(address), "B").announcing(ip_network(address), "H", 5)
    found = {name: fib.lookup(address) for name, fib in fibs_towards(network, address).items()}
    assert found == {name: fib.lookup(address) for name, fib in converged_fibs(network).items()}
    ways = {name: route and (route.metric, [hop.node for hop in route.next_hops]) for name, route in found.items()}
    assert ways == {"A": (6, ["C", "H"]), "B": (0, []), "C": (3, ["B"]), "G": (1, ["B"]), "H": (5, []), "alone": None}


@settings(max_examples=60)
@given(topologies())
def test_towards_any_address_every_node_of_a_random_network_has_the_route_of_its_whole_fib(network):
    for address in {said.prefix.network_address for said in network.announced}:
        found = {name: fib.lookup(address) for name, fib in fibs_towards(network, address).items()}
        assert found == {name: fib.lookup(address) for name, fib in converged_fibs(network).items()}


# Few bits that vary, at both ends of the address, so that prefixes often hold one another.
v4 = st.builds(lambda high, low: IPv4Address(high << 24 | low), st.integers(0, 3), st.integers(0, 7))
v6 = st.builds(lambda high, low: IPv6Address(high << 120 | low), st.integers(0, 3), st.integers(0, 7))


def prefix_texts(address):
    return st.integers(0, address.max_prefixlen).map(lambda bits: str(ip_network(f"{address}/{bits}", strict=False)))


@given(st.lists((v4 | v6).flatmap(prefix_texts), max_size=12), st.lists(v4 | v6, min_size=1, max_size=8), st.randoms())
def test_the_longest_match_wins_whatever_the_order_of_installation(prefixes, destinations, chance):
    fib = Fib("R1")
    for prefix in prefixes:
        fib = fib.install(route(prefix))
    for prefix in chance.sample(prefixes, len(prefixes)):  # again, in another order
        fib = fib.install(route(prefix))
    gone, kept = prefixes[:3], [prefix for prefix in prefixes if prefix not in prefixes[:3]]
    less = fib.remove(*map(ip_network, gone))
    for destination in destinations:
        for table, installed in ((fib, prefixes), (less, kept)):
            found = table.lookup(destination)
            assert (found and found.prefix) == judge.longest_match(installed, str(destination))


def test_a_fib_gives_its_routes_in_the_order_of_their_prefixes():
    fib = converged_fib(forum(), "R1")
    prefixes = [str(route.prefix) for route in fib]
    assert len(prefixes) == len(fib)
    assert prefixes == sorted(prefixes, key=lambda prefix: int(ip_network(prefix).network_address))
