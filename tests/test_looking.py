"""Looking at a machine that refuses to be looked at, or is unusual: refusals, hostile names, scope as it is now.

Refusals are the kernel's own, in a child process (`refusing`); machines are network namespaces.
"""

import ctypes
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import refusing
from refusing import NO_LINKS, NO_NETLINK, NO_ROUTES, NO_SOCK_DIAG, Refusal, in_a_child, refuse

from netlearn import Listener, Scope, Snapshot, Socket, probe
from netlearn.errors import NetlearnError, printable
from netlearn.figures.doors.words import Side, sides
from netlearn.host.port import Port
from netlearn.host.sockets import Holder, State
from netlearn.lab import Namespace, Namespaces, why_not
from netlearn.probe import interfaces, sockdiag
from netlearn.probe.asking import Notes, text
from netlearn.probe.seen import OTHERS, REFUSED, seen_by
from netlearn.recorded import recorded
from netlearn.recorded.snapshot import from_json, to_json
from netlearn.widgets import Doors

Refused = Callable[..., Any]  # what is done where the kernel refuses what is named
Pair = tuple[Namespace, Namespace]
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="namespaces, /proc and seccomp are Linux's own")
as_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="only root may mount, or make networks in this very process"
)


@pytest.fixture(autouse=True)
def live(monkeypatch: pytest.MonkeyPatch) -> None:
    """make sets NETLEARN_RECORDED; these tests are about this machine."""
    monkeypatch.delenv("NETLEARN_RECORDED", raising=False)


@pytest.fixture(scope="module")
def refused() -> Refused:
    """Runs what it is given where the kernel refuses something."""
    if reason := refusing.why_not():
        pytest.skip(reason)
    return lambda work, *refusals: in_a_child(work, refuse, refusals)


def mine(seen: Snapshot) -> list[Listener]:
    return [door for door in seen.listeners if door.pid == os.getpid()]


# ---- What is refused


def looked() -> dict[str, Any]:
    """What a child sees of a door that it opens on `lo`, tied to it: the door, and all that is noted."""
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo")
        door.bind(("127.0.0.1", 0))
        door.listen()
        seen = probe.snapshot(connections=False)
        (found,) = [each for each in seen.listeners if each.port == door.getsockname()[1]]
    return {**found.data(), "device": found.device, "interfaces": len(seen.interfaces), "untold": seen.untold}


NOT_NETLINK = "Netlink says: Operation not permitted; psutil, which was asked instead, does not tell to which"
NO_INTERFACES = "Interfaces and their addresses cannot be asked for here: Operation not permitted."


@on_linux
def test_only_a_refusal_of_the_socket_tables_changes_the_source_and_each_refusal_is_a_note(refused: Refused) -> None:
    seen = refused(looked)
    assert (seen["device"], seen["scope"], seen["interface"]) == ("lo", "loopback", "lo")
    assert seen["pid"]
    without_tables = refused(looked, NO_SOCK_DIAG)
    assert (without_tables["device"], without_tables["scope"], without_tables["interface"]) == (None, "loopback", "lo")
    assert without_tables["interfaces"] == seen["interfaces"]
    assert [note for note in without_tables["untold"] if note.startswith(NOT_NETLINK)]
    without_interfaces = refused(looked, NO_ROUTES)
    assert (without_interfaces["device"], without_interfaces["scope"]) == ("lo", "loopback")
    assert without_interfaces["interfaces"] == 0
    assert NO_INTERFACES in without_interfaces["untold"]
    assert not [note for note in without_interfaces["untold"] if note.startswith(NOT_NETLINK)]
    with_neither = refused(looked, NO_NETLINK)
    assert (with_neither["scope"], with_neither["interfaces"], len(with_neither["untold"]) >= 2) == (
        "loopback",
        0,
        True,
    )


@on_linux
def test_a_process_that_may_not_be_looked_at_is_a_door_with_its_reason(refused: Refused) -> None:
    seen = refused(looked, NO_LINKS)
    assert (seen["pid"], seen["scope"]) == (None, "loopback")
    assert seen["hidden_because"] == (OTHERS if os.geteuid() else REFUSED) or os.geteuid() != 0
    assert seen["untold"][0].startswith("The process is hidden for ")


def nothing_to_look_at() -> tuple[int, str, str, str, str]:
    """What becomes of the command and of the figure where neither source answers."""
    said = subprocess.run([sys.executable, "-m", "netlearn", "sockets"], capture_output=True, text=True)
    figure = Doors()
    figure.looks += 1
    return said.returncode, said.stdout, said.stderr, figure.figure.words(), figure.html()


def hide_proc(*refusals: Refusal) -> None:
    """An empty /proc, in mounts of this process's own."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.unshare(0x20000) == 0, "CLONE_NEWNS"
    assert libc.mount(b"none", b"/", None, 0x44000, None) == 0, "MS_REC | MS_PRIVATE"
    assert libc.mount(b"none", b"/proc", b"tmpfs", 0, None) == 0
    refuse(refusals)


@as_root
def test_without_proc_doors_are_told_with_the_reason_why_nobody_is_named(refused: Refused) -> None:
    seen = in_a_child(looked, hide_proc)
    assert (seen["pid"], seen["device"]) == (None, "lo")
    assert seen["hidden_because"] == "processes cannot be asked for here: /proc: it shows no processes"
    assert [note for note in seen["untold"] if "route_localnet cannot be asked for here: /proc/sys/" in note]


@as_root
def test_where_nobody_tells_of_sockets_one_line_says_so_and_the_figure_shows_the_recorded_ones_and_why(
    refused: Refused,
) -> None:
    status, out, complaint, words, page = in_a_child(nothing_to_look_at, hide_proc, NO_NETLINK)
    reason = "netlink says: Operation not permitted; psutil says: /proc/net/tcp: No such file or directory"
    assert (status, out) == (2, "")
    assert complaint == f"netlearn: this machine's sockets cannot be looked at: {reason}\n"
    assert "written" not in complaint
    assert f"Your own doors are not shown: this machine's sockets cannot be looked at: {reason}." in words
    assert recorded().recording_note in words
    assert reason not in page


@as_root
def test_where_proc_hides_others_processes_their_doors_say_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]

        def hidden() -> tuple[str | None, str, bool]:
            (found,) = [each for each in probe.snapshot().listeners if each.port == port]
            return found.process, found.hidden_because, probe.by_psutil().hidden > 0

        def become_nobody() -> None:
            door.close()  # the parent keeps it
            libc = ctypes.CDLL(None)
            assert libc.unshare(0x20000) == 0
            assert libc.mount(b"none", b"/", None, 0x44000, None) == 0
            assert libc.mount(b"proc", b"/proc", b"proc", 0, b"hidepid=2") == 0
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)

        probe.snapshot(), probe.by_psutil()  # what has to be imported is, while root may read it
        assert in_a_child(hidden, become_nobody) == [None, OTHERS, True]


def test_each_reason_stands_with_its_doors() -> None:
    doors = [each for each in recorded().listeners if each.protocol != "unix"][:4]
    bare = [replace(each, holders=(), hidden_because=because) for each, because in zip(doors, "ABAA", strict=True)]
    told = seen_by(bare, (), (), Notes())
    ends = sorted(each.endpoint for each, because in zip(doors, "ABAA", strict=True) if because == "A")
    assert told.hidden_because == f"A ({', '.join(ends)}); B ({doors[1].endpoint})"
    assert seen_by(bare[2:], (), (), Notes()).hidden_because == "A"
    assert [each["hidden_because"] for each in told.data()["listeners"]].count("A") == 3


def test_a_name_that_may_not_be_read_leaves_its_process_and_is_noted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(pid: int) -> str:
        raise PermissionError(13, "Permission denied", f"/proc/{pid}/comm")

    monkeypatch.setattr(sockdiag, "process_name", denied)
    with socket.create_server(("127.0.0.1", 0)) as door:
        seen = probe.by_netlink()
        (found,) = [each for each in mine(seen) if each.port == door.getsockname()[1]]
    assert (found.process, found.pid, found.user is None) == (None, os.getpid(), False)
    assert len([note for note in seen.notes if note.startswith("Names of processes cannot be asked for here")]) == 1


def test_what_psutil_refuses_is_a_note_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise psutil.AccessDenied(7)

    monkeypatch.setattr(interfaces, "_by_netlink", partial(_raise, OSError(1, "Operation not permitted")))
    monkeypatch.setattr(psutil, "net_if_addrs", refused)
    assert interfaces.interfaces(notes := Notes()) == ()
    assert len(notes) == 1
    assert "pid=7" in notes[0]


def _raise(reason: Exception, *_: object) -> None:
    raise reason


def test_what_was_not_told_is_said_everywhere_and_survives_a_file() -> None:
    told = Snapshot((), notes=("Local routes cannot be asked for here: \x1b[2J.",))
    said = "Local routes cannot be asked for here: \\x1b[2J."
    assert str(told).endswith(said)
    assert said in told._repr_html_()
    assert said in Doors(told).body
    assert told.data()["notes"] == [*told.notes]
    assert from_json(to_json(told)) == told


# ---- Names

HOSTILE = (b"a\nb", b"c\r\x0cd", b"\xff\xfe", b"[bold]x[/]", b"\x1b[2J", b"e)f (g", "\u2028\u202e".encode(), b"h\n")


def named(name: bytes) -> list[str | None]:
    """A door of this process under that name, as each source tells it."""
    ctypes.CDLL(None).prctl(15, ctypes.c_char_p(name), 0, 0, 0)
    with socket.create_server(("127.0.0.1", 0)) as door:
        return [
            each.process
            for look in (probe.by_netlink, probe.by_psutil)
            for each in look().listeners
            if each.port == door.getsockname()[1]
        ]


@on_linux
def test_a_process_may_have_any_bytes_for_a_name() -> None:
    told = in_a_child(lambda: [named(name) for name in HOSTILE])
    assert told == [[text(name)] * 2 for name in HOSTILE]
    assert {printable(name).isprintable() for pair in told for name in pair} == {True}


@on_linux
def test_a_unix_socket_may_have_any_bytes_for_a_name_and_a_file_that_begins_with_an_at_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    names = [b"\0" + os.fsencode(tmp_path) + name for name in HOSTILE]
    with ExitStack() as sockets:
        for name in [*names, b"@file", b"\0@kernel"]:
            made = sockets.enter_context(socket.socket(socket.AF_UNIX))
            made.bind(name)
            made.listen()
        looks = probe.by_netlink(), probe.by_psutil()
    told = [{each.address for each in mine(seen) if each.protocol == "unix"} for seen in looks]
    reaches = {each.address: each.reach for each in looks[0].listeners}
    expected = {"@" + text(name[1:]) for name in names} | {"./@file", "@@kernel"}
    assert told[0] == told[1] == expected
    assert reaches["./@file"] == "Only programs on this machine that may open the file ./@file."
    assert reaches["@@kernel"].startswith("Any program that shares this machine’s network: @@kernel is a name there")


FIRST_GONE = """
import ctypes, os, socket, sys, threading
door = socket.create_server(("127.0.0.1", 0))
def wait():
    while ") Z " not in open(f"/proc/{os.getpid()}/stat").read(): pass
    print(door.getsockname()[1], flush=True)
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=wait).start()
ctypes.CDLL(None).syscall({number}, 0)  # exit(2), which ends this thread alone
"""


@on_linux
def test_a_process_whose_first_thread_has_ended_is_found(refused: Refused) -> None:
    code = FIRST_GONE.replace("{number}", "60" if os.uname().machine == "x86_64" else "93")
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())
        (door,) = [each for each in probe.by_netlink().listeners if each.port == port]
        process.stdin.close()
    assert door.pid == process.pid


# ---- Scope is what the machine says now


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A machine with a card and one beside it that sends all it has to the first; they are joined by a cable."""
    if reason := why_not():
        pytest.skip(reason)
    with Namespaces() as spaces:
        here, there = spaces.new("here"), spaces.new("there")
        here.cable("eth0", there, "eth0")
        for each, number in ((here, 10), (there, 20)):
            each.ip("link set lo up")
            each.up("eth0", f"192.0.2.{number}/24")
        yield here, there


class Opened:
    """A door in a namespace as the machine tells it, and who really gets in."""

    def __init__(
        self,
        here: Namespace,
        there: Namespace,
        address: str,
        device: str | None = None,
        zone: str | None = None,
        dial: str | None = None,
    ) -> None:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with here.inside():
            made = socket.socket(family)
            if device:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, os.fsencode(device))
            made.bind((address, 0, 0, socket.if_nametoindex(zone)) if zone else (address, 0))
            made.listen()
            self.port = made.getsockname()[1]
            (self.door,) = [each for each in probe.snapshot().listeners if each.port == self.port]
            seen = probe.by_psutil()
            (self.by_psutil,) = [each for each in seen.listeners if each.port == self.port]
        with made:
            ways = ((here, zone), (there, zone and "eth0"))
            self.reached = tuple(self._reached(space, family, dial or address, scope) for space, scope in ways)

    def _reached(self, space: Namespace, family: int, address: str, zone: str | None) -> bool:
        with space.inside(), socket.socket(family) as client:
            client.settimeout(0.3)
            end = (address, self.port, 0, socket.if_nametoindex(zone)) if zone else (address, self.port)
            return client.connect_ex(end) == 0


@as_root
def test_route_localnet_opens_127_to_the_outside_and_the_scope_says_so_and_names_the_switch(pair: Pair) -> None:
    here, there = pair
    there.ip("address delete 127.0.0.1/8 dev lo", "route add 127.0.0.0/8 via 192.0.2.10")
    there.sysctl({"ipv4/conf/eth0/route_localnet": 1})
    closed = Opened(here, there, "127.0.0.1")
    assert (closed.reached, closed.door.scope) == ((True, False), Scope.LOOPBACK)
    assert "route_localnet" not in closed.door.data()
    here.sysctl({"ipv4/conf/eth0/route_localnet": 1})
    opened = Opened(here, there, "127.0.0.1")
    assert opened.reached == (True, True)
    assert opened.door.place == opened.by_psutil.place
    assert (opened.door.scope, sides(opened.door)) == (Scope.ADDRESS, (Side.DOOR, Side.DOOR))
    assert "sends what is for 127.0.0.1 to eth0: there route_localnet is 1" in opened.door.reach
    assert opened.door.data()["route_localnet"] == ["eth0"]
    tied = Opened(here, there, "127.0.0.1", "lo")
    assert (tied.reached, tied.door.scope) == ((True, False), Scope.LOOPBACK)
    here.sysctl({"ipv4/conf/eth0/route_localnet": 0, "ipv4/conf/all/route_localnet": 1})
    assert Opened(here, there, "127.0.0.53", dial="127.0.0.53").door.data()["route_localnet"] == ["eth0"]
    with here.inside():
        seen = probe.snapshot()
    assert from_json(to_json(seen)).interfaces == seen.interfaces


@as_root
def test_a_local_route_makes_addresses_the_machines_own_and_the_sentence_says_which(pair: Pair) -> None:
    here, there = pair
    here.ip("route add local 198.51.100.0/24 dev lo")
    there.ip("route add 198.51.100.0/24 via 192.0.2.10")
    routed = Opened(here, there, "198.51.100.9")
    assert routed.reached == (True, True)
    assert (routed.door.scope, routed.door.interface) == (Scope.ADDRESS, "lo")
    assert "no interface has it, but a local route on lo makes it this machine's own" in routed.door.reach
    own = Opened(here, there, "192.0.2.10")
    assert own.door.reach == "Whoever can reach 192.0.2.10, an address of eth0; programs on this machine can, too."
    with here.inside():
        told = {each.name: each.local for each in probe.snapshot().interfaces}
    assert told == {"lo": ("198.51.100.0/24",), "eth0": ()}


@as_root
def test_a_link_local_address_of_a_loopback_interface_is_for_this_machine_alone(pair: Pair) -> None:
    here, there = pair
    here.ip("address add fe80::77/64 dev lo nodad")
    there.ip("address add fe80::20/64 dev eth0 nodad")
    own = Opened(here, there, "fe80::77", zone="lo")
    assert (own.reached, own.door.scope, sides(own.door)) == ((True, False), Scope.LOOPBACK, (Side.DOOR, Side.WALL))
    assert own.door.reach.startswith("Only programs on this machine: fe80::77%lo is for the link of lo")


@as_root
def test_a_door_tied_to_a_port_of_a_bridge_takes_nothing_from_outside(pair: Pair) -> None:
    here, there = pair
    here.bridge("br0", "eth0")
    here.ip("address add 192.0.2.11/24 dev br0")
    for device, address, reached, walls in (
        ("eth0", "192.0.2.10", (True, False), (Side.DOOR, Side.WALL)),
        ("br0", "192.0.2.11", (True, True), (Side.ROUND, Side.DOOR)),
    ):
        tied = Opened(here, there, "0.0.0.0", device, dial=address)
        assert tied.reached == reached
        assert (tied.door.scope, tied.door.interface, sides(tied.door)) == (Scope.DEVICE, device, walls)
        assert ("eth0 is a port of the bridge br0" in tied.door.reach) == (device == "eth0")


@as_root
def test_an_interface_may_have_any_bytes_for_a_name(pair: Pair) -> None:
    here, there = pair
    name = b"\xff\x1b[b]"
    with here.inside():
        subprocess.run([b"ip", b"link", b"set", b"eth0", b"down", b"name", name], check=True)
        subprocess.run([b"ip", b"link", b"set", name, b"up"], check=True)
    tied = Opened(here, there, "0.0.0.0", os.fsdecode(name), dial="192.0.2.10")
    assert tied.reached == (True, True)
    assert (tied.door.device, tied.door.interface) == (text(name), text(name))
    assert re.fullmatch(r"0\.0\.0\.0%\\xff\x1b\[b\]:\d+", tied.door.endpoint)
    assert tied.door.row()[2].isprintable()
    assert json.dumps(tied.door.data())


# ---- Who has a port


def test_whoever_has_a_port_is_named_though_nobody_listens_there_and_told_why() -> None:
    with socket.socket() as door, socket.socket() as client:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        states = [[each.state for each in probe.who_has(port).sockets]]
        bound = str(probe.who_has(port))
        door.listen()
        client.connect(("127.0.0.1", port))
        accepted = door.accept()[0]
        door.close()
        (held,) = probe.who_has(port).sockets
        connected = str(probe.who_has(port))
        accepted.close()
        client.close()
        states.append([each.state for each in probe.who_has(port).sockets])
        over, data = str(probe.who_has(port)), probe.who_has(port).data()
    assert states == [["UNCONN"], ["TIME-WAIT"]]
    assert f"pid={os.getpid()}," in bound
    assert "has the port, but waits for nobody" in bound
    assert (held.state, held.pid) == ("ESTAB", os.getpid())
    assert "A connection with 127.0.0.1:" in connected
    assert "no process" in over
    assert "Linux for a minute" in over
    assert [(each["state"], each["pid"]) for each in data["sockets"]] == [("TIME-WAIT", None)]


def test_a_port_that_nobody_has_says_what_was_not_looked_at() -> None:
    told = str(Port.of(replace(recorded(), notes=("Unix sockets cannot be asked for here: \x1b.",)), 4))
    assert told.startswith("No TCP or UDP socket has port 4.\n\nSockets of vsock, UDP-Lite, SCTP and DCCP, and raw")
    assert "Unix sockets cannot be asked for here: \\x1b." in told
    assert "these are not this machine's own sockets" in told


def test_every_kind_of_socket_at_a_port_has_its_line_and_its_data() -> None:
    seen = recorded()
    door = next(each for each in seen.listeners if each.port)
    bound = Socket("tcp", State.BOUND, "::1", 9, "::", 0)
    over = Socket("tcp", State.TIME_WAIT, "::1", 9, "2001:db8::1", 80, (Holder("a\nb", 7),), "root")
    told = Port.of(Snapshot((replace(door, port=9),), (bound, over), notes=("It is so.",)), 9)
    lines = str(told).split("\n")
    assert [line.split()[1] for line in lines[:6:2]] == [door.state, "UNCONN", "TIME-WAIT"]
    assert lines[1].strip() == door.reach
    assert lines[2].endswith("[::1]:9                      the system does not show who holds it")
    assert r'[2001:db8::1]:80  users:(("a\nb",pid=7)) root' in lines[4]
    assert lines[-1] == "It is so."
    assert "peer_port" not in told.data()["sockets"][1]
    assert (told.data()["sockets"][2]["peer_port"], told.data()["notes"]) == (80, ["It is so."])
    for number in (0, 65_536):
        with pytest.raises(NetlearnError, match="a port is a number from 1 to 65535, not"):
            Port.of(seen, number)
