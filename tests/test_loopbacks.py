"""The figure of the three loopbacks: who answers, what is said and what is drawn, for every single failure."""

import re
from typing import Any

import networkx
import pytest

from netlearn import BadNetwork, Link, NetlearnError, Node, Topology, UnknownName, forum
from netlearn.drawing.markup import keyed
from netlearn.drawing.signs import icon, plate, ring, shared_plate
from netlearn.drawing.still import standalone
from netlearn.figures.common.live import key
from netlearn.figures.loopbacks import scene as loopbacks_scene
from netlearn.figures.loopbacks import view as loopbacks_view
from netlearn.figures.loopbacks import words as loopbacks_words
from netlearn.widgets import Loopbacks


@pytest.fixture(scope="module")
def figure():
    return Loopbacks(caption="Look.")


def scene(figure, **changes):
    return figure._scene(changes)


def found(figure, **changes):
    return loopbacks_scene.find(scene(figure, **changes))


def reachable(cut=(), down=()):
    """The nodes that a message from Source can reach, from the raw links; hosts pass nothing on."""
    graph = networkx.Graph((link.a, link.b) for link in forum().links if link.name not in cut)
    graph.add_node("Source")
    graph.remove_nodes_from([*down, "End"])
    return networkx.node_connected_component(graph, "Source")


FAILURES = [((), ())] + [((link.name,), ()) for link in forum().links] + [((), (router,)) for router in forum().routers]


@pytest.mark.parametrize(("cut", "down"), FAILURES, ids=lambda names: " ".join(names) or "-")
def test_lo_always_answers_a_plate_while_its_router_is_reached_and_a_shared_plate_while_a_holder_is(figure, cut, down):
    there = reachable(cut, down)
    expected = f"1{int('R2' in there)}{int(bool(there & {'R4', 'R7'}))}"
    assert found(figure, cut=cut, down=down).answers() == expected


def test_with_nothing_broken_r4_gets_three_quarters_of_the_flows_and_r7_one(figure):
    assert found(figure).replies["shared"].ends == {"R4": 0.75, "R7": 0.25}


def test_every_share_that_leaves_arrives(figure):
    for cut, down in FAILURES:
        for reply in found(figure, cut=cut, down=down).replies.values():
            assert not reply.answers or sum(reply.ends.values()) == pytest.approx(1)


def test_who_is_asked_and_asks_itself_uses_no_cable(figure):
    assert loopbacks_words.now(scene(figure, asker="R2"), found(figure, asker="R2"), "plate") == (
        "R2 has this address itself, and answers itself."
    )
    assert found(figure, asker="R7").replies["shared"].ends == {"R7": 1.0}


def test_a_silence_says_whether_the_holder_is_dead_or_only_cut_off(figure):
    dead, away = scene(figure, down=["R2"]), scene(figure, cut=["Source-R1"])
    assert loopbacks_words.now(dead, loopbacks_scene.find(dead), "plate") == (
        "No answer: R2 is down, and nobody else has this address."
    )
    assert loopbacks_words.now(away, loopbacks_scene.find(away), "plate") == (
        "No answer: R2 is alive, but no way from Source is left."
    )
    both = scene(figure, down=["R4", "R7"])
    assert loopbacks_words.now(both, loopbacks_scene.find(both), "shared") == "No answer: R4 and R7 are both down."


def test_who_is_down_asks_nothing(figure):
    gone = scene(figure, asker="R3", down=["R3"])
    assert loopbacks_scene.find(gone).answers() == "000"
    assert loopbacks_words.now(gone, loopbacks_scene.find(gone), "lo") == "R3 is down, so it asks nothing."


@pytest.mark.parametrize(
    ("step", "changes", "claim"),
    [
        ("lo", {}, "9 boxes, 9 rings: what is sent to 127.0.0.1 stays in its box"),
        ("lo", {"cut": ["R1-R2"]}, "Whatever is cut, each of the 9 boxes still reaches its own lo"),
        ("plate", {}, "192.0.2.2 is a name for the box: any way to R2 will do"),
        ("plate", {"down": ["R2"]}, "R2 is down, and its name with it"),
        ("plate", {"cut": ["Source-R1"]}, "R2 is alive, but no way leads to it"),
        ("shared", {}, "The same address on R4 and R7: both are equally near to Source"),
        ("shared", {"asker": "R3"}, "The same address on R4 and R7: R4 is the nearest to R3"),
        ("shared", {"down": ["R4"]}, "R7 answers for Source, without R4"),
        ("shared", {"down": ["R4", "R7"]}, "No holder can be reached: no answer"),
        ("break", {"cut": ["R1-R2"]}, "All three still answer"),
        ("break", {"down": ["R2"]}, "Two of the three still answer"),
        ("break", {"cut": ["Source-R1"]}, "One of the three still answers"),
    ],
)
def test_the_title_says_what_the_picture_claims(figure, step, changes, claim):
    assert loopbacks_words.claim(scene(figure, step=step, **changes), found(figure, step=step, **changes)) == claim


def shown(figure, **changes):
    """The keys of the signs that can be seen."""
    view = keyed(loopbacks_view.body(scene(figure, **changes)))
    return {
        key
        for key, part in view.items()
        if key.split(":")[0] in ("ring", "plate", "shared", "turn") and "nl-hidden" not in part["class"]
    }


def test_each_step_shows_its_own_sign_and_no_other(figure):
    boxes = {node.name for node in forum().nodes}
    assert shown(figure, step="lo") == {f"ring:{box}" for box in boxes} | {"turn:Source"}
    assert shown(figure, step="plate") == {f"plate:{router}" for router in forum().routers}
    assert shown(figure, step="shared") == {"shared:R4", "shared:R7"}
    assert shown(figure, step="break") == {"ring:Source", "turn:Source", "plate:R2", "shared:R4", "shared:R7"}


def test_the_signs_of_a_router_that_is_down_are_struck_out_and_its_ring_is_gone(figure):
    view = keyed(loopbacks_view.body(scene(figure, step="plate", down=["R2"])))
    assert "nl-gone" in view["plate:R2"]["class"]
    assert "ring:R3" not in shown(figure, step="lo", down=["R3"])


def test_the_failures_to_predict_tell_the_three_apart(figure):
    trials = loopbacks_scene.trials_of(scene(figure))
    assert [*trials] == [
        "The cable R1–R2 is cut",
        "R2 goes down",
        "R4 goes down",
        "R4 and R7 go down",
        "Every cable of R2 is cut",
        "Source's own cable Source–R1 is cut",
    ]
    fates = [loopbacks_scene.find(failed).answers() for failed in trials.values()]
    assert fates == ["111", "101", "111", "110", "101", "100"]


def test_the_record_holds_every_asker_every_single_failure_and_every_trial_at_every_step(figure):
    for step in loopbacks_scene.STEPS:
        for name in (node.name for node in forum().nodes):
            assert key(scene(figure, step=step, asker=name)) in figure.figure.recorded
        for cut, down in FAILURES:
            assert key(scene(figure, step=step, cut=[*cut], down=[*down])) in figure.figure.recorded
        for failed in loopbacks_scene.trials_of(scene(figure)).values():
            assert key(failed.changed({"step": step})) in figure.figure.recorded


def test_where_nothing_runs_there_are_all_three_their_facts_and_what_each_failure_leaves(figure):
    still = figure.html().split("<script", 1)[0]
    assert "<svg" not in re.sub(r'<svg viewBox="0 0 40 28".*?</svg>', "", still)
    for sign in loopbacks_scene.SIGNS:
        for _, said in loopbacks_words.facts(scene(figure), sign):
            assert said in still
    assert still.count("<tr") == 1 + len(loopbacks_scene.trials_of(scene(figure)))
    assert repr(figure).startswith("<Loopbacks: 127.0.0.1: Source asks, and Source itself answers.")


def test_a_picture_carries_the_rules_of_signs_only_if_it_has_some(figure):
    drawn = loopbacks_view.drawing(scene(figure), found(figure), live=False)
    assert ".nl-sheet" in standalone(drawn)
    assert ".nl-sheet" not in standalone(ring(0, 0))


def test_no_plate_reaches_out_of_the_drawing(figure):
    drawn = str(loopbacks_view.drawing(scene(figure, step="break"), found(figure, step="break"), live=False))
    tops = [float(top) for top in re.findall(r'<rect x="[^"]*" y="([^"]*)"[^>]*nl-sheet', drawn)]
    assert len(tops) == len(forum().routers) + 2 * 2
    assert min(tops) > 0


def test_the_three_signs_have_three_shapes():
    drawn = [str(ring(50, 50)), str(plate(50, 50, "192.0.2.2")), str(shared_plate(50, 50, "192.0.2.150"))]
    assert [text.count("<rect") for text in drawn] == [0, 1, 2]
    assert [text.count("<circle") for text in drawn] == [1, 2, 0]
    assert len({str(icon(sign)) for sign in loopbacks_scene.SIGNS}) == 3


def test_what_cannot_be_is_refused_and_says_what_could(figure):
    with pytest.raises(UnknownName, match="R9"):
        Loopbacks(router="R9")
    with pytest.raises(BadNetwork, match="Source is no router; the routers are R1, R2"):
        Loopbacks(router="Source")
    with pytest.raises(BadNetwork, match="is announced by R4; an anycast address is announced by two or more"):
        Loopbacks(holders=["R4"])
    with pytest.raises(NetlearnError, match="the step is lo or plate or shared or break, not 'ring'"):
        Loopbacks(step="ring")
    with pytest.raises(UnknownName, match="R9"):
        figure.asker = "R9"
    assert figure.asker == "Source"


def test_any_network_will_do_with_a_lan_and_without_addresses():
    lan = Topology(
        (Node("A"), Node("B"), Node("C"), Node("L", "lan")),
        (Link("A", "L", 1, 0), Link("B", "L", 1, 0), Link("C", "L", 1, 0)),
    )
    figure: Any = Loopbacks(lan, "B", holders=["B", "C"], shared="2001:db8::53/128", asker="A")
    assert loopbacks_scene.find(figure.figure.scene).answers() == "111"
    assert loopbacks_scene.find(figure.figure.scene).replies["shared"].ends == {"B": 0.5, "C": 0.5}
    figure.cut = ["C-L"]
    assert loopbacks_scene.find(figure.figure.scene).replies["shared"].ends == {"B": 1.0}
