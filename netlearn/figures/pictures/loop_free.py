"""The loop-free test as triangles: a neighbour may stand in if its way is shorter than the one that leads back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from netlearn.drawing.markup import Element
from netlearn.drawing.prose import listed
from netlearn.drawing.shapes import text
from netlearn.drawing.still import Picture
from netlearn.errors import NetlearnError
from netlearn.figures.pictures.boxes import aside, chip, node, panels, panels_high, straight
from netlearn.figures.pictures.frame import ACROSS, twice
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fib
from netlearn.routing.lfa import Alternate, alternates
from netlearn.routing.spf import shortest_paths

HIGH = 276.0  # of one triangle with its sum
MOST = 4


@dataclass(frozen=True, slots=True)
class Tested:
    """The inequality of RFC 5286 for one neighbour: `own` < `back` + `from_here`."""

    neighbour: str
    own: int
    back: int
    from_here: int
    holds: bool

    @property
    def sum(self) -> str:
        return f"{self.own} < {self.back} + {self.from_here}"


def loop_free(
    topology: Topology, router: str, destination: str, neighbours: Sequence[str] = (), caption: str = ""
) -> Picture:
    """For each of a router's neighbours (all routers unless given) the three distances of the loop-free test.

    The router has a single next hop to the destination, which is the one that is lost (RFC 5286 3.1, inequality 1).
    Raises `NetlearnError` where nobody could be asked.

    >>> loop_free(forum(), "R1", "End", ["R5"]).title
    'Without R2, R5 may not stand in (3 < 1 + 2 is false)'
    """
    address = topology.node(destination).address
    route = converged_fib(topology, router).lookup(address) if address else None
    if route is None or len(route.next_hops) != 1:
        raise NetlearnError(f"{router} needs one next hop to {destination} that can be lost")
    (lost,) = route.next_hops
    judged = {each.next_hop.node: each for each in alternates(topology, router, route.prefix, lost)}
    asked = [*neighbours] or [name for name in judged if name in topology.routers]
    if not asked or len(asked) > MOST or not {*asked} <= {*judged} & {*topology.routers}:
        able = listed(sorted({*judged} & {*topology.routers})) if judged else "nobody"
        raise NetlearnError(f"1 to {MOST} neighbours of {router} can be asked, of {able}; not {asked}")
    found = [_tested(topology, router, int(route.metric), judged[name]) for name in asked]
    title = f"Without {lost.node}, {listed(map(_verdict, found))}"
    words = " ".join(_in_words(each, router, destination) for each in found)
    high_lying, high_upright = panels_high(len(found), HIGH)

    def draw(wide: bool) -> Iterator[Element]:
        return panels(lambda place: _triangle(topology, router, destination, found[place]), len(found), wide, HIGH)

    return twice(draw, (high_lying, max(high_upright, ACROSS + 4)), title, words, caption)


def _tested(topology: Topology, router: str, from_here: int, judged: Alternate) -> Tested:
    name = judged.next_hop.node
    back = shortest_paths(topology, name).distance[router]
    return Tested(name, int(judged.metric), int(back), from_here, judged.loop_free)


def _verdict(each: Tested) -> str:
    if each.holds:
        return f"{each.neighbour} may stand in ({each.sum})"
    return f"{each.neighbour} may not stand in ({each.sum} is false)"


def _in_words(each: Tested, router: str, destination: str) -> str:
    ends = "It may stand in." if each.holds else "It may not: what is handed to it may come back."
    return (
        f"From {each.neighbour} to {destination} it is {each.own}. The way that leads back goes from {each.neighbour} "
        f"to {router}, {each.back}, and on to {destination}, {each.from_here}. {each.sum} is "
        f"{'true' if each.holds else 'false'}. {ends}"
    )


def _triangle(topology: Topology, router: str, destination: str, each: Tested) -> Iterator[Element]:
    """The neighbour above, the router and the destination below; each side is a shortest way, whatever it passes."""
    top, here, there = (168.0, 40.0), (60.0, 160.0), (276.0, 160.0)
    yield from straight(top, there, "nl-own-way", clear=34, head=True)
    yield from straight(*aside(top, here, 0), "nl-way-home", clear=32, head=True)
    yield from straight(here, there, "nl-way-home", clear=44, head=True)
    for name, place in ((each.neighbour, top), (router, here), (destination, there)):
        yield node(topology, name, *place)
    for (x, y), value, class_ in (
        (_middle(top, there), each.own, "nl-good"), (_middle(top, here), each.back, ""),
        (_middle(here, there), each.from_here, ""),
    ):  # fmt: skip
        yield chip(x, y, str(value), class_)
    yield text(168, 208, f"own way {each.own}, by {router} {each.back} + {each.from_here}", "nl-small")
    yield text(168, 230, f"{each.sum}{'' if each.holds else ' is false'}", "nl-strong")
    words = f"{each.neighbour} may stand in" if each.holds else f"{each.neighbour} may send it back"
    yield text(168, 252, words, "nl-good" if each.holds else "nl-bad")


def _middle(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
