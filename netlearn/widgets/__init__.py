"""The figures as Jupyter widgets: one Python class and one ES module each, the same module on the static site."""

from netlearn.widgets.base import Figure, Prediction
from netlearn.widgets.explorer import Explorer
from netlearn.widgets.player import Player, WayPrediction

__all__ = ["Explorer", "Figure", "Player", "Prediction", "WayPrediction"]
