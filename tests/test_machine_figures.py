"""Two figures of one machine, without a browser: who can reach a door, and the path of a packet."""

import itertools
import json
import re
from itertools import product

import pytest

from netlearn import UnknownName
from netlearn.drawing import markup
from netlearn.drawing.markup import difference
from netlearn.figures import lo
from netlearn.figures.packet_path import drawing as path_drawing
from netlearn.figures.packet_path import scene as path_scene
from netlearn.figures.packet_path import view as path_view
from netlearn.figures.packet_path.scene import Scene
from netlearn.figures.reach import scene as reach_scene
from netlearn.figures.reach import view as reach_view
from netlearn.host.dial import DialOutcome
from netlearn.host.travel import End, Where
from netlearn.widgets import PacketPath, Prediction, Reach

EVERY_SCENE = [Scene(*values) for values in product(*path_scene.CHOICES.values())]


def live(figure):
    """What the figure's HTML carries for a page that makes it live."""
    return json.loads(re.search(r'<script type="application/json">(.*)</script>', figure.html(), re.DOTALL)[1])


# Who can reach this door

GETS_IN = {
    "127.0.0.1": ("inside",),
    "127.0.0.2": ("inside",),
    "192.0.2.10": ("inside", "LAN", "beyond"),
    "0.0.0.0": ("inside", "LAN", "beyond"),
    "::1": ("inside",),
    "2001:db8::10": ("inside", "LAN", "beyond"),
    "fe80::10%eth0": ("inside", "LAN"),
    "::": ("inside", "LAN", "beyond"),
    ":: v6only": ("inside", "LAN", "beyond"),
    "/run/door.sock": ("inside",),
}


@pytest.mark.parametrize("bound", reach_scene.BOUND)
def test_the_address_decides_who_gets_in(bound):
    found = reach_scene.attempts(bound)
    assert tuple(place for place in reach_scene.ASKERS if found[place].gets_in) == GETS_IN[bound]


def test_every_address_lets_in_by_each_family_unless_told_otherwise():
    assert reach_scene.attempts("::")["inside"].by == (
        "127.0.0.1",
        "192.0.2.10",
        "::1",
        "2001:db8::10",
        "fe80::10%eth0",
    )
    assert reach_scene.attempts(":: v6only")["inside"].by == ("::1", "2001:db8::10", "fe80::10%eth0")
    assert reach_scene.attempts("0.0.0.0")["LAN"].by == ("192.0.2.10",)
    assert reach_scene.attempts("127.0.0.2")["inside"].by == ("127.0.0.2",)


def test_who_is_kept_out_is_told_where_and_why():
    found = reach_scene.attempts("127.0.0.1")
    end = found["LAN"].failed.end
    assert (end.host, end.where, end.end) == ("the laptop", Where.SOCKET, End.NO_LISTENER)
    assert reach_scene.reason("LAN", "127.0.0.1", found["LAN"]) == (
        f"No: whoever dials 192.0.2.10 is refused. On the laptop, {end.reason}"
        " And 127.0.0.1, dialled there, is the neighbour’s own."
    )


def test_the_claim_says_how_far_the_door_opens():
    claims = {bound: reach_scene.claim(bound, reach_scene.attempts(bound)) for bound in reach_scene.BOUND}
    assert claims["127.0.0.1"] == "Bound to 127.0.0.1, the door opens to the inside only"
    assert (
        claims["fe80::10%eth0"] == "Bound to fe80::10%eth0, the door opens to this machine and its own link, no further"
    )
    assert claims["0.0.0.0"] == "Bound to 0.0.0.0, the door opens to everyone: inside, the LAN and beyond"
    assert claims["/run/door.sock"] == "A Unix socket opens to the inside only"


@pytest.mark.parametrize("bound", reach_scene.BOUND)
def test_a_way_ends_in_an_arrow_at_the_door_or_in_a_cross_before_it(bound):
    found, view = reach_scene.attempts(bound), reach_view.view(bound=bound)
    for place, attempt in found.items():
        end = [float(number) for number in view[f"way:{place}"]["d"].split("L")[-1].split()]
        if attempt.gets_in:
            assert tuple(end) == reach_view.WAYS[place][-1]
        else:
            assert end[1] > reach_view.DOOR  # the door's lower edge
        assert view[f"sign:{place}"]["text"] == ("✓" if attempt.gets_in else "✗")


def test_the_record_of_a_door_is_whole_and_python_is_never_needed():
    data = live(Reach())
    assert set(data["recorded"]) == {json.dumps([bound], ensure_ascii=False) for bound in reach_scene.BOUND}
    first = reach_view.view(bound="127.0.0.1")
    for key, patch in data["recorded"].items():
        assert patch == difference(first, reach_view.view(bound=json.loads(key)[0]))


def test_without_javascript_a_table_says_who_gets_in_by_every_address():
    still = Reach("0.0.0.0").html().split("<script", 1)[0]
    assert 'src="data:image/svg+xml;base64,' in still
    assert still.count("<tr>") == 1 + len(reach_scene.BOUND)
    assert still.count("✓ yes") == sum(map(len, GETS_IN.values()))


def test_a_door_that_cannot_be_is_refused_and_the_figure_stays_as_it_was():
    figure = Reach("::")
    with pytest.raises(UnknownName, match=r"not bound to '10\.0\.0\.1' here; there are .*127\.0\.0\.1"):
        figure.bound = "10.0.0.1"
    assert (figure.bound, figure.view) == ("::", {})


# The path of a packet


def claim(*given):
    scene = Scene(*given)
    return path_scene.claim(scene, path_scene.find(scene))


def test_to_its_own_address_a_packet_turns_round_at_lo():
    assert claim("laptop", "192.0.2.10") == "192.0.2.10 is answered through lo: nothing leaves the laptop"
    assert claim("laptop", "0.0.0.0") == "0.0.0.0 means 127.0.0.1, answered through lo: nothing leaves the laptop"
    assert claim("neighbour", "127.0.0.1") == "127.0.0.1 is answered through lo: nothing leaves the neighbour"
    assert claim("neighbour", "192.0.2.10") == "192.0.2.10 is answered across the LAN"


def test_with_lo_down_only_the_neighbour_reaches_the_laptops_address():
    assert claim("laptop", "192.0.2.10", "0.0.0.0", "down") == "192.0.2.10 is not reached: lo is down"
    assert claim("neighbour", "192.0.2.10", "0.0.0.0", "down") == "192.0.2.10 is answered across the LAN"


def test_without_a_cable_the_laptop_still_reaches_its_own_address():
    for eth0 in ("no carrier", "down"):
        assert "answered through lo" in claim("laptop", "192.0.2.10", "0.0.0.0", "up", eth0)
        assert "not reached" in claim("neighbour", "192.0.2.10", "0.0.0.0", "up", eth0)


def test_where_nothing_listens_the_refusal_is_an_answer():
    assert (
        claim("neighbour", "192.0.2.10", "127.0.0.1") == "192.0.2.10 is refused across the LAN: nothing listens there"
    )
    assert claim("laptop", "127.0.0.1", "nothing") == (
        "127.0.0.1 is refused through lo: nothing leaves the laptop, and nothing listens there"
    )


def test_in_every_scene_the_picture_shows_the_way_that_was_found():
    for scene in EVERY_SCENE:
        answer, view = path_scene.find(scene), markup.keyed(path_view.body(scene))
        shown = [
            view[f"step:{index}"] for index in range(path_view.MOST_STEPS) if "hidden" not in view[f"step:{index}"]
        ]
        assert [line["text"].split(": ")[-1] for line in shown] == [
            answer.steps[index].reason.split(": ")[-1] for index in path_scene.in_order(answer)
        ]
        through_lo = any(step.where is Where.LO and step.end is None for step in answer.there)
        host = path_scene.CLIENTS[scene.client]
        ring = "{} {}".format(*map(markup.number, map(float, path_drawing.PLACES[host]["lo"])))
        assert (ring in view["way"]["d"]) == any(step.where is Where.LO for step in answer.there)
        crosses_wire = "{} {}".format(*path_drawing.LINK) in view["way"]["d"]
        assert not (through_lo and crosses_wire)
        assert ("nl-hidden" in view["end"]["class"]) == (answer.outcome is DialOutcome.ANSWERED)


def test_the_server_gets_its_connection_after_the_answer_has_come_back():
    answer = path_scene.find(Scene())
    told = [path_scene.said(answer, index) for index in path_scene.in_order(answer)]
    assert told[-2:] == [
        "Back: the laptop, process: the program that dialled has its answer.",
        "At last: the laptop, process: server gets the connection, once the client has the SYN-ACK.",
    ]
    refused = path_scene.find(Scene(listens="nothing"))
    assert path_scene.in_order(refused) == tuple(range(len(refused.steps)))


@pytest.mark.parametrize(
    ("figure", "asks", "claim", "told"),
    [
        (
            PacketPath("laptop", "192.0.2.10", caption="At lo."),
            "The laptop dials 192.0.2.10: which way does the packet go?",
            "through lo",
            ("answered", "At lo."),
        ),
        (
            Reach("0.0.0.0", predict="door", caption="Everyone."),
            "Bound to 0.0.0.0: who gets in?",
            "opens to everyone",
            ("✓", "Everyone."),
        ),
    ],
    ids=["the way of a packet", "who gets in"],
)
def test_what_comes_is_told_in_the_fold_and_not_before_it(figure, asks, claim, told):
    first, later = figure.html().split("<script", 1)[0].split("<details", 1)
    assert asks in first
    for word in (claim, *told):
        assert word not in first
        assert word in later
    assert claim not in repr(figure)


def test_every_scene_has_the_same_parts_so_that_one_turns_into_another():
    views = [markup.keyed(path_view.body(scene)) for scene in EVERY_SCENE[::7]]
    assert all(view.keys() == views[0].keys() for view in views)


def test_no_two_things_of_the_picture_lie_on_each_other():
    for places in path_drawing.PLACES.values():
        for one, (x, y) in places.items():
            for other, (other_x, other_y) in places.items():
                assert one == other or abs(x - other_x) >= 50 or abs(y - other_y) >= 34, (one, other)


def test_every_way_runs_straight_and_passes_no_box_that_it_does_not_ask():
    for scene in EVERY_SCENE:
        for points in path_drawing.legs_of(path_scene.find(scene)):
            for (x, y), (to_x, to_y) in itertools.pairwise(points):
                assert x == to_x or y == to_y, (scene, (x, y), (to_x, to_y))
                for place, (box_x, box_y) in [
                    each for places in path_drawing.PLACES.values() for each in places.items()
                ]:
                    beside = max(x, to_x) < box_x - 28 or min(x, to_x) > box_x + 28
                    above_or_below = max(y, to_y) < box_y - 16 or min(y, to_y) > box_y + 16
                    assert beside or above_or_below or (box_x, box_y) in points, (scene, place)


def test_the_site_answers_at_once_with_an_interface_down():
    recorded = live(PacketPath())["recorded"]
    for client, dialled in product(path_scene.CLIENTS, path_scene.DIALLED):
        for state, eth0 in (("up", "up"), ("down", "up"), ("up", "no carrier"), ("up", "down")):
            assert json.dumps([client, dialled, "0.0.0.0", state, eth0], separators=(",", ":")) in recorded


def test_without_javascript_the_path_is_a_picture_with_every_step_in_words():
    figure = PacketPath("neighbour", "192.0.2.10")
    still = figure.html().split("<script", 1)[0]
    assert 'src="data:image/svg+xml;base64,' in still
    scene = Scene("neighbour", "192.0.2.10")
    assert all(step.reason in still for step in path_scene.find(scene).steps)
    assert "The neighbour, main table: 192.0.2.10 is reached by eth0, on its own link." in still
    rows = {row[0]: row[1:] for row in re.findall("<tr>" + "<t[hd][^>]*>([^<]*)</t[hd]>" * 7 + "</tr>", still)}
    assert rows["192.0.2.10 (the laptop)"] == (
        *("answered through lo", "not reached: lo is down", "answered through lo"),
        *("answered across the LAN", "answered across the LAN", "not reached: nobody answers for the address"),
    )
    assert len(rows) == 1 + len(path_scene.DIALLED)


def test_the_kernel_answers_what_the_reader_sets():
    figure = PacketPath()
    figure.lo = "down"
    assert figure.view["title"]["text"] == "192.0.2.10 is not reached: lo is down"
    figure.lo = "up"
    assert figure.view == {}


def test_a_prediction_asks_about_a_scene_that_can_be_and_is_answered_at_once():
    asked = Prediction(
        "lo-down", "And with lo down?", {"No": "Yes.", "Yes": "No."}, sets={"lo": "down", "listens": "::"}
    )
    with pytest.raises(UnknownName, match="listens is not '::' here"):
        PacketPath(predict=asked)
    asked = Prediction("lo-down", "And with lo down?", {"No": "Yes."}, sets={"lo": "down", "eth0": "down"})
    figure = PacketPath(predict=asked)
    assert "And with lo down?" in figure.body
    assert '["laptop","192.0.2.10","0.0.0.0","down","down"]' in live(figure)["recorded"]


@pytest.mark.parametrize("trait", PacketPath.varies)
def test_what_cannot_be_set_is_refused_with_what_can(trait):
    figure = PacketPath()
    with pytest.raises(UnknownName, match=f"{trait} is not 'sideways' here; there are "):
        setattr(figure, trait, "sideways")
    assert figure.view == {}


# Pictures of lo


def test_how_many_lo_there_are_is_asked_before_it_is_told():
    picture = lo.containers(caption="Each asks its own ring.")
    first, told = picture._repr_html_().split("<details", 1)
    assert "how many lo are there" in first
    for word in ("three lo", "Each asks its own ring."):
        assert word not in first
        assert word in told
    assert (str(picture.before).count("nl-ring"), str(picture.svg).count("nl-ring")) == (0, 3)
    assert "three lo" not in repr(picture)


@pytest.mark.parametrize("draw", [lo.kernel, lo.everywhere, lo.audience, lo.containers])
def test_where_there_is_little_room_every_piece_of_a_picture_stands_inside_its_frame(draw):
    style = dict(each.split(":") for each in draw().svg.attributes["style"].split(";"))
    across, along = float(style["--nl-across"]), float(style["--nl-along"])
    pieces = re.findall(r'<g class="nl-piece" style="--nl-to:([-\d.]+)px,([-\d.]+)px">(.*?)</g>', str(draw().svg))
    assert pieces
    for right, down, inside in pieces:
        boxes = re.findall(r'<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)"', inside)
        for x, y, width, height in ([*map(float, each)] for each in boxes):
            assert x + float(right) >= 0
            assert x + float(right) + width <= across
            assert y + float(down) >= 0
            assert y + float(down) + height <= along
