"""Build the book into `_build/html`, when anything that it is made of has changed: ``python tools/build_book.py``.

What it is made of is told by content, not by dates, so a fresh checkout, a deleted file and a renamed one all count.
Every warning is an error, and the site that was there stays until the new one is whole. A changed library empties the
cache of executed notebooks, which would not notice it.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "web"))

import runtime

SETTINGS = ("_config.yml", "_toc.yml", "requirements.txt", "constraints.txt", "pyproject.toml")
COLOUR = re.compile(r"\x1b\[[0-9;]*m")
IGNORED = {"__pycache__", ".ipynb_checkpoints"}


def build(root: Path, jupyter_book: str | None = None) -> int:
    """Build the book under `root` if it is out of date; the exit status of the build."""
    out = root / "_build"
    out.mkdir(exist_ok=True)
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = out / ".built.json"
        old = json.loads(stamp.read_text()) if stamp.exists() else {}
        new = {
            "library": digest(root, "netlearn"),
            "book": digest(root, "book", "web", *SETTINGS),
            "runtime": runtime.fingerprint(),
        }
        if new == old and (out / "html" / "index.html").exists():
            say("The book is up to date.")
            return 0
        stamp.unlink(missing_ok=True)
        runtime.make()
        making = out / ".making" / "_build"
        if old.get("library") != new["library"]:
            shutil.rmtree(making / ".jupyter_cache", ignore_errors=True)
            shutil.rmtree(making / "jupyter_execute", ignore_errors=True)
        say("Building the book: running its notebooks, then writing its pages ...")
        began = time.monotonic()
        shutil.rmtree(making / "html", ignore_errors=True)
        # Sphinx keeps what it read before; a page would then miss a notebook's new output.
        shutil.rmtree(making / ".doctrees", ignore_errors=True)
        status = _jupyter_book(root, jupyter_book or str(Path(sys.executable).parent / "jupyter-book"))
        if status:
            say("The book was not built: the error or warning above is the reason.")
            return status
        shutil.rmtree(out / "html", ignore_errors=True)
        (making / "html").rename(out / "html")
        stamp.write_text(json.dumps(new))
        say(f"Built in {time.monotonic() - began:.0f} s: _build/html/index.html")
        return 0


def digest(root: Path, *names: str) -> str:
    """One short word for the names and contents of these files and folders; a missing one counts as empty."""
    sum_ = hashlib.sha256()
    for path in sorted(_files(root, names)):
        sum_.update(f"{path.relative_to(root)}\0".encode())
        sum_.update(hashlib.sha256(path.read_bytes()).digest())
    return sum_.hexdigest()[:16]


def _files(root: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        top = root / name
        for path in top.rglob("*") if top.is_dir() else [top]:
            if path.is_file() and not IGNORED & set(path.parts) and path.suffix != ".pyc":
                yield path


def _jupyter_book(root: Path, program: str) -> int:
    """Run the build; show what it says only if it fails."""
    command = [program, "build", ".", "--all", "-n", "-W", "--keep-going", "--path-output", "_build/.making"]
    environment = os.environ | {"NETLEARN_RECORDED": "1", "JUPYTER_PREFER_ENV_PATH": "1", "NO_COLOR": "1"}
    environment |= _home(root / "_build" / ".home")
    done = subprocess.run(
        command,
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        print(_reasons(root, COLOUR.sub("", done.stdout)), file=sys.stderr, flush=True)
    return done.returncode


def _home(instead: Path) -> dict[str, str]:
    """Another home for the build where one's own cannot be written: a kernel and matplotlib keep files there."""
    try:
        with TemporaryFile(dir=Path.home()):
            return {}
    except (OSError, RuntimeError):  # nothing may be written; there is no home
        instead.mkdir(exist_ok=True)
    home = {"HOME": str(instead)}
    # It finds its fonts now, and not in a cell, whose standard error it would write to.
    fonts = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(fonts, env=os.environ | home, capture_output=True, check=False)
    return home


def _printed(folder: Path) -> Iterator[str]:
    """What those cells printed that failed, or that wrote to standard error, as none may."""
    for path in sorted(folder.rglob("*.ipynb")):
        for number, cell in enumerate(json.loads(path.read_text(encoding="utf-8"))["cells"]):
            outputs = cell.get("outputs", ())
            if {"stderr", "error"} & {output.get("name", output["output_type"]) for output in outputs}:
                said = ("".join(output["text"]) for output in outputs if output["output_type"] == "stream")
                yield f"{path.stem}, cell {number}, printed:\n{''.join(said)}"


def _reasons(root: Path, log: str) -> str:
    """What made a build fail: all that it said, what failed cells printed, their tracebacks, and the warnings again."""
    making = root / "_build" / ".making" / "_build"
    reports = sorted((making / "html" / "reports").rglob("*.err.log"))
    tracebacks = [f"{report.name.removesuffix('.err.log')}:\n{report.read_text()}" for report in reports]
    said = [line for line in log.splitlines() if "IPKernelApp" not in line]
    printed = _printed(making / "jupyter_execute")
    return "\n".join([*said, *printed, *tracebacks, *(line for line in said if "WARNING:" in line or "ERROR:" in line)])


def say(text: str) -> None:
    """One short line, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(build(Path(__file__).resolve().parent.parent))
    except KeyboardInterrupt:
        sys.exit(130)
