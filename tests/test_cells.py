"""The notebooks' cells: few short lines that call the library, with no definitions and none of the book's prose."""

import ast
import json
from collections import defaultdict

import notebooks
import pytest
from conftest import ROOT

from netlearn.teaching import predictions, quizzes

MOST_LINES, LONGEST_LINE = 8, 120

# What is written as JSON, in netlearn/data.
MADE_ELSEWHERE = {"Prediction", "WayPrediction", "Item", "Option", "Questions"}
BOOK = {path.stem: path for path in sorted((ROOT / "book").glob("*.ipynb"))}


def cells(chapter):
    """The cells of code, as they are stored."""
    stored = json.loads(BOOK[chapter].read_text(encoding="utf-8"))["cells"]
    return [cell for cell in stored if cell["cell_type"] == "code"]


def parts(chapter):
    """Every part of the cells' code, with the number of its cell."""
    for number, cell in enumerate(cells(chapter), start=1):
        yield from ((number, part) for part in ast.walk(ast.parse("".join(cell["source"]))))


def asked_for(kind):
    """The chapters that say `kind.of(...)`, by the words in it."""
    found = defaultdict(set)
    for chapter in BOOK:
        for _, part in parts(chapter):
            if isinstance(part, ast.Call) and ast.unparse(part.func) == f"{kind}.of":
                found[tuple(map(ast.literal_eval, part.args))].add(chapter)
    return found


@pytest.mark.parametrize("chapter", BOOK)
def test_a_cell_is_a_few_short_lines(chapter):
    for number, cell in enumerate(cells(chapter), start=1):
        lines = "".join(cell["source"]).splitlines()
        assert len(lines) <= MOST_LINES, f"cell {number} has {len(lines)} lines; the most is {MOST_LINES}"
        longest = max(map(len, lines))
        assert longest <= LONGEST_LINE, f"cell {number} has a line of {longest} letters; the most is {LONGEST_LINE}"


@pytest.mark.parametrize("chapter", BOOK)
def test_a_cell_defines_nothing(chapter):
    for number, part in parts(chapter):
        assert not isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef), (
            f"cell {number} defines {part.name}: the library does that"
        )


@pytest.mark.parametrize("chapter", BOOK)
def test_questions_answers_and_feedback_stand_in_no_cell(chapter):
    for number, part in parts(chapter):
        if isinstance(part, ast.Call):
            made = ast.unparse(part.func)
            assert made not in MADE_ELSEWHERE, f"cell {number} makes {made}(...): write it as JSON, say {made}.of(...)"
            assert made != "Quiz", f"cell {number} makes a quiz: write it as JSON, say Quiz.of(...)"


@pytest.mark.parametrize("chapter", sorted({*BOOK} & {name for name, *_ in asked_for("Quiz")}))
def test_the_quiz_of_a_chapter_stands_below_check_yourself_and_before_its_last_section(chapter):
    if chapter.startswith("quiz-"):
        return  # all of it is the quiz
    stored = json.loads(BOOK[chapter].read_text(encoding="utf-8"))["cells"]
    told = ["".join(cell["source"]) for cell in stored]
    assert sum("## Check yourself" in text for text in told) == 1
    quiz = told.index(f'Quiz.of("{chapter}")')
    assert told[quiz - 1] == "## Check yourself"
    assert told[quiz + 1].startswith("## So, ")


@pytest.mark.parametrize("chapter", BOOK)
def test_what_the_book_hides_of_a_cell_jupyter_hides_as_well(chapter):
    for number, cell in enumerate(cells(chapter), start=1):
        hidden = notebooks.HIDES_SOURCE & {*cell["metadata"].get("tags", [])}
        folded = cell["metadata"].get("jupyter", {})
        assert folded.get("source_hidden", False) == bool(hidden), f"cell {number}"
        assert folded.get("outputs_hidden", False) == (notebooks.HIDES_OUTPUT in cell["metadata"].get("tags", []))


def test_the_normal_form_takes_from_the_tags_alone_what_is_hidden():
    cell = {"cell_type": "code", "source": "1", "metadata": {"tags": ["hide-input"]}}
    shown = {"cell_type": "code", "source": "1", "metadata": {"jupyter": {"source_hidden": True}}}
    stored = json.loads(notebooks.normal({"cells": [cell, shown]}))["cells"]
    assert [each["metadata"].get("jupyter") for each in stored] == [{"source_hidden": True}, None]


@pytest.mark.parametrize("chapter", BOOK)
def test_a_cell_that_shows_nothing_but_proves_something_is_folded_as_the_check(chapter):
    for number, cell in enumerate(cells(chapter), start=1):
        code = ast.parse("".join(cell["source"]))
        proves = any(isinstance(part, ast.Assert) for part in ast.walk(code))
        shows = isinstance(code.body[-1], ast.Expr)
        tags = cell["metadata"].get("tags", [])
        assert (notebooks.CHECK in tags) == (proves and not shows), f"cell {number}"
        for show, _ in (notebooks.FOLDS[tag] for tag in tags if tag in notebooks.FOLDS):
            assert cell["metadata"]["mystnb"]["code_prompt_show"] == show, f"cell {number}"


def test_the_normal_form_folds_a_check_and_names_the_fold():
    cell = {"cell_type": "code", "source": "assert True", "metadata": {"tags": [notebooks.CHECK]}}
    (stored,) = json.loads(notebooks.normal({"cells": [cell]}))["cells"]
    assert stored["metadata"] == {
        "jupyter": {"source_hidden": True},
        "mystnb": {"code_prompt_hide": "The check", "code_prompt_show": "The check"},
        "tags": ["check", "hide-input"],
    }


def test_each_file_of_predictions_belongs_to_the_chapter_of_its_name_and_is_used_there_alone():
    used = defaultdict(set)
    for kind in ("Prediction", "WayPrediction"):
        for words, chapters in asked_for(kind).items():
            chapter, which = (*words, "")[:2]
            assert predictions.bundled(chapter, which, "ways" if kind == "WayPrediction" else "options")
            used[words[0]] |= chapters
    assert used == {name: {name} for name in predictions.names()}


def test_each_quiz_is_in_one_chapter_that_its_name_begins_with():
    used = {name: chapters for (name,), chapters in asked_for("Quiz").items()}
    assert {*used} == {*quizzes.names()}
    for name, (chapter, *others) in used.items():
        assert not others, name
        assert name == chapter or name.startswith(f"{chapter}-"), f"{name} stands in {chapter}"
