"""One address on two machines: on one link a conflict, on different links anycast."""

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.same_address.drawing import drawing
from netlearn.figures.same_address.scene import PLACES, Scene, cases, check, words
from netlearn.figures.same_address.view import asked, body, story_list


class SameAddress(Figure):
    """The story of one address on two machines, moment by moment.

    `place` is `one` (link) or `links`; `sooner` is the server that answers sooner or is nearer, `A` or `B`; with
    `checks` the other one looks on one link whether the address is taken (RFC 5227); `moment` counts from 0. All
    follow the reader, and all states are recorded: nothing is left for Python in the page.

    Raises `NetlearnError` for what cannot be, also when a trait is set to it later.
    """

    module = "same_address"
    function = "netlearn.figures.same_address.view:view"
    arguments = ("place", "sooner", "checks", "moment")
    varies = arguments

    place = traitlets.Unicode("one").tag(sync=True)
    sooner = traitlets.Unicode("A").tag(sync=True)
    checks = traitlets.Bool(False).tag(sync=True)
    moment = traitlets.Int(0).tag(sync=True)

    def __init__(self, *, place: str = "one", checks: bool = False, predict: bool = True, caption: str = "") -> None:
        self._predict = predict
        super().__init__(place=place, checks=checks, caption=caption)

    def drawn(self) -> Element:
        return body(self._case(), asked() if self._predict else None)

    def still(self) -> tuple[Element, ...]:
        parts: list[Element] = []
        for place, moment in (("one", 6), ("links", 2)):
            case = Scene(place, self.sooner, False, moment)
            heading = element("p", f"{PLACES[place]}: {case.now().title}", class_="nl-title")
            picture = image(drawing(case, live=False), words(case))
            parts += [heading, picture, story_list(case)]
        checked = Scene("one", self.sooner, True)
        parts += [
            element("p", "On one link, if the second one checks", class_="nl-title"),
            story_list(checked),
        ]
        return tuple(parts)

    def words(self) -> str:
        return words(self._case())

    def cases(self) -> Iterable[Mapping[str, Any]]:
        for case in cases():
            yield {"place": case.place, "sooner": case.sooner, "checks": case.checks, "moment": case.moment}

    def check(self, state: Mapping[str, Any]) -> None:
        check(Scene(**{name: getattr(self, name) for name in self.arguments} | dict(state)))

    def _case(self) -> Scene:
        return Scene(self.place, self.sooner, self.checks, self.moment)
