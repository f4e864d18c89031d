"""What nodes are called: by their label where it is unique, else by their id."""

from collections import Counter
from collections.abc import Mapping, Sequence

from netlearn.errors import BadNetwork, repeated, shown
from netlearn.network.spelling import Data, name_under, said_of


def ids_of(rows: Sequence[Data]) -> list[str]:
    """The id of each node; raises `BadNetwork` for a node without, and for a node that is there twice."""
    ids = [name_under(row, "id", f"node {number}") for number, row in enumerate(rows, 1)]
    if len({*ids}) < len(ids):
        raise BadNetwork(f"two nodes have the name {repeated(ids)!r}; a name is one node's")
    return ids


def names_by_id(ids: Sequence[str], rows: Sequence[Data], notes: list[str]) -> Mapping[str, str]:
    """The name of each node: its label, unless that is another node's label or id too, or no name; then its id."""
    labels = [_label(row) for row in rows]
    if not any(labels):
        return dict(zip(ids, ids, strict=True))
    times, taken = Counter(labels), {*ids}
    names, shared = {}, []
    for own, label in zip(ids, labels, strict=True):
        unique = label is not None and (label == own or (times[label] == 1 and label not in taken))
        names[own] = label if label is not None and unique else own
        if label is not None and not unique:
            shared.append(shown(label))
    if shared:
        several = "{count} nodes have labels that are not theirs alone ({first} is one); their ids name them"
        notes.append(said_of(shared, "the label {first} is not one node's alone; its id names the node", several))
    return names


def _label(row: Data) -> str | None:
    """The label on one line, if it can be a name; tools write line ends into labels."""
    label = row.get("label")
    words = " ".join(label.split()) if isinstance(label, str) else None
    return words if words and words.isprintable() else None
