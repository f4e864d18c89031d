"""`netlearn converge`: what happens in time when something fails."""

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netlearn.cli.arguments import BadArgument, Commands, about_network, count, repeatable
from netlearn.cli.changes import ACTIONS, changes_of, event, positive
from netlearn.errors import NetlearnError
from netlearn.network.parts import Address, Failure
from netlearn.network.topology import Topology
from netlearn.routing.anycast import place
from netlearn.routing.forwarding import Outcome, flows_of
from netlearn.routing.packet import as_address
from netlearn.units import MS

if TYPE_CHECKING:
    from netlearn.convergence.timers import Timers

BESIDE_CARRIER = "the end of a carrier is noticed before BFD notices anything; with --silent no carrier is lost"


def add_parser(commands: Commands) -> None:
    words = "what happens in time when something fails"
    parser = about_network(commands, "converge", words, answer_converge, table_of_converge)
    parser.add_argument("--from", dest="source", metavar="A", required=True, help="where packets come from")
    to = "where they go: a node, or an address, which may be that of several nodes"
    parser.add_argument("--to", dest="target", metavar="B", required=True, help=to)
    happens = f"what happens when (in ms), such as '1000 mend R2-End'; one of {', '.join(ACTIONS)}"
    repeatable(parser, "--event", "EVENT", happens, event)
    repeatable(parser, "--anycast", "ADDRESS=NODE", "this node announces this address from the beginning", _holder)
    parser.add_argument("--silent", action="store_true", help="no carrier is lost; frames just stop coming through")
    detections = ("carrier", "hello", "bfd")
    parser.add_argument("--detect", choices=detections, default="carrier", help="what routers watch (carrier)")
    parser.add_argument("--timers", choices=("rfc", "frr"), default="rfc", help="whose timers routers use (rfc)")
    parser.add_argument("--hello", metavar="MS", type=positive, help="time between two hellos (10000)")
    parser.add_argument("--dead", metavar="MS", type=positive, help="so long without a hello, and it is dead (40000)")
    parser.add_argument("--bfd-interval", metavar="MS", type=positive, help="time between two BFD packets (300)")
    parser.add_argument(
        "--bfd-multiplier", metavar="N", type=count, help="so many BFD packets missed, and it is dead (3)"
    )
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


def _holder(text: str) -> tuple[Address, str]:
    """An address and a node that announces it."""
    address, _, node = text.partition("=")
    if not node:
        raise argparse.ArgumentTypeError(f"{text!r} is not an address and a node, such as 203.0.113.1=R7")
    try:
        return as_address(address), node
    except NetlearnError as reason:
        raise argparse.ArgumentTypeError(str(reason)) from None


def answer_converge(topology: Topology, failed: list[Failure], given: argparse.Namespace) -> dict[str, Any]:
    from netlearn.convergence.outage import outages_between  # loaded only by the command that simulates
    from netlearn.convergence.simulation import simulate
    from netlearn.convergence.timers import Fixed
    from netlearn.convergence.traffic import Traffic, send

    topology = _announcing(topology.addressed(), given)
    given.source, target = _end(topology, given.source), _target(topology, given)
    timers = _timers(given)
    own = {topology.node(node).name: replace(timers, spf_delay=Fixed(delay)) for node, delay in given.spf_delay}
    how = {name: getattr(given, name) for name in ("detect", "silent", "lfa", "seed")}
    changes = [*failed, *(change for said in given.event for change in changes_of(topology, said))]
    trace = simulate(topology, changes, timers=timers, router_timers=own, **how)
    delivery = send(trace, given.source, target, flows=given.flows, rate=given.rate, spread=True)
    outages = outages_between(trace, given.source, target, flows=given.flows)
    traffic = Traffic(trace, flows_of(topology, given.source, target, 1)[0].destination)
    carriers = given.detect == "bfd" and not given.silent and any(event.kind == "detect" for event in trace.events)
    return {
        **trace.data(),
        "outages": [{"from_us": each.from_us, "to_us": each.to_us, "flows": each.flows} for each in outages],
        "packets": {"sent": delivery.sent, "delivered": delivery.delivered, "lost": delivery.lost},
        "lost_by_cause": {why.value: many for why, many in delivery.by_outcome.items() if why is not Outcome.DELIVERED},
        "micro_loops": [
            {"cycle": list(loop.cycle), "from_us": loop.from_us, "to_us": loop.to_us} for loop in traffic.micro_loops()
        ],
        **({"notes": [BESIDE_CARRIER]} if carriers else {}),
    }


def _announcing(topology: Topology, given: argparse.Namespace) -> Topology:
    """The topology in which the addresses of `--anycast` are announced."""
    for address in dict.fromkeys(address for address, _ in given.anycast):
        nodes = [topology.node(node).name for each, node in given.anycast if each == address]
        topology = place(topology, address, nodes)
    return topology


def _timers(given: argparse.Namespace) -> "Timers":
    """The timers, with what the command line changes of them."""
    from netlearn.convergence.timers import Timers

    timers = Timers.frr() if given.timers == "frr" else Timers.rfc()
    hello, dead = given.hello or timers.hello_us, given.dead or timers.dead_us
    if dead <= hello:
        raise BadArgument(
            f"--dead ({dead / MS:g} ms) is longer than --hello ({hello / MS:g} ms), or each hello comes too late"
        )
    if given.bfd_multiplier == 0:
        raise BadArgument("--bfd-multiplier is 1 or more: with 0, every neighbour would be dead")
    return replace(
        timers,
        hello_us=hello,
        dead_us=dead,
        bfd_interval_us=given.bfd_interval or timers.bfd_interval_us,
        bfd_multiplier=given.bfd_multiplier or timers.bfd_multiplier,
    )


def _end(topology: Topology, name: str) -> str:
    """The name of a node that sends or is sent to."""
    node = topology.node(name)
    if node.kind == "lan":
        raise BadArgument(f"{node.name} is a LAN; packets come from and go to routers, hosts and addresses")
    return node.name


def _target(topology: Topology, given: argparse.Namespace) -> str | Address:
    """A node, or an address that some node announces."""
    if not topology.has_node(given.target):
        try:
            address = as_address(given.target)
        except NetlearnError:
            return _end(topology, given.target)  # which refuses it, with the nodes that there are
        return address
    given.target = _end(topology, given.target)
    target: str = given.target
    return target


def table_of_converge(answer: dict[str, Any], given: argparse.Namespace) -> str:
    lines = [
        f"{_ms(each['time_us'], 12)}  {each['node']:<8} {each['kind']:<12} {each['detail']}"
        for each in answer["events"]
    ]
    lines.append(f"Converged after {_ms(answer['converged_us'])}.")
    for loop in answer["micro_loops"]:
        around = " → ".join([*loop["cycle"], loop["cycle"][0]])
        lines.append(f"Micro-loop {around} from {_ms(loop['from_us'])} to {_ms(loop['to_us'])}.")
    lines += [_outage(each, given.flows) for each in answer["outages"]] or ["No outage: every packet arrives."]
    ends = ", ".join(f"{many:,} {end}" for end, many in answer["packets"].items())
    causes = ", ".join(f"{many:,} {why}" for why, many in answer["lost_by_cause"].items())
    lines.append(f"Packets from {given.source} to {given.target}: {ends}{f' ({causes})' if causes else ''}.")
    return "\n".join(lines)


def _outage(told: dict[str, Any], flows: int) -> str:
    """`No service from 5.0 to 61.1 ms: 56.1 ms.`"""
    some = "" if told["flows"] == flows else f" for {told['flows']:,} of {flows:,} flows"
    begin, end = told["from_us"], told["to_us"]
    if end is None:
        return f"No service{some} from {begin / MS:,.1f} ms on, for good."
    return f"No service{some} from {begin / MS:,.1f} to {end / MS:,.1f} ms: {(end - begin) / MS:,.1f} ms."


def _ms(time_us: int, width: int = 0) -> str:
    return f"{time_us / 1000:>{width},.3f} ms"
