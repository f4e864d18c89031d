"""What a door is bound to, who gets in, and how that is said."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from netlearn.drawing.prose import capital, listed
from netlearn.errors import UnknownName, shown
from netlearn.errors import listed as named
from netlearn.figures.common.scene import AnyScene
from netlearn.host.bind import bind
from netlearn.host.dial import Answer, DialOutcome, dial
from netlearn.host.host import Binding, World
from netlearn.host.laptop import FAR, LAN4, LAN6, LINK_LOCAL, ME, NEIGHBOUR, PORT, SERVER, world

UNIX = "/run/door.sock"
# What the reader can bind the door to, and what that is.
BOUND = {
    "127.0.0.1": "the loopback address everybody knows",
    "127.0.0.2": "another address of 127.0.0.0/8",
    LAN4: "the laptop’s own address on the LAN",
    "0.0.0.0": "every IPv4 address",
    "::1": "the loopback address of IPv6",
    LAN6: "the laptop’s own IPv6 address",
    f"{LINK_LOCAL}%eth0": "an address for one cable",
    "::": "every address, of IPv4 too",
    ":: v6only": "every IPv6 address",
    UNIX: "a file: a Unix socket",
}
ASKERS = {"inside": ME, "LAN": NEIGHBOUR, "beyond": FAR}
PLACES = {"inside": "inside this machine", "LAN": "on the same LAN", "beyond": "beyond the router"}
THROUGH = {"inside": "lo", "LAN": "the LAN and eth0", "beyond": "the router, the LAN and eth0"}
TOLD = {
    DialOutcome.REFUSED: "is refused",
    DialOutcome.UNREACHABLE: "is told that it cannot be reached",
    DialOutcome.LOST: "waits in vain",
    DialOutcome.ANSWER_LOST: "never hears the answer",
}
HINT = f"A TCP door on port {PORT}. Nothing on the way turns a call away. The laptop is {LAN4} and {LAN6}."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of all that one asker dialled: the addresses that let it in, and the best failure if none did."""

    by: tuple[str, ...]
    failed: Answer | None = None

    @property
    def gets_in(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: what the door is bound to, one of `BOUND`."""

    bound: str = "127.0.0.1"

    def check(self) -> None:
        if self.bound not in BOUND:
            raise UnknownName(f"the door is not bound to {shown(self.bound)} here; there are {named(BOUND)}")


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


def asks(bound: str) -> str:
    """What the picture asks before the answer is shown."""
    return f"{'A Unix socket' if bound == UNIX else f'Bound to {bound}'}: who gets in?"


def asked_in_words(bound: str) -> str:
    """The picture in words before the answer is shown."""
    return f"{asks(bound)} {HINT}"


def claim(bound: str, found: Mapping[str, Attempt]) -> str:
    """What the picture claims."""
    what = "A Unix socket" if bound == UNIX else f"Bound to {bound}, the door"
    names = [place for place in ASKERS if found[place].gets_in]
    if names == ["inside"]:
        return f"{what} opens to the inside only"
    if names == ["inside", "LAN"]:
        return f"{what} opens to this machine and its own link, no further"
    if len(names) == len(ASKERS):
        return f"{what} opens to everyone: inside, the LAN and beyond"
    return f"{what} opens to {listed(PLACES[place] for place in names)}"


def reason(place: str, bound: str, attempt: Attempt) -> str:
    """Why an asker gets in, or why not, in a sentence or two."""
    if bound == UNIX and attempt.gets_in:
        return f"Yes: a program that may open the file {UNIX}. No address and no interface is involved, not even lo."
    if bound == UNIX:
        return "No: a file of this machine is no address, so there is nothing to dial."
    if attempt.gets_in:
        return f"Yes: by {listed(attempt.by, 'or')}, through {THROUGH[place]}."
    failed = attempt.failed
    assert failed is not None
    assert failed.end is not None
    said = f"No: whoever dials {failed.destination} {TOLD[failed.outcome]}. On {failed.end.host}, {failed.end.reason}"
    if bound.startswith("127.") or bound == "::1":
        said += f" And {bound}, dialled there, is {ASKERS[place]}’s own."
    return said


def words(bound: str) -> str:
    """The picture in words."""
    found = attempts(bound)
    reasons = ((place, reason(place, bound, found[place])) for place in ASKERS)
    told = (f"{capital(PLACES[place])}: {why[0].lower()}{why[1:]}" for place, why in reasons)
    return f"{claim(bound, found)}. {' '.join(told)}"
