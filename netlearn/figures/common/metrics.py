"""Metrics that the reader may change: as data, and as a table of numbers."""

from collections.abc import Iterable
from typing import Any

from netlearn.drawing.markup import Element
from netlearn.drawing.prose import link_label
from netlearn.drawing.tables import panel, row
from netlearn.errors import BadNetwork, shown
from netlearn.figures.common.controls import number_input
from netlearn.network.parts import Link, check_metric
from netlearn.network.topology import Topology

MetricChange = tuple[str, str, int]  # link, the end that it leaves, metric


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
    return [f"Changed metrics: {', '.join(said)}."] if said else []


def metric_table(topology: Topology) -> Element:
    """A number for each direction of each link, which the reader may change."""
    rows = (
        row(link_label(link), _metric_input(link, link.a, topology), _metric_input(link, link.b, topology))
        for link in topology.links
    )
    return panel("Metrics", ("Link", "There →", "← Back"), rows, "nl-metrics")


def _metric_input(link: Link, start: str, topology: Topology) -> Element | str:
    if topology.node(start).kind == "lan":
        return "0"
    parallel = f" ({link.name})" if len(topology.links_between(link.a, link.b)) > 1 else ""
    where = {"data_metric": link.name, "data_from": start}
    label, key = f"metric {start} to {link.other(start)}{parallel}", ("input", link.name, start)
    metric = link.metric_from(start)
    return number_input(1, 65535, metric, key=key, **where, aria_label=label)
