"""Networks to measure with: the same for every run, in the sizes and with the metrics of real ones."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from importlib.resources import files
from random import Random
from warnings import catch_warnings, simplefilter

from netlearn import Link, Node, Topology, load
from netlearn.network.real import bundled_names

LARGEST = "topozoo/TataNld"  # of the Internet Topology Zoo

# Ties are what unit metrics bring, and kilometres never.
METRICS: dict[str, Callable[[Random], int]] = {
    "unit": lambda random: 1,
    "small": lambda random: random.randint(1, 10),
    "kilometres": lambda random: random.randint(20, 4000),
}


@cache
def backbone(size: int, metrics: str, links: int | None = None) -> Topology:
    """A connected network of routers, unless said with 1.5 links per router, about what the Topology Zoo's have."""
    random = Random(size)
    metric = METRICS[metrics]
    names = [f"R{number}" for number in range(size)]
    pairs = {(random.randrange(max(0, number - 20), number), number) for number in range(1, size)}
    while len(pairs) < (links or size * 3 // 2):
        first = random.randrange(size - 1)
        pairs.add((first, min(size - 1, first + random.randint(1, 40))))
    made = [Link(names[a], names[b], metric(random)) for a, b in sorted(pairs) if a != b]
    return Topology(tuple(Node(name) for name in names), tuple(made))


@cache
def grid(side: int) -> Topology:
    """A square of routers, where shortest paths from corner to corner are as many as they can be."""
    names = {(row, column): f"{row},{column}" for row in range(side) for column in range(side)}
    links = [
        Link(name, names[place])
        for (row, column), name in names.items()
        for place in ((row + 1, column), (row, column + 1))
        if place in names
    ]
    return Topology(tuple(Node(name) for name in names.values()), tuple(links))


def zoo() -> list[str]:
    """The Internet Topology Zoo's networks: all of them if topohub is there, else those that come with the book."""
    try:
        import topohub
    except ModuleNotFoundError:
        return [name for name in bundled_names() if name.startswith("topozoo/")]
    folder = files(topohub) / "data" / "topozoo"
    return sorted(f"topozoo/{file.name.removesuffix('.json')}" for file in folder.iterdir())


def real(name: str, metrics: str) -> Topology:
    """A real network with one of the three kinds of metrics; kilometres are those between its places."""
    with catch_warnings():
        simplefilter("ignore")  # where lengths are made whole
        topology = load(name, metric="dist" if metrics == "kilometres" else "1")
    if metrics != "small":
        return topology
    random = Random(name)
    drawn = [(link, METRICS[metrics](random)) for link in topology.links]
    links = (replace(link, metric=metric, metric_back=metric) for link, metric in drawn)
    return replace(topology, links=tuple(links))
