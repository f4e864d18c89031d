"""Who can reach this door: choose what it is bound to, say who will get in, and see."""

from collections.abc import Iterable, Mapping
from typing import Any

import traitlets

from netlearn.figure import reach
from netlearn.figure.markup import Element, element
from netlearn.figure.still import image
from netlearn.widgets.base import Figure


class Reach(Figure):
    """A listener bound to one of `reach.BOUND`, and who gets in: from inside, the LAN, beyond the router.

    With `predict`, a name that stays the same for ever, each answer is guessed first (or all guesses are skipped); the
    reader's browser keeps them under that name. Raises `UnknownName` for what the door is not bound to here.
    """

    module = "reach"
    function = "netlearn.figure.reach:view"
    arguments = ("bound",)
    varies = ("bound",)

    bound = traitlets.Unicode("127.0.0.1").tag(sync=True)

    def __init__(self, bound: str = "127.0.0.1", *, predict: str = "", caption: str = "") -> None:
        self._predict = predict
        super().__init__(bound=bound, caption=caption)

    def drawn(self) -> Element:
        return reach.body(self.bound, self._predict)

    def still(self) -> tuple[Element, ...]:
        found, words = reach.attempts(self.bound), reach.words(self.bound)
        picture = image(reach.drawing(self.bound, found, words), words)
        heading = element("p", reach.claim(self.bound, found), class_="nl-title")
        return heading, picture, element("p", words, class_="nl-say"), reach.still_table()

    def words(self) -> str:
        return reach.words(self.bound)

    def cases(self) -> Iterable[Mapping[str, Any]]:
        yield from ({"bound": bound} for bound in reach.BOUND)

    def check(self, state: Mapping[str, Any]) -> None:
        reach.check(state["bound"])
