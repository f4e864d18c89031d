"""What moves over the drawing of a network while it converges: news, messages, how far each router has come, loops.

Everything stands in the drawing from the beginning; from moment to moment only attributes change.
"""

from netlearn.convergence.traffic import TimedWalk
from netlearn.drawing.geometry import Curve, Point
from netlearn.drawing.layout import RIM, SQUEEZE, Layout, lay_out
from netlearn.drawing.markup import Element, element, key_of, number
from netlearn.drawing.network import leaving, on_link, path_data, standing, way_data
from netlearn.drawing.prose import metrics_on
from netlearn.drawing.shapes import aside, cross, hidden, moved, way
from netlearn.figures.run.lanes import icon
from netlearn.figures.run.story import FOLLOWED, Story
from netlearn.network.parts import Link
from netlearn.routing.forwarding import Outcome, links_of, links_to

SHOWN_HOPS = 9  # a message in a loop goes on; so much of its way is enough to see it
STRIKE = cross(0, 0, 11)
BESIDE = 32.0  # from one flow to the next, where they end at one place
SHAPES = (  # of the flows, so that colour does not speak alone
    element("circle", r=11, class_="nl-body"),
    element("rect", x=-10, y=-10, width=20, height=20, class_="nl-body"),
    element("path", d="M0 -13L11 9.5H-11Z", class_="nl-body"),
)


def under(story: Story, at_us: int, layout: Layout | None = None) -> tuple[Element, ...]:
    """Between links and nodes: what a router believes of each link, the predicted way, the flows and their ways.

    A flow that comes by is under the names of routers and under metrics. `layout` is the network's own if not given.
    """
    topology = story.trace.topology
    layout = layout or lay_out(topology)
    ways = [_way(story, layout, place, at_us) for place in range(FOLLOWED)]
    links = {link.name: path_data(layout.links[link.name]) for link in topology.links}
    lines = (element("path", key=("old", name), class_="nl-believed nl-hidden", d=data) for name, data in links.items())
    guesses = (element("path", class_="nl-guess", d=data, data_guess=name) for name, data in links.items())
    rests = _rests(story, layout, at_us)
    dots = (_dot(story, rests[place : place + 1], place, at_us) for place in range(FOLLOWED))
    return (*lines, *guesses, *ways, *dots)


def over(story: Story, at_us: int, layout: Layout | None = None) -> tuple[Element, ...]:
    """On top: loops, LSAs, each router's phase."""
    topology = story.trace.topology
    layout = layout or lay_out(topology)
    looping = _looping(story, at_us)
    rings = (_ring(link, layout, link.name in looping) for link in topology.links)
    ends = ((end, link.name) for link in topology.links for end in link.ends)
    lsas = (_lsa(key_of(name, end), leaving(topology, layout, end, name)) for end, name in ends)
    badges = (_badge(story, layout, node, at_us) for node in story.nodes)
    return (*rings, *lsas, *badges)


def steps(story: Story, walk: TimedWalk) -> list[tuple[str, str]]:
    """The way as (node, link), a loop cut short."""
    return links_of(story.trace.topology, walk.hops[:SHOWN_HOPS])


def _looping(story: Story, at_us: int) -> set[str]:
    """The links over which each ring of nodes that there is at this time hands on; across a LAN both cables."""
    rings = [loop.cycle for loop in story.loops if loop.from_us <= at_us < loop.to_us]
    pairs = {pair for ring in rings for pair in zip(ring, ring[1:] + ring[:1], strict=True)}
    topology, hops = story.trace.topology, story.hops(at_us) if pairs else {}
    taken = ((node, hop) for node, to in hops.items() for hop in to if (node, hop.node) in pairs)
    works = [(node, hop) for node, hop in taken if story.traffic.works(node, hop, at_us)]
    return {link for node, hop in works for _, _, link in links_to(topology, node, hop)}


def _ring(link: Link, layout: Layout, shown: bool) -> Element:
    """A ring with two arrow heads around the one metric of a link, or around its middle: messages go to and fro."""
    place, *more = metrics_on(link)
    (x, y), style = on_link(layout, link.name, "both" if more else place)
    ring = f"M{number(x - 19)} {number(y)}a19 19 0 0 1 38 0M{number(x + 19)} {number(y)}a19 19 0 0 1 -38 0"
    heads = f"M{number(x + 13)} {number(y - 6)}l6 7l6 -7M{number(x - 13)} {number(y + 6)}l-6 -7l-6 7"
    class_ = "nl-loop nl-stands" + hidden(shown)
    return element("g", element("path", d=ring + heads), key=("loop", link.name), class_=class_, style=style)


def _lsa(key: str, curve: Curve) -> Element:
    return element("path", class_="nl-lsa", d=icon("flood", 0, 0, 9), data_lsa=key, data_way=path_data(curve))


def _badge(story: Story, layout: Layout, node: str, at_us: int) -> Element:
    """How far a node has come: the icon of its last phase, on its rim."""
    box = layout.nodes[node]
    phase = "" if node in story.failed(at_us)[1] else story.phase(node, at_us)
    right, down = layout.rims[node]
    x, y = box.x + right, box.y + down
    sign = element("path", key=("phase", node), d=icon(phase, x, y, 6.5), class_=f"nl-{phase or 'none'}")
    ground = element("circle", cx=x, cy=y, r=RIM)
    class_ = "nl-badge nl-stands" + hidden(phase)
    style = standing(box)
    if layout.upright:
        to_right, to_down = layout.upright.rims[node]
        style += ";" + aside((to_down - down) / SQUEEZE, right - to_right)
    return element("g", ground, sign, key=("badge", node), class_=class_, style=style)


def _way(story: Story, layout: Layout, place: int, at_us: int) -> Element:
    """The way of one followed flow; the three lie side by side as dots of three colours."""
    data = ""
    if place < len(story.followed):
        data, _ = way_data(story.trace.topology, layout, steps(story, story.walk(story.followed[place], at_us)))
    return way(("way", place), f"nl-way nl-flow-{place}", data)


def _dot(story: Story, rest: list[Point], place: int, at_us: int) -> Element:
    """The flow itself, with its number, where its way ends; if it is lost there, crossed out."""
    at, words, fate = (0.0, 0.0), "", " nl-hidden"
    if rest:
        walk = story.walk(story.followed[place], at_us)
        (at,), words = rest, str(story.followed[place])
        fate = "" if walk.outcome is Outcome.DELIVERED else " nl-lost"
    number, strike = (
        element("text", words, key=("dot-text", place), y=3 if place == 2 else None),
        element("path", class_="nl-strike", d=STRIKE),
    )
    body = element("g", SHAPES[place], number, strike, data_dot=place)
    return element("g", body, key=("dot", place), class_=f"nl-runner nl-flow-{place}{fate}", transform=moved(*at))


def _rests(story: Story, layout: Layout, at_us: int) -> list[Point]:
    """Where the followed flows are seen at the end of their ways: those that end at one place stand side by side.

    What is lost has fallen off its link: to the one side, to the other, and there a little behind.
    """
    walks = [story.walk(number, at_us) for number in story.followed]
    ends = [_end(story, layout, walk) for walk in walks]
    rests = []
    for place, ((x, y), (right, down)) in enumerate(ends):
        here = [other for other, end in enumerate(ends) if end == ends[place]]
        aside, ahead = here.index(place) - (len(here) - 1) / 2, 0.0
        if walks[place].outcome is not Outcome.DELIVERED and walks[place].hops:
            aside, ahead = ((-1, 0), (1, 0), (1.3, -1))[here.index(place)]
        # Whoever goes down has the right hand at the left of the drawing.
        rests.append((x + BESIDE * (aside * right + ahead * down), y + BESIDE * (aside * down - ahead * right)))
    return rests


def _end(story: Story, layout: Layout, walk: TimedWalk) -> tuple[Point, Point]:
    """The end of a message's way, and what is at its side there; on a dead link it falls off halfway."""
    if not walk.hops:
        return (layout.nodes[walk.end].x, layout.nodes[walk.end].y - 42), (1.0, 0.0)
    node, link = steps(story, walk)[-1]
    curve = leaving(story.trace.topology, layout, node, link)
    length = curve.length or 1.0
    beside = (curve.start[1] - curve.end[1]) / length, (curve.end[0] - curve.start[0]) / length
    if walk.outcome is Outcome.LINK_DOWN:
        return curve.at(0.5), beside
    return way_data(story.trace.topology, layout, steps(story, walk))[1], beside
