"""The command line: `netlearn paths`, `routes`, `converge`, `sweep`, `sockets`, `check` and `convert`.

Answers go to standard output, as a table to read or, with `--json`, as one JSON value. What is wrong goes to standard
error as one line, with exit status 2; a mistake of our own has status 1 (`python -X dev -m netlearn` shows where it
is). What came from outside reaches the terminal only if it can be printed: all of it passes `netlearn.cli.output`.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper
from itertools import chain

from netlearn.cli import check, converge, convert, paths, routes, sockets, sweep
from netlearn.cli.arguments import Parser, failures_of, read_network
from netlearn.cli.output import NotWritten, Part, complain, in_lumps, json_of, write
from netlearn.errors import NetlearnError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    given = argparse.Namespace()
    try:
        if sys.stdout is None:  # so Python has it for a process that was started without one
            raise NotWritten("standard output is closed")
        given = _parser().parse_args(arguments)
        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal that knows no arrows gets \u2192
        for text in given.texts(given):
            write(text)
    except KeyboardInterrupt:  # Ctrl-C is how watching ends, and cuts anything else short
        return 0 if getattr(given, "watch", False) else 130
    except NetlearnError as reason:
        return complain(str(reason))
    except BrokenPipeError:  # the reader of a pipe, `head` say, has seen enough
        return 0
    except OSError as reason:
        return complain(": ".join(map(str, filter(None, (reason.filename, reason.strerror or str(reason))))))
    except MemoryError:
        return complain("this takes more memory than there is")
    except Exception as reason:  # what nobody thought of
        if sys.flags.dev_mode:
            raise
        return complain(f"this is a mistake in netlearn: {type(reason).__name__}: {reason}", status=1)
    return 0


def _one_text(given: argparse.Namespace) -> Iterator[str]:
    """The answer of a command about a network, written as it is made: it may be more than memory holds."""
    reading = read_network(given)
    topology = reading.topology
    answer = given.answer(topology, failures_of(topology, given), given)
    notes = [*answer.pop("notes", ()), *reading.notes]
    if given.json:
        yield from map(Part, in_lumps(json_of({**answer, "notes": notes} if notes else answer)))
        yield ""
    else:
        table = given.table(answer, given)
        lines = chain([table] if isinstance(table, str) else table, (f"Note: {note}." for note in notes))
        yield from in_lumps(lines, "\n")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="netlearn", description="What routers do when links and routers fail.", allow_abbrev=False)
    parser.set_defaults(texts=_one_text)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    for command in (paths, routes, converge, sweep, sockets, check, convert):
        command.add_parser(commands)
    return parser
