"""`netlearn sweep`: what each failure would do."""

import argparse
from typing import TYPE_CHECKING, Any

from netlearn.cli.arguments import Commands, add_network
from netlearn.network.topology import Topology

if TYPE_CHECKING:
    from netlearn.failures import Failed, Load, Moved


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("sweep", help="what each failure would do", allow_abbrev=False)
    add_network(parser)
    parser.add_argument("--links", action="store_true", help="try links; without --nodes, links alone")
    parser.add_argument("--nodes", action="store_true", help="try nodes; without --links, nodes alone")
    parser.add_argument("--pairs", action="store_true", help="try any two of them together, as well")
    demands = 'where traffic goes, of a JSON file: {"demands": [{"from": "A", "to": "B", "amount": 1.5}]}'
    parser.add_argument("--demands", metavar="FILE", help=f"{demands}; equal ways divide it evenly at each node")
    parser.add_argument("--json", action="store_true", help="print one JSON value instead of a table")
    parser.set_defaults(answer=answer_sweep, table=table_of_sweep, cut=[], down=[])


def answer_sweep(topology: Topology, failed: object, given: argparse.Namespace) -> dict[str, Any]:
    """What each failure does, in the order of the network's links, then its nodes, then pairs."""
    from netlearn.failures import read_demands, sweep  # loaded only by this command

    neither = given.links == given.nodes
    demands = None if given.demands is None else read_demands(given.demands)
    found = sweep(topology, neither or given.links, neither or given.nodes, given.pairs, demands=demands)
    answer = {"failures": [_failed(each) for each in found.failures], "single_points": list(found.single_points)}
    return {**answer, "traffic": _traffic(found.traffic)} if found.traffic else answer


def _failed(each: "Failed") -> dict[str, Any]:
    counted = {"lost": each.lost, "changed": each.changed, "longer": each.longer}
    moved = {"traffic": _traffic(each.traffic)} if each.traffic else {}
    return {"failed": list(each.failed), "kind": each.kind, **counted, **moved}


def _traffic(moved: "Moved") -> dict[str, Any]:
    fullest = None if moved.fullest is None else _load(moved.fullest)
    return {"lost": moved.lost, "ended": moved.ended, "fullest": fullest, "loads": [*map(_load, moved.loads)]}


def _load(load: "Load") -> dict[str, Any]:
    return {"from": load.start, "to": load.end, "link": load.link, "before": load.before, "after": load.after}


def table_of_sweep(answer: dict[str, Any], given: argparse.Namespace) -> str:
    heads, rows = ["Failed", "lost", "longer", "changed"], [_row(each) for each in answer["failures"]]
    if "traffic" in answer:
        heads += ["traffic lost", "fullest", "before", "link"]
    wide = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    wide[1:4] = [max(each, least) for each, least in zip(wide[1:4], (6, 6, 7), strict=True)]
    last = len(heads) - 1 if "traffic" in answer else len(heads)
    lines = [
        "  ".join(
            cell.rjust(width) if 0 < column < last else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, wide, strict=True))
        ).rstrip()
        for row in (heads, *rows)
    ]
    points = ", ".join(answer["single_points"]) or "none"
    return "\n".join([*lines, "", f"Single points of failure: {points}.", *_words(answer)])


def _row(each: dict[str, Any]) -> list[str]:
    cells = [" and ".join(each["failed"]), *(str(each[key]) for key in ("lost", "longer", "changed"))]
    if "traffic" not in each:
        return cells
    lost, full = f"{each['traffic']['lost']:.6g}", each["traffic"]["fullest"]
    if full is None:
        return [*cells, lost, "0", "", ""]
    return [*cells, lost, f"{full['after']:.6g}", f"{full['before']:.6g}", f"{full['link']} from {full['from']}"]


def _words(answer: dict[str, Any]) -> list[str]:
    """What is said of the traffic before anything fails."""
    if "traffic" not in answer:
        return []
    lost, full = answer["traffic"]["lost"], answer["traffic"]["fullest"]
    words = "Before, no link carries anything."
    if full:
        words = f"Before, the fullest link is {full['link']} from {full['from']}, with {full['before']:.6g}."
    return [words, *([f"Of the demands, {lost:.6g} has no path even before a failure."] if lost else [])]
