"""A network of the reader's own: drawn, broken, shared."""

from netlearn.figures.sandbox.widget import Sandbox

__all__ = ["Sandbox"]
