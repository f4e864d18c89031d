"""Who asks for the three addresses, what has failed, and who answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from netlearn.drawing.network import Arc
from netlearn.drawing.prose import link_label, listed
from netlearn.drawing.signs import Sign
from netlearn.errors import BadNetwork, NetlearnError, shown
from netlearn.errors import listed as named
from netlearn.figures.common.scene import AnyScene, Names
from netlearn.network.parts import Address, LinkDown, NodeDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.fib import Fib, fibs_towards
from netlearn.routing.forwarding import Outcome, Walk, flow_to, on_links, spread, walk
from netlearn.routing.packet import Packet

LO = "127.0.0.1"
SIGNS: tuple[Sign, ...] = ("lo", "plate", "shared")
STEPS = (*SIGNS, "break")  # the three one by one, then all of them, to be broken


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: who asks for the three addresses, what has failed, and which of the three is looked at."""

    topology: Topology
    router: str
    shared: Prefix
    asker: str = ""
    cut: Names = ()
    down: Names = ()
    step: str = "lo"

    def check(self) -> None:
        topology = self.topology
        if topology.node(self.router).address is None:
            raise BadNetwork(f"{self.router} has no address; a router's loopback is the address of its node")
        if self.router not in topology.routers:
            raise BadNetwork(f"{self.router} is no router; the routers are {named(topology.routers)}")
        if len(self.holders) < 2:
            who = listed(self.holders) if self.holders else "nobody"
            raise BadNetwork(f"{self.shared} is announced by {who}; an anycast address is announced by two or more")
        if topology.node(self.asker).address is None:
            raise BadNetwork(f"{self.asker} has no address to ask from")
        if self.step not in STEPS:
            raise NetlearnError(f"the step is {' or '.join(STEPS)}, not {shown(self.step)}")
        self.after()

    def after(self) -> Topology:
        """The network that is left."""
        return self.topology.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))

    @property
    def address(self) -> Address:
        """The router's own address."""
        address = self.topology.node(self.router).address
        assert address is not None, self.router
        return address

    @property
    def holders(self) -> tuple[str, ...]:
        """The routers that have the shared address."""
        return tuple(given.node for given in self.topology.announcements if given.prefix == self.shared)

    @property
    def askers(self) -> list[str]:
        """Who has an address to ask from."""
        return [node.name for node in self.topology.nodes if node.address is not None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question to one address: who answers it, over which way, and what of all flows goes where.

    `ends` is the share of the flows that each node gets, `carried` the share on each link; `walk` is the way of one
    flow there, `back` the way of its answer. `answers` holds when both arrive.
    """

    walk: Walk | None = None
    back: Walk | None = None
    ends: Mapping[str, float] = field(default_factory=dict)
    carried: Mapping[Arc, float] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        return all(way is not None and way.outcome is Outcome.DELIVERED for way in (self.walk, self.back))


@dataclass(frozen=True, slots=True)
class Found:
    """What follows from a scene: the network that is left, and the reply of each address, by its sign."""

    after: Topology
    replies: Mapping[str, Reply]

    def answers(self) -> str:
        """A 1 or 0 for each of the three, in their order."""
        return "".join("1" if self.replies[sign].answers else "0" for sign in SIGNS)


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed from what every node's table says of these addresses."""
    after = scene.after()
    if not after.has_node(scene.asker):
        return Found(after, {sign: Reply() for sign in SIGNS})
    home = after.node(scene.asker).address
    assert home is not None, scene.asker
    fibs = fibs_towards(after, scene.address, scene.shared.network_address, home)
    own = Walk(Outcome.DELIVERED, (), scene.asker)  # every machine delivers 127.0.0.0/8 to itself: RFC 1122 3.2.1.3(g)
    plate = _reply(after, fibs, scene.asker, scene.address)
    shared = _reply(after, fibs, scene.asker, scene.shared.network_address)
    return Found(after, {"lo": Reply(own, own, {scene.asker: 1.0}), "plate": plate, "shared": shared})


def _reply(topology: Topology, fibs: Mapping[str, Fib], asker: str, address: Address) -> Reply:
    """The same for one address; if there are several ways, every tie splits the flows evenly."""
    flow = flow_to(topology, asker, address)
    there = walk(fibs, Packet(flow), asker)
    back = walk(fibs, Packet(flow.reverse()), there.end) if there.outcome is Outcome.DELIVERED else None
    routes = {node: route for node, fib in fibs.items() if (route := fib.lookup(address)) is not None}
    handed, ends = spread(
        asker,
        lambda node: routes[node].next_hops if node in routes else (),
        lambda node: -routes[node].metric if node in routes else 1,  # the farthest hands on first
    )
    arrived = {node: share for node, share in ends.items() if node in routes}
    return Reply(there, back, arrived, on_links(topology, handed))


def trials_of(scene: Scene) -> dict[str, Scene]:
    """Failures to predict, which tell the three apart: each in words, with the scene that it makes.

    They lie on the ways that the questions take while nothing has failed.
    """
    whole = replace(scene, cut=(), down=(), step="lo")
    topology, router, asker, holders = scene.topology, scene.router, scene.asker, scene.holders
    to_router, to_nearest = (find(whole).replies[sign].walk for sign in SIGNS[1:])
    assert to_router is not None
    assert to_nearest is not None
    around, near = ([arc.link for arc in topology.arcs(end)] for end in (router, asker))
    labels = {link.name: link_label(link) for link in topology.links}
    own = f"{asker}'s own cable {labels[near[0]]}" if len(near) == 1 else f"Every cable of {asker}"
    failures: dict[str, dict[str, Any]] = {
        **{f"The cable {labels[link]} is cut": {"cut": [link]} for link in to_router.links[-1:]},
        f"{router} goes down": {"down": [router]},
        **({f"{to_nearest.end} goes down": {"down": [to_nearest.end]}} if to_nearest.hops else {}),
        f"{listed(holders)} go down": {"down": holders},
        f"Every cable of {router} is cut": {"cut": around},
        f"{own} is cut": {"cut": near},
    }
    return {words: replace(whole, **failed) for words, failed in failures.items()}


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: at each step every asker, every failure to predict and every single failure."""
    trials = trials_of(scene)
    for step in STEPS:
        here = replace(scene, step=step, cut=(), down=())
        yield from (replace(here, asker=name) for name in scene.askers)
        yield from (replace(failed, step=step) for failed in trials.values())
        yield from (replace(here, cut=(link.name,)) for link in scene.topology.links)
        yield from (replace(here, down=(router,)) for router in scene.topology.routers)
