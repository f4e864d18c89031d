"""Drawings: markup as a value, where things stand, the network, signs, and pictures that stand alone.

A notebook shows a `Picture` as an image with its title and caption; whoever cannot see it has its words.

>>> drawn = picture(forum(), [LinkDown("R2-End")], title="One cable is cut")
>>> drawn.words[-12:]
'Cut: R2–End.'
"""

from netlearn.drawing.still import Picture, picture

__all__ = ["Picture", "picture"]
