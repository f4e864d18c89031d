"""When an end of a link notices: that its carrier is gone, that hellos or BFD packets are missing, or that it is back.

Hellos and BFD packets are not sent one by one. When one of them is missed follows from their rhythm, which begins at
a phase of its own on each link (drawn from the seed), and from the times at which the link worked.
"""

from collections.abc import Mapping
from functools import partial

from netlearn.chance import drawn
from netlearn.convergence.event import AdjacencyDown, AdjacencyUp, Reason
from netlearn.convergence.running import WORLD, RunningNetwork
from netlearn.convergence.timers import NEVER, Detection
from netlearn.convergence.trace import Outages
from netlearn.routing.interfaces import Interfaces


class Detector:
    """What lets every end of every link notice what befalls it, some time later.

    With `interfaces` the prefix of a link is a router's own for as long as it sees the link's carrier.
    """

    def __init__(self, running: RunningNetwork, detect: Detection, seed: int, interfaces: Interfaces | None) -> None:
        self.running, self.detect, self.seed, self.interfaces = running, detect, seed, interfaces
        # Each node's latest report of lost carriers: when it is due, and of which links in which epoch.
        self.batch: dict[str, tuple[int, dict[str, int]]] = dict.fromkeys(running.timers, (NEVER, {}))
        self.met_us: dict[str, int] = {}  # when the two ends of a link last began anew
        self.without_carrier: set[str] = set()  # the links that failed so that their carrier went
        self.carriers = Outages()  # when a node, at its end of a link, knew of no carrier: by node and link

    # What befalls a link or a node
    def fails(self, link: str, silent: bool) -> None:
        """A link ceases to work: find out when each end will notice."""
        running = self.running
        running.outages.begin(link, running.now)
        running.link_epoch[link] += 1
        if not silent:
            self.without_carrier.add(link)
        for end in running.topology.link(link).ends:
            if not silent and self.detect != "hello" and end not in running.topology.lans:
                self._report(end, link)
            self._listen_all(end, link)

    def mends(self, link: str, silent: bool) -> None:
        """A link works again: its ends see its carrier, and find each other."""
        running = self.running
        running.outages.end(link, running.now)
        running.link_epoch[link] += 1
        self.without_carrier.discard(link)
        delay_us = 0 if silent else max(running.timers[end].carrier_us for end in running.topology.link(link).ends)
        self.meet_after(link, delay_us)  # both ends need their carrier, so the slower one sets the time
        if self.interfaces is not None:
            running.queue.push(running.now + delay_us, WORLD, partial(self._carrier_seen, link))

    def falls_silent(self, node: str) -> None:
        """A node's daemons die: it says and hears nothing more, and its neighbours will miss what they sent."""
        self.running.daemons_down.add(node)
        self.running.silences.begin(node, self.running.now)
        for arc in self.running.topology.arcs(node):
            self._listen_all(arc.neighbour, arc.link)

    def starts(self, node: str) -> None:
        """A node that was down starts, and sees which of its dead links have a carrier.

        It looks before it speaks, so its first LSA leaves out the prefixes of those that have none.
        """
        for arc in self.running.topology.arcs(node) if self.detect != "hello" else ():
            if arc.link in self.running.cut or arc.neighbour in self.running.down:
                self._carrier(node, arc.link, arc.link not in self.without_carrier)
        self.running.start(node)

    def meet_after(self, link: str, delay_us: int) -> None:
        """Let the two ends of a link find each other, if it works until then and either has lost the other."""
        running = self.running
        ends, epoch = running.topology.link(link).ends, running.link_epoch[link]
        wait = max(running.timers[end].adjacency_us for end in ends)

        def meet() -> None:
            here = [running.routers[end] for end in ends]
            adjacent = all(link in router.full for router in here)
            if running.link_epoch[link] != epoch or not running.speaks(link) or adjacent:
                return
            self.met_us[link] = running.now
            # Both forget first: a hello that does not name its hearer makes that one begin anew (RFC 2328 10.2).
            for router in here:
                running.deliver(router.name, AdjacencyDown((link,), Reason.ANEW))
            for router in here:
                running.deliver(router.name, AdjacencyUp(link))

        running.queue.push(running.now + delay_us + wait, WORLD, meet)

    # Carriers
    def _report(self, end: str, link: str) -> None:
        """The carrier goes: the router hears of it, in batches if its system makes batches (Linux: one a second)."""
        running, timers = self.running, self.running.timers[end]
        due, batch = self.batch[end]
        if running.now + timers.carrier_us > due:  # else it goes along with the batch that is waiting
            due, batch = max(running.now + timers.carrier_us, due + timers.carrier_batch_us), {}
            self.batch[end] = due, batch
            running.queue.push(due, WORLD, partial(self._carrier_lost, end, batch))
        batch[link] = running.link_epoch[link]

    def _carrier_lost(self, end: str, batch: Mapping[str, int]) -> None:
        """Report a batch, without those that came back meanwhile."""
        running = self.running
        lost = tuple(link for link, epoch in batch.items() if running.link_epoch[link] == epoch)
        for link in lost if end not in running.down else ():
            self._carrier(end, link, there=False)
        running.deliver(end, AdjacencyDown(lost, Reason.CARRIER))

    def _carrier(self, end: str, link: str, there: bool) -> None:
        """A node learns whether its end of a link has a carrier: only then is the link's prefix its own."""
        running, known = self.running, self.carriers
        if self.interfaces is None or end in running.topology.lans or known.works((end, link), running.now) == there:
            return
        (known.end if there else known.begin)((end, link), running.now)
        if running.topology.node(end).kind == "router":
            prefix = self.interfaces.end(end, link).prefix
            seen = [each for each in self.interfaces.of(end) if known.works((end, each.link), running.now)]
            metrics = [self.interfaces.announcement(each).metric for each in seen if each.prefix == prefix]
            running.own_prefix(end, prefix, min(metrics, default=None))

    def _carrier_seen(self, link: str) -> None:
        """Both ends of a link that works again see its carrier, if it has not failed meanwhile."""
        for end in self.running.topology.link(link).ends:
            if link not in self.without_carrier and end not in self.running.down:
                self._carrier(end, link, there=True)

    # Hellos and BFD packets
    def _listen_all(self, end: str, link: str) -> None:
        """Wake when the end will have missed hellos, or BFD packets, for long enough."""
        timers = self.running.timers[end]
        self._listen(end, link, timers.hello_us, timers.dead_us, Reason.HELLO)
        if self.detect == "bfd":
            patience = timers.bfd_interval_us * timers.bfd_multiplier
            self._listen(end, link, timers.bfd_interval_us, patience, Reason.BFD)

    def _listen(self, end: str, link: str, every_us: int, patience_us: int, reason: Reason) -> None:
        """Wake when the end will have heard nothing over the link for as long as it has patience."""
        running = self.running
        due = self._last_heard(end, link, every_us) + patience_us

        def missed() -> None:
            if end in running.down | running.daemons_down or link not in running.routers[end].full:
                return
            # Asked again, since the link may have worked for a while meanwhile.
            if running.now - self._last_heard(end, link, every_us) >= patience_us:
                running.deliver(end, AdjacencyDown((link,), reason))
                if running.speaks(link):  # mended meanwhile, but too late for this end
                    self.meet_after(link, 0)
            elif not running.speaks(link):
                self._listen(end, link, every_us, patience_us, reason)

        running.queue.push(max(due, running.now), WORLD, missed)

    def _last_heard(self, end: str, link: str, every_us: int) -> int:
        """When the last periodic packet arrived over the link: sent in its rhythm, while the link worked."""
        running = self.running
        sender = running.topology.link(link).other(end)
        phase = drawn(f"{self.seed}|{sender}|{link}|{every_us}", every_us)
        way = running.timers[sender].link_us
        latest = running.now - way
        silences = sorted((*running.outages.of(link), *running.silences.of(sender)), key=lambda silence: silence[0])
        for begin, finish in reversed(silences):
            sent = phase + (latest - phase) // every_us * every_us
            if finish is not None and sent >= finish:
                break
            latest = min(latest, begin - way - 1)  # whatever was under way at the cut is lost
        heard = phase + (latest - phase) // every_us * every_us + way
        return max(heard, self.met_us.get(link, NEVER))  # whoever began anew has just heard the other
