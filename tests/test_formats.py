"""Networks in the files that people have: each small file read as its author meant it, any form written and read."""

import json
import string
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import topologies

from netlearn import (
    BadNetwork,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    Topology,
    converged_fib,
    from_json,
    load,
    path_count,
    paths,
    shortest_paths,
    to_json,
)
from netlearn.graph import from_networkx, to_networkx, write_gexf, write_gml, write_graphml
from netlearn.network import Reading, ReadingWarning, from_data, from_elements, read
from netlearn.network.formats import elements, metrics, yaml_text
from netlearn.network.formats.graphml import to_graphml
from netlearn.network.formats.seems import FORMS

CASES = Path(__file__).parent / "data" / "networks"


def refused(file: Path | str, **options: Any) -> str:
    with pytest.raises(BadNetwork) as found:
        read(file, **options)
    return str(found.value)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str | bytes], Path]:
    """A file whose name tells nothing of its form."""

    def write(content: str | bytes) -> Path:
        file = tmp_path / "network"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    return write


# ---- The small files


def test_a_metric_under_another_key_is_read_when_it_is_asked_for_and_never_silently_1() -> None:
    found = load(CASES / "cost.json", metric="cost")
    assert list(paths(found, "A", "C")) == [("A", "B", "C")]
    assert shortest_paths(found, "A").distance["C"] == 15
    words = refused(CASES / "cost.json")
    assert "3 of 3 have a number under 'cost'; say --metric cost" in words
    assert {link.metric for link in load(CASES / "cost.json", metric="1").links} == {1}


def test_gephis_two_directions_are_one_link_and_a_place_that_is_none_is_told() -> None:
    found = read(CASES / "gephi.graphml", metric="ospf_cost")
    assert found.topology.links == (Link("New York", "San José", 4, 9),)
    assert (found.topology.node("New York").x, found.topology.node("New York").y) == (-341.2, 1022.7)
    assert (found.topology.node("1").x, found.topology.node("San José").y) == (None, None)
    assert found.notes == ("no place is read for San José, whose x is 'unknown'",)


def test_yeds_labels_and_places_are_read_and_its_arrows_are_links_when_that_is_said() -> None:
    assert "--undirected" in refused(CASES / "yed.graphml")
    found = read(CASES / "yed.graphml", undirected=True)
    assert found.topology.links == (Link("North", "South", 1, 1),)
    assert found.topology.nodes == (Node("North", x=10.5, y=20.0, id="n0"), Node("South", x=90.0, y=20.0, id="n1"))
    assert found.notes == ()


def test_a_self_loop_is_left_out_and_said_and_places_are_named_by_their_labels() -> None:
    found = read(CASES / "self-loop-and-labels.graphml")
    assert found.topology.links == (Link("Lyon", "Genève"),)
    assert found.notes == ("an edge from Genève to itself is left out",)
    assert shortest_paths(found.topology, "0").distance == {"Lyon": 0, "Genève": 1}
    with pytest.warns(ReadingWarning, match="an edge from Genève to itself is left out"):
        load(CASES / "self-loop-and-labels.graphml")


def test_a_capacity_is_a_metric_only_when_asked_for_and_by_a_rule_that_is_told() -> None:
    found = read(CASES / "self-loop-and-labels.graphml", metric="LinkSpeedRaw")
    assert found.topology.links == (Link("Lyon", "Genève", 1),)
    assert "the metric is 10000000000 (the greatest LinkSpeedRaw) over the edge's LinkSpeedRaw" in found.metrics
    assert found.metrics in found.notes


def test_parallel_links_are_cut_together_or_one_by_one() -> None:
    found = load(CASES / "parallel.json")
    both = found.without(*(LinkDown(link.name) for link in found.find_links("r1-r2")))
    assert list(paths(both, "r1", "r2")) == [("r1", "r3", "r2")]
    assert shortest_paths(both, "r1").distance["r2"] == 2
    for words in ("r1-r2#1", "r1-r2#2", "r2-r1#2"):
        one = found.without(*(LinkDown(link.name) for link in found.find_links(words)))
        assert len(one.links_between("r1", "r2")) == 1


def test_sndlibs_json_is_read() -> None:
    found = read(CASES / "sndlib-abilene.json")
    assert (len(found.topology.nodes), len(found.topology.links), found.form) == (12, 15, "SNDlib's JSON")
    assert found.notes == ("all nodes have the same longitude and latitude; no places are read",)


def test_a_fraction_is_scaled_by_a_factor_that_is_told() -> None:
    found = read(CASES / "netjson.json", metric="cost")
    assert found.topology.links == (Link("gw", "192.0.2.2", 3),)
    assert found.notes == ("the metric is the edge's cost times 2, so that all are whole",)
    assert "--metric cost" in refused(CASES / "netjson.json")


def test_containerlabs_topology_is_read() -> None:
    assert load(CASES / "clab.yml") == Topology([Node("r1"), Node("r2")], [Link("r1", "r2")])


def test_gml_and_gexf_are_read() -> None:
    assert load(CASES / "z.gml", metric="weight").links == (Link("Paris", "Lyon", 5),)
    assert load(CASES / "g.gexf") == Topology([Node("A", id="0")])


@pytest.mark.parametrize(
    ("file", "seems"), [("lab.dot", "GraphViz"), ("cyto.json", "Cytoscape"), ("vis.json", "vis.js")], ids=str
)
def test_what_is_not_read_is_told_with_what_it_seems_to_be_and_what_is_read(file: str, seems: str) -> None:
    words = refused(CASES / file)
    assert f"this seems to be {'a ' if seems == 'GraphViz' else ''}{seems}" in words
    assert all(form in words for form in FORMS)


def test_names_beyond_ascii_and_a_byte_order_mark_are_read() -> None:
    assert load(CASES / "uni.json").links == (Link("São Paulo", "Zürich 🏔"),)
    assert load(CASES / "bom.json").links == (Link("a", "b"),)


# ---- Metrics


def edges_with(key: str, *values: Any) -> dict[str, Any]:
    names = [str(number) for number in range(len(values) + 1)]
    edges = [{"source": a, "target": b, key: value} for a, b, value in zip(names, names[1:], values, strict=False)]
    return {"nodes": [{"id": name} for name in names], "edges": edges}


@pytest.mark.parametrize("key", metrics.LIKELY)
def test_more_than_half_the_edges_with_a_number_under_a_likely_key_are_refused_with_its_name(key: str) -> None:
    with pytest.raises(BadNetwork, match=f"2 of 3 have a number under '{key}'; say --metric {key}"):
        from_data(edges_with(key, 3, "4.5", None))
    assert {link.metric for link in from_data(edges_with(key, 3, None)).links} == {1}


def test_two_likely_keys_or_few_numbers_are_told(write: Callable[[str], Path]) -> None:
    data = edges_with("weight", 3, 4)
    both = {**data, "edges": [{**edge, "length": 2.5} for edge in data["edges"]]}
    for some, keys in ((both, "length, weight"), (edges_with("cost", 1, None), "cost")):
        (note,) = read(write(json.dumps(some))).notes
        assert note.endswith(f"some have a number under {keys}, which --metric would read")


@pytest.mark.parametrize(
    ("values", "whole", "words"),
    [
        ((1, 2, 3), [1, 2, 3], "the metric is the edge's x"),
        ((0.1, "0.25", 1), [2, 5, 20], "the metric is the edge's x times 20, so that all are whole"),
        ((100_000, 250_000), [2, 5], "the metric is the edge's x times 1/50000, so that all are whole"),
        ((1e-9, 1.0), [1, 65535], "the metric is the edge's x times 65535, rounded to whole numbers up to 65535;"),
    ],
)
def test_numbers_are_made_whole_by_one_factor(
    write: Callable[[str], Path], values: tuple[Any, ...], whole: list[int], words: str
) -> None:
    found = read(write(json.dumps(edges_with("x", *values))), metric="x")
    assert [link.metric for link in found.topology.links] == whole
    assert found.metrics.startswith(words)
    assert (found.metrics in found.notes) == (words != "the metric is the edge's x")


@pytest.mark.parametrize(
    ("data", "key", "words"),
    [
        (edges_with("x", 1, None), "x", "edge 1-2 has no 'x'; 1 of 2 edges have one"),
        (edges_with("cost", 1), "csot", "no edge has 'csot'; numbers are under cost; did you mean cost?"),
        (edges_with("cost", "much"), "x", "no edge has 'x'; and none has a number at all"),
        (edges_with("x", 0), "x", "edge 0-1: its 'x' is 0; a metric is a number above 0"),
        (edges_with("x", True), "x", "edge 0-1: its 'x' is True; a metric is a number above 0"),
        (edges_with("x", "1_0"), "x", "edge 0-1: its 'x' is '1_0'; a metric is a number above 0"),
        (edges_with("x", "9" * 500), "x", "a metric is a number above 0"),
        (edges_with("x", 10**50), "x", "a metric is a number above 0"),
        (edges_with("x", 1), 5, "metric is the key under which edges have their metric, not 5"),
    ],
)
def test_a_key_without_numbers_is_refused(data: Any, key: Any, words: str) -> None:
    with pytest.raises(BadNetwork) as found:
        from_data(data, metric=key)
    assert words in str(found.value)


def test_another_key_has_its_own_way_back_and_the_metric_itself_does_not_count() -> None:
    edge = {"source": "0", "target": "1", "x": 2, "x_back": 3, "metric": 7, "metric_back": 8}
    assert from_data({**edges_with("x", 2), "edges": [edge]}, metric="x").links == (Link("0", "1", 2, 3),)


def test_a_near_miss_may_be_the_metric_when_it_is_named() -> None:
    assert from_data(edges_with("Metric", 4), metric="Metric").links == (Link("0", "1", 4),)


def test_out_of_a_lan_the_metric_is_0_under_any_key() -> None:
    data = edges_with("x", 5, 6)
    data["nodes"][1]["kind"] = "lan"
    assert [(link.metric, link.metric_back) for link in from_data(data, metric="x").links] == [(5, 0), (0, 6)]
    there_and_back = [*data["edges"], {"source": "1", "target": "0"}, {"source": "2", "target": "1", "x": 9}]
    directed = {**data, "edges": there_and_back, "directed": True}
    assert [(link.metric, link.metric_back) for link in from_data(directed, metric="x").links] == [(5, 0), (0, 9)]


def test_a_capacity_is_any_key_with_1_over_it() -> None:
    data = edges_with("mbit", 10_000, 1_000, 3_000, 0.001)
    assert [link.metric for link in from_data(data, metric="1/mbit").links] == [1, 10, 3, 65535]
    fast = {"nodes": data["nodes"], "edges": [{**edge, "speed": edge["mbit"]} for edge in data["edges"]]}
    assert [link.metric for link in from_data(fast, metric="1/speed").links] == [1, 10, 3, 65535]


def test_a_network_without_links_has_no_metrics() -> None:
    assert from_data({"nodes": [], "edges": []}, metric="x") == Topology()


def test_a_bundled_network_has_its_metrics() -> None:
    assert load("forum", metric="metric") == load("forum")
    with pytest.raises(BadNetwork, match="forum is a bundled network, whose links have metric, and not 'cost'"):
        load("forum", metric="cost")


# ---- Directions, names, places


def test_undirected_joins_what_has_a_way_back_and_doubles_the_rest() -> None:
    rows = [("a", "b", 4), ("b", "a", 9), ("b", "c", 2)]
    data = {
        "directed": True,
        "nodes": [{"id": name} for name in "abc"],
        "edges": [{"source": a, "target": b, "metric": metric} for a, b, metric in rows],
    }
    assert from_data(data, undirected=True).links == (Link("a", "b", 4, 9), Link("b", "c", 2))


def test_a_form_without_directions_joins_a_link_there_and_back() -> None:
    links = [{"source": "a", "target": "b", "cost": 1}, {"source": "b", "target": "a", "cost": 2}]
    data = {"type": "NetworkGraph", "nodes": [{"id": "a"}, {"id": "b"}], "links": links}
    assert from_data(data, metric="cost").links == (Link("a", "b", 1, 2),)


def test_a_label_names_a_node_where_it_is_its_own(write: Callable[[str], Path]) -> None:
    labels = ["Paris", "None", "None", " New \n York ", "0", "", "\0", None, 5, "8"]
    nodes = [{"id": number, "label": label} for number, label in enumerate(labels)]
    found = read(write(json.dumps({"nodes": nodes, "edges": []})))
    assert [node.name for node in found.topology.nodes] == ["Paris", "1", "2", "New York", *map(str, range(4, 10))]
    assert found.notes == ("4 nodes have labels that are not theirs alone ('None' is one); their ids name them",)
    assert from_json(to_json(found.topology)) == found.topology


def test_gmls_numbers_are_no_names_where_labels_are_other_numbers(write: Callable[[str], Path]) -> None:
    graph = nx.path_graph([3, 2, 1, 0, 7])
    file = write("\n".join(nx.generate_gml(graph)))
    assert list(paths(load(file), "3", "7")) == [("3", "2", "1", "0", "7")]
    doubtful = 'graph [ node [ id 0 label "1" ] node [ id 1 label "1" ] ]'
    assert read(write(doubtful)).topology.routers == ("0", "1")


def test_numbers_in_text_are_places_and_so_are_longitude_and_latitude() -> None:
    nodes = [{"id": "a", "x": "100", "y": "-2.5e1"}, {"id": "b", "x": 3}]
    assert from_data({"nodes": nodes, "edges": []}).nodes == (Node("a", x=100, y=-25.0), Node("b", x=3))
    nodes = [{"id": "a", "longitude": 2, "latitude": "48.5"}, {"id": "b", "longitude": 5}]
    assert from_data({"nodes": nodes, "edges": []}).nodes == (Node("a", x=2, y=-48.5), Node("b", x=5))


@pytest.mark.parametrize("axis", [True, "nan", "", [], 1e300, float("inf")], ids=str)
def test_a_place_that_is_none_is_dropped_and_said(write: Callable[[str], Path], axis: Any) -> None:
    nodes = [{"id": "a", "x": axis, "y": 1}, {"id": "b", "y": axis}]
    found = read(write(json.dumps({"nodes": nodes, "edges": []})))
    assert found.topology.nodes == (Node("a"), Node("b"))
    assert found.notes[0].startswith("no place is read for 2 nodes, as a, whose x is ")


def test_an_address_may_have_the_length_of_one_address() -> None:
    for text, address in (("10.0.0.1/32", "10.0.0.1"), ("2001:db8::1/128", "2001:db8::1")):
        (node,) = from_data({"nodes": [{"id": "a", "loopback": text}], "edges": []}).nodes
        assert str(node.address) == address


# ---- The forms


def graphml(rows: str, keys: str = "") -> str:
    space = "http://graphml.graphdrawing.org/xmlns"
    return f'<graphml xmlns="{space}">{keys}<graph edgedefault="undirected">{rows}</graph></graphml>'


TWO = '<node id="a"/><node id="b"/>'


def test_a_graphml_key_may_have_a_default(write: Callable[[str], Path]) -> None:
    keys = '<key id="d" for="edge" attr.name="metric" attr.type="int"><default>7</default></key>'
    rows = TWO + '<edge source="a" target="b"/><edge source="a" target="b"><data key="d">8</data></edge>'
    assert [link.metric for link in load(write(graphml(rows, keys))).links] == [7, 8]
    many = "".join(keys.replace('"d"', f'"d{number}"') for number in range(51))
    assert "at most 50 keys" in refused(write(graphml(TWO, many)))


def test_an_edge_of_graphml_may_have_a_direction_of_its_own(write: Callable[[str], Path]) -> None:
    rows = TWO + '<edge source="a" target="b" directed="true"/><edge source="a" target="b"/>'
    assert "edge a-b has no edge back" in refused(write(graphml(rows)))
    back = rows + '<edge source="b" target="a" directed="true"/>'
    assert [link.name for link in load(write(graphml(back))).links] == ["a-b#1", "a-b#2"]


def test_yeds_groups_are_read_without_their_frames(write: Callable[[str], Path]) -> None:
    rows = f'<node id="g"><graph>{TWO}<edge source="a" target="b"/></graph></node><node id="c"/>'
    found = read(write(graphml(rows)))
    assert found.topology.routers == ("a", "b", "c")
    assert found.notes == ("a frame around a group of nodes is left out",)
    linked = rows + '<edge source="g" target="c"/>'
    assert read(write(graphml(linked))).topology.routers == ("g", "a", "b", "c")


def test_a_drawing_without_place_and_label_is_no_more(write: Callable[[str], Path]) -> None:
    keys = '<key id="d" for="node" yfiles.type="nodegraphics"/>'
    for drawn in ("<Shape/>", "<Geometry/><NodeLabel> </NodeLabel>"):
        found = load(write(graphml(f'<node id="a"><data key="d"><Node>{drawn}</Node></data></node>', keys)))
        assert found.nodes == (Node("a"),)
    assert load(write(graphml('<node id="a"><data key="d"/></node>', keys))).nodes == (Node("a"),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (graphml(TWO).replace("</graph>", "</graph><graph/>"), "a GraphML file holds one graph, and this has 2"),
        (graphml(TWO, '<key for="node" attr.name="x"/>'), "a key of this GraphML has no id"),
        ("<gexf><graph/><graph/></gexf>", "a GEXF file holds one graph, and this has 2"),
        ('<gexf><graph><edges><edge type="odd"/></edges></graph></gexf>', "an edge has the type 'odd'"),
        ("<svg/>", "this seems to be a picture in SVG"),
        ("<a:b xmlns:a='x'/>", "this seems to be XML whose outermost element is 'b'"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "the file declares the entity 'b'"),
        ("<a>" * 101, "a network has at most 100 elements in one another"),
        ("graph [ ] graph [ ]", "a GML file holds one graph, and this has 2"),
        ("graph [ node 5 ]", "a node of GML is a list of keys in brackets, not 5"),
        ("graph [ node [ ] ]", "node 1 has no id"),
        ("graph [ 5 ]", "this GML has 5 where a key is expected"),
        ("graph [ ] ]", "this GML has ']' where a key is expected"),
        ("graph [ node ]", "this GML has ']' where a key is expected"),
        ("graph [ node [", "this GML ends in the middle"),
        ("graph [ node", "this GML ends in the middle"),
        ("graph [ ?", "this GML cannot be read at '?'"),
        ("graph [ x " + "9" * 500 + " ]", "which is too long"),
        ("graph [ " + "a [ " * 200, "a network has at most 100 lists in one another"),
        ("topology: 5", "this seems to be YAML without containerlab's topology and its nodes"),
        ("topology: {nodes: {a: }, links: 5}", "topology: links is a list, not 5"),
        ("topology: {nodes: {a: }, links: [5]}", "topology: link 1 is an object with endpoints, not 5"),
        ("topology: {nodes: {a: }, links: [{endpoints: [a]}]}", "topology: link 1: endpoints are two"),
        ("topology: {nodes: {a: }, links: [{endpoints: [a, 5]}]}", "topology: link 1: endpoints are two"),
        ("topology: {nodes: {a: }, links: [{}]}", "topology: link 1: endpoints are two"),
        ("topology: {nodes: {a: , a: }}", "an object of this YAML has the key 'a' twice"),
        ("topology: [", "this YAML cannot be read: while parsing"),
        ("topology: 2026-99-99", "this YAML cannot be read: ValueError"),
        ("topology: " + "[" * 5000, "this YAML cannot be read: RecursionError"),
        ("topology: " + "x" * 2_000_001, "a topology in YAML has at most 2,000,000 letters"),
        ('{"nodes": [], "nodes": [], "edges": []}', "an object has the key 'nodes' twice"),
        ("", "the file is empty"),
        ("# nothing\n", "the file holds nothing but comments"),
        ("hostname r1\n", "a router's configuration"),
        ("a,b,5\n", "a table of values"),
        ("a b\nb c\n", "a list of edges"),
        ("something", "this seems to be text of another kind"),
        (b"\x1f\x8b\x08", "this seems to be packed by gzip"),
        (b"\xe9", "is not a text file in UTF-8"),
        ('{"type": "FeatureCollection", "features": []}', "this seems to be GeoJSON"),
        ('{"nodes": [], "links": [], "edges": []}', "the network has edges and links"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told(
    write: Callable[[str | bytes], Path], content: str | bytes, words: str
) -> None:
    assert words in refused(write(content))


def test_gml_says_what_other_forms_say(write: Callable[[str | bytes], Path]) -> None:
    text = """Creator "some
    tool"
    # a comment
    Version 1
    graph [ directed 1 label "x"
      node [ id 1 label "Gen&#232;ve" graphics [ x 10 y 2.5 ] w NAN ]
      node [ id 2 label "Z\xfcrich" graphics 5 ]
      edge [ source 1 target 2 metric 3 ] edge [ source 2 target 1 metric 4 ] ]"""
    for content in (text.encode(), text.encode("latin-1")):
        found = load(write(content))
        assert found.nodes == (Node("Genève", x=10, y=2.5, id="1"), Node("Zürich", id="2"))
        assert found.links == (Link("Genève", "Zürich", 3, 4),)


def test_gexf_says_what_other_forms_say(write: Callable[[str | bytes], Path]) -> None:
    text = """<gexf xmlns:viz="v"><graph defaultedgetype="directed">
    <attributes class="edge"><attribute id="0" title="cost" type="float"><default>2.0</default></attribute></attributes>
    <nodes><node id="a"><viz:position x="1" y="2"/><nodes><node id="b"/></nodes></node></nodes>
    <edges><edge source="a" target="b" weight="9">
    <attvalues><attvalue for="0" value="1.5"/><attvalue for="9"/></attvalues></edge>
    <edge source="b" target="a"/><edge source="b" target="a" type="undirected"/></edges></graph></gexf>"""
    found = read(write(text), metric="cost").topology
    assert [(link.metric, link.metric_back) for link in found.links] == [(3, 4), (4, 4)]
    assert found.nodes == (Node("a", x=1, y=2), Node("b"))
    many = "".join(f'<attribute id="{number}"><default/></attribute>' for number in range(51))
    assert "at most 50 attributes" in refused(
        write(f'<gexf><graph><attributes class="node">{many}</attributes></graph></gexf>')
    )


def test_containerlabs_bridges_are_lans_and_what_leaves_the_lab_is_left_out_and_said(
    write: Callable[[str | bytes], Path],
) -> None:
    text = """name: x
topology:
  nodes: {r1: , r2: {kind: linux}, br: {kind: bridge}}
  links:
    - endpoints: ["r1:eth1", "br:eth1"]
    - {type: veth, endpoints: [{node: r1, interface: eth2}, {node: r2, interface: eth1}], vars: {cost: 4}}
    - endpoints: ["r1:eth3", "host:veth1"]
    - {type: mgmt-net, endpoint: {node: r1, interface: eth4}}
"""
    found = read(write(text))
    assert [(link.a, link.b, link.metric, link.metric_back) for link in found.topology.links] == [
        ("r1", "br", 1, 0),
        ("r1", "r2", 1, 1),
    ]
    assert found.notes[0] == "2 links are left out, as the one to host"


def test_yaml_may_merge_objects_up_to_a_number_of_keys(
    write: Callable[[str | bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "a: &a {kind: linux, x: 1}\nb: &b {<<: *a, x: 2}\ntopology: {nodes: {r1: {<<: *b, x: 3}, r2: *b}}"
    assert load(write(text)).routers == ("r1", "r2")
    monkeypatch.setattr(yaml_text, "MOST_KEYS", 1)
    assert "this YAML has an object of more than 1 keys" in refused(write(text))


def test_netjsons_properties_may_be_the_metric() -> None:
    link = {"source": "a", "target": "b", "cost": 1.0, "properties": {"rtt": 12}}
    data = {"type": "NetworkGraph", "nodes": [{"id": "a"}, {"id": "b"}], "links": [link]}
    assert from_data(data, metric="rtt").links == (Link("a", "b", 12),)


def test_utf_16_is_read_where_xml_says_so(write: Callable[[str | bytes], Path]) -> None:
    text = f'<?xml version="1.0" encoding="UTF-16"?>{graphml(TWO)}'
    assert load(write(text.encode("utf-16"))).routers == ("a", "b")


# ---- Where there is no library, and in a page


def test_xml_parsed_by_somebody_else_is_the_same_network() -> None:
    from xml.etree import ElementTree

    def plain(given: ElementTree.Element) -> dict[str, Any]:
        children = [plain(each) for each in given]
        tag = given.tag.rpartition("}")[2]
        return {"tag": tag, "attributes": dict(given.attrib), "text": given.text or "", "children": children}

    for name, options in (("gephi", {"metric": "ospf_cost"}), ("yed", {"undirected": True})):
        file = CASES / f"{name}.graphml"
        assert from_elements(plain(ElementTree.parse(file).getroot()), **options) == read(file, **options)


@pytest.mark.parametrize(
    "given", [5, {}, {"tag": 5}, {"tag": "a", "attributes": {"x": 1}}, {"tag": "a", "children": 5}]
)
def test_elements_that_are_none_are_refused(given: Any) -> None:
    with pytest.raises(BadNetwork, match="an element "):
        from_elements(given)
    deep: dict[str, Any] = {"tag": "a"}
    for _ in range(200):
        deep = {"tag": "a", "children": [deep]}
    with pytest.raises(BadNetwork, match="at most 100 elements"):
        from_elements(deep)


def test_xml_has_at_most_so_many_elements(monkeypatch: pytest.MonkeyPatch, write: Callable[[str], Path]) -> None:
    monkeypatch.setattr(elements, "MOST", 5)
    assert "at most 100 elements" in refused(write(graphml(TWO * 3)))


def test_without_its_library_a_form_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "yaml", None)
    assert "YAML needs PyYAML, which is not installed: pip install pyyaml" in refused(CASES / "clab.yml")
    monkeypatch.setitem(sys.modules, "xml.parsers.expat", None)
    assert "this Python reads no XML; netlearn.network.from_elements takes" in refused(CASES / "yed.graphml")


def test_reading_json_xml_and_gml_loads_nothing_from_elsewhere() -> None:
    code = f"""
import sys
from pathlib import Path
from netlearn.network import read
for name, metric in (("cost.json", "cost"), ("gephi.graphml", "ospf_cost"), ("z.gml", "weight"), ("g.gexf", None)):
    read(Path({str(CASES)!r}) / name, metric)
print([name for name in ("networkx", "yaml", "lxml", "numpy") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=60)
    assert done.stdout == b"[]\n"


# ---- Every network, in every form


def meaning(whole: Topology) -> Any:
    """What a network says, whatever an id its nodes have beside their names."""
    links = {link.name: {(link.a, link.metric), (link.b, link.metric_back)} for link in whole.links}
    return [replace(node, id=None) for node in whole.nodes], links, whole.announcements


@given(topologies(), st.sampled_from([write_graphml, write_gml, write_gexf]))
def test_every_network_is_the_same_in_every_form_that_is_written(whole: Topology, write: Any) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network"
        write(whole, file)
        found = read(file)
    assert meaning(found.topology) == meaning(whole)


def test_graphml_says_both_directions_and_what_is_announced_and_keeps_a_name_that_looks_like_markup(
    write: Callable[[str], Path],
) -> None:
    strange = '<b onclick="x">&amp;'
    both = [Link(strange, "R2", 3, 5, name="one"), Link("R2", strange)]
    pair = Topology([Node(strange, x=0, y=0), Node("R2", x=1.5, y=2)], both)
    whole = pair.announcing(ip_network("198.51.100.0/24"), "R2", 7)
    text = to_graphml(whole)
    assert read(write(text)).topology == whole
    assert "<b" not in text
    assert text.count("<edge ") == 4


@given(topologies())
def test_graphml_is_written_without_networkx_read_back_as_an_equal_network_and_understood_by_networkx(
    whole: Topology,
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network"
        file.write_text(to_graphml(whole), encoding="utf-8")
        found, judged = read(file), nx.read_graphml(file)
    assert (found.topology, found.form, found.notes) == (whole, "GraphML", ())
    ours = to_networkx(whole)
    edges = [
        sorted(
            (*((a, b) if judged.is_directed() else sorted((a, b))), each["metric"]) for a, b, each in graph.edges.data()
        )
        for graph in (judged, ours)
    ]
    assert edges[0] == edges[1]
    assert {*judged} == {*ours}


@given(topologies())
def test_links_for_edges_and_each_direction_an_edge_are_the_same_network(whole: Topology) -> None:
    data = nx.node_link_data(to_networkx(whole), edges="links")
    assert meaning(from_data(data)) == meaning(whole)
    assert meaning(from_networkx(to_networkx(whole))) == meaning(whole)


names = st.text(string.ascii_letters + "é -", min_size=1).filter(str.strip).map(lambda name: " ".join(name.split()))


@st.composite
def labelled(draw: Any) -> Topology:
    """A network whose nodes have labels beside their ids."""
    labels = draw(st.lists(names, min_size=2, max_size=6, unique=True))
    nodes = [Node(label, id=str(number)) for number, label in enumerate(labels)]
    pairs = draw(st.lists(st.lists(st.sampled_from(labels), min_size=2, max_size=2, unique=True), max_size=6))
    return Topology(nodes, [Link(a, b, name=f"link {number}") for number, (a, b) in enumerate(pairs)])


@given(labelled())
def test_labels_and_ids_are_kept_where_a_form_has_both(whole: Topology) -> None:
    assert from_json(to_json(whole)) == whole
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "network"
        write_graphml(whole, file)
        found = read(file).topology
        assert (found.nodes, meaning(found)) == (whole.nodes, meaning(whole))
        for write in (write_gml, write_gexf):
            write(whole, file)
            assert meaning(read(file).topology) == meaning(whole)
    for node in whole.nodes:
        assert node.id is not None
        assert shortest_paths(whole, node.id) == shortest_paths(whole, node.name)
        assert path_count(whole, node.id, node.name) == 1
        assert list(paths(whole, node.id, node.id)) == [(node.name,)]
        assert converged_fib(whole, node.id) == converged_fib(whole, node.name)


FILES = {file.name: file.read_bytes() for file in sorted(CASES.iterdir())}
TOKENS = (
    "<",
    ">",
    "[",
    "]",
    "{",
    "}",
    '"',
    ":",
    ",",
    "&a;",
    "node",
    "edge",
    "id",
    "graph",
    "\n",
    "- ",
    "*a",
    "&a ",
    "0",
    "-1",
    "1e999",
)


@st.composite
def broken(draw: Any) -> bytes:
    """A file of some form that has been torn, doubled or spoilt in a few places."""
    content: bytes = draw(st.sampled_from(list(FILES.values())))
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted(draw(st.tuples(*[st.integers(0, len(content))] * 2)))
        between = draw(
            st.sampled_from([b"", content[first:last] * 2, *(word.encode() for word in TOKENS)]) | st.binary(max_size=3)
        )
        content = content[:first] + between + content[last:]
    return content


@given(broken(), st.sampled_from([None, "cost", "weight", "1", "1/cost"]), st.booleans())
def test_a_file_that_is_broken_is_a_network_or_one_line(content: bytes, metric: str | None, undirected: bool) -> None:
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(content)
        try:
            found = read(Path(file.name), metric, undirected)
        except NetlearnError as reason:
            assert str(reason).startswith(file.name)  # noqa: PT017  # either answer is fine
            assert "\n" not in str(reason)  # noqa: PT017
        else:
            assert isinstance(found, Reading)
            assert from_json(to_json(found.topology)) == found.topology
