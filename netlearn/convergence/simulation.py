"""A network in time: the world that routers live in, and the clock.

The simulation owns what no router can know: which links and nodes work at this instant, and what is on its way. It
hands each router the events that reach it, carries out its actions, and keeps a record: the `Trace`.

Hellos and BFD packets are not sent one by one. When one of them is missed follows from their rhythm, which begins at
a phase of its own on each link (drawn from the seed), and from the times at which the link worked.

A LAN takes part as a node: a machine that does what its designated router does in OSPF (RFC 2328 7.3, 12.4.2), namely
to miss who sends no more hellos, to say who is on the LAN (its network-LSA), and to pass LSAs on. Whoever is on a LAN
sees only its own cable's carrier, so the others miss it by hello or BFD. Simplified: the designated router is nobody in
particular, so there is no election, and its death costs no more than another's; a LAN with one router left is still a
transit network; hosts on a LAN take part in OSPF, so no LAN has a prefix that is connected and stays so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from netlearn.chance import drawn
from netlearn.clock import Queue
from netlearn.convergence.event import (
    AdjacencyDown,
    AdjacencyUp,
    Announce,
    At,
    Change,
    DaemonDown,
    Expired,
    Happening,
    Heard,
    Install,
    LinkUp,
    Maintenance,
    NodeUp,
    OwnPrefix,
    Reason,
    RouterEvent,
    Send,
    ServiceDown,
    ServiceUp,
    Start,
    StubOrdered,
    Update,
    Withdraw,
)
from netlearn.convergence.happened import Event
from netlearn.convergence.lsdb import Lsdb, converged_lsdb
from netlearn.convergence.router import step
from netlearn.convergence.state import Router, converged
from netlearn.convergence.timers import DETECTIONS, Detection, Timers
from netlearn.convergence.trace import Outages, Sent, TableChange, Trace
from netlearn.errors import NetlearnError, UnknownName, listed
from netlearn.network.parts import LinkDown, NodeDown, Prefix
from netlearn.network.topology import Topology
from netlearn.routing.interfaces import Interfaces

WORLD, ARRIVAL, TIMER = 0, 1, 2  # what comes first at one instant
CHANGES = (LinkDown, NodeDown, LinkUp, NodeUp, Maintenance, DaemonDown, Announce, Withdraw, ServiceDown, ServiceUp)
MOST_EVENTS = 20_000_000  # far beyond any network of the book; a run that needs more does not come to rest
LONG_AGO = -(10**15)


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
    its carrier; with `detect="hello"` they watch none, and go on for ever.

    The run begins with all tables converged, or `cold`: with empty ones. It ends when nothing more is to be done, or
    at `until_us`; only then are LSAs refreshed and can grow too old.

    Raises `UnknownName` for a change of something that is not there, and `NetlearnError` for a time that is none, an
    unknown way to detect, the maintenance of a LAN, or the interfaces of another network.
    """
    if interfaces is not None:
        if interfaces.network != topology:
            raise NetlearnError("these are the interfaces of another network; interfaces(topology) makes this one's")
        topology = replace(topology, announcements=(*topology.announcements, *interfaces.announced()))
    if detect not in DETECTIONS:
        raise NetlearnError(f"{detect!r} detects nothing; possible are {', '.join(DETECTIONS)}")
    schedule = tuple(_at(change, silent) for change in changes)
    announced = {(given.node, given.prefix) for given in topology.announcements}
    announced |= {(at.change.node, at.change.prefix) for at in schedule if isinstance(at.change, Announce)}
    for at in schedule:
        _check(topology, at, announced)
    timers = timers or Timers.rfc()
    all_timers = {node.name: (router_timers or {}).get(node.name, timers) for node in topology.nodes}
    for name in router_timers or {}:
        topology.node(name)
    world = _World(topology, all_timers, detect, seed, interfaces)
    world.begin(lfa, cold, aging=until_us is not None)
    for at in schedule:
        world.schedule(at)
    world.run(until_us)
    return world.trace(schedule, timers)


def _at(change: At | Change, silent: bool) -> At:
    """The change with its time."""
    return replace(change, silent=change.silent or silent) if isinstance(change, At) else At(0, change, silent)


def _check(topology: Topology, at: At, announced: set[tuple[str, Prefix]]) -> None:
    """Raise what `simulate` raises for a change that cannot be."""
    if isinstance(at.time_us, bool) or not isinstance(at.time_us, int) or at.time_us < 0:
        raise NetlearnError(f"{at.change} happens at {at.time_us!r}; times are whole microseconds from 0 on")
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
            raise NetlearnError(f"{other!r} is no change; possible are {', '.join(each.__name__ for each in CHANGES)}")


class _World:
    """What is true, what is on its way, and what every router knows."""

    def __init__(
        self,
        topology: Topology,
        timers: Mapping[str, Timers],
        detect: Detection,
        seed: int,
        interfaces: Interfaces | None,
    ) -> None:
        self.topology, self.timers, self.detect, self.seed = topology, timers, detect, seed
        self.interfaces = interfaces
        self.now, self.queue = 0, Queue()
        self.routers: dict[str, Router] = {}
        self.cut: set[str] = set()
        self.down: set[str] = set()
        self.mute: set[str] = set()  # the nodes whose routing daemons are dead
        self.silences = Outages()  # and when they were
        # Counts each time that a link begins or ceases to work: what was under way before is void.
        self.era: dict[str, int] = dict.fromkeys((link.name for link in topology.links), 0)
        self.life: dict[str, int] = dict.fromkeys(timers, 0)  # the same for nodes, and their timers
        # Each node's latest report of lost carriers: when it is due, and of which links in which era.
        self.batch: dict[str, tuple[int, dict[str, int]]] = dict.fromkeys(timers, (LONG_AGO, {}))
        self.met: dict[str, int] = {}  # when the two ends of a link last began anew
        self.outages = Outages()
        self.services = Outages()
        self.dark: set[str] = set()  # the links that failed so that their carrier went
        self.carriers = Outages()  # when a node, at its end of a link, knew of no carrier: by node and link
        self.events: list[Event] = []
        self.tables: list[TableChange] = []
        self.sent: list[Sent] = []
        self.states: dict[str, list[tuple[int, Router | None]]] = defaultdict(list)

    # The clock

    def begin(self, lfa: bool, cold: bool, aging: bool) -> None:
        """Every router at rest, or cold."""
        known: Mapping[str, Lsdb] = {} if cold else _known(self.topology)
        for name, timers in self.timers.items():
            router = Router(name, self.topology, timers, lfa, aging=aging)
            if not cold:
                router = converged(router, known[name])
            self.keep(name, router)
            self.deliver(name, Expired("begin"))
        for link in self.topology.links if cold else ():
            self.meet_after(link.name, 0)

    def run(self, until_us: int | None) -> None:
        """Let things happen, one after the other, until nothing is left or the time is up."""
        for number, (time_us, act) in enumerate(self.queue):
            if until_us is not None and time_us > until_us:
                return
            if number == MOST_EVENTS:
                raise NetlearnError(f"the network did not come to rest within {MOST_EVENTS:,} events")
            self.now = time_us
            act()

    def schedule(self, at: At) -> None:
        """Put a change on the clock."""
        self.queue.push(at.time_us, WORLD, lambda: self.befall(at.change, at.silent))

    def trace(self, schedule: tuple[At, ...], timers: Timers) -> Trace:
        """The record of the run so far."""
        states = {name: tuple(states) for name, states in self.states.items()}
        return Trace(
            self.topology,
            schedule,
            timers.link_us,
            tuple(self.events),
            tuple(self.tables),
            states,
            self.outages,
            tuple(self.sent),
            self.services,
            self.interfaces,
            self.carriers,
        )

    # The routers

    def keep(self, name: str, router: Router | None) -> None:
        """The router's state from now on; `None` while it is down."""
        if router is not None:
            self.routers[name] = router
        self.states[name].append((self.now, router))

    def deliver(self, name: str, event: RouterEvent) -> None:
        """Let something reach a router, and carry out what it does."""
        if name in self.down or name in self.mute:
            return
        before = self.routers[name]
        router, actions = step(before, event, self.now)
        if router is not before:
            self.keep(name, router)
        for action in actions:
            if isinstance(action, Send):
                self.send(name, action)
            elif isinstance(action, Start):
                self.wake(name, action)
            else:
                self.log(name, action)
                if isinstance(action, Install):
                    self.tables.append(TableChange(self.now, name, action.prefix, action.route))

    def send(self, name: str, send: Send) -> None:
        link, message = send
        works = self.works(link)
        if isinstance(message, Update):
            self.sent.append(Sent(self.now, name, link, message.lsa.origin, lost=not works))
        if not works:
            return
        era, there = self.era[link], self.topology.link(link).other(name)
        arrive = Heard(link, message)

        def arrived() -> None:
            if self.era[link] == era:  # else it was lost with the link
                self.deliver(there, arrive)

        # A LAN has taken its time on the way in.
        way = 0 if name in self.topology.lans else self.timers[name].link_us
        self.queue.push(self.now + way, ARRIVAL, arrived)

    def wake(self, name: str, start: Start) -> None:
        assert start.at_us >= self.now, (name, start)
        life = self.life[name]

        def expired() -> None:
            if self.life[name] == life:
                self.deliver(name, Expired(start.timer))

        self.queue.push(start.at_us, TIMER, expired)

    def log(self, node: str, what: Happening) -> None:
        self.events.append(Event(self.now, node, what))

    # The world

    def works(self, link: str) -> bool:
        """Whether frames get through at this instant."""
        ends = self.topology.link(link)
        return link not in self.cut and ends.a not in self.down and ends.b not in self.down

    def speaks(self, link: str) -> bool:
        """Whether routing packets get through: the link works, and the daemons at both ends live."""
        ends = self.topology.link(link)
        return self.works(link) and ends.a not in self.mute and ends.b not in self.mute

    def befall(self, change: Change, silent: bool) -> None:
        """A change of the world. What is so already, happens without effect."""
        worked = {link: self.works(link) for link in self.era}
        match change:
            case LinkDown(link) if link not in self.cut:
                self.cut.add(link)
                self.log(self.topology.link(link).a, change)
            case LinkUp(link) if link in self.cut:
                self.cut.remove(link)
                self.log(self.topology.link(link).a, change)
            case NodeDown(node) if node not in self.down:
                self.log(node, change)
                self.down.add(node)
                self.life[node] += 1
                self.emptied(node)
                self.keep(node, None)
            case NodeUp(node) if node in self.down:
                self.log(node, change)
                self.look_at_cables(node)
                old = self.routers[node]
                self.down.remove(node)
                if node in self.mute:
                    self.mute.remove(node)
                    self.silences.end(node, self.now)
                self.keep(node, Router(node, old.network, old.timers, old.lfa, aging=old.aging))
                self.deliver(node, Expired("begin"))
            case Maintenance(node):
                self.deliver(node, StubOrdered())
            case DaemonDown(node) if node not in self.down | self.mute:
                self.log(node, change)
                self.mute.add(node)
                self.silences.begin(node, self.now)
                for arc in self.topology.arcs(node):
                    self.listen_all(arc.neighbour, arc.link)
            case Announce(node, prefix, metric) if self.announced(node, prefix) != [metric]:
                self.log(node, change)
                self.own_prefix(node, prefix, metric)
            case Withdraw(node, prefix) if self.announced(node, prefix):
                self.log(node, change)
                self.own_prefix(node, prefix, None)
            case ServiceDown(node, prefix) if self.services.works((node, prefix), self.now):
                self.log(node, change)
                self.services.begin((node, prefix), self.now)
            case ServiceUp(node, prefix) if not self.services.works((node, prefix), self.now):
                self.log(node, change)
                self.services.end((node, prefix), self.now)
        for link, did in worked.items():
            if did and not self.works(link):
                self.fails(link, silent)
            elif not did and self.works(link):
                self.outages.end(link, self.now)
                self.era[link] += 1
                self.dark.discard(link)
                self.meet_after(link, 0 if silent else self.carrier_us(link))
                self.carrier_after(link, 0 if silent else self.carrier_us(link))

    def announced(self, node: str, prefix: Prefix) -> list[int]:
        """The metrics at which the node announces the prefix beside its own address."""
        rows = self.routers[node].network.announcements
        return [given.metric for given in rows if (given.node, given.prefix) == (node, prefix)]

    def own_prefix(self, node: str, prefix: Prefix, metric: int | None) -> None:
        """A prefix comes to a node or is taken from it; one that is down finds it so when it starts."""
        if node not in self.down:
            self.deliver(node, OwnPrefix(prefix, metric))
            return
        old = self.routers[node]
        changed = old.network.withdrawing(prefix, node)
        changed = changed if metric is None else changed.announcing(prefix, node, metric)
        self.routers[node] = replace(old, network=changed)

    def carrier(self, end: str, link: str, there: bool) -> None:
        """A node learns that its end of a link has a carrier again, or none: the link's prefix is its own no longer."""
        if self.interfaces is None or end in self.topology.lans or self.carriers.works((end, link), self.now) == there:
            return
        (self.carriers.end if there else self.carriers.begin)((end, link), self.now)
        if self.topology.node(end).kind == "router":
            prefix = self.interfaces.end(end, link).prefix
            seen = [each for each in self.interfaces.of(end) if self.carriers.works((end, each.link), self.now)]
            metrics = [self.interfaces.announcement(each).metric for each in seen if each.prefix == prefix]
            self.own_prefix(end, prefix, min(metrics, default=None))

    def carrier_after(self, link: str, delay_us: int) -> None:
        """Let both ends of a link that works again see its carrier, if it does not fail before."""
        ends = self.topology.link(link)

        def seen() -> None:
            for end in (ends.a, ends.b):
                if link not in self.dark and end not in self.down:
                    self.carrier(end, link, there=True)

        if self.interfaces is not None:
            self.queue.push(self.now + delay_us, WORLD, seen)

    def look_at_cables(self, node: str) -> None:
        """A node that is about to start sees which of its dead links have a carrier."""
        for arc in self.topology.arcs(node) if self.detect != "hello" else ():
            if arc.link in self.cut or arc.neighbour in self.down:
                self.carrier(node, arc.link, arc.link not in self.dark)

    def emptied(self, node: str) -> None:
        """A node goes down, and its FIB with it."""
        for prefix in self.routers[node].routes():
            self.tables.append(TableChange(self.now, node, prefix, None))

    def fails(self, link: str, silent: bool) -> None:
        """A link ceases to work: find out when each end will notice."""
        self.outages.begin(link, self.now)
        self.era[link] += 1
        if not silent:
            self.dark.add(link)
        ends = self.topology.link(link)
        for end in (ends.a, ends.b):
            if not silent and self.detect != "hello" and end not in self.topology.lans:
                self.report(end, link)
            self.listen_all(end, link)

    def listen_all(self, end: str, link: str) -> None:
        """Wake when the end will have missed hellos, or BFD packets, for long enough."""
        timers = self.timers[end]
        self.listen(end, link, timers.hello_us, timers.dead_us, Reason.HELLO)
        if self.detect == "bfd":
            patience = timers.bfd_interval_us * timers.bfd_multiplier
            self.listen(end, link, timers.bfd_interval_us, patience, Reason.BFD)

    def report(self, end: str, link: str) -> None:
        """The carrier goes: the router hears of it, in batches if its system makes batches."""
        timers = self.timers[end]
        due, batch = self.batch[end]
        if self.now + timers.carrier_us > due:  # else it goes along with the batch that is waiting
            due, batch = max(self.now + timers.carrier_us, due + timers.carrier_batch_us), {}
            self.batch[end] = due, batch
            self.queue.push(due, WORLD, lambda: self.carrier_lost(end, batch))
        batch[link] = self.era[link]

    def carrier_lost(self, end: str, batch: Mapping[str, int]) -> None:
        """Report a batch, without those that came back meanwhile."""
        lost = tuple(link for link, era in batch.items() if self.era[link] == era)
        for link in lost if end not in self.down else ():
            self.carrier(end, link, there=False)
        self.deliver(end, AdjacencyDown(lost, Reason.CARRIER))

    def listen(self, end: str, link: str, every_us: int, patience_us: int, reason: Reason) -> None:
        """Wake when the end will have heard nothing over the link for as long as it has patience."""
        due = self.last_heard(end, link, every_us) + patience_us

        def missed() -> None:
            if end in self.down or link not in self.routers[end].full:
                return
            if self.now - self.last_heard(end, link, every_us) >= patience_us:
                self.deliver(end, AdjacencyDown((link,), reason))
                if self.speaks(link):  # mended meanwhile, but too late for this end
                    self.meet_after(link, 0)
            elif not self.speaks(link):
                self.listen(end, link, every_us, patience_us, reason)

        self.queue.push(max(due, self.now), WORLD, missed)

    def last_heard(self, end: str, link: str, every_us: int) -> int:
        """When the last periodic packet arrived over the link: sent in its rhythm, while the link worked."""
        sender = self.topology.link(link).other(end)
        phase = drawn(f"{self.seed}|{sender}|{link}|{every_us}", every_us)
        way = self.timers[sender].link_us
        latest = self.now - way
        silences = self.outages.of(link)
        if muted := self.silences.of(sender):
            silences = tuple(sorted((*silences, *muted), key=lambda silence: silence[0]))
        for begin, finish in reversed(silences):
            sent = phase + (latest - phase) // every_us * every_us
            if finish is not None and sent >= finish:
                break
            latest = min(latest, begin - way - 1)  # whatever was under way at the cut is lost
        heard = phase + (latest - phase) // every_us * every_us + way
        return max(heard, self.met.get(link, LONG_AGO))  # whoever began anew has just heard the other

    def carrier_us(self, link: str) -> int:
        ends = self.topology.link(link)
        return max(self.timers[ends.a].carrier_us, self.timers[ends.b].carrier_us)

    def meet_after(self, link: str, delay_us: int) -> None:
        """Let the two ends of a link find each other, if it works until then and either has lost the other."""
        ends, era = self.topology.link(link), self.era[link]
        wait = max(self.timers[ends.a].adjacency_us, self.timers[ends.b].adjacency_us)

        def meet() -> None:
            here = [self.routers[end] for end in (ends.a, ends.b)]
            if self.era[link] != era or not self.speaks(link) or all(link in router.full for router in here):
                return
            self.met[link] = self.now
            for router in here:
                self.deliver(router.name, AdjacencyDown((link,), Reason.ANEW))
            for router in here:
                self.deliver(router.name, AdjacencyUp(link))

        self.queue.push(self.now + delay_us + wait, WORLD, meet)


def _known(topology: Topology) -> dict[str, Lsdb]:
    """What each node's LSDB holds at rest: the LSAs of its own piece of the network, one value for all in a piece."""
    whole = converged_lsdb(topology)
    known: dict[str, Lsdb] = {}
    for node in topology.nodes:
        if node.name in known:
            continue
        piece, reached = [node.name], {node.name}
        for name in piece:
            fresh = [arc.neighbour for arc in topology.arcs(name) if arc.neighbour not in reached]
            reached.update(fresh)
            piece += dict.fromkeys(fresh)
        lsdb = whole if len(piece) == len(whole) else Lsdb({name: whole.lsas[name] for name in sorted(piece)})
        known |= dict.fromkeys(piece, lsdb)
    return known
