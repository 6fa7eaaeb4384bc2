"""Changing the directory (tenant) ID, and which reauthentication counts: no HTTP."""

import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from tenant import OTHER, TENANT, claims_of

from netpresenter_next.directory import (
    account_linking,
    microsoft_reauthentication,
    registration_changes,
    sessions,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.identity_matching import IdentityConflict
from netpresenter_next.directory.identity_rules import Reason
from netpresenter_next.directory.sessions import Authentication
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, Session
from netpresenter_next.storage.sign_in_models import IDENTITIES


@pytest.fixture
def save(domain, installation):
    def change(**values):
        version = domain(read_settings).version
        domain(registration_changes.save, installation, COMMAND_LINE, version, values)

    return change


@pytest.fixture
def both_signed_in(domain, configured, jane, accept_sign_in, people):
    """Jane signed in with Microsoft, ada with her password."""
    accept_sign_in(claims_of())
    for person, method in (
        (jane, SignInMethod.MICROSOFT),
        (people.ada, SignInMethod.LOCAL),
    ):
        domain(
            sessions.begin, person.id, Authentication(method), "192.0.2.1", "Firefox"
        )


def test_changing_the_directory_ends_its_identities_and_sessions(
    save, both_signed_in, rows
):
    save(tenant_id=OTHER)
    assert rows(select(IDENTITIES)) == []
    assert [each.method for each in rows(select(SESSIONS))] == [SignInMethod.LOCAL]
    *_, logged = rows(select(JOURNAL).where(JOURNAL.c.event == Event.SETTINGS_CHANGED))
    assert logged.facts["sessions_ended"] == 1


@pytest.mark.parametrize("values", [{"tenant_id": TENANT}, {"secret": "another"}])
def test_saving_the_same_directory_ends_nothing(save, both_signed_in, rows, values):
    save(**values)
    assert len(rows(select(IDENTITIES))) == 1
    assert len(rows(select(SESSIONS))) == 2


@pytest.mark.parametrize(("tenant_id", "number"), [(TENANT, 0), (OTHER, 1), (None, 1)])
def test_people_linked_in_the_previous_directory_are_counted(
    domain, both_signed_in, tenant_id, number
):
    assert domain(registration_changes.count_people_to_unlink, tenant_id) == number


def test_setting_the_first_directory_affects_nobody(domain):
    assert domain(registration_changes.count_people_to_unlink, TENANT) == 0


def test_an_account_of_the_previous_directory_is_not_connected(
    domain, configured, people, rows
):
    grace = people.local("grace")
    with pytest.raises(IdentityConflict) as refused:
        domain(
            account_linking.link_own_account,
            grace,
            claims_of(),
            COMMAND_LINE,
            tenant_id=OTHER,
        )
    assert refused.value.reason is Reason.DIRECTORY_CHANGED
    assert rows(select(IDENTITIES)) == []


# ------------------------------------------------------------------ reauthentication
@pytest.fixture
def accept(domain, both_signed_in, jane, rows):
    """Reauthenticates jane, who was sent to Microsoft twenty seconds ago."""
    hers = select(SESSIONS).where(SESSIONS.c.user_id == jane.id)

    def reauthenticate(**more):
        row = Session(**rows(hers)[0]._mapping)
        begun_at = int(time.time()) - 20
        domain(
            microsoft_reauthentication.accept,
            row,
            claims_of(**more),
            begun_at,
            COMMAND_LINE,
        )
        return rows(hers)[0]

    return reauthenticate


def ago(seconds):
    return datetime.fromtimestamp(time.time() - seconds, UTC)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"object_id": OTHER, "authenticated_at": ago(1)}, "other_person"),
        ({}, "undated"),
        ({"authenticated_at": ago(3_600)}, "not_asked"),
        ({"authenticated_at": ago(100)}, "not_asked"),
    ],
)
def test_a_reauthentication_of_another_person_or_too_old_is_refused(accept, more, kind):
    with pytest.raises(SignInError) as refused:
        accept(**more)
    assert refused.value.kind == kind


def test_a_reauthentication_of_just_now_is_accepted(accept):
    at = ago(1)
    assert accept(authenticated_at=at).authenticated_at == at


def test_nobody_signs_in_with_claims_of_the_previous_directory(
    domain, configured, jane, rows
):
    """It was changed after the claims were verified and before the write lock."""
    with pytest.raises(IdentityConflict) as refused:
        domain(
            account_linking.accept_sign_in, claims_of(), COMMAND_LINE, tenant_id=OTHER
        )
    assert refused.value.reason is Reason.DIRECTORY_CHANGED
    assert rows(select(IDENTITIES)) == []
