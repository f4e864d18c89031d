"""Real networks by name, as `topozoo/Abilene`: a few come with the book, topohub has the others.

topohub is a package of networks that somebody has drawn; it is loaded only where one is asked for that does not come
with the book. A node is a place, and a link has its length in kilometres, which is not its metric unless that is said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from netlearn.errors import possible, suggestion
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.data import parsed, table_of_data
from netlearn.network.formats.table import Reading, Table
from netlearn.network.spelling import Data, said_of

LENGTH = "dist"  # the key of a link's length in kilometres, to two places
SHORTEST = 0.01  # of two places in one town topohub says 0, which is no metric
ONES = f'each link has metric 1; --metric {LENGTH} (in Python metric="{LENGTH}") takes its length in kilometres'
_BUNDLED = files("netlearn") / "data" / "networks"


@dataclass(frozen=True, slots=True)
class Collection:
    """Networks that were published together: what they are called, and where they are described."""

    called: str
    source: str


COLLECTIONS: Mapping[str, Collection] = {
    "topozoo": Collection(
        "the Internet Topology Zoo",
        "S. Knight, H. X. Nguyen, N. Falkner, R. Bowden, M. Roughan: The Internet Topology Zoo."
        " IEEE Journal on Selected Areas in Communications 29(9), 2011, doi:10.1109/JSAC.2011.111002",
    ),
    "sndlib": Collection(
        "SNDlib",
        "S. Orlowski, R. Wessäly, M. Pióro, A. Tomaszewski: SNDlib 1.0 - Survivable Network Design Library."
        " Networks 55(3), 2010, doi:10.1002/net.20371",
    ),
}


def names_in(folder: Traversable) -> list[str]:
    """The names of the networks whose files stand in the folder; without the folder there are none."""
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(file.name.removesuffix(".json") for file in found if file.name.endswith(".json"))


def bundled_names() -> list[str]:
    """The names of the real networks that come with the book."""
    return [f"{group}/{own}" for group in COLLECTIONS for own in names_in(_BUNDLED / group)]


def read_real(name: str, metric: str | None = None, undirected: bool = False) -> Reading | None:
    """The real network of that name; `None` if there is none, or topohub would have it and is not installed.

    Each link has metric 1, unless `metric` names the key to take it from.
    """
    group, _, own = name.partition("/")
    for folder in _folders(group):
        if own in names_in(folder):
            table = _table(parsed((folder / f"{own}.json").read_text(encoding="utf-8")), group, metric)
            found = replace(assembled(table, metric or "1", undirected), source=COLLECTIONS[group].source)
            return found if metric else replace(found, metrics=ONES)
    return None


def missing(name: str) -> str | None:
    """Why there is no real network of that name, with those that there are; `None` for a name of another kind."""
    group, slash, own = name.partition("/")
    if not slash or group not in COLLECTIONS:
        return None
    called, folders = COLLECTIONS[group].called, [names_in(folder) for folder in _folders(group)]
    if len(folders) == 1:
        near = suggestion(name, bundled_names())
        return (
            f"{name} does not come with the book; topohub has {called}, and is not installed: pip install topohub{near}"
        )
    return f"there is no {own!r} in {called}, as topohub has it; there are {possible(folders[-1], own)}"


def _folders(group: str) -> Iterator[Traversable]:
    """Where the collection's networks are: with the book, and in topohub if that is installed."""
    if group not in COLLECTIONS:
        return
    yield _BUNDLED / group
    try:
        import topohub
    except ModuleNotFoundError:
        return
    yield files(topohub) / "data" / group


def _table(data: Any, group: str, metric: str | None) -> Table:
    """The rows of a file in topohub's form or our own."""
    edges = data["edges"]
    short = sum(not edge[LENGTH] for edge in edges) if metric == LENGTH else 0
    if short:
        edges = [{**edge, LENGTH: edge[LENGTH] or SHORTEST} for edge in edges]
    one = "a link whose ends are in one place is read as {first} km long"
    several = f"{{count}} links whose ends are in one place are read as {SHORTEST} km long"
    notes = (said_of([str(SHORTEST)] * short, one, several),) if short else ()
    rows = {"nodes": [_node(each) for each in data["nodes"]], "edges": edges}
    return replace(table_of_data(rows), form=f"a network of {COLLECTIONS[group].called}", notes=notes)


def _node(given: Data) -> Data:
    """The node with topohub's words for its name and its place in those of the other forms."""
    if "pos" not in given:
        return given
    longitude, latitude = given["pos"]
    return {"id": given["id"], "label": given["name"], "longitude": longitude, "latitude": latitude}
