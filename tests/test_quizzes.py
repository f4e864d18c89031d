"""The quizzes: a question that would teach badly is refused, and every one of the book's is as the rules have it."""

import json
import re
from collections import Counter

import pytest
from prose import parts, pieces

from netlearn import CASE_1, BadQuiz, NetlearnError, Packet, UnknownName, converged_fibs, flow_between, forum, walk
from netlearn.figures.common.bundle import bundled as module_text
from netlearn.figures.common.bundle import modules
from netlearn.figures.quiz import view as drawing_view
from netlearn.teaching import glossary
from netlearn.teaching.quizzes import Item, Option, Questions, bundled, from_json, names
from netlearn.widgets import Quiz

RIGHT = Option("Its sums are equal.", right=True, feedback="Both are 3.")
WRONG = Option("It throws dice.", feedback="Nothing here is left to chance.")
ALSO_RIGHT = Option("People set the metrics.", right=True, feedback="They do.")


def item(*options, name="why-tied", question="Why is R1 tied?", several=False):
    return Item(name, question, options or (RIGHT, WRONG), several)


# What is refused


def test_an_item_has_exactly_one_right_answer():
    with pytest.raises(BadQuiz, match="the item why-tied: 2 of its options are right; one is, unless several is said"):
        item(RIGHT, ALSO_RIGHT, WRONG)
    with pytest.raises(BadQuiz, match="0 of its options are right; one is"):
        item(WRONG, Option("By habit.", feedback="It has none."))


def test_with_several_one_or_more_are_right():
    assert item(RIGHT, ALSO_RIGHT, WRONG, several=True).several
    assert item(RIGHT, WRONG, several=True).several
    with pytest.raises(BadQuiz, match="0 of its options are right; one or more are"):
        item(WRONG, Option("By habit.", feedback="It has none."), several=True)


@pytest.mark.parametrize("feedback", ["", "  "])
def test_every_option_has_feedback(feedback):
    with pytest.raises(BadQuiz, match=r"the option 'By habit\.': its feedback is words"):
        Option("By habit.", feedback=feedback)


@pytest.mark.parametrize(
    "question",
    [
        "Which of these is NOT a next hop?",
        "What does R5 never do?",
        "Which router doesn't forward?",
        "Which router doesn’t forward?",
        "What can't be shared?",
        "What cannot be shared?",
        "Which hold, except one?",
    ],
)
def test_a_question_that_asks_in_the_negative_is_refused(question):
    with pytest.raises(BadQuiz, match="the item why-tied asks in the negative"):
        item(question=question)


def test_words_that_only_look_negative_are_fine():
    assert item(question="What notices that nothing arrives without R2, and what does `not` mean in `ip route`?")


@pytest.mark.parametrize("text", ["None of the above", "ALL OF THE ABOVE.", "Both of the above", "None of these."])
def test_an_option_that_speaks_of_the_others_is_refused(text):
    with pytest.raises(BadQuiz, match="speaks of the other options"):
        Option(text, feedback="Hm.")


def test_an_option_may_say_all_of_something():
    assert Option("All of the flows, and none of them twice.", feedback="Yes.")


def test_an_item_has_two_to_five_options():
    others = [Option(f"It is {number}.", feedback="No.") for number in range(5)]
    assert item(RIGHT, *others[:4])
    for options in ([RIGHT], [RIGHT, *others]):
        with pytest.raises(BadQuiz, match=f"has {len(options)} options; possible are 2 to 5"):
            item(*options)


def test_two_options_that_say_the_same_are_refused_however_they_are_written():
    with pytest.raises(BadQuiz, match="two options that say 'via r4'"):
        item(RIGHT, Option("Via  `R4`.", feedback="No."), Option("via R4", feedback="No."))


@pytest.mark.parametrize("name", ["", "Why", "why_tied", "why-", "why tied", "1-why", 7])
def test_an_id_is_words_joined_by_hyphens(name):
    with pytest.raises(BadQuiz, match="small letters joined by hyphens"):
        item(name=name)


@pytest.mark.parametrize("text", ["`lo is up", "`lo` is `up", "a `` b"])
def test_code_has_both_of_its_backticks_and_something_between(text):
    with pytest.raises(BadQuiz, match="backtick"):
        Option(text, feedback="No.")


def test_a_quiz_has_items_with_different_ids():
    with pytest.raises(BadQuiz, match="has no items"):
        Quiz()
    with pytest.raises(BadQuiz, match="two items with the id why-tied"):
        Quiz(item(), item(question="Why is R2 tied?"))
    with pytest.raises(BadQuiz, match="title"):
        Quiz(item(), title=" ")


# From a file


def written(**changes):
    option = {"text": "Its sums are equal.", "right": True, "feedback": "Both are 3."}
    other = {"text": "It throws dice.", "feedback": "Nothing here is left to chance."}
    row = {"id": "why-tied", "question": "Why is R1 tied?", "options": [option, other]} | changes
    return json.dumps({"title": "Ties", "items": [row]})


def test_json_reads_as_the_same_values():
    assert from_json(written()) == Questions("Ties", (item(RIGHT, WRONG),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "the quiz is an object with title, items"),
        ('{"title": "Ties"}', "items is a list of objects, not None"),
        ('{"titel": "Ties"}', "did you mean title"),
        (
            '{"items": [{"id": "a", "question": "Why?", "options": [{"text": "b", "feedback": "c"}]}]}',
            "a has 1 options",
        ),
        ('{"items": [3]}', "item 1 is an object"),
        (written(options=None), "item why-tied: options is a list"),
        (written(options=[{"feedback": "No."}]), "item why-tied, option 1 has no text; its keys are feedback"),
        (written(options=[{"text": "a", "rigth": True}]), "option 1 has the key 'rigth'; .* did you mean right"),
        (written(options=[{"text": "a", "right": 1}]), "the option 'a': right is true or false, not 1"),
        (written(options=[{"text": 3}]), "an option's text is words, not 3"),
        (written(several="yes"), "several is true or false, not 'yes'"),
        (written(id=None), "an item's id is words"),
        ('{"items": [{"question": "Why?", "options": []}]}', "item 1 has no id; its keys are options, question"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(text, says):
    with pytest.raises(BadQuiz, match=says):
        from_json(text)


def test_a_quiz_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(UnknownName, match=r"there is no quiz 'case1'; there are .*case-1.*; did you mean case-1\?"):
        Quiz.of("case1")


# The book's own


GUESSES = [name for name in names() if name.endswith("-guess")]  # before a chapter has said anything
QUIZZES = [name for name in names() if name not in GUESSES]


@pytest.mark.parametrize("name", names())
def test_a_chapter_has_three_to_five_questions_a_part_about_ten_and_a_guess_is_one(name):
    least, most = (8, 12) if name.startswith("quiz-") else (1, 1) if name in GUESSES else (3, 5)
    assert least <= len(bundled(name).items) <= most


def test_ids_are_unique_in_the_whole_book():
    times = Counter(each.id for name in names() for each in bundled(name).items)
    assert times
    assert {name for name, count in times.items() if count > 1} == set()


def test_interfaces_commands_and_localhost_are_code_in_quizzes_chapters_and_the_glossary_alike():
    items = [each for name in names() for each in bundled(name).items]
    said = [each.question for each in items]
    said += [text for each in items for option in each.options for text in (option.text, option.feedback)]
    said += [term.means for term in glossary.bundled().terms]
    said += [piece.text for part in parts() for chapter in part for piece in pieces(chapter)]
    name = re.compile(r"(?<![\w-])(lo|eth\d|ss|localhost)\b(?!-)")
    assert [text for text in said if name.search(re.sub("`[^`]*`", "", text))] == []


@pytest.mark.parametrize("name", QUIZZES)
def test_the_right_answer_has_no_place_of_its_own(name):
    places = {tuple(option.right for option in each.options).index(True) for each in bundled(name).items}
    assert len(places) > 1


def test_with_one_common_seed_nothing_reaches_r7_as_the_quiz_of_case_1_says():
    network = forum().without(*CASE_1)
    fibs = converged_fibs(network)
    common = dict.fromkeys(network.routers, "the same")
    for seeds, expected in ((common, {"R4"}), (None, {"R4", "R7"})):
        walks = [
            walk(fibs, Packet(flow_between(network, "Source", "End", number)), "Source", seeds)
            for number in range(1, 65)
        ]
        assert {each.hops[-1].node for each in walks} == expected


# How it is drawn


def test_text_is_escaped_and_only_code_is_markup():
    nasty = Option("<b>R4</b> & `<lo>`", feedback="**No** `a&b`")
    html = str(drawing_view.body(Questions("<i>", (item(RIGHT, nasty, question="Is <u>R1</u> `tied`?"),))))
    assert not {"<b>", "<i>", "<u>", "<lo>"} & {part + ">" for part in html.split(">")}
    assert "<span>&lt;b&gt;R4&lt;/b&gt; &amp; <code>&lt;lo&gt;</code></span>" in html
    assert "Is &lt;u&gt;R1&lt;/u&gt; <code>tied</code>?" in html
    assert "**No** <code>a&amp;b</code>" in html


def test_where_nothing_runs_there_are_questions_options_and_folded_answers():
    html = Quiz(item()).html().split("<script", 1)[0]
    before, folded = html.split("<details")
    assert "Why is R1 tied?" in before
    assert "<li>It throws dice.</li>" in before
    assert "Both are 3." not in before
    assert "Show the answers" in folded
    assert "Nothing here is left to chance." in folded
    assert "Both are 3." in folded
    assert "<input" not in html


def test_a_quiz_computes_nothing_and_says_so_to_the_page():
    html = Quiz(item()).html()
    data = json.loads(html.split('<script type="application/json">')[1].removesuffix("</script></figure>"))
    assert set(data) == {"body"}


def test_a_quiz_is_stored_alike_every_time():
    assert Quiz(item()).html() == Quiz(item()).html()
    assert repr(Quiz(item(), title="Ties")) == "<Quiz: Ties. Why is R1 tied?>"


def test_the_modules_of_all_figures_are_known_with_and_without_a_computation():
    assert {"explorer", "quiz"} <= {*modules()}
    assert "import" not in module_text("quiz").split()


def test_every_refusal_is_an_error_of_the_project():
    assert issubclass(BadQuiz, NetlearnError)
