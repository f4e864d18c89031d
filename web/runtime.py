"""Make Python for the page: ``python web/runtime.py`` fills ``_build/runtime/live`` with all that figures need there.

Pyodide's core comes from npm as one pinned package, checked against its hash. The standard library is cut down to
what the figures import, the library to its pure part; both are stored compiled by Pyodide's own interpreter. The same
sources give the same bytes.
"""

import gzip
import hashlib
import io
import json
import re
import shutil
import tarfile
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from node import fetched, node, run

import netlearn
from netlearn.figures.common.bundle import bare
from netlearn.figures.common.live import FIGURE

ROOT = Path(netlearn.__file__).resolve().parent.parent  # the library is installed in place
FOLDER = ROOT / "_build" / "runtime"
LIVE = FOLDER / "live"  # what ships
JOB = FOLDER / "job"
SOURCES = Path(__file__).resolve().parent / "live"

PYODIDE = "314.0.6"
PYODIDE_SHA512 = "BKDTJyIqFxC4BExLqeRS3f5xvXZIjOt8C3zGLN/Cc7tFxSwvKVhVkchQQ2AGLOtR4YrVOIFxbV8poyDOOmWwxQ=="

SAMPLES = 8  # of each figure

# A page carries its own quizzes and predictions; words, sources and still pictures are told when the book is built.
UNNEEDED = {
    *("__pycache__", "quizzes", "predictions", "glossary", "glossary.py", "references", "references.py"),
    *("pictures", "lo.py"),
}


def make() -> Path:
    """Make the runtime unless what stands there was made from the same; its folder. SystemExit if it fails."""
    wanted, stamp = fingerprint(), FOLDER / "made-from.txt"
    if stamp.is_file() and stamp.read_text() == wanted:
        return LIVE
    print("Packing Python for the page ...", flush=True)
    package = pyodide()
    stamp.unlink(missing_ok=True)
    shutil.rmtree(LIVE, ignore_errors=True)
    LIVE.mkdir(parents=True)
    pack(package)
    stamp.write_text(wanted)
    return LIVE


def pure_files() -> list[Path]:
    """The library's files that run in the page: its pure modules, and the data that they read."""
    package = ROOT / "netlearn"
    files = (
        path
        for path in package.rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".json", ".css"}
        and not UNNEEDED & {*path.relative_to(package).parts}
    )
    return sorted(path for path in files if not _is_edge(".".join(path.relative_to(package).with_suffix("").parts)))


def _is_edge(module: str) -> bool:
    """Whether only a notebook or a command line needs the module, or the room that it is in."""
    return any(module == edge or module.startswith(f"{edge}.") for edge in netlearn.EDGES)


def modules() -> list[str]:
    """The names of the pure modules."""
    paths = (path.relative_to(ROOT).with_suffix("") for path in pure_files() if path.suffix == ".py")
    return sorted({".".join(path.parts).removesuffix(".__init__") for path in paths})


def samples() -> list[dict[str, Any]]:
    """Calls of every figure in the stored notebooks: its first state, and some of the recorded ones, evenly chosen.

    They tell what is imported when an answer is computed, which does not differ from one recorded state to the next.
    """
    calls = []
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                figure = output.get("data", {}).get(FIGURE, {})
                if "function" in figure:
                    keys = [*figure["recorded"]]
                    for key in keys[:: -(-len(keys) // SAMPLES)]:
                        state = {**figure["state"], **dict(zip(figure["varies"], json.loads(key), strict=True))}
                        calls.append({"function": figure["function"], "state": state})
    if not calls:
        raise SystemExit(
            "No notebook in book/ holds a figure's output, by which the page's library is cut: make notebooks"
        )
    return calls


def function(name: str) -> Callable[..., Any]:
    """The function that a figure names as "package.module:name"."""
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), attribute)
    return found


def weight(path: Path) -> int:
    """What a file weighs on its way through a server that compresses."""
    return len(_gzipped(path.read_bytes()))


def fingerprint() -> str:
    """What the runtime is made from, so that it is made again only when that changes."""
    digest = hashlib.sha256(f"{PYODIDE_SHA512}{json.dumps(samples(), sort_keys=True)}".encode())
    ours = (Path(__file__), Path(__file__).with_name("node.py"))
    for path in [*pure_files(), *sorted(SOURCES.iterdir()), *ours]:
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def pyodide() -> Path:
    """The folder of the unpacked npm package, fetched if it is not there; SystemExit if its hash is another."""
    folder = FOLDER / f"pyodide-{PYODIDE}"
    archive = fetched("pyodide", PYODIDE, PYODIDE_SHA512, FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as package:
        for member in package.getmembers():
            name = member.name.removeprefix("package/")
            if member.isfile() and "/" not in name:
                folder.mkdir(exist_ok=True)
                (folder / name).write_bytes(package.extractfile(member).read())  # type: ignore[union-attr]
    return folder


def pack(package: Path) -> None:
    """Fill `LIVE` from the unpacked npm package and the sources."""
    job = JOB
    shutil.rmtree(job, ignore_errors=True)
    job.mkdir(parents=True)
    (job / "job.json").write_text(json.dumps({"modules": modules(), "samples": samples()}))
    with zipfile.ZipFile(job / "netlearn.zip", "w") as out:
        for path in pure_files():
            out.writestr(path.relative_to(ROOT).as_posix(), path.read_bytes())
    run([*node(), str(SOURCES / "pack.mjs"), str(package), str(job)])
    for name in ("pyodide.mjs", "pyodide.asm.mjs"):
        text = (package / name).read_text(encoding="utf-8")
        (LIVE / name).write_text(re.sub(r"\n//# sourceMappingURL=.*", "", text), encoding="utf-8")
    # The large files travel packed and are unpacked in the page: not every static host packs them.
    large = {
        "pyodide.asm.wasm": package / "pyodide.asm.wasm",
        "python_stdlib.zip": job / "python_stdlib.zip",
        "netlearn.zip": job / "library.zip",
    }
    packed = {f"{name}.pack": _gzipped(path.read_bytes()) for name, path in large.items()}
    for name, data in packed.items():
        (LIVE / name).write_bytes(data)
    for name in ("live.js", "model.js", "python.js"):
        (LIVE / name).write_text(_script(name), encoding="utf-8")
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    made = {
        "sizes": {name: len(data) for name, data in packed.items()},
        "lock": {"info": lock["info"], "packages": {}},
    }
    (LIVE / "worker.js").write_text(f"const made = {json.dumps(made)};\n{_script('worker.js')}", encoding="utf-8")


def _script(name: str) -> str:
    return bare((SOURCES / name).read_text(encoding="utf-8"))


def _gzipped(data: bytes) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=file, mtime=0) as packed:
        packed.write(data)
    return file.getvalue()


if __name__ == "__main__":
    make()
