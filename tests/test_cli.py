"""The command line: its JSON forms, its tables, its one line of error, and that it says the same in every process."""

import io
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from argparse import Namespace
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv6Network
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import topologies

import netlearn
from netlearn import Link, Listener, Node, Scope, Snapshot, Topology, forum, load, probe, to_json
from netlearn.cli import main as cli_main
from netlearn.cli import paths as cli_paths
from netlearn.cli import routes as cli_routes
from netlearn.cli import sockets as cli_sockets
from netlearn.cli.output import Pairs, Part, in_lumps, json_of
from netlearn.host.scope import Place
from netlearn.host.sockets import Holder, difference
from netlearn.network.parts import MAX_METRIC
from netlearn.recorded.snapshot import recorded

CASE_1 = ["--cut", "R2-End"]
FILES = Path(__file__).parent / "data" / "networks"


@pytest.fixture
def run(capsys):
    """Run a command in this process: its exit status, what it wrote, what it complained about."""

    def run(*arguments):
        status = cli_main.main([*map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


@pytest.fixture
def ask(run):
    """Run a command with `--json`: the parsed answer."""

    def ask(*arguments):
        status, out, complaint = run(*arguments, "--json")
        assert (status, complaint) == (0, "")
        return json.loads(out)

    return ask


def process(*arguments, environment: Mapping[str, str] = os.environ, **options):
    """Run `python -m netlearn` in a process of its own."""
    command = [sys.executable, "-m", "netlearn", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, env=environment, timeout=60, **options)


def save(folder, network, name="network.json"):
    (folder / name).write_text(to_json(network), encoding="utf-8")
    return folder / name


# ---- paths


def test_paths_as_json_have_the_form_of_the_architecture_page(run):
    status, out, complaint = run("paths", "forum", "Source", "End", "--json")
    assert out == '{"reachable": true, "metric": 3, "count": 1, "paths": [["Source", "R1", "R2", "End"]]}\n'
    assert (status, complaint) == (0, "")


def test_paths_are_a_table_to_read(run):
    assert run("paths", "forum", "Source", "End", *CASE_1)[1] == (
        "Source to End: metric 4, 3 shortest paths, equally good\n"
        "  Source → R1 → R2 → R4 → End\n"
        "  Source → R1 → R2 → R7 → End\n"
        "  Source → R1 → R3 → R4 → End\n"
    )
    assert run("paths", "forum", "Source", "End")[1] == (
        "Source to End: metric 3, 1 shortest path\n  Source → R1 → R2 → End\n"
    )
    assert run("paths", "forum", "Source", "End", "--down", "R1")[1] == "Source cannot reach End.\n"


@pytest.mark.parametrize(
    "failures",
    [
        ["--down", "R1"],
        ["--down", "End"],
        ["--down", "Source"],
        ["--cut", "Source-R1"],
        ["--down", "R1", "--down", "End"],
    ],
)
def test_what_is_unreachable_or_down_is_false_null_0_and_an_empty_list(run, failures):
    _, out, _ = run("paths", "forum", "Source", "End", *failures, "--json")
    assert out == '{"reachable": false, "metric": null, "count": 0, "paths": []}\n'


def test_failures_may_be_repeated_mixed_and_named_either_way_round(ask):
    case_3 = ["--cut", "End-R2", "--down", "R3", "--cut", "R1-R2", "--down", "R3"]
    assert ask("paths", "forum", "Source", "End", *case_3)["paths"] == [["Source", "R1", "R5", "R6", "R7", "End"]]


def test_cutting_a_pair_cuts_every_link_between_the_two_and_a_name_only_one(ask, tmp_path):
    links = [Link("A", "B", name="upper"), Link("A", "B", name="lower")]
    file = save(tmp_path, Topology([Node("A"), Node("B")], links))
    assert not ask("paths", file, "A", "B", "--cut", "B-A")["reachable"]
    assert ask("paths", file, "A", "B", "--cut", "upper")["reachable"]


def test_from_a_node_to_itself_the_metric_is_0(ask):
    assert ask("paths", "forum", "R1", "R1") == {"reachable": True, "metric": 0, "count": 1, "paths": [["R1"]]}


def grid(side):
    names = {(row, column): f"{row},{column}" for row in range(side) for column in range(side)}
    links = [
        Link(names[row, column], names[place])
        for row, column in names
        for place in ((row + 1, column), (row, column + 1))
        if place in names
    ]
    return Topology([Node(name) for name in names.values()], links)


def test_the_count_is_exact_however_few_are_listed(ask, tmp_path):
    file = save(tmp_path, grid(11))
    answer = ask("paths", file, "0,0", "10,10")
    assert (answer["metric"], answer["count"], len(answer["paths"])) == (20, 184756, 100)
    for limit in (0, 1, 101):
        assert len(ask("paths", file, "0,0", "10,10", "--limit", limit)["paths"]) == limit


def test_the_table_says_how_many_paths_it_leaves_out(run, tmp_path):
    lines = run("paths", save(tmp_path, grid(11)), "0,0", "10,10", "--limit", 2)[1].splitlines()
    assert lines[0] == "0,0 to 10,10: metric 20, 184,756 shortest paths, equally good"
    assert lines[3:] == ["  (184,754 more; --limit lists more)"]


def test_any_limit_will_do(ask):
    assert ask("paths", "forum", "Source", "End", "--limit", "9" * 5000)["count"] == 1


# ---- routes


def test_routes_as_json_have_the_form_of_the_architecture_page(ask):
    answer = ask("routes", "forum")
    assert list(answer) == ["routes", "prefixes"]
    assert list(answer["routes"]) == list(answer["prefixes"]) == [f"R{number}" for number in range(1, 8)]
    assert answer["routes"]["R1"]["End"] == {"metric": 2, "next_hops": ["R2"]}
    assert answer["prefixes"]["R1"]["192.0.2.2/32"] == {"metric": 1, "next_hops": ["R2"]}
    assert set(answer["routes"]["R1"]) == {node.name for node in forum().nodes} - {"R1"}


def test_routes_are_a_table_to_read(run):
    assert run("routes", "forum", "--at", "R1", "--down", "R2", *CASE_1)[1] == (
        "R1 reaches\n"
        "  Source                1  via Source\n"
        "  R2                    –  unreachable\n"
        "  R3                    1  via R3\n"
        "  R4                    2  via R3\n"
        "  R5                    1  via R5\n"
        "  R6                    2  via R5\n"
        "  R7                    3  via R5\n"
        "  End                   3  via R3\n"
        "  203.0.113.10/32       1  via Source\n"
        "  192.0.2.1/32          0  (its own)\n"
        "  192.0.2.2/32          –  unreachable\n"
        "  192.0.2.3/32          1  via R3\n"
        "  192.0.2.4/32          2  via R3\n"
        "  192.0.2.5/32          1  via R5\n"
        "  192.0.2.6/32          2  via R5\n"
        "  192.0.2.7/32          3  via R5\n"
        "  198.51.100.10/32      3  via R3\n"
    )


def test_a_node_that_is_down_has_no_routes_and_is_an_unreachable_destination(ask):
    answer = ask("routes", "forum", "--down", "R2")
    assert "R2" not in answer["routes"]
    assert "R2" not in answer["prefixes"]
    assert {routes["R2"]["metric"] for routes in answer["routes"].values()} == {None}
    assert answer["routes"]["R1"]["R2"] == {"metric": None, "next_hops": []}
    assert answer["prefixes"]["R1"]["192.0.2.2/32"] == {"metric": None, "next_hops": []}


def test_two_parallel_links_are_one_next_hop_here(ask, tmp_path):
    links = [Link("A", "B", name="upper"), Link("A", "B", name="lower")]
    file = save(tmp_path, Topology([Node("A"), Node("B")], links))
    assert ask("routes", file)["routes"]["A"] == {"B": {"metric": 1, "next_hops": ["B"]}}


def test_a_hosts_routes_are_shown_when_asked_for(ask):
    assert list(ask("routes", "forum", "--at", "End")["routes"]) == ["End"]


def test_a_network_without_routers_has_no_routes(run, ask, tmp_path):
    file = save(tmp_path, Topology())
    assert ask("routes", file) == {"routes": {}, "prefixes": {}}
    assert run("routes", file)[1] == "No router is up.\n"


def test_one_router_alone_has_nothing_to_reach(run, ask, tmp_path):
    file = save(tmp_path, Topology([Node("A")]))
    assert ask("routes", file) == {"routes": {"A": {}}, "prefixes": {"A": {}}}
    assert run("routes", file)[1] == "A reaches\n"


def test_the_largest_metric_is_shown_in_full(run, tmp_path):
    file = save(tmp_path, Topology([Node("A"), Node("B")], [Link("A", "B", MAX_METRIC)]))
    assert run("routes", file, "--at", "A")[1] == "A reaches\n  B  65535  via B\n"


# ---- Files


def test_a_graphml_file_is_a_network_too(ask, tmp_path):
    from netlearn.graph import write_graphml

    write_graphml(load("forum"), tmp_path / "forum.graphml")
    assert ask("routes", tmp_path / "forum.graphml") == ask("routes", "forum")


def test_the_metrics_key_and_the_directions_of_a_file_are_arguments_of_every_command(ask):
    answer = ask("paths", FILES / "cost.json", "A", "C", "--metric", "cost")
    assert (answer["metric"], answer["paths"]) == (15, [["A", "B", "C"]])
    assert ask("routes", FILES / "yed.graphml", "--undirected", "--at", "n0")["routes"] == {
        "North": {"South": {"metric": 1, "next_hops": ["South"]}}
    }
    answer = ask("converge", FILES / "cost.json", "--from", "A", "--to", "B", "--cut", "A-B", "--metric", "cost")
    assert answer["packets"]["lost"] > 0


def test_an_edge_that_is_a_loop_is_said_once_below_the_answer(run, ask):
    file = FILES / "self-loop-and-labels.graphml"
    note = "an edge from Genève to itself is left out"
    told = f"Lyon to Genève: metric 1, 1 shortest path\n  Lyon → Genève\nNote: {note}.\n"
    assert run("paths", file, "0", "Genève") == (0, told, "")
    assert ask("paths", file, "Lyon", "1")["notes"] == [note]


def test_parallel_links_are_cut_by_their_numbers(ask):
    file = FILES / "parallel.json"
    assert ask("paths", file, "r1", "r2", "--cut", "r1-r2")["paths"] == [["r1", "r3", "r2"]]
    for number in (1, 2):
        assert ask("paths", file, "r1", "r2", "--cut", f"r1-r2#{number}")["metric"] == 1


def test_check_tells_what_is_read_guessed_scaled_and_left_out(run, ask):
    assert run("check", "forum")[1] == (
        "a bundled network: 7 routers, 2 hosts, 13 links\n9 nodes with an address, 9 with a place\n"
        "each link has metric 1, as no edge has a metric\n"
    )
    assert run("check", FILES / "netjson.json", "--metric", "cost")[1] == (
        "NetJSON NetworkGraph: 2 routers, 1 link\n0 nodes with an address, 0 with a place\n"
        "the metric is the edge's cost times 2, so that all are whole\n"
    )
    assert run("check", FILES / "gephi.graphml", "--metric", "ospf_cost")[1] == (
        "GraphML: 2 routers, 1 link\n0 nodes with an address, 1 with a place\n"
        "the metric is the edge's ospf_cost (from 4 to 9)\nno place is read for San José, whose x is 'unknown'\n"
    )
    assert "2 of the links have another beside them\n" in run("check", FILES / "parallel.json")[1]
    answer = ask("check", FILES / "cost.json", "--metric", "cost")
    assert answer["metrics"] == {"what": "the metric is the edge's cost", "least": 5, "most": 20}


def test_check_of_an_empty_network_has_nothing_to_tell(run, tmp_path):
    assert run("check", save(tmp_path, Topology()))[1].startswith("node-link JSON: no node\n")


@pytest.mark.parametrize("form", ["json", "graphml", "gml", "gexf"])
def test_convert_writes_the_form_that_the_ending_says(run, ask, tmp_path, form):
    out = tmp_path / f"out.{form.upper()}"
    status, told, complaint = run("convert", FILES / "gephi.graphml", out, "--metric", "ospf_cost")
    assert (status, complaint) == (0, "")
    assert told == (
        f"{FILES / 'gephi.graphml'} (GraphML) is written to {out}: 2 nodes, 1 link\n"
        "Note: no place is read for San José, whose x is 'unknown'.\n"
    )
    answer = ask("check", out)
    assert answer["form"].casefold().endswith(form)
    assert (answer["routers"], answer["places"], answer["metrics"]["most"]) == (2, 1, 9)
    assert ask("paths", out, "San José", "New York")["metric"] == 9


def test_convert_says_what_it_cannot_write(run, tmp_path, monkeypatch):
    assert run("convert", "forum", "out.dot")[2] == (
        "netlearn: out.dot ends in none of .json, .graphml, .gml, .gexf, which say in which form it is written\n"
    )
    nowhere = tmp_path / "nowhere" / "out"
    for form in ("json", "gml"):
        told = f"netlearn: {nowhere}.{form} cannot be written: No such file or directory\n"
        assert run("convert", "forum", f"{nowhere}.{form}") == (2, "", told)
    monkeypatch.setitem(sys.modules, "networkx", None)
    monkeypatch.delitem(sys.modules, "netlearn.graph", raising=False)
    monkeypatch.delattr(netlearn, "graph", raising=False)
    assert "gml is written by networkx, which is not installed" in run("convert", "forum", tmp_path / "a.gml")[2]


# ---- sockets


@pytest.fixture
def live(monkeypatch):
    """make sets NETLEARN_RECORDED; a test that uses this is about this machine's own sockets."""
    monkeypatch.delenv("NETLEARN_RECORDED", raising=False)


def test_sockets_as_json_have_the_form_of_the_architecture_page(live, ask):
    with socket.create_server(("127.0.0.1", 0)) as server:
        answer, port = ask("sockets"), server_port(server)
    (door,) = [each for each in answer["listeners"] if each["port"] == port and each["pid"] == os.getpid()]
    assert list(door)[:6] == ["protocol", "address", "port", "scope", "process", "pid"]
    assert (door["protocol"], door["address"], door["scope"]) == ("tcp", "127.0.0.1", "loopback")
    assert isinstance(answer["hidden"], int)
    assert set(answer) <= {"listeners", "hidden", "hidden_because", "notes"}
    assert ("hidden_because" in answer) == (answer["hidden"] > 0)


def test_a_port_that_is_only_bound_is_asked_for_by_its_number(live, run, ask):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
        (told,) = ask("sockets", "--port", port)["sockets"]
        assert (told["state"], told["pid"]) == ("UNCONN", os.getpid())
        assert f"127.0.0.1:{port}" in run("sockets", "--port", port)[1]
    assert f"No TCP or UDP socket has port {port}." in run("sockets", "--port", port)[1]


def test_help_says_which_sockets_are_not_looked_at(run, capsys):
    with pytest.raises(SystemExit):
        run("sockets", "--help")
    assert "Sockets of vsock, UDP-Lite" in capsys.readouterr().out


def test_sockets_are_a_table_by_scope_in_the_words_of_ss(live, run):
    with socket.create_server(("127.0.0.1", 0)) as server:
        (status, out, complaint), port = run("sockets"), server_port(server)
    assert (status, complaint) == (0, "")
    heads = [line for line in out.splitlines() if line and not line.startswith(" ")]
    assert "Only programs on this machine, by a loopback address (loopback)" in heads
    (row,) = [line for line in out.splitlines() if f" 127.0.0.1:{port} " in line]
    assert f"pid={os.getpid()},fd=" in row


def in_a_terminal(columns, snapshot=None):
    """What `netlearn sockets` prints in a terminal of that width, with its colours."""
    from rich.console import Console

    from netlearn.cli.terminal import doors_table

    console = Console(file=io.StringIO(), force_terminal=True, width=columns, highlight=False, _environ={})
    return doors_table(snapshot or recorded(), console)


def squeezed(text):
    return re.sub(r"\x1b\[[0-9;]*m|\s", "", text)


@pytest.mark.parametrize("columns", [0, 10, 60, 80, 120, 200])
def test_in_a_terminal_every_word_of_every_door_is_there_and_no_line_of_the_table_is_too_long(columns):
    out = in_a_terminal(columns)
    lines = re.sub(r"\x1b\[[0-9;]*m", "", out).splitlines()[
        1:
    ]  # the sentence of the recording is the terminal's to fold
    assert max(map(len, lines)) <= max(columns, 60)  # of a narrower one nobody could read the table
    letters = Counter(squeezed(out))
    for door in recorded().listeners:
        assert Counter("".join(door.row())) <= letters
        letters -= Counter("".join(door.row()))
    assert ("hasa127.0.0.1ofitsown." in squeezed(out)) == (columns >= 140)


def test_at_80_columns_a_door_of_a_common_program_reads_as_in_ss():
    lines = re.sub(r"\x1b\[[0-9;]*m", "", in_a_terminal(80)).splitlines()
    assert '  tcp    LISTEN  0.0.0.0:22          users:(("sshd",pid=24,fd=5))          root' in lines
    assert '  tcp    LISTEN  127.0.0.53%lo:53    users:(("systemd-resolve",  systemd-resolve' in lines


def test_in_a_pipe_each_door_has_one_line_with_its_sentence_and_no_colours(run, monkeypatch):
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    monkeypatch.setenv("COLUMNS", "40")
    out = run("sockets")[1]
    assert "\x1b" not in out
    for door in recorded().listeners:
        (line,) = [line for line in out.splitlines() if door.columns()[-1] in line and door.endpoint in line]
        assert line.endswith(door.reach)


def test_without_rich_the_same_doors_are_plain_text(run, monkeypatch):
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    monkeypatch.delitem(sys.modules, "netlearn.cli.terminal", raising=False)
    assert run("sockets") == (0, f"{recorded()}\n\n(NETLEARN_RECORDED is set.)\n", "")


def test_in_a_terminal_very_many_doors_are_plain_text():
    many = tuple(replace(recorded().listeners[0], port=port) for port in range(501))
    assert in_a_terminal(80, Snapshot(many)) == str(Snapshot(many))


def test_a_name_cannot_command_the_terminal_nor_be_taken_for_markup():
    door = Listener("u_str", "/run/\x1b[2J[red]", None, Place(Scope.UNIX), (Holder("a\nb[/]", 1, 2),))
    for out in (str(Snapshot((door,))), in_a_terminal(200, Snapshot((door,)))):
        assert r"/run/\x1b[2J[red]" in out
        assert r'("a\nb[/]",pid=1,fd=2)' in out
    assert r"\x1b[2J" in str(difference(Snapshot(()), Snapshot((door,))))


def test_without_doors_the_table_says_so():
    assert in_a_terminal(80, Snapshot(())) == "Nothing listens."


def test_a_recorded_snapshot_says_so_and_why(run, monkeypatch):
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    out = run("sockets")[1]
    assert out.startswith(f"Recorded on {recorded().system} on {recorded().when}: these are not this machine's own")
    assert out.endswith("(NETLEARN_RECORDED is set.)\n")
    answer = json.loads(run("sockets", "--json")[1])
    assert answer["recorded"] == {"taken": recorded().taken, "system": recorded().system}
    (cups,) = [each for each in answer["listeners"] if (each["address"], each["port"]) == ("127.0.0.1", 631)]
    assert (cups["protocol"], cups["scope"], cups["process"]) == ("tcp", "loopback", "cupsd")


def test_without_psutil_sockets_are_recorded_ones(live, run, monkeypatch):
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert run("sockets")[1].endswith("(psutil is not installed.)\n")


def test_a_recording_cannot_be_watched(run, monkeypatch):
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    complaint = "--watch needs this machine's own sockets, and a recording does not change (NETLEARN_RECORDED is set)"
    assert run("sockets", "--watch") == (2, "", f"netlearn: {complaint}\n")


def test_watching_tells_each_change_at_once_and_ends_with_status_0_at_ctrl_c():
    environment = {name: value for name, value in os.environ.items() if name != "NETLEARN_RECORDED"}
    command = [sys.executable, "-m", "netlearn", "sockets", "--watch", "--json", "--every", "0.02"]
    watching = subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts its background jobs with Ctrl-C ignored, and whoever they start inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    seen = {"opened": False, "closed": False}
    try:
        end = time.monotonic() + 60
        while not all(seen.values()) and time.monotonic() < end:
            # Doors open and close until the first look was taken and one of them is told.
            with socket.create_server(("127.0.0.1", 0)) as server:
                port = server_port(server)
                told = select.select([watching.stdout], [], [], 0.2)[0]
            change = json.loads(watching.stdout.readline()) if told else {}
            for what in seen:
                ports = [each["port"] for each in change.get(what, ())]
                seen[what] |= port in ports if what == "opened" else bool(ports)
        watching.send_signal(signal.SIGINT)
        out, complaint = watching.communicate(timeout=60)
    finally:
        watching.kill()
        watching.wait()
    assert seen == {"opened": True, "closed": True}
    assert (watching.returncode, complaint) == (0, "")
    assert [json.loads(line).keys() for line in out.splitlines()] == [{"opened", "closed"}] * len(out.splitlines())


def test_watching_ends_when_nobody_reads_any_more(monkeypatch):
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "w") as out, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", out)
        cli_sockets._pause(0.001)
        os.close(ours)
        with pytest.raises(BrokenPipeError):
            cli_sockets._pause(3_600)


def test_what_is_watched_is_told_in_words_too(live, run, monkeypatch):
    def changes(interval_s, sleep):
        yield difference(Snapshot(()), recorded())
        raise KeyboardInterrupt

    monkeypatch.setattr(probe, "watch", changes)
    status, out, complaint = run("sockets", "--watch")
    assert (status, complaint) == (0, "")
    assert len(out.splitlines()) == len(recorded().listeners)
    assert 'opened  udp UNCONN 127.0.0.1:323 users:(("chronyd",' in out


def server_port(server):
    return server.getsockname()[1]


# ---- What is wrong: one line, exit status 2

WRONG = {
    "no command": ([], "the following arguments are required: COMMAND (try: netlearn --help)"),
    "an unknown command": (
        ["path"],
        "argument COMMAND: invalid choice: 'path' (choose from 'paths', 'routes', 'converge', 'sweep', 'sockets',"
        " 'check', 'convert')"
        " (try: netlearn --help)",
    ),
    "an argument too few": (
        ["paths", "forum", "Source"],
        "the following arguments are required: TO (try: netlearn paths --help)",
    ),
    "an argument too many": (["routes", "forum", "R1"], "unrecognized arguments: R1 (try: netlearn --help)"),
    "an unknown option": (
        ["routes", "forum", "--jsno"],
        "unrecognized arguments: --jsno (try: netlearn --help)",
    ),
    "an option cut short": (
        ["paths", "forum", "Source", "End", "--li", "5"],
        "unrecognized arguments: --li 5 (try: netlearn --help)",
    ),
    "an option without value": (
        ["routes", "forum", "--at"],
        "argument --at: expected one argument (try: netlearn routes --help)",
    ),
    "a limit below 0": (
        ["paths", "forum", "Source", "End", "--limit=-1"],
        "argument --limit: '-1' is not a whole number from 0 on (try: netlearn paths --help)",
    ),
    "a limit in other digits": (
        ["paths", "forum", "Source", "End", "--limit", "٣"],
        "argument --limit: '٣' is not a whole number from 0 on (try: netlearn paths --help)",
    ),
    "an unknown network": (
        ["routes", "Forum"],
        "Forum is neither a bundled network (forum) nor a file; did you mean forum?",
    ),
    "a directory": (["routes", "/"], "/ cannot be read: Is a directory"),
    "an empty name": (["routes", ""], "'' is neither a bundled network (forum) nor a file"),
    "a GraphML file that is not there": (
        ["routes", "/none.graphml"],
        "/none.graphml is neither a bundled network (forum) nor a file",
    ),
    "an unknown FROM": (
        ["paths", "forum", "source", "End"],
        "there is no node 'source'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source; did you mean Source?",
    ),
    "an unknown TO": (
        ["paths", "forum", "Source", "Enf", "--down", "R1"],
        "there is no node 'Enf'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source; did you mean End?",
    ),
    "an unknown link": (
        ["paths", "forum", "Source", "End", "--cut", "R1-R4"],
        "R1 has no link to R4; its links go to R2, R3, R5, Source",
    ),
    "an unknown node down": (
        ["routes", "forum", "--down", "R9"],
        "there is no node 'R9'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source",
    ),
    "routes at an unknown node": (
        ["routes", "forum", "--at", "Q"],
        "there is no node 'Q'; the nodes are End, R1, R2, R3, R4, R5, R6, R7, Source",
    ),
    "no time between two looks": (
        ["sockets", "--watch", "--every", "0"],
        "the interval is more than 0 seconds and at most a day (86400), not 0.0",
    ),
    "a time that is no number": (
        ["sockets", "--watch", "--every", "soon"],
        "argument --every: 'soon' is not a number of seconds (try: netlearn sockets --help)",
    ),
    "no port": (
        ["sockets", "--port", "http"],
        "argument --port: 'http' is not the number of a port (try: netlearn sockets --help)",
    ),
    "a port that cannot be": (["sockets", "--port", "70000"], "a port is a number from 1 to 65535, not 70000"),
    "a port to watch": (
        ["sockets", "--watch", "--port", "80"],
        "--port is about one look, and --watch about many: give one of them",
    ),
    "a time for a single look": (["sockets", "--every", "2"], "--every says how often to look, which needs --watch"),
    "an argument too many for sockets": (["sockets", "forum"], "unrecognized arguments: forum (try: netlearn --help)"),
    "routes at a node that is down": (
        ["routes", "forum", "--at", "R2", "--down", "R2"],
        "R2 is down and has no routes",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_line_on_standard_error_and_exit_status_2(run, mistake):
    arguments, message = WRONG[mistake]
    assert run(*arguments) == (2, "", f"netlearn: {message}\n")


def test_routes_at_a_lan_are_refused(run, tmp_path):
    file = save(tmp_path, Topology([Node("A"), Node("L", "lan")], [Link("A", "L", 1, 0)]))
    assert run("routes", file, "--at", "L") == (
        2,
        "",
        "netlearn: L is a LAN and computes no routes; the routers on it do\n",
    )


def test_words_for_two_links_are_refused_on_one_line(run, tmp_path):
    nodes = [Node(name) for name in ("A", "B-C", "A-B", "C")]
    file = save(tmp_path, Topology(nodes, [Link("A", "B-C", name="x"), Link("A-B", "C", name="y")]))
    assert run("paths", file, "A", "C", "--cut", "A-B-C") == (
        2,
        "",
        "netlearn: 'A-B-C' can mean every link between A and B-C (x) or every link between A-B and C (y);"
        " give the links names of their own\n",
    )


@pytest.mark.parametrize("suffix", ["json", "graphml", "JSON", "GraphML", "txt"])
@pytest.mark.parametrize(
    "content", [b"", b"\0", b"\xff\xfe", b"[", b"[" * 100_000, b"<a>", b"<?xml version='1.0' encoding='x'?><a/>", b"{}"]
)
def test_no_file_makes_a_traceback(run, tmp_path, suffix, content):
    file = tmp_path / f"bad.{suffix}"
    file.write_bytes(content)
    status, out, complaint = run("routes", file)
    assert (status, out) == (2, "")
    assert complaint.startswith(f"netlearn: {file}")
    assert complaint.count("\n") == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(run, tmp_path):
    file = save(tmp_path, forum())
    file.chmod(0)
    assert run("routes", file) == (2, "", f"netlearn: {file} cannot be read: Permission denied\n")


# ---- In a process of its own


def test_python_m_netlearn_is_the_same_command(run):
    done = process("paths", "forum", "Source", "End", *CASE_1)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == run("paths", "forum", "Source", "End", *CASE_1)[1]


def test_a_mistake_ends_the_process_with_status_2_and_one_line():
    done = process("routes", "forum", "--at", "R9")
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode().startswith("netlearn: there is no node 'R9'")
    assert done.stderr.count(b"\n") == 1


def test_help_is_printed_with_status_0():
    done = process("paths", "--help")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"--limit N" in done.stdout


def test_who_closes_the_pipe_early_hears_no_complaint(tmp_path):
    file = save(tmp_path, grid(11))
    command = f"{sys.executable} -m netlearn paths {file} 0,0 10,10 --limit 50000 | head -n 1"
    done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"0,0 to 10,10: metric 20")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")  # noqa: PTH110
def test_a_full_disk_is_one_line_too():
    command = f"{sys.executable} -m netlearn paths forum Source End > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == b"netlearn: the answer cannot be written: No space left on device\n"


def test_a_terminal_that_knows_no_arrows_still_gets_an_answer():
    done = process("paths", "forum", "Source", "End", environment={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.stdout == b"Source to End: metric 3, 1 shortest path\n  Source \\u2192 R1 \\u2192 R2 \\u2192 End\n"


def test_json_is_plain_ascii_so_that_every_pipe_carries_it(run, tmp_path):
    file = save(tmp_path, Topology([Node("Zürich"), Node("東京")], [Link("Zürich", "東京")]))
    _, out, _ = run("paths", file, "Zürich", "東京", "--json")
    assert out.isascii()
    assert json.loads(out)["paths"] == [["Zürich", "東京"]]


EVERYTHING = """
import netlearn as n, sys
from netlearn.cli.main import main
from netlearn.routing.packet import flow_hash
main(["routes", "forum", "--json"])
main(["routes", "forum", "--cut", "R2-End"])
main(["paths", "forum", "Source", "End", "--cut", "R2-End", "--json"])
network = n.forum().without(n.LinkDown("R2-End"))
fibs = n.converged_fibs(network)
for number in range(1, 20):
    flow = n.flow_between(network, "Source", "End", number)
    print(flow_hash(flow, "R1"), n.walk(fibs, n.Packet(flow), "Source"))
print(n.shares(network, "Source", "End"), n.to_json(network), n.shortest_paths(network, "R1"), hash(network) and "")
for words in ("R1-R9", "nothing"):
    try:
        network.find_links(words)
    except n.NetlearnError as reason:
        print(reason)
"""


def test_two_processes_with_different_hash_seeds_say_the_same():
    def said(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run(
            [sys.executable, "-c", EVERYTHING], env=environment, capture_output=True, check=True, timeout=60
        ).stdout

    assert said("1") == said("2")
    assert b"Source \xe2\x86\x92 R1" in said("3") or b"Source \\u2192 R1" in said("3")


# ---- What is made as it is written


def test_of_very_many_paths_the_first_is_written_before_the_last_is_made(run, monkeypatch):
    monkeypatch.setattr(cli_paths, "paths", lambda *given: (("Source", f"R{number}") for number in range(10**9)))
    lumps = []

    def written(text):
        lumps.append(text)
        if len(lumps) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(cli_main, "write", written)
    for more in ((), ("--json",)):
        lumps.clear()
        assert run("paths", "forum", "Source", "End", "--limit", 10**9, *more)[0] == 130
        assert [isinstance(lump, Part) for lump in lumps] == [bool(more)] * 3
        assert all(65_536 < len(lump) < 80_000 for lump in lumps)


def test_an_answer_that_is_made_piece_by_piece_is_the_json_of_the_whole():
    pairs = {'"': {"x": None}, "b": 2}
    whole = {"none": [], "two": [1, ["a\n"]], "empty": {}, "object": pairs, "plain": {"y": [True]}}
    made = {**whole, "two": iter(whole["two"]), "none": iter(()), "empty": Pairs(())}
    assert "".join(json_of({**made, "object": Pairs(pairs.items())})) == json.dumps(whole)
    assert "".join(in_lumps(["a"] * 200_000)) == "a" * 200_000


def test_a_large_table_of_routes_is_the_same_when_it_is_computed_twice(run, ask, monkeypatch):
    kept = ask("routes", "forum"), run("routes", "forum")
    monkeypatch.setattr(cli_routes, "KEPT", 0)
    assert (ask("routes", "forum"), run("routes", "forum")) == kept


# ---- What holds for every network


@given(topologies())
def test_every_network_has_answers_of_the_promised_form(whole):
    written = "".join(json_of(cli_routes.answer_routes(whole, [], Namespace(at=None))))
    answer = json.loads(written, parse_constant=pytest.fail)
    for table, others in ((answer["routes"], len(whole.nodes) - 1), (answer["prefixes"], None)):
        assert tuple(table) == whole.routers
        for routes in table.values():
            assert others is None or len(routes) == others
            for route in routes.values():
                assert list(route) == ["metric", "next_hops"]
                assert route["metric"] is not None or route["next_hops"] == []
                assert route["next_hops"] == sorted(set(route["next_hops"]))


@given(st.integers(0, 2**128 - 1), st.integers(0, 255), st.integers(0, 128))
@example(0xFFFF01020304, 255, 128)
@example(1 << 64, 255, 128)
def test_prefixes_are_spelled_as_python_does(number, kept, length):
    groups = sum(number & 0xFFFF << 16 * group for group in range(8) if kept >> group & 1)
    prefix = IPv6Network((groups, length), strict=False)
    assert cli_routes._spelled(prefix) == str(prefix)
