"""Still pictures of `lo`."""

from netlearn.figures.lo.pictures import audience, containers, everywhere, kernel, rooms

__all__ = ["audience", "containers", "everywhere", "kernel", "rooms"]
