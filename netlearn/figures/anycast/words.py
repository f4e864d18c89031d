"""What the anycast figure says."""

from collections.abc import Sequence
from fractions import Fraction

from netlearn.drawing.prose import failures_in_words, grouped, listed
from netlearn.figures.anycast.scene import CONNECTIONS, Found, Scene
from netlearn.figures.common.metrics import changes_in_words

NAMED = 3  # nodes that a title names; more are counted
STATES = {  # of the address on a router, where it does not serve
    "sick": "The service on {0} is dead, and {0} announces the address all the same.",
    "withdrawn": "{0} has the address and does not announce it.",
}


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away."""
    instances = found.catchments.instances
    if not instances:
        return f"Nobody announces {scene.address}, so nobody reaches it"
    if dead := [node for node in instances if node in scene.sick]:
        lured = [node for node, shares in found.catchments.shares.items() if {*dead} & {*shares} and node not in dead]
        whom = _counted(lured) if lured else "nobody"
        return f"{listed(dead)} {_plural(dead, 'goes', 'go')} on attracting {whom}, to a service that is dead"
    if lost := [node for node in found.catchments.shares if found.catchments.lost(node)]:
        return f"{_counted(lost)} {_plural(lost, 'reaches', 'reach')} no instance any more"
    if len(instances) == 1:
        return f"{instances[0]} alone announces it, and everybody goes there"
    border = found.catchments.border
    if scene.source in border:
        return f"What {scene.source} sends is divided: {shared(found.parts(scene.source))}"
    if border:
        return f"{_counted(border)} {_plural(border, 'stands', 'stand')} between instances; all others have one nearest"
    return "Everybody has one nearest instance"


def words(scene: Scene, found: Found) -> str:
    """The picture in words: who reaches whom, where flows are divided, what has failed."""
    sentences = []
    for instance in found.catchments.instances:
        area = [node for node in found.catchments.area(instance) if node != instance]
        sentences.append(f"{instance} gets all that {listed(area)} {_plural(area, 'sends', 'send')}." if area else "")
    divided = grouped((shared(found.parts(node)), node) for node in found.catchments.border)
    for ends, nodes in divided.items():
        sentences.append(f"What {listed(nodes)} {_plural(nodes, 'sends', 'send')} is divided: {ends}.")
    if lost := [node for node in found.catchments.shares if found.catchments.lost(node) == 1]:
        sentences.append(f"{listed(lost)} {_plural(lost, 'reaches', 'reach')} nobody.")
    sentences.append(connections_in_words(scene, found))
    sentences += [STATES.get(scene.state(router), "").format(router) for router in scene.holders]
    sentences += failures_in_words(scene.topology, scene.cut, scene.down)
    sentences += changes_in_words(scene.topology, scene.metrics)
    return " ".join(filter(None, sentences))


def connections_in_words(scene: Scene, found: Found) -> str:
    """Where new connections of the source end."""
    names = sorted(name for name in found.connections if name is not None)
    where = {name: f"{name}, where nobody serves" if name in scene.sick else name for name in names}
    ends = [f"{found.connections[name]} reach {where[name]}" for name in names]
    if found.connections.get(None):
        ends.append(f"{found.connections[None]} reach nobody")
    return f"Of {CONNECTIONS} new connections from {scene.source}, {listed(ends)}."


def shared(parts: Sequence[tuple[str, Fraction]]) -> str:
    """`75% to R4 and 25% to R7`."""
    return listed(f"{float(part):.0%} to {instance or 'nobody'}" for instance, part in parts)


def _counted(nodes: Sequence[str]) -> str:
    return listed(nodes) if len(nodes) <= NAMED else f"{len(nodes)} nodes"


def _plural(nodes: Sequence[str], one: str, several: str) -> str:
    return one if len(nodes) == 1 else several
