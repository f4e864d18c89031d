"""What a figure needs around it: its ES module in one piece, its styles."""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from posixpath import dirname, normpath

from netlearn.drawing.palette import HEAT, INSTANCES, variables
from netlearn.drawing.still import DRAWN, stylesheet

_COMMENT = re.compile(r"^ *(?://.*|/\*(?:[^*]|\*(?!/))*\*/)\n", re.MULTILINE)  # that has lines of its own
_ASIDE = re.compile(r"(?<=[;{},)\]]) // .*$|/\*\* @type (?:[^*]|\*(?!/))*\*/ ", re.MULTILINE)  # beside code, and in it


def modules() -> tuple[str, ...]:
    """The names of the figures' folders that hold an ES module."""
    folders = files("netlearn.figures").iterdir()
    return tuple(sorted(folder.name for folder in folders if (folder / "figure.js").is_file()))


@cache
def bundled(module: str) -> str:
    """The figure's ES module as one text: Jupyter loads a single module, so what it imports from its folder is put in.

    Only plain `import { a, b } from "../common/file.js"` lines are known; a file that several import is put in once.
    Comments stay behind: a page need not carry them.
    """
    return with_imports(f"{module}/figure.js")


def with_imports(name: str) -> str:
    """A module of these folders, named by its path there, as one text with what it imports."""
    return "\n".join(_with_imports(name, set())) + "\n"


def _with_imports(name: str, there: set[str]) -> Iterator[str]:
    """The lines of a module, those that it imports before its own."""
    exported = bool(there)  # what is put in gives its names to the whole
    there.add(name)
    text = (files("netlearn.figures") / name).read_text(encoding="utf-8")
    for line in bare(text).splitlines():
        if line.startswith("import "):
            imported = normpath(dirname(name) + "/" + line.split('"')[1])
            yield from () if imported in there else _with_imports(imported, there)
        else:
            yield line.removeprefix("export ") if exported else line


def bare(script: str) -> str:
    """A script without its comments, as long as it has Biome's form."""
    return _ASIDE.sub("", _COMMENT.sub("", script))


def styles() -> str:
    """Everything of style that a live figure needs around it, for a page or a notebook, without its comments."""
    folders = ((name, files("netlearn.figures") / name) for name in modules())
    own = [f"figures/{name}/page.css" for name, folder in folders if (folder / "page.css").is_file()]
    sheets = (*DRAWN, "figures/common/figure.css", "figures/run/run.css", *own)  # what is general comes before
    return variables() + variables(INSTANCES | HEAT) + _COMMENT.sub("", "".join(map(stylesheet, sheets)))
