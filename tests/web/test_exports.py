"""Files with data about people require a recent authentication."""

import html
import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from sqlalchemy import select, update

from helpers import PASSWORD
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.web import exports
from visitors import hidden

EXPORTS = {
    "/settings/users/export.csv": "userName",
    "/settings/leavers/leavers.csv": "time_utc",
    "/settings/system/audit-log.csv": "time_utc",
    "/settings/system/provisioning-log.csv": "time_utc",
    "/settings/users/import/report.csv": "userName",
}
# A file with an example names nobody.
OF_NOBODY = ["/settings/users/import/example.csv"]
FORMER = timedelta(minutes=11)


@pytest.fixture(autouse=True)
def uploaded(administrator):
    """An import, so that there is a report of one."""
    file = BytesIO(b"userName\nada\n"), "people.csv"
    assert administrator.submit("/settings/users/import", file=file).status_code == 303


@pytest.fixture
def former(app, administrator):
    """A browser in which an administrator is signed in, and has been for a while."""
    with app.app_context(), database.write() as connection:
        values = {"authenticated_at": now() - FORMER}
        connection.execute(update(SESSIONS).values(**values))
    return administrator


def has_file(answer):
    return answer.headers.get("Content-Disposition", "").startswith("attachment")


def test_every_file_of_a_page_for_administrators_is_an_export(app, administrator):
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            with administrator.get(rule.rule) as answer:
                if has_file(answer):
                    found.append(rule.rule)
    assert sorted(found) == sorted([*EXPORTS, *OF_NOBODY])


@pytest.mark.parametrize("path", EXPORTS)
def test_an_export_requires_a_recent_authentication_and_is_offered_then(
    former, rows, path
):
    asked = former.get(path)
    assert (asked.status_code, has_file(asked)) == (403, False)
    assert "Confirm your identity" in asked.text
    exported = select(JOURNAL).where(JOURNAL.c.event == Event.PEOPLE_EXPORTED)
    assert rows(exported) == []
    assert former.head(path).status_code == 403
    confirmed = send_password(former, asked)
    assert confirmed.status_code == 200
    assert download_of(confirmed) == path
    with former.get(path) as file:
        assert has_file(file)
        assert EXPORTS[path] in file.text


def send_password(browser, asked, password=PASSWORD):
    """Fill in the page that asks to confirm one's identity."""
    action = re.search(r'action="(/account/confirm[^"]+)"', asked.text)
    fields = {"password_again": password, **hidden(asked.text)}
    return browser.post(html.unescape(action[1]), data=fields)


def download_of(page):
    link = re.search(r'href="([^"]+)">Download the file', page.text)
    return html.unescape(link[1])


def test_after_the_confirmation_all_filters_of_the_export_are_kept(former, people):
    people.provisioned("jan", displayName="李" * 190 + " Jan")
    filters = f"source=entra&status=active&role=user&q={quote('李' * 190)}"
    path = f"/settings/users/export.csv?{filters}"
    refused = send_password(former, former.get(path), "wrong")
    assert refused.status_code == 403
    assert "Incorrect password." in refused.text
    link = download_of(send_password(former, former.get(path)))
    assert link == path
    assert former.get(link).text.count("\n") == 2


def test_an_export_of_one_person_requires_a_recent_authentication(former, people):
    page = f"/settings/users/{people.ada.id}"
    asked = former.submit(f"{page}/export", page=page)
    assert "Confirm your identity" in asked.text


def test_a_confirmation_leads_to_no_other_site(administrator):
    for target in ("//evil.example/settings/users/export.csv", "https://evil.example"):
        answer = administrator.get("/account/confirm", query_string={"next": target})
        assert answer.location == "/"


def test_a_view_that_is_not_marked_sends_no_file(app):
    unmarked = pytest.raises(RuntimeError, match="overview is not marked")
    with app.test_request_context("/settings"), unmarked:
        exports.send(iter(["a"]), "text/csv", "people.csv")
