"""`netlearn paths`: all shortest paths between two nodes."""

import argparse
from collections.abc import Iterator
from itertools import islice
from typing import Any

from netlearn.cli.arguments import Commands, about_network, count
from netlearn.network.parts import Failure
from netlearn.network.topology import Topology
from netlearn.routing.spf import path_count, paths, shortest_paths


def add_parser(commands: Commands) -> None:
    parser = about_network(commands, "paths", "all shortest paths between two nodes", answer_paths, table_of_paths)
    parser.add_argument("source", metavar="FROM", help="the node where the paths begin")
    parser.add_argument("target", metavar="TO", help="the node where they end")
    limit = "list at most N paths (100); their count is exact anyway"
    parser.add_argument("--limit", metavar="N", type=count, default=100, help=limit)


def answer_paths(topology: Topology, failed: list[Failure], given: argparse.Namespace) -> dict[str, Any]:
    """All shortest paths in what the failures left of the network."""
    given.source, given.target = source, target = [topology.node(name).name for name in (given.source, given.target)]
    after = topology.without(*failed)
    both_up = after.has_node(source) and after.has_node(target)
    found = shortest_paths(after, source) if both_up else None
    if found is None or not found.reaches(target):
        return {"reachable": False, "metric": None, "count": 0, "paths": []}
    return {
        "reachable": True,
        "metric": found.distance[target],
        "count": path_count(after, source, target, found),
        "paths": islice(paths(after, source, target, found), given.limit),
    }


def table_of_paths(answer: dict[str, Any], given: argparse.Namespace) -> Iterator[str]:
    if not answer["reachable"]:
        yield f"{given.source} cannot reach {given.target}."
        return
    found = answer["count"]
    many = "1 shortest path" if found == 1 else f"{found:,} shortest paths, equally good"
    yield f"{given.source} to {given.target}: metric {answer['metric']}, {many}"
    for path in answer["paths"]:
        yield "  " + " → ".join(path)
    if given.limit < found:
        yield f"  ({found - given.limit:,} more; --limit lists more)"
