"""The network at a moment of the run."""

from collections import Counter

from netlearn.drawing.markup import Element
from netlearn.drawing.network import Marks, draw
from netlearn.figures.player.scene import Scene
from netlearn.figures.player.words import words
from netlearn.figures.run.moving import over, under
from netlearn.figures.run.story import FLOWS, Story, next_hops, stale_hops
from netlearn.routing.forwarding import Outcome


def network(scene: Scene, story: Story, at_us: int, live: bool) -> Element:
    """The drawing of the network at one moment."""
    keys = "Arrow keys move between links and routers. Enter cuts or mends a link, and shows what a router believes."
    label = f"Network from {scene.source} to {scene.destination}. {keys}"
    label = label if live else words(scene, story)
    ways, moving = under(story, at_us), over(story, at_us)
    return draw(story.trace.topology, marks(story, at_us), live=live, label=label, under=ways, over=moving)


def marks(story: Story, at_us: int) -> Marks:
    """What fails, what carries flows, where everybody hands over, and what of that is out of date."""
    cut, down = story.failed(at_us)
    hops = story.hops(at_us)
    walks = story.walks(at_us)
    steps = Counter(
        step for walk in walks for step in {(hop.node, hop.taken.node, hop.taken.link) for hop in walk.hops}
    )
    lost = [walk for walk in walks if walk.outcome is not Outcome.DELIVERED]
    losses = Counter(walk.hops[-1].node if walk.outcome is Outcome.LINK_DOWN else walk.end for walk in lost)
    right = {node: next_hops(story.true_route(node, at_us)) for node in hops}
    notes = {node: f"loses {count} of {FLOWS}" for node, count in losses.items()}
    return Marks(
        cut=cut,
        down=down,
        shares={step: count / FLOWS for step, count in steps.items()},
        next_hops=hops,
        notes=notes,
        stale=stale_hops(hops, right),
        alarms=frozenset(notes),
        asked=story.trace.topology.hosts,
    )
