"""What is not read: what it seems to be, so that whoever has it knows, with the list of what is read."""

import re
from collections.abc import Mapping

from netlearn.errors import BadNetwork

FORMS = (
    "node-link JSON (nodes, and edges or links)",
    "GraphML (as networkx, yEd, Gephi and the Topology Zoo write it)",
    "SNDlib's JSON",
    "NetJSON NetworkGraph",
    "containerlab's YAML",
    "GML",
    "GEXF",
)
_WITH_KEYS = {  # of JSON: all of these keys
    ("elements",): "Cytoscape's JSON",
    ("directed", "adjacency"): "networkx's adjacency data",
    ("type", "features"): "GeoJSON",
    ("type", "collection"): "a NetJSON NetworkCollection, which holds several networks",
    ("graphs",): "JSON Graph Format with several graphs",
    ("graph",): "JSON Graph Format",
    ("topology", "project_id"): "GNS3's project",
    ("topology",): "a tool's topology, as GNS3 has it",
    ("cells",): "a notebook or a JointJS diagram",
    ("openapi",): "a description of an interface",
}
_ROOTS = {  # of XML
    "svg": "a picture in SVG",
    "html": "a web page",
    "mxfile": "draw.io's diagram",
    "network": "SNDlib's XML (its JSON is read)",
    "gpx": "GPX",
    "kml": "KML",
    "osm": "OpenStreetMap's data",
    "topology": "a tool's topology in XML",
}
_TEXTS = {  # from its beginning, without comments
    r"(strict\s+)?(di)?graph\b[^\[]*\{": "a GraphViz DOT file (networkx or Gephi makes GraphML of it)",
    r"\?SNDlib": "SNDlib's native format (its JSON is read)",
    r"\*(vertices|network)": "a Pajek file",
    r"@startuml": "PlantUML",
    r"(graph|flowchart)\s+(TB|TD|BT|RL|LR)\b": "a Mermaid diagram",
    r"%PDF": "a PDF",
    r"(hostname|interface|router|version)\s": "a router's configuration",
    r"(import|from|def|class) ": "a program",
    r"[^\n,;]*[,;][^\n]*\n": "a table of values (CSV)",
    r"\S+[ \t]+\S+([ \t]+\S+)?[ \t]*(\r?\n|$)": "a list of edges, one in a line",
}
_BEGINNINGS = {
    b"\x1f\x8b": "packed by gzip",
    b"PK\x03\x04": "a ZIP archive, as Gephi's projects and spreadsheets are",
    b"BZh": "packed by bzip2",
    b"\xfd7zXZ": "packed by xz",
    b"\x80\x04\x95": "a pickle of Python",
    b"SQLite format": "a database",
}


def unread(seems: str) -> BadNetwork:
    """The error for what is not read."""
    return BadNetwork(f"this seems to be {seems}; what is read is {', '.join(FORMS)}")


def refuse_other_data(data: Mapping[object, object]) -> None:
    """Raise `BadNetwork` for JSON that is another tool's."""
    if "nodes" in data and ("edges" in data or "links" in data):
        for key in ("edges", "links"):
            rows = data.get(key)
            first = rows[0] if isinstance(rows, list | tuple) and rows else None
            if isinstance(first, Mapping) and {"from", "to"} <= first.keys() and "source" not in first:
                raise unread(f"vis.js's data, whose {key} have from and to")
        return
    for keys, seems in _WITH_KEYS.items():
        if data.keys() >= {*keys} and "nodes" not in data:
            raise unread(seems)


def other_xml(root: str) -> BadNetwork:
    """The error for XML whose root is this element."""
    return unread(_ROOTS.get(root, f"XML whose outermost element is {root!r}"))


def other_text(text: str) -> BadNetwork:
    """The error for text that is no form that is read."""
    bare = re.sub(r"\A(\s+|//[^\n]*|#[^\n]*|/\*.*?\*/)+", "", text[:10_000], flags=re.DOTALL)
    if not bare:
        return BadNetwork("the file is empty" if not text.strip() else "the file holds nothing but comments")
    for pattern, seems in _TEXTS.items():
        if re.match(pattern, bare, re.IGNORECASE):
            return unread(seems)
    return unread("text of another kind")


def refuse_packed(content: bytes) -> None:
    """Raise `BadNetwork` for bytes that are an archive or a program's own."""
    for beginning, seems in _BEGINNINGS.items():
        if content.startswith(beginning):
            raise unread(seems)
