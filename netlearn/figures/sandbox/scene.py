"""What the reader drew in the sandbox: the network itself, as plain rows, and what has failed in it.

The rows are a page's and a link's, so they are foreign: what they hold is checked here, and put together as a topology.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, ClassVar

from netlearn.convergence.timers import DETECTIONS
from netlearn.drawing.layout import MARGIN_X, MARGIN_Y, WIDTH, lay_out
from netlearn.drawing.sheet import stand_apart
from netlearn.errors import LONG_NAME, BadNetwork, NetlearnError, UnknownName, listed, shown
from netlearn.figures.common.scene import AnyScene, Names, single_failures
from netlearn.figures.player.scene import TIMERS
from netlearn.figures.sandbox.exercises import EXERCISES, Exercise
from netlearn.network.bundled import forum
from netlearn.network.parts import Failure, Link, LinkDown, Node, NodeDown
from netlearn.network.topology import Topology

NodeRow = tuple[str, str, int, int]
LinkRow = tuple[str, str, str, int, int]
Nodes = tuple[NodeRow, ...]  # name, kind, x, y
Links = tuple[LinkRow, ...]  # name, a, b, metric from a to b, metric back
MOST_NODES, MOST_LINKS = 200, 600
HIGHEST = 800  # units of a sheet, which is as wide
MOST_FULL = 48  # nodes; more are dots
DOT = 8.0  # units: half of one
# How high the sheet is for so many nodes. More of them have more room, and a phone shows them smaller.
HEIGHTS = {32: 366, MOST_FULL: 560, MOST_NODES: HIGHEST}
SHOWS = {
    "paths": "Shortest paths",
    "sweep": "What each failure would do",
    "catchments": "Who reaches which instance",
    "run": "What happens, in time",
}


def rows_of(topology: Topology) -> tuple[Nodes, Links]:
    """A network as rows, its nodes in the places that a drawing of it has, on the sheet; those that touch, apart.

    Raises `BadNetwork` if the sheet has no room for it.
    """
    if len(topology.nodes) > MOST_NODES or len(topology.links) > MOST_LINKS:
        raise BadNetwork(
            f"there is room for {MOST_NODES} nodes and {MOST_LINKS} links, and not for {len(topology.nodes):,} and "
            f"{len(topology.links):,}"
        )
    boxes = lay_out(topology, notes={}).nodes if topology.nodes else {}
    high, dot = height_for(len(boxes)), DOT if len(boxes) > MOST_FULL else None
    across = _scaled({name: box.x for name, box in boxes.items()}, WIDTH - 2 * MARGIN_X, MARGIN_X)
    down = _scaled({name: box.y for name, box in boxes.items()}, high - 2 * MARGIN_Y, MARGIN_Y)
    places = stand_apart(topology.nodes, {name: (across[name], down[name]) for name in boxes}, high, dot)
    at = {name: (round(x), round(y)) for name, (x, y) in places.items()}
    nodes = ((node.name, node.kind, *at[node.name]) for node in topology.nodes)
    links = ((link.name, link.a, link.b, link.metric, link.metric_back) for link in topology.links)
    return tuple(nodes), tuple(links)


def _scaled(places: Mapping[str, float], room: float, margin: float) -> dict[str, int]:
    """Places along one side of the sheet: in the middle of it, and squeezed if there is not enough room."""
    least, most = min(places.values(), default=0), max(places.values(), default=0)
    scale = min(1.0, room / (most - least or 1.0))
    indent = margin + (room - (most - least) * scale) / 2
    return {name: round(indent + (place - least) * scale) for name, place in places.items()}


def height_for(count: int) -> int:
    """How high the sheet is for so many nodes."""
    return next(high for most, high in HEIGHTS.items() if count <= most)


def _row(value: Any, name: str, kinds: tuple[type, ...], form: str) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple) or tuple(map(type, value)) != kinds:  # and a bool is no number
        raise NetlearnError(f"{name} is a list of {form}, and {shown(value)} is none of those")
    return tuple(value)


def _rows(kinds: tuple[type, ...], form: str) -> Callable[[Any, str], Any]:
    def read(value: Any, name: str) -> Any:
        if not isinstance(value, list | tuple):
            raise NetlearnError(f"{name} is a list of {form}, not {shown(value)}")
        return tuple(_row(each, name, kinds, form) for each in value)

    return read


FORUM_NODES, FORUM_LINKS = rows_of(forum())


@dataclass(frozen=True)
class Scene(AnyScene):
    """The network that the reader drew, what has failed in it, and what is shown of it.

    `nodes` and `links` are rows (`Nodes`, `Links`), whose places are units of the sheet, right and down. `source` and
    `destination` are names; an empty one is the first and the last host or, where there are no two hosts, node.
    `anycast` are the routers that have the address. `show` is one of `SHOWS`, and `exercise` what is asked of the
    network, by its name, if anything is. Of a run `detect` says how failures are noticed, `timers` how long routers
    wait, `lfa` whether they have alternates ready, and `repaired` whether all is repaired in the end. `asks` is what is
    asked of Python once and then forgotten: a network, which the page puts in the place of this one
    (`opening.opened`), `check`, whether the exercise is done, or for the text of a file (`view.SAVED`).
    """

    nodes: Nodes = FORUM_NODES
    links: Links = FORUM_LINKS
    cut: Names = ()
    down: Names = ()
    source: str = ""
    destination: str = ""
    anycast: Names = ()
    show: str = "paths"
    detect: str = "carrier"
    timers: str = "rfc"
    lfa: bool = False
    repaired: bool = False
    exercise: str = ""
    asks: str = ""

    reads: ClassVar[Mapping[Any, Callable[[Any, str], Any]]] = {
        Nodes: _rows((str, str, int, int), "[name, kind, x, y]"),
        Links: _rows((str, str, str, int, int), "[name, a, b, metric there, metric back]"),
    }

    def check(self) -> None:
        for what, rows, most in (("nodes", self.nodes, MOST_NODES), ("links", self.links, MOST_LINKS)):
            if len(rows) > most:
                raise NetlearnError(f"the sheet has room for {most} {what}, and not for {len(rows):,}")
            longest = LONG_NAME if rows is self.nodes else 2 * LONG_NAME + 9  # a link's joins two others
            for name, *_ in rows:
                if len(name) > longest:
                    raise NetlearnError(
                        f"a name in {what} has at most {longest} letters, and {shown(name)} has {len(name):,}"
                    )
        for name, _, x, y in self.nodes:
            if not (0 <= x <= WIDTH and 0 <= y <= HIGHEST):
                raise NetlearnError(f"{name} is to stand at {x}, {y}; the sheet is {WIDTH:.0f} wide and {HIGHEST} high")
        if self.show not in SHOWS:
            raise NetlearnError(f"what is shown is {' or '.join(SHOWS)}, not {shown(self.show)}")
        topology = self.topology
        topology.without(*self.failures)
        if self.detect not in DETECTIONS:
            raise NetlearnError(f"failures are noticed by {' or '.join(DETECTIONS)}, not by {shown(self.detect)}")
        if self.timers not in TIMERS:
            raise NetlearnError(f"timers are {' or '.join(TIMERS)}, not {shown(self.timers)}")
        for name in self.anycast:
            if (kind := topology.node(name).kind) != "router":
                raise BadNetwork(f"{name} is a {kind}; the anycast address stands on routers")
        if self.exercise:
            exercise_of(self.exercise)
        for name in filter(None, (self.source, self.destination)):
            if topology.node(name).kind == "lan":
                raise BadNetwork(f"{name} is a LAN; flows begin and end at routers and hosts")

    @property
    def topology(self) -> Topology:
        """The network before anything fails."""
        return _put_together(self.nodes, self.links)

    @property
    def failures(self) -> tuple[Failure, ...]:
        return (*map(LinkDown, self.cut), *map(NodeDown, self.down))

    @property
    def height(self) -> int:
        """How high the sheet is: as high as the number of nodes wants, and as the lowest of them stands."""
        lowest = max((y for _, _, _, y in self.nodes), default=0) + round(MARGIN_Y)
        return min(HIGHEST, max(height_for(len(self.nodes)), lowest))

    def ends(self) -> tuple[str, str] | None:
        """From where to where the flows go, in a network that has two nodes which could be that."""
        hosts = [name for name, kind, _, _ in self.nodes if kind == "host"]
        others = [name for name, kind, _, _ in self.nodes if kind != "lan"]
        possible = hosts if len(hosts) > 1 else others
        if len(others) < 2:
            return None
        return self.source or possible[0], self.destination or possible[-1]


@lru_cache(maxsize=32)
def _put_together(nodes: Nodes, links: Links) -> Topology:
    made = [Node(name, kind, x=x, y=y) for name, kind, x, y in nodes]  # type: ignore[arg-type]  # which it checks
    return Topology(made, [Link(a, b, there, back, name) for name, a, b, there, back in links])


def exercise_of(name: str) -> Exercise:
    """The exercise of that name, or `UnknownName`."""
    known = {each.name: each for each in EXERCISES}
    if name not in known:
        raise UnknownName(f"there is no exercise {shown(name)}; there are {listed(known)}")
    return known[name]


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: nothing failed yet, and every single failure of a small network."""
    yield replace(scene, cut=(), down=())
    yield Scene((), (), show=scene.show)  # cleared: nobody waits for Python to see an empty sheet
    yield from (replace(scene, **failed) for failed in single_failures(scene.topology))
