"""What every live figure shares: its picture for where nothing runs, its answers recorded for the static site, and
its life in a notebook.

A figure that is computed (`Figure`) declares, in Python alone, which function computes what it shows (`function`),
with which of its traits (`arguments`), and which of them the reader changes (`varies`). A notebook's kernel calls that
function when a trait changes; the static site answers from the record, or calls the same function in the page. What is
drawn once and computes nothing (a quiz) is `Live` without more.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, ClassVar

import anywidget
import traitlets

from netlearn.drawing.markup import Element, difference, element
from netlearn.errors import NetlearnError, listed
from netlearn.figures.common.bundle import bundled, styles

_MODULES: set[str] = set()


class Live(anywidget.AnyWidget):
    """What comes alive in a page and in a notebook. A subclass names its module and draws itself, alive and still."""

    module: ClassVar[str]  # the ES module beside this file, without its ending
    varies: ClassVar[tuple[str, ...]] = ()  # the traits that the reader changes

    body = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)

    def __init_subclass__(cls, **options: Any) -> None:
        if "module" in cls.__dict__:  # traitlets makes subclasses of its own, which must keep what it put there
            cls._esm = bundled(cls.module)
            cls._css = styles()
            _MODULES.add(cls.module)
        super().__init_subclass__(**options)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.body = str(self.drawn())

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Takes from a front end what the reader changes and nothing else, all of it or nothing.

        After a refusal the front end, which has shown its own values already, is told what holds.
        """
        changed = {name: value for name, value in sync_data.items() if name in self.varies}
        try:
            super().set_state(changed)
        except Exception:
            self.send_state([*changed])
            raise

    def drawn(self) -> Element:
        """The live figure in the state of the traits."""
        raise NotImplementedError

    def still(self) -> tuple[Element, ...]:
        """All of it in words and pictures, for where nothing runs."""
        raise NotImplementedError

    def words(self) -> str:
        """What it shows, in a sentence or two."""
        raise NotImplementedError

    def carried(self) -> Mapping[str, Any]:
        """What makes it live on a page, as data."""
        return {"body": self.body}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.words()}>"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The live figure for a notebook, and HTML that stands alone: the picture, and all that a page needs."""
        given = super()._repr_mimebundle_(**options)
        bundle, metadata = given if isinstance(given, tuple) else (given, {})
        return {**(bundle or {}), "text/plain": repr(self), "text/html": self.html()}, metadata

    def html(self) -> str:
        """The figure for a page: as it is where nothing runs, then, as data, what makes it live."""
        still = element("div", *self.still(), class_="nl-still")
        caption = [element("figcaption", self.caption)] if self.caption else []
        figure = str(element("figure", still, *caption, class_="netlearn-figure", data_figure=self.module))
        data = as_json(self.carried()).replace("<", "\\u003c")
        return figure.removesuffix("</figure>") + f'<script type="application/json">{data}</script></figure>'


class _TakenBack(traitlets.TraitError):
    """Around any error while traits are set together: traitlets takes them back for an error of its own only."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class Figure(Live):
    """A live figure that is computed. A subclass names the function, too.

    What cannot be raises `TraitError` for a value of the wrong type, else what `check` raises, and leaves the figure as
    it was: a value is taken once its answer is there.
    """

    function: ClassVar[str]  # "package.module:name" of a pure function that returns a View
    arguments: ClassVar[tuple[str, ...]]  # the traits that it takes, in order; the reader changes some of them

    view = traitlets.Dict().tag(sync=True)
    _first: Any = None
    _answer: tuple[str, Any] = ("", None)  # the state that was computed last, by its key, and what is shown in it

    def __init_subclass__(cls, **options: Any) -> None:
        if "varies" in cls.__dict__:
            cls._possible = traitlets.validate(*cls.varies)(_possible)
        super().__init_subclass__(**options)

    def __init__(self, record: Iterable[Mapping[str, Any]] = (), **values: Any) -> None:
        super().__init__(**values)
        self._first = self.first()
        self.view = self.change(self._first, self.compute())
        self._recorded = {
            self.key(state): self.change(self._first, self.compute(state)) for state in ({}, *self.cases(), *record)
        }
        self.observe(self._recompute, names=list(self.varies))

    def check(self, state: Mapping[str, Any]) -> None:
        """Raise the `NetlearnError` that names what is wrong with the traits, or those of them that `state` has."""

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Traits that are set together are taken together: after any error all of them are as they were."""
        if self._cross_validation_lock:  # inside another one, which sees to it
            yield
            return
        try:
            with super().hold_trait_notifications():
                try:
                    yield
                except Exception as error:
                    raise _TakenBack(error) from error
        except _TakenBack as taken_back:
            raise taken_back.error from None

    def first(self) -> Any:
        """What the figure shows as it is drawn."""
        return self.compute()

    @staticmethod
    def change(first: Any, now: Any) -> Any:
        """What a page needs to know to show `now`, once the figure stands there as it was at `first`."""
        return difference(first, now)

    def cases(self) -> Iterable[Mapping[str, Any]]:
        """The states that are worth recording for every figure of this kind."""
        return ()

    def compute(self, state: Mapping[str, Any] | None = None) -> Any:
        """What the figure shows in the state of its traits, or of those traits as `state` has them."""
        if unknown := {*(state or {})} - {*self.varies}:
            raise NetlearnError(f"a state has {listed(unknown)}; what the reader changes is {listed(self.varies)}")
        module, name = self.function.split(":")
        function = getattr(import_module(module), name)
        return function(*(self._value(name, state or {}) for name in self.arguments))

    def key(self, state: Mapping[str, Any] | None = None) -> str:
        """The name of a state in the record: what the reader set, as the page writes it in JSON."""
        return as_json([self._value(name, state or {}) for name in self.varies])

    def carried(self) -> Mapping[str, Any]:
        return {
            "arguments": self.arguments,
            **super().carried(),
            "function": self.function,
            "recorded": self._recorded,
            "state": {name: self._value(name, {}) for name in (*self.arguments,)},
            "varies": self.varies,
        }

    def _value(self, name: str, state: Mapping[str, Any]) -> Any:
        value = state.get(name, getattr(self, name))
        if not isinstance(value, list):
            return value
        return sorted([*each] if isinstance(each, tuple) else each for each in value)

    def _shown(self, state: Mapping[str, Any] | None = None) -> Any:
        """What a page is told in this state, computed once: as the value is looked at, and not again as it is set."""
        key = self.key(state)
        if self._answer[0] != key:
            self._answer = key, self.change(self._first, self.compute(state))
        return self._answer[1]

    def _recompute(self, _change: object) -> None:
        self.view = self._shown()


def _possible(figure: Figure, proposal: Any) -> Any:
    """The value that is to be set, once it is known that it can be."""
    state = {proposal.trait.name: proposal.value}
    try:
        figure.check(state)
        if figure._first is not None:  # else the figure is being made, and draws itself next
            figure._shown(state)
    except Exception as error:
        if figure._cross_validation_lock:
            raise _TakenBack(error) from error
        raise
    return proposal.value


def modules() -> tuple[str, ...]:
    """The ES modules of everything live, computed or not."""
    return tuple(sorted(_MODULES))


def as_json(value: object) -> str:
    """JSON as JavaScript's `JSON.stringify` writes it, so that both sides find the same key."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
