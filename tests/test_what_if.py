"""What each failure would do, on the network: heat maps, and a figure that tells nothing before it was asked."""

from typing import Any

import pytest

from netlearn import CASE_3, Link, LinkDown, Node, NodeDown, Topology, forum, shortest_paths
from netlearn.drawing import placed
from netlearn.drawing.markup import keyed
from netlearn.drawing.palette import COLOURS, HEAT
from netlearn.errors import UnknownName
from netlearn.failures import sweep
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.pictures import heat_map
from netlearn.figures.sandbox.drawing import sheet
from netlearn.figures.sandbox.found import find as found_on
from netlearn.figures.sandbox.scene import Scene as Drawn
from netlearn.figures.sandbox.scene import rows_of
from netlearn.figures.what_if import WhatIf
from netlearn.figures.what_if.heat import heat_of
from netlearn.figures.what_if.scene import Done, Scene, find, words
from netlearn.figures.what_if.scene import claim as claim_of
from netlearn.figures.what_if.view import drawing
from netlearn.figures.what_if.words import claim, single, what_next
from netlearn.network import load

ASKED = Prediction("worry", "Which one?", {"R2–End": "It has a way round.", "Source–R1": "Yes."})
RING = Topology(map(Node, "ABCD"), [Link("A", "B"), Link("B", "C"), Link("C", "D"), Link("D", "A")])
TWICE = Link("A", "B"), Link("A", "B", name="second"), Link("B", "C"), Link("B", "C", name="third")
MESH = Topology(map(Node, "ABC"), TWICE)
FAILED = (), CASE_3, (NodeDown("R2"), LinkDown("R1-R3")), (LinkDown("R1-R2"), LinkDown("R3-R4"))


def test_what_does_more_is_thicker_and_what_must_not_fail_is_broken() -> None:
    heat = heat_of(single(sweep(forum())))
    worst = max(sweep(forum()).failures, key=lambda each: each.total)
    assert worst.failed == ("R2",)
    assert (heat["node", "R2"].step, heat["link", "R1-R2"].step, heat["link", "R2-R6"].step) == (4, 4, 1)
    assert {name for (_, name), each in heat.items() if each.splits} == {"Source-R1", "R1"}
    assert (heat["link", "Source-R1"].words, heat["link", "R1-R2"].words) == ("−16", "+16")
    assert heat["node", "End"].step == 0
    assert heat["node", "End"].words == ""


def test_a_lan_that_must_not_fail_says_so_beside_it_as_a_router_does() -> None:
    nodes = Node("A"), Node("B", "host"), Node("C", "host"), Node("net", "lan")
    star = Topology(nodes, [Link(name, "net", 1, 0) for name in "ABC"])
    asked, by_hand = Scene(star), Drawn(*rows_of(star), show="sweep")
    for picture in (drawing(asked, find(asked), live=True), sheet(by_hand, found_on(by_hand), live=True)):
        drawn = keyed(picture)
        assert drawn["note:net"]["class"] == "nl-note nl-stands nl-alarm nl-tells"
        assert drawn["note-text:net"]["text"] == "\u00a0−6\u00a0"
        below = float(drawn["note-text:net"]["y"] or 0) - float(drawn["name-text:net"]["y"] or 0)
        assert below == pytest.approx((20 + 26) / 2 + 2), "the one stands below the other"


def test_a_heat_map_says_in_words_what_it_shows() -> None:
    found = heat_map(sweep(forum(), pairs=True), "Look at R1.")
    assert found.title == "2 single points of failure; the worst is Source–R1"
    assert found.words.startswith(
        "The next failure leaves pairs without a way if it is Source–R1 (16) or R1 (14). The "
    )
    assert "More pairs" not in found.words
    assert "−14" in str(found.svg)
    assert "Look at R1." in found._repr_html_()


def test_what_most_go_by_is_told_from_what_makes_ways_longest() -> None:
    abilene = load("topozoo/Abilene")
    said = what_next(abilene, single(sweep(abilene)))
    assert "if Denver – Kansas City fails: 28 pairs have a longer way, by 3 at most and 48 together." in said
    assert said.endswith("More pairs go by Kansas City – Indianapolis: it would change the ways of 44.")


def test_in_a_large_network_only_what_must_not_fail_has_a_sign() -> None:
    drawn = str(heat_map(sweep(load("topozoo/Geant2012"))).svg)
    assert "−72" in drawn
    assert ">+" not in drawn


@pytest.mark.parametrize(
    ("network", "title", "words"),
    [
        (RING, "No single point of failure; the longest detours come from A–B", "Whatever fails next, no pair of the"),
        (Topology(map(Node, "AB"), [Link("A", "B")]), "A–B must not fail", "without a way if it is A–B (2)."),
        (Topology([Node("A")]), "Whatever fails next, nobody has a longer way", "no pair of the others loses its way."),
        (MESH, "B must not fail", "without a way if it is B (2)."),
        (Topology(), "Whatever fails next, nobody has a longer way", ""),
    ],
)
def test_a_network_without_detours_or_ways_or_nodes_is_said_to_be_one(
    network: Topology, title: str, words: str
) -> None:
    failures = single(sweep(network))
    assert claim(network, failures) == title
    assert words in what_next(network, failures)


@pytest.mark.parametrize("failures", FAILED)
def test_what_the_failures_did_is_what_is_found_anew(failures: tuple[LinkDown | NodeDown, ...]) -> None:
    cut = tuple(each.link for each in failures if isinstance(each, LinkDown))
    down = tuple(each.node for each in failures if isinstance(each, NodeDown))
    after = forum().without(*failures)
    up = [node.name for node in after.nodes]
    before = {node: shortest_paths(forum(), node) for node in up}
    now = {node: shortest_paths(after, node) for node in up}
    pairs = [(a, b) for a in up for b in up if a != b]
    lost = [pair for pair in pairs if pair[1] not in now[pair[0]].distance]
    longer = [(a, b) for a, b in pairs if (a, b) not in lost and now[a].distance[b] > before[a].distance[b]]
    done = find(Scene(forum(), cut, down)).done
    assert (done.pairs, done.lost, done.longer) == (len(pairs), len(lost), len(longer))
    assert done.changed >= done.lost + done.longer


def test_the_figure_says_what_was_done_and_what_to_worry_about_next() -> None:
    figure = WhatIf(forum(), cut=["R1-R2", "R3-R4"])
    assert find(figure.scene).done == Done(72, 0, 24, 36)
    assert figure.words().startswith(
        "Cut: R1–R2, R3–R4. Of the 72 pairs of nodes that are up, 24 have a longer way "
        "and 12 have fewer ways, as short as before."
    )
    assert "R5–R6 (40), R1–R5 (36), R6 (32) or 6 more." in figure.words()
    with pytest.raises(UnknownName, match="R9"):
        WhatIf(forum(), down=["R9"])


LINE = Topology(map(Node, "ABC"), [Link("A", "B"), Link("B", "C")])
SQUARE = Topology(map(Node, "ABCD"), [Link("A", "B"), Link("B", "C"), Link("C", "D"), Link("D", "A", 1, 2)])


NOBODY, CALM = "Nobody is cut off now.", "Whatever fails next, nobody has a longer way"
DID: tuple[tuple[Topology, dict[str, Any], str, str], ...] = (
    (
        LINE,
        {"cut": ("A-B",)},
        "4 pairs are cut off from each other now. Next to worry about: B–C, a single point of failure",
        "Of the 6 pairs of nodes that are up, 4 are cut off from each other.",
    ),
    (
        LINE,
        {"down": ("B",)},
        f"2 pairs are cut off from each other now. {CALM}",
        "Of the 2 pairs of nodes that are up, 2 are cut off from each other.",
    ),
    (
        LINE,
        {"down": ("C",)},
        f"{NOBODY} Next to worry about: A–B, a single point of failure",
        "Of the 2 pairs of nodes that are up, none has another way than before.",
    ),
    (LINE, {"down": ("A", "B")}, f"{NOBODY} {CALM}", "No two nodes are up any more."),
    (
        SQUARE,
        {"down": ("C",)},
        f"{NOBODY} Next to worry about: A–B, the worst of 3 single points of failure",
        "Of the 6 pairs of nodes that are up, 1 has a longer way and 1 has fewer ways, as short as before.",
    ),
)


@pytest.mark.parametrize(("network", "failed", "title", "did"), DID, ids=["cut", "split", "end", "all", "fewer"])
def test_what_is_lost_now_comes_before_what_may_fail_next_and_each_pair_counts_once(
    network: Topology, failed: dict[str, Any], title: str, did: str
) -> None:
    scene = Scene(network, **failed)
    assert claim_of(scene, find(scene)) == title
    assert f" {did} " in words(scene, find(scene))


def test_nothing_is_told_before_it_was_asked() -> None:
    figure = WhatIf(forum(), predict=ASKED)
    first, told = "".join(map(str, figure.still())), "".join(map(str, figure.told()))
    assert "Source–R1" not in first + figure.words()
    assert "Source–R1" in told
    assert WhatIf(forum()).told() == ()
    assert "Source–R1" in "".join(map(str, WhatIf(forum()).still()))


def test_a_page_has_every_single_failure_of_a_small_network() -> None:
    assert len(WhatIf(forum()).recorded) == 1 + 13 + 7


def test_nodes_are_put_in_other_places_by_name() -> None:
    moved = placed(forum(), {"R1": (1, 2)})
    assert (moved.node("R1").x, moved.node("R1").y) == (1, 2)
    assert moved.node("R2") == forum().node("R2")
    with pytest.raises(UnknownName):
        placed(forum(), {"R9": (0, 0)})


@pytest.mark.parametrize("form", ["light", "dark"])
def test_the_colour_of_a_worry_stands_out(form: str) -> None:
    from test_figure import contrast

    for ground in ("ground", "router", "host"):
        colours = getattr(HEAT["worry"], form), getattr(COLOURS[ground], form)
        assert contrast(*colours) >= 4.5, ground  # type: ignore[no-untyped-call]
