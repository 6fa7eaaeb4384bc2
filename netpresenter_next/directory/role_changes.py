"""Changes of roles, with their consequences, for one person or for many."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    claimable,
    conflicts,
    events,
    identity_rules,
    person_rows,
    sessions,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.person_rows import Facts
from netpresenter_next.storage.choices import Role, RoleSource
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import ADMINISTRATOR, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES


def assign_role(
    connection: Connection,
    people: Sequence[Person],
    role: Role,
    source: RoleSource,
    actor: Actor,
) -> None:
    """Give a role to people who have the other one; their sessions end.

    Who is no longer an administrator also loses emergency access.  The caller checks
    whether they may have the role, and passes at most a chunk of ``ids.chunks``.
    """
    if not people:
        return
    if role == ADMINISTRATOR:
        _make_administrators(connection, people, source)
    else:
        _make_users(connection, people, source)
    sessions.end_all_of(connection, [person.id for person in people])
    changed = [
        (target_of_person(each), [{"attribute": "role", "old": each.role, "new": role}])
        for each in people
    ]
    is_mapped = source is RoleSource.MAPPED
    events.record_each(
        connection, actor, Event.ROLE_CHANGED, changed, role=role, is_mapped=is_mapped
    )
    if role == ADMINISTRATOR:
        for person in people:
            claimable.make_local_again(connection, person, actor)
    lost = [(target_of_person(each), ()) for each in people if each.is_emergency]
    events.record_each(connection, actor, Event.EMERGENCY_WITHDRAWN, lost)
    for user_id in _list_people_in_conflict(connection, people):
        conflicts.close_resolved(connection, user_id, actor)


def _make_administrators(
    connection: Connection, people: Sequence[Person], source: RoleSource
) -> None:
    """Store the role, its source, and the object ID that it confirms."""
    query = select(IDENTITIES.c.user_id, IDENTITIES.c.object_id)
    theirs = query.where(IDENTITIES.c.user_id.in_([person.id for person in people]))
    linked = {row.user_id: row.object_id for row in connection.execute(theirs)}
    facts: dict[str, Facts] = {
        person.id: {
            "role": ADMINISTRATOR,
            "role_source": source,
            "is_role_unseen": source is RoleSource.MAPPED,
            "confirmed_object_id": identity_rules.find_confirmed_by_promotion(
                identity_rules.identity_facts_of(person, linked.get(person.id))
            ),
        }
        for person in people
    }
    person_rows.set_facts_of_each(connection, facts)


def _make_users(
    connection: Connection, people: Sequence[Person], source: RoleSource
) -> None:
    facts: Facts = {
        "role": Role.USER,
        "role_source": RoleSource.ASSIGNED,
        "is_emergency": False,
        # Who becomes an administrator again needs a new confirmation.
        "confirmed_object_id": None,
    }
    if source is RoleSource.ASSIGNED:
        # If a mapping removes the role, the notice about the administrator remains.
        facts["is_role_unseen"] = False
    ids = [person.id for person in people]
    person_rows.set_facts_of(connection, ids, **facts)


def _list_people_in_conflict(
    connection: Connection, people: Sequence[Person]
) -> Sequence[str]:
    is_theirs = CONFLICTS.c.user_id.in_([person.id for person in people])
    return connection.scalars(
        select(CONFLICTS.c.user_id).where(is_theirs).distinct()
    ).all()
