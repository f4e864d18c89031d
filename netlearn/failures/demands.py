"""Who sends how much to whom: a demand matrix as a value and as a file.

    {"demands": [{"from": "Source", "to": "End", "amount": 1.5}]}

Amounts are in any unit, as long as it is the same for all: what comes out has it, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from netlearn.errors import NetlearnError, listed, naming, shown
from netlearn.network.bundled import content_of
from netlearn.network.formats.data import parsed
from netlearn.network.spelling import Data, name_under, number, refuse_near_misses, rows_under

KEYS = ("from", "to", "amount")


@dataclass(frozen=True, slots=True)
class Demand:
    """So much is sent from one node to another.

    Raises `NetlearnError` for an amount that is no number from 0 on, and for one from a node to itself.

    >>> Demand("Source", "End", 1.5)
    Demand(source='Source', target='End', amount=1.5)
    """

    source: str
    target: str
    amount: float

    def __post_init__(self) -> None:
        where = f"the demand from {shown(self.source)} to {shown(self.target)}"
        amount = None if isinstance(self.amount, str) else number(self.amount)
        if amount is None or amount < 0:
            raise NetlearnError(f"{where}: an amount is a number from 0 on, not {shown(self.amount)}")
        if self.source == self.target:
            raise NetlearnError(f"{where}: it has two different ends")


def demands_from_json(text: str) -> tuple[Demand, ...]:
    """The demands that the JSON text lists, in its order; raises `NetlearnError` with what is wrong and where.

    >>> demands_from_json('{"demands": [{"from": "Source", "to": "End", "amount": 1.5}]}')
    (Demand(source='Source', target='End', amount=1.5),)
    """
    data = parsed(text)
    if not isinstance(data, Mapping):
        raise NetlearnError(f"demands are an object with a list of them, not {shown(data)}")
    refuse_near_misses(data, ("demands",), "the file")
    rows = rows_under(data, "demands", "the file")
    return tuple(_demand(row, f"demand {place}") for place, row in enumerate(rows, 1))


def read_demands(file: str | Path) -> tuple[Demand, ...]:
    """The demands in a JSON file, as `demands_from_json` has them.

    Raises `UnknownName` if there is no such file, and `NetlearnError`, which names the file, if it holds none.

    >>> read_demands("nowhere.json")
    Traceback (most recent call last):
    netlearn.errors.UnknownName: nowhere.json is not a file
    """
    with naming(file, lambda: f"{file} is not a file"):
        return demands_from_json(content_of(Path(file), "demands").decode("utf-8-sig"))


def _demand(row: Data, where: str) -> Demand:
    refuse_near_misses(row, KEYS, where)
    source, target = (name_under(row, end, where) for end in ("from", "to"))
    if "amount" not in row:
        raise NetlearnError(f"{where} has no amount; its keys are {listed(map(shown, row))}")
    amount = number(row["amount"])
    try:
        return Demand(source, target, row["amount"] if amount is None else amount)
    except NetlearnError as reason:
        raise NetlearnError(f"{where}: {reason}") from None
