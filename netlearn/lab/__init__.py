"""Laboratories on this machine: real programs in network namespaces of their own (Linux)."""

from netlearn.lab.alone import CannotMakeNamespaces, alone, run_alone, why_not
from netlearn.lab.namespaces import CommandFailed, Namespace, Namespaces, TookTooLong, stop, wait_until

__all__ = [
    "CannotMakeNamespaces",
    "CommandFailed",
    "Namespace",
    "Namespaces",
    "TookTooLong",
    "alone",
    "run_alone",
    "stop",
    "wait_until",
    "why_not",
]
