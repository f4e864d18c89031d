"""What is said of who gets in."""

from collections.abc import Mapping

from netlearn.drawing.prose import capital, listed
from netlearn.figures.reach.scene import ASKERS, PLACES, UNIX, Attempt, attempts
from netlearn.host.dial import DialOutcome

TOLD = {
    DialOutcome.REFUSED: "is refused",
    DialOutcome.UNREACHABLE: "is told that it cannot be reached",
    DialOutcome.LOST: "waits in vain",
    DialOutcome.ANSWER_LOST: "never hears the answer",
}


THROUGH = {"inside": "lo", "LAN": "the LAN and eth0", "beyond": "the router, the LAN and eth0"}


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
    reasons = {place: reason(place, bound, found[place]) for place in ASKERS}
    told = (f"{capital(PLACES[place])}: {why[0].lower()}{why[1:]}" for place, why in reasons.items())
    return f"{claim(bound, found)}. {' '.join(told)}"
