"""Every failure at once: what is counted is what one finds who computes all paths anew after each failure."""

import json
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import judge
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Plain, networks, topology
from test_allpairs import ODD, far

from netlearn import Link, LinkDown, Node, NodeDown, Topology, forum, paths, shortest_paths
from netlearn.cli.main import main
from netlearn.failures import Demand, Failed, sweep
from netlearn.failures.affected import Before
from netlearn.network import Failure
from netlearn.routing import all_pairs


def failures_of(found: Failed, network: Topology) -> list[Failure]:
    """What was tried, of a network in which no link has a node's name."""
    return [LinkDown(name) if network.has_link(name) else NodeDown(name) for name in found.failed]


def anew(network: Topology, failures: Sequence[Failure]) -> tuple[int, ...]:
    """Pairs lost, changed and longer, by how much at most and in all: by SPF and all of its paths, before and after."""
    after = network.without(*failures)
    up = [node.name for node in after.nodes if node.kind != "lan"]
    lost, changed, grown = 0, 0, []
    for root in up:
        old, new = shortest_paths(network, root).distance, shortest_paths(after, root).distance
        for node in up:
            lost += node in old and node not in new
            another = [*paths(network, root, node)] != [*paths(after, root, node)]
            changed += another or old.get(node) != new.get(node)  # over a longer one of parallel links the same nodes
            grown += [new[node] - old[node]] if node in new and new[node] > old[node] else []
    return lost, changed, len(grown), max(grown, default=0), sum(grown)


def told(found: Failed) -> tuple[int, ...]:
    return found.lost, found.changed, found.longer, found.most, found.total


def test_without_the_cable_r2_end_ten_pairs_change_their_way_and_six_of_them_are_longer() -> None:
    found = {each.failed: each for each in sweep(forum()).failures}["R2-End",]
    assert found == Failed(("R2-End",), "link", lost=0, changed=10, longer=6, most=1, total=6)


def test_failures_stand_in_the_order_of_links_then_nodes_then_pairs() -> None:
    network = Topology([Node("B"), Node("A")], [Link("B", "A")])
    found = sweep(network, pairs=True).failures
    assert [(each.kind, *each.failed) for each in found] == [
        ("link", "B-A"), ("node", "B"), ("node", "A"), ("pair", "B-A", "B"), ("pair", "B-A", "A"), ("pair", "B", "A"),
    ]  # fmt: skip
    assert [each.kind for each in sweep(network, nodes=False).failures] == ["link"]
    assert [each.kind for each in sweep(network, links=False).failures] == ["node", "node"]
    assert sweep(network, links=False, nodes=False).failures == ()


def test_a_single_point_is_a_single_failure_that_leaves_some_pair_without_a_path() -> None:
    assert sweep(forum(), pairs=True).single_points == ("Source-R1", "R1")


@pytest.mark.parametrize("times", [1, 1000])
@pytest.mark.parametrize("network", [forum(), ODD], ids=["forum", "odd"])
def test_what_a_sweep_counts_is_what_is_found_anew(network: Topology, times: int) -> None:
    network = far(network, times)
    for found in sweep(network, pairs=network.nodes[0].name == "A" and times == 1).failures:
        assert told(found) == anew(network, failures_of(found, network)), found


def test_one_of_two_equal_parallel_links_changes_no_path() -> None:
    found = {each.failed: told(each) for each in sweep(ODD, nodes=False, pairs=True).failures}
    assert found["near",] == (0, 0, 0, 0, 0)
    assert found["near", "near too"] == anew(ODD, [LinkDown("near"), LinkDown("near too")])
    assert found["near", "near too"][2] > 0


def test_an_executor_of_processes_finds_the_same() -> None:
    demands = [Demand("Source", "End", 6)]
    with ThreadPoolExecutor(1) as executor:
        assert sweep(forum(), executor=executor, demands=demands) == sweep(forum(), demands=demands)
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        assert sweep(forum(), executor=executor) == sweep(forum())
        assert sweep(forum(), executor=executor, demands=demands) == sweep(forum(), demands=demands)


def test_a_sweep_shows_those_that_weigh_most() -> None:
    found = sweep(forum())
    assert str(found).splitlines()[1] == "link Source–R1  16          0       0          0           16"
    assert "<table>" in found._repr_html_()
    assert str(sweep(Topology([Node("A"), Node("B")]), pairs=True)).count("A and B") == 1


def test_a_table_names_links_as_prose_does_and_keeps_the_ends_of_long_names_apart() -> None:
    names = ("Denver", "Kansas City", "us-west", "Oslo")
    ring = Topology([*map(Node, names)], [Link(a, b) for a, b in zip(names, (*names[1:], names[0]), strict=True)])
    rows = str(sweep(ring, nodes=False)).splitlines()[1:]
    told = {row.split("  ")[0].removeprefix("link ") for row in rows}
    assert told == {"Denver – Kansas City", "Kansas City – us-west", "us-west – Oslo", "Oslo–Denver"}
    both = str(sweep(ring, nodes=False, pairs=True).table(99))
    assert "Denver – Kansas City and Oslo–Denver" in both
    same = Topology([Node("A"), Node("B"), Node("C")], [Link("A", "B", name="C"), Link("B", "C")])
    assert "C and B–C" in str(sweep(same, pairs=True).table(99))  # the link or the node of this name


def test_the_command_answers_in_the_order_of_links_then_nodes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "forum", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["failures"][2] == {"failed": ["R2-End"], "kind": "link", "lost": 0, "changed": 10, "longer": 6}
    names = [each.name for each in forum().links] + [each.name for each in forum().nodes]
    assert [each["failed"] for each in answer["failures"]] == [[name] for name in names]
    assert answer["single_points"] == ["Source-R1", "R1"]


@pytest.mark.parametrize(("option", "kinds"), [("--links", ["link"] * 13), ("--nodes", ["node"] * 9)])
def test_the_command_tries_what_is_asked_for(option: str, kinds: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "forum", option, "--pairs", "--json"]) == 0
    many = len(kinds)
    found = [each["kind"] for each in json.loads(capsys.readouterr().out)["failures"]]
    assert found == kinds + ["pair"] * (many * (many - 1) // 2)


def test_the_command_ends_its_table_with_the_single_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", "forum", "--links"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["R2-End", "0", "6", "10"]
    assert lines[-1] == "Single points of failure: Source-R1."


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plain, list[Failure]]:
    """A network, and what fails in it."""
    plain = draw(networks())
    single = [*(LinkDown(link.name) for link in plain.links), *map(NodeDown, plain.kinds)]
    return plain, draw(st.lists(st.sampled_from(single), min_size=1, max_size=3, unique=True))


def without(plain: Plain, failures: list[Failure]) -> Plain:
    """The plain network that is left."""
    down = {each.node for each in failures if isinstance(each, NodeDown)}
    cut = {each.link for each in failures if isinstance(each, LinkDown)}
    links = [link for link in plain.links if link.name not in cut and down.isdisjoint((link.a, link.b))]
    return Plain({name: kind for name, kind in plain.kinds.items() if name not in down}, links)


@settings(max_examples=25)
@given(cases())
def test_on_any_network_what_is_affected_is_what_networkx_finds_anew(case: tuple[Plain, list[Failure]]) -> None:
    plain, failures = case
    left = without(plain, failures)
    before = Before(topology(plain))
    found, names = before.after(failures), before.paths.names
    farther = {(node, end): by for by, node, ends in found.detours for end in range(before.size) if ends >> end & 1}
    for i, root in enumerate(names):
        old = judge.distances(plain, root)  # type: ignore[no-untyped-call]
        new = judge.distances(left, root) if root in left.kinds else {}  # type: ignore[no-untyped-call]
        for j, node in enumerate(names):
            said = [sets[i] >> j & 1 for sets in (found.changed, found.hit, found.lost)]
            if root == node or root not in left.kinds or node not in left.kinds:
                assert said == [0, 0, 0]
                continue
            ways = [judge.paths(each, root, node) for each in (plain, left)]  # type: ignore[no-untyped-call]
            farther_now = old.get(node) != new.get(node)
            assert said == [ways[0] != ways[1] or farther_now, farther_now, node in old and node not in new]
            assert farther.get((i, j), 0) == (new[node] - old[node] if node in new else 0)


@settings(max_examples=60)
@given(cases())
def test_on_any_network_the_steps_after_a_failure_are_those_of_the_network_that_is_left(
    case: tuple[Plain, list[Failure]],
) -> None:
    plain, failures = case
    before = Before(topology(plain))
    found, names, after = before.after(failures), before.paths.names, all_pairs(before.topology.without(*failures))
    for i, root in enumerate(names):
        for j, node in enumerate(names):
            if root == node or not {root, node} <= {*after.names}:
                continue
            if found.hit[i] >> j & 1:
                right = {names[step] for step, ends in found.steps[i].items() if ends >> j & 1}
            else:
                right = {names[step] for step, ends in found.left[i] if ends >> j & 1 and not found.hit[step] >> j & 1}
            onward = after.towards[after.numbers[root]].items()
            assert right == {after.names[step] for step, ends in onward if ends >> after.numbers[node] & 1}
