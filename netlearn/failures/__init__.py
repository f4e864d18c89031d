"""Every failure at once: what each link and each node would do to shortest paths if it failed.

Not every failure is tried by computing all paths again: only the pairs of nodes that it touches are looked at.

>>> sweep(forum()).single_points
('Source-R1', 'R1')
"""

from netlearn.failures.demands import Demand, demands_from_json, read_demands
from netlearn.failures.meanwhile import Kept, Meanwhile
from netlearn.failures.sweep import Failed, Sweep, sweep
from netlearn.failures.traffic import Load, Moved

__all__ = [
    "Demand", "Failed", "Kept", "Load", "Meanwhile", "Moved", "Sweep", "demands_from_json", "read_demands", "sweep",
]  # fmt: skip
