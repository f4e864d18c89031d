"""The rules of routing, at rest: shortest paths, RIB, FIB, a packet's way, anycast, the addresses of interfaces.

Every router has computed from the same map and installed all of it. What happens on the way there is the room
`convergence`.

>>> tables = converged_fibs(forum())
>>> print(walk(tables, Packet(flow_between(forum(), "Source", "End")), "Source"))
Source → R1 → R2 → End: delivered
"""

from netlearn.routing.allpairs import AllPairs, all_pairs
from netlearn.routing.anycast import Catchments, catchments, catchments_of, place
from netlearn.routing.fib import Fib, converged_fib, converged_fibs, fibs_towards
from netlearn.routing.forwarding import Hop, Outcome, Walk, flow_between, flow_to, shares, walk
from netlearn.routing.interfaces import Interfaces, LinkEnd, answers, interfaces, tables
from netlearn.routing.lfa import Alternate, alternates, repairs
from netlearn.routing.packet import Flow, Packet, as_address, choice, flow_hash
from netlearn.routing.rib import Rib, Route, compute_rib
from netlearn.routing.spf import NextHop, ShortestPaths, first_paths, path_count, paths, shortest_paths

__all__ = [
    "AllPairs", "Alternate", "Catchments", "Fib", "Flow", "Hop", "Interfaces", "LinkEnd", "NextHop", "Outcome",
    "Packet", "Rib", "Route", "ShortestPaths", "Walk", "all_pairs", "alternates", "answers", "as_address",
    "catchments", "catchments_of", "choice", "compute_rib", "converged_fib", "converged_fibs",
    "fibs_towards", "first_paths", "flow_between", "flow_hash", "flow_to", "interfaces", "path_count",
    "paths", "place", "repairs", "shares", "shortest_paths", "tables", "walk",
]  # fmt: skip
