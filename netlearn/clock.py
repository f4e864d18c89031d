"""A model's clock: what is to happen, in the order of its time."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count


class Queue:
    """Items in the order of their time, then of their priority, then of their arrival."""

    __slots__ = ("_heap", "_number")

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, int, Callable[[], None]]] = []
        self._number = count().__next__  # no two are equal, so the heap never compares items, which have no order

    def push(self, time_us: int, priority: int, item: Callable[[], None]) -> None:
        """Add an item that is due at this time; of those due together, the lowest priority number comes first."""
        heappush(self._heap, (time_us, priority, self._number(), item))

    def __iter__(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """Take out the earliest item, with its time, until there is none; meanwhile others may be added."""
        heap = self._heap
        while heap:
            time_us, _, _, item = heappop(heap)
            yield time_us, item
