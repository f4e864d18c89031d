"""What a figure shows, declared once: a frozen value whose fields say what it holds, and which of it the reader sets.

From the fields follow the plain data that a page and a notebook's front end have of it, what may be changed there, and
what is no value at all. A figure's `Scene` is a subclass; what else cannot be is refused by its `check`.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar, Self

from netlearn.errors import NetlearnError, listed, shown
from netlearn.figures.common.metrics import MetricChange, metric_changes
from netlearn.network.nodelink import from_data, to_data
from netlearn.network.parts import Address, Prefix
from netlearn.network.spelling import parse_address, parse_prefix
from netlearn.network.topology import Topology

Names = tuple[str, ...]
Metrics = tuple[MetricChange, ...]
MOST_RECORDED = 100  # links and routers; with more, the record would outweigh the Python that can answer instead


@dataclass(frozen=True)
class AnyScene:
    """A figure's state. Each field takes a value of its type or the plain data of one, as a page has it.

    Fields with a first value follow the reader; the others stay as they were when the figure was made. `reads` makes
    values of types that only this scene has. Raises `NetlearnError`, or one of its kinds, for what cannot be.
    """

    reads: ClassVar[Mapping[Any, Callable[[Any, str], Any]]] = {}

    def __post_init__(self) -> None:
        for each in fields(self):
            read = self.reads.get(each.type) or _READ[each.type]
            object.__setattr__(self, each.name, read(getattr(self, each.name), each.name))
        self.check()

    def check(self) -> None:
        """Raise the error that names what is wrong, beyond the types."""

    @classmethod
    @cache
    def varies(cls) -> tuple[str, ...]:
        """The names of what the reader sets."""
        return tuple(each.name for each in cls.set_by_reader())

    @classmethod
    def set_by_reader(cls) -> list[Field[Any]]:
        """The fields of what the reader sets."""
        return [each for each in fields(cls) if each.default is not MISSING]

    def changed(self, state: Mapping[str, Any]) -> Self:
        """The scene in which the reader has set these. Raises `NetlearnError` for a name of anything else."""
        if unknown := {*state} - {*self.varies()}:
            raise NetlearnError(f"a state has {listed(unknown)}; what the reader changes is {listed(self.varies())}")
        return replace(self, **state)

    def plain(self) -> dict[str, Any]:
        """All of it as plain data, by name."""
        return {each.name: _plain(getattr(self, each.name)) for each in fields(self)}

    def chosen(self) -> dict[str, Any]:
        """What the reader sets as plain data, by name."""
        return {name: _plain(getattr(self, name)) for name in self.varies()}


def single_failures(topology: Topology) -> list[dict[str, Any]]:
    """What a scene has set when one link or router of a small network has failed; none in a larger one."""
    if len(topology.links) + len(topology.routers) > MOST_RECORDED:
        return []
    cut: list[dict[str, Any]] = [{"cut": (link.name,), "down": ()} for link in topology.links]
    return cut + [{"cut": (), "down": (router,)} for router in topology.routers]


def _plain(value: Any) -> Any:
    if isinstance(value, Topology):
        return to_data(value)
    if isinstance(value, tuple):
        return [[*each] if isinstance(each, tuple) else each for each in value]
    return str(value) if isinstance(value, Address | Prefix) else value


def _names(value: Any, name: str) -> Names:
    if not isinstance(value, list | tuple | set | frozenset):
        raise NetlearnError(f"{name} is a list of names, not {shown(value)}")
    if wrong := [each for each in value if not isinstance(each, str)]:
        raise NetlearnError(f"{name} is a list of names, and {shown(wrong[0])} is none")
    return tuple(sorted({*value}))


def _metrics(value: Any, name: str) -> Metrics:
    if not isinstance(value, list | tuple):
        raise NetlearnError(f"{name} is a list of changed metrics, not {shown(value)}")
    return tuple(sorted(metric_changes(value)))


def _of_type(kind: type, what: str) -> Callable[[Any, str], Any]:
    def read(value: Any, name: str) -> Any:
        if type(value) is not kind:  # and a bool is no number
            raise NetlearnError(f"{name} is {what}, not {shown(value)}")
        return value

    return read


_READ: Mapping[Any, Callable[[Any, str], Any]] = {
    Topology: lambda value, name: value if isinstance(value, Topology) else from_data(value),
    Names: _names,
    Metrics: _metrics,
    Address: lambda value, name: value if isinstance(value, Address) else parse_address(value, name),
    Prefix: lambda value, name: value if isinstance(value, Prefix) else parse_prefix(value, name),
    str: _of_type(str, "a word"),
    int: _of_type(int, "a whole number"),
    bool: _of_type(bool, "true or false"),
}
