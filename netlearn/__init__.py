"""What routers do when links and routers fail: see it, change it, check it.

The names below are the whole library in the order of its ideas: a network is a value, a failure makes another one,
each router computes its own shortest paths, a packet meets one table after another, and a trace tells what happened
in time. They need nothing but the
standard library. `netlearn.graph` (networkx), `netlearn.plot` (matplotlib), `netlearn.widgets` (Jupyter) and
`netlearn.probe` (psutil), which looks at this machine's sockets, are imported by name.
"""

from typing import TYPE_CHECKING, Any

from netlearn.errors import AmbiguousLink, BadNetwork, BadQuiz, NetlearnError, UnknownName
from netlearn.fib import Fib, converged_fib, converged_fibs
from netlearn.forwarding import Hop, Outcome, Walk, flow_between, shares, walk
from netlearn.networks import CASE_1, CASE_2, CASE_3, forum, load
from netlearn.nodelink import from_json, to_json
from netlearn.packet import Flow, Packet
from netlearn.rib import Rib, Route, compute_rib
from netlearn.spf import NextHop, ShortestPaths, path_count, paths, shortest_paths
from netlearn.topology import Announcement, Link, LinkDown, Node, NodeDown, Topology

if TYPE_CHECKING:
    from netlearn.addresses import Interfaces, interfaces
    from netlearn.anycast import Catchments, catchments
    from netlearn.connections import Connection, catchments_at, open_connections
    from netlearn.event import Announce, At, DaemonDown, LinkUp, Maintenance, NodeUp, ServiceDown, ServiceUp, Withdraw
    from netlearn.scope import Scope
    from netlearn.simulation import simulate
    from netlearn.sockets import Listener, Snapshot, Socket
    from netlearn.timers import Timers
    from netlearn.trace import Trace
    from netlearn.traffic import Traffic, send

__version__ = "0.1.0"

__all__ = [
    "CASE_1",
    "CASE_2",
    "CASE_3",
    "AmbiguousLink",
    "Announce",
    "Announcement",
    "At",
    "BadNetwork",
    "BadQuiz",
    "Catchments",
    "Connection",
    "DaemonDown",
    "Fib",
    "Flow",
    "Hop",
    "Interfaces",
    "Link",
    "LinkDown",
    "LinkUp",
    "Listener",
    "Maintenance",
    "NetlearnError",
    "NextHop",
    "Node",
    "NodeDown",
    "NodeUp",
    "Outcome",
    "Packet",
    "Rib",
    "Route",
    "Scope",
    "ServiceDown",
    "ServiceUp",
    "ShortestPaths",
    "Snapshot",
    "Socket",
    "Timers",
    "Topology",
    "Trace",
    "Traffic",
    "UnknownName",
    "Walk",
    "Withdraw",
    "catchments",
    "catchments_at",
    "compute_rib",
    "converged_fib",
    "converged_fibs",
    "flow_between",
    "forum",
    "from_json",
    "interfaces",
    "load",
    "open_connections",
    "path_count",
    "paths",
    "send",
    "shares",
    "shortest_paths",
    "simulate",
    "to_json",
    "walk",
]


def __getattr__(name: str) -> Any:
    """The names of time, anycast and sockets, looked up when used: a page whose figure needs none need not wait."""
    match name:
        case "Interfaces" | "interfaces":
            from netlearn import addresses

            return getattr(addresses, name)
        case "Catchments" | "catchments":
            from netlearn import anycast

            return getattr(anycast, name)
        case "Connection" | "catchments_at" | "open_connections":
            from netlearn import connections

            return getattr(connections, name)
        case (
            "Announce"
            | "At"
            | "DaemonDown"
            | "LinkUp"
            | "Maintenance"
            | "NodeUp"
            | "ServiceDown"
            | "ServiceUp"
            | "Withdraw"
        ):
            from netlearn import event

            return getattr(event, name)
        case "Scope":
            from netlearn import scope

            return getattr(scope, name)
        case "Listener" | "Snapshot" | "Socket":
            from netlearn import sockets

            return getattr(sockets, name)
        case "simulate":
            from netlearn import simulation

            return getattr(simulation, name)
        case "Timers":
            from netlearn import timers

            return getattr(timers, name)
        case "Trace":
            from netlearn import trace

            return getattr(trace, name)
        case "Traffic" | "send":
            from netlearn import traffic

            return getattr(traffic, name)
        case _:
            raise AttributeError(f"module 'netlearn' has no attribute {name!r}")
