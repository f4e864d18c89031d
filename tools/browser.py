"""Find the Chromium that the tests drive, or install Debian's: ``python tools/browser.py``.

With it come `ip` and `ping`. A test that needs one of these two is skipped without it, and says so.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

SHELL = "chromium-headless-shell"  # Chromium without its windows, which cost a third of the work and show nothing here
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
TOOLS = {"ip": "iproute2", "ping": "iputils-ping"}  # the packages that have them
# Nothing but the pages, the same on every machine, and no way to any other.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
MISSING = "No Chromium found for the tests of the pages: install one (on Debian: apt-get install chromium)."


def find() -> str | None:
    """The path of an installed Chromium; None when there is none."""
    places = [os.environ.get("NETLEARN_BROWSER", ""), *NAMES]
    applications = [
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ]
    return next((path for path in map(shutil.which, [*places, *applications]) if path), None)


def lacking() -> list[str]:
    """Debian's packages for what is not here: a browser, and what the tests ask the kernel and a network with."""
    chosen = os.environ.get("NETLEARN_BROWSER") or shutil.which(SHELL)
    return ([] if chosen else [SHELL]) + [name for tool, name in TOOLS.items() if shutil.which(tool) is None]


def install(packages: list[str]) -> None:
    """Debian's packages, installed if this is Debian and we are root; one that it does not have spares the others."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/etc/debian_version").exists()):
        return
    print(f"Installing Debian's {', '.join(packages)} for the tests ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    each = (["apt-get", "install", "-y", "-q", "--no-install-recommends", package] for package in packages)
    for command in (["apt-get", "update", "-q"], *each):
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-2000:], file=sys.stderr)


if __name__ == "__main__":
    if packages := lacking():
        install(packages)
    if not find():
        install(["chromium"])
    browser = find()
    if not browser:
        sys.exit(MISSING)
    print(f"Browser: {browser}")
