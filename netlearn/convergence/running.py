"""A network that runs: which links and nodes work at this instant, and what is on its way between its routers.

It owns what no router can know. It hands each router the events that reach it, carries out its actions, and keeps a
record of everything.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping

from netlearn.clock import Queue
from netlearn.convergence.event import Event, Expired, Happening, Heard, Install, OwnPrefix, RouterEvent, Send, Start
from netlearn.convergence.lsdb import Update
from netlearn.convergence.router import step
from netlearn.convergence.state import Router
from netlearn.convergence.timers import Timers
from netlearn.convergence.trace import Outages, Sent, State, TableChange
from netlearn.network.parts import Prefix
from netlearn.network.topology import Topology

# What comes first at one instant: no packet gets through a link that is cut just then, and a router whose timer runs
# out knows all that has arrived.
WORLD, ARRIVAL, TIMER = 0, 1, 2


class RunningNetwork:
    """What is true, what is on its way, and what every router knows."""

    def __init__(self, topology: Topology, timers: Mapping[str, Timers]) -> None:
        self.topology, self.timers = topology, timers
        self.now, self.queue = 0, Queue()
        self.routers: dict[str, Router] = {}
        self.cut: set[str] = set()
        self.down: set[str] = set()
        self.daemons_down: set[str] = set()  # the nodes whose routing daemons are dead
        self.silences = Outages()  # and when they were
        # Counts each time that a link begins or ceases to work: what was under way before is void.
        self.link_epoch: dict[str, int] = dict.fromkeys((link.name for link in topology.links), 0)
        self.node_epoch: dict[str, int] = dict.fromkeys(timers, 0)  # the same for nodes, and their timers
        self.outages = Outages()
        self.services = Outages()
        self.events: list[Event] = []
        self.tables: list[TableChange] = []
        self.sent: list[Sent] = []
        self.states: dict[str, list[State]] = defaultdict(list)
        self.written: dict[str, int] = {}  # the entries that a router has installed since its state was made

    # What works
    def works(self, link: str) -> bool:
        """Whether frames get through at this instant."""
        return link not in self.cut and self.down.isdisjoint(self.topology.link(link).ends)

    def speaks(self, link: str) -> bool:
        """Whether routing packets get through: the link works, and the daemons at both ends live."""
        return self.works(link) and self.daemons_down.isdisjoint(self.topology.link(link).ends)

    def announced(self, node: str, prefix: Prefix) -> list[int]:
        """The metrics at which the node announces the prefix beside its own address."""
        rows = self.routers[node].network.announcements
        return [given.metric for given in rows if (given.node, given.prefix) == (node, prefix)]

    # The routers
    def keep(self, name: str, router: Router | None) -> None:
        """The router's state from now on; `None` while it is down."""
        if router is not None:
            self.routers[name] = router
        self.states[name].append((self.now, router, 0))

    def router(self, name: str) -> Router:
        """The router's state at this instant, or its last one."""
        if name in self.written:
            self.routers[name] = self.routers[name].written(self.written.pop(name))
        return self.routers[name]

    def deliver(self, name: str, event: RouterEvent) -> None:
        """Let something reach a router, and carry out what it does."""
        if name in self.down or name in self.daemons_down:
            return
        before = self.router(name)
        router, actions = step(before, event, self.now)
        if router is not before:
            self.keep(name, router)
        for action in actions:
            if isinstance(action, Send):
                self._send(name, action)
            elif isinstance(action, Start):
                self._wake(name, action)
            else:
                self.log(name, action)
                if isinstance(action, Install):
                    self.tables.append(TableChange(self.now, name, action.prefix, action.route))

    def _send(self, name: str, send: Send) -> None:
        link, message = send
        works = self.works(link)
        if isinstance(message, Update):
            self.sent.append(Sent(self.now, name, link, message.lsa.origin, lost=not works))
        if not works:
            return
        epoch, there = self.link_epoch[link], self.topology.link(link).other(name)
        arrive = Heard(link, message)

        def arrived() -> None:
            if self.link_epoch[link] == epoch:  # else it was lost with the link
                self.deliver(there, arrive)

        # A LAN has taken its time on the way in.
        way = 0 if name in self.topology.lans else self.timers[name].link_us
        self.queue.push(self.now + way, ARRIVAL, arrived)

    def _wake(self, name: str, start: Start) -> None:
        assert start.at_us >= self.now, (name, start)
        epoch = self.node_epoch[name]

        def expired() -> None:
            if self.node_epoch[name] == epoch:
                self.deliver(name, Expired(start.timer))

        def installs() -> None:
            if self.node_epoch[name] == epoch and not self._install(name, installs):
                self.deliver(name, Expired(start.timer))

        self.queue.push(start.at_us, TIMER, installs if start.timer == "install" else expired)

    def _install(self, name: str, again: Callable[[], None]) -> bool:
        """What `step` does when an entry is due and others follow, at a twentieth of its cost: a run has very many."""
        router, written, now = self.routers[name], self.written.get(name, 0), self.now
        done, every_us = router.done + written, router.timers.install_us
        is_due = router.deadlines.get("install", 0) + written * every_us == now
        if not is_due or done + 1 >= len(router.queue) or name in self.daemons_down:
            return False
        entry = router.queue[done]
        self.written[name] = written + 1
        self.states[name].append((now, router, written + 1))
        self.events.append(Event(now, name, entry))
        self.tables.append(TableChange(now, name, entry.prefix, entry.route))
        self.queue.push(now + every_us, TIMER, again)
        return True

    def log(self, node: str, what: Happening) -> None:
        """Put what happened on record."""
        self.events.append(Event(self.now, node, what))

    # What befalls a node
    def stop(self, node: str) -> None:
        """The node goes down, with all that it knows."""
        self.down.add(node)
        self.node_epoch[node] += 1
        self.tables += [TableChange(self.now, node, prefix, None) for prefix in self.router(node).routes()]
        self.keep(node, None)

    def start(self, node: str) -> None:
        """A node that was down starts with empty tables."""
        old = self.routers[node]
        self.down.remove(node)
        if node in self.daemons_down:
            self.daemons_down.remove(node)
            self.silences.end(node, self.now)
        self.keep(node, Router(node, old.network, old.timers, old.lfa, aging=old.aging))
        self.deliver(node, Expired("begin"))

    def own_prefix(self, node: str, prefix: Prefix, metric: int | None) -> None:
        """A prefix comes to a node or is taken from it; one that is down finds it so when it starts."""
        if node in self.down:
            self.routers[node] = self.routers[node].owning(prefix, metric)
        else:
            self.deliver(node, OwnPrefix(prefix, metric))
