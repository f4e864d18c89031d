"""The reference: every name that the library hands on has its place, and what pages say of files and errors holds."""

import html
import json
import re
from importlib import import_module
from pathlib import Path

import machines
import pytest
import reference

import netlearn
from netlearn.convergence import TIMERS, TRANSITIONS
from netlearn.convergence.event import Expired
from netlearn.convergence.timers import RFC8405_TABLE
from netlearn.errors import BadNetwork
from netlearn.network import from_json
from netlearn.network.formats import assemble, data

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "book" / "library"
ROOMS = ("network", "routing", "convergence", "host", "recorded", "teaching", "drawing", "failures", "probe", "lab")


def told(built_site: Path, page: str) -> set[str]:
    """The names that a page of the reference has a place for."""
    text = (built_site / "book" / "library" / f"{page}.html").read_text(encoding="utf-8")
    return {address.rpartition(".")[2] for address in re.findall(r'id="(netlearn\.[^"]+)"', text)}


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_that_a_room_hands_on_is_told_on_its_page(built_site: Path, room: str) -> None:
    assert set(import_module(f"netlearn.{room}").__all__) <= told(built_site, room)


def test_every_name_of_the_library_is_told_in_one_of_its_rooms(built_site: Path) -> None:
    assert set(netlearn.__all__) <= set().union(*(told(built_site, page) for page in (*ROOMS, "figures", "edges")))


def test_signatures_are_as_a_reader_would_write_them(built_site: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (built_site / "book" / "library").glob("*.html")]
    texts = [
        re.sub("<[^>]*>", "", found) for page in pages for found in re.findall(r'<dt class="sig .*?</dt>', page, re.S)
    ]
    assert len(texts) > 300
    assert [text for text in texts if re.search(r"~|&lt;|t\.Any|\d{5}|qualname|made_by|alias", text)] == []
    (what_if,) = (text for text in texts if "class WhatIf" in text)
    assert "(topology: Topology, cut: tuple[str, ...] = (), down: tuple[str, ...] = (), *, predict: " in what_if


def test_a_default_that_is_long_stands_as_the_code_has_it(built_site: Path) -> None:
    pages = (
        (built_site / "book" / "library" / f"{name}.html").read_text(encoding="utf-8") for name in ("host", "figures")
    )
    host, figures = (re.sub("<[^>]*>", "", page) for page in pages)
    assert "class Host(name: str, interfaces: tuple[Interface, ...] = (LO,), routes" in host
    assert "nodes: tuple[tuple[str, str, int, int], ...] = FORUM_NODES" in figures


def test_the_doors_stand_on_the_page_as_in_a_terminal_each_on_one_line(built_site: Path) -> None:
    page = (built_site / "book" / "library" / "command-line.html").read_text(encoding="utf-8")
    (block,) = re.findall(r'<div class="nl-columns highlight-console[^>]*>(.*?)</pre>', page, re.S)
    lines = html.unescape(re.sub("<[^>]*>", "", block)).splitlines()
    assert lines[0] == "$ netlearn sockets"
    assert max(map(len, lines)) <= 110
    doors = [line for line in lines if "users:((" in line]
    assert len(doors) == 21
    assert all(re.search(r"fd=\d+\)\) +\S+$", line) for line in doors)


def test_a_long_command_is_typed_with_a_line_for_each_option() -> None:
    assert reference.typed("netlearn sockets --help") == "netlearn sockets --help"
    long = f'netlearn converge forum --to {"x" * 90} --event "0 cut R1-R2"'
    assert reference.typed(long).splitlines() == [
        "netlearn converge forum \\",
        f"    --to {'x' * 90} \\",
        '    --event "0 cut R1-R2"',
    ]


def test_every_key_of_a_network_file_is_in_a_table_of_its_page() -> None:
    text = (PAGES / "network-file.md").read_text(encoding="utf-8")
    first_cells = re.findall(r"^\| (.*?) \|", text, flags=re.MULTILINE)
    said = {key for cell in first_cells for key in re.findall(r"`(\w+)`", cell)}
    known = (data.NETWORK_KEYS, assemble.NODE_KEYS, assemble.EDGE_KEYS, assemble.ANNOUNCEMENT_KEYS)
    assert {key for keys in known for key in keys} <= said


@pytest.mark.parametrize(
    ("node", "edge"), [({}, {"metrics": 5}), ({}, {"target": "R9"}), ({"kind": "switch"}, {})], ids=str
)
def test_what_is_wrong_with_a_file_is_said_in_the_words_of_its_page(node: object, edge: object) -> None:
    first, between = {"id": "R1"} | dict(node), {"source": "R1", "target": "R2"} | dict(edge)  # type: ignore[call-overload]
    with pytest.raises(BadNetwork) as refused:
        from_json(json.dumps({"nodes": [first, {"id": "R2"}], "edges": [between]}))
    assert f"| {refused.value} |" in (PAGES / "network-file.md").read_text(encoding="utf-8")


def test_the_routers_picture_has_a_row_for_each_event_and_each_timer() -> None:
    words, done = machines.router().words, machines.watched()
    rows = [kind.__name__ for kind in TRANSITIONS if kind is not Expired] + [*TIMERS]
    assert all(f"{row}: " in words for row in rows)
    assert set(rows) <= set(done), "each was seen to happen"


def test_the_picture_of_rfc_8405_has_its_states_and_an_arrow_for_each_row_of_the_table() -> None:
    drawn = str(machines.spf_delay().svg)
    assert all(f">{state}<" in drawn for state, _ in RFC8405_TABLE)
    assert drawn.count("M") // 2 == len(RFC8405_TABLE)  # a line and its head
    assert machines.spf_rows().count("<tr>") == 1 + len(RFC8405_TABLE)
