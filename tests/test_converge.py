"""`netlearn converge`: a failure in time, from the command line."""

import json
import subprocess
import sys

import pytest

from netlearn.cli.main import main

CASE_3 = ("--cut", "R2-End", "--cut", "R1-R2", "--down", "R3")


@pytest.fixture
def converge(capsys):
    """Runs the command for the forum network from Source to End; its exit status and what it printed."""

    def run(*arguments, between=("Source", "End")):
        status = main(["converge", "forum", "--from", between[0], "--to", between[1], *arguments])
        return status, capsys.readouterr()

    return run


def answer(run):
    status, printed = run
    assert status == 0, printed.err
    return json.loads(printed.out)


def test_the_answer_has_events_convergence_packets_and_micro_loops(converge):
    found = answer(converge("--cut", "R2-End", "--json"))
    assert {"events", "converged_us", "packets", "micro_loops"} <= found.keys()
    assert found["events"][0] == {"time_us": 0, "kind": "cut", "node": "R2", "detail": "the link R2-End is cut"}
    assert [event["time_us"] for event in found["events"]] == sorted(event["time_us"] for event in found["events"])
    assert found["micro_loops"] == []
    packets = found["packets"]
    assert packets["sent"] == packets["delivered"] + packets["lost"]
    assert packets["lost"] == sum(found["lost_by_cause"].values()) > 0
    assert found["converged_us"] == max(event["time_us"] for event in found["events"] if event["kind"] == "install")


def test_the_phases_come_in_their_order(converge):
    found = answer(converge("--cut", "R2-End", "--json"))
    first = {}
    for event in found["events"]:
        if event["node"] == "R2":
            first.setdefault(event["kind"], event["time_us"])
    assert first["detect"] <= first["flood"] <= first["compute"] <= first["install"]


def test_only_case_3_can_loop_and_a_slow_r5_makes_the_loop_last(converge):
    quick = answer(converge(*CASE_3, "--json"))["micro_loops"]
    slow = answer(converge(*CASE_3, "--spf-delay", "R5=1000", "--json"))["micro_loops"]
    assert [loop["cycle"] for loop in quick] == [loop["cycle"] for loop in slow] == [["R1", "R5"]]
    assert 900_000 < slow[0]["to_us"] - slow[0]["from_us"] < 1_100_000


def test_packets_in_a_micro_loop_end_when_their_ttl_does(converge):
    found = answer(converge(*CASE_3, "--spf-delay", "R5=1000", "--rate", "1000", "--json"))
    assert found["lost_by_cause"]["TTL expired"] > 0


def test_bfd_notices_a_silent_failure_long_before_hellos_do(converge):
    by_hello = answer(converge("--down", "R2", "--silent", "--detect", "hello", "--json"))
    by_bfd = answer(converge("--down", "R2", "--silent", "--detect", "bfd", "--json"))
    by_carrier = answer(converge("--down", "R2", "--json"))
    assert by_carrier["converged_us"] < by_bfd["converged_us"] < by_hello["converged_us"]
    # The neighbours' dead timers run out one by one, 30 to 40 s after the failure; for the last of that news SPF waits
    # the long delay of 5 s.
    detected = [event["time_us"] for event in by_hello["events"] if event["kind"] == "detect"]
    assert 30_000_000 < min(detected) <= max(detected) < 40_000_000
    assert by_hello["converged_us"] < 45_500_000
    assert 600_000 < by_bfd["converged_us"] < 1_100_000


def test_loop_free_alternates_lose_less(converge):
    without = answer(converge("--cut", "R2-End", "--rate", "1000", "--json"))["packets"]["lost"]
    with_lfa = answer(converge("--cut", "R2-End", "--rate", "1000", "--lfa", "--json"))["packets"]["lost"]
    assert with_lfa < without


def test_frr_computes_at_once_where_the_rfc_waits(converge):
    rfc, frr = (answer(converge("--cut", "R2-End", "--timers", name, "--json")) for name in ("rfc", "frr"))
    assert frr["converged_us"] + 45_000 < rfc["converged_us"]


def test_flows_and_rate_multiply(converge):
    one = answer(converge("--flows", "1", "--rate", "10", "--json"))["packets"]["sent"]
    many = answer(converge("--flows", "5", "--rate", "100", "--json"))["packets"]["sent"]
    assert many == 50 * one


def test_a_network_with_a_lan_converges_too(tmp_path, capsys):
    file = tmp_path / "lan.json"
    nodes = [{"id": "A"}, {"id": "B"}, {"id": "C"}, {"id": "LAN", "kind": "lan"}]
    edges = [{"source": name, "target": "LAN"} for name in "ABC"] + [{"source": "B", "target": "C", "metric": 5}]
    file.write_text(json.dumps({"nodes": nodes, "edges": edges}), encoding="utf-8")
    command = ["converge", str(file), "--from", "A", "--to", "B", "--cut", "B-LAN", "--json"]
    found = answer((main(command), capsys.readouterr()))
    assert found["packets"]["lost"] == found["lost_by_cause"]["lost on a dead link"] > 0
    assert found["packets"]["delivered"] > found["packets"]["lost"]
    assert 0 < found["converged_us"] < 100_000


def test_when_nothing_fails_nothing_is_lost(converge):
    found = answer(converge("--json"))
    assert found["events"] == []
    assert found["converged_us"] == 0
    assert found["packets"]["lost"] == 0


def test_the_readable_form_is_a_timeline_and_a_summary(converge):
    _, printed = converge(*CASE_3)
    lines = printed.out.splitlines()
    assert lines[0].split() == ["0.000", "ms", "R2", "cut", "the", "link", "R2-End", "is", "cut"]
    assert any(line.startswith("Converged after ") for line in lines)
    assert any(line.startswith("Micro-loop R1 → R5 → R1 from ") for line in lines)
    assert lines[-1].startswith("Packets from Source to End: ")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--spf-delay", "R5"), "'R5' is not a router and milliseconds, such as R5=1000"),
        (("--spf-delay", "R9=5"), "there is no node 'R9'"),
        (("--flows", "0"), "1 flow and more"),
        (("--rate", "0"), "1 to 1,000,000 packets a second"),
        (("--detect", "magic"), "invalid choice: 'magic'"),
        (("--seed", "-1"), "'-1' is not a whole number"),
        (("--cut", "R1-R9"), "R1 has no link to R9"),
    ],
)
def test_what_cannot_be_is_named_in_one_line(converge, arguments, message):
    status, printed = converge(*arguments)
    assert status == 2
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_an_end_that_is_down_loses_everything_and_is_no_error(converge):
    found = answer(converge("--down", "End", "--json"))
    assert found["packets"]["delivered"] == 0
    assert found["packets"]["lost"] == found["packets"]["sent"]


def test_two_processes_print_the_same():
    command = [
        sys.executable,
        "-m",
        "netlearn",
        "converge",
        "forum",
        "--from",
        "Source",
        "--to",
        "End",
        *CASE_3,
        "--json",
    ]
    outputs = {
        subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
