"""Pages on which administrators decide about identities, conflicts and notices."""

import pytest
from settings_page import (
    PAGE,
    actors_and_targets,
    expire_authentication,
    page_of,
    press,
    text_of,
)
from sqlalchemy import select
from tenant import JANE, OTHER, claims_of

from factories import ENTRA
from helpers import PASSWORD
from netpresenter_next.directory import access, conflicts, role_mappings
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.people import find_by_id, find_by_name
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES, ROLE_MAPPINGS
from visitors import hidden, signed_in

QUEUE = "/settings/conflicts"
EVA = "eeee0000-1111-2222-3333-444444444444"


# ------------------------------------------------------------- a person's identity
@pytest.fixture
def in_conflict(accept_sign_in, domain, jane, people):
    """Jane is an administrator, linked, and provisioning gave her another object ID."""
    accept_sign_in(claims_of(user_name="jane.bakker@example.org"))

    def promote(connection):
        person = find_by_id(connection, jane.id)
        access.set_role(connection, person, ADMINISTRATOR, COMMAND_LINE)

    domain(promote)
    people.change(jane, externalId=OTHER)
    return jane


@pytest.fixture
def linked(rows, jane):
    def read():
        query = select(IDENTITIES.c.object_id).where(IDENTITIES.c.user_id == jane.id)
        return rows(query)

    return read


def test_a_conflict_is_shown_with_its_remedy_and_its_history(admin, in_conflict):
    page = text_of(admin.get(page_of(in_conflict)))
    assert f"the object ID {OTHER} for jane@example.org, but a different" in page
    assert "press Confirm this object ID" in page
    assert f"Confirming it unlinks <code>{JANE}</code> and ends all sessions" in page
    logs = page.partition('id="provisioning-log">')[2]
    provisioning, _, audit = logs.partition('id="audit-log">')
    logged = f"Changed the externalId of jane@example.org from {JANE} to {OTHER}."
    assert f'{logged}</span> <span class="mut">By token' in provisioning
    assert "Conflict: " in provisioning
    assert audit.index("now has the role administrator") < audit.index(
        "Connected jane@"
    )


def test_a_confirmed_object_id_replaces_the_old_link(
    admin, in_conflict, linked, accept_sign_in, rows
):
    answer = press(admin, in_conflict, "confirm-object-id", object_id=OTHER)
    assert answer.location == page_of(in_conflict)
    page = text_of(admin.get(answer.location))
    assert f"can now sign in with the Microsoft account {OTHER}" in page
    assert (
        "different Microsoft account is linked."
        not in page.split("Provisioning log</h2>")[0]
    )
    assert f"An administrator confirmed the object ID {OTHER}" in page
    assert linked() == []
    assert rows(select(CONFLICTS)) == []
    assert actors_and_targets(rows, Event.OBJECT_ID_CONFIRMED) == [
        ("ada", "jane@example.org")
    ]
    assert accept_sign_in(claims_of(OTHER)).id == in_conflict.id
    assert linked() == [(OTHER,)]


def test_confirming_an_object_id_that_changed_meanwhile_is_refused(
    admin, in_conflict, linked, people, rows
):
    form = hidden(admin.get(page_of(in_conflict)).text)
    assert form["object_id"] == OTHER
    people.change(in_conflict, externalId=EVA)
    before = rows(select(USERS)), rows(select(CONFLICTS))
    answer = admin.post(f"{page_of(in_conflict)}/confirm-object-id", data=form)
    assert answer.status_code == 409
    page = text_of(answer)
    assert f"no longer sends the object ID {OTHER} for jane@example.org" in page
    assert f'name="object_id" value="{EVA}"' in page
    assert (rows(select(USERS)), rows(select(CONFLICTS))) == before
    assert linked() == [(JANE,)]
    assert actors_and_targets(rows, Event.OBJECT_ID_CONFIRMED) == []


@pytest.mark.parametrize("object_id", ["", JANE, OTHER.upper(), "x" * 5000])
def test_only_the_object_id_that_provisioning_sent_can_be_confirmed(
    admin, in_conflict, linked, object_id, people
):
    for person in (in_conflict, people.ada):
        answer = press(admin, person, "confirm-object-id", object_id=object_id)
        assert answer.status_code == 409
    assert linked() == [(JANE,)]


def test_confirming_requires_a_recently_authenticated_administrator(
    app, admin, in_conflict, linked, people, domain
):
    people.local("linus")
    linus = signed_in(app, "linus")
    path, form = f"{page_of(in_conflict)}/confirm-object-id", {"object_id": OTHER}
    assert linus.submit(path, page="/account", **form).status_code == 403
    domain(expire_authentication)
    asked = admin.submit(path, page=page_of(in_conflict), **form)
    assert asked.status_code == 403
    assert "Confirm your identity" in asked.text
    assert linked() == [(JANE,)]
    proof = {**hidden(asked.text), "password_again": PASSWORD}
    assert admin.post(path, data=proof).status_code == 303
    assert linked() == []


@pytest.mark.parametrize(
    ("user_name", "is_marked"),
    [("jane.bakker@example.org", True), ("JANE@Example.org", False), ("", False)],
)
def test_a_linked_account_with_a_different_user_name_is_marked(
    admin, accept_sign_in, jane, user_name, is_marked
):
    accept_sign_in(claims_of(user_name=user_name))
    page = text_of(admin.get(page_of(jane)))
    said = f"had a different user name: <strong>{user_name}</strong>"
    assert (said in page) == is_marked
    assert ("a different user name" in page) == is_marked


# ------------------------------------------------------------- the mapping check
def test_the_mapping_check_lists_the_people_concerned(admin, people):
    bob = people.provisioned("bob@example.org", externalId="bob")
    nobody = people.provisioned("nina@example.org")
    shared = [people.provisioned(name, externalId=OTHER) for name in ("carla", "dirk")]
    page = text_of(admin.get(f"{PAGE}/checks"))
    assert (
        "2 of 4 people whom provisioning can see have an externalId that is not an"
        in page
    )
    filtered = "/settings/users?only=no-object-id"
    assert f'href="{filtered}"' in page
    listed = admin.get(filtered).text
    for person in (bob, nobody):
        assert page_of(person) in listed
    queue = text_of(admin.get(QUEUE))
    for person in shared:
        assert page_of(person) not in listed
        assert f'<a href="{page_of(person)}">' in queue
        assert f"{person.user_name} has the same object ID {OTHER}" in queue
    for person in (bob, *shared):
        people.change(person, externalId=person.id)
    page = text_of(admin.get(f"{PAGE}/checks"))
    assert "has the same object ID" not in text_of(admin.get(QUEUE))
    assert "1 of 4 people whom provisioning can see has an externalId" in page


# ------------------------------------------------------------- refused disables
@pytest.fixture
def notice(domain, jane, rows):
    """Provisioning could not disable jane; the path that dismisses the notice."""
    detail = "userName is required."
    domain(conflicts.note_refused_disable, jane.id, detail, ENTRA)
    ((conflict_id,),) = rows(select(CONFLICTS.c.id))
    return f"{QUEUE}/{conflict_id}/dismiss"


def test_a_refused_disable_is_shown_until_it_is_dismissed(admin, notice, jane, rows):
    assert "1 conflict waits" in text_of(admin.get(f"{PAGE}/checks")).lower()
    assert f'<a href="{page_of(jane)}">' in text_of(admin.get(QUEUE))
    page = text_of(admin.get(notice.removesuffix("/dismiss")))
    assert "whole request was refused: userName is required." in page
    assert 'Dismiss<span class="vh"> the notice about jane@example.org</span>' in page
    assert "userName is required" in admin.get(page_of(jane)).text
    assert admin.submit(notice, page=PAGE).location == QUEUE
    page = text_of(admin.get(QUEUE))
    assert (
        "Dismissed. It appears again if provisioning finds the same conflict." in page
    )
    assert "the whole request was refused" not in page
    assert actors_and_targets(rows, Event.CONFLICT_CLOSED) == [
        ("ada", "jane@example.org")
    ]
    assert admin.submit(notice, page=PAGE).status_code == 404
    assert len(actors_and_targets(rows, Event.CONFLICT_CLOSED)) == 1


def test_the_notice_disappears_when_the_person_is_disabled(admin, notice, jane, people):
    people.change(jane, active=False)
    assert "tried to disable" not in admin.get(QUEUE).text
    assert admin.submit(notice, page=PAGE).status_code == 404


def test_nobody_can_dismiss_the_notice_about_themselves(app, people, domain, notice):
    def promote(connection):
        person = find_by_name(connection, "jane@example.org")
        access.set_role(connection, person, ADMINISTRATOR, COMMAND_LINE)

    domain(promote)
    people.give_password(domain(find_by_name, "jane@example.org"))
    hers = signed_in(app, "jane@example.org")
    page = hers.get(notice.removesuffix("/dismiss")).text
    assert "tried to disable" in page
    assert "Dismiss<" not in page
    assert hers.submit(notice, page=PAGE).status_code == 404


def test_a_conflict_about_a_local_user_name_can_be_dismissed(
    admin, people, domain, rows
):
    grace = people.local("grace")
    reason = Reason.LOCAL_USER_NAME
    met = conflicts.DetectedConflict(grace, reason, "grace", "Grace", EVA)
    domain(conflicts.open_, met, ENTRA)
    assert "Provisioning wants to create Grace" in text_of(admin.get(QUEUE))
    ((conflict_id,),) = rows(select(CONFLICTS.c.id))
    page = text_of(admin.get(f"{QUEUE}/{conflict_id}"))
    assert 'Dismiss<span class="vh"> the notice about grace</span>' in page
    path = f"{QUEUE}/{conflict_id}/dismiss"
    assert admin.submit(path, page=PAGE).location == QUEUE
    assert "Provisioning wants to create" not in admin.get(QUEUE).text
    assert actors_and_targets(rows, Event.CONFLICT_CLOSED) == [("ada", "grace")]


def test_a_conflict_about_an_object_id_cannot_be_dismissed(admin, in_conflict, rows):
    (conflict,) = rows(select(CONFLICTS))
    path = f"{QUEUE}/{conflict.id}/dismiss"
    assert admin.submit(path, page=PAGE).status_code == 404
    assert rows(select(CONFLICTS)) == [conflict]
    assert "Dismiss<" not in admin.get(path.removesuffix("/dismiss")).text


# ------------------------------------------------------------- authorization
@pytest.mark.parametrize(
    "path", [f"{PAGE}/roles", f"{PAGE}/roles/seen", f"{QUEUE}/{{}}/dismiss"]
)
def test_decisions_require_a_recently_authenticated_administrator(
    app, admin, notice, jane, people, rows, domain, path
):
    people.group("Helpdesk", jane)
    domain(role_mappings.add, COMMAND_LINE, group="Helpdesk")
    people.group("Board")
    ((conflict_id,),) = rows(select(CONFLICTS.c.id))
    target = path.format(conflict_id)
    form = {"group": "Board", "user_id": jane.id}
    people.local("linus")

    def state():
        return rows(select(ROLE_MAPPINGS)), rows(select(CONFLICTS)), rows(select(USERS))

    linus, nobody = signed_in(app, "linus"), app.test_client()
    before = state()
    assert linus.submit(target, page="/account", **form).status_code == 403
    answer = nobody.submit(target, page="/sign-in", **form)
    assert answer.location.startswith("/sign-in")
    domain(expire_authentication)
    answer = admin.submit(target, page=PAGE, **form)
    assert answer.status_code == 403
    assert "Confirm your identity" in answer.text
    assert state() == before
