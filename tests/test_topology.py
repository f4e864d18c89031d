"""A network is a value: what it can be, what is refused and in which words, and what a failure leaves of it."""

import pickle
from dataclasses import FrozenInstanceError, replace
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import networks, topology

from netlearn import (
    CASE_1,
    AmbiguousLink,
    Announcement,
    BadNetwork,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Topology,
    UnknownName,
    compute_rib,
    forum,
    keep_session,
    shares,
    shortest_paths,
    simulate,
)
from netlearn.network.parts import Kind


def net(*links, hosts=(), lans=()):
    """A topology of these links between routers, hosts and LANs."""
    names = dict.fromkeys(end for link in links for end in (link.a, link.b))
    kinds: dict[str, Kind] = {name: "host" if name in hosts else "lan" if name in lans else "router" for name in names}
    return Topology([Node(name, kind) for name, kind in kinds.items()], links)


def test_the_forum_network_is_the_one_that_was_drawn():
    assert forum().hosts == {"Source", "End"}
    assert forum().routers == ("R1", "R2", "R3", "R4", "R5", "R6", "R7")
    assert " ".join(link.name for link in forum().links) == (
        "Source-R1 R1-R2 R2-End R1-R3 R3-R4 R4-End R1-R5 R5-R6 R6-R7 R7-End R2-R4 R2-R6 R2-R7"
    )
    assert {(link.metric, link.metric_back) for link in forum().links} == {(1, 1)}


def test_a_failure_makes_another_network_and_leaves_the_first_as_it_is():
    before = forum()
    after = before.without(LinkDown("R2-End"))
    assert before == forum()
    assert not after.has_link("R2-End")
    assert len(after.links) == len(before.links) - 1


def test_a_node_that_is_down_takes_its_links_and_announcements_with_it():
    anycast = Topology(forum().nodes, forum().links, [Announcement(ip_network("203.0.113.1/32"), "R4")])
    after = anycast.without(NodeDown("R4"))
    assert not after.has_node("R4")
    assert not [link for link in after.links if "R4" in (link.a, link.b)]
    assert after.announcements == ()


def test_nothing_can_be_changed_in_place():
    with pytest.raises(FrozenInstanceError):
        forum().links = ()  # type: ignore[misc]


def test_the_same_network_is_equal_has_the_same_hash_and_survives_pickling():
    assert forum() == forum()
    assert hash(forum()) == hash(forum())
    assert pickle.loads(pickle.dumps(forum())) == forum()


def test_a_link_is_named_after_its_ends_and_has_the_same_metric_back_unless_it_says_otherwise():
    assert Link("A", "B", 7) == Link("A", "B", 7, 7, "A-B")


def test_a_link_knows_its_far_end_and_the_metric_from_each_end():
    link = Link("A", "B", 2, 3)
    assert (link.other("A"), link.other("B")) == ("B", "A")
    assert (link.metric_from("A"), link.metric_from("B")) == (2, 3)


def test_links_between_two_nodes_are_found_from_either_end():
    parallel = net(Link("A", "B"), Link("B", "A", name="second"))
    assert [link.name for link in parallel.links_between("A", "B")] == ["A-B", "second"]
    assert parallel.links_between("B", "A") == parallel.links_between("A", "B")


def test_another_metric_is_set_in_the_direction_that_leaves_the_given_node():
    changed = forum().with_metric("R1-R2", "R2", 9).link("R1-R2")
    assert (changed.metric, changed.metric_back) == (1, 9)


def test_a_nodes_own_address_is_announced_at_metric_0_before_what_it_announces_beside():
    prefix = ip_network("203.0.113.0/24")
    node = Node("A", address=ip_address("192.0.2.1"))
    assert Topology([node], announcements=[Announcement(prefix, "A", 5)]).announced == (
        Announcement(ip_network("192.0.2.1/32"), "A", 0),
        Announcement(prefix, "A", 5),
    )


def test_every_router_and_host_without_an_address_can_be_given_one_that_is_free():
    taken = Node("B", address=ip_address("2001:db8::1"))
    mixed = Topology([Node("A"), taken, Node("H", "host"), Node("LAN", "lan")])
    assert [str(node.address) for node in mixed.addressed().nodes] == [
        "2001:db8::2",
        "2001:db8::1",
        "2001:db8::3",
        "None",
    ]
    assert forum().addressed() == forum()


def test_an_address_that_is_given_is_nobodys_announced_one():
    anycast = Topology([Node("A"), Node("B")], announcements=[Announcement(ip_network("2001:db8::1/128"), "B")])
    assert [str(node.address) for node in anycast.addressed().nodes] == ["2001:db8::2", "2001:db8::3"]


# ---- A link by the words that a person would use


def test_a_link_is_found_by_its_name_and_by_its_ends_either_way_round():
    assert forum().find_links("R2-End") == forum().find_links("End-R2") == (forum().link("R2-End"),)


def test_two_ends_mean_every_link_between_them():
    parallel = net(Link("A", "B", name="upper"), Link("A", "B", name="lower"))
    assert [link.name for link in parallel.find_links("A-B")] == ["upper", "lower"]


def test_a_name_goes_before_the_links_between_two_ends():
    named = net(Link("A", "B", name="x"), Link("C", "D", name="A-B"))
    assert [link.name for link in named.find_links("A-B")] == ["A-B"]
    assert [link.name for link in named.find_links("B-A")] == ["x"]


def test_one_of_several_links_is_found_by_its_number_either_way_round():
    parallel = net(Link("A", "B", name="A-B#1"), Link("A", "B", name="A-B#2"))
    for words in ("A-B#2", "B-A#2"):
        assert [link.name for link in parallel.find_links(words)] == ["A-B#2"]
    with pytest.raises(UnknownName, match="A has no link to B#3, and there is no node B#3; its links go to B"):
        parallel.find_links("A-B#3")


def test_a_node_is_found_by_its_id_too_and_told_by_its_name():
    whole = Topology([Node("Lyon", id="0"), Node("Paris", id="1")], [Link("Lyon", "Paris")])
    assert whole.node("0") == whole.node("Lyon")
    assert whole.has_node("1")
    assert whole.find_links("1-0") == whole.links_between("0", "1") == whole.links
    assert whole.arcs("0")[0].neighbour == "Paris"
    assert whole.without(NodeDown("0")).nodes == (Node("Paris", id="1"),)
    announcing = whole.announcing(ip_network("192.0.2.1"), "0")
    assert announcing.announcements[0].node == "Lyon"
    assert announcing.announcing(ip_network("192.0.2.1"), "0", 5).announcements[0].metric == 5
    assert len(announcing.announcing(ip_network("192.0.2.1"), "0", 5).announcements) == 1
    assert announcing.withdrawing(ip_network("192.0.2.1"), "0").announcements == ()
    assert whole.with_metric("Lyon-Paris", "1", 4).links[0].metric_back == 4


def test_whoever_is_asked_by_id_answers_as_by_name():
    named = forum()
    whole = replace(named, nodes=tuple(replace(node, id=f"id {node.name}") for node in named.nodes))
    trace = simulate(whole, CASE_1)
    for ask in (
        lambda called: shares(whole, called("Source"), called("End")),
        lambda called: compute_rib(whole, called("R1")),
        lambda called: keep_session(trace, called("R1"), called("R2")),
        lambda called: trace.first(called("R1")),
        lambda called: trace.heard(called("R2")),
    ):
        assert ask(lambda name: f"id {name}") == ask(str)


def test_an_id_that_says_nothing_more_is_dropped():
    assert Node("Lyon", id="Lyon").id is None


def test_words_that_begin_with_no_node_are_no_link():
    with pytest.raises(UnknownName, match="there is no link 'X-R1'; the links are R1-R2, "):
        forum().find_links("X-R1")


def test_an_id_is_one_nodes():
    with pytest.raises(BadNetwork, match="two nodes have the id or the name 'Paris'; it is one node's"):
        Topology([Node("Lyon", id="Paris"), Node("Paris")])


def test_node_names_with_a_hyphen_are_found_too():
    assert net(Link("A-B", "C-D", name="x")).find_links("C-D-A-B")[0].name == "x"


@pytest.mark.parametrize(
    ("network", "words", "message"),
    [
        (
            net(Link("A-B", "C", name="x"), Link("A", "B-C", name="y")),
            "A-B-C",
            "'A-B-C' can mean every link between A and B-C (y) or every link between A-B and C (x);"
            " give the links names of their own",
        ),
    ],
)
def test_words_that_mean_two_different_things_are_an_error_that_says_both(network, words, message):
    with pytest.raises(AmbiguousLink) as refused:
        network.find_links(words)
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("R1-R4", "R1 has no link to R4; its links go to R2, R3, R5, Source"),
        ("R1-R9", "R1 has no link to R9, and there is no node R9; its links go to R2, R3, R5, Source"),
        ("R2-end", "R2 has no link to end, and there is no node end; its links go to End, R1, R4, R6, R7"),
        (
            "R2End",
            "there is no link 'R2End'; the links are R1-R2, R1-R3, R1-R5, R2-End, R2-R4, R2-R6, R2-R7, R3-R4, R4-End,"
            " R5-R6, R6-R7, R7-End and 1 more; did you mean R2-End?",
        ),
        (
            "",
            "there is no link ''; the links are R1-R2, R1-R3, R1-R5, R2-End, R2-R4, R2-R6, R2-R7,"
            " R3-R4, R4-End, R5-R6, R6-R7, R7-End and 1 more",
        ),
    ],
)
def test_words_for_no_link_are_an_error_that_says_where_the_nodes_links_go(words, message):
    with pytest.raises(UnknownName) as refused:
        forum().find_links(words)
    assert str(refused.value) == message


# ---- What is refused, and in which words

A, B, L, M = Node("A"), Node("B"), Node("L", "lan"), Node("M", "lan")
ADDRESS, PREFIX = ip_address("192.0.2.1"), ip_network("192.0.2.0/24")

REFUSED = {
    "a name that is empty": (lambda: Node(""), "a node's name is a word that can be printed, not ''"),
    "a name that is blank": (lambda: Node("  "), "a node's name is a word that can be printed, not '  '"),
    "a name of two lines": (lambda: Node("R1\nR2"), r"a node's name is a word that can be printed, not 'R1\nR2'"),
    "a name that colours the terminal": (
        lambda: Node("\x1b[31m"),
        r"a node's name is a word that can be printed, not '\x1b[31m'",
    ),
    "a name that is half a letter": (
        lambda: Node("\ud800"),
        r"a node's name is a word that can be printed, not '\ud800'",
    ),
    "a name that is a number": (lambda: Node(1), "a node's name is a word that can be printed, not 1"),  # type: ignore[arg-type]
    "a kind that is none": (lambda: Node("A", "switch"), "A has the kind 'switch'; possible are router, host, lan"),  # type: ignore[arg-type]
    "a LAN with an address": (
        lambda: Node("L", "lan", ADDRESS),
        "L is a LAN and has no address of its own, yet it was given 192.0.2.1",
    ),
    "an address that is a text": (
        lambda: Node("A", address="192.0.2.1"),  # type: ignore[arg-type]
        "A has the address '192.0.2.1'; an ipaddress.ip_address is expected",
    ),
    "a place that is no number": (
        lambda: Node("A", x=float("nan")),
        "A: x is a place in the drawing, a number, not nan",
    ),
    "a link to itself": (lambda: Link("A", "A"), "link A-A joins A to itself; a link has two different ends"),
    "a link without a name": (
        lambda: Link("A", "B", name=""),
        "the name of a link between A and B is a word that can be printed, not ''",
    ),
    "metric 0": (
        lambda: Topology([A, B], [Link("A", "B", 0)]),
        "link A-B, A to B: the metric is from 1 to 65535, not 0",
    ),
    "metric 0 on the way back": (
        lambda: Topology([A, B], [Link("A", "B", 1, 0)]),
        "link A-B, B to A: the metric is from 1 to 65535, not 0",
    ),
    "metric 65536": (lambda: Link("A", "B", 65536), "link A-B, A to B: the metric is from 1 to 65535, not 65536"),
    "metric -1": (lambda: Link("A", "B", 1, -1), "link A-B, B to A: the metric is from 1 to 65535, not -1"),
    "metric 1.5": (
        lambda: Link("A", "B", 1.5),  # type: ignore[arg-type]
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not 1.5",
    ),
    "metric 1.0": (
        lambda: Link("A", "B", 1.0),  # type: ignore[arg-type]
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not 1.0",
    ),
    "metric True": (
        lambda: Link("A", "B", True),
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not True",
    ),
    "metric '1'": (
        lambda: Link("A", "B", "1"),  # type: ignore[arg-type]
        "link A-B, A to B: the metric is a whole number from 1 to 65535, not '1'",
    ),
    "a metric of 5000 digits": (
        lambda: Link("A", "B", 10**5000),
        "link A-B, A to B: the metric is from 1 to 65535, not a number of about 4983 digits",
    ),
    "two nodes of one name": (lambda: Topology([A, A]), "two nodes have the name 'A'; a name is one node's"),
    "two nodes of one address": (
        lambda: Topology([Node("A", address=ADDRESS), Node("B", address=ADDRESS)]),
        "A and B both have the address 192.0.2.1;"
        " an address of several nodes is anycast, and each of them announces it",
    ),
    "two links of one name": (
        lambda: Topology([A, B], [Link("A", "B"), Link("B", "A", name="A-B")]),
        "two links have the name 'A-B': A to B and B to A; give parallel links different names",
    ),
    "a link that ends nowhere": (
        lambda: Topology([A, Node("Router7")], [Link("A", "Router8")]),
        "link A-Router8 ends at 'Router8', which is no node; the nodes are A, Router7; did you mean Router7?",
    ),
    "a link between LANs": (
        lambda: Topology([L, M], [Link("L", "M", 0)]),
        "link L-M joins two LANs; between LANs stands a router",
    ),
    "a metric out of a LAN": (
        lambda: Topology([A, L], [Link("A", "L", 1)]),
        "link A-L: out of the LAN L the metric is always 0, not 1",
    ),
    "metric 0 into a LAN": (
        lambda: Topology([A, L], [Link("L", "A", 0)]),
        "link L-A, A to L: the metric is from 1 to 65535, not 0",
    ),
    "a LAN that announces": (
        lambda: Topology([L], announcements=[Announcement(PREFIX, "L")]),
        "L is a LAN and announces nothing; the routers on it do",
    ),
    "an announcement by nobody": (
        lambda: Topology([A], announcements=[Announcement(PREFIX, "B")]),
        "there is no node 'B'; the nodes are A",
    ),
    "an announced text": (
        lambda: Announcement("192.0.2.0/24", "A"),  # type: ignore[arg-type]
        "A announces '192.0.2.0/24'; an ipaddress.ip_network is expected",
    ),
    "an announced metric of -1": (
        lambda: Announcement(PREFIX, "A", -1),
        "what A announces: the metric is from 0 to 65535, not -1",
    ),
    "a node that is not there": (
        lambda: forum().node("Sources"),
        "there is no node 'Sources'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source; did you mean Source?",
    ),
    "a node of an empty network": (lambda: Topology().node("A"), "there is no node 'A'; the nodes are none"),
    "a failure of a link that is not there": (
        lambda: net(Link("A", "B")).without(LinkDown("B-A")),
        "there is no link 'B-A'; the links are A-B",
    ),
    "a failure of a node that is not there": (
        lambda: net(Link("A", "B")).without(NodeDown("C")),
        "there is no node 'C'; the nodes are A, B",
    ),
    "a failure in words": (
        lambda: forum().without("R2-End"),  # type: ignore[arg-type]
        "a failure is LinkDown(...) or NodeDown(...), not 'R2-End'",
    ),
    "another metric from a node that is not at the link": (
        lambda: forum().with_metric("R1-R2", "R3", 2),
        "link R1-R2 does not end at R3; its ends are R1 and R2",
    ),
    "shortest paths from nowhere": (
        lambda: shortest_paths(net(Link("A", "B")), "C"),
        "there is no node 'C'; the nodes are A, B",
    ),
}


@pytest.mark.parametrize("mistake", REFUSED)
def test_a_mistake_is_refused_with_who_what_was_given_and_what_was_possible(mistake):
    make, message = REFUSED[mistake]
    with pytest.raises(NetlearnError) as refused:
        make()
    assert str(refused.value) == message


def test_a_bad_network_is_a_value_error_for_those_who_catch_only_that():
    with pytest.raises(ValueError, match="metric"):
        Link("A", "B", 0.5)  # type: ignore[arg-type]
    assert issubclass(BadNetwork, NetlearnError)


# ---- What holds for every network


@given(networks(), st.data())
def test_failures_in_any_order_and_at_once_leave_the_same(plain, data):
    names = [NodeDown(name) for name in plain.kinds] + [LinkDown(link.name) for link in plain.links]
    failures = data.draw(st.lists(st.sampled_from(names), max_size=4, unique=True))
    links_first = sorted(failures, key=lambda failure: isinstance(failure, NodeDown))
    one_by_one = topology(plain)
    for failure in links_first:
        one_by_one = one_by_one.without(failure)
    assert topology(plain).without(*failures) == one_by_one


@given(networks())
def test_every_link_leaves_both_of_its_ends_once(plain):
    whole = topology(plain)
    seen = sorted((node.name, *arc) for node in whole.nodes for arc in whole.arcs(node.name))
    out = [(link.a, link.b, link.out, link.name) for link in plain.links]
    back = [(link.b, link.a, link.back, link.name) for link in plain.links]
    assert seen == sorted(out + back)


@given(networks())
def test_every_link_is_found_by_its_name(plain):
    whole = topology(plain)
    for link in plain.links:
        assert [found.name for found in whole.find_links(link.name)] == [link.name]
