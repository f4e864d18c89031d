"""The convergence player: a failure from its first microsecond to the last table, at the reader's own pace."""

from collections import Counter
from dataclasses import replace
from itertools import chain
from typing import Any

from netlearn.drawing.markup import Element, View, difference, element, key_of, keyed
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.prose import link_label, listed
from netlearn.drawing.still import image, whole
from netlearn.drawing.tables import panel, row, table
from netlearn.figures.common.controls import (
    PROBLEM,
    WAIT,
    choice,
    folded,
    live,
    number_input,
    paragraph,
    pictured,
    switch,
    tick,
    title,
)
from netlearn.figures.common.metrics import first_metrics, metric_table
from netlearn.figures.player.scene import (
    MOST_MS,
    TIMERS,
    Scene,
    asks,
    claim,
    find,
    first_words,
    lanes_in_words,
    ways,
    words,
)
from netlearn.figures.run.controls import NOTICED, clock, controls, events, news, say, told_in_words
from netlearn.figures.run.lanes import SCALE, lanes, legend, time_drawn
from netlearn.figures.run.moving import over, under
from netlearn.figures.run.outage import drawn as standing
from netlearn.figures.run.outage import in_words, outage, outage_drawn
from netlearn.figures.run.story import FLOWS, Story, stale_hops
from netlearn.routing.forwarding import Outcome, links_to
from netlearn.routing.rib import Route

HINT = "Play it, or go step by step. Press a cable to cut it, a router to see what it believes."
DOTS = "Dots are flows: where the tables of this moment would send them if they stayed so."
KEYS = "Arrow keys move between links and routers. Enter cuts or mends a link, and shows what a router believes."


def view(**state: Any) -> dict[str, Any]:
    return show(Scene(**state))


def show(scene: Scene) -> dict[str, Any]:
    """A run for the page: what `clock` and `news` say of it, and what only the player shows.

    `parts` is the drawing at the first moment; `beliefs` for each router what its panel shows, from which moment on;
    `ways` the shortest paths in the end, `ends` each node's last next hops.
    """
    story, first = find(scene), keyed(body(scene))
    times = [moment.time_us for moment in story.moments]
    drawings = [keyed(network(scene, story, time_us, live=True)) for time_us in times]
    last = story.hops(times[-1])
    return {
        "parts": first,
        **clock(story, [drawn | keyed(say(story, place)) for place, drawn in enumerate(drawings)]),
        "beliefs": {node: beliefs(story, node, first) for node in story.nodes},
        **news(story),
        "ways": [list(way) for way in ways(story)],
        "ends": {node: [hop.node for hop in last.get(node, ())] for node in story.nodes},
    }


def still(scene: Scene) -> tuple[Element, ...]:
    """The first moment: nothing has happened yet."""
    story = find(scene)
    drawn = network(scene, story, story.moments[0].time_us, live=False)
    return pictured(asks(scene), drawn, first_words(story))


def told(scene: Scene) -> tuple[Element, ...]:
    """How it ends, and all that happens until then."""
    story = find(scene)
    drawn = network(scene, story, story.moments[-1].time_us, live=False)
    outage_said = in_words(story, outage(story))
    return (
        *pictured(claim(story), drawn, words(scene, story)),
        paragraph(outage_said),
        element("div", image(standing(story), outage_said), class_="nl-outage-still"),
        paragraph(SCALE, "nl-of-lanes"),
        element("div", image(lanes(story), lanes_in_words(story)), class_="nl-lanes-still"),
        legend(),
        element("ol", *events(story), class_="nl-events"),
    )


def body(scene: Scene, question: Element | None = None, focus: str = "") -> Element:
    """The live figure at the first moment: drawing, player, lanes, a router's belief, settings, the run in words."""
    story = find(scene)
    at_us = story.moments[0].time_us
    first = _first_router(scene)
    return live(
        question,
        title(claim(story), asks(scene)),
        element("div", whole(network(scene, story, at_us, live=True)), class_="nl-as-then"),
        controls(),
        say(story, 0),
        WAIT,
        PROBLEM,
        paragraph(HINT, "nl-hint"),
        outage_drawn(story),
        time_drawn(story, lanes_in_words(story)),
        folded("What the signs mean", legend(), paragraph(DOTS, "nl-of-lanes")),
        folded("What a router believes, beside the truth", belief_panel(story, first, at_us)),
        _settings(scene),
        told_in_words(story),
        class_="nl-player",
        data_focus=focus or first,
    )


def network(scene: Scene, story: Story, at_us: int, live: bool) -> Element:
    """The drawing of the network at one moment."""
    label = f"Network from {scene.source} to {scene.destination}. {KEYS}" if live else "Network"  # the image has words
    ways, moving = under(story, at_us), over(story, at_us)
    marked = replace(marks(story, at_us), metrics=first_metrics(scene.topology, scene.metrics))
    return draw(story.trace.topology, marked, live=live, label=label, under=ways, over=moving)


def marks(story: Story, at_us: int) -> Marks:
    """What fails, what carries flows, where everybody hands over, and what of that is out of date."""
    topology = story.trace.topology
    cut, down = story.failed(at_us)
    hops = story.hops(at_us)
    walks = story.walks(at_us)
    ways = ({step for hop in walk.hops for step in links_to(topology, hop.node, hop.taken)} for walk in walks)
    steps = Counter(chain.from_iterable(ways))
    lost = [walk for walk in walks if walk.outcome is not Outcome.DELIVERED]
    losses = Counter(walk.hops[-1].node if walk.outcome is Outcome.LINK_DOWN else walk.end for walk in lost)
    right = {node: story.true_route(node, at_us) for node in hops}
    notes = {node: f"loses {count}/{FLOWS}" for node, count in losses.items()}
    return Marks(
        cut=cut,
        down=down,
        shares={step: count / FLOWS for step, count in steps.items()},
        next_hops=hops,
        notes=notes,
        stale=stale_hops(hops, right),
        alarms=frozenset(notes),
        asked=topology.hosts,
    )


def _first_router(scene: Scene) -> str:
    """The first router behind the source, whose panel is open at the beginning."""
    near = [arc.neighbour for arc in scene.topology.arcs(scene.source)]
    return next((node for node in near if node in scene.topology.routers), scene.source)


def _settings(scene: Scene) -> Element:
    """What the reader may change beside the cables: routers, how failures are noticed, timers, alternates, metrics."""
    settings = (
        choice("detect", "Failures are noticed", NOTICED, scene.detect),
        choice("timers", "Routers wait", TIMERS, scene.timers),
        switch("lfa", "Loop-free alternates stand ready", scene.lfa),
        switch("planned", "Routers say so a second before they go down", scene.planned),
    )
    metrics = metric_table(scene.whole(), first_metrics(scene.topology, scene.metrics))
    panels = element("div", _router_table(scene), metrics, class_="nl-panels")
    set_here = element("div", *settings, class_="nl-controls")
    return folded("Change what fails, the timers and the metrics", set_here, panels, class_="nl-settings")


def _router_table(scene: Scene) -> Element:
    waits = dict(scene.spf_delay)
    rows = []
    for router in scene.topology.routers:
        off = tick(router in scene.down, data_down=router, aria_label=f"{router} goes down")
        more = {"placeholder": "as above", "data_delay": router, "aria_label": f"SPF delay of {router} in ms"}
        wait = number_input(0, MOST_MS, waits.get(router, ""), **more)
        rows.append(row(router, off, wait))
    return panel("Routers", ("Router", "Goes down", "SPF delay, ms"), rows)


def _names(route: Route | None) -> str:
    if route is None:
        return "no route"
    return "itself" if route.local else listed([hop.node for hop in route.next_hops], "or")


def beliefs(story: Story, node: str, first: View) -> list[list[Any]]:
    """The node's panel and the old links in its map: from which moment on, and what then differs from the beginning."""
    told: list[list[Any]] = []
    last: View | None = None
    seen: object = None
    for place, moment in enumerate(story.moments):
        # What it knows and what is true: only of these is a panel made, and most moments change neither for it.
        before, seen = seen, (story.trace.state_number(node, moment.time_us), story.failed(moment.time_us))
        if seen == before:
            continue
        panel = keyed(belief_panel(story, node, moment.time_us))
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


def belief_panel(story: Story, node: str, at_us: int) -> Element:
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
    for other in story.nodes:
        if router is None:
            cells = ("–", "–")
        elif other == node:
            cells = ("itself", "itself")
        else:
            held = story.fib(node, at_us).lookup(story.address(other))
            cells = _names(held), _names(story.true_route(node, at_us, other))
        right = None if cells[0] == cells[1] else "nl-wrong"
        rows.append(row(other, *cells, changing=("belief", other), key=("belief", other), class_=right))
    return element(
        "div",
        paragraph(f"What {node} believes now", "nl-panel-title", key="belief-title"),
        paragraph(state, "nl-panel-state", key="belief-state"),
        table(("For", "Its table says", "If it knew all"), rows),
        class_="nl-panel nl-belief",
    )
