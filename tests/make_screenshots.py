"""Takes the screenshots of the documentation from the running application.

    make screenshots                          those of the documentation
    make screenshots S="FOLDER [PATH ...]"    pages in every form, to look at

A form is a screen and a colour scheme: desktop, phone and dark.
"""

import argparse
import logging
import sys
import tempfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import install_browser
from helpers import PASSWORD, ROOT, Instance, close
from netpresenter_next.directory import passwords
from screens import DARK, LIGHT, PHONE, sign_in
from visitors import Visitor

sys.path.insert(0, str(ROOT / "tests" / "microsoft"))
from contoso import ADMIN, Company
from stand_in import StandIn

IMAGES = ROOT / "docs" / "images"
ENTRA = "/settings/system/microsoft-entra-id"
# The screenshots of the documentation: file, path, form, height of the screen.
DOCUMENTED = (
    ("entra", ENTRA, LIGHT, 1_000),
    ("provisioning-log", "/settings/system/provisioning-log", LIGHT, 800),
    ("conflict", "the first conflict", LIGHT, 800),
    ("people-on-a-phone", "/people", PHONE, 800),
    ("users-in-the-dark", "/settings/users", DARK, 800),
)
FORMS = {"desktop": LIGHT, "phone": PHONE, "dark": DARK}


def fill(instance: Instance) -> None:
    """Fill an instance with four days of a small company."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    microsoft = StandIn()
    with pytest.MonkeyPatch.context() as patch:
        app = instance.app(entra_authority=microsoft.authority)
        app.test_client_class = Visitor
        password_hash = passwords.hash_password(PASSWORD)
        Company(app, microsoft, patch, password_hash).live_through_four_days()
        close(app)
    microsoft.stop()


def open_path(page: Page, url: str, path: str) -> None:
    """Open a page by its path, or the first conflict."""
    if path.startswith("/"):
        page.goto(url + path)
    else:
        page.goto(f"{url}/settings/conflicts")
        page.get_by_role("link", name="Open the conflict").first.click()
    page.wait_for_load_state("networkidle")


def take_documented(browser: Browser, url: str) -> None:
    """Write the screenshots of the documentation."""
    IMAGES.mkdir(exist_ok=True)
    for name, path, form, height in DOCUMENTED:
        page = sign_in_with(browser, url, form)
        open_path(page, url, path)
        width = form["viewport"]["width"]
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=IMAGES / f"{name}.png")
        page.context.close()


def take_all(browser: Browser, url: str, folder: Path, paths: list[str]) -> None:
    """Write whole pages in every form."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in FORMS.items():
        page = sign_in_with(browser, url, form)
        for number, path in enumerate(paths):
            open_path(page, url, path)
            page.screenshot(path=folder / f"{number:02}-{name}.png", full_page=True)
        page.context.close()


def sign_in_with(browser: Browser, url: str, form: dict) -> Page:
    """Return a page of a browser of this form, in which the administrator is."""
    page = browser.new_context(**form).new_page()
    sign_in(page, url, ADMIN)
    return page


def take(browser: Browser, folder: Path | None, paths: list[str]) -> None:
    """Fill an instance, and take the screenshots from a server on it."""
    with tempfile.TemporaryDirectory() as temporary:
        instance = Instance(Path(temporary) / "instance")
        fill(instance)
        with instance.served() as server:
            if folder:
                take_all(browser, server.url, folder, paths)
            else:
                take_documented(browser, server.url)


def main() -> None:
    """Take the screenshots that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("paths", nargs="*", default=["/"])
    asked = parser.parse_args()
    path = install_browser.find()
    if path is None:
        sys.exit(install_browser.ADVICE)
    with sync_playwright() as playwright:
        browser = install_browser.start(playwright, path)
        take(browser, asked.folder, asked.paths)
        browser.close()


if __name__ == "__main__":
    main()
