"""Drawings: markup as a value, where things stand, the network, signs, and pictures that stand alone."""

from netlearn.drawing.still import Picture, picture

__all__ = ["Picture", "picture"]
