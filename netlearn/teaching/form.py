"""JSON that a teacher writes: each object has the keys of its kind, and an error says what is wrong and where.

What the words mean is for `quizzes` and `predictions` to say.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, TypeVar

from netlearn.errors import NetlearnError, UnknownName, listed, possible, shown, suggestion

_Read = TypeVar("_Read")
_DATA = files("netlearn") / "data"


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of file: the folder of the book's own, what one is called, and the error for whatever is wrong in it.

    `keys` has for each kind of object the keys that it may have.
    """

    folder: str
    called: str
    error: type[NetlearnError]
    keys: Mapping[str, tuple[str, ...]]

    def names(self) -> tuple[str, ...]:
        """The names of the book's own, sorted."""
        stored = (file.name for file in (_DATA / self.folder).iterdir())
        return tuple(sorted(name.removesuffix(".json") for name in stored if name.endswith(".json")))

    def bundled(self, name: str, read: Callable[[str], _Read]) -> _Read:
        """What `read` makes of the book's file of that name, or `UnknownName`; an error says in which file it is."""
        if name not in self.names():
            raise UnknownName(f"there is no {self.called} {name!r}; there are {possible(self.names(), name)}")
        try:
            return read((_DATA / self.folder / f"{name}.json").read_text(encoding="utf-8"))
        except NetlearnError as reason:
            raise type(reason)(f"the {self.called} {name}: {reason}") from None

    def parsed(self, text: str) -> object:
        """The JSON text as plain data."""
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as reason:
            raise self.error(f"this is not JSON that can be read: {reason}") from None

    def fields(self, data: object, kind: str, where: str, *needed: str) -> dict[str, Any]:
        """An object's keys and values, which are all that are needed, and none that its kind may not have."""
        possible = self.keys[kind]
        if not isinstance(data, Mapping):
            raise self.error(f"{where} is an object with {', '.join(possible)}, not {shown(data)}")
        for key in data:
            if key not in possible:
                known = f"possible are {', '.join(possible)}{suggestion(key, possible)}"
                raise self.error(f"{where} has the key {key!r}; {known}")
        for key in needed:
            if key not in data:
                raise self.error(f"{where} has no {key}; its keys are {listed(data)}")
        return dict(data)

    def rows(self, given: Mapping[str, Any], key: str, where: str) -> Iterable[tuple[int, object]]:
        """The numbered members of the list under `key`."""
        rows = given.get(key)
        if not isinstance(rows, list):
            raise self.error(f"{where}: {key} is a list of objects, not {shown(rows)}")
        return enumerate(rows, start=1)

    def words(self, text: object, where: str) -> str:
        """The text, if it says anything."""
        if not isinstance(text, str) or not text.strip():
            raise self.error(f"{where} is words, not {shown(text)}")
        return text
