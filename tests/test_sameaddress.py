"""The figure of one address on two machines: who is believed on one link, who is reached on different ones."""

from typing import Any

import pytest

from netlearn import NetlearnError
from netlearn.drawing.markup import keyed
from netlearn.figures.common.live import key
from netlearn.figures.same_address import drawing as sameaddress_drawing
from netlearn.figures.same_address import scene as sameaddress_scene
from netlearn.figures.same_address import view as sameaddress_view
from netlearn.figures.same_address.one_link import latecomer, one_link
from netlearn.figures.same_address.scene import Scene, different_links
from netlearn.host.arp import Entry, hear
from netlearn.widgets import SameAddress


def believed(story):
    return [told.believed for told in story]


def test_of_two_answers_that_come_together_the_first_counts():
    assert hear(Entry("A", 1), "B", 2) == Entry("A", 1)


def test_an_entry_older_than_a_second_is_overwritten_asked_for_or_not():
    assert hear(Entry("A", 1), "B", 1_000) == Entry("A", 1)
    assert hear(Entry("A", 1), "B", 1_001) == Entry("B", 1_001)
    assert hear(None, "B", 0) == Entry("B", 0)
    assert hear(Entry("A", 1), "A", 500) == Entry("A", 500)


@pytest.mark.parametrize(("first", "second"), ["AB", "BA"])
def test_on_one_link_the_first_to_answer_gets_the_traffic_until_the_other_speaks(first, second):
    story = one_link(first, checks=False)
    assert believed(story) == ["", "", first, first, first, second, second, first]
    opened, broken = (told for told in story if told.kind in ("data", "lost"))
    assert (opened.to, broken.to) == ((first,), (second,))


@pytest.mark.parametrize(("first", "second"), ["AB", "BA"])
def test_who_checks_first_is_told_and_never_speaks_for_the_address(first, second):
    story = one_link(first, checks=True)
    assert all(told.silent == second for told in story)
    assert set(believed(story)) == {"", first}
    assert not any(told.sender == second and told.kind in ("answers", "speaks") for told in story)
    assert not any(told.kind == "lost" for told in story)


@pytest.mark.parametrize(("first", "second"), ["AB", "BA"])
def test_the_story_is_what_happens_on_the_link(first, second):
    happened = latecomer(first, second)
    assert [told.machine for told in happened.told if told.kind == "gives up"] == [second]
    asked = [frame for frame in happened.frames if frame.sender == second]
    assert {frame.kind for frame in asked} == {"probe"}
    assert [name for _, name in happened.answers[0].replies] == [first]
    answered = [told.sender for told in one_link(first, checks=False) if told.kind == "answers"]
    assert answered == [first, second]


@pytest.mark.parametrize(("first", "second"), ["AB", "BA"])
def test_on_different_links_the_nearer_is_reached_and_only_its_death_changes_that(first, second):
    story = different_links(first)
    assert believed(story) == ["", first, first, first, second, second]
    assert [told.way[-1] for told in story if told.way] == [first, second]
    assert {told.believed for told in story if told.kind == "speaks"} == {first}
    assert "(2 against 3)" in story[1].words


@pytest.mark.parametrize("case", sameaddress_scene.cases(), ids=str)
def test_every_state_is_drawn_with_the_same_parts_and_names_whom_it_believes(case):
    view = keyed(sameaddress_view.body(case))
    assert view.keys() == keyed(sameaddress_view.body(Scene("one", "A", False))).keys()
    told = case.now()
    card = {"A": "53:0a", "B": "53:0b"} if case.place == "one" else {"A": "via R2", "B": "via R3"}
    assert (card[told.believed] in view["belief"]["text"]) if told.believed else ("53:0" not in view["belief"]["text"])
    frames = [key for key in view if key.startswith("frame:") and "nl-hidden" not in view[key]["class"]]
    assert len(frames) == len(told.sent)


def test_words_end_where_the_drawing_ends():
    for case in sameaddress_scene.cases():
        view = keyed(sameaddress_view.body(case))
        box = view["bubble-box"]
        if "nl-hidden" in view["bubble"]["class"]:
            continue
        assert float(box["x"]) >= 0
        assert float(box["x"]) + float(box["width"]) <= sameaddress_drawing.WIDTH


def test_every_state_is_recorded_so_that_no_page_needs_python_for_it():
    figure: Any = SameAddress()
    assert len(figure.figure.recorded) == len(sameaddress_scene.cases()) == 2 * (8 + 5) + 4 * 6
    assert all(key(scene) in figure.figure.recorded for scene in sameaddress_scene.cases())


def test_where_nothing_runs_both_pictures_and_all_three_stories_are_there():
    still = SameAddress(caption="Look.").html().split("<script", 1)[0]
    first, told = still.split("<details", 1)
    assert (first.count("<img"), told.count("<img")) == (1, 2)
    assert "Who gets it?" in first
    assert "Look." in told
    for story in (one_link("A", False), one_link("A", True), different_links("A")):
        assert all(told.title in still for told in story)
    assert "Look." in still


def test_what_cannot_be_is_refused_and_the_figure_stays_as_it_was():
    figure = SameAddress()
    for trait, value, why in (
        ("place", "nowhere", "the place is one or links, not 'nowhere'"),
        ("sooner", "C", "the first server is A or B, not 'C'"),
        ("moment", -1, "a moment is a whole number from 0, not -1"),
    ):
        before = getattr(figure, trait), figure.view
        with pytest.raises(NetlearnError, match=why):
            setattr(figure, trait, value)
        assert (getattr(figure, trait), figure.view) == before


def test_the_kernel_answers_a_step():
    figure = SameAddress(predict=False)
    figure.moment = 5
    assert figure.view["title"]["text"] == "Server B speaks, and Desk’s cache flips"
    figure.moment = 0
    assert figure.view == {}
