"""The two halves of a link: each end announces its own, and where one is missing the link is not used."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netlearn.convergence.lsdb import Adjacency, Lsdb
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import ends_label, listed
from netlearn.drawing.shapes import cross, rect, text
from netlearn.drawing.still import Picture
from netlearn.errors import UnknownName
from netlearn.figures.pictures.along import label
from netlearn.figures.pictures.frame import twice

MOST = 2


@dataclass(frozen=True, slots=True)
class Halves:
    """A pair of nodes, whether each names the other in its LSA, and whether the map has a link between them."""

    ends: tuple[str, str]
    named: tuple[bool, bool]
    used: bool


def halves(lsdb: Lsdb, a: str, b: str) -> Halves:
    """What the LSDB holds of the link between two nodes; a node of which it holds no LSA names nobody.

    >>> from netlearn.convergence.lsdb import converged_lsdb
    >>> halves(converged_lsdb(forum()), "R1", "R2").used
    True
    """
    named = tuple(any(to.neighbour == there for to in _said(lsdb, here)) for here, there in ((a, b), (b, a)))
    believed = lsdb.topology()
    known = {node.name for node in believed.nodes}
    return Halves((a, b), (named[0], named[1]), {a, b} <= known and bool(believed.links_between(a, b)))


def _said(lsdb: Lsdb, origin: str) -> tuple[Adjacency, ...]:
    lsa = lsdb.get(origin)
    return lsa.adjacencies if lsa else ()


def half_links(lsdb: Lsdb, pairs: Sequence[tuple[str, str]], caption: str = "") -> Picture:
    """For each pair of nodes (one or two) what their LSAs say of each other, and whether that makes a link.

    A link is used only if both of its ends announce it (RFC 2328 16.1, step 2b). Raises `UnknownName` for a pair of
    which neither names the other.

    >>> trace = simulate(forum(), CASE_2)
    >>> half_links(trace.lsdb("R3", trace.end_us), [("R3", "R4"), ("R1", "R2")]).title
    'R2 still names R1, but R1 does not name R2: half a link is none'
    """
    found = [halves(lsdb, *pair) for pair in pairs]
    for each in found:
        if not any(each.named):
            raise UnknownName(f"{each.ends[0]} and {each.ends[1]} do not name each other: not even half a link")
    if not 0 < len(found) <= MOST:
        raise UnknownName(f"the picture shows 1 or {MOST} pairs of nodes, not {len(found)}")
    words = " ".join(map(_in_words, found))
    lone = [each for each in found if not all(each.named)]
    title = f"{listed(map(_lone, lone))}: half a link is none" if lone else "Both ends name each other: that is a link"
    high = 116 * len(found) - 4
    return twice(lambda wide: _drawn(found, wide), (high, 400), title, words, caption)


def _lone(each: Halves) -> str:
    (here, there) = each.ends if each.named[0] else each.ends[::-1]
    return f"{here} still names {there}, but {there} does not name {here}"


def _in_words(each: Halves) -> str:
    a, b = each.ends
    says = [f"{here}'s note {'names' if named else 'does not name'} {there}" for here, there, named in _sides(each)]
    return f"The link {ends_label(a, b)}: {listed(says)}, so it is {'used' if each.used else 'not used'}."


def _sides(each: Halves) -> tuple[tuple[str, str, bool], tuple[str, str, bool]]:
    a, b = each.ends
    return (a, b, each.named[0]), (b, a, each.named[1])


def _drawn(found: Sequence[Halves], wide: bool) -> Iterator[Element]:
    """Two notes for each link, and between them the halves that they announce."""
    for place, each in enumerate(found):
        if wide:
            y = 54 + 116 * place
            yield from _link(each, [(112, y), (608, y)], [(212, y), (508, y)])
        else:
            x = 88 + 160 * place if len(found) > 1 else 168
            yield from _link(each, [(x, 58), (x, 342)], [(x, 100), (x, 300)])


def _link(each: Halves, notes: list[tuple[int, int]], ends: list[tuple[int, int]]) -> Iterator[Element]:
    (start, end), joined = ends, all(each.named)
    middle = (start[0] + end[0]) // 2, (start[1] + end[1]) // 2
    for named, (x, y) in zip(each.named, ends, strict=True):
        class_ = "nl-half" if joined else "nl-half nl-lone" if named else "nl-half nl-missing"
        yield element("path", d=f"M{x} {y}L{middle[0]} {middle[1]}", class_=class_)
    for (x, y), (here, there, named) in zip(notes, _sides(each), strict=True):
        wide = 200 if start[1] == end[1] else 152
        yield rect(x, y, wide, 84 if wide == 152 else 78, 6, "nl-paper")
        yield text(x, y - 18, f"{here}’s note", "nl-strong")
        words, class_ = (f"names {there}", "nl-small") if named else (f"{there} is missing", "nl-small nl-bad")
        yield text(x, y + 14, words, class_)
    x, y = middle
    if each.used:
        yield element("circle", cx=x, cy=y, r=8, class_="nl-joint")
        yield from label(x, y + 28, "a link", "nl-good")
    else:
        yield element("path", d=cross(x, y, 9), class_="nl-gap-mark")
        yield from label(x, y + 28, "not used", "nl-bad")
