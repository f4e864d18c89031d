"""What it costs, next to the peers, in one run: `python -m benchmarks`, or `python -m benchmarks spf` for one of them.

One file is one benchmark: its docstring's first line is the headline, its `run(effort)` gives the tables. Times are
printed and never asserted: on a shared machine only the ratios within one run mean anything. With `--short` each does
as little as shows that it still runs; so do the tests, with every one that stands here.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def every() -> dict[str, ModuleType]:
    """The benchmarks by name: the modules here that have a `run`."""
    modules = {found.name: import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)}
    return {name: module for name, module in sorted(modules.items()) if hasattr(module, "run")}
