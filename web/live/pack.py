"""Packs Python for the page. Runs inside Pyodide itself, so that what is compiled is what its interpreter reads.

`pack.mjs` puts the library's sources, the names of its pure modules and sample calls of every figure in place. What
those calls import is what the page needs of the standard library; it is stored compiled, without what documents it, and
without the lines' numbers, which nobody reads in a page: errors say their words there.
"""

import importlib
import importlib._bootstrap_external as external
import importlib.util
import json
import os
import sys
import traceback
import zipfile
from pathlib import Path
from types import CodeType

FIXED_TIME = (2020, 1, 1, 0, 0, 0)  # the same bytes whenever they are made
# Loaded only when something goes wrong, which the samples do not.
FOR_ERRORS = ("difflib", "linecache", "textwrap", "tokenize", "traceback")


def main() -> None:
    job = json.loads(Path("/pack/job.json").read_text())
    sys.path.insert(0, "/pack/netlearn.zip")
    for name in (*job["modules"], *FOR_ERRORS):
        importlib.import_module(name)
    for sample in job["samples"]:
        module, function = sample["function"].split(":")
        json.dumps(getattr(importlib.import_module(module), function)(**sample["state"]))
    try:
        raise ValueError("an error is shown, too")
    except ValueError:
        traceback.format_exc()
    library = next(path for path in sys.path if path.endswith(".zip") and "python3" in path)
    needed = {
        os.path.relpath(str(module.__file__), library)
        for module in list(sys.modules.values())
        if (getattr(module, "__file__", None) or "").startswith(library + "/")
    }
    with zipfile.ZipFile(library) as source:
        names = sorted(name for name in source.namelist() if name in needed)
        store("/pack/python_stdlib.zip", {name: source.read(name) for name in names}, library)
    with zipfile.ZipFile("/pack/netlearn.zip") as source:
        names = sorted(source.namelist())
        store("/pack/library.zip", {name: source.read(name) for name in names}, "/lib/netlearn.zip")


def bare(code: CodeType) -> CodeType:
    """The code without the table of its lines, and so all code inside it."""
    inside = tuple(bare(each) if isinstance(each, CodeType) else each for each in code.co_consts)
    return code.replace(co_linetable=b"", co_consts=inside)


def store(path: str, files: dict[str, bytes], root: str) -> None:
    """Write a zip of the files, modules compiled as they will stand below `root`.

    Nothing in it is packed: the zip as a whole will be, which weighs less, and leaves Python nothing to unpack.
    """
    with zipfile.ZipFile(path, "w") as out:
        for name, data in files.items():
            if name.endswith(".py"):
                code = bare(compile(data, f"{root}/{name}", "exec", dont_inherit=True, optimize=2))
                data = bytes(external._code_to_hash_pyc(code, importlib.util.source_hash(data), False))  # type: ignore[attr-defined]
                name += "c"
            out.writestr(zipfile.ZipInfo(name, FIXED_TIME), data)


main()
