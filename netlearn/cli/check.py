"""`netlearn check`: what is read of a network's file, and what is guessed, scaled and left out."""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from netlearn.cli.arguments import Commands, add_network, read_network
from netlearn.cli.output import counted
from netlearn.network.formats.table import Reading


def add_parser(commands: Commands) -> None:
    words = "what is read of a network, guessed, scaled and left out"
    parser = commands.add_parser("check", help=words, allow_abbrev=False)
    add_network(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON value instead of lines")
    parser.set_defaults(texts=texts)


def texts(given: argparse.Namespace) -> Iterator[str]:
    answer = answer_check(read_network(given))
    yield json.dumps(answer) if given.json else lines_of_check(answer)


def answer_check(reading: Reading) -> dict[str, Any]:
    """What was read: how much of which kind, and each note."""
    topology = reading.topology
    kinds = Counter(node.kind for node in topology.nodes)
    pairs = Counter(frozenset(link.ends) for link in topology.links)
    metrics = [metric for link in topology.links for metric in (link.metric, link.metric_back) if metric]
    return {
        "form": reading.form,
        "routers": kinds["router"],
        "hosts": kinds["host"],
        "lans": kinds["lan"],
        "links": len(topology.links),
        "parallel": sum(many for many in pairs.values() if many > 1),
        "addresses": sum(node.address is not None for node in topology.nodes),
        "places": sum(node.x is not None and node.y is not None for node in topology.nodes),
        "metrics": {"what": reading.metrics, "least": min(metrics, default=None), "most": max(metrics, default=None)},
        "notes": [*reading.notes],
        "source": reading.source,
    }


def lines_of_check(answer: dict[str, Any]) -> str:
    parts = [counted(answer[f"{each.lower()}s"], each) for each in ("router", "host", "LAN", "link")]
    read = ", ".join(part for part in parts if not part.startswith("0 "))
    lines = [f"{answer['form']}: {read or 'no node'}"]
    if answer["parallel"]:
        lines.append(f"{answer['parallel']:,} of the links have another beside them")
    lines.append(f"{counted(answer['addresses'], 'node')} with an address, {answer['places']:,} with a place")
    metrics = answer["metrics"]
    between = "" if metrics["least"] == metrics["most"] else f" (from {metrics['least']:,} to {metrics['most']:,})"
    lines.append(f"{metrics['what']}{between}")
    lines += [note for note in answer["notes"] if note != metrics["what"]]
    return "\n".join(lines + ([f"from {answer['source']}"] if answer["source"] else []))
