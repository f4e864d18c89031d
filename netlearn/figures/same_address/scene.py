"""What the reader set: where the two machines are, who is sooner, which moment."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netlearn.errors import NetlearnError, shown
from netlearn.figures.common.scene import AnyScene
from netlearn.figures.same_address.different_links import different_links
from netlearn.figures.same_address.one_link import SERVERS, StoryMoment, one_link

PLACES = {"one": "On one link", "links": "On different links"}


@dataclass(frozen=True)
class Scene(AnyScene):
    """What the reader set: one link or different ones, who answers first or is nearer, whether the other checks."""

    place: str = "one"
    sooner: str = "A"
    checks: bool = False
    moment: int = 0

    def check(self) -> None:
        if self.place not in PLACES:
            raise NetlearnError(f"the place is {' or '.join(PLACES)}, not {shown(self.place)}")
        if self.sooner not in SERVERS:
            raise NetlearnError(f"the first server is {' or '.join(SERVERS)}, not {shown(self.sooner)}")
        if self.moment < 0:
            raise NetlearnError(f"a moment is a whole number from 0, not {shown(self.moment)}")

    def story(self) -> tuple[StoryMoment, ...]:
        """All moments of this case."""
        return one_link(self.sooner, self.checks) if self.place == "one" else different_links(self.sooner)

    def now(self) -> StoryMoment:
        """The moment that is looked at; past the end, the last one."""
        story = self.story()
        return story[min(self.moment, len(story) - 1)]


def words(case: Scene) -> str:
    """The moment in words, for who cannot see it."""
    moment = case.now()
    return f"{moment.title}. {moment.words} {believed_in_words(case)}"


def believed_in_words(case: Scene) -> str:
    """What is believed of the address: by Desk's cache on one link, by R1's table on different ones."""
    server = case.now().believed
    if case.place == "one":
        return f"Desk's ARP cache: {f'server {server}' if server else 'empty'}."
    return f"R1's table: {f'to server {server}' if server else 'no entry yet'}."


def cases(*_: object) -> Sequence[Scene]:
    """Every state that there is: few enough to record them all."""
    chosen = [Scene(place, first, checks) for place in PLACES for first in SERVERS for checks in (False, True)]
    return [replace(case, moment=moment) for case in chosen for moment in range(len(case.story()))]
