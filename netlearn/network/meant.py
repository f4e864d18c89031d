"""Which links words mean that are no link's name: pairs of nodes, joined by a hyphen, whose names hold hyphens too."""

from collections.abc import Callable, Iterator, Mapping

from netlearn.errors import AmbiguousLink, UnknownName, listed
from netlearn.network.parts import Link

Links = tuple[Link, ...]
Between = Callable[[str, str], Links]


def meant(words: str, names: Mapping[str, str], links: Mapping[str, Link], between: Between) -> Links:
    """Every link between A and B for `A-B`, one of them for `A-B#2`; none if the words are of another kind.

    `names` has the name of a node by its name and by its id. Raises `AmbiguousLink` when two pairs of nodes that have
    links can be meant, `UnknownName` when it is plain which node is meant, and it has no such link.
    """
    found = _between(words, names, between) or _numbered(words, names, links)
    if len(found) > 1:
        pairs = (f"{each[0].a} and {each[0].b} ({listed(link.name for link in each)})" for each in found)
        either = " or ".join(f"every link between {pair}" for pair in pairs)
        raise AmbiguousLink(f"{words!r} can mean {either}; give the links names of their own")
    if not found:
        _refuse(words, names, links)
    return found[0] if found else ()


def _between(words: str, names: Mapping[str, str], between: Between) -> list[Links]:
    pairs = {frozenset((names[a], names[b])): (a, b) for a, b in _split(words) if a in names and b in names}
    return [links for a, b in pairs.values() if (links := between(a, b))]


def _numbered(words: str, names: Mapping[str, str], links: Mapping[str, Link]) -> list[Links]:
    """The link named `A-B#2` for `B-A#2`, or by the ids of its ends."""
    pair, _, number = words.rpartition("#")
    ends = [(names[a], names[b]) for a, b in _split(pair) if a in names and b in names]
    turned = {f"{a}-{b}#{number}" for each in ends for a, b in (each, each[::-1])}
    return [(links[name],) for name in sorted(turned) if name in links]


def _refuse(words: str, names: Mapping[str, str], links: Mapping[str, Link]) -> None:
    """Raise `UnknownName` if the words begin with a node, which has no link as the rest has it."""
    for a, b in _split(words):
        if b and a in names:
            own = names[a]
            neighbours = listed({link.other(own) for link in links.values() if own in link.ends})
            missing = "" if b in names else f", and there is no node {b}"
            raise UnknownName(f"{a} has no link to {b}{missing}; its links go to {neighbours}")


def _split(words: str) -> Iterator[tuple[str, str]]:
    """What stands before and after each hyphen."""
    return ((words[:at], words[at + 1 :]) for at, letter in enumerate(words) if letter == "-")
