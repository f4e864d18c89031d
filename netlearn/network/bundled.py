"""The networks that come with the book, real networks by name, and networks from files.

`forum` is the network that was drawn with the question: two hosts and seven routers, every metric 1.
"""

from importlib.resources import files
from pathlib import Path
from warnings import warn

from netlearn.errors import BadNetwork, UnknownName, listed, naming, possible, shown, suggestion
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.metrics import PLAIN
from netlearn.network.formats.table import Reading
from netlearn.network.nodelink import from_json
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.real import missing, names_in, read_real
from netlearn.network.topology import Topology

CASE_1: tuple[Failure, ...] = (LinkDown("R2-End"),)
"""The first failure that was drawn with the question: the last link of the shortest path.

>>> path_count(forum().without(*CASE_1), "Source", "End")
3
"""
CASE_2: tuple[Failure, ...] = (NodeDown("R2"),)
"""The second: the router in the middle.

>>> list(paths(forum().without(*CASE_2), "Source", "End"))
[('Source', 'R1', 'R3', 'R4', 'End')]
"""
CASE_3: tuple[Failure, ...] = (LinkDown("R2-End"), LinkDown("R1-R2"), NodeDown("R3"))
"""The third: two links and a router at once.

>>> list(paths(forum().without(*CASE_3), "Source", "End"))
[('Source', 'R1', 'R5', 'R6', 'R7', 'End')]
"""
LARGEST_MB = 64  # of a file; 100,000 routers take less
_BUNDLED = files("netlearn") / "data" / "networks"


class ReadingWarning(UserWarning):
    """What somebody who has the file would not expect of the network that was read from it.

    >>> issubclass(ReadingWarning, UserWarning)
    True
    """


def names() -> tuple[str, ...]:
    """The names of the book's own networks."""
    return tuple(names_in(_BUNDLED))


def forum() -> Topology:
    """Hosts `Source` and `End`, routers `R1` to `R7`, all metrics 1: the network of the three cases.

    >>> forum().routers
    ('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7')
    """
    return bundled("forum")


def bundled(name: str) -> Topology:
    """The bundled network of that name, or `UnknownName`."""
    if name not in names():
        raise UnknownName(f"there is no bundled network {name!r}; there are {possible(names(), name)}")
    return from_json((_BUNDLED / f"{name}.json").read_text(encoding="utf-8"))


def load(network: str | Path, metric: str | None = None, undirected: bool = False) -> Topology:
    """A network of the book or a real one by its name, or the network in a file of any form that `read` knows.

    What `read` tells in notes comes as warnings here. Raises as `read` does.

    >>> load("topozoo/Abilene").node("Chicago")
    Node(name='Chicago', kind='router', address=None, x=-87.65, y=-41.85)
    """
    found = read(network, metric, undirected)
    for note in found.notes:
        warn(f"{network}: {note}", ReadingWarning, stacklevel=2)
    return found.topology


def read(network: str | Path, metric: str | None = None, undirected: bool = False) -> Reading:
    """A network by its name, or the network in a file, with what was guessed, scaled and left out.

    A name is a bundled network's, as `forum`, or a real one's: `topozoo/Abilene` is of the Internet Topology Zoo,
    `sndlib/germany50` of SNDlib. Some of the Zoo's come with the book; the others need the package topohub. Their links
    have metric 1, and their lengths in kilometres under `dist`.

    A file is told by what it holds: node-link JSON, GraphML, SNDlib's JSON, NetJSON, containerlab's YAML, GML or GEXF.
    `metric` names the key under which edges have their metric: numbers are made whole by one factor for the network,
    of a capacity the metric is the reciprocal (`1/KEY` for a key that is not known as one), and `"1"` gives each link
    metric 1. `undirected` says that each edge of a directed file is both directions.
    Raises `UnknownName` when there is no such network, and `BadNetwork`, which names the file, when it holds none.

    >>> read("forum").form
    'a bundled network'
    """
    if isinstance(network, str) and network in names():
        if metric not in (None, "metric", "1"):
            raise BadNetwork(f"{network} is a bundled network, whose links have metric, and not {shown(metric)}")
        return Reading(bundled(network), "a bundled network", PLAIN)
    from netlearn.network.formats.content import table_of  # loaded only where there is a file

    def absent() -> str:
        near, name = suggestion(str(network), names()), str(network) or repr(network)
        return missing(str(network)) or f"{name} is neither a bundled network ({listed(names())}) nor a file{near}"

    path = Path(network)
    with naming(network, absent, BadNetwork):
        if not str(network):
            raise FileNotFoundError  # of which a path would make this folder
        real = read_real(network, metric, undirected) if isinstance(network, str) else None
        return real or assembled(table_of(content_of(path, "a network")), metric, undirected)


def from_elements(root: object, metric: str | None = None, undirected: bool = False) -> Reading:
    """The network in GraphML or GEXF that somebody else has parsed, as a web page does, whose Python has no parser.

    An element is an object: its `tag` without a namespace, its `attributes`, its `text`, and its `children`, of which
    what is empty may be left out. Raises `BadNetwork`.

    >>> nodes = [{"tag": "node", "attributes": {"id": name}} for name in "AB"]
    >>> from_elements({"tag": "graphml", "children": [{"tag": "graph", "children": nodes}]}).topology.routers
    ('A', 'B')
    """
    from netlearn.network.formats.content import table_of_xml
    from netlearn.network.formats.elements import from_plain

    return assembled(table_of_xml(from_plain(root)), metric, undirected)


def content_of(path: Path, what: str) -> bytes:
    """What the file holds, up to a limit: some files, such as /dev/zero, have no end."""
    with path.open("rb") as file:
        content = file.read(LARGEST_MB * 10**6 + 1)
    if len(content) > LARGEST_MB * 10**6:
        raise BadNetwork(f"the file of {what} has at most {LARGEST_MB} MB, and this one has more")
    return content
