"""Change the rules of routing, one word at a time, and see whether a test objects: ``python tools/mutants.py``.

A mutant that no test kills is a rule that no test holds: it becomes a test, or a row of the list of equivalents if
nobody could tell it from the original. `mutations.py` makes them; each runs in a copy of the repository, in which
`judged.py` sits beside the tests.

Of the libraries that are kept, mutmut leaves alone what has a decorator, as nearly all of our classes do, and knows
neither dropped statements nor tables; cosmic-ray changes the files that one works on, has one command of tests for all
of them, and names a mutant by its number in a file. Neither draws a sample.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from compileall import compile_dir
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from py_compile import PycInvalidationMode

import judged
from mutations import Mutant, Row, drawn, mutants

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("routing", "convergence", "host")
LIST = "tests/data/equivalent_mutants.txt"
# The files of tests that say what the rules are. Others show them, more slowly and in a browser.
JUDGES = [
    "addresses", "allpairs", "anycast", "cases", "connections", "counts", "dial", "duplicates", "fib", "figure",
    "forwarding", "graph", "hoststack", "kernel", "kernel_addresses", "lfa", "looking", "lsdb", "measured", "outage",
    "outages", "rib", "router", "sameaddress", "session", "simulation", "sockets", "spf", "story", "trace", "traffic",
]  # fmt: skip
NOT_COPIED = shutil.ignore_patterns(".*", "_build", "__pycache__", "node_modules")
FOUND_NOTHING = (0, 5)  # what pytest returns when all tests passed, or when there were none
KILLED, TIMED_OUT, EQUIVALENT, SURVIVED, NOT_TRIED = "killed", "timed out", "equivalent", "survived", "not tried"
SECONDS = 900  # for one mutant, however busy the machine
PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(judged.HEAVY)
mine = threading.local()  # its copy of the repository


@dataclass(frozen=True)
class Judge:
    """A file of tests: what it called in the rooms, as (path, name), and how long that took."""

    name: str
    seconds: float
    called: frozenset[tuple[str, str]]

    def ran(self, path: str, begin: str) -> bool:
        """Whether it ran something in the module whose name begins so."""
        return any(path == file and f"{name}.".startswith(begin) for file, name in self.called)


def settle(root: Path, folder: str) -> None:
    """Give this thread a copy of the repository, in which a mutant harms nothing of the working tree."""
    mine.copy = Path(shutil.copytree(root, Path(tempfile.mkdtemp(dir=folder), "copy"), ignore=NOT_COPIED))
    # Known by their hashes, for two mutants may be of one size and of one second.
    compile_dir(mine.copy / "netlearn", quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH)


def run(names: list[str], properties: bool = False, calls: str = "") -> int | None:
    """What pytest returns (`judged.run`), or minus the signal that ended it; `None` if it took too long."""
    process = PROCESSES.Process(target=judged.run, args=(str(mine.copy), names, properties, calls))
    process.start()
    process.join(SECONDS)
    code = process.exitcode
    with suppress(ProcessLookupError):
        assert process.pid
        os.killpg(process.pid, signal.SIGKILL)  # with all that a test may have started
    process.join()
    return code


def judge(name: str) -> Judge | None:
    """A file of tests that passes without any mutant; else `None`."""
    calls, began = mine.copy / "calls.json", time.monotonic()
    code = run([name], calls=str(calls))
    if code not in FOUND_NOTHING:
        print(f"tests/test_{name}.py judges nothing: it does not pass without a mutant.", flush=True)
        return None
    called = frozenset((path, function) for path, function in json.loads(calls.read_text(encoding="utf-8")))
    return Judge(name, time.monotonic() - began, called)


def verdict(mutant: Mutant, judges: list[Judge]) -> str:
    """What becomes of the mutant; examples come before properties, and the quickest judge first."""
    function = mutant.row.function
    able = [each for each in judges if each.ran(mutant.path, f"{function}.")] if function != "-" else []
    # What stands outside of functions, and what only tests of properties call, is judged by all that have the module.
    able = sorted(able or [each for each in judges if each.ran(mutant.path, "")], key=lambda each: each.seconds)
    if not able:
        return SURVIVED
    place = mine.copy / mutant.path
    original = place.read_bytes()
    place.write_bytes(mutant.text)
    try:
        code = run([each.name for each in able])
        if code in FOUND_NOTHING:
            code = run([each.name for each in able], properties=True)
    finally:
        place.write_bytes(original)
    if code is None or code < 0:
        return TIMED_OUT
    return SURVIVED if code in FOUND_NOTHING else KILLED


def equivalents(root: Path) -> set[Row]:
    """The rows of mutants that nobody can tell from the original."""
    blocks = [block.splitlines() for block in (root / LIST).read_text(encoding="utf-8").split("\n\n")]
    rows = [(place.split(), before, after) for place, before, after, _why in blocks[1:]]  # the first is a comment
    return {Row(room, function, before[2:], after[2:]) for (room, function), before, after in rows}


def hunt(root: Path, names: Iterable[str], count: int, seed: int, minutes: float, jobs: int) -> int:
    """Try so many mutants and say what became of them: 1 if one survived that nobody has explained, else 0."""
    began = time.monotonic()
    modules = [path for room in ROOMS for path in sorted((root / "netlearn" / room).glob("*.py"))]
    found = [mutant for path in modules for mutant in mutants(root, path)]
    sample, known = drawn(found, seed, count), equivalents(root)

    def tried(mutant: Mutant) -> str:
        late = time.monotonic() - began > 60 * minutes
        became = NOT_TRIED if late else verdict(mutant, judges)
        if became == SURVIVED and mutant.row not in known:
            print(f"\n{mutant.path}:{mutant.line}\n{mutant.row}", flush=True)
        if became == KILLED and mutant.row in known:
            print(f"\n{mutant.path}:{mutant.line} is no equivalent, a test tells it apart:\n{mutant.row}", flush=True)
        return EQUIVALENT if became == SURVIVED and mutant.row in known else became

    with (
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(jobs, initializer=settle, initargs=(root, folder)) as pool,
    ):
        judges = [each for each in pool.map(judge, names) if each]
        print(
            f"{len(judges)} files of tests judge {len(sample)} of {len(found)} mutants, drawn by the seed {seed}.",
            flush=True,
        )
        became = Counter(pool.map(tried, sample))
    for row in known - {mutant.row for mutant in found}:
        print(f"\nNo mutant says any more what stands in {LIST}:\n{row}")
    numbers = ", ".join(f"{became[each]} {each}" for each in (KILLED, TIMED_OUT, EQUIVALENT, SURVIVED, NOT_TRIED))
    print(f"\nOf {len(sample)} mutants: {numbers}; seed {seed}, {(time.monotonic() - began) / 60:.0f} minutes.")
    return int(became[SURVIVED] > 0)


def main() -> int:
    reader = argparse.ArgumentParser(description="Try mutants of the rules of routing, and name those that survive.")
    reader.add_argument("--count", type=int, default=300, help="how many are drawn (%(default)s)")
    reader.add_argument("--seed", type=int, default=1, help="what decides which (%(default)s)")
    reader.add_argument("--minutes", type=float, default=60, help="after which none is begun (%(default)s)")
    reader.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at once (%(default)s)")
    given = reader.parse_args()
    os.environ["PYTHONHASHSEED"] = "0"  # for the processes to come: the order of a set shall kill the same each time
    return hunt(ROOT, JUDGES, given.count, given.seed, given.minutes, given.jobs)


if __name__ == "__main__":
    sys.exit(main())
