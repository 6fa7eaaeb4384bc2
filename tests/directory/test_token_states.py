"""Tokens that expire or are being replaced."""

from datetime import timedelta
from itertools import count, product

import pytest
from sqlalchemy import update

from clocks import DAY, SettableClock
from netpresenter_next.directory import scim_tokens, token_states
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.token_states import State
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SCIM_TOKENS


@pytest.fixture
def connection(app):
    with app.app_context(), database.write() as connection:
        yield connection


@pytest.fixture
def issue(connection):
    nonces = map(str, count(10**16))

    def issue(label="", **more):
        nonce = next(nonces)
        secret = scim_tokens.issue(connection, COMMAND_LINE, label, nonce, **more)
        found = scim_tokens.find(connection, scim_tokens.digest(secret))
        return found.id if found else None

    return issue


def states(connection):
    return [each.state for each in token_states.list_shown(connection)]


def use(connection, token_id):
    scim_tokens.note_use(connection, token_id, "192.0.2.7")


def test_every_combination_has_the_state_of_the_table(connection, issue):
    for is_expired, has_successor, is_used in product((False, True), repeat=3):
        connection.execute(SCIM_TOKENS.delete())
        old = issue("production")
        if has_successor:
            new = issue("production", replaces_id=old)
            if is_used:
                use(connection, new)
        if is_expired:
            past = update(SCIM_TOKENS).where(SCIM_TOKENS.c.id == old)
            connection.execute(past.values(expires_at=now() - timedelta(seconds=1)))
        expected = (
            State.EXPIRED
            if is_expired
            else State.ACTIVE
            if not has_successor
            else State.REPLACED
            if is_used
            else State.BEING_REPLACED
        )
        assert states(connection)[0] is expected


def test_each_of_two_tokens_can_be_replaced_once(connection, issue):
    first, second = issue("test"), issue("production")
    with pytest.raises(scim_tokens.TooManyTokens):
        issue()
    replacement = issue("test", replaces_id=first)
    for again in (first, replacement):
        with pytest.raises(scim_tokens.TooManyTokens):
            issue(replaces_id=again)
    issue("production", replaces_id=second)
    assert len(scim_tokens.list_live(connection)) == 4
    scim_tokens.revoke(connection, COMMAND_LINE, first)
    assert [each.may_be_replaced for each in token_states.list_shown(connection)] == [
        False,
        True,
        False,
    ]
    with pytest.raises(scim_tokens.NoSuchToken):
        issue(replaces_id=first)


def test_an_expired_token_is_refused_and_makes_room(connection, issue, monkeypatch):
    clock = SettableClock(monkeypatch)
    soon = now() + timedelta(days=40)
    secrets = [
        scim_tokens.issue(connection, COMMAND_LINE, "", f"{each:016}", expires_at=soon)
        for each in range(2)
    ]
    assert token_states.list_expiring(connection) == []
    clock.step(11 * DAY)
    assert [each.days for each in token_states.list_expiring(connection)] == [28, 28]
    clock.step(30 * DAY)
    assert scim_tokens.find(connection, scim_tokens.digest(secrets[0])) is None
    assert [each.days for each in token_states.list_expiring(connection)] == [-2, -2]
    assert issue("new")
    assert len(scim_tokens.list_live(connection)) == 1


def test_a_token_with_a_successor_needs_no_warning(connection, issue):
    old = issue("production", expires_at=now() + timedelta(days=5))
    assert len(token_states.list_expiring(connection)) == 1
    issue("production", replaces_id=old)
    assert token_states.list_expiring(connection) == []
