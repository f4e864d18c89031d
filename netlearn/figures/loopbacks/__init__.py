"""The three things that are called loopback."""

from netlearn.figures.loopbacks.view import picture

__all__ = ["picture"]
