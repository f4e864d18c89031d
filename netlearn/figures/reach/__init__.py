"""Who can reach a door."""

from netlearn.figures.reach.widget import Reach

__all__ = ["Reach"]
