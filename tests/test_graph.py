"""To networkx and GraphML and back: what is kept, and what is refused because it would change silently."""

import tempfile
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from strategies import topologies

from netlearn import (
    Announcement,
    BadNetwork,
    Link,
    NetlearnError,
    Node,
    Topology,
    UnknownName,
    forum,
    from_json,
    to_json,
)
from netlearn.graph import from_networkx, read_graphml, to_networkx, write_graphml
from netlearn.network.nodelink import from_data

ROUTERS = [Node("A"), Node("B")]


def meaning(whole):
    """What a network says, whichever end of a link was written first and in whatever order links came."""
    metrics = {link.name: {(link.a, link.metric), (link.b, link.metric_back)} for link in whole.links}
    return whole.nodes, metrics, whole.announcements


def test_symmetric_metrics_make_a_graph_whose_words_are_networkxs():
    graph = to_networkx(forum())
    assert type(graph) is nx.Graph
    assert nx.shortest_path(graph, "Source", "End", weight="metric") == ["Source", "R1", "R2", "End"]
    assert graph.nodes["R1"] == {"loopback": "192.0.2.1", "x": 200, "y": 210}
    assert graph.edges["R1", "R2"] == {"metric": 1, "name": "R1-R2"}


def test_parallel_links_make_a_multigraph_with_the_names_as_keys():
    graph = to_networkx(Topology(ROUTERS, [Link("A", "B", name="upper"), Link("A", "B", 2, name="lower")]))
    assert type(graph) is nx.MultiGraph
    assert sorted(graph.edges(keys=True)) == [("A", "B", "lower"), ("A", "B", "upper")]


def test_asymmetric_metrics_make_a_multidigraph_with_an_edge_for_each_direction():
    graph = to_networkx(Topology(ROUTERS, [Link("A", "B", 1, 5)]))
    assert type(graph) is nx.MultiDiGraph
    assert sorted(graph.edges(data="metric")) == [("A", "B", 1), ("B", "A", 5)]


def test_a_lan_makes_a_multidigraph_since_leaving_it_costs_nothing():
    lan = Topology([Node("A"), Node("L", "lan")], [Link("A", "L", 3, 0)])
    assert sorted(to_networkx(lan).edges(data="metric")) == [("A", "L", 3), ("L", "A", 0)]


def test_an_undirected_graph_that_carries_metric_back_is_refused():
    graph = nx.Graph()
    graph.add_edge("B", "A", metric=1, metric_back=5)
    with pytest.raises(BadNetwork) as refused:
        from_networkx(graph)
    assert str(refused.value) == (
        "edge B-A has a metric_back, but an undirected graph does not keep which way is back;"
        " use a DiGraph or MultiDiGraph with an edge for each direction"
    )


def test_a_graph_of_networkxs_own_is_a_network_of_routers():
    ring = from_networkx(nx.cycle_graph(4))
    assert ring.routers == ("0", "1", "2", "3")
    assert [link.name for link in ring.links] == ["0-1", "0-3", "1-2", "2-3"]


def test_the_metric_may_be_under_another_word_and_then_no_other_counts():
    graph = nx.Graph()
    graph.add_edge("A", "B", weight=7, metric="not ours")
    assert from_networkx(graph, metric="weight").links == (Link("A", "B", 7),)


@pytest.mark.parametrize("metric", [3, 3.0, np.int64(3), np.float64(3)])
def test_a_whole_number_is_a_metric_whoever_computed_it(metric):
    graph = nx.Graph()
    graph.add_edge(np.int64(1), np.int64(2), metric=metric)
    assert from_networkx(graph).links == (Link("1", "2", 3),)


@pytest.mark.parametrize("make", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_what_networkx_writes_as_node_link_data_is_read(make):
    graph = make()
    edges = [("A", "B"), ("B", "A")] if graph.is_directed() else [("A", "B")]
    for source, target in edges * (2 if graph.is_multigraph() else 1):
        graph.add_edge(source, target, metric=4)
    names = ["A-B#1", "A-B#2"] if graph.is_multigraph() else ["A-B"]
    assert from_data(nx.node_link_data(graph, edges="edges")).links == tuple(
        Link("A", "B", 4, 4, name) for name in names
    )


REFUSED = {
    "a direction without its way back": (
        nx.DiGraph([("A", "B")]),
        "edge A-B has no edge back; a link can be used in both directions;"
        " if that is meant, say --undirected (in Python undirected=True)",
    ),
    "nodes that are pairs": (nx.grid_2d_graph(2, 1), "node 1: id is a name, not (0, 0)"),
    "a metric of 2.5": (
        nx.Graph([("A", "B", {"metric": 2.5})]),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not 2.5",
    ),
    "a metric of nan": (
        nx.Graph([("A", "B", {"metric": np.float64("nan")})]),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not np.float64(nan)",
    ),
    "a metric that is true": (
        nx.Graph([("A", "B", {"metric": True})]),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not True",
    ),
    "a number of 5000 digits": (
        nx.Graph([(10**5000, "B")]),
        "node 1: id is a name, not a number of about 4983 digits",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_graph_that_is_no_network_is_refused_in_the_words_of_the_json_form(mistake):
    graph, message = REFUSED[mistake]
    with pytest.raises(BadNetwork) as refused:
        from_networkx(graph)
    assert str(refused.value) == message


# ---- GraphML


def test_graphml_keeps_addresses_places_kinds_and_announcements(tmp_path):
    prefix = from_json('{"nodes": [{"id": "A", "announces": ["::/0"]}], "edges": []}').announcements[0].prefix
    whole = Topology(forum().nodes, forum().links, [Announcement(prefix, "R4", 5), Announcement(prefix, "R7")])
    write_graphml(whole, tmp_path / "forum.graphml")
    assert meaning(read_graphml(tmp_path / "forum.graphml")) == meaning(whole)


def graphml(edge_data="", node_data="", keys="", direction="undirected"):
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="i" for="edge" attr.name="metric" attr.type="int"/>
<key id="d" for="edge" attr.name="metric" attr.type="double"/>
<key id="s" for="edge" attr.name="metric" attr.type="string"/>
<key id="b" for="edge" attr.name="metric" attr.type="boolean"/>
<key id="p" for="node" attr.name="announces" attr.type="string"/>
<key id="k" for="node" attr.name="kind" attr.type="string"/>{keys}
<graph edgedefault="{direction}"><node id="A">{node_data}</node><node id="B"/>
<edge source="A" target="B">{edge_data}</edge></graph></graphml>"""


@pytest.mark.parametrize(("data", "metric"), [("", 1), ('<data key="i">7</data>', 7), ('<data key="d">7.0</data>', 7)])
def test_graphml_metrics_may_be_missing_whole_or_doubles(tmp_path, data, metric):
    file = tmp_path / "a.graphml"
    file.write_text(graphml(data))
    assert read_graphml(file).links == (Link("A", "B", metric),)


def test_what_else_graphml_can_say_is_ignored_without_a_word(tmp_path, recwarn):
    file = tmp_path / "a.graphml"
    file.write_text(graphml(node_data='<port name="eth0"/>'))
    assert read_graphml(file).links == (Link("A", "B"),)
    assert not list(recwarn)


def test_a_graphml_announcement_may_be_one_prefix(tmp_path):
    file = tmp_path / "a.graphml"
    file.write_text(graphml(node_data='<data key="p">2001:db8::/32</data>'))
    assert [str(given.prefix) for given in read_graphml(file).announcements] == ["2001:db8::/32"]


BROKEN = {
    "nothing": "",
    "no XML": "{}",
    "cut off": graphml()[:-20],
    "another XML": "<svg/>",
    "an unknown key": graphml('<data key="nix">1</data>'),
    "an unknown type": graphml(keys='<key id="q" for="edge" attr.name="q" attr.type="quaternion"/>'),
    "a key without name": graphml(keys='<key id="q" for="edge"/>'),
    "an int that is none": graphml('<data key="i">x</data>'),
    "an int that is empty": graphml('<data key="i"></data>'),
    "a double with a fraction": graphml('<data key="d">1.5</data>'),
    "a double that is nan": graphml('<data key="d">nan</data>'),
    "a double that is infinite": graphml('<data key="d">inf</data>'),
    "a text": graphml('<data key="s">1</data>'),
    "a boolean": graphml('<data key="b">true</data>'),
    "a boolean that is none": graphml('<data key="b">maybe</data>'),
    "one direction only": graphml(direction="directed"),
    "a kind that is none": graphml(node_data='<data key="k">switch</data>'),
    "a prefix that is none": graphml(node_data='<data key="p">nowhere</data>'),
    "a JSON list too deep": graphml(node_data=f'<data key="p">{"[" * 5000}</data>'),
    "a JSON number too long": graphml(node_data=f'<data key="p">[{"1" * 5000}]</data>'),
    "a node without id": graphml().replace('<node id="B"/>', "<node/>"),
    "an edge without source": graphml().replace('source="A" ', ""),
    "a hyperedge": graphml().replace('<node id="B"/>', '<node id="B"/><hyperedge><endpoint node="A"/></hyperedge>'),
    "an unknown encoding": graphml().replace("UTF-8", "klingon"),
    "entities that explode": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(12))
    + "]>"
    + graphml(node_data="&m;").partition("?>")[2],
    "elements too deep": "<a>" * 100_000,
}


@pytest.mark.parametrize("what", BROKEN)
def test_graphml_that_is_broken_is_an_error_of_one_line_that_names_the_file(tmp_path, what):
    file = tmp_path / "broken.graphml"
    file.write_text(BROKEN[what], encoding="utf-8")
    with pytest.raises(BadNetwork) as refused:
        read_graphml(file)
    assert str(refused.value).startswith(str(file))
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 400


def test_bytes_that_are_no_text_are_no_graphml(tmp_path):
    file = tmp_path / "binary.graphml"
    file.write_bytes(bytes(range(256)))
    with pytest.raises(BadNetwork, match=r"binary\.graphml is not a text file"):
        read_graphml(file)


def test_another_form_is_no_graphml(tmp_path):
    file = tmp_path / "forum.graphml"
    file.write_text(to_json(forum()))
    with pytest.raises(BadNetwork, match="is not GraphML but node-link JSON"):
        read_graphml(file)


def test_a_graphml_file_that_is_not_there_is_an_error_that_names_it(tmp_path):
    with pytest.raises(UnknownName, match=r"none\.graphml is not a file"):
        read_graphml(tmp_path / "none.graphml")
    with pytest.raises(NetlearnError, match="cannot be read: Is a directory"):
        read_graphml(tmp_path)


# ---- What holds for every network


@given(topologies())
def test_nothing_is_lost_through_networkx(whole):
    assert meaning(from_networkx(to_networkx(whole))) == meaning(whole)


@given(topologies())
def test_nothing_is_lost_through_graphml(whole):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network.graphml"
        write_graphml(whole, file)
        assert meaning(read_graphml(file)) == meaning(whole)
