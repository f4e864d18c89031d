"""Metrics from whatever key a file has them under, as whole numbers that routers can carry. They are never silently 1.

Without a key that is asked for, `metric` holds them, and stands there as it must be. Else numbers of any kind are read,
and one factor for the whole network makes them whole; of a capacity the metric is the reciprocal, as OSPF has it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import gcd, lcm
from typing import TYPE_CHECKING, Any

from netlearn.errors import BadNetwork, listed, shown, suggestion
from netlearn.network.parts import MAX_METRIC, Kind
from netlearn.network.spelling import Data, number

if TYPE_CHECKING:
    from fractions import Fraction

LIKELY = ("weight", "cost", "value", "length", "distance", "dist", "ospf_cost", "igp_metric")
CAPACITIES = (
    *("capacity", "bandwidth", "bw", "speed", "linkspeed", "linkspeedraw", "rate", "throughput"),
    *("pre_installed_capacity", "preinstalled_capacity"),
)
EACH_ONE = "1"  # the metric that is asked for where every link is to cost 1
RECIPROCAL = "1/"
PLAIN = "each link has metric 1, as no edge has a metric"
Edges = list[dict[str, Any]]


def with_metrics(
    edges: Edges, one_way: Sequence[bool], kinds: Mapping[str, Kind], asked: str | None, notes: list[str]
) -> tuple[Edges, str]:
    """The edges with their metrics under `metric` and `metric_back`, and a sentence that says what these are.

    Raises `BadNetwork` where metrics would silently be 1, and for a key that some edge has no number under.
    """
    if asked is None:
        return edges, _as_it_stands(edges, notes)
    if asked == EACH_ONE and not any(EACH_ONE in edge for edge in edges):
        return [_replaced(edge, {}) for edge in edges], "each link has metric 1, as was asked for"
    key = asked.removeprefix(RECIPROCAL)
    places = [
        (at, said, metric)
        for at, edge in enumerate(edges)
        for said, metric in _directions(edge, key, one_way[at], kinds)
    ]
    if not places:
        return edges, "there are no metrics"
    given = [_number_under(edges[at], said, edges) for at, said, _ in places]
    make = _of_capacities if asked != key or key.casefold() in CAPACITIES else _scaled
    whole, words = make(given, key)
    if words != _own(key):
        notes.append(words)
    metrics: list[dict[str, int]] = [{} for _ in edges]
    for (at, _, metric), value in zip(places, whole, strict=True):
        metrics[at][metric] = value
    return [_replaced(edge, said) for edge, said in zip(edges, metrics, strict=True)], words


def _as_it_stands(edges: Edges, notes: list[str]) -> str:
    """What the metrics are when no key is asked for; raises `BadNetwork` if it would be 1, and was meant otherwise."""
    if any("metric" in edge or "metric_back" in edge for edge in edges):
        without = sum("metric" not in edge for edge in edges)
        return (
            f"{_own('metric')}, or 1 where it has none ({without:,} of {len(edges):,})" if without else _own("metric")
        )
    many = Counter(key for edge in edges for key in edge if _is_likely(key) and (number(edge[key]) or 0) > 0)
    mostly = [key for key, times in many.items() if 2 * times > len(edges)]
    if len(mostly) == 1:
        (key,) = mostly
        raise BadNetwork(
            f"no edge has a metric, but {many[key]:,} of {len(edges):,} have a number under {key!r}; say --metric {key}"
            f' (in Python metric="{key}") if that is the metric, and --metric 1 if every link is to cost 1'
        )
    if many:
        notes.append(f"{PLAIN}; some have a number under {listed(many)}, which --metric would read")
    return PLAIN


def _is_likely(key: object) -> bool:
    return isinstance(key, str) and key.casefold() in LIKELY


def _directions(edge: Data, key: str, one_way: bool, kinds: Mapping[str, Kind]) -> Iterator[tuple[str, str]]:
    """The keys under which the edge has a number, and the metric that each is for. Out of a LAN it is 0 anyway."""
    from_lan, to_lan = (kinds[edge[end]] == "lan" for end in ("source", "target"))
    back = f"{key}_back"
    if not from_lan:
        yield key, "metric"
    if not to_lan and (back in edge or (from_lan and not one_way)):
        yield back if back in edge else key, "metric_back"


def _replaced(edge: Mapping[str, Any], said: Mapping[str, int]) -> dict[str, Any]:
    return {**{key: value for key, value in edge.items() if key not in ("metric", "metric_back")}, **said}


def _number_under(edge: Data, key: str, edges: Edges) -> "Fraction":
    """The positive number under that key, exactly as it is written in tens; a float's own is a long binary one."""
    where = f"edge {edge['source']}-{edge['target']}"
    if key not in edge:
        numeric = {str(each) for row in edges for each, value in row.items() if number(value) is not None}
        have = sum(key in row for row in edges)
        if have:
            raise BadNetwork(f"{where} has no {key!r}; {have:,} of {len(edges):,} edges have one")
        known = numeric - {"source", "target"}
        has = f"numbers are under {listed(known)}{suggestion(key, known)}" if known else "and none has a number at all"
        raise BadNetwork(f"no edge has {key!r}; {has}")
    found = number(edge[key])
    if found is None or found <= 0:
        raise BadNetwork(f"{where}: its {key!r} is {shown(edge[key])}; a metric is a number above 0")
    from fractions import Fraction  # loaded only where a key is asked for

    return Fraction(found if isinstance(found, int) else repr(found))


def _own(key: str) -> str:
    return f"the metric is the edge's {key}"


def _scaled(given: Sequence["Fraction"], key: str) -> tuple[list[int], str]:
    """Whole metrics by one factor: 1 if that does, else the one that keeps all exact, else one that rounds."""
    from fractions import Fraction

    most = max(given)
    factor = Fraction(lcm(*{each.denominator for each in given}))
    if most * factor > MAX_METRIC:
        factor /= gcd(*(int(each * factor) for each in given))
    if most * factor <= MAX_METRIC:
        words = _own(key) if factor == 1 else f"{_own(key)} times {factor}, so that all are whole"
        return [int(each * factor) for each in given], words
    factor = MAX_METRIC / most
    return [max(1, round(each * factor)) for each in given], (
        f"{_own(key)} times {float(factor):.6g}, rounded to whole numbers up to {MAX_METRIC};"
        " ways whose sums hardly differ may change places"
    )


def _of_capacities(given: Sequence["Fraction"], key: str) -> tuple[list[int], str]:
    """The greatest capacity over each, as OSPF has it with that as the reference bandwidth."""
    most = max(given)
    metrics = [min(MAX_METRIC, int(most / each)) for each in given]
    return metrics, (
        f"the metric is {float(most):.15g} (the greatest {key}) over the edge's {key}, rounded down,"
        f" from 1 to {MAX_METRIC}: more capacity, less metric"
    )
