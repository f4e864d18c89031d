"""The anycast figure: whom everybody reaches, and what becomes of open connections when something changes."""

import json
import re
from dataclasses import replace
from fractions import Fraction
from ipaddress import ip_address
from random import Random

import pytest

from netlearn import NetlearnError, UnknownName, forum
from netlearn.convergence.timers import DETECTIONS
from netlearn.drawing.geometry import Box
from netlearn.drawing.markup import View, difference
from netlearn.drawing.palette import COLOURS, INSTANCES
from netlearn.figures.anycast import view as anycast_view
from netlearn.figures.anycast.drawing import AROUND, note, slice_of
from netlearn.figures.anycast.run import AnycastRun, of_connections, outcome, told
from netlearn.figures.anycast.scene import Scene, claim, connections_in_words, find, shared, words
from netlearn.figures.run.story import as_it_is
from netlearn.network.nodelink import to_data
from netlearn.widgets import Anycast, Prediction

ADDRESS = ip_address("203.0.113.1")


def given(at=("R4", "R7"), **changes):
    return Scene(forum(), "Source", ADDRESS, at, **changes)


def said(case):
    found = find(case)
    return claim(case, found), words(case, found)


def applied(first: View, *changes: View) -> View:
    """What a page shows that stood at `first` and was told the changes."""
    shown = {key: dict(names) for key, names in first.items()}
    for change in changes:
        for key, names in change.items():
            shown[key] |= names
    return {key: {name: value for name, value in names.items() if value is not None} for key, names in shown.items()}


# Whom everybody reaches


def test_r1_halves_r2_halves_its_half_so_equal_is_not_fair():
    title, twin = said(given())
    assert title == "What Source sends is divided: 75% to R4 and 25% to R7"
    assert "What R2 and End send is divided: 50% to R4 and 50% to R7." in twin
    assert "R4 gets all that R3 sends. R7 gets all that R5 and R6 send." in twin
    counted = re.search(r"Of 64 new connections from Source, (\d+) reach R4 and (\d+) reach R7\.", twin)
    assert sum(map(int, counted.groups())) == 64


def test_on_r4_and_r6_each_gets_half_of_what_source_sends():
    assert said(given(("R4", "R6")))[0] == "What Source sends is divided: 50% to R4 and 50% to R6"


def test_a_dead_service_goes_on_attracting_and_a_withdrawn_one_does_not():
    title, twin = said(given(sick=["R7"]))
    assert title == "R7 goes on attracting 6 nodes, to a service that is dead"
    assert "reach R7, where nobody serves." in twin
    title, twin = said(given(withdrawn=["R7"]))
    assert title == "R4 alone announces it, and everybody goes there"
    assert "R7 has the address and does not announce it." in twin


def test_an_instance_may_come_and_a_metric_may_decide():
    assert said(given(added=["R2"]))[1].startswith("R2 gets all that Source and R1 send.")
    decided = said(given(metrics=[("R2-R7", "R2", 2)]))[1]
    assert "R4 gets all that Source, R1, R2 and R3 send." in decided
    assert "Changed metric: R2 to R7 2." in decided
    assert "All 64 new connections from Source reach R4." in decided


def test_where_nothing_is_left_it_says_so():
    assert said(given(()))[0] == "Nobody announces 203.0.113.1, so nobody reaches it"
    assert said(given(down=["R4", "R7"]))[0] == "Nobody announces 203.0.113.1, so nobody reaches it"
    title, twin = said(given(cut=["Source-R1"]))
    assert title == "Source reaches no instance any more"
    assert "All 64 new connections from Source reach nobody." in twin


def test_a_note_names_one_instance_or_says_how_flows_are_divided():
    half = Fraction(1, 2)
    assert note("R1", [("R4", Fraction(1))], {}) == "to R4"
    assert note("R4", [("R4", Fraction(1))], {"R4": "serving"}) == "here"
    assert note("R4", [("R4", Fraction(1))], {"R4": "sick"}) == "no service"
    assert note("R1", [("R4", Fraction(3, 4)), ("R7", Fraction(1, 4))], {}) == "R4 3:1 R7"
    assert note("R1", [("R4", half), ("", half)], {}) == "50% lost"
    assert shared([("R4", half), ("", half)]) == "50% to R4 and 50% to nobody"


def test_the_ring_of_a_node_is_divided_as_its_flows_are():
    """The slices of one ring meet where the first one's part ends, and reach from edge to edge."""
    box = Box(100, 50, 52, 52)

    def wide(data):
        numbers = [float(x) for x in re.findall(r"(?<=[MLA ])(-?[\d.]+) -?[\d.]+(?=[LAZ])", data)]
        return min(numbers), max(numbers)

    far = 26 + AROUND
    assert wide(slice_of(box, 0, 0.75)) == pytest.approx((100 - far, 100 + far / 2))
    assert wide(slice_of(box, 0.75, 1)) == pytest.approx((100 + far / 2, 100 + far))


def test_what_cannot_be_is_named():
    with pytest.raises(UnknownName, match="R9"):
        Anycast(at=["R9"])
    with pytest.raises(NetlearnError, match="End is a host; the address stands on routers"):
        Anycast(at=["End"])
    with pytest.raises(NetlearnError, match="not an IP address"):
        Anycast(address="nowhere")
    figure = Anycast()
    with pytest.raises(NetlearnError, match="carrier, hello or bfd"):
        figure.detect = "luck"
    assert figure.detect == "carrier"


# In time


def test_cutting_r2_r4_resets_connections_though_both_instances_are_alive():
    story = AnycastRun(given(cut=["R2-R4"]))
    assert re.fullmatch(r"Of 64 open connections \d+ are reset by an instance that does not know them", outcome(story))
    assert sum(len(group.flows) for group in story.groups) == 64
    lives = [told(group) for group in story.groups]
    assert any(re.fullmatch(r"\d+ connections to R4: no answer for \d+ ms, then reset by R7", life) for life in lives)
    assert any(re.fullmatch(r"\d+ connections to R7: nothing happens", life) for life in lives)


def test_a_dead_service_changes_no_table_and_breaks_its_connections():
    story = AnycastRun(given(sick=["R7"]))
    assert not story.trace.tables
    assert re.fullmatch(r"Of 64 open connections \d+ meet a service that is dead", outcome(story))
    assert story.moments[1].told[0].words.startswith("The service on R7 dies. R7 has the address still")
    end_us = story.moments[-1].time_us
    assert dict(story.catchments(end_us).of("R6")) == {"R7": 1}  # attracted all the same


def test_a_withdrawal_a_silent_cut_and_a_new_instance_are_told_in_their_order():
    withdrawn = [each.words for moment in AnycastRun(given(withdrawn=["R7"])).moments for each in moment.told]
    order = ["The address is taken from R7", "R7 tells its neighbours that", "R6 now hands", "point at each other"]
    assert [any(word.startswith(part) or part in word for word in withdrawn) for part in order] == [True] * 4
    silent = AnycastRun(given(cut=["R1-R3"], detect="hello"))
    assert "are interrupted but go on" in outcome(silent)
    assert silent.trace.converged_us > 30_000_000
    assert "are reset" in outcome(AnycastRun(given(added=["R6"])))
    assert outcome(AnycastRun(given())) == "Nothing changes, and nothing breaks"


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"kept": 64}, "All 64 connections go on as if nothing had happened"),
        ({"unopened": 64}, "None of 64 connections could be opened"),
        ({"stalled": 64}, "All 64 open connections get no answer any more"),
        ({"kept": 63, "stalled": 1}, "Of 64 open connections 1 gets no answer any more"),
        ({"kept": 63, "reset": 1}, "Of 64 open connections 1 is reset by an instance that does not know it"),
        ({"kept": 63, "dead": 1}, "Of 64 open connections 1 meets a service that is dead"),
        (
            {"kept": 1, "interrupted": 1, "stalled": 62},
            "Of 64 open connections 62 get no answer any more and 1 is interrupted but goes on",
        ),
        ({"kept": 62, "unopened": 2}, "Of 64 connections 2 could not be opened"),
    ],
)
def test_the_outcome_of_a_run_is_said_of_none_of_one_and_of_many(counts, said):
    assert of_connections(counts) == said


def test_before_a_run_without_holders_nobody_is_reached_and_nothing_could_be_opened():
    story = AnycastRun(given((), added=["R6"]))
    assert (
        story.moments[0].told[0].words == "Before anything fails, all 64 connections are dropped for want of a route."
    )
    assert outcome(story) == "None of 64 connections could be opened"
    assert told(story.groups[0]) == "64 connections: could not be opened"


@pytest.mark.parametrize(
    ("would", "now"),
    [
        ("all 64 connections would be lost where a link is dead", "all 64 connections are lost where a link is dead"),
        ("1 connection would reach R4 and 63 would reach R7", "1 connection reaches R4 and 63 reach R7"),
        ("61 flows would arrive, 1 would be lost and 1 would go", "61 flows arrive, 1 is lost and 1 goes"),
        ("1 flow would arrive", "1 flow arrives"),
    ],
)
def test_what_would_become_of_connections_is_said_of_the_present(would, now):
    assert as_it_is(would) == now


def test_until_a_run_has_ended_neither_title_nor_lines_say_what_becomes_of_connections():
    run = anycast_view.show(given(cut=["R2-R4"], time=True))
    first = run["parts"]
    assert first["title"]["text"] == "64 connections are open: what becomes of them?"
    assert {first[f"fate:{place}"]["text"] for place in range(8)} == {""}
    assert not any("title" in frame or "fate:0" in frame for frame in run["frames"][:-1])
    last = run["frames"][-1]
    assert last["title"]["text"].startswith("Of 64 open connections ")
    assert last["fate:0"]["text"] == "34 connections to R4 (flow 3 is one): nothing happens."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"at": ["R4"], "sick": ["R4"], "down": ["R1", "R2", "R3"], "cut": ["R4-End"]},
            "The service on R4 is dead, and",
        ),
        ({"at": ["R4"], "down": ["R1", "R2", "R3", "R5", "R6", "R7"], "cut": ["R4-End"]}, "Source and End reach no"),
        ({"sick": ["R4", "R7"]}, "R4 and R7 go on attracting"),
        ({"sick": ["R7"]}, "R7 goes on attracting 6 nodes, to"),
    ],
)
def test_a_title_speaks_of_none_of_one_and_of_many(changes, said):
    assert said_of(changes).startswith(said)


def said_of(changes):
    return said(Scene(forum(), "Source", ADDRESS, changes.pop("at", ("R4", "R7")), **changes))[0]


def test_all_one_and_none_of_the_new_connections_are_counted():
    found = find(given())
    cases: tuple[tuple[dict[str | None, int], str], ...] = (
        ({"R4": 64}, "All 64 new connections from Source reach R4."),
        ({None: 64}, "All 64 new connections from Source reach nobody."),
        ({"R4": 63, "R7": 1}, "Of 64 new connections from Source, 63 reach R4 and 1 reaches R7."),
        (
            {"R4": 62, "R7": 1, None: 1},
            "Of 64 new connections from Source, 62 reach R4, 1 reaches R7 and 1 reaches nobody.",
        ),
    )
    for counted, sentence in cases:
        assert connections_in_words(given(), replace(found, connections=counted)) == sentence
    router = Scene(forum(), "R5", ADDRESS, ("R4",), down=("R5",))
    assert "R5 is down, and opens no connection." in said(router)[1]


def test_a_node_whose_flows_all_reach_one_instance_is_heard_with_it():
    view = anycast_view.show(given())["parts"]
    assert view["node:R3"]["aria-label"] == "router R3, sends all to R4"
    assert view["node:R4"]["aria-label"] == "router R4, has the address, sends all to R4"


def any_change(seed):
    """Some failures, dead services, withdrawals and new instances, the same for the same seed."""
    dice = Random(seed)
    routers, links = forum().routers, [link.name for link in forum().links]
    changes = {name: sorted(dice.sample(routers, dice.choice([0, 0, 1, 2]))) for name in ("added", "sick", "withdrawn")}
    changes |= {"at": sorted(dice.sample(routers, 2)), "down": sorted(dice.sample(routers, dice.choice([0, 0, 1])))}
    return changes | {"cut": sorted(dice.sample(links, dice.choice([0, 1, 2]))), "detect": dice.choice(DETECTIONS)}


@pytest.mark.parametrize(
    "changes", [{"cut": ["R2-R4"]}, {"withdrawn": ["R7"], "added": ["R6"]}, *(any_change(seed) for seed in range(6))]
)
def test_a_run_ends_where_the_answer_at_once_stands(changes):
    """Two computations: SPF on what is left of the network, and tables that changed one by one."""
    given = {
        "topology": to_data(forum()),
        "source": "Source",
        "address": str(ADDRESS),
        "added": [],
        "cut": [],
        "down": [],
    }
    given |= {"at": ["R4", "R7"], "sick": [], "withdrawn": [], "metrics": [], "detect": "carrier", **changes}
    run = anycast_view.view(**given, time=True)
    at_once = anycast_view.view(**given, time=False)["parts"]
    end = applied(run["parts"], *run["frames"])
    checked = [
        key for key in at_once if key.startswith(("part:", "note-text:")) and key.split(":")[1] not in given["down"]
    ]
    assert checked
    assert {key: end[key] for key in checked} == {key: at_once[key] for key in checked}


def test_every_recorded_state_is_what_the_function_computes():
    figure = Anycast(predict=Prediction("test", "How many?", {"14": "Yes."}, cut=("R2-R4",)))
    data = json.loads(re.search(r'<script type="application/json">(.*)</script>', figure.html(), re.DOTALL)[1])
    first = anycast_view.view(**data["state"])["parts"]
    assert len(data["recorded"]) == 1 + 13 + 7 + 7 + 2 * 4 + 2 + 1
    for key in list(data["recorded"])[::7]:
        state = {**data["state"], **dict(zip(data["varies"], json.loads(key), strict=True))}
        now = anycast_view.view(**state)
        assert data["recorded"][key] == json.loads(json.dumps({**now, "parts": difference(first, now["parts"])}))


def test_without_javascript_there_is_a_picture_and_every_word_of_it():
    still = Anycast(sick=["R7"], caption="Look.").html().split("<script", 1)[0]
    assert "<svg" not in still
    assert "The service on R7 is dead, and R7 announces the address all the same." in still
    assert still.count("<tr") == 1 + 9


@pytest.mark.parametrize("form", ["light", "dark"])
def test_the_colours_of_instances_carry_text_and_stand_out(form):
    from test_figure import contrast

    ground = getattr(COLOURS["ground"], form)
    for name, colour in INSTANCES.items():
        assert contrast(getattr(colour, form), ground) >= 4.5, name
