"""On the sheet nothing hides anything: cables go round nodes, and words keep off nodes and off each other."""

from collections.abc import Iterator
from math import dist
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page
from test_overlaps import LOAD, MODULES, SVG, WIDTHS

from netlearn.drawing.geometry import Box, Curve, Point
from netlearn.drawing.layout import FEW_LETTERS, LETTERS, Layout, Turn, box_of, sign_width
from netlearn.drawing.markup import key_of, keyed
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.sheet import on_sheet
from netlearn.figures.common.bundle import styles
from netlearn.figures.sandbox.opening import opened
from netlearn.figures.sandbox.scene import Scene
from netlearn.figures.sandbox.view import body
from netlearn.figures.what_if import view as what_if
from netlearn.figures.what_if.scene import Scene as WhatIf
from netlearn.network import Link, Node, Topology
from netlearn.routing.spf import NextHop

HIGH = 366
TURN = Turn(HIGH)
HOME = Scene(
    nodes=(
        ("Laptop", "host", 100, 60),
        ("Phone", "host", 100, 180),
        ("TV", "host", 100, 300),
        ("WiFi", "lan", 300, 180),
        ("Router", "router", 450, 180),
        ("Modem", "router", 600, 180),
        ("Internet", "host", 720, 180),
        ("NAS", "host", 450, 60),
        ("Printer", "host", 450, 310),
    ),
    links=(
        ("Laptop-WiFi", "Laptop", "WiFi", 1, 0),
        ("Phone-WiFi", "Phone", "WiFi", 1, 0),
        ("TV-WiFi", "TV", "WiFi", 1, 0),
        ("WiFi-Router", "WiFi", "Router", 0, 1),
        ("Router-Modem", "Router", "Modem", 1, 1),
        ("Modem-Internet", "Modem", "Internet", 10, 10),
        ("NAS-Router", "NAS", "Router", 1, 1),
        ("Printer-Router", "Printer", "Router", 1, 1),
        ("Router-Internet", "Router", "Internet", 5, 7),
        ("Phone-Router", "Phone", "Router", 3, 3),
    ),
)
ROW = Scene(
    nodes=tuple((name, "router", x, 180) for name, x in zip("ABCD", (100, 300, 500, 700), strict=True)),
    links=tuple((f"{a}-{b}", a, b, 1, 1) for a, b in ("AB", "BC", "AC", "AD", "BD", "CD")),
)
CORNER = Scene(
    nodes=(("X", "host", 60, 40), ("Y", "router", 200, 40), ("Z", "router", 340, 40), ("W", "host", 60, 320)),
    links=(("X-Y", "X", "Y", 100, 2), ("Y-Z", "Y", "Z", 1, 1), ("X-Z", "X", "Z", 7, 7), ("W-X", "W", "X", 1, 1),
           ("W-Z", "W", "Z", 1, 1), ("X-Y#2", "X", "Y", 3, 3)),
)  # fmt: skip
SWITCH = Scene(
    nodes=(("Provider", "router", 130, 178), ("Box", "router", 270, 178), ("Switch", "lan", 410, 178),
           ("TV", "host", 668, 98), ("Laptop", "host", 549, 178), ("Phone", "host", 668, 258),
           ("NAS", "host", 210, 308), ("Console", "host", 350, 308), ("Printer", "host", 489, 308),
           ("4G", "router", 70, 308)),
    links=(*((f"{name}-Switch", name, "Switch", 1, 0)
             for name in ("Box", "4G", "TV", "Laptop", "Phone", "NAS", "Console", "Printer")),
           ("Provider-Box", "Provider", "Box", 1, 1), ("4G-Provider", "4G", "Provider", 1, 1)),
)  # fmt: skip
STAR = Scene(
    nodes=(("Box", "router", 100, 183), ("Provider", "router", 220, 183), ("Phone", "host", 170, 330),
           ("TV", "host", 320, 270), ("Laptop", "host", 320, 100)),
    links=tuple((f"Box-{name}", "Box", name, 1, 1) for name in ("Provider", "Phone", "TV", "Laptop")),
)  # fmt: skip
DRAWN = {"home": HOME, "row": ROW, "corner": CORNER, "switch": SWITCH, "star": STAR}
SMALL = ("forum", "ring", "mesh", "ladder", "tree", "leaf-spine", "Abilene")


def drawn_at_random(random: Random, count: int, apart: float) -> Topology:
    """Nodes of all kinds, as far as there is room for them so far apart in both drawings; links from any to any."""
    nodes: list[Node] = []
    taken: list[tuple[Box, Box]] = []
    for number in range(count):
        for _ in range(100):
            kind: Any = random.choice(["router", "router", "host", "lan"])
            node = Node(f"N{number}", kind, x=random.randrange(60, 741, 10), y=random.randrange(50, 317, 10))
            boxes = boxes_of(node)
            if not any(one.overlaps(each, apart) for pair in taken for one, each in zip(boxes, pair, strict=True)):
                nodes.append(node)
                taken.append(boxes)
                break
    links = []
    for number in range(random.randrange(2 * len(nodes))):
        a, b = random.sample(nodes, 2) if len(nodes) > 1 else nodes * 2
        if a is not b and {a.kind, b.kind} != {"lan"}:
            there, back = (0 if node.kind == "lan" else random.choice([1, 10, 65535]) for node in (a, b))
            links.append(Link(a.name, b.name, there, back, name=f"L{number}"))
    return Topology(nodes, links)


def boxes_of(node: Node) -> tuple[Box, Box]:
    """The node's box on the sheet as it lies, and as it is turned."""
    at = float(node.x or 0), float(node.y or 0)
    return box_of(node, at, LETTERS), box_of(node, TURN.there(at), FEW_LETTERS)


def seen(curve: Curve) -> list[Curve]:
    return [curve, curve.through(TURN.there)]


def hides(box: Box, way: Curve) -> bool:
    """Whether a part of the way is under the box, or under the circle in it."""
    places = [way.at(step / 80) for step in range(81)]
    if box.round:
        return any((x - box.x) ** 2 + (y - box.y) ** 2 < box.width**2 / 4 for x, y in places)
    return any(box.holds(place) for place in places)


def under(topology: Topology, ways: dict[str, Curve]) -> list[tuple[str, str]]:
    """Each cable that runs under a node which is not its own, nor touches one of its own, in either drawing."""
    found = []
    for link in topology.links:
        for node in topology.nodes:
            for place, way in enumerate(seen(ways[link.name])):
                box, *own = (boxes_of(each)[place] for each in (node, *map(topology.node, link.ends)))
                if node.name not in link.ends and not any(box.overlaps(each, 4) for each in own) and hides(box, way):
                    found.append((link.name, node.name))
    return found


def labels_of(topology: Topology, layout: Layout) -> Iterator[tuple[int, Box]]:
    """Each metric that is shown, in the drawing that lies (0) and in the one that is turned (1)."""
    for link in topology.links:
        both, ends = {"both": link.metric}, {"a": link.metric, "b": link.metric_back}
        for place, metric in (both if link.metric == link.metric_back else ends).items():
            if not metric:
                continue
            lying, upright = layout.label(link.name, place)
            yield 0, Box(*lying, sign_width(str(metric)), 24)
            yield 1, Box(*TURN.there(upright), sign_width(str(metric)), 24)


def test_a_cable_in_line_with_other_nodes_bows_round_them_and_along_no_other_cable() -> None:
    layout = on_sheet(ROW.topology, HIGH)
    assert not under(ROW.topology, {**layout.links})
    assert {link.name for link in ROW.topology.links if layout.links[link.name].at(0.5)[1] == 180} == {
        "A-B", "B-C", "C-D"}  # fmt: skip
    three = [layout.links[name].at(0.5) for name in ("A-C", "A-D", "B-D")]
    assert min(abs(y - 180) for _, y in three) > 26


def test_who_names_the_ends_the_other_way_round_or_the_cables_in_another_order_sees_the_same() -> None:
    turned = [Link(link.b, link.a, name=link.name) for link in reversed(ROW.topology.links)]
    first, second = on_sheet(ROW.topology, HIGH), on_sheet(Topology(ROW.topology.nodes, turned), HIGH)
    assert {name: way.bend for name, way in first.links.items()} == {
        name: pytest.approx(way.bend) for name, way in second.links.items()
    }


@settings(max_examples=12, deadline=None)
@given(st.integers(2, 24), st.randoms(use_true_random=False))
def test_no_cable_runs_under_a_node_where_nodes_stand_80_units_apart_and_no_metric_anywhere(
    count: int, random: Random
) -> None:
    wide = drawn_at_random(random, count, 80)
    assert not under(wide, {**on_sheet(wide, HIGH).links})
    full = drawn_at_random(random, count, 26)  # a metric is 24 units high
    layout = on_sheet(full, HIGH)
    for turned, label in labels_of(full, layout):
        assert not any(label.overlaps(boxes_of(node)[turned]) for node in full.nodes)


def test_where_nodes_are_crowded_few_cables_find_no_way_round() -> None:
    hidden = straight = 0
    for seed in range(12):
        topology = drawn_at_random(Random(seed), 24, 26)
        ways = {**on_sheet(topology, HIGH).links}
        chords = {name: Curve(way.start, way.start, way.end) for name, way in ways.items()}
        hidden += len({name for name, _ in under(topology, ways)})
        straight += len({name for name, _ in under(topology, chords)})
    assert hidden * 4 < straight, "for these no bow was found that stays on the sheet and is clear in both drawings"


@pytest.mark.parametrize("name", [*DRAWN, *SMALL])
def test_a_label_is_nearer_to_its_own_cable_than_to_any_other_if_there_is_room_on_that(name: str) -> None:
    topology = (DRAWN.get(name) or Scene().changed(opened(name))).topology
    signs = dict.fromkeys((link.name for link in topology.links), sign_width("−8"))
    for layout in (on_sheet(topology, HIGH), on_sheet(topology, HIGH, signs=signs)):
        ways = {name: seen(way) for name, way in layout.links.items()}
        for (link, _), places in layout.labels.items():
            for turned, at in enumerate((places[0], TURN.there(places[1]))):
                far = {name: off(at, way[turned]) for name, way in ways.items()}
                own = [Box(*ways[link][turned].at(step / 40), 24, 24) for step in range(41)]
                boxes = [boxes_of(node)[turned] for node in topology.nodes]
                room = any(not any(place.overlaps(box, 1) for box in boxes) for place in own)
                assert far[link] < 1 or min(far, key=far.__getitem__) == link or not room, (link, far)


def off(at: Point, way: Curve) -> float:
    return min(dist(at, way.at(step / 400)) for step in range(401))


@pytest.mark.parametrize("name", DRAWN)
def test_a_cable_is_crossed_out_in_the_middle_of_what_is_seen_of_it(name: str) -> None:
    topology = DRAWN[name].topology
    layout = on_sheet(topology, HIGH)
    for link in topology.links:
        places = layout.label(link.name, "both")
        for turned, at in enumerate((places[0], TURN.there(places[1]))):
            cross = Box(*at, 24, 24)
            assert not any(cross.overlaps(boxes_of(node)[turned]) for node in topology.nodes)


def test_the_cross_of_a_cable_between_a_round_node_and_the_bar_of_a_lan_is_halfway_between_them() -> None:
    lying, _ = on_sheet(SWITCH.topology, HIGH).label("Box-Switch", "both")
    assert dist(lying, ((270 + 26 + 410 - 45) / 2, 178)) < 3


def test_a_cable_has_an_arrow_where_there_is_room_for_one_between_its_nodes() -> None:
    def arrow(apart: int) -> str:
        near = Node("A", x=200, y=180), Node("B", x=200 + apart, y=180)
        topology = Topology(near, [Link("A", "B")])
        marks = Marks(next_hops={"A": (NextHop("B", "A-B"),)})
        return str(keyed(draw(topology, marks, layout=on_sheet(topology, HIGH)))["arrow:A-B:A"]["class"])

    assert arrow(120) == "nl-arrow"
    assert arrow(80) == "nl-arrow nl-lying", "where it is turned the nodes are nearer to each other"
    assert arrow(60) == "nl-arrow nl-hidden"


def test_a_cable_at_a_lan_has_the_one_metric_that_is_paid() -> None:
    drawn = keyed(draw(HOME.topology, Marks(), layout=on_sheet(HOME.topology, HIGH)))
    for name, places in (("TV-WiFi", "a"), ("WiFi-Router", "b"), ("Router-Internet", "a b"), ("NAS-Router", "both")):
        classes = {place: str(drawn[key_of("chips", name, place)]["class"]) for place in ("both", "a", "b")}
        assert [place for place, class_ in classes.items() if "hidden" not in class_] == places.split()


def test_a_note_and_the_name_of_a_lan_cover_no_other_node_and_no_metric() -> None:
    topology = HOME.topology
    layout = on_sheet(topology, HIGH, {"Router": 60.0, "Modem": 60.0})
    for name, wide in (("Router", 60.0), ("Modem", 60.0), ("WiFi", 41.0)):
        note = Box(*layout.notes[name], wide, 26 if wide > 50 else 20)
        assert not [node for node, box in layout.nodes.items() if note.overlaps(box)]
        assert not any(note.overlaps(label) for turned, label in labels_of(topology, layout) if not turned)
    full = on_sheet(Scene().changed(opened("fat-tree")).topology, HIGH, {"agg2": 60.0, "edge1": 60.0})
    notes = [Box(*full.notes[name], 60.0, 26) for name in ("agg2", "edge1")]
    assert not any(note.overlaps(box) for note in notes for box in full.nodes.values())


HIT = """() => {
  const missed = [];
  for (const chip of document.querySelectorAll(".nl-net .nl-chip")) {
    const { x, y, width, height } = chip.getBoundingClientRect();
    if (getComputedStyle(chip).visibility !== "visible") continue;
    const link = chip.dataset.key.split(":")[1].replaceAll("%3A", ":");
    const hit = document.elementFromPoint(x + width / 2, y + height / 2)?.closest("[role=button]");
    if (hit?.dataset.link !== link) missed.push(`${link}: ${hit?.dataset.link ?? hit?.dataset.node}`);
  }
  return missed;
}"""
SHOWN = ("paths", "sweep")


@pytest.fixture(scope="module", params=WIDTHS)
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": WIDTHS[request.param], "height": 1600}, reduced_motion="reduce")
    opened = context.new_page()
    opened.set_content(f"<!doctype html><style>{styles()} .netlearn-figure {{ margin: 0; }}</style>")
    yield opened
    context.close()


@pytest.mark.parametrize("name", [*DRAWN, *SMALL])
def test_nothing_covers_anything_and_a_click_on_a_metric_is_one_on_its_cable(page: Page, name: str) -> None:
    begun = DRAWN.get(name) or Scene().changed(opened(name))
    for shown in SHOWN:
        page.evaluate(LOAD, [str(body(begun.changed({"show": shown}))), MODULES])
        found = page.evaluate(f"measured.overlaps(document.querySelector('{SVG}'))")
        assert [words for words in found if "arrow:" not in words] == []  # a short cable has no room for one
        assert page.evaluate(HIT) == []


def test_beside_a_lan_its_note_and_its_name_cover_nothing_where_nobody_put_it_on_a_sheet(page: Page) -> None:
    page.evaluate(LOAD, [str(what_if.body(WhatIf(HOME.topology))), MODULES])
    assert page.locator("[data-key='note:WiFi']").evaluate("note => getComputedStyle(note).visibility") == "visible"
    found = page.evaluate(f"measured.overlaps(document.querySelector('{SVG}'))")
    assert [words for words in found if "WiFi" in words] == []


NOWHERE = """() => [...document.querySelectorAll(".nl-dotted .nl-link")].filter((link) => {
  const line = link.querySelector(".nl-line");
  const places = Array.from({ length: 61 }, (_, step) => line.getPointAtLength((line.getTotalLength() * step) / 60));
  const there = places.map((place) => place.matrixTransform(line.getScreenCTM()));
  return !there.some(({ x, y }) => document.elementFromPoint(x, y)?.closest("[role=button]") === link);
}).map((link) => link.dataset.link)"""


@pytest.mark.parametrize(("name", "most"), [("Dfn", 3), ("TataNld", 31)])
def test_where_nodes_are_dots_a_click_finds_most_cables(browser: Browser, name: str, most: int) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 1600})
    page.set_content(f"<!doctype html><style>{styles()}</style><figure class=netlearn-figure></figure>")
    page.evaluate(LOAD, [str(body(Scene().changed(opened(name)))), MODULES])
    assert len(page.evaluate(NOWHERE)) <= most, "these lie under dots and shorter cables from end to end"
    page.close()
