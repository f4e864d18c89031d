"""Network namespaces of one's own: they are joined as said, say what went wrong, and leave nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from netlearn import NetlearnError
from netlearn.lab import (
    CannotMakeNamespaces,
    CommandFailed,
    Namespaces,
    TookTooLong,
    alone,
    namespaces,
    run_alone,
    stop,
    wait_until,
    why_not,
)

WHY_NOT = why_not(machine=True) or (os.geteuid() != 0 and "needs root, to be inside without starting again") or None
on_linux = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))
OURS = Path(namespaces.OURS)


@pytest.fixture
def spaces():
    before = OURS.readlink()
    with Namespaces() as made:
        yield made
    assert OURS.readlink() == before


def alive(pid):
    """Whether the process runs; one that has ended and was not fetched by its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@on_linux
def test_a_fresh_namespace_has_a_lo_that_is_down_and_nothing_else(spaces):
    shown = spaces.new("R1").run("ip", "-brief", "link").stdout.splitlines()
    assert [line.split()[:2] for line in shown] == [["lo", "DOWN"]]


@on_linux
@pytest.mark.skipif(shutil.which("ping") is None, reason="ping is not installed")
def test_a_cable_joins_two_and_a_bridge_joins_more(spaces):
    switch, hosts = spaces.new("switch"), [spaces.new(name) for name in "ABC"]
    for number, host in enumerate(hosts, 1):
        host.cable("eth0", switch, f"port{number}")
        host.up("eth0", f"192.0.2.{number}/24", f"2001:db8::{number}/64")
    switch.bridge("lan", "port1", "port2", "port3")
    for address in ("192.0.2.1", "192.0.2.2", "2001:db8::2"):
        hosts[2].run("ping", "-c", "1", "-W", "5", address)
    hosts[0].ip("link set eth0 down")
    assert "100% packet loss" in hosts[2].run("ping", "-c", "1", "-W", "1", "192.0.2.1", check=False).stdout


@on_linux
def test_what_is_set_in_one_is_not_set_in_the_other(spaces):
    one, other = spaces.new("R1"), spaces.new("R2")
    one.sysctl({"ipv4/ip_forward": 1})
    assert [each.run("cat", "/proc/sys/net/ipv4/ip_forward").stdout for each in (one, other)] == ["1\n", "0\n"]
    one.sysctl({"ipv4/no_such_thing": 1}, missing_ok=True)
    with pytest.raises(CommandFailed, match=r"ipv4/no_such_thing = 1 cannot be set in R1: .*No such file"):
        one.sysctl({"ipv4/no_such_thing": 1})


@on_linux
def test_a_command_that_fails_says_where_and_why(spaces):
    router = spaces.new("R1")
    assert router.run("cat", given="What it was given.").stdout == "What it was given."
    assert router.run("false", check=False).returncode == 1
    with pytest.raises(CommandFailed, match=r"sh -c echo sorry >&2; exit 3 in R1 ended with status 3: sorry"):
        router.run("sh", "-c", "echo sorry >&2; exit 3")
    with pytest.raises(CommandFailed, match=r"in R1 ended with status 1: .*eth9.*; given link set eth9 up"):
        router.up("eth9")
    for way in (router.run, router.start):
        with pytest.raises(CommandFailed, match=r"zebra-of-nobody in R1 cannot be started: .*No such file"):
            way("zebra-of-nobody")


@on_linux
def test_a_command_that_does_not_end_is_killed(spaces):
    with pytest.raises(TookTooLong, match=r"sleep 600 in R1 has not ended after 0.1 s"):
        spaces.new("R1").run("sleep", "600", within_s=0.1)


@on_linux
def test_a_process_in_the_background_is_stopped_with_what_it_started_even_if_it_does_not_listen(spaces):
    router = spaces.new("R1")
    asked = router.start("sleep", "600")
    assert stop(asked) == -signal.SIGTERM
    assert stop(asked) == -signal.SIGTERM  # again is no mistake
    deaf = router.start(sys.executable, "-c", DEAF, stdout=subprocess.PIPE, text=True)
    child = int(deaf.stdout.readline())
    assert stop(deaf, within_s=0.1) == -signal.SIGKILL
    wait_until(lambda: not alive(child), "the child of the process has ended")


DEAF = """
import signal, subprocess
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(subprocess.Popen(["sleep", "600"]).pid, flush=True)
signal.pause()
"""


@on_linux
def test_an_error_leaves_no_process_behind_daemons_included():
    def laboratory():
        with Namespaces() as spaces:
            router = spaces.new("R1")
            pids.append(router.start("sleep", "600").pid)
            # Its parent has ended, so it is no child of ours.
            pids.append(int(router.run("sh", "-c", "setsid sleep 600 > /dev/null 2>&1 & echo $!").stdout))
            assert all(map(alive, pids))
            raise ZeroDivisionError

    pids, files = [], len([*Path("/proc/self/fd").iterdir()])
    with pytest.raises(ZeroDivisionError):
        laboratory()
    assert not any(map(alive, pids))
    assert len([*Path("/proc/self/fd").iterdir()]) == files


LABORATORY = """
import signal, time
from netlearn.lab import Namespaces, run_alone
signal.signal(signal.SIGINT, signal.default_int_handler)  # who runs the tests in the background has it ignored
{first}
with Namespaces() as spaces:
    spaces.new("R1").start("sleep", "{number}")
    print("ready", flush=True)
    time.sleep(600)
"""


@on_linux
@pytest.mark.parametrize(
    ("first", "number"),
    [("", signal.SIGINT), ("run_alone()", signal.SIGKILL)],
    ids=["Ctrl-C", "killed, in a machine of its own"],
)
def test_a_program_that_is_interrupted_leaves_no_process_behind(first, number):
    seconds = str(600_000_000 + os.getpid())  # by which the process is found
    code = LABORATORY.format(first=first, number=seconds)
    ran = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert ran.stdout.readline() == "ready\n"
    assert sleepers(seconds)
    ran.send_signal(number)
    assert ran.wait(20) != 0
    wait_until(lambda: not sleepers(seconds), "the process inside has ended")


def sleepers(seconds):
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes() == f"sleep\0{seconds}\0".encode():
                found.append(file.parent.name)
        except OSError:
            continue
    return found


@on_linux
def test_alone_a_program_is_root_in_a_network_and_if_wished_a_machine_of_its_own():
    code = "import os; print(os.getpid(), os.geteuid(), *os.listdir('/proc/sys/net/ipv4/conf'))"
    said = subprocess.run(alone(sys.executable, "-c", code, machine=True), capture_output=True, text=True, check=True)
    pid, user, *cards = said.stdout.split()
    assert (pid, user) == ("1", "0")
    assert {"all", "default", "lo"} <= {*cards}
    assert "eth0" not in cards


def test_what_is_waited_for_is_given_or_named():
    answers = iter([0, None, "here"])
    assert wait_until(lambda: next(answers), "an answer") == "here"
    with pytest.raises(TookTooLong, match=r"after 0 s it is still not so that R1 and R2 are adjacent"):
        wait_until(lambda: False, "R1 and R2 are adjacent", within_s=0)


def test_where_it_cannot_be_the_reason_is_said(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    assert why_not() == "network namespaces are Linux's own"
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(shutil, "which", lambda command: None)
    assert why_not() == "ip is not installed (iproute2)"
    with pytest.raises(CannotMakeNamespaces, match="ip is not installed"):
        run_alone()


def test_a_refusal_of_the_kernel_is_one_of_our_errors(monkeypatch):
    def refuse(name, *arguments):
        raise PermissionError(1, f"{name}: Operation not permitted")

    monkeypatch.setattr(namespaces, "_call", refuse)
    monkeypatch.setattr(namespaces, "why_not", lambda: "this user may not")
    with pytest.raises(NetlearnError, match="this user may not"), Namespaces() as spaces:
        spaces.new("R1")
