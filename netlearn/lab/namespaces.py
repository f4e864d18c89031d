"""Linux network namespaces of one's own, joined by cables and bridges, with real programs inside.

A namespace has neither a name in the system nor a process that keeps it: an open file of this process does, so it is
gone with this process, whatever way that ends. What runs inside would live on; `Namespaces` ends it on its way out,
after an error or Ctrl-C, too. A program that begins with `run_alone` leaves nothing behind even when it is killed; for
a user who is not root it is the only way. Times are in seconds.
"""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

from netlearn.errors import NetlearnError
from netlearn.lab.alone import CannotMakeNamespaces, why_not

CLONE_NEWNET = 0x40000000
OURS = "/proc/thread-self/ns/net"  # of the thread: each has its own way through the namespaces
COMMAND_S, STOP_S, LOOK_AGAIN_S = 20.0, 2.0, 0.02

Answer = TypeVar("Answer")


class CommandFailed(NetlearnError):
    """A command that could not be started, or that ended with a status other than 0.

    >>> Namespace("nowhere", -1).run("ip", "link")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    netlearn.lab.namespaces.CommandFailed: ip link in nowhere cannot be started: ...
    """


class TookTooLong(NetlearnError):
    """A command or a condition that was waited for in vain.

    >>> wait_until(lambda: False, "R1 answers", within_s=0)
    Traceback (most recent call last):
    netlearn.lab.namespaces.TookTooLong: after 0 s it is still not so that R1 answers
    """


def wait_until(condition: Callable[[], Answer], what: str, within_s: float = 5.0) -> Answer:
    """The condition's first true answer. Raises `TookTooLong`, which quotes `what`, if there is none in that time.

    >>> wait_until(["R1"].pop, "a router has started")
    'R1'
    """
    until = monotonic() + within_s
    while not (answer := condition()):
        if monotonic() > until:
            raise TookTooLong(f"after {within_s:g} s it is still not so that {what}")
        sleep(LOOK_AGAIN_S)
    return answer


def stop(process: subprocess.Popen[Any], within_s: float = STOP_S) -> int:
    """The status of a process of `Namespace.start`, asked to end with those that it started, or killed in the end.

    >>> from subprocess import Popen
    >>> stop(Popen(["sleep", "60"], start_new_session=True))
    -15
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)  # it leads a group of its own
            with suppress(subprocess.TimeoutExpired):
                process.wait(within_s)
    return process.wait(within_s)


@dataclass(eq=False)
class Namespace:
    """A network namespace: the name that messages call it by, and the open file that keeps it.

    >>> from contextlib import suppress
    >>> with suppress(NetlearnError), Namespaces() as spaces:
    ...     assert "lo" in spaces.new("R1").run("ip", "link").stdout
    """

    name: str
    file: int
    processes: list[subprocess.Popen[Any]] = field(default_factory=list)

    @property
    def path(self) -> str:
        """What `ip link ... netns` takes for it, while this process lives."""
        return f"/proc/{os.getpid()}/fd/{self.file}"

    @contextmanager
    def inside(self) -> Iterator[None]:
        """This thread goes in, and back at the end. Sockets opened and processes started there stay there."""
        with _and_back():
            _call("setns", self.file, CLONE_NEWNET)
            yield

    def run(
        self, *words: str, given: str | None = None, within_s: float = COMMAND_S, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """A command's output (`stdout`, `stderr`) and status (`returncode`), once it has ended; `given` is its input.

        Raises `TookTooLong` if it has not ended by then, and was killed; `CommandFailed` if there is no such command,
        or, with `check`, if it ends with a status other than 0.
        """
        whole = f"{' '.join(words)} in {self.name}"
        try:
            with self.inside():
                done = subprocess.run(words, input=given or "", capture_output=True, text=True, timeout=within_s)
        except subprocess.TimeoutExpired as late:
            raise TookTooLong(f"{whole} has not ended after {within_s:g} s") from late
        except OSError as reason:
            raise CommandFailed(f"{whole} cannot be started: {reason}") from reason
        if check and done.returncode:
            said = (done.stderr or done.stdout).strip() + (f"; given {given}" if given else "")
            raise CommandFailed(f"{whole} ended with status {done.returncode}: {said}")
        return done

    def start(self, *words: str, **options: Any) -> subprocess.Popen[Any]:
        """A process in the background, without input if the options (of `subprocess.Popen`) do not say otherwise.

        Ctrl-C does not reach it: `stop` ends it, or else the end of `Namespaces`. Raises `CommandFailed` if it does
        not start.
        """
        try:
            with self.inside():
                made = subprocess.Popen(words, start_new_session=True, **{"stdin": subprocess.DEVNULL} | options)
        except OSError as reason:
            raise CommandFailed(f"{' '.join(words)} in {self.name} cannot be started: {reason}") from reason
        self.processes.append(made)
        return made

    def ip(self, *lines: str, family: str | None = None) -> str:
        """What `ip` prints for all the lines, each an `ip` command without that word; `family` is `-4` or `-6`."""
        options = [family] if family else []
        return self.run("ip", *options, "-batch", "-", given="\n".join([*lines, ""])).stdout

    def up(self, card: str, *addresses: str) -> None:
        """Set an interface up, with more addresses such as 192.0.2.1/24; those of IPv6 may be used at once."""
        # Detection of duplicates would keep an IPv6 address from use for a second (RFC 4862 5.4).
        nodad = {each: " nodad" if ":" in each else "" for each in addresses}
        self.ip(*(f"address add {each} dev {card}{nodad[each]}" for each in addresses), f"link set {card} up")

    def cable(self, card: str, other: "Namespace", other_card: str) -> None:
        """Lay a cable from a new interface here to a new one there (a veth pair); both are down."""
        self.ip(f"link add {card} type veth peer name {other_card} netns {other.path}")

    def bridge(self, name: str, *cards: str) -> None:
        """A new bridge here that joins interfaces of this namespace; it and they are up."""
        self.ip(f"link add {name} type bridge", *(f"link set {each} master {name} up" for each in cards))
        self.up(name)

    def sysctl(self, settings: Mapping[str, object], missing_ok: bool = False) -> None:
        """Set what stands below /proc/sys/net, such as `{"ipv4/ip_forward": 1}`. Raises `CommandFailed`.

        With `missing_ok`, what this kernel does not have is passed over.
        """
        with self.inside():
            for path, value in settings.items():
                try:
                    Path("/proc/sys/net", path).write_text(str(value))
                except OSError as reason:
                    if not (missing_ok and isinstance(reason, FileNotFoundError)):
                        raise CommandFailed(f"{path} = {value} cannot be set in {self.name}: {reason}") from reason


class Namespaces:
    """Several network namespaces, to be used as a context: at its end they and all that runs inside are gone.

    >>> from contextlib import suppress
    >>> with suppress(CannotMakeNamespaces), Namespaces() as spaces:
    ...     assert [spaces.new(name).name for name in ("R1", "R2")] == ["R1", "R2"]
    """

    def __init__(self) -> None:
        self.made: list[Namespace] = []

    def __enter__(self) -> "Namespaces":
        return self

    def __exit__(self, *_: object) -> None:
        try:
            wait_until(self._emptied, "all processes inside the namespaces have ended")
        finally:
            while self.made:
                os.close(self.made.pop().file)

    def new(self, name: str) -> Namespace:
        """A fresh one, with nothing but a `lo` that is down. Raises `CannotMakeNamespaces`."""
        try:
            with _and_back():
                _call("unshare", CLONE_NEWNET)
                self.made.append(Namespace(name, os.open(OURS, os.O_RDONLY)))
        except OSError as refused:
            of_others = "only root may make them; a program that begins with run_alone is root of its own"
            told = why_not() or (of_others if os.geteuid() else f"no network namespace for {name}: {refused}")
            raise CannotMakeNamespaces(told) from refused
        return self.made[-1]

    def _emptied(self) -> bool:
        """Whether no process but this one is left inside; those that are, daemons included, have been killed.

        It is asked until it is so, for a process may start another before it is killed.
        """
        places = {os.fstat(each.file).st_ino for each in self.made}
        left = [each for space in self.made for each in space.processes if each.poll() is None]
        for process in left:
            process.kill()
        inside = 0
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):  # it has just ended, or we may not look at it, so it is none of ours
                if (folder / "ns/net").stat().st_ino in places and int(folder.name) != os.getpid():
                    inside += 1
                    os.kill(int(folder.name), signal.SIGKILL)
        return not left and not inside


@contextmanager
def _and_back() -> Iterator[None]:
    """Wherever this thread goes meanwhile, at the end it is in the network namespace where it began."""
    home = os.open(OURS, os.O_RDONLY)
    with ExitStack() as last:
        last.callback(os.close, home)
        last.callback(_call, "setns", home, CLONE_NEWNET)  # which comes first
        yield


def _call(name: str, *arguments: int) -> None:
    """A call of the C library; raises `OSError`. Python has `os.setns` and `os.unshare` only from 3.12 on."""
    if getattr(ctypes.CDLL(None, use_errno=True), name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
