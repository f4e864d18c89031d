"""The book's predictions: what cannot be asked is refused with its place, and the book's own are used, each once."""

import json

import pytest

from netlearn import BadPrediction, NetlearnError, UnknownName
from netlearn.drawing.markup import element
from netlearn.figures.explorer.widget import Explorer
from netlearn.network.bundled import forum
from netlearn.teaching.predictions import bundled, from_json, names
from netlearn.widgets import Prediction, WayPrediction

VIA_R4 = {"text": "Via R4", "feedback": "R4 is not alone."}
BOTH = {"text": "Via both", "feedback": "Yes."}


def written(**changes):
    row = {"id": "case-1-cut", "question": "Which way?", "options": [VIA_R4, BOTH], "cut": ["R2-End"]} | changes
    return json.dumps({"predictions": [{key: value for key, value in row.items() if value is not None}]})


def test_json_reads_as_what_a_prediction_is_made_of():
    (asked,) = from_json(written(), "case-1").values()
    options = {"Via R4": "R4 is not alone.", "Via both": "Yes."}
    assert Prediction(**asked) == Prediction("case-1-cut", "Which way?", options, cut=("R2-End",))


def test_a_way_is_clicked_and_any_other_wrong_one_is_the_figures_empty_text():
    ways = [{"text": "R1 → R3", "feedback": "Yes."}, {"text": "wrong", "feedback": "Add up."}]
    text = written(options=None, cut=None, ways=ways, start="R1", hops=1)
    (asked,) = from_json(text, "case-1").values()
    said = {"R1 → R3": "Yes.", "": "Add up."}
    assert WayPrediction(**asked) == WayPrediction("case-1-cut", "Which way?", "R1", 1, said)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "the file is an object with predictions"),
        ('{"prediction": []}', "the file has the key 'prediction'; .* did you mean predictions"),
        ('{"predictions": {}}', "predictions is a list of objects"),
        ('{"predictions": [3]}', "prediction 1 is an object with id, question, options"),
        (written(id=None), "prediction 1 has no id"),
        (written(id=7), "prediction 1: its id is words, not 7"),
        (written(id="case-2"), "the id case-2 does not begin with its chapter, as case-1-later does"),
        (written(question=None), "prediction 1 has no question"),
        (written(question=" "), "prediction case-1-cut: its question is words"),
        (written(options=None), "prediction 1 has no options"),
        (written(options=[]), "prediction case-1-cut has no options; a question needs answers"),
        (written(options=[{"text": "Via R4"}]), "prediction case-1-cut, options 1 has no feedback"),
        (written(options=[{"text": "Via R4", "feedback": ""}]), "the feedback to 'Via R4' is words"),
        (written(options=[VIA_R4, VIA_R4]), "two answers that say 'Via R4'"),
        (written(otpions=[]), "the key 'otpions'; .* did you mean options"),
        (written(ways=[VIA_R4]), "prediction 1 has the key 'options'"),
        (written(hops=1), "prediction 1 has the key 'hops'"),
        (written(cut="R2-End"), "prediction case-1-cut: cut is a list of links, not 'R2-End'"),
        (written(down=[2]), "down is a list of nodes"),
        (written(sets=[]), "sets is an object"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text, says):
    with pytest.raises(BadPrediction, match=says):
        from_json(text, "case-1")


def test_two_predictions_have_different_ids():
    row = json.loads(written())["predictions"][0]
    with pytest.raises(BadPrediction, match="two predictions have the id case-1-cut"):
        from_json(json.dumps({"predictions": [row, row]}), "case-1")


def test_who_names_none_that_is_there_hears_which_are():
    with pytest.raises(UnknownName, match=r"no chapter with predictions 'case1'; there are .*did you mean case-1\?"):
        Prediction.of("case1")
    with pytest.raises(UnknownName, match=r"no prediction 'anycast-cuts'; .* did you mean anycast-cut\?"):
        Prediction.of("anycast", "cuts")


def test_a_way_is_not_asked_for_as_a_choice_nor_the_other_way_round():
    with pytest.raises(BadPrediction, match=r"case-2 is read by WayPrediction\.of, not by Prediction\.of"):
        Prediction.of("case-2")
    with pytest.raises(BadPrediction, match=r"case-1 is read by Prediction\.of, not by WayPrediction\.of"):
        WayPrediction.of("case-1")


def test_a_chapter_with_one_prediction_need_not_say_which():
    assert Prediction.of("anycast") == Prediction.of("anycast", "cut")


def test_the_names_under_which_browsers_keep_answers_stay_as_they_are():
    kept = {
        *("anycast-cut", "case-1", "case-2", "case-3", "end-of-the-map", "how-a-router-knows"),
        *("how-long-planned", "router-loopback-cut"),
    }
    ways = {"case-2", "case-3", "how-long"}
    read = [bundled(chapter, answers="ways" if chapter in ways else "options")["name"] for chapter in names()]
    assert kept <= {*read}
    assert len({*read}) == len(read)


def test_every_refusal_is_an_error_of_the_project():
    assert issubclass(BadPrediction, NetlearnError)


def test_what_comes_and_the_caption_of_a_question_are_folded_where_nothing_runs():
    class Telling(Explorer):
        """A figure of which something comes."""

        __module__ = Explorer.__module__

        def told(self):
            return (element("p", "What comes."),)

    asked = Telling(forum(), "Source", "End", predict=Prediction.of("case-1"), caption="Notice this.")
    before, _, after = asked.picture().partition('<details class="nl-later">')
    assert "is about to be cut" in before
    assert "Notice this." not in before
    assert "What comes." not in before
    assert "What comes." in after
    assert "Notice this." in after
    assert asked.carried()["caption"] == "Notice this."


def test_where_nothing_is_asked_the_caption_is_the_figures_own():
    figure = Explorer(forum(), "Source", "End", caption="Notice this.")
    assert "<figcaption>Notice this.</figcaption>" in figure.picture()
    assert "nl-later" not in figure.picture()
    assert "caption" not in figure.carried()


def test_room_is_kept_for_the_longest_that_may_be_said():
    asked = Prediction("name", "Which?", {"One": "Short.", "Two": "This one is longer."})
    assert 'data-room="This one is longer."' in str(asked.drawn())
