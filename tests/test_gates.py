"""The gates before the tests: a planted fault does not pass, and is named with its file."""

import re
import shutil
import subprocess
import sys
import tomllib
from contextlib import redirect_stderr
from io import StringIO
from pathlib import Path

import check_js
import pytest
from node import installed

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SETTINGS = ("biome.json", *check_js.PROJECTS)
MYPY = [BIN / "mypy", "--config-file=pyproject.toml"]
# Which gate, in which file, the fault, and what is said of it.
FAULTS_IN_PYTHON = {
    "ruff check": ([BIN / "ruff", "check"], "planted.py", "import os\n", "F401"),
    "ruff format": ([BIN / "ruff", "format", "--check"], "planted.py", "x = {'a':1}\n", "would be reformatted"),
    "mypy": (MYPY, "planted.py", 'x: int = "one"\n', "Incompatible types"),
    "mypy in a test without annotations": (MYPY, "test_rib.py", "def test_one():\n    assert len(1)\n", "Sized"),
    "mypy in a new test": (MYPY, "test_planted.py", "def test_one():\n    assert 1\n", "missing a return type"),
}
# In which file, what is made of it, and what is said of that.
FAULTS_IN_JAVASCRIPT = {
    "a wrong type": ("common/keys.js", ("box.width / 2,", '"2",'), r"keys\.js\(\d+,\d+\): error TS\d+"),
    "what may be null": ("common/keys.js", ("parts[0]?.set", "parts[0].set"), r"keys\.js\(\d+,.*possibly"),
    "a likely fault": ("common/kept.js", ("return act(", "debugger; return act("), r"kept\.js:\d+:\d+ .*noDebugger"),
    "another form": ("common/kept.js", ('"netlearn:";', "'netlearn:'"), r"kept\.js format"),
    "a mistyped property": ("common/figure.css", ("cursor:", "cursr:"), r"figure\.css:\d+:\d+ .*UnknownProperty"),
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy of our scripts, style sheets and written example in which all these faults stand."""
    place = tmp_path_factory.mktemp("planted")
    for name in SETTINGS:
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    ours = shutil.ignore_patterns("*.py", "__pycache__", "*.json")
    for name in ("netlearn/figures", "web"):
        shutil.copytree(ROOT / name, place / name, ignore=ours, dirs_exist_ok=True)
    example = re.search(r"```js\n(.*?)```", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (place / "netlearn" / "figures" / "parity").mkdir()
    (place / "netlearn" / "figures" / "parity" / "figure.js").write_text(example[1], encoding="utf-8")
    installed(check_js.PACKAGES, check_js.FOLDER, "TypeScript and Biome")
    (place / "_build").mkdir()
    (place / "_build" / "javascript").symlink_to(check_js.FOLDER)
    for name, fault, _ in FAULTS_IN_JAVASCRIPT.values():
        file = place / "netlearn" / "figures" / name
        text = file.read_text(encoding="utf-8")
        assert fault[0] in text, f"{fault[0]} stands in {name} no more: plant another fault"
        file.write_text(text.replace(*fault, 1), encoding="utf-8")
    with redirect_stderr(StringIO()) as said:
        assert check_js.check(place) != 0
    return said.getvalue()


@pytest.mark.parametrize("said", [said for _, _, said in FAULTS_IN_JAVASCRIPT.values()], ids=FAULTS_IN_JAVASCRIPT)
def test_a_planted_fault_in_a_script_or_a_style_sheet_is_named(found: str, said: str) -> None:
    assert re.search(said, found)


def test_only_what_was_planted_is_named(found: str) -> None:
    assert {*re.findall(r"[\w/]+\.(?:m?js|css)\b", found)} == {
        f"netlearn/figures/{name}" for name, _, _ in FAULTS_IN_JAVASCRIPT.values()
    }


@pytest.mark.parametrize(("command", "file", "fault", "said"), FAULTS_IN_PYTHON.values(), ids=FAULTS_IN_PYTHON)
def test_a_planted_fault_in_python_is_named(
    tmp_path: Path, command: list[str | Path], file: str, fault: str, said: str
) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / file).write_text(fault, encoding="utf-8")
    done = subprocess.run([*command, file], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode != 0
    assert said in done.stdout + done.stderr
    assert file in done.stdout + done.stderr


def test_mypy_looks_at_all_tests_and_excuses_none_that_is_gone() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert {"netlearn", "tools", "web", "benchmarks", "tests"} == {*mypy["files"]}
    (excused,) = (each["module"] for each in mypy["overrides"] if "check_untyped_defs" in each)
    assert [name for name in excused if not (ROOT / "tests" / f"{name}.py").is_file()] == []


def test_a_gate_that_stands_here_is_called_by_make_test() -> None:
    test, style = (
        (ROOT / "Makefile").read_text(encoding="utf-8").split(f"\n{target}:")[1].split("\n\n")[0]
        for target in ("test", "style")
    )
    assert " style\n" in test
    gates = ("ruff check", "ruff format --check", "mypy", "tools/check_js.py")
    assert [gate for gate in gates if gate not in style] == []
