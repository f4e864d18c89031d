"""The command line: `netlearn paths`, `netlearn routes`, `netlearn converge` and `netlearn sockets`.

Answers go to standard output, as a table to read or, with `--json`, as one JSON value. What is wrong goes to standard
error as one line, with exit status 2; a mistake of our own has status 1 (`python -X dev -m netlearn` shows where it
is). What came from outside reaches the terminal only if it can be printed: all of it passes `netlearn.cli.output`.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

from netlearn.cli.arguments import Parser, count
from netlearn.cli.converge import add_options, answer_converge, table_of_converge
from netlearn.cli.output import NotWritten, complain, write
from netlearn.cli.paths import answer_paths, table_of_paths
from netlearn.cli.routes import answer_routes, table_of_routes
from netlearn.cli.sockets import _add_sockets_options, texts_of_sockets
from netlearn.errors import NetlearnError
from netlearn.network.bundled import names


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    given = argparse.Namespace()
    try:
        if sys.stdout is None:
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
    """The answer of a command that has one."""
    answer = given.answer(given)
    yield json.dumps(answer) if given.json else given.table(answer, given)


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="netlearn", description="What routers do when links and routers fail.", allow_abbrev=False)
    parser.set_defaults(texts=_one_text)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
    network = Parser(add_help=False, allow_abbrev=False)
    network.add_argument("network", metavar="NETWORK", help=f"a bundled network ({', '.join(names())}) or a file")
    failures = Parser(add_help=False, allow_abbrev=False)
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
        "--limit", metavar="N", type=count, default=100, help="list at most N paths (100); their count is exact anyway"
    )
    of_paths.set_defaults(answer=answer_paths, table=table_of_paths)

    of_routes = commands.add_parser(
        "routes", parents=[network, failures], help="every router's routes", allow_abbrev=False
    )
    of_routes.add_argument("--at", metavar="NODE", help="only the routes of this router or host")
    of_routes.set_defaults(answer=answer_routes, table=table_of_routes)

    of_converge = commands.add_parser(
        "converge", parents=[network, failures], help="what happens in time when something fails", allow_abbrev=False
    )
    add_options(of_converge)
    of_converge.set_defaults(answer=answer_converge, table=table_of_converge)

    of_sockets = commands.add_parser(
        "sockets", help="this machine's open doors, and who can reach each", allow_abbrev=False
    )
    _add_sockets_options(of_sockets)
    of_sockets.set_defaults(texts=texts_of_sockets)
    return parser
