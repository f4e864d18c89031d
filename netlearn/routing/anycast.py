"""One address on several routers: which of them a packet reaches, seen from every node.

Anycast needs nothing of its own: each instance announces the same prefix, every router takes the nearest by metric
(RFC 4291 2.6, RFC 4786), and where two are equally near the flows are divided. The nodes whose flows reach an instance
are its catchment. Equal at each router is not equal at the end: a half that is halved again is a quarter.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from netlearn.errors import BadNetwork, UnknownName, possible
from netlearn.network.parts import Address, Announcement, Prefix
from netlearn.network.topology import Topology, host_prefix
from netlearn.routing.fib import Fib, fibs_towards
from netlearn.routing.packet import as_address
from netlearn.routing.rib import Route
from netlearn.routing.spf import NextHop

# Where a packet can go from a node: to these nodes, each for an equal part of the flows. `None` is a way that loses it.
Onward = Mapping[str, tuple[str | None, ...]]
Shares = Mapping[str, Fraction]  # not floats: three thirds add up to 1, and `area` asks whether they do


@dataclass(frozen=True)
class Catchments:
    """The part of each node's flows that reaches each instance of `address`.

    `shares` holds for every router and host the instances that its flows reach, sorted, each with its part of 1, as
    the hashes of many flows come to it; the parts add up to less than 1 where packets are lost.

    >>> both = place(forum(), "203.0.113.1", ["R4", "R7"])
    >>> catchments(both, "203.0.113.1").area("R4")
    ('R3', 'R4')
    """

    address: Address
    shares: Mapping[str, Shares]

    @cached_property
    def instances(self) -> tuple[str, ...]:
        """Every node that answers for the address, sorted: each of them reaches itself."""
        return tuple(sorted(node for node, shares in self.shares.items() if node in shares))

    def of(self, node: str) -> Shares:
        """The instances that the node's flows reach, with the part of each; raises `UnknownName`."""
        if node not in self.shares:
            raise UnknownName(f"{node!r} sends nothing; the nodes that do are {possible(self.shares, node)}")
        return self.shares[node]

    def reached(self, node: str) -> tuple[str, ...]:
        """The instances that any of the node's flows reach, sorted; several where there is a tie on the way."""
        return tuple(self.of(node))

    def lost(self, node: str) -> Fraction:
        """The part of the node's flows that reaches no instance."""
        return 1 - sum(self.of(node).values(), Fraction(0))

    def area(self, instance: str) -> tuple[str, ...]:
        """The nodes all of whose flows reach this instance, in the topology's order."""
        return tuple(node for node, shares in self.shares.items() if shares.get(instance) == 1)

    @property
    def border(self) -> tuple[str, ...]:
        """The nodes whose flows reach several instances, in the topology's order."""
        return tuple(node for node, shares in self.shares.items() if len(shares) > 1)


def place(topology: Topology, address: Address | str, nodes: Iterable[str] | Mapping[str, int]) -> Topology:
    """The topology in which just these nodes announce the address as a host route: an anycast address on several.

    `nodes` may give each its own metric, 0 otherwise. Raises `BadNetwork` when the address is a node's own, for that is
    what tells one box from all others.

    >>> [given.node for given in place(forum(), "203.0.113.1", ["R4", "R7"]).announcements]
    ['R4', 'R7']
    """
    address = as_address(address)
    owner = next((node.name for node in topology.nodes if node.address == address), None)
    if owner is not None:
        raise BadNetwork(f"{address} is {owner}'s own; an anycast address is nobody's own")
    metrics = nodes if isinstance(nodes, Mapping) else dict.fromkeys(nodes, 0)
    prefix = host_prefix(address)
    others = [given for given in topology.announcements if given.prefix != prefix]
    placed = [Announcement(prefix, node, metric) for node, metric in metrics.items()]
    return replace(topology, announcements=(*others, *placed))


def catchments(topology: Topology, address: Address | str) -> Catchments:
    """The catchments of the address once all routers have computed from this map.

    >>> both = place(forum(), "203.0.113.1", ["R4", "R7"])
    >>> catchments(both, "203.0.113.1").of("Source")
    {'R4': Fraction(3, 4), 'R7': Fraction(1, 4)}
    """
    address = as_address(address)
    return catchments_of(fibs_towards(topology, address), address)


def catchments_of(fibs: Mapping[str, Fib], address: Address | str) -> Catchments:
    """The catchments of the address with these tables, which may disagree: what goes round reaches nobody.

    >>> only_r1 = {"R1": converged_fib(forum(), "R1")}
    >>> catchments_of(only_r1, "192.0.2.1").instances
    ('R1',)
    """
    address = as_address(address)
    routes = {node: fib.lookup(address) for node, fib in fibs.items()}
    return catchments_by(address, routes, frozenset(node for node, fib in fibs.items() if fib.forwards))


def catchments_by(
    address: Address,
    routes: Mapping[str, Route | None],
    passing: frozenset[str],
    works: Callable[[str, NextHop], bool] = lambda node, hop: True,
    serves: Callable[[str, Prefix], bool] = lambda node, prefix: True,
) -> Catchments:
    """The catchments, from each node's route to the address; flows to a dead next hop or a dead service are lost."""
    there = {node: route for node, route in routes.items() if route is not None}
    answering = frozenset(node for node, route in there.items() if route.local and serves(node, route.prefix))
    onward: dict[str, tuple[str | None, ...]] = dict.fromkeys(routes, ())
    for node, route in there.items():
        onward[node] = tuple(hop.node if works(node, hop) else None for hop in route.next_hops)
    return Catchments(address, shares_of(onward, answering, passing))


def shares_of(onward: Onward, answering: frozenset[str], passing: frozenset[str]) -> dict[str, Shares]:
    """The part of each node's flows that ends at each of the nodes in `answering`.

    A flow is lost at a node that neither answers nor is `passing` packets on, and at one to which it comes a second
    time: its hash would choose the same way again and again.
    """
    settled: dict[str, Shares] = {}

    def divided(node: str, before: tuple[str, ...] = ()) -> Shares:
        """The shares of a flow that came to the node by way of `before`."""
        if node in answering:
            return {node: Fraction(1)}
        shares: dict[str, Fraction] = defaultdict(Fraction)
        passed, ways = (*before, node), onward.get(node, ())
        for way in ways:
            if way is None or way in passed or not (way in answering or way in passing):
                continue
            for instance, part in (settled[way] if way in settled else divided(way, passed)).items():
                shares[instance] += part / len(ways)
        return {instance: shares[instance] for instance in sorted(shares)}

    # Where nothing loops, a node's shares follow from those of the nodes behind it. Where tables disagree, and a flow
    # can come back, they depend on where it has been, so that each way is walked.
    for node in endings_first(onward, answering):
        settled[node] = divided(node)
    return {node: settled[node] if node in settled else divided(node) for node in onward}


def endings_first(onward: Onward, answering: frozenset[str] = frozenset()) -> list[str]:
    """The nodes from which no way can loop, each after every node that it leads to."""
    left = {node: 0 if node in answering else sum(way in onward for way in ways) for node, ways in onward.items()}
    behind: dict[str | None, list[str]] = {}
    for node, ways in onward.items():
        for way in ways if node not in answering else ():
            behind.setdefault(way, []).append(node)
    done = [node for node, count in left.items() if count == 0]
    for node in done:  # the list grows meanwhile
        for previous in behind.get(node, ()):
            left[previous] -= 1
            if left[previous] == 0:
                done.append(previous)
    return done
