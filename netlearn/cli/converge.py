"""`netlearn converge`: what happens in time when something fails."""

import argparse
from dataclasses import replace
from typing import Any

from netlearn.cli.arguments import Commands, about_network, count, repeatable
from netlearn.convergence.timers import Fixed, Timers
from netlearn.network.parts import Failure
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome
from netlearn.units import MS


def add_parser(commands: Commands) -> None:
    words = "what happens in time when something fails"
    parser = about_network(commands, "converge", words, answer_converge, table_of_converge)
    parser.add_argument("--from", dest="source", metavar="A", required=True, help="where packets come from")
    parser.add_argument("--to", dest="target", metavar="B", required=True, help="where they go")
    parser.add_argument("--silent", action="store_true", help="no carrier is lost; frames just stop coming through")
    detections = ("carrier", "hello", "bfd")
    parser.add_argument("--detect", choices=detections, default="carrier", help="what routers watch (carrier)")
    parser.add_argument("--timers", choices=("rfc", "frr"), default="rfc", help="whose timers routers use (rfc)")
    parser.add_argument("--lfa", action="store_true", help="routers keep loop-free alternates ready")
    waits = "this router waits so many milliseconds before it computes"
    repeatable(parser, "--spf-delay", "NODE=MS", waits, _delay)
    parser.add_argument("--rate", metavar="N", type=count, default=100, help="packets a second in each flow (100)")
    parser.add_argument("--flows", metavar="N", type=count, default=64, help="how many flows there are (64)")
    parser.add_argument("--seed", metavar="N", type=count, default=0, help="the phases of hellos and BFD (0)")


def _delay(text: str) -> tuple[str, int]:
    """A node and its delay in microseconds."""
    node, equals, delay = text.rpartition("=")
    if not equals or not node or not delay.isascii() or not delay.isdecimal() or len(delay) > 9:
        raise argparse.ArgumentTypeError(f"{text!r} is not a router and milliseconds, such as R5=1000")
    return node, int(delay) * MS


def answer_converge(topology: Topology, failed: list[Failure], given: argparse.Namespace) -> dict[str, Any]:
    from netlearn.convergence.simulation import simulate  # loaded only by the command that simulates
    from netlearn.convergence.traffic import Traffic, send

    topology = topology.addressed()
    given.source, given.target = (topology.node(name).name for name in (given.source, given.target))
    timers = Timers.frr() if given.timers == "frr" else Timers.rfc()
    own = {topology.node(node).name: replace(timers, spf_delay=Fixed(delay)) for node, delay in given.spf_delay}
    how = {name: getattr(given, name) for name in ("detect", "silent", "lfa", "seed")}
    trace = simulate(topology, failed, timers=timers, router_timers=own, **how)
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


def table_of_converge(answer: dict[str, Any], given: argparse.Namespace) -> str:
    lines = [
        f"{_ms(each['time_us'], 12)}  {each['node']:<8} {each['kind']:<12} {each['detail']}"
        for each in answer["events"]
    ]
    lines.append(f"Converged after {_ms(answer['converged_us'])}.")
    for loop in answer["micro_loops"]:
        around = " → ".join([*loop["cycle"], loop["cycle"][0]])
        lines.append(f"Micro-loop {around} from {_ms(loop['from_us'])} to {_ms(loop['to_us'])}.")
    ends = ", ".join(f"{many:,} {end}" for end, many in answer["packets"].items())
    causes = ", ".join(f"{many:,} {why}" for why, many in answer["lost_by_cause"].items())
    lines.append(f"Packets from {given.source} to {given.target}: {ends}{f' ({causes})' if causes else ''}.")
    return "\n".join(lines)


def _ms(time_us: int, width: int = 0) -> str:
    return f"{time_us / 1000:>{width},.3f} ms"
