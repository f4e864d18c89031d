"""`netlearn routes`: what every router has computed."""

import argparse
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from socket import AF_INET6, inet_ntop
from typing import Any

from netlearn.cli.arguments import BadArgument, Commands, about_network
from netlearn.cli.output import Pairs
from netlearn.network.parts import Failure, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import compute_rib
from netlearn.routing.spf import shortest_paths

KEPT = 10**6  # distances, of all routers together


def add_parser(commands: Commands) -> None:
    parser = about_network(commands, "routes", "every router's routes", answer_routes, table_of_routes)
    parser.add_argument("--at", metavar="NODE", help="only the routes of this router or host")


def answer_routes(topology: Topology, failed: list[Failure], given: argparse.Namespace) -> dict[str, Any]:
    """What each router (or the node `given.at`) has computed: a route to every other node, and to every prefix."""
    after = topology.without(*failed)
    at = None if given.at is None else topology.node(given.at).name
    if at is not None and topology.node(at).kind == "lan":
        raise BadArgument(f"{at} is a LAN and computes no routes; the routers on it do")
    if at is not None and not after.has_node(at):
        raise BadArgument(f"{at} is down and has no routes")
    prefixes = {each.prefix: _spelled(each.prefix) for each in topology.announced}
    kept = 1 + KEPT // (1 + len(after.nodes))
    computed = lru_cache(kept)(partial(shortest_paths, after))  # for a large network some are computed twice

    def to_nodes(router: str) -> dict[str, Any]:
        found = computed(router)
        others = [node.name for node in topology.nodes if node.name != router]
        return {name: _told(found.distance.get(name), found.neighbours(name)) for name in others}

    def to_prefixes(router: str) -> dict[str, Any]:
        rib = compute_rib(after, router, computed(router)).routes
        told = dict.fromkeys(prefixes.values(), _told(None, ()))
        for prefix in prefixes.keys() & rib:
            hops = sorted({hop.node for hop in rib[prefix].next_hops})
            told[prefixes[prefix]] = _told(rib[prefix].metric, hops)
        return told

    routers = after.routers if at is None else (at,)
    tables = {"routes": to_nodes, "prefixes": to_prefixes}
    return {name: Pairs(zip(routers, map(told, routers), strict=True)) for name, told in tables.items()}


def _spelled(prefix: Prefix) -> str:
    """`str(prefix)`; for IPv6 by the system, in a tenth of the time, unless its form is about IPv4."""
    if prefix.version == 4 or int(prefix.network_address) >> 64 == 0:
        return str(prefix)
    return f"{inet_ntop(AF_INET6, prefix.network_address.packed)}/{prefix.prefixlen}"


def _told(metric: int | None, next_hops: Iterable[str]) -> dict[str, Any]:
    return {"metric": metric, "next_hops": list(next_hops)}


def table_of_routes(answer: dict[str, Any], given: argparse.Namespace) -> Iterator[str]:
    number = 0
    both = zip(answer["routes"].pairs, answer["prefixes"].pairs, strict=True)
    for number, ((router, by_node), (_, by_prefix)) in enumerate(both, 1):
        rows = [(name, *_cells(route)) for name, route in by_node.items()]
        rows += [(prefix, *_cells(route, own="(its own)")) for prefix, route in by_prefix.items()]
        wide = max((len(name) for name, _, _ in rows), default=0)
        lines = [f"  {name:<{wide}}  {metric:>5}  {hops}".rstrip() for name, metric, hops in rows]
        yield "\n".join([*([""] if number > 1 else []), f"{router} reaches", *lines])
    if not number:
        yield "No router is up."


def _cells(route: dict[str, Any], own: str = "") -> tuple[int | str, str]:
    """The metric and the next hops, in words where there are none."""
    if route["metric"] is None:
        return "–", "unreachable"
    return route["metric"], "via " + " or ".join(route["next_hops"]) if route["next_hops"] else own
