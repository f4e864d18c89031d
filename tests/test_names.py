"""Names are data: whatever nodes and links are called, a figure has the parts that it should have, each by its key."""

import ast
import json
import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hostile import FIGURES, LONG, NODES, hostile
from hypothesis import given
from hypothesis import strategies as st

import netlearn
from netlearn import Link, Node, Topology
from netlearn.drawing.markup import element, key_of, keyed
from netlearn.drawing.still import picture, standalone
from netlearn.widgets import Explorer, Player

LIBRARY = Path(netlearn.__file__).parent
PLAIN = ["R1", "R1-R2", "End", "10", "wait", "Zürich", "東京"]


class Parts(HTMLParser):
    """The keyed parts of markup as a browser would find them: each key with its attributes, in order."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        key = attributes.pop("data-key", None)
        if key is not None:
            self.found.append((key, attributes))


@pytest.fixture(scope="module", params=FIGURES)
def name(request):
    return request.param


@pytest.fixture(scope="module")
def figure(name):
    return FIGURES[name]()


@pytest.fixture(scope="module")
def html(name, hostile_html):
    """The figure for a page."""
    return hostile_html(name)


def live(html):
    """What the figure's HTML carries for a page that makes it live."""
    return json.loads(re.search(r'<script type="application/json">(.*)</script>', html, re.DOTALL)[1])


# One function makes keys


def test_two_different_lists_of_parts_have_different_keys_also_where_parts_hold_colons():
    assert key_of("link", "R1-R2") == "link:R1-R2"
    assert len({key_of("a", "b:c"), key_of("a:b", "c"), key_of("a", "b", "c"), key_of("a", "b%3Ac")}) == 4


@given(*[st.lists(st.sampled_from([*PLAIN, ":", "%", "%3A", " ", "a:b", "a b", ""]) | st.text(), min_size=1)] * 2)
def test_a_key_is_of_one_list_of_parts_only(one, other):
    assert (key_of(*one) == key_of(*other)) == (one == other)
    assert (key_of(*one, by=" ") == key_of(*other, by=" ")) == (one == other)


@given(st.lists(st.sampled_from(PLAIN), min_size=1))
def test_plain_names_stand_in_a_key_as_they_are(parts):
    assert key_of(*parts) == ":".join(parts)
    assert key_of(*parts, by=" ") == " ".join(parts)


def test_a_fixed_key_is_one_word_so_no_name_can_reach_it():
    assert keyed(element("p", key="title")) == {"title": {"text": ""}}
    assert keyed(element("p", key=("belief", "a:b", 1))) == {"belief:a%3Ab:1": {"text": ""}}
    with pytest.raises(AssertionError, match="a key of several parts is given as a tuple"):
        element("p", key="belief:R1")


@pytest.mark.parametrize("file", sorted(LIBRARY.rglob("*.py")), ids=lambda file: file.stem)
def test_no_key_is_joined_by_hand(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("key", "data_lsa", "data_ends"):
            assert not isinstance(node.value, ast.JoinedStr | ast.BinOp), f"{file.name}:{node.value.lineno}"


# Every figure


def test_a_figure_has_its_parts_and_no_others(figure):
    drawn = keyed(figure.figure.drawn())
    found = Parts(figure.body).found
    assert [key for key, _ in found] == [*drawn]
    for key, attributes in found:
        asked = {name: value for name, value in drawn[key].items() if name != "text"}
        assert {name: value or "" for name, value in attributes.items() if name != "tabindex"} == asked


def test_a_figure_on_a_page_is_one_figure_with_one_script(html):
    assert (html.count("<figure"), html.count("</figure>"), html.count("</script>")) == (1, 1, 1)
    assert not re.search(r"<b>|[^=]\"B\"[ >]", html.split("<script", 1)[0])


def test_every_state_has_the_same_parts(figure, html):
    data = live(html)
    module, name = data["function"].split(":")
    function = getattr(import_module(module), name)
    drawn = figure.figure.drawn()
    keys = keyed(drawn).keys()
    for key in [*data["recorded"]][::23]:
        state = {**data["state"], **dict(zip(data["varies"], json.loads(key), strict=True))}
        view = function(**state)
        if "pieces" in view:  # what the reader draws changes parts themselves, each in a piece that stays
            assert sorted(view["pieces"]) == sorted(re.findall(r'data-piece="(\w+)"', str(drawn)))
            continue
        assert view.get("parts", view).keys() == keys
        for frame in view.get("frames", []):
            assert frame.keys() <= keys
        for told in view.get("beliefs", {}).values():
            assert {part for _, now in told for part in now} <= keys


def test_a_figure_says_in_words_what_it_shows(figure):
    assert repr(figure).startswith(f"<{type(figure).__name__}: ")


# Single faults


@pytest.mark.parametrize("name", ["state", "title"])
def test_a_router_may_be_called_like_a_part_of_the_panel(name):
    Player(Topology((Node(name), Node("B")), (Link(name, "B"),)).addressed(), name, "B")


def test_a_link_may_be_called_like_another_one_and_its_end():
    nodes = tuple(map(Node, ("x:y", "y", "B")))
    Explorer(Topology(nodes, (Link("x:y", "B", 1, 1, "L"), Link("y", "B", 1, 1, "L:x"))), "y", "B")


def test_a_picture_shows_names_as_they_are_and_has_no_keys():
    drawn = standalone(picture(hostile()).svg)
    root = ElementTree.fromstring(drawn)
    texts = {part.text for part in root.iter("{http://www.w3.org/2000/svg}text")}
    assert {*NODES} - {LONG} <= texts
    assert not any("data-key" in part.attrib for part in root.iter())


def test_a_picture_carries_no_sheet_for_a_name():
    plain, named = (
        standalone(picture(Topology(tuple(map(Node, names)))).svg) for names in (("A", "B"), ("nl-signs", "nl-port"))
    )
    assert len(ElementTree.fromstring(plain)[0].text) == len(ElementTree.fromstring(named)[0].text)


def test_a_long_name_is_shortened_in_the_drawing_and_whole_in_what_is_said_of_it():
    root = ElementTree.fromstring(standalone(picture(hostile()).svg))
    texts = [part.text or "" for part in root.iter("{http://www.w3.org/2000/svg}text")]
    assert max(map(len, texts)) <= 18
    assert LONG in [part.text for part in root.iter("{http://www.w3.org/2000/svg}title")]
    width = float(root.attrib["viewBox"].split()[2])
    for shape in root.iter("{http://www.w3.org/2000/svg}rect"):
        if shape.attrib.get("class") == "nl-shape":
            left = float(shape.attrib["x"])
            assert 0 <= left <= left + float(shape.attrib["width"]) <= width
