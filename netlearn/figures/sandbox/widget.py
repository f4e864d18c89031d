"""The sandbox: the reader's own network, drawn, broken and shared."""

from typing import Any

from netlearn.figures.common.live import Figure, Parts
from netlearn.figures.sandbox.scene import Scene, cases, rows_of
from netlearn.figures.sandbox.view import body, change, show, still, told, words
from netlearn.network.topology import Topology


class Sandbox(Figure[Scene]):
    """A network that the reader draws, breaks and shares; at first it is `topology`, or the book's own.

    `nodes` are rows of name, kind, x and y, `links` rows of name, both ends and the metrics there and back; places are
    units of a sheet 800 wide. `cut` and `down` fail, the flows go from `source` to `destination` (an empty name: the
    first and the last host or node), `anycast` are the routers that have one address together. `show` is `paths`,
    `sweep`, `catchments` or `run`; of a run `detect` says how failures are noticed, `timers` (`rfc` or `frr`) how long
    routers wait, `lfa` whether alternates are ready, and `repaired` whether all is repaired after a minute. `exercise`
    is the name of one that is asked. All of it follows the reader, and is all that a link holds.

    A static page answers at once to the untouched figure and every single failure in it. Raises `NetlearnError`, or one
    of its kinds, for what cannot be, also when a trait is set to it later; the figure then stays as it was.

    >>> figure = Sandbox()
    >>> figure.nodes = [*figure.nodes, ("R8", "router", 640, 60)]
    >>> figure.view["pieces"]["title"]
    '<p class="nl-title" data-key="title">Source to End: one shortest path, via R1 and R2</p>'
    """

    fold = "The exercises"
    made_of = Parts(show, body, still, words, cases, told)
    change = staticmethod(change)

    def __init__(self, topology: Topology | None = None, **more: Any) -> None:
        rows = zip(("nodes", "links"), rows_of(topology) if topology else (), strict=False)
        super().__init__(**dict(rows) | more)
