"""The command line: `netlearn paths`, `netlearn routes`, `netlearn converge` and `netlearn sockets`.

Answers go to standard output, as a table to read or, with `--json`, as one JSON value. What is wrong goes to standard
error as one line, with exit status 2; a mistake of our own has status 1 (`python -X dev -m netlearn` shows where it
is). What came from outside reaches the terminal only if it can be printed: all of it passes `_answer` or `_complain`.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

from netlearn import networks
from netlearn.errors import NetlearnError, one_line, printable, shown
from netlearn.forwarding import Outcome
from netlearn.rib import Route, compute_rib
from netlearn.sockets import Snapshot
from netlearn.spf import first_paths, path_count, shortest_paths
from netlearn.timers import MS, Fixed, Timers
from netlearn.topology import Failure, LinkDown, NodeDown, Topology


class BadArgument(NetlearnError):
    """An argument that the command cannot use."""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, like all others here."""

    def error(self, message: str) -> NoReturn:
        raise BadArgument(f"{message} (try: {self.prog} --help)")

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """What was given for one argument; for `--` Python 3.11 gives an empty list, where one word was asked for."""
        values = super()._get_values(action, arg_strings)
        if action.nargs is None and isinstance(values, list):
            raise argparse.ArgumentError(action, "expected one argument")
        return values


class _NotWritten(NetlearnError):
    """An answer that standard output does not take."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the answer cannot be written: {why}")


class _Styled(str):
    """Text with the terminal's own codes for colours, in which everything else was escaped before."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    given = argparse.Namespace()
    try:
        if sys.stdout is None:
            raise _NotWritten("standard output is closed")
        given = _parser().parse_args(arguments)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows no arrows gets \u2192
        for text in given.texts(given):
            _answer(text)
    except KeyboardInterrupt:  # Ctrl-C is how watching ends, and cuts anything else short
        return 0 if getattr(given, "watch", False) else 130
    except NetlearnError as reason:
        return _complain(str(reason))
    except BrokenPipeError:  # the reader of a pipe, `head` say, has seen enough
        return 0
    except OSError as reason:
        return _complain(": ".join(map(str, filter(None, (reason.filename, reason.strerror or str(reason))))))
    except MemoryError:
        return _complain("this takes more memory than there is")
    except Exception as reason:  # what nobody thought of
        if sys.flags.dev_mode:
            raise
        return _complain(f"this is a mistake in netlearn: {type(reason).__name__}: {reason}", status=1)
    return 0


def _answer(text: str) -> None:
    """Write an answer, of which each line can be printed. Raises `_NotWritten`, or `BrokenPipeError`."""
    lines = text if isinstance(text, _Styled) else "\n".join(map(printable, text.split("\n")))
    try:
        print(lines, flush=True)
    except OSError as reason:
        _discard_output()
        if isinstance(reason, BrokenPipeError):
            raise
        raise _NotWritten(reason.strerror or str(reason)) from None


def _complain(message: str, status: int = 2) -> int:
    """Write what is wrong, on one line; the exit status. Where standard error is closed nobody hears it."""
    if sys.stderr is not None:
        print(f"netlearn: {one_line(message)}", file=sys.stderr)
    return status


def _one_text(given: argparse.Namespace) -> Iterator[str]:
    """The answer of a command that has one."""
    answer = given.answer(given)
    yield json.dumps(answer) if given.json else given.table(answer, given)


def _discard_output() -> None:
    """Send what is still buffered nowhere, so that Python does not try to write it again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def paths(topology: Topology, after: Topology, source: str, target: str, limit: int) -> dict[str, Any]:
    """All shortest paths from source to target in `after`, what the failures left of `topology`."""
    for name in (source, target):
        topology.node(name)
    both_up = after.has_node(source) and after.has_node(target)
    distance = shortest_paths(after, source).distance if both_up else {}
    if target not in distance:
        return {"reachable": False, "metric": None, "count": 0, "paths": []}
    return {
        "reachable": True,
        "metric": distance[target],
        "count": path_count(after, source, target),
        "paths": [list(path) for path in first_paths(after, source, target, limit)],
    }


def routes(topology: Topology, after: Topology, at: str | None) -> dict[str, Any]:
    """What each router (or the node `at`) has computed in `after`: a route to every other node, and to every prefix."""
    if at is not None and topology.node(at).kind == "lan":
        raise BadArgument(f"{at} is a LAN and computes no routes; the routers on it do")
    if at is not None and not after.has_node(at):
        raise BadArgument(f"{at} is down and has no routes")
    prefixes = {given.prefix: str(given.prefix) for given in topology.announced}
    answer: dict[str, Any] = {"routes": {}, "prefixes": {}}
    for router in after.routers if at is None else (at,):
        found = shortest_paths(after, router)
        answer["routes"][router] = {
            node.name: {"metric": found.distance.get(node.name), "next_hops": list(found.neighbours(node.name))}
            for node in topology.nodes
            if node.name != router
        }
        rib = compute_rib(after, router, found).routes
        answer["prefixes"][router] = {words: _shown_route(rib.get(prefix)) for prefix, words in prefixes.items()}
    return answer


def _shown_route(route: Route | None) -> dict[str, Any]:
    if route is None:
        return {"metric": None, "next_hops": []}
    return {"metric": route.metric, "next_hops": sorted({hop.node for hop in route.next_hops})}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="netlearn", description="What routers do when links and routers fail.", allow_abbrev=False)
    parser.set_defaults(texts=_one_text)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    network = _Parser(add_help=False, allow_abbrev=False)
    network.add_argument(
        "network", metavar="NETWORK", help=f"a bundled network ({', '.join(networks.names())}) or a file"
    )
    failures = _Parser(add_help=False, allow_abbrev=False)
    failures.add_argument(
        "--cut",
        metavar="LINK",
        action="append",
        default=[],
        help="a link that is cut: its name, or A-B for every link between A and B; may be repeated",
    )
    failures.add_argument(
        "--down", metavar="NODE", action="append", default=[], help="a node that is down; may be repeated"
    )
    failures.add_argument("--json", action="store_true", help="print one JSON value instead of a table")

    of_paths = commands.add_parser(
        "paths", parents=[network, failures], help="all shortest paths between two nodes", allow_abbrev=False
    )
    of_paths.add_argument("source", metavar="FROM", help="the node where the paths begin")
    of_paths.add_argument("target", metavar="TO", help="the node where they end")
    of_paths.add_argument(
        "--limit", metavar="N", type=_count, default=100, help="list at most N paths (100); their count is exact anyway"
    )
    of_paths.set_defaults(answer=_answer_paths, table=_table_of_paths)

    of_routes = commands.add_parser(
        "routes", parents=[network, failures], help="every router's routes", allow_abbrev=False
    )
    of_routes.add_argument("--at", metavar="NODE", help="only the routes of this router or host")
    of_routes.set_defaults(answer=_answer_routes, table=_table_of_routes)

    of_converge = commands.add_parser(
        "converge", parents=[network, failures], help="what happens in time when something fails", allow_abbrev=False
    )
    _add_converge_options(of_converge)
    of_converge.set_defaults(answer=_answer_converge, table=_table_of_converge)

    of_sockets = commands.add_parser(
        "sockets", help="this machine's open doors, and who can reach each", allow_abbrev=False
    )
    _add_sockets_options(of_sockets)
    of_sockets.set_defaults(texts=_texts_of_sockets)
    return parser


def _add_sockets_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--watch", action="store_true", help="tell which doors open and close, until Ctrl-C")
    parser.add_argument("--every", metavar="SECONDS", type=_seconds, help="with --watch: how often to look (1)")
    parser.add_argument("--json", action="store_true", help="print JSON: one value, or one for each change")


def _add_converge_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--from", dest="source", metavar="A", required=True, help="where packets come from")
    parser.add_argument("--to", dest="target", metavar="B", required=True, help="where they go")
    parser.add_argument("--silent", action="store_true", help="no carrier is lost; frames just stop coming through")
    parser.add_argument(
        "--detect", choices=("carrier", "hello", "bfd"), default="carrier", help="what routers watch (carrier)"
    )
    parser.add_argument("--timers", choices=("rfc", "frr"), default="rfc", help="whose timers routers use (rfc)")
    parser.add_argument("--lfa", action="store_true", help="routers keep loop-free alternates ready")
    parser.add_argument(
        "--spf-delay",
        metavar="NODE=MS",
        action="append",
        default=[],
        type=_delay,
        help="this router waits so many milliseconds before it computes; may be repeated",
    )
    parser.add_argument("--rate", metavar="N", type=_count, default=100, help="packets a second in each flow (100)")
    parser.add_argument("--flows", metavar="N", type=_count, default=64, help="how many flows there are (64)")
    parser.add_argument("--seed", metavar="N", type=_count, default=0, help="the phases of hellos and BFD (0)")


def _delay(text: str) -> tuple[str, int]:
    """A node and its delay in microseconds."""
    node, equals, delay = text.rpartition("=")
    if not equals or not node or not delay.isascii() or not delay.isdecimal() or len(delay) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a router and milliseconds, such as R5=1000")
    return node, int(delay) * MS


def _count(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a whole number from 0 on")
    return int(text) if len(text) < 19 else sys.maxsize


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a number of seconds above 0 and up to 86400, a day")
    return seconds


def _answer_paths(given: argparse.Namespace) -> dict[str, Any]:
    topology = _load(given.network)
    return paths(topology, topology.without(*_failures(topology, given)), given.source, given.target, given.limit)


def _answer_routes(given: argparse.Namespace) -> dict[str, Any]:
    topology = _load(given.network)
    return routes(topology, topology.without(*_failures(topology, given)), given.at)


def _answer_converge(given: argparse.Namespace) -> dict[str, Any]:
    from netlearn.simulation import simulate  # loaded only by the command that simulates
    from netlearn.traffic import Traffic, send

    topology = _load(given.network).addressed()
    timers = Timers.frr() if given.timers == "frr" else Timers.rfc()
    trace = simulate(
        topology,
        _failures(topology, given),
        timers=timers,
        router_timers={
            topology.node(node).name: replace(timers, spf_delay=Fixed(delay)) for node, delay in given.spf_delay
        },
        detect=given.detect,
        silent=given.silent,
        lfa=given.lfa,
        seed=given.seed,
    )
    delivery = send(trace, given.source, given.target, flows=given.flows, rate=given.rate)
    address = topology.node(given.target).address
    assert address is not None, given.target  # or `send` had refused it
    loops = Traffic(trace, address).micro_loops()
    return {
        **trace.data(),
        "packets": {"sent": delivery.sent, "delivered": delivery.delivered, "lost": delivery.lost},
        "lost_by_cause": {why.value: many for why, many in delivery.by_outcome.items() if why is not Outcome.DELIVERED},
        "micro_loops": [{"cycle": list(loop.cycle), "from_us": loop.from_us, "to_us": loop.to_us} for loop in loops],
    }


def _table_of_converge(answer: dict[str, Any], given: argparse.Namespace) -> str:
    lines = [
        f"{event['time_us'] / 1000:>12,.3f} ms  {event['node']:<8} {event['kind']:<12} {event['detail']}"
        for event in answer["events"]
    ]
    packets, loops = answer["packets"], answer["micro_loops"]
    lines.append(f"Converged after {answer['converged_us'] / 1000:,.3f} ms.")
    lines += [
        f"Micro-loop {' → '.join([*loop['cycle'], loop['cycle'][0]])} from {loop['from_us'] / 1000:,.3f} ms"
        f" to {loop['to_us'] / 1000:,.3f} ms."
        for loop in loops
    ]
    causes = ", ".join(f"{many:,} {why}" for why, many in answer["lost_by_cause"].items())
    lines.append(
        f"Packets from {given.source} to {given.target}: {packets['sent']:,} sent, {packets['delivered']:,} delivered,"
        f" {packets['lost']:,} lost{f' ({causes})' if causes else ''}."
    )
    return "\n".join(lines)


def _texts_of_sockets(given: argparse.Namespace) -> Iterator[str]:
    """The doors now, or what changes about them; the machine is looked at by modules that only this command loads."""
    from netlearn import probe

    why = probe.why_recorded()
    if given.every is not None and not given.watch:
        raise BadArgument("--every says how often to look, which needs --watch")
    if given.watch and why:
        raise BadArgument(f"--watch needs this machine's own sockets, and a recording does not change ({why})")
    if given.watch:
        for change in probe.watch(given.every or 1.0):
            yield json.dumps(change.data()) if given.json else str(change)
    else:
        seen = probe.snapshot(connections=False)
        yield json.dumps(seen.data()) if given.json else _table_of_doors(seen, f"\n\n({why}.)" if why else "")


def _table_of_doors(seen: Snapshot, note: str) -> str:
    """The doors by scope: a table that fits the terminal or, in a pipe and where rich is not installed, plain text."""
    if not sys.stdout.isatty():
        return f"{seen}{note}"
    try:
        from netlearn.terminal import doors_table
    except ModuleNotFoundError:
        return f"{seen}{note}"
    return _Styled(doors_table(seen) + note)


def _load(network: str) -> Topology:
    """The network that was named. GraphML needs networkx, which is loaded only for it."""
    if Path(network).suffix.casefold() != ".graphml":
        return networks.load(network)
    try:
        from netlearn.graph import read_graphml
    except ModuleNotFoundError:
        raise BadArgument(f"{network}: GraphML needs networkx, which is not installed") from None
    return read_graphml(network)


def _failures(topology: Topology, given: argparse.Namespace) -> list[Failure]:
    cut: list[Failure] = [LinkDown(link.name) for words in given.cut for link in topology.find_links(words)]
    return cut + [NodeDown(topology.node(name).name) for name in given.down]


def _table_of_paths(answer: dict[str, Any], given: argparse.Namespace) -> str:
    if not answer["reachable"]:
        return f"{given.source} cannot reach {given.target}."
    count = answer["count"]
    many = "1 shortest path" if count == 1 else f"{count:,} shortest paths, equally good"
    lines = [f"{given.source} to {given.target}: metric {answer['metric']}, {many}"]
    lines += ["  " + " → ".join(path) for path in answer["paths"]]
    if len(answer["paths"]) < count:
        lines.append(f"  ({count - len(answer['paths']):,} more; --limit lists more)")
    return "\n".join(lines)


def _table_of_routes(answer: dict[str, Any], given: argparse.Namespace) -> str:
    blocks = []
    for router, by_node in answer["routes"].items():
        rows = [(name, route, _hops(route)) for name, route in by_node.items()]
        rows += [(prefix, route, _hops(route, own="(its own)")) for prefix, route in answer["prefixes"][router].items()]
        blocks.append("\n".join([f"{router} reaches", *_columns(rows)]))
    return "\n\n".join(blocks) if blocks else "No router is up."


def _hops(route: dict[str, Any], own: str = "") -> str:
    if route["metric"] is None:
        return "unreachable"
    return "via " + " or ".join(route["next_hops"]) if route["next_hops"] else own


def _columns(rows: list[tuple[str, dict[str, Any], str]]) -> list[str]:
    wide = max((len(name) for name, _, _ in rows), default=0)
    return [f"  {name:<{wide}}  {_metric(route):>5}  {hops}".rstrip() for name, route, hops in rows]


def _metric(route: dict[str, Any]) -> str:
    return "–" if route["metric"] is None else str(route["metric"])
