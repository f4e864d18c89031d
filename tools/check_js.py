"""Check the JavaScript as the Python is checked: ``python tools/check_js.py [--write]``.

TypeScript's compiler reads the types that stand in comments, and emits nothing. Biome looks for likely faults, in style
sheets too, and holds scripts to one form, into which ``--write`` puts them. Both come from npm, once, in the versions
named here, and stay in `_build/javascript`.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "web"))

from node import installed, node  # noqa: E402

FOLDER = ROOT / "_build" / "javascript"
PACKAGES = ("typescript@7.0.2", "@biomejs/biome@2.6.8", "@types/node@26.6.7", "undici-types@8.9.0")
# What a script may call depends on where it runs: in a page, in a page's worker, in Node while the book is built.
PROJECTS = ("tsconfig.json", "web/live/tsconfig.worker.json", "web/live/tsconfig.node.json")


def check(root: Path = ROOT, write: bool = False) -> int:
    """The exit status of the check of all scripts below `root`, which has the settings as well; faults are printed."""
    installed(PACKAGES, FOLDER, "TypeScript and Biome")
    types = [_started(root, "typescript/lib/tsc.js", "-p", project, "--pretty", "false") for project in PROJECTS]
    form = ["format", "--write"] if write else ["check", "--error-on-warnings"]
    biome = _started(root, "@biomejs/biome/bin/biome", *form, "--colors=off")
    return max(_ended(process) for process in (*types, biome))


def _started(root: Path, script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [*node(), str(FOLDER / "node_modules" / script), *arguments]
    return subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _ended(process: subprocess.Popen[str]) -> int:
    said, _ = process.communicate()
    if process.returncode:
        print(said.strip(), file=sys.stderr, flush=True)
    return process.returncode


if __name__ == "__main__":
    sys.exit(check(write="--write" in sys.argv[1:]))
