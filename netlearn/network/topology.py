"""A network as a value: nodes, the links between them, and which node answers for which prefix.

A topology never changes. A failure makes another one (`Topology.without`), and so does a new metric
(`Topology.with_metric`). Nothing here computes a route; files are read and written by `netlearn.network.nodelink`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import TYPE_CHECKING, NamedTuple

from netlearn.errors import BadNetwork, NetlearnError, UnknownName, possible, repeated, shown
from netlearn.network.meant import meant
from netlearn.network.parts import Address, Announcement, Failure, Link, LinkDown, Node, NodeDown, Prefix, check_ends


class Arc(NamedTuple):
    """A link as the node at one end sees it: where it leads, at what metric.

    >>> forum().arcs("Source")
    (Arc(neighbour='R1', metric=1, link='Source-R1'),)
    """

    neighbour: str
    metric: int
    link: str


@lru_cache(maxsize=1 << 16)  # `ipaddress` takes long to make one, and every router needs them all
def host_prefix(address: Address) -> Prefix:
    """The prefix that holds this address alone.

    >>> host_prefix(forum().node("R1").address)
    IPv4Network('192.0.2.1/32')
    """
    if isinstance(address, IPv4Address):
        return IPv4Network((int(address), 32))
    # From its number: `ip_network` spells an address, and reads the text as IPv4 and as IPv6.
    return IPv6Network((int(address), 128)) if address.scope_id is None else ip_network(address)


@dataclass(frozen=True)
class Topology:
    """Nodes, links and announcements, checked against each other.

    Order is kept as given, and means nothing for routing; announcements come in the order of their nodes.
    `announcements` holds what nodes announce beside their own addresses; `announced` holds both.

    Raises `BadNetwork` when a name or an address is used twice, a link ends nowhere, or a metric cannot be.

    >>> pair = Topology([Node("A"), Node("B")], [Link("A", "B")])
    >>> pair.with_metric("A-B", "B", 5).links
    (Link(a='A', b='B', metric=1, metric_back=5, name='A-B'),)
    """

    nodes: tuple[Node, ...] = ()
    links: tuple[Link, ...] = ()
    announcements: tuple[Announcement, ...] = ()

    if TYPE_CHECKING:  # a dataclass says that it takes what it holds; this one takes lists, and holds tuples

        def __init__(
            self,
            nodes: Iterable[Node] = (),
            links: Iterable[Link] = (),
            announcements: Iterable[Announcement] = (),
        ) -> None: ...

    def __post_init__(self) -> None:
        for name in ("nodes", "links", "announcements"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        for link in self._links.values():
            check_ends(link, self._nodes)
        place = {name: number for number, name in enumerate(self._nodes)}
        announcements = [self._own(given) for given in self.announcements]
        in_order = sorted(announcements, key=lambda given: place[given.node])
        object.__setattr__(self, "announcements", tuple(in_order))

    def _own(self, given: Announcement) -> Announcement:
        """The announcement by the name of a node that may announce."""
        node = self.node(given.node)
        if node.kind == "lan":
            raise BadNetwork(f"{node.name} is a LAN and announces nothing; the routers on it do")
        return given if given.node == node.name else replace(given, node=node.name)

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        by_name = {node.name: node for node in self.nodes}
        if len(by_name) < len(self.nodes):
            name = repeated(node.name for node in self.nodes)
            raise BadNetwork(f"two nodes have the name {name!r}; a name is one node's")
        addresses = [node.address for node in self.nodes if node.address is not None]
        if len({*addresses}) < len(addresses):
            address = repeated(map(str, addresses))
            first, second, *_ = (node.name for node in self.nodes if str(node.address) == address)
            both = f"{first} and {second} both have the address {address}"
            raise BadNetwork(f"{both}; an address of several nodes is anycast, and each of them announces it")
        ids = [node.id for node in self.nodes if node.id is not None]
        if twice := repeated([*by_name, *ids]) if ids else None:
            raise BadNetwork(f"two nodes have the id or the name {twice!r}; it is one node's")
        return by_name

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The name of each node, by its name and by its id."""
        ids = {node.id: node.name for node in self.nodes if node.id is not None}
        return {**dict(zip(self._nodes, self._nodes, strict=True)), **ids}

    @cached_property
    def _links(self) -> Mapping[str, Link]:
        by_name = {link.name: link for link in self.links}
        if len(by_name) < len(self.links):
            name = repeated(link.name for link in self.links)
            first, second, *_ = (f"{link.a} to {link.b}" for link in self.links if link.name == name)
            both = f"two links have the name {name!r}: {first} and {second}"
            raise BadNetwork(f"{both}; give parallel links different names")
        return by_name

    def node(self, name: str) -> Node:
        """The node of that name, or of that id in a file that has both; else `UnknownName`."""
        if not isinstance(name, str) or name not in self._names:
            raise UnknownName(f"there is no node {shown(name)}; the nodes are {possible(self._nodes, name)}")
        return self._nodes[self._names[name]]

    def link(self, name: str) -> Link:
        """The link of exactly that name, or `UnknownName`."""
        if not isinstance(name, str) or name not in self._links:
            raise UnknownName(f"there is no link {shown(name)}; the links are {possible(self._links, name)}")
        return self._links[name]

    def has_node(self, name: str) -> bool:
        """Whether there is a node of that name or id."""
        return isinstance(name, str) and name in self._names

    def has_link(self, name: str) -> bool:
        """Whether there is a link of exactly that name."""
        return name in self._links

    def arcs(self, node: str) -> tuple[Arc, ...]:
        """Every link that leaves `node`, in the topology's order."""
        return self.arcs_by_node[self.node(node).name]

    def links_between(self, a: str, b: str) -> tuple[Link, ...]:
        """Every link that joins the two nodes, whichever way it was written."""
        far = self.node(b).name
        return tuple(self._links[arc.link] for arc in self.arcs(a) if arc.neighbour == far)

    @cached_property
    def arcs_by_node(self) -> Mapping[str, tuple[Arc, ...]]:
        """Every link that leaves each node."""
        arcs: dict[str, list[Arc]] = {name: [] for name in self._nodes}
        for link in self.links:
            arcs[link.a].append(Arc(link.b, link.metric, link.name))
            arcs[link.b].append(Arc(link.a, link.metric_back, link.name))
        return {name: tuple(leaving) for name, leaving in arcs.items()}

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The names of the nodes that never forward."""
        return frozenset(node.name for node in self.nodes if node.kind == "host")

    @cached_property
    def lans(self) -> frozenset[str]:
        """The names of the shared links that are drawn as nodes."""
        return frozenset(node.name for node in self.nodes if node.kind == "lan")

    @property
    def routers(self) -> tuple[str, ...]:
        """The names of the routers, in the topology's order."""
        return tuple(node.name for node in self.nodes if node.kind == "router")

    @cached_property
    def announced(self) -> tuple[Announcement, ...]:
        """Everything that is announced: each node's own address as a host prefix at metric 0, then the rest."""
        own = (Announcement(host_prefix(node.address), node.name) for node in self.nodes if node.address is not None)
        return (*own, *self.announcements)

    @cached_property
    def announced_by_node(self) -> Mapping[str, Sequence[Announcement]]:
        """What each node announces, its own address first."""
        by_node: dict[str, list[Announcement]] = {name: [] for name in self._nodes}
        for given in self.announced:
            by_node[given.node].append(given)
        return by_node

    def find_links(self, words: str) -> tuple[Link, ...]:
        """The links that `words` mean: a link's name, or `A-B` for every link between A and B, whichever way round.

        A name goes before all else, so that one of several links can always be meant. Raises `AmbiguousLink` when the
        words can be read as two pairs of nodes that have links, `UnknownName` when they can be read in no way.
        """
        if not isinstance(words, str) or words in self._links:
            return (self.link(words),)
        return meant(words, self._names, self._links, self.links_between) or (self.link(words),)  # which refuses it

    def without(self, *failures: Failure) -> "Topology":
        """The topology that is left after the failures; a node that is down takes its links and announcements along.

        Raises `UnknownName` for a failure of something that is not there.
        """
        for failure in failures:
            if not isinstance(failure, LinkDown | NodeDown):
                raise NetlearnError(f"a failure is LinkDown(...) or NodeDown(...), not {shown(failure)}")
        if not failures:
            return self  # with all that was worked out of it
        cut = {self.link(failure.link).name for failure in failures if isinstance(failure, LinkDown)}
        down = {self.node(failure.node).name for failure in failures if isinstance(failure, NodeDown)}
        nodes = tuple(node for node in self.nodes if node.name not in down)
        links = tuple(link for link in self.links if link.name not in cut and down.isdisjoint(link.ends))
        return Topology(nodes, links, tuple(given for given in self.announcements if given.node not in down))

    def with_metric(self, link: str, start: str, metric: int) -> "Topology":
        """The same topology with another metric on `link`, in the direction that leaves `start`."""
        changed = self.link(link)
        start = self.node(start).name if self.has_node(start) else start
        if start not in changed.ends:
            raise UnknownName(f"link {link} does not end at {start}; its ends are {changed.a} and {changed.b}")
        changed = replace(changed, metric=metric) if start == changed.a else replace(changed, metric_back=metric)
        return replace(self, links=tuple(changed if old.name == link else old for old in self.links))

    def announcing(self, prefix: Prefix, node: str, metric: int = 0) -> "Topology":
        """The same topology in which the node announces the prefix at this metric, whatever it was before."""
        others = self._announced_by_others(prefix, self.node(node).name)
        return replace(self, announcements=(*others, Announcement(prefix, node, metric)))

    def withdrawing(self, prefix: Prefix, node: str) -> "Topology":
        """The same topology in which the node no longer announces the prefix, unless it is the node's own address."""
        return replace(self, announcements=self._announced_by_others(prefix, self.node(node).name))

    def _announced_by_others(self, prefix: Prefix, node: str) -> tuple[Announcement, ...]:
        return tuple(given for given in self.announcements if (given.prefix, given.node) != (prefix, node))

    def addressed(self) -> "Topology":
        """The same topology with an address for every router and host that has none.

        Addresses come from the documentation prefix 2001:db8::/32 (RFC 3849), in the topology's order, past those
        that are taken.
        """
        taken = {given.prefix for given in self.announced}  # a node's own, and what it announces beside
        addresses = (IPv6Address((0x20010DB8 << 96) + number) for number in range(1, 2**32))
        free = (address for address in addresses if host_prefix(address) not in taken)
        bare = {node.name for node in self.nodes if node.kind != "lan" and node.address is None}
        nodes = (replace(node, address=next(free)) if node.name in bare else node for node in self.nodes)
        return replace(self, nodes=tuple(nodes))
