"""Sign-in options: Force, recent authentication, session limits, role mappings."""

import re
import time
from datetime import timedelta

import pytest
from settings_page import PAGE, add_mapping, save, stored, switch, text_of
from sqlalchemy import select, update
from tenant import JANE, OTHER

from helpers import PASSWORD
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.models import SCIM_TOKENS, SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import ROLE_MAPPINGS, SIGN_IN_SETTINGS
from visitors import hidden, signed_in

CLOUD = "https://login.microsoftonline.com"


def test_force_is_switched_on_and_off_on_the_page(app, ready, jane, people):
    hers = signed_in(app, "jane@example.org")
    page = text_of(ready.get(f"{PAGE}/sign-in-options"))
    assert "1 person with a Microsoft Entra account" in page
    assert "keep local sign-in: ada" in page
    assert switch(ready, force="on").status_code == 303
    assert not hers.is_in()
    assert app.test_client().sign_in("jane@example.org").status_code == 401
    page = text_of(app.test_client().get("/sign-in"))
    assert "Only for accounts that exist here alone." in page
    assert "sign in with Microsoft only: their local password is refused" in page
    assert switch(ready).status_code == 303
    assert signed_in(app, "jane@example.org")


def read_losing(page):
    """Return the links to people who lose local sign-in, and what follows them."""
    part = page.partition("Who loses local sign-in:")[2].partition("</p>")[0]
    links = re.findall('href="/settings/users/([^"]+)">([^<]+)</a>', part)
    return links, part.rpartition("</a>")[2].strip()


def test_who_loses_local_sign_in_is_named_before_force_is_switched_on(
    ready, jane, people
):
    page = ready.get(f"{PAGE}/sign-in-options").text
    assert read_losing(page) == ([(jane.id, "jane@example.org")], ".")
    for number in range(22):
        name = f"p{number:02}@example.org"
        people.give_password(people.provisioned(name))
    links, rest = read_losing(ready.get(f"{PAGE}/sign-in-options").text)
    first = ["jane@example.org", *(f"p{number:02}@example.org" for number in range(19))]
    assert [name for _, name in links] == first
    assert rest == "and 3 more."


def test_nobody_is_named_if_nobody_loses_local_sign_in(admin):
    page = admin.get(f"{PAGE}/sign-in-options").text
    assert "Nobody loses local sign-in" in page
    assert read_losing(page) == ([], "")


def test_a_forged_form_cannot_force_an_untested_connection(admin, rows):
    save(admin)
    answer = switch(admin, force="on")
    assert answer.status_code == 409
    said = text_of(answer)
    assert "To do: Press Test sign-in on the page Sign-in" in said
    assert "signs in with it once." not in said.partition("Nothing was changed.")[0]
    assert not stored(rows).is_forced


def test_each_missing_condition_links_to_where_it_is_met(admin):
    save(admin)
    answer = admin.get(f"{PAGE}/sign-in-options")
    said = text_of(answer)
    assert "Not possible yet: no test sign-in with the current configuration" in said
    assert "sign-in with Microsoft is not set up" not in said
    assert f'<a href="{PAGE}/sign-in">Sign-in<' in answer.text
    locked = 'disabled aria-describedby="force-lock force-help"'
    assert locked in answer.text


def test_a_form_without_the_switch_changes_nothing(ready, rows):
    switch(ready, force="on")
    form = {**hidden(ready.get(f"{PAGE}/sign-in-options").text)}
    del form["form"]
    ready.post(f"{PAGE}/sign-in-options", data=form)
    assert stored(rows).is_forced


def test_force_requires_recent_authentication_or_the_password(stale, rows):
    asked = switch(stale, force="on")
    assert asked.status_code == 403
    assert "Confirm your identity" in asked.text
    assert not stored(rows).is_forced
    path, kept = f"{PAGE}/sign-in-options", hidden(asked.text)
    assert f'action="{path}"' in asked.text
    refused = stale.post(path, data={**kept, "password_again": "wrong"})
    assert refused.status_code == 403
    assert "Incorrect password" in refused.text
    assert "wrong" not in refused.text
    assert not stored(rows).is_forced
    kept = hidden(refused.text)
    answer = stale.post(path, data={**kept, "password_again": PASSWORD})
    assert answer.location == f"{PAGE}/sign-in-options"
    assert stored(rows).is_forced


def test_passwords_sent_with_a_form_are_rate_limited(stale, rows):
    path, kept = f"{PAGE}/sign-in-options", {"force": "on", "password_again": "wrong"}
    form = {**hidden(stale.get(f"{PAGE}/sign-in-options").text), **kept}
    answers = [stale.post(path, data=form) for _ in range(11)]
    assert [each.status_code for each in answers] == [403] * 10 + [429]
    assert "too many wrong passwords. Try again in" in text_of(answers[-1])
    assert not stored(rows).is_forced


def test_a_kept_form_is_valid_for_one_user_one_page_and_ten_minutes(
    app, stale, people, rows, monkeypatch
):
    asked = switch(stale, force="on")
    form = {**hidden(asked.text), "password_again": PASSWORD}
    came_from = {"Referer": f"http://localhost{PAGE}/sign-in-options"}
    refused = stale.post(f"{PAGE}/matching", data=form, headers=came_from)
    assert refused.status_code == 400
    assert "This form has expired" in refused.text
    assert f'href="{PAGE}/sign-in-options">Open the form again' in refused.text
    people.local("eva", role="administrator")
    other = signed_in(app, "eva")
    mine = hidden(other.get("/account").text)["csrf_token"]
    path = f"{PAGE}/sign-in-options"
    answer = other.post(path, data={**form, "csrf_token": mine})
    assert answer.status_code == 400
    for sealed in ("", "x", "é" * 40, form["sealed_form"][:-2]):
        assert stale.post(path, data={**form, "sealed_form": sealed}).status_code == 400
    later = time.time() + 601
    monkeypatch.setattr("netpresenter_next.lib.timestamps.time.time", lambda: later)
    assert stale.post(path, data=form).status_code == 400
    assert not stored(rows).is_forced


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"tenant_id": OTHER, "authority": CLOUD, "version": "2"}),
        ("/matching", {"idle_minutes": "10", "absolute_hours": "2"}),
        ("/token", {"label": "x"}),
    ],
)
def test_changes_require_recent_authentication_and_keep_the_form(
    stale, rows, path, fields
):
    def state():
        tables = (SIGN_IN_SETTINGS, ROLE_MAPPINGS, SCIM_TOKENS)
        return [rows(select(table)) for table in tables]

    before = state()
    asked = stale.submit(PAGE + path, page=PAGE, **fields)
    assert asked.status_code == 403
    assert state() == before
    kept = hidden(asked.text)
    assert not set(fields) & set(kept)  # kept encrypted, so not readable in the page
    answer = stale.post(PAGE + path, data={**kept, "password_again": PASSWORD})
    assert answer.status_code in (200, 303)
    assert state() != before


# ------------------------------------------------------------------ sessions, roles
def test_the_session_limits_can_be_set(app, admin, people, domain):
    fields = {"idle_minutes": "10", "absolute_hours": "2"}
    assert (
        admin.submit(
            f"{PAGE}/matching", page=f"{PAGE}/sign-in-options", **fields
        ).status_code
        == 303
    )
    people.local("linus")
    browser = signed_in(app, "linus")
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=9))
        )
    )
    assert browser.is_in()
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=11))
        )
    )
    assert not browser.is_in()


@pytest.mark.parametrize("minutes", ["4", "0", "-1", "x", "99999"])
def test_invalid_session_limits_are_refused(admin, rows, minutes):
    fields = {"idle_minutes": minutes, "absolute_hours": "2"}
    assert (
        admin.submit(
            f"{PAGE}/matching", page=f"{PAGE}/sign-in-options", **fields
        ).status_code
        == 400
    )
    assert stored(rows).idle_minutes == 480


def test_mappings_are_added_and_removed(admin, people, rows):
    people.group("Helpdesk")
    for fields in ({"app_role": "Admin"}, {"group": "HELPdesk"}):
        assert add_mapping(admin, **fields).status_code == 303
    page = admin.get(f"{PAGE}/roles").text
    removals = re.findall(rf'action="({PAGE}/roles/[^"]+/remove)"', page)
    assert len(removals) == 2
    assert admin.submit(removals[0], page=f"{PAGE}/roles").status_code == 303
    assert admin.submit(removals[0], page=f"{PAGE}/roles").status_code == 404
    assert len(rows(select(ROLE_MAPPINGS))) == 1


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "either an app role or a group"),
        ({"app_role": "A", "group": "Helpdesk"}, "either an app role or a group"),
        ({"app_role": "x" * 121}, "longer than 120"),
        ({"group": "nobody's"}, "no group named"),
    ],
)
def test_an_invalid_mapping_is_refused_on_the_page(admin, people, fields, reason):
    people.group("Helpdesk")
    answer = admin.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", **fields)
    assert answer.status_code == 400
    assert reason in text_of(answer)


def test_an_administrator_can_forget_a_microsoft_account(
    app, ready, jane, sign_in, rows
):
    browser = app.test_client()
    sign_in(browser)
    page = f"/settings/users/{jane.id}"
    assert JANE in ready.get(page).text
    answer = ready.submit(f"{page}/forget-microsoft", page=page)
    assert answer.status_code == 303
    assert not browser.is_in()
    assert sign_in(browser).status_code == 303
    assert rows(select(USERS.c.id).where(USERS.c.id == jane.id))
