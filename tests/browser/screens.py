"""Screens of several kinds, and what a browser complains of."""

from urllib.parse import urlsplit

from helpers import PASSWORD

LISTEN = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""
LIGHT = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
DARK = {**LIGHT, "color_scheme": "dark"}
PHONE = {"viewport": {"width": 390, "height": 800}, "color_scheme": "light"}


def watch(page, complaints):
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
        # Chromium reports the status of a page that refuses; that is no fault.
        is_status = message.text.startswith("Failed to load resource")
        is_page = message.location["url"] in documents
        if message.type in ("error", "warning") and not (is_status and is_page):
            complaints.append(message.text)

    page.on("request", requested)
    page.on("console", said)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))


def sign_in(page, url, user_name="ada", password=PASSWORD):
    page.goto(f"{url}/sign-in")
    page.get_by_label("User name").fill(user_name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/")
