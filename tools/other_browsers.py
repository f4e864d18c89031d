"""Whether each kind of figure answers in Firefox and in WebKit, which iPhones have.

Debian's `firefox-esr` speaks Marionette, the protocol behind its WebDriver, by itself: no driver that Debian lacks is
needed. WebKit is WebKitGTK's MiniBrowser, which `WebKitWebDriver` drives over HTTP; its window needs a screen, which is
Xvfb. ``python tools/other_browsers.py`` installs what is missing.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar, Protocol
from urllib.error import HTTPError, URLError

import browser as browser_tool
from showing import GALLERY, KINDS, SHOWN, steps_to

FIREFOX, WEBKIT = "Firefox", "WebKit"
PROGRAMS = {FIREFOX: {"firefox-esr": "firefox-esr"}, WEBKIT: {"WebKitWebDriver": "webkit2gtk-driver", "Xvfb": "xvfb"}}
WINDOW = {"width": 1280, "height": 900}
PATIENCE_S = 60  # for a browser to start, on a busy machine


class Browser(Protocol):
    """A browser that is driven: WebDriver's commands, by the end of their addresses."""

    def ask(self, command: str, **given: Any) -> Any: ...


def why_not(name: str) -> str:
    """Why this browser cannot be asked here; empty if it can."""
    lacking = [program for program in PROGRAMS[name] if shutil.which(program) is None]
    return f"not asked: no {', '.join(lacking)} here (`make screens` installs it, as root on Debian)" if lacking else ""


def install() -> None:
    """Debian's packages for what is not here."""
    every = {program: package for programs in PROGRAMS.values() for program, package in programs.items()}
    if packages := [package for program, package in every.items() if shutil.which(program) is None]:
        browser_tool.install(packages)


# Firefox


class Firefox:
    """Marionette: a line of JSON for each command, with its length before it."""

    COMMANDS: ClassVar = {"url": "Navigate", "execute/sync": "ExecuteScript", "actions": "PerformActions"}

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), PATIENCE_S)
        self._file = self._socket.makefile("rb")
        self._read()  # it says who it is
        self._count = 0
        self.command("NewSession", {})

    def _read(self) -> Any:
        length = b""
        while (letter := self._file.read(1)) != b":":
            length += letter
        return json.loads(self._file.read(int(length)))

    def command(self, name: str, given: dict[str, Any]) -> Any:
        self._count += 1
        data = json.dumps([0, self._count, f"WebDriver:{name}", given]).encode()
        self._socket.sendall(f"{len(data)}:".encode() + data)
        _, _, error, answer = self._read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return answer.get("value") if isinstance(answer, dict) else answer

    def ask(self, command: str, **given: Any) -> Any:
        return self.command(self.COMMANDS[command], given | {"sandbox": None})  # so that scripts see what the page sees


@contextmanager
def firefox() -> Iterator[Firefox]:
    """A Firefox without windows, in an empty profile."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:  # a browser that ends may still write there
        settings = {
            "marionette.port": 0,
            "datareporting.policy.dataSubmissionEnabled": False,
            "app.update.enabled": False,
            "network.proxy.type": 1,  # nothing but this machine is reached: whatever else it would ask for goes nowhere
            "network.proxy.http": "127.0.0.1",
            "network.proxy.http_port": 9,
            "network.proxy.ssl": "127.0.0.1",
            "network.proxy.ssl_port": 9,
        }
        lines = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items())
        (Path(folder) / "user.js").write_text("\n".join(lines), encoding="utf-8")
        size = [f"--{name}={value}" for name, value in WINDOW.items()]
        with running("firefox-esr", "--headless", "--marionette", "--profile", folder, *size, home=folder):
            port = until(lambda: (Path(folder) / "MarionetteActivePort").read_text().strip())
            yield Firefox(int(port))


# WebKit


class WebKit:
    """WebDriver, over HTTP."""

    def __init__(self, port: int) -> None:
        self._address = f"http://127.0.0.1:{port}/session"
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": {"binary": mini_browser(), "args": ["--automation"]}}}
        self._address += "/" + self._post("", {"capabilities": wanted})["sessionId"]

    def _post(self, end: str, given: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self._address + end, json.dumps(given).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                return json.load(answer)["value"]
        except HTTPError as error:
            raise RuntimeError(error.read().decode()) from None

    def ask(self, command: str, **given: Any) -> Any:
        return self._post(f"/{command}", given)

    def end(self) -> None:
        urllib.request.urlopen(urllib.request.Request(self._address, method="DELETE"), timeout=PATIENCE_S).close()


def mini_browser() -> str:
    """The path of WebKitGTK's own small browser."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    return str(found[-1]) if found else ""


@contextmanager
def webkit() -> Iterator[WebKit]:
    """WebKitGTK's MiniBrowser on a screen of its own."""
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(ignore_cleanup_errors=True))
        read, write = os.pipe()
        screen = f"{WINDOW['width']}x{WINDOW['height']}x24"
        arguments = ("-displayfd", str(write), "-screen", "0", screen, "-nolisten", "tcp")
        stack.enter_context(running("Xvfb", *arguments, home=folder, pass_fds=(write,)))
        os.close(write)
        with os.fdopen(read) as told:
            display = f":{told.readline().strip()}"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        stack.enter_context(running("WebKitWebDriver", f"--port={port}", home=folder, DISPLAY=display))
        driven = until(lambda: WebKit(port))
        stack.callback(driven.end)
        yield driven


DRIVERS: dict[str, Callable[[], Any]] = {FIREFOX: firefox, WEBKIT: webkit}


@contextmanager
def running(
    program: str, *arguments: str, home: str, pass_fds: tuple[int, ...] = (), **environment: str
) -> Iterator[None]:
    """A program that ends with us, and keeps what it keeps in a folder of ours."""
    kept = {"HOME": home, "XDG_RUNTIME_DIR": home, "XDG_CACHE_HOME": home, "XDG_CONFIG_HOME": home}
    process = subprocess.Popen(
        [program, *arguments],
        env=os.environ | kept | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=pass_fds,
        start_new_session=True,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def until(act: Callable[[], Any]) -> Any:
    """What it gives, as soon as it gives something and does not fail."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            if found := act():
                return found
        except (OSError, URLError):
            pass
        if time.monotonic() > end:
            raise TimeoutError(f"no answer within {PATIENCE_S} s")
        time.sleep(0.05)


# What is asked


def answers(name: str, address: str, kinds: Iterable[str] = KINDS) -> dict[str, str]:
    """What is at fault with each kind of figure's answer to one click, on a served site; empty where it answers."""
    with DRIVERS[name]() as driven:
        driven.ask("url", url=address + GALLERY)
        run(driven, "Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
        with suppress(TimeoutError):  # whose answer is missing then says so itself
            until(lambda: run(driven, ALL_LIVE))  # a figure above that becomes live moves what is about to be pressed
        return {kind: answer(driven, kind) for kind in kinds}


def run(driven: Browser, script: str, *given: object) -> Any:
    return driven.ask("execute/sync", script=script, args=list(given))


ALL_LIVE = "return !document.querySelector('figure[data-figure]:not([data-live])')"
LIVE = "return document.querySelector(arguments[0])?.dataset.live"
PLACE = f"""{SHOWN}
const part = [...document.querySelectorAll(arguments[0])].find((part) => part.checkVisibility() && !part.disabled);
const target = part?.matches("input") ? (part.closest("label") ?? part) : part;
return target ? (globalThis.shown.place(target) ?? "covered") : "nothing";
"""
LOOKS = "return document.querySelector(arguments[0]).innerHTML"


def answer(driven: Browser, kind: str) -> str:
    figure = f"figure[data-figure={kind}]"
    if until(lambda: run(driven, LIVE, figure)) != "yes":
        return "the figure is not live"
    before, steps = run(driven, LOOKS, figure), steps_to("changed", KINDS[kind])
    for step in steps:
        place = run(driven, PLACE, f"{figure} :is({step})")
        if isinstance(place, dict):
            click(driven, place["x"], place["y"])
        elif step == steps[-1]:
            return f"{place} to press: {step}"
    try:
        until(lambda: run(driven, LOOKS, figure) != before)
    except TimeoutError:
        return "a click changes nothing"
    return ""


def click(driven: Browser, x: float, y: float) -> None:
    moved = {"type": "pointerMove", "duration": 0, "x": round(x), "y": round(y), "origin": "viewport"}
    pressed = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": [moved, *pressed]}
    driven.ask("actions", actions=[mouse])


if __name__ == "__main__":
    install()
    for each in DRIVERS:
        print(f"{each}: {why_not(each) or 'here'}")
    sys.exit(any(map(why_not, DRIVERS)))
