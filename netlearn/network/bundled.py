"""The networks that come with the book, and networks from files.

`forum` is the network that was drawn with the question: two hosts and seven routers, every metric 1.
"""

from importlib.resources import files
from pathlib import Path

from netlearn.errors import BadNetwork, NetlearnError, UnknownName, listed, possible, suggestion
from netlearn.network.nodelink import from_json
from netlearn.network.parts import Failure, LinkDown, NodeDown
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


def names() -> tuple[str, ...]:
    """The names of the bundled networks."""
    return tuple(sorted(file.name.removesuffix(".json") for file in _BUNDLED.iterdir() if file.name.endswith(".json")))


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


def load(network: str | Path) -> Topology:
    """A bundled network by its name, or the network in a file: node-link JSON.

    Raises `UnknownName` when there is neither, and `BadNetwork`, which names the file, when it holds no network.

    >>> load("forum") == forum()
    True
    """
    if isinstance(network, str) and network in names():
        return bundled(network)
    path = Path(network)
    try:
        if path.suffix.casefold() == ".graphml":
            raise BadNetwork("GraphML is read by netlearn.graph.read_graphml, which needs networkx")
        return from_json(_read(path).decode("utf-8-sig"))  # Windows editors begin a file with a mark
    except FileNotFoundError:
        near = suggestion(str(network), names())
        raise UnknownName(f"{network} is neither a bundled network ({listed(names())}) nor a file{near}") from None
    except OSError as reason:
        raise BadNetwork(f"{path} cannot be read: {reason.strerror or reason}") from None
    except UnicodeDecodeError:
        raise BadNetwork(f"{network} is not a text file in UTF-8") from None
    except NetlearnError as reason:
        raise type(reason)(f"{network}: {reason}") from None
    except ValueError as reason:  # a name that no file can have
        raise UnknownName(f"{network!r} is no file's name: {reason}") from None


def _read(path: Path) -> bytes:
    """What the file holds, up to a limit: some files, such as /dev/zero, have no end."""
    with path.open("rb") as file:
        content = file.read(LARGEST_MB * 10**6 + 1)
    if len(content) > LARGEST_MB * 10**6:
        raise BadNetwork(f"the file of a network has at most {LARGEST_MB} MB, and this one has more")
    return content
