"""Who may import whom: the table of `architecture.md`, held against the code.

A new module, or a new import, is first a line here. A package (`figure`, `widgets`) is one line for all of its files.
"""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import netlearn
from netlearn.errors import listed

ROOT = Path(netlearn.__file__).parent

# Each room with what it may import inside netlearn, from left to right on the map: only what stands above it. All
# figures' folders are the row `figures`.
PURE = {
    "errors": (),
    "units": (),
    "chance": (),
    "clock": (),
    "network": ("errors",),
    "host": ("chance", "clock", "errors", "units"),
    "teaching": ("errors",),
    "routing": ("chance", "errors", "network"),
    "recorded": ("errors", "host"),
    "convergence": ("chance", "clock", "errors", "network", "routing", "units"),
    "drawing": ("errors", "network", "routing"),
    "failures": ("drawing", "errors", "network", "routing"),
    "figures.common": ("drawing", "errors", "network", "teaching"),
    "figures.run": ("convergence", "drawing", "errors", "figures.common", "network", "routing"),
    "figures": (
        *("convergence", "drawing", "errors", "failures", "figures.common", "figures.run", "host", "network"),
        *("recorded", "routing", "teaching", "units"),
    ),
    # the names that `import netlearn` gives
    "__init__": ("convergence", "errors", "failures", "host", "network", "routing"),
}
EDGES = {
    "probe": ("errors", "host", "recorded"),
    "lab": ("errors",),
    "figures.common.jupyter": ("figures.common",),
    "graph": ("errors", "network"),
    "plot": ("convergence", "drawing", "errors", "figures", "network", "routing"),
    "widgets": ("figures", "figures.common", "figures.common.jupyter", "host", "probe", "recorded"),
    "cli": ("convergence", "errors", "failures", "graph", "host", "network", "probe", "routing", "units"),
    "__main__": ("cli",),
}
TABLE = PURE | EDGES

# Each module from elsewhere with the places that import it. Nothing else from outside the standard library.
ELSEWHERE = {
    "networkx": ("graph",),
    "yaml": ("network",),  # loaded for a file in YAML alone
    "topohub": ("network",),  # loaded for a real network that is not bundled
    "matplotlib": ("plot",),
    "psutil": ("probe",),
    "rich": ("cli",),
    "anywidget": ("figures.common.jupyter",),
    "traitlets": ("figures.common.jupyter", "widgets"),
}

# What the machine decides arrives as an argument: nothing pure reads a clock, throws dice or opens a socket. Nor may it
# import by a name that this test cannot read.
NOT_PURE = {
    *("asyncio", "datetime", "importlib.import_module", "multiprocessing", "os", "random", "secrets", "signal"),
    *("socket", "subprocess", "sys", "threading", "time"),
}


def place(file):
    """The module's row in the table: its room; the figures are one row, beside what they share."""
    inside = file.relative_to(ROOT)
    room = inside.parts[0] if len(inside.parts) > 1 else inside.stem
    if room != "figures" or inside.parts[1] not in ("common", "run"):
        return room
    return "figures.common.jupyter" if file.name == "jupyter.py" else f"figures.{inside.parts[1]}"


def dotted(file):
    """The module's full name."""
    parts = file.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(file):
    """Every module that the file imports anywhere, functions and conditions included, by its full name."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = dotted(file).split(".")
            package = package if file.name == "__init__.py" else package[:-1]
            above = package[: len(package) - node.level + 1] if node.level else []
            whole = ".".join([*above, *([node.module] if node.module else [])])
            yield from (f"{whole}.{alias.name}" for alias in node.names)


FILES = {dotted(file): file for file in sorted(ROOT.rglob("*.py"))}


def ours(file):
    """The modules of netlearn that the file imports: `from netlearn import walk` imports `netlearn`."""
    for name in imported(file):
        while name.partition(".")[0] == "netlearn":
            if name in FILES:
                yield name
                break
            name = name.rpartition(".")[0]


def lines(file):
    """The lines of the table that the file's imports stand on, without its own."""
    return {place(FILES[name]) for name in ours(file)} - {place(file)}


def test_the_test_sees_imports_wherever_they_stand(tmp_path):
    assert "netlearn.graph" in set(ours(FILES["netlearn.cli.convert"]))  # inside a function
    assert lines(FILES["netlearn.cli.convert"]) >= {"graph", "network"}
    assert "networkx" in {name.partition(".")[0] for name in imported(FILES["netlearn.graph"])}


@pytest.mark.parametrize("module", FILES)
def test_each_module_has_a_line_in_the_table(module):
    assert place(FILES[module]) in TABLE, (
        f"{module} is new: give {place(FILES[module])!r} a line in PURE or EDGES of {Path(__file__).name},"
        " with the modules that it may import"
    )


@pytest.mark.parametrize("module", FILES)
def test_each_module_imports_only_what_its_line_allows(module):
    allowed = TABLE.get(place(FILES[module]), ())
    others = sorted(lines(FILES[module]) - set(allowed))
    assert not others, f"{module} imports {', '.join(others)}; its line allows {', '.join(allowed) or 'nothing'}"


def test_the_public_names_that_are_looked_up_when_used_come_from_where_type_checkers_are_told():
    told = {}
    for node in ast.walk(ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            imports = [each for each in node.body if isinstance(each, ast.ImportFrom)]
            told |= {alias.name: each.module for each in imports for alias in each.names}
    assert {*told} == {*netlearn.__all__} - {*vars(netlearn)}
    assert all(getattr(netlearn, name) is getattr(import_module(module), name) for name, module in told.items())


def test_what_is_no_edge_of_the_table_runs_in_the_page():
    assert set(EDGES) == set(netlearn.EDGES)


def test_the_table_points_only_to_the_right():
    order = list(TABLE)
    for module, allowed in TABLE.items():
        later = [name for name in allowed if name not in order[: order.index(module)]]
        assert not later, f"{module} may not import {', '.join(later)}: what is imported stands above"


def test_no_modules_import_each_other_in_a_circle_not_even_inside_a_package():
    TopologicalSorter({module: set(ours(file)) - {module} for module, file in FILES.items()}).prepare()


@pytest.mark.parametrize("module", FILES)
def test_what_comes_from_elsewhere_is_imported_by_one_place(module):
    for name in imported(FILES[module]):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top == "netlearn":
            continue
        assert top in ELSEWHERE, f"{module} imports {top}, which is in no line of ELSEWHERE"
        assert place(FILES[module]) in ELSEWHERE[top], f"{module} imports {top}; only {listed(ELSEWHERE[top])} may"


@pytest.mark.parametrize(
    "module", sorted({module for module, file in FILES.items() if place(file) in PURE} - {"netlearn"})
)
def test_what_is_pure_reads_no_clock_throws_no_dice_and_opens_no_socket(module):
    for name in imported(FILES[module]):
        assert not {name, name.partition(".")[0]} & NOT_PURE, f"{module} is pure and imports {name}"


def loaded_after(code):
    """Which modules from elsewhere a fresh interpreter has loaded once it has run the code."""
    heavy = [*ELSEWHERE, "numpy", "IPython"]
    told = f"{code}\nimport sys\nprint(*(name for name in {heavy!r} if name in sys.modules))"
    return subprocess.run(
        [sys.executable, "-c", told], capture_output=True, check=True, text=True, timeout=60
    ).stdout.split()


def test_a_fresh_interpreter_that_imports_netlearn_has_loaded_nothing_from_elsewhere():
    assert loaded_after("import netlearn") == []


def test_every_pure_module_and_the_command_line_load_nothing_from_elsewhere():
    pure = [
        module for module, file in FILES.items() if place(file) in {*PURE, "cli"} and module != "netlearn.cli.terminal"
    ]
    assert loaded_after(f"import {', '.join(pure)}") == []
