"""What every live figure is: its picture for where nothing runs, its answers recorded for the static site. All pure.

A figure that is computed (`Figure`) has a scene. Its module `view` makes of any scene what is shown; a page calls it by
its address with the scene as plain data. What is drawn once and computes nothing (a quiz) is `Live` without
more. `jupyter` makes widgets of both.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, get_args

from netlearn.drawing.markup import Element, View, difference, element, keyed
from netlearn.figures.common.controls import folded, paragraph
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.common.scene import AnyScene

S = TypeVar("S", bound=AnyScene)
FIGURE = "application/vnd.netlearn.figure+json"  # the type of what makes a figure live, in a notebook's output


class Live:
    """What comes alive in a page and in a notebook. A subclass stands in its own folder, and draws itself twice."""

    caption: str = ""
    fold: str = "Show what happens"  # what is pressed, where nothing runs, to see it

    @classmethod
    def folder(cls) -> str:
        """The name of the figure's folder, by which a page finds its ES module."""
        return cls.__module__.split(".")[2]

    def drawn(self) -> Element:
        """The live figure as it stands there before anything has changed."""
        raise NotImplementedError

    def still(self) -> tuple[Element, ...]:
        """Its first moment in words and pictures, for where nothing runs: nothing there tells what comes."""
        raise NotImplementedError

    def told(self) -> tuple[Element, ...]:
        """What comes, in words and pictures, where the first moment does not tell it: it stands in a fold."""
        return ()

    def question(self) -> str:
        """What is asked before the reader looks, if anything is; then its caption tells something, and comes after."""
        return ""

    def words(self) -> str:
        """What it shows, in a sentence or two."""
        raise NotImplementedError

    def carried(self) -> Mapping[str, Any]:
        """What makes it live on a page, as data."""
        caption = {"caption": self.caption} if self.question() and self.caption else {}
        return {"body": str(self.drawn()), **caption}

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.words()}>"

    def picture(self) -> str:
        """The figure as HTML where nothing runs; a page puts what makes it live before the end.

        What comes, and what to notice then, stands in a fold: the reader opens it, and print does.
        """
        asked, later = self.question(), self.told()
        if asked and self.caption:
            later = (*later, paragraph(self.caption, "nl-caption"))
        parts = [
            *([paragraph(asked, "nl-asked")] if asked else []),
            *self.still(),
            *([folded(self.fold, *later, class_="nl-later")] if later else []),
        ]
        still = element("div", *parts, class_="nl-still")
        caption = [element("figcaption", self.caption)] if self.caption and not asked else []
        whole = element("figure", still, *caption, class_="netlearn-figure", data_figure=self.folder())
        return whole.without_keys()  # nothing changes here, and beside a live figure each key would be there twice

    def stored(self) -> "Live":
        """The figure as it may be kept in a notebook."""
        return self

    def html(self) -> str:
        """The figure for a page: the picture and, as data, what makes it live."""
        return with_data(self.stored().picture(), self.stored().carried())


class Parts(NamedTuple):
    """What a figure is made of: functions of its scene, from its modules."""

    show: Callable[[Any], Any]  # all that is shown of it, as a page is told
    body: Callable[[Any, Element | None], Element]  # the live figure, with a question above it
    still: Callable[[Any], tuple[Element, ...]]  # its first moment in words and pictures, for where nothing runs
    words: Callable[[Any], str]  # what it shows then, in a sentence or two
    # The scenes worth recording for every figure of its kind; the other argument is what is predicted, if anything.
    cases: Callable[[Any, Mapping[str, Any]], Iterable[Any]] = lambda scene, predicted: ()
    told: Callable[[Any], tuple[Element, ...]] = lambda scene: ()  # what comes, in words and pictures, for the fold


def view_of(body: Callable[[Any], Element]) -> Callable[[Any], View]:
    """What a page is told of a scene: all that may change in what is drawn of it."""
    return lambda scene: keyed(body(scene))


class Figure(Live, Generic[S]):
    """A live figure that is computed from its scene, which takes whatever else the figure is given.

    `predict` is the question above it. `record` adds states to those that a static page answers at once, each with what
    differs from the scene. Raises what the scene raises, for those as well.
    """

    made_of: ClassVar[Parts]

    def __init__(
        self,
        *given: Any,
        predict: Prediction | None = None,
        record: Iterable[Mapping[str, Any]] = (),
        caption: str = "",
        **state: Any,
    ) -> None:
        scene = self.scene_type()(*given, **state)
        self.given = self.scene = scene  # as it was made; as it is now
        self.caption, self.predict = caption, predict
        self._scenes = (scene, *map(scene.changed, record))
        asked = predict.state() if predict else {}
        self._foreseen = {name: value for name, value in asked.items() if value or name in scene.varies()}
        self._cases = tuple(self.made_of.cases(scene, self._foreseen))

    @classmethod
    def scene_type(cls) -> type[S]:
        """The class of its scenes."""
        (found,) = get_args(cls.__orig_bases__[0])  # type: ignore[attr-defined]
        return found  # type: ignore[no-any-return]

    @classmethod
    def function(cls) -> str:
        """The address by which a page calls the figure's `view`."""
        return f"netlearn.figures.{cls.folder()}.view:view"

    def drawn(self) -> Element:
        return self.made_of.body(self.given, self.predict.drawn() if self.predict else None)

    def still(self) -> tuple[Element, ...]:
        return self.made_of.still(self.scene)

    def told(self) -> tuple[Element, ...]:
        return self.made_of.told(self.scene)

    def question(self) -> str:
        return self.predict.question if self.predict else ""

    def foreseen(self) -> S | None:
        """The scene that is asked about, if one is."""
        return self.given.changed(self._foreseen) if self.predict else None

    def words(self) -> str:
        return self.made_of.words(self.scene)

    @staticmethod
    def change(first: Any, now: Any) -> Any:
        """What differs between what was shown at first and now."""
        return difference(first, now)

    def shown(self, scene: S) -> Any:
        """What a page needs to know to show the scene, once the figure stands there as it was at first."""
        return self.change(self.first, self.made_of.show(scene))

    @cached_property
    def first(self) -> Any:
        """What is shown as the figure is drawn."""
        return self.made_of.show(self.given)

    @cached_property
    def recorded(self) -> Mapping[str, Any]:
        """What is shown in the states that a static page answers at once, by their names."""
        first, *record = self._scenes
        return {key(scene): self.shown(scene) for scene in dict.fromkeys((first, *self._cases, *record))}

    def carried(self) -> Mapping[str, Any]:
        return {
            **super().carried(),
            "function": self.function(),
            "recorded": {**self.recorded, key(self.scene): self.shown(self.scene)},
            "state": self.scene.plain(),
            "varies": self.scene.varies(),
        }


def key(scene: AnyScene) -> str:
    """The name of the scene in the record."""
    return key_of_state(scene.chosen(), scene.varies())


def key_of_state(state: Mapping[str, Any], varies: Iterable[str]) -> str:
    """The name of a state in the record: what the reader set, as the page writes it in JSON."""
    return as_json([state[name] for name in varies])


def as_json(value: object) -> str:
    """JSON as JavaScript's `JSON.stringify` writes it, so that both sides find the same key."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def with_data(picture: str, carried: Mapping[str, Any]) -> str:
    """A figure's picture with the data that makes it live, where the page looks for it."""
    data = as_json(carried).replace("<", "\\u003c")
    return picture.removesuffix("</figure>") + f'<script type="application/json">{data}</script></figure>'
