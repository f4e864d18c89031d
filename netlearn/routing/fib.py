"""What packets meet: a node's forwarding table (the FIB, forwarding information base).

A lookup finds the most specific prefix that holds the destination, whatever the order in which entries were installed
(RFC 1812 5.2.4.3). The FIB is apart from the RIB because in time they are apart: between computing and the last
installed entry, packets still meet the old ones.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from netlearn.network.parts import Address, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.rib import Route, compute_rib, offers_of, prefix_order
from netlearn.routing.towards import routes_towards


@dataclass(frozen=True, slots=True)
class Fib:
    """The installed routes of one node. `install` and `remove` make another FIB.

    `forwards` is false for a host: it sends and receives, and drops what is neither its own nor for it
    (RFC 1122 3.2.1.3).

    >>> end = forum().node("End").address
    >>> converged_fib(forum(), "R1").lookup(end).next_hops
    (NextHop(node='R2', link='R1-R2'),)
    """

    node: str
    routes: Mapping[Prefix, Route] = field(default_factory=dict)
    forwards: bool = True
    _tables: Mapping[int, list[tuple[int, dict[int, Route]]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        tables: dict[tuple[int, int], dict[int, Route]] = defaultdict(dict)  # by version and the bits left to hosts
        for prefix, route in self.routes.items():
            host_bits = prefix.max_prefixlen - prefix.prefixlen
            tables[prefix.version, host_bits][int(prefix.network_address) >> host_bits] = route
        longest_first = {of: [(bits, tables[of, bits]) for v, bits in sorted(tables) if v == of] for of in (4, 6)}
        object.__setattr__(self, "_tables", longest_first)

    def __iter__(self) -> Iterator[Route]:
        return (self.routes[prefix] for prefix in sorted(self.routes, key=prefix_order))

    def __len__(self) -> int:
        return len(self.routes)

    def lookup(self, destination: Address) -> Route | None:
        """The most specific route to the destination, or `None` if no installed prefix holds it."""
        # A look for each length that is installed, the longest first: a large table costs no more than a small one.
        for host_bits, table in self._tables[destination.version]:
            if route := table.get(int(destination) >> host_bits):
                return route
        return None

    def install(self, *routes: Route) -> "Fib":
        """The FIB with these routes, each in the place of the one with the same prefix."""
        return replace(self, routes={**self.routes, **{route.prefix: route for route in routes}})

    def remove(self, *prefixes: Prefix) -> "Fib":
        """The FIB without routes to these prefixes; one that has none is left as it is."""
        return replace(self, routes={prefix: route for prefix, route in self.routes.items() if prefix not in prefixes})


def converged_fib(topology: Topology, node: str) -> Fib:
    """The FIB of a router or host once everything that it computed from this map is installed.

    >>> len(converged_fib(forum(), "R1"))
    9
    """
    own = topology.node(node)
    return Fib(own.name, compute_rib(topology, own.name).routes, own.forwards)


def converged_fibs(topology: Topology) -> dict[str, Fib]:
    """The FIB of every router and host once all have computed from the same map.

    >>> [node for node, fib in converged_fibs(forum()).items() if not fib.forwards]
    ['Source', 'End']
    """
    return {node.name: converged_fib(topology, node.name) for node in topology.nodes if node.kind != "lan"}


def fibs_towards(topology: Topology, *destinations: Address) -> dict[str, Fib]:
    """What `converged_fibs` gives, of the prefixes that hold one of the destinations, which is sooner computed.

    >>> end = forum().node("End").address
    >>> [len(fib) for fib in fibs_towards(forum(), end).values()]
    [1, 1, 1, 1, 1, 1, 1, 1, 1]
    """
    every = offers_of(topology).items()
    holding = [(prefix, offers) for prefix, offers in every if any(each in prefix for each in destinations)]
    towards = {prefix: routes_towards(topology, prefix, offers) for prefix, offers in holding}
    return {
        node.name: Fib(
            node.name, {prefix: of[node.name] for prefix, of in towards.items() if node.name in of}, node.forwards
        )
        for node in topology.nodes
        if node.kind != "lan"
    }
