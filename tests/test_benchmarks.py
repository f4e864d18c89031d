"""Benchmarks: the short form of each runs to its end, and gives the figures that it promises. No time is asserted."""

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import isfinite
from multiprocessing import get_context

import pytest

import benchmarks
from benchmarks.__main__ import main
from benchmarks.timing import Effort, Table


def short(name: str) -> list[Table | str]:
    """What the short form of a benchmark yields: tables, or words about what is missing on this machine."""
    return [*benchmarks.every()[name].run(Effort(short=True))]


@pytest.fixture(scope="module")
def process() -> Iterator[ProcessPoolExecutor]:
    """A process of their own, as when one measures: a browser of other tests would be in the way."""
    with ProcessPoolExecutor(1, get_context("spawn")) as alone:
        yield alone


@pytest.mark.parametrize("name", benchmarks.every())
def test_the_short_form_of_each_benchmark_gives_a_number_wherever_its_tables_promise_one(
    name: str, process: ProcessPoolExecutor
) -> None:
    found = process.submit(short, name).result()
    assert found
    tables = [each for each in found if isinstance(each, Table)]
    for table in tables:
        assert table.rows, f"nothing was measured:\n{table}"
        for row in table.rows:
            assert len(row) == len(table.heads), f"{row[0]}\n{table}"
            assert all(is_number(cell) for cell in row[1:] if cell is not None), f"{row[0]}\n{table}"
        for head, *column in zip(table.heads, *table.rows, strict=True):
            assert set(column) != {None}, f"no number below {head!r}:\n{table}"
    if len(tables) < len(found):
        pytest.skip(" ".join(str(each) for each in found if each not in tables))


def is_number(cell: object) -> bool:
    """Whether it reads as a number that something can have taken or weighed."""
    try:
        return isfinite(float(str(cell).replace(",", "")))
    except ValueError:
        return False


def test_a_cell_that_promises_a_number_is_told_from_words_and_from_what_never_ran() -> None:
    assert all(map(is_number, ("1,234.5", 0, "-0.3", 1.2)))
    assert not any(map(is_number, ("", "ten", float("inf"), "nan")))


def test_the_command_prints_the_machine_the_headline_and_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--short", "start"]) == 0
    machine, headline, heads, *rows = [line for line in capsys.readouterr().out.splitlines() if line]
    assert "Python" in machine
    assert headline == "Starting: a whole process that only imports."
    assert heads.split()[0] == "ms"
    assert [row.rsplit(maxsplit=2)[0].strip() for row in rows][:2] == ["pass", "import netlearn"]


def test_a_benchmark_that_does_not_exist_is_named_beside_those_that_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spf", "fast"]) == 2
    assert capsys.readouterr().err == f"no benchmark fast; there are {', '.join(benchmarks.every())}\n"
