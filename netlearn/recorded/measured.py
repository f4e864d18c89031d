"""What real routers and kernels did: numbers beside which the simulation's can be held, each with its source.

They vary from run to run, so each is a band from the least to the greatest seen. Nothing computed is fitted to them.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from netlearn.errors import NetlearnError, UnknownName, listed, possible, suggestion

_BUNDLED = files("netlearn") / "data" / "measured.json"


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was seen, from `low` to `high`, both included; they are equal where it was seen once.

    It unpacks into the two, and `in` asks whether a value lies between them. `unit` belongs to both: milliseconds, or
    what was counted. Raises `NetlearnError` when `low` is negative or above `high`.

    >>> low_ms, high_ms = measured("anycast", "withdraw")
    >>> high_ms, 30 in measured("anycast", "withdraw")
    (31, True)
    """

    of: str
    how: str
    low: int
    high: int
    unit: str
    what: str
    source: str

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise NetlearnError(f"{self.of}, {self.how}: {self.low} to {self.high} is no band; low is from 0 to high")

    def __iter__(self) -> Iterator[int]:
        return iter((self.low, self.high))

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    def __str__(self) -> str:
        band = f"{self.low:,}" if self.low == self.high else f"{self.low:,} to {self.high:,}"
        return f"{band} {self.unit}"

    def __repr__(self) -> str:
        return f"{self} ({self.what}; measured on {self.source})"


def measured(of: str, how: str) -> Measurement:
    """What was measured of something, and how. Raises `UnknownName` for what was not measured.

    >>> print(measured("duplicate", "reset"))
    20 of 20 connections
    """
    ways = {each.how: each for each in measurements() if each.of == of}
    if not ways:
        subjects = {each.of for each in measurements()}
        raise UnknownName(f"of {of!r} nothing was measured; of {listed(subjects)} was{suggestion(of, subjects)}")
    if how not in ways:
        raise UnknownName(f"{of} was not measured by {how!r}; it was by {possible(ways, how)}")
    return ways[how]


@cache
def measurements() -> tuple[Measurement, ...]:
    """Everything that was measured, in the order of the file.

    >>> [each.how for each in measurements() if each.of == "case-1"]
    ['carrier', 'hello', 'bfd', 'fast-hello']
    """
    data = json.loads(_BUNDLED.read_text(encoding="utf-8"))
    return tuple(Measurement(**{**row, "source": data["sources"][row["source"]]}) for row in data["measurements"])
