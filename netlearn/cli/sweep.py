"""`netlearn sweep`: what each failure would do."""

import argparse
from typing import TYPE_CHECKING, Any

from netlearn.cli.arguments import Commands, add_network
from netlearn.network.topology import Topology

if TYPE_CHECKING:
    from netlearn.failures import Failed, Load, Meanwhile, Moved


def add_parser(commands: Commands) -> None:
    parser = commands.add_parser("sweep", help="what each failure would do", allow_abbrev=False)
    add_network(parser)
    parser.add_argument("--links", action="store_true", help="try links; without --nodes, links alone")
    parser.add_argument("--nodes", action="store_true", help="try nodes; without --links, nodes alone")
    parser.add_argument("--pairs", action="store_true", help="try any two of them together, as well")
    demands = 'where traffic goes, of a JSON file: {"demands": [{"from": "A", "to": "B", "amount": 1.5}]}'
    parser.add_argument("--demands", metavar="FILE", help=f"{demands}; equal ways divide it evenly at each node")
    meanwhile = "what goes on before all tables are new: what ECMP and loop-free alternates (RFC 5286) save at once"
    words = f"{meanwhile}, and where packets may be caught in a micro-loop; takes several times as long"
    parser.add_argument("--meanwhile", action="store_true", help=words)
    parser.add_argument("--json", action="store_true", help="print one JSON value instead of a table")
    parser.set_defaults(answer=answer_sweep, table=table_of_sweep, cut=[], down=[])


def answer_sweep(topology: Topology, failed: object, given: argparse.Namespace) -> dict[str, Any]:
    """What each failure does, in the order of the network's links, then its nodes, then pairs."""
    from netlearn.failures import read_demands, sweep  # loaded only by this command

    neither = given.links == given.nodes
    demands = None if given.demands is None else read_demands(given.demands)
    asked = neither or given.links, neither or given.nodes, given.pairs
    found = sweep(topology, *asked, demands=demands, meanwhile=given.meanwhile)
    answer = {"failures": [_failed(each) for each in found.failures], "single_points": list(found.single_points)}
    return {**answer, "traffic": _traffic(found.traffic)} if found.traffic else answer


def _failed(each: "Failed") -> dict[str, Any]:
    counted = {"lost": each.lost, "changed": each.changed, "longer": each.longer}
    moved = {"traffic": _traffic(each.traffic)} if each.traffic else {}
    meanwhile = {"meanwhile": _meanwhile(each.meanwhile)} if each.meanwhile else {}
    return {"failed": list(each.failed), "kind": each.kind, **counted, **moved, **meanwhile}


def _meanwhile(found: "Meanwhile") -> dict[str, Any]:
    kept = found.traffic
    traffic = {"traffic": {"met": kept.met, "by_ecmp": kept.by_ecmp, "by_lfa": kept.by_lfa}} if kept else {}
    pairs = {"by_ecmp": found.by_ecmp, "by_lfa": found.by_lfa, "caught": found.caught}
    return {**pairs, "loops": [list(each) for each in found.loops], **traffic}


def _traffic(moved: "Moved") -> dict[str, Any]:
    fullest = None if moved.fullest is None else _load(moved.fullest)
    return {"lost": moved.lost, "ended": moved.ended, "fullest": fullest, "loads": [*map(_load, moved.loads)]}


def _load(load: "Load") -> dict[str, Any]:
    return {"from": load.start, "to": load.end, "link": load.link, "before": load.before, "after": load.after}


def table_of_sweep(answer: dict[str, Any], given: argparse.Namespace) -> str:
    heads = ["Failed", "lost", "longer", "changed"]
    heads += ["by ECMP", "by LFA", "caught"] if given.meanwhile else []
    heads += ["traffic lost", "fullest", "before", "link"] if "traffic" in answer else []
    rows = [_row(each) for each in answer["failures"]]
    wide = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    wide[1:4] = [max(each, least) for each, least in zip(wide[1:4], (6, 6, 7), strict=True)]
    lines = (
        "  ".join(
            cell.ljust(width) if head in ("Failed", "link") else cell.rjust(width)
            for head, cell, width in zip(heads, row, wide, strict=True)
        ).rstrip()
        for row in (heads, *rows)
    )
    points = ", ".join(answer["single_points"]) or "none"
    return "\n".join([*lines, "", f"Single points of failure: {points}.", *_words(answer, given.meanwhile)])


def _row(each: dict[str, Any]) -> list[str]:
    cells = [" and ".join(each["failed"]), *(str(each[key]) for key in ("lost", "longer", "changed"))]
    if "meanwhile" in each:
        cells += [str(each["meanwhile"][key]) for key in ("by_ecmp", "by_lfa", "caught")]
    if "traffic" not in each:
        return cells
    lost, full = f"{each['traffic']['lost']:.6g}", each["traffic"]["fullest"]
    if full is None:
        return [*cells, lost, "0", "", ""]
    return [*cells, lost, f"{full['after']:.6g}", f"{full['before']:.6g}", f"{full['link']} from {full['from']}"]


def _words(answer: dict[str, Any], meanwhile: bool) -> list[str]:
    """What is said below the table."""
    saved = "Of the changed pairs ECMP and then LFAs save so many at once; so many may be caught in a micro-loop."
    said = [saved] if meanwhile else []
    if "traffic" not in answer:
        return said
    lost, full = answer["traffic"]["lost"], answer["traffic"]["fullest"]
    words = "Before, no link carries anything."
    if full:
        words = f"Before, the fullest link is {full['link']} from {full['from']}, with {full['before']:.6g}."
    return [*said, words, *([f"Of the demands, {lost:.6g} has no path even before a failure."] if lost else [])]
