"""Who asks for the three addresses, what has failed, and who answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from netlearn.drawing.network import Arc
from netlearn.drawing.prose import listed
from netlearn.drawing.signs import Sign
from netlearn.errors import BadNetwork, NetlearnError, shown
from netlearn.errors import listed as named
from netlearn.figures.common.scene import AnyScene, Names
from netlearn.network.parts import Address, LinkDown, NodeDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.fib import Fib, converged_fibs
from netlearn.routing.forwarding import Outcome, Walk, on_links, spread, walk
from netlearn.routing.packet import Flow, Packet

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
        topology.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))

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
    """What follows from a scene: the network that is left, and the reply of each address."""

    after: Topology
    replies: Mapping[Sign, Reply]

    def answers(self) -> str:
        """A 1 or 0 for each of the three, in their order."""
        return "".join("1" if self.replies[sign].answers else "0" for sign in SIGNS)


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed from every node's table."""
    after = scene.topology.without(*map(LinkDown, scene.cut), *map(NodeDown, scene.down))
    if not after.has_node(scene.asker):
        return Found(after, {sign: Reply() for sign in SIGNS})
    fibs = converged_fibs(after)
    own = Walk(Outcome.DELIVERED, (), scene.asker)  # every machine delivers 127.0.0.0/8 to itself: RFC 1122 3.2.1.3(g)
    plate = _reply(after, fibs, scene.asker, scene.address)
    shared = _reply(after, fibs, scene.asker, scene.shared.network_address)
    return Found(after, {"lo": Reply(own, own, {scene.asker: 1.0}), "plate": plate, "shared": shared})


def _reply(topology: Topology, fibs: Mapping[str, Fib], asker: str, address: Address) -> Reply:
    source = topology.node(asker).address
    assert source is not None, asker
    there = walk(fibs, Packet(Flow(source, address)), asker)
    carried, ends = _shares(topology, fibs, asker, address)
    arrives = there.outcome is Outcome.DELIVERED
    back = walk(fibs, Packet(Flow(address, source, 80, 49152)), there.end) if arrives else None
    return Reply(there, back, ends, carried)


def _shares(
    topology: Topology, fibs: Mapping[str, Fib], asker: str, address: Address
) -> tuple[dict[Arc, float], dict[str, float]]:
    """The share of the flows on each link, and that of each node where they end, if every tie splits evenly."""
    routes = {node: route for node, fib in fibs.items() if (route := fib.lookup(address)) is not None}
    handed = spread(
        asker,
        lambda node: routes[node].next_hops if node in routes else (),
        lambda node: -routes[node].metric if node in routes else 1,  # the farthest hands on first
    )
    return on_links(topology, handed[0]), {node: share for node, share in handed[1].items() if node in routes}
