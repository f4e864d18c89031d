"""Make the virtual environment `.venv`, or bring it up to date: ``python3 tools/environment.py [reader|test]``.

It says in short lines what it does and hides pip's chatter unless pip fails. What was installed is written down only
after it succeeded, so an interrupted run is found out by the next one, which then starts afresh. Standard library only;
kept in words that an old Python can read as well, because telling that it is too old is part of the job.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
WANTED = {"reader": ["-r", "requirements.txt"], "test": ["-r", "requirements.txt", "-e", ".[test,bench]"]}
# pip reads any PIP_X variable as the option --x. Where packages come from is the reader's business; not where they go.
KEPT_PIP_OPTIONS = """
    INDEX_URL EXTRA_INDEX_URL FIND_LINKS NO_INDEX TRUSTED_HOST CERT CLIENT_CERT PROXY TIMEOUT DEFAULT_TIMEOUT
    RETRIES CACHE_DIR NO_CACHE_DIR CONFIG_FILE PREFER_BINARY ONLY_BINARY NO_BINARY
"""
KEPT_PIP_VARIABLES = {"PIP_" + name for name in KEPT_PIP_OPTIONS.split()}


def main(level):
    """Install what `level` needs, unless that is already there."""
    _use_new_enough_python()
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _works():
            _create()
        elif _installed(level) == _wanted(level):
            return
        _install(level)


def _use_new_enough_python():
    if sys.version_info >= OLDEST:
        return
    for minor in (14, 13, 12, 11):
        newer = shutil.which(f"python3.{minor}")
        # A version manager may have a command of that name which only says that it is not set up.
        if newer and subprocess.run([newer, "-c", ""], stderr=subprocess.DEVNULL).returncode == 0:
            os.execv(newer, [newer, *sys.argv])
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        f"netlearn needs Python 3.11 or newer; {sys.executable} is {found}. "
        "Install a newer one, or name the one to use: make PYTHON=..."
    )


def _wanted(level):
    """What decides whether an environment is up to date, as one short word."""
    text = level
    for name in ("requirements.txt", "constraints.txt", "pyproject.toml"):
        text += (ROOT / name).read_text(encoding="utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _installed(level):
    stamp = VENV / (".installed-" + level)
    return stamp.read_text() if stamp.exists() else None


def _works():
    """Whether .venv is whole: made here (its programs know its place), not left half installed, and it runs."""
    place = VENV / ".place"
    if _marker().exists() or not place.exists() or place.read_text() != str(VENV):
        return False
    try:
        command = [str(VENV / "bin" / "python"), "-I", "-c", "import pip"]
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def _marker():
    return VENV / ".installing"


def _create():
    if VENV.exists():
        say("The environment .venv is unfinished or was moved; making it afresh.")
        shutil.rmtree(str(VENV))
    version = ".".join(str(part) for part in sys.version_info[:2])
    say(f"Making a virtual environment in .venv (Python {version}) ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)],
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    if made.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit(
            "Python's venv module is missing or incomplete (on Debian: apt-get install python3-venv). It said:\n"
            + made.stdout.decode(errors="replace").strip()
        )
    (VENV / ".place").write_text(str(VENV))


def _install(level):
    what = {"reader": "the book and its tools", "test": "the tests' tools"}[level]
    say(f"Installing {what} (a few minutes the first time) ...")
    _marker().touch()
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        pip + WANTED[level], cwd=str(ROOT), env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))
        sys.exit("Installing failed; what pip said stands above. Run the same command again to retry.")
    # The tests' environment holds the reader's as well.
    for name in ("reader", "test") if level == "test" else ("reader",):
        (VENV / (".installed-" + name)).write_text(_wanted(name))
    _marker().unlink()
    say("Installed.")


def _environment():
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
        and (not name.startswith("PIP_") or name in KEPT_PIP_VARIABLES)
    }
    kept.update(PIP_USER="0", PIP_REQUIRE_VIRTUALENV="0", PIP_ROOT_USER_ACTION="ignore")
    return kept


def say(text):
    """One short line, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "reader")
    except KeyboardInterrupt:
        sys.exit("Interrupted; the next run goes on from here.")
