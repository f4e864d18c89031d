"""`netlearn sockets`: this machine's open doors."""

import argparse
import json
import re
import select
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netlearn.cli.arguments import BadArgument, Commands, Parser
from netlearn.cli.output import Styled
from netlearn.errors import shown

if TYPE_CHECKING:
    from netlearn.host.sockets import Snapshot


def add_parser(commands: Commands) -> None:
    words = "this machine's open doors, and who can reach each"
    parser = commands.add_parser("sockets", help=words, allow_abbrev=False)

    def described() -> str:
        from netlearn.host.sockets import LEFT_OUT  # of a room that no other command need wait for

        parser.description = f"{words}. {LEFT_OUT}"
        return Parser.format_help(parser)

    parser.format_help = described  # type: ignore[method-assign]
    parser.set_defaults(texts=texts_of_sockets)
    parser.add_argument("--watch", action="store_true", help="tell which doors open and close, until Ctrl-C")
    parser.add_argument("--every", metavar="SECONDS", type=_seconds, help="with --watch: how often to look (1)")
    held = "who has this port, whether anything waits there or not"
    parser.add_argument("--port", metavar="NUMBER", type=_port, help=held)
    parser.add_argument("--json", action="store_true", help="print JSON: one value, or one for each change")


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a number of seconds") from None


def _port(text: str) -> int:
    if not re.fullmatch("[0-9]{1,5}", text):
        raise argparse.ArgumentTypeError(f"{shown(text)} is not the number of a port")
    return int(text)


def texts_of_sockets(given: argparse.Namespace) -> Iterator[str]:
    """The doors now, or what changes about them; the machine is looked at by modules that only this command loads."""
    from netlearn import probe

    why = probe.why_recorded()
    if given.every is not None and not given.watch:
        raise BadArgument("--every says how often to look, which needs --watch")
    if given.watch and given.port is not None:
        raise BadArgument("--port is about one look, and --watch about many: give one of them")
    note = f"\n\n({why}.)" if why else ""
    if given.port is not None:
        held = probe.who_has(given.port)
        yield json.dumps(held.data()) if given.json else f"{held}{note}"
    elif given.watch:
        changes = probe.watch(
            1.0 if given.every is None else given.every, sleep=_pause
        )  # which refuses an interval first
        if why:
            raise BadArgument(f"--watch needs this machine's own sockets, and a recording does not change ({why})")
        for change in changes:
            yield json.dumps(change.data()) if given.json else str(change)
    else:
        seen = probe.snapshot(connections=False)
        yield json.dumps(seen.data()) if given.json else _table_of_doors(seen, note)


def _pause(seconds: float) -> None:
    """Wait until it is time for the next look; `BrokenPipeError` at once when whoever read the answers has gone."""
    if not hasattr(select, "poll") or not hasattr(sys.stdout, "fileno"):
        time.sleep(seconds)
        return
    ending = select.poll()
    ending.register(sys.stdout.fileno(), 0)  # of no event but that the other end is closed
    if ending.poll(seconds * 1000):
        raise BrokenPipeError


def _table_of_doors(seen: "Snapshot", note: str) -> str:
    """The doors by scope: a table that fits the terminal or, in a pipe and where rich is not installed, plain text."""
    if not sys.stdout.isatty():
        return f"{seen}{note}"
    try:
        from netlearn.cli.terminal import doors_table
    except ModuleNotFoundError:
        return f"{seen}{note}"
    return Styled(doors_table(seen) + note)
