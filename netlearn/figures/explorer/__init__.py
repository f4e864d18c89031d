"""All shortest paths in a network to break."""

from netlearn.figures.explorer.widget import Explorer

__all__ = ["Explorer"]
