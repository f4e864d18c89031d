"""What every question to the system needs: here alone names become text, and refusals notes."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

Answer = TypeVar("Answer")


def text(name: bytes | str) -> str:
    """The name of a process, an interface or a Unix socket, which for Linux is bytes in no encoding.

    What is not UTF-8 stands there as its escape. Controls stay: `printable` escapes them where the name is shown.
    """
    return (os.fsencode(name) if isinstance(name, str) else name).decode("utf-8", "backslashreplace")


class Notes(list[str]):
    """What the system would not tell, a sentence for each question that it refused."""

    def asked(self, what: str, ask: Callable[[], Answer], instead: Answer) -> Answer:
        """The answer, or `instead` where the system refuses the question; then a note says so."""
        try:
            return ask()
        except refusals() as reason:
            self.refused(what, reason)
            return instead

    def refused(self, what: str, reason: Exception) -> None:
        """Note it, once for all questions of a kind."""
        if not any(note.startswith(f"{what} ") for note in self):
            self.append(f"{what} cannot be asked for here: {why(reason)}.")


def refusals() -> tuple[type[Exception], ...]:
    """The errors by which the system, or psutil for it, refuses a question."""
    psutil = find_psutil()
    return OSError, RuntimeError, UnicodeError, *([psutil.Error] if psutil else [])


def why(reason: Exception) -> str:
    """The reason in the system's words, with the file that it is about."""
    if isinstance(reason, OSError) and reason.strerror:
        return ": ".join(map(text, filter(None, (reason.filename, reason.strerror))))
    return str(reason) or type(reason).__name__


def find_psutil() -> Any:
    """psutil, or `None` where it is not installed."""
    try:
        import psutil
    except ImportError:
        return None
    return psutil
