"""Traffic in a sweep: every link carries what one finds who follows all demands anew, before and after each failure."""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import judge
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Plain, networks, topology
from test_allpairs import ODD, far
from test_sweep import failures_of, without

from netlearn import Link, LinkDown, NetlearnError, Node, NodeDown, Topology, UnknownName, forum, shares
from netlearn.cli.main import main
from netlearn.failures import Demand, Load, Moved, demands_from_json, read_demands, sweep
from netlearn.failures.affected import Before
from netlearn.failures.traffic import Traffic
from netlearn.network import Failure
from netlearn.routing.forwarding import on_links

Loads = dict[tuple[str, str, str], float]


def everybody(network: Topology) -> list[Demand]:
    """A demand of another amount between any two that send."""
    ends = [node.name for node in network.nodes if node.kind != "lan"]
    pairs = [(a, b) for a in ends for b in ends if a != b]
    return [Demand(a, b, number % 7 + 0.5) for number, (a, b) in enumerate(pairs)]


def carried(network: Topology, demands: Iterable[Demand]) -> Loads:
    """What each link carries, demand by demand, each from its own SPF at every node on the way."""
    loads: Loads = defaultdict(float)
    for demand in demands:
        if network.has_node(demand.source) and network.has_node(demand.target):
            for crossing, share in on_links(network, shares(network, demand.source, demand.target)).items():
                loads[crossing] += share * demand.amount
    return loads


def check(moved: Moved | None, before: Loads, after: Loads) -> None:
    """Hold the links that carry more or less, and the fullest, against what was found anew."""
    assert moved is not None
    said = {(load.start, load.end, load.link): (load.before, load.after) for load in moved.loads}
    both = {each: (before.get(each, 0), after.get(each, 0)) for each in {*before, *after}}
    assert said == {each: pytest.approx(pair) for each, pair in both.items() if pair[0] != pytest.approx(pair[1])}
    most = max(after.values(), default=0)
    assert (moved.fullest.after if moved.fullest else 0) == pytest.approx(most)


def test_without_r2_end_what_r2_sends_to_end_is_divided_among_r4_and_r7() -> None:
    moved = {each.failed: each.traffic for each in sweep(forum(), demands=[Demand("R2", "End", 6)]).failures}
    assert moved["R2-End",] == Moved(
        lost=0.0,
        ended=0.0,
        fullest=Load("R4", "End", "R4-End", 0.0, 3.0),
        loads=(
            Load("R2", "End", "R2-End", 6.0, 0.0),
            Load("R4", "End", "R4-End", 0.0, 3.0),
            Load("R7", "End", "R7-End", 0.0, 3.0),
            Load("R2", "R4", "R2-R4", 0.0, 3.0),
            Load("R2", "R7", "R2-R7", 0.0, 3.0),
        ),
    )
    assert moved["R2-End",].most_grown == Load("R4", "End", "R4-End", 0.0, 3.0)
    assert moved["R2",] == Moved(0.0, 6.0, None, (Load("R2", "End", "R2-End", 6.0, 0.0),))
    assert moved["R2",].most_grown is None
    assert moved["End",] == moved["R2",]


def test_what_has_no_path_any_more_is_lost_and_what_never_had_one_is_told_apart() -> None:
    network = Topology([*map(Node, "ABC")], [Link("A", "B")])
    found = sweep(network, demands=[Demand("A", "B", 1), Demand("A", "B", 0.5), Demand("A", "C", 4)])
    assert [(each.traffic.lost, each.traffic.ended) for each in found.failures if each.traffic] == [
        (1.5, 0), (0, 1.5), (0, 1.5), (0, 0),
    ]  # fmt: skip
    carried = (Load("A", "B", "A-B", 1.5, 1.5), Load("B", "A", "A-B", 0.0, 0.0))
    assert found.traffic == Moved(4.0, 0.0, carried[0], carried)


@pytest.mark.parametrize("times", [1, 1000])
@pytest.mark.parametrize("network", [forum(), ODD], ids=["forum", "odd"])
def test_every_link_carries_what_is_found_anew(network: Topology, times: int) -> None:
    network, demands = far(network, times), everybody(network)
    before = carried(network, demands)
    for found in sweep(network, pairs=network.nodes[0].name == "A", demands=demands).failures:
        check(found.traffic, before, carried(network.without(*failures_of(found, network)), demands))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plain, list[Failure], list[Demand]]:
    """A network without LANs, what fails in it, and demands."""
    plain = draw(networks(least_nodes=2, kinds=("router", "router", "router", "host")))
    single = [*(LinkDown(link.name) for link in plain.links), *map(NodeDown, plain.kinds)]
    failures: list[Failure] = draw(st.lists(st.sampled_from(single), min_size=1, max_size=2, unique=True))
    pairs = st.sampled_from([(a, b) for a in plain.kinds for b in plain.kinds if a != b])
    demands = st.builds(lambda pair, amount: Demand(pair[0], pair[1], amount), pairs, st.integers(0, 9))
    wanted: list[Demand] = draw(st.lists(demands, min_size=1, max_size=4))
    return plain, failures, wanted


@settings(max_examples=25)
@given(cases())
def test_on_any_network_links_carry_what_networkx_says(case: tuple[Plain, list[Failure], list[Demand]]) -> None:
    plain, failures, demands = case
    before = Before(topology(plain))
    moved = Traffic(before, demands).after(failures, before.after(failures))
    left = without(plain, failures)
    check(moved, by_networkx(plain, demands), by_networkx(left, demands))
    up = [each for each in demands if {each.source, each.target} <= {*left.kinds}]
    gone = [each for each in demands if each not in up and ways(plain, each)]
    assert moved.lost == sum(each.amount for each in up if ways(plain, each) and not ways(left, each))
    assert moved.ended == sum(each.amount for each in gone)


def by_networkx(plain: Plain, demands: Sequence[Demand]) -> Loads:
    loads: Loads = defaultdict(float)
    for each in demands:
        if {each.source, each.target} <= {*plain.kinds}:
            parts = judge.shares(plain, each.source, each.target)  # type: ignore[no-untyped-call]
            for crossing, part in parts.items():
                loads[crossing] += float(part * each.amount)
    return loads


def ways(plain: Plain, each: Demand) -> bool:
    return each.target in judge.distances(plain, each.source)  # type: ignore[no-untyped-call]


def test_the_peaks_are_what_each_link_carries_at_most_and_after_which_failure() -> None:
    peaks = sweep(forum(), nodes=False, pairs=True, demands=[Demand("R2", "End", 6)]).peaks
    assert [(load.link, load.after, *each.failed) for load, each in peaks[:2]] == [
        ("R4-End", 6.0, "R2-End", "R7-End"), ("R7-End", 6.0, "R2-End", "R4-End"),
    ]  # fmt: skip
    assert sweep(forum()).peaks == ()


def test_a_sweep_with_demands_shows_the_fullest_link() -> None:
    found = sweep(forum(), nodes=False, demands=[Demand("Source", "End", 6)])
    heads, first, second, *_ = str(found).splitlines()
    assert heads.split("Changed")[1].split("  ")[1:] == [
        "Traffic lost", "Fullest link", "", "", "", "", "", "carries", "before",
    ]  # fmt: skip
    assert first.split()[-4:] == ["6", "–", "–", "–"]
    assert second.split()[-6:] == ["0", "Source–R1,", "from", "Source", "6", "6"]


BAD = {
    "[]": "demands are an object with a list of them, not []",
    "{": "this is not JSON",
    '{"demand": []}': "the file has the key 'demand'; did you mean 'demands'?",
    "{}": "the file has no 'demands'; its keys are none",
    '{"demands": [1]}': "demands, number 1: an object is expected, not 1",
    '{"demands": [{"from": "A", "to": "B"}]}': "demand 1 has no amount; its keys are 'from', 'to'",
    '{"demands": [{"from": "A", "to": "B", "amounts": 1}]}': "demand 1 has the key 'amounts'; did you mean 'amount'?",
    '{"demands": [{"to": "B", "amount": 1}]}': "demand 1 has no from; its keys are 'amount', 'to'",
    '{"demands": [{"from": "A", "to": "B", "amount": -1}]}': "an amount is a number from 0 on, not -1",
    '{"demands": [{"from": "A", "to": "B", "amount": "much"}]}': "an amount is a number from 0 on, not 'much'",
    '{"demands": [{"from": "A", "to": "A", "amount": 1}]}': "the demand from 'A' to 'A': it has two different ends",
}


@pytest.mark.parametrize(("text", "reason"), BAD.items())
def test_what_is_no_demand_is_named_with_its_place(text: str, reason: str, tmp_path: Path) -> None:
    with pytest.raises(NetlearnError) as raised:
        demands_from_json(text)
    assert reason in str(raised.value)
    (tmp_path / "demands.json").write_text(text)
    with pytest.raises(NetlearnError, match=r"demands.json: "):
        read_demands(tmp_path / "demands.json")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")
    for file, reason in {
        str(tmp_path): "cannot be read: Is a directory",
        str(tmp_path / "latin"): "is not a text file in UTF-8",
        "nowhere": "nowhere is not a file",
        "a\0b": "is no file's name",
    }.items():
        with pytest.raises(NetlearnError, match=reason):
            read_demands(file)


def test_a_demand_that_the_network_cannot_have_is_named_with_its_place() -> None:
    named = Topology([Node("A", id="1"), Node("B"), Node("L", "lan")], [])
    with pytest.raises(UnknownName, match="demand 2: there is no node 'R9'"):
        sweep(forum(), demands=[Demand("R1", "R2", 1), Demand("R1", "R9", 1)])
    with pytest.raises(NetlearnError, match="demand 1: L is a LAN, which sends and receives nothing"):
        sweep(named, demands=[Demand("A", "L", 1)])
    with pytest.raises(NetlearnError, match="demand 1: A and 1 are one node"):
        sweep(named, demands=[Demand("A", "1", 1)])
    with pytest.raises(NetlearnError, match="an amount is a number from 0 on, not '1'"):
        Demand("A", "B", "1")  # type: ignore[arg-type]


def test_the_command_tells_where_the_traffic_goes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "demands.json"
    file.write_text('{"demands": [{"from": "R2", "to": "End", "amount": 6}]}')
    assert main(["sweep", "forum", "--demands", str(file), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    found = answer["failures"][2]
    assert {key: found[key] for key in ("failed", "lost", "changed", "longer")} == {
        "failed": ["R2-End"], "lost": 0, "changed": 10, "longer": 6,
    }  # fmt: skip
    fullest = {"from": "R4", "to": "End", "link": "R4-End", "before": 0.0, "after": 3.0}
    assert found["traffic"]["fullest"] == fullest
    assert fullest in found["traffic"]["loads"]
    assert len(answer["traffic"]["loads"]) == 26
    assert main(["sweep", "forum", "--demands", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].split() == ["R2-End", "0", "6", "10", "0", "3", "0", "R4-End", "from", "R4"]
    assert lines[-1] == "Before, the fullest link is R2-End from R2, with 6."


def test_the_command_says_what_of_the_demands_has_no_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [{"id": "A"}, {"id": "B"}]
    (tmp_path / "network.json").write_text(json.dumps({"nodes": nodes, "edges": []}))
    (tmp_path / "demands.json").write_text('{"demands": [{"from": "A", "to": "B", "amount": 6}]}')
    assert main(["sweep", str(tmp_path / "network.json"), "--demands", str(tmp_path / "demands.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2] == "Before, no link carries anything."
    assert lines[-1] == "Of the demands, 6 has no path even before a failure."
