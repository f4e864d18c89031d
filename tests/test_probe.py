"""This machine's own sockets: real ones are opened, and found by both sources, beside what `ss` says."""

import ctypes
import os
import pwd
import resource
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
from refusing import in_a_child

from netlearn import Scope, probe
from netlearn.errors import NetlearnError
from netlearn.host.scope import InterfaceAddresses
from netlearn.host.sockets import Holder, Snapshot, State
from netlearn.lab import alone, why_not
from netlearn.probe import from_netlink, from_psutil, interfaces, sockdiag
from netlearn.probe.asking import Notes
from netlearn.probe.seen import OTHERS, REFUSED
from netlearn.recorded.snapshot import recorded

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="netlink is Linux's own")
SOURCES = {"netlink": probe.by_netlink, "psutil": probe.by_psutil}
if sys.platform != "linux":
    del SOURCES["netlink"]


def ipv6_works():
    try:
        with socket.socket(socket.AF_INET6) as tried:
            tried.bind(("::1", 0))
    except OSError:
        return False
    return True


with_ipv6 = pytest.mark.skipif(not ipv6_works(), reason="this machine has no IPv6 loopback address")


@pytest.fixture(autouse=True)
def live(monkeypatch):
    """make sets NETLEARN_RECORDED; these tests are about this machine."""
    monkeypatch.delenv("NETLEARN_RECORDED", raising=False)


@pytest.fixture
def opened():
    """Opens sockets that are closed at the end: `opened("127.0.0.1")`, by default TCP on a free port."""
    with ExitStack() as sockets:

        def opened(address, port=0, kind=socket.SOCK_STREAM, v6only=None, device=None):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            made = sockets.enter_context(socket.socket(family, kind))
            if v6only is not None:
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
            if device:
                made.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
            made.bind((address, port))
            if kind == socket.SOCK_STREAM:
                made.listen()
            return made

        yield opened


def ours(snapshot):
    """The doors of this very process."""
    return [each for each in snapshot.listeners if each.pid == os.getpid()]


def found(made, look):
    """The one door that is this socket."""
    name = made.getsockname()
    (door,) = [each for each in ours(look()) if (each.address, each.port) == name[:2]]
    return door


def own_name():
    return Path("/proc/self/comm").read_text().strip() if sys.platform == "linux" else psutil.Process().name()


def own_user():
    return pwd.getpwuid(os.geteuid()).pw_name


# ---- Each kind of door


@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_a_tcp_listener_is_found_with_its_process_and_user(opened, look):
    door = found(opened("127.0.0.1"), look)
    assert (door.protocol, door.state, door.scope, door.interface) == ("tcp", "LISTEN", Scope.LOOPBACK, "lo")
    assert (door.process, door.pid, door.user) == (own_name(), os.getpid(), own_user())


@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_a_udp_socket_without_a_peer_is_a_door_and_with_one_a_connection(opened, look):
    waiting = opened("127.0.0.1", kind=socket.SOCK_DGRAM)
    connected = opened("127.0.0.1", kind=socket.SOCK_DGRAM)
    connected.connect(waiting.getsockname())
    seen = look()
    assert [(each.state, each.port) for each in ours(seen) if each.protocol == "udp"] == [
        ("UNCONN", waiting.getsockname()[1])
    ]
    (connection,) = [each for each in seen.connections if each.pid == os.getpid() and each.netid == "udp"]
    assert (connection.state, connection.peer_port) == (State.ESTABLISHED, waiting.getsockname()[1])


@with_ipv6
@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_ipv6_doors_have_the_scope_of_their_address(opened, look):
    assert found(opened("::1"), look).scope is Scope.LOOPBACK
    assert found(opened("::ffff:127.0.0.1", v6only=False), look).scope is Scope.LOOPBACK
    assert found(opened("::", v6only=False), look).scope is Scope.EVERY


@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_every_ipv4_address_is_a_scope_of_its_own(opened, look):
    assert found(opened("0.0.0.0"), look).scope is Scope.EVERY_IPV4


@with_ipv6
@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_where_0_0_0_0_has_the_same_port_the_other_door_is_for_ipv6_only(opened, look):
    six = opened("::", v6only=True)
    opened("0.0.0.0", six.getsockname()[1])
    assert found(six, look).scope is Scope.EVERY_IPV6
    assert found(six, look).endpoint.startswith("[::]:")


@on_linux
@with_ipv6
def test_the_kernel_tells_ipv6_only_even_where_nothing_else_does(opened):
    assert found(opened("::", v6only=True), probe.by_netlink).scope is Scope.EVERY_IPV6


@on_linux
def test_a_door_bound_to_a_device_says_which(opened):
    door = found(opened("0.0.0.0", kind=socket.SOCK_DGRAM, device="lo"), probe.by_netlink)
    assert (door.scope, door.interface) == (Scope.DEVICE, "lo")
    assert door.endpoint == f"0.0.0.0%lo:{door.port}"
    assert found(opened("127.0.0.53", device="lo"), probe.by_netlink).scope is Scope.LOOPBACK


@on_linux
@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_unix_sockets_that_wait_are_doors_by_path_or_by_name(tmp_path, look):
    with ExitStack() as sockets:
        names = {str(tmp_path / "stream"): socket.SOCK_STREAM, f"\0{tmp_path}": socket.SOCK_SEQPACKET}
        for name, kind in {**names, str(tmp_path / "datagram"): socket.SOCK_DGRAM}.items():
            made = sockets.enter_context(socket.socket(socket.AF_UNIX, kind))
            made.bind(name)
            if kind != socket.SOCK_DGRAM:
                made.listen()
        sockets.enter_context(socket.socket(socket.AF_UNIX)).connect(str(tmp_path / "stream"))
        mine = [each for each in ours(look()) if str(tmp_path) in each.address]
        doors = {(each.netid, each.state, each.address, each.port) for each in mine}
    assert doors == {
        ("u_str", "LISTEN", str(tmp_path / "stream"), None),
        ("u_seq", "LISTEN", f"@{tmp_path}", None),
        ("u_dgr", "UNCONN", str(tmp_path / "datagram"), None),
    }


@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_a_connection_is_seen_from_both_ends_and_after_its_close(opened, look):
    server = opened("127.0.0.1")
    client = socket.create_connection(server.getsockname())
    accepted, _ = server.accept()
    ports = {server.getsockname()[1], client.getsockname()[1]}  # others may have one of them at the time
    with accepted, client:
        ends = [each for each in look().connections if {each.port, each.peer_port} == ports]
        assert [(each.state, each.pid) for each in ends] == [(State.ESTABLISHED, os.getpid())] * 2
        client.shutdown(socket.SHUT_WR)
        assert accepted.recv(1) == b""
        half = {each.state for each in look().connections if {each.port, each.peer_port} == ports}
        assert half in ({State.FIN_WAIT_1, State.CLOSE_WAIT}, {State.FIN_WAIT_2, State.CLOSE_WAIT})
    ended = [each for each in look().connections if {each.port, each.peer_port} == ports]
    assert {(each.state, each.pid) for each in ended} <= {(State.TIME_WAIT, None)}


def test_connections_can_be_left_out(opened):
    server = opened("127.0.0.1")
    with socket.create_connection(server.getsockname()):
        assert probe.snapshot(connections=False).connections == ()
        assert len(probe.snapshot().connections) >= 2


@on_linux
def test_a_socket_that_several_processes_hold_names_the_oldest_first(opened):
    door = opened("127.0.0.1")
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[door.fileno()])
    try:
        seen = found(door, probe.by_netlink)
        assert [(each.process, each.pid) for each in seen.holders] == [(own_name(), os.getpid()), ("cat", child.pid)]
    finally:
        child.communicate()


def test_process_1_which_opens_doors_for_others_comes_last():
    both = Holder("systemd", 1, 60), Holder("sshd", 900, 3)
    held = from_netlink._held(both, {1: 2, 900: 5000}.__getitem__)
    assert [each.process for each in held] == ["sshd", "systemd"]


def test_a_child_whose_id_is_smaller_than_its_parents_still_comes_after_it():
    """Linux counts ids up to a limit, 32,768 often, and begins again."""
    both = Holder("sftp-server", 412, 5), Holder("sshd", 32_700, 3)
    held = from_netlink._held(both, {32_700: 100, 412: 90_000}.__getitem__)
    assert [each.process for each in held] == ["sshd", "sftp-server"]


@on_linux
def test_the_kernel_tells_when_a_process_began():
    child = subprocess.Popen(["cat"], stdin=subprocess.PIPE)
    try:
        assert 0 < sockdiag.process_started(os.getpid()) <= sockdiag.process_started(child.pid)
    finally:
        child.communicate()
    assert sockdiag.process_started(child.pid) == 0


# ---- Two sources, and a judge that shares nothing with them


@pytest.fixture
def many(opened, tmp_path):
    """A door of every kind that both sources can tell."""
    opened("0.0.0.0")
    opened("127.0.0.2", kind=socket.SOCK_DGRAM)
    opened("224.0.0.251", kind=socket.SOCK_DGRAM)
    server = opened("127.0.0.1")
    if ipv6_works():
        six = opened("::", v6only=True)
        opened("0.0.0.0", six.getsockname()[1])
        opened("::", kind=socket.SOCK_DGRAM, v6only=False)
        opened("::1")
    with (
        socket.socket(socket.AF_UNIX) as unix,
        socket.create_connection(server.getsockname()) as client,
        server.accept()[0],
    ):
        unix.bind(str(tmp_path / "door"))
        unix.listen()
        yield {client.getsockname()[1], server.getsockname()[1]}


@on_linux
def test_both_sources_give_equal_answers(many):
    netlink, by_files = probe.by_netlink(), probe.by_psutil()
    assert len(ours(netlink)) >= 5
    assert set(ours(netlink)) == set(ours(by_files))
    assert len(ours(netlink)) == len(ours(by_files))
    mine = [{each for each in seen.connections if {each.port, each.peer_port} == many} for seen in (netlink, by_files)]
    assert mine[0] == mine[1]
    assert len(mine[0]) == 2
    assert netlink.interfaces == by_files.interfaces
    assert netlink.system == by_files.system


@on_linux
@pytest.mark.skipif(shutil.which("ss") is None, reason="ss is not installed (iproute2)")
def test_ss_says_the_same_of_every_door_of_ours(many, opened):
    opened("0.0.0.0", kind=socket.SOCK_DGRAM, device="lo")
    if ipv6_works():
        opened("::", v6only=True)
    said = subprocess.run(["ss", "-Htulpn"], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in said.splitlines() if f"pid={os.getpid()}," in line]
    judged = sorted((row[0], row[1], row[4], " ".join(row[6:])) for row in rows)
    assert sorted(each.columns() for each in ours(probe.by_netlink()) if each.protocol != "unix") == judged
    assert len(judged) >= 5


@on_linux
@pytest.mark.skipif(shutil.which("ss") is None, reason="ss is not installed (iproute2)")
def test_ss_says_the_same_of_unix_doors(many, tmp_path):
    said = subprocess.run(["ss", "-Hxlpn"], capture_output=True, text=True, check=True).stdout
    (row,) = [line.split() for line in said.splitlines() if str(tmp_path) in line]
    (door,) = [each for each in ours(probe.by_netlink()) if str(tmp_path) in each.address]
    assert door.columns() == (row[0], row[1], row[4], row[8])


@on_linux
def test_where_netlink_is_not_allowed_psutil_answers(opened, monkeypatch):
    def refuse(*_):
        raise PermissionError("no netlink in this sandbox")

    door = opened("127.0.0.1")
    monkeypatch.setattr(sockdiag, "rows", refuse)
    assert found(door, probe.snapshot).scope is Scope.LOOPBACK


def test_this_machines_interfaces_have_addresses_with_prefixes():
    (lo,) = [each for each in interfaces.interfaces(Notes()) if each.loopback]
    assert "127.0.0.1/8" in lo.addresses
    assert lo.up


def test_masks_become_lengths():
    def given(address, netmask):
        return SimpleNamespace(address=address, netmask=netmask)

    assert interfaces._with_prefix(given("192.0.2.1", "255.255.255.254")) == "192.0.2.1/31"
    assert interfaces._with_prefix(given("192.0.2.1", "0.0.0.0")) == "192.0.2.1/0"
    assert interfaces._with_prefix(given("192.0.2.1", None)) == "192.0.2.1/32"
    assert interfaces._with_prefix(given("fe80::1%eth0", "ffff:ffff:ffff:ffff::")) == "fe80::1%eth0/64"
    assert interfaces._with_prefix(given("::1", None)) == "::1/128"


def test_a_link_local_address_without_its_zone_gets_it_back():
    eth0, eth1 = InterfaceAddresses("eth0", ("fe80::1%eth0/64",)), InterfaceAddresses("eth1", ("fe80::1%eth1/64",))
    assert from_psutil._zoned("fe80::1", [eth0]) == "fe80::1%eth0"
    assert from_psutil._zoned("fe80::1", [eth0, eth1]) == "fe80::1"
    assert from_psutil._zoned("169.254.0.1", [eth0]) == "169.254.0.1"


def test_a_long_kernel_file_of_unix_sockets_is_read_line_by_line():
    text = (
        b"Num       RefCount Protocol Flags    Type St Inode Path\n"
        b"0000000000000000: 00000002 00000000 00010000 0001 01 20001 /run/with space.sock\n"
        b"0000000000000000: 00000003 00000000 00000000 0001 03 20002 /run/with space.sock\n"
        b"0000000000000000: 00000002 00000000 00000000 0002 01 20003 @abstract\n"
        b"0000000000000000: 00000002 00000000 00000000 0002 01 20004\n"
        b"00000000a1b2c3d4: 00000002 00000000 00010000 0005 01    25 @two\nlines \xff\r\x0c\xe2\x80\xa8\n"
    )
    assert from_psutil.unix_doors(text) == [
        *((b"/run/with space.sock", "u_str", 20001), (b"@abstract", "u_dgr", 20003)),
        (b"@two\nlines \xff\r\x0c\xe2\x80\xa8", "u_seq", 25),
    ]


# ---- What the system hides, and what dies while we look


@pytest.fixture
def server():
    """Another process with a door: the process, and its port."""
    code = "import socket; s = socket.create_server(('127.0.0.1', 0)); print(s.getsockname()[1], flush=True); input()"
    child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield child, int(child.stdout.readline())
    child.kill()
    child.communicate()


@on_linux
@pytest.mark.parametrize("moment", ["_sockets_of", "_read_links", "process_name", "process_uid"])
def test_a_process_that_dies_while_it_is_read_leaves_no_door_and_hides_nothing(server, monkeypatch, moment):
    child, port = server
    assert port in [each.port for each in probe.by_netlink().listeners]
    original, hidden = getattr(sockdiag, moment), probe.by_netlink().hidden
    killed = []

    def dying(*arguments):
        # `_read_links` is told a folder, the others a process.
        mine = arguments[0] == child.pid or Path(f"/proc/self/fd/{arguments[0]}").exists()
        if moment == "_read_links":
            mine = os.readlink(f"/proc/self/fd/{arguments[0]}") == f"/proc/{child.pid}/fd"  # noqa: PTH115
        if mine and not killed:
            child.kill()
            child.wait()
            killed.append(child.pid)
        return original(*arguments)

    monkeypatch.setattr(sockdiag, moment, dying)
    seen = probe.by_netlink()
    assert killed == [child.pid]
    assert port not in [each.port for each in seen.listeners]
    assert seen.hidden <= hidden


def test_a_process_that_dies_before_psutil_names_it_leaves_no_door(server, monkeypatch):
    child, port = server
    original = from_psutil._person

    def dying(module, pid):
        if pid == child.pid:
            child.kill()
            child.wait()
        return original(module, pid)

    assert port in [each.port for each in probe.by_psutil().listeners]
    monkeypatch.setattr(from_psutil, "_person", dying)
    assert port not in [each.port for each in probe.by_psutil().listeners]


def become_nobody():
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    ctypes.CDLL(None).prctl(4, 1, 0, 0, 0)  # PR_SET_DUMPABLE: it may look at itself, as any fresh process may


@on_linux
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("look", SOURCES.values(), ids=SOURCES)
def test_another_users_process_is_hidden_counted_and_the_reason_told(server, look):
    _, port = server
    look()  # what has to be imported is, while root may read it

    def work():
        with socket.create_server(("127.0.0.1", 0)) as own:
            return {**look().data(), "own": own.getsockname()[1], "child": os.getpid()}

    seen = in_a_child(work, become_nobody)
    (mine,) = [each for each in seen["listeners"] if each["port"] == seen["own"]]
    assert (mine["pid"], mine["user"]) == (seen["child"], "nobody")
    (door,) = [each for each in seen["listeners"] if each["port"] == port]
    assert (door["process"], door["pid"], door["scope"]) == (None, None, "loopback")
    assert seen["hidden"] == sum(each["pid"] is None for each in seen["listeners"]) >= 1
    assert seen["hidden_because"] == OTHERS
    if look is probe.by_netlink:
        assert door["user"] == "root"  # the kernel tells everyone who made a socket


def test_where_psutil_may_ask_only_process_by_process_those_that_refuse_are_counted(opened, monkeypatch):
    port = opened("127.0.0.1").getsockname()[1]

    class Refusing:
        pid = 4

        def net_connections(self, kind):
            raise psutil.AccessDenied(self.pid)

    class Gone(Refusing):
        def net_connections(self, kind):
            raise psutil.NoSuchProcess(self.pid)

    def denied(kind):
        raise psutil.AccessDenied()

    monkeypatch.setattr(psutil, "net_connections", denied)
    monkeypatch.setattr(psutil, "process_iter", lambda: [Refusing(), Gone(), psutil.Process()])
    seen = probe.by_psutil()
    assert port in [each.port for each in seen.listeners]
    others = [each for each in seen.listeners if each.protocol != "unix"]  # which are asked for in another way
    assert {each.pid for each in others} == {os.getpid()}
    assert seen.hidden == 1
    assert seen.hidden_because in (OTHERS, REFUSED)


@on_linux
def test_a_container_has_its_own_sockets_and_a_lo_that_is_down(opened):
    port = opened("127.0.0.1").getsockname()[1]
    code = "from netlearn import probe; s = probe.snapshot(); print(s.interfaces, len(s.listeners), s.hidden)"
    if reason := why_not(machine=True):
        pytest.skip(reason)
    inside = alone(sys.executable, "-c", code, machine=True)
    said = subprocess.run(inside, capture_output=True, text=True, check=True, timeout=60).stdout
    assert "up=False, loopback=True" in said
    assert said.split()[-2:] == ["0", "0"]
    assert port


# ---- Many


MANY = """
import socket, sys
made = []
for number in range(10_000):
    made.append(socket.socket(type=socket.SOCK_DGRAM))
    made[-1].bind((f"127.{sys.argv[1]}.{number // 5000}.1", 20_000 + number % 5000))
print(flush=True)
sys.stdin.read()
"""


def started(command):
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


@on_linux
def test_twenty_thousand_doors_are_all_counted():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 11_000 and os.geteuid() != 0:
        pytest.skip(f"this user may open {hard} files only")
    resource.setrlimit(resource.RLIMIT_NOFILE, (11_000, max(hard, 11_000)))  # for each of the two processes
    commands = ([sys.executable, "-c", MANY, str(number)] for number in range(2))
    try:
        with ExitStack() as closed:
            held = [closed.enter_context(started(command)) for command in commands]
            assert [each.stdout.readline() for each in held] == [b"\n", b"\n"]
            doors = [each for each in probe.snapshot(connections=False).listeners if each.protocol == "udp"]
            for each in held:
                seen = {(door.address, door.port) for door in doors if door.pid == each.pid}
                each.stdin.close()
                assert len(seen) == 10_000
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# ---- Recorded, and watched


def test_with_netlearn_recorded_the_snapshot_is_the_recorded_one(monkeypatch):
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    assert probe.snapshot() == recorded()
    assert probe.why_recorded() == "NETLEARN_RECORDED is set"
    assert probe.snapshot(connections=False).connections == ()


def test_without_psutil_the_snapshot_is_the_recorded_one(monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert probe.snapshot() == recorded()
    assert probe.why_recorded() == "psutil is not installed"


def test_a_look_at_this_machine_is_no_recording_and_says_when_and_where():
    seen = probe.snapshot()
    assert not seen.recorded
    assert probe.why_recorded() is None
    assert seen.taken.endswith("Z")
    assert seen.system.split()[0] == os.uname().sysname


def test_watching_tells_what_opens_and_closes_and_nothing_else(opened):
    looks, pauses, made = [], [], []

    def look():
        looks.append(len(looks))
        if len(looks) == 2:
            made.append(opened("127.0.0.1"))
        if len(looks) == 4:
            made[0].close()
        mine = probe.snapshot(connections=False)
        return Snapshot(tuple(ours(mine)))

    changes = list(probe.watch(0.5, looks=4, look=look, sleep=pauses.append))
    assert pauses == [0.5] * 4
    assert [(len(each.opened), len(each.closed)) for each in changes] == [(1, 0), (0, 1)]
    assert changes[0].opened == changes[1].closed


@pytest.mark.parametrize("interval_s", [0, -1, float("nan"), float("inf"), 1e9])
def test_an_interval_that_is_no_time_is_refused_at_once(interval_s):
    with pytest.raises(NetlearnError, match="the interval is more than 0 seconds"):
        probe.watch(interval_s)
