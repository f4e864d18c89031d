"""Two sessions of the router with its peer: between loopbacks, and between the ends of their cable."""

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_network

from netlearn.convergence.event import At
from netlearn.convergence.session import HoldTimers, Session, keep_session
from netlearn.convergence.simulation import simulate
from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import duration, listed
from netlearn.drawing.tables import panel, row
from netlearn.figures.name_the_box.scene import Scene
from netlearn.routing.interfaces import interfaces
from netlearn.routing.rib import Route
from netlearn.units import SECOND

HOLD = HoldTimers.frr()
TAUGHT = ip_network("198.51.100.0/24")  # a prefix that the peer has learned from the session


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session of the router with its peer: between which addresses, how it fares, and how that is said."""

    link: str  # empty where it is between loopback addresses
    between: str
    session: Session
    moves: tuple[tuple[int, Route | None], ...]

    @property
    def state(self) -> str:
        """`lives` or `drops`."""
        return "lives" if self.session.survives else "drops"


@lru_cache(maxsize=128)
def sessions(scene: Scene) -> tuple[KeptSession, ...]:
    """What becomes of two sessions when it all fails at once: one between loopbacks, one between ends of a cable."""
    given = interfaces(scene.topology)
    changes = [At(0, failure) for failure in scene.failures()]
    changes += [At(0, failure, silent=True) for failure in scene.unseen()]
    trace = simulate(scene.topology, changes, interfaces=given)
    cable = scene.topology.links_between(scene.router, scene.peer)[0].name
    kept = []
    for link in ("", cable):
        session = keep_session(trace, scene.peer, scene.router, link or None, timers=HOLD)
        between = " and ".join(map(str, session.addresses))
        kept.append(KeptSession(link, between, session, session.moves(TAUGHT, scene.peer)))
    return tuple(kept)


def fate(scene: Scene, kept: KeptSession) -> str:
    """How a session fares, and the routes that the peer has from it."""
    session, changed = kept.session, [move for move in kept.moves if move[0] > 0]
    if session.survives:
        if not changed:
            return "nothing is in its way"
        at_us, route = changed[-1]
        hops = listed([hop.node for hop in route.next_hops], "or") if route else "nobody"
        way = f"from {duration(at_us)} on its packets go by {hops}"
        return f"it never notices; {way}, and so does what {scene.peer} learned"
    dropped_us = session.dropped_us or 0
    ended = f"after {dropped_us // SECOND} s {session.by} has heard nothing for {HOLD.hold_us // SECOND} s"
    lost = next((at_us for at_us, route in changed if route is None and at_us < dropped_us), None)
    if lost is not None:
        return f"{ended}; what {scene.peer} learned from it is of no use from {duration(lost)} on"
    return f"{ended}; until then what {scene.peer} learned from it leads onto the dead cable"


def session_table(scene: Scene) -> Element:
    """The two sessions, each with what it survives."""
    rows = []
    for kept in sessions(scene):
        state = element("strong", {"lives": "✓ lives on:", "drops": "✗ drops:"}[kept.state], key=("session", kept.link))
        said = state, " ", element("span", fate(scene, kept), key=("session-says", kept.link))
        what = f"the ends of the cable, {kept.between}" if kept.link else f"the boxes, {kept.between}"
        rows.append(row(what, said, key=("session-row", kept.link), class_=f"nl-row-{kept.state}"))
    caption = f"Two BGP sessions of {scene.router} with {scene.peer}, hold time {HOLD.hold_us // SECOND} s"
    return panel(caption, ("Session between", "Then"), rows, "nl-sessions")
