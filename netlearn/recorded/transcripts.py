"""What commands printed on a real machine: each transcript is a run in a network of its own, recorded once.

`tools/record/transcripts.py` made them. Nothing here runs a command: a reader sees what the kernel answered
then, with its version and the date, and a chapter holds its claims against it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from html import escape
from importlib.resources import files
from typing import overload

from netlearn.errors import UnknownName, listed, suggestion

_BUNDLED = files("netlearn") / "data" / "transcripts.json"
MOST_COLUMNS = 120  # longer lines are a table, which is read in columns and must not be broken


@dataclass(frozen=True, slots=True)
class Command:
    """A command, the machine at which it was given, what it printed (errors too), and its exit status (0: done)."""

    at: str
    command: str
    output: str
    status: int = 0

    def __str__(self) -> str:
        return f"{self.at}# {self.command}" + (f"\n{self.output}" if self.output else "")


@dataclass(frozen=True, slots=True, repr=False)
class Transcript:
    """Commands in the order in which they were given, and what they `show` in one sentence.

    It is a sequence of its steps. A slice is a transcript with some of them, for a chapter that has something to say
    in between. `date` is UTC's; `tools` are the programs that printed.

    >>> print(transcript("each-its-own")[:1])
    laptop# curl -sS http://127.0.0.1:8000
    This is the laptop.
    """

    name: str
    shows: str
    kernel: str
    date: str
    tools: tuple[str, ...]
    steps: tuple[Command, ...]

    @property
    def note(self) -> str:
        """Where and when it was recorded, and with what."""
        made_by = f", with {', '.join(self.tools)}" if self.tools else ""
        return f"Recorded on {self.kernel} on {self.date}, in a network of its own{made_by}."

    @property
    def _caption(self) -> str:
        """The note in as few words as a chapter with many recordings can bear."""
        return f"Recorded: {', '.join((self.kernel, self.date, *self.tools))}."

    def said(self, command: str, at: str | None = None) -> str:
        """The output of the first command that begins so, at any machine or at one; `UnknownName` if none does."""
        for step in self.steps:
            if step.command.startswith(command) and at in (None, step.at):
                return step.output
        where, given = f" at {at}" if at else "", {step.command for step in self.steps}
        raise UnknownName(f"{self.name} has no command {command!r}{where}; it has {listed(given)}")

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Command]:
        return iter(self.steps)

    @overload
    def __getitem__(self, which: int) -> Command: ...
    @overload
    def __getitem__(self, which: slice) -> "Transcript": ...
    def __getitem__(self, which: int | slice) -> "Command | Transcript":
        return self.steps[which] if isinstance(which, int) else replace(self, steps=self.steps[which])

    def __str__(self) -> str:
        return "\n".join(map(str, self.steps))

    def __repr__(self) -> str:
        return f"{self}\n({self.note})"

    def _repr_html_(self) -> str:
        screen = "\n".join(map(_html, self.steps))
        label = escape(f"Terminal: {self.shows}")
        is_table = max(map(len, str(self).splitlines())) > MOST_COLUMNS
        return (
            f'<figure class="netlearn-figure nl-terminal{" nl-columns" if is_table else ""}">'
            f'<pre tabindex="0" role="group" aria-label="{label}">{screen}</pre>'
            f"<figcaption>{escape(self._caption)}</figcaption></figure>"
        )


def _html(step: Command) -> str:
    prompt = f"<span>{escape(step.at)}#</span> <b>{escape(step.command)}</b>"
    return prompt + (f"\n{escape(step.output)}" if step.output else "")


def transcript(name: str) -> Transcript:
    """The transcript of that name, or `UnknownName`.

    >>> transcript("each-its-own")[0].output
    'This is the laptop.'
    """
    known = {each.name: each for each in transcripts()}
    if name not in known:
        raise UnknownName(f"there is no transcript {name!r}; there are {listed(known, 40)}{suggestion(name, known)}")
    return known[name]


@cache
def transcripts() -> tuple[Transcript, ...]:
    """Everything that was recorded, in the order of the file.

    >>> [each.name for each in transcripts()][:3]
    ['lo-is-born', 'lo-stays', 'many-loopbacks']
    """
    rows = json.loads(_BUNDLED.read_text(encoding="utf-8"))
    for row in rows:
        row |= {"tools": tuple(row["tools"]), "steps": tuple(Command(**step) for step in row["steps"])}
    return tuple(Transcript(**row) for row in rows)
