"""The figure of one address on two machines: on one link that is a conflict, on different links it is anycast.

On one link the story is told message by message: who asks, who answers, whom the asker's ARP cache names, who gets
what is sent. On different links the routers' tables are asked. `view` is the whole logic.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address, ip_network
from itertools import pairwise
from math import atan2, degrees
from typing import Literal

from netlearn.duplicates import CHECKS, Machine, Shared, share_link
from netlearn.errors import NetlearnError, shown
from netlearn.fib import converged_fibs
from netlearn.figure.layout import text_width
from netlearn.figure.markup import Element, View, element, keyed, number
from netlearn.figure.signs import shared_plate
from netlearn.forwarding import walk
from netlearn.packet import Flow, Packet
from netlearn.timers import SECOND
from netlearn.topology import Announcement, Link, Node, NodeDown, Topology

Place = Literal["one", "links"]
Kind = Literal["none", "asks", "answers", "speaks", "data", "lost", "news"]

ADDRESS, DESK_ADDRESS = "198.51.100.53", "198.51.100.10"
SERVERS = ("A", "B")
PLACES: dict[str, str] = {"one": "On one link", "links": "On different links"}
SLOW_US = 400  # after which the slower server answers: a choice; the other takes 100 to 200 microseconds
KEEPS_MS = 1_000  # so long Linux keeps an entry against another answer: arp(7), locktime


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a story: what happens, who sends to whom, what Desk believes, and what has come of it.

    `believed` is the server that Desk's cache names, or that R1's table leads to. `down` is a server that is off;
    `silent` one that does without the address. `way` are the nodes that a message passes, where routers are between;
    `also` is what others send at the same moment.
    """

    title: str
    words: str
    kind: Kind = "none"
    sender: str = ""
    to: tuple[str, ...] = ()
    bubble: str = ""
    believed: str = ""
    down: str = ""
    silent: str = ""
    way: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()

    @property
    def sent(self) -> tuple[tuple[str, str], ...]:
        """Who sends to whom."""
        return (*((self.sender, to) for to in self.to), *self.also)


# On one link


@dataclass(frozen=True, slots=True)
class Entry:
    """What an ARP cache says of one address: at whose card it is, and when that was learned."""

    holder: str
    learned_ms: int


def hear(entry: Entry | None, speaker: str, now_ms: int) -> Entry:
    """The entry after `speaker` has said in an ARP message that the address is its own.

    An entry that is younger than `KEEPS_MS` stays, so of two answers that come together the first counts; an older
    one is overwritten, asked for or not (RFC 826; Linux).
    """
    if entry and entry.holder != speaker and now_ms - entry.learned_ms < KEEPS_MS:
        return entry
    return Entry(speaker, now_ms)


def one_link(first: str, checks: bool) -> tuple[Moment, ...]:
    """The story of two servers with the same address on Desk's link, of which `first` answers sooner.

    With `checks` the second server looks first whether anybody has the address (RFC 5227).
    """
    second = SERVERS[1 - SERVERS.index(first)]
    return _checked(first, second) if checks else _unchecked(*_race(first, second))


def _race(quick: str, slow: str) -> tuple[str, ...]:
    """The servers in the order in which their answers come to Desk, if both keep to the address whatever they hear."""
    servers = (
        Machine(quick, check=False, defence="always"),
        Machine(slow, check=False, defence="always", answer_us=SLOW_US),
    )
    (answers,) = share_link(servers, [1 * SECOND]).answers
    assert answers.conflict, answers
    return tuple(name for _, name in answers.replies)


def latecomer(first: str, second: str) -> Shared:
    """What happens on the link when `second` comes, and checks, while `first` has the address; then Desk asks."""
    return share_link((Machine(first, check=False), Machine(second, comes_us=10 * SECOND)), [20 * SECOND])


def _unchecked(first: str, second: str) -> tuple[Moment, ...]:
    both = f"Server {first} and server {second}"
    told = [
        Moment(
            f"Two machines on one link, and both say: {ADDRESS} is mine",
            f"{both} were given the same address. Nothing has complained so far.",
        ),
        Moment(
            "Desk asks everybody on the link at once",
            f"To send to {ADDRESS}, Desk has to know which card it is at. It asks everyone; that is called ARP.",
            "asks",
            "Desk",
            SERVERS,
            f"Who has {ADDRESS}?",
        ),
    ]
    entry = hear(None, first, 1)
    told.append(
        Moment(
            f"Server {first} answers first, and Desk believes it",
            f"“I have it.” Desk writes into its cache: {ADDRESS} is at server {first}'s card.",
            "answers",
            first,
            ("Desk",),
            "I have it!",
            entry.holder,
        )
    )
    entry = hear(entry, second, 2)
    told.append(
        Moment(
            "The second answer comes too late, and nobody is warned",
            f"Server {second} says the same. Desk's entry is not a second old, so Linux keeps it. Nothing looks wrong.",
            "answers",
            second,
            ("Desk",),
            "I have it!",
            entry.holder,
        )
    )
    connected = entry.holder
    told.append(
        Moment(
            f"Who answered first gets the traffic: server {connected}",
            f"Desk opens a connection. It goes to server {connected}'s card alone; server {second} gets nothing.",
            "data",
            "Desk",
            (connected,),
            "Hello!",
            entry.holder,
        )
    )
    entry = hear(entry, second, 5_000)
    told.append(
        Moment(
            f"Server {second} speaks, and Desk's cache flips",
            f"Server {second} asks for something else. Its question also says “{ADDRESS} is at my card”, and Desk, "
            "which has an entry for that address, overwrites it.",
            "speaks",
            second,
            ("Desk", first),
            "Who has the printer?",
            entry.holder,
        )
    )
    if entry.holder != connected:
        told.append(
            Moment(
                f"The connection breaks: server {entry.holder} knows nothing of it",
                f"Desk's next message goes to server {entry.holder}, which was never called. It answers with a reset.",
                "lost",
                "Desk",
                (entry.holder,),
                "Go on …",
                entry.holder,
            )
        )
    entry = hear(entry, first, 9_000)
    told.append(
        Moment(
            "And back again: whoever spoke last has the address",
            f"Server {first} speaks, and the cache flips back. It will go on like this; no end is in sight, and each "
            "machine by itself seems to work.",
            "speaks",
            first,
            ("Desk", second),
            "Who has the printer?",
            entry.holder,
        )
    )
    return tuple(told)


def _checked(first: str, second: str) -> tuple[Moment, ...]:
    happened = latecomer(first, second)
    (conflict,) = (told for told in happened.told if told.kind == "gives up")
    (answers,) = happened.answers
    assert (conflict.machine, happened.holders(answers.asked_us), answers.conflict) == (second, (first,), False)
    return (
        Moment(
            f"Server {first} has the address; server {second} is being started",
            f"Server {second} was given {ADDRESS}, but does not use it yet: it looks first whether somebody has it.",
            silent=second,
        ),
        Moment(
            f"Server {second} asks before it speaks",
            f"“Who has {ADDRESS}?” In the place of its own address it writes 0.0.0.0, so nobody's cache changes. "
            f"It would ask {CHECKS[4].probes} times (an ARP probe, RFC 5227).",
            "asks",
            second,
            ("Desk", first),
            f"Who has {ADDRESS}?",
            silent=second,
        ),
        Moment(
            f"Server {first} answers: a conflict, before any harm is done",
            f"“I have it.” One answer is enough: server {second} must not use the address, and says so to its owner.",
            "answers",
            first,
            (second,),
            "I have it!",
            silent=second,
        ),
        Moment(
            "Desk asks, and one answers",
            f"Only server {first} says “I have it”, and Desk's cache names its card.",
            "answers",
            first,
            ("Desk",),
            "I have it!",
            first,
            silent=second,
        ),
        Moment(
            "One address, one card: the message arrives, and nothing flips",
            f"What Desk sends goes to server {first}, and stays there. Server {second} needs another address.",
            "data",
            "Desk",
            (first,),
            "Hello!",
            first,
            silent=second,
        ),
    )


# On different links


def routed(first: str = "A") -> Topology:
    """The same two servers, each on a link of its own behind a router; `first` is the nearer one."""
    prefix = ip_network(ADDRESS)
    near, far = ("R2", "R3") if first == "A" else ("R3", "R2")
    return Topology(
        (Node("Desk", "host", ip_address("192.0.2.10")), Node("R1"), Node("R2"), Node("R3"), Node("A"), Node("B")),
        (
            Link("Desk", "R1"),
            Link("R1", near, 1),
            Link("R1", far, 2),
            Link("R2", "A"),
            Link("R3", "B"),
        ),
        tuple(Announcement(prefix, server) for server in SERVERS),
    )


def different_links(first: str) -> tuple[Moment, ...]:
    """The story of two servers with the same address on different links, `first` the nearer: anycast."""
    second = SERVERS[1 - SERVERS.index(first)]
    whole = routed(first)
    way, after = _way(whole), _way(whole.without(NodeDown(first)))
    holder, heir = way[-1], after[-1]
    return (
        Moment(
            "Different links, on purpose: each server says so to its router",
            f"Both servers announce {ADDRESS}/32. No link has two of them, so no ARP question for it has two answers.",
            "news",
            first,
            ("R1",),
            f"I answer for {ADDRESS}",
            also=((second, "R1"),),
        ),
        Moment(
            f"R1 has one entry for it: the nearest, server {holder}",
            f"R1 hears of both and takes the smaller metric ({_metric(whole)} against {_metric(whole, second)}). "
            "For R1 that is one address with two ways to it, like any other.",
            believed=holder,
        ),
        Moment(
            f"Desk's message goes to server {holder}",
            f"Its way: {' → '.join(way)}. Each router hands it to one next hop.",
            "data",
            "Desk",
            (holder,),
            "Hello!",
            holder,
            way=way,
        ),
        Moment(
            f"Server {second} speaks, and nothing flips",
            f"What server {second} says on its own link is heard there alone. Desk's cache names R1's card, and R1's "
            "table asks for metrics, not for who spoke last.",
            "speaks",
            second,
            ("R3" if second == "B" else "R2",),
            "Who has the printer?",
            holder,
        ),
        Moment(
            f"Server {first} dies, and its announcement with it",
            f"Its router withdraws the address; R1's table now leads to server {heir}.",
            believed=heir,
            down=first,
        ),
        Moment(
            f"The next message reaches server {heir}, at the same address",
            f"Its way: {' → '.join(after)}. Connections to server {first} are gone; new ones begin at server {heir}.",
            "data",
            "Desk",
            (heir,),
            "Hello!",
            heir,
            down=first,
            way=after,
        ),
    )


def _way(topology: Topology) -> tuple[str, ...]:
    source = topology.node("Desk").address
    assert source is not None
    return walk(converged_fibs(topology), Packet(Flow(source, ip_address(ADDRESS))), "Desk").nodes


def _metric(topology: Topology, only: str = "") -> int:
    """How far the address is from R1; with `only`, that server's."""
    if only:
        topology = replace(topology, announcements=tuple(a for a in topology.announcements if a.node == only))
    route = converged_fibs(topology)["R1"].lookup(ip_address(ADDRESS))
    assert route is not None
    return route.metric


# The figure


@dataclass(frozen=True, slots=True)
class Case:
    """What the reader set: one link or different ones, who answers first or is nearer, whether the other checks."""

    place: str
    sooner: str
    checks: bool
    moment: int = 0

    def story(self) -> tuple[Moment, ...]:
        """All moments of this case."""
        return one_link(self.sooner, self.checks) if self.place == "one" else different_links(self.sooner)

    def now(self) -> Moment:
        """The moment that is looked at; past the end, the last one."""
        story = self.story()
        return story[min(self.moment, len(story) - 1)]


def view(place: str, sooner: str, checks: bool, moment: int) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    case = Case(place, sooner, checks, moment)
    check(case)
    return keyed(body(case))


def check(case: Case) -> None:
    """Raise the error that names what is wrong with a case."""
    if case.place not in PLACES:
        raise NetlearnError(f"the place is {' or '.join(PLACES)}, not {shown(case.place)}")
    if case.sooner not in SERVERS:
        raise NetlearnError(f"the first server is {' or '.join(SERVERS)}, not {shown(case.sooner)}")
    if isinstance(case.moment, bool) or not isinstance(case.moment, int) or case.moment < 0:
        raise NetlearnError(f"a moment is a whole number from 0, not {shown(case.moment)}")


def words(case: Case) -> str:
    """The moment in words, for who cannot see it."""
    moment = case.now()
    return f"{moment.title}. {moment.words} {believed_in_words(case)}"


def believed_in_words(case: Case) -> str:
    """What is believed of the address: by Desk's cache on one link, by R1's table on different ones."""
    moment = case.now()
    if case.place == "one":
        return f"Desk's ARP cache: {f'server {moment.believed}' if moment.believed else 'empty'}."
    return f"R1's table: {f'to server {moment.believed}' if moment.believed else 'no entry yet'}."


def body(case: Case, question: Element | None = None) -> Element:
    """The live figure: where the two machines are, the drawing of this moment, what happens, and the way on."""
    story, moment = case.story(), case.now()
    at = min(case.moment, len(story) - 1)
    parts = [
        *([question] if question else []),
        _places(case),
        element("p", moment.title, key="title", class_="nl-title"),
        element("div", drawing(case, live=True), class_="nl-scroll", tabindex=0, role="group", aria_label="Picture"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element(
            "div",
            element("button", "◀ Back", key="back", type="button", data_do="back", disabled=at == 0),
            element("button", "Next ▶", key="next", type="button", data_do="next", disabled=at == len(story) - 1),
            element("span", f"{at + 1} of {len(story)}", key="count", class_="nl-hint"),
            class_="nl-controls",
        ),
        element("p", f"{moment.words} {believed_in_words(case)}", key="say", class_="nl-say", aria_live="polite"),
        _settings(case),
        element("span", key="length", hidden=True, data_part="length", data_length=len(story), data_at=at),
    ]
    return element("div", *parts, class_="nl-same")


def _places(case: Case) -> Element:
    buttons = (
        element(
            "button",
            label,
            key=("place", place),
            type="button",
            aria_pressed="true" if place == case.place else "false",
            data_place=place,
        )
        for place, label in PLACES.items()
    )
    return element("div", *buttons, class_="nl-steps", role="group", aria_label="Where the two servers are")


def _settings(case: Case) -> Element:
    choices = (
        element("option", f"server {server}", value=server, selected=server == case.sooner) for server in SERVERS
    )
    tick = element("input", type="checkbox", checked=case.checks, data_set="checks")
    return element(
        "div",
        element(
            "label",
            "Who answers first, or is nearer? ",
            element("select", *choices, data_set="sooner", aria_label="Who answers first, or is nearer"),
        ),
        element(
            "label",
            tick,
            element("span", "On one link, the other looks first whether the address is taken"),
            class_="nl-check",
        ),
        class_="nl-controls",
    )


def asked() -> Element:
    """The question to answer before looking; it is compared when the message has been sent."""
    options = {
        "Both": "It goes to one card alone. Which one is decided by who answered first, and later by who spoke last.",
        "One of them": "Yes, one card alone: that of whoever answered first. Now go on; it does not stay that way.",
        "Neither, as the network refuses it": "Nothing refuses it. Nobody on a link checks for others; what comes "
        "first is believed.",
    }
    buttons = [
        element("button", label, type="button", aria_pressed="false", data_option=label, data_feedback=feedback)
        for label, feedback in options.items()
    ]
    skip = element("button", "Skip the prediction", type="button", class_="nl-quiet", data_do="skip")
    question = "Two servers on one link have the same address. Desk sends a message to it. Who gets it?"
    return element(
        "div",
        element("p", question),
        element("div", *buttons, skip, class_="nl-options"),
        element("p", class_="nl-verdict", role="status"),
        class_="nl-predict",
        role="group",
        aria_label="Your prediction",
        data_prediction="same-address",
        data_ahead="Now step on, until Desk has sent it.",
        data_at=next(place for place, told in enumerate(one_link("A", False)) if told.kind == "data"),
    )


# The drawing: the same parts in every state


WIDTH, HEIGHT = 800.0, 430.0
BOX_WIDTH, BOX_HEIGHT = 176.0, 100.0
BUS_Y = 235.0
AT = {
    "Desk": (150.0, 362.0),
    "A": (400.0, 66.0),
    "B": (672.0, 66.0),
    "R1": (400.0, 362.0),
    "R2": (400.0, 215.0),
    "R3": (672.0, 215.0),
}
CABLES = (("Desk", "R1"), ("R1", "R2"), ("R1", "R3"), ("R2", "A"), ("R3", "B"))
CARDS = {"Desk": "card …:53:10", "A": "card …:53:0a", "B": "card …:53:0b"}
BUBBLES = {"Desk": (150.0, 284.0), "A": (400.0, 146.0), "B": (660.0, 146.0)}


def drawing(case: Case, live: bool) -> Element:
    """The SVG of this moment."""
    moment = case.now()
    one = case.place == "one"
    parts = [
        element("g", *_bus(one)),
        element("g", *_cables(case, not one)),
        element("g", *_frames(case, moment), *_chips(case, not one), class_="nl-over"),
        element("g", *(_machine(name, case, moment) for name in ("Desk", *SERVERS))),
        element("g", *(_router(name, not one) for name in ("R1", "R2", "R3"))),
        element("g", *_plates(moment, not one), class_="nl-signs"),
        element("g", *_belief(case, moment), *_bubbles(moment), class_="nl-over"),
    ]
    return element(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
        class_="nl-net nl-same-net",
        role="img",
        aria_label="Desk and two servers with the same address. The words below say what happens."
        if live
        else words(case),
    )


def _hidden(shown: bool) -> str:
    return "" if shown else " nl-hidden"


def _bus(seen: bool) -> Iterable[Element]:
    """The shared link as a bar, and the drop of each machine."""
    bar = element("rect", x=60, y=BUS_Y - 7, width=WIDTH - 120, height=14, rx=4, class_="nl-shape")
    name = element("text", "one link", x=WIDTH - 110, y=BUS_Y + 24)
    drops = [
        element("path", d=f"M{number(x)} {number(y)}V{number(BUS_Y)}", class_="nl-line")
        for x, y in (AT[name] for name in ("Desk", *SERVERS))
    ]
    yield element("g", *drops, bar, name, key="bus", class_="nl-node nl-lan" + _hidden(seen))


def _cables(case: Case, seen: bool) -> Iterable[Element]:
    """The cables between routers, with their metrics; those on the way of the message in blue."""
    way = case.now().way
    for a, b in CABLES:
        (x1, y1), (x2, y2) = AT[a], AT[b]
        used = any({a, b} == {*pair} for pair in pairwise(way))
        dead = case.now().down in (a, b)
        state = "dead" if dead else "path" if used else "idle"
        line = element("path", d=f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", class_="nl-line")
        yield element("g", line, key=("cable", f"{a}-{b}"), class_=f"nl-link nl-{state}" + _hidden(seen))


def _chips(case: Case, seen: bool) -> Iterable[Element]:
    """The metrics of the two links that R1 chooses between."""
    for far in ("R2", "R3"):
        x, y = (AT["R1"][0] + AT[far][0]) / 2, (AT["R1"][1] + AT[far][1]) / 2
        (link,) = routed(case.sooner).links_between("R1", far)
        chip = element("rect", x=x - 13, y=y - 12, width=26, height=24, rx=7)
        text = element("text", str(link.metric), key=("metric", far), x=x, y=y)
        yield element("g", chip, text, key=("chip", far), class_="nl-chip" + _hidden(seen))


def _machine(name: str, case: Case, moment: Moment) -> Element:
    """A machine with its address, and the address of its card."""
    x, y = AT[name]
    left, top = x - BOX_WIDTH / 2, y - BOX_HEIGHT / 2
    one = case.place == "one"
    down, silent = moment.down == name, moment.silent == name
    address = ADDRESS if name in SERVERS else DESK_ADDRESS if one else "192.0.2.10"
    said = "off" if down else "no address yet" if silent else address
    state = " nl-down" if down else " nl-silent-box" if silent else ""
    return element(
        "g",
        element("rect", x=left, y=top, width=BOX_WIDTH, height=BOX_HEIGHT, rx=11, class_="nl-shape"),
        element("text", f"Server {name}" if name in SERVERS else name, x=x, y=top + 20),
        element("text", said, key=("address", name), x=x, y=top + 49, class_="nl-address"),
        element("text", CARDS[name], x=x, y=top + 79, class_="nl-card-of"),
        key=("machine", name),
        class_="nl-node nl-host" + state,
    )


def _router(name: str, seen: bool) -> Element:
    x, y = AT[name]
    circle = element("circle", cx=x, cy=y, r=26, class_="nl-shape")
    return element(
        "g", circle, element("text", name, x=x, y=y), key=("router", name), class_="nl-node nl-router" + _hidden(seen)
    )


def _plates(moment: Moment, seen: bool) -> Iterable[Element]:
    """The sign of an anycast address at each server that announces it."""
    for name in SERVERS:
        x, y = AT[name]
        state = "nl-hidden" if not seen else "nl-gone" if moment.down == name else ""
        yield shared_plate(x, y, ADDRESS, state, key=("plate", name))


def _frames(case: Case, moment: Moment) -> Iterable[Element]:
    """The way of what is sent at this moment, to one or two machines, with an arrow head where it arrives."""
    one = case.place == "one"
    for place in range(2):
        path = ""
        x = y = turn = 0.0
        if place < len(moment.sent):
            points = _points(moment, *moment.sent[place], one)
            path = "M" + "L".join(f"{number(px)} {number(py)}" for px, py in points)
            (x, y), (bx, by) = points[-1], points[-2]
            turn = degrees(atan2(y - by, x - bx))
        state = f"nl-frame nl-frame-{moment.kind}" + _hidden(bool(path))
        yield element("path", key=("frame", place), d=path or "M0 0", class_=state)
        yield element(
            "path",
            key=("head", place),
            d="M-14 -9L2 0L-14 9Z",
            transform=f"translate({number(x)} {number(y)}) rotate({number(turn)})",
            class_=state.replace("nl-frame", "nl-head", 1),
        )


def _points(moment: Moment, sender: str, to: str, one: bool) -> list[tuple[float, float]]:
    """The corners of the way, from the edge of the sender to the edge of whoever gets it."""
    if one:
        (x1, y1), (x2, y2) = AT[sender], AT[to]
        edge = BOX_HEIGHT / 2
        start = y1 - edge if y1 > BUS_Y else y1 + edge
        end = y2 + edge if y2 < BUS_Y else y2 - edge
        aside = 7.0 if y1 < BUS_Y and y2 < BUS_Y else 0.0
        return [(x1, start), (x1, BUS_Y - aside), (x2, BUS_Y - aside), (x2, end)]
    nodes = moment.way or _between(sender, to)
    corners = [AT[node] for node in nodes]
    corners[0], corners[-1] = _towards(nodes[0], corners[1]), _towards(nodes[-1], corners[-2])
    return corners


def _between(sender: str, to: str) -> tuple[str, ...]:
    """The nodes from a server up to a router."""
    own = "R2" if sender == "A" else "R3"
    return (sender, own) if to == own else (sender, own, to)


def _towards(node: str, other: tuple[float, float]) -> tuple[float, float]:
    """The place on the edge of a node from which a straight way to the other begins."""
    x, y = AT[node]
    if node.startswith("R"):
        length = ((other[0] - x) ** 2 + (other[1] - y) ** 2) ** 0.5
        return x + 28 * (other[0] - x) / length, y + 28 * (other[1] - y) / length
    if abs(other[0] - x) < 1:
        return x, y + (BOX_HEIGHT / 2 if other[1] > y else -BOX_HEIGHT / 2)
    return x + (BOX_WIDTH / 2 if other[0] > x else -BOX_WIDTH / 2), other[1]


def _belief(case: Case, moment: Moment) -> Iterable[Element]:
    """What is believed of the address: Desk's ARP cache on one link, R1's table on different ones."""
    one = case.place == "one"
    x, y, width = (410.0, 362.0, 300.0) if one else (622.0, 362.0, 290.0)
    title = "Desk's ARP cache" if one else "R1's table"
    said = "empty" if one else "no entry yet"
    if moment.believed:
        card = CARDS[moment.believed].removeprefix("card ")
        next_hop = "R2" if moment.believed == "A" else "R3"
        said = f"{ADDRESS}: {card}" if one else f"{ADDRESS}/32: by {next_hop}"
    yield element(
        "g",
        element("rect", key="belief-box", x=x - width / 2, y=y - 33, width=width, height=66, rx=6, class_="nl-paper"),
        element("text", title, key="belief-title", x=x, y=y - 15, class_="nl-card-of"),
        element("text", said, key="belief", x=x, y=y + 13),
        class_="nl-belief-card",
    )


def _bubbles(moment: Moment) -> Iterable[Element]:
    """What is said, beside who says it."""
    x, y = BUBBLES.get(moment.sender, (0.0, 0.0))
    width = text_width(moment.bubble, 15.5) + 18
    loss = " nl-alarm" if moment.kind == "lost" else ""
    yield element(
        "g",
        element("rect", key="bubble-box", x=x - width / 2, y=y - 13, width=width, height=26, rx=13),
        element("text", moment.bubble, key="bubble-text", x=x, y=y),
        key="bubble",
        class_="nl-note" + loss + _hidden(bool(moment.bubble)),
    )


def story_list(case: Case) -> Element:
    """The whole story as a list, for where nothing runs."""
    items = (element("li", element("strong", f"{told.title}."), " ", told.words) for told in case.story())
    return element("ol", *items)


def cases() -> Sequence[Case]:
    """Every state that there is: few enough to record them all."""
    chosen = [Case(place, first, checks) for place in PLACES for first in SERVERS for checks in (False, True)]
    return [replace(case, moment=moment) for case in chosen for moment in range(len(case.story()))]
