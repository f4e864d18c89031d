"""What the sandbox asks of a network, and whether a network does it: every answer is computed, and none is compared.

An exercise says what may be changed; so there can be several right answers, and `solution` is one of them. A verdict
names the node, the link or the number that is in the way.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import NamedTuple

from netlearn.convergence.outage import outages_between
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import Fixed, Timers
from netlearn.drawing.prose import duration, link_label, listed
from netlearn.failures.affected import Before
from netlearn.failures.meanwhile import micro_loops, waiting
from netlearn.failures.sweep import Failed, sweep
from netlearn.network.bundled import CASE_1, CASE_3, forum
from netlearn.network.parts import Failure, Link, LinkDown, Node, NodeDown
from netlearn.network.shapes import ring, tree
from netlearn.network.topology import Topology
from netlearn.routing.anycast import catchments, place
from netlearn.routing.forwarding import shares
from netlearn.routing.spf import first_paths
from netlearn.units import MS

ADDRESS = "192.0.2.150"  # of the chapter on anycast
SLOW = Timers(spf_delay=Fixed(200 * MS))  # of the routers of the exercise on alternates


class Verdict(NamedTuple):
    """Whether it is right, and why, or why not."""

    right: bool
    words: str


@dataclass(frozen=True)
class Exercise:
    """What is asked of a network, the network to begin with, and one that does it.

    `name` stands in links and never changes; `title` is so short that a menu shows it whole. What may be changed: so
    many metrics, each of one link in one direction (`leaving`: out of this node alone), so many `cables` added, on so
    many `instances` an anycast address. `failures` are what has failed in it; where they are `None`, the reader may
    try any, and none counts. `why_not` says what is in the way of a network in which they have failed, or nothing;
    `well` is said of one that is right.
    """

    name: str
    title: str
    asks: str
    start: Topology
    solution: Topology
    why_not: Callable[[Topology, Sequence[Failure]], str]
    well: str
    metrics: int = 0
    leaving: str = ""
    cables: int = 0
    instances: int = 0
    failures: tuple[Failure, ...] | None = None


def judge(exercise: Exercise, topology: Topology, failures: Iterable[Failure] | None = None) -> Verdict:
    """Whether the network does what the exercise asks, with these failures (`None`: those of the exercise).

    >>> judge(EXERCISES[0], EXERCISES[0].solution).right
    True
    """
    failed = exercise.failures or ()
    words = next(_forbidden(exercise, topology), "")
    if not words and exercise.failures is not None and failures is not None:
        words = _failed_otherwise(exercise, topology, {*failures})
    words = words or exercise.why_not(topology, failed)
    return Verdict(not words, words or exercise.well)


def _forbidden(exercise: Exercise, topology: Topology) -> Iterator[str]:
    """What was changed and may not be, in words."""
    start = exercise.start
    before, after = ({node.name: node.kind for node in each.nodes} for each in (start, topology))
    for name, kind in before.items():
        if after.get(name) != kind:
            what = f"a {after[name]} now" if name in after else "gone"
            yield f"{name} is {what}. In this exercise all nodes stay."
    if new := [name for name in after if name not in before]:
        yield f"{listed(new)} {'is' if len(new) == 1 else 'are'} new. In this exercise no node is added."
    yield from _links_changed(exercise, topology)
    given = sorted({each.node for each in topology.announcements})
    if exercise.instances and len({each.prefix for each in topology.announcements}) > 1:
        yield f"{listed(given)} do not all have the same address. In this exercise there is one."
    if exercise.instances and len(given) != exercise.instances:
        where = f"on {listed(given)}" if given else "nowhere"
        yield f"The address is {where}. It is to be on {exercise.instances} routers."


def _links_changed(exercise: Exercise, topology: Topology) -> Iterator[str]:
    start = exercise.start
    for link in start.links:
        if not (topology.has_link(link.name) and {*topology.link(link.name).ends} == {*link.ends}):
            yield f"The cable {link_label(link)} is gone. In this exercise all cables stay: put it back."
    added = [link for link in topology.links if not start.has_link(link.name)]
    if len(added) > exercise.cables:
        names, most = listed(map(link_label, added)), exercise.cables
        allowed = f"{most} {'is' if most == 1 else 'are'} enough: take one away" if most else "cables stay as they are"
        yield f"You added {names}. In this exercise {allowed}."
    changed = [
        (link, end)
        for link in topology.links
        for end in link.ends
        if link.metric_from(end) != (start.link(link.name).metric_from(end) if start.has_link(link.name) else 1)
    ]
    for link, end in changed:
        if not exercise.metrics:
            yield f"The metric of {link_label(link)} at {end} is {link.metric_from(end)}. Here all metrics stay 1."
        if exercise.leaving not in ("", end):
            yield (
                f"The metric of {link_label(link)} at {end} has changed. Here only those at {exercise.leaving} may, "
                f"one for each way out of it."
            )
    if len(changed) > exercise.metrics:
        where = listed(f"{link_label(link)} at {end}" for link, end in changed)
        yield f"You changed {len(changed)} metrics: {where}. {exercise.metrics} is enough, in one direction."


def _failed_otherwise(exercise: Exercise, topology: Topology, failures: set[Failure]) -> str:
    """Which failures are missing, or are there and should not be."""
    asked = {*(exercise.failures or ())}
    if missing := asked - failures:
        return f"Here {_failed_in_words(topology, missing)} failed, and that stays so: break it again."
    if more := failures - asked:
        return f"You broke {_named(topology, more)}. Repair that first: the question is how it goes without that."
    return ""


def _named(topology: Topology, failures: Iterable[Failure]) -> str:
    return listed(
        sorted(link_label(topology.link(each.link)) if isinstance(each, LinkDown) else each.node for each in failures)
    )


def _failed_in_words(topology: Topology, failures: set[Failure]) -> str:
    return f"{_named(topology, failures)} {'has' if len(failures) == 1 else 'have'}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _ways(topology: Topology, source: str, destination: str) -> str:
    """The shortest paths, for a sentence."""
    ways = [" → ".join(way) for way in first_paths(topology, source, destination, 3)]
    return " and ".join(ways)


def _arriving(topology: Topology, failures: Sequence[Failure]) -> Mapping[str, float]:
    """The share of Source's messages to End that each neighbour of End hands to it."""
    carried = shares(topology.without(*failures), "Source", "End")
    return {start: share for (start, end, _), share in carried.items() if end == "End"}


def _not_by_r7(topology: Topology, failures: Sequence[Failure]) -> str:
    others = {node: share for node, share in _arriving(topology, failures).items() if node != "R7"}
    if not others:
        return ""
    node = max(others, key=others.__getitem__)
    return (
        f"{_percent(others[node])} of what Source sends to End still comes by {node}: the shortest ways are "
        f"{_ways(topology.without(*failures), 'Source', 'End')}."
    )


def _not_even(topology: Topology, failures: Sequence[Failure]) -> str:
    arriving = _arriving(topology, failures)
    if {node: round(share, 9) for node, share in arriving.items()} == {"R4": 0.5, "R7": 0.5}:
        return ""
    parts = listed(f"{_percent(share)} by {node}" for node, share in sorted(arriving.items()))
    return f"What Source sends comes to End {parts}. Half by R4 and half by R7 is asked."


def _another_way_back(topology: Topology, failures: Sequence[Failure]) -> str:
    there = _ways(topology, "Source", "End")
    ways = [[*first_paths(topology, *ends, 3)] for ends in (("Source", "End"), ("End", "Source"))]
    if any(len(each) > 1 for each in ways):
        tied = "Source to End" if len(ways[0]) > 1 else "End to Source"
        return f"From {tied} several ways are equally short: {_ways(topology, *tied.split(' to '))}. One is asked."
    if ways[0] == [way[::-1] for way in ways[1]]:
        return ""
    return f"Messages go {there}, and answers {_ways(topology, 'End', 'Source')}. Those are two different ways."


def _still_loops(topology: Topology, failures: Sequence[Failure]) -> str:
    before = Before(topology)
    _, found = micro_loops(before, before.after(failures))
    if not any({topology.nodes[one].name, topology.nodes[other].name} == {"R1", "R5"} for one, other in found):
        return ""
    metric = topology.links_between("R5", "R1")[0].metric_from("R5")
    return (
        f"R1 turns to R5 as soon as it has computed. Some of R5’s old ways, at metric {metric} to R1, lead back via "
        "R1: until R5 has computed as well, the two can point at each other."
    )


def _still_used(topology: Topology, failures: Sequence[Failure]) -> str:
    if not sweep(topology, links=False).failures[[node.name for node in topology.nodes].index("R2")].changed:
        return ""
    names = [node.name for node in topology.nodes if node.name != "R2"]
    a, b, way = next(
        (a, b, way) for a, b in combinations(names, 2) for way in first_paths(topology, a, b, 12) if "R2" in way
    )
    return f"R2 is not empty yet: from {a} to {b} a shortest way is {' → '.join(way)}."


def _noticed(topology: Topology, failures: Sequence[Failure]) -> str:
    address = topology.announcements[0].prefix.network_address
    tried: list[Failure] = [*(LinkDown(link.name) for link in topology.links), *map(NodeDown, topology.routers)]
    for failure in tried:
        found = catchments(topology.without(failure), address)
        if lost := [node for node in found.shares if found.lost(node)]:
            return (
                f"If {_named(topology, [failure])} fails, {listed(lost)} {'reaches' if len(lost) == 1 else 'reach'} "
                "neither of the two."
            )
    return ""


def _single_points(topology: Topology, failures: Sequence[Failure]) -> str:
    found = sweep(topology)
    if not found.single_points:
        return ""
    worst = found.ranking[0]
    more = f" {len(found.single_points)} such points are left." if len(found.single_points) > 1 else ""
    return f"If {_of_sweep(topology, worst)} fails, {worst.lost} pairs lose each other.{more}"


def _of_sweep(topology: Topology, failed: Failed) -> str:
    name = failed.failed[0]
    return link_label(topology.link(name)) if failed.kind == "link" else name


def _long_detour(topology: Topology, failures: Sequence[Failure]) -> str:
    worst = max(sweep(topology, nodes=False).failures, key=lambda each: each.most)
    if worst.most <= 2:
        return ""
    label = link_label(topology.link(worst.failed[0]))
    return f"If {label} fails, the way for some becomes longer by {worst.most}; at most 2 is asked."


def _mended_late(topology: Topology, failures: Sequence[Failure]) -> str:
    before, names = Before(topology), [node.name for node in topology.nodes]
    for link in topology.links:
        found = before.after([LinkDown(link.name)])
        stranded = waiting(before, found)[1]
        for node in link.ends:
            if ends := stranded[names.index(node)]:
                end = names[ends.bit_length() - 1]
                return _how_late(topology, link, node, end)
        if loops := micro_loops(before, found)[1]:
            pair = listed(names[each] for each in loops[0])
            return f"If {link_label(link)} fails, {pair} can point at each other until both have computed."
    return ""


def _how_late(topology: Topology, link: Link, node: str, end: str) -> str:
    """For how long the node loses its messages once the link has failed."""
    trace = simulate(topology.addressed(), [LinkDown(link.name)], timers=SLOW, lfa=True)
    (lost,) = outages_between(trace, node, end)
    assert lost.lasts_us is not None, "cables are only added, and there are two ways already"
    return (
        f"If {link_label(link)} fails, {node} loses what is for {end} for {duration(lost.lasts_us)}: each other "
        f"neighbour of {node} may still hand it back."
    )


def _network(places: Mapping[str, tuple[int, int]], *links: str) -> Topology:
    """Routers in these places, with links that are named as `R1-R2` is."""
    nodes = [Node(name, x=x, y=y) for name, (x, y) in places.items()]
    return _with_cables(Topology(nodes), *links)


def _with_cables(topology: Topology, *links: str) -> Topology:
    ends = (name.split("-") for name in links)
    return replace(topology, links=(*topology.links, *(Link(a, b) for a, b in ends)))


def _two_sites(*between: str) -> Topology:
    """Two triangles of routers with cables between them."""
    places = {"R1": (280, 95), "R2": (280, 325), "R3": (90, 210), "R4": (520, 95), "R5": (520, 325), "R6": (710, 210)}
    return _network(places, "R1-R2", "R2-R3", "R1-R3", "R4-R5", "R5-R6", "R4-R6", *between)


def _pendants() -> Topology:
    """A ring of four routers, at two of which hangs one more by one cable."""
    places = {"R5": (90, 320), "R2": (230, 155), "R1": (400, 60), "R3": (400, 250), "R4": (570, 155), "R6": (710, 320)}
    return _network(places, "R1-R2", "R2-R3", "R3-R4", "R1-R4", "R2-R5", "R4-R6")


def _without_hosts(topology: Topology) -> Topology:
    """Its routers alone."""
    return topology.without(*map(NodeDown, topology.hosts))


def _empty(topology: Topology, router: str) -> Topology:
    """The network in which every way out of the router is dear."""
    for arc in topology.arcs(router):
        topology = topology.with_metric(arc.link, router, 100)
    return topology


_DEAR = forum().with_metric("R1-R2", "R1", 5)
EXERCISES: tuple[Exercise, ...] = (
    Exercise(
        "by-r7",
        "Everything by way of R7",
        "R2–End is cut, as in case 1. Make every message from Source to End come by R7, by changing one metric.",
        forum(),
        forum().with_metric("R4-End", "R4", 2),
        _not_by_r7,
        "All of it comes by R7 now. Two ties are gone at once, R1’s and R2’s: both had counted on R4.",
        metrics=1,
        failures=CASE_1,
    ),
    Exercise(
        "even-shares",
        "Half by R4, half by R7",
        "R2–End is cut again, and R4 brings three quarters of Source’s messages to End, R7 one. Have R4 and R7 "
        "bring a half each, by changing one metric.",
        forum(),
        forum().with_metric("R1-R3", "R1", 2),
        _not_even,
        "Half by R4 and half by R7. Equal ways get equal shares only where one router alone divides them.",
        metrics=1,
        failures=CASE_1,
    ),
    Exercise(
        "same-way-back",
        "The same way back",
        "R1’s way out to R2 has metric 5, so messages to End avoid it; End’s answers do not. R1’s 5 has to stay. "
        "Change another metric so that messages and answers take the same way, in opposite directions.",
        _DEAR,
        _DEAR.with_metric("R1-R2", "R2", 5),
        lambda topology, failures: (
            "R1’s metric to R2 was to stay 5."
            if topology.link("R1-R2").metric_from("R1") != 5
            else _another_way_back(topology, failures)
        ),
        "There and back it is the same way. A metric holds for one direction: whoever wants both to agree sets both.",
        metrics=1,
    ),
    Exercise(
        "no-loop",
        "R1 and R5 never loop",
        "In case 3, R1 and R5 can hand the same message to and fro while their tables change. Change one metric so "
        "that R1 and R5 cannot loop, whoever computes first.",
        forum(),
        forum().with_metric("R1-R5", "R5", 2),
        _still_loops,
        "R5 has no next hop by R1 any more that R1 would give up: in no order can these two point at each other.",
        metrics=1,
        failures=CASE_3,
    ),
    Exercise(
        "empty-r2",
        "Nothing passes through R2",
        "R2 is to be switched off tonight, and has to stay within reach until then. Change R2’s own metrics, one for "
        "each way out of it, until nothing passes through it any more.",
        forum(),
        _empty(forum(), "R2"),
        _still_used,
        "Nothing passes R2, and it is still within reach. That is how a router says “not through me” (RFC 6987).",
        metrics=5,
        leaving="R2",
    ),
    Exercise(
        "two-instances",
        "One of two, whatever fails",
        "Two sites, one cable between them, and one anycast address on two routers. Place the address so that, "
        "whatever cable or router fails, each router that still works reaches one of the two.",
        place(_two_sites("R1-R4"), ADDRESS, ["R1", "R4"]),
        place(_two_sites("R1-R4"), ADDRESS, ["R2", "R5"]),
        _noticed,
        "No single failure keeps anybody from both: one stands in each site, and neither at the long cable’s end.",
        instances=2,
    ),
    Exercise(
        "one-cable",
        "The one cable missing",
        "Which one cable, added, leaves no single point of failure?",
        _pendants(),
        _with_cables(_pendants(), "R5-R6"),
        _single_points,
        "No cable and no router is a single point of failure any more: the new cable joins the two that hung by one.",
        cables=1,
    ),
    Exercise(
        "fewest-cables",
        "Two cables for a tree",
        "In a tree each cable is a single point of failure. Add two cables, no more, so that no single "
        "point of failure is left.",
        _without_hosts(tree(3)),
        _with_cables(_without_hosts(tree(3)), "R4-R6", "R5-R7"),
        _single_points,
        "Two cables do it, and one never could: each of the four leaves needs an end of a new one.",
        cables=2,
    ),
    Exercise(
        "short-detour",
        "Short detours in a ring",
        "In this ring, who loses the cable to a neighbour goes all the way round: 4 hops more. Add one cable so that "
        "no failure of a cable makes any way longer by more than 2.",
        _without_hosts(ring(6)),
        _with_cables(_without_hosts(ring(6)), "R1-R4"),
        _long_detour,
        "No detour is longer than 2 hops more: the new cable makes two rings of four out of one of six.",
        cables=1,
    ),
    Exercise(
        "within-100-ms",
        "Mended within 100 ms",
        "These routers wait 200 ms before they compute, but have loop-free alternates ready for what they detect after "
        "5 ms. Add one cable so that every failure of a cable is mended within 100 ms, for all.",
        _two_sites("R1-R4", "R2-R5"),
        _with_cables(_two_sites("R1-R4", "R2-R5"), "R1-R5"),
        _mended_late,
        "After 5 ms each has a neighbour that does not hand back, and no order of new tables makes a loop.",
        cables=1,
    ),
)
"""All exercises, in the order in which they are asked."""
