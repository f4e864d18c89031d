"""What the explorer says."""

from collections.abc import Iterable

from netlearn.drawing.prose import failures_in_words, listed
from netlearn.figures.common.metrics import changes_in_words
from netlearn.figures.explorer.scene import Found, Scene
from netlearn.routing.forwarding import Hop
from netlearn.routing.packet import Flow, choice, flow_hash
from netlearn.routing.spf import NextHop

NOTE_LETTERS = 13  # more would not fit into the place that the layout keeps for a note


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away: who is tied, or which way is the only shortest."""
    if not found.count:
        return f"No way is left from {scene.source} to {scene.destination}"
    if scene.source == scene.destination:
        return f"{scene.source} is the destination itself: nothing leaves it"
    tied = [node for node in found.roots if len({*found.next_hops(node, scene.destination)}) > 1]
    tied = sorted({node for node, _, _ in found.carried}.intersection(tied))
    if len(tied) == 2:
        return f"{tied[0]} is tied, and so is {tied[1]}"
    if tied:
        return f"{listed(tied)} {'is' if len(tied) == 1 else 'are'} tied"
    between = found.paths[0][1:-1]
    return f"One shortest path: by {listed(between)}" if between else "They are neighbours: one hop"


def words(scene: Scene, found: Found) -> str:
    """The picture in words: paths, ties, failures, changed metrics."""
    sentences = [_paths_in_words(scene, found)]
    for node in dict.fromkeys(node for node, _, _ in found.carried):
        hops = names_of(found.next_hops(node, scene.destination))
        if len(hops) > 1:
            sentences.append(f"{node} shares the flows between {listed(hops)}.")
    sentences += failures_in_words(found.whole, scene.cut, scene.down)
    sentences += changes_in_words(found.whole, scene.metrics)
    return " ".join(sentences)


def flow_in_words(scene: Scene, found: Found) -> str:
    """Which way one flow goes, and at each tie where its hash fell."""
    if found.walk is None or found.flow is None:
        return f"Flow {scene.flow} has no end to go to."
    if not found.walk.hops:
        why = "it is there already" if scene.source == scene.destination else f"no route to {scene.destination}"
        return f"Flow {scene.flow} does not leave {found.walk.end}: {why}."
    choices = " ".join(_choice_in_words(hop, found.flow) for hop in found.walk.hops if hop.tied)
    why = choices or "No router on its way has a choice."
    return f"Flow {scene.flow} goes {' → '.join(found.walk.nodes)}. {why}"


def _paths_in_words(scene: Scene, found: Found) -> str:
    if not found.count:
        return f"{scene.source} cannot reach {scene.destination}."
    many = "1 shortest path" if found.count == 1 else f"{found.count:,} equally short paths"
    more = f"; and {found.count - len(found.paths):,} more" if found.count > len(found.paths) else ""
    return f"{many}, metric {found.metric}: {'; '.join(' → '.join(path) for path in found.paths)}{more}."


def _choice_in_words(hop: Hop, flow: Flow) -> str:
    """Where the flow's hash fell, as a number from 0 to 1, and which part belongs to whom (RFC 2992 2.1).

    All numbers are cut after two digits and none is rounded up, so that none is shown beyond the end of its part.
    """
    names = names_of(hop.route.next_hops)
    hashed = choice(flow_hash(flow, hop.node), 100) / 100
    ends = [100 * index // len(names) / 100 for index in range(len(names) + 1)]
    parts = (f"{name} takes {begin:.2f} to {end:.2f}" for name, begin, end in zip(names, ends, ends[1:], strict=False))
    taken = names[hop.route.next_hops.index(hop.taken)]
    return f"{hop.node} hashes it to {hashed:.2f}: {', '.join(parts)}, so it goes to {taken}."


def tie(names: list[str]) -> str:
    """The note beside a tied node: the next hops, or how many where their names do not fit."""
    note = f"tie: {', '.join(names)}"
    return note if len(note) <= NOTE_LETTERS else f"tie of {len(names)}"


def names_of(hops: Iterable[NextHop]) -> list[str]:
    """The next hops by name; parallel links to one neighbour are told apart."""
    hops = list(hops)
    several = {hop.node for hop in hops if sum(other.node == hop.node for other in hops) > 1}
    return [f"{hop.node} ({hop.link})" if hop.node in several else hop.node for hop in hops]
