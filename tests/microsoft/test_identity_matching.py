"""Which account a Microsoft sign-in belongs to: the rules, and attacks on them."""

import threading

import pytest
from sqlalchemy import select, update
from tenant import CLIENT, JANE, OTHER, TENANT, claims_of

from netpresenter_next.directory import (
    access,
    account_linking,
    claimable,
    emergency_access,
    errors,
    identity_matching,
    mapping_check,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.identity_matching import (
    Disabled,
    IdentityConflict,
    NotProvisioned,
    SignInRefused,
)
from netpresenter_next.directory.people import find_by_id
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR, SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import signed_in


@pytest.fixture
def jane(people):
    return people.provisioned("jane@example.org", externalId=JANE.upper())


def make_administrator(domain, person):
    def change(connection):
        fresh = find_by_id(connection, person.id)
        access.set_role(connection, fresh, ADMINISTRATOR, COMMAND_LINE)

    domain(change)


def test_the_external_id_is_compared_as_a_guid_and_links(accept_sign_in, jane, rows):
    assert accept_sign_in(claims_of()).id == jane.id
    ((identity,),) = [rows(select(IDENTITIES.c.linked_by))]
    assert identity.linked_by == "externalId"
    assert Event.MICROSOFT_LINKED in [each.event for each in rows(select(JOURNAL))]


@pytest.mark.parametrize("spelling", ["{%s}", " %s ", "%s"])
def test_braces_around_a_guid_do_not_matter(accept_sign_in, people, spelling):
    assert people.provisioned("jane", externalId=spelling % JANE)
    assert accept_sign_in(claims_of()).user_name == "jane"


def test_a_renamed_person_keeps_their_account(accept_sign_in, people, jane):
    accept_sign_in(claims_of())
    people.change(jane, userName="janet@example.org")
    assert accept_sign_in(claims_of(user_name="whatever@example.org")).id == jane.id


def test_a_new_client_id_changes_only_the_subject(accept_sign_in, jane, rows):
    accept_sign_in(claims_of())
    accept_sign_in(Claims(TENANT, JANE, "another subject", "jane@example.org"))
    assert rows(select(IDENTITIES.c.subject)) == [("another subject",)]


def test_a_link_of_another_directory_no_longer_counts(
    accept_sign_in, people, jane, rows
):
    linus = people.local("linus")
    accept_sign_in(claims_of())
    accept_sign_in(Claims(CLIENT, JANE, "s", "jane@example.org"))
    (known,) = rows(select(IDENTITIES))
    assert (known.tenant_id, known.user_id) == (CLIENT, jane.id)
    with pytest.raises(NotProvisioned):
        accept_sign_in(Claims(CLIENT, linus.id, "s", "linus"))


def test_nobody_is_matched_by_name_unless_that_is_switched_on(accept_sign_in, people):
    people.provisioned("jane@example.org", externalId="jane")
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of())


def test_a_first_sign_in_is_matched_by_name_if_switched_on(
    accept_sign_in, people, options
):
    options(match_user_names=True)
    jane = people.provisioned("Jane@example.org", externalId="jane")
    assert accept_sign_in(claims_of()).id == jane.id
    assert accept_sign_in(claims_of(user_name="new@example.org")).id == jane.id


def test_noauth_the_email_of_an_administrator_signs_nobody_in(
    accept_sign_in, options, people
):
    options(match_user_names=True, create_people=True)
    people.change(people.ada, emails=[{"type": "work", "value": "ada@example.org"}])
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of(user_name="ada"))


def test_the_name_of_a_local_administrator_is_never_matched(
    accept_sign_in, options, rows
):
    options(match_user_names=True, create_people=True)
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of(user_name="ADA"))
    assert rows(select(IDENTITIES)) == []


def test_the_name_of_a_provisioned_administrator_is_a_conflict(
    accept_sign_in, options, people, domain
):
    options(match_user_names=True)
    make_administrator(domain, people.provisioned("boss@example.org"))
    with pytest.raises(IdentityConflict, match="administrator"):
        accept_sign_in(claims_of(user_name="boss@example.org"))


def test_a_guest_with_the_same_name_is_not_matched(accept_sign_in, options, people):
    options(match_user_names=True, create_people=True)
    people.provisioned("jane@example.org", externalId="jane")
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of(is_guest=True))


def test_a_guest_is_matched_by_object_id(accept_sign_in, jane):
    assert accept_sign_in(claims_of(is_guest=True)).id == jane.id


def test_a_user_name_that_another_object_id_uses_is_a_conflict(
    accept_sign_in, options, people
):
    options(match_user_names=True)
    people.provisioned("jane@example.org", externalId="jane")
    accept_sign_in(claims_of())
    with pytest.raises(IdentityConflict):
        accept_sign_in(claims_of(object_id=OTHER))


def test_a_user_name_provisioned_with_another_object_id_is_a_conflict(
    accept_sign_in, options, people
):
    options(match_user_names=True)
    people.provisioned("jane@example.org", externalId=OTHER)
    with pytest.raises(IdentityConflict):
        accept_sign_in(claims_of())


def test_a_new_object_id_from_scim_is_a_conflict_and_ends_sessions(
    app, accept_sign_in, people, jane, rows
):
    accept_sign_in(claims_of())
    people.give_password(jane)
    browser = signed_in(app, "jane@example.org")
    people.change(jane, title="Chief")
    assert browser.is_in()
    people.change(jane, externalId=OTHER)
    assert not browser.is_in()
    with pytest.raises(IdentityConflict, match="link_disagrees"):
        accept_sign_in(claims_of())


def test_mapping_object_ids_to_external_id_later_keeps_the_identity(
    accept_sign_in, options, people
):
    options(match_user_names=True)
    jane = people.provisioned("jane@example.org", externalId="jane")
    accept_sign_in(claims_of())
    people.change(jane, externalId=JANE)
    assert accept_sign_in(claims_of()).id == jane.id


def test_a_disabled_or_blocked_user_is_refused(accept_sign_in, people, jane):
    people.change(jane, active=False)
    with pytest.raises(Disabled):
        accept_sign_in(claims_of())
    people.change(jane, active=True)
    people.block(jane)
    with pytest.raises(Disabled):
        accept_sign_in(claims_of())


def test_nobody_is_created_unless_that_is_switched_on(accept_sign_in, options, rows):
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of())
    options(create_people=True)
    person = accept_sign_in(claims_of())
    assert (person.external_id, person.source) == (JANE, "provisioned")
    assert (person.role, person.password_hash) == ("user", None)


def test_a_guest_is_never_created(accept_sign_in, options):
    options(create_people=True)
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of(is_guest=True))


@pytest.mark.parametrize("name", ["", "a\u202eb", "x" * 321])
def test_an_invalid_user_name_creates_nobody(accept_sign_in, options, name):
    options(create_people=True)
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of(user_name=name))


def test_six_simultaneous_first_sign_ins_create_one_link(app, jane, rows):
    found, faults = [], []

    def enter():
        try:
            with app.app_context(), database.write() as connection:
                found.append(
                    account_linking.accept_sign_in(
                        connection, claims_of(), COMMAND_LINE, tenant_id=TENANT
                    )
                )
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=enter) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert {each.id for each in found} == {jane.id}
    assert len(rows(select(IDENTITIES))) == 1


def test_a_guest_is_neither_matched_by_name_nor_created(
    app, configured, people, options, microsoft, sign_in
):
    options(match_user_names=True, create_people=True)
    people.provisioned("jane@example.org", externalId="jane")
    home = "https://sts.windows.net/99999999-1111-2222-3333-444444444444/"
    for mark in ({"idp": home}, {"acct": 1}, {"acct": "1"}):
        for name in ("jane@example.org", "new@example.org"):
            microsoft.claims = {**mark, "preferred_username": name}
            answer = sign_in(app.test_client())
            assert answer.status_code == 403
            assert "There is no account here" in answer.text
    microsoft.claims = {"idp": microsoft.issuer(), "acct": 0}
    assert sign_in(app.test_client()).status_code == 303


def test_an_email_claim_signs_nobody_in(
    app, configured, people, options, microsoft, sign_in
):
    """nOAuth: the administrators of any directory can set any e-mail address."""
    options(match_user_names=True)
    people.provisioned(
        "boss@example.org",
        externalId="boss",
        emails=[{"type": "work", "value": "boss@example.org"}],
    )
    microsoft.claims = {"email": "boss@example.org", "xms_edov": True}
    answer = sign_in(app.test_client())
    assert answer.status_code == 403
    assert "There is no account here" in answer.text


def test_an_account_that_differs_from_provisioning_is_not_connected(
    people, domain, rows
):
    jane = people.provisioned("jane@example.org", externalId=OTHER)
    with pytest.raises(IdentityConflict, match="other_object_id"):
        connect(domain, jane, claims_of())
    assert rows(select(IDENTITIES)) == []


# ------------------------------------------------------------------ connecting
def connect(domain, person, claims):
    def run(connection):
        fresh = find_by_id(connection, person.id)
        account_linking.link_own_account(
            connection, fresh, claims, COMMAND_LINE, tenant_id=TENANT
        )

    domain(run)


def test_a_local_user_who_connected_can_sign_in(accept_sign_in, people, domain):
    grace = people.local("grace")
    connect(domain, grace, claims_of(user_name="grace@example.org"))
    assert accept_sign_in(claims_of()).id == grace.id


def test_an_identity_of_another_user_cannot_be_connected(
    accept_sign_in, people, domain, jane
):
    grace = people.local("grace")
    for _ in range(2):  # first by externalId, then by identity
        with pytest.raises(IdentityConflict, match="owned_by_another"):
            connect(domain, grace, claims_of())
        accept_sign_in(claims_of())


def test_emergency_access_is_never_connected(people, domain, rows):
    with pytest.raises(SignInRefused, match="emergency_access"):
        connect(domain, people.ada, claims_of())
    assert rows(select(IDENTITIES)) == []


def test_a_connected_user_cannot_get_emergency_access(people, domain):
    grace = people.local("grace", role=ADMINISTRATOR)
    connect(domain, grace, claims_of())

    def grant(connection):
        fresh = find_by_id(connection, grace.id)
        emergency_access.set_granted(connection, fresh, COMMAND_LINE, granted=True)

    with pytest.raises(errors.AccountError, match="connected with Microsoft"):
        domain(grant)


def test_disconnecting_forgets_the_identity_and_ends_sessions(
    app, accept_sign_in, people, domain, rows
):
    grace = people.local("grace")
    connect(domain, grace, claims_of())
    signed_in(app, "grace")
    domain(
        lambda each: account_linking.unlink(
            each, find_by_id(each, grace.id), COMMAND_LINE
        )
    )
    assert rows(select(SESSIONS)) == []
    with pytest.raises(NotProvisioned):
        accept_sign_in(claims_of())


@pytest.mark.parametrize("leaving", [0, 1])
def test_connecting_and_disconnecting_leave_the_links_of_others(
    people, domain, rows, leaving
):
    both = (people.local("grace"), people.local("karin"))
    for person, object_id in zip(both, (JANE, OTHER), strict=True):
        connect(domain, person, claims_of(object_id))
    gone, stays = both[leaving], both[1 - leaving]
    domain(
        lambda each: account_linking.unlink(
            each, find_by_id(each, gone.id), COMMAND_LINE
        )
    )
    assert rows(select(IDENTITIES.c.user_id)) == [(stays.id,)]


def test_a_claimable_account_becomes_local_when_its_tenant_is_left(
    people, domain, rows
):
    grace = people.local("grace")
    connect(domain, grace, claims_of())
    domain(
        lambda each: claimable.make_claimable(
            each, find_by_id(each, grace.id), COMMAND_LINE
        )
    )
    domain(account_linking.unlink_tenant, TENANT, COMMAND_LINE)
    (source,) = rows(select(USERS.c.source).where(USERS.c.id == grace.id))
    assert source == (Source.LOCAL,)
    assert rows(select(IDENTITIES)) == []


def test_the_mapping_check_counts_object_ids(people, domain, jane):
    people.provisioned("tom@example.org", externalId="tom")
    people.provisioned("ann@example.org")
    assert domain(mapping_check.check_mapping) == (3, 2)


def test_matching_alone_changes_nothing(domain, jane, rows):
    assert domain(identity_matching.match, claims_of()) == (
        rows(select(USERS).where(USERS.c.id == jane.id))[0],
        "externalId",
    )
    assert rows(select(IDENTITIES)) == []


def test_a_linked_account_with_emergency_access_is_refused(
    accept_sign_in, people, domain, jane
):
    accept_sign_in(claims_of())
    domain(
        lambda each: each.execute(
            update(USERS).where(USERS.c.id == jane.id).values(is_emergency=True)
        )
    )
    with pytest.raises(IdentityConflict, match="emergency_access"):
        accept_sign_in(claims_of())
