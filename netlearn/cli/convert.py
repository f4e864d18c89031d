"""`netlearn convert`: a network's file in another form."""

import argparse
from collections.abc import Iterator
from pathlib import Path

from netlearn.cli.arguments import BadArgument, Commands, add_network, read_network
from netlearn.cli.output import counted
from netlearn.network.formats.graphml import to_graphml
from netlearn.network.nodelink import to_json
from netlearn.network.topology import Topology

TEXTS = {".json": to_json, ".graphml": to_graphml}  # which need nothing but the library
WRITTEN = (".json", ".graphml", ".gml", ".gexf")


def add_parser(commands: Commands) -> None:
    words = "a network's file in another form, which the new file's ending says"
    parser = commands.add_parser("convert", help=words, allow_abbrev=False)
    add_network(parser, metavar="IN")
    parser.add_argument("out", metavar="OUT", help=f"the file to write; it ends in {', '.join(WRITTEN)}")
    parser.set_defaults(texts=texts)


def texts(given: argparse.Namespace) -> Iterator[str]:
    reading, out = read_network(given), Path(given.out)
    write(reading.topology, out)
    what = counted(len(reading.topology.nodes), "node"), counted(len(reading.topology.links), "link")
    said = f"{given.network} ({reading.form}) is written to {given.out}: {', '.join(what)}"
    yield "\n".join([said, *(f"Note: {note}." for note in reading.notes)])


def write(topology: Topology, out: Path) -> None:
    """Write the topology in the form that the file's ending says; raises `BadArgument` if that is none, or fails."""
    form = out.suffix.casefold()
    if form not in WRITTEN:
        raise BadArgument(f"{out} ends in none of {', '.join(WRITTEN)}, which say in which form it is written")
    try:
        if text := TEXTS.get(form):
            out.write_text(text(topology), encoding="utf-8")
            return
        from netlearn import graph

        writers = {".gml": graph.write_gml, ".gexf": graph.write_gexf}
        writers[form](topology, out)
    except ModuleNotFoundError:
        raise BadArgument(
            f"{out}: {form[1:]} is written by networkx, which is not installed; JSON and GraphML need nothing"
        ) from None
    except (OSError, ValueError) as reason:
        raise BadArgument(f"{out} cannot be written: {getattr(reason, 'strerror', None) or reason}") from None
