"""My doors: the listeners of the machine that the notebook's kernel runs on, or the recorded ones."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from netlearn.drawing.markup import Element
from netlearn.figures.common.controls import pictured
from netlearn.figures.common.live import Live
from netlearn.figures.doors.view import body, picture, still
from netlearn.figures.doors.words import Looking, claim, words
from netlearn.host.sockets import Snapshot, difference
from netlearn.recorded.snapshot import recorded


class Doors(Live):
    """This machine's open doors, in the wall to the inside, in the one to the outside, or in both.

    Without a snapshot it looks itself, and again whenever `looks` is set: in the book, and where psutil is missing, it
    shows the recorded snapshot and says so. Whatever it shows alive, what is stored of it in a notebook is the recorded
    snapshot: nobody's own processes are published with a notebook.

    >>> Doors(Snapshot(listeners=()))
    <Doors: Nothing listens here: a house without doors.>
    """

    def __init__(
        self, snapshot: Snapshot | None = None, *, look: Callable[[], Snapshot] = recorded, caption: str = ""
    ) -> None:
        self.caption, self._look = caption, look
        self.snapshot = look() if snapshot is None else snapshot  # what is shown at the moment
        self._looking = Looking(possible=snapshot is None and not self.snapshot.recorded)

    def drawn(self) -> Element:
        return body(self.snapshot, self._looking)

    def still(self) -> tuple[Element, ...]:
        drawn = picture(self.snapshot)
        return pictured(claim(self.snapshot), drawn, words(self.snapshot), *still(self.snapshot))

    def words(self) -> str:
        return words(self.snapshot)

    def stored(self) -> Live:
        kept = self.snapshot if self.snapshot.recorded else recorded()
        return Doors(replace(kept, notes=()), caption=self.caption)

    def carried(self) -> Mapping[str, Any]:
        return {**super().carried(), "state": {"looks": 0}}

    def look_again(self) -> None:
        """Show the doors of now, and what has opened and closed; where only a recording is shown, nothing changes."""
        if self._looking.possible:
            before, self.snapshot = self.snapshot, self._look()
            self._looking = Looking(True, news=None if self.snapshot.recorded else difference(before, self.snapshot))
