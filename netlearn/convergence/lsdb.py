"""What one router says of itself (an LSA), and everything that one router believes (its LSDB).

A router never announces anybody else's death: it only stops naming a neighbour in its own LSA. So a link counts only
if both ends name it (RFC 2328 16.1 (2)(b)), and the old LSA of a router that died does no harm while it is still kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from netlearn.network.parts import MAX_METRIC, Announcement, Kind, Link, Node, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Offers, Route, offers_of
from netlearn.routing.towards import routes_towards


class Adjacency(NamedTuple):
    """One line of an LSA: "over this link I reach this neighbour, at this metric"."""

    link: str
    neighbour: str
    metric: int


@dataclass(frozen=True, slots=True)
class Lsa:
    """A router-LSA: what `origin` says of itself.

    `sequence` grows with each instance, the greatest is the newest. `originated_us` is when it was made, from which
    its age follows. `kind` is what the origin says that it is: a host is a stub router and never transit (RFC 6987,
    RFC 8770), and the LSA of a LAN is OSPF's network-LSA, in which the LAN's designated router names who is on it.
    """

    origin: str
    sequence: int
    originated_us: int
    adjacencies: tuple[Adjacency, ...] = ()
    prefixes: tuple[tuple[Prefix, int], ...] = ()
    kind: Kind = "router"

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells this instance from every other."""
        return self.origin, self.sequence, self.originated_us

    def same_content_as(self, other: "Lsa | None") -> bool:
        """Whether it says nothing but what the other said: it was only refreshed (RFC 2328 13.2)."""
        return other is not None and replace(other, sequence=self.sequence, originated_us=self.originated_us) == self

    def newer_than(self, other: "Lsa | None") -> bool:
        """Whether this instance replaces the other: by sequence, then by youth (RFC 2328 13.1)."""
        return other is None or self.key[1:] > other.key[1:]


@dataclass(frozen=True, eq=False)
class Lsdb:
    """Every LSA that a router holds, the newest of each origin. `adopt` and `forget` make another LSDB.

    Routers that hold the same LSAs hold the same value: adopting the same LSA into the same LSDB gives the very same
    object, so a thousand routers that agree keep one map between them.
    """

    lsas: Mapping[str, Lsa] = field(default_factory=dict)
    # The LSDBs that were made of this one, by the LSA adopted or the origin forgotten.
    _next: dict[object, "Lsdb"] = field(init=False, repr=False, default_factory=dict)
    _towards: dict[Prefix, dict[str, Route]] = field(init=False, repr=False, default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Lsdb) and (self is other or self.lsas == other.lsas)

    def __hash__(self) -> int:
        return hash(frozenset(lsa.key for lsa in self.lsas.values()))

    def __iter__(self) -> Iterator[Lsa]:
        return (self.lsas[origin] for origin in sorted(self.lsas))

    def __len__(self) -> int:
        return len(self.lsas)

    def get(self, origin: str) -> Lsa | None:
        """The newest LSA of that origin, or `None`."""
        return self.lsas.get(origin)

    def adopt(self, lsa: Lsa) -> "Lsdb":
        """The LSDB with this LSA in the place of its origin's last one."""
        if lsa.key not in self._next:
            self._next[lsa.key] = Lsdb({**self.lsas, lsa.origin: lsa})
        return self._next[lsa.key]

    def forget(self, origin: str) -> "Lsdb":
        """The LSDB without anything from that origin."""
        if origin not in self._next:
            self._next[origin] = Lsdb({name: lsa for name, lsa in self.lsas.items() if name != origin})
        return self._next[origin]

    def topology(self) -> Topology:
        """The network as this LSDB describes it: a link is there if both of its ends name it."""
        return self._believed

    @cached_property
    def offers(self) -> Offers:
        """Who announces each prefix."""
        return offers_of(self._believed)

    def towards(self, prefix: Prefix) -> Mapping[str, Route]:
        """The route to the prefix of each node that has one, when all have computed it from this map."""
        if prefix not in self._towards:
            self._towards[prefix] = routes_towards(self._believed, prefix, self.offers.get(prefix, ()))
        return self._towards[prefix]

    def prefixes(self, origin: str) -> tuple[tuple[Prefix, int], ...]:
        """What that origin announces, each prefix with its metric."""
        lsa = self.lsas.get(origin)
        return lsa.prefixes if lsa else ()

    @cached_property
    def _believed(self) -> Topology:
        nodes = [Node(lsa.origin, lsa.kind) for lsa in self]
        said = {(lsa.origin, to.neighbour, to.link): to.metric for lsa in self for to in lsa.adjacencies}
        links = [
            Link(origin, neighbour, metric, said[neighbour, origin, link], link)
            for (origin, neighbour, link), metric in said.items()
            if origin < neighbour and (neighbour, origin, link) in said  # each link once, and said by both ends
        ]
        announcements = [Announcement(prefix, lsa.origin, metric) for lsa in self for prefix, metric in lsa.prefixes]
        return Topology(tuple(nodes), tuple(links), tuple(announcements))


# What neighbours send each other
@dataclass(frozen=True, slots=True)
class Update:
    """An LSA on its way to a neighbour (RFC 2328 13)."""

    lsa: Lsa


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Says that this instance of an LSA has arrived."""

    key: tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything that a new neighbour holds, by origin and sequence (RFC 2328 10.8, Database Description)."""

    lsdb: Lsdb


Message = Update | Acknowledgement | Summary


def own_lsa(topology: Topology, node: str, full: frozenset[str], sequence: int, now: int, stub: bool = False) -> Lsa:
    """What a node says of itself when it is adjacent over the links in `full`.

    With `stub` it names the greatest metric on every link, so that others go round it if they can (RFC 6987 2).
    """
    adjacencies = tuple(
        Adjacency(arc.link, arc.neighbour, MAX_METRIC if stub else arc.metric)
        for arc in topology.arcs(node)
        if arc.link in full
    )
    prefixes = own_prefixes(topology, node)
    return Lsa(node, sequence, now, adjacencies, prefixes, topology.node(node).kind)


def own_prefixes(topology: Topology, node: str) -> tuple[tuple[Prefix, int], ...]:
    """What a node announces, its own address first, each prefix with its metric."""
    return tuple((given.prefix, given.metric) for given in topology.announced_by_node[node])


def converged_lsdb(topology: Topology) -> Lsdb:
    """The LSDB that all routers of a connected network hold in the end, its LSAs of sequence 1 made at time 0."""
    every = frozenset(link.name for link in topology.links)
    return Lsdb({node.name: own_lsa(topology, node.name, every, 1, 0) for node in topology.nodes})


def converged_lsdbs(topology: Topology) -> dict[str, Lsdb]:
    """What each node's LSDB holds at rest: the LSAs of its own piece of the network, one value for all in a piece."""
    whole = converged_lsdb(topology)
    known: dict[str, Lsdb] = {}
    for node in topology.nodes:
        if node.name in known:
            continue
        piece, reached = [node.name], {node.name}
        for name in piece:
            fresh = [arc.neighbour for arc in topology.arcs(name) if arc.neighbour not in reached]
            reached.update(fresh)
            piece += dict.fromkeys(fresh)
        lsdb = whole if len(piece) == len(whole) else Lsdb({name: whole.lsas[name] for name in sorted(piece)})
        known |= dict.fromkeys(piece, lsdb)
    return known
