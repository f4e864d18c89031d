"""What the reader has broken, what it did, what the next failure would do, and how that is said."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from netlearn.drawing.prose import failures_in_words, listed
from netlearn.failures.affected import Before
from netlearn.failures.sweep import sweep
from netlearn.figures.common.scene import AnyScene, Names, single_failures
from netlearn.figures.what_if import words as said
from netlearn.figures.what_if.words import Single, single, what_next
from netlearn.network.parts import Failure, LinkDown, NodeDown
from netlearn.network.topology import Topology


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: which links are cut, which nodes are down."""

    topology: Topology
    cut: Names = ()
    down: Names = ()

    def check(self) -> None:
        self.topology.without(*self.failures)

    @property
    def failures(self) -> tuple[Failure, ...]:
        return (*map(LinkDown, self.cut), *map(NodeDown, self.down))


@dataclass(frozen=True, slots=True)
class Done:
    """What has failed so far has done this, in ordered pairs of nodes that are up and no LANs.

    `lost` pairs had a path and have none; of `longer` ones the metric grew; `changed` ones have other shortest paths,
    or are among those two.
    """

    pairs: int
    lost: int
    longer: int
    changed: int


@dataclass(frozen=True, slots=True)
class Found:
    """What follows from a scene: what has happened, and all that may happen next, what weighs most first."""

    done: Done
    next: Single


@lru_cache(maxsize=128)
def find(scene: Scene) -> Found:
    """Everything that the figure shows, computed."""
    return Found(_done(scene), single(sweep(scene.topology.without(*scene.failures))))


def _done(scene: Scene) -> Done:
    nodes, affected = scene.topology.nodes, Before(scene.topology).after(scene.failures)
    up = {place for place, node in enumerate(nodes) if node.kind != "lan" and node.name not in scene.down}
    ends = sum(1 << place for place in up)

    def counted(sets: Iterable[tuple[int, int]]) -> int:
        return sum((others & ends).bit_count() for place, others in sets if place in up)

    longer = counted((place, others) for _, place, others in affected.detours)
    lost, changed = counted(enumerate(affected.lost)), counted(enumerate(affected.changed))
    return Done(len(up) * (len(up) - 1), lost, longer, changed)


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """The scenes to record: nothing failed yet, and every single failure of a small network."""
    yield replace(scene, cut=(), down=())
    yield from (replace(scene, **failed) for failed in single_failures(scene.topology))


def words(scene: Scene, found: Found) -> str:
    """The picture in words: what has failed and what it did, and what the next failure would do."""
    failed = failures_in_words(scene.topology, scene.cut, scene.down)
    return " ".join([*failed, *_did(scene, found.done), what_next(scene.topology, found.next)])


def claim(scene: Scene, found: Found) -> str:
    """What is lost now, if anything has failed, and what to worry about next."""
    return said.claim(scene.topology, found.next, found.done.lost if scene.failures else None)


def _did(scene: Scene, done: Done) -> Iterator[str]:
    """What became of the pairs, each of which is counted once."""
    if not scene.failures:
        return
    if not done.pairs:
        yield "No two nodes are up any more."
        return
    fewer = done.changed - done.lost - done.longer
    parts = [f"{done.lost:,} are cut off from each other"] if done.lost else []
    for count, what in ((done.longer, "a longer way"), (fewer, "fewer ways, as short as before")):
        parts += [f"{count:,} {'has' if count == 1 else 'have'} {what}"] if count else []
    yield f"Of the {done.pairs:,} pairs of nodes that are up, {listed(parts or ['none has another way than before'])}."
