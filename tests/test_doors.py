"""My doors: which wall has each one, what is said of it, another look, and that nobody's own are published."""

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from netlearn import Listener, Scope, Snapshot, probe
from netlearn.figures.common.live import FIGURE, with_data
from netlearn.figures.doors import view as doors_view
from netlearn.figures.doors import words as doors_words
from netlearn.figures.doors.words import Looking, Side, sides
from netlearn.host.scope import InterfaceAddresses, Place, place
from netlearn.host.sockets import MOST, Difference, Holder
from netlearn.lab import alone, why_not
from netlearn.recorded.snapshot import recorded
from netlearn.widgets import Doors

MACHINE = (
    InterfaceAddresses("lo", ("127.0.0.1/8", "::1/128"), loopback=True),
    InterfaceAddresses("eth0", ("192.0.2.10/24",)),
)


def door(address="127.0.0.1", port=631, process="cupsd", **more):
    holders = (Holder(process, 812, 7),) if process else ()
    where = place(MACHINE, address, more.get("device"), more.get("v6only", False))
    return Listener("tcp", address, port, where, holders, "root", **more)


UNIX = Listener("u_str", "/run/cups/cups.sock", None, Place(Scope.UNIX), (Holder("cupsd", 812, 9),), "root")


@pytest.fixture
def of_the_book(monkeypatch):
    """As make sets it for the book."""
    monkeypatch.setenv("NETLEARN_RECORDED", "1")


@pytest.fixture
def of_this_machine(monkeypatch):
    monkeypatch.delenv("NETLEARN_RECORDED", raising=False)
    if probe.why_recorded():
        pytest.skip(probe.why_recorded())


# Walls


def test_every_scope_has_its_walls_and_every_pair_of_walls_its_words():
    assert set(doors_words.SIDES) == set(doors_words.SHORT_TITLES) == set(Scope)
    assert set(doors_words.SIDES.values()) == set(doors_words.SPOKEN)


@pytest.mark.parametrize(
    ("listener", "walls"),
    [
        (door(), (Side.DOOR, Side.WALL)),
        (door("0.0.0.0"), (Side.DOOR, Side.DOOR)),
        (door("::"), (Side.DOOR, Side.DOOR)),
        (door("192.0.2.10"), (Side.ROUND, Side.DOOR)),
        (door("0.0.0.0", device="eth0"), (Side.ROUND, Side.DOOR)),
        (door("0.0.0.0", device="lo"), (Side.DOOR, Side.WALL)),
        (door("224.0.0.251"), (Side.ROUND, Side.DOOR)),
        (UNIX, (Side.HATCH, Side.WALL)),
    ],
    ids=lambda given: given.endpoint if isinstance(given, Listener) else "",
)
def test_the_scope_says_which_wall_has_the_door(listener, walls):
    assert sides(listener) == walls


def test_the_claim_counts_the_doors_that_open_to_the_outside():
    assert (
        doors_words.claim(Snapshot((door(), door("0.0.0.0"), UNIX)))
        == "1 of 3 doors open to the outside, 2 to the inside only"
    )
    assert doors_words.claim(Snapshot((door(), UNIX))) == "2 doors, and all of them open to the inside only"
    assert doors_words.claim(Snapshot((door("::"),))) == "1 door, and it opens to the outside"
    assert doors_words.claim(Snapshot(())) == "Nothing listens here: a house without doors"


INSIDE_REACHES = """
import socket, subprocess, sys, time
subprocess.run("ip link set lo up; ip link add eth0 type veth peer name other; ip addr add 192.0.2.10/24 dev eth0;"
               "ip addr add fe80::10/64 dev eth0 nodad; ip link set eth0 up; ip link set other up",
               shell=True, check=True)
index = socket.if_nametoindex("eth0")
def reached(family, bound, dialled, device=None):
    with socket.socket(family) as server, socket.socket(family) as client:
        if device:
            server.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, device.encode())
        server.bind(bound), server.listen()
        client.settimeout(5)
        try:
            client.connect((dialled, server.getsockname()[1], *bound[2:]))
        except OSError:
            return False
        return True
v4, v6 = socket.AF_INET, socket.AF_INET6
print([reached(v4, ("192.0.2.10", 0), "192.0.2.10"), reached(v4, ("0.0.0.0", 0), "192.0.2.10", "eth0"),
       reached(v6, ("fe80::10", 0, 0, index), "fe80::10"), reached(v4, ("0.0.0.0", 0), "127.0.0.1"),
       reached(v4, ("0.0.0.0", 0), "127.0.0.1", "eth0"), reached(v4, ("0.0.0.0", 0), "192.0.2.10", "lo")])
"""


def test_the_kernel_lets_the_inside_in_where_the_walls_say_so():
    if reason := why_not():
        pytest.skip(reason)
    inside = alone(sys.executable, "-c", INSIDE_REACHES)
    done = subprocess.run(inside, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == str([True, True, True, True, False, False]), done.stderr


# What is said


def test_each_door_is_a_button_with_its_sentence_its_process_its_user_and_its_line_of_ss():
    body = str(doors_view.body(Snapshot((door("192.0.2.10"), UNIX), (), MACHINE), Looking()))
    assert body.count('aria-expanded="false"') == 2
    assert "Whoever can reach 192.0.2.10, an address of eth0; programs on this machine can, too." in body
    assert "Held by cupsd (process 812), of the user root." in body
    assert '<code>tcp LISTEN 192.0.2.10:631 users:(("cupsd",pid=812,fd=7))</code>' in body
    assert "Only programs on this machine that may open the file /run/cups/cups.sock." in body


def test_a_hidden_process_is_a_door_all_the_same_and_the_reason_is_given():
    body = str(doors_view.body(Snapshot((door(process=None),), hidden=1, hidden_because="it is so"), Looking()))
    assert "hidden process" in body
    assert "Held by a process that the system does not show, of the user root." in body
    assert "The process is hidden for 1 of 1: it is so." in body


def test_no_name_can_be_markup_or_command_anything():
    body = str(doors_view.body(Snapshot((door(process="<b>\x1b[2J"),)), Looking()))
    assert "<b>\x1b" not in body
    assert r"&lt;b&gt;\x1b[2J" in body


def test_three_hundred_doors_fit_and_more_than_can_be_read_are_counted():
    many = tuple(door(port=port) for port in range(1, MOST + 101))
    body = str(doors_view.body(Snapshot(many), Looking()))
    assert body.count('<li class="nl-door"') == MOST
    assert "… and 100 more; the command netlearn sockets lists them all." in body


def test_the_picture_shows_the_first_doors_of_each_scope_and_no_text_leaves_its_room():
    many = tuple(door(port=port, process="a-name-as-long-as-no-other-name-of-any-process" * 3) for port in range(1, 40))
    picture = doors_view.picture(Snapshot(many, (), MACHINE))
    assert str(picture).count("nl-leaf-box") == doors_view.PICTURED
    assert "… and 33 more" in str(picture)
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", str(picture))
    assert max(len(text) for text in texts) <= 55
    ys = [float(y) for y in re.findall(r'y="([\d.]+)" class="nl-strong"', str(picture))]
    assert all(later - earlier >= 30 for earlier, later in pairwise(ys[2:]))


def test_another_look_says_what_opened_and_what_closed():
    told = doors_words.news(Looking(True, news=Difference((door(), door(port=80)), (UNIX,))))
    assert (
        told
        == "Looked again: 2 opened (cupsd 127.0.0.1:631, cupsd 127.0.0.1:80); 1 closed (cupsd /run/cups/cups.sock)."
    )
    assert doors_words.news(Looking(True, news=Difference())) == "Looked again: nothing opened, nothing closed."
    assert doors_words.news(Looking(True)) == ""


# The widget


def test_in_the_book_the_recorded_doors_are_shown_with_a_word_that_they_are_and_no_button_to_look_again(of_the_book):
    figure = Doors(caption="Notice.")
    assert figure.figure.snapshot.recorded
    note = f"Recorded on {recorded().system} on {recorded().when}: these are not this machine's own sockets."
    for shown in (figure.body, figure.html().split("<script", 1)[0], repr(figure)):
        assert note in shown
    assert 'data-do="look"' not in figure.body
    figure.looks += 1
    assert figure.figure.snapshot.recorded


def test_without_javascript_there_is_a_picture_and_every_door_in_words(of_the_book):
    still = Doors().html().split("<script", 1)[0]
    assert 'src="data:image/svg+xml;base64,' in still
    for listener in recorded().listeners:
        assert listener.reach in still
    assert still.count("<li>") == len(recorded().listeners)


def test_the_kernel_looks_again_when_it_is_asked_to(of_this_machine):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        figure = Doors()
        assert f"127.0.0.1:{port}" in figure.body
        assert 'data-do="look"' in figure.body
    figure.looks += 1
    assert f'data-name="tcp\tLISTEN\t127.0.0.1:{port}"' not in figure.body
    assert "closed (" in figure.body


def test_a_given_snapshot_is_shown_and_not_looked_at_again(of_this_machine):
    figure = Doors(Snapshot((door(),)))
    assert repr(figure).startswith("<Doors: 1 door, and it opens to the inside only.")
    assert 'data-do="look"' not in figure.body


# Nobody's own doors are published

NAME, PORTS = "quuxserver77", range(47_811, 47_899)


@contextmanager
def a_distinctive_process() -> Iterator[int]:
    """A process of that name listens on a port that nobody else uses; the port."""
    code = f"""
import ctypes, socket, sys
if sys.platform == "linux":
    ctypes.CDLL(None).prctl(15, b"{NAME}", 0, 0, 0)  # PR_SET_NAME
for port in range({PORTS.start}, {PORTS.stop}):
    try:
        server = socket.create_server(("127.0.0.1", port))
        break
    except OSError:
        continue
print(port, flush=True)
sys.stdin.read()
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield int(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait(30)
        process.stdout.close()


def test_a_chapter_that_is_built_while_a_distinctive_process_listens_shows_neither_it_nor_its_port(
    tmp_path, of_this_machine
):
    chapter = tmp_path / "listening.ipynb"
    cells = ["from netlearn import probe", "probe.snapshot()", "from netlearn.widgets import Doors", "Doors()"]
    blank = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}
    book["cells"] = [{**blank, "id": f"cell-{number}", "source": source} for number, source in enumerate(cells)]
    chapter.write_text(json.dumps(book))
    with a_distinctive_process() as port:
        if sys.platform == "linux":
            assert NAME in str(probe.snapshot())  # it could be seen
        assert f":{port} " in str(probe.snapshot())
        own = Doors()
        assert f"127.0.0.1:{port}" in own.body
        assert NAME not in own.html() + repr(own)
        assert str(port) not in own.html()
        make = os.environ | {"NETLEARN_RECORDED": "1"}
        command = [sys.executable, str(ROOT / "tools" / "notebooks.py"), str(chapter)]
        subprocess.run(command, env=make, check=True, capture_output=True, timeout=300)
    stored = chapter.read_text(encoding="utf-8")
    assert recorded().when in stored
    assert 'data-figure=\\"doors\\"' in stored
    assert NAME not in stored
    assert str(port) not in stored


def test_no_stored_notebook_and_no_built_page_has_other_doors_than_the_recorded_ones(built_site, of_the_book):
    whole = re.compile(r'<figure[^>]* data-figure="doors".*?</figure>', re.DOTALL)
    # A page's figure has a caption, and its cell's id; the whole of the rest is the same.
    captions = re.compile(r'<figcaption>.*?</figcaption>| id="figure-[^"]*"', re.DOTALL)
    expected = captions.sub("", Doors().html())
    found = 0
    for path in [*sorted(Path(ROOT / "book").glob("*.ipynb")), *sorted(built_site.rglob("*.html"))]:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".ipynb":
            outputs = [out for cell in json.loads(text)["cells"] for out in cell.get("outputs", [])]
            data = [out.get("data", {}) for out in outputs]
            texts = ["".join(each.get("text/plain", "")) for each in data]
            assert [each for each in texts if each.startswith("<Snapshot") and " recorded on " not in each] == [], path
            stored = (("".join(each.get("text/html", "")), each.get(FIGURE)) for each in data)
            text = "\n".join(with_data(picture, carried) if carried else picture for picture, carried in stored)
        for figure in whole.findall(text):
            found += 1
            assert captions.sub("", figure) == expected, path
    assert found >= 2


def test_a_chapter_that_is_executed_and_saved_with_its_widgets_state_holds_nothing_of_that_machine(of_this_machine):
    cells = ["from netlearn.widgets import Doors", "doors = Doors()\ndoors", "doors.looks += 1\ndoors"]
    chapter = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    with a_distinctive_process() as port, socket.create_server(("127.0.0.77", 0)):
        assert f"127.0.0.1:{port}" in Doors().body
        # As nbconvert and papermill do it: they keep what a kernel says of a widget's state.
        NotebookClient(chapter, kernel_name="python3", store_widget_state=True, timeout=120).execute()
    models = chapter.metadata.widgets["application/vnd.jupyter.widget-state+json"].state.values()
    assert any(recorded().recording_note in each.state.get("body", "") for each in models)
    for whole in (nbformat.writes(chapter), HTMLExporter().from_notebook_node(chapter)[0]):
        for own in (NAME, str(port), "127.0.0.77", os.uname().nodename if hasattr(os, "uname") else NAME):
            assert own not in whole


def test_the_doors_of_now_are_a_message_to_whoever_asks_for_them_and_no_state(of_this_machine, monkeypatch):
    figure, sent = Doors(Snapshot((door(),))), []
    monkeypatch.setattr(figure, "send", sent.append)
    figure._handle_custom_msg({"hello": 1}, [])
    assert sent == []
    figure._handle_custom_msg({"show": "body"}, [])
    assert "127.0.0.1:631" in sent[0]["body"] == figure.body
    assert figure.get_state()["body"] == str(Doors(recorded()).figure.stored().drawn())
    figure.looks += 1
    assert sent[1:] == [{"body": figure.body}]
