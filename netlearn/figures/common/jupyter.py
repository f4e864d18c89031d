"""Figures as Jupyter widgets: traits that follow the reader, anywidget, and the figure's module in one piece.

This alone imports anywidget: everything else about a figure is pure, and is asked here.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import new_class
from typing import Any, ClassVar, Self

import anywidget
import traitlets

from netlearn.figures.common.bundle import bundled, styles
from netlearn.figures.common.live import FIGURE, Figure, Live, key
from netlearn.figures.common.scene import AnyScene, Names

_TRAITS: Mapping[Any, Callable[[], traitlets.TraitType[Any, Any]]] = {
    Names: lambda: traitlets.List(traitlets.Unicode()),
    str: traitlets.Unicode,
    int: traitlets.Int,
    bool: traitlets.Bool,
}


class Widget(anywidget.AnyWidget):
    """A live figure in a notebook: made as the figure is, or around one. Its caption and HTML are the figure's.

    The reader's changes can be taken back. The kernel alone has the state: the browser keeps none, and a link would
    lead nowhere, so it is offered on the site only.

    >>> figure = Reach(caption="Who gets in?")
    >>> isinstance(figure, Widget), figure.caption, figure.html()[:8]
    (True, 'Who gets in?', '<figure ')
    """

    made_by: ClassVar[type[Live]]  # the figure's class
    varies: ClassVar[tuple[str, ...]] = ()  # the traits that the reader changes

    body = traitlets.Unicode().tag(sync=True)
    caption = traitlets.Unicode().tag(sync=True)

    def __init__(self, *given: Any, **named: Any) -> None:
        alone = given[0] if len(given) == 1 and not named else None
        self.figure = alone if isinstance(alone, Live) else type(self).made_by(*given, **named)
        state = self.figure.scene.chosen() if isinstance(self.figure, Figure) else {}
        super().__init__(caption=self.figure.caption, body=str(self.figure.drawn()), **state)

    @classmethod
    def of(cls, *given: Any) -> Self:
        """The figure that its class has under this name."""
        return cls(cls.made_by.of(*given))  # type: ignore[attr-defined]  # a quiz, and who else has some

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

    def __repr__(self) -> str:
        return repr(self.figure)

    def html(self) -> str:
        """The figure for a page."""
        return self.figure.html()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """The live figure for a notebook; its picture, which stands alone; and, as data, all that a page needs."""
        given = super()._repr_mimebundle_(**options)
        bundle, metadata = given if isinstance(given, tuple) else (given, {})
        stored = self.figure.stored()
        own = {"text/plain": repr(stored), "text/html": stored.picture(), FIGURE: stored.carried()}
        return {**(bundle or {}), **own}, metadata


class _TakenBack(traitlets.TraitError):
    """Around any error while traits are set together: traitlets takes them back for an error of its own only."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error


class ComputedWidget(Widget):
    """A computed figure in a notebook: what the reader sets are traits, and `view` what is shown of them.

    What cannot be raises `TraitError` for a value of the wrong type, else what the scene raises, and leaves the figure
    as it was: a value is taken once its answer is there.
    """

    figure: Figure[AnyScene]

    first = traitlets.Dict(read_only=True).tag(sync=True)  # what the reader sets, as it was at first
    view = traitlets.Dict().tag(sync=True)
    _answer: tuple[str, Any] = ("", None)  # the state that was computed last, by its key, and what is shown in it

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.set_trait("first", self.figure.given.chosen())
        self.view = self._shown(self.figure.scene)
        self.observe(self._recompute, names=list(self.varies))

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

    def _possible(self, proposal: Any) -> Any:
        """The value that is to be set, once it is known that it can be."""
        try:
            self._shown(self._scene({proposal.trait.name: proposal.value}))
        except Exception as error:
            if self._cross_validation_lock:
                raise _TakenBack(error) from error
            raise
        return proposal.value

    def _scene(self, state: Mapping[str, Any]) -> AnyScene:
        """The scene of the traits, or of those of them that `state` has."""
        return self.figure.given.changed({name: getattr(self, name) for name in self.varies} | dict(state))

    def _shown(self, scene: AnyScene) -> Any:
        """What a page is told of the scene, computed once: as the value is looked at, and not again as it is set."""
        if self._answer[0] != key(scene):
            self._answer = key(scene), self.figure.shown(scene)
        return self._answer[1]

    def _recompute(self, _change: object) -> None:
        self.figure.scene = self._scene({})
        self.view = self._shown(self.figure.scene)


def widget(figure: type[Live]) -> type[Widget]:
    """The Jupyter widget of a figure."""
    own: dict[str, Any] = {"__doc__": figure.__doc__, "__module__": "netlearn.widgets", "made_by": figure}
    own |= {"_esm": bundled(figure.folder()), "_css": styles()}
    base: type[Widget] = Widget
    if issubclass(figure, Figure):
        chosen = figure.scene_type().set_by_reader()
        traits = {each.name: _TRAITS.get(each.type, traitlets.List)().tag(sync=True) for each in chosen}
        own |= {**traits, "varies": (*traits,), "_check": traitlets.validate(*traits)(ComputedWidget._possible)}
        base = ComputedWidget
    return new_class(figure.__name__, (base,), exec_body=lambda names: names.update(own))
