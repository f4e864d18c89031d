"""Pictures that tell one thing each, from what the library has computed or recorded.

They stand still. Each is a function of what it shows, and gives a `Picture`; none has a number of its own.
"""

from netlearn.figures.pictures.half_links import half_links
from netlearn.figures.pictures.hellos import hellos
from netlearn.figures.pictures.loop_free import loop_free
from netlearn.figures.pictures.polarisation import polarisation
from netlearn.figures.pictures.sessions import two_sessions
from netlearn.figures.pictures.tries import tries

__all__ = ["half_links", "hellos", "loop_free", "polarisation", "tries", "two_sessions"]
