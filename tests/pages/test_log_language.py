"""Settings follow the language of the administrator; log entries are English."""

import re
from datetime import UTC, datetime

import pytest

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.searching import FoundPeople
from netpresenter_next.lib.text import format_size
from netpresenter_next.lib.translation import (
    format_number,
    gettext,
    in_english,
    in_language,
    write_day,
    write_decimal,
    write_exact_time,
    write_minute,
    write_time,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason

AUDIT_LOG = "/settings/system/audit-log"
PROVISIONING_LOG = "/settings/system/provisioning-log"
PROBLEMS = "/settings/sign-in-problems"
USER = "urn:ietf:params:scim:schemas:core:2.0:User"
AT = datetime(2026, 3, 5, 9, 7, 8, tzinfo=UTC)


def test_headings_of_a_log_are_dutch_and_its_entries_are_english(administrator):
    administrator.submit("/account/language", page="/account", language="nl")
    page = administrator.get(AUDIT_LOG).text
    assert "<h1>Auditlog</h1>" in page
    assert "Wat er is gebeurd" in page
    assert "ada chose the language Nederlands." in page


def test_a_conflict_is_english_in_the_log_and_dutch_in_the_queue(administrator, people):
    """Both use the same texts."""
    sent = Claimant("Karin", "x")
    people.refused(people.local("karin"), Reason.LOCAL_USER_NAME, sent)
    administrator.submit("/account/language", page="/account", language="nl")
    log = administrator.get(PROVISIONING_LOG).text
    assert "Conflict: Provisioning wants to create Karin, but the local" in log
    assert '<span lang="en">Conflict: Provisioning wants to create Karin' in log
    for address in ("/settings/conflicts", f"{PROBLEMS}?q=karin"):
        page = administrator.get(address).text
        assert "De provisioning wil Karin aanmaken, maar het lokale account" in page
        assert "Provisioning wants" not in page


def test_what_to_do_about_a_refusal_is_dutch_and_names_the_dutch_buttons(
    app, administrator
):
    with app.app_context(), database.write() as connection:
        secret = scim_tokens.issue(connection, COMMAND_LINE, "", "n" * 20)
    work = [{"type": "work", "value": "ada@example.org"}]
    sent = {"schemas": [USER], "userName": "ada", "externalId": "x", "emails": work}
    bearer = {"Authorization": f"Bearer {secret}"}
    refused = app.test_client().post("/scim/v2/Users", json=sent, headers=bearer)
    assert refused.status_code == 409, refused.text
    administrator.submit("/account/language", page="/account", language="nl")
    log = administrator.get(PROVISIONING_LOG).text
    assert '<span lang="en">Refused to create ada: ' in log
    remedy = re.search(r"Wat u kunt doen: ([^<]*)", log)[1]
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        names = ["Settings", "Conflicts", "Rename"]
        assert all(gettext(name) in remedy for name in names)
    assert "Koppelen" in remedy
    assert "Gescheiden houden" in remedy
    lines = administrator.get(f"{PROVISIONING_LOG}.csv").text
    assert "Open the conflict under Settings > Conflicts" in lines


def test_a_finding_is_dutch_with_its_link(administrator, people):
    people.delete(people.provisioned("jane@example.org"))
    administrator.submit("/account/language", page="/account", language="nl")
    page = administrator.get(f"{PROBLEMS}?q=jane@example.org").text
    assert "jane@example.org is op " in page
    assert ">Persoon toevoegen<" in page
    assert ">Add a person<" not in page


def test_messages_of_a_change_are_in_the_language_of_the_administrator(administrator):
    administrator.submit("/account/language", page="/account", language="nl")
    path = "/settings/system/people-directory"
    fields = {"is_on": "y", "shown_numbers": "work"}
    administrator.submit(path, page=path, **fields)
    assert "Opgeslagen." in administrator.get(path).text


def test_numbers_and_times_follow_the_language(app):
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert format_number(12_345) == "12.345"
        assert write_time(AT) == "5 mrt 2026, 09:07 UTC"
        assert write_exact_time(AT) == "5 mrt 2026, 09:07:08 UTC"
        assert write_day(AT) == "5 mrt 2026"
        assert write_decimal(8.84) == "8,8"
        assert format_size(3 * 2**29) == "1,5 GiB"
        assert write_minute(AT) == "5 mrt 2026, 09:07"
    assert format_number(12_345) == "12,345"
    assert write_decimal(8.84) == "8.8"
    assert format_size(3 * 2**29) == "1.5 GiB"
    assert write_minute(AT) == "5 Mar 2026, 09:07"
    assert write_time(AT) == "5 Mar 2026, 09:07 UTC"
    assert write_day(AT) == "5 Mar 2026"


@pytest.mark.parametrize(("language", "number"), [("en", "1,000"), ("nl", "1.000")])
def test_what_a_search_leaves_out_is_said_with_the_separators_of_the_language(
    app, language, number
):
    found = FoundPeople([], has_more=True, is_partial=False)
    with app.test_request_context(headers={"Accept-Language": language}):
        (notice,) = found.notices
    assert number in notice


def test_a_part_of_a_page_can_be_in_english(app):
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        assert gettext("Users") == "Gebruikers"
        with in_english():
            assert gettext("Users") == "Users"
            assert write_day(AT) == "5 Mar 2026"
        assert gettext("Users") == "Gebruikers"
    with in_english():
        assert gettext("Users") == "Users"


def test_an_entry_that_is_written_beside_a_dutch_message_is_in_english(app):
    with app.app_context(), in_language("nl"):
        assert gettext("Users") == "Gebruikers"
        with in_english():
            assert gettext("Users") == "Users"
            assert format_number(12_345) == "12,345"
        assert gettext("Users") == "Gebruikers"
