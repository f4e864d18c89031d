"""A new figure, made as `CONTRIBUTING.md` says: its code, copied from there, works in a copy of the library."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("scene.py", "view.py", "widget.py", "figure.js")
WORKS = """
import json
from netlearn.figures.common.bundle import bundled, modules
from netlearn.figures.common.jupyter import widget
from netlearn.figures.parity.view import view
from netlearn.figures.parity.widget import Parity

figure = widget(Parity)()
assert "parity" in modules() and "import " not in bundled("parity")
figure.number = 8
try:
    figure.set_state({"number": -1})
    raise SystemExit("a number below 0 was taken")
except ValueError:
    pass
print(json.dumps({
    "repr": repr(figure), "number": figure.number, "first": figure.first, "view": figure.view, "page": view(number=3),
    "recorded": len(figure.figure.recorded), "carried": figure.figure.carried(), "still": figure.figure.picture(),
}))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What the figure of the page answers, in a copy of the library that has it."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Add a figure")[1].split("\n## ")[0]
    blocks = re.findall(r"```(?:python|js)\n(.*?)```", section, re.DOTALL)
    place = tmp_path_factory.mktemp("library")
    shutil.copytree(ROOT / "netlearn", place / "netlearn", ignore=shutil.ignore_patterns("__pycache__"))
    folder = place / "netlearn" / "figures" / "parity"
    folder.mkdir()
    (folder / "__init__.py").touch()
    for name, block in zip(FILES, blocks, strict=True):
        (folder / name).write_text(block, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WORKS],
        cwd=place,
        env={"PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_figure_answers_the_reader_and_refuses_what_cannot_be(made):
    assert (made["repr"], made["number"]) == ("<Parity: 8 is even.>", 8)
    assert made["view"] == {"say": {"text": "8 is even."}}


def test_its_first_state_its_record_and_what_a_page_asks_follow_from_the_scene(made):
    assert made["first"] == {"number": 7}
    assert made["recorded"] == 10
    assert made["carried"]["varies"] == ["number"]
    assert made["carried"]["function"] == "netlearn.figures.parity.view:view"
    assert made["carried"]["recorded"]["[4]"] == {"say": {"text": "4 is even."}}
    assert made["page"]["say"]["text"] == "3 is odd."


def test_without_scripts_it_is_there_in_words(made):
    assert 'data-figure="parity"' in made["still"]
    assert "8 is even." in made["still"]
