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
        (("--event", "cut"), "'cut' is no event: a time in ms, what happens and to what, such as '1000 cut R2-End'"),
        (("--event", "5 mned R1-R2"), "'mned' is nothing that happens; what happens is announce, cut, daemon-down,"),
        (("--event", "soon cut R1-R2"), "'soon' is not a time in milliseconds, from 0 to 1,000,000,000"),
        (("--event", "1.2345 cut R1-R2"), "'1.2345' is not a time in milliseconds"),
        (("--event", "5 maintain R9"), "there is no node 'R9'"),
        (("--event", "5 announce R7"), "announce is said of a node and a prefix, such as '0 announce R7 203.0.113.1'"),
        (("--event", "5 withdraw R7 192.0.2.150"), "R7 does not announce 192.0.2.150/32"),
        (("--anycast", "R7"), "'R7' is not an address and a node, such as 203.0.113.1=R7"),
        (("--anycast", "x=R7"), "'x' is not an IP address"),
        (("--hello", "0"), "'0' is no time between two packets; it is more than 0"),
        (("--hello", "40000"), "--dead (40000 ms) is longer than --hello (40000 ms)"),
        (("--bfd-multiplier", "0"), "--bfd-multiplier is 1 or more"),
    ],
)
def test_what_cannot_be_is_named_in_one_line(converge, arguments, message):
    status, printed = converge(*arguments)
    assert status == 2
    assert message in printed.err
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_an_outage_is_told_in_words_with_the_lost_packets_beside_it(converge):
    lines = converge("--event", "5 cut R2-End")[1].out.splitlines()
    assert lines[-2] == "No service from 5.0 to 61.1 ms: 56.1 ms."
    assert lines[-1].startswith("Packets from Source to End: ")
    assert converge("--down", "End")[1].out.splitlines()[-2] == "No service from 0.0 ms on, for good."
    assert converge()[1].out.splitlines()[-2] == "No outage: every packet arrives."
    some = converge("--cut", "R2-End", "--event", "500 cut R4-End", "--flows", "8")[1].out.splitlines()
    assert some[-2].startswith("No service for ")
    assert " of 8 flows from 500.0 to " in some[-2]


def test_losses_are_counted_with_phases_spread_over_the_interval(converge):
    few = answer(converge("--cut", "R2-End", "--rate", "10", "--flows", "100", "--json"))["packets"]["lost"]
    assert few == 55  # of 1,000 packets a second, 54.1 ms long: those that leave after the cut


def test_bfd_and_hello_timers_are_the_command_lines(converge):
    def noticed(*arguments):
        found = answer(converge("--cut", "R2-End", "--silent", *arguments, "--json"))["events"]
        return min(event["time_us"] for event in found if event["kind"] == "detect")

    assert noticed("--detect", "bfd", "--bfd-interval", "50", "--bfd-multiplier", "4") < 250_000
    assert noticed("--detect", "bfd") > 500_000
    assert 2_000_000 < noticed("--detect", "hello", "--hello", "1000", "--dead", "3000") < 3_100_000


def test_bfd_without_a_silent_failure_is_told_what_that_means(converge):
    note = "the end of a carrier is noticed before BFD notices anything; with --silent no carrier is lost"
    assert answer(converge("--cut", "R2-End", "--detect", "bfd", "--json"))["notes"] == [note]
    assert converge("--cut", "R2-End", "--detect", "bfd")[1].out.endswith(f"\nNote: {note}.\n")
    assert "notes" not in answer(converge("--cut", "R2-End", "--detect", "bfd", "--silent", "--json"))
    assert "notes" not in answer(converge("--detect", "bfd", "--json"))


def test_repairs_maintenance_and_daemons_are_events_at_their_times(converge):
    events = (
        "0 cut R1-R2",
        "200 mend R1-R2",
        "900 daemon-down R2",
        "50000 up R2",
        "60000 maintain R3",
    )
    arguments = [word for event in (*events, "61000 down R3") for word in ("--event", event)]
    found = answer(converge(*arguments, "--json"))
    told = [(event["time_us"] // 1000, event["kind"]) for event in found["events"]]
    assert {(0, "cut"), (200, "mended"), (61000, "down")} <= {*told}
    assert max(spell["to_us"] for spell in found["outages"]) < 60_000_000  # maintenance loses nothing


def test_anycast_and_services_are_asked_by_their_address(converge):
    site = "192.0.2.150"
    dies = ("--anycast", f"{site}=R2", "--anycast", f"{site}=R7", "--event", f"0 service-down R2 {site}")
    nobody = answer(converge(*dies, "--json", between=("Source", site)))
    assert nobody["outages"] == [{"from_us": 0, "to_us": None, "flows": 64}]
    assert nobody["lost_by_cause"].keys() == {"answered by nobody"}
    withdrawn = answer(converge(*dies, "--event", f"500 withdraw R2 {site}", "--json", between=("Source", site)))
    assert 500_000 < withdrawn["outages"][0]["to_us"] < 600_000
    later = ("--event", f"100 announce R7 {site}", "--event", f"0 service-up R7 {site}")
    assert answer(converge(*later, "--json", between=("Source", site)))["outages"][0]["to_us"] < 300_000


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "L", "--to", "A"), "L is a LAN; packets come from and go to routers, hosts and addresses"),
        (("--from", "A", "--to", "L"), "L is a LAN; packets"),
        (("--from", "A", "--to", "Q"), "there is no node 'Q'; the nodes are A, B, L"),
        (("--from", "A", "--to", "B", "--event", "0 maintain L"), "L is a LAN; maintain is said of routers and hosts"),
    ],
)
def test_a_lan_says_nothing_and_is_told_in_the_command_lines_words(tmp_path, capsys, arguments, message):
    nodes = [{"id": "A"}, {"id": "B"}, {"id": "L", "kind": "lan"}]
    file = tmp_path / "lan.json"
    file.write_text(json.dumps({"nodes": nodes, "edges": [{"source": name, "target": "L"} for name in "AB"]}))
    assert main(["converge", str(file), *arguments]) == 2
    assert message in capsys.readouterr().err


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
