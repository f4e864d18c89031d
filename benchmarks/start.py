"""Starting: a whole process that only imports."""

from collections.abc import Iterator

from benchmarks.timing import Effort, Table, milliseconds, process


def run(effort: Effort) -> Iterator[Table]:
    imports = ["pass", "import netlearn", "import netlearn.cli", "import networkx"]
    best = effort.fastest({code: process("-c", code) for code in imports}, repetitions=7)
    empty = best["pass"]
    rows = [[code, milliseconds(took), milliseconds(took - empty)] for code, took in best.items()]
    yield Table(["ms", "process", "beyond an empty one"], rows)
