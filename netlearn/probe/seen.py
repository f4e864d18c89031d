"""What every way of looking needs: users, why a process is hidden, the snapshot of what was seen."""

import os
import time
from collections.abc import Sequence
from functools import cache

from netlearn.errors import listed
from netlearn.host.scope import InterfaceAddresses
from netlearn.host.sockets import Listener, Snapshot, Socket
from netlearn.probe.asking import Notes

OTHERS = "the system shows another user's processes only to an administrator"
SHUT = "it lets nobody but an administrator look at it, or cannot be seen from here, in another container for instance"
REFUSED = "some processes may not be looked at from here even by an administrator"
OUTSIDE = (
    "the kernel itself holds the socket, or a process that cannot be seen from here, in another container for instance"
)
MOST = 3  # doors that are named beside the reason why their process is hidden


def why_hidden(uid: int | None, denied: int) -> str:
    """The reason why no process is shown for a socket of this user; `denied` is how many refused to be looked at."""
    if not hasattr(os, "geteuid"):
        return OTHERS
    if os.geteuid() == 0:
        return REFUSED if denied else OUTSIDE
    return SHUT if uid == os.geteuid() else OTHERS


def seen_by(
    listeners: Sequence[Listener],
    connections: Sequence[Socket],
    found: Sequence[InterfaceAddresses],
    notes: Notes,
    denied: int = 0,
) -> Snapshot:
    """The snapshot, with what is hidden counted: doors whose process is not shown, and `denied` processes."""
    hidden = [door for door in listeners if not door.holders]
    reasons = dict.fromkeys(door.hidden_because for door in hidden)
    if denied:
        reasons[why_hidden(None, denied)] = None
    because = [*reasons]
    if len(because) > 1:  # each with its doors
        ends = ([door.endpoint for door in hidden if door.hidden_because == reason] for reason in because)
        because = [f"{reason} ({listed(each, MOST)})" for reason, each in zip(because, ends, strict=True)]
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    doors, others, cards, many = tuple(listeners), tuple(connections), tuple(found), len(hidden) + denied
    return Snapshot(doors, others, cards, many, "; ".join(because), now, system(), notes=tuple(notes))


def system() -> str:
    """The kernel's name and version, as in `Linux 6.1.0`."""
    if hasattr(os, "uname"):
        name, release = os.uname().sysname, os.uname().release
    else:
        import platform

        name, release = platform.system(), platform.release()
    return f"{name} {release.partition('-')[0]}"


@cache
def user_name(uid: int) -> str:
    """The user's name, or the number where it has none here."""
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
