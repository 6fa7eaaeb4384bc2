"""SCIM tokens are shown once and stored as a digest."""

import sqlite3

import pytest

from helpers import Instance
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.storage import database


@pytest.fixture
def instance(tmp_path):
    return Instance(tmp_path / "instance")


@pytest.fixture
def connection(instance):
    with instance.app().app_context(), database.write() as connection:
        yield connection


def issue(connection, label="Entra", nonce="1"):
    return scim_tokens.issue(connection, COMMAND_LINE, label, nonce)


def test_a_token_has_the_form_that_secret_scanners_recognize(connection):
    secret = issue(connection)
    assert secret.startswith("npn_scim_")
    assert len(secret) == 58
    assert scim_tokens.is_well_formed(secret)


def test_a_token_is_found_by_its_secret(connection):
    secret = issue(connection)
    found = scim_tokens.find(connection, scim_tokens.digest(secret))
    (row,) = scim_tokens.list_live(connection)
    assert found
    assert found.id == row.id
    assert (row.label, row.created_by) == ("Entra", "command line")


@pytest.mark.parametrize("place", [9, 30, 51, 52, 57])
def test_a_mistyped_token_is_detected_by_its_checksum(connection, place):
    secret = issue(connection)
    other = "a" if secret[place] != "a" else "b"
    mistyped = secret[:place] + other + secret[place + 1 :]
    assert not scim_tokens.is_well_formed(mistyped)
    assert scim_tokens.find(connection, scim_tokens.digest(mistyped)) is None


@pytest.mark.parametrize(
    "text", ["", "npn_scim_", "x" * 58, "npn_scim_" + "é" * 49, "npn_scim_" + "٣" * 49]
)
def test_text_of_another_form_is_not_a_token(text):
    assert not scim_tokens.is_well_formed(text)


def test_a_truncated_or_padded_token_is_refused(connection):
    secret = issue(connection)
    for text in (secret[:-1], secret + " ", secret + "\n", secret.upper()):
        assert not scim_tokens.is_well_formed(text)


def test_the_database_does_not_contain_the_secret(instance):
    app = instance.app()
    with app.app_context():
        with database.write() as connection:
            secret = issue(connection)
        database.checkpoint()
    files = [path.read_bytes() for path in instance.folder.iterdir()]
    assert not any(secret[9:-6].encode() in content for content in files)


def test_the_hint_contains_only_the_ends_of_the_secret(connection):
    secret = issue(connection)
    (row,) = scim_tokens.list_live(connection)
    assert row.hint == f"{secret[:13]}…{secret[-3:]}"


def test_a_form_that_is_sent_twice_issues_one_token(connection):
    issue(connection, nonce="same")
    with pytest.raises(scim_tokens.AlreadyIssued):
        issue(connection, nonce="same")


def test_two_tokens_can_be_active_so_that_one_can_be_replaced(connection):
    first, second = issue(connection, nonce="1"), issue(connection, nonce="2")
    with pytest.raises(scim_tokens.TooManyTokens, match="revoke one first"):
        issue(connection, nonce="3")
    found = scim_tokens.find(connection, scim_tokens.digest(first))
    assert found
    assert scim_tokens.revoke(connection, COMMAND_LINE, found.id)
    assert scim_tokens.find(connection, scim_tokens.digest(first)) is None
    assert scim_tokens.find(connection, scim_tokens.digest(second))
    assert issue(connection, nonce="3")


def test_a_token_can_be_revoked_only_once(connection):
    issue(connection)
    (row,) = scim_tokens.list_live(connection)
    assert scim_tokens.revoke(connection, COMMAND_LINE, row.id)
    assert not scim_tokens.revoke(connection, COMMAND_LINE, row.id)
    assert not scim_tokens.revoke(connection, COMMAND_LINE, "unknown")


def test_the_use_of_a_token_is_stored_at_most_once_a_minute(connection):
    secret = issue(connection)
    token = scim_tokens.find(connection, scim_tokens.digest(secret))
    assert scim_tokens.UseWatch().is_due(token)
    scim_tokens.note_use(connection, token.id, "192.0.2.1")
    token = scim_tokens.find(connection, scim_tokens.digest(secret))
    assert not scim_tokens.UseWatch().is_due(token)
    (row,) = scim_tokens.list_live(connection)
    assert row.last_used_from == "192.0.2.1"


def test_issuing_and_revoking_are_recorded_in_the_audit_log(instance):
    with instance.app().app_context(), database.write() as connection:
        issue(connection)
        (row,) = scim_tokens.list_live(connection)
        scim_tokens.revoke(connection, COMMAND_LINE, row.id)
    query = "SELECT log, event, actor_name, target_name FROM journal ORDER BY id"
    with sqlite3.connect(instance.folder / "netpresenter.db") as raw:
        entries = raw.execute(query).fetchall()
    raw.close()
    assert entries == [
        ("audit", Event.TOKEN_ISSUED, "command line", row.hint),
        ("audit", Event.TOKEN_REVOKED, "command line", row.hint),
    ]


@pytest.mark.parametrize("label", ["x" * 81, "en\u200btra", " entra", "en\x1btra"])
def test_a_label_that_is_long_or_has_hidden_characters_is_refused(connection, label):
    with pytest.raises(scim_tokens.BadLabel):
        issue(connection, label=label)
    assert scim_tokens.list_live(connection) == []
