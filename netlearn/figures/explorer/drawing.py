"""What the explorer draws."""

from netlearn.drawing.markup import Element
from netlearn.drawing.network import Marks, draw
from netlearn.figures.explorer.scene import Found, Scene
from netlearn.figures.explorer.words import names_of, tie, words
from netlearn.routing.crossing import links_of


def drawing(scene: Scene, found: Found, live: bool) -> Element:
    """The network, with what failed, what carries the flows, where ties are, and the way of the chosen flow."""
    tied = {node: found.next_hops(node, scene.destination) for node, _, _ in found.carried}
    marks = Marks(
        cut=frozenset(scene.cut),
        down=frozenset(scene.down),
        shares=found.on_links(),
        next_hops={node: found.next_hops(node, scene.destination) for node in found.roots},
        notes={node: tie(names_of(hops)) for node, hops in tied.items() if len(hops) > 1},
        way=tuple(links_of(found.after, found.walk.hops if found.walk else ())),
    )
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network from {scene.source} to {scene.destination}. {keys}"
    return draw(found.whole, marks, live=live, label=label if live else words(scene, found))
