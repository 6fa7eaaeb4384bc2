"""Finds the browser for the tests, or installs one: ``make test`` runs this first.

It prefers the Chromium or Chrome of the machine, then Debian's packages if it runs as
root, then Playwright's browser. Missing fonts of ``fonts.py`` are installed from
Debian's packages too, if it runs as root.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import fonts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

# The same engine without windows and menus: a new page takes a fifth of the CPU time.
SHELL = "chromium-headless-shell"
# The packages of Debian and some derivatives, the first one preferred.
DEBIAN = (SHELL, "chromium")
NAMES = (*DEBIAN, "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ADVICE = f"""\
The tests need a browser, and none could be installed. Type one of these, then again
make test:
  sudo apt-get install {SHELL} {" ".join(fonts.PACKAGES)}  (Debian)
  .venv/bin/python -m playwright install chromium                    (elsewhere)"""
FONT_ADVICE = f"""\
The tests look at the pages in two fonts, and the browser lacks one. Type one of these,
then again make test:
  sudo apt-get install {" ".join(fonts.PACKAGES)}   (Debian)
  sudo dnf install liberation-sans-fonts dejavu-sans-fonts  (Fedora)
  brew install --cask font-liberation font-dejavu           (macOS)"""


def works(program: str | Path) -> bool:
    """Does it start?  Ubuntu's ``chromium-browser`` may only ask to install a snap."""
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
    """Return the path of Playwright's browser, if it is installed."""
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


def is_root() -> bool:
    """Is this root, who may install packages and runs Chromium without a sandbox?"""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def start(playwright: "Playwright", path: str) -> "Browser":
    """Start the browser at the path."""
    arguments = ["--no-sandbox"] if is_root() else []
    return playwright.chromium.launch(executable_path=path, args=arguments)


def has_fonts(path: str) -> bool:
    """Does the browser at the path find the fonts?"""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = start(playwright, path)
        lacks = fonts.missing(browser.new_page())
        browser.close()
    return not lacks


def install_packages(*names: str) -> bool:
    """Install packages of Debian, if this is root; return whether that succeeded."""
    if not is_root() or not shutil.which("apt-get"):
        return False
    get = ("apt-get", "-qq", "-o=Dpkg::Use-Pty=0")
    install = (*get, "install", "-y", "--no-install-recommends", *names)
    return _succeeds(*get, "update") and _succeeds(*install)


def install() -> bool:
    """Install a browser in the first way that works on this machine."""
    for name in DEBIAN:
        if install_packages(name, *fonts.PACKAGES) and of_the_machine():
            return True
    command = (sys.executable, "-m", "playwright", "install", "chromium")
    return _succeeds(*command, *(["--with-deps"] if is_root() else []))


def main() -> int:
    """Find or install the browser and its fonts; return the exit status."""
    if not (browser := find()) and not (install() and (browser := find())):
        print(ADVICE, file=sys.stderr)
        return 1
    if has_fonts(browser):
        return 0
    if install_packages(*fonts.PACKAGES) and has_fonts(browser):
        return 0
    print(FONT_ADVICE, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
