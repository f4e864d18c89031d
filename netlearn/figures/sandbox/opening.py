"""What the reader may begin with: networks of a known shape, real ones, and those in files."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from netlearn.errors import BadNetwork
from netlearn.figures.sandbox.exercises import ADDRESS, Verdict, judge
from netlearn.figures.sandbox.scene import Scene, exercise_of, rows_of
from netlearn.network.bundled import forum
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.content import table_of_text, table_of_xml
from netlearn.network.formats.elements import from_plain, from_xml
from netlearn.network.formats.metrics import EACH_ONE
from netlearn.network.formats.table import Table
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.real import read_real
from netlearn.network.shapes import fat_tree, full_mesh, ladder, leaf_spine, ring, tree
from netlearn.network.spelling import Data, number
from netlearn.network.topology import Topology, host_prefix
from netlearn.routing.anycast import place
from netlearn.routing.packet import as_address

LARGEST = 8_000_000  # letters of a file as a page hands it on
FILES = ".json,.graphml,.xml,.gexf,.gml,.yaml,.yml"
EXERCISE = "exercise:"  # before the name of one
MARK = '{"tag":'  # begins the elements of XML that a page has parsed
METRIC = "metric:"  # before the key under which a file has its metrics, and a new line, and the file
NO_METRICS = {"source", "target", "id", "key", "x", "y"}  # keys of edges whose numbers say something else


class Preset(NamedTuple):
    """A network to begin with, and what it is called."""

    words: str
    make: Callable[[], Topology]


def _real(name: str) -> Callable[[], Topology]:
    def make() -> Topology:
        found = read_real(name, None, False)
        assert found is not None, "it comes with the library"
        return found.topology

    return make


PRESETS = {
    "forum": Preset("the book’s network", forum),
    "ring": Preset("a ring", ring),
    "mesh": Preset("a full mesh", full_mesh),
    "ladder": Preset("a ladder", ladder),
    "tree": Preset("a tree", tree),
    "leaf-spine": Preset("a data centre: leaves and spines", leaf_spine),
    "fat-tree": Preset("a data centre: a fat tree", fat_tree),
    "Abilene": Preset("Abilene, the United States", _real("topozoo/Abilene")),
    "Geant2012": Preset("GÉANT, Europe", _real("topozoo/Geant2012")),
    "Dfn": Preset("DFN, Germany", _real("topozoo/Dfn")),
    "TataNld": Preset("Tata, India: 143 routers", _real("topozoo/TataNld")),
}


def opened(words: str) -> dict[str, Any]:
    """What the reader has set once another network is there: by the name of a preset or an exercise, or a file's text.

    XML comes as the elements that a page has parsed (`from_plain`). A file whose links have no metric has 1 for each,
    unless `METRIC` says under which key they are. Raises `BadNetwork` for what is none of them,
    and for a network that the sheet has no room for.
    """
    if words.startswith(EXERCISE):
        exercise = exercise_of(words.removeprefix(EXERCISE))
        failures = exercise.failures or ()
        cut = [each.link for each in failures if isinstance(each, LinkDown)]
        down = [each.node for each in failures if isinstance(each, NodeDown)]
        show = "catchments" if exercise.instances else "sweep" if exercise.cables else "paths"
        more = {"cut": cut, "down": down, "show": show, "exercise": exercise.name}
        return _state(exercise.start, **more)
    return _state(PRESETS[words].make() if words in PRESETS else _read(words))


def _state(topology: Topology, **more: Any) -> dict[str, Any]:
    """All that the reader sets, as plain data: the network, and the rest as it is at first unless it is given."""
    nodes, links = rows_of(topology)
    held = tuple(given.node for given in topology.announcements if given.prefix == host_prefix(as_address(ADDRESS)))
    return {**Scene(nodes, links, anycast=held).chosen(), **more}


def checked(scene: Scene) -> Verdict | None:
    """Whether the scene's network does what its exercise asks, once that is asked."""
    if not scene.exercise:
        return None
    return judge(exercise_of(scene.exercise), announced(scene), scene.failures)


def announced(scene: Scene) -> Topology:
    """The scene's network with the anycast address on the routers that have it."""
    return place(scene.topology, ADDRESS, scene.anycast) if scene.anycast else scene.topology


def keys_of(words: str) -> list[tuple[str, str]]:
    """Of a file whose links have numbers, and none that is called metric: what asks for these, and how it is said."""
    if words in PRESETS or words.startswith(EXERCISE):
        return []
    edges = _table(words).edges
    if _has_metrics(edges):
        return []
    keys = [key for key in (edges[0] if edges else ()) if key not in NO_METRICS and "\n" not in str(key)]
    numeric = [key for key in keys if all((number(edge.get(key)) or 0) > 0 for edge in edges)]
    named = {EACH_ONE: "are 1 each", **{key: f"are its numbers under {key}" for key in numeric}}
    return [(f"{METRIC}{key}\n", said) for key, said in named.items()] if numeric else []


def _has_metrics(edges: Sequence[Data]) -> bool:
    return any("metric" in edge or "metric_back" in edge for edge in edges)


def _read(words: str) -> Topology:
    table = _table(words)
    asked = words.removeprefix(METRIC).partition("\n")[0] if words.startswith(METRIC) else None
    return assembled(table, asked or (None if _has_metrics(table.edges) else EACH_ONE)).topology


def _table(words: str) -> Table:
    """The rows of a file."""
    if len(words) > LARGEST:
        raise BadNetwork(f"the file is larger than the {LARGEST:,} letters that are read here")
    text = words.partition("\n")[2] if words.startswith(METRIC) else words
    text = text.removeprefix("\ufeff")  # with which Windows editors begin a file
    try:
        if text.startswith(MARK):
            return table_of_xml(from_plain(json.loads(text)))
        return table_of_xml(from_xml(text)) if text.lstrip().startswith("<") else table_of_text(text)
    except ImportError:
        way = "netlearn convert, on the command line, makes JSON of it"
        raise BadNetwork(f"a page reads no YAML; {way}") from None
    except (RecursionError, json.JSONDecodeError) as reason:
        raise BadNetwork(f"this is no network: {reason}") from None
