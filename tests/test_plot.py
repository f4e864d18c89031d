"""matplotlib's pictures, held by the data that they draw."""

import re
from math import dist
from typing import Any

import pytest

from netlearn import CASE_1, CASE_3, Link, NetlearnError, Node, Topology, UnknownName, forum, simulate
from netlearn import plot as plotting
from netlearn.drawing.layout import lay_out
from netlearn.drawing.markup import keyed
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.palette import COLOURS
from netlearn.drawing.prose import spoken_link


def test_the_network_picture_shows_every_metric_the_cut_and_the_paths():
    picture = plotting.network(forum().with_metric("R1-R3", "R1", 7), "Source", "End", cut=["R2-End"], down=["R5"])
    axes = picture.figure.axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert sorted(texts) == sorted(["1"] * 12 + ["7"] + [node.name for node in forum().nodes])
    crosses = [line for line in axes.lines if line.get_marker() == "x"]
    assert len(crosses) == 2, "one on the cut link, one on the router that is down"
    bands = [line for line in axes.lines if line.get_alpha() == 0.25]
    assert len(bands) == 6, "Source-R1, R1-R2, then half over R4 and half over R7"
    assert {round(line.get_linewidth(), 2) for line in bands} == {14, 9}
    assert picture.words.startswith("2 equally short paths, metric 4: ")
    assert "Cut: R2–End. Down: R5." in picture.words


def test_the_bars_are_the_flows_that_went_each_way():
    picture: Any = plotting.flows(forum().without(*CASE_1), "Source", "End", 64)
    widths = [bar.get_width() for bar in picture.figure.axes[0].patches]
    assert sum(widths) == 64
    assert len(widths) == 3
    assert all(width > 0 for width in widths)
    assert [int(number) for number in re.findall(r"(\d+) go", picture.words)] == widths


def test_one_seed_in_all_routers_polarises():
    picture: Any = plotting.flows(forum(), "Source", "End", 64, cut=["R2-End"], seed=lambda _router: "the same")
    assert 0 in [bar.get_width() for bar in picture.figure.axes[0].patches]


def test_a_way_over_a_lan_is_counted_once_and_drawn_to_its_end():
    lan = Topology([Node("A"), Node("B"), Node("net", "lan")], [Link("A", "net", 1, 0), Link("B", "net", 1, 0)])
    assert plotting.flows(lan, "A", "B", 8).words == "Of 8 flows: 8 go A → B."
    bands = [line for line in plotting.network(lan, "A", "B").figure.axes[0].lines if line.get_alpha() == 0.25]
    assert len(bands) == 2


def test_the_metrics_on_a_picture_are_those_on_the_drawing_one_on_a_cable_at_a_lan():
    links = [Link("A", "net", 1, 0), Link("net", "B", 0, 2), Link("A", "B", 5, 7), Link("B", "C", 3)]
    lan = Topology([Node("A"), Node("B"), Node("C"), Node("net", "lan")], links)
    written = [text.get_text() for text in plotting.network(lan, "A", "B").figure.axes[0].texts]
    assert sorted(words for words in written if words.isdigit()) == ["1", "2", "3", "5", "7"]
    drawn = keyed(draw(lan, Marks()))
    chips = [key for key, part in drawn.items() if key.startswith("chips:") and "nl-hidden" not in str(part["class"])]
    assert sorted(str(drawn[key.replace("chips", "metric")]["text"]) for key in chips) == ["1", "2", "3", "5", "7"]
    assert [*map(spoken_link, links)] == [
        "link A–net, metric 1",
        "link net–B, metric 2",
        "link A–B, metric 5, 7 back",
        "link B–C, metric 3",
    ]


def test_even_shares_count_next_hops_not_neighbours():
    nodes, wires = [Node("A"), Node("B"), Node("C"), Node("D")], [Link("A", "C"), Link("B", "D"), Link("C", "D")]
    twins = Topology(nodes, [Link("A", "B", name="upper"), Link("A", "B", name="lower"), *wires])
    assert "Even shares would be 60 and 30." in plotting.flows(twins, "A", "D", 90).words
    lans = [Link(node, f"{lan} net", 1, 0) for lan in ("one", "two") for node in "AB"]
    two_lans = Topology([*nodes, Node("one net", "lan"), Node("two net", "lan")], [*lans, *wires])
    assert "Even shares would be 30 and 60." in plotting.flows(two_lans, "A", "D", 90).words


def test_flows_that_do_not_arrive_are_told_so():
    assert plotting.flows(forum(), "Source", "End", 8, cut=["R1-R2"], down=["End"]).words == (
        "Of 8 flows: 8 go Source (no route)."
    )


def test_names_are_no_formulas():
    odd = Topology([Node("$\\frac$"), Node("$x$")], [Link("$\\frac$", "$x$")])
    for picture in (plotting.network(odd, "$\\frac$", "$x$"), plotting.flows(odd, "$\\frac$", "$x$", 8)):
        assert "$\\frac$" in picture.svg()


def test_the_colours_follow_the_page():
    svg = plotting.network(forum(), "Source", "End").svg()
    assert "var(--nl-path)" in svg
    assert COLOURS["path"].light not in svg.split("</style>", 1)[1]
    assert "(prefers-color-scheme:dark)" in svg


def test_the_same_picture_is_the_same_text():
    first, second = (plotting.flows(forum(), "Source", "End", 8).svg() for _ in range(2))
    assert first == second


def test_a_picture_has_its_words_as_alternative_text():
    picture = plotting.network(forum(), "Source", "End")
    assert f'alt="{picture.words}"' in picture._repr_html_()


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(UnknownName, match="R9"):
        plotting.network(forum(), "Source", "R9")
    with pytest.raises(NetlearnError, match="1 or more"):
        plotting.flows(forum(), "Source", "End", 0)


def test_the_timeline_has_a_lane_for_each_node_and_marks_every_phase_where_it_happened():
    trace = simulate(forum(), CASE_3)
    picture: Any = plotting.timeline(trace, "Source", "End", flows=4)
    axes = picture.figure.axes[0]
    drawn = {line.get_label(): line for line in axes.lines if not line.get_label().startswith("_")}
    assert list(drawn) == ["detect", "flood", "compute", "install"]
    lanes = [node.name for node in forum().nodes]
    for phase, line in drawn.items():
        events = [(event.time_us / 1000, lanes.index(event.node)) for event in trace.events if event.kind == phase]
        assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == events


def test_a_flows_line_is_broken_as_long_as_its_packets_are_lost():
    trace = simulate(forum(), CASE_1)
    picture: Any = plotting.timeline(trace, "Source", "End", flows=1)
    fates = [line for line in picture.figure.axes[0].lines if line.get_label().startswith("_")]
    lost_until = max(line.get_xdata()[1] for line in fates if line.get_linestyle() == ":")
    healed = next(change for change in trace.tables if change.node == "R2").time_us / 1000
    assert healed - 2 <= lost_until <= healed + 1, "R2 has its new entry; the packet left two hops before"
    assert "packets are lost" in picture.words


def test_a_network_of_very_many_nodes_is_dots_in_which_the_ends_and_what_failed_have_names():
    whole = Topology([Node(f"R{number}") for number in range(120)], [Link(f"R{n}", f"R{n + 1}") for n in range(119)])
    picture: Any = plotting.network(whole, "R0", "R9", cut=["R50-R51"], down=["R70"])
    axes = picture.figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["R0", "R9", "R70"]
    dots = next(line for line in axes.lines if len(line.get_xdata()) == 120)
    assert len({*zip(dots.get_xdata(), dots.get_ydata(), strict=True)}) == 120
    [lines] = axes.collections
    lengths = [dist(line.vertices[0], line.vertices[-1]) for line in lines.get_paths()]
    assert len(lengths) == 119
    assert max(lengths) < 3 * min(lengths), "a link is about as long as another"
    drawn = str(picture.drawn)
    assert re.findall(r">(R\d+)<", drawn) == ["R0", "R9", "R70"]
    assert drawn.count("nl-path") == 9
    assert 'data-key="cut:R50-R51"' in drawn


def test_nodes_with_long_names_may_stand_in_one_place():
    nodes = [Node("New Delhi and its surroundings", x=1, y=1), Node("Old Delhi", x=1, y=1), Node("Agra", x=2, y=1)]
    pair = Topology(nodes, [Link("New Delhi and its surroundings", "Old Delhi"), Link("Old Delhi", "Agra")])
    assert plotting.network(pair, "Agra", "New Delhi and its surroundings").words.startswith("1 shortest path")


def test_very_many_nodes_that_have_places_keep_them_and_parts_without_a_link_between_them_stand_apart():
    placed = Topology([Node(f"R{number}", x=number % 12, y=number // 12) for number in range(120)], [])
    boxes = lay_out(placed).nodes
    assert boxes["R13"].x - boxes["R12"].x == pytest.approx(boxes["R1"].x - boxes["R0"].x)
    halves = Topology([Node(f"R{number}") for number in range(120)], [Link(f"R{n}", f"R{n + 2}") for n in range(118)])
    even, odd = ([lay_out(halves).nodes[f"R{n}"] for n in range(start, 120, 2)] for start in (0, 1))
    assert min(dist((one.x, one.y), (other.x, other.y)) for one in even for other in odd) > 4
