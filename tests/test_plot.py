"""matplotlib's pictures, held by the data that they draw."""

import re

import pytest

from netlearn import CASE_1, NetlearnError, UnknownName, forum
from netlearn import plot as plotting
from netlearn.figure.palette import COLOURS


def test_the_network_picture_shows_every_metric_the_cut_and_the_paths():
    picture = plotting.network(forum().with_metric("R1-R3", "R1", 7), "Source", "End", cut=["R2-End"], down=["R5"])
    axes = picture.figure.axes[0]
    texts = [text.get_text() for text in axes.texts]
    assert sorted(texts) == sorted(["1"] * 12 + ["7"] + [node.name for node in forum().nodes])
    crosses = [line for line in axes.lines if line.get_marker() == "x"]
    assert len(crosses) == 2, "one on the cut link, one on the router that is down"
    bands = [line for line in axes.lines if line.get_alpha() == 0.25]
    assert len(bands) == 6, "Source-R1, R1-R2, then half over R4 and half over R7"
    assert {round(line.get_linewidth(), 2) for line in bands} == {14, 9}
    assert picture.words.startswith("2 equally short paths, metric 4: ")
    assert "Cut: R2–End. Down: R5." in picture.words


def test_the_bars_are_the_flows_that_went_each_way():
    picture = plotting.flows(forum().without(*CASE_1), "Source", "End", 64)
    widths = [bar.get_width() for bar in picture.figure.axes[0].patches]
    assert sum(widths) == 64
    assert len(widths) == 3
    assert all(width > 0 for width in widths)
    assert [int(number) for number in re.findall(r"(\d+) go", picture.words)] == widths


def test_one_seed_in_all_routers_polarises():
    picture = plotting.flows(forum(), "Source", "End", 64, cut=["R2-End"], seed=lambda _router: "the same")
    assert 0 in [bar.get_width() for bar in picture.figure.axes[0].patches]


def test_the_colours_follow_the_page():
    svg = plotting.network(forum(), "Source", "End").svg()
    assert "var(--nl-path)" in svg
    assert COLOURS["path"].light not in svg.split("</style>", 1)[1]
    assert "prefers-color-scheme:dark" in svg


def test_the_same_picture_is_the_same_text():
    first, second = (plotting.flows(forum(), "Source", "End", 8).svg() for _ in range(2))
    assert first == second


def test_a_picture_has_its_words_as_alternative_text():
    picture = plotting.network(forum(), "Source", "End")
    assert f'alt="{picture.words}"' in picture._repr_html_()


def test_what_cannot_be_drawn_is_named():
    with pytest.raises(UnknownName, match="R9"):
        plotting.network(forum(), "Source", "R9")
    with pytest.raises(NetlearnError, match="1 or more"):
        plotting.flows(forum(), "Source", "End", 0)
