"""Text from strangers is cleaned before it reaches a log, a row or a page."""

import json
import logging
import unicodedata

import pytest
from sqlalchemy import select
from tenant import JANE

from netpresenter_next.cli.serving import PlainFormatter
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, Base
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import signed_in

EVIL = "ja\x1b]0;owned\x07ne\u202e\u200b@example.org\r\nroot in"
SAFE = "ja\ufffd]0;owned\ufffdne\ufffd\ufffd@example.org root in"
UNSAFE = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def is_clean(text):
    return not any(unicodedata.category(each) in UNSAFE for each in text)


def is_clean_page(text):
    """The same but for line ends: WTForms begins a text area with one."""
    return is_clean(text.replace("\r\n", "").replace("\n", ""))


def stored(rows):
    """Every text in the database, with its column."""
    for table in Base.metadata.sorted_tables:
        for row in rows(select(table)):
            for name, value in row._mapping.items():
                if isinstance(value, list | dict):
                    value = json.dumps(value, ensure_ascii=False)
                if isinstance(value, str):
                    yield f"{table.name}.{name}", value


@pytest.mark.parametrize("is_accepted", [True, False])
def test_a_name_from_microsoft_is_cleaned_before_it_is_stored_or_shown(
    browser, sign_in, microsoft, rows, app, caplog, is_accepted
):
    microsoft.claims = {
        "preferred_username": EVIL,
        "name": EVIL,
        "roles": ["App.Admin", EVIL],
        "oid": JANE if is_accepted else JANE.replace("a", "b"),
    }
    answer = sign_in(browser)
    assert (answer.status_code == 303) is is_accepted
    assert is_clean_page(answer.text)
    logged = [value for _, value in stored(rows) if SAFE in value]
    assert logged, "the account can still be recognised"
    for where, value in stored(rows):
        assert is_clean(value), where
    page = signed_in(app, "ada").get("/settings/system/microsoft-entra-id/checks").text
    assert is_clean_page(page)
    formatter = PlainFormatter("%(message)s")
    for record in caplog.records:
        assert is_clean_page(formatter.format(record))
    if is_accepted:
        assert rows(select(IDENTITIES))[0].app_roles == ["App.Admin"]


def test_a_user_name_with_invisible_characters_is_not_matched(
    app, browser, sign_in, microsoft, options, rows, people
):
    options(match_user_names=True, create_people=True)
    people.provisioned("kim@example.org")
    for hidden in ("\u200b", "\u00ad", "\x07", "\u202e"):
        microsoft.claims = {
            "oid": JANE.replace("a", "c"),
            "preferred_username": f"kim{hidden}@example.org",
        }
        assert sign_in(browser).status_code == 403
    assert rows(select(IDENTITIES)) == []
    assert rows(select(SESSIONS)) == []


def test_user_agent_and_address_are_stored_short_and_cleaned(app, people, rows):
    people.local("grace")
    junk = "x\u202e" + "1.2.3.4" * 1_000
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = junk
    client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 \x1b[2J\x07" + "y" * 9_000
    client.sign_in("grace")
    assert client.is_in()
    (session,) = rows(select(SESSIONS))
    logged = [each.address for each in rows(select(JOURNAL)) if each.address]
    for text in (session.address, session.user_agent, *logged):
        assert is_clean(text)
    assert {len(each) for each in (session.address, *logged)} == {64}
    assert len(session.user_agent) <= 500
    assert "Mozilla/5.0 \ufffd[2J\ufffd" in session.user_agent


def test_a_log_message_is_one_line_without_control_characters():
    try:
        raise ValueError(EVIL)
    except ValueError as error:
        caught = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", 40, "f", 1, "failed: %s", (EVIL,), caught)
    first, *trace = (
        PlainFormatter("%(levelname)s %(message)s").format(record).split("\n")
    )
    assert first == f"ERROR failed: {SAFE}"
    assert trace[0].startswith("Traceback")
    assert all(is_clean(line) for line in trace)
