"""What each failure would do, before it happens."""

from netlearn.figures.what_if.widget import WhatIf

__all__ = ["WhatIf"]
