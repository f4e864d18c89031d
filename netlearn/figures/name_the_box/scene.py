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
from netlearn.routing.forwarding import Hop, Outcome, flow_to, gets_across, walk
from netlearn.routing.interfaces import Interfaces, interfaces, tables
from netlearn.routing.packet import Packet
from netlearn.routing.rib import Route

HOLD = HoldTimers.frr()
TAUGHT = IPv4Network("198.51.100.0/24")  # a prefix that the peer has learned from the session
MOST_SUBSETS = 6  # cables of the router; with more, only single cuts are recorded


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: whose addresses, with whom it keeps sessions, who asks, what has failed and how, and when.

    `cut` are cables whose carrier is lost, `silent` those that fail without a sign. `settled` looks once all tables fit
    again, otherwise right after the failure.
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
        for name in (self.router, self.peer, self.asker):
            if self.topology.node(name).kind == "lan":
                raise BadNetwork(f"{name} is a LAN and has no address of its own")
        if self.topology.node(self.router).kind != "router":
            raise BadNetwork(f"{self.router} is a host; the addresses shown are a router's")
        beside = self.topology.links_between(self.router, self.peer)
        if self.topology.node(self.peer).kind != "router" or not beside:
            raise BadNetwork(f"{self.peer} is no router beside {self.router}; sessions are shown between neighbours")
        self.topology.without(*self.failures(), *self.unseen())

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
    outcome: Outcome
    hops: tuple[Hop, ...]
    end: str

    @property
    def state(self) -> str:
        """`answers`, `lost` (on a dead cable, or going round) or `gone` (nobody knows a way)."""
        if self.outcome is Outcome.DELIVERED:
            return "answers"
        return "gone" if self.outcome is Outcome.NO_ROUTE else "lost"

    @property
    def nodes(self) -> tuple[str, ...]:
        """Every node that holds the packet."""
        held = tuple(hop.node for hop in self.hops)
        return held if self.outcome is Outcome.LINK_DOWN else (*held, self.end)


@lru_cache(maxsize=128)
def find(scene: Scene) -> tuple[PortReply, ...]:
    """What becomes of a packet for each address of the router, its loopback address first."""
    given = interfaces(scene.topology)
    own = scene.topology.node(scene.router).address
    assert own is not None, scene.router
    asked = [("", own), *((end.link, end.address) for end in given.of(scene.router))]
    if scene.asker in scene.down:
        return tuple(PortReply(link, address, Outcome.NO_ROUTE, (), scene.asker) for link, address in asked)
    return tuple(_reply(scene, given, link, address) for link, address in asked)


def _reply(scene: Scene, given: Interfaces, link: str, address: Address) -> PortReply:
    """The same for one address: by the tables of the chosen moment, until it is handed to a dead cable."""
    failures, unseen = scene.failures(), scene.unseen()
    fibs = tables(given, address, failures, unseen) if scene.settled else tables(given, address)
    left = scene.topology.without(*failures, *unseen)
    found = walk(fibs, Packet(flow_to(scene.topology, scene.asker, address)), scene.asker)
    passed = tuple(takewhile(lambda hop: gets_across(scene.topology, hop.node, hop.taken, left.has_link), found.hops))
    if passed == found.hops:
        return PortReply(link, address, found.outcome, found.hops, found.end)
    dead = found.hops[len(passed)]
    return PortReply(link, address, Outcome.LINK_DOWN, (*passed, dead), dead.node)


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session of the router with its peer: between which addresses, how it fares, and the routes learned from it."""

    link: str  # empty where it is between loopback addresses
    between: str
    session: Session
    moves: tuple[tuple[int, Route | None], ...]

    @property
    def state(self) -> str:
        """`lives` or `drops`."""
        return "lives" if self.session.survives else "drops"


@lru_cache(maxsize=128)
def sessions(scene: Scene) -> tuple[KeptSession, ...]:
    """What becomes of two sessions when it all fails at once: one between loopbacks, one between ends of a cable."""
    changes = [At(0, failure) for failure in scene.failures()]
    changes += [At(0, failure, silent=True) for failure in scene.unseen()]
    trace = simulate(scene.topology, changes, interfaces=interfaces(scene.topology))
    kept = []
    for link in ("", scene.topology.links_between(scene.router, scene.peer)[0].name):
        session = keep_session(trace, scene.peer, scene.router, link or None, timers=HOLD)
        between = " and ".join(map(str, session.addresses))
        kept.append(KeptSession(link, between, session, session.moves(TAUGHT, scene.peer)))
    return tuple(kept)


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
