"""Every failure at once, on the network: how much each would do to shortest paths."""

from netlearn.drawing.network import Marks
from netlearn.drawing.still import Picture
from netlearn.failures.sweep import Sweep
from netlearn.figures.what_if.heat import heated
from netlearn.figures.what_if.words import claim, single, what_next


def heat_map(found: Sweep, caption: str = "") -> Picture:
    """The network of a sweep with what each link and node would do: the thicker, the longer all detours together.

    What would leave pairs without a path is broken into pieces, and its sign says how many. Pairs of failures are left
    out.

    >>> from netlearn.failures import sweep
    >>> heat_map(sweep(forum())).title
    '2 single points of failure; the worst is Source–R1'
    """
    failures = single(found)
    said = what_next(found.topology, failures)
    drawn = heated(found.topology, failures, Marks(), live=False, label=said)
    return Picture(drawn, claim(found.topology, failures), said, caption)
