"""A network as a value: its parts, the whole, files, and the networks that come with the book.

A topology never changes. A failure makes another one, so that before and after can be compared.

>>> broken = forum().without(LinkDown("R2-End"))
>>> [arc.neighbour for arc in broken.arcs("End")]
['R4', 'R7']
"""

from netlearn.network.bundled import CASE_1, CASE_2, CASE_3, ReadingWarning, forum, from_elements, load, read
from netlearn.network.formats.table import Reading
from netlearn.network.nodelink import from_data, from_json, to_data, to_json
from netlearn.network.parts import MAX_METRIC, Address, Announcement, Failure, Link, LinkDown, Node, NodeDown, Prefix
from netlearn.network.topology import Arc, Topology, host_prefix

__all__ = [
    "CASE_1", "CASE_2", "CASE_3", "MAX_METRIC", "Address", "Announcement", "Arc", "Failure", "Link", "LinkDown",
    "Node", "NodeDown", "Prefix", "Reading", "ReadingWarning", "Topology", "forum", "from_data", "from_elements",
    "from_json", "host_prefix", "load", "read", "to_data", "to_json",
]  # fmt: skip
