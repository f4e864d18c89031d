"""Whose packets reach which instance of an anycast address, once every table fits: what there is to say and to draw.

`Placed` is what the reader set, `Answer` what follows. How it comes about in time is in `netlearn.figure.breaking`, the
whole figure in `netlearn.figure.anycast`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from netlearn.anycast import Catchments, as_address, catchments_of, place
from netlearn.errors import BadNetwork, NetlearnError
from netlearn.fib import Fib, converged_fibs
from netlearn.figure.explorer import NOTE_LETTERS, MetricChange, metric_changes
from netlearn.figure.layout import lay_out, shortened
from netlearn.figure.markup import Element, element
from netlearn.figure.network import Marks, draw, link_label, listed
from netlearn.figure.territory import AROUND, plates, rings, tint
from netlearn.forwarding import Outcome, flow_to, walk
from netlearn.nodelink import from_data
from netlearn.packet import Packet
from netlearn.rib import Route
from netlearn.timers import DETECTIONS
from netlearn.topology import Address, LinkDown, NodeDown, Topology

CONNECTIONS = 64  # as many as the measured ones
NAMED = 3  # nodes that a title names; more are counted
TOOLS = {
    "at": "Place or take away the address",
    "added": "Add it as a change",
    "sick": "Stop the service only",
    "withdrawn": "Withdraw the announcement",
    "down": "Take the router down",
}


@dataclass(frozen=True, slots=True)
class Placed:
    """What the reader set: who has the address, what has failed, whose service is dead, who does not announce it.

    `at` are the routers that have the address from the beginning, `added` those to which it comes as a change. `sick`
    are routers whose service is dead, `withdrawn` routers that have the address and do not announce it; whatever of
    that has no address is kept for when it has, and changes nothing.
    """

    topology: Topology
    source: str
    address: Address
    at: Sequence[str] = ()
    added: Sequence[str] = ()
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    sick: Sequence[str] = ()
    withdrawn: Sequence[str] = ()
    metrics: Sequence[MetricChange] = ()
    detect: str = "carrier"
    time: bool = False

    def whole(self) -> Topology:
        """The network with the reader's metrics, before anything fails or changes."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return place(topology.addressed(), self.address, [each for each in topology.routers if each in self.at])

    def after(self) -> Topology:
        """What is left of it, with those who still announce the address."""
        announced = place(self.whole(), self.address, [node for node in self.holders if node not in self.withdrawn])
        return announced.without(*map(LinkDown, self.cut), *map(NodeDown, self.down))

    @property
    def holders(self) -> list[str]:
        """The routers that have the address in the end, in the topology's order."""
        return [router for router in self.topology.routers if router in self.at or router in self.added]

    def state(self, router: str) -> str:
        """How the address is on a router: `serving`, `sick`, `withdrawn`, or nothing if it is not there."""
        if router not in self.holders or router in self.down:
            return ""
        return "withdrawn" if router in self.withdrawn else "sick" if router in self.sick else "serving"


def placed(
    network: Mapping[str, Any],
    source: str,
    address: str,
    at: Sequence[str],
    added: Sequence[str],
    cut: Sequence[str],
    down: Sequence[str],
    sick: Sequence[str],
    withdrawn: Sequence[str],
    metrics: Iterable[object],
    detect: str,
    time: bool,
) -> Placed:
    """What plain data describes, as it comes from a page. Raises `BadNetwork` or `NetlearnError` for what is none."""
    return Placed(
        from_data(network),
        source,
        as_address(address),
        at,
        added,
        cut,
        down,
        sick,
        withdrawn,
        metric_changes(metrics),
        detect,
        time,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows: who reaches which instance, every node's route, and where the source's connections end.

    `connections` counts them by instance; `None` stands for those that reach nobody.
    """

    whole: Topology
    catchments: Catchments
    routes: Mapping[str, Route | None]
    connections: Mapping[str | None, int]

    def parts(self, node: str) -> list[tuple[str, Fraction]]:
        """The instances that a node's flows reach with their parts of 1; what is lost stands last, under no name."""
        if node not in self.catchments.shares:
            return []
        lost = self.catchments.lost(node)
        return [*self.catchments.of(node).items(), *([("", lost)] if lost else [])]


def answer(given: Placed) -> Answer:
    """Everything that the figure shows, computed."""
    after = given.after()
    fibs = converged_fibs(after)
    return Answer(
        given.whole(),
        catchments_of(fibs, given.address),
        {node: fib.lookup(given.address) for node, fib in fibs.items()},
        _connections(given, after, fibs),
    )


def _connections(given: Placed, after: Topology, fibs: Mapping[str, Fib]) -> Mapping[str | None, int]:
    if given.source not in fibs:
        return {None: CONNECTIONS}
    flows = (flow_to(after, given.source, given.address, number) for number in range(1, CONNECTIONS + 1))
    ends = (walk(fibs, Packet(flow), given.source) for flow in flows)
    return Counter(end.end if end.outcome is Outcome.DELIVERED else None for end in ends)


def check(given: Placed) -> None:
    """Raise the error that names what is wrong, before anything is drawn."""
    whole = given.whole()
    for name in (*given.at, *given.added, *given.sick, *given.withdrawn):
        if whole.node(name).kind != "router":
            raise BadNetwork(
                f"{name} is a {whole.node(name).kind}; the address stands on routers: {listed(whole.routers)}"
            )
    if whole.node(given.source).kind == "lan":
        raise BadNetwork(f"{given.source} is a LAN; connections come from routers and hosts")
    if given.detect not in DETECTIONS:
        raise NetlearnError(f"failures are noticed by {listed(DETECTIONS, 'or')}, not by {given.detect!r}")
    whole.without(*map(LinkDown, given.cut), *map(NodeDown, given.down))


# In words


def claim(given: Placed, found: Answer) -> str:
    """The one sentence to take away."""
    instances = found.catchments.instances
    if not instances:
        return f"Nobody announces {given.address}, so nobody reaches it"
    dead = [node for node in instances if node in given.sick]
    if dead:
        lured = [node for node, shares in found.catchments.shares.items() if {*dead} & {*shares} and node not in dead]
        whom = _counted(lured) if lured else "nobody"
        return f"{listed(dead)} {_plural(dead, 'goes', 'go')} on attracting {whom}, to a service that is dead"
    lost = [node for node in found.catchments.shares if found.catchments.lost(node)]
    if lost:
        return f"{_counted(lost)} {_plural(lost, 'reaches', 'reach')} no instance any more"
    if len(instances) == 1:
        return f"{instances[0]} alone announces it, and everybody goes there"
    if given.source in found.catchments.border:
        return f"What {given.source} sends is divided: {shared(found.parts(given.source))}"
    border = found.catchments.border
    if border:
        return f"{_counted(border)} {_plural(border, 'stands', 'stand')} between instances; all others have one nearest"
    return "Everybody has one nearest instance"


def words(given: Placed, found: Answer) -> str:
    """The picture in words: who reaches whom, where flows are divided, what has failed."""
    sentences = []
    for instance in found.catchments.instances:
        area = [node for node in found.catchments.area(instance) if node != instance]
        sentences.append(f"{instance} gets all that {listed(area)} {_plural(area, 'sends', 'send')}." if area else "")
    divided: dict[str, list[str]] = {}
    for node in found.catchments.border:
        divided.setdefault(shared(found.parts(node)), []).append(node)
    for ends, nodes in divided.items():
        sentences.append(f"What {listed(nodes)} {_plural(nodes, 'sends', 'send')} is divided: {ends}.")
    lost = [node for node in found.catchments.shares if found.catchments.lost(node) == 1]
    if lost:
        sentences.append(f"{listed(lost)} {_plural(lost, 'reaches', 'reach')} nobody.")
    sentences.append(connections_in_words(given, found))
    for router in given.holders:
        state = given.state(router)
        if state == "sick":
            sentences.append(f"The service on {router} is dead, and {router} announces the address all the same.")
        elif state == "withdrawn":
            sentences.append(f"{router} has the address and does not announce it.")
    return " ".join(filter(None, [*sentences, *failures_in_words(given)]))


def connections_in_words(given: Placed, found: Answer) -> str:
    """Where new connections of the source end."""
    ends = [
        f"{found.connections[name]} reach {f'{name}, where nobody serves' if name in given.sick else name}"
        for name in sorted(found.connections, key=lambda name: (name is None, name))
        if name is not None
    ]
    if found.connections.get(None):
        ends.append(f"{found.connections[None]} reach nobody")
    return f"Of {CONNECTIONS} new connections from {given.source}, {listed(ends)}."


def failures_in_words(given: Placed) -> list[str]:
    """What has failed or was changed, a sentence each."""
    sentences = []
    if given.cut:
        sentences.append(f"Cut: {', '.join(link_label(given.topology.link(name)) for name in sorted({*given.cut}))}.")
    if given.down:
        sentences.append(f"Down: {', '.join(sorted({*given.down}))}.")
    if given.metrics:
        changed = (
            f"{start} to {given.topology.link(link).other(start)} {metric}" for link, start, metric in given.metrics
        )
        sentences.append(f"Changed metrics: {', '.join(changed)}.")
    return sentences


def shared(parts: Sequence[tuple[str, Fraction]]) -> str:
    """`75% to R4 and 25% to R7`."""
    return listed(f"{float(part):.0%} to {instance or 'nobody'}" for instance, part in parts)


def _counted(nodes: Sequence[str]) -> str:
    return listed(nodes) if len(nodes) <= NAMED else f"{len(nodes)} nodes"


def _plural(nodes: Sequence[str], one: str, several: str) -> str:
    return one if len(nodes) == 1 else several


# Drawn


def drawing(
    given: Placed, found: Answer, *, live: bool, under: tuple[Element, ...] = (), over: tuple[Element, ...] = ()
) -> Element:
    """The network with the catchments, once everything has settled."""
    marks = Marks(
        cut=frozenset(given.cut),
        down=frozenset(given.down),
        next_hops={node: route.next_hops for node, route in found.routes.items() if route},
    )
    label = words(given, found)
    return picture(given, found.whole, found.catchments, marks, live=live, label=label, under=under, over=over)


def picture(
    given: Placed,
    whole: Topology,
    reached: Catchments,
    marks: Marks,
    *,
    live: bool,
    label: str,
    states: Mapping[str, str] | None = None,
    under: tuple[Element, ...] = (),
    over: tuple[Element, ...] = (),
) -> Element:
    """The network with who reaches whom, at any moment; `states` are those of the routers with the address."""
    if states is None:
        states = {router: given.state(router) for router in whole.routers}
    parts = {node: _parts(reached, node) for node in reached.shares if node not in marks.down}
    notes, tints = {}, {}
    for node, shares in parts.items():
        notes[node] = note(node, shares, states)
        if states.get(node) != "sick" and "" not in dict(shares):
            tints[node] = tint(whole, shares[0][0]) if len(shares) == 1 else "nl-split"
    spoken = {node: _spoken(states.get(node, ""), shares) for node, shares in parts.items()}
    alarms = frozenset(node for node, shares in parts.items() if states.get(node) == "sick" or ("" in dict(shares)))
    marks = Marks(
        cut=marks.cut, down=marks.down, next_hops=marks.next_hops, stale=marks.stale, notes=notes, tints=tints,
        spoken=spoken, alarms=alarms,
    )  # fmt: skip
    layout = lay_out(whole, AROUND)
    keys = "Arrow keys move between links and routers. Enter cuts or mends a link, and does to a router what is chosen."
    return draw(
        whole,
        marks,
        live=live,
        label=f"Network with {given.address} on {listed(given.holders) if given.holders else 'nobody'}. {keys}"
        if live
        else label,
        under=(*rings(whole, layout, parts), *under),
        over=(*plates(whole, layout, states), *over),
        around=AROUND,
    )


def note(node: str, parts: Sequence[tuple[str, Fraction]], states: Mapping[str, str]) -> str:
    """A few words beside a node: which instance, or how its flows are divided from left to right."""
    if len(parts) == 1:
        instance = parts[0][0]
        if instance == node:
            return "dead service" if states.get(node) == "sick" else "here"
        return f"to {shortened(instance, NOTE_LETTERS - 3)}" if instance else "to nobody"
    if len(parts) == 2:
        (first, part), (second, rest) = parts
        words = f"{first} {round(100 * part)}:{round(100 * rest)} {second or 'lost'}"
        return words if len(words) <= NOTE_LETTERS else "2 ways"
    return f"{len(parts)} ways"


def _parts(reached: Catchments, node: str) -> list[tuple[str, Fraction]]:
    lost = reached.lost(node)
    return [*reached.of(node).items(), *([("", lost)] if lost else [])]


def _spoken(state: str, parts: Sequence[tuple[str, Fraction]]) -> str:
    has = {
        "serving": ", has the address",
        "sick": ", has the address, its service is dead",
        "withdrawn": ", has the address, not announced",
        "": "",
    }[state]
    return f"{has}, sends {shared(parts)}" if parts else has


def table(given: Placed, found: Answer) -> Element:
    """Each node's own answer: which instance, how far, by whom."""
    heads = ("Node", "Goes to", "Metric", "Next hop")
    head = element("thead", element("tr", *(element("th", cell, scope="col") for cell in heads)))
    rows = []
    for node in found.whole.nodes:
        if node.kind == "lan":
            continue
        route, parts = found.routes.get(node.name), found.parts(node.name)
        goes = "itself" if route and route.local else _briefly(parts)
        hops = [hop.node for hop in route.next_hops] if route else []
        cells = (
            "down" if node.name in given.down else goes,
            str(route.metric) if route else "–",
            listed(hops, "or") if hops else "–",
        )
        row = [element("th", node.name, scope="row")]
        row += [element("td", text, key=("cell", node.name, column)) for column, text in enumerate(cells)]
        rows.append(element("tr", *row))
    caption = element("caption", f"Where each node's packets for {given.address} end")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-reached")


def _briefly(parts: Sequence[tuple[str, Fraction]]) -> str:
    if len(parts) == 1:
        return parts[0][0] or "nobody"
    return ", ".join(f"{who or 'nobody'} {float(part):.0%}" for who, part in parts)


def switches(given: Placed) -> Element:
    """Everything that can be done to a router, as switches."""
    columns = (
        ("at", "Has it", "has the address"),
        ("added", "Gets it", "gets the address as a change"),
        ("sick", "Dead service", "service is dead"),
        ("withdrawn", "Withdrawn", "does not announce it"),
        ("down", "Down", "is down"),
    )
    heads = ("Router", *(head for _, head, _ in columns))
    head = element("thead", element("tr", *(element("th", cell, scope="col") for cell in heads)))
    rows = []
    for router in given.topology.routers:
        cells = [element("th", router, scope="row")]
        for name, _, words_ in columns:
            box = element(
                "input", type="checkbox", checked=router in getattr(given, name), data_switch=name, data_of=router,
                aria_label=f"{router} {words_}",
            )  # fmt: skip
            cells.append(element("td", box))
        rows.append(element("tr", *cells))
    caption = element("caption", "Routers")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel")
