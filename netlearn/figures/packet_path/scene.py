"""Who dials what, what the laptop's interfaces do, what becomes of the dial, and how that is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from typing import Any

from netlearn.drawing.prose import capital
from netlearn.errors import UnknownName, listed, shown
from netlearn.figures.common.scene import AnyScene
from netlearn.host.bind import bind
from netlearn.host.dial import Answer, DialOutcome, dial
from netlearn.host.host import Binding
from netlearn.host.laptop import LAN4, ME, NEIGHBOUR, NEIGHBOUR4, PORT, SERVER, world
from netlearn.host.travel import Where

CLIENTS = {"laptop": ME, "neighbour": NEIGHBOUR}
DIALLED = {
    "127.0.0.1": "loopback",
    "127.0.0.2": "another of 127/8",
    LAN4: "the laptop",
    NEIGHBOUR4: "the neighbour",
    "0.0.0.0": "no address at all",
    "192.0.2.99": "an address that nobody has",
}
NOTHING = "nothing"
LISTENS = {
    "0.0.0.0": "every IPv4 address",
    "127.0.0.1": "loopback only",
    LAN4: "eth0’s address only",
    NOTHING: "no server runs",
}
LO = {"up": "up", "down": "set down"}
CARD = {"up": "up", "no carrier": "up, its cable pulled", "down": "set down"}
SPOKEN = {Where.LINK: "on the LAN", Where.NIC: "network card"}  # the others are called as they are
CHOICES = {"client": CLIENTS, "dialled": DIALLED, "listens": LISTENS, "lo": LO, "eth0": CARD}


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: who dials what, what the laptop's server listens on, and how its two interfaces are."""

    client: str = "laptop"
    dialled: str = LAN4
    listens: str = "0.0.0.0"
    lo: str = "up"
    eth0: str = "up"

    def check(self) -> None:
        for name, known in CHOICES.items():
            if (given := getattr(self, name)) not in known:
                raise UnknownName(f"{name} is not {shown(given)} here; there are {listed(known)}")


@lru_cache(maxsize=128)
def find(scene: Scene) -> Answer:
    """What becomes of the dial."""
    server = () if scene.listens == NOTHING else (Binding(SERVER, "tcp", scene.listens, PORT),)
    hosts = world(lo_up=scene.lo == "up", eth0=scene.eth0)
    hosts = hosts.with_host(bind(hosts.host(ME), *server))
    hosts = hosts.with_host(bind(hosts.host(NEIGHBOUR), Binding(SERVER, "tcp", "0.0.0.0", PORT)))
    return dial(hosts, CLIENTS[scene.client], scene.dialled, PORT)


def cases(scene: Scene, predicted: Mapping[str, Any]) -> Iterator[Scene]:
    """What to record: whatever is dialled, as it stands and with one interface down; for two addresses every server."""
    if predicted:
        yield scene.changed(predicted)
    for client, dialled in product(CLIENTS, DIALLED):
        here = replace(scene, client=client, dialled=dialled)
        yield from (replace(here, lo=lo, eth0="up") for lo in LO)
        yield from (replace(here, lo="up", eth0=eth0) for eth0 in ("no carrier", "down"))
    for client, dialled, listens in product(CLIENTS, ("127.0.0.1", LAN4), LISTENS):
        yield replace(scene, client=client, dialled=dialled, listens=listens, lo="up", eth0="up")


def claim(scene: Scene, answer: Answer) -> str:
    """What the picture claims, in a sentence."""
    what = f"{answer.destination} is" if scene.dialled != "0.0.0.0" else f"0.0.0.0 means {answer.destination},"
    inside = _through_lo(answer)
    way = f"through lo: nothing leaves {CLIENTS[scene.client]}" if inside else "across the LAN"
    if answer.outcome is DialOutcome.ANSWERED:
        return f"{what} answered {way}"
    if answer.outcome is DialOutcome.REFUSED:
        return f"{what} refused {way}" + (", and nothing listens there" if inside else ": nothing listens there")
    lost = "not reached" if answer.outcome is not DialOutcome.ANSWER_LOST else "reached, but the answer is lost"
    return f"{what} {lost}: {_why(answer)}"


def asks(scene: Scene) -> str:
    """What the picture asks before the way is shown."""
    return f"{capital(CLIENTS[scene.client])} dials {scene.dialled}: which way does the packet go?"


def before(scene: Scene) -> str:
    """What is known before the packet sets out."""
    return f"On the laptop {listening(scene)}; lo is {LO[scene.lo]} and eth0 is {CARD[scene.eth0]}."


def words(scene: Scene, answer: Answer) -> str:
    """The picture in words: what was set, what came of it, and each step."""
    return f"{claim(scene, answer)}. {before(scene)} {' '.join(said(answer, index) for index in in_order(answer))}"


def asked_in_words(scene: Scene) -> str:
    """The picture in words before the way is shown."""
    return f"{asks(scene)} {before(scene)}"


def in_order(answer: Answer) -> tuple[int, ...]:
    """The steps in the order in which they happen.

    A server is given a connection once the client has heard of it: after the way back.
    """
    order = [*range(len(answer.steps))]
    if _is_accepted(answer):
        order.append(order.pop(len(answer.there) - 1))
    return (*order,)


def _is_accepted(answer: Answer) -> bool:
    return bool(answer.back) and answer.protocol == "tcp" and answer.there[-1].where is Where.PROCESS


def listening(scene: Scene) -> str:
    return "nothing listens" if scene.listens == NOTHING else f"a server listens on {scene.listens}:{PORT}"


def said(answer: Answer, index: int) -> str:
    """A step in words."""
    step, back = answer.steps[index], index >= len(answer.there)
    place = SPOKEN.get(step.where, step.where.value)
    at_last = _is_accepted(answer) and index == len(answer.there) - 1
    when = "Back: " if back else "At last: " if at_last else ""
    return f"{when}{step.host if when else capital(step.host)}, {place}: {step.reason}"


def short(answer: Answer) -> str:
    if answer.outcome in (DialOutcome.ANSWERED, DialOutcome.REFUSED):
        return f"{answer.outcome.value} {'through lo' if _through_lo(answer) else 'across the LAN'}"
    return f"not reached: {_why(answer)}"


def _through_lo(answer: Answer) -> bool:
    return any(step.where is Where.LO for step in answer.there)


def _why(answer: Answer) -> str:
    """Why a packet did not arrive."""
    assert answer.end is not None
    assert answer.end.end is not None
    return answer.end.end.value
