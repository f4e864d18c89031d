"""A failure in time, at the reader's own pace."""

from netlearn.figures.player.widget import Player, WayPrediction

__all__ = ["Player", "WayPrediction"]
