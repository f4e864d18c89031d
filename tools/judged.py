"""Pytest where a mutant is judged (`mutants.py`): examples before properties, an end for what has none."""

import json
import os
import resource
import signal
import sys
from pathlib import Path
from types import CodeType

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

EXAMPLE_SECONDS, PROPERTY_SECONDS = 20, 60  # of the processor, for one test
MEMORY = 4 << 30
# Loaded once, before the processes divide: it takes longer than most tests.
HEAVY = ["judged", "playwright.sync_api", "nbformat", "networkx", "numpy", "psutil", "yaml"]


class Room:
    """What is otherwise for pytest to decide. `properties` says whether theirs are the tests, or all others."""

    def __init__(self, properties: bool) -> None:
        self.properties = properties

    def pytest_sessionstart(self) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        # Whatever fails is enough; the smallest that fails would take long to find.
        settings.register_profile("judged", settings(), phases=(Phase.explicit, Phase.generate))
        settings.load_profile("judged")

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if is_hypothesis_test(getattr(item, "obj", None)) == self.properties]

    def pytest_runtest_logstart(self) -> None:
        limit_s = PROPERTY_SECONDS if self.properties else EXAMPLE_SECONDS
        signal.setitimer(signal.ITIMER_PROF, limit_s)  # whose signal ends the process


def run(copy: str, names: list[str], properties: bool, calls: str) -> None:
    """Run the examples of these files of tests, or the properties, in this copy; end with what pytest returns.

    If `calls` names a file, it tells afterwards what of ours was called: (path, function).
    """
    os.setsid()  # so that whatever they start can be ended with them
    os.chdir(copy)
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(silence, stream)
    sys.path.insert(0, copy)
    os.environ |= {"PYTHONPATH": copy, "NETLEARN_RECORDED": "1"}
    os.environ.pop("PYTEST_ADDOPTS", None)
    signal.setitimer(signal.ITIMER_PROF, EXAMPLE_SECONDS)
    called: set[CodeType] = set()
    if calls:
        sys.settrace(lambda frame, event, argument: called.add(frame.f_code))
    options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:nbval", "-p", "no:xdist"]
    code = pytest.main([*options, *(f"tests/test_{name}.py" for name in names)], plugins=[Room(properties)])
    sys.settrace(None)
    if calls:
        own = [each for each in called if each.co_filename.startswith(f"{copy}/netlearn/")]
        rows = [(each.co_filename.removeprefix(f"{copy}/"), each.co_qualname.replace(".<locals>", "")) for each in own]
        Path(calls).write_text(json.dumps(rows), encoding="utf-8")
    sys.exit(code)
