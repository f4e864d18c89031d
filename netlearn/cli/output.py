"""The one place where answers and complaints are escaped and reach a terminal."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from netlearn.errors import NetlearnError, one_line, printable

LUMP = 1 << 16  # letters


class NotWritten(NetlearnError):
    """An answer that standard output does not take."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the answer cannot be written: {why}")


class Styled(str):
    """Text with a terminal's codes for colours; everything else in it is escaped already."""


class Part(str):
    """A piece of a long line: no line ends behind it."""


class Pairs(NamedTuple):
    """An object of JSON whose values are made as they are written."""

    pairs: Iterable[tuple[str, Any]]


def counted(many: int, one: str) -> str:
    """`1 link`, `2,000 links`."""
    return f"{many:,} {one}{'' if many == 1 else 's'}"


def write(text: str) -> None:
    """Write an answer, of which each line can be printed. Raises `NotWritten`, or `BrokenPipeError`."""
    lines = text if isinstance(text, Styled) else "\n".join(map(printable, text.split("\n")))
    try:
        print(lines, end="" if isinstance(text, Part) else "\n", flush=True)
    except OSError as reason:
        # What is still buffered goes nowhere, so that Python does not try to write it again as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(reason, BrokenPipeError):
            raise
        raise NotWritten(reason.strerror or str(reason)) from None


def in_lumps(pieces: Iterable[str], between: str = "") -> Iterator[str]:
    """The pieces, as many together as are worth writing at once."""
    held, size = list[str](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > LUMP:
            yield between.join(held)
            held, size = [], 0
    if held:
        yield between.join(held)


def json_of(answer: Mapping[str, Any]) -> Iterator[str]:
    """An answer as JSON, piece by piece: `Pairs` and iterators in it are asked for one value at a time."""
    yield "{"
    for number, (key, value) in enumerate(answer.items()):
        yield f"{', ' if number else ''}{json.dumps(key)}: "
        if isinstance(value, Pairs):
            yield from _enclosed("{}", (f"{json.dumps(name)}: {json.dumps(each)}" for name, each in value.pairs))
        elif isinstance(value, Iterator):
            yield from _enclosed("[]", map(json.dumps, value))
        else:
            yield json.dumps(value)
    yield "}"


def _enclosed(brackets: str, pieces: Iterable[str]) -> Iterator[str]:
    yield brackets[0]
    for number, piece in enumerate(pieces):
        yield f", {piece}" if number else piece
    yield brackets[1]


def complain(message: str, status: int = 2) -> int:
    """Write what is wrong, on one line; the exit status. Where standard error is closed nobody hears it."""
    if sys.stderr is not None:
        print(f"netlearn: {one_line(message)}", file=sys.stderr)
    return status
