"""The network that a reader draws: its rows are foreign, what it does is what the other figures find."""

import json
from dataclasses import replace
from html import unescape
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netlearn import NetlearnError, forum, load, paths, shortest_paths, widgets
from netlearn.drawing.geometry import Box
from netlearn.drawing.layout import WIDTH
from netlearn.drawing.sheet import on_sheet
from netlearn.errors import BadNetwork, UnknownName
from netlearn.figures.common.link import LONGEST, read, written
from netlearn.figures.common.live import key
from netlearn.figures.sandbox import Sandbox
from netlearn.figures.sandbox.drawing import connected
from netlearn.figures.sandbox.exercises import ADDRESS, EXERCISES, Exercise
from netlearn.figures.sandbox.found import ALONE, FIRST, NOBODY, NOTHING_FAILS, TOO_MANY, find
from netlearn.figures.sandbox.opening import LARGEST, PRESETS, checked, keys_of, opened
from netlearn.figures.sandbox.scene import DOT, HIGHEST, MOST_FULL, MOST_NODES, SHOWS, Scene, rows_of
from netlearn.figures.sandbox.view import body, view
from netlearn.network import Link, Node, Topology, from_json, to_json
from netlearn.network.shapes import ladder
from netlearn.routing import place

EMPTY: dict[str, Any] = {"nodes": (), "links": ()}
PAIR: dict[str, Any] = {
    "nodes": (("A", "host", 100, 100), ("B", "router", 300, 100)),
    "links": (("A-B", "A", "B", 1, 5),),
}


def begun(name: str) -> Scene:
    """The scene that a network to begin with makes."""
    return Scene().changed(opened(name))


def test_the_table_has_every_failure_or_of_a_large_network_the_worst_and_says_which() -> None:
    def rows(scene: Scene) -> int:
        return str(view(**scene.plain())["pieces"]["table"]).count("<tr") - 1  # of heads

    small = replace(begun("Geant2012"), show="sweep")
    assert rows(small) == len(small.nodes) + len(small.links) > 6
    large = replace(begun("TataNld"), show="sweep")
    assert rows(large) == 6
    assert "by what fails next: the 6 worst" in view(**large.plain())["pieces"]["table"]


def test_at_first_it_is_the_books_network_and_does_what_the_explorer_says() -> None:
    assert {*Scene().topology.links} == {*forum().links}
    assert find(Scene(cut=("R2-End",))).claim == "Source to End: R1 is tied, and so is R2"
    assert "Source → R1 → R3 → R4 → End" in find(Scene(cut=("R2-End",))).words


@pytest.mark.parametrize(
    ("scene", "claim"),
    [
        (Scene(), "Source to End: one shortest path, via R1 and R2"),
        (Scene(source="End", destination="R1"), "End to R1: one shortest path, via R2"),
        (Scene(cut=("Source-R1",)), "No way is left from Source to End"),
        (Scene(source="R1", destination="R1"), "R1 is the destination itself: nothing leaves it"),
        (begun("tree"), "Source to End: one shortest path, via 5 nodes"),
        (Scene(*rows_of(ladder(6))), "Source to End: 5 nodes are tied"),
    ],
)
def test_of_shown_paths_the_headline_says_between_whom_they_go_and_counts_what_would_make_it_long(
    scene: Scene, claim: str
) -> None:
    assert find(scene).claim == claim


@pytest.mark.parametrize("show", SHOWS)
def test_what_the_labels_count_is_said_beside_what_asks_where_there_are_such_labels(show: str) -> None:
    said = view(**Scene(show=show).plain())["pieces"]["counts"]
    assert ("a pair counts once in each direction" in said) == (show == "sweep")
    dotted = view(**replace(begun("TataNld"), show=show).plain())
    assert not dotted["pieces"]["counts"]


def test_in_a_notebook_nodes_and_links_are_taken_together() -> None:
    figure: Any = widgets.Sandbox()
    figure.set_state({"nodes": [], "links": []})
    assert (figure.nodes, figure.links) == ([], [])
    figure.set_state({name: [[*row] for row in rows] for name, rows in PAIR.items()})
    assert "they are neighbours" in figure.view["pieces"]["title"]


def test_an_empty_sheet_and_one_node_alone_are_networks_and_say_what_to_do_next() -> None:
    assert find(Scene(**EMPTY)).words == FIRST
    assert find(Scene(nodes=PAIR["nodes"][:1], links=())).words == ALONE
    assert find(Scene(**EMPTY, show="sweep")).words == FIRST
    assert find(Scene(**PAIR)).claim == "A to B: they are neighbours, one hop"
    assert view(**Scene(**EMPTY).plain())["pieces"]["table"] == ""


def test_flows_go_from_the_first_to_the_last_host_or_node_or_as_the_reader_says() -> None:
    assert Scene().ends() == ("Source", "End")
    assert Scene(source="R3").ends() == ("R3", "End")
    assert Scene(**PAIR).ends() == ("A", "B")
    with pytest.raises(BadNetwork, match="LAN1 is a LAN; flows begin and end at routers and hosts"):
        Scene((*PAIR["nodes"], ("LAN1", "lan", 9, 9)), PAIR["links"], source="LAN1")


def test_once_something_is_cut_who_is_cut_off_comes_first() -> None:
    claim = find(Scene(cut=("Source-R1",), show="sweep")).claim
    assert claim.startswith("16 pairs are cut off from each other now. ")


def test_between_whom_flows_go_is_told_by_name() -> None:
    drawn = str(body(Scene(**PAIR)))
    assert '<option value="A" selected="">A</option>' in drawn
    assert '<option value="B" selected="">B</option>' in drawn
    assert '<select data-set="source"></select>' in str(body(Scene(**EMPTY)))


def test_what_each_failure_would_do_is_shown_on_the_same_sheet() -> None:
    figure = Sandbox(show="sweep")
    assert figure.words().startswith("The next failure leaves pairs without a way if it is Source–R1 (16) or R1 (14).")
    assert "nl-heat" in figure.picture() or "nl-whole" in figure.picture()
    assert "If this fails next" in view(**figure.scene.plain())["pieces"]["table"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"nodes": "x"}, "nodes is a list of .name, kind, x, y., not 'x'"),
        ({"nodes": [["A", "router", 1]]}, "nodes is a list of .*, and .* is none of those"),
        ({"nodes": [["A", "router", 1, True]]}, "is none of those"),
        ({"nodes": [["A", "ship", 1, 1]]}, "A has the kind 'ship'; possible are router, host, lan"),
        (
            {"nodes": [["A", "router", 801, 1]], "links": []},
            "A is to stand at 801, 1; the sheet is 800 wide and 800 high",
        ),
        ({"nodes": [["", "router", 1, 1]], "links": []}, "a node's name is a word"),
        ({"nodes": [["A", "router", 1, 1]] * 2, "links": []}, "two nodes have the name 'A'"),
        ({"nodes": [["x" * 256, "router", 1, 1]]}, "a name in nodes has at most 255 letters"),
        (
            {"nodes": [[f"R{n}", "router", 1, 1] for n in range(201)]},
            "the sheet has room for 200 nodes, and not for 201",
        ),
        ({"links": [["A-B", "A", "A", 1, 1]]}, "link A-B joins A to itself"),
        ({"links": [["R1-R2", "R1", "R2", 0, 1]]}, "the metric is from 1 to 65535"),
        ({"show": "everything"}, "what is shown is paths or sweep or catchments or run, not 'everything'"),
    ],
)
def test_what_is_no_network_is_refused_in_words(state: dict[str, Any], words: str) -> None:
    with pytest.raises(NetlearnError, match=words):
        Scene(**state)


@pytest.mark.parametrize("state", [{"cut": ["R9-R1"]}, {"down": ["R9"]}, {"source": "R9"}, {"destination": "R9"}])
def test_what_is_not_there_neither_fails_nor_sends(state: dict[str, Any]) -> None:
    with pytest.raises(UnknownName, match="R9"):
        Scene(**state)


@pytest.mark.parametrize("name", PRESETS)
def test_every_network_to_begin_with_stands_on_its_sheet_and_does_something(name: str) -> None:
    scene = begun(name)
    assert all(0 < x < WIDTH and 0 < y < scene.height <= HIGHEST for _, _, x, y in scene.nodes)
    assert find(scene).paths, name
    topology = PRESETS[name].make()
    assert scene.topology.links == topology.links
    assert [node.name for node in scene.topology.nodes] == [node.name for node in topology.nodes]


@pytest.mark.parametrize("name", PRESETS)
def test_on_the_sheet_no_two_nodes_of_a_network_to_begin_with_touch(name: str) -> None:
    scene = begun(name)
    dot = DOT if len(scene.nodes) > MOST_FULL else None
    boxes = on_sheet(scene.topology, scene.height, dot=dot).nodes
    assert not [pair for pair in combinations(boxes, 2) if boxes[pair[0]].overlaps(boxes[pair[1]])]
    assert all(Box(WIDTH / 2, scene.height / 2, WIDTH, scene.height).encloses(box) for box in boxes.values())


def test_a_file_is_opened_from_its_text_or_from_elements_that_a_page_has_parsed() -> None:
    assert Scene().changed(opened(to_json(forum()))) == Scene()
    node = {"tag": "node", "attributes": {"id": "A"}}
    graph = {"tag": "graphml", "children": [{"tag": "graph", "children": [node]}]}
    text = json.dumps(graph, separators=(",", ":"))
    assert opened(text)["nodes"] == [["A", "router", 400, 183]]
    assert view(**{**Scene().plain(), "asks": text})["opened"]["links"] == []
    assert "opened" not in view(**Scene().plain())
    assert opened('<graphml><graph><node id="A"/></graph></graphml>') == opened(text)
    assert opened("\ufeff" + to_json(forum())) == opened("forum")


def test_the_numbers_of_a_file_are_its_metrics_once_the_reader_says_which() -> None:
    edges = [{"source": a, "target": b, "km": km, "name": f"{a}-{b}"} for a, b, km in ("AB7", "BC9")]
    text = json.dumps({"nodes": [{"id": name} for name in "ABC"], "edges": edges})
    shown = view(**{**Scene().plain(), "asks": text})
    assert shown["keys"] == [("metric:1\n", "are 1 each"), ("metric:km\n", "are its numbers under km")]
    assert [row[3] for row in shown["opened"]["links"]] == [1, 1]
    assert [row[3] for row in opened(f"metric:km\n{text}")["links"]] == [7, 9]
    with pytest.raises(BadNetwork, match="no edge has 'miles'; numbers are under km"):
        opened(f"metric:miles\n{text}")
    for none in (
        "forum",
        to_json(forum()),
        "exercise:by-r7",
        text.replace("km", "metric"),
        '{"nodes": [], "edges": []}',
    ):
        assert keys_of(none) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("nothing", "text of another kind"),
        ('{"tag":', "this is no network"),
        ("\udcff", "text of another kind"),
        ("x" * (LARGEST + 1), "larger than"),
        (to_json(Topology([Node(f"R{n}") for n in range(MOST_NODES + 1)])), "there is room for 200 nodes"),
    ],
    ids=["text", "elements", "half a pair", "large", "many"],
)
def test_a_file_that_is_no_network_for_the_sheet_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(BadNetwork, match=words):
        opened(text)


def test_a_page_without_a_reader_of_yaml_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_text: str) -> None:
        raise ImportError("yaml")

    monkeypatch.setattr("netlearn.figures.sandbox.opening.table_of_text", missing)
    with pytest.raises(BadNetwork, match="netlearn convert"):
        opened("topology: {}")


def test_a_screen_reader_is_told_to_whom_a_node_is_connected() -> None:
    assert connected(forum(), "R3") == ", connected to R1 and R4"
    assert connected(forum(), "R2") == ", connected to R1, End, R4 and 2 more"
    assert connected(Topology([Node("A")]), "A") == ", connected to nothing"
    assert 'aria-label="host End, connected to R2, R4 and R7"' in view(**Scene().plain())["pieces"]["sheet"]


def test_many_nodes_are_dots_that_can_be_pressed_all_the_same() -> None:
    scene = replace(begun("TataNld"), down=("Mumbai",), cut=("Ahmednagar-Pune",))
    assert len(scene.nodes) > MOST_FULL
    drawn = view(**scene.plain())["pieces"]["sheet"]
    assert drawn.count('role="button"') == len(scene.nodes) + len(scene.links)
    assert drawn.count("<text") <= 3
    assert view(**scene.plain())["pieces"]["table"].count("<tr") < len(scene.nodes) / 2


def test_notes_and_the_names_of_lans_stand_on_the_sheet_beside_their_nodes() -> None:
    nodes = [Node("R1", x=40, y=30), Node("LAN", "lan", x=400, y=300), Node("R2", x=400, y=100)]
    layout = on_sheet(Topology(nodes, [Link("LAN", "R2", 0, 1)]), 366, {"R1": 40.0})
    sheet = Box(400, 183, 800, 366)
    assert {*layout.notes} == {"R1", "LAN"}
    assert all(sheet.encloses(Box(*at, 30, 20)) for at in layout.notes.values())
    assert layout.notes["LAN"][1] > 300, "the link leaves upwards, so the name stands below"


def test_the_same_network_with_a_failure_differs_in_attributes_another_one_in_its_pieces() -> None:
    figure = Sandbox()
    assert {*figure.shown(figure.scene.changed({"cut": ["R2-End"]}))} == {"changed"}
    assert {*figure.shown(figure.scene.changed({"nodes": figure.scene.nodes, **EMPTY}))} == {"pieces"}
    cleared = figure.scene.changed({**EMPTY})
    assert len(figure.recorded) == 1 + 1 + 13 + 7
    assert key(cleared) in figure.recorded, "nobody waits for Python to see an empty sheet"


def test_the_books_network_with_a_failure_and_fifty_routers_fit_into_a_link() -> None:
    assert len(written({"cut": ["R2-End"], "down": ["R3"]})) < 500
    assert len(written({name: begun("Dfn").chosen()[name] for name in ("nodes", "links")})) < LONGEST


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_rows_and_a_link_keep_a_network_as_it_is(data: st.DataObject) -> None:
    count = data.draw(st.integers(1, 12))
    names = [f"N{number}" for number in range(count)]
    place = st.integers(0, 800)
    kinds = st.sampled_from(["router", "host"])
    nodes = tuple((name, data.draw(kinds), data.draw(place), data.draw(place)) for name in names)
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(names), st.sampled_from(names)), max_size=15))
    metric = st.integers(1, 65535)
    links = tuple((f"L{at}", a, b, data.draw(metric), data.draw(metric)) for at, (a, b) in enumerate(pairs) if a != b)
    scene = Scene(nodes, links, show=data.draw(st.sampled_from(["paths", "sweep", "catchments", "run"])))
    assert Scene().changed(read(written(scene.chosen()))) == scene
    shown = view(**scene.plain())
    assert json.loads(json.dumps(shown)) == shown
    ends = scene.ends()
    if ends and scene.show == "paths" and ends[0] != ends[1]:
        near = shortest_paths(scene.topology, ends[0]).distance.get(ends[1])
        assert (f"metric {near}:" in find(scene).words) == (near is not None)


def test_a_network_larger_than_the_sheet_is_squeezed_onto_it() -> None:
    nodes, _ = rows_of(load("topozoo/TataNld"))
    assert max(x for _, _, x, _ in nodes) <= WIDTH
    assert max(y for *_, y in nodes) <= HIGHEST
    assert next(paths(Scene(*rows_of(forum())).topology, "Source", "End")) == ("Source", "R1", "R2", "End")


def test_who_reaches_which_instance_is_shown_on_the_sheet() -> None:
    scene = Scene(anycast=("R4", "R7"), show="catchments")
    assert find(scene).words.startswith("R4 gets all that R3 sends.")
    drawn = view(**scene.plain())["pieces"]
    assert "nl-plate" in drawn["sheet"]
    assert "here" in drawn["sheet"]
    assert "R4" in drawn["table"]
    assert find(Scene(show="catchments")).words == NOBODY
    assert "has the anycast address" in view(**Scene(anycast=("R4",)).plain())["pieces"]["sheet"]
    with pytest.raises(BadNetwork, match="End is a host; the anycast address stands on routers"):
        Scene(anycast=("End",))


@pytest.mark.parametrize("exercise", EXERCISES, ids=[each.name for each in EXERCISES])
def test_an_exercise_begins_with_its_network_and_is_checked_when_that_is_asked(exercise: Exercise) -> None:
    scene = Scene().changed(opened(f"exercise:{exercise.name}"))
    assert scene.exercise == exercise.name
    shown = view(**{**scene.plain(), "asks": "check"})
    assert shown["verdict"].startswith("Not yet. ")
    assert exercise.asks.split(".")[0] in unescape(shown["pieces"]["exercise"])
    assert "verdict" not in view(**scene.plain())
    nodes, links = rows_of(exercise.solution)
    held = tuple({given.node for given in exercise.solution.announcements})
    done = checked(replace(scene, nodes=nodes, links=links, anycast=held))
    assert done is not None
    assert done.right, done.words


def test_a_saved_network_is_opened_again_as_it_was() -> None:
    scene = Scene(anycast=("R4",), cut=("R2-End",))
    name, _, text = view(**{**scene.plain(), "asks": "save"})["saved"]
    assert name == "network.json"
    assert "<graphml" in view(**{**scene.plain(), "asks": "save-graphml"})["saved"][2]
    assert from_json(text).announcements == place(forum(), ADDRESS, ["R4"]).announcements
    assert Scene().changed(opened(text)) == Scene(anycast=("R4",))


def test_a_run_is_shown_moment_by_moment_on_the_same_sheet() -> None:
    scene = Scene(down=("R2",), show="run")
    assert find(scene).claim == "R2 goes down. After 57.3 ms every table fits again"
    shown = view(**scene.plain())
    assert shown["pieces"]["say"] == ""
    assert "nl-lanes" in shown["pieces"]["run"]
    frames, told = shown["run"]["frames"], [words for *_, words in shown["run"]["told"]]
    assert len(frames) == len(shown["run"]["times"]) > 10
    assert any("R1 now hands what is for End to R3" in words for words in told)
    assert {*frames[-1]} <= {*shown["run"]["parts"]}
    assert find(Scene(show="run")).words == NOTHING_FAILS
    assert find(begun("Dfn").changed({"show": "run"})).words == TOO_MANY
    assert "nl-lanes" not in Sandbox(show="run").picture()
    alternates = Scene(cut=("R2-End",), show="run", lfa=True, detect="bfd")
    assert find(alternates).claim != find(replace(alternates, detect="carrier")).claim
    with pytest.raises(NetlearnError, match="failures are noticed by carrier or hello or bfd, not by 'never'"):
        Scene(detect="never")


def test_in_a_run_the_way_over_a_lan_is_marked_on_each_of_its_cables_as_among_the_paths() -> None:
    nodes = (("Provider", "router", 130, 180), ("Box", "router", 270, 180), ("Switch", "lan", 410, 180))
    links = (("P-B", "Provider", "Box", 1, 1), ("B-S", "Box", "Switch", 1, 0), ("S-L", "Switch", "Laptop", 0, 1))
    scene = Scene((*nodes, ("Laptop", "host", 550, 180)), links, source="Laptop", destination="Provider")
    way = {("Laptop", "Switch", "S-L"): 1.0, ("Switch", "Box", "B-S"): 1.0, ("Box", "Provider", "P-B"): 1.0}
    assert find(scene).marks.shares == way
    assert find(scene.changed({"show": "run"})).marks.shares == way
    assert view(**scene.changed({"show": "run"}).plain())["pieces"]["sheet"].count("nl-link nl-path") == 3


def test_in_a_run_routers_wait_as_the_reader_says_and_all_may_be_repaired_in_the_end() -> None:
    scene = Scene(cut=("R2-End",), down=("R3",), show="run")
    assert find(replace(scene, down=(), timers="frr")).claim == "R2–End is cut. After 8.1 ms every table fits again"
    with pytest.raises(NetlearnError, match="timers are rfc or frr, not 'slow'"):
        Scene(timers="slow")
    before, after = (find(replace(scene, repaired=repaired)) for repaired in (False, True))
    assert before.words.endswith("In the end messages go Source → R1 → R2 → R4 → End; Source → R1 → R2 → R7 → End.")
    assert after.words.endswith("In the end messages go Source → R1 → R2 → End.")
    assert before.story
    assert after.story
    assert len(before.story.moments) < len(after.story.moments)


def test_where_there_is_no_exercise_nothing_is_checked() -> None:
    assert "verdict" not in view(**{**Scene().plain(), "asks": "check"})
    with pytest.raises(UnknownName, match="there is no exercise 'nope'"):
        Scene(exercise="nope")
