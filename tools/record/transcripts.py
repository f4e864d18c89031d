"""Record what commands print into ``netlearn/data/transcripts.json``: ``python tools/record/transcripts.py [NAME]``.

Each recording is a script in ``scripts.txt``. It runs in network, mount and process namespaces of its own, with
documentation addresses, and the kernel removes all of it at the end, whatever way it ends. Needs Linux and what the
commands are; root, or permission to make user namespaces (those with `tcpdump`, of `DESKTOP` and of another user
need root). With names, only those are made anew.
"""

import argparse
import json
import os
import re
import selectors
import shutil
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import snapshot

from netlearn.lab import Namespace, Namespaces, alone, why_not

SCRIPTS = Path(__file__).with_name("scripts.txt")
FILE = Path(__file__).resolve().parents[2] / "netlearn" / "data" / "transcripts.json"
COMMAND_S, RECORDING_S = 20, 120
HEAD, LINE = re.compile(r"(network|recording) ([\w-]+)(?:: ([\w-]+))?"), re.compile(r"([a-z]+)([#%]) (.+)")
DESKTOP = "desktop"  # the network that tools/record/snapshot.py makes, with all its processes
# How each tool tells its version, and what of the answer is one.
VERSIONS = {
    "ip": ("iproute2", ["ip", "-V"], r"iproute2-([\d.]+\d)"),
    "ping": ("iputils", ["ping", "-V"], r"iputils (\d+)"),
    "tcpdump": ("tcpdump", ["tcpdump", "--version"], r"tcpdump version ([\d.]+\d)"),
    "curl": ("curl", ["curl", "--version"], r"curl ([\d.]+\d)"),
    "socat": ("socat", ["socat", "-V"], r"socat version ([\d.]+\d)"),
    "nft": ("nftables", ["nft", "--version"], r"nftables v([\d.]+\d)"),
}
TOOL_OF = {"ss": "ip", "lnstat": "ip", "nstat": "ip"}

# What each shell knows: `serve ADDRESS PORT WORDS`, a web server that answers with the words once this returns.
SERVE = """serve() {
    local folder=$(mktemp -d page-XXXXXX) dial=$1
    [[ $1 == *:* ]] && dial=[$1]
    echo "$3" > $folder/index.html
    python3 -m http.server --bind $1 --directory $folder $2 >/dev/null 2>&1 &
    until curl -s http://$dial:$2 >/dev/null; do :; done
}"""


@dataclass(frozen=True)
class Line:
    """A command, the place where it runs, and whether readers see it."""

    at: str
    is_shown: bool
    command: str


@dataclass(frozen=True)
class Recording:
    """What it shows in one sentence, the name of its network, and its lines; those that make the network come first."""

    name: str
    shows: str
    network: str
    lines: tuple[Line, ...]


def read(text: str) -> tuple[Recording, ...]:
    """The recordings of a file of scripts. AssertionError, with the line, where it cannot be read."""
    networks: dict[str | None, tuple[Line, ...]] = {None: ()}
    found = []
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("#"))
    for part in text.strip().split("\n\n"):
        first, *rest = part.strip().splitlines()
        head = HEAD.fullmatch(first)
        assert head, f"this is no head of a script: {first}"
        kind, name, network = head.groups()
        assert network in networks, f"{name}: there is no network {network}"
        shows = rest.pop(0) if kind == "recording" else ""
        lines = networks[network] + tuple(parsed(line, name) for line in rest)
        if kind == "network":
            networks[name] = lines
        else:
            found.append(Recording(name, shows, network, lines))
    return tuple(found)


def parsed(line: str, name: str) -> Line:
    match = LINE.fullmatch(line)
    assert match, f"{name}: this is no line of a script: {line}"
    return Line(match[1], match[2] == "#", match[3])


RECORDINGS = read(SCRIPTS.read_text(encoding="utf-8"))


class Shell:
    """A shell at one place, which finds the other places' namespaces in variables of their names."""

    def __init__(self, place: Namespace, places: dict[str, Namespace]) -> None:
        path_of = {name: each.path for name, each in places.items()}
        search = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.shell = place.start(
            *("bash", "--norc", "--noprofile"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": search, "LC_ALL": "C.UTF-8", "HOME": "/", "NSTAT_HISTORY": "/mnt/nstat"} | path_of,
        )
        self.run(SERVE)

    def run(self, command: str) -> tuple[str, int]:
        """What the command printed, errors included, and its exit status."""
        assert self.shell.stdin
        assert self.shell.stdout
        self.shell.stdin.write(f"{command}\nprintf '\\n\\001%d\\n' $?\n".encode())
        self.shell.stdin.flush()
        said, until = b"", monotonic() + COMMAND_S
        with selectors.DefaultSelector() as ready:
            ready.register(self.shell.stdout, selectors.EVENT_READ)
            while not (end := re.search(rb"\n\x01(\d+)\n", said)):
                assert ready.select(until - monotonic()), f"after {COMMAND_S} s this has not ended: {command}"
                said += os.read(self.shell.stdout.fileno(), 65536)
        return said[: end.start()].decode().removesuffix("\n"), int(end[1])


def played(recording: Recording) -> list[dict[str, Any]]:
    """The steps that readers see, run here; this process runs alone already."""
    subprocess.run(["mount", "-t", "tmpfs", "none", "/mnt"], check=True)
    os.chdir("/mnt")
    steps = []
    with Namespaces() as spaces:
        laptop = snapshot.build(spaces) if recording.network == DESKTOP else spaces.new("laptop")
        others = {line.at for line in recording.lines} - {"laptop"}
        places = {"laptop": laptop} | {name: spaces.new(name) for name in sorted(others)}
        shells = {name: Shell(place, places) for name, place in places.items()}
        for line in recording.lines:
            output, status = shells[line.at].run(line.command)
            assert line.is_shown or status == 0, f"{recording.name}: {line.at}% {line.command}\n{output}"
            if line.is_shown:
                steps.append({"at": line.at, "command": line.command, "output": output, "status": status})
    return steps


def recorded(recording: Recording) -> dict[str, Any]:
    """The recording, made in fresh namespaces, with the kernel, the tools and the date."""
    inside = alone(sys.executable, __file__, "--inside", recording.name, machine=True)
    made = subprocess.run(inside, stdout=subprocess.PIPE, text=True, timeout=RECORDING_S, check=True)
    return {
        "name": recording.name,
        "shows": recording.shows,
        "kernel": f"{os.uname().sysname} {re.split('-', os.uname().release)[0]}",
        "tools": tools(recording),
        "date": datetime.now(UTC).date().isoformat(),
        "steps": json.loads(made.stdout),
    }


def tools(recording: Recording) -> list[str]:
    """The tools whose output is shown, each with its version."""
    words = {word for line in recording.lines if line.is_shown for word in line.command.split()}
    used = {TOOL_OF.get(word, word) for word in words} & VERSIONS.keys()
    return [version(tool) for tool in sorted(used)]


def version(tool: str) -> str:
    name, command, pattern = VERSIONS[tool]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, told.stdout + told.stderr)
    assert found, f"{tool} does not tell its version: {told.stdout}"
    return f"{name} {found[1]}"


def needs(recording: Recording) -> list[str]:
    """What it needs that is not here, as phrases: commands, root, a kernel that filters."""
    known = (*VERSIONS, "ss", "lnstat", "nstat", "setpriv", "bash", "sysctl", "getent")
    words = {"bash"}.union(*(re.findall(r"[\w-]+", line.command) for line in recording.lines))
    words |= {"curl"} if "serve" in words else set()
    lacking = [tool for tool in known if tool in words and shutil.which(tool) is None]
    if os.geteuid() and (recording.network == DESKTOP or words & {"tcpdump", "setpriv"}):
        lacking.append("root")
    if "nft" in words and "nft" not in lacking:
        tried = subprocess.run(alone("nft", "add table inet trial"), capture_output=True, check=False)
        lacking += ["nf_tables in the kernel"] if tried.returncode else []
    return lacking


def main() -> None:
    """Make the recordings that are named, or all; keep the others that the file has."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--file", type=Path, default=FILE)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    known = {recording.name: recording for recording in RECORDINGS}
    if unknown := [name for name in given.names if name not in known]:
        parser.error(f"there is no recording {unknown[0]}; there are {', '.join(known)}")
    if given.inside:
        print(json.dumps(played(known[given.names[0]])))
        return
    if reason := why_not(machine=True):
        sys.exit(f"Nothing can be recorded here: {reason}")
    made = json.loads(given.file.read_text(encoding="utf-8")) if given.file.exists() else []
    kept = {each["name"]: each for each in made}
    for name in given.names or known:
        if lacking := needs(known[name]):
            sys.exit(f"{name} needs {', '.join(lacking)}, which there is not here")
        kept[name] = recorded(known[name])
        print(f"{name}: recorded", flush=True)
    ordered = [kept[name] for name in known if name in kept]
    given.file.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
