"""What if it fails: break a network and see what the next failure would do, and which would be the worst."""

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.what_if.scene import Scene, cases, find, words
from netlearn.figures.what_if.view import body, first_moment, still


class WhatIf(Figure[Scene]):
    """What each failure in a network would do to shortest paths, before it happens, in a network to break.

    `cut` holds the names of cut links, `down` of routers that are down; both follow the reader. What these did is
    counted, and what would fail worst next is shown on what they have left. With `predict` nothing is shown of that
    before the reader has said what to worry about. `record` adds states to those that a static page answers at once:
    the untouched network, and every single failure (in a network of at most `MOST_RECORDED` links and routers).

    Raises `UnknownName` for what cannot fail, also when a trait is set to it later; the figure then stays as it was.

    >>> figure = WhatIf(forum())
    >>> figure.down = ["R2"]
    >>> figure.view["title"]["text"]
    'Nobody is cut off now. Next to worry about: R1–R5, the worst of 10 single points of failure'
    """

    made_of = Parts(view_of(body), body, still, lambda scene: words(scene, find(scene)), cases)

    def still(self) -> tuple[Element, ...]:
        return first_moment(self.scene) if self.predict else still(self.scene)

    def told(self) -> tuple[Element, ...]:
        return still(self.scene) if self.predict else ()

    def words(self) -> str:
        return self.predict.question if self.predict else super().words()
