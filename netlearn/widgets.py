"""The figures as Jupyter widgets: one Python class and one ES module each, the same module on the static site.

In a notebook such a figure is alive, and what the reader has set are its traits. Anywhere else it is the sentence that
its picture would say:

>>> Explorer(forum(), "Source", "End", down=["R2"])
<Explorer: 1 shortest path, metric 4: Source → R1 → R3 → R4 → End. Down: R2.>
"""

from dataclasses import replace
from typing import Any

import traitlets

from netlearn import probe
from netlearn.figures import (
    anycast,
    doors,
    explorer,
    loopbacks,
    name_the_box,
    packet_path,
    quiz,
    reach,
    same_address,
    sandbox,
    what_if,
)
from netlearn.figures.common.jupyter import Widget, widget
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.player import Player as _Player
from netlearn.figures.player import WayPrediction
from netlearn.host.sockets import Snapshot
from netlearn.recorded.snapshot import recorded

__all__ = ["Anycast", "Doors", "Explorer", "Loopbacks", "NameTheBox", "PacketPath", "Player", "Quiz", "Reach"]
__all__ += ["Prediction", "SameAddress", "Sandbox", "WayPrediction", "WhatIf", "Widget"]

Anycast = widget(anycast.Anycast)
Explorer = widget(explorer.Explorer)
Loopbacks = widget(loopbacks.Loopbacks)
NameTheBox = widget(name_the_box.NameTheBox)
PacketPath = widget(packet_path.PacketPath)
Player = widget(_Player)
Reach = widget(reach.Reach)
SameAddress = widget(same_address.SameAddress)
Sandbox = widget(sandbox.Sandbox)
Quiz = widget(quiz.Quiz)
WhatIf = widget(what_if.WhatIf)


SHOW = {"show": "body"}  # what a front end sends to be told what is seen


def _look() -> Snapshot:
    """This machine's doors or, where they cannot be looked at, the recorded ones with the reason."""
    try:
        return probe.snapshot(connections=False)
    except probe.CannotLook as reason:
        return replace(recorded(), notes=(f"Your own doors are not shown: {reason}.",))


class Doors(widget(doors.Doors)):  # type: ignore[misc]  # a class made at run time
    __doc__ = doors.Doors.__doc__

    # Whoever runs or saves a notebook may store the state of its widgets: that holds the recorded doors alone. The
    # machine's own are a message to whoever asks for them, which is a front end that shows them.
    body = traitlets.Unicode().tag(sync=True, to_json=lambda _body, made: str(made.figure.stored().drawn()))
    varies = ("looks",)
    looks = traitlets.Int(0).tag(sync=True)

    def __init__(self, snapshot: Snapshot | None = None, *, caption: str = "") -> None:
        super().__init__(snapshot, look=_look, caption=caption)
        self.observe(self._look_again, names="looks")
        self.on_msg(lambda _made, asked, _buffers: self._tell() if asked == SHOW else None)

    def _look_again(self, _change: Any) -> None:
        self.figure.look_again()
        with self.hold_sync():
            self.body = str(self.figure.drawn())
        self._tell()

    def _tell(self) -> None:
        self.send({"body": self.body})
