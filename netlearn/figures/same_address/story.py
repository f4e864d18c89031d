"""One address on two machines, told moment by moment: what a moment is."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["none", "asks", "answers", "speaks", "data", "lost", "news"]
ADDRESS, DESK_ADDRESS = "198.51.100.53", "198.51.100.10"
SERVERS = ("A", "B")


@dataclass(frozen=True, slots=True)
class StoryMoment:
    """One step of a story: what happens, who sends to whom, what Desk believes, and what has come of it.

    `believed` is the server that Desk's cache names, or that R1's table leads to. `down` is a server that is off;
    `silent` one that does without the address. `way` are the nodes that a message passes, where routers are between;
    `also` is what others send at the same moment.
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
