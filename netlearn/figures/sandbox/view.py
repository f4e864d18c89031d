"""The sandbox as a whole: the sheet, what a press on it does, what can be added or changed, and what the network does.

What the reader draws changes the drawing's parts themselves and not their attributes alone. So what may change stands
in few named pieces; the page is told each of them whole, or what of its attributes differs where the network is the
same.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from netlearn.drawing.markup import Element, View, difference, element, keyed
from netlearn.drawing.still import whole
from netlearn.figures.anycast.drawing import table as reaching
from netlearn.figures.common.controls import (
    PROBLEM,
    WAIT,
    button,
    choice,
    field,
    folded,
    live,
    number_input,
    options,
    paragraph,
    pictured,
    switch,
    tick,
    tools,
)
from netlearn.figures.explorer.view import next_hop_table
from netlearn.figures.player.scene import TIMERS, lanes_in_words
from netlearn.figures.run.controls import NOTICED, clock, controls, news, say, told_in_words
from netlearn.figures.run.lanes import time_drawn
from netlearn.figures.run.outage import outage_drawn
from netlearn.figures.run.story import Story
from netlearn.figures.sandbox.drawing import sheet
from netlearn.figures.sandbox.exercises import ADDRESS, EXERCISES
from netlearn.figures.sandbox.found import MOST_RUNNING, Found, find
from netlearn.figures.sandbox.opening import EXERCISE, FILES, PRESETS, announced, checked, keys_of, opened
from netlearn.figures.sandbox.scene import MOST_FULL, SHOWS, Scene, exercise_of
from netlearn.figures.what_if.heat import SHOWN, ranking
from netlearn.network.formats.graphml import to_graphml
from netlearn.network.nodelink import to_json
from netlearn.network.topology import Topology

TOOLS = {"break": "Break", "move": "Move", "connect": "Connect", "remove": "Remove"}
HINTS = {
    "break": "Press a cable to cut it, a router to take it down, and again to mend it.",
    "move": "Press a node or a cable to choose it; drag a node, or press where it is to stand.",
    "connect": "Press one node, then the other: a cable joins them.",
    "remove": "Press a node or a cable, and it is gone; Undo brings it back.",
}
KEYS = "Arrow keys move between nodes and cables, Enter does what is chosen above."
LONGEST_NAME = 40  # letters that are typed; a file may have longer ones
SAVED = {  # what asks for the text of a file: its name, its type, and who writes it
    "save": ("network.json", "application/json", to_json),
    "save-graphml": ("network.graphml", "application/graphml+xml", to_graphml),
}
OF_FEW = f"{SHOWS['run']}: of up to {MOST_RUNNING} nodes, as each moment is a picture"
CHECK = "check"  # what is asked once an exercise is thought to be done
ADDS = {"router": "+ Router", "host": "+ Host", "lan": "+ LAN"}
COUNTS = (  # beside a sweep, whose labels are + and − with a number
    "A − counts the pairs that would lose their way, a + adds up all detours; a pair counts once in each direction."
)
SIGNS = {
    "paths": (
        "A round node is a router, a box a host, a bar a LAN: a switch or a radio cell that many share. Blue is every "
        "shortest path from {0} to {1}; the pale band is as wide as the share of the flows that takes it. A small "
        "arrow at a router says: what is for {1}, I hand over here (grey where no flow comes by)."
    ),
    "sweep": (
        "The thicker a cable, or the rim of a router or a LAN, the longer all detours together if it fails; a label "
        "such as +34 adds them up. What is broken into pieces, with a filled label such as −10, is a single point of "
        "failure: so many pairs would have no way at all. A pair counts once in each direction."
    ),
    "catchments": (
        "Two plates at a router: it has the anycast address. The ring around a node has the colours of the instances "
        "that its packets reach, divided as its flows are; the label beside it says the same. A small arrow: the next "
        "hop."
    ),
    "run": (
        "Dots are flows: where the tables of this moment would send them; at its end each has its number. A diamond is "
        "news on its way, a sign at a router how far it has come: it notices, passes on, computes, changes its table. "
        "Dashed arrows are out of date."
    ),
}


class Shown(NamedTuple):
    """What is shown of a scene: the pieces as elements, what they were drawn of, the answer to what is asked once."""

    drawn_of: tuple[object, ...]
    pieces: Mapping[str, tuple[Element, ...]]
    answer: Mapping[str, Any]


def view(**state: Any) -> dict[str, Any]:
    shown = show(Scene(**state))
    return {"pieces": _written(shown), **shown.answer}


def show(scene: Scene) -> Shown:
    """The pieces that may change, by name."""
    found = find(scene)
    pieces = {
        "title": (element("p", found.claim, key="title", class_="nl-title"),),
        "sheet": (
            element("div", whole(drawn(scene, found)), class_="nl-as-then" if found.story else None),
            *(() if scene.nodes else (paragraph(found.words, "nl-first-words"),)),
        ),
        "deck": (element("div", controls(), say(found.story, 0)),) if found.story else (),
        "say": (paragraph(found.words, "nl-say", key="say"),) if scene.nodes and not found.story else (),
        "run": run_of(found.story) if found.story else (),
        "counts": (paragraph(COUNTS),) if found.weak and len(scene.nodes) <= MOST_FULL else (),
        "table": table(scene, found),
        "signs": (paragraph(_signs(scene), "nl-hint"),),
        "exercise": (paragraph(exercise_of(scene.exercise).asks),) if scene.exercise else (),
    }
    drawn_of = scene.nodes, scene.links, scene.show, scene.source, scene.destination, scene.anycast, scene.exercise
    run = {"run": _played(scene, found, found.story)} if found.story else {}
    return Shown(drawn_of, pieces, {**_answer(scene), **run})


def run_of(story: Story) -> tuple[Element, ...]:
    """What tells of a whole run: the outage, the lanes, the run in words."""
    lanes = time_drawn(story, lanes_in_words(story))
    return (element("div", outage_drawn(story), lanes, told_in_words(story)),)


def _played(scene: Scene, found: Found, story: Story) -> dict[str, Any]:
    """The run as data: each moment of the sheet, and what is said of it."""
    pictures = [
        keyed(drawn(scene, found, moment.time_us)) | keyed(say(story, place))
        for place, moment in enumerate(story.moments)
    ]
    return {"parts": pictures[0], **clock(story, pictures), **news(story)}


def _answer(scene: Scene) -> dict[str, Any]:
    """The answer to what is asked once: another network, as what the reader sets; or whether the exercise is done."""
    if not scene.asks:
        return {}
    if scene.asks in SAVED:
        name, kind, text_of = SAVED[scene.asks]
        return {"saved": [name, kind, text_of(announced(scene))]}
    if scene.asks != CHECK:
        keys = keys_of(scene.asks)
        return {"opened": opened(scene.asks), **({"keys": keys} if keys else {})}
    verdict = checked(scene)
    return {"verdict": f"{'Yes' if verdict.right else 'Not yet'}. {verdict.words}"} if verdict else {}


def change(first: Shown, now: Shown) -> dict[str, Any]:
    """What the page is told: what differs in attributes if the network is the same, else the pieces."""
    if first.drawn_of == now.drawn_of and (before := _keyed(first)).keys() == (after := _keyed(now)).keys():
        return {"changed": difference(before, after), **now.answer}
    return {"pieces": _written(now), **now.answer}


def _keyed(shown: Shown) -> View:
    return keyed(element("div", *(part for piece in shown.pieces.values() for part in piece)))


def _written(shown: Shown) -> dict[str, str]:
    return {name: "".join(map(str, piece)) for name, piece in shown.pieces.items()}


def still(scene: Scene) -> tuple[Element, ...]:
    found = find(scene)
    return pictured(found.claim, sheet(scene, found, live=False), found.words, *table(scene, found))


def told(scene: Scene) -> tuple[Element, ...]:
    """What is asked in the exercises, for where nothing runs: they can be thought about on paper, too."""
    return (element("ol", *(element("li", each.asks) for each in EXERCISES)),)


def words(scene: Scene) -> str:
    return find(scene).words


def drawn(scene: Scene, found: Found, at_us: int | None = None) -> Element:
    """The sheet as it is now; of a run at its first moment, or at that time."""
    there = f"{len(scene.nodes)} nodes and {len(scene.links)} links" if scene.nodes else "no nodes yet"
    return sheet(scene, found, f"Your network: {there}. {KEYS}", live=True, at_us=at_us)


def table(scene: Scene, found: Found) -> tuple[Element, ...]:
    """The answers of all routers, or what weighs most of all that may fail."""
    if found.paths:
        asked, told = found.paths
        if len(scene.nodes) > MOST_FULL:  # then of those alone whom flows pass: nobody reads so many rows
            nodes = tuple(node for node in told.whole.nodes if told.passing(node.name))
            told = replace(told, whole=Topology(nodes))
        return (next_hop_table(asked, told),)
    if found.weak:
        most = len(found.weak.next) if len(scene.nodes) <= MOST_FULL else SHOWN  # as of paths
        which = "the worst first" if most == len(found.weak.next) else f"the {most} worst"
        return (ranking(scene.topology, found.weak.next, f"Pairs, by what fails next: {which}", most),)
    if found.whom:
        return (reaching(*found.whom),)
    return ()


def _signs(scene: Scene) -> str:
    return SIGNS[scene.show].format(*(scene.ends() or ("one", "the other")))


def body(scene: Scene, question: Element | None = None) -> Element:
    """The live figure."""
    pieces = show(scene).pieces
    return live(
        question,
        beginning(scene),
        _piece("title", pieces),
        exercising(pieces),
        tools("On the sheet:", TOOLS, "break", "What a press on the sheet does"),
        element("div", _piece("sheet", pieces), WAIT, class_="nl-drawn-on"),
        _piece("deck", pieces),
        adding(),
        asking(scene, _piece("counts", pieces)),
        paragraph(HINTS["break"], "nl-hint", data_part="hint", data_hints=json.dumps(HINTS)),
        element("p", class_="nl-done", data_part="told", role="status"),
        PROBLEM,
        chosen(),
        _piece("say", pieces, aria_live="polite"),
        _piece("run", pieces),
        opening(),
        saving(),
        folded("All answers in a table", _piece("table", pieces)),
        folded("What the signs mean", _piece("signs", pieces)),
        class_="nl-sandbox",
        data_doing="break",
    )


def _piece(name: str, pieces: Mapping[str, tuple[Element, ...]], **more: Any) -> Element:
    return element("div", *pieces[name], data_piece=name, **more)


def adding() -> Element:
    """What puts something new onto the sheet: one with a name of its own, or as many as there are names."""
    named = element(
        "input", type="text", data_part="new-name", placeholder="Laptop, TV", autocomplete="off", spellcheck="false",
        enterkeyhint="done",
    )  # fmt: skip
    buttons = (button(named, "add", data_kind=kind) for kind, named in ADDS.items())
    joined = element("label", element("input", type="checkbox", data_part="joined", checked=True), " ",
                     element("span", "connect it", data_part="join-to"), class_="nl-check", hidden=True)  # fmt: skip
    name = element("label", "Name ", named, class_="nl-new")
    return element("div", name, *buttons, joined, class_="nl-controls nl-adding", role="group", aria_label="Add")


def chosen() -> Element:
    """What can be changed of the node or the cable that is chosen."""
    name = element(
        "input", type="text", maxlength=LONGEST_NAME, data_part="name", autocomplete="off", spellcheck="false"
    )
    other = element("select", data_part="other")
    held = tick(False, data_part="anycast")
    node = element(
        "div",
        field("Name", name),
        field("Connect to", other),
        button("Add the cable", "connect"),
        element("label", held, f" has the anycast address {ADDRESS}", class_="nl-check", data_part="of-router"),
        button("Remove it", "remove"),
        class_="nl-controls",
        data_part="of-node",
    )
    there, back = (
        element("label", element("span", data_part=f"{which}-name"), number_input(1, 65535, 1, data_part=which),
                class_="nl-filter")
        for which in ("there", "back")
    )  # fmt: skip
    link = element("div", there, back, button("Remove it", "remove"), class_="nl-controls", data_part="of-link")
    title = element("p", data_part="chosen-title", class_="nl-chosen-title")
    return element("div", title, node, link, class_="nl-chosen", data_part="chosen", role="group",
                   aria_label="What is chosen")  # fmt: skip


def beginning(scene: Scene) -> Element:
    """What begins anew: with nothing, with a network that there is, with an exercise."""
    presets = options({"": "Begin with ..."} | {name: preset.words for name, preset in PRESETS.items()})
    asked = {"": "An exercise ..."} | {f"{EXERCISE}{each.name}": each.title for each in EXERCISES}
    parts = (
        button("Clear the sheet", "clear"),
        element("select", *presets, data_part="preset", aria_label="Begin with a network"),
        element("select", *options(asked, EXERCISE + scene.exercise), data_part="exercises", aria_label="An exercise"),
    )
    return element("div", *parts, class_="nl-controls nl-beginning", role="group", aria_label="Begin anew")


def opening() -> Element:
    """What opens a file, and what is asked of one whose links have numbers, and none that is called metric."""
    file = element("input", type="file", accept=FILES, data_part="file")
    key = element("label", "Its metrics ", element("select", data_part="metric-key"), hidden=True, data_part="metrics")
    parts = element("label", "Open your file ", file), key
    return element("div", *parts, class_="nl-controls nl-opening", role="group", aria_label="Open a file")


def saving() -> Element:
    """What the network can be saved as; a page's scripts draw the pictures, Python writes the text."""
    named = {"save": "JSON", "save-graphml": "GraphML", "svg": "SVG", "png": "PNG"}
    buttons = (button(words, "save", data_form=form) for form, words in named.items())
    return element(
        "div", element("span", "Save as"), *buttons, class_="nl-controls nl-saving", role="group", aria_label="Save"
    )


def exercising(pieces: Mapping[str, tuple[Element, ...]]) -> Element:
    """What is asked of the network, where the reader wants to be asked, and what is said of the answer."""
    check = button("Check", "check", aria_label="Check my network")
    verdict = paragraph("", "nl-verdict", data_part="verdict", role="status")
    return element("div", _piece("exercise", pieces), check, verdict, class_="nl-task", data_part="task", hidden=True)


def asking(scene: Scene, counts: Element) -> Element:
    """What is asked of the network, beside what the numbers of the answer count. Its page names the nodes there are."""
    senders = {name: name for name, kind, _, _ in scene.nodes if kind != "lan"}
    chosen = zip((("source", "From"), ("destination", "to")), scene.ends() or ("", ""), strict=True)
    ends = (
        element("label", f"{label} ", element("select", *options(senders, end), data_set=name), class_="nl-end")
        for (name, label), end in chosen
    )
    noticed = choice("detect", "Failures are noticed", NOTICED, scene.detect)
    wait = choice("timers", "Routers wait", TIMERS, scene.timers)
    ready = switch("lfa", "Loop-free alternates stand ready", scene.lfa)
    repaired = switch("repaired", "After a minute all is repaired", scene.repaired)
    of_run = element("div", noticed, wait, ready, repaired, class_="nl-controls nl-of-run")
    asked = element("div", shown_of(scene), *ends, class_="nl-controls")
    return element("div", asked, counts, of_run, class_="nl-to-show")


def shown_of(scene: Scene) -> Element:
    """What is to be shown. Where there are too many nodes for a run, that is said before one is asked for."""
    more: dict[str, dict[str, Any]] = {
        "run": {"data_most": MOST_RUNNING, "data_words": SHOWS["run"], "data_too_many": OF_FEW}
    }
    named = (
        element("option", words, value=name, selected=name == scene.show, **more.get(name, {}))
        for name, words in SHOWS.items()
    )
    return element("label", "Show ", element("select", *named, data_set="show"))
