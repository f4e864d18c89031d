"""How everything here is timed, and how figures are shown."""

import os
import platform
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gc import collect
from pathlib import Path
from time import perf_counter
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is done: all that a measurement needs, or in the short form what shows that everything still runs."""

    short: bool = False

    def of(self, whole: T, short: T) -> T:
        """The first of the two, or in the short form the second."""
        return short if self.short else whole

    def fastest(
        self, contestants: Mapping[str, Callable[[], object]], repetitions: int = 5, brief: bool = False
    ) -> dict[str, float]:
        """The shortest time of each contestant in seconds; in the short form each runs once.

        What is `brief`, and there is much of it, is not worth a collection of garbage each time.

        They take turns, so that whatever else the machine does meets all of them alike; the shortest of several times
        is the one that was disturbed least.
        """
        best = dict.fromkeys(contestants, float("inf"))
        for _ in range(self.of(repetitions, 1)):
            for name, work in contestants.items():
                if not brief:
                    collect()
                start = perf_counter()
                work()
                best[name] = min(best[name], perf_counter() - start)
        return best


def process(*arguments: str) -> Callable[[], object]:
    """A whole Python process as a contestant: from its start to its end."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below their heads. The first column is words, the others are figures; None where there is none to give."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]

    def __str__(self) -> str:
        lines = [["" if cell is None else str(cell) for cell in row] for row in (self.heads, *self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.heads))]
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
