"""Name the box, not the cable: which addresses of a router answer after which cut, and by which way."""

import json
import re
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest

from netlearn import BadNetwork, Link, Node, Topology, UnknownName, forum
from netlearn.figures.name_the_box.scene import Scene, find, named, sessions
from netlearn.figures.name_the_box.words import claim, fate, words
from netlearn.routing.forwarding import Outcome
from netlearn.widgets import NameTheBox

FORUM = named(forum())
OWN = "192.0.2.2"
CABLES = ("R1-R2", "R2-End", "R2-R4", "R2-R6", "R2-R7")


def seen(asker="Source", **changes):
    """For each address of R2 its state, by its cable's name, the loopback address by none."""
    return {reply.link: reply.state for reply in find(Scene(FORUM, "R2", "R1", asker, **changes))}


def ways(**changes):
    return {reply.link: " ".join(reply.nodes) for reply in find(Scene(FORUM, "R2", "R1", "Source", **changes))}


def test_with_nothing_failed_all_six_addresses_answer():
    assert set(seen()) == {"", *CABLES}
    assert set(seen().values()) == {"answers"}
    scene = Scene(FORUM, "R2", "R1", "Source")
    assert claim(scene, find(scene)) == "All 6 addresses of R2 answer Source"
    assert f"R2's loopback address, {OWN}, answers by Source → R1 → R2." in words(scene, find(scene))


@pytest.mark.parametrize("cable", CABLES)
def test_each_cable_takes_its_own_address_along_and_no_other(cable):
    after = seen(cut=[cable])
    assert [key for key, state in after.items() if state != "answers"] == [cable]
    assert after[cable] == "gone"


def test_the_loopback_answers_until_the_last_cable_goes():
    order = ["R1-R2", "R2-R4", "R2-End", "R2-R7", "R2-R6"]
    for count in range(len(order)):
        after = seen(cut=order[:count])
        assert after[""] == "answers"
        assert sum(state == "answers" for state in after.values()) == 6 - count
    scene = Scene(FORUM, "R2", "R1", "Source", cut=tuple(order))
    assert claim(scene, find(scene)) == "No way from Source to R2 is left: none of its addresses answers"
    assert ways(cut=["R1-R2"])[""] == "Source R1 R3 R4 R2"
    assert ways(cut=order[:4])[""] == "Source R1 R5 R6 R2"


def test_a_silent_cut_leaves_a_black_hole_on_the_side_of_the_other_end():
    assert seen(silent=["R1-R2"])["R1-R2"] == "lost"
    assert ways(silent=["R1-R2"])["R1-R2"] == "Source R1"
    assert seen(asker="End", silent=["R1-R2"])["R1-R2"] == "answers"  # R2 is nearer, and owns the address
    assert seen(silent=["R1-R2"])[""] == "answers"


def test_right_after_a_cut_even_the_loopback_is_lost_until_tables_have_changed():
    for changes in ({"cut": ["R1-R2"]}, {"silent": ["R1-R2"]}):
        assert set(seen(**changes, settled=False).values()) == {"lost"}
        assert seen(**changes)[""] == "answers"
    scene = Scene(FORUM, "R2", "R1", "Source", cut=("R1-R2",), settled=False)
    assert claim(scene, find(scene)).startswith("For the moment nothing of R2 answers")


def test_one_cable_and_one_answer_are_spoken_of_as_one():
    pair = named(Topology((Node("R1"), Node("R2"), Node("A", "host")), (Link("R1", "R2"), Link("A", "R1"))))
    scene = Scene(pair, "R2", "R1", "A")
    assert claim(scene, find(scene)) == "All 2 addresses of R2 answer A"
    own, port = find(scene)
    lost = replace(port, way=replace(port.way, outcome=Outcome.NO_ROUTE))
    assert claim(scene, (own, lost)) == "R2 answers to its own name alone: the address of its only cable does not"
    unsettled = replace(scene, settled=False)
    lost = replace(own, way=replace(own.way, outcome=Outcome.LINK_DOWN))
    assert claim(unsettled, (lost, port)).endswith("own name does not answer; 1 of its cables' addresses still does")
    assert claim(unsettled, (lost, port, port)).endswith("2 of its cables' addresses still do")


def test_no_name_helps_where_there_is_no_box():
    scene = Scene(FORUM, "R2", "R1", "Source", down=("R2",))
    assert claim(scene, find(scene)) == "R2 is down: no name helps where there is no box"
    assert "answers" not in seen(down=["R2"]).values()


def lots(**changes):
    """How the two sessions of R2 and R1 fare: between the boxes, and between the ends of their cable."""
    scene = Scene(FORUM, "R2", "R1", "Source", **changes)
    kept = sessions(scene).values()
    return [("lives" if session.survives else "drops", fate(scene, session)) for session in kept]


def test_the_session_between_the_boxes_lives_on_by_another_way_and_the_cables_drops_late():
    assert lots() == [("lives", "nothing is in its way")] * 2
    (boxes, how), (cable, why) = lots(cut=["R1-R2"])
    assert (boxes, cable) == ("lives", "drops")
    assert re.fullmatch(r"it never notices; from 5\d\.\d ms on its packets go via R3 or R5, and so does .*", how)
    seconds, unusable = re.fullmatch(
        r"(\d+) s after the failure R1 has heard nothing for 180 s; "
        r"what R1 learned from it is of no use from ([\d.]+) ms on",
        why,
    ).groups()
    assert 120 <= float(seconds) <= 180  # 180 s after the last keepalive, which comes every 60 s
    assert float(unusable) < 100
    assert lots(cut=["R2-R4"])[1] == ("lives", "nothing is in its way")


def test_cut_silently_the_cables_session_goes_on_teaching_a_dead_way():
    (boxes, how), (cable, why) = lots(silent=["R1-R2"])
    assert (boxes, cable) == ("lives", "drops")
    assert re.match(r"it never notices; from 3\d\.\d+ s on", how)  # the dead timer: 30 to 40 s
    assert why.endswith("until then what R1 learned from it leads onto the dead cable")


def test_where_no_way_is_left_both_sessions_drop():
    assert [state for state, _ in lots(cut=CABLES)] == ["drops", "drops"]
    assert [state for state, _ in lots(down=["R2"])] == ["drops", "drops"]


def test_where_there_are_sessions_the_title_is_about_them() -> None:
    titled = {
        (): "Both sessions of R1 and R2 live on",
        (
            "R1-R2",
        ): "The session between the boxes lives on; that between the ends of their cable drops after 1\\d\\d s",
        CABLES: "Both sessions of R1 and R2 drop",
    }
    for cut, says in titled.items():
        figure = NameTheBox(cut=[*cut])
        assert re.search(f'class="nl-title"[^>]*>{says}<', figure.html()), says


def test_what_cannot_be_is_named():
    with pytest.raises(UnknownName, match="R9"):
        NameTheBox(router="R9")
    with pytest.raises(BadNetwork, match="End is a host"):
        NameTheBox(router="End")
    with pytest.raises(BadNetwork, match="R1 has no cable to another router"):
        NameTheBox(Topology((Node("R1"), Node("A", "host")), (Link("R1", "A"),)), "R1", "A")
    with pytest.raises(BadNetwork, match="R3 is no router beside R2"):
        NameTheBox(peer="R3")
    figure = NameTheBox()
    with pytest.raises(UnknownName, match="R2-Ent"):
        figure.cut = ["R2-Ent"]
    assert figure.cut == []


def test_every_set_of_cuts_at_the_router_is_recorded_as_computed():
    figure = NameTheBox()
    data = json.loads(re.search(r'<script type="application/json">(.*)</script>', figure.html(), re.DOTALL)[1])
    assert '["Source",["R1-R2","R2-End","R2-R4","R2-R6","R2-R7"],[],[],true]' in data["recorded"]
    assert len(data["recorded"]) == 32 + 1 + 15 + 8 + 7 + 7
    figure.cut = ["R1-R2", "R2-R6"]
    assert figure.view == data["recorded"]['["Source",["R1-R2","R2-R6"],[],[],true]']
    figure.cut = []
    assert figure.view == {}


def test_without_javascript_there_is_a_picture_and_every_address_in_words():
    still = NameTheBox(cut=["R1-R2"]).html().split("<script", 1)[0]
    assert "<svg" not in still
    assert "R2 answers to its own name; 1 of its 5 cables' addresses does not" in still
    assert still.count("<tr") == 1 + 6 + 1 + 2
    assert "though R2 still owns it" in still


def test_who_has_no_address_gets_one_and_who_has_one_keeps_it():
    assert named(forum()) == FORUM == named(FORUM)
    bare = Topology((Node("R1"), Node("R2", address=ip_address("192.0.2.1")), Node("A", "host")), (Link("R1", "R2"),))
    assert [str(node.address) for node in named(bare).nodes] == ["192.0.2.2", "192.0.2.1", "203.0.113.10"]


def test_where_sessions_are_not_shown_nothing_is_said_of_them():
    figure: Any = NameTheBox(sessions=False)
    assert "session" not in f"{figure!r} {figure.html()}"
    assert sessions(figure.figure.given) == {}
    with pytest.raises(BadNetwork, match="R7 is no router beside R1; sessions are shown between neighbours"):
        NameTheBox(router="R1", peer="R7")
