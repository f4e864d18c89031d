"""What the reader set in the explorer, what follows from it, and how that is said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from netlearn.drawing.notes import NOTE_LETTERS
from netlearn.drawing.prose import failures_in_words, listed
from netlearn.errors import BadNetwork
from netlearn.figures.common.metrics import changes_in_words, with_metrics
from netlearn.figures.common.scene import AnyScene, Metrics, Names, single_failures
from netlearn.network.parts import Announcement, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import fibs_towards
from netlearn.routing.forwarding import Hop, Walk, flow_between, on_links, shares, walk
from netlearn.routing.packet import Flow, Packet, choice, flow_hash
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop, first_paths, path_count
from netlearn.routing.towards import routes_towards

LISTED_PATHS = 6  # more would not be read


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: the network, from where to where, what has failed, what metrics changed, which flow."""

    topology: Topology
    source: str
    destination: str
    cut: Names = ()
    down: Names = ()
    metrics: Metrics = ()
    flow: int = 1

    def whole(self) -> Topology:
        """The network with the reader's metrics, and everything in it up."""
        return with_metrics(self.topology, self.metrics)

    def check(self) -> None:
        whole = self.whole()
        for name in (self.source, self.destination):
            if whole.node(name).kind == "lan":
                raise BadNetwork(f"{name} is a LAN; flows begin and end at routers and hosts")
        whole.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))
        flow_between(whole.addressed(), self.source, self.destination, self.flow)


@dataclass(frozen=True, slots=True)
class Found:
    """What follows from a scene: every node's next hops, all shortest paths, what each link carries, one flow's way.

    `after` is what the failures left of `whole`, `routes` each node's to the destination, if it is up and knows a way.
    `carried` is the share of the flows that one node hands to another.
    """

    whole: Topology
    after: Topology
    count: int = 0
    metric: int | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    routes: dict[str, Route] = field(default_factory=dict)
    carried: dict[tuple[str, str, str], float] = field(default_factory=dict)
    flow: Flow | None = None
    walk: Walk | None = None

    def next_hops(self, node: str) -> tuple[NextHop, ...]:
        """Where the node hands over what is for the destination; nothing if it is down or knows no way."""
        return self.routes[node].next_hops if node in self.routes else ()

    def passing(self, node: str) -> float:
        """The share of the flows that the node hands on."""
        return sum(share for (start, _, _), share in self.carried.items() if start == node)

    def on_links(self) -> dict[tuple[str, str, str], float]:
        """The share of the flows on each link, as `carried` but with the way out of a LAN as a step of its own."""
        return on_links(self.after, self.carried)


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed."""
    whole = scene.whole()
    # Addresses come before failures: the death of a router elsewhere must not give the flow another hash.
    after = whole.addressed().without(*map(LinkDown, scene.cut), *map(NodeDown, scene.down))
    if not after.has_node(scene.destination):
        return Found(whole, after)
    own = after.node(scene.destination).address
    assert own is not None, "all but LANs are addressed"
    prefix = ip_network(own)
    routes = routes_towards(after, prefix, [Announcement(prefix, scene.destination)])
    if not after.has_node(scene.source):
        return Found(whole, after, routes=routes)
    flow = flow_between(after, scene.source, scene.destination, scene.flow)
    carried = shares(after, scene.source, scene.destination)
    return Found(
        whole,
        after,
        count=path_count(after, scene.source, scene.destination),
        metric=routes[scene.source].metric if scene.source in routes else None,
        paths=first_paths(after, scene.source, scene.destination, LISTED_PATHS),
        routes=routes,
        carried=carried,
        flow=flow,
        walk=walk(fibs_towards(after, flow.destination), Packet(flow), scene.source),
    )


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: the untouched network, what is predicted, and every single failure of a small network."""
    yield replace(scene, cut=(), down=(), metrics=(), flow=1)  # what Reset asks for
    if predicted:
        yield scene.changed(predicted)
    yield from (replace(scene, **failed) for failed in single_failures(scene.topology))


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away: who is tied, or which way is the only shortest."""
    if not found.count:
        return f"No way is left from {scene.source} to {scene.destination}"
    if scene.source == scene.destination:
        return f"{scene.source} is the destination itself: nothing leaves it"
    if tied := ties(found):
        return tied_in_words(tied)
    between = found.paths[0][1:-1]
    return f"One shortest path: via {listed(between)}" if between else "They are neighbours: one hop"


def ties(found: Found) -> list[str]:
    """The nodes on the ways that have more than one next hop."""
    return sorted({node for node, _, _ in found.carried if len(found.next_hops(node)) > 1})


def tied_in_words(tied: Sequence[str]) -> str:
    """Who is tied."""
    if len(tied) == 2:
        return f"{tied[0]} is tied, and so is {tied[1]}"
    return f"{listed(tied)} {'is' if len(tied) == 1 else 'are'} tied"


def words(scene: Scene, found: Found) -> str:
    """The picture in words: paths, ties, failures, changed metrics."""
    sentences = [_paths_in_words(scene, found)]
    for node in dict.fromkeys(node for node, _, _ in found.carried):
        hops = names_of(found.next_hops(node))
        if len(hops) > 1:
            sentences.append(f"{node} shares the flows between {listed(hops)}.")
    sentences += failures_in_words(found.whole, scene.cut, scene.down)
    sentences += changes_in_words(found.whole, scene.metrics)
    return " ".join(sentences)


def flow_in_words(scene: Scene, found: Found) -> str:
    """Which way one flow goes, and at each tie where its hash fell."""
    if found.walk is None or found.flow is None:
        down = [node for node in (scene.source, scene.destination) if node in scene.down]
        return f"Flow {scene.flow} goes nowhere: {listed(down)} {'is' if len(down) == 1 else 'are'} down."
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
