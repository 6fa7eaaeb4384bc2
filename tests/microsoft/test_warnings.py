"""Warnings of an expiring client secret, on more pages as the day comes nearer."""

import html
from datetime import timedelta

import pytest
from tenant import CLIENT, SECRET, TENANT

from netpresenter_next.directory import force, force_switch
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from visitors import signed_in

PAGE = "/settings/system/microsoft-entra-id"
SIGN_IN = f"{PAGE}/sign-in"
SETTINGS, ANY = "/settings/users", "/account"
EVERYWHERE = {SIGN_IN, SETTINGS, ANY}


def pages_that_warn(browser, words):
    return {
        path for path in EVERYWHERE if words in html.unescape(browser.get(path).text)
    }


@pytest.mark.parametrize(
    ("days", "words", "where"),
    [
        (31, "client secret expire", set()),
        (30, "expires in 30 days", {SIGN_IN}),
        (15, "expires in 15 days", {SIGN_IN}),
        (14, "expires in 14 days", {SIGN_IN, SETTINGS}),
        (4, "expires in 4 days", {SIGN_IN, SETTINGS}),
        (3, "expires in 3 days", EVERYWHERE),
        (1, "expires tomorrow", EVERYWHERE),
        (0, "expires today", EVERYWHERE),
        (-1, "client secret expired on", EVERYWHERE),
    ],
)
@pytest.mark.parametrize("given_by", ["page", "environment"])
def test_pages_warn_of_a_client_secret_that_expires(
    make_app, people, microsoft, given_by, days, words, where
):
    day = now().date() + timedelta(days=days)
    values = {"tenant_id": TENANT, "client_id": CLIENT}
    if given_by == "page":
        admin = signed_in(make_app(entra_authority=microsoft.authority), "ada")
        values |= {"secret": SECRET, "secret_expires_on": day.isoformat()}
        assert admin.submit(SIGN_IN, page=SIGN_IN, **values).status_code == 303
    else:
        app = make_app(entra_client_secret=SECRET, entra_client_secret_expires_on=day)
        admin = signed_in(app, "ada")
    assert pages_that_warn(admin, words) == where


def test_only_administrators_see_the_warning(make_app, people):
    app = make_app(
        entra_client_secret=SECRET, entra_client_secret_expires_on=now().date()
    )
    people.local("linus")
    assert "expires" not in signed_in(app, "linus").get(ANY).text


def test_force_stays_on_with_a_secret_that_expired(
    app, configured, people, options, domain, jane, installation
):
    domain(force_switch.switch_on, installation, COMMAND_LINE)
    options(secret_expires_on=now().date() - timedelta(days=1))
    assert domain(force.is_on)
    admin = signed_in(app, "ada")
    assert "expired on" in admin.get(SIGN_IN).text
    people.give_password(jane)
    assert app.test_client().sign_in("jane@example.org").status_code == 401
