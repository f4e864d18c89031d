"""A sweep on the drawing of its network, and as a table of what weighs most."""

from dataclasses import replace

from netlearn.drawing.heat import Heat, Part, step_of
from netlearn.drawing.layout import lay_out
from netlearn.drawing.markup import Element, element
from netlearn.drawing.network import Marks, draw
from netlearn.drawing.tables import panel, row
from netlearn.failures.sweep import Failed
from netlearn.figures.what_if.words import Single, name_of
from netlearn.network.topology import Topology

AROUND = 4.0  # a node's rim grows so much
SIGN = 46.0  # for one on a link
NOTE = 52.0  # the room for a sign beside a node
MOST_SIGNED = 30  # links; of more only those that must not fail have a sign
SHOWN = 6  # in the ranking
HEADS = ("If this fails next", "Lost", "Longer", "by in all", "Changed")


def heat_of(failures: Single, signed: bool = True) -> dict[Part, Heat]:
    """How each failure is drawn: what is longer by how thick it is, and what is lost by being broken.

    Unless `signed`, only losses have a sign.
    """
    most = max((each.total for each in failures), default=0)
    return {
        ("node" if each.kind == "node" else "link", each.failed[0]): Heat(
            step_of(each.total, most), _sign(each, signed), each.lost > 0
        )
        for each in failures
    }


def _sign(failed: Failed, signed: bool) -> str:
    if failed.lost:
        return f"−{failed.lost:,}"
    return f"+{failed.total:,}" if signed and failed.total else ""


def heated(topology: Topology, failures: Single, marks: Marks, *, live: bool, label: str) -> Element:
    """The network with how much each failure would do: a sign on each link, and beside each node that must not fail."""
    layout = lay_out(topology, AROUND, {node.name: NOTE for node in topology.nodes}, SIGN)
    return draw(topology, marked(topology, failures, marks), live=live, label=label, layout=layout)


def marked(topology: Topology, failures: Single, marks: Marks) -> Marks:
    """The marks with how much each failure would do, and what that is called beside each node that must not fail."""
    heat = heat_of(failures, len(topology.links) <= MOST_SIGNED)
    signs = {each.failed[0]: f"\u00a0−{each.lost:,}\u00a0" for each in failures if each.kind == "node" and each.lost}
    told = dict.fromkeys(signs, "nl-tells")
    return replace(marks, notes=signs, alarms=frozenset(signs), tints=told, heat=heat)


def ranking(topology: Topology, failures: Single, caption: str, most: int = SHOWN) -> Element:
    """Those that weigh most, first, in a table that has so many rows whatever has failed."""
    rows = []
    for place in range(most):
        name, cells = "–", ("–",) * 4
        if place < len(failures):
            each = failures[place]
            name = name_of(topology, each)
            cells = (f"{each.lost:,}", f"{each.longer:,}", f"{each.total:,}", f"{each.changed:,}")
        about = element("span", name, key=("ranked", str(place)))
        rows.append(row(about, *cells, changing=("rank", str(place))))
    return panel(caption, HEADS, rows, "nl-ranking")
