"""The three things that are called loopback."""

from netlearn.figures.loopbacks.view import picture
from netlearn.figures.loopbacks.widget import Loopbacks

__all__ = ["Loopbacks", "picture"]
