"""What stands between a file and a network: its rows, and in the end the network with what was made of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from netlearn.network.spelling import Data
from netlearn.network.topology import Topology

NODE_LINK = "node-link JSON"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file says of nodes and edges, in rows with the keys of node-link JSON; nothing is checked yet.

    `one_way` says for each edge whether it is one direction only, or for all of them alike; `None` is a form that does
    not tell. `notes` is what was left out already.
    """

    form: str
    nodes: Sequence[Data]
    edges: Sequence[Data]
    one_way: Sequence[bool] | bool | None = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A network as it was read: in which form it stood, what its metrics are, what was guessed, scaled and left out.

    `notes` is a sentence for each thing that somebody who has the file would not expect; often there is none. `source`
    is the publication that a real network is from, `None` for any other.

    >>> read("forum").notes
    ()
    """

    topology: Topology
    form: str
    metrics: str
    notes: tuple[str, ...] = ()
    source: str | None = None
