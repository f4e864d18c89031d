"""Real networks by name: with the book or out of topohub, the right way up, and never without their source."""

import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from netlearn import BadNetwork, Topology, UnknownName, load, shortest_paths
from netlearn.cli.main import main
from netlearn.network import read
from netlearn.network.real import COLLECTIONS, bundled_names

BUNDLED = ("topozoo/Abilene", "topozoo/Dfn", "topozoo/Geant2012", "topozoo/TataNld")


def of_topohub(name: str) -> Any:
    """The network as it stands in topohub's file."""
    return json.loads((files("topohub") / "data" / f"{name}.json").read_text("utf-8"))


def own_id(topology: Topology, name: str) -> str:
    """The node's id in the file; it is its name where it has no other."""
    return topology.node(name).id or name


def lacks_topohub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "topohub", None)


def unknown(name: str) -> str:
    with pytest.raises(UnknownName) as refused:
        load(name)
    return str(refused.value)


def places(topology: Topology) -> dict[str, tuple[Any, Any]]:
    return {own_id(topology, node.name): (node.x, node.y) for node in topology.nodes}


# ---- With the book


def test_a_real_network_is_loaded_by_its_name_and_each_link_has_metric_1(monkeypatch: pytest.MonkeyPatch) -> None:
    lacks_topohub(monkeypatch)
    abilene = load("topozoo/Abilene")
    assert len(abilene.routers) == 11
    assert {arc.neighbour for arc in abilene.arcs("Denver")} == {"Seattle", "Sunnyvale", "Kansas City"}
    assert {(link.metric, link.metric_back) for link in abilene.links} == {(1, 1)}


def test_a_real_network_stands_the_right_way_up() -> None:
    abilene = load("topozoo/Abilene")
    seattle, houston, new_york = (abilene.node(name) for name in ("Seattle", "Houston", "New York"))
    assert seattle.x < houston.x < new_york.x  # type: ignore[operator]  # all have places
    assert seattle.y < new_york.y < houston.y  # type: ignore[operator]  # downwards


def test_a_handful_comes_with_the_book_and_the_largest_has_143_nodes(monkeypatch: pytest.MonkeyPatch) -> None:
    lacks_topohub(monkeypatch)
    assert bundled_names() == [*BUNDLED]
    sizes = {name: (len(read(name).topology.nodes), len(read(name).topology.links)) for name in BUNDLED}
    assert [*sizes.values()] == [(11, 14), (51, 80), (37, 58), (143, 181)]


def test_a_network_that_comes_with_the_book_tells_its_source_and_licence_itself() -> None:
    folder = files("netlearn") / "data" / "networks" / "topozoo"
    for name in BUNDLED:
        said = json.loads((folder / f"{name.partition('/')[2]}.json").read_text("utf-8"))["graph"]
        assert said == {"source": COLLECTIONS["topozoo"].source, "license": "CC BY 4.0"}
    assert "Attribution 4.0" in (folder / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize("name", BUNDLED)
def test_what_comes_with_the_book_is_what_topohub_has(name: str) -> None:
    given = of_topohub(name)
    ours = json.loads((files("netlearn") / "data" / "networks" / f"{name}.json").read_text("utf-8"))
    assert ours["edges"] == [{key: edge[key] for key in ("source", "target", "dist")} for edge in given["edges"]]
    assert [(node["id"], node["label"], [node["longitude"], node["latitude"]]) for node in ours["nodes"]] == [
        (node["id"], node["name"], node["pos"]) for node in given["nodes"]
    ]


# ---- Metrics


def test_lengths_in_kilometres_are_the_metric_when_that_is_asked_for_and_networkx_goes_the_same_ways() -> None:
    network = read("topozoo/TataNld", metric="dist")
    graph: Any = nx.Graph()
    for edge in of_topohub("topozoo/TataNld")["edges"]:
        graph.add_edge(edge["source"], edge["target"], length=round(100 * (edge["dist"] or 0.01)))
    ids = {node.name: node.id for node in network.topology.nodes}
    far = nx.single_source_dijkstra_path_length(graph, ids["Delhi"], weight="length")
    ours = shortest_paths(network.topology, "Delhi").distance
    assert {ids[name]: metric for name, metric in ours.items()} == far
    assert network.notes == (
        "a link whose ends are in one place is read as 0.01 km long",
        "the metric is the edge's dist times 100, so that all are whole",
    )


def test_links_inside_one_town_are_counted_and_a_metric_that_is_not_there_is_told_with_the_one_that_is() -> None:
    assert read("topozoo/Dfn", metric="dist").notes[0] == (
        "5 links whose ends are in one place are read as 0.01 km long"
    )
    with pytest.raises(BadNetwork, match=r"topozoo/Abilene: no edge has 'km'; numbers are under dist$"):
        load("topozoo/Abilene", metric="km")


# ---- Out of topohub


def test_a_network_of_sndlib_is_read_by_its_name() -> None:
    found = read("sndlib/germany50")
    assert (found.form, len(found.topology.nodes), len(found.topology.links)) == ("a network of SNDlib", 50, 88)
    assert "Orlowski" in str(found.source)
    assert found.topology.node("Muenchen").y > found.topology.node("Hamburg").y  # type: ignore[operator]


@pytest.mark.parametrize(("group", "count"), [("topozoo", 203), ("sndlib", 26)])
def test_every_network_of_a_collection_is_read_with_all_its_nodes_links_and_places(group: str, count: int) -> None:
    names = [file.name.removesuffix(".json") for file in (files("topohub") / "data" / group).iterdir()]
    assert len(names) == count
    for own in names:
        given, topology = of_topohub(f"{group}/{own}"), read(f"{group}/{own}").topology
        ends = [tuple(own_id(topology, name) for name in link.ends) for link in topology.links]
        assert ends == [(str(edge["source"]), str(edge["target"])) for edge in given["edges"]], own
        assert places(topology) in (
            {str(node["id"]): (node["pos"][0], -node["pos"][1]) for node in given["nodes"]},
            {str(node["id"]): (None, None) for node in given["nodes"]},  # where all stand on one point
        ), own


def test_a_name_that_a_collection_has_not_is_told_with_near_ones() -> None:
    said = "there is no 'abilene' in the Internet Topology Zoo, as topohub has it; there are Aarnet, Abilene, Abvt, "
    assert unknown("topozoo/abilene").startswith(said)
    assert unknown("topozoo/abilene").endswith(" and 191 more; did you mean Abilene?")
    assert "there is no '../sndlib/polska' in the Internet" in unknown("topozoo/../sndlib/polska")


def test_without_topohub_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lacks_topohub(monkeypatch)
    assert unknown("sndlib/germany50") == (
        "sndlib/germany50 does not come with the book; topohub has SNDlib, and is not installed: pip install topohub"
    )
    assert unknown("topozoo/abilene").endswith("pip install topohub; did you mean topozoo/Abilene?")


def test_a_file_in_a_folder_of_a_collections_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("topozoo").mkdir()
    Path("topozoo/Mine").write_text('{"nodes": [{"id": "A"}], "edges": []}')
    assert load("topozoo/Mine").routers == ("A",)


# ---- On the command line


def test_check_says_which_key_the_metric_option_takes_and_whose_work_a_real_network_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "topozoo/Abilene"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "a network of the Internet Topology Zoo: 11 routers, 14 links"
    assert said[2] == 'each link has metric 1; --metric dist (in Python metric="dist") takes its length in kilometres'
    assert said[3] == f"from {COLLECTIONS['topozoo'].source}"
    assert main(["check", "topozoo/Abilene", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["source"] == COLLECTIONS["topozoo"].source
    assert main(["check", "forum", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["source"] is None


def test_a_real_network_is_taken_wherever_a_network_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paths", "topozoo/Abilene", "Seattle", "Atlanta", "--cut", "Seattle-Denver"]) == 0
    assert "Seattle → Sunnyvale → Los Angeles → Houston → Atlanta" in capsys.readouterr().out
