"""Members: a change of one group touches no other group."""

from sqlalchemy import select

from factories import ENTRA
from netpresenter_next.directory import account_linking, groups
from netpresenter_next.storage import database
from netpresenter_next.storage.models import MEMBERSHIPS, USERS


def members_of(connection, group):
    of_group = MEMBERSHIPS.c.group_id == group.id
    found = select(MEMBERSHIPS.c.user_id).where(of_group)
    return set(connection.scalars(found))


def test_removing_members_who_meet_a_condition_leaves_other_groups_alone(app, people):
    jo, kim = people.provisioned("jo"), people.provisioned("kim")
    before, changed, after = (
        people.group(name, jo, kim) for name in ("before", "changed", "after")
    )
    with app.app_context(), database.write() as connection:
        is_jo = USERS.c.user_name == "jo"
        groups.remove_members_where(connection, changed, is_jo, ENTRA)
        assert members_of(connection, changed) == {kim.id}
        for other in (before, after):
            assert members_of(connection, other) == {jo.id, kim.id}


def test_adding_members_again_adds_only_those_who_are_missing(app, people):
    jo, kim = people.provisioned("jo"), people.provisioned("kim")
    group, other = people.group("one", jo), people.group("other")
    with app.app_context(), database.write() as connection:
        ids = [jo.id, kim.id, kim.id]
        changed = groups.add_members(connection, group, ids, ENTRA)
        assert members_of(connection, group) == {jo.id, kim.id}
        assert members_of(connection, other) == set()
        assert changed.version == group.version + 2  # one for jo before
        again = groups.add_members(connection, changed, ids, ENTRA)
        assert again.version == changed.version


def test_there_is_nothing_to_unlink_without_a_microsoft_account(app, people):
    jo = people.provisioned("jo")
    with app.app_context(), database.write() as connection:
        assert account_linking.unlink(connection, jo, ENTRA) is False
