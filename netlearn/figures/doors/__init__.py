"""This machine's open doors."""

from netlearn.figures.doors.picture import picture
from netlearn.figures.doors.widget import Doors
from netlearn.figures.doors.words import claim, words

__all__ = ["Doors", "claim", "picture", "words"]
