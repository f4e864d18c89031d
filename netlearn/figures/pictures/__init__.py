"""Pictures that tell one thing each, from what the library has computed or recorded.

They stand still. Each is a function of what it shows, and gives a `Picture`; none has a number of its own.
"""

from netlearn.figures.pictures.hellos import hellos
from netlearn.figures.pictures.tries import tries

__all__ = ["hellos", "tries"]
