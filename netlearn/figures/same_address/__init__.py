"""One address on two machines."""

from netlearn.figures.same_address.widget import SameAddress

__all__ = ["SameAddress"]
