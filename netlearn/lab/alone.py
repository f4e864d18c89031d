"""A program in a network of its own, or in a machine of its own: what it does there nobody else sees.

Both need Linux with iproute2 and util-linux, and root: a user who is not is made root of namespaces of their own, where
the system lets users do so. Every reason why it cannot be is a `NetlearnError`.
"""

import os
import shutil
import subprocess
import sys

from netlearn.errors import NetlearnError

AGAIN = "NETLEARN_ALONE"  # set for a program that `run_alone` has started again
TRIAL = "link add bridge0 type bridge\nlink add one type veth peer name two\nlink set one master bridge0\n"


class CannotMakeNamespaces(NetlearnError):
    """Why there are no network namespaces to be had here.

    >>> issubclass(CannotMakeNamespaces, NetlearnError)
    True
    """


def alone(*words: str, machine: bool = False) -> list[str]:
    """The command that runs the words as root in a fresh network namespace, whose `lo` is down.

    With `machine`, its processes and mounts are its own as well: the kernel ends all of them together with the first.

    >>> " ".join(alone("ip", "link"))  # doctest: +ELLIPSIS
    'unshare ...--net ip link'
    """
    user = ["--user", "--map-root-user"] if os.geteuid() else []
    whole = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"] if machine else []
    return ["unshare", *user, "--net", *whole, *words]


def why_not(machine: bool = False) -> str | None:
    """Why `alone` cannot work here, or links not be made there, as a phrase; `None` if all can.

    >>> import subprocess
    >>> assert why_not() or subprocess.run(alone("ip", "link"), stdout=subprocess.DEVNULL).returncode == 0
    """
    if sys.platform != "linux":
        return "network namespaces are Linux's own"
    for command, package in (("ip", "iproute2"), ("unshare", "util-linux")):
        if shutil.which(command) is None:
            return f"{command} is not installed ({package})"
    tried = subprocess.run(alone("ip", "-batch", "-", machine=machine), input=TRIAL, capture_output=True, text=True)
    who = "this user, who is not root," if os.geteuid() else "root"
    return f"{who} may not make network namespaces with links: {tried.stderr.strip()}" if tried.returncode else None


def run_alone() -> None:
    """Have this program start again in a machine of its own (see `alone`), unless it runs in one already.

    It is for the first line of a program. Raises `CannotMakeNamespaces` where that cannot be.

    >>> import subprocess, sys
    >>> program = "from netlearn.lab import run_alone; run_alone(); import os; print(os.getpid())"
    >>> told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    >>> assert told.stdout == "1\\n" or "CannotMakeNamespaces" in told.stderr
    """
    if AGAIN in os.environ:
        return
    if reason := why_not(machine=True):
        raise CannotMakeNamespaces(reason)
    os.environ[AGAIN] = "1"
    sys.stdout.flush()
    os.execvp("unshare", alone(sys.executable, *sys.orig_argv[1:], machine=True))
