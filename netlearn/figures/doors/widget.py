"""My doors: the listeners of the machine that the notebook's kernel runs on, or the recorded ones."""

from collections.abc import Mapping
from typing import Any

import traitlets

from netlearn import probe
from netlearn.drawing.markup import Element, element
from netlearn.drawing.still import image
from netlearn.figures.common.live import Live
from netlearn.figures.doors.picture import picture
from netlearn.figures.doors.view import body, still
from netlearn.figures.doors.words import Looking, claim, words
from netlearn.host.sockets import Snapshot, difference
from netlearn.recorded.snapshot import recorded


class Doors(Live):
    """This machine's open doors, in the wall to the inside, in the one to the outside, or in both.

    Without a snapshot it looks itself, and again whenever `looks` is set: in the book, and where psutil is missing, it
    shows the recorded snapshot and says so. Whatever it shows alive, what is stored of it in a notebook is the recorded
    snapshot: nobody's own processes are published with a notebook.
    """

    module = "doors"
    varies = ("looks",)

    looks = traitlets.Int(0).tag(sync=True)

    def __init__(self, snapshot: Snapshot | None = None, *, caption: str = "") -> None:
        self._snapshot = probe.snapshot(connections=False) if snapshot is None else snapshot
        self._looking = Looking(possible=snapshot is None and not self._snapshot.recorded)
        super().__init__(caption=caption)
        self.observe(self._look_again, names="looks")

    @property
    def snapshot(self) -> Snapshot:
        """What is shown at the moment."""
        return self._snapshot

    def drawn(self) -> Element:
        return body(self._snapshot, self._looking)

    def still(self) -> tuple[Element, ...]:
        told = element("p", words(self._snapshot), class_="nl-say")
        heading = element("p", claim(self._snapshot), class_="nl-title")
        return (
            heading,
            image(picture(self._snapshot), words(self._snapshot)),
            told,
            *still(self._snapshot),
        )

    def words(self) -> str:
        return words(self._snapshot)

    def html(self) -> str:
        if self._snapshot.recorded:
            return super().html()
        return Doors(recorded(), caption=self.caption).html()

    def carried(self) -> Mapping[str, Any]:
        return {**super().carried(), "state": {"looks": 0}}

    def _look_again(self, _change: object) -> None:
        if not self._looking.possible:
            return
        before, self._snapshot = self._snapshot, probe.snapshot(connections=False)
        self._looking = Looking(True, news=difference(before, self._snapshot))
        self.body = str(self.drawn())
