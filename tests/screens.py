"""Screens of several kinds, checks of pages on them, and errors of the browser."""

import re
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from fonts import FONTS, apply_font
from helpers import PASSWORD
from repetition import IS_LONG

REPORT_CSP_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""
LIGHT = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DARK = {**LIGHT, "color_scheme": "dark"}
PHONE = {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"}
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": RULES, "resultTypes": ["violations"]}
# The rules whose result depends on the colours, which need half of a full run.
COLOURS = ["color-contrast", "link-in-text-block"]
DARK_ONLY = {**AXE, "runOnly": {"type": "rule", "values": COLOURS}}
PHONE_ONLY = {**AXE, "rules": {each: {"enabled": False} for each in COLOURS}}
# A run of axe is slow, so each mode has one, with one font. `make test` checks in the
# dark and on the phone only what differs there; `make test-long` checks everything.
QUICK_RUNS = {
    "low": [(LIGHT, AXE)],
    "tall": [(DARK, DARK_ONLY), (PHONE, PHONE_ONLY)],
}
LONG_RUNS = {font: [(mode, AXE) for mode in (LIGHT, DARK, PHONE)] for font in FONTS}
RUNS = LONG_RUNS if IS_LONG else QUICK_RUNS
# WCAG 2.2, 2.5.8; links within sentences are exempt.  A link is within a sentence if
# its paragraph has words outside of links and buttons.
SMALL_TARGETS = """
(() => {
  const isInSentence = (link) => {
    const rest = link.closest("p, li").cloneNode(true);
    rest.querySelectorAll("a, button").forEach((each) => each.remove());
    return /\\p{L}/u.test(rest.textContent);
  };
  return [...document.querySelectorAll("a, button, input, select, summary")]
    .filter((each) => each.checkVisibility() && each.type != "hidden")
    .filter((each) => !each.matches(".skip, .vh"))
    .filter((each) => !(each.matches("p a, .steps a") && isInSentence(each)))
    .filter((each) => {
      const box = each.getBoundingClientRect();
      return box.width < 24 || box.height < 24;
    })
    .map((each) => each.outerHTML);
})()
"""
# Nothing is wider than the screen, nor the name at the top wider than its space.
FITS = """
(() => {
  const name = document.querySelector(".brand");
  const isWithin = name.scrollWidth <= name.clientWidth;
  return isWithin && document.documentElement.scrollWidth <= innerWidth;
})()
"""


def collect_errors(page, complaints):
    """Collect errors on the console and requests that leave the origin."""
    documents, origins = set(), set()

    def requested(request):
        url = urlsplit(request.url)
        origins.add(url.netloc)
        if len(origins) > 1:
            complaints.append(f"{request.url} leaves the origin")
        if request.is_navigation_request():
            documents.add(request.url)

    def said(message):
        # Chromium reports the status of a refused page, which is not an error here.
        is_status = message.text.startswith("Failed to load resource")
        is_page = message.location["url"] in documents
        if message.type in ("error", "warning") and not (is_status and is_page):
            complaints.append(message.text)

    page.on("request", requested)
    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))


def check_page(page):
    """Check what must hold for every page."""
    expect(page.locator("h1")).to_have_count(1)  # waits until the page is loaded
    assert re.fullmatch(r".+ · Netpresenter Next", page.title())
    assert not re.search(r"<style|<script(?! src)|\sstyle=", page.content())
    page.evaluate(
        "document.querySelectorAll('details').forEach((each) => each.open = 1)"
    )
    axe = Axe()
    for font in FONTS:
        assert apply_font(page, font), "The browser lacks a font; type: make test"
        for mode, rules in RUNS[font]:
            page.set_viewport_size(mode["viewport"])
            page.emulate_media(color_scheme=mode["color_scheme"])
            found = axe.run(page, options=rules)
            assert found.violations_count == 0, found.generate_report()
            axe = Axe(axe_script="")  # the page has it now; loading takes 0.2 seconds
        for width in (1280, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(FITS)
            assert width < 390 or page.evaluate(SMALL_TARGETS) == []


def check_page_in_dutch(page):
    """Check an open page in Dutch, whose words are longer.

    A page that answers a form is not checked: its address shows another one, or none.
    """
    page.set_extra_http_headers({"Accept-Language": "nl"})
    answer = page.goto(page.url)
    if answer.ok:
        expect(page.locator("html")).to_have_attribute("lang", "nl")
        check_page(page)


def sign_in(page, url, user_name="ada", password=PASSWORD):
    page.goto(f"{url}/sign-in")
    page.get_by_label("User name").fill(user_name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/")
