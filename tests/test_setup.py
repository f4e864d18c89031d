"""What a reader and a contributor rely on before they read a line: the commands, the versions, the build."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from http.client import HTTPConnection
from importlib.metadata import distribution, version
from pathlib import Path
from random import Random
from threading import Thread

import build_book
import nbformat
import notebooks
import pytest
import yaml
from conftest import ROOT
from nbconvert import ScriptExporter
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from serve import SiteHandler, site_server

TARGETS = ["serve", "book", "test", "browser", "notebooks", "recordings", "jupyter"]
TARGETS += ["bench", "report", "screens", "mutants", "clean"]


def cell(kind: str, source: str) -> dict[str, object]:
    """A cell that was never run."""
    made: dict[str, object] = {"cell_type": kind, "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def tiny_book(folder: Path, *cells: dict[str, object], repository: str = "") -> Path:
    """A book of one notebook with the settings, the extension and the templates of the real one."""
    settings = (ROOT / "_config.yml").read_text(encoding="utf-8").replace('  url: ""', f'  url: "{repository}"')
    (folder / "_config.yml").write_text(settings, encoding="utf-8")
    (folder / "_toc.yml").write_text("format: jb-book\nroot: book/index\n", encoding="utf-8")
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        (folder / name).write_text("", encoding="utf-8")
    shutil.copytree(ROOT / "web", folder / "web", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "book").mkdir()
    notebook = {"cells": list(cells), "metadata": notebooks.METADATA, "nbformat": 4, "nbformat_minor": 5}
    (folder / "book" / "index.ipynb").write_text(notebooks.normal(notebook), encoding="utf-8")
    return folder


def test_make_help_lists_what_make_can_do() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")}
    said = subprocess.run(
        ["make", "help"], cwd=ROOT, env=environment, text=True, capture_output=True, check=True
    ).stdout
    assert [line.split()[1] for line in said.splitlines()] == ["help", *TARGETS]


def test_every_requirement_is_pinned_and_the_library_is_among_them() -> None:
    lines = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if line and line[0] != "#"]
    assert lines[:2] == ["-e .", "-c constraints.txt"]
    assert [line for line in lines[2:] if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][^ ]*", line)] == []


def test_what_the_requirements_need_in_their_turn_is_of_a_pinned_version_too() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert re.fullmatch("setuptools==[0-9.]+", *project["build-system"]["requires"])
    asked = [line for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line]
    asked += [line for level in ("test", "bench") for line in project["project"]["optional-dependencies"][level]]
    below = (ROOT / "constraints.txt").read_text().splitlines()
    lines = {line.partition("==")[::2] for line in asked + below if "==" in line}
    pinned = {canonicalize_name(name): number for name, number in lines}
    left = [Requirement(line) for line in asked]
    seen: set[tuple[str, ...]] = {("setuptools",)}  # Python brings its own as it makes the environment
    while left:
        one = left.pop()
        name = canonicalize_name(one.name)
        if (name, *one.extras) in seen:
            continue
        seen.add((name, *one.extras))
        assert pinned.get(name) == version(name), name
        needed = map(Requirement, distribution(name).requires or ())
        extras = ("", *one.extras)
        left += [each for each in needed if not each.marker or any(each.marker.evaluate({"extra": e}) for e in extras)]


def test_the_two_lists_of_tools_agree_on_their_versions() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    tests = dict(line.split("==") for line in project["optional-dependencies"]["test"])
    reader = dict(line.split("==") for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line)
    assert {name: tests[name] for name in tests.keys() & reader.keys()} == {
        name: reader[name] for name in tests.keys() & reader.keys()
    }


def test_the_version_is_the_same_wherever_it_stands() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
    assert f"## [{version}]" in (ROOT / "CHANGELOG.md").read_text()


def test_the_package_takes_along_every_file_that_the_library_reads() -> None:
    package = ROOT / "netlearn"
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["netlearn"]
    taken = {path for pattern in patterns for path in package.glob(pattern)}
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path.name for path in files - taken if path.suffix != ".py"} == set()


def test_binder_finds_a_new_enough_python_and_nothing_that_hides_the_requirements() -> None:
    assert (ROOT / "runtime.txt").read_text().strip() == "python-3.11"
    hiding = [
        "binder",
        ".binder",
        "environment.yml",
        "Pipfile",
        "Dockerfile",
        "apt.txt",
        "postBuild",
        "start",
    ]
    assert [name for name in hiding if (ROOT / name).exists()] == []


def test_a_page_of_a_book_without_an_address_has_no_launch_and_no_repository_link(tmp_path: Path) -> None:
    folder = tiny_book(tmp_path, cell("markdown", "# One\n\nText, and $a^2$."), cell("code", "print(6 * 7)"))
    assert build_book.build(folder) == 0
    text = (folder / "_build" / "html" / "book" / "index.html").read_text()
    assert "42" in text
    assert "<math" in text
    assert "Download this notebook" in text
    for word in ("mybinder", "Binder", "github.com", "Repository", "Report a mistake"):
        assert word not in text, word


def test_a_page_of_a_book_with_an_address_opens_in_binder(tmp_path: Path) -> None:
    repository = "https://github.com/someone/netlearn"
    folder = tiny_book(tmp_path, cell("markdown", "# One"), cell("code", "6 * 7"), repository=repository)
    assert build_book.build(folder) == 0
    text = (folder / "_build" / "html" / "book" / "index.html").read_text()
    assert "https://mybinder.org/v2/gh/someone/netlearn/main?urlpath=lab/tree/book/index.ipynb" in text
    assert f'href="{repository}"' in text
    assert f"{repository}/issues/new" in text
    root = "https://someone.github.io/netlearn/"
    assert f'<link rel="canonical" href="{root}book/index.html">' in text
    assert f'<meta property="og:url" content="{root}book/index.html">' in text
    assert f'<meta property="og:image" content="{root}_static/social.png">' in text
    assert f"<loc>{root}book/index.html</loc>" in (folder / "_build" / "html" / "sitemap.xml").read_text()
    assert 'href="/netlearn/_static/site.css' in (folder / "_build" / "html" / "404.html").read_text()


def test_a_notebook_that_fails_fails_the_build(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tiny_book(tmp_path, cell("markdown", "# One"), cell("code", "assert 1 == 2, 'a claim that does not hold'"))
    assert build_book.build(folder) != 0
    assert "a claim that does not hold" in capfd.readouterr().err
    assert not (folder / "_build" / "html" / "index.html").exists()


def test_a_book_needs_no_home_and_a_failed_build_leaves_the_old_site_and_shows_what_its_cell_printed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/proc/no-home")  # where not even root may write
    monkeypatch.delenv("MPLCONFIGDIR", raising=False)
    folder = tiny_book(tmp_path, cell("markdown", "# One"), cell("code", "import matplotlib.pyplot\nprint('before')"))
    assert build_book.build(folder) == 0
    page = folder / "_build" / "html" / "book" / "index.html"
    built = page.read_text()
    assert "before" in built
    source = "import sys\nprint('on its', 'way')\nprint('a notice of', 6 * 7, file=sys.stderr)"
    said = {"cells": [cell("markdown", "# One"), cell("code", source)], "metadata": notebooks.METADATA}
    (folder / "book" / "index.ipynb").write_text(notebooks.normal({**said, "nbformat": 4, "nbformat_minor": 5}))
    assert build_book.build(folder) != 0
    assert page.read_text() == built
    printed = capfd.readouterr().err
    assert "on its way" in printed
    assert "a notice of 42" in printed


def test_a_warning_fails_the_build(tmp_path: Path) -> None:
    folder = tiny_book(tmp_path, cell("markdown", "# One\n\n[nowhere](no-such-page.md)"))
    assert build_book.build(folder) != 0


def test_a_book_is_built_again_only_when_it_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tiny_book(tmp_path, cell("markdown", "# One"))
    assert build_book.build(folder) == 0
    capsys.readouterr()
    assert build_book.build(folder) == 0
    assert capsys.readouterr().out == "The book is up to date.\n"
    style = folder / "web" / "assets" / "site.css"
    style.write_text(style.read_text() + "\n/* changed */\n")
    assert build_book.build(folder) == 0
    assert "changed" in (folder / "_build" / "html" / "_static" / "site.css").read_text()


def test_a_changed_library_empties_the_cache_of_executed_notebooks(tmp_path: Path) -> None:
    folder = tiny_book(tmp_path, cell("markdown", "# One"), cell("code", "import sys; sys.path.insert(0, '..')"),
                       cell("code", "import netlearn; print(netlearn.__file__ and netlearn.WORD)"))  # fmt: skip
    library = folder / "netlearn" / "__init__.py"
    library.parent.mkdir()
    for word in ("before", "after"):
        library.write_text(f"WORD = 'the word {word}'\n")
        assert build_book.build(folder) == 0
        assert f"the word {word}" in (folder / "_build" / "html" / "book" / "index.html").read_text()


def test_running_and_storing_a_notebook_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "one.ipynb"
    path.parent.mkdir()
    (path.parent / "beside.txt").write_text("a file beside the notebook")
    code = [
        "import ipywidgets\nipywidgets.IntSlider()",
        "print('one')\nprint('two', flush=True)\nprint('three')",
        "from pathlib import Path\nPath('beside.txt').read_text()",
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in code]), path)
    notebooks.run(path)
    first = path.read_bytes()
    notebooks.run(path)
    assert path.read_bytes() == first
    stored = json.loads(first)
    assert stored["metadata"] == notebooks.METADATA
    assert [cell["execution_count"] for cell in stored["cells"]] == [1, 2, 3]
    assert list(stored["cells"][0]["outputs"][0]["data"]) == ["text/plain"]
    assert stored["cells"][1]["outputs"][0]["text"] == ["one\n", "two\n", "three\n"]
    assert stored["cells"][2]["outputs"][0]["data"]["text/plain"] == ["'a file beside the notebook'"]
    nbformat.validate(nbformat.read(path, as_version=4))


def test_a_stored_notebook_says_that_it_is_python_and_becomes_a_script() -> None:
    script, about = ScriptExporter().from_filename(str(ROOT / "book" / "case-1.ipynb"))  # type: ignore[no-untyped-call]
    assert about["output_extension"] == ".py"
    compile(script, "case-1.py", "exec")


def test_a_stored_output_that_was_tampered_with_is_found(tmp_path: Path) -> None:
    path = tmp_path / "one.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("6 * 7")]), path)
    notebooks.run(path)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--nbval", str(path)]
    command += ["--nbval-sanitize-with", str(ROOT / "tests" / "nbval.cfg")]
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    path.write_text(path.read_text().replace('"42"', '"43"'))
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert said.returncode == 1
    assert "43" in said.stdout


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_stored_notebook_is_executed_and_in_the_normal_form(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = json.loads(text)
    assert notebooks.normal(notebook) == text, "run: make notebooks"
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1)), "run: make notebooks"


@pytest.mark.parametrize("path", sorted((ROOT / "book").glob("*.ipynb")), ids=lambda path: path.stem)
def test_a_stored_notebook_leads_to_the_chapters_before_and_after_it(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    stored = [cell["id"] for cell in notebook["cells"] if cell["id"] in notebooks.WAYS]
    assert stored == [*notebooks.WAYS]
    text = notebooks.normal(notebook)
    notebooks.lead(notebook, path)
    assert notebooks.normal(notebook) == text, "run: .venv/bin/python tools/notebooks.py --ways book/*.ipynb"


def test_the_ways_of_notebooks_follow_the_order_of_the_book_and_stand_once(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text(
        "root: book/a\nparts:\n- chapters: [{file: book/b}, {file: book/told}]\n- chapters: [{file: book/c}]\n"
    )
    (tmp_path / "book").mkdir()
    for name in "abcx":
        book = {"cells": [cell("markdown", f"# The {name}"), cell("code", "1")]}
        (tmp_path / "book" / f"{name}.ipynb").write_text(notebooks.normal(book))
    paths = sorted((tmp_path / "book").glob("*.ipynb"))
    for _ in range(2):
        notebooks.main(["--ways", *map(str, paths)])
        found = [json.loads(path.read_text())["cells"] for path in paths]
        assert [[each["id"] for each in cells] for cells in found] == [
            *[["way-top", "cell-1", "cell-2", "way-end"]] * 3,
            ["cell-1", "cell-2"],  # what the book does not have
        ]
        assert ["".join(cells[0]["source"]) for cells in found[:3]] == [
            "Next: [The b](b.ipynb)",
            "Previous: [The a](a.ipynb) · Next: [The c](c.ipynb)",
            "Previous: [The b](b.ipynb)",
        ]
        assert all(cells[0]["source"] == cells[-1]["source"] for cells in found[:3])
        assert all(cells[0]["metadata"] == {"tags": ["remove-cell"]} for cells in found[:3])


def test_a_taken_port_is_said_in_one_line_and_without_a_port_the_next_free_one_is_taken(
    tmp_path: Path,
) -> None:
    with site_server(tmp_path) as taken:
        command = [sys.executable, str(ROOT / "tools" / "serve.py"), "--port", str(taken.server_port)]
        said = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert said.returncode == 1
    assert len(said.stderr.splitlines()) == 1
    assert str(taken.server_port) in said.stderr


@pytest.fixture(scope="module")
def little_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server of a folder with a page, a folder without one, a hidden file and a way out."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("the page")
    (folder / "empty").mkdir()
    (folder / ".hidden").write_text("hidden")
    (folder / "out").symlink_to(ROOT)
    (folder / "round").symlink_to("round")
    with site_server(folder) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def answered(port: int, path: str, **headers: str) -> int:
    """The status with which the server answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize(
    "path", ["/%00", "/empty/", "/.hidden", "/out/README.md", "/round", "/%2e%2e/", "/" + "x" * 5000]
)
def test_the_server_has_no_listing_nothing_hidden_and_nothing_of_elsewhere(
    little_site: int, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert answered(little_site, path) in ({404, 200} if path == "/%2e%2e/" else {404})  # above the top is the top
    assert answered(little_site, "/") == 200
    assert capfd.readouterr().err == ""


def test_every_request_has_an_answer_or_an_end_and_none_is_told_in_the_terminal(
    little_site: int, capfd: pytest.CaptureFixture[str]
) -> None:
    outside, answers = (ROOT / "README.md").read_bytes()[:40], 0
    words = [b"GET", b"HEAD", b"POST", b"/", b"/.hidden", b"/out/README.md", b"/%2e%2e/", b"//", b"\0", b"\x1b[2J"]
    words += [b" ", b" ", b" HTTP/1.1\r\n", b" HTTP/9.9\r\n", b"Host: localhost\r\n", b"Host: a\r\n", b"\r\n", b"\xff"]
    words += [b"x" * 70_000]
    for number in range(int(os.environ.get("NETLEARN_HOSTILE", "40"))):
        generator = Random(f"request {number}")
        drawn = b"".join(generator.choice(words) for _ in range(generator.randrange(9)))
        usual = b"GET " + generator.choice(words) + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        with socket.create_connection(("127.0.0.1", little_site), timeout=20) as asking:
            try:
                asking.sendall(generator.choice((drawn, usual)))
                asking.shutdown(socket.SHUT_WR)
                said = b"".join(iter(lambda: asking.recv(1 << 16), b""))
            except TimeoutError:
                raise
            except OSError:  # it has ended what it does not want to hear to the end
                continue
        answers += said.startswith(b"HTTP/1.1 ")
        assert not re.search(rb"(\A|\r\n\r\n)hidden", said), number
        assert outside not in said, number
    assert answers
    assert capfd.readouterr() == ("", "")


def test_the_server_answers_only_who_calls_this_machine_by_its_own_name(little_site: int) -> None:
    for host, status in (
        ("localhost:1", 200),
        ("127.0.0.1", 200),
        ("LOCALHOST", 200),
        ("evil.example", 421),
        ("", 421),
    ):
        assert answered(little_site, "/", Host=host) == status


def test_the_server_ends_a_connection_that_says_nothing(little_site: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 0 < SiteHandler.timeout <= 60
    monkeypatch.setattr(SiteHandler, "timeout", 0.05)
    with socket.create_connection(("127.0.0.1", little_site), timeout=20) as half_open:
        half_open.sendall(b"GET / HT")
        assert half_open.recv(1) == b""


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "README.md"])
def test_a_document_names_the_two_commands_and_only_files_that_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "make serve" in text
    assert "make test" in text
    for target in re.findall(r"\]\(([^)#]+)\)", text):
        assert "://" in target or (ROOT / target).exists(), target


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_make_target_that_is_named_is_one() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("CONTRIBUTING.md", "README.md"):
        assert set(re.findall(r"`make ([a-z]+)", (ROOT / name).read_text(encoding="utf-8"))) <= targets


def test_every_file_that_contributing_names_is_there() -> None:
    named = {word for code in re.findall(r"`([^`\n]+)`", CONTRIBUTING) for word in code.split()}
    paths = {word.rstrip(".,") for word in named if re.fullmatch(r"\.?[\w*.-]+(/[\w*.-]+)+/?", word)}
    paths = {path for path in paths if not path.startswith(("_build", ".venv"))}
    assert [path for path in sorted(paths) if not [*ROOT.glob(path)]] == ["book/your-idea.ipynb"]  # the example
    blocks = re.findall(r"^([\w.]+(?:/[\w.]+)*/?)  ", CONTRIBUTING.split("## The map")[1], re.MULTILINE)
    assert [path for path in blocks if not (ROOT / path).exists() and not (ROOT / "netlearn" / path).exists()] == []


def test_the_map_names_each_module_of_a_room_and_no_other() -> None:
    told: dict[str, set[str]] = {}
    room = ""
    for line in CONTRIBUTING.split("house of rooms")[1].split("errors.py")[0].splitlines():
        begun = re.match(r"(\w+)/ ", line)
        room = begun[1] if begun else room if line.startswith(" ") else ""
        words = re.split(r" {2,}", line.removeprefix(f"{room}/").strip())[0]
        folder = re.match(r" +(\w+)/ ", line)
        if room:
            told.setdefault(room, set()).update([folder[1]] if folder else words.split())
    for room in ("network", "routing", "convergence", "host", "recorded", "teaching", "lab"):
        place = ROOT / "netlearn" / room
        there = {path.stem for path in place.glob("*.py")} | {path.parent.name for path in place.glob("*/__init__.py")}
        there -= {"__init__"}
        assert told[room] == there, room
