"""`netlearn routes`: what every router has computed."""

import argparse
from collections.abc import Iterable
from typing import Any

from netlearn.cli.arguments import BadArgument, Commands, about_network
from netlearn.network.parts import Failure
from netlearn.network.topology import Topology
from netlearn.routing.rib import compute_rib
from netlearn.routing.spf import shortest_paths


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
    prefixes = {each.prefix: str(each.prefix) for each in topology.announced}
    answer: dict[str, Any] = {"routes": {}, "prefixes": {}}
    for router in after.routers if at is None else (at,):
        found = shortest_paths(after, router)
        others = [node.name for node in topology.nodes if node.name != router]
        answer["routes"][router] = {name: _told(found.distance.get(name), found.neighbours(name)) for name in others}
        rib = compute_rib(after, router, found).routes
        told = answer["prefixes"][router] = dict.fromkeys(prefixes.values(), _told(None, ()))
        for prefix in prefixes.keys() & rib:
            hops = sorted({hop.node for hop in rib[prefix].next_hops})
            told[prefixes[prefix]] = _told(rib[prefix].metric, hops)
    return answer


def _told(metric: int | None, next_hops: Iterable[str]) -> dict[str, Any]:
    return {"metric": metric, "next_hops": list(next_hops)}


def table_of_routes(answer: dict[str, Any], given: argparse.Namespace) -> str:
    blocks = []
    for router, by_node in answer["routes"].items():
        rows = [(name, *_cells(route)) for name, route in by_node.items()]
        rows += [(prefix, *_cells(route, own="(its own)")) for prefix, route in answer["prefixes"][router].items()]
        wide = max((len(name) for name, _, _ in rows), default=0)
        lines = [f"  {name:<{wide}}  {metric:>5}  {hops}".rstrip() for name, metric, hops in rows]
        blocks.append("\n".join([f"{router} reaches", *lines]))
    return "\n\n".join(blocks) if blocks else "No router is up."


def _cells(route: dict[str, Any], own: str = "") -> tuple[int | str, str]:
    """The metric and the next hops, in words where there are none."""
    if route["metric"] is None:
        return "–", "unreachable"
    return route["metric"], "via " + " or ".join(route["next_hops"]) if route["next_hops"] else own
