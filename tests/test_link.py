"""A figure's state in an address: written and read by page and library alike, and foreign until it is looked at."""

import json
import random
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

from netlearn.errors import NetlearnError
from netlearn.figures.common.bundle import with_imports
from netlearn.figures.common.link import LARGEST, LONGEST, read, written
from netlearn.network.bundled import forum
from netlearn.network.nodelink import to_data
from netlearn.network.parts import Link, Node
from netlearn.network.topology import Topology

Call = Callable[..., Any]  # of a function of the page, by its name, with its arguments

# Links as they were given to readers, with the state that each opens: never change one, add some for each new version.
STORED = [
    line.split(" ", 1)
    for line in (Path(__file__).parent / "data" / "links.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
FIRST = {"cut": [], "metrics": [], "flow": 1, "detect": "carrier", "lfa": False}


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Call]:
    """Calls a function of `link.js` with plain data; what it throws is told as `{"error": ...}`."""
    context = browser.new_context()
    blank = context.new_page()

    def call(name: str, *arguments: object) -> object:
        said = blank.evaluate(
            """async ([module, name, given]) => {
              const link = await import("data:text/javascript;charset=utf-8," + encodeURIComponent(module));
              try { return JSON.stringify((await link[name](...given.map((each) => JSON.parse(each)))) ?? null); }
              catch (reason) { return JSON.stringify({ error: reason.message }); }
            }""",
            [with_imports("common/link.js"), name, [json.dumps(argument) for argument in arguments]],
        )
        return json.loads(said)

    yield call
    context.close()


def packed(data: bytes) -> str:
    """What a link would be that holds these bytes."""
    deflate = zlib.compressobj(9, wbits=-15)
    return "1." + urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")


@pytest.mark.parametrize(("link", "state"), STORED)
def test_a_link_that_was_once_given_opens_for_ever(page: Call, link: str, state: str) -> None:
    assert read(link) == json.loads(state)
    assert page("read", link) == json.loads(state)


def test_there_are_stored_links_of_every_version_that_is_read() -> None:
    assert {link.split(".")[0] for link, _ in STORED} == {"1"}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1),
        st.booleans() | st.integers(0, 2**53 - 1) | st.text() | st.lists(st.text()) | st.lists(st.lists(st.text())),
        min_size=1,
        max_size=5,
    )
)
def test_what_is_written_is_read_again(state: Any) -> None:
    assert read(written(state)) == state


@pytest.mark.parametrize("seed", range(8))
def test_page_and_library_read_each_others_links(page: Call, seed: int) -> None:
    chance = random.Random(seed)
    names = ["R1–R2", "__proto__", "é<b>&", "\U0001f600", "constructor", 'a"b\\c', " ", "%3D"]
    state = {chance.choice(names): chance.choice([True, 3, "x", names, [["R1", "R2", 4]]]) for _ in range(4)}
    assert page("read", written(state)) == state
    address = page("written", "figure-c03", state)
    assert address.startswith("#figure-c03=1.")
    assert read(address.split("=", 1)[1]) == state
    assert page("inAddress", address) == {"id": "figure-c03", "text": address.split("=", 1)[1]}


def test_a_figure_as_it_was_at_first_is_named_and_no_more(page: Call) -> None:
    assert page("written", "figure-c03", {}) == "#figure-c03"
    assert page("inAddress", "#figure-c03") is None


DAMAGED = "This link is damaged: a part of it is missing, or was changed on its way."
HOSTILE = {
    "": DAMAGED,
    "1.": DAMAGED,
    "1": DAMAGED,
    "q1Y": DAMAGED,
    "1.<b>": DAMAGED,
    "1.====": DAMAGED,
    "1.AAAA": DAMAGED,
    written({"cut": ["R2-End"]})[:-4]: DAMAGED,
    written({"cut": ["R2-End"]}) + "AAAA": DAMAGED,
    packed(b"null"): DAMAGED,
    packed(b"[]"): DAMAGED,
    packed(b"7"): DAMAGED,
    packed(b'{"cut":'): DAMAGED,
    packed(b'{"cut":["\xff"]}'): DAMAGED,
    packed(b"[" * 50_000): DAMAGED,
    packed(b'{"cut":["' + b"x" * LARGEST + b'"]}'): DAMAGED,  # some hundred letters that would become very many
    "1." + "A" * LONGEST: f"This link is longer than {LONGEST} letters, and none of ours is.",
    "2.q1Y": "This link is of version 2, which this page does not know. Load the page again to renew it.",
    "0.q1Y": "This link is of version 0, which this page does not know. Load the page again to renew it.",
    "999.q1Y": "This link is of version 999, which this page does not know. Load the page again to renew it.",
    "9999.q1Y": DAMAGED,
}


@pytest.mark.parametrize(("link", "words"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_what_is_no_link_of_ours_is_refused_in_clear_words(page: Call, link: str, words: str) -> None:
    assert page("read", link) == {"error": words}
    with pytest.raises(NetlearnError):
        read(link)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"cut": ["R2-End"], "flow": 3, "lfa": True, "detect": "bfd"}, None),
        ({"metrics": [["R1-R2", "R1", 7]]}, None),
        ({"cut": "R2-End"}, "“cut” a value"),
        ({"cut": {"0": "R2-End"}}, "“cut” a value"),
        ({"cut": ["R2-End", 7]}, "“cut” a value"),
        ({"cut": [None]}, "“cut” a value"),
        ({"metrics": [["R1-R2", "R1", 1.5]]}, "“metrics” a value"),
        ({"metrics": [["R1-R2", ["R1"], 1]]}, "“metrics” a value"),
        ({"flow": -1}, "“flow” a value"),
        ({"flow": 1.5}, "“flow” a value"),
        ({"flow": "1"}, "“flow” a value"),
        ({"flow": 2**53}, "“flow” a value"),
        ({"flow": True}, "“flow” a value"),
        ({"flow": None}, "“flow” a value"),
        ({"lfa": 1}, "“lfa” a value"),
        ({"detect": ["bfd"]}, "“detect” a value"),
        ({"nothing": 1}, "nothing is called “nothing”"),
        ({"body": "<script>"}, "nothing is called “body”"),
        ({"view": {}}, "nothing is called “view”"),
        ({"topology": {}}, "nothing is called “topology”"),
        ({"toString": 1}, "nothing is called “toString”"),
        ({"constructor": {"prototype": {"cut": 1}}}, "nothing is called “constructor”"),
        ({"__proto__": {"cut": ["R2-End"]}}, "nothing is called “__proto__”"),
        ({"x" * 5_000: 1}, f"nothing is called “{'x' * 40}”"),
    ],
)
def test_a_state_that_is_none_of_the_figures_is_refused_with_what_is_wrong(
    page: Call, state: Any, words: str | None
) -> None:
    found = page("refusal", state, FIRST)
    assert found is None if words is None else found.startswith("This link ") and words in found


def test_a_name_of_an_objects_own_workings_changes_no_object(page: Call) -> None:
    link = packed(b'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')
    assert {*page("read", link)} == {"__proto__", "constructor"}
    assert read(link) == {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}


def test_the_nine_node_network_with_a_failure_fits_into_500_letters_and_one_of_50_nodes_into_4000() -> None:
    assert len(written({"topology": to_data(forum()), "cut": ["R2-End"], "source": "Source"})) < 500
    chance = random.Random(7)
    ends = sorted({tuple(sorted(chance.sample(range(50), 2))) for _ in range(120)})
    whole = Topology(
        tuple(Node(f"Router {number}") for number in range(50)),
        tuple(Link(f"Router {a}", f"Router {b}", chance.randint(1, 65_535)) for a, b in ends),
    )
    assert len(written({"topology": to_data(whole.addressed())})) < LONGEST / 2


def test_what_does_not_fit_is_not_cut_but_refused(page: Call) -> None:
    chance = random.Random(7)
    state = {"cut": [f"{chance.getrandbits(256):x}" for _ in range(200)]}
    with pytest.raises(NetlearnError, match="more in this figure than a link can hold"):
        written(state)
    assert page("written", "figure-c03", state) == {"error": "There is more in this figure than a link can hold."}
