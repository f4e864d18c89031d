"""The doors as a table for a terminal, by rich: grouped by who can reach them, beside what `ss -tulpn` says of each.

A line that is too long is folded, never cut; below 60 columns the terminal itself folds. Another program gets `str` of
the snapshot instead, and so does a terminal for very many doors: a line for each, without colours, and quick even for
ten thousand.
"""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from netlearn.errors import printable
from netlearn.host.scope import TITLES, Scope
from netlearn.host.sockets import HEADS, REACH, Listener, Snapshot

WIDE = 140  # columns of a terminal from which on each door has its sentence beside it
MANY = 500  # doors from which on a table for a terminal, for which rich takes 1 ms each, would be waited for
NARROW = 60  # columns of a terminal below which a table of doors cannot be read; some say that they have none
LEAST = 26  # columns that the process keeps in a narrow terminal, however long the address beside it is


def doors_table(snapshot: Snapshot, console: Console | None = None) -> str:
    """The snapshot as text for the terminal that standard output is, or for `console`."""
    if len(snapshot.listeners) > MANY:
        return str(snapshot)
    console = console or Console(highlight=False)
    console.width = max(console.width, NARROW)
    groups = [_group(console, scope, doors) for scope, doors in snapshot.by_scope().items()]
    notes = (snapshot.recording_note, *(groups or ["Nothing listens."]), *snapshot.untold)
    return "\n\n".join(filter(None, notes))


def _group(console: Console, scope: Scope, doors: tuple[Listener, ...]) -> str:
    """The doors of one scope below its title, without the spaces that rich fills lines up with."""
    with console.capture() as captured:
        console.print(Text.assemble((TITLES[scope], "bold"), f" ({scope.value})"))
        console.print(_table(doors, console.width))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _table(doors: tuple[Listener, ...], width: int) -> Table:
    """What `ss` says of each door, and its user; where there is room, the sentence that says who can reach it, too."""
    sentence = width >= WIDE
    table = Table(box=None, padding=(0, 0, 0, 2), header_style="dim")
    rows = [door.row() for door in doors]
    netid, state, address, _, user = (max(map(len, column)) for column in zip(HEADS, *rows, strict=True))
    left = max(LEAST, width - sum((netid, state, address, user)) - 2 * len(HEADS))
    for head, least in zip((*HEADS, *([REACH] if sentence else [])), (netid, state, 1, 1, 1, 1), strict=False):
        table.add_column(head, overflow="fold", min_width=least)
    for door, (*before, process, name) in zip(doors, rows, strict=True):
        cells = (*before, broken(process, left), name, *([printable(door.reach)] if sentence else []))
        table.add_row(*map(Text, cells))
    return table


def broken(text: str, width: int) -> str:
    """The text on lines that end with a comma where the next part would not fit; a part that is longer stays whole."""
    lines = [""]
    for part in text.replace(",", ",\n").split("\n"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(lines)
