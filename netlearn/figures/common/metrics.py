"""Metrics that the reader may change: as data, and as a table of numbers in which the changed ones are marked."""

from collections.abc import Iterable, Mapping
from typing import Any

from netlearn.drawing.markup import Element, element
from netlearn.drawing.prose import link_label
from netlearn.drawing.tables import panel, row
from netlearn.errors import BadNetwork, shown
from netlearn.figures.common.controls import folded, number_input
from netlearn.network.parts import Link, check_metric
from netlearn.network.topology import Topology

MetricChange = tuple[str, str, int]  # link, the end that it leaves, metric
METRICS = "Metrics: change them"


def metric_changes(metrics: Iterable[Any]) -> list[MetricChange]:
    """Changed metrics from plain data; of two for one direction the last holds.

    Raises `BadNetwork` for one that is not `[link, the end that it leaves, metric]`.
    """
    changes: dict[tuple[str, str], int] = {}
    for change in metrics:
        match change:
            case [str(link), str(start), metric]:
                check_metric(metric, f"link {link}, from {start}")  # each of them, not only the last
                changes[link, start] = metric
            case _:
                raise BadNetwork(f"a changed metric is [link, the end that it leaves, metric], not {shown(change)}")
    return [(link, start, metric) for (link, start), metric in changes.items()]


def with_metrics(topology: Topology, changes: Iterable[MetricChange]) -> Topology:
    """The network with the reader's metrics."""
    for link, start, metric in changes:
        topology = topology.with_metric(link, start, metric)
    return topology


def changes_in_words(topology: Topology, changes: Iterable[MetricChange]) -> list[str]:
    """A sentence about the reader's metrics, if there are any."""
    said = [f"{start} to {topology.link(link).other(start)} {metric}" for link, start, metric in changes]
    return [f"Changed metric{'s' if len(said) > 1 else ''}: {', '.join(said)}."] if said else []


def first_metrics(topology: Topology, changes: Iterable[MetricChange]) -> dict[tuple[str, str], int]:
    """The changed metrics as the network has them, by link and the end that it leaves; not those set as they were."""
    first = {(link, start): topology.link(link).metric_from(start) for link, start, _ in changes}
    return {(link, start): first[link, start] for link, start, metric in changes if metric != first[link, start]}


def metric_fold(topology: Topology, changes: Iterable[MetricChange]) -> Element:
    """The metrics behind a summary, with the reader's marked; `topology` is the network without them."""
    changes = tuple(changes)
    return folded(METRICS, metric_table(with_metrics(topology, changes), first_metrics(topology, changes)))


def metric_table(topology: Topology, first: Mapping[tuple[str, str], int] | None = None) -> Element:
    """A number for each direction of each link, which the reader may change; `first` are changed ones as they were."""
    rows = (
        row(link_label(link), *(_metric_cell(link, start, topology, first or {}) for start in link.ends))
        for link in topology.links
    )
    return panel("Metrics", ("Link", "There →", "← Back"), rows, "nl-metrics")


def _metric_cell(
    link: Link, start: str, topology: Topology, first: Mapping[tuple[str, str], int]
) -> str | tuple[Element, str, Element]:
    if topology.node(start).kind == "lan":
        return "0"
    parallel = f" ({link.name})" if len(topology.links_between(link.a, link.b)) > 1 else ""
    where = {"data_metric": link.name, "data_from": start}
    label, key = f"metric {start} to {link.other(start)}{parallel}", ("input", link.name, start)
    field = number_input(1, 65535, link.metric_from(start), key=key, **where, aria_label=label)
    was = f"was {first[link.name, start]}" if (link.name, start) in first else ""
    return field, " ", element("span", was, key=("was", link.name, start), class_="nl-first")
