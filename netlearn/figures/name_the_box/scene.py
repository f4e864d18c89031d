"""What the reader set, and what becomes of a packet for each of the router's addresses."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from ipaddress import IPv4Network
from itertools import combinations, islice, takewhile
from typing import Any

from netlearn.convergence.event import At
from netlearn.convergence.session import HoldTimers, Session, keep_session
from netlearn.convergence.simulation import simulate
from netlearn.errors import BadNetwork
from netlearn.figures.common.scene import AnyScene, Names
from netlearn.network.parts import Address, LinkDown, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.forwarding import Outcome, Walk, flow_to, gets_across, walk
from netlearn.routing.interfaces import Interfaces, interfaces, tables
from netlearn.routing.packet import Packet

HOLD = HoldTimers.frr()
MOST_SUBSETS = 6  # cables of the router; with more, only single cuts are recorded


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: whose addresses, with whom it keeps sessions, who asks, what has failed and how, and when.

    `peer` is empty where no sessions are shown. `cut` are cables whose carrier is lost, `silent` those that fail
    without a sign. `settled` looks once all tables fit again, otherwise right after the failure.
    """

    topology: Topology
    router: str
    peer: str
    asker: str = ""
    cut: Names = ()
    silent: Names = ()
    down: Names = ()
    settled: bool = True

    def check(self) -> None:
        for name in (self.router, *filter(None, [self.peer]), self.asker):
            if self.topology.node(name).kind == "lan":
                raise BadNetwork(f"{name} is a LAN and has no address of its own")
        if self.topology.node(self.router).kind != "router":
            raise BadNetwork(f"{self.router} is a host; the addresses shown are a router's")
        if self.peer and not self._beside():
            raise BadNetwork(f"{self.peer} is no router beside {self.router}; sessions are shown between neighbours")
        self.topology.without(*self.failures(), *self.unseen())

    def _beside(self) -> bool:
        """Whether the peer is a router at the other end of one of the router's own cables."""
        linked = self.topology.links_between(self.router, self.peer)
        return bool(linked) and self.topology.node(self.peer).kind == "router"

    @property
    def askers(self) -> list[str]:
        """Everybody else who can ask."""
        return [node.name for node in self.topology.nodes if node.kind != "lan" and node.name != self.router]

    def failures(self) -> list[LinkDown | NodeDown]:
        """What is noticed by its carrier."""
        return [*map(LinkDown, self.cut), *map(NodeDown, self.down)]

    def unseen(self) -> list[LinkDown]:
        """What shows no sign."""
        return [LinkDown(link) for link in sorted({*self.silent} - {*self.cut})]


def named(topology: Topology) -> Topology:
    """The network with an address for everybody: routers from 192.0.2.0/24, hosts from 203.0.113.0/24."""
    taken = {node.address for node in topology.nodes}

    def free(prefix: str, first: int) -> Iterator[Address]:
        return (each for each in islice(IPv4Network(prefix).hosts(), first - 1, None) if each not in taken)

    left = {"router": free("192.0.2.0/24", 1), "host": free("203.0.113.0/24", 10), "lan": iter(())}
    nodes = (replace(node, address=node.address or next(left[node.kind], None)) for node in topology.nodes)
    return replace(topology, nodes=tuple(nodes)).addressed()


def neighbour(topology: Topology, router: str) -> str:
    """The first router at the other end of one of the router's own cables. Raises `BadNetwork` if there is none."""
    for arc in topology.arcs(router):
        if arc.neighbour in topology.routers:
            return arc.neighbour
    raise BadNetwork(f"{router} has no cable to another router; a session of its own needs one")


@dataclass(frozen=True, slots=True)
class PortReply:
    """What becomes of a packet for one of the router's addresses; `link` is empty for its loopback address."""

    link: str
    address: Address
    way: Walk  # one that ends on a dead cable has that as its last hop

    @property
    def state(self) -> str:
        """`answers`, `lost` (on a dead cable, or going round) or `gone` (nobody knows a way)."""
        return {Outcome.DELIVERED: "answers", Outcome.NO_ROUTE: "gone"}.get(self.way.outcome, "lost")

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that holds the packet."""
        return self.way.nodes[:-1] if self.way.outcome is Outcome.LINK_DOWN else self.way.nodes


@lru_cache(maxsize=128)
def find(scene: Scene) -> tuple[PortReply, ...]:
    """What becomes of a packet for each address of the router, its loopback address first."""
    given = interfaces(scene.topology)
    own = scene.topology.node(scene.router).address
    assert own is not None, scene.router
    asked = [("", own), *((end.link, end.address) for end in given.of(scene.router))]
    if scene.asker in scene.down:
        return tuple(PortReply(*whose, Walk(Outcome.NO_ROUTE, (), scene.asker)) for whose in asked)
    return tuple(_reply(scene, given, link, address) for link, address in asked)


def _reply(scene: Scene, given: Interfaces, link: str, address: Address) -> PortReply:
    """The same for one address: by the tables of the chosen moment, until it is handed to a dead cable."""
    failures, unseen = scene.failures(), scene.unseen()
    fibs = tables(given, address, failures, unseen) if scene.settled else tables(given, address)
    left = scene.topology.without(*failures, *unseen)
    found = walk(fibs, Packet(flow_to(scene.topology, scene.asker, address)), scene.asker)
    passed = tuple(takewhile(lambda hop: gets_across(scene.topology, hop.node, hop.taken, left.has_link), found.hops))
    if passed != found.hops:
        dead = found.hops[len(passed)]
        found = Walk(Outcome.LINK_DOWN, (*passed, dead), dead.node)
    return PortReply(link, address, found)


@lru_cache(maxsize=128)
def sessions(scene: Scene) -> Mapping[str, Session]:
    """What becomes of two sessions of the router with its peer when it all fails at once; without a peer there is none.

    That between the ends of their cable has the cable's name, that between loopback addresses none.
    """
    if not scene.peer:
        return {}
    changes = [At(0, failure) for failure in scene.failures()]
    changes += [At(0, failure, silent=True) for failure in scene.unseen()]
    trace = simulate(scene.topology, changes, interfaces=interfaces(scene.topology))
    cable = scene.topology.links_between(scene.router, scene.peer)[0].name
    return {link: keep_session(trace, scene.peer, scene.router, link or None, timers=HOLD) for link in ("", cable)}


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: every set of cuts at the router, silent ones, all other single failures, every asker."""
    topology = scene.topology
    whole = replace(scene, cut=(), silent=(), down=(), settled=True)
    own = [arc.link for arc in topology.arcs(scene.router)]
    sizes = range(len(own) + 1) if len(own) <= MOST_SUBSETS else (0, 1)
    yield from (replace(whole, cut=links) for size in sizes for links in combinations(own, size))
    yield replace(whole, settled=False)
    for link in own:
        yield replace(whole, cut=(link,), settled=False)
        yield from (replace(whole, silent=(link,), settled=settled) for settled in (True, False))
    yield from (replace(whole, cut=(link.name,)) for link in topology.links)
    yield from (replace(whole, down=(name,)) for name in topology.routers)
    yield from (replace(whole, asker=name) for name in scene.askers)
    if predicted:
        yield whole.changed(predicted)
