"""The drawings: what is drawn is what was computed, nothing covers anything, and two states differ by a patch."""

import json
import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netlearn import (
    CASE_1,
    BadNetwork,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Topology,
    UnknownName,
    forum,
    from_json,
)
from netlearn.drawing.geometry import Box
from netlearn.drawing.layout import HEIGHT, lay_out, metric_points, target
from netlearn.drawing.markup import difference, element, keyed, number
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.notes import NOTE_HEIGHT, NOTE_WIDTH
from netlearn.drawing.palette import COLOURS, variables
from netlearn.drawing.prose import listed, spoken_link
from netlearn.drawing.still import picture, standalone
from netlearn.figures.explorer import scene as explorer_scene
from netlearn.figures.explorer import view as explorer_view
from netlearn.figures.explorer.scene import Scene
from netlearn.network.nodelink import to_data
from netlearn.routing import spf

FORUM = forum()
LINKS = [link.name for link in FORUM.links]


def case(cut=(), down=(), metrics=(), flow=1):
    return Scene(FORUM, "Source", "End", cut, down, metrics, flow)


def shown(cut=(), down=(), metrics=(), flow=1):
    return explorer_view.view(
        topology=to_data(FORUM), source="Source", destination="End",
        cut=list(cut), down=list(down), metrics=list(metrics), flow=flow,
    )  # fmt: skip


def claim(of):
    return explorer_scene.claim(of, explorer_scene.find(of))


# What the explorer says


def test_an_untouched_network_has_one_shortest_path():
    assert claim(case()) == "One shortest path: via R1 and R2"
    assert shown()["say"]["text"] == "1 shortest path, metric 3: Source → R1 → R2 → End."


def test_case_1_ties_two_routers_and_makes_three_paths():
    view = shown(cut=["R2-End"])
    assert view["title"]["text"] == "R1 is tied, and so is R2"
    assert view["say"]["text"].startswith("3 equally short paths, metric 4: Source → R1 → R2 → R4 → End; ")
    assert view["cell:R1:1"]["text"] == "R2 and R3"
    assert view["cell:R2:1"]["text"] == "R4 and R7"
    assert [view[f"cell:{router}:2"]["text"] for router in ("R1", "R2", "R3", "R4", "R7")] == [
        "100%",
        "50%",
        "50%",
        "75%",
        "25%",
    ]


def test_a_metric_of_two_breaks_the_tie_at_r2():
    view = shown(cut=["R2-End"], metrics=[["R2-R7", "R2", 2]])
    assert view["title"]["text"] == "R1 is tied"
    assert view["cell:R2:1"]["text"] == "R4"
    assert "Changed metric: R2 to R7 2." in view["say"]["text"]


def test_case_3_leaves_the_long_way_round():
    view = shown(cut=["R1-R2", "R2-End"], down=["R3"])
    assert view["title"]["text"] == "One shortest path: via R1, R5, R6 and R7"
    assert view["cell:R3:1"]["text"] == "down"
    assert view["cell:R2:1"]["text"] == "R4 and R7"


def test_when_no_way_is_left_the_figure_says_so():
    view = shown(cut=["Source-R1"])
    assert view["title"]["text"] == "No way is left from Source to End"
    assert view["flow-say"]["text"] == "Flow 1 does not leave Source: no route to End."
    assert "nl-hidden" in view["way"]["class"]


def test_with_every_link_to_end_cut_the_words_say_what_is_cut():
    view = shown(cut=["R2-End", "R4-End", "R7-End"])
    assert view["say"]["text"] == "Source cannot reach End. Cut: R2–End, R4–End, R7–End."


def test_what_is_for_the_source_itself_does_not_leave_it():
    view = explorer_view.view(topology=to_data(FORUM), source="R1", destination="R1")
    assert view["title"]["text"] == "R1 is the destination itself: nothing leaves it"
    assert view["say"]["text"] == "1 shortest path, metric 0: R1."
    assert view["flow-say"]["text"] == "Flow 1 does not leave R1: it is there already."


@pytest.mark.parametrize(
    ("down", "why"),
    [
        (["End"], "Flow 1 goes nowhere: End is down."),
        (["Source"], "Flow 1 goes nowhere: Source is down."),
        (["Source", "End"], "Flow 1 goes nowhere: Source and End are down."),
    ],
)
def test_a_flow_whose_end_is_down_goes_nowhere(down, why):
    assert shown(down=down)["flow-say"]["text"] == why


def test_a_tied_host_is_labelled_like_a_tied_router():
    host = Topology(
        (Node("H", "host"), Node("A"), Node("B"), Node("C")),
        (Link("H", "A"), Link("H", "B"), Link("A", "C"), Link("B", "C")),
    )
    view = explorer_view.view(topology=to_data(host), source="H", destination="C")
    assert view["title"]["text"] == "H is tied"
    assert view["note-text:H"]["text"] == "tie: A, B"


def test_the_sentence_about_a_flow_tells_parallel_links_apart():
    twins = Topology((Node("A"), Node("B")), (Link("A", "B", name="upper"), Link("A", "B", name="lower")))
    view = explorer_view.view(topology=to_data(twins), source="A", destination="B")
    words = view["flow-say"]["text"]
    assert "B (lower) takes 0.00 to 0.50, B (upper) takes 0.50 to 1.00, so it goes to B (" in words


def test_a_tie_whose_names_do_not_fit_is_a_number():
    many = Topology((Node("A"), Node("B")), tuple(Link("A", "B", name=f"line {n}") for n in range(5)))
    assert explorer_view.view(topology=to_data(many), source="A", destination="B")["note-text:A"]["text"] == "tie of 5"


def test_a_way_over_a_lan_is_drawn_to_its_end():
    lan = Topology(
        (Node("A"), Node("B"), Node("net", "lan")), (Link("A", "net", 1, 0), Link("B", "net", 1, 0, name="second"))
    )
    view = explorer_view.view(topology=to_data(lan), source="A", destination="B")
    assert "nl-path" in view["link:A-net"]["class"]
    assert "nl-path" in view["link:second"]["class"]
    assert view["way"]["d"].count("L") == 2


def test_a_router_that_dies_elsewhere_does_not_move_a_flow_of_a_network_without_addresses():
    bare = Topology(tuple(Node(node.name, node.kind) for node in FORUM.nodes[::-1]), FORUM.links)
    for flow in range(1, 17):
        before, after = (
            keyed(explorer_view.body(Scene(bare, "Source", "End", ("R2-End",), down, (), flow)))
            for down in ((), ("R5",))
        )
        assert before["flow-say"] == after["flow-say"]


@pytest.mark.parametrize("flow", range(1, 65))
def test_the_sentence_about_a_flow_gives_the_choice_that_its_hash_made(flow):
    found = explorer_scene.find(case(cut=["R2-End"], flow=flow))
    words = explorer_scene.flow_in_words(case(cut=["R2-End"], flow=flow), found)
    for hop in found.walk.hops:
        if not hop.tied:
            continue
        hashed = float(re.search(rf"{hop.node} hashes it to (\d\.\d\d)", words)[1])
        assert hop.taken == hop.route.next_hops[int(hashed * 2)]
        assert f"so it goes to {hop.taken.node}." in words


@given(
    cut=st.sets(st.sampled_from(LINKS), max_size=5),
    down=st.sets(st.sampled_from(FORUM.routers), max_size=3),
    changed=st.dictionaries(st.sampled_from(FORUM.links), st.integers(1, 5), max_size=3),
    flow=st.integers(1, 64),
)
def test_the_table_and_the_drawing_are_the_computed_answer(cut, down, changed, flow):
    metrics = [[link.name, link.a, metric] for link, metric in sorted(changed.items(), key=lambda item: item[0].name)]
    view = shown(sorted(cut), sorted(down), metrics, flow)
    after = FORUM
    for name, start, metric in metrics:
        after = after.with_metric(name, start, metric)
    after = after.without(*map(LinkDown, cut), *map(NodeDown, down))
    for router in FORUM.routers:
        hops = spf.shortest_paths(after, router).neighbours("End") if after.has_node(router) else ()
        expected = "down" if router in down else listed(hops) if hops else "no route"
        assert view[f"cell:{router}:1"]["text"] == expected
        arrows = {
            link.other(router)
            for link in FORUM.links
            if router in (link.a, link.b) and "nl-hidden" not in view[f"arrow:{link.name}:{router}"]["class"]
        }
        assert arrows == set(hops)
    assert {name for name in LINKS if view[f"link:{name}"]["aria-pressed"] == "true"} == cut
    assert {name for name in FORUM.routers if view[f"node:{name}"]["aria-pressed"] == "true"} == down
    carrying = {name for name in LINKS if "nl-path" in view[f"link:{name}"]["class"]}
    found = spf.first_paths(after, "Source", "End", 999) if after.has_node("End") else ()
    steps = {frozenset(step) for path in found for step in pairwise(path)}
    assert {frozenset((FORUM.link(name).a, FORUM.link(name).b)) for name in carrying} == steps


@given(
    st.lists(st.sampled_from(LINKS), max_size=3, unique=True),
    st.lists(st.sampled_from(FORUM.routers), max_size=2, unique=True),
    st.integers(1, 9),
)
def test_a_patched_drawing_is_the_drawing_that_python_makes(cut, down, flow):
    first, second = shown(), shown(cut, down, flow=flow)
    patch = json.loads(json.dumps(difference(first, second)))
    for key, attributes in patch.items():
        for name, value in attributes.items():
            if value is None:
                del first[key][name]
            else:
                first[key][name] = value
    assert first == second


@pytest.mark.parametrize("changes", [{"cut": ["R2-End"]}, {"down": ["R1", "R2"]}, {"metrics": [["R1-R2", "R1", 9]]}])
def test_no_attribute_comes_or_goes_as_a_page_would_not_notice(changes):
    first, now = shown(), shown(**changes)
    assert {key: {*names} for key, names in now.items()} == {key: {*names} for key, names in first.items()}


def test_a_small_change_is_a_small_patch():
    patch = difference(shown(), shown(cut=["R5-R6"]))
    assert len(json.dumps(patch)) < 900


def test_a_figure_of_two_parts_with_one_key_is_refused():
    with pytest.raises(AssertionError, match="two parts"):
        keyed(element("g", element("path", key="a"), element("path", key="a")))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: case(cut=["R1-R9"]), "there is no link 'R1-R9'"),
        (lambda: case(down=["R9"]), "there is no node 'R9'"),
        (lambda: Scene(FORUM, "Sauce", "End"), "did you mean Source?"),
        (lambda: case(metrics=[("R1-R2", "R7", 2)]), "link R1-R2 does not end at R7; its ends are R1 and R2"),
        (lambda: case(metrics=[("R1-R2", "R1", 0)]), "link R1-R2, from R1: the metric is from 1 to 65535, not 0"),
        (lambda: case(flow=0), "there is no flow 0 from Source; its flows to one address are 1 to 16384"),
        (lambda: case(flow=10**9), "there is no flow 1000000000 from Source"),
    ],
)
def test_a_case_that_cannot_be_is_named(make, message):
    with pytest.raises(NetlearnError, match=re.escape(message)):
        make()


@pytest.mark.parametrize("change", [1, "abc", ["R1-R2", "R1"], [["R1-R2"], "R1", 2], None])
def test_a_changed_metric_in_another_form_is_named(change):
    with pytest.raises(BadNetwork, match=r"a changed metric is \[link, the end that it leaves, metric\], not "):
        shown(metrics=[change])


def test_of_two_metrics_for_one_direction_the_last_holds_and_is_told():
    view = shown(metrics=[["R1-R2", "R1", 5], ["R1-R2", "R1", 7]])
    assert view["say"]["text"].endswith("Changed metric: R1 to R2 7.")


def test_a_lan_that_is_down_is_told_and_flows_never_begin_at_one():
    lan = Topology((Node("A"), Node("B"), Node("net", "lan")), (Link("A", "net", 1, 0), Link("B", "net", 1, 0)))
    down = Scene(lan, "A", "B", down=("net",))
    assert explorer_scene.words(down, explorer_scene.find(down)) == "A cannot reach B. Down: net."
    with pytest.raises(BadNetwork, match="net is a LAN; flows begin and end at routers and hosts"):
        Scene(lan, "net", "B")


# The drawing


def test_the_forum_network_stands_as_it_always_stands():
    nodes = lay_out(FORUM).nodes
    assert nodes["Source"].x < nodes["R1"].x < nodes["R2"].x < nodes["End"].x
    assert nodes["Source"].y == nodes["R1"].y == nodes["R2"].y == nodes["End"].y
    assert nodes["R3"].y == nodes["R4"].y < nodes["R1"].y < nodes["R5"].y == nodes["R6"].y == nodes["R7"].y
    assert lay_out(FORUM).height <= HEIGHT


def test_no_note_covers_a_link_a_node_a_metric_or_another_note():
    layout = lay_out(FORUM)
    notes = {name: Box(*place, NOTE_WIDTH, NOTE_HEIGHT) for name, place in layout.notes.items()}
    chips = [Box(*metric_points(curve)[0], 24, 24) for curve in layout.links.values()]
    for first, second in combinations(notes.values(), 2):
        assert not first.overlaps(second)
    for name, note in notes.items():
        assert note.x - note.width / 2 > 0
        assert note.x + note.width / 2 < layout.width
        assert 0 < note.y - note.height / 2 < layout.height
        assert not any(note.overlaps(box) for box in [*layout.nodes.values(), *chips]), name
        assert not any(note.holds(curve.at(step / 99)) for curve in layout.links.values() for step in range(100)), name


def test_each_links_own_area_is_as_wide_as_a_finger_and_clear_of_its_nodes():
    layout = lay_out(FORUM)
    for link in FORUM.links:
        corners = target(layout.links[link.name])
        box = layout.nodes[link.a]
        assert all((x - box.x) ** 2 + (y - box.y) ** 2 > box.height**2 / 4 for x, y in corners)
        (x1, y1), (x2, y2) = corners[0], corners[-1]
        assert ((x1 - x2) ** 2 + (y1 - y2) ** 2) ** 0.5 == pytest.approx(52)


def test_parallel_links_are_drawn_apart():
    twins = Topology((Node("A"), Node("B")), (Link("A", "B"), Link("A", "B", name="A-B#2")))
    first, second = (lay_out(twins).links[name].at(0.5) for name in ("A-B", "A-B#2"))
    assert abs(first[1] - second[1]) > 40
    assert spoken_link(twins.links[1]) == "link A–B (A-B#2), metric 1"


@pytest.mark.parametrize("count", [3, 4, 5, 9])
def test_many_parallel_links_and_notes_stay_inside_the_drawing(count):
    for places in (((None, None), (None, None)), ((0, 0), (0, 300))):
        a, b = (Node(name, x=x, y=y) for name, (x, y) in zip("AB", places, strict=True))
        layout = lay_out(Topology((a, b), tuple(Link("A", "B", name=str(n)) for n in range(count))))
        for curve in layout.links.values():
            x, y = curve.at(0.5)
            assert 12 <= x <= layout.width - 12
            assert 12 <= y <= layout.height - 12
        assert all(x > NOTE_WIDTH / 2 and y > NOTE_HEIGHT / 2 for x, y in layout.notes.values())


@pytest.mark.parametrize(
    "network",
    [
        '{"nodes": [{"id": "only"}], "edges": []}',
        '{"nodes": [], "edges": []}',
        '{"nodes": [{"id": 1}, {"id": 2}, {"id": 3}], "edges": [{"source": 1, "target": 2}]}',
        '{"nodes": [{"id": "a", "x": 5, "y": 5}, {"id": "b", "x": 5, "y": 5}],'
        ' "edges": [{"source": "a", "target": "b"}]}',
        '{"nodes": [{"id": "a", "x": 0, "y": -9000}, {"id": "b", "x": 1, "y": 9000}], "edges": []}',
        '{"nodes": [{"id": "net", "kind": "lan"}, {"id": "a"}, {"id": "b"}],'
        ' "edges": [{"source": "a", "target": "net"}, {"source": "b", "target": "net"}]}',
        '{"nodes": [{"id": "<b>&\\"so\\""}, {"id": "b"}], "edges": [{"source": "<b>&\\"so\\"", "target": "b"}]}',
    ],
)
def test_any_network_can_be_drawn_as_well_formed_svg(network):
    drawn = standalone(draw(from_json(network), Marks()))
    assert ElementTree.fromstring(drawn).tag.endswith("svg")
    assert "nan" not in drawn.split("</style>")[1]


def test_metrics_that_differ_by_direction_stand_at_their_ends():
    view = shown(metrics=[["R1-R3", "R1", 7]])
    assert view["metric:R1-R3:a"]["text"] == "7"
    assert view["metric:R1-R3:b"]["text"] == "1"
    assert "nl-hidden" in view["chips:R1-R3:both"]["class"]
    assert view["link:R1-R3"]["aria-label"] == "link R1–R3, metric 1 → 7, 1 back"


def test_a_changed_metric_is_marked_on_its_chip_in_its_field_and_in_its_name():
    view = shown(metrics=[["R1-R3", "R1", 7], ["R2-R7", "R2", 3], ["R2-R7", "R7", 3], ["R1-R5", "R1", 1]])
    marked = {key for key, names in view.items() if key.startswith("chips:") and "nl-changed" in names["class"]}
    seen = {key for key in marked if "nl-hidden" not in view[key]["class"]}
    assert seen == {"chips:R1-R3:a", "chips:R2-R7:both"}  # what was set as it is has not changed
    assert view["link:R2-R7"]["aria-label"] == "link R2–R7, metric 1 → 3"
    assert {key: names["text"] for key, names in view.items() if key.startswith("was:") and names["text"]} == {
        "was:R1-R3:R1": "was 1",
        "was:R2-R7:R2": "was 1",
        "was:R2-R7:R7": "was 1",
    }
    assert view["say"]["text"].endswith("Changed metrics: R1 to R3 7, R1 to R5 1, R2 to R7 3, R7 to R2 3.")


@pytest.mark.parametrize(("value", "text"), [(1.0, "1"), (0.04, "0"), (-0.04, "0"), (12.34, "12.3"), (-7.0, "-7")])
def test_coordinates_are_written_without_superfluous_digits(value, text):
    assert number(value) == text


def test_a_picture_carries_its_style_and_says_in_words_what_it_shows():
    html = picture(FORUM, CASE_1, title="Case 1")._repr_html_()
    assert "<svg" not in html, "JupyterLab would delete it from an untrusted notebook"
    assert 'src="data:image/svg+xml;base64,' in html
    assert re.search(r'alt="[^"]*Cut: R2–End\."', html)


def test_a_picture_of_a_failure_that_cannot_be_is_refused():
    with pytest.raises(UnknownName, match="R9"):
        picture(FORUM, [NodeDown("R9")])


# Colours


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("form", ["light", "dark"])
def test_text_and_lines_stand_out_from_their_ground(form):
    colours = {name: getattr(colour, form) for name, colour in COLOURS.items()}
    for text, ground in [
        ("text", "ground"),
        ("text", "router"),
        ("text", "host"),
        ("ink", "ground"),
        ("on_path", "path"),
        ("path", "ground"),
        ("down", "ground"),
    ]:
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for line in ("ink", "path", "down", "flow"):
        assert contrast(colours[line], colours["ground"]) >= 3, line


def test_every_colour_that_a_style_sheet_names_is_in_the_palette():
    from netlearn.drawing.still import stylesheet

    named = set(
        re.findall(
            r"var\(--nl-([a-z-]+)\)", stylesheet("drawing/network.css") + stylesheet("figures/common/figure.css")
        )
    )
    sizes = {"pad", *re.findall(r"--nl-([a-z]+):", str(draw(FORUM, Marks())))}  # how a drawing is turned
    assert named - sizes <= {name.replace("_", "-") for name in COLOURS}
    assert all(f"--nl-{name}:" in variables() for name in named - sizes)


def test_the_readmes_picture_is_what_the_figure_shows():
    from cover import PLACE, cover

    assert PLACE.read_text(encoding="utf-8") == cover(), "python tools/cover.py draws it again"
