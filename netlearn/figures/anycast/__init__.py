"""One address on several routers."""

from netlearn.figures.anycast.widget import Anycast

__all__ = ["Anycast"]
