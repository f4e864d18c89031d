"""What packets meet: a node's forwarding table (the FIB, forwarding information base).

A lookup finds the most specific prefix that holds the destination, whatever the order in which entries were installed
(RFC 1812 5.2.4.3). The FIB is apart from the RIB because in time they are apart: between computing and the last
installed entry, packets still meet the old ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address

from netlearn.network.parts import Address, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route, compute_rib, offers_of, prefix_order, routes_to
from netlearn.routing.spf import shortest_paths


@dataclass(frozen=True, slots=True)
class Fib:
    """The installed routes of one node. `install` and `remove` make another FIB.

    `forwards` is false for a host: it sends and receives, and drops what is neither its own nor for it
    (RFC 1122 3.2.1.3).
    """

    node: str
    routes: Mapping[Prefix, Route] = field(default_factory=dict)
    forwards: bool = True
    _lengths: Mapping[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)
    _entries: Mapping[tuple[int, int, int], Route] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entries = {(to.version, to.prefixlen, int(to.network_address)): route for to, route in self.routes.items()}
        lengths = sorted({(version, length) for version, length, _ in entries}, reverse=True)
        by_version = {of: tuple(length for version, length in lengths if version == of) for of in (4, 6)}
        object.__setattr__(self, "_entries", entries)
        object.__setattr__(self, "_lengths", by_version)

    def __iter__(self) -> Iterator[Route]:
        return (self.routes[prefix] for prefix in sorted(self.routes, key=prefix_order))

    def __len__(self) -> int:
        return len(self.routes)

    def lookup(self, destination: Address) -> Route | None:
        """The most specific route to the destination, or `None` if no installed prefix holds it."""
        bits = 32 if isinstance(destination, IPv4Address) else 128
        number = int(destination)
        for length in self._lengths[destination.version]:  # the longest first
            host_bits = bits - length
            route = self._entries.get((destination.version, length, number >> host_bits << host_bits))
            if route is not None:
                return route
        return None

    def install(self, *routes: Route) -> "Fib":
        """The FIB with these routes, each in the place of the one with the same prefix."""
        return replace(self, routes={**self.routes, **{route.prefix: route for route in routes}})

    def remove(self, *prefixes: Prefix) -> "Fib":
        """The FIB without routes to these prefixes; one that has none is left as it is."""
        return replace(self, routes={prefix: route for prefix, route in self.routes.items() if prefix not in prefixes})


def converged_fib(topology: Topology, node: str) -> Fib:
    """The FIB of a router or host once everything that it computed from this map is installed."""
    return Fib(node, compute_rib(topology, node).routes, topology.node(node).forwards)


def converged_fibs(topology: Topology) -> dict[str, Fib]:
    """The FIB of every router and host once all have computed from the same map."""
    return {node.name: converged_fib(topology, node.name) for node in topology.nodes if node.kind != "lan"}


def fibs_towards(topology: Topology, destination: Address) -> dict[str, Fib]:
    """The same with the prefixes alone that hold the destination: what a packet for it meets, sooner computed."""
    offers = offers_of(topology)
    holding = [prefix for prefix in offers if destination in prefix]
    return {
        node.name: Fib(node.name, routes_to(holding, offers, shortest_paths(topology, node.name)), node.forwards)
        for node in topology.nodes
        if node.kind != "lan"
    }
