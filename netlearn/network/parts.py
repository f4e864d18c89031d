"""What a network is made of: nodes, links, announcements, and what can fail. The checks stand here, too."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from typing import Literal

from netlearn.errors import BadNetwork, possible, shown

Address = IPv4Address | IPv6Address
"""An IP address of either version.

>>> forum().node("R1").address
IPv4Address('192.0.2.1')
"""
Prefix = IPv4Network | IPv6Network
"""What is announced and routed to: all addresses that begin alike.

>>> forum().announced[1].prefix
IPv4Network('192.0.2.1/32')
"""
Kind = Literal["router", "host", "lan"]
_WITH_LENGTH = (IPv4Interface, IPv6Interface)  # which Python counts among the addresses
KINDS: tuple[Kind, ...] = ("router", "host", "lan")
MAX_METRIC = 65535
"""The greatest metric of a link: it has 16 bits in a router-LSA (RFC 2328 A.4.2).

>>> Link("R1", "R2", MAX_METRIC).metric
65535
"""


@dataclass(frozen=True, slots=True)
class Node:
    """A router, a host or a LAN.

    A host answers for its address and sends, but never forwards: it is an OSPF stub router. A LAN is a shared link,
    drawn as a node because that is how OSPF computes with it (RFC 2328 2.1: a transit network is a vertex).

    `address` is the router's loopback address or the host's own address; `None` means that it has none. `x` and `y`
    are its place in a drawing of 800 x 420 units, `y` downwards; `None` leaves the place to whoever draws. `id` is what
    a file calls it when its name is its label; a topology finds it by either.

    >>> print(forum().node("R1").address)
    192.0.2.1
    >>> forum().node("Source").forwards
    False
    """

    name: str
    kind: Kind = "router"
    address: Address | None = None
    x: float | None = None
    y: float | None = None
    id: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        check_name(self.name, "a node's name")
        if self.id is not None:
            check_name(self.id, f"the id of {self.name}")
            if self.id == self.name:  # which says nothing more
                object.__setattr__(self, "id", None)
        if self.kind not in KINDS:
            raise BadNetwork(f"{self.name} has the kind {shown(self.kind)}; possible are {', '.join(KINDS)}")
        if not isinstance(self.address, IPv4Address | IPv6Address | None) or isinstance(self.address, _WITH_LENGTH):
            raise BadNetwork(f"{self.name} has the address {shown(self.address)}; an ipaddress.ip_address is expected")
        check_no_zone(self.address, self.name)
        if self.kind == "lan" and self.address is not None:
            raise BadNetwork(f"{self.name} is a LAN and has no address of its own, yet it was given {self.address}")
        for axis, value in (("x", self.x), ("y", self.y)):
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if value is not None and not (number and abs(value) < 1e9):  # which NaN and infinity are not
                raise BadNetwork(f"{self.name}: {axis} is a place in the drawing, a number, not {shown(value)}")

    @property
    def forwards(self) -> bool:
        """Whether a packet may pass through on its way to somewhere else."""
        return self.kind != "host"


@dataclass(frozen=True, slots=True)
class Link:
    """A link between `a` and `b`, with a metric for each direction.

    `metric` is what it costs to go from `a` to `b`, `metric_back` from `b` to `a` (the same unless given); each 1 to
    65535, or 0 out of a LAN, which only `Topology` can tell. `name` tells parallel links apart (`a-b` unless given).

    >>> Link("R1", "R2", metric=1, metric_back=5).metric_from("R2")
    5
    """

    a: str
    b: str
    metric: int = 1
    metric_back: int = None  # type: ignore[assignment]  # filled in below: the same as the way out
    name: str = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        for end in self.ends:
            if not isinstance(end, str):
                raise BadNetwork(f"a link ends at a node, by its name, not {shown(end)}")
        if self.name is None:  # frozen, so that a plain assignment is refused even here
            object.__setattr__(self, "name", f"{self.a}-{self.b}")
        if self.metric_back is None:
            object.__setattr__(self, "metric_back", self.metric)
        check_name(self.name, f"the name of a link between {self.a} and {self.b}")
        if self.a == self.b:
            raise BadNetwork(f"link {self.name} joins {self.a} to itself; a link has two different ends")
        for start, end, metric in ((self.a, self.b, self.metric), (self.b, self.a, self.metric_back)):
            check_metric(metric, f"link {self.name}, {start} to {end}", least=0)

    @property
    def ends(self) -> tuple[str, str]:
        """The nodes that it joins, `a` and `b`."""
        return self.a, self.b

    def other(self, node: str) -> str:
        """The far end, seen from `node`."""
        assert node in (self.a, self.b), (node, self)
        return self.b if node == self.a else self.a

    def metric_from(self, node: str) -> int:
        """What it costs to leave `node` over this link."""
        assert node in (self.a, self.b), (node, self)
        return self.metric if node == self.a else self.metric_back


@dataclass(frozen=True, slots=True)
class Announcement:
    """A node's word that it answers for a prefix.

    A router's loopback is announced by one node, an anycast address by several. `metric` is added to the distance to
    the node and may be 0.

    >>> own = forum().announced[1]
    >>> print(own.node, own.prefix, own.metric)
    R1 192.0.2.1/32 0
    """

    prefix: Prefix
    node: str
    metric: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.node, str):
            raise BadNetwork(f"it is a node that announces, by its name, not {shown(self.node)}")
        if not isinstance(self.prefix, IPv4Network | IPv6Network):
            raise BadNetwork(f"{self.node} announces {shown(self.prefix)}; an ipaddress.ip_network is expected")
        where = f"what {self.node} announces"
        check_no_zone(self.prefix, where)
        check_metric(self.metric, where, least=0, possible=f"from 0 to {MAX_METRIC}")


@dataclass(frozen=True, slots=True)
class LinkDown:
    """A link that is taken away.

    >>> len(forum().links), len(forum().without(LinkDown("R1-R2")).links)
    (13, 12)
    """

    link: str


@dataclass(frozen=True, slots=True)
class NodeDown:
    """A node that is taken away, and with it every link that ends there.

    >>> len(forum().links), len(forum().without(NodeDown("R2")).links)
    (13, 8)
    """

    node: str


Failure = LinkDown | NodeDown
"""What `Topology.without` takes away.

>>> [isinstance(failure, Failure) for failure in CASE_3]
[True, True, True]
"""


def check_name(name: object, what: str) -> None:
    """Raise `BadNetwork` unless the name is a word that can be printed on one line."""
    if not isinstance(name, str) or not name.strip() or not name.isprintable():
        raise BadNetwork(f"{what} is a word that can be printed, not {shown(name)}")


def check_no_zone(given: Address | Prefix | None, where: str) -> None:
    """Raise `BadNetwork` for an address with a zone, `fe80::1%eth0`: only the machine that has the eth0 can tell it.

    Python takes nearly any text for a zone, even one that a terminal would obey.
    """
    first = given.network_address if isinstance(given, IPv4Network | IPv6Network) else given
    if isinstance(first, IPv6Address) and first.scope_id is not None:
        raise BadNetwork(
            f"{where}: {shown(str(given))} has a zone (what follows %), which means something on one machine only;"
            " an address that is routed has none"
        )


def check_metric(metric: object, where: str, least: int = 1, possible: str = f"from 1 to {MAX_METRIC}") -> None:
    """Raise `BadNetwork` unless the metric is a whole number from `least` to 65535; `possible` says so in words."""
    if isinstance(metric, bool) or not isinstance(metric, int):
        raise BadNetwork(f"{where}: the metric is a whole number {possible}, not {shown(metric)}")
    if not least <= metric <= MAX_METRIC:
        raise BadNetwork(f"{where}: the metric is {possible}, not {shown(metric)}")


def check_ends(link: Link, nodes: Mapping[str, Node]) -> None:
    """Raise `BadNetwork` unless the link joins two of the nodes, with metric 0 out of a LAN and there alone."""
    for name in link.ends:
        if name not in nodes:
            known = possible(nodes, name)
            raise BadNetwork(f"link {link.name} ends at {name!r}, which is no node; the nodes are {known}")
    a, b = nodes[link.a], nodes[link.b]
    if a.kind == b.kind == "lan":
        raise BadNetwork(f"link {link.name} joins two LANs; between LANs stands a router")
    for start, end, metric in ((a, b, link.metric), (b, a, link.metric_back)):
        if start.kind == "lan" and metric != 0:
            raise BadNetwork(f"link {link.name}: out of the LAN {start.name} the metric is always 0, not {metric}")
        if start.kind != "lan" and metric == 0:
            check_metric(metric, f"link {link.name}, {start.name} to {end.name}")
