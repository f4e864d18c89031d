"""What is said of a router's addresses."""

from collections.abc import Sequence
from ipaddress import IPv4Network

from netlearn.convergence.session import Session
from netlearn.drawing.prose import duration, failures_in_words, listed
from netlearn.figures.name_the_box.scene import HOLD, PortReply, Scene, sessions
from netlearn.routing.forwarding import Outcome
from netlearn.units import SECOND

TAUGHT = IPv4Network("198.51.100.0/24")  # a prefix that the peer has learned from the session


def headline(scene: Scene, found: Sequence[PortReply]) -> str:
    """The one sentence to take away: of the sessions where there are any, else of the addresses."""
    return session_claim(scene) if scene.peer else claim(scene, found)


def session_claim(scene: Scene) -> str:
    """Which of the two sessions live on."""
    kept = sessions(scene)
    drops = [link for link, session in kept.items() if not session.survives]
    if len(drops) != 1:
        return f"Both sessions of {scene.peer} and {scene.router} {'drop' if drops else 'live on'}"
    cable, boxes = "between the ends of their cable", "between the boxes"
    lives, ends = (boxes, cable) if drops[0] else (cable, boxes)
    after_us = kept[drops[0]].dropped_us or 0
    return f"The session {lives} lives on; that {ends} drops after {round(after_us / SECOND)} s"


def claim(scene: Scene, found: Sequence[PortReply]) -> str:
    """Which of the addresses answer, in one sentence."""
    own, *ports = found
    router, quiet = scene.router, [reply for reply in ports if reply.state != "answers"]
    if router in scene.down:
        return f"{router} is down: no name helps where there is no box"
    if scene.asker in scene.down:
        return f"{scene.asker} is down, and asks for nothing"
    if own.state == "answers":
        if not quiet:
            return f"All {len(found)} addresses of {router} answer {scene.asker}"
        if len(ports) == 1:
            return f"{router} answers to its own name alone: the address of its only cable does not"
        if len(quiet) == len(ports):
            return f"{router} answers to its own name alone: none of its cables' addresses does"
        verb = "does" if len(quiet) == 1 else "do"
        return f"{router} answers to its own name; {len(quiet)} of its {len(ports)} cables' addresses {verb} not"
    if not scene.settled:
        if some := answering(found):
            verb = "does" if some == 1 else "do"
            return f"For the moment {router}'s own name does not answer; {some} of its cables' addresses still {verb}"
        return f"For the moment nothing of {router} answers: every way leads over a dead cable"
    return f"No way from {scene.asker} to {router} is left: none of its addresses answers"


def answering(found: Sequence[PortReply]) -> int:
    return sum(reply.state == "answers" for reply in found)


def words(scene: Scene, found: Sequence[PortReply]) -> str:
    """Each address in a sentence, and what has failed."""
    verbs = {"answers": "answers", "lost": "is lost:", "gone": "is gone"}
    sentences = [f"{whose(scene, each)}, {each.address}, {verbs[each.state]} {why(scene, each)}." for each in found]
    sentences += failures_in_words(scene.topology, scene.cut, scene.down, scene.silent)
    for link, session in sessions(scene).items():
        what = "the ends of their cable" if link else "the boxes"
        lot = f"{'lives on' if session.survives else 'drops'}: {fate(scene, session)}"
        sentences.append(f"The session of {scene.router} and {scene.peer} between {what} {lot}.")
    return " ".join(sentences)


def whose(scene: Scene, reply: PortReply) -> str:
    """`R2's loopback address`, `The address of its cable to R1`."""
    if not reply.link:
        return f"{scene.router}'s loopback address"
    return f"The address of its cable to {scene.topology.link(reply.link).other(scene.router)}"


def why(scene: Scene, reply: PortReply) -> str:
    """By which way a packet for this address goes, or why it does not arrive."""
    way, router = " → ".join(reply.nodes), scene.router
    if reply.state == "answers":
        return f"by {way}"
    if scene.asker in scene.down:
        return f"for {scene.asker}, which is down and asks for nothing"
    if reply.way.outcome is Outcome.LINK_DOWN:
        return f"{way} hands its packets to the dead cable towards {reply.way.hops[-1].taken.node}"
    if reply.way.outcome is Outcome.TTL_EXPIRED:
        return f"packets go round at {reply.way.end}"
    if router in scene.down:
        return f"with {router}, which is down"
    if reply.link in scene.cut:
        return f"with its cable; nobody announces it any more, though {router} still owns it"
    return f"for {scene.asker}: {reply.way.end} has no route to it"


def fate(scene: Scene, session: Session) -> str:
    """How a session fares, and the routes that the peer has from it."""
    changed = [move for move in session.moves(TAUGHT, scene.peer) if move[0] > 0]
    if session.survives and not changed:
        return "nothing is in its way"
    if session.survives:
        at_us, route = changed[-1]
        hops = listed([hop.node for hop in route.next_hops], "or") if route else "nobody"
        way = f"from {duration(at_us)} on its packets go via {hops}"
        return f"it never notices; {way}, and so does what {scene.peer} learned"
    dropped_us = session.dropped_us or 0
    heard = f"{session.by} has heard nothing for {HOLD.hold_us // SECOND} s"  # the last word came before the failure
    ended = f"{round(dropped_us / SECOND)} s after the failure {heard}"
    lost = next((at_us for at_us, route in changed if route is None and at_us < dropped_us), None)
    if lost is not None:
        return f"{ended}; what {scene.peer} learned from it is of no use from {duration(lost)} on"
    return f"{ended}; until then what {scene.peer} learned from it leads onto the dead cable"
