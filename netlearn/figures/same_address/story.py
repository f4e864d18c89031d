"""One address on two machines, told moment by moment: what a moment is."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from typing import Any, Literal

Kind = Literal["none", "asks", "answers", "speaks", "data", "lost", "news"]
ADDRESS, DESK_ADDRESS = "198.51.100.53", "198.51.100.10"
SERVERS = ("A", "B")
BEHIND = {"A": "R2", "B": "R3"}  # the router of each server, where they are on different links


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
