"""What routers do when links and routers fail: see it, change it, check it.

The names below are the whole library in the order of its ideas: a network is a value, a failure makes another one,
each router computes its own shortest paths, and a packet meets one table after another. They need nothing but the
standard library. `netlearn.graph` (networkx), `netlearn.plot` (matplotlib) and `netlearn.widgets` (Jupyter) are
imported by name.
"""

from netlearn.errors import AmbiguousLink, BadNetwork, NetlearnError, UnknownName
from netlearn.fib import Fib, converged_fib, converged_fibs
from netlearn.forwarding import Hop, Outcome, Walk, flow_between, shares, walk
from netlearn.networks import CASE_1, CASE_2, CASE_3, forum, load
from netlearn.nodelink import from_json, to_json
from netlearn.packet import Flow, Packet
from netlearn.rib import Rib, Route, compute_rib
from netlearn.spf import NextHop, ShortestPaths, path_count, paths, shortest_paths
from netlearn.topology import Announcement, Link, LinkDown, Node, NodeDown, Topology

__version__ = "0.1.0"

__all__ = [
    "CASE_1",
    "CASE_2",
    "CASE_3",
    "AmbiguousLink",
    "Announcement",
    "BadNetwork",
    "Fib",
    "Flow",
    "Hop",
    "Link",
    "LinkDown",
    "NetlearnError",
    "NextHop",
    "Node",
    "NodeDown",
    "Outcome",
    "Packet",
    "Rib",
    "Route",
    "ShortestPaths",
    "Topology",
    "UnknownName",
    "Walk",
    "compute_rib",
    "converged_fib",
    "converged_fibs",
    "flow_between",
    "forum",
    "from_json",
    "load",
    "path_count",
    "paths",
    "shares",
    "shortest_paths",
    "to_json",
    "walk",
]
