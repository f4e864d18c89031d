"""The story on one link, told moment by moment: a conflict. And what a moment of any story is."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Literal

from netlearn.host.address_conflict import CHECKS, Machine, Shared, share_link
from netlearn.host.arp import hear
from netlearn.units import SECOND

Kind = Literal["none", "asks", "answers", "speaks", "data", "lost", "news"]
ADDRESS, DESK_ADDRESS = "198.51.100.53", "198.51.100.52"
DESK_ELSEWHERE = "203.0.113.52"  # on a link without servers
SERVERS = ("A", "B")
SLOW_US = 400  # after which the slower server answers: a choice; the other takes 100 to 200 microseconds


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One step of a story: what happens, who sends to whom, what Desk believes, and what has come of it.

    `believed` is the server that Desk's cache names, or that R1's table leads to. `down` is a server that is off;
    `silent` one that does without the address. `way` are the nodes that a message passes, where routers are between;
    `also` is what others send at the same moment.

    The stories are tables of moments in which `{first}` stands for a name that is known once the story is told.
    """

    title: str
    words: str
    kind: Kind = "none"
    sender: str = ""
    to: tuple[str, ...] = ()
    bubble: str = ""
    believed: str = ""
    down: str = ""
    silent: str = ""
    way: tuple[str, ...] = ()
    also: tuple[tuple[str, str], ...] = ()

    @property
    def sent(self) -> tuple[tuple[str, str], ...]:
        """Who sends to whom."""
        return (*((self.sender, to) for to in self.to), *self.also)

    def told(self, way: Sequence[str] = (), **names: object) -> "StoryMoment":
        """The moment with names in their places; what is sent goes this `way`."""

        def fill(part: Any) -> Any:
            return part.format(address=ADDRESS, **names) if isinstance(part, str) else tuple(map(fill, part))

        return replace(StoryMoment(*fill(astuple(self))), way=tuple(way))


# Nobody checks. Beside a moment stands the time in ms at which Desk's cache hears its sender; `holder` is whom the
# cache names then. That a connection breaks is told only if the holder is not the one to whom it was opened.
UNCHECKED = (
    (None, StoryMoment(
        "Two machines on one link, and both say: {address} is mine",
        "Server {first} and server {second} were given the same address. Nothing has complained so far.",
    )),
    (None, StoryMoment(
        "Desk asks everybody on the link at once",
        "To send to {address}, Desk has to know which card it is at. It asks everyone; that is called ARP.",
        "asks", "Desk", SERVERS, "Who has {address}?",
    )),
    (1, StoryMoment(
        "Server {first} answers first, and Desk believes it",
        "“I have it.” Desk writes into its cache: {address} is at server {first}'s card.",
        "answers", "{first}", ("Desk",), "I have it!", "{holder}",
    )),
    (2, StoryMoment(
        "The second answer comes too late, and nobody is warned",
        "Server {second} says the same. Desk’s entry is not a second old, so Linux keeps it. Nothing looks wrong.",
        "answers", "{second}", ("Desk",), "I have it!", "{holder}",
    )),
    (None, StoryMoment(
        "Who answered first gets the traffic: server {holder}",
        "Desk opens a connection. It goes to server {holder}'s card alone; server {second} gets nothing.",
        "data", "Desk", ("{holder}",), "Hello!", "{holder}",
    )),
    (5_000, StoryMoment(
        "Server {second} speaks, and Desk’s cache flips",
        "Server {second} asks for something else. Its question also says “{address} is at my card”, and Desk, "
        "which has an entry for that address, overwrites it.",
        "speaks", "{second}", ("Desk", "{first}"), "Who has the printer?", "{holder}",
    )),
    (None, StoryMoment(
        "The connection breaks: server {holder} knows nothing of it",
        "Desk’s next message goes to server {holder}, which was never called. It answers with a reset.",
        "lost", "Desk", ("{holder}",), "Go on …", "{holder}",
    )),
    (9_000, StoryMoment(
        "And back again: whoever spoke last has the address",
        "Server {first} speaks, and the cache flips back. It will go on like this; no end is in sight, and each "
        "machine by itself seems to work.",
        "speaks", "{first}", ("Desk", "{second}"), "Who has the printer?", "{holder}",
    )),
)  # fmt: skip

# The second server looks first whether anybody has the address.
CHECKED = (
    StoryMoment(
        "Server {first} has the address; server {second} is being started",
        "Server {second} was given {address}, but does not use it yet: it looks first whether somebody has it.",
        silent="{second}",
    ),
    StoryMoment(
        "Server {second} asks before it speaks",
        "“Who has {address}?” In the place of its own address it writes 0.0.0.0, so nobody’s cache changes. "
        "It would ask {probes} times (an ARP probe, RFC 5227).",
        "asks", "{second}", ("Desk", "{first}"), "Who has {address}?", silent="{second}",
    ),
    StoryMoment(
        "Server {first} answers: a conflict, before any harm is done",
        "“I have it.” One answer is enough: server {second} must not use the address, and says so to its owner.",
        "answers", "{first}", ("{second}",), "I have it!", silent="{second}",
    ),
    StoryMoment(
        "Desk asks, and one answers",
        "Only server {first} says “I have it”, and Desk’s cache names its card.",
        "answers", "{first}", ("Desk",), "I have it!", "{first}", silent="{second}",
    ),
    StoryMoment(
        "One address, one card: the message arrives, and nothing flips",
        "What Desk sends goes to server {first}, and stays there. Server {second} needs another address.",
        "data", "Desk", ("{first}",), "Hello!", "{first}", silent="{second}",
    ),
)  # fmt: skip


def one_link(first: str, checks: bool) -> tuple[StoryMoment, ...]:
    """The story of two servers with the same address on Desk's link, of which `first` answers sooner.

    With `checks` the second server looks first whether anybody has the address (RFC 5227).
    """
    second = SERVERS[1 - SERVERS.index(first)]
    return _checked(first, second) if checks else _unchecked(*_race(first, second))


def _race(quick: str, slow: str) -> tuple[str, ...]:
    """The servers in the order in which their answers come to Desk, if both keep to the address whatever they hear."""
    sooner = Machine(quick, check=False, defence="always")
    (answers,) = share_link((sooner, replace(sooner, name=slow, answer_us=SLOW_US)), [1 * SECOND]).answers
    assert answers.conflict, answers
    return tuple(name for _, name in answers.replies)


def latecomer(first: str, second: str) -> Shared:
    """What happens on the link when `second` comes, and checks, while `first` has the address; then Desk asks."""
    return share_link((Machine(first, check=False), Machine(second, comes_us=10 * SECOND)), [20 * SECOND])


def _unchecked(first: str, second: str) -> tuple[StoryMoment, ...]:
    entry, connected, told = None, "", []
    for heard_ms, moment in UNCHECKED:
        if heard_ms is not None:
            entry = hear(entry, moment.sender.format(first=first, second=second), heard_ms)
        now = moment.told(first=first, second=second, holder=entry.holder if entry else "")
        if now.kind == "data":
            connected = now.believed
        if now.kind != "lost" or now.believed != connected:
            told.append(now)
    return tuple(told)


def _checked(first: str, second: str) -> tuple[StoryMoment, ...]:
    happened = latecomer(first, second)
    (conflict,) = (told for told in happened.told if told.kind == "gives up")
    (answers,) = happened.answers
    assert (conflict.machine, happened.holders(answers.asked_us), answers.conflict) == (second, (first,), False)
    return tuple(moment.told(first=first, second=second, probes=CHECKS[4].probes) for moment in CHECKED)
