"""What a door is bound to, and who gets in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from netlearn.errors import UnknownName, listed, shown
from netlearn.figures.common.scene import AnyScene
from netlearn.host.bind import bind
from netlearn.host.dial import Answer, DialOutcome, dial
from netlearn.host.host import Binding, World
from netlearn.host.laptop import FAR, LAN4, LAN6, LINK_LOCAL, ME, NEIGHBOUR, PORT, SERVER, world

# What the reader can bind the door to, and what that is.
BOUND = {
    "127.0.0.1": "the loopback address that everybody knows",
    "127.0.0.2": "another address of 127.0.0.0/8",
    LAN4: "the laptop’s own address on the LAN",
    "0.0.0.0": "every IPv4 address",
    "::1": "the loopback address of IPv6",
    LAN6: "the laptop’s own IPv6 address",
    f"{LINK_LOCAL}%eth0": "its link-local address",
    "::": "every address, of IPv4 too",
    ":: v6only": "every IPv6 address",
    "/run/door.sock": "a Unix socket, a file",
}
UNIX = "/run/door.sock"
ASKERS = {"inside": ME, "LAN": NEIGHBOUR, "beyond": FAR}
PLACES = {"inside": "inside this machine", "LAN": "on the same LAN", "beyond": "beyond the router"}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of all that one asker dialled: the addresses that let it in, and the best failure if none did."""

    by: tuple[str, ...]
    failed: Answer | None = None

    @property
    def gets_in(self) -> bool:
        """Whether any address let the asker in."""
        return bool(self.by)


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: what the door is bound to, one of `BOUND`."""

    bound: str = "127.0.0.1"

    def check(self) -> None:
        if self.bound not in BOUND:
            raise UnknownName(f"the door is not bound to {shown(self.bound)} here; there are {listed(BOUND)}")


@cache
def attempts(bound: str) -> Mapping[str, Attempt]:
    """For each place of `ASKERS`, who gets in by which addresses. Raises `UnknownName`."""
    Scene(bound)
    if bound == UNIX:
        return {place: Attempt((UNIX,) if place == "inside" else ()) for place in ASKERS}
    plain, _, v6only = bound.partition(" ")
    hosts = world()
    wide = hosts.with_host(bind(hosts.host(ME), Binding(SERVER, "tcp", plain, PORT, v6only=bool(v6only))))
    return {place: _attempt(wide, place, bound) for place in ASKERS}


def _attempt(wide: World, place: str, bound: str) -> Attempt:
    answers = {to: dial(wide, ASKERS[place], to, PORT) for to in _dialled(place, bound)}
    by = tuple(to for to, answer in answers.items() if answer.outcome is DialOutcome.ANSWERED and answer.reached == ME)
    return Attempt(by, None if by else next(iter(answers.values())))


def _dialled(place: str, bound: str) -> Iterator[str]:
    """What an asker dials, first what tells most if it fails. From elsewhere 127.0.0.1 is another machine's own."""
    version6, link_local = ":" in bound, f"{LINK_LOCAL}%eth0"
    version4 = not version6 or bound == "::"
    if place == "inside":
        if bound == "127.0.0.2":
            yield bound
        if version4:
            yield from ("127.0.0.1", LAN4)
        if version6:
            yield from ("::1", LAN6, link_local)
    elif bound == link_local:
        yield from (link_local, LAN6)
    else:
        if version4:
            yield LAN4
        if version6:
            yield LAN6
        if version6 and place == "LAN":
            yield link_local
