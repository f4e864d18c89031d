"""What the reader may begin with: networks of a known shape, real ones, and those in files."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from netlearn.errors import BadNetwork
from netlearn.figures.sandbox.scene import rows_of
from netlearn.network.bundled import forum, from_elements
from netlearn.network.formats.assemble import assembled
from netlearn.network.formats.content import table_of
from netlearn.network.real import read_real
from netlearn.network.shapes import fat_tree, full_mesh, ladder, leaf_spine, ring, tree
from netlearn.network.topology import Topology

LARGEST = 8_000_000  # letters of a file as a page hands it on
FILES = ".json,.graphml,.xml,.gexf,.gml,.yaml,.yml"
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
    "forum": Preset("the book's network", forum),
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


def opened(words: str) -> Mapping[str, tuple[tuple[Any, ...], ...]]:
    """The rows of a network by the name of a preset, or in the text of a file.

    XML comes as the elements that a page has parsed (`from_elements`). Raises `BadNetwork` for what is neither, and for
    a network that the sheet has no room for.
    """
    nodes, links = rows_of(PRESETS[words].make() if words in PRESETS else _read(words))
    return {"nodes": nodes, "links": links}


def _read(text: str) -> Topology:
    if len(text) > LARGEST:
        raise BadNetwork(f"the file is larger than the {LARGEST:,} letters that are read here")
    try:
        if text.startswith(MARK):
            return from_elements(json.loads(text)).topology
        return assembled(table_of(text.encode(errors="replace"))).topology
    except ImportError:
        way = "netlearn convert, on the command line, makes JSON of it"
        raise BadNetwork(f"a page reads no YAML; {way}") from None
    except (RecursionError, json.JSONDecodeError) as reason:
        raise BadNetwork(f"this is no network: {reason}") from None
