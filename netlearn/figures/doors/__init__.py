"""This machine's open doors."""

from netlearn.figures.doors.view import pictured
from netlearn.figures.doors.widget import Doors

__all__ = ["Doors", "pictured"]
