"""A run told in sentences: what they say does not depend on how nodes and links are called."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from netlearn import (
    CASE_1,
    CASE_2,
    CASE_3,
    Link,
    LinkDown,
    Maintenance,
    Node,
    NodeDown,
    Timers,
    Topology,
    forum,
    simulate,
)
from netlearn.convergence.event import At, Change, LinkUp, NodeUp
from netlearn.drawing.markup import element, keyed
from netlearn.figures.run.lanes import lanes
from netlearn.figures.run.moving import over
from netlearn.figures.run.outage import in_words, outage
from netlearn.figures.run.story import Story, fared
from netlearn.units import MS, SECOND

# Each name holds something that a sentence is made of, and they sort as the forum network's own do.
RENAMED = {
    "End": "End of LSA 2 of R1, adjacent to nobody",
    "R1": "R1 of Man",
    "R2": "R2, DC",
    "R3": "R3 over there: it is gone",
    "R4": "R4 is cut",
    "R5": "R5: says: ",
    "R6": "R6 works again",
    "R7": "R7 and R6, by now",
    "Source": "Source of the Nile",
}


def renamed(topology):
    """The same network under other names; a link is called as its ends are."""
    nodes = tuple(Node(RENAMED[node.name], node.kind, node.address, node.x, node.y) for node in topology.nodes)
    links = tuple(Link(RENAMED[link.a], RENAMED[link.b]) for link in topology.links)
    return Topology(nodes, links)


def in_other_words(words):
    apart = words.replace("–", " – ")  # the ends of a link, since each name has a gap
    return re.sub(r"\b(R[1-7]|End|Source)\b", lambda name: RENAMED[name[0]], apart)


def changed(at):
    """The same change of the renamed network."""
    match at.change:
        case LinkDown(link) | LinkUp(link):
            a, _, b = link.partition("-")
            change: Change = type(at.change)(f"{RENAMED[a]}-{RENAMED[b]}")
        case NodeDown(node) | NodeUp(node) | Maintenance(node):
            change = type(at.change)(RENAMED[node])
    return At(at.time_us, change)


def told(topology, changes, source, destination):
    """What is told of a run, but for the flows: which way each goes depends on names, as its hash does."""
    story = Story(simulate(topology, changes), source, destination)
    return [
        (moment.time_us, told.kind, told.words)
        for moment in story.moments
        for told in moment.told
        if told.kind != "flows"
    ]


@pytest.mark.parametrize(
    "changes",
    [
        *([At(0, failure) for failure in case] for case in (CASE_1, CASE_2, CASE_3)),
        [At(0, Maintenance("R2")), At(1_000_000, NodeDown("R2")), At(9_000_000, NodeUp("R2"))],
        [At(0, LinkDown("R2-End")), At(0, LinkDown("R4-End")), At(7_000_000, LinkUp("R2-End"))],
    ],
    ids=["case 1", "case 2", "case 3", "maintenance", "mended"],
)
def test_other_names_change_no_sentence_but_in_the_names(changes):
    plain = told(forum(), changes, "Source", "End")
    other = told(renamed(forum()), [changed(at) for at in changes], RENAMED["Source"], RENAMED["End"])
    assert other == [(time_us, kind, in_other_words(words)) for time_us, kind, words in plain]


def test_a_name_with_a_comma_or_an_of_is_told_whole():
    names = ("Washington, DC", "Isle of Man", "the one over there")
    ring = Topology(
        tuple(map(Node, names)), tuple(Link(a, b) for a, b in zip(names, names[1:] + names[:1], strict=True))
    )
    story = Story(simulate(ring.addressed(), [LinkDown("Isle of Man-the one over there")]), names[0], names[1])
    said = [told.words for moment in story.moments for told in moment.told]
    assert "Isle of Man notices: the one over there is out of reach (the carrier is gone)." in said
    assert "Isle of Man tells its neighbours: now I reach Washington, DC." in said
    assert "The news of Isle of Man arrives at Washington, DC." in said


def without_examples(file: Path) -> str:
    return re.sub(r">>> .*", "", file.read_text(encoding="utf-8"))


def test_the_words_of_an_event_are_shown_and_never_read_back():
    """Only what shows a list of events takes its words; whoever wants to know something asks the value."""
    root = Path(__file__).resolve().parent.parent
    files = [*root.glob("netlearn/**/*.py"), *root.glob("book/*.ipynb")]
    assert [file.name for file in files if ".detail" in without_examples(file)] == ["trace.py"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ([("would arrive", 64)], "all 64 flows would arrive"),
        ([("would arrive", 1), ("would be lost", 63)], "1 flow would arrive and 63 would be lost"),
        ([("would arrive", 30), ("would be lost", 34)], "30 flows would arrive and 34 would be lost"),
    ],
)
def test_how_flows_fare_is_said_right_for_all_many_and_one(counts, said):
    assert fared(counts) == said


def test_before_anything_fails_without_a_route_flows_are_dropped():
    alone = Topology([Node("A", "host"), Node("B"), Node("C", "host")], [Link("A", "B")])
    (first, *_) = Story(simulate(alone.addressed(), []), "A", "C").moments
    assert first.told[0].words == "Before anything fails, all 64 flows are dropped for want of a route."


def test_before_a_long_wait_it_is_said_that_no_table_changes_and_then_who_on_a_lan_was_missed():
    nodes = [Node("Home", "host"), *map(Node, ("R1", "R2", "R3")), Node("Switch", "lan"), Node("Server", "host")]
    cables = [Link("Home", "R1"), *(Link(each, "Switch", 1, 0) for each in ("R1", "R2", "R3"))]
    network = Topology(nodes, [*cables, Link("R2", "Server"), Link("R3", "Server")]).addressed()
    story = Story(simulate(network, [LinkDown("R2-Switch")]), "Home", "Server")
    before, after = [moment for moment in story.moments if moment.time_us >= story.trace.converged_us][:2]
    assert before.time_us == story.trace.converged_us
    assert before.told[-1].words == "The last entry is in place: every table fits again; what comes later changes none."
    assert [said.words for said in after.told[:2]] == [
        "On Switch it is noticed: R2 is out of reach (no hello came until the dead timer ran out). "
        "Who is on a LAN sees the carrier of its own cable alone.",
        "The news of Switch: R1 and R3 are on it.",
    ]
    assert after.time_us > 30 * SECOND


def test_an_outage_lasts_from_the_failure_until_everything_arrives_again():
    found = outage(Story(simulate(forum().addressed(), CASE_1), "Source", "End"))
    assert (found.lost, found.looping, found.noticed_us) == (((0, 5_000), *found.lost[1:]), (), 5_000)
    assert found.mended
    assert found.until_us == found.lost[-1][1] == 56_100


def test_an_outage_without_a_way_has_no_end_and_one_without_loss_says_so():
    cut_off = Story(simulate(forum().addressed(), [LinkDown("Source-R1")]), "Source", "End")
    assert not outage(cut_off).mended
    assert in_words(cut_off, outage(cut_off)).endswith("; some messages have no way any more.")
    planned: list[At | Change] = [Maintenance("R2"), At(1_000_000, NodeDown("R2"))]
    spared = Story(simulate(forum().addressed(), planned), "Source", "End")
    assert in_words(spared, outage(spared)).startswith("To scale: no message is lost; the last table fits after ")


def test_in_a_silent_failure_almost_all_of_the_outage_is_unnoticed():
    silent = Story(simulate(forum().addressed(), CASE_1, detect="hello", silent=True), "Source", "End")
    found = outage(silent)
    assert found.noticed_us > 0.99 * found.until_us
    assert found.until_us > 30_000_000
    assert len(re.findall("M", str(keyed(lanes(silent))["breaks"]["d"]))) > 9  # through every lane


def test_at_every_moment_packets_meet_the_fib_that_the_router_has_then():
    """While entries are installed one by one too, of which the trace keeps no state of its own."""
    slow = replace(Timers.rfc(), install_us=3 * MS)
    trace = simulate(forum(), CASE_3, timers=slow)
    story = Story(trace, "Source", "End")
    moments = [(node, at_us) for node in story.nodes for at_us in range(0, trace.end_us, MS)]
    assert len(trace.tables) > 20, "or nothing is asked"
    assert [moment for moment in moments if story.fib(*moment) != trace.fib(*moment)] == []


def test_a_loop_has_its_ring_on_each_cable_that_it_crosses_a_lan_too_and_on_no_other():
    nodes = (Node("A"), Node("B"), Node("End", "host"), Node("Source", "host"))
    beside = (Link("Source", "A"), Link("A", "End"), Link("B", "End", 5))

    def rings(*between: Link, lans: tuple[Node, ...] = ()) -> set[str]:
        """Where the rings are while A, whose cable to End is cut, and B point at each other."""
        network = Topology((*nodes, *lans), (*beside, *between)).addressed()
        story = Story(simulate(network, [LinkDown("A-End")]), "Source", "End")
        (loop,) = story.loops
        assert loop.cycle == ("A", "B")
        drawn = keyed(element("g", *over(story, loop.from_us)))
        before = keyed(element("g", *over(story, loop.from_us - 1)))
        assert all("nl-hidden" in str(part["class"]) for key, part in before.items() if key.startswith("loop:"))
        return {
            key.removeprefix("loop:")
            for key, part in drawn.items()
            if key.startswith("loop:") and "nl-hidden" not in str(part["class"])
        }

    assert rings(Link("A", "B")) == {"A-B"}
    assert rings(Link("A", "B"), Link("A", "B", 3, name="spare")) == {"A-B"}
    assert rings(Link("A", "net", 1, 0), Link("net", "B", 0, 1), lans=(Node("net", "lan"),)) == {"A-net", "net-B"}


def test_the_name_of_a_lane_is_whole_up_to_twelve_letters_and_of_a_longer_one_both_ends_are_read():
    names = ("Backbone-Sud", "Washington DC", "R1")
    nodes = tuple(Node(name, x=100 * place, y=0) for place, name in enumerate(names))
    named = Topology(nodes, (Link(*names[:2]), Link(*names[1:]))).addressed()
    run = Story(simulate(named, [LinkDown("Washington DC-R1")]), "Backbone-Sud", "R1")
    drawn = str(lanes(run))
    assert all(f">{name}</text>" in drawn for name in ("Backbone-Sud", "Washin…on DC", "R1"))
    assert 'data-left="127.2"' in drawn, "so wide are twelve letters"
    assert 'data-left="70"' in str(lanes(Story(simulate(forum().addressed(), CASE_1), "Source", "End")))
