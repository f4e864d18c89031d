"""Mutants: one that a test notices is killed, one that none notices is named, and one that is explained is not."""

from pathlib import Path

import pytest
from conftest import ROOT
from mutants import JUDGES, LIST, hunt
from mutations import mutants

RULE = '''"""A rule, planted."""


def older(age: int, other: int) -> bool:
    """Whether `age` is the greater."""
    return age > other
'''
TEST = """from netlearn.routing.planted import older


def test_two_is_older_than_one():
    assert older(2, 1)
    assert not older(1, 2)
"""
SURVIVOR = "routing older\n- return age > other\n+ return age >= other"


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A repository of one rule, whose test does not say what holds for two that are equally old."""
    files = {"netlearn/__init__.py": "", "netlearn/routing/__init__.py": "", "netlearn/routing/planted.py": RULE}
    for name, text in {**files, "tests/test_planted.py": TEST, LIST: "# None yet.\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_mutant_that_no_test_notices_is_named_with_its_lines_before_and_after(
    planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hunt(planted, ["planted"], count=9, seed=1, minutes=9, jobs=1) == 1
    said = capsys.readouterr().out
    assert f"netlearn/routing/planted.py:6\n{SURVIVOR}\n" in said
    assert "Of 2 mutants: 1 killed, 0 timed out, 0 equivalent, 1 survived, 0 not tried; seed 1" in said
    assert (planted / "netlearn/routing/planted.py").read_text(encoding="utf-8") == RULE


def test_a_mutant_that_has_been_explained_is_no_complaint_but_what_is_no_mutant_any_more_is_named(
    planted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = SURVIVOR.replace("older", "younger")
    (planted / LIST).write_text(f"# Two.\n\n{SURVIVOR}\n= so be it\n\n{gone}\n= it was so\n", encoding="utf-8")
    assert hunt(planted, ["planted"], count=9, seed=1, minutes=9, jobs=1) == 0
    said = capsys.readouterr().out
    assert "1 killed, 0 timed out, 1 equivalent, 0 survived" in said
    assert f"{LIST}:\n{gone}\n" in said
    assert SURVIVOR not in said


@pytest.mark.parametrize(
    ("line", "others"),
    [
        ("return a and b or c", {"return a or b or c", "return a and b and c", "return None"}),
        ("return not (a or b)", {"return (a or b)", "return not (a and b)", "return None"}),
        ("if a is None: b += 1", {"if a is not None: b += 1", "if True: b += 1", "if False: b += 1",
                                  "if a is None: b -= 1", "if a is None: b += 2", "if a is None: pass"}),
        ("while a: break", {"while False: break", "while a: continue"}),
        ("return min(x for x in a if x)", {"return max(x for x in a if x)", "return min(x for x in a if True)",
                                           "return None"}),
        ("größe = a < b", {"größe = a <= b"}),
        ("a.x = -1", {"pass", "a.x = 1", "a.x = -2"}),
        ("a: tuple[int, bool] = (0, True)", {"a: tuple[int, bool] = (1, True)", "a: tuple[int, bool] = (0, False)"}),
        ("raise ValueError(f'{a + 1} is {b or 2}')", {"pass"}),
        ("assert a > 1 and b", set()),
        ("'a docstring'", set()),
    ],
)  # fmt: skip
def test_a_line_is_changed_in_one_place_at_a_time_and_words_types_and_assertions_in_none(
    tmp_path: Path, line: str, others: set[str]
) -> None:
    (tmp_path / "module.py").write_text(f"@cached(1)\ndef f(a, b, c):\n    {line}\n", encoding="utf-8")
    found = [*mutants(tmp_path, tmp_path / "module.py")]
    assert sorted(each.row.after for each in found) == sorted(others)
    assert {(each.row.function, each.row.before, each.line) for each in found} <= {("f", line, 3)}
    for each in found:
        compile(each.text, "module.py", "exec")


def test_what_a_module_hands_on_and_its_types_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text('__all__ += ["f"]\nEither = int | str\nLEAST = 1 + 2\n', encoding="utf-8")
    found = {each.row.after for each in mutants(tmp_path, tmp_path / "module.py")}
    assert found == {"LEAST = 1 - 2", "LEAST = 2 + 2", "LEAST = 1 + 3"}


def test_every_judge_is_a_file_of_tests() -> None:
    assert [name for name in JUDGES if not (ROOT / "tests" / f"test_{name}.py").is_file()] == []
