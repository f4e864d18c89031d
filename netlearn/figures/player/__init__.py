"""A failure in time, at the reader's own pace."""

from netlearn.figures.common.prediction import WayPrediction
from netlearn.figures.player.widget import Player

__all__ = ["Player", "WayPrediction"]
