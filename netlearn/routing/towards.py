"""Every node's route to one prefix, by one computation that begins at its end.

SPF goes from one root to everywhere. Whoever asks for one destination alone need not run it at each node: how far the
nearest announcement is follows for all nodes from one search against the arrows, and a next hop is whoever is nearer by
just the metric of the link to it. The answers are those of `best_route`.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

from netlearn.network.parts import Announcement, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop


def routes_towards(topology: Topology, prefix: Prefix, offers: Iterable[Announcement]) -> dict[str, Route]:
    """The route of each router and host to a prefix with these offers; who cannot reach it has none."""
    own: dict[str, int] = {}
    for offer in offers:
        own[offer.node] = min(offer.metric, own.get(offer.node, offer.metric))
    far, passed = _far(topology, own)
    routes = {}
    for node in topology.nodes:
        if node.name in own:
            routes[node.name] = Route(prefix, own[node.name])
        elif node.name in far and node.kind != "lan":
            routes[node.name] = Route(prefix, far[node.name], _next_hops(topology, node.name, far, passed))
    return routes


def _far(topology: Topology, own: dict[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """How far each node is from the nearest offer, and how far what is handed to it still has to go.

    The two differ for hosts: what is handed to one that announces nothing goes nowhere.
    """
    far: dict[str, int] = {}
    passed: dict[str, int] = {}
    heap = [(metric, node) for node, metric in own.items()]
    heapify(heap)
    while heap:
        so_far, node = heappop(heap)
        if node in far:
            continue
        if node in topology.hosts and node in own and so_far < own[node]:
            continue  # nobody's packets pass through it to a nearer offer
        far[node] = so_far
        if node in topology.hosts and node not in own:
            continue
        passed[node] = so_far
        for before, _, link in topology.arcs_by_node[node]:
            if before not in far:
                heappush(heap, (so_far + topology.link(link).metric_from(before), before))
    return far, passed


def _next_hops(topology: Topology, node: str, far: dict[str, int], passed: dict[str, int]) -> tuple[NextHop, ...]:
    """Every next hop of equal cost: over a LAN, whoever on it is nearest."""
    hops = set()
    for neighbour, metric, link in topology.arcs_by_node[node]:
        if neighbour not in passed or metric + passed[neighbour] != far[node]:
            continue
        beyond = [arc.neighbour for arc in topology.arcs_by_node[neighbour]] if neighbour in topology.lans else []
        hops |= {NextHop(each, link) for each in beyond if passed.get(each) == passed[neighbour]}
        hops |= set() if beyond else {NextHop(neighbour, link)}
    return tuple(sorted(hops))
