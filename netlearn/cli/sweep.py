"""`netlearn sweep`: what each failure would do."""

import argparse
from typing import Any

from netlearn.cli.arguments import Commands, add_network
from netlearn.network.topology import Topology


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("sweep", help="what each failure would do", allow_abbrev=False)
    add_network(parser)
    parser.add_argument("--links", action="store_true", help="try links; without --nodes, links alone")
    parser.add_argument("--nodes", action="store_true", help="try nodes; without --links, nodes alone")
    parser.add_argument("--pairs", action="store_true", help="try any two of them together, as well")
    parser.add_argument("--json", action="store_true", help="print one JSON value instead of a table")
    parser.set_defaults(answer=answer_sweep, table=table_of_sweep, cut=[], down=[])


def answer_sweep(topology: Topology, failed: object, given: argparse.Namespace) -> dict[str, Any]:
    """What each failure does, in the order of the network's links, then its nodes, then pairs."""
    from netlearn.failures import sweep  # loaded only by this command

    neither = given.links == given.nodes
    found = sweep(topology, neither or given.links, neither or given.nodes, given.pairs)
    failures = [
        {
            "failed": list(each.failed),
            "kind": each.kind,
            "lost": each.lost,
            "changed": each.changed,
            "longer": each.longer,
        }
        for each in found.failures
    ]
    return {"failures": failures, "single_points": list(found.single_points)}


def table_of_sweep(answer: dict[str, Any], given: argparse.Namespace) -> str:
    rows = [("Failed", "lost", "longer", "changed")]
    rows += [
        (" and ".join(each["failed"]), str(each["lost"]), str(each["longer"]), str(each["changed"]))
        for each in answer["failures"]
    ]
    wide = max(len(name) for name, *_ in rows)
    lines = [f"{name:<{wide}}  {lost:>6}  {longer:>6}  {changed:>7}" for name, lost, longer, changed in rows]
    points = ", ".join(answer["single_points"]) or "none"
    return "\n".join([*lines, "", f"Single points of failure: {points}."])
