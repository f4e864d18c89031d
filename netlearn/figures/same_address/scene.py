"""What the reader set: where the two machines are, who is sooner, which moment; and the story on different links."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network

from netlearn.errors import NetlearnError, shown
from netlearn.figures.common.scene import AnyScene
from netlearn.figures.same_address.one_link import ADDRESS, DESK_ELSEWHERE, SERVERS, StoryMoment, one_link
from netlearn.network.parts import Announcement, Link, Node, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.fib import converged_fibs
from netlearn.routing.forwarding import flow_to, walk
from netlearn.routing.packet import Packet

BEHIND = {"A": "R2", "B": "R3"}  # the router of each server, where they are on different links


def routed(first: str = "A") -> Topology:
    """The same two servers, each on a link of its own behind a router; `first` is the nearer one."""
    prefix = ip_network(ADDRESS)
    near, far = (BEHIND[server] for server in sorted(SERVERS, key=lambda server: server != first))
    return Topology(
        (Node("Desk", "host", ip_address(DESK_ELSEWHERE)), Node("R1"), Node("R2"), Node("R3"), Node("A"), Node("B")),
        (Link("Desk", "R1"), Link("R1", near, 1), Link("R1", far, 2), Link("R2", "A"), Link("R3", "B")),
        tuple(Announcement(prefix, server) for server in SERVERS),
    )


# `holder` is the server to which R1's table leads, `behind` the router of the second.
ROUTED = (
    StoryMoment(
        "Different links, on purpose: each server says so to its router",
        "Both servers announce {address}/32. No link has two of them, so no ARP question for it has two answers.",
        "news", "{first}", ("R1",), "I answer for {address}", also=(("{second}", "R1"),),
    ),
    StoryMoment(
        "R1 has one entry for it: the nearest, server {holder}",
        "R1 hears of both and takes the smaller metric ({near} against {far}). "
        "For R1 that is one address with two ways to it, like any other.",
        believed="{holder}",
    ),
    StoryMoment(
        "Desk’s message goes to server {holder}",
        "Its way: {nodes}. Each router hands it to one next hop.",
        "data", "Desk", ("{holder}",), "Hello!", "{holder}",
    ),
    StoryMoment(
        "Server {second} speaks, and nothing flips",
        "What server {second} says on its own link is heard there alone. Desk’s cache names R1’s card, and R1’s "
        "table asks for metrics, not for who spoke last.",
        "speaks", "{second}", ("{behind}",), "Who has the printer?", "{holder}",
    ),
    StoryMoment(
        "Server {first} dies, and its announcement with it",
        "Its router withdraws the address; R1’s table now leads to server {holder}.",
        believed="{holder}", down="{first}",
    ),
    StoryMoment(
        "The next message reaches server {holder}, at the same address",
        "Its way: {nodes}. Connections to server {first} are gone; new ones begin at server {holder}.",
        "data", "Desk", ("{holder}",), "Hello!", "{holder}", down="{first}",
    ),
)  # fmt: skip


def different_links(first: str) -> tuple[StoryMoment, ...]:
    """The story of two servers with the same address on different links, `first` the nearer: anycast."""
    second = SERVERS[1 - SERVERS.index(first)]
    whole = routed(first)
    (before, near), (after, far) = map(_reached, (whole, whole.without(NodeDown(first))))
    names = {"first": first, "second": second, "behind": BEHIND[second], "near": near, "far": far}
    told = []
    for moment in ROUTED:
        way = after if moment.down else before
        taken = way if moment.kind == "data" else ()
        told.append(moment.told(taken, holder=way[-1], nodes=" → ".join(way), **names))
    return tuple(told)


def _reached(topology: Topology) -> tuple[tuple[str, ...], int]:
    """Desk's way to the address, and how far the address is from R1."""
    address, fibs = ip_address(ADDRESS), converged_fibs(topology)
    route = fibs["R1"].lookup(address)
    assert route is not None
    return walk(fibs, Packet(flow_to(topology, "Desk", address)), "Desk").nodes, route.metric


PLACES = {"one": "On one link", "links": "On different links"}


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: one link or different ones, who answers first or is nearer, whether the other checks."""

    place: str = "one"
    sooner: str = "A"
    checks: bool = False
    moment: int = 0

    def check(self) -> None:
        if self.place not in PLACES:
            raise NetlearnError(f"the place is {' or '.join(PLACES)}, not {shown(self.place)}")
        if self.sooner not in SERVERS:
            raise NetlearnError(f"the first server is {' or '.join(SERVERS)}, not {shown(self.sooner)}")
        if self.moment < 0:
            raise NetlearnError(f"a moment is a whole number from 0, not {shown(self.moment)}")

    def story(self) -> tuple[StoryMoment, ...]:
        """All moments of this case."""
        return one_link(self.sooner, self.checks) if self.place == "one" else different_links(self.sooner)

    def now(self) -> StoryMoment:
        """The moment that is looked at; past the end, the last one."""
        story = self.story()
        return story[min(self.moment, len(story) - 1)]


def words(case: Scene) -> str:
    """The moment in words, for who cannot see it."""
    moment = case.now()
    return f"{moment.title}. {moment.words} {believed_in_words(case)}"


def believed_in_words(case: Scene) -> str:
    """What is believed of the address: by Desk's cache on one link, by R1's table on different ones."""
    server = case.now().believed
    if case.place == "one":
        return f"Desk’s ARP cache: {f'server {server}' if server else 'empty'}."
    return f"R1’s table: {f'to server {server}' if server else 'no entry yet'}."


def cases(*_: object) -> Sequence[Scene]:
    """Every state that there is: few enough to record them all."""
    chosen = [Scene(place, first, checks) for place in PLACES for first in SERVERS for checks in (False, True)]
    return [replace(case, moment=moment) for case in chosen for moment in range(len(case.story()))]
