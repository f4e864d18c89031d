"""Name the box, not the port: which of a router's addresses still answer when its cables are cut, and by which way.

A router has one address of its own, on its loopback interface, and one for each cable. The first belongs to the box:
it answers while any way to it is left. Each of the others lies in the prefix of its cable, and goes with that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from itertools import takewhile
from typing import Any

from netlearn.addresses import Interfaces, interfaces, tables
from netlearn.errors import BadNetwork
from netlearn.event import At
from netlearn.figure.deck import choice
from netlearn.figure.layout import Box, Curve, lay_out
from netlearn.figure.markup import Element, View, element, keyed, number
from netlearn.figure.network import Marks, draw, link_label, listed, path_data, way_data
from netlearn.figure.signs import plate
from netlearn.figure.story import duration
from netlearn.forwarding import Hop, Outcome, flow_to, walk
from netlearn.nodelink import from_data
from netlearn.packet import Packet
from netlearn.rib import Route
from netlearn.session import HoldTimers, Session, keep_session
from netlearn.simulation import simulate
from netlearn.timers import SECOND
from netlearn.topology import Address, LinkDown, NodeDown, Topology

HOLD = HoldTimers.frr()
TAUGHT = ip_network("198.51.100.0/24")  # a prefix that the peer has learned from the session
PORT = 9.0  # half the side of a port's square
TOOLS = {"cut": "Cut it: the carrier is lost", "silent": "Cut it silently: both ends still see a carrier"}
MOMENTS = {"false": "right after the failure", "true": "once every table fits again"}
HINT = "Choose how a cable fails, then click cables; a click on a router takes it down. Or use arrow keys and Enter."

LEGEND = (
    "The plate is {0}'s own name. A square is a port of {0} with an address of its own: a tick where it answers, a "
    "cross where it is lost on the way, empty where nobody has a route to it. Violet dashes: a dead cable that both "
    "ends think alive."
)


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reader set: whose addresses, with whom it keeps sessions, who asks, what has failed and how, and when.

    `cut` are cables whose carrier is lost, `silent` those that fail without a sign. `settled` looks once all tables fit
    again, otherwise right after the failure.
    """

    topology: Topology
    router: str
    peer: str
    asker: str
    cut: Sequence[str] = ()
    silent: Sequence[str] = ()
    down: Sequence[str] = ()
    settled: bool = True

    def failures(self) -> list[LinkDown | NodeDown]:
        """What is noticed by its carrier."""
        return [*map(LinkDown, sorted({*self.cut})), *map(NodeDown, sorted({*self.down}))]

    def unseen(self) -> list[LinkDown]:
        """What shows no sign."""
        return [LinkDown(link) for link in sorted({*self.silent} - {*self.cut})]


def scene_of(
    network: Mapping[str, Any],
    router: str,
    peer: str,
    asker: str,
    cut: Sequence[str],
    silent: Sequence[str],
    down: Sequence[str],
    settled: bool,
) -> Scene:
    """The scene that plain data describes, as it comes from a page."""
    return Scene(from_data(network), router, peer, asker, cut, silent, down, settled)


def named(topology: Topology) -> Topology:
    """The network with an address for everybody: routers from 192.0.2.0/24, hosts from 203.0.113.0/24."""
    taken = {node.address for node in topology.nodes}
    free = {
        "router": (ip_address(f"192.0.2.{number}") for number in range(1, 255)),
        "host": (ip_address(f"203.0.113.{number}") for number in range(10, 255)),
    }

    def address(kind: str) -> Address | None:
        return next((each for each in free.get(kind, ()) if each not in taken), None)

    nodes = [node if node.address is not None else replace(node, address=address(node.kind)) for node in topology.nodes]
    return replace(topology, nodes=tuple(nodes)).addressed()


def neighbour(topology: Topology, router: str) -> str:
    """The first router at the other end of one of the router's own cables. Raises `BadNetwork` if there is none."""
    for arc in topology.arcs(router):
        if arc.neighbour in topology.routers:
            return arc.neighbour
    raise BadNetwork(f"{router} has no cable to another router; a session of its own needs one")


@dataclass(frozen=True, slots=True)
class Reply:
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


def replies(scene: Scene) -> tuple[Reply, ...]:
    """What becomes of a packet for each address of the router, its loopback address first."""
    given = interfaces(scene.topology)
    own = scene.topology.node(scene.router).address
    assert own is not None, scene.router
    asked = [("", own), *((end.link, end.address) for end in given.of(scene.router))]
    if scene.asker in scene.down:
        return tuple(Reply(link, address, Outcome.NO_ROUTE, (), scene.asker) for link, address in asked)
    return tuple(_reply(scene, given, link, address) for link, address in asked)


def _reply(scene: Scene, given: Interfaces, link: str, address: Address) -> Reply:
    """The same for one address: by the tables of the chosen moment, until it is handed to a dead cable."""
    failures, unseen = scene.failures(), scene.unseen()
    fibs = tables(given, address, failures, unseen) if scene.settled else tables(given, address)
    left = scene.topology.without(*failures, *unseen)
    found = walk(fibs, Packet(flow_to(scene.topology, scene.asker, address)), scene.asker)
    passed = tuple(takewhile(lambda hop: _passes(scene.topology, left, hop), found.hops))
    if passed == found.hops:
        return Reply(link, address, found.outcome, found.hops, found.end)
    dead = found.hops[len(passed)]
    return Reply(link, address, Outcome.LINK_DOWN, (*passed, dead), dead.node)


def _passes(whole: Topology, left: Topology, hop: Hop) -> bool:
    """Whether what is handed to the next hop gets there over what is left, across a LAN as well."""
    following, across = hop.taken.node, whole.link(hop.taken.link).other(hop.node)
    if not (left.has_link(hop.taken.link) and left.has_node(following)):
        return False
    return across == following or bool(left.links_between(across, following))


@dataclass(frozen=True, slots=True)
class Kept:
    """A session of the router with its peer: between which addresses, how it fares, and how that is said."""

    link: str  # empty where it is between loopback addresses
    between: str
    session: Session
    moves: tuple[tuple[int, Route | None], ...]

    @property
    def state(self) -> str:
        """`lives` or `drops`."""
        return "lives" if self.session.survives else "drops"


def sessions(scene: Scene) -> tuple[Kept, ...]:
    """What becomes of two sessions when it all fails at once: one between loopbacks, one between ends of a cable."""
    given = interfaces(scene.topology)
    changes = [At(0, failure) for failure in scene.failures()]
    changes += [At(0, failure, silent=True) for failure in scene.unseen()]
    trace = simulate(scene.topology, changes, interfaces=given)
    cable = scene.topology.links_between(scene.router, scene.peer)[0].name
    kept = []
    for link in ("", cable):
        session = keep_session(trace, scene.peer, scene.router, link or None, timers=HOLD)
        between = " and ".join(map(str, session.addresses))
        kept.append(Kept(link, between, session, session.moves(TAUGHT, scene.peer)))
    return tuple(kept)


def fate(scene: Scene, kept: Kept) -> str:
    """How a session fares, and the routes that the peer has from it."""
    session, changed = kept.session, [move for move in kept.moves if move[0] > 0]
    if session.survives:
        if not changed:
            return "nothing is in its way"
        at_us, route = changed[-1]
        hops = listed([hop.node for hop in route.next_hops], "or") if route else "nobody"
        way = f"from {duration(at_us)} on its packets go by {hops}"
        return f"it never notices; {way}, and so does what {scene.peer} learned"
    ended = (
        f"after {(session.dropped_us or 0) // SECOND} s {session.by} has heard nothing for {HOLD.hold_us // SECOND} s"
    )
    lost = next((at_us for at_us, route in changed if route is None and at_us < (session.dropped_us or 0)), None)
    if lost is not None:
        return f"{ended}; what {scene.peer} learned from it is of no use from {duration(lost)} on"
    return f"{ended}; until then what {scene.peer} learned from it leads onto the dead cable"


def session_table(scene: Scene) -> Element:
    """The two sessions, each with what it survives."""
    head = element("thead", element("tr", *(element("th", cell, scope="col") for cell in ("Session between", "Then"))))
    rows = []
    for kept in sessions(scene):
        state = element("strong", {"lives": "✓ lives on:", "drops": "✗ drops:"}[kept.state], key=("session", kept.link))
        said = element("td", state, " ", element("span", fate(scene, kept), key=("session-says", kept.link)))
        what = f"the ends of the cable, {kept.between}" if kept.link else f"the boxes, {kept.between}"
        row = element("th", what, scope="row"), said
        rows.append(element("tr", *row, key=("session-row", kept.link), class_=f"nl-row-{kept.state}"))
    caption = element(
        "caption", f"Two BGP sessions of {scene.router} with {scene.peer}, hold time {HOLD.hold_us // SECOND} s"
    )
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-sessions")


def check(scene: Scene) -> None:
    """Raise the error that names what is wrong, before anything is drawn."""
    for name in (scene.router, scene.peer, scene.asker):
        kind = scene.topology.node(name).kind
        if kind == "lan":
            raise BadNetwork(f"{name} is a LAN and has no address of its own")
    if scene.topology.node(scene.router).kind != "router":
        raise BadNetwork(f"{scene.router} is a host; the addresses shown are a router's")
    if scene.topology.node(scene.peer).kind != "router" or not scene.topology.links_between(scene.router, scene.peer):
        raise BadNetwork(f"{scene.peer} is no router beside {scene.router}; sessions are shown between neighbours")
    scene.topology.without(*scene.failures(), *scene.unseen())


# In words


def claim(scene: Scene, found: Sequence[Reply]) -> str:
    """The one sentence to take away."""
    own, *ports = found
    router, quiet = scene.router, [reply for reply in ports if reply.state != "answers"]
    if router in scene.down:
        return f"{router} is down: no name helps where there is no box"
    if scene.asker in scene.down:
        return f"{scene.asker} is down, and asks for nothing"
    if own.state == "answers":
        if not quiet:
            return f"All {len(found)} addresses of {router} answer {scene.asker}"
        if len(quiet) == len(ports):
            return f"{router} answers to its own name alone: none of its ports' addresses is left"
        verb = "does" if len(quiet) == 1 else "do"
        return f"{router} answers to its own name; {len(quiet)} of its {len(ports)} ports' addresses {verb} not"
    if not scene.settled and _count(found):
        return f"For the moment {router}'s own name does not answer; {_count(found)} of its ports' addresses still do"
    if not scene.settled:
        return f"For the moment nothing of {router} answers: every way leads over a dead cable"
    return f"No way from {scene.asker} to {router} is left: none of its addresses answers"


def _count(found: Sequence[Reply]) -> int:
    return sum(reply.state == "answers" for reply in found)


def words(scene: Scene, found: Sequence[Reply]) -> str:
    """Each address in a sentence, and what has failed."""
    verbs = {"answers": "answers", "lost": "is lost:", "gone": "is gone"}
    sentences = [
        f"{whose(scene, reply)}, {reply.address}, {verbs[reply.state]} {why(scene, reply)}." for reply in found
    ]
    for label, links in (("Cut", scene.cut), ("Cut silently", scene.silent)):
        if links:
            cables = (link_label(scene.topology.link(name)) for name in sorted({*links}))
            sentences.append(f"{label}: {', '.join(cables)}.")
    if scene.down:
        sentences.append(f"Down: {', '.join(sorted({*scene.down}))}.")
    for kept in sessions(scene):
        what = "the ends of their cable" if kept.link else "the boxes"
        lot = {"lives": "lives on", "drops": "drops"}[kept.state]
        sentences.append(f"The session of {scene.router} and {scene.peer} between {what} {lot}: {fate(scene, kept)}.")
    return " ".join(sentences)


def whose(scene: Scene, reply: Reply) -> str:
    """`R2's loopback address`, `Its address towards R1`."""
    if not reply.link:
        return f"{scene.router}'s loopback address"
    return f"The address of its port to {scene.topology.link(reply.link).other(scene.router)}"


def why(scene: Scene, reply: Reply) -> str:
    """By which way a packet for this address goes, or why it does not arrive."""
    way, router = " → ".join(reply.nodes), scene.router
    if reply.state == "answers":
        return f"by {way}"
    if scene.asker in scene.down:
        return f"for {scene.asker}, which is down and asks for nothing"
    if reply.outcome is Outcome.LINK_DOWN:
        return f"{way} hands its packets to the dead cable towards {reply.hops[-1].taken.node}"
    if reply.outcome is Outcome.TTL_EXPIRED:
        return f"packets go round at {reply.end}"
    if router in scene.down:
        return f"with {router}, which is down"
    if reply.link in scene.cut:
        return f"with its cable; nobody announces it any more, though {router} still owns it"
    return f"for {scene.asker}: {reply.end} has no route to it"


# Drawn


def drawing(scene: Scene, found: Sequence[Reply], *, live: bool) -> Element:
    """The network with the router's name plate and ports, and the way of a packet to each of its addresses."""
    failed = frozenset(scene.cut) | frozenset(scene.silent)
    marks = Marks(cut=failed, down=frozenset(scene.down), spoken={scene.router: _spoken(found)})
    label = f"Network: {scene.asker} asks {scene.router}. Arrow keys move between links and routers, Enter acts."
    layout = lay_out(scene.topology)
    ways = [part for reply in found for part in _way(scene.topology, reply, live)]
    believed = [
        element(
            "path",
            key=("old", link.name),
            class_="nl-believed" + ("" if link.name in scene.silent and link.name not in scene.cut else " nl-hidden"),
            d=path_data(layout.links[link.name]),
        )
        for link in scene.topology.links
    ]
    own, *ports = found
    x, y = _plate_place(scene)
    signs = [plate(x, y, str(own.address), "" if own.state == "answers" else "nl-gone", key=("plate", own.link))]
    for reply in ports:
        curve = layout.links[reply.link]
        at_start = scene.topology.link(reply.link).a == scene.router
        signs.append(port(reply, *port_place(layout.nodes[scene.router], curve, at_start)))
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene, found),
        under=(*believed, *ways),
        over=(element("g", *signs, class_="nl-signs"),),
    )


def _plate_place(scene: Scene) -> tuple[float, float]:
    layout = lay_out(scene.topology)
    return layout.notes[scene.router]


def _spoken(found: Sequence[Reply]) -> str:
    return f", {_count(found)} of its {len(found)} addresses answer"


def _way(topology: Topology, reply: Reply, live: bool) -> Iterable[Element]:
    """The way to one address, and a dot at its end; the page shows the chosen one, a picture the way to the box."""
    steps: list[tuple[str, str]] = []
    for hop in reply.hops:
        across = topology.link(hop.taken.link).other(hop.node)
        steps.append((hop.node, hop.taken.link))
        if across != hop.taken.node:  # a LAN lies between
            steps.append((across, topology.links_between(across, hop.taken.node)[0].name))
    data, (x, y) = way_data(topology, lay_out(topology), steps)
    if reply.outcome is Outcome.LINK_DOWN:  # it falls off where the dead cable begins
        node, link = steps[-1]
        curve = lay_out(topology).links[link]
        x, y = (curve if topology.link(link).a == node else curve.reversed()).at(0.3)
    hidden = "" if data and (live or not reply.link) else " nl-hidden"
    yield element(
        "path", key=("way", reply.link), class_=f"nl-way nl-to{hidden}", d=data or "M0 0", data_way=reply.link
    )
    kind = f"nl-dot nl-to nl-{reply.state}{hidden}"
    yield element("circle", key=("dot", reply.link), class_=kind, cx=x, cy=y, r=8, data_dot=reply.link)


def port_place(box: Box, curve: Curve, start_is_box: bool) -> tuple[float, float]:
    """Where a port's square stands: on its cable, just outside the router."""
    out = curve if start_is_box else curve.reversed()
    return out.at(min(0.5, (box.height / 2 + PORT + 2) / (out.length or 1.0)))


def port(reply: Reply, x: float, y: float) -> Element:
    """A port: a square with a tick where its address answers, a cross where it is lost, empty and dashed if gone."""
    tick = f"M{number(x - 4.5)} {number(y)}l3.5 4l6 -8"
    cross = f"M{number(x - 4)} {number(y - 4)}l8 8m0 -8l-8 8"
    return element(
        "g",
        element("rect", x=x - PORT, y=y - PORT, width=2 * PORT, height=2 * PORT, rx=3),
        element("path", key=("port-sign", reply.link), d={"answers": tick, "lost": cross}.get(reply.state, "M0 0")),
        key=("port", reply.link),
        class_=f"nl-port nl-port-{reply.state}",
        data_port=reply.link,
    )


SIGNS = {"answers": "✓ answers", "lost": "✗ lost:", "gone": "✗ gone"}


def table(scene: Scene, found: Sequence[Reply], live: bool = True) -> Element:
    """Every address of the router: what it belongs to, whether it answers, by which way or why not."""
    heads = ("Address", "Belongs to", "When asked")
    head = element("thead", element("tr", *(element("th", cell, scope="col") for cell in heads)))
    rows = []
    for reply in found:
        belongs = f"the port to {scene.topology.link(reply.link).other(scene.router)}" if reply.link else "the box"
        name: Element | str = str(reply.address)
        if live:
            pick = element("input", type="radio", name="nl-look", data_look=reply.link, checked=not reply.link)
            name = element("label", pick, f" {reply.address}", class_="nl-check")
        state = element("strong", SIGNS[reply.state], key=("state", reply.link))
        said = element("td", state, " ", element("span", why(scene, reply), key=("why", reply.link)))
        cells = element("th", name, scope="row"), element("td", belongs), said
        rows.append(element("tr", *cells, key=("row", reply.link), class_=f"nl-row-{reply.state}"))
    caption = element("caption", f"The addresses of {scene.router}; the chosen one's way is drawn")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-addresses")


def view(*values: Any) -> View:
    """What every changeable part of the figure looks like, from plain data in the order of `scene_of`."""
    return keyed(body(scene_of(*values)))


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure: how cables fail, who asks and when, the drawing, the table, the sessions."""
    found = replies(scene)
    tools = (
        element("button", meaning, type="button", aria_pressed="true" if name == "cut" else "false", data_tool=name)
        for name, meaning in TOOLS.items()
    )
    askers = {node.name: node.name for node in scene.topology.nodes if node.kind != "lan" and node.name != scene.router}
    return element(
        "div",
        *([question] if question else []),
        element("p", claim(scene, found), key="title", class_="nl-title"),
        element("p", HINT, class_="nl-hint"),
        element(
            "div",
            element("span", "A click on a cable:"),
            *tools,
            class_="nl-controls nl-tools",
            role="group",
            aria_label="How a cable fails",
        ),
        element("div", drawing(scene, found, live=True), class_="nl-scroll"),
        element("p", LEGEND.format(scene.router), class_="nl-hint"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element("p", claim(scene, found), key="say", class_="nl-spoken", aria_live="polite"),
        element(
            "div",
            choice("asker", "Who asks", askers, scene.asker),
            choice("settled", "When", MOMENTS, str(scene.settled).lower()),
            element("button", "Reset", type="button", data_do="reset"),
            class_="nl-controls",
        ),
        table(scene, found),
        session_table(scene),
        class_="nl-box",
    )
