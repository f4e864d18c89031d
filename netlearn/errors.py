"""What a reader can get wrong, by name.

Every message says who, what was given and what was possible; the command line prints it as one line. What only we could
cause is an `assert`, never one of these.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from reprlib import Repr

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 60


class NetlearnError(ValueError):
    """Anything that a caller's input can cause."""


class BadNetwork(NetlearnError):
    """A network that cannot be: a metric out of range, a link to itself, a name used twice, a file that is not JSON."""


class BadQuiz(NetlearnError):
    """A quiz that cannot be: no right answer, an answer without feedback, a question that asks in the negative."""


class UnknownName(NetlearnError):
    """A node, link, bundled network or quiz that is not there."""


class AmbiguousLink(NetlearnError):
    """Words that name a link in two ways."""


def listed(names: Iterable[str], most: int = 12) -> str:
    """The names in order, for a message; past `most` of them their count."""
    ordered = sorted(names)
    if not ordered:
        return "none"
    if len(ordered) > most:
        return ", ".join(ordered[:most]) + f" and {len(ordered) - most} more"
    return ", ".join(ordered)


def shown(value: object) -> str:
    """The value as a message quotes it: on one line and not longer, however deep or long it is."""
    if isinstance(value, int) and abs(value) >= 10**40:
        return f"a number of about {value.bit_length() * 3 // 10} digits"  # past 4300 Python refuses to write it
    return _SHORT.repr(value).replace("\n", " ")


def suggestion(name: str, known: Iterable[str]) -> str:
    """`; did you mean R1?` for a name that is nearly a known one, else nothing."""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
