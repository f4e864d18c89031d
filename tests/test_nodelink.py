"""Networks as JSON: what can be left out, what is refused and in which words, and that nothing is lost."""

import json
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import topologies

from netlearn import (
    Announcement,
    BadNetwork,
    Link,
    NetlearnError,
    Node,
    Topology,
    UnknownName,
    from_json,
    load,
    to_json,
)
from netlearn.network.bundled import bundled
from netlearn.network.nodelink import from_data, to_data


def data(*edges, nodes="AB", **more):
    """Node-link data of nodes (names, or whole objects) and edges (`AB`, or whole objects)."""
    return {
        "nodes": [{"id": node} if isinstance(node, str) else node for node in nodes],
        "edges": [{"source": edge[0], "target": edge[1]} if isinstance(edge, str) else edge for edge in edges],
        **more,
    }


def edge(source="A", target="B", **more):
    return {"source": source, "target": target, **more}


def node(name="A", **more):
    return {"id": name, **more}


def test_the_example_of_the_architecture_page_is_read():
    text = """{"nodes": [{"id": "R1", "loopback": "192.0.2.1", "x": 100, "y": 80},
                         {"id": "Source", "kind": "host", "address": "203.0.113.10"}, {"id": "R2"}],
               "edges": [{"source": "Source", "target": "R1"},
                         {"source": "R1", "target": "R2", "metric": 1, "metric_back": 5}]}"""
    assert from_json(text) == Topology(
        [
            Node("R1", "router", ip_address("192.0.2.1"), 100, 80),
            Node("Source", "host", ip_address("203.0.113.10")),
            Node("R2"),
        ],
        [Link("Source", "R1"), Link("R1", "R2", 1, 5)],
    )


def test_prefixes_are_announced_with_and_without_a_metric():
    read = from_data(data(nodes=[node(announces=["203.0.113.1/32", {"prefix": "203.0.113.2/32", "metric": 5}])]))
    assert read.announcements == (
        Announcement(ip_network("203.0.113.1/32"), "A"),
        Announcement(ip_network("203.0.113.2/32"), "A", 5),
    )


def test_what_is_left_out_is_a_router_and_metric_1_both_ways():
    read = from_data(data("AB"))
    assert read == Topology([Node("A"), Node("B")], [Link("A", "B", 1, 1, "A-B")])


def test_the_metric_back_is_the_metric_unless_said():
    assert from_data(data(edge(metric=7))).links == (Link("A", "B", 7, 7),)
    assert from_data(data(edge(metric_back=7))).links == (Link("A", "B", 1, 7),)


def test_null_is_the_same_as_left_out():
    empty = {"kind": None, "announces": None, "loopback": None, "x": None, "y": None}
    assert from_data(data(edge(metric=None, metric_back=None, name=None), nodes=[node(**empty), "B"])) == from_data(
        data("AB")
    )


def test_parallel_links_are_numbered_whichever_way_they_are_written():
    assert [link.name for link in from_data(data("AB", "AB", "BA")).links] == ["A-B#1", "A-B#2", "B-A#3"]


def test_a_number_goes_on_past_a_name_that_is_taken():
    assert [link.name for link in from_data(data("AB", edge(name="A-B#2"), "AB")).links] == ["A-B#1", "A-B#2", "A-B#3"]
    assert [link.name for link in from_data(data("AB", edge(name="A-B"))).links] == ["A-B#1", "A-B"]


def test_different_nodes_whose_names_join_to_the_same_words_get_different_links():
    names = ["A", "B-C", "A-B", "C"]
    read = from_data(data(edge("A", "B-C"), edge("A-B", "C"), nodes=names))
    assert [link.name for link in read.links] == ["A-B-C", "A-B-C#2"]


def test_out_of_a_lan_the_metric_is_0_without_being_said():
    lan = ["A", node("L", kind="lan")]
    for given_edge, expected in ((edge("A", "L", metric=4), (4, 0)), (edge("L", "A", metric_back=4), (0, 4))):
        (link,) = from_data(data(given_edge, nodes=lan)).links
        assert (link.metric, link.metric_back) == expected
    (link,) = from_data(data(edge("L", "A"), nodes=lan)).links
    assert (link.metric, link.metric_back) == (0, 1)


def test_in_a_directed_network_each_direction_is_an_edge():
    read = from_data(data(edge("A", "B", metric=2), edge("B", "A", metric=3), directed=True))
    assert read.links == (Link("A", "B", 2, 3),)


def test_in_a_directed_network_an_edge_that_says_no_metric_has_the_plain_one():
    lan = ["A", node("L", kind="lan")]
    assert from_data(data(edge("A", "L", metric=7), edge("L", "A"), nodes=lan, directed=True)).links == (
        Link("A", "L", 7, 0),
    )
    assert from_data(data(edge(metric=7), edge("B", "A", metric=None), directed=True)).links == (Link("A", "B", 7, 1),)


def test_parallel_directed_edges_find_each_other_by_name_or_else_by_order():
    named = [edge(name="x", metric=1), edge(name="y", metric=2), edge("B", "A", name="y", metric=3)]
    last = edge("B", "A", name="x", metric=4)
    assert set(from_data(data(*named, last, directed=True)).links) == {
        Link("A", "B", 1, 4, "x"),
        Link("A", "B", 2, 3, "y"),
    }
    unnamed = [edge(metric=1), edge(metric=2), edge("B", "A", metric=3), edge("B", "A", metric=4)]
    assert [(link.metric, link.metric_back) for link in from_data(data(*unnamed, directed=True)).links] == [
        (1, 3),
        (2, 4),
    ]


def test_whole_numbers_are_names_too():
    assert from_data(data(edge(1, 2), nodes=[node(1), node(2)])).links == (Link("1", "2"),)


def test_keys_of_other_tools_are_ignored():
    others = {"Country": "Greece", "type": "Green Node", "degree": 3}
    keys = {"key": 0, "delay": 12.5, "ecmp_fwd": {}, "LinkSpeed": "10", "id": "e1"}
    assert from_data(data(edge(**keys), nodes=[node(**others), "B"], multigraph=True, graph={}, name="x")) == from_data(
        data("AB")
    )


def test_an_empty_network_is_a_network():
    assert from_data(data(nodes=[])) == Topology()


def test_writing_leaves_out_what_has_its_plain_meaning():
    assert to_data(from_data(data("AB"))) == data("AB")
    plain = Topology([Node("A"), Node("L", "lan")], [Link("A", "L", 3, 0)])
    assert to_data(plain)["edges"] == [edge("A", "L", metric=3, metric_back=0)]


# ---- Files


def test_a_bundled_network_is_loaded_by_its_name_and_a_file_by_its_path(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(to_json(load("forum")), encoding="utf-8")
    assert load(file) == load(str(file)) == load("forum")


def test_a_file_may_begin_with_the_mark_that_windows_editors_write(tmp_path):
    file = tmp_path / "windows.json"
    file.write_text(to_json(load("forum")), encoding="utf-8-sig")
    assert load(file) == load("forum")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "{file}: the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff", "{file} is not a text file in UTF-8"),
        ('{"nodes": []}'.encode("utf-16"), "{file} is not a text file in UTF-8"),
        (b'{"nodes": [}', "{file}: this is not JSON: Expecting value: line 1 column 12 (char 11)"),
        (b'{"nodes": []}', "{file}: the network has no 'edges'; its keys are 'nodes'"),
        (
            b'{"nodes": [{"id": "A"}], "edges": [{"source": "A", "target": "B"}]}',
            "{file}: edge A-B: its target 'B' is no node; the nodes are A",
        ),
    ],
)
def test_a_file_that_holds_no_network_is_an_error_that_names_the_file(tmp_path, content, message):
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    with pytest.raises(BadNetwork) as refused:
        load(file)
    assert str(refused.value) == message.format(file=file)


def test_what_is_no_file_is_an_error_that_says_what_there_is(tmp_path):
    with pytest.raises(UnknownName) as refused:
        load("forun")
    assert str(refused.value) == "forun is neither a bundled network (forum) nor a file; did you mean forum?"
    with pytest.raises(BadNetwork, match=f"{tmp_path} cannot be read: Is a directory"):
        load(tmp_path)
    with pytest.raises(BadNetwork, match="cannot be read: File name too long"):
        load("x" * 5000)
    with pytest.raises(UnknownName, match="is no file's name: embedded null byte"):
        load("a\0b")
    with pytest.raises(UnknownName, match=r"^'' is neither a bundled network"):
        load("")


# ---- What is refused, and in which words

REFUSED = {
    "a list": ([], "a network is an object with nodes and edges, not []"),
    "nothing": (None, "a network is an object with nodes and edges, not None"),
    "no nodes": ({"edges": []}, "the network has no 'nodes'; its keys are 'edges'"),
    "edges and links": (
        {"nodes": [], "links": [], "edges": []},
        "the network has edges and links; one of them is the list of its links",
    ),
    "node for nodes": ({"node": [], "edges": []}, "the network has the key 'node'; did you mean 'nodes'?"),
    "nodes that are no list": ({"nodes": {}, "edges": []}, "nodes is a list of objects, not {}"),
    "an id of null": (data(nodes=[node(None, x=1)]), "node 1 has no id; its keys are 'x'"),
    "a node that is a name": ({"nodes": ["A"], "edges": []}, "nodes, number 1: an object is expected, not 'A'"),
    "an edge that is a pair": (
        data(["A", "B"]) | {"edges": [["A", "B"]]},
        "edges, number 1: an object is expected, not ['A', 'B']",
    ),
    "a node without id": (data(nodes=[{"name": "A"}]), "node 1 has no id; its keys are 'name'"),
    "Id for id": (data(nodes=[{"Id": "A"}]), "node 1 has the key 'Id'; did you mean 'id'?"),
    "an id of true": (data(nodes=[node(True)]), "node 1: id is a name, not True"),
    "an id of 1.5": (data(nodes=[node(1.5)]), "node 1: id is a name, not 1.5"),
    "an empty id": (data(nodes=[node("")]), "node 1: id is a word that can be printed, not ''"),
    "an id of two lines": (data(nodes=[node("A\nB")]), r"node 1: id is a word that can be printed, not 'A\nB'"),
    "an id twice": (data(nodes=[node(1), node("1")]), "two nodes have the name '1'; a name is one node's"),
    "a kind that is none": (
        data(nodes=[node(kind="switch")]),
        "A has the kind 'switch'; possible are router, host, lan",
    ),
    "an address that is none": (
        data(nodes=[node(loopback="192.0.2.256")]),
        "node A, loopback: '192.0.2.256' is not an IP address such as 192.0.2.1 or 2001:db8::1",
    ),
    "a prefix as an address": (
        data(nodes=[node(address="192.0.2.1/24", kind="host")]),
        "node A, address: '192.0.2.1/24' is not an IP address such as 192.0.2.1 or 2001:db8::1",
    ),
    "an address as a number": (
        data(nodes=[node(loopback=3221225985)]),
        "node A, loopback: 3221225985 is not an IP address such as 192.0.2.1 or 2001:db8::1",
    ),
    "a loopback and an address": (
        data(nodes=[node(loopback="192.0.2.1", address="192.0.2.1")]),
        "node A has a loopback and an address; a router has the one, a host the other",
    ),
    "a host's loopback": (
        data(nodes=[node(kind="host", loopback="192.0.2.1")]),
        "node A: a loopback is a router's, and this is a host; say address",
    ),
    "an address twice": (
        data(nodes=[node(loopback="192.0.2.1"), node("B", loopback="192.0.2.1")]),
        "A and B both have the address 192.0.2.1;"
        " an address of several nodes is anycast, and each of them announces it",
    ),
    "an announced text": (
        data(nodes=[node(announces="192.0.2.0/24")]),
        "node A, announces: a list of prefixes is expected, not '192.0.2.0/24'",
    ),
    "an announced prefix with bits too many": (
        data(nodes=[node(announces=["192.0.2.1/24"])]),
        "node A, announces: 192.0.2.1/24 has bits beyond its length; the prefix is 192.0.2.0/24",
    ),
    "an announced prefix that is none": (
        data(nodes=[node(announces=[{"metric": 1}])]),
        "node A, announces: None is not a prefix such as 203.0.113.0/24 or 2001:db8::/64",
    ),
    "an announced metric that is none": (
        data(nodes=[node(announces=[{"prefix": "::/0", "metric": "5"}])]),
        "what A announces: the metric is a whole number from 0 to 65535, not '5'",
    ),
    "prefixes for prefix": (
        data(nodes=[node(announces=[{"prefixes": "::/0"}])]),
        "node A, announces has the key 'prefixes'; did you mean 'prefix'?",
    ),
    "loopbak for loopback": (
        data(nodes=[node(loopbak="192.0.2.1")]),
        "node A has the key 'loopbak'; did you mean 'loopback'?",
    ),
    "an edge to nowhere": (
        data(edge("A", "Rooter"), nodes=["A", "Router"]),
        "edge A-Rooter: its target 'Rooter' is no node; the nodes are A, Router; did you mean Router?",
    ),
    "an edge without target": (
        data({"source": "A", "to": "B"}),
        "edge 1 has no target; its keys are 'source', 'to'",
    ),
    "metrics for metric": (data(edge(metrics=5)), "edge A-B has the key 'metrics'; did you mean 'metric'?"),
    "Metric for metric": (data(edge(Metric=5)), "edge A-B has the key 'Metric'; did you mean 'metric'?"),
    "metricback for metric_back": (
        data(edge(metricback=5)),
        "edge A-B has the key 'metricback'; did you mean 'metric_back'?",
    ),
    "metric 0": (data(edge(metric=0)), "link A-B, A to B: the metric is from 1 to 65535, not 0"),
    "metric 65536": (data(edge(metric=65536)), "link A-B, A to B: the metric is from 1 to 65535, not 65536"),
    "metric -1 back": (data(edge(metric_back=-1)), "link A-B, B to A: the metric is from 1 to 65535, not -1"),
    "metric 1.5": (data(edge(metric=1.5)), "link A-B, A to B: the metric is a whole number from 1 to 65535, not 1.5"),
    "metric NaN": (
        data(edge(metric=float("nan"))),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not nan",
    ),
    "metric true": (
        data(edge(metric=True)),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not True",
    ),
    "metric '1'": (data(edge(metric="1")), "link A-B, A to B: the metric is a whole number from 1 to 65535, not '1'"),
    "a link name that is a number": (data(edge(name=5)), "edge A-B: the name is a word that can be printed, not 5"),
    "a link name twice": (
        data(edge(name="x"), edge(name="x")),
        "two links have the name 'x': A to B and A to B; give parallel links different names",
    ),
    "a metric out of a LAN": (
        data(edge("L", "A", metric=2), nodes=["A", node("L", kind="lan")]),
        "link L-A: out of the LAN L the metric is always 0, not 2",
    ),
    "two LANs": (
        data("LM", nodes=[node("L", kind="lan"), node("M", kind="lan")]),
        "link L-M joins two LANs; between LANs stands a router",
    ),
    "a direction without its way back": (
        data("AB", directed=True),
        "edge A-B has no edge back; a link can be used in both directions;"
        " if that is meant, say --undirected (in Python undirected=True)",
    ),
    "a directed metric_back": (
        data(edge(metric_back=2), "BA", directed=True),
        "edge A-B: in a directed network the way back is an edge of its own, not a metric_back",
    ),
    "directed as a text": (data("AB", directed="yes"), "directed is true or false, not 'yes'"),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_refused_with_where_it_is_what_was_given_and_what_was_possible(mistake):
    given_data, message = REFUSED[mistake]
    with pytest.raises(BadNetwork) as refused:
        from_data(given_data)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"nodes":' * 100_000,
        *('{"nodes": [{"id": ' + "[" * deep + "]" * deep + '}], "edges": []}' for deep in range(100, 1000, 50)),
        *(
            '{"nodes": [{"id": "A", "kind": ' + '{"a":' * deep + "1" + "}" * deep + '}], "edges": []}'
            for deep in (400, 900)
        ),
        '{"nodes": [{"id": ' + "1" * 5000 + '}], "edges": []}',
        '{"nodes": [{"id": ' + "1" * 4000 + '}], "edges": []}',
        '{"nodes": [{"id": "' + "R" * 5000 + '", "kind": "' + "x" * 5000 + '"}], "edges": []}',
        '{"nodes": [{"id": "A", "kind": "' + "x" * 5000 + '"}], "edges": []}',
        '{"nodes": [{"id": "\\ud800"}], "edges": []}',
        '{"nodes": NaN, "edges": -Infinity}',
        "\ufeff{}",
        "{}{}",
        "nul",
    ],
)
def test_even_hostile_text_is_refused_in_one_line(text):
    with pytest.raises(BadNetwork) as refused:
        from_json(text)
    assert "\n" not in str(refused.value)


# ---- What holds for every network, and for every JSON

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["A", "lan", "host"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def shape(row):
    """Objects with our keys and any values, the right ones among them."""
    return st.fixed_dictionaries({}, optional={key: value | json_values for key, value in row.items()})


names = st.sampled_from(["A", "B", "C", 1])
nodes = shape(
    {
        "id": names,
        "kind": st.sampled_from(["router", "host", "lan"]),
        "loopback": st.just("192.0.2.1"),
        "address": st.just("192.0.2.2"),
        "announces": st.lists(shape({"prefix": st.just("::/0"), "metric": st.integers(0, 9)}) | st.just("10.0.0.0/8")),
        "x": st.integers(),
        "nodes": st.none(),
    }
)
edges = shape(
    {"source": names, "target": names, "metric": st.integers(0, 9), "metric_back": st.integers(0, 9), "name": names}
)
anything_like_a_network = shape(
    {"nodes": st.lists(nodes, max_size=4), "edges": st.lists(edges, max_size=4), "directed": st.booleans()}
)


@given(json_values | anything_like_a_network)
def test_any_json_is_a_network_that_survives_writing_or_an_error_of_one_line(value):
    text = json.dumps(value)
    try:
        read = from_json(text)
    except NetlearnError as reason:
        assert "\n" not in str(reason)  # noqa: PT017  # either answer is fine
    else:
        assert from_json(to_json(read)) == read


@given(topologies())
def test_a_network_that_is_written_and_read_again_is_equal(whole):
    assert from_json(to_json(whole)) == whole


@given(topologies())
def test_writing_is_plain_json_and_the_same_each_time(whole):
    assert json.loads(to_json(whole)) == to_data(from_json(to_json(whole)))
    assert to_json(from_json(to_json(whole))) == to_json(whole)


def test_a_bundled_network_that_is_none_is_told_with_those_that_are():
    with pytest.raises(UnknownName, match="there is no bundled network 'form'; there are forum"):
        bundled("form")
