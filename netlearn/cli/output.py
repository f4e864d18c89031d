"""The one place where answers and complaints are escaped and reach a terminal."""

import os
import sys

from netlearn.errors import NetlearnError, one_line, printable


class NotWritten(NetlearnError):
    """An answer that standard output does not take."""

    def __init__(self, why: str) -> None:
        super().__init__(f"the answer cannot be written: {why}")


class Styled(str):
    """Text with a terminal's codes for colours; everything else in it is escaped already."""


def counted(many: int, one: str) -> str:
    """`1 link`, `2,000 links`."""
    return f"{many:,} {one}{'' if many == 1 else 's'}"


def write(text: str) -> None:
    """Write an answer, of which each line can be printed. Raises `NotWritten`, or `BrokenPipeError`."""
    lines = text if isinstance(text, Styled) else "\n".join(map(printable, text.split("\n")))
    try:
        print(lines, flush=True)
    except OSError as reason:
        # What is still buffered goes nowhere, so that Python does not try to write it again as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(reason, BrokenPipeError):
            raise
        raise NotWritten(reason.strerror or str(reason)) from None


def complain(message: str, status: int = 2) -> int:
    """Write what is wrong, on one line; the exit status. Where standard error is closed nobody hears it."""
    if sys.stderr is not None:
        print(f"netlearn: {one_line(message)}", file=sys.stderr)
    return status
