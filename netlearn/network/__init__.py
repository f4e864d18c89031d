"""A network as a value: its parts, the whole, files, and the networks that come with the book."""

from netlearn.network.bundled import CASE_1, CASE_2, CASE_3, forum, load
from netlearn.network.nodelink import from_data, from_json, to_data, to_json
from netlearn.network.parts import (
    MAX_METRIC,
    Address,
    Announcement,
    Arc,
    Failure,
    Link,
    LinkDown,
    Node,
    NodeDown,
    Prefix,
    host_prefix,
)
from netlearn.network.topology import Topology

__all__ = [
    "CASE_1", "CASE_2", "CASE_3", "MAX_METRIC", "Address", "Announcement", "Arc", "Failure", "Link", "LinkDown",
    "Node", "NodeDown", "Prefix", "Topology", "forum", "from_data", "from_json", "host_prefix", "load", "to_data",
    "to_json",
]  # fmt: skip
