"""The pictures of lo: an arrow goes where the model of a host says that a packet goes, and no label leaves its box."""

import re
from math import hypot
from xml.etree import ElementTree

import pytest

from netlearn.drawing.layout import text_width
from netlearn.figures import lo as pictures
from netlearn.host.dial import DialOutcome, dial
from netlearn.host.laptop import ME

PICTURES = {
    each.__name__: each for each in (pictures.kernel, pictures.everywhere, pictures.audience, pictures.containers)
}
SVG = "{http://www.w3.org/2000/svg}"


def parts(name, tag, unseen="nl-upright"):
    """What is seen of a picture where there is room, or without what lies where there is little."""
    drawn = ElementTree.fromstring(str(PICTURES[name]().svg))
    for group in [*drawn.iter()]:
        for part in [*group]:
            if part.get("class") == unseen:
                group.remove(part)
    return list(drawn.iter(f"{SVG}{tag}"))


def ways(name, state, unseen="nl-upright"):
    return [part for part in parts(name, "path", unseen) if part.get("class") == f"nl-reach-mark {state}"]


def test_each_machine_of_the_lan_has_a_ring_and_reaches_itself():
    assert len(parts("everywhere", "circle")) == 3
    assert len(ways("everywhere", "nl-gets-in")) == 6  # into the ring and out of it
    assert not ways("everywhere", "nl-fails")
    assert "the router reaches itself" in pictures.everywhere().words


def test_whoever_is_inside_reaches_a_door_on_lo_and_nobody_outside():
    for unseen in ("nl-upright", "nl-lying"):
        assert len(ways("audience", "nl-fails", unseen)) == 2
        assert len(ways("audience", "nl-gets-in", unseen)) == 2


def test_of_three_rings_only_that_of_red_leads_to_the_server_in_red():
    assert len(parts("containers", "circle")) == 3
    assert len(ways("containers", "nl-fails")) == 2
    told = {name: dial(pictures.rooms(), name, "127.0.0.1", 8001) for name in (ME, "red", "blue")}
    assert {name for name, answer in told.items() if answer.outcome is DialOutcome.ANSWERED} == {"red"}
    assert all(answer.reached == name for name, answer in told.items())
    ends = "on the laptop it is refused; in red it is answered; in blue it is refused."
    assert pictures.containers().words.endswith(ends)


def distance(point, start, end):
    """From a point to the nearest point of a straight line between two others."""
    (px, py), (ax, ay), (bx, by) = point, start, end
    part = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)
    part = min(1, max(0, part))
    return hypot(px - ax - part * (bx - ax), py - ay - part * (by - ay))


def straight(data):
    """The straight lines of path data (M, L, H and V with absolute numbers), as pairs of points."""
    here = (0.0, 0.0)
    for letter, numbers in re.findall(r"([MLHV])([\d. ]+)", data):
        given = [*map(float, numbers.split())]
        to = {"H": (given[0], here[1]), "V": (here[0], given[0])}.get(letter) or tuple(given)
        if letter != "M":
            yield here, to
        here = to


def test_no_line_joins_lo_to_the_hardware():
    (ring,) = parts("kernel", "circle")
    middle, radius = (float(ring.get("cx")), float(ring.get("cy"))), float(ring.get("r"))
    lines = [part for part in parts("kernel", "path") if "nl-line" in part.get("class").split()]
    joins = [line for part in lines if "nl-layer" not in part.get("class") for line in straight(part.get("d"))]
    assert len(joins) >= 2  # eth0 and its card, the card and the cable
    assert all(distance(middle, *line) > radius for line in joins)


@pytest.mark.parametrize("name", PICTURES)
def test_every_label_stays_in_the_picture_and_says_nothing_twice(name):
    picture = PICTURES[name]("What to notice.")
    _, _, width, height = map(float, picture.svg.attributes["viewBox"].split())
    for text in parts(name, "text"):
        half = text_width(text.text, 15 if text.get("class") == "nl-small" else 17) / 2
        assert float(text.get("x")) - half * 0.9 > 0
        assert float(text.get("x")) + half * 0.9 < width
        assert 8 < float(text.get("y")) < height - 8
    assert picture.caption == "What to notice."
    assert "What to notice." in picture._repr_html_()
    assert picture.words not in picture.title
