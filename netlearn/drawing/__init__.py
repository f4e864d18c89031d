"""Drawings: markup as a value, where things stand, the network, signs, and pictures that stand alone.

A notebook shows a `Picture` as an image with its title and caption, and its words for readers who cannot see it; a
`Table` says in words what a cell has found.

>>> drawn = picture(forum(), [LinkDown("R2-End")], title="One cable is cut")
>>> drawn.words[-12:]
'Cut: R2–End.'
"""

from netlearn.drawing.layout import placed
from netlearn.drawing.still import Picture, picture
from netlearn.drawing.tables import Table

__all__ = ["Picture", "Table", "picture", "placed"]
