"""Networks in time: one failure until everything has converged, and the queue of events next to SimPy's."""

import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from random import Random

import networkx as nx

from benchmarks.timing import fastest, milliseconds, table, times
from netlearn import CASE_1, CASE_2, CASE_3, LinkDown, forum
from netlearn.event import Queue
from netlearn.graph import from_networkx
from netlearn.simulation import simulate
from netlearn.topology import Failure
from netlearn.traffic import send

try:
    import simpy
except ImportError:
    simpy = None

HELD = 100_000  # events in each run of the hold model
PENDING = (10, 1_000, 100_000)


def run() -> Iterator[str]:
    yield forum_table()
    yield large_table()
    yield queue_table()


# ---- One failure


def forum_table() -> str:
    cases: dict[str, tuple[Failure, ...]] = {"case 1": CASE_1, "case 2": CASE_2, "case 3": CASE_3}
    rows = []
    for name, case in cases.items():
        best = fastest({"run": partial(simulate, forum(), case), "traffic": partial(with_traffic, case)})
        rows.append([f"forum, {name}", milliseconds(best["run"]), milliseconds(best["traffic"]), "30"])
    return table(["ms", "until converged", "and 64 flows of 100 packets/s", "at most"], rows)


def with_traffic(case: tuple[Failure, ...]) -> object:
    return send(simulate(forum(), case), "Source", "End")


def large_table() -> str:
    network = from_networkx(nx.barabasi_albert_graph(1000, 3, seed=1)).addressed()
    failure = LinkDown(network.links[5].name)
    best = fastest({"run": lambda: simulate(network, [failure])}, repetitions=1)
    tracemalloc.start()
    trace = simulate(network, [failure])
    megabytes = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    entries = f"{len(trace.tables):,}"
    row = ["1,000 routers, one link", f"{best['run']:.1f}", "20", f"{megabytes:.0f}", "500", entries]
    return table(["one failure until converged", "s", "at most", "MB", "at most", "entries changed"], [row])


# ---- Events a second


def queue_table() -> str:
    """The hold model: whatever is taken out is put back at a random time later, so that as many stay pending."""
    if simpy is None:
        return "The queue is measured next to SimPy, which is not installed: pip install simpy==4.1.2"
    random = Random(1)
    waits = [random.randrange(1, 1_000_000) for _ in range(HELD)]  # up to a second, in µs
    rows = []
    for pending in PENDING:
        rivals = {
            "processes": hold_processes(pending, waits),
            "callbacks": hold_callbacks(pending, waits),
            "ours": hold_ours(pending, waits),
        }
        best = fastest(rivals, repetitions=3)
        rates = [f"{HELD / seconds / 1e6:.2f}" for seconds in best.values()]
        faster = [times(best[peer], best["ours"]) for peer in ("processes", "callbacks")]
        rows.append([f"{pending:,} pending", *rates, *faster])
    heads = [
        "million events a second",
        "SimPy processes",
        "SimPy callbacks",
        "netlearn",
        "times faster",
        "and than those",
    ]
    return table(heads, rows)


def hold_ours(pending: int, waits: list[int]) -> Callable[[], object]:
    """Callbacks in our queue, as the simulation uses it."""
    queue = Queue()
    left = iter(())
    now = 0

    def act() -> None:
        wait = next(left, None)
        queue.push(now + (wait or 1), 1, act)

    for number in range(pending):
        queue.push(waits[number % HELD], 1, act)

    def work() -> None:
        nonlocal left, now
        left = iter(waits)
        for time_us, due in islice(queue, HELD):
            now = time_us
            due()

    return work


def hold_processes(pending: int, waits: list[int]) -> Callable[[], object]:
    """SimPy as it is meant to be used: each that waits is a process."""
    environment = simpy.Environment()
    left = iter(())

    def waiting(first: int) -> Iterator[object]:
        yield environment.timeout(first)
        while True:
            yield environment.timeout(next(left, None) or 1)

    for number in range(pending):
        environment.process(waiting(waits[number % HELD]))
    for _ in range(pending):
        environment.step()  # each process begins

    def work() -> None:
        nonlocal left
        left = iter(waits)
        for _ in range(HELD):
            environment.step()

    return work


def hold_callbacks(pending: int, waits: list[int]) -> Callable[[], object]:
    """SimPy without its processes, which is faster: callbacks of timeouts."""
    environment = simpy.Environment()
    left = iter(())

    def act(_: object) -> None:
        wait = next(left, None)
        environment.timeout(wait or 1).callbacks.append(act)

    for number in range(pending):
        environment.timeout(waits[number % HELD]).callbacks.append(act)

    def work() -> None:
        nonlocal left
        left = iter(waits)
        for _ in range(HELD):
            environment.step()

    return work
