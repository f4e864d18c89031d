"""What follows from what the reader drew, as the other figures find it, and how that is said."""

from dataclasses import dataclass
from functools import lru_cache

from netlearn.drawing.network import Marks
from netlearn.figures.explorer import scene as explorer
from netlearn.figures.sandbox.scene import Scene
from netlearn.figures.what_if import scene as what_if
from netlearn.figures.what_if.heat import marked
from netlearn.figures.what_if.words import claim as worst

FIRST = "Your sheet is empty. Add a router or a host below it, or open a network."
SECOND = "Add a second router or host, and connect the two."


@dataclass(frozen=True, slots=True)
class Found:
    """What is claimed, what is said, what is marked in the drawing, and of paths all that the explorer finds."""

    claim: str
    words: str
    marks: Marks
    paths: tuple[explorer.Scene, explorer.Found] | None = None
    weak: what_if.Found | None = None


@lru_cache(maxsize=32)
def find(scene: Scene) -> Found:
    """What is shown of a scene, computed."""
    marks = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down))
    if not scene.nodes:
        return Found("An empty sheet", FIRST, marks)
    ends = scene.ends()
    if ends is None:
        return Found("One alone reaches nobody", SECOND, marks)
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
    return Found(explorer.claim(asked, found), explorer.words(asked, found), marks, (asked, found))


def _weak(scene: Scene) -> Found:
    found = what_if.find(asked := what_if.Scene(scene.topology, scene.cut, scene.down))
    plain = Marks(cut=frozenset(scene.cut), down=frozenset(scene.down))
    marks = marked(scene.topology, found.next, plain)
    return Found(worst(scene.topology, found.next), what_if.words(asked, found), marks, weak=found)
