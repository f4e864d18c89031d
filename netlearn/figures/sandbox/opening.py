"""What the reader may begin with: networks of a known shape, real ones, and those in files."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from netlearn.errors import BadNetwork
from netlearn.figures.sandbox.exercises import ADDRESS, Verdict, judge
from netlearn.figures.sandbox.scene import Scene, exercise_of, rows_of
from netlearn.network.bundled import forum, from_elements
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.content import table_of_text, table_of_xml
from netlearn.network.formats.elements import from_xml
from netlearn.network.parts import LinkDown, NodeDown
from netlearn.network.real import read_real
from netlearn.network.shapes import fat_tree, full_mesh, ladder, leaf_spine, ring, tree
from netlearn.network.topology import Topology, host_prefix
from netlearn.routing.anycast import place
from netlearn.routing.packet import as_address

LARGEST = 8_000_000  # letters of a file as a page hands it on
FILES = ".json,.graphml,.xml,.gexf,.gml,.yaml,.yml"
EXERCISE = "exercise:"  # before the name of one
MARK = '{"tag":'  # begins the elements of XML that a page has parsed


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

    XML comes as the elements that a page has parsed (`from_elements`). Raises `BadNetwork` for what is none of them,
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


def _read(text: str) -> Topology:
    if len(text) > LARGEST:
        raise BadNetwork(f"the file is larger than the {LARGEST:,} letters that are read here")
    try:
        if text.startswith(MARK):
            return from_elements(json.loads(text)).topology
        text = text.removeprefix("\ufeff")  # with which Windows editors begin a file
        return assembled(
            table_of_xml(from_xml(text)) if text.lstrip().startswith("<") else table_of_text(text)
        ).topology
    except ImportError:
        way = "netlearn convert, on the command line, makes JSON of it"
        raise BadNetwork(f"a page reads no YAML; {way}") from None
    except (RecursionError, json.JSONDecodeError) as reason:
        raise BadNetwork(f"this is no network: {reason}") from None
