"""A figure as a picture: what readers get without JavaScript, in print, and in a notebook that is not trusted.

The SVG goes into an `<img>`, because JupyterLab removes `<svg>` from outputs that it does not trust and keeps images;
it carries its own style, and turns dark when the page around it is dark. A text twin says everything that it shows.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files

from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.palette import HEAT, INSTANCES, variables
from netlearn.drawing.prose import failures_in_words, link_label
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.topology import Topology

# The sheets of drawings, each with a class. A picture that stands alone carries those of which it has the class.
DRAWN = {
    "drawing/network.css": "nl-net",
    "drawing/heat.css": "nl-heat",
    "drawing/signs.css": "nl-signs",
    "drawing/machine.css": "nl-machine",
    "figures/anycast/drawing.css": "nl-part",
    "figures/name_the_box/drawing.css": "nl-port",
}
ALONE = {"figures/pictures/drawing.css": "nl-telling"}  # of pictures that are never live: no page needs these around it

_RULE = re.compile(r"([^{}]*)\{[^{}]*\}")  # of those within another, the inner one

# In a page a drawing is turned where its figure is narrow, in a picture of its own where that is higher than wide.
NARROW, UPRIGHT = "@container (max-width: 600px)", "@media (orientation: portrait)"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing with its title (what it claims), its text twin, and a caption (what to notice).

    >>> pair = Topology((Node("R1"), Node("R2")), (Link("R1", "R2"),))
    >>> picture(pair, title="Two routers")
    <Picture: Two routers. Links: R1–R2.>
    """

    svg: Element
    title: str
    words: str
    caption: str = ""

    def __repr__(self) -> str:
        return f"<Picture: {self.title}. {self.words}>"

    def _repr_html_(self) -> str:
        parts = [element("p", self.title, class_="nl-title"), image(self.svg, self.words)]
        if self.caption:
            parts.append(element("figcaption", self.caption))
        return str(element("figure", *parts, class_="netlearn-figure"))


def picture(topology: Topology, failures: Iterable[Failure] = (), title: str = "", caption: str = "") -> Picture:
    """The picture of a network and of what has failed in it: no routes, only what is there.

    Raises `UnknownName` for a failure of something that is not there.

    >>> picture(forum(), [NodeDown("R2")]).words.split(". ")[-1]
    'Down: R2.'
    """
    failures = tuple(failures)
    topology.without(*failures)
    cut = frozenset(failure.link for failure in failures if isinstance(failure, LinkDown))
    down = frozenset(failure.node for failure in failures if isinstance(failure, NodeDown))
    links = f"Links: {', '.join(link_label(link) for link in topology.links)}."
    words = " ".join([links, *failures_in_words(topology, cut, down)])
    return Picture(draw(topology, Marks(cut=cut, down=down), label=words), title, words, caption)


def image(svg: Element, words: str) -> Element:
    """The drawing as an image that any page may show, described by `words`."""
    source = f"data:image/svg+xml;base64,{b64encode(standalone(svg).encode()).decode()}"
    if "style" not in svg.attributes:
        return framed(source, words)
    # A network: the page gives the image an upright shape where there is little room, and so it turns by itself.
    kind = svg.attributes["class"].removeprefix("nl-net ")
    return whole(element("img", src=source, alt=words, class_=kind, style=svg.attributes["style"]))


def whole(drawn: Element) -> Element:
    """What is always seen as a whole: a network, which stands upright where there is little room."""
    return element("div", drawn, class_="nl-whole")


def framed(source: str, words: str) -> Element:
    """An image that keeps a readable size: on a narrow screen it moves sideways, by finger or by arrow keys."""
    return sideways(element("img", src=source, alt=words))


def slim(svg: Element, words: str) -> Element:
    """The image of a drawing that is no wider than a phone: it is not made larger than it can be read."""
    return element("div", image(svg, words), class_="nl-slim")


def sideways(drawn: Element, label: str = "Picture", class_: str = "nl-scroll") -> Element:
    """What keeps its size, and moves sideways where there is no room for it."""
    return element("div", drawn, class_=class_, tabindex=0, role="group", aria_label=label)


def standalone(svg: Element) -> str:
    """The drawing as a file of its own: with its style, and without what only a live figure needs."""
    return replace(svg, children=(element("style", _style(svg.classes())), *svg.children)).without_keys()


@cache
def stylesheet(name: str) -> str:
    """One of the library's style sheets, by its path in it."""
    return (files("netlearn") / name).read_text(encoding="utf-8")


@cache
def _style(classes: frozenset[str]) -> str:
    """The rules and the colours of a drawing that has these classes: what is about others only weighs."""
    sheets = (name for name, part in (DRAWN | ALONE).items() if part in classes)
    rules = re.sub(r"/\*.*?\*/", "", "".join(map(stylesheet, sheets)), flags=re.DOTALL).replace(NARROW, UPRIGHT)
    rules = _RULE.sub(lambda rule: rule[0] if _is_about(rule[1], classes) else "", rules)
    rules = re.sub(r"@media[^{}]*\{\s*\}", "", rules)
    some = {"var(--nl-instance-": INSTANCES, "var(--nl-worry": HEAT}
    colours = variables() + "".join(variables(few) for used, few in some.items() if used in rules)
    return " ".join(line.strip() for line in (colours + rules).splitlines() if line.strip())


def _is_about(selectors: str, classes: frozenset[str]) -> bool:
    """Whether one of a rule's selectors may find something: whatever stands in brackets may be so or not."""
    while (bare := re.sub(r"\([^()]*\)", "", selectors)) != selectors:
        selectors = bare
    return any(classes.issuperset(re.findall(r"\.([\w-]+)", each)) for each in selectors.split(","))
