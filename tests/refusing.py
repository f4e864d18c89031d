"""A child process to which the kernel refuses what is named: by a filter of its calls (seccomp(2)), without root."""

import ctypes
import errno
import json
import os
import platform
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

NUMBERS = {"x86_64": {"socket": 41, "readlinkat": 267}, "aarch64": {"socket": 198, "readlinkat": 78}}
NETLINK_ROUTE, NETLINK_SOCK_DIAG = 0, 4
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, EQUAL, RETURN = 0x20, 0x15, 0x06  # BPF: load a word; jump if it is so; the answer
ALLOW, REFUSE = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO


class Refusal(NamedTuple):
    """A system call that fails with an error, where all these of its arguments, by their place, have these values."""

    call: str
    where: tuple[tuple[int, int], ...] = ()
    error: int = errno.EPERM


NO_NETLINK = Refusal("socket", ((0, int(getattr(socket, "AF_NETLINK", 16))),))
NO_SOCK_DIAG = Refusal("socket", (*NO_NETLINK.where, (2, NETLINK_SOCK_DIAG)))
NO_ROUTES = Refusal("socket", (*NO_NETLINK.where, (2, NETLINK_ROUTE)))
NO_LINKS = Refusal("readlinkat", error=errno.EACCES)


def why_not() -> str | None:
    """Why nothing can be refused here, as a phrase; `None` if it can."""
    if sys.platform != "linux" or platform.machine() not in NUMBERS:
        return f"the numbers of system calls are not known for {sys.platform} on {platform.machine()}"
    return None if in_a_child(lambda: True, refuse, [NO_NETLINK]) is True else "this kernel takes no filter (seccomp)"


def refuse(refusals: Sequence[Refusal]) -> None:
    """From now on this process and its children cannot do that."""
    program = b"".join(map(_checked, refusals)) + _step(RETURN, 0, 0, ALLOW)
    libc = ctypes.CDLL(None, use_errno=True)
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))

    given = Program(len(program) // 8, ctypes.addressof(code))
    for option, second, third in (
        (PR_SET_NO_NEW_PRIVS, 1, 0),
        (PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.addressof(given)),
    ):
        if libc.prctl(option, ctypes.c_ulong(second), ctypes.c_ulong(third), 0, 0):
            raise OSError(ctypes.get_errno(), "prctl")


def _step(code: int, so: int, otherwise: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, so, otherwise, value)


def _checked(refusal: Refusal) -> bytes:
    """The steps that refuse one call: any condition that does not hold leads behind them."""
    # In struct seccomp_data the number stands first, and the arguments, of eight bytes each, begin at 16.
    conditions = [
        (0, NUMBERS[platform.machine()][refusal.call]),
        *((16 + 8 * at, value) for at, value in refusal.where),
    ]
    steps = b""
    for number, (at, value) in enumerate(conditions, start=1):
        steps += _step(LOAD, 0, 0, at) + _step(EQUAL, 0, 2 * (len(conditions) - number) + 1, value)
    return steps + _step(RETURN, 0, 0, REFUSE | refusal.error)


def in_a_child(work: Callable[[], Any], *before: Any) -> Any:
    """What `work` gives, as JSON can say it, in a child that has called `before`, a function and what it is given."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if before:
                before[0](*before[1:])
            os.write(write, json.dumps(work()).encode())
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    return json.loads(told) if told else None
