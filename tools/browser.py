"""Find the Chromium that the tests drive, or install Debian's: ``python tools/browser.py``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
# Nothing but the pages, and the same on every machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
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


def install() -> str | None:
    """Debian's Chromium, installed if this is Debian and we are root; its path."""
    if not (hasattr(os, "geteuid") and os.geteuid() == 0 and Path("/etc/debian_version").exists()):
        return None
    print("No browser found; installing Debian's chromium for the tests of the pages ...", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"],
    ):
        done = subprocess.run(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-2000:], file=sys.stderr)
            return None
    return find()


if __name__ == "__main__":
    browser = find() or install()
    if not browser:
        sys.exit(MISSING)
    print(f"Browser: {browser}")
