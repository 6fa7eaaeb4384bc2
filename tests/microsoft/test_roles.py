"""Role mappings: app roles and groups that make administrators."""

import pytest
from sqlalchemy import select, update
from tenant import JANE, TENANT, claims_of

from netpresenter_next.directory import (
    access,
    account_linking,
    confirming,
    errors,
    groups,
    role_mappings,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.people import find_by_id, find_last_administrator
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from visitors import signed_in


@pytest.fixture
def jane(people):
    return people.provisioned("jane@example.org", externalId=JANE)


@pytest.fixture
def role_of(rows):
    return lambda person: rows(select(USERS.c.role).where(USERS.c.id == person.id))[0][
        0
    ]


def map_role(domain, **which):
    domain(role_mappings.add, COMMAND_LINE, **which)


def test_an_app_role_makes_an_administrator_until_it_is_missing(
    accept_sign_in, domain, jane, role_of
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin", "Other")))
    assert role_of(jane) == "administrator"
    accept_sign_in(claims_of())
    assert role_of(jane) == "user"


def test_an_app_role_is_for_its_own_person_only(
    accept_sign_in, domain, people, role_of
):
    before = people.provisioned("before@example.org")
    jane = people.provisioned("jane@example.org", externalId=JANE)
    after = people.provisioned("after@example.org")
    group = people.group("Everybody", before, jane, after)
    accept_sign_in(claims_of(app_roles=("Admin",)))
    map_role(domain, app_role="Admin")
    everybody = [before.id, jane.id, after.id]
    domain(role_mappings.apply_to_people, everybody, COMMAND_LINE)
    assert [role_of(each) for each in (before, jane, after)] == [
        "user",
        "administrator",
        "user",
    ]
    map_role(domain, group=group.display_name)
    assert {role_of(each) for each in (before, jane, after)} == {"administrator"}


def test_a_confirmation_without_the_app_role_takes_the_role_away(
    accept_sign_in, domain, jane, role_of
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    domain(
        lambda each: account_linking.note_reauthentication(
            each, find_by_id(each, jane.id), claims_of(), COMMAND_LINE
        )
    )
    assert role_of(jane) == "user"


def test_a_local_sign_in_takes_the_role_of_an_app_role_away(
    accept_sign_in, domain, jane, role_of
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    domain(role_mappings.forget_app_roles, jane.id, COMMAND_LINE)
    assert role_of(jane) == "user"


@pytest.mark.parametrize("app_roles", [(), ("admin",), ("ADMIN",), ("Admin ",)])
def test_an_app_role_is_compared_exactly(
    accept_sign_in, domain, jane, role_of, app_roles
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=app_roles))
    assert role_of(jane) == "user"


def test_app_roles_mean_nothing_without_a_mapping(accept_sign_in, jane, role_of):
    accept_sign_in(claims_of(app_roles=("Admin", "administrator")))
    assert role_of(jane) == "user"


def test_a_new_mapping_takes_effect_at_once(accept_sign_in, domain, jane, role_of):
    accept_sign_in(claims_of(app_roles=("Admin",)))
    map_role(domain, app_role="Admin")
    assert role_of(jane) == "administrator"


def test_a_group_makes_administrators_as_its_members_change(
    domain, people, jane, role_of
):
    group = people.group("Administrators")
    map_role(domain, group=group.display_name)
    domain(groups.add_members, group, [jane.id], COMMAND_LINE)
    assert role_of(jane) == "administrator"
    domain(groups.remove_members, group, [jane.id], COMMAND_LINE)
    assert role_of(jane) == "user"


@pytest.mark.parametrize("leaving", [0, 1])
def test_who_leaves_the_group_is_judged_without_those_who_stay(
    domain, people, jane, role_of, leaving
):
    both = (jane, people.provisioned("karin@example.org"))
    gone, stays = both[leaving], both[1 - leaving]
    group = people.group("Administrators", *both)
    map_role(domain, group=group.display_name)
    domain(groups.remove_members, group, [gone.id], COMMAND_LINE)
    assert (role_of(gone), role_of(stays)) == ("user", "administrator")


def test_a_deleted_group_makes_nobody_administrator(domain, people, jane, role_of):
    group = people.group("Administrators", jane)
    map_role(domain, group=group.display_name)
    assert role_of(jane) == "administrator"
    domain(groups.delete_group, group, COMMAND_LINE)
    assert role_of(jane) == "user"
    assert domain(role_mappings.list_mappings) == []


def test_removing_a_mapping_removes_the_roles_it_gave(domain, people, jane, role_of):
    group = people.group("Administrators", jane)
    map_role(domain, group=group.display_name)
    ((mapping,),) = [domain(role_mappings.list_mappings)]
    assert domain(role_mappings.remove, COMMAND_LINE, mapping.id)
    assert role_of(jane) == "user"
    assert not domain(role_mappings.remove, COMMAND_LINE, mapping.id)


def test_a_mapping_does_not_remove_a_role_that_an_administrator_gave(
    accept_sign_in, domain, jane, role_of
):
    map_role(domain, app_role="Admin")
    domain(
        lambda each: access.set_role(
            each, find_by_id(each, jane.id), ADMINISTRATOR, COMMAND_LINE
        )
    )
    domain(
        lambda each: confirming.confirm_object_id(
            each, find_by_id(each, jane.id), jane.object_id, COMMAND_LINE
        )
    )
    accept_sign_in(claims_of())
    assert role_of(jane) == "administrator"


def test_a_group_of_any_name_means_nothing_without_a_mapping(people, jane, role_of):
    people.group("administrator", jane)
    assert role_of(jane) == "user"


def test_the_last_administrator_keeps_the_role_and_signs_in(
    accept_sign_in, domain, people, jane, role_of, rows
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    people.give_password(jane)
    ada = update(USERS).where(USERS.c.id == people.ada.id).values(is_blocked=True)
    domain(lambda each: each.execute(ada))
    assert accept_sign_in(claims_of()).role == "administrator"
    assert role_of(jane) == "administrator"
    assert Event.ROLE_KEPT in [each.event for each in rows(select(JOURNAL))]


def test_an_administrator_without_a_password_does_not_replace_the_last_one(
    accept_sign_in, domain, people, jane, role_of
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    assert role_of(jane) == "administrator"
    assert domain(find_last_administrator, [people.ada]).id == people.ada.id


def test_one_administrator_is_kept_when_all_leave_the_mapped_group(
    domain, people, jane, role_of, rows
):
    eve = people.provisioned("eve@example.org")
    nobody = people.provisioned("nobody@example.org")
    group = people.group("Administrators", jane, eve, nobody)
    map_role(domain, group=group.display_name)
    people.give_password(jane)
    people.give_password(eve)
    ada = update(USERS).where(USERS.c.id == people.ada.id).values(is_blocked=True)
    domain(lambda each: each.execute(ada))
    leaving = [jane.id, eve.id, nobody.id]
    domain(groups.remove_members, group, leaving, COMMAND_LINE)
    assert sorted(map(role_of, (jane, eve))) == ["administrator", "user"]
    assert role_of(nobody) == "user"
    kept = [each for each in rows(select(JOURNAL)) if each.event == Event.ROLE_KEPT]
    assert len(kept) == 1
    assert "last administrator" in kept[0].facts["reason"]


def test_why_the_role_was_kept_is_in_the_log_in_english(
    app, accept_sign_in, domain, people, jane, rows
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    people.give_password(jane)
    ada = update(USERS).where(USERS.c.id == people.ada.id).values(is_blocked=True)
    domain(lambda each: each.execute(ada))
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        accept_sign_in(claims_of())
    (kept,) = (each for each in rows(select(JOURNAL)) if each.event == Event.ROLE_KEPT)
    assert kept.facts["reason"] == (
        "jane@example.org is the last administrator with a local password: make "
        "another one first."
    )


def test_mappings_do_not_change_an_account_with_emergency_access(
    domain, people, role_of
):
    changed = update(USERS).where(USERS.c.id == people.ada.id)
    domain(lambda each: each.execute(changed.values(role_source="mapped")))
    domain(role_mappings.apply_to_person, people.ada.id, COMMAND_LINE)
    assert role_of(people.ada) == "administrator"


def test_a_mapping_cannot_be_added_twice(domain, people):
    group = people.group("Administrators")
    for which in ({"app_role": "Admin"}, {"group": group.display_name}):
        map_role(domain, **which)
        with pytest.raises(role_mappings.MappingError, match="already"):
            map_role(domain, **which)
    with pytest.raises(role_mappings.MappingError, match="no group named"):
        map_role(domain, group="none")


def test_a_new_role_ends_sessions(app, people, domain, jane):
    people.give_password(jane)
    browser = signed_in(app, "jane@example.org")
    map_role(domain, group=people.group("Administrators", jane).display_name)
    assert not browser.is_in()


def test_saving_a_role_from_a_mapping_does_not_make_it_permanent(
    domain, jane, people, rows
):
    """Otherwise it would outlast the mapping without anybody's decision."""
    group = people.group("Administrators", jane)
    map_role(domain, group=group.display_name)

    def give(connection):
        person = find_by_id(connection, jane.id)
        access.set_role(connection, person, "administrator", COMMAND_LINE)

    domain(give)
    (mapping,) = domain(role_mappings.list_mappings)
    domain(role_mappings.remove, COMMAND_LINE, mapping.id)
    assert rows(select(USERS.c.role).where(USERS.c.id == jane.id)) == [("user",)]


def test_a_role_from_a_mapping_cannot_be_removed_by_hand(domain, jane, people):
    map_role(domain, group=people.group("Administrators", jane).display_name)

    def take(connection):
        person = find_by_id(connection, jane.id)
        access.set_role(connection, person, "user", COMMAND_LINE)

    with pytest.raises(errors.AccountError, match="role mapping"):
        domain(take)


def test_app_roles_of_the_previous_directory_do_not_count(
    accept_sign_in, domain, people, jane, role_of
):
    map_role(domain, app_role="Admin")
    accept_sign_in(claims_of(app_roles=("Admin",)))
    assert role_of(jane) == ADMINISTRATOR
    domain(account_linking.unlink_tenant, TENANT, COMMAND_LINE)
    assert role_of(jane) == "user"
