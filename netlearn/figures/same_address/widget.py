"""One address on two machines: on one link a conflict, on different links anycast."""

from dataclasses import replace

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.same_address.scene import Scene, cases, words
from netlearn.figures.same_address.view import QUESTION, asked, body, still, told


class SameAddress(Figure[Scene]):
    """The story of one address on two machines, moment by moment.

    `place` is `one` (link) or `links`; `sooner` is the server that answers sooner or is nearer, `A` or `B`; with
    `checks` the other one looks on one link whether the address is taken (RFC 5227); `moment` counts from 0. All
    follow the reader, and all states are recorded: nothing is left for Python in the page.

    Raises `NetlearnError` for what cannot be, also when a trait is set to it later.

    >>> figure = SameAddress(place="one")
    >>> figure.moment = 5
    >>> figure.view["title"]["text"]
    'Server B speaks, and Desk’s cache flips'
    """

    made_of = Parts(view_of(body), body, still, lambda scene: words(replace(scene, moment=0)), cases, told)

    def __init__(self, *, place: str = "one", checks: bool = False, predict: bool = True, caption: str = "") -> None:
        self._asks = predict
        super().__init__(place, checks=checks, caption=caption)

    def drawn(self) -> Element:
        return body(self.given, asked() if self._asks else None)

    def question(self) -> str:
        return QUESTION if self._asks else ""
