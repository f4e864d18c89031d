"""Record what commands print into ``netlearn/data/transcripts.json``: ``python tools/record/transcripts.py [NAME]``.

Each recording is a script below. It runs in network, mount and process namespaces of its own, with documentation
addresses, and the kernel removes all of it at the end, whatever way it ends. `laptop# ip address` is a command at the
machine `laptop` that readers see; a line with `%` instead of `#` prepares, or waits, and is not shown. Needs Linux with
util-linux and iproute2, and what the commands are; root, or permission to make user namespaces (`captures`, those of
`DESKTOP` and of another user need root). With names, only those are made anew.
"""

import argparse
import json
import os
import re
import selectors
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import snapshot

FILE = Path(__file__).resolve().parents[2] / "netlearn" / "data" / "transcripts.json"
COMMAND_S, RECORDING_S = 20, 120
LINE = re.compile(r"([a-z]+)([#%]) (.+)")
# How each tool tells its version, and what of the answer is one.
VERSIONS = {
    "ip": ("iproute2", ["ip", "-V"], r"iproute2-([\d.]+\d)"),
    "ping": ("iputils", ["ping", "-V"], r"iputils (\d+)"),
    "tcpdump": ("tcpdump", ["tcpdump", "--version"], r"tcpdump version ([\d.]+\d)"),
    "curl": ("curl", ["curl", "--version"], r"curl ([\d.]+\d)"),
    "socat": ("socat", ["socat", "-V"], r"socat version ([\d.]+\d)"),
}
TOOL_OF = {"ss": "ip", "lnstat": "ip", "nstat": "ip"}

# Each place that a script names, with the commands that make its network. The first is the machine that all start in.
ALONE = "laptop% true"
UP = "laptop% ip link set lo up"
LAN = """
laptop% ip link set lo up
neighbour% ip link set lo up
laptop% ip link add eth0 address 02:00:5e:00:53:10 type veth peer name eth0 address 02:00:5e:00:53:20 netns $neighbour
laptop% ip link set eth0 addrgenmode none
neighbour% ip link set eth0 addrgenmode none
laptop% ip address add 192.0.2.10/24 dev eth0
laptop% ip address add 2001:db8::10/64 dev eth0 nodad
neighbour% ip address add 192.0.2.20/24 dev eth0
neighbour% ip address add 2001:db8::20/64 dev eth0 nodad
laptop% ip link set eth0 up
neighbour% ip link set eth0 up
laptop% ping -c 1 -W 5 192.0.2.20
"""
TWO_CARDS = f"""{LAN}
laptop% ip link add eth1 type veth peer name far
laptop% ip address add 198.51.100.10/24 dev eth1
laptop% ip link set eth1 up
laptop% ip link set far up
neighbour% ip route add 198.51.100.0/24 via 192.0.2.10
"""
CONTAINERS = f"""{LAN}
laptop% ip link add bridge0 type bridge
laptop% ip address add 198.51.100.1/24 dev bridge0
laptop% ip link set bridge0 up
laptop% ip link add red0 type veth peer name eth0 netns $red
laptop% ip link add blue0 type veth peer name eth0 netns $blue
laptop% ip link set red0 master bridge0 up
laptop% ip link set blue0 master bridge0 up
red% ip link set lo up
red% ip address add 198.51.100.2/24 dev eth0
red% ip link set eth0 up
red% ip route add default via 198.51.100.1
blue% ip link set lo up
blue% ip address add 198.51.100.3/24 dev eth0
blue% ip link set eth0 up
blue% ip route add default via 198.51.100.1
red% ping -c 1 -W 5 198.51.100.3
laptop% ping -c 1 -W 5 198.51.100.2
"""
DESKTOP = "desktop"  # the machine of tools/record/snapshot.py


def server(place: str, address: str, port: int, says: str) -> str:
    """A web server whose one page says a few words, started before the recording begins."""
    dial = f"[{address}]" if ":" in address else address
    folder = f"page-{place}-{port}-{address.replace(':', '_')}"
    return f"""
{place}% mkdir -p {folder}; echo '{says}' > {folder}/index.html
{place}% python3 -m http.server --bind {address} --directory {folder} {port} >/dev/null 2>&1 &
{place}% until curl -s http://{dial}:{port} >/dev/null; do :; done
"""


def binding(arguments: str) -> str:
    """Python's attempt to listen, of which only the last line is worth reading."""
    return f"""python3 -c "import socket; socket.create_server({arguments}); print('It is bound.')" 2>&1 | tail -n 1"""


@dataclass(frozen=True)
class Recording:
    """What it shows in one sentence, the network, and the script."""

    name: str
    shows: str
    network: str
    script: str

    def lines(self) -> Iterator[tuple[str, bool, str]]:
        """Each command with its place, and whether readers see it."""
        for line in f"{'' if self.network == DESKTOP else self.network}\n{self.script}".strip().splitlines():
            if line.strip():
                match = LINE.fullmatch(line.strip())
                assert match, f"{self.name}: this is no line of a script: {line}"
                yield match[1], match[2] == "#", match[3]


RECORDINGS = (
    Recording(
        "lo-is-born",
        "A new network namespace has lo, down and without an address; setting it up is all it takes",
        ALONE,
        """
laptop# ip address
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ip link set lo up
laptop# ip address
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ping -c 1 ::1
""",
    ),
    Recording(
        "lo-stays",
        "lo can be set down, its address can be taken away, and it cannot be deleted; no device belongs to it",
        UP,
        """
laptop% mount -t sysfs sysfs /sys
laptop# ip link set lo down
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ip link delete lo
laptop# ip link set lo up
laptop# ip address delete 127.0.0.1/8 dev lo
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ip address add 127.0.0.1/8 dev lo
laptop# ping -c 1 -W 1 127.0.0.1
laptop# readlink /sys/class/net/lo
""",
    ),
    Recording(
        "many-loopbacks",
        "Every address of 127.0.0.0/8 answers but the last, and of IPv6 only ::1",
        UP,
        """
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ping -c 1 -W 1 127.42.0.7
laptop# ping -c 1 127.255.255.255
laptop# ping -c 1 ::1
laptop# ping -c 1 ::2
laptop# ip route show table local
""",
    ),
    Recording(
        "each-its-own",
        "Two machines on one link each have 127.0.0.1, and each reaches its own",
        LAN
        + server("laptop", "127.0.0.1", 8000, "This is the laptop.")
        + server("neighbour", "127.0.0.1", 8000, "This is the neighbour."),
        """
laptop# curl -sS http://127.0.0.1:8000
neighbour# curl -sS http://127.0.0.1:8000
neighbour# curl -sS http://192.0.2.10:8000
""",
    ),
    Recording(
        "martians",
        "A packet to or from 127.0.0.1 that comes in from outside is dropped, whatever listens",
        LAN + server("laptop", "0.0.0.0", 8000, "This is the laptop."),
        """
neighbour# curl -sS http://192.0.2.10:8000
neighbour# ip address delete 127.0.0.1/8 dev lo
neighbour# ip route add 127.0.0.1 via 192.0.2.10
laptop% sysctl net.ipv4.conf.all.log_martians=1 && nstat -n
neighbour# ping -c 1 -W 1 127.0.0.1
laptop# nstat -z IpInReceives IpInDelivers
laptop# dmesg -t | grep martian | tail -n 1
neighbour# ip route delete 127.0.0.1
neighbour# ip address add 127.0.0.1/8 dev lo
neighbour# sysctl net.ipv4.conf.eth0.route_localnet=1
neighbour# ping -c 1 -W 1 -I 127.0.0.1 192.0.2.10
laptop# nstat -z IpInReceives IpInDelivers
laptop# dmesg -t | grep martian | tail -n 1
""",
    ),
    Recording(
        "localhost",
        "localhost is a name, here for two addresses, and ::1 is tried first",
        UP
        + """
laptop% printf '127.0.0.1\\tlocalhost\\n::1\\tlocalhost ip6-localhost ip6-loopback\\n' > hosts
laptop% mount --bind hosts /etc/hosts
"""
        + server("laptop", "127.0.0.1", 8000, "You came to 127.0.0.1.")
        + server("laptop", "::1", 8000, "You came to ::1."),
        """
laptop# cat /etc/hosts
laptop# getent ahosts localhost
laptop# ping -c 1 localhost
laptop# ping -4 -c 1 localhost
laptop# curl -sS -6 http://localhost:8000
laptop# curl -sS -4 http://localhost:8000
""",
    ),
    Recording(
        "own-address",
        "The way to one's own address leads through lo, whatever card has the address",
        LAN,
        """
laptop# ip -brief address
laptop# ip route get 192.0.2.10
laptop# ip route get 192.0.2.20
laptop# ip route show table local
""",
    ),
    Recording(
        "captures",
        "Three pings to the own address: 6 packets on lo, none on eth0; to the neighbour it is the other way round",
        LAN,
        """
laptop# tcpdump -tlni lo icmp > on-lo 2> /dev/null &
laptop# tcpdump -tlni eth0 icmp > on-eth0 2> /dev/null &
laptop% until [ $(grep -c 0003 /proc/net/packet) = 2 ]; do :; done
laptop# ping -q -c 3 -i 0.2 192.0.2.10
laptop% until [ $(cat on-lo on-eth0 | wc -l) = 6 ]; do :; done; sleep 0.5
laptop# wc -l on-lo on-eth0
laptop# cat on-lo
laptop# ping -q -c 3 -i 0.2 192.0.2.20
laptop% until [ $(cat on-lo on-eth0 | wc -l) = 12 ]; do :; done; sleep 0.5
laptop# wc -l on-lo on-eth0
""",
    ),
    Recording(
        "lo-down",
        "With lo down a machine does not answer itself, not even at its LAN address; the neighbour still reaches it",
        LAN,
        """
laptop# ping -c 1 -W 1 192.0.2.10
laptop# ip link set lo down
laptop# ping -c 1 -W 1 192.0.2.10
laptop# ping -c 1 -W 1 127.0.0.1
neighbour# ping -c 1 -W 1 192.0.2.10
""",
    ),
    Recording(
        "eth0-down",
        "Without carrier, or with eth0 set down, the machine still answers itself at the address of eth0",
        LAN,
        """
neighbour# ip link set eth0 down
laptop# ip -brief link show eth0
laptop# ping -c 1 -W 1 192.0.2.10
laptop# ping -c 1 -W 1 2001:db8::10
laptop# ip link set eth0 down
laptop# ping -c 1 -W 1 192.0.2.10
laptop# ping -c 1 -W 1 127.0.0.1
laptop# ping -c 1 -W 1 2001:db8::10
""",
    ),
    Recording(
        "weak-host",
        "The address of eth1 answers at eth0, even while eth1 is down",
        TWO_CARDS,
        """
laptop# ip -brief -4 address
neighbour# ping -c 1 -W 1 198.51.100.10
laptop# ip link set eth1 down
neighbour# ping -c 1 -W 1 198.51.100.10
""",
    ),
    Recording(
        "binding",
        "One address and port has one listener; every address includes each; another machine's address is refused",
        LAN + server("laptop", "127.0.0.1", 8000, "This is the laptop."),
        f"""
laptop# ss -tln
laptop# {binding("('127.0.0.1', 8000)")}
laptop# {binding("('0.0.0.0', 8000)")}
laptop# {binding("('192.0.2.10', 8000)")}
laptop# {binding("('192.0.2.20', 8000)")}
""",
    ),
    Recording(
        "reach",
        "The address that a listener is bound to decides who reaches it",
        LAN
        + server("laptop", "127.0.0.1", 8001, "I am bound to 127.0.0.1.")
        + server("laptop", "192.0.2.10", 8002, "I am bound to 192.0.2.10.")
        + server("laptop", "0.0.0.0", 8003, "I am bound to 0.0.0.0."),
        """
laptop# ss -tln
laptop# curl -sS http://127.0.0.1:8001
laptop# curl -sS http://127.0.0.1:8002
laptop# curl -sS http://127.0.0.1:8003
laptop# curl -sS http://192.0.2.10:8001
laptop# curl -sS http://192.0.2.10:8002
laptop# curl -sS http://192.0.2.10:8003
neighbour# curl -sS http://192.0.2.10:8001
neighbour# curl -sS http://192.0.2.10:8002
neighbour# curl -sS http://192.0.2.10:8003
laptop# curl -sS http://0.0.0.0:8001
""",
    ),
    Recording(
        "dual-stack",
        "On Linux [::] takes IPv4 too, unless it was told not to",
        LAN
        + server("laptop", "::", 8001, "I am bound to every address.")
        + """
laptop% python3 -c "import socket; s = socket.create_server(('::', 8002), family=socket.AF_INET6); s.accept()" &
laptop% until ss -tln | grep -q 8002; do :; done
""",
        """
laptop# ss -tln
neighbour# curl -sS 'http://[2001:db8::10]:8001'
neighbour# curl -sS http://192.0.2.10:8001
neighbour# curl -sS http://192.0.2.10:8002
""",
    ),
    Recording("ss", "Who listens on a made-up machine, and where", DESKTOP, "laptop# ss -tulpn"),
    Recording(
        "unix-doors",
        "Some doors have no address at all, only a name",
        DESKTOP,
        "laptop# ss -xlpn",
    ),
    Recording(
        "other-user",
        "Every user of the machine reaches a door on 127.0.0.1; a Unix socket is a file, and its rights decide",
        UP
        + server("laptop", "127.0.0.1", 8000, "Root started me. I answer whoever is inside.")
        + """
laptop% socat UNIX-LISTEN:door,mode=600,fork SYSTEM:'echo You may come in.' &
laptop% until [ -S door ]; do :; done
""",
        """
laptop# whoami
laptop# curl -sS http://127.0.0.1:8000
laptop# setpriv --reuid nobody --clear-groups curl -sS http://127.0.0.1:8000
laptop# ls -l door
laptop# socat -u UNIX-CONNECT:door STDOUT
laptop# setpriv --reuid nobody --clear-groups socat -u UNIX-CONNECT:door STDOUT
""",
    ),
    Recording(
        "containers",
        "Each namespace has a lo of its own: localhost inside one is not localhost outside, nor in the next",
        CONTAINERS
        + server("laptop", "127.0.0.1", 8000, "I listen on the laptop.")
        + server("red", "127.0.0.1", 8001, "I listen in red."),
        """
laptop# ip -brief -4 address
red# ip -brief -4 address
laptop# curl -sS http://127.0.0.1:8000
red# curl -sS http://127.0.0.1:8000
red# curl -sS http://127.0.0.1:8001
laptop# curl -sS http://127.0.0.1:8001
blue# curl -sS http://127.0.0.1:8001
""",
    ),
    Recording(
        "published",
        "A published port is a second door, at the machine; it helps only if the first is open to more than red itself",
        CONTAINERS
        + server("red", "127.0.0.1", 8001, "I listen on the lo of red.")
        + server("red", "0.0.0.0", 8002, "I listen on every address of red."),
        """
laptop# socat TCP-LISTEN:9001,fork,reuseaddr TCP:198.51.100.2:8001 2> /dev/null &
laptop# socat TCP-LISTEN:9002,fork,reuseaddr TCP:198.51.100.2:8002 2> /dev/null &
laptop% until [ $(ss -tln | grep -c ':900[12]') = 2 ]; do :; done
laptop# ss -tln
neighbour# curl -sS http://192.0.2.10:9001
neighbour# curl -sS http://192.0.2.10:9002
""",
    ),
)


class Shell:
    """A shell at one place: in a network namespace of its own, or (`laptop`) in the one that the tool made."""

    def __init__(self, place: str, pids: dict[str, int]) -> None:
        enter = [] if place == "laptop" else ["nsenter", "--target", str(pids[place]), "--net"]
        pid_of = {place: str(pid) for place, pid in pids.items()}
        search = f"{Path(sys.executable).parent}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        self.shell = subprocess.Popen(
            [*enter, "bash", "--norc", "--noprofile"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={"PATH": search, "LC_ALL": "C.UTF-8", "HOME": "/", "NSTAT_HISTORY": "/mnt/nstat"} | pid_of,
        )

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
    """The steps that readers see, run here; this process stands in fresh namespaces already."""
    subprocess.run(["mount", "-t", "tmpfs", "none", "/mnt"], check=True)
    if recording.network == DESKTOP:
        snapshot.build()
    os.chdir("/mnt")
    lines = list(recording.lines())
    places = {place for place, _, _ in lines} - {"laptop"}
    keepers = {place: subprocess.Popen(["unshare", "--net", "sleep", "infinity"]) for place in sorted(places)}
    for keeper in keepers.values():
        snapshot.wait_for_namespace(keeper.pid)
    pids = {place: keeper.pid for place, keeper in keepers.items()}
    shells = {place: Shell(place, pids) for place in ("laptop", *pids)}
    steps = []
    for place, is_shown, command in lines:
        output, status = shells[place].run(command)
        assert is_shown or status == 0, f"{recording.name}: {place}% {command}\n{output}"
        if is_shown:
            steps.append({"at": place, "command": command, "output": output, "status": status})
    return steps


def recorded(recording: Recording) -> dict[str, Any]:
    """The recording, made in fresh namespaces, with the kernel, the tools and the date."""
    alone = ["unshare", "--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    if os.geteuid():
        alone[1:1] = ["--user", "--map-root-user"]
    inside = [*alone, sys.executable, __file__, "--inside", recording.name]
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
    words = {word for _, is_shown, command in recording.lines() if is_shown for word in command.split()}
    used = {TOOL_OF.get(word, word) for word in words} & VERSIONS.keys()
    return [version(tool) for tool in sorted(used)]


def version(tool: str) -> str:
    name, command, pattern = VERSIONS[tool]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = re.search(pattern, told.stdout + told.stderr)
    assert found, f"{tool} does not tell its version: {told.stdout}"
    return f"{name} {found[1]}"


def needs(recording: Recording) -> list[str]:
    """The commands that it needs and that this machine does not have."""
    known = (*VERSIONS, "ss", "lnstat", "nstat", "setpriv", "unshare", "nsenter", "bash", "sysctl", "getent")
    words = {word for _, _, command in recording.lines() for word in re.findall(r"[\w-]+", command)}
    return [tool for tool in known if tool in words | {"unshare", "nsenter", "bash"} and shutil.which(tool) is None]


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
    made = json.loads(given.file.read_text(encoding="utf-8")) if given.file.exists() else []
    kept = {each["name"]: each for each in made}
    for name in given.names or known:
        if lacking := needs(known[name]):
            sys.exit(f"{name} needs {', '.join(lacking)}, which this machine does not have")
        kept[name] = recorded(known[name])
        print(f"{name}: recorded", flush=True)
    ordered = [kept[name] for name in known if name in kept]
    given.file.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
