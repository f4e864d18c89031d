"""The figures as Jupyter widgets: one Python class and one ES module each, the same module on the static site."""

from netlearn.widgets.anycast import Anycast
from netlearn.widgets.base import Figure, Live, Prediction
from netlearn.widgets.box import NameTheBox
from netlearn.widgets.doors import Doors
from netlearn.widgets.explorer import Explorer
from netlearn.widgets.loopbacks import Loopbacks
from netlearn.widgets.path import PacketPath
from netlearn.widgets.player import Player, WayPrediction
from netlearn.widgets.quiz import Quiz
from netlearn.widgets.reach import Reach
from netlearn.widgets.sameaddress import SameAddress

__all__ = [
    "Anycast",
    "Doors",
    "Explorer",
    "Figure",
    "Live",
    "Loopbacks",
    "NameTheBox",
    "PacketPath",
    "Player",
    "Prediction",
    "Quiz",
    "Reach",
    "SameAddress",
    "WayPrediction",
]
