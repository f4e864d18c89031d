"""Laboratories on this machine: real programs in network namespaces of their own (Linux)."""

from netlearn.lab.alone import CannotMakeNamespaces, alone, run_alone, why_not
from netlearn.lab.namespaces import CommandFailed, Namespace, Namespaces, TookTooLong, stop, wait_until

__all__ = ["CannotMakeNamespaces", "alone", "run_alone", "why_not"]
__all__ += ["CommandFailed", "Namespace", "Namespaces", "TookTooLong", "stop", "wait_until"]
