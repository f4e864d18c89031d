"""What the commands' arguments have in common: networks, failures, numbers."""

import argparse
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeAlias

from netlearn.errors import NetlearnError, shown
from netlearn.network.bundled import names, read
from netlearn.network.formats.table import Reading
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.real import COLLECTIONS, bundled_names
from netlearn.network.topology import Topology

Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # where each command adds its own parser


class BadArgument(NetlearnError):
    """An argument that the command cannot use."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one line, like all others here."""

    def error(self, message: str) -> NoReturn:
        raise BadArgument(f"{message} (try: {self.prog} --help)")

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """What was given for one argument; for `--` Python 3.11 gives an empty list, where one word was asked for."""
        values = super()._get_values(action, arg_strings)
        if action.nargs is None and isinstance(values, list):
            raise argparse.ArgumentError(action, "expected one argument")
        return values


def about_network(
    commands: Commands, name: str, words: str, answer: Callable[..., Any], table: Callable[..., str | Iterable[str]]
) -> Parser:
    """The parser of a command about a network of which something has failed; its answer is a table, or JSON.

    `answer` is given the network, its failures and the arguments, `table` the answer and the arguments; a large one is
    made of lines, one by one.
    """
    parser = commands.add_parser(name, help=words, allow_abbrev=False)
    add_network(parser)
    repeatable(parser, "--cut", "LINK", "a link that is cut: its name, or A-B for every link between A and B")
    repeatable(parser, "--down", "NODE", "a node that is down")
    parser.add_argument("--json", action="store_true", help="print one JSON value instead of a table")
    parser.set_defaults(answer=answer, table=table)
    return parser


def add_network(parser: Parser, name: str = "network", metavar: str = "NETWORK") -> None:
    """Add the argument that names a network, and the options that say how its file is read."""
    bundled, more = ", ".join([*names(), *bundled_names()]), ", ".join(f"{group}/NAME" for group in COLLECTIONS)
    parser.add_argument(name, metavar=metavar, help=f"a bundled network ({bundled}), one of topohub ({more}) or a file")
    key = "the key under which edges have their metric; 1/KEY for a capacity, 1 for metric 1 everywhere"
    parser.add_argument("--metric", metavar="KEY", help=key)
    parser.add_argument("--undirected", action="store_true", help="each edge of a directed file is both directions")


def repeatable(parser: Parser, option: str, metavar: str, words: str, kind: Callable[[str], Any] = str) -> None:
    """Add an option that may be given several times; without any, its value is an empty list."""
    help_ = f"{words}; may be repeated"
    parser.add_argument(option, metavar=metavar, type=kind, action="append", default=[], help=help_)


def count(text: str) -> int:
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{shown(text)} is not a whole number from 0 on")
    return int(text) if len(text) < 19 else sys.maxsize  # Python refuses to read a number of some thousand digits


def read_network(given: argparse.Namespace) -> Reading:
    """The network that was named, read as the options say."""
    return read(given.network, given.metric, given.undirected)


def failures_of(topology: Topology, given: argparse.Namespace) -> list[Failure]:
    cut: list[Failure] = [LinkDown(link.name) for words in given.cut for link in topology.find_links(words)]
    return cut + [NodeDown(topology.node(name).name) for name in given.down]
