"""How everything here is timed, and how figures are shown."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from gc import collect
from pathlib import Path
from time import perf_counter


def fastest(contestants: Mapping[str, Callable[[], object]], repetitions: int = 5) -> dict[str, float]:
    """The shortest time of each contestant in seconds.

    They take turns, so that whatever else the machine does meets all of them alike; the shortest of several times is
    the one that was disturbed least.
    """
    best = dict.fromkeys(contestants, float("inf"))
    for _ in range(repetitions):
        for name, work in contestants.items():
            collect()
            start = perf_counter()
            work()
            best[name] = min(best[name], perf_counter() - start)
    return best


def process(*arguments: str) -> Callable[[], object]:
    """A whole Python process as a contestant: from its start to its end."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The rows below their heads; the first column is words, the others are figures."""
    lines = [[str(cell) for cell in row] for row in (heads, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:,.1f}" if seconds < 0.1 else f"{seconds * 1000:,.0f}"


def times(peer: float, ours: float) -> str:
    """How many times faster than the peer we are."""
    return f"{peer / ours:.1f}"


def machine() -> str:
    """What the figures were measured on."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    models = {line.partition(":")[2].strip() for line in lines if line.startswith("model name")}
    processor = ", ".join(sorted(models)) or platform.processor() or platform.machine()
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {os.cpu_count()} x {processor}, {platform.system()} {platform.release()}"
