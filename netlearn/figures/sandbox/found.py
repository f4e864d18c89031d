"""What follows from what the reader drew, as the other figures find it, and how that is said."""

from dataclasses import dataclass, replace
from functools import lru_cache

from netlearn.convergence.event import At, Change, LinkUp, NodeUp
from netlearn.drawing.network import Marks
from netlearn.drawing.prose import listed
from netlearn.figures.anycast import scene as anycast
from netlearn.figures.anycast.drawing import marked as reaching
from netlearn.figures.explorer import scene as explorer
from netlearn.figures.player import scene as player
from netlearn.figures.player.view import marks as moment_marks
from netlearn.figures.run.story import Story
from netlearn.figures.sandbox.exercises import ADDRESS
from netlearn.figures.sandbox.scene import Scene
from netlearn.figures.what_if import scene as what_if
from netlearn.figures.what_if.heat import marked
from netlearn.network.spelling import parse_address
from netlearn.units import SECOND

MOST_NAMED = 4  # nodes in a headline; more are counted
MOST_STEPS = 30  # nodes in the paths that are told one by one; the other paths are counted
FIRST = (
    "Your sheet is empty. Write a name below, and press + Router. What you add next hangs on it: write Laptop, "
    "TV and press + Host. To go on from another node, press that one first."
)
NOBODY = "Nobody has the anycast address yet. Choose a router with Move, and give it to it."
MOST_RUNNING = 48  # nodes of a run, of which each moment is a picture: in a page as many take a second or two
TOO_MANY = (
    f"A run is shown of up to {MOST_RUNNING} nodes, for each moment of it is a picture; remove some, or show something "
    "else."
)
REPAIRED_US = 60 * SECOND  # after the failures, when even hellos have told of them
NOTHING_FAILS = "Nothing fails yet. Break a cable or a router, and play what happens then."
ALONE = "Add a second router or host: it hangs on the one that is chosen."


@dataclass(frozen=True)
class Run(player.Scene):
    """A run of the player's, at whose end what failed may be repaired."""

    repaired: bool = False

    def changes(self) -> list[At | Change]:
        back: tuple[Change, ...] = (*map(LinkUp, self.cut), *map(NodeUp, self.down)) if self.repaired else ()
        return [*super().changes(), *(At(REPAIRED_US, each) for each in back)]


@dataclass(frozen=True, slots=True)
class Found:
    """What is claimed, what is said, what is marked in the drawing, and of paths all that the explorer finds."""

    claim: str
    words: str
    marks: Marks
    paths: tuple[explorer.Scene, explorer.Found] | None = None
    weak: what_if.Found | None = None
    story: Story | None = None
    whom: tuple[anycast.Scene, anycast.Found] | None = None


@lru_cache(maxsize=32)
def find(scene: Scene) -> Found:
    """What is shown of a scene, computed."""
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down))
    if not scene.nodes:
        return Found("An empty sheet", FIRST, marks)
    ends = scene.ends()
    if ends is None:
        return Found("One alone reaches nobody", ALONE, marks)
    if scene.show == "run" and len(scene.nodes) > MOST_RUNNING:
        return Found("Too many for a run", TOO_MANY, marks)
    if scene.show == "run":
        return _run(scene, *ends)
    if scene.show == "catchments":
        return _catchments(scene, ends[0])
    return _weak(scene) if scene.show == "sweep" else _paths(scene, *ends)


def _paths(scene: Scene, source: str, destination: str) -> Found:
    asked = explorer.Scene(scene.topology, source, destination, scene.cut, scene.down)
    found = explorer.find(asked)
    marks = Marks(
        cut=frozenset(scene.cut),
        down=frozenset(scene.down),
        shares=found.on_links(),
        next_hops={node: route.next_hops for node, route in found.routes.items()},
        named=frozenset({source, destination}),
    )
    listed = found.paths[: max(1, MOST_STEPS // max(1, *map(len, found.paths), 1))]
    said = explorer.words(asked, replace(found, paths=listed))
    return Found(_claim(asked, found), said, marks, (asked, found))


def _claim(asked: explorer.Scene, found: explorer.Found) -> str:
    """Between whom the ways go, as the reader chose them, and who is tied, or which way is the only shortest."""
    ends = asked.source, asked.destination
    if not found.count or len({*ends}) == 1:
        return explorer.claim(asked, found)  # which names them
    if tied := explorer.ties(found):
        said = explorer.tied_in_words(tied) if len(tied) <= MOST_NAMED else f"{len(tied)} nodes are tied"
    elif between := found.paths[0][1:-1]:
        via = listed(between) if len(between) <= MOST_NAMED else f"{len(between)} nodes"
        said = f"one shortest path, via {via}"
    else:
        said = "they are neighbours, one hop"
    return f"{' to '.join(ends)}: {said}"


def _weak(scene: Scene) -> Found:
    found = what_if.find(asked := what_if.Scene(scene.topology, scene.cut, scene.down))
    plain = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down))
    marks = marked(scene.topology, found.next, plain)
    return Found(what_if.claim(asked, found), what_if.words(asked, found), marks, weak=found)


def _catchments(scene: Scene, source: str) -> Found:
    asked = anycast.Scene(
        scene.topology, source, parse_address(ADDRESS, "anycast"), scene.anycast, cut=scene.cut, down=scene.down
    )
    found = anycast.find(asked)
    hops = {node: route.next_hops for node, route in found.routes.items() if route}
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down), next_hops=hops)
    marks = reaching(found, marks, dict.fromkeys(scene.anycast, "serving"))
    said = anycast.words(asked, found) if scene.anycast else NOBODY
    return Found(anycast.claim(asked, found), said, marks, whom=(asked, found))


def _run(scene: Scene, source: str, destination: str) -> Found:
    asked = Run(
        scene.topology, source, destination, scene.cut, scene.down,
        detect=scene.detect, timers=scene.timers, lfa=scene.lfa, repaired=scene.repaired,
    )  # fmt: skip
    story = player.find(asked)
    said = player.words(asked, story) if scene.failures else NOTHING_FAILS
    # First what fails: the sheet shows the moment before, in which it is still whole.
    claim = ". ".join(filter(None, (player.befalls(asked), player.claim(story))))
    return Found(claim, said, moment_marks(story, story.moments[0].time_us), story=story)
