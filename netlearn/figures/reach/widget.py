"""Who can reach this door: choose what it is bound to, say who will get in, and see."""

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Figure
from netlearn.figures.reach.drawing import drawing
from netlearn.figures.reach.scene import BOUND, attempts, check
from netlearn.figures.reach.view import body, still_table
from netlearn.figures.reach.words import claim, words


class Reach(Figure):
    """A listener bound to one of `reach.BOUND`, and who gets in: from inside, the LAN, beyond the router.

    With `predict`, a name that stays the same for ever, each answer is guessed first (or all guesses are skipped); the
    reader's browser keeps them under that name. Raises `UnknownName` for what the door is not bound to here.
    """

    module = "reach"
    function = "netlearn.figures.reach.view:view"
    arguments = ("bound",)
    varies = ("bound",)

    bound = traitlets.Unicode("127.0.0.1").tag(sync=True)

    def __init__(self, bound: str = "127.0.0.1", *, predict: str = "", caption: str = "") -> None:
        self._predict = predict
        super().__init__(bound=bound, caption=caption)

    def drawn(self) -> Element:
        return body(self.bound, self._predict)

    def still(self) -> tuple[Element, ...]:
        found, sentence = attempts(self.bound), words(self.bound)
        picture = image(drawing(self.bound, found, sentence), sentence)
        heading = element("p", claim(self.bound, found), class_="nl-title")
        return heading, picture, element("p", sentence, class_="nl-say"), still_table()

    def words(self) -> str:
        return words(self.bound)

    def cases(self) -> Iterable[Mapping[str, Any]]:
        yield from ({"bound": bound} for bound in BOUND)

    def check(self, state: Mapping[str, Any]) -> None:
        check(state["bound"])
