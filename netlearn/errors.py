"""What a reader can get wrong, by name.

Every message says who, what was given and what was possible, on one line that any terminal can show: what was given is
escaped and shortened here, for whoever catches it. What only we could cause is an `assert`, never one of these.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from reprlib import Repr

MOST = 1000  # letters of a message
LONG_NAME = 255  # letters of a name that a message still says whole


class _Short(Repr):
    """`repr` that is short, and has an answer for every value."""

    def repr_int(self, x: int, level: int) -> str:
        if abs(x) >= 10**40:
            return f"a number of about {x.bit_length() * 3 // 10} digits"  # past 4300 Python refuses to write it
        return repr(x)


_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = 60


class NetlearnError(ValueError):
    """Anything that a caller's input can cause. The message is one line of at most `MOST` letters that all print.

    >>> issubclass(UnknownName, NetlearnError), issubclass(NetlearnError, ValueError)
    (True, True)
    """

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message))


class BadNetwork(NetlearnError):
    """A network that cannot be: a metric out of range, a link to itself, a name used twice, a file that is not JSON.

    >>> Link("R1", "R1")
    Traceback (most recent call last):
    netlearn.errors.BadNetwork: link R1-R1 joins R1 to itself; a link has two different ends
    """


class BadQuiz(NetlearnError):
    """A quiz that cannot be: no right answer, an answer without feedback, a question that asks in the negative.

    >>> from netlearn.teaching import Questions
    >>> Questions("Ties", ())
    Traceback (most recent call last):
    netlearn.errors.BadQuiz: the quiz 'Ties' has no items
    """


class BadPrediction(NetlearnError):
    """A prediction that cannot be read: no question, nothing to choose from, an answer to which nothing is said.

    >>> from netlearn.teaching import predictions
    >>> predictions.from_json('{"predictions": [{}]}', "case-1")
    Traceback (most recent call last):
    netlearn.errors.BadPrediction: prediction 1 has no id; its keys are none
    """


class UnknownName(NetlearnError):
    """A node, link, bundled network, quiz or prediction that is not there.

    >>> forum().node("R9")
    Traceback (most recent call last):
    netlearn.errors.UnknownName: there is no node 'R9'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source
    """


class AmbiguousLink(NetlearnError):
    """Words that can mean different links.

    >>> links = Link("A", "B-C", name="one"), Link("A-B", "C", name="other")
    >>> Topology(map(Node, ("A", "B-C", "A-B", "C")), links).find_links("A-B-C")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    netlearn.errors.AmbiguousLink: 'A-B-C' can mean ...
    """


@contextmanager
def naming(file: object, absent: Callable[[], str], bad: type[NetlearnError] = NetlearnError) -> Iterator[None]:
    """What goes wrong while a file is read, as an error that names it: `absent` says that it is not there."""
    try:
        yield
    except FileNotFoundError:
        raise UnknownName(absent()) from None
    except OSError as reason:
        raise bad(f"{file} cannot be read: {reason.strerror or reason}") from None
    except UnicodeDecodeError:
        raise bad(f"{file} is not a text file in UTF-8") from None
    except NetlearnError as reason:
        raise type(reason)(f"{file}: {reason}") from None
    except ValueError as reason:  # a name that no file can have
        raise UnknownName(f"{str(file)!r} is no file's name: {reason}") from None


def printable(text: str) -> str:
    """The text with every character that a terminal would obey, or not show, written as its escape.

    That is what Python calls not printable: controls, what turns the direction of writing round, what has no width.
    """
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)


def one_line(text: str) -> str:
    """The text on one line that can be printed, without its middle if it is longer than `MOST`."""
    # Twice: to escape very long text takes long, and escapes make it longer again.
    return _shortened(printable(_shortened(text, MOST)), MOST)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most // 2 - 1]}…{text[-(most // 2 - 1) :]}"


def listed(names: Iterable[str], most: int = 12) -> str:
    """The names in order, for a message; past `most` of them their count."""
    ordered = [_shortened(name, LONG_NAME) for name in sorted(names)]
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return (", ".join(ordered[:most]) or "none") + more


def possible(known: Collection[str], given: object) -> str:
    """The names that there are, and the one that was nearly given."""
    return listed(known) + suggestion(given, known)


def shown(value: object) -> str:
    """The value as a message quotes it: on one line and not longer, however deep or long it is."""
    return _SHORT.repr(value).replace("\n", " ")


def check_whole(what: str, value: object, least: int = 0, most: int | None = None) -> None:
    """Refuse, as the value of `what`, what is no whole number from `least` to `most`, or with `None` of any size."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        upwards = "on" if most is None else f"to {most:,}"
        raise NetlearnError(f"{what} is a whole number from {least} {upwards}, not {shown(value)}")


def repeated(words: Iterable[str]) -> str | None:
    """The first that is there twice."""
    return next((word for word, times in Counter(words).items() if times > 1), None)


def suggestion(name: object, known: Iterable[str]) -> str:
    """`; did you mean R1?` for a name that is nearly a known one, else nothing."""
    if not isinstance(name, str) or len(name) > LONG_NAME:  # no slip of the pen; and to compare takes long
        return ""
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
