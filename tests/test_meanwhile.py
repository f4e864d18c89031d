"""Before all tables are new: what nodes next to a failure save at once, and where packets may go round."""

import json
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from strategies import Plain, topology
from test_allpairs import ODD, far
from test_demands import everybody
from test_sweep import cases, failures_of

from netlearn import LinkDown, NodeDown, Topology, alternates, forum, paths, shares, shortest_paths, simulate
from netlearn.cli.main import main
from netlearn.convergence import Traffic
from netlearn.failures import Demand, Kept, Meanwhile, sweep
from netlearn.failures.affected import Before
from netlearn.failures.meanwhile import micro_loops, waiting
from netlearn.network import Failure, host_prefix
from netlearn.routing import NextHop

Pairs = set[tuple[str, str]]


def crossed(network: Topology, failures: Sequence[Failure]) -> Callable[[str, str], bool]:
    """Whether packets may be handed from one node to another over a step that is left as short as it was."""
    after = network.without(*failures)

    def least(given: Topology, a: str, b: str) -> int | None:
        both = given.has_node(a) and given.has_node(b)
        return min((link.metric_from(a) for link in given.links_between(a, b)), default=None) if both else None

    return lambda a, b: least(after, a, b) == least(network, a, b)


def gone(network: Topology, failures: Sequence[Failure], node: str, hop: NextHop) -> bool:
    """Whether a next hop is gone, a LAN between them included; of parallel links one that is as short will do."""
    whole, lan = crossed(network, failures), network.link(hop.link).other(node)
    return not whole(node, lan) or (lan != hop.node and not whole(lan, hop.node))


def dead(network: Topology, failures: Sequence[Failure], node: str, hop: NextHop) -> bool:
    """The same, where each of parallel links counts for itself."""
    lan = network.link(hop.link).other(node)
    whole = network.without(*failures).has_link(hop.link)
    return not whole or (lan != hop.node and not crossed(network, failures)(lan, hop.node))


def meets(network: Topology, failures: Sequence[Failure], source: str, target: str) -> bool:
    """Whether some shortest path meets what failed."""
    whole = crossed(network, failures)
    return any(not whole(a, b) for path in paths(network, source, target) for a, b in pairwise(path))


def saved(network: Topology, failures: Sequence[Failure], lfa: bool) -> Pairs:
    """The pairs whose packets all arrive while only the nodes next to the failure act, hop by hop."""
    spf = {node.name: shortest_paths(network, node.name) for node in network.nodes}

    def stand_ins(node: str, target: str) -> set[str]:
        hops = spf[node].next_hops(target)
        left = {hop.node for hop in hops if not gone(network, failures, node, hop)}
        if left or not lfa:
            return left
        used = {hop.link for hop in hops if network.without(*failures).has_link(hop.link)}
        able = {
            way.node
            for way in spf[node].ways_out
            if way.node not in network.lans and way.link not in used and not dead(network, failures, node, way)
        }
        reached = {each for each in able if target in spf[each].distance}
        able = {each for each in reached if each not in network.hosts or each == target}
        return {each for each in able if not meets(network, failures, each, target)}

    def arrives(node: str, target: str, seen: tuple[str, ...] = ()) -> bool:
        if node == target:
            return True
        onward = stand_ins(node, target)
        assert node not in seen, "an alternate leads into a loop"
        return bool(onward) and all(arrives(each, target, (*seen, node)) for each in onward)

    up = [node.name for node in network.without(*failures).nodes if node.kind != "lan"]
    changed = {(a, b) for a in up for b in up if a != b and b in spf[a].distance and meets(network, failures, a, b)}
    return {pair for pair in changed if arrives(*pair)}


def caught(network: Topology, failures: Sequence[Failure]) -> tuple[Pairs, set[frozenset[str]]]:
    """The pairs from which a cycle of old and new next hops can be reached, and the cycles of two."""
    after = network.without(*failures)
    up = [node.name for node in after.nodes if node.kind != "lan"]
    old = {name: shortest_paths(network, name) for name in up}
    new = {name: shortest_paths(after, name) for name in up}
    pairs, loops = set(), set()
    for target in up:
        graph: nx.DiGraph[str] = nx.DiGraph()
        graph.add_nodes_from(up)
        for name in up:
            was = [hop.node for hop in old[name].next_hops(target) if not gone(network, failures, name, hop)]
            graph.add_edges_from((name, end) for end in {*was, *(hop.node for hop in new[name].next_hops(target))})
        cyclic = {name for part in nx.strongly_connected_components(graph) if len(part) > 1 for name in part}
        pairs |= {(name, target) for name in up if cyclic & {name, *nx.descendants(graph, name)}}
        loops |= {frozenset(edge) for edge in graph.edges if graph.has_edge(*edge[::-1])}
    return pairs, loops


def said(before: Before, sets: Sequence[int]) -> Pairs:
    names = before.paths.names
    return {
        (names[a], names[b])
        for a in range(before.size)
        for b in range(before.size)
        if sets[a] & before.counted[a] >> b << b & 1 << b
    }


def check(network: Topology, failures: Sequence[Failure]) -> None:
    before = Before(network)
    found = before.after(failures)
    changed = said(before, found.changed)
    for lfa, sets in zip((False, True), waiting(before, found), strict=True):
        assert changed - said(before, sets) == saved(network, failures, lfa), (failures, lfa)
    round_, loops = micro_loops(before, found)
    names = before.paths.names
    pairs, pointing = caught(network, failures)
    assert said(before, round_) == pairs, failures
    assert {frozenset((names[a], names[b])) for a, b in loops} == pointing


@pytest.mark.parametrize("network", [forum(), ODD, far(ODD, 1000)], ids=["forum", "odd", "far"])
def test_what_is_saved_and_caught_is_what_is_found_hop_by_hop(network: Topology) -> None:
    for found in sweep(network, pairs=network == ODD).failures:
        check(network, failures_of(found, network))


@settings(max_examples=25)
@given(cases())
def test_on_any_network_what_is_saved_and_caught_is_what_is_found_hop_by_hop(case: tuple[Plain, list[Failure]]) -> None:
    check(topology(case[0]), case[1])


@pytest.mark.parametrize("network", [forum(), ODD], ids=["forum", "odd"])
def test_of_the_traffic_that_is_handed_to_what_failed_is_saved_what_waits_for_nothing(network: Topology) -> None:
    before, demands = Before(network), everybody(network)
    parts = [(each, shares(network, each.source, each.target)) for each in demands]
    for found in sweep(network, demands=demands, meanwhile=True).failures:
        failures = failures_of(found, network)
        bare, rest = (said(before, sets) for sets in waiting(before, before.after(failures)))
        met = [0.0, 0.0, 0.0]
        for each, carried in parts:
            for (node, beyond, link), share in carried.items():
                if {node, each.target}.isdisjoint(found.failed) and dead(
                    network, failures, node, NextHop(beyond, link)
                ):
                    pair = node, each.target
                    met[0] += share * each.amount
                    met[1 if pair not in bare else 2] += 0 if pair in rest else share * each.amount
        assert found.meanwhile
        assert found.meanwhile.traffic
        kept = found.meanwhile.traffic
        assert (kept.met, kept.by_ecmp, kept.by_lfa) == pytest.approx(tuple(met)), found.failed


def test_without_r2_end_an_alternate_of_r2_saves_all_at_once_and_without_r1_r2_neighbours_may_point_at_each_other() -> (
    None
):
    found = sweep(forum(), demands=[Demand("R2", "End", 6)], meanwhile=True).failures
    assert found[2].meanwhile == Meanwhile(2, 8, 0, (), Kept(met=6.0, by_ecmp=0.0, by_lfa=6.0))
    assert found[1].meanwhile
    assert found[1].meanwhile.loops == (("R1", "R3"), ("R1", "R5"), ("R2", "R4"), ("R2", "R6"))
    pair = sweep(forum(), pairs=True, demands=[Demand("R2", "End", 6)], meanwhile=True).failures[-1]
    assert pair.meanwhile
    assert pair.meanwhile.traffic is None


def test_a_sweep_shows_what_is_saved_at_once() -> None:
    lines = str(sweep(forum(), nodes=False, meanwhile=True)).splitlines()
    assert lines[0].endswith("saved at once by ECMP  by LFA  in a micro-loop")
    assert lines[2].split() == ["link", "R1–R2", "0", "12", "16", "2", "32", "12", "6", "14"]


def test_of_one_failure_an_alternate_is_what_the_inequalities_say() -> None:
    network = forum()
    before = Before(network)
    single: list[Failure] = [LinkDown(link.name) for link in network.links]
    for failure in (*single, *map(NodeDown, network.routers)):
        found = before.after([failure])
        bare = waiting(before, found)[1]
        for name in network.without(failure).routers:
            for target in ("Source", "End"):
                hops = shortest_paths(network, name).next_hops(target)
                if not all(failure in (LinkDown(hop.link), NodeDown(hop.node)) for hop in hops):
                    continue
                judged = alternates(network, name, host_prefix(network.node(target).address), hops[0])
                node = isinstance(failure, NodeDown)
                safe = any(each.loop_free and (each.node_protecting or not node) for each in judged)
                assert safe != bool(bare[before.paths.numbers[name]] >> before.paths.numbers[target] & 1)


def test_every_micro_loop_of_a_simulated_failure_is_one_of_those_that_may_be() -> None:
    network = forum()
    for found in sweep(network, meanwhile=True).failures:
        seen: set[tuple[str, ...]] = set()
        for target in ("Source", "End"):
            if target not in found.failed:
                trace = simulate(network, failures_of(found, network))
                seen |= {loop.cycle for loop in Traffic(trace, network.node(target).address).micro_loops()}  # type: ignore[arg-type]
        assert found.meanwhile
        assert {frozenset(each) for each in seen} <= {frozenset(each) for each in found.meanwhile.loops}


def test_the_command_tells_what_goes_on_meanwhile(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "demands.json"
    file.write_text('{"demands": [{"from": "R2", "to": "End", "amount": 6}]}')
    assert main(["sweep", "forum", "--meanwhile", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["failures"]
    assert found[2]["meanwhile"] == {"by_ecmp": 2, "by_lfa": 8, "caught": 0, "loops": []}
    assert found[1]["meanwhile"]["loops"] == [["R1", "R3"], ["R1", "R5"], ["R2", "R4"], ["R2", "R6"]]
    assert main(["sweep", "forum", "--meanwhile", "--demands", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["failures"]
    assert found[2]["meanwhile"]["traffic"] == {"met": 6.0, "by_ecmp": 0.0, "by_lfa": 6.0}
    assert main(["sweep", "forum", "--meanwhile"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["R1-R2", "0", "12", "32", "12", "6", "14"]
    assert lines[-1].startswith("Of the changed pairs ECMP and then LFAs save")
