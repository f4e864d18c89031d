"""Pictures that tell one thing: what they show is what the library computes, and it can be read at every width."""

import re
from collections.abc import Callable, Iterator
from html import escape
from ipaddress import ip_network

import pytest
from playwright.sync_api import Browser, Page

from netlearn import (
    CASE_1,
    CASE_2,
    CASE_3,
    Announcement,
    At,
    BadNetwork,
    Link,
    LinkDown,
    NetlearnError,
    Node,
    NodeDown,
    Packet,
    Timers,
    Topology,
    Traffic,
    UnknownName,
    converged_fibs,
    flow_between,
    forum,
    shortest_paths,
    simulate,
    walk,
)
from netlearn.convergence import Connection, Fixed, HoldTimers, Session, Trace, keep_session, open_connections
from netlearn.convergence.traffic import TimedWalk
from netlearn.drawing.markup import element
from netlearn.drawing.shapes import svg, text
from netlearn.drawing.still import Picture, standalone
from netlearn.figures.pictures import (
    areas,
    cut_open,
    flooding,
    half_links,
    handed_over,
    hellos,
    in_a_router,
    loop_free,
    looping,
    noticing,
    polarisation,
    published,
    side_by_side,
    systems,
    tries,
    turned,
    two_areas,
    two_sessions,
    two_systems,
)
from netlearn.figures.pictures.flooding import flood
from netlearn.figures.pictures.handover import by_whom, lan, silence_s
from netlearn.figures.pictures.in_a_router import inside
from netlearn.figures.pictures.looping import going_round
from netlearn.figures.pictures.noticing import waits
from netlearn.figures.pictures.publishing import doors
from netlearn.host import Binding
from netlearn.host.dial import DialOutcome
from netlearn.recorded import measured
from netlearn.routing import interfaces, place
from netlearn.units import SECOND

RESENT = [measured("tcp", f"resend-{number}").low for number in range(1, 7)]
OUTAGE_MS = measured("loopback", "hello").low
BROKEN = forum().without(*CASE_1)
FLOWS = [flow_between(BROKEN, "Source", "End", number) for number in range(1, 65)]
WIDER = Topology((*BROKEN.nodes, Node("R8")), (*BROKEN.links, Link("R2", "R8"), Link("R8", "End")))
CORES = [f"Frankfurt-Core-0{number}" for number in range(1, 5)]
FRANKFURT = Topology(
    tuple(Node(name) for name in CORES),
    (Link(CORES[0], CORES[1]), Link(CORES[1], CORES[3]), Link(CORES[0], CORES[2]), Link(CORES[2], CORES[3], 2)),
).addressed()
DEAD = simulate(forum(), CASE_2)
SHARED = place(forum(), "192.0.2.150", ["R4", "R7"])
TURNED, KILLED = simulate(SHARED, [LinkDown("R2-R4")]), simulate(SHARED, [NodeDown("R2")])
CUT = simulate(forum(), [LinkDown("R2-R4")])
END = flow_between(forum(), "Source", "End").destination
LATE = Traffic(simulate(forum(), CASE_3, router_timers={"R5": Timers(spf_delay=Fixed(SECOND))}), END)
SHUT, OPEN = Binding("server", "tcp", "127.0.0.1", 8001), Binding("server", "tcp", "0.0.0.0", 8002)
SMALLER = {
    "area 1": Topology((Node("A1"), Node("B1")), (Link("A1", "B1", 4),)),
    "backbone": Topology((Node("B1"), Node("B2")), (Link("B1", "B2", 3),)),
    "area 2": Topology((Node("C1"), Node("B2")), (Link("C1", "B2", 20),)),
}
AROUND_R1 = [LinkDown(name) for name in ("R1-R2", "R1-R3", "R1-R5")]
CASES = {"case 1": CASE_1, "case 2": CASE_2, "case 3": CASE_3}
PAIR, PAIR_TOO = (
    Topology((Node(f"{name}1"), Node(f"{name}2")), (Link(f"{name}1", f"{name}2"),), (Announcement(prefix, f"{name}2"),))
    for name, prefix in (("A", ip_network("198.51.100.0/24")), ("B", ip_network("203.0.113.0/24")))
)


def lives_of(run: Trace) -> tuple[Connection, ...]:
    return open_connections(run, "Source", "192.0.2.150", opened_us=-SECOND)


def lost_by(run: Trace) -> list[Connection]:
    return [life for life in lives_of(run) if life.end == "reset"]


def late_packet(ttl: int = 64, at_us: int = 500_000, source: str = "Source") -> TimedWalk:
    """A packet of case 3 with R5 a second late."""
    return LATE.walk(Packet(flow_between(forum(), source, "End"), ttl), source, at_us)


def kept(*failures: LinkDown) -> tuple[Session, Session]:
    """Two sessions of R1 and R2: from cable end to cable end, from box to box."""
    run = simulate(forum(), failures, interfaces=interfaces(forum()))
    by_cable, by_box = (keep_session(run, "R1", "R2", link, timers=HoldTimers.frr()) for link in ("R1-R2", None))
    return by_cable, by_box


PICTURES: dict[str, Callable[[], Picture]] = {
    "hellos": lambda: hellos(Timers(), 14 * SECOND),
    "hellos, fast": lambda: hellos(Timers(hello_us=SECOND, dead_us=4 * SECOND), 2_100_000),
    "hellos, cut just before the next": lambda: hellos(Timers(), 20 * SECOND),
    "tries": lambda: tries(RESENT, OUTAGE_MS),
    "tries, short": lambda: tries(RESENT, 5_000),
    "loop-free": lambda: loop_free(forum(), "R1", "End"),
    "loop-free, one": lambda: loop_free(forum(), "R1", "End", ["R5"]),
    "loop-free, long names": lambda: loop_free(FRANKFURT, "Frankfurt-Core-01", "Frankfurt-Core-04"),
    "polarisation": lambda: polarisation(BROKEN, "R1", "R2", "End", FLOWS),
    "polarisation, of three": lambda: polarisation(WIDER, "R1", "R2", "End", FLOWS),
    "half-links": lambda: half_links(DEAD.lsdb("R3", DEAD.end_us), [("R3", "R4"), ("R1", "R2")]),
    "half-links, one": lambda: half_links(DEAD.lsdb("R3", DEAD.end_us), [("R1", "R2")]),
    "turned": lambda: turned(TURNED, lost_by(TURNED)[0]),
    "turned, a router dies": lambda: turned(KILLED, lost_by(KILLED)[0]),
    "handed over": lambda: handed_over(100, 1),
    "published": lambda: published({9001: SHUT, 9002: OPEN}),
    "published, one": lambda: published({9001: SHUT}),
    "areas": lambda: areas(two_areas()),
    "areas, fewer routers": lambda: areas(SMALLER),
    "systems": lambda: systems(two_systems()),
    "systems, fewer routers": lambda: systems({"AS 1": PAIR, "AS 2": PAIR_TOO}),
    "flooding": lambda: flooding(CUT, "R2"),
    "flooding, round a dead router": lambda: flooding(DEAD, "R6"),
    "looping": lambda: looping(LATE, late_packet()),
    "looping, a small TTL": lambda: looping(LATE, late_packet(5)),
    "noticing": lambda: noticing(Timers()),
    "noticing, other timers": lambda: noticing(Timers(carrier_us=50_000, bfd_interval_us=50_000)),
    "side by side": lambda: side_by_side(forum(), "Source", "End", CASES),
    "side by side, nothing left": lambda: side_by_side(forum(), "Source", "End", {"a cut": AROUND_R1}),
    "in a router": lambda: in_a_router(interfaces(forum()), "R2", "R4"),
    "in a router, fewer cables": lambda: in_a_router(interfaces(forum()), "R3", "R1"),
    "cut open": lambda: cut_open(forum(), "R1", "End"),
    "cut open, a tie": lambda: cut_open(forum(), "R5", "End"),
    "sessions": lambda: two_sessions(*kept(LinkDown("R1-R2"))),
    "sessions, nothing fails": lambda: two_sessions(*kept()),
}

# Each fault of a picture as it stands: letters that are too small, what leaves it, words on words, lines through words.
FAULTS = """svg => {
  const seen = (one) => { const { width, height } = one.getBoundingClientRect(); return width + height > 0; };
  const all = [...svg.querySelectorAll("text, rect, circle, path")].filter(seen);
  const texts = all.filter((one) => one.tagName === "text");
  const box = (one) => one.getBoundingClientRect();
  const frame = box(svg), slack = 1.5, found = [];
  for (const text of texts) {
    const { a, b, c, d } = text.getScreenCTM();
    const size = parseFloat(getComputedStyle(text).fontSize) * Math.sqrt(Math.abs(a * d - b * c));
    if (size < 13) found.push(`${text.textContent} has ${size} px`);
  }
  for (const one of all) {
    const { left, right, top, bottom } = box(one), name = one.textContent || one.getAttribute("class") || one.tagName;
    const beside = left < frame.left - slack || right > frame.right + slack;
    if (beside || top < frame.top - slack || bottom > frame.bottom + slack)
      found.push(`${name} leaves the picture`);
  }
  texts.forEach((one, place) => texts.slice(place + 1).forEach((other) => {
    const [a, b] = [box(one), box(other)];
    if (Math.min(a.right - b.left, b.right - a.left) > slack && Math.min(a.bottom - b.top, b.bottom - a.top) > 4)
      found.push(`${one.textContent} on ${other.textContent}`);
  }));
  const paths = all.filter((one) => one.tagName === "path" && !one.matches(".nl-cross")); // which crosses out a name
  for (const path of paths) {
    const matrix = path.getScreenCTM(), far = path.getTotalLength(), steps = Math.ceil(far / 3);
    for (let step = 0; step <= steps; step++) {
      const { x, y } = path.getPointAtLength((far * step) / steps).matrixTransform(matrix);
      const inside = (one, less) => { const { left, right, top, bottom } = box(one);
        return x > left + less && x < right - less && y > top + less && y < bottom - less; };
      const text = texts.find((one) => inside(one, 4));
      const after = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      const covered = text && all.some((one) => ["rect", "circle"].includes(one.tagName) && after(path, one) &&
        after(one, text) && inside(one, 0));
      if (text && !covered) { found.push(`${path.getAttribute("class")} through ${text.textContent}`); break; }
    }
  }
  return found;
}"""


def shape(picture: Picture, upright: bool) -> tuple[int, int]:
    """How large the picture is on a page: on a phone of 360 px, where text has 326, and on a wide screen."""
    style = str(picture.svg.attributes["style"])
    across, along = (float(re.search(rf"--nl-{name}:([\d.]+)", style)[1]) for name in ("across", "along"))  # type: ignore[index]
    _, _, width, height = map(float, picture.svg.attributes["viewBox"].split())
    return (326, round(326 * along / across)) if upright else (720, round(720 * height / width))


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("upright", [False, True], ids=["lying", "upright"])
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_read_and_nothing_in_it_covers_anything(sheet: Page, name: str, upright: bool) -> None:
    picture = PICTURES[name]()
    width, height = shape(picture, upright)
    sheet.set_viewport_size({"width": width, "height": height})
    style = "<style>body { margin: 0 } svg { width: 100vw; height: 100vh; display: block }</style>"
    sheet.set_content(f"<!doctype html>{style}{standalone(picture.svg)}")
    assert sheet.locator("svg").evaluate(FAULTS) == []


def test_a_picture_with_faults_is_not_taken_for_one_without(sheet: Page) -> None:
    words, line = text(60, 40, "words", "nl-small"), element("path", d="M0 40H200", class_="nl-line")
    outside, small = text(900, 40, "outside"), element("text", "small", x=60, y=200, style="font-size: 9px")
    drawn = svg(
        [words, line, text(64, 42, "more"), outside, small], 720, 300, "nl-net nl-machine nl-telling", "A picture"
    )
    sheet.set_viewport_size({"width": 720, "height": 300})
    sheet.set_content(f"<!doctype html><style>body {{ margin: 0 }}</style>{standalone(drawn)}")
    faults = " ".join(sheet.locator("svg").evaluate(FAULTS))
    for fault in ("small has 9 px", "outside leaves the picture", "words on more", "nl-line through words"):
        assert fault in faults


def test_a_picture_carries_no_rule_that_is_about_nothing_in_it() -> None:
    drawn = standalone(PICTURES["half-links"]().svg)
    assert ".nl-telling .nl-half" in drawn
    assert "@media (orientation: portrait)" in drawn
    assert not [name for name in ("nl-lamp", "nl-runner", "nl-hello", "nl-chip") if name in drawn]
    assert "@container" not in standalone(svg([], 10, 10, "nl-net", "Nothing"))


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_in_words_what_it_shows(name: str) -> None:
    picture = PICTURES[name]()
    assert picture.words.endswith(".")
    assert picture.svg.attributes["aria-label"] == picture.words
    assert not picture.title.endswith(".")
    assert f'alt="{escape(picture.words)}"' in picture._repr_html_()


# Hellos


def test_a_cut_is_noticed_when_the_simulation_says_so() -> None:
    run = simulate(forum(), [LinkDown("R1-R2")], silent=True, detect="hello")
    waits = {event.time_us for event in run.events if event.kind == "detect"}
    assert all(30 * SECOND <= wait <= 40 * SECOND for wait in waits)
    for wait in waits:  # the simulation's cut is at 0, so long before it the last hello was heard
        assert f"here after {wait / SECOND:.3f}".rstrip("0") in hellos(Timers(), 50 * SECOND - wait).title


@pytest.mark.parametrize(("cut_us", "after"), [(1, "40 s"), (10 * SECOND, "30 s"), (14 * SECOND, "36 s")])
def test_the_dead_interval_counts_from_the_last_hello_that_was_heard(cut_us: int, after: str) -> None:
    assert hellos(Timers(), cut_us).title.endswith(f"30 to 40 s: here after {after}")


def test_other_timers_make_another_picture() -> None:
    drawn = hellos(Timers(hello_us=SECOND, dead_us=3 * SECOND), 1_500_000)
    assert "The 3 s count" in drawn.title
    assert "after 2 to 3 s: here after 2.5 s" in drawn.title
    with pytest.raises(NetlearnError, match="after the first hello"):
        hellos(Timers(), 0)


# TCP's tries


def test_the_first_try_after_the_outage_is_as_late_as_was_measured() -> None:
    (arrives,) = re.findall(r"comes after ([\d.]+) s", tries(RESENT, OUTAGE_MS).title)
    assert float(arrives) * 1000 == pytest.approx(measured("loopback", "tcp").low, rel=0.02)


def test_times_of_tries_and_waits_are_told_apart() -> None:
    drawn = tries([200, 600, 1400], 5_000)
    assert "It tries again at 0.2, 0.6, 1.4, 3.0, 6.2 s." in drawn.words
    assert "it has waited 0.2, 0.4, 0.8, 1.6, 3.2 s" in drawn.words
    assert "The first 3 were measured, the other 2 follow the rule." in drawn.words
    assert "All were measured." in tries([200, 600, 1400], 1_000).words


@pytest.mark.parametrize("times", [[], [200, 200], [0, 5]])
def test_times_that_do_not_grow_are_refused(times: list[int]) -> None:
    with pytest.raises(NetlearnError, match="grow from 0 on"):
        tries(times, 1_000)


# Flooding


def test_a_note_is_told_by_one_that_has_it_and_at_the_times_of_the_simulation() -> None:
    heard, found = CUT.heard("R2"), flood(CUT, "R2")
    assert {node: found.after_us(sent) + heard["R2"] for node, sent in found.first.items()} | {"R2": 5_000} == heard
    assert all(heard[sent.node] == sent.time_us for sent in found.first.values())
    assert len(found.first) + len(found.again) == len([sent for sent in CUT.sent if sent.origin == "R2"])
    drawn = flooding(CUT, "R2")
    assert (
        "After 1 ms: R2 tells R1, End, R6 and R7. After 2 ms: R1 tells R3, R5 and Source; End tells R4." in drawn.words
    )
    assert drawn.words.endswith("8 more copies bring nothing new, and are not passed on. Cut: R2–R4.")
    line = Topology((Node("R1"), Node("R2")), (Link("R1", "R2", name="one"), Link("R1", "R2", name="two")))
    assert "more copies" not in flooding(simulate(line, [LinkDown("one")]), "R1").words


def test_the_picture_is_of_one_note() -> None:
    for run, router in ((CUT, "R5"), (simulate(forum(), [LinkDown("R2-R4"), At(SECOND, LinkDown("R2-R6"))]), "R2")):
        with pytest.raises(NetlearnError, match="of one note that is passed on"):
            flooding(run, router)


# A packet that goes round


def test_a_packet_goes_round_between_the_routers_of_the_micro_loop_and_its_ttl_is_counted_down() -> None:
    (loop,) = LATE.micro_loops()
    found, drawn = going_round(LATE, late_packet()), looping(LATE, late_packet())
    assert {name for name, _ in found.turns} == {*loop.cycle}
    assert [ttl for _, ttl in found.turns] == [*range(64, 0, -1)]
    assert "R1 has its new table: to R5. R5 has its old table: to R1 or R6." in drawn.words
    assert drawn.words.endswith("R5 gets it with 1, throws it away and tells Source: time exceeded. "
                                "Cut: R1–R2, R2–End. Down: R3.")  # fmt: skip
    short = looping(LATE, late_packet(5)).words
    assert "R1 gets it with 5, 3, 1; R5 gets it with 4, 2. R1 gets it with 1" in short
    assert "A packet goes from R1 on. R1 has its new table" in looping(LATE, late_packet(source="R1")).words


def test_a_packet_that_arrives_or_has_no_time_to_turn_goes_round_nowhere() -> None:
    for packet, was in ((late_packet(at_us=2 * SECOND), "delivered"), (late_packet(2), "TTL expired")):
        with pytest.raises(NetlearnError, match=f"to and fro on one cable; this one was {was}"):
            looping(LATE, packet)


# The loop-free test


def test_the_triangles_have_the_numbers_of_the_map() -> None:
    drawn = loop_free(forum(), "R1", "End")
    assert drawn.title == "Without R2, R3 may stand in (2 < 1 + 2) and R5 may not stand in (3 < 1 + 2 is false)"
    dearer = loop_free(forum().with_metric("R1-R5", "R5", 2), "R1", "End", ["R5"])
    assert dearer.title == "Without R2, R5 may stand in (3 < 2 + 2)"


def test_only_a_router_beside_can_be_asked_and_only_where_one_next_hop_can_be_lost() -> None:
    for neighbours in (["R7"], ["Source"], ["R2"]):
        with pytest.raises(NetlearnError, match="neighbours of R1 can be asked, of R3 and R5"):
            loop_free(forum(), "R1", "End", neighbours)
    with pytest.raises(NetlearnError, match="one next hop"):
        loop_free(BROKEN, "R1", "End")


# Polarisation


def test_each_flow_falls_where_the_routers_send_it() -> None:
    tables = converged_fibs(BROKEN)
    drawn = polarisation(BROKEN, "R1", "R2", "End", FLOWS)
    for seeds, says in (({}, "With a hash of its own"), ({"R2": "R1"}, "the places are the same as before")):
        ways = [walk(tables, Packet(flow), "Source", seeds).nodes for flow in FLOWS]
        onward = {hop: sum(way[2:4] == ("R2", hop) for way in ways) for hop in ("R4", "R7")}
        assert f"{says}: {onward['R4']} to R4, {onward['R7']} to R7." in drawn.words
    assert "R7 gets none of 64 flows" in drawn.title


def test_where_a_router_has_no_choice_nothing_polarises() -> None:
    with pytest.raises(NetlearnError, match="shares flows"):
        polarisation(forum(), "R1", "R2", "End", FLOWS)
    assert "R8 gets none of 64 flows" in polarisation(WIDER, "R1", "R2", "End", FLOWS).title
    every = polarisation(BROKEN, "R1", "R2", "End", FLOWS[:0])
    assert "gets none of 0 flows" in every.title


# The halves of a link


def test_the_map_has_a_link_where_both_ends_name_it_and_only_there() -> None:
    drawn = half_links(DEAD.lsdb("R3", DEAD.end_us), [("R3", "R4"), ("R2", "R1")])
    assert "The link R3–R4: R3's note names R4 and R4's note names R3, so it is used." in drawn.words
    assert "R2's note names R1 and R1's note does not name R2, so it is not used." in drawn.words
    before = half_links(DEAD.lsdb("R3", -1), [("R1", "R2")])
    assert before.title == "Both ends name each other: that is a link"


def test_half_a_link_is_shown_of_one_pair_or_two_that_know_each_other() -> None:
    lsdb = DEAD.lsdb("R3", DEAD.end_us)
    with pytest.raises(UnknownName, match="not even half a link"):
        half_links(lsdb, [("R1", "R4")])
    for count in (0, 3):
        with pytest.raises(UnknownName, match="1 or 2 pairs"):
            half_links(lsdb, [("R3", "R4")] * count)


# Two sessions


def test_what_becomes_of_the_sessions_is_what_was_computed() -> None:
    by_cable, by_box = kept(LinkDown("R1-R2"))
    drawn = two_sessions(by_cable, by_box)
    assert by_cable.dropped_us
    assert by_box.survives
    assert f"drops after {by_cable.dropped_us / SECOND:.0f} s" in drawn.title
    assert drawn.title.endswith("that from box to box lives on")
    assert str(by_cable.addresses[0]) in drawn.words
    assert "lives on, by R1 – R" in drawn.words
    assert two_sessions(*kept()).title.startswith("Nothing fails")


def test_the_two_sessions_are_of_the_same_routers_and_one_has_a_cables_addresses() -> None:
    run = simulate(forum(), [], interfaces=interfaces(forum()))
    here, there, box = (
        keep_session(run, "R1", "R2", "R1-R2"), keep_session(run, "R2", "R1", "R1-R2"), keep_session(run, "R1", "R2")
    )  # fmt: skip
    with pytest.raises(NetlearnError, match="same two routers"):
        two_sessions(here, there)
    with pytest.raises(NetlearnError, match="no end of a cable"):
        two_sessions(box, box)


# A connection that turns


def test_its_packets_go_where_the_tables_send_them_before_and_after() -> None:
    (life, *_) = lost_by(TURNED)
    drawn = turned(TURNED, life)
    assert f"Its packets turn from {life.instance} to {life.by}" in drawn.title
    assert "its packets go Source – R1 – R2 – R4. The link R2–R4 has failed." in drawn.words
    assert "on they go Source – R1 – R2 – R7. R7 has the same address" in drawn.words
    killed = turned(KILLED, lost_by(KILLED)[0]).words
    assert "R2 is down. From" in killed
    assert "has failed" not in killed


def test_across_a_lan_the_cable_that_was_cut_is_told_and_nobody_who_lost_a_cable_is_called_down() -> None:
    nodes = (Node("Source", "host"), Node("R1"), Node("R4"), Node("R7"), Node("net", "lan"))
    links = (Link("Source", "R1"), Link("R1", "net", 1, 0), Link("net", "R4", 0, 1), Link("R1", "R7", 5))
    shared = place(Topology(nodes, links).addressed(), "192.0.2.150", ["R4", "R7"])
    for cable, told in (("R1-net", "R1–net"), ("net-R4", "net–R4")):
        run = simulate(shared, [LinkDown(cable)])
        words = turned(run, lost_by(run)[0]).words
        assert f"its packets go Source – R1 – R4. The link {told} has failed. From" in words


def test_a_connection_that_is_kept_turns_nowhere() -> None:
    life = next(each for each in lives_of(TURNED) if each.end == "kept")
    with pytest.raises(NetlearnError, match="was kept"):
        turned(TURNED, life)


# An address that changes hands


def test_source_reaches_end_by_whoever_has_the_address_and_by_nobody_until_then() -> None:
    assert [by_whom(lan("G1", "G1", "G2")), by_whom(lan(None, "G2")), by_whom(lan("G2", "G2"))] == ["G1", None, "G2"]
    assert "Until G2 has heard nothing for 3.6 s Source reaches nobody." in handed_over(100, 1).words
    assert "reaches End by G2." in handed_over(100, 1).words


def test_a_higher_priority_waits_a_little_less() -> None:
    assert silence_s(100, 1) == 3 + 156 / 256
    assert silence_s(254, 1) < silence_s(100, 1)
    assert "for 7.2 s" in handed_over(100, 2).title
    for priority, interval_s in ((0, 1), (255, 1), (100, 0)):
        with pytest.raises(NetlearnError, match="a priority from 1 to 254"):
            handed_over(priority, interval_s)


# A published port


def test_a_server_is_reached_by_a_published_port_if_it_waits_at_the_containers_own_address() -> None:
    own = Binding("server", "tcp", "198.51.100.2", 8003)
    assert [door.gets_on for door in doors({1: SHUT, 2: OPEN, 3: own})] == [False, True, True]
    assert all(door.gets_in for door in doors({1: SHUT, 2: OPEN}))
    drawn = published({9001: SHUT, 9002: OPEN})
    assert "port 8001 at 198.51.100.2, where nobody waits: the server waits at 127.0.0.1 port 8001." in drawn.words
    assert "port 8002 at 198.51.100.2, where the server at 0.0.0.0 port 8002 answers." in drawn.words
    assert published({9002: OPEN}).title.endswith("there the server waits")
    for ports in ({}, {1: OPEN, 2: OPEN, 3: OPEN}):
        with pytest.raises(NetlearnError, match="1 or 2 published ports"):
            published(ports)


# Areas


def test_the_sums_are_those_of_the_whole_network_and_the_maps_those_of_the_parts() -> None:
    parts = two_areas()
    nodes = {node.name: node for part in parts.values() for node in part.nodes}
    whole = Topology(tuple(nodes.values()), tuple(link for part in parts.values() for link in part.links))
    sums = {name: shortest_paths(whole, "B1").distance[name] for name in ("B2", "C1", "C2")}
    drawn = areas(parts)
    told = ", ".join(f"{name} {metric}" for name, metric in sums.items())
    assert f"On A1's map: A1–A2, A1–B1, A2–B1. Told by B1, as sums: {told}." in drawn.words
    assert drawn.title.endswith("of 7 links A1’s map has 3")
    assert areas(SMALLER).title.endswith("of 3 links A1’s map has 1")
    assert "On C1's map: C1–B2. Told by B2, as sums: A1 7, B1 3." in areas(SMALLER).words


def test_areas_that_are_joined_otherwise_are_refused() -> None:
    parts = two_areas()
    with pytest.raises(BadNetwork, match="not of 2 parts"):
        areas({name: parts[name] for name in ("area 1", "backbone")})
    with pytest.raises(BadNetwork, match="one router in common"):
        areas({"area 1": parts["area 2"], "backbone": PAIR, "area 2": parts["area 1"]})


# Autonomous systems


def test_what_is_announced_crosses_the_border_and_the_map_does_not() -> None:
    drawn = systems(two_systems())
    assert (
        "Its border router B1 tells A1 of 203.0.113.0/24, by AS 64501; on A1's map is nothing of AS 64501."
        in drawn.words
    )
    assert "sees none of the 1 links of AS 2" in systems({"AS 1": PAIR, "AS 2": PAIR_TOO}).title
    assert "203.0.113.0/24, by AS 2" in systems({"AS 1": PAIR, "AS 2": PAIR_TOO}).words


def test_a_system_without_a_prefix_and_a_single_one_are_refused() -> None:
    with pytest.raises(BadNetwork, match="a prefix to tell of"):
        systems({"AS 1": PAIR, "AS 2": two_areas()["area 1"]})
    with pytest.raises(BadNetwork, match="not of 1"):
        systems({"AS 1": PAIR})


# How long it takes to notice


def test_the_three_waits_are_those_of_the_simulation() -> None:
    timers = Timers()
    for how, wait in zip(("carrier", "bfd", "hello"), waits(timers), strict=True):
        run = simulate(forum(), [LinkDown("R1-R2")], silent=how != "carrier", detect=how, timers=timers)  # type: ignore[arg-type]
        seen = [event.time_us for event in run.events if event.kind == "detect"]
        assert seen
        assert all(wait.least_us <= time_us <= wait.most_us for time_us in seen)


def test_what_cannot_be_drawn_longer_beside_the_hellos_is_refused() -> None:
    with pytest.raises(NetlearnError, match=r"waits of up to 1\.6 s, not 3 s"):
        noticing(Timers(bfd_interval_us=SECOND))


# Cases side by side


def test_each_case_is_told_with_its_ways_and_with_what_the_first_router_does() -> None:
    drawn = side_by_side(forum(), "Source", "End", CASES)
    assert drawn.title == ("R1 hands what is for End to R2; in case 1 to R2 and R3, in case 2 to R3, in case 3 to R5")
    for said in ("Case 1: 3 equally short paths, metric 4", "Case 2: 1 shortest path, metric 4", "Down: R3."):
        assert said in drawn.words
    assert PICTURES["side by side, nothing left"]().title.endswith("in a cut to nobody")
    for cases in ({}, {str(number): CASE_1 for number in range(4)}):
        with pytest.raises(NetlearnError, match=f"1 to 3 cases beside the whole network, not {len(cases)}"):
            side_by_side(forum(), "Source", "End", cases)


# A router from inside


def test_what_is_for_a_loopback_address_passes_no_lo() -> None:
    found = inside(interfaces(forum()), "R2", "R4")
    assert found.call.outcome is DialOutcome.ANSWERED
    assert not found.passes_lo
    assert found.own[:2] == ["127.0.0.0/8", "192.0.2.2"]
    assert len(found.own) == 2 + 5
    with pytest.raises(NetlearnError, match="no cable leads from R2 to R3"):
        in_a_router(interfaces(forum()), "R2", "R3")
    star = Topology(
        (Node("R0"), *(Node(f"R{n}") for n in range(1, 7))), tuple(Link("R0", f"R{n}") for n in range(1, 7))
    )
    with pytest.raises(NetlearnError, match="room for a router with 5 cables, and R0 has 6"):
        in_a_router(interfaces(star.addressed()), "R0", "R1")


def test_a_router_that_is_cut_open_shows_what_the_library_computes() -> None:
    assert "9 of them" in cut_open(forum(), "R1", "End").words
    assert cut_open(forum(), "R5", "End").title.endswith("which says R1 or R6")
    for router, gone in (("End", ()), ("R1", (*CASE_2, NodeDown("R3"), NodeDown("R5")))):
        with pytest.raises(NetlearnError, match=f"{router} has no way to End"):
            cut_open(forum().without(*gone), router, "End")
