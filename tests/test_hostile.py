"""Whatever is given, the answer is right or one line that says what is wrong; nothing given commands the terminal.

What only this machine can cause (a closed output, a full disk) and what only we can (a mistake) are here as well. The
second half draws inputs by number; `NETLEARN_HOSTILE` says how many of each kind.
"""

import json
import os
import random
import re
import subprocess
import sys
from collections import Counter
from ipaddress import ip_address, ip_interface, ip_network
from itertools import islice
from pathlib import Path

import hostile_inputs as hostile
import pytest

from netlearn import (
    Announcement,
    BadNetwork,
    Flow,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Snapshot,
    Topology,
    UnknownName,
    forum,
    from_json,
    load,
    probe,
    to_json,
)
from netlearn.cli import main as cli_main
from netlearn.cli import routes as cli_routes
from netlearn.errors import MOST, listed, one_line, printable, shown, suggestion
from netlearn.host.given import BadHost, address
from netlearn.host.host import Binding, Host, Interface, StaticRoute
from netlearn.host.scope import Place, Scope
from netlearn.host.sockets import Holder, Listener
from netlearn.network import bundled
from netlearn.network.nodelink import from_data
from netlearn.routing.anycast import catchments, place
from netlearn.routing.packet import as_address
from netlearn.teaching import glossary, predictions, quizzes, references

MANY = int(os.environ.get("NETLEARN_HOSTILE", "300"))
LONGEST = len("netlearn: ") + MOST + len("\n")


@pytest.fixture
def run(capsys):
    """Run a command in this process: its exit status, what it wrote, what it complained about."""

    def run(*arguments):
        status = cli_main.main([*map(str, arguments)])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return run


def shell(command, **environment):
    """Run a line of bash, in which `$NL` is `python -m netlearn`."""
    environment = {**os.environ, "NL": f"{sys.executable} -m netlearn", "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(["bash", "-c", command], capture_output=True, env=environment, timeout=60)


def is_harmless(text):
    """Whether each line of the text can be shown by a terminal as it is."""
    return all(line.isprintable() for line in text.split("\n"))


def is_one_line(complaint):
    return complaint.startswith("netlearn: ") and complaint.count("\n") == 1 and complaint.endswith("\n") and (
        is_harmless(complaint) and len(complaint) <= LONGEST
    )  # fmt: skip


# ---- What is shown


def test_only_what_prints_is_printed_in_whatever_script():
    for word in ("R1", "Zürich", "東京", "عمان", "👍", "a  b", "→"):
        assert printable(word) == word
    for letter in hostile.UNPRINTABLE:
        assert printable(f"a{letter}b").isprintable()
        assert printable(f"a{letter}b").startswith("a\\")


def test_a_message_is_one_line_of_bounded_length_with_its_beginning_and_its_end():
    assert one_line("a\nb\x1b[2J\u202e") == r"a\nb\x1b[2J\u202e"
    for letter in ("x", "\x1b", "\n", "\U000e0041"):
        line = one_line("begin" + letter * 10**6 + "end")
        assert len(line) <= MOST
        assert line.startswith("begin")
        assert line.endswith("end")
        assert line.isprintable()


def test_every_error_that_is_raised_says_one_harmless_line_wherever_it_is_caught():
    long = "x" * 10**6
    for raised in (NetlearnError(f"{long}\x1b[2J\n"), UnknownName(long), BadNetwork("a\nb")):
        assert is_one_line(f"netlearn: {raised}\n")


def test_names_of_any_length_are_quoted_in_short():
    long = "x" * 10**7
    assert len(listed([long] * 12)) < 13 * 300
    assert suggestion(long, [long[:-1], "x"]) == ""
    for value in (long, [long], {long: long}, 10**5000, [10**5000], {"x": -(10**5000)}, hostile.Unspeakable()):
        assert len(shown(value)) < 500


def test_what_a_snapshot_says_of_itself_is_escaped_too():
    door = Listener("tcp", "fe80::1%\x1b[2J", 80, Place(Scope.ADDRESS, "\x1b[2J"), (Holder("\x9b", 1, 2),), "\u202e")
    seen = Snapshot((door,), (), (), 1, "\x1b[2J", "\x9b", "\u202e\ud800", recorded=True)
    assert is_harmless(str(seen))
    assert is_harmless(repr(seen))
    assert is_harmless(seen._repr_html_())
    assert is_harmless(seen.recording_note + seen.hidden_note)


def test_a_flow_is_shown_harmlessly_whatever_its_addresses_are():
    assert is_harmless(str(Flow(ip_address("fe80::1%\x1b[2J"), ip_address("fe80::2%\n"))))


# ---- Addresses


ZONES = ("fe80::1%\x1b[2J\x1b[31mx", "fe80::1%x\nnetlearn: all good", "fe80::1%eth0")


@pytest.mark.parametrize("address", ZONES)
def test_an_address_that_is_routed_has_no_zone(address):
    with pytest.raises(BadNetwork, match="zone"):
        Node("A", address=ip_address(address))
    with pytest.raises(BadNetwork, match="zone"):
        Announcement(ip_network(address), "A")
    with pytest.raises(BadNetwork, match="zone"):
        Topology((Node("A"),)).announcing(ip_network(address), "A")
    for given in (address, ip_address(address)):
        with pytest.raises(NetlearnError, match="zone"):
            as_address(given)
        with pytest.raises(NetlearnError, match="zone"):
            place(forum(), given, ["R1"])
        with pytest.raises(NetlearnError, match="zone"):
            catchments(forum(), given)


@pytest.mark.parametrize("address", ZONES)
@pytest.mark.parametrize(
    "node",
    [
        lambda address: {"id": "A", "loopback": address},
        lambda address: {"id": "A", "announces": [f"{address}/128"]},
        lambda address: {"id": "A", "announces": [{"prefix": address, "metric": 1}]},
        lambda address: {"id": "L", "kind": "lan", "address": address},
    ],
)
def test_a_network_file_cannot_write_to_the_readers_terminal_by_a_zone(run, tmp_path, address, node):
    file = tmp_path / "zone.json"
    file.write_text(json.dumps({"nodes": [node(address)], "edges": []}))
    status, out, complaint = run("routes", file)
    assert (status, out) == (2, "")
    assert is_one_line(complaint)
    assert "zone" in complaint


def test_the_zone_of_an_address_is_told_to_be_the_mistake():
    with pytest.raises(BadNetwork) as caught:
        from_json('{"nodes": [{"id": "A", "loopback": "fe80::1%eth0"}], "edges": []}')
    assert str(caught.value) == (
        "node A, loopback: 'fe80::1%eth0' has a zone (what follows %), which means something on one machine only;"
        " an address that is routed has none"
    )


def test_a_graph_with_a_zone_is_refused_too(tmp_path):
    nx = pytest.importorskip("networkx")
    from netlearn.graph import from_networkx, read_graphml

    graph = nx.Graph()
    graph.add_node("A", loopback="fe80::1%x")
    with pytest.raises(BadNetwork, match="zone"):
        from_networkx(graph)
    nx.write_graphml(graph, tmp_path / "zone.graphml")
    with pytest.raises(BadNetwork, match="zone"):
        read_graphml(tmp_path / "zone.graphml")


def test_an_address_with_a_prefix_length_is_no_nodes_address():
    with pytest.raises(BadNetwork, match=r"an ipaddress\.ip_address is expected"):
        Node("A", address=ip_interface("192.0.2.1/24"))


@pytest.mark.parametrize("name", [10**5000, [], {}, None, 7], ids=["huge", "list", "object", "nothing", "number"])
def test_what_is_named_by_something_else_than_text_is_told(name):
    network = forum()
    for ask in (network.node, network.link, network.find_links, network.arcs):
        with pytest.raises(UnknownName, match="there is no"):
            ask(name)
    for failure in (LinkDown(name), NodeDown(name)):
        with pytest.raises(UnknownName, match="there is no"):
            network.without(failure)
    with pytest.raises(BadNetwork, match="by its name"):
        Link(name, "B")
    with pytest.raises(BadNetwork, match="by its name"):
        Announcement(ip_network("192.0.2.0/24"), name)


def test_one_machines_addresses_may_have_zones_and_all_its_names_can_be_printed():
    assert str(address("fe80::1%eth0")) == "fe80::1%eth0"
    for make in (
        lambda word: address(f"fe80::1%{word}"),
        lambda word: Host(word),
        lambda word: Interface(word),
        lambda word: Interface("eth0", (f"fe80::1%{word}/64",)),
        lambda word: Interface("eth0", link=word),
        lambda word: Binding(word, "tcp", "::1", 80),
        lambda word: Binding("server", "tcp", f"fe80::1%{word}", 80),
        lambda word: Binding("server", "tcp", "::1", 80, device=word),
        lambda word: StaticRoute("::/0", interface=word),
        lambda word: StaticRoute("::/0", via=f"fe80::1%{word}"),
    ):
        for letter in hostile.UNPRINTABLE:
            with pytest.raises(BadHost):
                make(f"a{letter}b")


# ---- The command line


@pytest.mark.parametrize(
    "arguments",
    [
        ["paths", "\x1b[31mevil\a.json", "A", "B"],
        ["paths", "\x1b[31mevil\a.graphml", "A", "B"],
        ["routes", "forum", "--cut", "R1-\x1b[2J"],
        ["routes", "forum", "--cut", "R1-\u202e"],
        ["routes", "forum", "\x1b[2J"],
        ["routes", "forum", "--\x1b[2J"],
        ["\x1b[2J"],
        ["routes", "a\nnetlearn: all is well"],
        ["routes", "\udc9b"],
        ["routes", "forum", "--at", "x" * 100_000],
        ["routes", "x" * 100_000],
        ["converge", "forum", "--from", "Source", "--to", "End", "--spf-delay", "\x1b" * 100_000],
    ],
)
def test_an_argument_is_quoted_harmlessly_and_in_short(run, arguments):
    status, out, complaint = run(*arguments)
    assert (status, out) == (2, "")
    assert is_one_line(complaint)


def test_a_foreign_message_is_quoted_harmlessly(run, tmp_path):
    file = tmp_path / "key.graphml"
    file.write_text(
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="undirected">'
        '<node id="A"><data key="&#x9b;31m">1</data></node></graph></graphml>'
    )
    status, out, complaint = run("routes", file)
    assert (status, out) == (2, "")
    assert r"\x9b31m" in complaint
    assert is_one_line(complaint)


def test_a_name_of_a_million_letters_in_a_file_gives_a_short_line(run, tmp_path):
    file = tmp_path / "long.json"
    file.write_text(json.dumps({"nodes": [{"id": "x" * 10**6}, {"id": "B"}], "edges": []}))
    for arguments in (["--at", "Q"], ["--cut", "B-Q"], ["--down", "Q"]):
        status, out, complaint = run("routes", file, *arguments)
        assert (status, out) == (2, "")
        assert is_one_line(complaint)


def test_a_name_of_200_letters_is_a_name(run, tmp_path):
    long = "x" * 200
    file = tmp_path / "long.json"
    file.write_text(to_json(Topology((Node(long), Node("B")), (Link(long, "B"),))))
    assert run("paths", file, long, "B") == (0, f"{long} to B: metric 1, 1 shortest path\n  {long} → B\n", "")


def test_an_answer_passes_the_one_place_that_escapes(run, monkeypatch):
    monkeypatch.setattr(cli_main, "_one_text", lambda given: iter(["a\x1b[2J\nb\u202e\x9b"]))
    assert run("routes", "forum") == (0, "a\\x1b[2J\nb\\u202e\\x9b\n", "")


def test_in_a_terminal_the_colours_stay(run, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("NETLEARN_RECORDED", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    out = run("sockets")[1]
    assert "\x1b[1m" in out
    assert is_harmless(re.sub(r"\x1b\[[\d;]*m", "", out))
    assert out.endswith("(NETLEARN_RECORDED is set.)\n")


@pytest.mark.parametrize(
    ("arguments", "argument"),
    [
        (["paths", "forum", "R1", "--", "--"], "TO"),
        (["paths", "--", "forum", "R1", "--"], "TO"),
        (["routes", "forum", "--at=--"], "--at"),
        (["routes", "forum", "--cut=--"], "--cut"),
        (["routes", "forum", "--down=--"], "--down"),
        (["paths", "forum", "R1", "R2", "--limit=--"], "--limit"),
        (["converge", "forum", "--from", "R1", "--to", "R2", "--detect=--"], "--detect"),
        (["converge", "forum", "--from", "R1", "--to=--"], "--to"),
        (["sockets", "--watch", "--every=--"], "--every"),
    ],
)
def test_two_hyphens_are_no_value(run, arguments, argument):
    status, out, complaint = run(*arguments)
    assert (status, out) == (2, "")
    assert complaint.startswith(f"netlearn: argument {argument}: expected one argument (try: netlearn {arguments[0]} ")


@pytest.mark.parametrize("arguments", ["sockets", "paths forum R1 R2", "sockets --json", "--help"])
def test_a_closed_output_is_told(arguments):
    done = shell(f"$NL {arguments} >&-")
    assert (done.returncode, done.stderr) == (2, b"netlearn: the answer cannot be written: standard output is closed\n")


def test_a_complaint_is_no_answer_even_where_standard_error_is_closed():
    done = shell("$NL routes nowhere 2>&-")
    assert (done.returncode, done.stdout) == (2, b"")


def test_what_cannot_be_read_is_not_told_as_what_cannot_be_written(run, monkeypatch):
    def refuse(connections):
        raise FileNotFoundError(2, "No such file or directory", "/proc/net/\x1b[2J")

    monkeypatch.setattr(probe, "snapshot", refuse)
    status, out, complaint = run("sockets")
    assert (status, out, complaint) == (2, "", "netlearn: /proc/net/\\x1b[2J: No such file or directory\n")


def test_a_mistake_of_ours_is_one_line_with_status_1(run, monkeypatch):
    def fail(*given):
        raise AssertionError("\x1b[2J" + "x" * 10**6)

    monkeypatch.setattr(cli_routes, "answer_routes", fail)
    status, out, complaint = run("routes", "forum")
    assert (status, out) == (1, "")
    assert complaint.startswith("netlearn: this is a mistake in netlearn: AssertionError: \\x1b[2J")
    assert is_one_line(complaint)


def test_too_little_memory_is_one_line(run, monkeypatch):
    def fail(*given):
        raise MemoryError

    monkeypatch.setattr(cli_routes, "answer_routes", fail)
    assert run("routes", "forum") == (2, "", "netlearn: this takes more memory than there is\n")


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a file without an end")  # noqa: PTH110
def test_a_file_without_an_end_is_not_read_to_its_end(run):
    status, out, complaint = run("routes", "/dev/zero")
    assert (status, out) == (2, "")
    assert complaint == "netlearn: /dev/zero: the file of a network has at most 64 MB, and this one has more\n"


def test_a_network_may_come_through_a_pipe():
    done = shell(f"$NL routes <(cat '{bundled._BUNDLED / 'forum.json'}') --json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b'"R7"' in done.stdout


def test_ctrl_c_while_the_command_line_is_loaded_is_no_traceback(tmp_path):
    (tmp_path / "argparse.py").write_text("raise KeyboardInterrupt\n")  # as if the signal came just then
    done = shell("$NL routes forum", PYTHONPATH=f"{tmp_path}:{os.environ.get('PYTHONPATH', '')}")
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")


# ---- Drawn by number


def drawn(kind):
    """A generator for each number of this kind."""
    return ((number, random.Random(f"{kind} {number}")) for number in range(MANY))


@pytest.mark.parametrize("suffix", ["json", "graphml"])
def test_every_file_and_every_argument_has_an_answer_or_one_line(run, capsys, tmp_path, suffix):
    make = {"json": hostile.json_file, "graphml": hostile.graphml_file}[suffix]
    statuses = Counter()
    for number, generator in drawn(suffix):
        file = tmp_path / f"{'a' if number % 3 else chr(27) + '[31m'}.{suffix}"
        file.write_bytes(make(generator))
        try:
            read = bundled.read(str(file)).topology
        except NetlearnError:
            read = Topology()
        names, links = [node.name for node in read.nodes], [link.name for link in read.links]
        arguments = hostile.arguments(generator, [str(file)], names, links)
        try:
            status, out, complaint = run(*arguments)
        except SystemExit:  # --help
            capsys.readouterr()
            assert "-h" in arguments, (number, arguments)
            continue
        statuses[status] += 1
        assert status in (0, 2), (number, arguments, complaint)
        assert is_harmless(out), (number, arguments, out)
        assert complaint == "" if status == 0 else is_one_line(complaint), (number, arguments, complaint)
        if status == 0 and "--json" in arguments:
            assert out.isascii()
            json.loads(out)
    assert statuses[0] > MANY / 20  # or most of the command was never reached


TAUGHT = {
    "quizzes": quizzes.from_json,
    "predictions": lambda text: predictions.from_json(text, "chapter"),
    "glossary": glossary.from_json,
    "references": references.from_json,
}


@pytest.mark.parametrize("kind", TAUGHT)
def test_whatever_is_asked_of_a_reader_is_read_or_refused_in_one_line(kind):
    files = sorted((Path(bundled.__file__).parent.parent / "data" / kind).glob("*.json"))
    whole = [file.read_text(encoding="utf-8") for file in files]
    refused = []
    for _, generator in islice(drawn(kind), MANY // 4):
        text = generator.choice(whole)
        if generator.random() < 0.8:
            hostile.spoilt(generator, data := json.loads(text))
            text = json.dumps(data)
        else:
            text = hostile.garbled(generator, text)
        try:
            TAUGHT[kind](text)
        except NetlearnError as reason:
            refused.append(reason)
    assert refused
    assert all(is_one_line(f"netlearn: {reason}\n") for reason in refused)


def test_every_network_that_is_read_is_written_and_read_again_as_the_same():
    read, complaints = 0, []
    for number, generator in drawn("network"):
        try:
            topology = from_data(hostile.network(generator))
        except NetlearnError as reason:
            complaints.append(reason)
            continue
        read += 1
        assert from_json(to_json(topology)) == topology, number
        assert is_harmless(repr(topology)), number
        for line in to_json(topology).splitlines():
            assert line.isprintable(), number
    assert read > MANY / 20
    assert all(is_one_line(f"netlearn: {reason}\n") for reason in complaints)


def test_every_value_makes_a_node_a_link_or_a_topology_or_is_refused():
    made, complaints = 0, []
    for _, generator in drawn("value"):

        def some(*right, generator=generator):
            return generator.choice(right) if generator.random() < 0.8 else hostile.python_value(generator)

        try:
            a = Node(some("A"), some("router", "host"), some(None, ip_address("192.0.2.1")), some(None, 1))
            link = Link(some("A", "B"), some("B"), some(1, 2), some(None, 3), some(None, "x"))
            announced = Announcement(some(ip_network("192.0.2.9"), ip_network("::/0")), some("A"), some(0, 1))
            topology = Topology((a, Node("B")), (link,), (announced,))
        except NetlearnError as reason:
            complaints.append(reason)
            continue
        made += 1
        failure = LinkDown(some("A-B", "x")), NodeDown(some("A"))
        for ask in (topology.node, topology.link, topology.find_links, topology.arcs, topology.without, as_address):
            try:
                ask(some("A", "A-B", "192.0.2.1", *failure))
            except NetlearnError as reason:
                complaints.append(reason)
    assert made
    assert all(is_one_line(f"netlearn: {reason}\n") for reason in complaints)


def test_every_name_is_a_networks_or_none():
    complaints = []
    for _, generator in drawn("name"):
        try:
            load(hostile.name(generator))
        except NetlearnError as reason:
            complaints.append(reason)
    assert all(is_one_line(f"netlearn: {reason}\n") for reason in complaints)
