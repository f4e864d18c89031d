"""Who can reach this door: choose what it is bound to, say who will get in, and see."""

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.reach.scene import BOUND, Scene, asked_in_words, asks, words
from netlearn.figures.reach.view import body, first_moment, guesses, still


class Reach(Figure[Scene]):
    """A listener bound to one of `BOUND`, and who gets in: from inside, the LAN, beyond the router.

    With `predict`, a name that stays the same for ever, each answer is guessed first (or all guesses are skipped); the
    reader's browser keeps them under that name. Raises `UnknownName` for what the door is not bound to here.

    >>> figure = Reach("127.0.0.1")
    >>> figure.bound = "0.0.0.0"
    >>> figure.view["title"]["text"]
    'Bound to 0.0.0.0, the door opens to everyone: inside, the LAN and beyond'
    """

    made_of = Parts(view_of(body), body, still, lambda scene: words(scene.bound), lambda scene, _: map(Scene, BOUND))
    fold = "Show who gets in"

    def __init__(self, bound: str = "127.0.0.1", *, predict: str = "", caption: str = "") -> None:
        self._asked = predict
        super().__init__(bound, caption=caption)

    def drawn(self) -> Element:
        return body(self.given, guesses(self._asked) if self._asked else None)

    def question(self) -> str:
        return asks(self.scene.bound) if self._asked else ""

    def still(self) -> tuple[Element, ...]:
        return first_moment(self.scene) if self._asked else still(self.scene)

    def words(self) -> str:
        return asked_in_words(self.scene.bound) if self._asked else super().words()

    def told(self) -> tuple[Element, ...]:
        return still(self.scene) if self._asked else ()
