"""The convergence player: a failure from its first microsecond to the last table, at the reader's own pace.

`view` is the whole logic. From what the reader set it simulates a run and gives everything that a page has to show of
it: for each moment what changes in the drawing, for each router what it believes, and where news is on its way.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from netlearn.errors import NetlearnError, shown
from netlearn.event import At, Change, Maintenance
from netlearn.fib import Fib
from netlearn.figure.deck import choice, clock, controls, news, say, switch, told_in_words
from netlearn.figure.explorer import MetricChange, metric_changes, metric_table
from netlearn.figure.lanes import lanes
from netlearn.figure.markup import Element, View, difference, element, key_of, keyed
from netlearn.figure.network import Marks, draw, link_label, listed
from netlearn.figure.overlay import over, under
from netlearn.figure.phases import legend
from netlearn.figure.story import FLOWS, Story, duration
from netlearn.forwarding import Outcome, flow_between
from netlearn.nodelink import from_data
from netlearn.rib import Route
from netlearn.simulation import simulate
from netlearn.spf import first_paths
from netlearn.timers import DETECTIONS, MS, Detection, Fixed, Timers
from netlearn.topology import LinkDown, NodeDown, Topology
from netlearn.trace import Trace
from netlearn.traffic import tally

TIMERS = {"rfc": "as the RFCs say: SPF after 50 ms", "frr": "as FRRouting does: SPF at once, then hold"}
NOTICED = {
    "carrier": "at once: the carrier is lost",
    "hello": "silently: no hello for 40 s",
    "bfd": "silently: no BFD packet for 900 ms",
}
PLANNED_US = 1_000 * MS  # between the warning and the end of a router that is taken down on purpose
MOST_MS = 60_000
LISTED_PATHS = 4
Delay = tuple[str, int]  # router, milliseconds between news and SPF


@dataclass(frozen=True, slots=True)
class Scenario:
    """What the reader set: the network, what fails at time 0, how that is noticed, and how long routers wait.

    `detect` other than `carrier` means that failures are silent. `lfa` lets routers use loop-free alternates, `planned`
    lets the routers that go down say so beforehand. `spf_delay` gives single routers a wait of their own.
    """

    topology: Topology
    source: str
    destination: str
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    detect: str = "carrier"
    timers: str = "rfc"
    lfa: bool = False
    planned: bool = False
    spf_delay: Sequence[Delay] = ()
    metrics: Sequence[MetricChange] = ()

    def whole(self) -> Topology:
        """The network with the reader's metrics and with an address for everybody, before anything fails."""
        topology = self.topology
        for link, start, metric in self.metrics:
            topology = topology.with_metric(link, start, metric)
        return topology.addressed()

    def run(self) -> Trace:
        """The run. Raises `UnknownName`, `BadNetwork` or `NetlearnError` for what cannot be."""
        check(self)
        detect: Detection = next(each for each in DETECTIONS if each == self.detect)
        timers = Timers.rfc() if self.timers == "rfc" else Timers.frr()
        own = {router: _waiting(timers, router, delay) for router, delay in self.spf_delay}
        return simulate(
            self.whole(), self.changes(), timers=timers, router_timers=own, detect=detect,
            silent=detect != "carrier", lfa=self.lfa,
        )  # fmt: skip

    def changes(self) -> list[At | Change]:
        """What befalls the network, and when."""
        cut: list[At | Change] = [LinkDown(link) for link in sorted({*self.cut})]
        down = sorted({*self.down})
        if not self.planned:
            return [*cut, *(NodeDown(node) for node in down)]
        return [*cut, *(Maintenance(node) for node in down), *(At(PLANNED_US, NodeDown(node)) for node in down)]


def scenario(
    network: Mapping[str, Any],
    source: str,
    destination: str,
    cut: Sequence[str],
    down: Sequence[str],
    detect: str,
    timers: str,
    lfa: bool,
    planned: bool,
    spf_delay: Iterable[Sequence[Any]],
    metrics: Iterable[object],
) -> Scenario:
    """The scenario that plain data describes, as it comes from a page.

    Raises `BadNetwork` or `NetlearnError` for a metric or a delay that is none.
    """
    delays: dict[str, int] = {}
    for delay in spf_delay:
        match delay:
            case [str(router), int(ms)] if not isinstance(ms, bool) and 0 <= ms <= MOST_MS:
                delays[router] = ms
            case _:
                raise NetlearnError(f"an SPF delay is [router, milliseconds up to {MOST_MS}], not {shown(delay)}")
    changes = metric_changes(metrics)
    topology = from_data(network)
    return Scenario(
        topology, source, destination, cut, down, detect, timers, lfa, planned, tuple(delays.items()), changes
    )


def view(*values: Any) -> dict[str, Any]:
    """Everything that the page shows of a run, from plain data in the order of `scenario`."""
    return run_data(scenario(*values))


def run_data(given: Scenario) -> dict[str, Any]:
    """A run for the page: what `deck.clock` and `deck.news` say of it, and what only the player shows.

    `parts` is the drawing at the first moment; `beliefs` for each router what its panel shows, from which moment on;
    `ways` the shortest paths in the end, `ends` each node's last next hops.
    """
    story = Story(given.run(), given.source, given.destination)
    first = keyed(body(given, story))
    end_us = story.moments[-1].time_us
    return {
        "parts": first,
        **clock(story, _pictures(given, story)),
        "beliefs": {node: _beliefs(story, node, first) for node in _named(story)},
        **news(story),
        "ways": [list(way) for way in ways(story)],
        "ends": {node: _ends(story, node, end_us) for node in _named(story)},
    }


def ways(story: Story) -> tuple[tuple[str, ...], ...]:
    """The shortest paths that are left when everything has happened, at most `LISTED_PATHS`."""
    final = story.true_topology(story.moments[-1].time_us)
    if not (final.has_node(story.source) and final.has_node(story.destination)):
        return ()
    return first_paths(final, story.source, story.destination, LISTED_PATHS)


def body(given: Scenario, story: Story, question: Element | None = None, focus: str = "") -> Element:
    """The live figure at the first moment: drawing, player, lanes, a router's belief, settings, the run in words."""
    at_us = story.moments[0].time_us
    first = _first_router(given)
    parts = [
        *([question] if question else []),
        element("p", claim(story), key="title", class_="nl-title"),
        element("p", HINT, class_="nl-hint"),
        element("div", network(given, story, at_us, live=True), class_="nl-scroll"),
        controls(),
        say(story, 0),
        element(
            "div",
            lanes(story, live=True, label=lanes_in_words(story)),
            class_="nl-scroll nl-time",
            tabindex=0,
            role="group",
            aria_label="Lanes",
        ),
        legend(),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element("p", class_="nl-problem", role="alert", data_part="problem"),
        _panel(story, first, at_us),
        _settings(given),
        told_in_words(story),
    ]
    return element("div", *parts, class_="nl-player", data_focus=focus or first)


def check(given: Scenario) -> None:
    """Raise the error that names what is wrong with a scenario, without running it."""
    whole = given.whole()
    if given.detect not in DETECTIONS or given.timers not in TIMERS:
        raise NetlearnError(
            f"failures are noticed by {listed(DETECTIONS, 'or')}, timers are {listed(TIMERS, 'or')};"
            f" not {shown(given.detect)} with {shown(given.timers)}"
        )
    for router, delay in given.spf_delay:
        whole.node(router)
        _waiting(Timers(), router, delay)
    whole.without(*map(LinkDown, given.cut), *map(NodeDown, given.down))
    flow_between(whole, given.source, given.destination, 1)


def claim(story: Story) -> str:
    """The one sentence to take away: how long it took, where the way leads now, which routers looped."""
    if len(story.moments) == 1:
        return "Nothing fails, and nothing moves"
    took = duration(max(story.trace.converged_us, 0))
    loops = sorted({loop.cycle for loop in story.loops})
    looped = f"; {listed(loops[0])} point at each other on the way" if len(loops) == 1 else ""
    looped = f"; {len(loops)} micro-loops on the way" if len(loops) > 1 else looped
    left = ways(story)
    if not left:
        return f"No way to {story.destination} is left, and after {took} all who are left know it"
    if not story.trace.tables:
        return f"Nobody has to change a table: the way stays {' → '.join(left[0])}"
    return f"After {took} every table fits again{looped}"


def words(given: Scenario, story: Story) -> str:
    """The run in a few sentences, for who cannot see it."""
    failed = [told.words for moment in story.moments for told in moment.told if told.kind == "failure"]
    left = "; ".join(" → ".join(way) for way in ways(story))
    end = f"In the end messages go {left}." if left else f"In the end nothing reaches {given.destination}."
    loops = [
        f"{listed(loop.cycle)} point at each other for {duration(loop.to_us - loop.from_us)}." for loop in story.loops
    ]
    return " ".join([*failed, f"{claim(story)}.", *loops, lost_in_words(story), end])


def lost_in_words(story: Story) -> str:
    """How many messages of all flows were lost, if each sends one per millisecond (or 1000 in a long run)."""
    end_us = story.trace.converged_us
    if end_us <= 0:
        return ""
    every = max(1_000, end_us // 1_000)
    counted = tally(fate for flow in story.flows for fate in story.traffic.fates(flow, story.source, 0, end_us, every))
    share = counted.lost / counted.sent if counted.sent else 0
    return f"Until then {share:.0%} of the messages are lost."


def lanes_in_words(story: Story) -> str:
    """What the lanes show, in short; the list of events says it all."""
    followed = listed(map(str, story.followed))
    return f"Lanes of time, one for each node, and what became of flow {followed}. The events below say the same."


def network(given: Scenario, story: Story, at_us: int, live: bool) -> Element:
    """The drawing of the network at one moment."""
    keys = "Arrow keys move between links and routers. Enter cuts or mends a link, and shows what a router believes."
    label = f"Network from {given.source} to {given.destination}. {keys}"
    return draw(
        story.trace.topology,
        marks(story, at_us),
        live=live,
        label=label if live else words(given, story),
        under=under(story, at_us),
        over=over(story, at_us),
    )


def marks(story: Story, at_us: int) -> Marks:
    """What fails, what carries flows, where everybody hands over, and what of that is out of date."""
    cut, down = story.failed(at_us)
    here = {node: story.traffic.route(node, at_us) for node in _named(story) if node not in down}
    hops = {node: route.next_hops for node, route in here.items() if route}
    shares: dict[tuple[str, str, str], float] = {}
    losses: dict[str, int] = {}
    for walk in story.walks(at_us):
        for step in {(hop.node, hop.taken.node, hop.taken.link) for hop in walk.hops}:
            shares[step] = shares.get(step, 0.0) + 1 / FLOWS
        if walk.outcome is not Outcome.DELIVERED:
            node = walk.hops[-1].node if walk.outcome is Outcome.LINK_DOWN else walk.end
            losses[node] = losses.get(node, 0) + 1
    stale = {
        (node, hop.link)
        for node, taken in hops.items()
        for hop in taken
        if not any(hop == right for right in _next_hops(story.true_route(node, at_us)))
    }
    notes = {node: f"loses {count} of {FLOWS}" for node, count in losses.items()}
    return Marks(
        cut=cut,
        down=down,
        shares=shares,
        next_hops=hops,
        notes=notes,
        stale=frozenset(stale),
        alarms=frozenset(notes),
        asked=story.trace.topology.hosts,
    )


HINT = (
    "Play it, or go step by step. Dots are flows: where the tables of this moment would send them if they stayed so. "
    "Tap a router to see what it believes; click a cable to cut it from the beginning."
)


def _first_router(given: Scenario) -> str:
    """The first router behind the source, whose panel is open at the beginning."""
    near = [arc.neighbour for arc in given.topology.arcs(given.source)]
    return next((node for node in near if node in given.topology.routers), given.source)


def _named(story: Story) -> list[str]:
    return [node.name for node in story.trace.topology.nodes if node.kind != "lan"]


def _next_hops(route: Route | None) -> tuple[Any, ...]:
    return route.next_hops if route else ()


def _names(route: Route | None) -> str:
    if route is None:
        return "no route"
    return "itself" if route.local else listed([hop.node for hop in route.next_hops], "or")


def _ends(story: Story, node: str, at_us: int) -> list[str]:
    route = None if node in story.failed(at_us)[1] else story.traffic.route(node, at_us)
    return [hop.node for hop in _next_hops(route)]


def _waiting(timers: Timers, router: str, delay: object) -> Timers:
    """The timers of a router with a wait of its own between news and SPF."""
    if isinstance(delay, bool) or not isinstance(delay, int) or not 0 <= delay <= MOST_MS:
        raise NetlearnError(f"the SPF delay of {router} is from 0 to {MOST_MS} ms, not {shown(delay)}")
    return replace(timers, spf_delay=Fixed(delay * MS))


def _pictures(given: Scenario, story: Story) -> list[View]:
    """Everything that can change outside of a router's panel and the settings, at each moment."""
    return [
        keyed(network(given, story, moment.time_us, live=True)) | keyed(say(story, place))
        for place, moment in enumerate(story.moments)
    ]


def _beliefs(story: Story, node: str, first: View) -> list[list[Any]]:
    """The node's panel and the old links in its map: from which moment on, and what then differs from the beginning."""
    told: list[list[Any]] = []
    last: View | None = None
    for place, moment in enumerate(story.moments):
        panel = keyed(_panel(story, node, moment.time_us))
        now = difference({key: first[key] for key in panel}, panel)
        for link in _imagined(story, node, moment.time_us):
            now[key_of("old", link)] = {"class": "nl-believed"}
        if now != last:
            told.append([place, now])
        last = now
    return told


def _imagined(story: Story, node: str, at_us: int) -> list[str]:
    """The links in a node's map that do not work any more."""
    router = story.trace.router(node, at_us)
    if router is None:
        return []
    believed = router.lsdb.topology()
    true = story.true_topology(at_us)
    own = {arc.link for arc in story.trace.topology.arcs(node)} - router.full
    return [link.name for link in believed.links if not true.has_link(link.name) and link.name not in own]


def _panel(story: Story, node: str, at_us: int) -> Element:
    """What one node believes, beside the truth: the old links in its map, and its next hop for everybody."""
    topology = story.trace.topology
    router = story.trace.router(node, at_us)
    imagined = [link_label(topology.link(name)) for name in _imagined(story, node, at_us)]
    if router is None:
        state = f"{node} is down. It believes nothing, and nobody hears that from itself."
    elif imagined:
        state = f"Still in its map, though no longer true: {listed(imagined)} (dashed in the picture)."
    else:
        state = "Its map is true."
    rows = []
    held = None if router is None else _fib(story, node, at_us)
    for other in _named(story):
        cells = ("itself",) * 2
        if router is None or held is None:
            cells = ("–",) * 2
        elif other != node:
            cells = _names(held.lookup(story.address(other))), _names(story.true_route(node, at_us, other))
        wrong = cells[0] != cells[1]
        row = [element("th", other, scope="row")]
        row += [element("td", text, key=("belief", other, column)) for column, text in enumerate(cells)]
        rows.append(element("tr", *row, key=("belief", other), class_="nl-wrong" if wrong else "nl-right"))
    head = element(
        "thead",
        element("tr", *(element("th", cell, scope="col") for cell in ("For", "Its table says", "If it knew all"))),
    )
    return element(
        "div",
        element("p", f"What {node} believes now", key="belief-title", class_="nl-panel-title"),
        element("p", state, key="belief-state", class_="nl-panel-state"),
        element("table", head, element("tbody", *rows)),
        class_="nl-panel nl-belief",
    )


def _fib(story: Story, node: str, at_us: int) -> Fib:
    """The node's FIB at this time; it is the same as long as the node's state is."""
    state = story.trace.router(node, at_us)
    if (node, id(state)) not in story.fibs:
        story.fibs[node, id(state)] = story.trace.fib(node, at_us)
    return story.fibs[node, id(state)]


def _settings(given: Scenario) -> Element:
    """What the reader may change beside the cables: routers, how failures are noticed, timers, alternates, metrics."""
    waits = dict(given.spf_delay)
    rows = []
    for router in given.topology.routers:
        off = element(
            "input", type="checkbox", checked=router in given.down, data_down=router, aria_label=f"{router} goes down"
        )
        wait = element(
            "input", type="number", min=0, max=MOST_MS, value=waits.get(router, ""), placeholder="as above",
            data_delay=router, aria_label=f"SPF delay of {router} in ms",
        )  # fmt: skip
        rows.append(element("tr", element("th", router, scope="row"), element("td", off), element("td", wait)))
    head = element(
        "thead", element("tr", *(element("th", cell, scope="col") for cell in ("Router", "Goes down", "SPF delay, ms")))
    )
    table = element(
        "div", element("table", element("caption", "Routers"), head, element("tbody", *rows)), class_="nl-panel"
    )
    return element(
        "details",
        element("summary", "Change what fails, the timers and the metrics"),
        element(
            "div",
            choice("detect", "Failures are noticed", NOTICED, given.detect),
            choice("timers", "Routers wait", TIMERS, given.timers),
            switch("lfa", "Loop-free alternates stand ready", given.lfa),
            switch("planned", "Routers say so a second before they go down", given.planned),
            element("button", "Back to the chapter's case", type="button", data_do="reset"),
            class_="nl-controls",
        ),
        element("div", table, metric_table(given.whole()), class_="nl-panels"),
        class_="nl-settings",
    )
