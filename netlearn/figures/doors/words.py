"""What is said of doors."""

from dataclasses import dataclass
from enum import StrEnum

from netlearn.errors import printable
from netlearn.host.scope import Scope
from netlearn.host.sockets import Difference, Listener, Snapshot


class Side(StrEnum):
    """What one wall has for a listener."""

    DOOR = "door"
    ROUND = "round"  # reached from inside too, but by the address of the outside
    HATCH = "hatch"  # no address: a file, or a name in the kernel
    WALL = "wall"


# The wall towards the inside, and the one towards the outside. Measured on Linux 6.18: a program inside reaches also a
# listener on the card's address, on a link-local one, on a group, and one that is tied to the card.
SIDES = {
    Scope.LOOPBACK: (Side.DOOR, Side.WALL),
    **dict.fromkeys((Scope.DEVICE, Scope.MULTICAST, Scope.ADDRESS), (Side.ROUND, Side.DOOR)),
    **dict.fromkeys((Scope.EVERY_IPV4, Scope.EVERY_IPV6, Scope.EVERY), (Side.DOOR, Side.DOOR)),
    Scope.UNIX: (Side.HATCH, Side.WALL),
}
SPOKEN = {
    (Side.DOOR, Side.WALL): "a door to the inside only",
    (Side.ROUND, Side.DOOR): "a door to the outside, which programs here call by that same address",
    (Side.DOOR, Side.DOOR): "a door to the inside and one to the outside",
    (Side.HATCH, Side.WALL): "a hatch to the inside, without an address",
}
SHORT_TITLES = {
    Scope.LOOPBACK: "inside only: loopback",
    Scope.DEVICE: "one interface",
    Scope.MULTICAST: "a group of machines",
    Scope.ADDRESS: "one address",
    Scope.EVERY_IPV4: "every IPv4 address",
    Scope.EVERY_IPV6: "every IPv6 address",
    Scope.EVERY: "every address",
    Scope.UNIX: "inside only: Unix sockets",
}


@dataclass(frozen=True, slots=True)
class Looking:
    """Whether the figure can look at this machine again, and what the last look found changed."""

    possible: bool = False
    news: Difference | None = None


def sides(door: Listener) -> tuple[Side, Side]:
    """What the inside wall and the outside wall have for a listener."""
    inside_only = door.place.bridge is not None or (door.scope is Scope.DEVICE and door.interface == "lo")
    scope = Scope.LOOPBACK if inside_only else Scope.EVERY if door.place.opened else door.scope
    return SIDES[scope]


def claim(snapshot: Snapshot) -> str:
    """What the picture claims: how many doors lead outside."""
    total, out = len(snapshot.listeners), sum(sides(door)[1] is Side.DOOR for door in snapshot.listeners)
    if not total:
        return "Nothing listens here: a house without doors"
    if out in (0, total):
        which = "it opens" if total == 1 else "all of them open"
        return f"{doors_in_words(total)}, and {which} to the {'outside' if out else 'inside only'}"
    return f"{out:,} of {total:,} doors open to the outside, {total - out:,} to the inside only"


def words(snapshot: Snapshot) -> str:
    """The picture in words; no process is named."""
    counts = "; ".join(f"{SHORT_TITLES[scope]}: {len(doors):,}" for scope, doors in snapshot.by_scope().items())
    bound = f"By what they are bound to: {counts}." if counts else ""
    return " ".join(filter(None, (f"{claim(snapshot)}.", bound, *snapshot.untold, snapshot.recording_note)))


def spoken(door: Listener) -> str:
    """The door in a few words: its process, where it is bound, and in which wall it is."""
    return f"{name_of(door)}, {door.protocol} {printable(door.endpoint)}: {SPOKEN[sides(door)]}"


def standing_in(snapshot: Snapshot) -> tuple[str, str]:
    """By which interface callers come to each of the two walls; several network cards are one wall."""
    cards = [each.name for each in snapshot.interfaces if not each.loopback and each.up]
    inner = next((each.name for each in snapshot.interfaces if each.loopback), "lo")
    if len(cards) == 1:
        return f"by {inner}", f"by {cards[0]}"
    return f"by {inner}", f"by {len(cards)} network cards" if cards else "no network card"


def name_of(door: Listener) -> str:
    return printable(door.process) if door.process else "hidden process"


def doors_in_words(many: int) -> str:
    return "1 door" if many == 1 else f"{many:,} doors"


def news(looking: Looking) -> str:
    """What another look has found changed."""
    if looking.news is None:
        return ""
    if not looking.news:
        return "Looked again: nothing opened, nothing closed."
    told = []
    for what, doors in (("opened", looking.news.opened), ("closed", looking.news.closed)):
        if doors:
            some = ", ".join(f"{name_of(door)} {printable(door.endpoint)}" for door in doors[:3])
            told.append(f"{len(doors):,} {what} ({some}{', …' if len(doors) > 3 else ''})")
    return f"Looked again: {'; '.join(told)}."
