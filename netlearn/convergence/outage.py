"""For how long packets do not arrive: the outage of one flow, or of many, in one call."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import MARGIN_US, Fate, TimedWalk, Traffic
from netlearn.network.parts import Address
from netlearn.routing.forwarding import Outcome, flows_of

FROM_US = -MARGIN_US  # packets that are on their way when the first change comes are watched, too


@dataclass(frozen=True, slots=True)
class Outage:
    """A spell in which packets of some flows are lost: from when to when, and of how many flows.

    It begins when the first packet is lost and ends when the last one is; `to_us` is `None` if it never ends.

    >>> outages_between(simulate(forum(), [NodeDown("End")]), "Source", "End")
    (Outage(from_us=0, to_us=None, flows=1),)
    """

    from_us: int
    to_us: int | None
    flows: int

    @property
    def lasts_us(self) -> int | None:
        """How long it lasts; `None` if it never ends."""
        return None if self.to_us is None else self.to_us - self.from_us


def outages_between(trace: Trace, source: str, destination: str | Address, *, flows: int = 1) -> tuple[Outage, ...]:
    """The outages between two nodes, or a node and an address, in order; none if every packet arrives.

    Of so many flows, numbered from 1, as in `flow_between`. Packets are watched until 0.1 s after convergence; what is
    lost then, is lost for ever. Raises `NetlearnError` for less than one flow.

    >>> outages_between(simulate(forum(), [At(5_000, LinkDown("R2-End"))]), "Source", "End")
    (Outage(from_us=5000, to_us=61100, flows=1),)
    """
    until_us = trace.converged_us + MARGIN_US
    all_flows = flows_of(trace.topology, source, destination, flows)
    traffic = Traffic(trace, all_flows[0].destination)
    lost = [
        (*spell, number)
        for number, flow in enumerate(all_flows)
        for spell in _spells(trace, traffic.fates(flow, source, FROM_US, until_us, 1), until_us)
    ]
    return tuple(_merged(sorted(lost)))


def _spells(trace: Trace, fates: Iterable[Fate], until_us: int) -> Iterator[tuple[int, float]]:
    """When packets of one flow are lost: from when to when, infinity for what is lost at the end still."""
    for arrives, same in groupby(fates, key=lambda fate: fate.walk.outcome is Outcome.DELIVERED):
        if arrives:
            continue
        spans = [(fate, _taken_us(fate.walk)) for fate in same]
        begin = min(_lost_at(trace, fate.walk, fate.from_us + taken) for fate, taken in spans)
        end = max(fate.to_us + taken for fate, taken in spans)
        yield begin, float("inf") if spans[-1][0].to_us >= until_us else max(begin, end)


def _taken_us(walk: TimedWalk) -> int:
    """How long a packet takes to where it is lost; one that goes round is lost where it comes by again."""
    seen: set[str] = set()
    for node, time_us in zip(walk.nodes, walk.times_us, strict=False):
        if node in seen:
            return time_us - walk.times_us[0]
        seen.add(node)
    return walk.times_us[-1] - walk.times_us[0]


def _lost_at(trace: Trace, walk: TimedWalk, handed_us: int) -> int:
    """When a packet that is handed on at this time is lost: on a link that fails a moment later, at that moment."""
    if walk.outcome is not Outcome.LINK_DOWN:
        return handed_us
    link = walk.hops[-1].taken.link
    fails = (from_us for from_us, _ in trace.outages.of(link) if 0 < from_us - handed_us <= trace.link_us)
    return next(fails, handed_us)


def _merged(spells: Iterable[tuple[int, float, int]]) -> Iterator[Outage]:
    """The spells of all flows, by their beginnings, as those in which some flow suffers."""
    held: list[tuple[int, float, set[int]]] = []
    for begin, end, flow in spells:
        if held and begin <= held[-1][1]:
            since, until, flows = held[-1]
            held[-1] = since, max(until, end), flows | {flow}
        else:
            held.append((begin, end, {flow}))
    return (Outage(begin, None if end == float("inf") else int(end), len(flows)) for begin, end, flows in held)
