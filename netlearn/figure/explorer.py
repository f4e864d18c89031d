"""The figure of the first case: cut links, take routers down, change metrics, and see every shortest path.

`view` is the whole logic: from what the reader set to everything that is shown. It runs in a notebook's kernel and,
by the same lines, in the reader's browser.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netlearn.errors import BadNetwork, shown
from netlearn.fib import converged_fib
from netlearn.figure.markup import Element, View, element, keyed
from netlearn.figure.network import Marks, draw, link_label, listed
from netlearn.forwarding import Hop, Walk, flow_between, shares, walk
from netlearn.nodelink import from_data
from netlearn.packet import Flow, Packet, choice, flow_hash
from netlearn.spf import NextHop, ShortestPaths, first_paths, path_count, shortest_paths
from netlearn.topology import Link, LinkDown, NodeDown, Topology, check_metric

LISTED_PATHS = 6  # more would not be read
NOTE_LETTERS = 13  # more would not fit into the place that the layout keeps for a note
MetricChange = tuple[str, str, int]  # link, the end that it leaves, metric


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader set: the network, from where to where, what has failed, what metrics changed, which flow."""

    topology: Topology
    source: str
    destination: str
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    metrics: Sequence[MetricChange] = ()
    flow: int = 1

    def whole(self) -> Topology:
        """The network with the reader's metrics, and everything in it up."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return topology


def plain_case(
    network: Mapping[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    metrics: Iterable[object],
    flow: int,
) -> Case:
    """The case that plain data describes, as it comes from a page; of two metrics for one direction the last holds.

    Raises `BadNetwork` for a changed metric that is not `[link, the end that it leaves, metric]`.
    """
    return Case(from_data(network), source, destination, cut, down, metric_changes(metrics), flow)


def metric_changes(metrics: Iterable[object]) -> list[MetricChange]:
    """Changed metrics from plain data; of two for one direction the last holds.

    Raises `BadNetwork` for one that is not `[link, the end that it leaves, metric]`.
    """
    changes: dict[tuple[str, str], int] = {}
    for change in metrics:
        if not (isinstance(change, list | tuple) and len(change) == 3 and all(isinstance(w, str) for w in change[:2])):
            raise BadNetwork(f"a changed metric is [link, the end that it leaves, metric], not {shown(change)}")
        link, start, metric = change
        check_metric(metric, f"link {link}, from {start}")  # each of them, as the last one alone would be looked at
        changes[link, start] = metric
    return [(link, start, metric) for (link, start), metric in changes.items()]


@dataclass(frozen=True, slots=True)
class Answer:
    """What follows from a case: every node's next hops, all shortest paths, what each link carries, one flow's way.

    `after` is what the failures left of `whole`. `carried` is the share of the flows that one node hands to another.
    """

    whole: Topology
    after: Topology
    count: int = 0
    metric: int | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    roots: dict[str, ShortestPaths] = field(default_factory=dict)
    carried: dict[tuple[str, str, str], float] = field(default_factory=dict)
    flow: Flow | None = None
    walk: Walk | None = None

    def next_hops(self, node: str, destination: str) -> tuple[NextHop, ...]:
        """Where the node hands over what is for the destination; nothing if it is down or knows no way."""
        return self.roots[node].next_hops(destination) if node in self.roots else ()

    def on_links(self) -> dict[tuple[str, str, str], float]:
        """The share of the flows on each link, as `carried` but with the way out of a LAN as a step of its own."""
        shares_on: dict[tuple[str, str, str], float] = {}
        for (node, following, link), share in self.carried.items():
            for step in self.steps(node, NextHop(following, link)):
                shares_on[step] = shares_on.get(step, 0.0) + share
        return shares_on

    def steps(self, node: str, taken: NextHop) -> list[tuple[str, str, str]]:
        """The links from a node to its next hop, as (from, to, link): one, or two with a LAN between them."""
        across = self.after.link(taken.link).other(node)
        first = (node, across, taken.link)
        if across == taken.node:
            return [first]
        return [first, (across, taken.node, self.after.links_between(across, taken.node)[0].name)]


def answer(case: Case) -> Answer:
    """Everything that the figure shows, computed."""
    whole = case.whole()
    # Addresses come before failures: the death of a router elsewhere must not give the flow another hash.
    after = whole.addressed().without(*map(LinkDown, case.cut), *map(NodeDown, case.down))
    roots = {node.name: shortest_paths(after, node.name) for node in after.nodes if node.kind != "lan"}
    if case.source not in roots or case.destination not in roots:
        return Answer(whole, after, roots=roots)
    flow = flow_between(after, case.source, case.destination, case.flow)
    carried = shares(after, case.source, case.destination)
    on_the_way = {case.source, case.destination, *(node for start, end, _ in carried for node in (start, end))}
    return Answer(
        whole,
        after,
        count=path_count(after, case.source, case.destination),
        metric=roots[case.source].distance.get(case.destination),
        paths=first_paths(after, case.source, case.destination, LISTED_PATHS),
        roots=roots,
        carried=carried,
        flow=flow,
        walk=walk({node: converged_fib(after, node) for node in on_the_way}, Packet(flow), case.source),
    )


def view(
    network: dict[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    metrics: Sequence[Sequence[Any]],
    flow: int,
) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    return keyed(body(plain_case(network, source, destination, cut, down, metrics, flow)))


def body(case: Case, hint: str = "", question: Element | None = None) -> Element:
    """The live figure: drawing, controls, words and tables."""
    found = answer(case)
    parts = [
        *([question] if question else []),
        title(case, found),
        element(
            "p",
            hint or "Click a cable to cut it, a router to take it down. Or use the arrow keys and Enter.",
            class_="nl-hint",
        ),
        element("div", drawing(case, found, live=True), class_="nl-scroll"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        _controls(case),
        element("p", class_="nl-problem", role="alert", data_part="problem"),
        say(case, found),
        say_flow(case, found),
        element("div", next_hop_table(case, found), metric_table(found.whole), class_="nl-panels"),
    ]
    return element("div", *parts, class_="nl-explorer")


def drawing(case: Case, found: Answer, live: bool) -> Element:
    """The network, with what failed, what carries the flows, where ties are, and the way of the chosen flow."""
    tied = {node: found.next_hops(node, case.destination) for node, _, _ in found.carried}
    marks = Marks(
        cut=frozenset(case.cut),
        down=frozenset(case.down),
        shares=found.on_links(),
        next_hops={node: found.next_hops(node, case.destination) for node in found.roots},
        notes={node: _tie(_names(hops)) for node, hops in tied.items() if len(hops) > 1},
        way=tuple(
            (start, link)
            for hop in (found.walk.hops if found.walk else ())
            for start, _, link in found.steps(hop.node, hop.taken)
        ),
    )
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network from {case.source} to {case.destination}. {keys}"
    return draw(found.whole, marks, live=live, label=label if live else words(case, found))


def title(case: Case, found: Answer) -> Element:
    """What the picture claims."""
    return element("p", claim(case, found), key="title", class_="nl-title")


def claim(case: Case, found: Answer) -> str:
    """The one sentence to take away: who is tied, or which way is the only shortest."""
    if not found.count:
        return f"No way is left from {case.source} to {case.destination}"
    if case.source == case.destination:
        return f"{case.source} is the destination itself: nothing leaves it"
    tied = [node for node in found.roots if len({*found.next_hops(node, case.destination)}) > 1]
    tied = sorted({node for node, _, _ in found.carried}.intersection(tied))
    if len(tied) == 2:
        return f"{tied[0]} is tied, and so is {tied[1]}"
    if tied:
        return f"{listed(tied)} {'is' if len(tied) == 1 else 'are'} tied"
    between = found.paths[0][1:-1]
    return f"One shortest path: by {listed(between)}" if between else "They are neighbours: one hop"


def words(case: Case, found: Answer) -> str:
    """The picture in words: paths, ties, failures, changed metrics."""
    sentences = [_paths_in_words(case, found)]
    for node in dict.fromkeys(node for node, _, _ in found.carried):
        hops = _names(found.next_hops(node, case.destination))
        if len(hops) > 1:
            sentences.append(f"{node} shares the flows between {listed(hops)}.")
    if case.cut:
        sentences.append(f"Cut: {', '.join(link_label(found.whole.link(name)) for name in sorted({*case.cut}))}.")
    if case.down:
        sentences.append(f"Down: {', '.join(sorted({*case.down}))}.")
    if case.metrics:
        changed = (f"{start} to {found.whole.link(link).other(start)} {metric}" for link, start, metric in case.metrics)
        sentences.append(f"Changed metrics: {', '.join(changed)}.")
    return " ".join(sentences)


def say(case: Case, found: Answer) -> Element:
    """The result, spoken politely when it changes."""
    return element("p", words(case, found), key="say", class_="nl-say", aria_live="polite")


def say_flow(case: Case, found: Answer) -> Element:
    """The chosen flow's way, and why."""
    return element("p", flow_in_words(case, found), key="flow-say", class_="nl-flow-say")


def flow_in_words(case: Case, found: Answer) -> str:
    """Which way one flow goes, and at each tie where its hash fell."""
    if found.walk is None or found.flow is None:
        return f"Flow {case.flow} has no end to go to."
    if not found.walk.hops:
        why = "it is there already" if case.source == case.destination else f"no route to {case.destination}"
        return f"Flow {case.flow} does not leave {found.walk.end}: {why}."
    choices = [_choice_in_words(hop, found.flow) for hop in found.walk.hops if hop.tied]
    why = " ".join(choices) if choices else "No router on its way has a choice."
    return f"Flow {case.flow} goes {' → '.join(found.walk.nodes)}. {why}"


def next_hop_table(case: Case, found: Answer) -> Element:
    """Each router's own answer: how far the destination is, to whom it hands over, what passes through it."""
    head = element("thead", _row("th", ("Router", f"Metric to {case.destination}", "Next hop", "Flows")))
    rows = []
    for router in found.whole.routers:
        hops = _names(found.next_hops(router, case.destination))
        metric = found.roots[router].distance.get(case.destination) if router in found.roots else None
        passing = sum(share for node, _, share in _outgoing(found) if node == router)
        cells = (
            "–" if metric is None else str(metric),
            "down" if router in case.down else " or ".join(hops) if hops else "no route",
            f"{passing:.0%}" if passing else "–",
        )
        row = [element("th", router, scope="row")]
        row += [element("td", text, key=("cell", router, column)) for column, text in enumerate(cells)]
        rows.append(element("tr", *row, key=("row", router), class_="nl-tied" if len(hops) > 1 else "nl-untied"))
    caption = element("caption", f"Where each router hands over what is for {case.destination}")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-hops")


def check(case: Case) -> None:
    """Raise the error that names what is wrong with a case, before anything is drawn."""
    whole = case.whole()
    for name in (case.source, case.destination):
        if whole.node(name).kind == "lan":
            raise BadNetwork(f"{name} is a LAN; flows begin and end at routers and hosts")
    whole.without(*map(LinkDown, case.cut), *map(NodeDown, case.down))
    flow_between(whole.addressed(), case.source, case.destination, case.flow)


def _paths_in_words(case: Case, found: Answer) -> str:
    if not found.count:
        return f"{case.source} cannot reach {case.destination}."
    many = "1 shortest path" if found.count == 1 else f"{found.count:,} equally short paths"
    more = f"; and {found.count - len(found.paths):,} more" if found.count > len(found.paths) else ""
    return f"{many}, metric {found.metric}: {'; '.join(' → '.join(path) for path in found.paths)}{more}."


def _choice_in_words(hop: Hop, flow: Flow) -> str:
    """Where the flow's hash fell, as a number from 0 to 1, and which part belongs to whom (RFC 2992 2.1).

    All numbers are cut after two digits and none is rounded up, so that none is shown beyond the end of its part.
    """
    names = _names(hop.route.next_hops)
    hashed = choice(flow_hash(flow, hop.node), 100) / 100
    ends = [100 * index // len(names) / 100 for index in range(len(names) + 1)]
    parts = (f"{name} takes {begin:.2f} to {end:.2f}" for name, begin, end in zip(names, ends, ends[1:], strict=False))
    taken = names[hop.route.next_hops.index(hop.taken)]
    return f"{hop.node} hashes it to {hashed:.2f}: {', '.join(parts)}, so it goes to {taken}."


def _tie(names: list[str]) -> str:
    """The note beside a tied node: the next hops, or how many where their names do not fit."""
    note = f"tie: {', '.join(names)}"
    return note if len(note) <= NOTE_LETTERS else f"tie of {len(names)}"


def _names(hops: Iterable[NextHop]) -> list[str]:
    """The next hops by name; parallel links to one neighbour are told apart."""
    hops = list(hops)
    several = {hop.node for hop in hops if sum(other.node == hop.node for other in hops) > 1}
    return [f"{hop.node} ({hop.link})" if hop.node in several else hop.node for hop in hops]


def _outgoing(found: Answer) -> Iterable[tuple[str, str, float]]:
    return ((start, link, share) for (start, _, link), share in found.carried.items())


def _row(tag: str, cells: Iterable[str]) -> Element:
    return element("tr", *(element(tag, cell, scope="col") for cell in cells))


def _controls(case: Case) -> Element:
    flow = element(
        "label",
        "Flow ",
        element("input", key="flow", type="number", min=1, max=64, value=case.flow, data_set="flow", aria_label="flow"),
    )
    return element(
        "div",
        flow,
        element("button", "Send it again", type="button", data_do="send"),
        element("button", "Reset", type="button", data_do="reset"),
        class_="nl-controls",
    )


def metric_table(topology: Topology) -> Element:
    """A number for each direction of each link, which the reader may change."""
    head = element("thead", _row("th", ("Link", "There →", "← Back")))
    rows = [
        element(
            "tr",
            element("th", link_label(link), scope="row"),
            element("td", _metric_input(link, link.a, topology)),
            element("td", _metric_input(link, link.b, topology)),
        )
        for link in topology.links
    ]
    caption = element("caption", "Metrics")
    return element("div", element("table", caption, head, element("tbody", *rows)), class_="nl-panel nl-metrics")


def _metric_input(link: Link, start: str, topology: Topology) -> Element | str:
    if topology.node(start).kind == "lan":
        return "0"
    parallel = f" ({link.name})" if len(topology.links_between(link.a, link.b)) > 1 else ""
    return element(
        "input",
        key=("input", link.name, start),
        type="number",
        min=1,
        max=65535,
        value=link.metric_from(start),
        tabindex="-1",
        data_metric=link.name,
        data_from=start,
        aria_label=f"metric {start} to {link.other(start)}{parallel}",
    )
