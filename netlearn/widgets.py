"""The figures as Jupyter widgets: one Python class and one ES module each, the same module on the static site."""

from netlearn.figures.anycast.widget import Anycast
from netlearn.figures.common.live import Figure, Live
from netlearn.figures.common.prediction import Prediction
from netlearn.figures.doors.widget import Doors
from netlearn.figures.explorer.widget import Explorer
from netlearn.figures.loopbacks.widget import Loopbacks
from netlearn.figures.name_the_box.widget import NameTheBox
from netlearn.figures.packet_path.widget import PacketPath
from netlearn.figures.player.prediction import WayPrediction
from netlearn.figures.player.widget import Player
from netlearn.figures.quiz.widget import Quiz
from netlearn.figures.reach.widget import Reach
from netlearn.figures.same_address.widget import SameAddress

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
