"""The three loopbacks: step from `lo` to a router's own address to an anycast address, and break things."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from netlearn.figures.common.live import Figure, Parts, view_of
from netlearn.figures.loopbacks.scene import Scene, cases, trials_of
from netlearn.figures.loopbacks.view import body, still, told, trial_form
from netlearn.figures.loopbacks.words import words
from netlearn.network.bundled import forum
from netlearn.network.parts import Announcement
from netlearn.network.spelling import parse_prefix
from netlearn.network.topology import Topology


class Loopbacks(Figure[Scene]):
    """`lo`, a router's loopback and an anycast address in one network: who holds each, who sees it, what it survives.

    `router` is whose own address is asked for; `holders` are the routers that all announce `shared`. `asker` is who
    asks for the three addresses, `cut` and `down` what has failed, `step` which of them is looked at (`lo`, `plate`,
    `shared`, or `break` for all three and a failure to predict); these four follow the reader. Every single failure,
    everything that may be predicted and every asker are recorded.

    Raises `UnknownName`, `BadNetwork` and `NetlearnError` for what cannot be, also when a trait is set to it later;
    the figure then stays as it was.

    >>> figure = Loopbacks(router="R2", step="break")
    >>> figure.down = ["R2"]
    >>> figure.view["title"]["text"]
    'Two of the three still answer'
    """

    made_of = Parts(
        view_of(body),
        lambda scene, _: body(scene, trial_form(trials_of(scene))),
        still,
        words,
        cases,
        told,
    )
    fold = "Show all three, and what each failure leaves"

    def __init__(
        self,
        topology: Topology | None = None,
        router: str = "R2",
        *,
        holders: Sequence[str] = ("R4", "R7"),
        shared: str = "192.0.2.150/32",
        asker: str = "Source",
        step: str = "lo",
        caption: str = "",
        record: Iterable[Mapping[str, Any]] = (),
    ) -> None:
        plain, prefix = (topology or forum()).addressed(), parse_prefix(shared, "shared")
        more = (Announcement(prefix, plain.node(holder).name) for holder in holders)
        network = replace(plain, announcements=(*plain.announcements, *more))
        super().__init__(network, router, prefix, asker, step=step, record=record, caption=caption)
