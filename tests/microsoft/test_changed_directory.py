"""What follows from another directory (tenant) ID, and which proof counts: no HTTP."""

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
def in_both_ways(domain, configured, jane, accept_sign_in, people):
    """Jane signed in with Microsoft, ada with her password."""
    accept_sign_in(claims_of())
    for person, method in (
        (jane, SignInMethod.MICROSOFT),
        (people.ada, SignInMethod.LOCAL),
    ):
        domain(
            sessions.begin, person.id, Authentication(method), "192.0.2.1", "Firefox"
        )


def test_another_directory_ends_what_rests_on_the_first(save, in_both_ways, rows):
    save(tenant_id=OTHER)
    assert rows(select(IDENTITIES)) == []
    assert [each.method for each in rows(select(SESSIONS))] == [SignInMethod.LOCAL]
    *_, told = rows(select(JOURNAL).where(JOURNAL.c.event == Event.SETTINGS_CHANGED))
    assert told.facts["sessions_ended"] == 1


@pytest.mark.parametrize("values", [{"tenant_id": TENANT}, {"secret": "another"}])
def test_the_same_directory_ends_nothing(save, in_both_ways, rows, values):
    save(**values)
    assert len(rows(select(IDENTITIES))) == 1
    assert len(rows(select(SESSIONS))) == 2


@pytest.mark.parametrize(("tenant_id", "number"), [(TENANT, 0), (OTHER, 1), (None, 1)])
def test_people_of_the_directory_that_is_left_are_counted(
    domain, in_both_ways, tenant_id, number
):
    assert domain(registration_changes.count_people_to_unlink, tenant_id) == number


def test_nobody_is_left_behind_by_the_first_directory(domain):
    assert domain(registration_changes.count_people_to_unlink, TENANT) == 0


def test_an_account_of_the_directory_before_is_not_connected(
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


# ------------------------------------------------------------------ who it still is
@pytest.fixture
def accept(domain, in_both_ways, jane, rows):
    """Brings a proof of jane, who was sent to Microsoft twenty seconds ago."""
    hers = select(SESSIONS).where(SESSIONS.c.user_id == jane.id)

    def bring(**more):
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

    return bring


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
def test_a_proof_of_somebody_else_or_of_before_counts_for_nothing(accept, more, kind):
    with pytest.raises(SignInError) as refused:
        accept(**more)
    assert refused.value.kind == kind


def test_a_proof_of_now_counts(accept):
    at = ago(1)
    assert accept(authenticated_at=at).authenticated_at == at


def test_nobody_signs_in_with_claims_of_the_directory_before(
    domain, configured, jane, rows
):
    """An administrator changed it after the claims were verified, before the lock."""
    with pytest.raises(IdentityConflict) as refused:
        domain(
            account_linking.accept_sign_in, claims_of(), COMMAND_LINE, tenant_id=OTHER
        )
    assert refused.value.reason is Reason.DIRECTORY_CHANGED
    assert rows(select(IDENTITIES)) == []
