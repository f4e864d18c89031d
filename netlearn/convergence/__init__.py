"""The network in time: what each router knows, how news spreads, what packets meet meanwhile.

`simulate` lets changes befall a network. Its answer, the `Trace`, is then asked: for every router's tables at any time,
for packets, connections and sessions.

>>> trace = simulate(forum(), [NodeDown("R2")])
>>> trace.converged_us, send(trace, "Source", "End").lost
(57300, 384)
"""

from netlearn.convergence.connections import Connection, catchments_at, open_connections
from netlearn.convergence.event import (
    PHASES,
    Announce,
    At,
    Change,
    DaemonDown,
    Event,
    LinkUp,
    Maintenance,
    NodeUp,
    ServiceDown,
    ServiceUp,
    Withdraw,
)
from netlearn.convergence.loops import MicroLoop
from netlearn.convergence.outage import Outage, outages_between
from netlearn.convergence.router import TIMERS, TRANSITIONS, step
from netlearn.convergence.session import HoldTimers, Session, keep_session
from netlearn.convergence.simulation import simulate
from netlearn.convergence.state import Router
from netlearn.convergence.timers import DETECTIONS, Detection, Fixed, Rfc8405, Throttle, Timers
from netlearn.convergence.trace import Outages, Trace
from netlearn.convergence.traffic import TimedWalk, Traffic, send, tally

__all__ = [
    "DETECTIONS", "PHASES", "TIMERS", "TRANSITIONS", "Announce", "At", "Change", "Connection", "DaemonDown",
    "Detection", "Event", "Fixed", "HoldTimers", "LinkUp", "Maintenance", "MicroLoop", "NodeUp", "Outage", "Outages",
    "Rfc8405", "Router", "ServiceDown", "ServiceUp", "Session", "Throttle", "TimedWalk", "Timers", "Trace",
    "Traffic", "Withdraw", "catchments_at", "keep_session", "open_connections", "outages_between", "send",
    "simulate", "step", "tally",
]  # fmt: skip
