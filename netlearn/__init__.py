"""What routers do when links and routers fail: see it, change it, check it.

The names below are the whole library in the order of its ideas: a network is a value, a failure makes another one,
each router computes its own shortest paths, a packet meets one table after another, and a trace tells what happened
in time. They need nothing but the standard library. `netlearn.graph` (networkx), `netlearn.plot` (matplotlib),
`netlearn.widgets` (Jupyter) and `netlearn.probe` (psutil), which looks at this machine's sockets, are imported by name.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from netlearn.errors import AmbiguousLink, BadNetwork, BadPrediction, BadQuiz, NetlearnError, UnknownName
from netlearn.network.bundled import CASE_1, CASE_2, CASE_3, forum, load
from netlearn.network.nodelink import from_json, to_json
from netlearn.network.parts import Announcement, Link, LinkDown, Node, NodeDown
from netlearn.network.topology import Topology
from netlearn.routing.anycast import Catchments, catchments, place
from netlearn.routing.fib import Fib, converged_fib, converged_fibs
from netlearn.routing.forwarding import Hop, Outcome, Walk, flow_between, shares, walk
from netlearn.routing.interfaces import Interfaces, interfaces
from netlearn.routing.lfa import alternates
from netlearn.routing.packet import Flow, Packet
from netlearn.routing.rib import Rib, Route, compute_rib
from netlearn.routing.spf import NextHop, ShortestPaths, path_count, paths, shortest_paths

if TYPE_CHECKING:
    from netlearn.convergence.connections import Connection, catchments_at, open_connections
    from netlearn.convergence.event import (
        Announce,
        At,
        DaemonDown,
        LinkUp,
        Maintenance,
        NodeUp,
        ServiceDown,
        ServiceUp,
        Withdraw,
    )
    from netlearn.convergence.outage import outages_between
    from netlearn.convergence.session import keep_session
    from netlearn.convergence.simulation import simulate
    from netlearn.convergence.timers import Timers
    from netlearn.convergence.trace import Trace
    from netlearn.convergence.traffic import Traffic, send
    from netlearn.failures.sweep import sweep
    from netlearn.host import Listener, Scope, Snapshot, Socket

__version__ = "0.1.0"

# In the order of the docstring: networks, mistakes, shortest paths, tables and packets, time, anycast and sockets.
__all__ = ["CASE_1", "CASE_2", "CASE_3", "Announcement", "Link", "LinkDown", "Node", "NodeDown", "Topology"]
__all__ += ["forum", "from_json", "load", "to_json"]
__all__ += ["AmbiguousLink", "BadNetwork", "BadPrediction", "BadQuiz", "NetlearnError", "UnknownName"]
__all__ += ["NextHop", "Rib", "Route", "ShortestPaths", "alternates", "compute_rib", "path_count", "paths"]
__all__ += ["shortest_paths"]
__all__ += ["Fib", "Flow", "Hop", "Outcome", "Packet", "Walk"]
__all__ += ["converged_fib", "converged_fibs", "flow_between", "shares", "walk"]
__all__ += ["Announce", "At", "DaemonDown", "LinkUp", "Maintenance", "NodeUp", "ServiceDown", "ServiceUp", "Withdraw"]
__all__ += ["Connection", "Timers", "Trace", "Traffic", "catchments_at", "keep_session", "open_connections"]
__all__ += ["outages_between", "send", "simulate", "sweep"]
__all__ += ["Catchments", "Interfaces", "Listener", "Scope", "Snapshot", "Socket", "catchments", "interfaces", "place"]

# What needs more than the standard library; everything else is pure, and runs in a web page as well.
EDGES = ("__main__", "cli", "figures.common.jupyter", "graph", "lab", "plot", "probe", "widgets")


def __getattr__(name: str) -> Any:
    """A name of another room, looked up when used: a page whose figure needs none of them need not wait for it."""
    if name not in __all__:
        raise AttributeError(f"module 'netlearn' has no attribute {name!r}")
    of_host = name in ("Listener", "Scope", "Snapshot", "Socket")
    room = "host" if of_host else "failures" if name == "sweep" else "convergence"
    return getattr(import_module(f"netlearn.{room}"), name)
