"""What a sweep says of its network, in words."""

from collections.abc import Iterator, Sequence

from netlearn.drawing.prose import link_label, listed
from netlearn.failures.sweep import Failed, Sweep
from netlearn.network.topology import Topology

Single = Sequence[Failed]  # failures of one link or node each
NAMED = 3  # links and nodes that a sentence names; more are counted


def single(found: Sweep) -> Single:
    """The failures of one link or node, those that weigh most first."""
    return [each for each in found.ranking if each.kind != "pair"]


def name_of(topology: Topology, failed: Failed) -> str:
    """What fails, as prose writes it."""
    name = failed.failed[0]
    return link_label(topology.link(name)) if failed.kind == "link" else name


def claim(topology: Topology, failures: Single, lost: int | None = None) -> str:
    """The one sentence to take away: what to worry about.

    Where something has failed, `lost` pairs have no way now (a pair counts once in each direction, so there are two at
    least). They come first: where less is left to lose, fewer failures are left to worry about.
    """
    splits = [name_of(topology, each) for each in failures if each.lost]
    if lost is None:
        if not splits:
            return _harmless(topology, failures)
        if len(splits) == 1:
            return f"{splits[0]} must not fail"
        return f"{len(splits)} single points of failure; the worst is {splits[0]}"
    now = f"{lost:,} pairs are cut off from each other now" if lost else "Nobody is cut off now"
    if not splits:
        return f"{now}. {_harmless(topology, failures)}"
    among = f"the worst of {len(splits)} single points of failure" if len(splits) > 1 else "a single point of failure"
    return f"{now}. Next to worry about: {splits[0]}, {among}"


def _harmless(topology: Topology, failures: Single) -> str:
    if not failures or not failures[0].total:
        return "Whatever fails next, nobody has a longer way"
    return f"No single point of failure; the longest detours come from {name_of(topology, failures[0])}"


def what_next(topology: Topology, failures: Single) -> str:
    """What the next failure would do."""
    return " ".join(_sentences(topology, failures))


def _sentences(topology: Topology, failures: Single) -> Iterator[str]:
    splits = [f"{name_of(topology, each)} ({each.lost:,})" for each in failures if each.lost]
    if len(splits) > NAMED:
        splits[NAMED:] = [f"{len(splits) - NAMED} more"]
    if splits:
        yield f"The next failure leaves pairs without a way if it is {listed(splits, 'or')}."
    elif failures:
        yield "Whatever fails next, no pair of the others loses its way."
    longest = max(failures, key=lambda each: each.total, default=None)
    if longest is None or not longest.total:
        return
    yield (
        f"The longest detours come if {name_of(topology, longest)} fails: {longest.longer:,} pairs have a longer way, "
        f"by {longest.most:,} at most and {longest.total:,} together."
    )
    busiest = max(failures, key=lambda each: each.changed)
    if not splits and busiest.changed > longest.changed:
        yield f"More pairs go by {name_of(topology, busiest)}: it would change the ways of {busiest.changed:,}."
