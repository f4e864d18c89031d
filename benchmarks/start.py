"""Starting: a whole process that only imports."""

from collections.abc import Iterator

from benchmarks.timing import fastest, milliseconds, process, table


def run() -> Iterator[str]:
    imports = ["pass", "import netlearn", "import netlearn.cli", "import networkx"]
    best = fastest({code: process("-c", code) for code in imports}, repetitions=7)
    empty = best["pass"]
    rows = [[code, milliseconds(took), milliseconds(took - empty)] for code, took in best.items()]
    yield table(["ms", "process", "beyond an empty one"], rows)
