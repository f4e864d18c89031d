"""What befalls the network, in the words of the command line: `1000 cut R2-End`, a time, what happens and to what."""

import argparse
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from netlearn.cli.arguments import BadArgument
from netlearn.errors import listed, shown, suggestion
from netlearn.network.spelling import parse_prefix
from netlearn.network.topology import Topology
from netlearn.units import MS

if TYPE_CHECKING:
    from netlearn.convergence.event import At

OF_LINK = {"cut": "LinkDown", "mend": "LinkUp"}  # to their names in `netlearn`
OF_NODE = {"down": "NodeDown", "up": "NodeUp"}
OF_SPEAKER = {"maintain": "Maintenance", "daemon-down": "DaemonDown"}
OF_PREFIX = {"announce": "Announce", "withdraw": "Withdraw", "service-down": "ServiceDown", "service-up": "ServiceUp"}
ACTIONS = (*OF_LINK, *OF_NODE, *OF_SPEAKER, *OF_PREFIX)
FORM = "a time in ms, what happens and to what, such as '1000 cut R2-End' or '0 service-down R7 203.0.113.1'"
LONGEST_MS = 10**9


class Said(NamedTuple):
    """An event as it was given: when, what happens, and the words that say to what."""

    time_us: int
    action: str
    words: str


def event(text: str) -> Said:
    """The parts of an event; raises `ArgumentTypeError`."""
    time, action, words = [*text.split(None, 2), "", "", ""][:3]
    if not words:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no event: {FORM}")
    if action not in ACTIONS:
        known = f"what happens is {listed(ACTIONS)}{suggestion(action, ACTIONS)}"
        raise argparse.ArgumentTypeError(f"{shown(action)} is nothing that happens; {known}")
    return Said(milliseconds(time), action, words.strip())


def milliseconds(text: str) -> int:
    """The microseconds of a time in milliseconds, `61.1` say; raises `ArgumentTypeError`."""
    try:
        time_us = Decimal(text) * MS if text.isascii() and len(text) < 30 and "_" not in text else Decimal("nan")
    except InvalidOperation:
        time_us = Decimal("nan")
    if not time_us.is_finite() or not 0 <= time_us <= LONGEST_MS * MS or time_us != int(time_us):
        raise argparse.ArgumentTypeError(
            f"{shown(text)} is not a time in milliseconds, from 0 to {LONGEST_MS:,}, with at most three decimals"
        )
    return int(time_us)


def positive(text: str) -> int:
    """The same for a time that is more than 0."""
    time_us = milliseconds(text)
    if time_us == 0:
        raise argparse.ArgumentTypeError(f"{shown(text)} is no time between two packets; it is more than 0")
    return time_us


def changes_of(topology: Topology, said: Said) -> "list[At]":
    """What happens to what: several changes where a pair of nodes means several links."""
    from netlearn.convergence import event  # loaded only by the command that simulates

    action, words = said.action, said.words
    change = getattr(event, {**OF_LINK, **OF_NODE, **OF_SPEAKER, **OF_PREFIX}[action])
    if action in OF_LINK:
        return [event.At(said.time_us, change(link.name)) for link in topology.find_links(words)]
    if action in OF_NODE:
        return [event.At(said.time_us, change(topology.node(words).name))]
    if action in OF_SPEAKER:
        return [event.At(said.time_us, change(_speaker(topology, words, action)))]
    name, _, prefix = words.rpartition(" ")
    if not name:
        raise BadArgument(
            f"{action} is said of a node and a prefix, such as '0 {action} R7 203.0.113.1'; not {words!r}"
        )
    node = _speaker(topology, name.strip(), action)
    return [event.At(said.time_us, change(node, parse_prefix(prefix, action)))]


def _speaker(topology: Topology, words: str, action: str) -> str:
    node = topology.node(words)
    if node.kind == "lan":
        raise BadArgument(f"{node.name} is a LAN; {action} is said of routers and hosts")
    return node.name
