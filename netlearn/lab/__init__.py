"""Laboratories on this machine: real programs in network namespaces of their own (Linux).

Where the system allows none, everything here raises a `NetlearnError`; `why_not` says the reason beforehand.

>>> from contextlib import suppress
>>> with suppress(NetlearnError), Namespaces() as spaces:
...     here, there = spaces.new("here"), spaces.new("there")
...     here.cable("eth0", there, "eth0")
"""

from netlearn.lab.alone import CannotMakeNamespaces, alone, run_alone, why_not
from netlearn.lab.namespaces import CommandFailed, Namespace, Namespaces, TookTooLong, stop, wait_until

__all__ = ["CannotMakeNamespaces", "alone", "run_alone", "why_not"]
__all__ += ["CommandFailed", "Namespace", "Namespaces", "TookTooLong", "stop", "wait_until"]
