"""The checks agree with what signing in does, for all kinds of accounts."""

import random
from importlib import import_module

from sqlalchemy import delete, insert, select, update
from tenant import JANE, OTHER, TENANT, claims_of

from netpresenter_next.directory import (
    account_linking,
    conflicts,
    identity_matching,
    local_sign_in,
    people,
    people_filters,
    shut_out,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.people_filters import Filter, Mark
from netpresenter_next.directory.sign_in_causes import Cause, Way
from netpresenter_next.directory.sign_in_checks import diagnose, list_ways
from netpresenter_next.directory.sign_in_facts import read_facts
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Role, RoleSource, Source
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.sign_in_models import IDENTITIES, SIGN_IN_SETTINGS

EVA = "eeee0000-1111-2222-3333-444444444444"
NAME = "jane@example.org"
VALUES = {
    "source": list(Source),
    "role": list(Role),
    "role_source": list(RoleSource),
    "is_emergency": (False, True),
    "active": (True, True, False),
    "is_blocked": (False, False, True),
    "has_password": (True, False),
    "linked": (None, JANE, OTHER),
    "object_id": (None, JANE),
    "confirmed_object_id": (None, JANE, OTHER),
    "rival": (None, "shares", "linked"),
    "match_user_names": (False, True),
    "is_forced": (False, True),
}
NUMBER = 80


def can_arise(case):
    """Is it an account that the rules of identity allow?"""
    is_user = case["role"] is Role.USER
    if case["source"] is Source.CLAIMABLE and not (is_user and case["linked"]):
        return False
    if case["rival"] == "linked" and JANE in (case["linked"], None):
        return case["linked"] is None
    is_local = case["source"] is Source.LOCAL and case["linked"] is None
    return not case["is_emergency"] or (is_local and not is_user)


def draw_cases():
    """Yield random accounts that can arise, always the same ones."""
    chance, drawn = random.Random(14), 0
    while drawn < NUMBER:
        case = {name: chance.choice(values) for name, values in VALUES.items()}
        if can_arise(case):
            drawn += 1
            yield case


def arrange(connection, case, password_hash):
    """Make the account of a case out of jane's, who is provisioned."""
    person = people.find_by_name(connection, NAME)
    names = {"source", "role", "role_source", "is_emergency", "active", "is_blocked"}
    columns = {name: case[name] for name in (*names, "confirmed_object_id")}
    columns["password_hash"] = password_hash if case["has_password"] else None
    columns["object_id"] = columns["external_id"] = case["object_id"]
    this = USERS.c.id == person.id
    connection.execute(update(USERS).where(this).values(**columns))
    settings = {name: case[name] for name in ("match_user_names", "is_forced")}
    connection.execute(update(SIGN_IN_SETTINGS).values(**settings))
    rival = people.find_by_name(connection, "rival@example.org")
    if case["linked"]:
        link(connection, person, case["linked"])
    if case["rival"] == "linked":
        link(connection, rival, JANE)
    if case["rival"] == "shares":
        this = USERS.c.id == rival.id
        connection.execute(update(USERS).where(this).values(object_id=JANE))
    # As whatever gives somebody this object ID does.
    conflicts.update_shared_object_id(connection, JANE, COMMAND_LINE, person.id)
    return people.find_by_id(connection, person.id)


def link(connection, person, object_id):
    values = {"user_id": person.id, "tenant_id": TENANT, "object_id": object_id}
    more = {"subject": "x", "user_name": "", "app_roles": [], "linked_by": "x"}
    connection.execute(insert(IDENTITIES).values(**values, **more, linked_at=now()))


def find(connection, user_id):
    return people.find_by_id(connection, user_id)


def try_local(connection, person):
    found, refusal = local_sign_in.find(connection, NAME)
    return found.id == person.id and refusal is None and bool(found.password_hash)


def try_microsoft(connection, person, object_id):
    """Does this object ID, with the user name, sign the person in?"""
    attempt = connection.begin_nested()
    try:
        claims = claims_of(object_id, NAME)
        accept = account_linking.accept_sign_in
        found = accept(connection, claims, COMMAND_LINE, tenant_id=TENANT)
        return found.id == person.id
    except identity_matching.SignInRefused:
        return False
    finally:
        attempt.rollback()


def is_listed(connection, installation, person):
    """Is the person in the list of those who cannot sign in?"""
    rules = shut_out.read_rules(connection, installation)
    chosen = Filter(mark=Mark.CANNOT_SIGN_IN, rules=rules)
    found = people_filters.list_found(connection, [person.id], chosen)
    return bool(found.count())


def check_list(connection, installation, person, diagnosis):
    """Whoever cannot sign in is among the people from whom the list is made."""
    causes = {each.cause for each in diagnosis.found}
    # What provisioning opens a conflict about, which these accounts do not have; and
    # what no local account has.
    if Cause.OTHER_OBJECT_ID in causes:
        return
    if person.source is Source.LOCAL and person.object_id:
        return
    rules = shut_out.read_rules(connection, installation)
    found, _ = shut_out.find_ids(connection, rules)
    is_outside = person.is_blocked or not person.active
    is_shut_out = not diagnosis.left and not is_outside
    assert (person.id in found) == is_shut_out, person
    assert bool(shut_out.find_among(connection, rules, [person.id])) == is_shut_out


def test_the_ways_that_are_left_are_those_that_work(
    app, configured, installation, people, password_hash
):
    people.provisioned(NAME, externalId=JANE)
    people.provisioned("rival@example.org", externalId="rival")
    causes = set()
    with app.app_context(), database.write() as connection:
        for case in draw_cases():
            attempt = connection.begin_nested()
            person = arrange(connection, case, password_hash)
            facts = read_facts(connection, installation, person)
            expected = {Way.LOCAL} if try_local(connection, person) else set()
            ids = {case["linked"], case["object_id"], EVA} - {None}
            if any(try_microsoft(connection, person, each) for each in ids):
                expected.add(Way.MICROSOFT)
            diagnosis = diagnose(facts)
            assert diagnosis.left == expected, case
            assert is_listed(connection, installation, person) == (not expected), case
            check_consistency(facts, diagnosis)
            check_list(connection, installation, person, diagnosis)
            causes |= {each.cause for each in diagnosis.found}
            attempt.rollback()
    assert causes >= {
        *(Cause.CAN_SIGN_IN, Cause.CANNOT_SIGN_IN, Cause.BLOCKED, Cause.DISABLED),
        *(Cause.NO_METHOD, Cause.OTHER_OBJECT_ID, Cause.WAITS, Cause.NO_OBJECT_ID),
        *(Cause.OBJECT_ID_TAKEN, Cause.OBJECT_ID_SHARED, Cause.UNCONFIRMED),
        Cause.FORCED,
    }


def check_consistency(facts, diagnosis):
    """Without a way there is an error that says why; otherwise nothing is an error."""
    summary, *found = diagnosis.found
    severities = [diagnosis.severity_of(each) for each in found]
    assert (summary.cause is Cause.CAN_SIGN_IN) == bool(diagnosis.left)
    assert (Severity.ERROR in severities) == (not diagnosis.left)
    assert diagnosis.left <= list_ways(facts)


def test_whoever_gets_a_shared_object_id_last_is_listed_however_old_the_account_is(
    app, configured, installation, people
):
    """A conflict is opened for each, not only for the newest of those who share it."""
    oldest = people.provisioned(NAME, externalId="none yet")
    for number in range(5):
        people.provisioned(f"p{number}@example.org", externalId=JANE)
    people.change(oldest, externalId=JANE)
    with app.app_context(), database.write() as connection:
        sharing = select(USERS.c.id).where(USERS.c.object_id == JANE)
        everybody = set(connection.scalars(sharing))
        rules = shut_out.read_rules(connection, installation)
        found, has_more = shut_out.find_ids(connection, rules)
        assert oldest.id in everybody
        assert set(found) == everybody
        assert not has_more
        for user_id in everybody:
            assert not try_microsoft(connection, find(connection, user_id), JANE)


def test_a_migration_opens_the_conflicts_that_were_missing(app, people, rows):
    step = "netpresenter_next.storage.migrations.versions.0031_shared_object_ids"
    for number in range(3):
        people.provisioned(f"p{number}@example.org", externalId=JANE)
    people.provisioned("alone@example.org", externalId=OTHER)
    opened = select(CONFLICTS.c.user_id, CONFLICTS.c.reason, CONFLICTS.c.value)
    before = rows(opened.order_by(CONFLICTS.c.user_id))
    assert len(before) == 3
    with app.app_context(), database.write() as connection:
        kept = CONFLICTS.c.user_id == before[0].user_id
        connection.execute(delete(CONFLICTS).where(~kept))
        connection.exec_driver_sql(import_module(step).OPEN_MISSING)
    assert rows(opened.order_by(CONFLICTS.c.user_id)) == before
    with app.app_context(), database.read() as connection:
        assert all(
            row.opened_at.tzinfo for row in connection.execute(select(CONFLICTS))
        )
