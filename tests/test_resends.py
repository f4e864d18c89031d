"""When TCP sends again what was lost: the book's words, asked of this machine's own kernel and of the record."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from netlearn.lab import why_not
from netlearn.recorded.measured import measured

TOOL = Path(__file__).parent.parent / "tools" / "record" / "resends.py"
WHY_NOT = why_not(machine=True)


@pytest.fixture(scope="module")
def seen():
    """What the tool sees in 2.5 s, as Linux comes and without the probe."""
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    done = subprocess.run([sys.executable, TOOL, "2.5"], capture_output=True, text=True, check=True, timeout=60)
    return json.loads(done.stdout)


def waits(times):
    return [later - sooner for sooner, later in pairwise(times)]


def doubles(waited):
    """Whether each wait is about twice the one before; a busy machine may be late."""
    return all(1.5 < later / sooner < 2.7 for sooner, later in pairwise(waited))


def test_the_first_try_is_a_probe_and_the_first_wait_begins_once_more_after_it(seen):
    probe, *others = waits(seen["as Linux comes"]["tcp"])
    assert 0.6 < others[0] / probe < 1.6
    assert len(others) >= 3
    assert doubles(others)
    assert seen["as Linux comes"]["TCPLossProbes"] == 1


def test_without_the_probe_every_wait_is_twice_the_one_before(seen):
    waited = waits(seen["without the probe"]["tcp"])
    assert len(waited) >= 3
    assert doubles(waited)
    assert seen["without the probe"]["TCPLossProbes"] == 0


def test_udp_sends_once_and_never_again(seen):
    assert all(each["udp"] == [0] for each in seen.values())


def test_what_was_recorded_is_of_the_same_kind():
    probe, *others = waits([0, *(measured("tcp", f"resend-{number}").low for number in range(1, 7))])
    assert 0.9 < others[0] / probe < 1.1
    assert doubles(others)
    assert doubles(waits([0, *(measured("tcp-no-probe", f"resend-{number}").low for number in range(1, 6))]))
