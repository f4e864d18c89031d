"""What is said of who gets in."""

from collections.abc import Mapping

from netlearn.errors import listed
from netlearn.figures.reach.scene import ASKERS, PLACES, UNIX, Attempt, attempts
from netlearn.host.dial import DialOutcome

TOLD = {
    DialOutcome.REFUSED: "is refused",
    DialOutcome.UNREACHABLE: "is told that it cannot be reached",
    DialOutcome.LOST: "waits in vain",
    DialOutcome.ANSWER_LOST: "never hears the answer",
}


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
    if bound == UNIX:
        if place == "inside":
            return (
                f"Yes: a program that may open the file {UNIX}. No address and no interface is involved, not even lo."
            )
        return "No: a file of this machine is no address, so there is nothing to dial."
    if attempt.gets_in:
        through = {
            "inside": "through lo",
            "LAN": "through the LAN and eth0",
            "beyond": "through the router, the LAN and eth0",
        }[place]
        return f"Yes: by {_or(attempt.by)}, {through}."
    failed = attempt.failed
    assert failed is not None
    end = failed.end
    assert end is not None
    said = f"No: whoever dials {failed.destination} {TOLD[failed.outcome]}. On {end.host}, {end.reason}"
    if bound.startswith("127.") or bound == "::1":
        said += f" And {bound}, dialled there, is {ASKERS[place]}’s own."
    return said


def _or(words: tuple[str, ...]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def words(bound: str) -> str:
    """The picture in words."""
    found = attempts(bound)
    told = " ".join(f"{capital(PLACES[place])}: {_lower(reason(place, bound, found[place]))}" for place in ASKERS)
    return f"{claim(bound, found)}. {told}"


def _lower(text: str) -> str:
    return text[0].lower() + text[1:]


def capital(text: str) -> str:
    return text[0].upper() + text[1:]
