"""Finds the browser for the tests, or installs one: ``make test`` runs this first.

Chromium or Chrome of the machine comes first; else Debian's package where this is
root; else the browser that Playwright brings.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ADVICE = """\
The tests need a browser, and none could be installed. Type one of these, then again
make test:
  sudo apt-get install chromium                    (Debian)
  .venv/bin/python -m playwright install chromium  (elsewhere)"""


def works(program: str | Path) -> bool:
    """Does it start?  Ubuntu's ``chromium-browser`` may only ask for its snap."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def of_the_machine() -> str | None:
    """Return the path of an installed Chromium or Chrome, if there is one."""
    found = [path for name in NAMES if (path := shutil.which(name))]
    if MAC.is_file():
        found.append(str(MAC))
    return next((path for path in found if works(path)), None)


def of_playwright() -> str | None:
    """Return the path of the browser that Playwright has installed, if it has."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def find() -> str | None:
    """Return the path of the browser to test with."""
    return of_the_machine() or of_playwright()


def _succeeds(*command: str) -> bool:
    print(" ".join(command), flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, env=environment)
    return done.returncode == 0


def install() -> bool:
    """Install a browser in the first way that works here."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and shutil.which("apt-get"):
        get = ("apt-get", "-qq", "-o=Dpkg::Use-Pty=0")
        packages = ("install", "-y", "--no-install-recommends", "chromium")
        if (
            _succeeds(*get, "update")
            and _succeeds(*get, *packages)
            and of_the_machine()
        ):
            return True
    command = (sys.executable, "-m", "playwright", "install", "chromium")
    return _succeeds(*command, *(["--with-deps"] if is_root else []))


def main() -> int:
    """Make sure that there is a browser; the exit status says whether."""
    if find() or (install() and find()):
        return 0
    print(ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
