"""The explorer: press a cable to cut it, a router to take it down, change metrics, follow one flow."""

from netlearn.drawing.markup import Element
from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.explorer.scene import Scene, cases, find, words
from netlearn.figures.explorer.view import body, still


class Explorer(Figure[Scene]):
    """All shortest paths between two nodes, each router's next hops, and the way of one flow, in a network to break.

    `cut` holds the names of cut links, `down` of routers that are down, `metrics` the changed ones as
    `[link, the end that it leaves, metric]`; `flow` numbers the flow whose way is shown, from 1. All of them follow
    the reader. `record` adds states to those that a static page answers at once: the untouched network, what the
    prediction asks about, and every single failure (in a network of at most `MOST_RECORDED` links and routers).

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.

    >>> figure = Explorer(forum(), "Source", "End")
    >>> figure.cut = ["R2-End"]
    >>> figure.view["title"]["text"]
    'R1 is tied, and so is R2'
    """

    made_of = Parts(view_of(body), body, still, lambda scene: words(scene, find(scene)), cases)

    def told(self) -> tuple[Element, ...]:
        scene = self.foreseen()
        return still(scene) if scene else ()
