"""A network in time: `simulate` lets changes befall a network, and gives the record of what follows, the `Trace`.

What is true stands in `running`, when somebody notices in `detection`; what a router does about it in `router`.

A LAN takes part as a node: a machine that does what its designated router does in OSPF (RFC 2328 7.3, 12.4.2), namely
to miss who sends no more hellos, to say who is on the LAN (its network-LSA), and to pass LSAs on. Whoever is on a LAN
sees only its own cable's carrier, so the others miss it by hello or BFD. Simplified: the designated router is nobody in
particular, so there is no election, and its death costs no more than another's; a LAN with one router left is still a
transit network; hosts on a LAN take part in OSPF, so no LAN has a prefix that is connected and stays so.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import get_args

from netlearn.convergence.detection import Detector
from netlearn.convergence.event import (
    Announce,
    At,
    Change,
    DaemonDown,
    Expired,
    LinkUp,
    Maintenance,
    NodeUp,
    ServiceDown,
    ServiceUp,
    StubOrdered,
    Withdraw,
)
from netlearn.convergence.lsdb import Lsdb, converged_lsdbs
from netlearn.convergence.running import WORLD, RunningNetwork
from netlearn.convergence.state import Router, converged
from netlearn.convergence.timers import DETECTIONS, Detection, Timers
from netlearn.convergence.trace import Trace
from netlearn.errors import NetlearnError, UnknownName, check_whole, listed, shown
from netlearn.network.parts import LinkDown, NodeDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.interfaces import Interfaces
from netlearn.units import LONGEST_US

MOST_EVENTS = 20_000_000  # far beyond any network of the book; a run that needs more does not come to rest


def simulate(
    topology: Topology,
    changes: Iterable[At | Change],
    *,
    timers: Timers | None = None,
    router_timers: Mapping[str, Timers] | None = None,
    detect: Detection = "carrier",
    silent: bool = False,
    lfa: bool = False,
    seed: int = 0,
    until_us: int | None = None,
    cold: bool = False,
    interfaces: Interfaces | None = None,
) -> Trace:
    """What happens when these changes befall the network.

    A change without a time happens at 0. `timers` holds for all routers (`Timers.rfc()` unless given),
    `router_timers` for those it names. `detect` is what routers watch: their carrier and hellos, hellos alone, or BFD
    as well. `silent` keeps the carrier up at every failure; an `At` can say so of its own. `seed` sets the phases of
    hellos and BFD.

    With `interfaces` (of this topology) routers announce the prefixes of their links, too, each for as long as they see
    its carrier; with `detect="hello"` they watch no carrier, and announce it for ever.

    The run begins with all tables converged, or `cold`: with empty ones. It ends when nothing more is to be done, or
    at `until_us`; only then are LSAs refreshed and can grow too old.

    Raises `UnknownName` for a change of something that is not there, and `NetlearnError` for a time that is not a
    whole number from 0 to `LONGEST_US`, an unknown way to detect, the maintenance of a LAN, another network's
    interfaces, or a run of more than `MOST_EVENTS`.

    >>> simulate(forum(), [LinkDown("R2-End")])
    <Trace: 40 events, converged after 58.1 ms>
    """
    if interfaces is not None:
        if interfaces.network != topology:
            raise NetlearnError("these are the interfaces of another network; interfaces(topology) makes this one's")
        topology = replace(topology, announcements=(*topology.announcements, *interfaces.announced()))
    if detect not in DETECTIONS:
        raise NetlearnError(f"{shown(detect)} detects nothing; possible are {', '.join(DETECTIONS)}")
    schedule = _scheduled(topology, changes, silent)
    timers = timers or Timers.rfc()
    own = {topology.node(name).name: given for name, given in (router_timers or {}).items()}
    all_timers = {node.name: own.get(node.name, timers) for node in topology.nodes}
    _check_length(topology, (timers, *own.values()), until_us)
    running = RunningNetwork(topology, all_timers)
    detector = Detector(running, detect, seed, interfaces)
    _begin(running, detector, lfa, cold, aging=until_us is not None)
    for at in schedule:
        running.queue.push(at.time_us, WORLD, partial(_apply, running, detector, at.change, at.silent))
    _run(running, until_us)
    states = {name: tuple(kept) for name, kept in running.states.items()}
    record = tuple(running.events), tuple(running.tables), states, running.outages, tuple(running.sent)
    return Trace(topology, schedule, timers.link_us, *record, running.services, interfaces, detector.carriers)


def _check_length(topology: Topology, all_timers: Iterable[Timers], until_us: int | None) -> None:
    """Raise what `simulate` raises for timers that are none, and for a run that LSAs alone would make too long."""
    for given in all_timers:
        if not isinstance(given, Timers):
            raise NetlearnError(f"{shown(given)} is no Timers")
    if until_us is not None:
        check_whole("until_us", until_us, most=LONGEST_US)
        refreshes = until_us // min(given.refresh_us for given in all_timers)
        if refreshes * len(topology.nodes) * len(topology.links) > MOST_EVENTS:  # each LSA goes over each link
            raise NetlearnError(f"until then every router says its LSA anew {refreshes:,} times: too long a run")


def _scheduled(topology: Topology, changes: Iterable[At | Change], silent: bool) -> tuple[At, ...]:
    """The changes with their times, all of which can be."""
    if not isinstance(changes, Iterable):
        raise NetlearnError(f"the changes come in a list, as [LinkDown(...)], not as {shown(changes)}")
    timed = (change if isinstance(change, At) else At(0, change) for change in changes)
    schedule = tuple(_by_name(topology, replace(at, silent=at.silent or silent)) for at in timed)
    announced = {(given.node, given.prefix) for given in topology.announcements}
    announced |= {(at.change.node, at.change.prefix) for at in schedule if isinstance(at.change, Announce)}
    for at in schedule:
        _check(topology, at, announced)
    return schedule


def _by_name(topology: Topology, at: At) -> At:
    """The same with the name of a node that goes by its id."""
    if isinstance(at.change, LinkDown | LinkUp) or not isinstance(at.change, get_args(Change)):
        return at  # what is no change at all is refused later
    node = at.change.node
    name = topology.node(node).name if isinstance(node, str) and topology.has_node(node) else node
    return at if name == node else replace(at, change=replace(at.change, node=name))


def _check(topology: Topology, at: At, announced: set[tuple[str, Prefix]]) -> None:
    """Raise what `simulate` raises for a change that cannot be."""
    check_whole(f"the time of {shown(at.change)}, in whole microseconds,", at.time_us, most=LONGEST_US)
    match at.change:
        case LinkDown(link) | LinkUp(link):
            topology.link(link)
        case Maintenance(node) | DaemonDown(node) if topology.node(node).kind == "lan":
            raise NetlearnError(f"{node} is a LAN; {type(at.change).__name__} is for routers and hosts")
        case NodeDown(node) | NodeUp(node) | Maintenance(node) | DaemonDown(node):
            topology.node(node)
        case Announce(node, prefix, metric):
            topology.announcing(prefix, node, metric)
        case Withdraw(node, prefix) | ServiceDown(node, prefix) | ServiceUp(node, prefix):
            topology.node(node)
            if (node, prefix) not in announced:
                own = listed(str(given) for name, given in announced if name == node)
                raise UnknownName(f"{node} does not announce {prefix} beside its own address; it announces {own}")
        case other:
            known = ", ".join(each.__name__ for each in get_args(Change))
            raise NetlearnError(f"{other!r} is no change; possible are {known}")


def _begin(running: RunningNetwork, detector: Detector, lfa: bool, cold: bool, aging: bool) -> None:
    """Every router at rest, or cold."""
    known: Mapping[str, Lsdb] = {} if cold else converged_lsdbs(running.topology)
    for name, timers in running.timers.items():
        router = Router(name, running.topology, timers, lfa, aging=aging)
        running.keep(name, router if cold else converged(router, known[name]))
        running.deliver(name, Expired("begin"))
    for link in running.topology.links if cold else ():
        detector.meet_after(link.name, 0)


def _run(running: RunningNetwork, until_us: int | None) -> None:
    """Let things happen, one after the other, until nothing is left or the time is up."""
    for number, (time_us, act) in enumerate(running.queue):
        if until_us is not None and time_us > until_us:
            return
        if number == MOST_EVENTS:
            raise NetlearnError(f"the network did not come to rest within {MOST_EVENTS:,} events")
        running.now = time_us
        act()


def _apply(running: RunningNetwork, detector: Detector, change: Change, silent: bool) -> None:
    """Let a change befall the running, and all links that begin or cease to work with it."""
    is_so, make_so = _made(running, detector, change)
    if is_so:
        return
    # A node that goes down takes its links along, so what fails is seen by comparing, not by the change.
    worked = {link: running.works(link) for link in running.link_epoch}
    if isinstance(change, LinkDown | LinkUp):
        running.log(running.topology.link(change.link).a, change)
    elif not isinstance(change, Maintenance):  # of which the router tells itself
        running.log(change.node, change)
    make_so()
    for link, did in worked.items():
        works = running.works(link)
        if did != works:
            (detector.mends if works else detector.fails)(link, silent)


def _made(running: RunningNetwork, detector: Detector, change: Change) -> tuple[bool, Callable[[], object]]:
    """Whether all is as the change would make it, so that it has no effect; and what makes it so, links aside."""
    now, services = running.now, running.services
    match change:
        case LinkDown(link):
            return link in running.cut, partial(running.cut.add, link)
        case LinkUp(link):
            return link not in running.cut, partial(running.cut.remove, link)
        case NodeDown(node):
            return node in running.down, partial(running.stop, node)
        case NodeUp(node):
            return node not in running.down, partial(detector.starts, node)
        case Maintenance(node):
            return False, partial(running.deliver, node, StubOrdered())
        case DaemonDown(node):
            return node in running.down | running.daemons_down, partial(detector.falls_silent, node)
        case Announce(node, prefix, metric):
            return running.announced(node, prefix) == [metric], partial(running.own_prefix, node, prefix, metric)
        case Withdraw(node, prefix):
            return not running.announced(node, prefix), partial(running.own_prefix, node, prefix, None)
        case ServiceDown(node, prefix):
            return not services.works((node, prefix), now), partial(services.begin, (node, prefix), now)
        case ServiceUp(node, prefix):  # pragma: no branch (there is no other change, as mypy knows)
            return services.works((node, prefix), now), partial(services.end, (node, prefix), now)
