"""Connections to an anycast address, in time: which keep their instance, and which lose it when tables change.

A router knows no connections. When its table changes, the packets of a connection may come to another instance, which
has never heard of it and answers with a reset (RFC 9293 3.10.7.1; RFC 7094 3.1), though both instances are alive.

Simplified: a connection sends at a steady rate, without TCP's pauses after a loss, and the way back is not looked at.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from netlearn.convergence.trace import Trace
from netlearn.convergence.traffic import MARGIN_US, Fate, Traffic
from netlearn.errors import NetlearnError, check_whole
from netlearn.network.parts import Address
from netlearn.routing.anycast import Catchments, catchments_by
from netlearn.routing.forwarding import Outcome, flows_of
from netlearn.routing.packet import Flow, as_address
from netlearn.units import LONGEST_US

End = Literal["kept", "reset", "stalled", "refused", "unanswered"]


@dataclass(frozen=True, slots=True)
class Spell:
    """From `from_us` on, before `to_us`, packets end at `node`; `outcome` says how."""

    from_us: int
    to_us: int
    node: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection's life: whom it was opened with, where its packets went, and how it ended.

    | end | meaning |
    |---|---|
    | kept | its packets reach the instance that it was opened with |
    | reset | its packets came to another instance, or to a dead service, at `ended_us`: `by` answered with a reset |
    | stalled | its packets have reached nobody since `ended_us` |
    | refused | when it was to be opened, what answers there was dead |
    | unanswered | when it was to be opened, its packets reached nobody |

    `instance` is `None` where it was never open. `silent_us` is the longest time for which nothing arrived.

    >>> trace = simulate(forum(), CASE_1)
    >>> (life,) = open_connections(trace, "Source", "198.51.100.10", count=1, opened_us=-1_000_000)
    >>> life.end, life.silent_us
    ('kept', 58000)
    """

    flow: Flow
    instance: str | None
    end: End
    ended_us: int | None
    by: str | None
    silent_us: int
    spells: tuple[Spell, ...]


def open_connections(
    trace: Trace,
    source: str,
    address: Address | str,
    *,
    count: int = 64,
    opened_us: int = 0,
    until_us: int | None = None,
    every_us: int = 1_000,
) -> tuple[Connection, ...]:
    """What becomes of `count` connections that the source opens at `opened_us` and that send a packet `every_us`.

    They are watched until `until_us`, or for 0.1 s after the last event of the run. Raises `NetlearnError` for less
    than one connection or more than a flow has ports for, and for an end that is not after the beginning.

    >>> from netlearn.routing import place
    >>> trace = simulate(place(forum(), "192.0.2.150", ["R4", "R7"]), [NodeDown("R7")])
    >>> sorted({life.end for life in open_connections(trace, "Source", "192.0.2.150", opened_us=-9_000)})
    ['kept', 'reset']
    """
    address = as_address(address)
    if isinstance(count, int) and count < 1:
        raise NetlearnError(f"there are 1 connection and more, not {count}")
    check_whole("opened_us", opened_us, -LONGEST_US, LONGEST_US)
    until_us = max(trace.end_us, opened_us) + MARGIN_US if until_us is None else until_us
    check_whole("until_us", until_us, opened_us + 1)
    traffic = Traffic(trace, address)
    flows = flows_of(trace.topology, source, address, count)
    fates = (traffic.fates(flow, source, opened_us, until_us, every_us) for flow in flows)
    return tuple(_lived(flow, _spells(each, until_us, every_us)) for flow, each in zip(flows, fates, strict=True))


def catchments_at(trace: Trace, address: Address | str, at_us: int) -> Catchments:
    """The catchments of the address with the tables, links and services of this instant.

    What a table hands to a dead link or a dead service is lost.

    >>> from netlearn.routing import place
    >>> trace = simulate(place(forum(), "192.0.2.150", ["R4", "R7"]), [NodeDown("R7")])
    >>> [catchments_at(trace, "192.0.2.150", at_us).reached("R6") for at_us in (-1, trace.end_us)]
    [('R7',), ('R4',)]
    """
    address = as_address(address)
    traffic = Traffic(trace, address)
    nodes = [node for node in trace.topology.nodes if node.kind != "lan"]  # which sends nothing of its own
    return catchments_by(
        address,
        {node.name: traffic.route(node.name, at_us) for node in nodes},
        passing=frozenset(node.name for node in nodes if node.forwards),
        works=lambda node, hop: traffic.works(node, hop, at_us),
        serves=lambda node, prefix: trace.services.works((node, prefix), at_us),
    )


def _spells(fates: Iterable[Fate], until_us: int, every_us: int) -> tuple[Spell, ...]:
    """Where the packets of a flow end, each time that this changes."""
    spells: list[Spell] = []
    for fate in fates:
        from_us, end, outcome = fate.from_us, fate.walk.end, fate.walk.outcome
        if spells and (spells[-1].node, spells[-1].outcome) == (end, outcome):
            from_us = spells.pop().from_us
        spells.append(Spell(from_us, min(fate.from_us + fate.packets * every_us, until_us), end, outcome))
    return tuple(spells)


def _lived(flow: Flow, spells: tuple[Spell, ...]) -> Connection:
    """The life of a connection whose packets end so: over when a reset comes back."""
    first, *others = spells
    if first.outcome is Outcome.NO_SERVICE:
        return Connection(flow, None, "refused", first.from_us, first.node, 0, (first,))
    if first.outcome is not Outcome.DELIVERED:
        return Connection(flow, None, "unanswered", first.from_us, None, 0, (first,))
    for place, spell in enumerate(others, start=1):
        elsewhere = spell.outcome is Outcome.DELIVERED and spell.node != first.node
        if elsewhere or spell.outcome is Outcome.NO_SERVICE:
            lived = spells[:place]  # the reset ends it, whatever its packets would have met later
            return Connection(flow, first.node, "reset", spell.from_us, spell.node, _longest_silence(lived), lived)
    silent_us = _longest_silence(spells)
    if spells[-1].outcome is Outcome.DELIVERED:
        return Connection(flow, first.node, "kept", None, None, silent_us, spells)
    arrived = max(spell.to_us for spell in spells if spell.outcome is Outcome.DELIVERED)
    return Connection(flow, first.node, "stalled", arrived, None, silent_us, spells)


def _longest_silence(spells: tuple[Spell, ...]) -> int:
    """The longest time without an arrival."""
    longest = since = 0
    for spell in spells:
        since = 0 if spell.outcome is Outcome.DELIVERED else since + spell.to_us - spell.from_us
        longest = max(longest, since)
    return longest
