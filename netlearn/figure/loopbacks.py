"""The figure of the three loopbacks: `lo` in each machine, a router's own address, one address on several routers.

The reader steps from one to the next, cuts cables, takes routers down, and chooses who asks. `view` is the whole
logic: it asks every router's table, there and back, and says who answers.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

from netlearn.anycast import place
from netlearn.errors import BadNetwork, NetlearnError, shown
from netlearn.errors import listed as named
from netlearn.fib import Fib, converged_fibs
from netlearn.figure.layout import Box, Layout, lay_out
from netlearn.figure.markup import Element, View, element, keyed, number
from netlearn.figure.network import Arc, Marks, draw, link_label, listed, way_data
from netlearn.figure.signs import PLATE_HEIGHT, Sign, icon, plate, ring, shared_plate
from netlearn.figure.still import Picture
from netlearn.forwarding import Outcome, Walk, walk
from netlearn.networks import forum
from netlearn.nodelink import from_data
from netlearn.packet import Flow, Packet
from netlearn.topology import Address, LinkDown, NodeDown, Prefix, Topology

LO = "127.0.0.1"
SIGNS: tuple[Sign, ...] = ("lo", "plate", "shared")
STEPS = (*SIGNS, "break")  # the three one by one, then all of them, to be broken
INSIDE = 60.0  # how far a host's inside reaches below its name


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reader set: who asks for the three addresses, what has failed, and which of the three is looked at."""

    topology: Topology
    router: str
    shared: Prefix
    asker: str
    cut: Sequence[str] = ()
    down: Sequence[str] = ()
    step: str = "lo"

    @property
    def address(self) -> Address:
        """The router's own address."""
        address = self.topology.node(self.router).address
        assert address is not None, self.router
        return address

    @property
    def holders(self) -> tuple[str, ...]:
        """The routers that have the shared address."""
        return tuple(given.node for given in self.topology.announcements if given.prefix == self.shared)


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a question to one address: who answers it, over which way, and what of all flows goes where.

    `ends` is the share of the flows that each node gets, `carried` the share on each link; `walk` is the way of one
    flow there, `back` the way of its answer. `answers` holds when both arrive.
    """

    walk: Walk | None = None
    back: Walk | None = None
    ends: Mapping[str, float] = field(default_factory=dict)
    carried: Mapping[Arc, float] = field(default_factory=dict)

    @property
    def answers(self) -> bool:
        return all(way is not None and way.outcome is Outcome.DELIVERED for way in (self.walk, self.back))


@dataclass(frozen=True, slots=True)
class Found:
    """What follows from a scene: the network that is left, and the reply of each address."""

    after: Topology
    replies: Mapping[Sign, Reply]

    def answers(self) -> str:
        """A 1 or 0 for each of the three, in their order."""
        return "".join("1" if self.replies[sign].answers else "0" for sign in SIGNS)


def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed from every node's table."""
    after = scene.topology.without(*map(LinkDown, scene.cut), *map(NodeDown, scene.down))
    if not after.has_node(scene.asker):
        return Found(after, {sign: Reply() for sign in SIGNS})
    fibs = converged_fibs(after)
    own = Walk(Outcome.DELIVERED, (), scene.asker)  # every machine delivers 127.0.0.0/8 to itself: RFC 1122 3.2.1.3(g)
    return Found(
        after,
        {
            "lo": Reply(own, own, {scene.asker: 1.0}),
            "plate": _reply(after, fibs, scene.asker, scene.address),
            "shared": _reply(after, fibs, scene.asker, scene.shared.network_address),
        },
    )


def _reply(topology: Topology, fibs: Mapping[str, Fib], asker: str, address: Address) -> Reply:
    source = topology.node(asker).address
    assert source is not None, asker
    there = walk(fibs, Packet(Flow(source, address)), asker)
    carried, ends = _shares(topology, fibs, asker, address)
    if there.outcome is not Outcome.DELIVERED:
        return Reply(there, None, ends, carried)
    back = walk(fibs, Packet(Flow(address, source, 80, 49152)), there.end)
    return Reply(there, back, ends, carried)


def _shares(
    topology: Topology, fibs: Mapping[str, Fib], asker: str, address: Address
) -> tuple[dict[Arc, float], dict[str, float]]:
    """The share of the flows on each link, and that of each node where they end, if every tie splits evenly."""
    waiting = {asker: 1.0}
    carried: dict[Arc, float] = {}
    ends: dict[str, float] = {}
    while waiting:
        routes = {node: fibs[node].lookup(address) for node in waiting}
        # The farthest first: whoever hands on is farther than whoever is handed to, so all has arrived that will.
        node = max(waiting, key=lambda name: (route.metric if (route := routes[name]) else -1, name))
        share, route = waiting.pop(node), routes[node]
        if route is None:
            continue
        if route.local:
            ends[node] = share
        for hop in route.next_hops:
            for start, end, link in _steps(topology, node, hop.node, hop.link):
                carried[start, end, link] = carried.get((start, end, link), 0.0) + share / len(route.next_hops)
            waiting[hop.node] = waiting.get(hop.node, 0.0) + share / len(route.next_hops)
    return carried, ends


def _steps(topology: Topology, node: str, following: str, name: str) -> Iterable[Arc]:
    """The links to a next hop: one, or two with a LAN between them."""
    across = topology.link(name).other(node)
    yield node, across, name
    if across != following:
        yield across, following, topology.links_between(across, following)[0].name


def scene_of(
    network: Mapping[str, Any],
    router: str,
    shared: str,
    asker: str,
    cut: Sequence[str],
    down: Sequence[str],
    step: str,
) -> Scene:
    """The scene that plain data describes, as it comes from a page."""
    return Scene(from_data(network), router, ip_network(shared), asker, cut, down, step)


def view(
    network: Mapping[str, Any],
    router: str,
    shared: str,
    asker: str,
    cut: Sequence[str],
    down: Sequence[str],
    step: str,
) -> View:
    """What every changeable part of the figure looks like, from plain data."""
    scene = scene_of(network, router, shared, asker, cut, down, step)
    check(scene)
    return keyed(body(scene))


def check(scene: Scene) -> None:
    """Raise the error that names what is wrong with a scene, before anything is drawn."""
    topology = scene.topology
    if topology.node(scene.router).address is None:
        raise BadNetwork(f"{scene.router} has no address; a router's loopback is the address of its node")
    if scene.router not in topology.routers:
        raise BadNetwork(f"{scene.router} is no router; the routers are {named(topology.routers)}")
    if len(scene.holders) < 2:
        who = listed(scene.holders) if scene.holders else "nobody"
        raise BadNetwork(f"{scene.shared} is announced by {who}; an anycast address is announced by two or more")
    if topology.node(scene.asker).address is None:
        raise BadNetwork(f"{scene.asker} has no address to ask from")
    if scene.step not in STEPS:
        raise NetlearnError(f"the step is {' or '.join(STEPS)}, not {shown(scene.step)}")
    topology.without(*map(LinkDown, scene.cut), *map(NodeDown, scene.down))


# What is said


NAMES: dict[Sign, str] = {
    "lo": "lo, the loopback interface",
    "plate": "A router's loopback",
    "shared": "An anycast address",
}


def facts(scene: Scene, sign: Sign) -> tuple[tuple[str, str], ...]:
    """Who may hold the address, who sees it, what it survives: what stays true whatever fails."""
    routers, holders = scene.router, listed(scene.holders)
    return {
        "lo": (
            ("Address", f"{LO}, the same in every machine"),
            ("Who may hold it", "Every machine, each for itself; its own kernel makes it."),
            ("Who sees it", "Only programs in the same machine. No packet for it ever leaves."),
            ("What it survives", "Every cable, as it has none. It ends with its machine, and leads nowhere else."),
        ),
        "plate": (
            ("Address", f"{scene.address}/32, and nobody else has it"),
            ("Who may hold it", f"{routers} alone. Each router has a name of its own."),
            ("Who sees it", "Everyone: it is announced to all routers, like any other address."),
            ("What it survives", f"Any cable, while some way to {routers} is left. It ends with {routers}."),
        ),
        "shared": (
            ("Address", f"{scene.shared.network_address}/{scene.shared.prefixlen}, the same on {holders}"),
            ("Who may hold it", "Several routers, on different links, all on purpose."),
            ("Who sees it", "Everyone; but each sender reaches only the nearest holder."),
            ("What it survives", f"Cables, and even holders, while one of {holders} can be reached."),
        ),
    }[sign]


def now(scene: Scene, found: Found, sign: Sign) -> str:
    """What becomes of a question to this address, as things are."""
    if not found.after.has_node(scene.asker):
        return f"{scene.asker} is down, so it asks nothing."
    if sign == "lo":
        return f"{scene.asker} asks, and {scene.asker} itself answers. No cable is used."
    reply = found.replies[sign]
    if not reply.answers:
        return _silence(scene, found, sign)
    assert reply.walk is not None
    if not reply.walk.hops:
        return f"{scene.asker} has this address itself, and answers itself."
    sentence = f"{reply.walk.end} answers, by {' → '.join(reply.walk.nodes)}."
    if len(reply.ends) > 1:
        parts = (f"{node} {share:.0%}" for node, share in sorted(reply.ends.items()))
        sentence += f" Equally near, so the flows are shared: {listed(parts)}."
    return sentence


def _silence(scene: Scene, found: Found, sign: Sign) -> str:
    """Why nobody answers."""
    holders = (scene.router,) if sign == "plate" else scene.holders
    alive = [node for node in holders if found.after.has_node(node)]
    if alive:
        verb = "is" if len(alive) == 1 else "are"
        return f"No answer: {listed(alive)} {verb} alive, but no way from {scene.asker} is left."
    if len(holders) == 1:
        return f"No answer: {holders[0]} is down, and nobody else has this address."
    return f"No answer: {listed(holders)} are all down."


def claim(scene: Scene, found: Found) -> str:
    """The one sentence to take away from what is looked at."""
    boxes = [node.name for node in found.after.nodes if node.kind != "lan"]
    reply = found.replies["lo" if scene.step == "break" else scene.step]  # type: ignore[index]
    if scene.step == "lo":
        failed = bool(scene.cut or scene.down)
        return (
            f"Whatever is cut, each of the {len(boxes)} boxes still reaches its own lo"
            if failed
            else f"{len(boxes)} boxes, {len(boxes)} rings, one address that never leaves a box"
        )
    if scene.step == "plate":
        if reply.answers:
            return f"{scene.address} is a name for the box: any way to {scene.router} will do"
        down = not found.after.has_node(scene.router)
        return f"{scene.router} is {'down, and its name with it' if down else 'alive, but no way leads to it'}"
    if scene.step == "shared":
        if not reply.answers:
            return "No holder can be reached: no answer"
        ends, gone = sorted(reply.ends), [node for node in scene.holders if node not in reply.ends]
        if gone and (scene.cut or scene.down):
            return (
                f"{listed(ends)} {'answers' if len(ends) == 1 else 'answer'} for {scene.asker}, without {listed(gone)}"
            )
        if len(ends) > 1:
            tied = "all" if len(ends) > 2 else "both"
            who = tied if ends == sorted(scene.holders) else listed(ends)
            return f"The same address on {listed(scene.holders)}: {who} are equally near to {scene.asker}"
        return f"The same address on {listed(scene.holders)}: {ends[0]} is the nearest to {scene.asker}"
    if not (scene.cut or scene.down):
        return "Three things called loopback: break something, and see which still answer"
    return {
        3: "All three still answer",
        2: "Two of the three still answer",
        1: "One of the three still answers",
        0: "None of the three answers",
    }[found.answers().count("1")]


def words(scene: Scene, found: Found) -> str:
    """The picture in words: what has failed, who asks, and what becomes of each question that is looked at."""
    sentences = []
    if scene.cut:
        sentences.append(f"Cut: {', '.join(link_label(scene.topology.link(name)) for name in sorted({*scene.cut}))}.")
    if scene.down:
        sentences.append(f"Down: {', '.join(sorted({*scene.down}))}.")
    for sign in SIGNS if scene.step == "break" else (scene.step,):
        sentences.append(f"{_address(scene, sign)}: {now(scene, found, sign)}")  # type: ignore[arg-type]
    return " ".join(sentences)


def _address(scene: Scene, sign: Sign) -> str:
    return {"lo": LO, "plate": str(scene.address), "shared": str(scene.shared.network_address)}[sign]


# What is drawn


def body(scene: Scene, trials: Element | None = None) -> Element:
    """The live figure: steps, drawing, controls, a card for each of the three, and what may be broken."""
    found = find(scene)
    parts = [
        _steps_bar(scene),
        element("p", claim(scene, found), key="title", class_="nl-title"),
        element(
            "p", "Click a cable to cut it, a router to take it down. Or use the arrow keys and Enter.", class_="nl-hint"
        ),
        element("div", drawing(scene, found, live=True), class_="nl-scroll"),
        element("div", class_="nl-wait", role="status", data_part="status"),
        element("p", words(scene, found), key="say", class_="nl-say", aria_live="polite"),
        *([trials] if trials else []),
        _controls(scene),
        cards(scene, found, live=True),
        element(
            "span",
            key="answers",
            hidden=True,
            data_answers=found.answers(),
            data_for=failing(scene.cut, scene.down),
            data_part="answers",
        ),
    ]
    return element("div", *parts, class_="nl-loopbacks")


def drawing(scene: Scene, found: Found, live: bool) -> Element:
    """The network with the signs of what is looked at, and the way of the question."""
    shown_ways = {"plate": ("plate",), "shared": ("shared",), "break": ("plate", "shared")}.get(scene.step, ())
    one = shown_ways[0] if len(shown_ways) == 1 else None
    marks = Marks(
        cut=frozenset(scene.cut),
        down=frozenset(scene.down),
        shares=found.replies[one].carried if one and found.replies[one].answers else {},  # type: ignore[index]
    )
    layout = lay_out(scene.topology)
    under = [_inside(node.name, layout.nodes[node.name], scene) for node in scene.topology.nodes if node.kind == "host"]
    under += [_way(scene, found, sign, sign in shown_ways) for sign in SIGNS[1:]]
    keys = "Arrow keys move between links and routers, Enter cuts or mends."
    label = f"Network in which {scene.asker} asks for three addresses. {keys}"
    return draw(
        scene.topology,
        marks,
        live=live,
        label=label if live else words(scene, found),
        under=tuple(under),
        over=(element("g", *_signs(scene, found, layout), class_="nl-signs"),),
    )


def _inside(host: str, box: Box, scene: Scene) -> Element:
    """The inside of a host, below its name, where `lo` is."""
    rect = element(
        "rect",
        x=box.x - box.width / 2,
        y=box.y,
        width=box.width,
        height=box.height / 2 + INSIDE,
        rx=11,
        class_="nl-case",
    )
    seen = scene.step == "lo" or (scene.step == "break" and host == scene.asker)
    return element("g", rect, key=("inside", host), class_="nl-inside" + ("" if seen else " nl-hidden"))


def _signs(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    yield from _rings(scene, found, layout)
    shared = str(scene.shared.network_address)
    for node in scene.topology.nodes:
        if node.kind != "router" or node.address is None:
            continue
        x, y = layout.notes[node.name]
        gone = "" if found.after.has_node(node.name) else "nl-gone"
        own = node.name == scene.router
        state = gone or ("" if own else "nl-faint-sign")
        seen = scene.step == "plate" or (scene.step == "break" and own)
        yield plate(x, y, str(node.address), state if seen else "nl-hidden", key=("plate", node.name))
        if node.name in scene.holders:
            seen = scene.step in ("shared", "break")
            if scene.step == "break" and own:
                y += 32
            y = max(y, PLATE_HEIGHT / 2 + 4)  # the double stands out above the plate; it stays in the drawing
            yield shared_plate(x, y, shared, gone if seen else "nl-hidden", key=("shared", node.name))


def _rings(scene: Scene, found: Found, layout: Layout) -> Iterable[Element]:
    """A ring in every box; the question that turns round in the asker's."""
    for node in scene.topology.nodes:
        if node.kind == "lan":
            continue
        box = layout.nodes[node.name]
        asks = node.name == scene.asker
        seen = found.after.has_node(node.name) and (scene.step == "lo" or (scene.step == "break" and asks))
        state = "nl-hidden" if not seen else "nl-lit" if asks else "nl-faint-sign"
        host = node.kind == "host"
        y = box.y + box.height / 2 + INSIDE / 2 if host else box.y
        yield ring(box.x, y, 19 if host else 20, "lo" if host else "", state, key=("ring", node.name))
        turn = _turn(box.x, y, 27 if host else 33)
        mine = seen and asks
        yield element("path", d=turn, key=("turn", node.name), class_="nl-turn" + ("" if mine else " nl-hidden"))


def _turn(x: float, y: float, radius: float) -> str:
    """Once around: out of the box's own hand, into its own hand."""
    r = number(radius)
    return f"M{number(x)} {number(y - radius)}a{r} {r} 0 1 1 -0.1 0"


def _way(scene: Scene, found: Found, sign: str, seen: bool) -> Element:
    """The way of one flow, dotted; two of them lie beside each other in two colours."""
    reply = found.replies[sign]  # type: ignore[index]
    data = ""
    if seen and reply.answers and reply.walk:
        layout = lay_out(scene.topology)
        hops = [
            (start, link)
            for hop in reply.walk.hops
            for start, _, link in _steps(scene.topology, hop.node, hop.taken.node, hop.taken.link)
        ]
        data, _ = way_data(scene.topology, layout, hops)
    beside = " nl-beside" if scene.step == "break" else ""
    hidden = "" if data else " nl-hidden"
    return element("path", key=("way", sign), class_=f"nl-way nl-ask-{sign}{beside}{hidden}", d=data or "M0 0")


STEP_NAMES = {"lo": "lo", "plate": "Router loopback", "shared": "Anycast", "break": "Break it"}


def _steps_bar(scene: Scene) -> Element:
    """The four steps as buttons, and one that leads to the next."""
    buttons = []
    for nth, step in enumerate(STEPS, start=1):
        sign = [icon(step)] if step in SIGNS else []
        buttons.append(
            element(
                "button",
                *sign,
                element("span", f"{nth}. {STEP_NAMES[step]}"),
                key=("step", step),
                type="button",
                aria_pressed="true" if step == scene.step else "false",
                data_step=step,
            )
        )
    last = scene.step == STEPS[-1]
    ahead = element("button", "Next ▶", key="next", type="button", data_do="next", disabled=last)
    return element("div", *buttons, ahead, class_="nl-steps", role="group", aria_label="Which of the three")


def _controls(scene: Scene) -> Element:
    names = [node.name for node in scene.topology.nodes if node.address is not None]
    choices = (element("option", name, value=name, selected=name == scene.asker) for name in names)
    return element(
        "div",
        element("label", "Who asks? ", element("select", *choices, data_set="asker", aria_label="Who asks")),
        element("button", "Mend everything", type="button", data_do="reset"),
        class_="nl-controls",
    )


def cards(scene: Scene, found: Found, live: bool = False) -> Element:
    """Beside each other: the three, who may hold each, who sees it, what it survives, and what it answers now."""
    return element("div", *(_card(scene, found, sign, live) for sign in SIGNS), class_="nl-cards")


def _card(scene: Scene, found: Found, sign: Sign, live: bool) -> Element:
    answers = found.replies[sign].answers
    rows = [element("div", element("dt", name), element("dd", said)) for name, said in facts(scene, sign)]
    fate = element(
        "dd",
        element("span", class_=f"nl-swatch nl-ask-{sign}"),
        element("span", "✓ " if answers else "✗ ", key=("mark", sign), aria_hidden="true"),
        element("span", now(scene, found, sign), key=("now", sign)),
    )
    rows.append(element("div", element("dt", f"{scene.asker} asks now", key=("asks", sign)), fate, class_="nl-now-row"))
    current = scene.step in (sign, "break")
    return element(
        "div",
        element("p", icon(sign), element("span", NAMES[sign]), class_="nl-card-title"),
        element("dl", *rows),
        key=("card", sign),
        class_="nl-card" + (" nl-current" if current else "") + ("" if answers else " nl-silent"),
        role="group",
        aria_label=NAMES[sign],
    )


def picture(
    step: str, cut: Sequence[str] = (), down: Sequence[str] = (), *, asker: str = "Source", caption: str = ""
) -> Picture:
    """A still picture of the forum network: R2's loopback, and 192.0.2.150 on R4 and R7, asked for at this step."""
    shared = ip_network("192.0.2.150")
    scene = Scene(place(forum(), shared.network_address, ("R4", "R7")), "R2", shared, asker, cut, down, step)
    check(scene)
    found = find(scene)
    return Picture(drawing(scene, found, live=False), claim(scene, found), words(scene, found), caption)


# What may be broken


@dataclass(frozen=True, slots=True)
class Trial:
    """A failure to predict: in words, and what fails."""

    words: str
    cut: tuple[str, ...] = ()
    down: tuple[str, ...] = ()


def failing(cut: Iterable[str], down: Iterable[str]) -> str:
    """What fails, as the page writes it in JSON."""
    return json.dumps([sorted(cut), sorted(down)], ensure_ascii=False, separators=(",", ":"))


def trials_of(scene: Scene) -> tuple[Trial, ...]:
    """Failures that tell the three apart, found on the ways that the questions take while nothing has failed."""
    whole = find(Scene(scene.topology, scene.router, scene.shared, scene.asker))
    trials = []
    to_router, to_nearest = whole.replies["plate"].walk, whole.replies["shared"].walk
    if to_router and to_router.links:
        name = to_router.links[-1]
        trials.append(Trial(f"The cable {link_label(scene.topology.link(name))} is cut", (name,)))
    trials.append(Trial(f"{scene.router} goes down", down=(scene.router,)))
    if to_nearest and to_nearest.hops:
        trials.append(Trial(f"{to_nearest.end} goes down", down=(to_nearest.end,)))
    trials.append(Trial(f"{listed(scene.holders)} go down", down=tuple(sorted(scene.holders))))
    around = tuple(sorted(arc.link for arc in scene.topology.arcs(scene.router)))
    trials.append(Trial(f"Every cable of {scene.router} is cut", around))
    near = tuple(sorted(arc.link for arc in scene.topology.arcs(scene.asker)))
    label = link_label(scene.topology.link(near[0])) if len(near) == 1 else f"Every cable of {scene.asker}"
    trials.append(Trial(f"{scene.asker}'s own cable {label} is cut" if len(near) == 1 else f"{label} is cut", near))
    return tuple(trials)


def trial_form(trials: Sequence[Trial]) -> Element:
    """The failures to choose from, a box to tick for each of the three that will still answer, and a way past it."""
    choices = (
        element("option", trial.words, value=place, data_for=failing(trial.cut, trial.down))
        for place, trial in enumerate(trials)
    )
    ticks = (
        element(
            "label",
            element("input", type="checkbox", data_tick=place),
            element("span", STEP_NAMES[sign]),
            class_="nl-check",
        )
        for place, sign in enumerate(SIGNS)
    )
    return element(
        "div",
        element(
            "p",
            element("label", "Suppose: ", element("select", *choices, data_do="trial", aria_label="Suppose")),
            " Which of the three will still answer? Tick them, then see.",
        ),
        element(
            "div",
            *ticks,
            element("button", "Break it and see", type="button", data_do="see"),
            element("button", "Skip the prediction", type="button", class_="nl-quiet", data_do="skip"),
            class_="nl-options",
        ),
        element("div", element("ul", data_part="verdict"), class_="nl-verdict", role="status"),
        class_="nl-predict nl-trials",
        role="group",
        aria_label="Your prediction",
    )


def trial_table(scene: Scene, trials: Sequence[Trial]) -> Element:
    """For where nothing runs: each failure, and what becomes of each of the three."""
    head = element(
        "tr", *(element("th", cell, scope="col") for cell in ("What fails", *(STEP_NAMES[s] for s in SIGNS)))
    )
    rows = []
    for trial in trials:
        after = Scene(scene.topology, scene.router, scene.shared, scene.asker, trial.cut, trial.down, scene.step)
        found = find(after)
        cells = [element("td", now(after, found, sign)) for sign in SIGNS]
        rows.append(element("tr", element("th", trial.words, scope="row"), *cells))
    caption = element("caption", "What still answers")
    table = element("table", caption, element("thead", head), element("tbody", *rows))
    return element("div", table, class_="nl-panel")
