"""This machine's open doors."""

from netlearn.figures.doors.picture import picture
from netlearn.figures.doors.words import claim, words

__all__ = ["claim", "picture", "words"]
