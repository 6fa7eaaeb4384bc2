"""Test clients that send forms as browsers do."""

import html
import re

from flask.testing import FlaskClient

from helpers import PASSWORD
from netpresenter_next.directory import local_sign_in, passwords
from netpresenter_next.storage import database
from netpresenter_next.web import browser_sessions, rate_limits

INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
TRUSTED = {"HTTP_SEC_FETCH_SITE": "same-origin"}


class Visitor(FlaskClient):
    """A browser without a screen, which sends forms with their hidden fields."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.environ_base.update(TRUSTED)

    def submit(self, path, page=None, **fields):
        """Fill in and send the form on ``page``, or on the path itself."""
        shown = self.get(page or path)
        assert shown.status_code < 400, shown.text
        return self.post(path, data={**hidden(shown.text), **fields})

    def sign_in(self, user_name, password=PASSWORD, **more):
        """Sign in with a local password."""
        fields = {"user_name": user_name, "password": password, **more}
        return self.submit("/sign-in", **fields)

    def is_in(self):
        """Is somebody signed in here?"""
        return self.get("/account").status_code == 200

    @property
    def cookie(self):
        """The session cookie, as this browser sends it."""
        (cookie,) = (
            each for each in self._cookies.values() if each.key.endswith("npn_session")
        )
        return cookie


def hidden(page):
    """Return the hidden fields of a page's forms."""
    found = (dict(ATTRIBUTE.findall(tag)) for tag in INPUT.findall(page))
    return {
        each["name"]: html.unescape(each.get("value", ""))
        for each in found
        if each.get("type") == "hidden"
    }


def signed_in(app, user_name):
    """Return a browser in which somebody is signed in with the local password.

    It did not send the form, which costs several times as much; tests of the form call
    ``Visitor.sign_in``.
    """
    client = app.test_client()
    with app.test_request_context("/sign-in", environ_base=client.environ_base):
        with database.read() as connection:
            person = local_sign_in.find(connection, user_name).person
        assert passwords.matches(person.password_hash, PASSWORD)
        browser_sessions.sign_in_locally(person)
        rate_limits.remember_browser(user_name)
        answer = app.process_response(app.response_class())
    for cookie in answer.headers.getlist("Set-Cookie"):
        name, value = cookie.partition(";")[0].split("=", 1)
        client.set_cookie(name, value)
    return client
