"""How figures say things: lists, links, times."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from netlearn.network.parts import Link
from netlearn.network.topology import Topology

K = TypeVar("K")
V = TypeVar("V")


def ends_label(a: str, b: str) -> str:
    """Two ends as prose writes them: `R2–End`, and `Denver – Kansas City`, where a name has a gap or a dash itself."""
    return f"{a} – {b}" if any(gap in name for name in (a, b) for gap in " -–") else f"{a}–{b}"


def link_label(link: Link) -> str:
    """The link's ends as prose writes them, and its name if it has one of its own."""
    ends = ends_label(link.a, link.b)
    return ends if link.name == f"{link.a}-{link.b}" else f"{ends} ({link.name})"


def metrics_on(link: Link) -> dict[str, int]:
    """The metrics that are written on a link: one for `both` directions, or that from its end `a` and that from `b`.

    None where a LAN is left: that never costs anything.
    """
    both, apart = {"both": link.metric}, {"a": link.metric, "b": link.metric_back}
    written = both if link.metric == link.metric_back else apart
    return {place: metric for place, metric in written.items() if metric}


def spoken_link(link: Link, first: Mapping[tuple[str, str], int] | None = None) -> str:
    """What a screen reader calls the link: `link R2–End, metric 1`.

    `first` are changed metrics as they were, by link and the end that it leaves: `link R2–R7, metric 1 → 5, 1 back`.
    """
    was = {end: f"{first[link.name, end]} → " if first and (link.name, end) in first else "" for end in link.ends}
    paid = ((link.a, link.metric), (link.b, link.metric_back))
    told = [*dict.fromkeys(f"{was[end]}{metric}" for end, metric in paid if metric)]  # as they are written: no 0
    return f"link {link_label(link)}, metric {', '.join(told)}" + (" back" if told[1:] else "")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`R2`, `R2 and R3`, `R2, R3 and R5`."""
    *first, end = words
    return f"{', '.join(first)} {last} {end}" if first else end


def capital(words: str) -> str:
    """The words as a sentence begins."""
    return words[0].upper() + words[1:]


def failures_in_words(
    topology: Topology, cut: Iterable[str], down: Iterable[str], silent: Iterable[str] = ()
) -> list[str]:
    """What has failed: a sentence each for links, links that fail without a sign, and nodes, if there are any."""
    links, quiet = ([link_label(topology.link(name)) for name in sorted(names)] for names in (cut, silent))
    failed = (("Cut", links), ("Cut silently", quiet), ("Down", sorted(down)))
    return [f"{what}: {', '.join(names)}." for what, names in failed if names]


def duration(time_us: float) -> str:
    """A time as a reader would say it: `100 µs`, `5 ms`, `56.1 ms`, `34.2 s`."""
    if abs(time_us) < 1_000:
        return f"{time_us:.0f} µs" if time_us else "0 ms"
    if abs(time_us) < 1_000_000:
        return f"{time_us / 1_000:.1f}".removesuffix(".0") + " ms"
    return f"{time_us / 1_000_000:.3f}".rstrip("0").removesuffix(".") + " s"


def grouped(pairs: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """All values of each key, in order: what is said together."""
    found: dict[K, list[V]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
