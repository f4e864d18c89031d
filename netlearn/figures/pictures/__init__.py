"""Pictures that tell one thing each, from what the library has computed or recorded.

They stand still. Each is a function of what it shows, and gives a `Picture`; none has a number of its own.

>>> loop_free(forum(), "R1", "End", ["R5"]).words[-47:]
'It may not: what is handed to it may come back.'
"""

from netlearn.figures.pictures.areas import areas, two_areas
from netlearn.figures.pictures.cut_open import cut_open
from netlearn.figures.pictures.flooding import flooding
from netlearn.figures.pictures.half_links import half_links
from netlearn.figures.pictures.handover import handed_over
from netlearn.figures.pictures.heat_map import heat_map
from netlearn.figures.pictures.hellos import hellos
from netlearn.figures.pictures.in_a_router import in_a_router
from netlearn.figures.pictures.loop_free import loop_free
from netlearn.figures.pictures.looping import looping
from netlearn.figures.pictures.noticing import noticing
from netlearn.figures.pictures.polarisation import polarisation
from netlearn.figures.pictures.publishing import published
from netlearn.figures.pictures.sessions import two_sessions
from netlearn.figures.pictures.side_by_side import side_by_side
from netlearn.figures.pictures.systems import systems, two_systems
from netlearn.figures.pictures.tries import tries
from netlearn.figures.pictures.turned import turned

__all__ = [
    "areas",
    "cut_open",
    "flooding",
    "half_links",
    "handed_over",
    "heat_map",
    "hellos",
    "in_a_router",
    "loop_free",
    "looping",
    "noticing",
    "polarisation",
    "published",
    "side_by_side",
    "systems",
    "tries",
    "turned",
    "two_areas",
    "two_sessions",
    "two_systems",
]
