"""What was recorded on a real machine: it is complete, names nobody, and comes out the same when it is run again."""

import json
import re
import subprocess
import sys
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from netlearn import UnknownName
from netlearn.lab import why_not
from netlearn.recorded import snapshot
from netlearn.recorded.transcripts import Command, Transcript, transcript, transcripts

ROOT = Path(__file__).parent.parent
TOOL = ROOT / "tools" / "record" / "transcripts.py"
NAMES = [each.name for each in transcripts()]
DOCUMENTATION = [
    *map(ip_network, ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32")),
    *map(ip_network, ("127.0.0.0/8", "::1/128", "::/126", "0.0.0.0/32", "fe80::200:5eff:fe00:5310/128")),
    ip_network("239.255.255.250/32"),  # the group of SSDP
]
# Each of them is done within seconds. The first need no more than iproute2, ping and Python; what the others need
# beyond that, the tool says.
CHEAP = (
    *("lo-is-born", "lo-stays", "many-loopbacks", "own-address", "lo-down", "eth0-down", "lo-never-up"),
    *("route-localnet", "udp-source", "abstract-door", "bridge-reached", "bridge-firewall", "bridge-tied"),
)
# Words that carry what a step shows; times, sizes and the order of flags may differ from kernel to kernel.
TELLING = (
    *("unreachable", "not supported", "broadcast", " 0% packet loss", "100% packet loss", "dev lo", "dev eth0"),
    *("127.0.0.1/8", "::1/128", "NO-CARRIER", "state DOWN", "LOOPBACK,UP", "devices/virtual"),
    *("timed out", "refused", "Permission denied", "I am ", "You came by", "Here I am.", "ip_forward = 0", "%bridge0"),
    *("> 127.0.0.1: ICMP echo request", "IP 192.0.2.10.9000 > ", "> 198.51.100.10.9000", "IP 198.51.100.10.9000"),
)
COUNTED = re.compile(r"^(\w+) +(\d+) +[\d.]+$", re.MULTILINE)  # what nstat prints


def addresses(text):
    """Every IP address in the text; a time such as 11:17:21 is none."""
    for word in re.findall(r"[0-9a-f]*:[0-9a-f:]+|\d+(?:\.\d+){3}", text):
        if not re.fullmatch(r"(?:[0-9a-f]{1,2}:)+[0-9a-f]{0,2}|:\d*", word):
            try:
                yield ip_address(word.rstrip(":"))
            except ValueError:
                continue


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_shows_where_it_was_recorded_and_when(name):
    each = transcript(name)
    assert re.fullmatch(r"Linux \d+\.\d+\.\d+", each.kernel)
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", each.date)
    assert each.shows
    assert each.steps
    assert all(step.command and step.at.isalpha() for step in each)
    assert each.kernel in each.note
    assert each.date in each.note


def test_no_address_is_anybodys():
    found = {address for each in transcripts() for address in addresses(str(each))}
    assert len(found) > 10
    strangers = [address for address in found if not any(address in network for network in DOCUMENTATION)]
    assert strangers == []


def test_nothing_of_the_machine_that_recorded_is_published():
    for each in transcripts():
        assert not re.search(r"/(?:work|root|home|venv|\.venv|tmp/(?!\.X11))", str(each)), each.name


@pytest.fixture(scope="module")
def recordings():
    """The tool that recorded, as a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(TOOL.parent))
        import transcripts as tool

        yield tool


def test_the_file_holds_what_the_tool_would_record_today(recordings):
    scripts = {
        each.name: [(line.at, line.command) for line in each.lines if line.is_shown] for each in recordings.RECORDINGS
    }
    assert {each.name: [(step.at, step.command) for step in each] for each in transcripts()} == scripts
    sentences = {each.name: each.shows for each in recordings.RECORDINGS}
    assert {each.name: each.shows for each in transcripts()} == sentences


def test_what_a_recording_needs_and_does_not_find_is_named(recordings, monkeypatch):
    known = {each.name: each for each in recordings.RECORDINGS}
    monkeypatch.setattr(recordings.shutil, "which", lambda tool: None if tool in ("nft", "curl") else f"/bin/{tool}")
    assert recordings.needs(known["bridge-firewall"]) == ["curl", "nft"]
    monkeypatch.setattr(recordings.os, "geteuid", lambda: 1000)
    assert recordings.needs(known["abstract-door"]) == ["root"]
    assert recordings.needs(known["lo-stays"]) == []


def test_what_ss_printed_are_the_doors_of_the_recorded_snapshot():
    rows = [line.split() for line in transcript("ss")[0].output.splitlines()[1:]]
    printed = {(row[0], row[1], row[4], re.search('"(.+)"', row[6])[1]) for row in rows}
    doors = [door for door in snapshot.recorded().listeners if door.protocol != "unix"]
    assert printed == {(*door.columns()[:3], door.process) for door in doors}
    assert len(rows) == len(doors)


def test_a_slice_is_a_transcript_and_one_of_it_is_a_step():
    born = transcript("lo-is-born")
    assert isinstance(born[:2], Transcript)
    assert isinstance(born[1], Command)
    assert [*born[:2], *born[2:]] == list(born)
    assert len(born[:2]) == 2
    assert born[:2].note == born.note


def test_what_a_command_said_is_found_by_how_it_begins_and_by_the_machine():
    down = transcript("lo-down")
    assert "1 received" in down.said("ping", at="neighbour")
    with pytest.raises(UnknownName, match=r"lo-down has no command 'curl' at laptop; it has ip link"):
        down.said("curl", at="laptop")


def test_what_was_not_recorded_is_named_with_what_was():
    with pytest.raises(UnknownName, match=r"no transcript 'lo-born'; .*; did you mean lo-is-born\?"):
        transcript("lo-born")


def test_it_is_shown_as_a_terminal_shows_it_and_nothing_in_it_is_markup():
    step = Command("me", "echo '<b>' && false", "<b> & more", 1)
    shown = Transcript("x", "a <tag>", "Linux 6.18.44", "2026-11-25", ("iproute2 6.1.0",), (step,))
    assert repr(shown) == (
        "me# echo '<b>' && false\n<b> & more\n"
        "(Recorded on Linux 6.18.44 on 2026-11-25, in a network of its own, with iproute2 6.1.0.)"
    )
    html = shown._repr_html_()
    assert "<span>me#</span> <b>echo &#x27;&lt;b&gt;&#x27; &amp;&amp; false</b>\n&lt;b&gt; &amp; more</pre>" in html
    assert 'aria-label="Terminal: a &lt;tag&gt;"' in html
    assert "<figcaption>Recorded: Linux 6.18.44, 2026-11-25, iproute2 6.1.0.</figcaption>" in html


def test_only_a_table_whose_columns_would_break_moves_sideways():
    assert {each.name for each in transcripts() if "nl-columns" in each._repr_html_()} == {"ss", "unix-doors"}


@pytest.fixture(scope="module")
def lacking(recordings):
    """For each cheap recording, what this machine lacks to make it anew."""
    if reason := why_not(machine=True):
        pytest.skip(reason)
    known = {each.name: each for each in recordings.RECORDINGS}
    return {name: recordings.needs(known[name]) for name in CHEAP}


@pytest.fixture(scope="module")
def run_again(tmp_path_factory, lacking):
    """The cheap recordings that this machine can make anew, made anew."""
    file = tmp_path_factory.mktemp("recordings") / "again.json"
    names = [name for name in CHEAP if not lacking[name]]
    again = [sys.executable, str(TOOL), "--file", str(file), *names]
    made = subprocess.run(again, capture_output=True, text=True, timeout=180, check=False) if names else None
    assert made is None or made.returncode == 0, made.stderr
    return {each["name"]: each for each in json.loads(file.read_text(encoding="utf-8"))} if names else {}


@pytest.mark.parametrize("name", CHEAP)
def test_run_again_the_kernel_gives_the_same_answers(lacking, run_again, name):
    if lacking[name]:
        pytest.skip(f"{name} needs {', '.join(lacking[name])}, which there is not here")
    for then, now in zip(transcript(name), run_again[name]["steps"], strict=True):
        assert (then.at, then.command) == (now["at"], now["command"])
        assert (then.status == 0) == (now["status"] == 0), f"{then}\nbut now\n{now['output']}"
        both = f"{then}\nand\n{now['output']}"
        for word in TELLING:
            assert (word in then.output) == (word in now["output"]), f"{word!r} in one only:\n{both}"
        assert some(then.output) == some(now["output"]), both


def some(printed):
    """Of each counter that nstat printed, whether it counted anything: how much, other traffic may change."""
    return {name: int(count) > 0 for name, count in COUNTED.findall(printed)}
