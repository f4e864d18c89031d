"""Every public name shows itself: an example of at most four lines in its docstring, and the example holds."""

import ast
import doctest
from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc, isclass, isroutine
from pathlib import Path
from types import ModuleType

import pytest

import netlearn

MOST_LINES = 4
ROOMS = (
    *("network", "routing", "convergence", "host", "recorded", "teaching", "drawing", "failures", "probe", "lab"),
    *("widgets", "graph", "plot", "figures.pictures"),
)


def public(room: ModuleType) -> list[str]:
    """What the room hands on: its `__all__`, or else what is public of its own."""
    own = [name for name, value in vars(room).items() if getattr(value, "__module__", None) == room.__name__]
    return getattr(room, "__all__", None) or [name for name in own if not name.startswith("_")]


def docstring(room: ModuleType, name: str) -> str:
    """The docstring of a class or function; of a constant, the text that stands behind its assignment."""
    found = getattr(room, name)
    if isclass(found) or isroutine(found):
        return getdoc(found) or ""
    return next(assigned(room, name), "")


def assigned(room: ModuleType, name: str) -> Iterator[str]:
    """The text behind the assignment of `name`, in the room or in the module from which the room has it."""
    body = ast.parse(Path(str(room.__file__)).read_text(encoding="utf-8")).body
    for each, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(each, ast.ImportFrom) and name in [alias.name for alias in each.names]:
            yield from assigned(import_module(str(each.module)), name)
        targets = each.targets if isinstance(each, ast.Assign) else [getattr(each, "target", None)]
        named = name in [getattr(target, "id", None) for target in targets]
        if named and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            yield str(after.value.value)


def example(room: ModuleType, where: str, text: str) -> doctest.DocTest:
    """The examples in the text, with the names of the library and of the room at hand."""
    at_hand = {name: getattr(netlearn, name) for name in netlearn.__all__}
    at_hand |= {name: getattr(room, name) for name in public(room)}
    return doctest.DocTestParser().get_doctest(text, at_hand, where, None, 0)


def check(room: ModuleType, where: str, text: str) -> None:
    test = example(room, where, text)
    assert test.examples, f"{where} has no example"
    lines = sum((each.source + each.want).count("\n") for each in test.examples)
    assert lines <= MOST_LINES, f"the example of {where} has {lines} lines"
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not said, "".join(said)


NAMES = [(room, name) for room in ROOMS for name in public(import_module(f"netlearn.{room}"))]


@pytest.mark.parametrize(("room", "name"), NAMES, ids=["-".join(each) for each in NAMES])
def test_each_public_name_has_an_example_that_holds(room: str, name: str) -> None:
    module = import_module(f"netlearn.{room}")
    check(module, f"netlearn.{room}.{name}", docstring(module, name))


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_says_what_it_is_for_and_shows_it(room: str) -> None:
    module = import_module(f"netlearn.{room}")
    check(module, f"netlearn.{room}", module.__doc__ or "")


def test_every_name_of_the_library_is_in_a_room_or_an_error() -> None:
    errors = [name for name in netlearn.__all__ if name in vars(import_module("netlearn.errors"))]
    assert {*netlearn.__all__} <= {name for _, name in NAMES} | {*errors}
    for name in errors:
        check(import_module("netlearn.errors"), f"netlearn.{name}", getdoc(getattr(netlearn, name)) or "")
