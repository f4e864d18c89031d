"""An anycast address while something changes: who reaches whom at each moment, and what becomes of connections.

A connection belongs to the instance that it was opened to: another one has never heard of it, and resets it (RFC 7094
3.1). So a new way that is right for new connections breaks the old ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from netlearn.convergence.connections import Connection, catchments_at, open_connections
from netlearn.convergence.event import Announce, At, Change, ServiceDown, Withdraw
from netlearn.convergence.simulation import simulate
from netlearn.convergence.timers import DETECTIONS, Detection
from netlearn.convergence.trace import Outages, Trace
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration, grouped, listed
from netlearn.drawing.shapes import line, way
from netlearn.figures.anycast.drawing import tint
from netlearn.figures.anycast.scene import Scene
from netlearn.figures.run.lanes import Axis, bar, end_of, lane_name
from netlearn.figures.run.sentences import FARING
from netlearn.figures.run.story import FLOWS, FOLLOWED, LEAD_US, Moment, Story, fared
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.topology import host_prefix
from netlearn.routing.anycast import Catchments
from netlearn.routing.forwarding import Outcome, flow_to
from netlearn.routing.packet import Flow

ROWS, LISTED = 4, 8  # groups of connections that have a row in the lanes, and a line in words
SPELLS = 6  # parts of a row's bar
REACHED = {Outcome.DELIVERED: "would reach {}", Outcome.NO_SERVICE: "would reach {}, where nobody answers"}
ENDING = {**FARING, **REACHED}  # what becomes of new connections


@dataclass(frozen=True, slots=True)
class Group:
    """Connections that live alike: the numbers of their flows, and one of them."""

    flows: tuple[int, ...]
    like: Connection


class AnycastRun(Story):
    """A run in which all that the reader set befalls the network at once, on the way from the source to the address."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        super().__init__(_run(scene), scene.source, str(scene.address))

    def flow(self, number: int) -> Flow:
        return flow_to(self.trace.topology, self.source, self.scene.address, number)

    def catchments(self, at_us: int) -> Catchments:
        """Whom packets come to with the tables of this time, whether or not anybody answers there."""
        return catchments_at(self._answered, self.scene.address, at_us)

    @cached_property
    def _answered(self) -> Trace:
        return replace(self.trace, services=Outages())

    def states(self, at_us: int) -> dict[str, str]:
        """How the address is on each router at this time; before anything happens it serves wherever it is."""
        if at_us < 0:
            return dict.fromkeys(self.scene.at, "serving")
        return {router: self.scene.state(router) for router in self.scene.holders}

    @cached_property
    def _lives(self) -> tuple[Connection, ...]:
        """What becomes of each connection that was open before."""
        return open_connections(self.trace, self.source, self.scene.address, count=FLOWS, opened_us=-LEAD_US)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """All connections, those together that live alike (wherever packets are lost), the largest group first."""
        alike = grouped(
            ((each.instance, each.end, each.ended_us, each.by, each.silent_us), place)
            for place, each in enumerate(self._lives, start=1)
        )
        groups = [Group(tuple(flows), self._lives[flows[0] - 1]) for flows in alike.values()]
        return tuple(sorted(groups, key=lambda group: (-len(group.flows), group.flows)))

    def group(self, place: int) -> Group | None:
        """The group of this place, if there are so many."""
        return self.groups[place] if place < len(self.groups) else None

    @cached_property
    def followed(self) -> tuple[int, ...]:
        """A connection of each of the largest groups."""
        return tuple(group.flows[0] for group in self.groups[:FOLLOWED])

    def _arriving(self, at_us: int) -> str:
        """Where new connections would end with the tables of this time, in words."""
        ends = Counter(ENDING[walk.outcome].format(walk.end) for walk in self.walks(at_us))
        several = sorted(ends.items(), key=lambda item: ("would reach" not in item[0], item[0]))
        return fared(several, "connection")


class Idle(AnycastRun):
    """A run in which nothing happens, for a figure that does not show time just now: its lanes stand empty."""

    moments = (Moment(0, ()),)
    loops = followed = groups = ()

    def __init__(self, scene: Scene) -> None:
        self.trace = Trace(scene.whole(), (), 0, (), (), {}, Outages())


def _run(scene: Scene) -> Trace:
    detect: Detection = next(each for each in DETECTIONS if each == scene.detect)
    prefix = host_prefix(scene.address)
    holders = scene.holders
    changes: list[At | Change] = [*map(LinkDown, scene.cut), *map(NodeDown, scene.down)]
    changes += [Announce(node, prefix) for node in holders if node not in scene.at]
    changes += [ServiceDown(node, prefix) for node in holders if node in scene.sick]
    changes += [Withdraw(node, prefix) for node in holders if node in scene.withdrawn]
    return simulate(scene.whole(), changes, detect=detect, silent=detect != "carrier")


def outcome(story: AnycastRun) -> str:
    """The one sentence to take away from a run: what becomes of the connections that were open."""
    if len(story.moments) == 1:
        return "Nothing changes, and nothing breaks"
    return of_connections(Counter(_fate(group.like, story.scene) for group in story.groups for _ in group.flows))


def of_connections(counts: Mapping[str, int]) -> str:
    """How many connections fare how, by the names of `FATES`."""
    total = sum(counts.values())
    if counts.get("kept") == total:
        return f"All {total} connections go on as if nothing had happened"
    if counts.get("unopened") == total:
        return f"None of {total} connections could be opened"
    which = "" if counts.get("unopened") else "open "
    said = [(counts[fate], FATES[fate][counts[fate] > 1]) for fate in FATES if counts.get(fate)]
    if said[0][0] == total:
        return f"All {total} {which}connections {said[0][1]}"
    return f"Of {total} {which}connections {listed(f'{count} {words}' for count, words in said)}"


# How connections end, in words that may follow a number: 1, and another. Those that nothing befell are not spoken of.
FATES = {
    "reset": ("is reset by an instance that does not know it", "are reset by an instance that does not know them"),
    "dead": ("meets a service that is dead", "meet a service that is dead"),
    "stalled": ("gets no answer any more", "get no answer any more"),
    "interrupted": ("is interrupted but goes on", "are interrupted but go on"),
    "unopened": ("could not be opened", "could not be opened"),
}


def _fate(lived: Connection, scene: Scene) -> str:
    """How such a connection ends: a name of `FATES`, or `kept`."""
    match lived.end:
        case "reset":
            return "dead" if lived.by == lived.instance or lived.by in scene.sick else "reset"
        case "kept":
            return "interrupted" if lived.silent_us else "kept"
        case "stalled":
            return "stalled"
    return "unopened"


def told(group: Group, followed: Sequence[int] = ()) -> str:
    """What becomes of a group of connections, in a sentence; `followed` are the flows that a picture shows."""
    lived, count = group.like, len(group.flows)
    is_one = " is one" if count > 1 else ""
    like = "".join(f" (flow {flow}{is_one})" for flow in group.flows if flow in followed)
    who = f"{count} connection{'s' if count > 1 else ''}{f' to {lived.instance}' if lived.instance else ''}{like}"
    silent = f"no answer for {duration(lived.silent_us)}, then " if lived.silent_us else ""
    match lived.end:
        case "kept":
            return f"{who}: {silent}{'on as before' if silent else 'nothing happens'}"
        case "stalled":
            return f"{who}: no answer any more"
        case "reset":
            if lived.by == lived.instance:
                return f"{who}: {silent}reset, as the service there is dead"
            when = "" if silent else f" at {duration(lived.ended_us or 0)}"
            return f"{who}: {silent}reset by {lived.by}{when}"
    return f"{who}: could not be opened"


def row(story: AnycastRun, place: int, axis: Axis, y: float) -> Iterable[Element]:
    """A group of connections: a bar in the colour of the instance, dots while packets are lost, a cross at the end."""
    group = story.group(place)
    yield lane_name(axis, f"{len(group.flows)} ×" if group else "", y, key=("group", place))
    spells = group.like.spells if group else ()
    for index in range(SPELLS):
        data, kind = "", "nl-hidden"
        if index < len(spells):
            spell = spells[index]
            data = bar(axis, spell.from_us, spell.to_us, y, least=2)
            kind = tint(story.trace.topology, spell.node) if spell.outcome is Outcome.DELIVERED else "nl-waits"
        yield line(("spell", place, index), f"nl-spell {kind}", data)
    end = end_of(axis, group.like.ended_us or 0, y) if group and group.like.end == "reset" else ""
    yield way(("ends", place), "nl-ends", end)


def fates(story: AnycastRun, ended: bool = True) -> Element:
    """What becomes of the connections, in words: the rows of the lanes in their order, then what is left.

    Until the run has ended their lines stand empty.
    """
    lines = []
    for place in range(LISTED):
        group = story.group(place) if ended else None
        words = f"{told(group, story.followed)}." if group else ""
        if ended and place == LISTED - 1 and len(story.groups) > LISTED:
            left = sum(len(each.flows) for each in story.groups[place:])
            words = f"{left} connections fare in other ways."  # of several groups, so more than one
        lines.append(element("li", words, key=("fate", place), class_="nl-fate" if words else "nl-fate nl-none"))
    return element("ul", *lines, class_="nl-fates")
