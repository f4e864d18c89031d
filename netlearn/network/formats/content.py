"""Which form a file's content has, told by what it holds."""

import re
from collections.abc import Callable, Mapping

from netlearn.network.formats.containerlab import table_of_yaml
from netlearn.network.formats.data import parsed, table_of_data
from netlearn.network.formats.elements import Element, from_xml
from netlearn.network.formats.gexf import table_of_gexf
from netlearn.network.formats.gml import is_gml, table_of_gml
from netlearn.network.formats.graphml import table_of_graphml
from netlearn.network.formats.seems import other_text, other_xml, refuse_packed
from netlearn.network.formats.table import Table

ROOTS: Mapping[str, Callable[[Element], Table]] = {"graphml": table_of_graphml, "gexf": table_of_gexf}
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def table_of(content: bytes) -> Table:
    """The rows in a file's content; raises `BadNetwork` for what is not read, and `UnicodeDecodeError` for no text."""
    refuse_packed(content)
    if _is_xml(content):
        return table_of_xml(from_xml(content))
    try:
        text = content.decode("utf-8-sig")  # Windows editors begin a file with a mark
    except UnicodeDecodeError:
        if not is_gml(text := content.decode("latin-1")):  # which GML's older tools write
            raise
    return table_of_text(text)


def table_of_text(text: str) -> Table:
    """The rows of a text that is no XML; raises `BadNetwork` for what is not read."""
    if text.lstrip()[:1] in ("{", "["):
        return table_of_data(parsed(text))
    if is_gml(text):
        return table_of_gml(text)
    if re.search(r"^topology\s*:", text, re.MULTILINE):
        return table_of_yaml(text)
    raise other_text(text)


def table_of_xml(root: Element) -> Table:
    """The rows of an XML document; raises `BadNetwork` for what is not read."""
    if root.tag not in ROOTS:
        raise other_xml(root.tag)
    return ROOTS[root.tag](root)


def _is_xml(content: bytes) -> bool:
    beginning = content[:400]
    encoding = MARKS.get(content[:2])
    text = beginning.decode(encoding or "utf-8-sig", "ignore")
    return text.lstrip().startswith("<")
