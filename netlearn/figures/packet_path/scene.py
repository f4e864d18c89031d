"""Who dials what, and what the laptop's interfaces do."""

from dataclasses import dataclass

from netlearn.errors import UnknownName, listed, shown
from netlearn.host.bind import bind
from netlearn.host.dial import Answer, dial
from netlearn.host.host import Binding
from netlearn.host.laptop import LAN4, ME, NEIGHBOUR, NEIGHBOUR4, PORT, SERVER, world

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
CHOICES = {"client": CLIENTS, "dialled": DIALLED, "listens": LISTENS, "lo": LO, "eth0": CARD}
MOST_STEPS = 20


@dataclass(frozen=True, slots=True)
class Scene:
    """What the reader set: who dials what, what the laptop's server listens on, and how its two interfaces are."""

    client: str = "laptop"
    dialled: str = LAN4
    listens: str = "0.0.0.0"
    lo: str = "up"
    eth0: str = "up"

    def __post_init__(self) -> None:
        for name, known in CHOICES.items():
            if (given := getattr(self, name)) not in known:
                raise UnknownName(f"{name} is not {shown(given)} here; there are {listed(known)}")

    def answer(self) -> Answer:
        """What becomes of the dial."""
        server = () if self.listens == NOTHING else (Binding(SERVER, "tcp", self.listens, PORT),)
        hosts = world(lo_up=self.lo == "up", eth0=self.eth0)
        hosts = hosts.with_host(bind(hosts.host(ME), *server))
        hosts = hosts.with_host(bind(hosts.host(NEIGHBOUR), Binding(SERVER, "tcp", "0.0.0.0", PORT)))
        return dial(hosts, CLIENTS[self.client], self.dialled, PORT)
