"""Networks in time: one failure until everything has converged, and the queue of events next to SimPy's and a heap."""

import tracemalloc
from collections.abc import Callable, Generator, Iterator
from functools import partial
from heapq import heappop, heappush
from itertools import count, islice
from random import Random

import networkx as nx

from benchmarks.timing import Effort, Table, milliseconds, times
from netlearn import CASE_1, CASE_2, CASE_3, LinkDown, forum
from netlearn.clock import Queue
from netlearn.convergence.simulation import simulate
from netlearn.convergence.traffic import send
from netlearn.graph import from_networkx
from netlearn.network.parts import Failure

try:
    import simpy
except ImportError:
    simpy = None  # type: ignore[assignment]

PENDING = (10, 1_000, 100_000)


def run(effort: Effort) -> Iterator[Table | str]:
    yield forum_table(effort)
    yield large_table(effort)
    yield queue_table(effort)


# ---- One failure


def forum_table(effort: Effort) -> Table:
    cases: dict[str, tuple[Failure, ...]] = {"case 1": CASE_1, "case 2": CASE_2, "case 3": CASE_3}
    rows = []
    for name, case in cases.items():
        best = effort.fastest({"run": partial(simulate, forum(), case), "traffic": partial(with_traffic, case)})
        rows.append([f"forum, {name}", milliseconds(best["run"]), milliseconds(best["traffic"]), "30"])
    return Table(["ms", "until converged", "and 64 flows of 100 packets/s", "at most"], rows)


def with_traffic(case: tuple[Failure, ...]) -> object:
    return send(simulate(forum(), case), "Source", "End")


def large_table(effort: Effort) -> Table:
    routers = effort.of(1000, 40)
    network = from_networkx(nx.barabasi_albert_graph(routers, 3, seed=1)).addressed()
    failure = LinkDown(network.links[5].name)
    best = effort.fastest({"run": lambda: simulate(network, [failure])}, repetitions=1)
    tracemalloc.start()
    trace = simulate(network, [failure])
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    entries = f"{len(trace.tables):,}"
    row = [f"{routers:,} routers, one link", f"{best['run']:.1f}", "20", f"{megabytes:.0f}", "500", entries]
    return Table(["one failure until converged", "s", "at most", "MB", "at most", "entries changed"], [row])


# ---- Events a second


def queue_table(effort: Effort) -> Table | str:
    """The hold model: whatever is taken out is put back at a random time later, so that as many stay pending.

    Beside SimPy stands the bound, a bare heap: nothing that keeps a heap in Python can be faster.
    """
    if simpy is None:
        return "The queue is measured next to SimPy, which is not installed: pip install simpy==4.1.2"
    random = Random(1)
    held = effort.of(100_000, 1_000)  # events in each run of the hold model
    waits = [random.randrange(1, 1_000_000) for _ in range(held)]  # up to a second, in µs
    rows = []
    for pending in effort.of(PENDING, PENDING[:1]):
        rivals = {
            "processes": hold_processes(pending, waits),
            "callbacks": hold_callbacks(pending, waits),
            "ours": hold_ours(pending, waits),
            "heap": hold_heap(pending, waits),
        }
        best = effort.fastest(rivals, repetitions=3)
        rates = [f"{held / seconds / 1e6:.2f}" for seconds in best.values()]
        pairs = ("processes", "ours"), ("callbacks", "ours"), ("processes", "heap")
        faster = [times(best[peer], best[quick]) for peer, quick in pairs]
        rows.append([f"{pending:,} pending", *rates, *faster])
    heads = [
        "million events a second",
        "SimPy processes",
        "SimPy callbacks",
        "netlearn",
        "bare heap",
        "processes / netlearn",
        "callbacks / netlearn",
        "processes / bare heap",
    ]
    return Table(heads, rows)


def hold_ours(pending: int, waits: list[int]) -> Callable[[], object]:
    """Callbacks in our queue, as the simulation uses it."""
    queue = Queue()
    left: Iterator[int] = iter(())
    now = 0

    def act() -> None:
        wait = next(left, None)
        queue.push(now + (wait or 1), 1, act)

    for number in range(pending):
        queue.push(waits[number % len(waits)], 1, act)

    def work() -> None:
        nonlocal left, now
        left = iter(waits)
        for time_us, due in islice(queue, len(waits)):
            now = time_us
            due()

    return work


def hold_heap(pending: int, waits: list[int]) -> Callable[[], object]:
    """Python's heap and no queue around it: the time, a number that tells equal times apart, what is to be done."""
    heap: list[tuple[int, int, Callable[[], None]]] = []
    number = count().__next__
    left: Iterator[int] = iter(())
    now = 0

    def act() -> None:
        wait = next(left, None)
        heappush(heap, (now + (wait or 1), number(), act))

    for place in range(pending):
        heappush(heap, (waits[place % len(waits)], number(), act))

    def work() -> None:
        nonlocal left, now
        left = iter(waits)
        for _ in range(len(waits)):
            now, _, due = heappop(heap)
            due()

    return work


def hold_processes(pending: int, waits: list[int]) -> Callable[[], object]:
    """SimPy as it is meant to be used: each that waits is a process."""
    environment = simpy.Environment()
    left: Iterator[int] = iter(())

    def waiting(first: int) -> Generator[simpy.Event, None, None]:
        yield environment.timeout(first)
        while True:
            yield environment.timeout(next(left, None) or 1)

    for number in range(pending):
        environment.process(waiting(waits[number % len(waits)]))
    for _ in range(pending):
        environment.step()  # each process begins

    def work() -> None:
        nonlocal left
        left = iter(waits)
        for _ in range(len(waits)):
            environment.step()

    return work


def hold_callbacks(pending: int, waits: list[int]) -> Callable[[], object]:
    """SimPy without its processes, which is faster: callbacks of timeouts."""
    environment = simpy.Environment()
    left: Iterator[int] = iter(())

    def act(_: object) -> None:
        wait = next(left, None)
        environment.timeout(wait or 1).callbacks.append(act)

    for number in range(pending):
        environment.timeout(waits[number % len(waits)]).callbacks.append(act)

    def work() -> None:
        nonlocal left
        left = iter(waits)
        for _ in range(len(waits)):
            environment.step()

    return work
