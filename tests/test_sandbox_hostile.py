"""Whatever a link, a file or a page says of the sandbox: it is shown, never as markup, or one line says what is wrong.

`NETLEARN_HOSTILE` says how many inputs of each kind are drawn; a number is enough to see one again.
"""

import json
import os
import zlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from random import Random
from typing import Any

import hostile_inputs as hostile
import pytest

from netlearn.errors import NetlearnError
from netlearn.figures.common.link import LONGEST, read, written
from netlearn.figures.sandbox.exercises import EXERCISES, judge
from netlearn.figures.sandbox.opening import PRESETS
from netlearn.figures.sandbox.scene import SHOWS, Scene, rows_of
from netlearn.figures.sandbox.view import view
from netlearn.network import from_data

MANY = int(os.environ.get("NETLEARN_HOSTILE", "80"))
MUCH = (b"[" * 99_000, b"9" * 5_000, b'{"cut":' * 9_000, b" " * 2_000_000, b"")
ASKS = ["", "", "", "check", "save", *PRESETS, *(f"exercise:{each.name}" for each in EXERCISES)]


class Tags(HTMLParser):
    """The tags and the attributes in a text of HTML."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {f"<{tag}>", *(name for name, _ in attrs)}

    def handle_comment(self, data: str) -> None:
        self.found.add("<!-- -->")

    def handle_decl(self, decl: str) -> None:
        self.found.add("<!>")

    def handle_pi(self, data: str) -> None:
        self.found.add("<?>")


def markup(shown: dict[str, Any]) -> set[str]:
    """The tags and attributes of all that a page puts in as HTML."""
    return Tags("".join(shown.get("pieces", {}).values())).found


def drawn(random: Random) -> dict[str, Any]:
    """A state that can be, with names that trip whoever does not escape them."""
    names = list({hostile.good_name(random) for _ in range(random.randrange(9))})
    nodes = [[name, random.choice(["router"] * 4 + ["host", "lan"]), *_place(random)] for name in names]
    kinds = {name: kind for name, kind, _, _ in nodes}
    links = []
    for number in range(random.randrange(2 * len(names) + 1) if len(names) > 1 else 0):
        a, b = random.sample(names, 2)
        if {kinds[a], kinds[b]} != {"lan"}:
            metrics = (0 if kinds[end] == "lan" else random.randrange(1, 65_536) for end in (a, b))
            name = f"{a}-{b}" if random.random() < 0.5 else f"{hostile.good_name(random)}{number}"
            links.append([name, a, b, *metrics])
    routers = [name for name in names if kinds[name] == "router"]
    return {
        "nodes": nodes,
        "links": links,
        "cut": [link[0] for link in links if random.random() < 0.2],
        "down": [name for name in names if random.random() < 0.1],
        "source": random.choice(["", *(name for name in names if kinds[name] != "lan")]),
        "destination": random.choice(["", *(name for name in names if kinds[name] != "lan")]),
        "anycast": [name for name in routers if random.random() < 0.3],
        "show": random.choice([*SHOWS]),
        "exercise": random.choice(["", "", *(each.name for each in EXERCISES)]),
        "asks": random.choice(ASKS),
    }


def _place(random: Random) -> tuple[int, int]:
    return random.randrange(801), random.randrange(801)


def state(number: int) -> dict[str, Any]:
    """A state that may be one, mostly spoilt at a place or two."""
    random = Random(number)
    whole = drawn(random) if random.random() < 0.8 else Scene().chosen() | {"asks": random.choice(ASKS)}
    given: dict[str, Any] = json.loads(json.dumps(whole))
    for _ in range(random.randrange(3)):
        hostile.spoilt(random, given)
    return given


def harmless(complaint: Exception) -> None:
    text = str(complaint)
    assert text
    assert text.isprintable()


@pytest.fixture(scope="module")
def known() -> set[str]:
    """Tags and attributes of networks whose names are harmless."""
    long = [[name.ljust(30, "x"), *more] for name, *more in Scene().nodes]
    shapes = [view(**Scene().changed({"nodes": long, "links": (), "show": show}).plain()) for show in SHOWS]
    shapes += [view(**Scene(show=show).plain()) for show in SHOWS]
    for number in range(25):
        given = drawn(Random(number))
        names = {name: f"N{place}".ljust(min(30, len(name)), "x") for place, (name, *_) in enumerate(given["nodes"])}
        links = {name: f"L{place}" for place, (name, *_) in enumerate(given["links"])}
        given |= {
            "nodes": [[names[name], *more] for name, *more in given["nodes"]],
            "links": [[links[name], names[a], names[b], *more] for name, a, b, *more in given["links"]],
            "cut": [links[name] for name in given["cut"]],
            **{field: [names[name] for name in given[field]] for field in ("down", "anycast")},
            **{field: names.get(given[field], "") for field in ("source", "destination")},
            "asks": "",
        }
        with suppress(NetlearnError):
            shapes.append(view(**given))
    return set().union(*map(markup, shapes))


def test_a_state_is_shown_without_any_markup_of_its_own_or_refused_in_one_line(known: set[str]) -> None:
    shown = 0
    for number in range(MANY):
        try:
            answer = view(**Scene().changed(state(number)).plain())
        except NetlearnError as complaint:
            harmless(complaint)
            continue
        assert markup(answer) <= known, number
        json.dumps(answer)
        if opened := answer.get("opened"):
            assert markup(view(**Scene(**opened).plain())) <= known, number
        shown += 1
    assert shown > MANY / 5, "so many that something was tried"


def links() -> Iterator[str]:
    """What may stand behind a figure's name in an address."""
    for number in range(MANY):
        random = Random(number)
        text = packed(json.dumps(state(number)).encode())
        match random.randrange(6):
            case 0:
                yield text
            case 1:
                yield hostile.garbled(random, text)
            case 2:
                yield text[: random.randrange(len(text))]
            case 3:
                yield f"1.{hostile.name(random)}"
            case 4:
                yield packed(json.dumps(hostile.value(random)).encode())
            case _:
                yield packed(random.choice(MUCH) or random.randbytes(99))


def packed(data: bytes) -> str:
    deflate = zlib.compressobj(9, wbits=-15)
    return "1." + urlsafe_b64encode(deflate.compress(data) + deflate.flush()).decode().rstrip("=")


def test_a_link_opens_the_figure_without_any_markup_of_its_own_or_is_refused_in_one_line(known: set[str]) -> None:
    for text in links():
        try:
            answer = view(**Scene().changed(read(text)).plain())
        except NetlearnError as complaint:
            harmless(complaint)
            continue
        assert markup(answer) <= known, text


def test_a_state_that_fits_is_the_same_behind_a_link() -> None:
    for number in range(MANY):
        given = drawn(Random(number)) | {"asks": ""}
        with suppress(NetlearnError):
            scene = Scene(**given)
            text = written(scene.chosen())
            assert len(text) <= LONGEST
            assert Scene().changed(read(text)) == scene, number


def test_a_file_is_opened_as_a_network_that_the_sheet_holds_or_refused_in_one_line() -> None:
    for number in range(MANY):
        random = Random(number)
        file = hostile.graphml_file if random.random() < 0.3 else hostile.json_file
        text = file(random).decode(errors="replace")
        if random.random() < 0.3:
            text = '{"tag":' + json.dumps(hostile.value(random)) + random.choice(["}", "", ', "children": [7]}'])
        try:
            opened = view(**Scene(asks=text).plain()).get("opened")
        except NetlearnError as complaint:
            harmless(complaint)
            continue
        if opened:
            assert Scene().changed(opened).chosen() == Scene(**opened).chosen()


def test_a_verdict_is_given_on_any_network_that_there_is() -> None:
    for number in range(MANY):
        random = Random(number)
        with suppress(NetlearnError):
            topology = from_data(hostile.network(random))
            rows_of(topology)
            for exercise in EXERCISES:
                assert judge(exercise, topology).right is False
