"""Where nodes stand in a drawing, from what files say of it."""

from collections.abc import Sequence
from typing import NamedTuple

from netlearn.errors import shown
from netlearn.network.spelling import Data, number, said_of

AXES = (("x", "y"), ("longitude", "latitude"), ("Longitude", "Latitude"))  # the first that any node has
FARTHEST = 1e9


class Place(NamedTuple):
    """`None` leaves an axis to whoever draws."""

    x: float | None = None
    y: float | None = None


def places_of(rows: Sequence[Data], names: Sequence[str], notes: list[str]) -> list[Place]:
    """The place of each node. A place that is none is dropped, and a note says so.

    On a map the north is above; in a drawing `y` grows downwards. Where all stand on one point, none has a place.
    """
    keys = set[str]().union(*rows)
    across, along = next((axes for axes in AXES if not keys.isdisjoint(axes)), AXES[0])
    if keys.isdisjoint((across, along)):
        return [Place()] * len(rows)
    places, dropped = [], []
    for row, name in zip(rows, names, strict=True):
        given = {axis: row[axis] for axis in (across, along) if axis in row}
        wrong = [axis for axis, value in given.items() if not _is_place(value)]
        if wrong:
            dropped.append(f"{name}, whose {wrong[0]} is {shown(given[wrong[0]])}")
        x, y = (None if wrong else number(given.get(axis)) for axis in (across, along))
        places.append(Place(x, y if y is None or along == "y" else -y))
    if dropped:
        notes.append(said_of(dropped, "no place is read for {first}", "no place is read for {count} nodes, as {first}"))
    if along != "y" and len({*places}) == 1 < len(places):
        notes.append(f"all nodes have the same {across} and {along}; no places are read")
        return [Place()] * len(places)
    return places


def _is_place(value: object) -> bool:
    found = number(value)
    return found is not None and abs(found) < FARTHEST
