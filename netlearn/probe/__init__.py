"""A look at this machine's own sockets: `snapshot()`, and `watch()` for what changes.

On Linux the kernel is asked over netlink, as `ss` does it; elsewhere, and where that is not allowed, psutil is. Both
give the same values, save what psutil cannot tell: the device that a socket is bound to, more than one process that
shares it, who made it if its process is hidden, and whether `::` stands for IPv6 alone. That last is concluded: it does
if the same port is open on `0.0.0.0` as well. TCP, UDP and Unix sockets are looked at, no others (`LEFT_OUT`).

With `NETLEARN_RECORDED` set to 1, or without psutil, the snapshot is the recorded one, and says so.

>>> snapshot()  # doctest: +ELLIPSIS
<Snapshot...: ... listeners..., ... connections...>
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from itertools import count, pairwise, starmap

from netlearn.errors import NetlearnError, shown
from netlearn.host.port import Port
from netlearn.host.sockets import Difference, Snapshot, difference
from netlearn.probe.asking import find_psutil, refusals, why
from netlearn.probe.from_netlink import by_netlink
from netlearn.probe.from_psutil import by_psutil
from netlearn.recorded.snapshot import recorded

__all__ = ["CannotLook", "by_netlink", "by_psutil", "snapshot", "watch", "who_has", "why_recorded"]


class CannotLook(NetlearnError):
    """Why nobody here tells of this machine's sockets.

    >>> issubclass(CannotLook, NetlearnError)
    True
    """


def why_recorded() -> str | None:
    """Why `snapshot` gives the recorded snapshot; `None` if it looks at this machine.

    >>> snapshot(connections=False).recorded == (why_recorded() is not None)
    True
    """
    if os.environ.get("NETLEARN_RECORDED") == "1":
        return "NETLEARN_RECORDED is set"
    return None if find_psutil() else "psutil is not installed"


def snapshot(connections: bool = True, bound: bool = False) -> Snapshot:
    """This machine's doors and, unless told otherwise, connections now; or the recorded snapshot (`why_recorded`).

    With `bound` also sockets that have a port and neither wait nor are connected, where the kernel tells them.

    Raises `CannotLook` where no source tells of sockets. What else the system would not tell stands in `notes`.

    >>> snapshot(connections=False).connections
    ()
    """
    if why_recorded():
        return recorded() if connections else replace(recorded(), connections=())
    looks: dict[str, Callable[[bool], Snapshot]] = {"netlink": partial(by_netlink, bound=bound), "psutil": by_psutil}
    refused = []
    for name, look in looks.items():
        if name == "netlink" and sys.platform != "linux":
            continue
        try:
            seen = look(connections)
        except refusals() as reason:
            refused.append(f"{name} says: {why(reason)}")
        else:
            unknown = "psutil, which was asked instead, does not tell to which interface a socket is tied"
            return replace(
                seen, notes=(*(f"{reason[:1].upper()}{reason[1:]}; {unknown}." for reason in refused), *seen.notes)
            )
    raise CannotLook(f"this machine's sockets cannot be looked at: {'; '.join(refused)}")


def who_has(port: int) -> Port:
    """Who has a port of this machine, whether it waits there or not. Raises as `snapshot` does, and for no port.

    >>> who_has(47113).number
    47113
    """
    nobody = Port.of(Snapshot(()), port)  # which refuses what is no port before anybody looks
    return Port.of(snapshot(bound=True), nobody.number)


def watch(
    interval_s: float = 1.0,
    looks: int | None = None,
    look: Callable[[], Snapshot] = lambda: snapshot(connections=False),
    sleep: Callable[[float], object] = time.sleep,
) -> Iterator[Difference]:
    """What opened and closed since the look before, each time that anything did.

    Looks every `interval_s` seconds, `looks` times if that is given. A door that opens and closes in between is missed.

    >>> from netlearn.recorded import recorded
    >>> looks = iter([Snapshot(()), recorded()])
    >>> next(watch(0.001, look=lambda: next(looks))).opened[0].endpoint
    '0.0.0.0:22'
    """
    if not 0 < interval_s <= 86_400:
        raise NetlearnError(f"the interval is more than 0 seconds and at most a day (86400), not {shown(interval_s)}")

    def seen() -> Iterator[Snapshot]:
        yield look()
        for _ in count() if looks is None else range(looks):
            sleep(interval_s)
            yield look()

    return filter(None, starmap(difference, pairwise(seen())))
