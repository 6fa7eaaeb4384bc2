"""What follows when people are given a role: the same for one and for many."""

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
from netpresenter_next.directory.events import Actor, Event, person_target
from netpresenter_next.directory.person_rows import Facts
from netpresenter_next.storage.choices import Role, RoleSource
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import ADMINISTRATOR, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES


def give(
    connection: Connection,
    people: Sequence[Person],
    role: Role,
    source: RoleSource,
    actor: Actor,
) -> None:
    """Give a role to people who have another one; their sessions end.

    Emergency access goes with the role of administrator.

    ``people`` are as many as one statement takes, and how many statements there are
    does not depend on their number.  Whether they may have the role is asked before.
    """
    if not people:
        return
    if role == ADMINISTRATOR:
        _make_administrators(connection, people, source)
    else:
        _make_users(connection, people, source)
    sessions.end_all_of(connection, [person.id for person in people])
    changed = [
        (person_target(each), [{"attribute": "role", "old": each.role, "new": role}])
        for each in people
    ]
    is_mapped = source is RoleSource.MAPPED
    events.record_each(
        connection, actor, Event.ROLE_CHANGED, changed, role=role, is_mapped=is_mapped
    )
    if role == ADMINISTRATOR:
        for person in people:
            claimable.make_local_again(connection, person, actor)
    lost = [(person_target(each), ()) for each in people if each.is_emergency]
    events.record_each(connection, actor, Event.EMERGENCY_WITHDRAWN, lost)
    for user_id in _in_conflict(connection, people):
        conflicts.settle(connection, user_id, actor)


def _make_administrators(
    connection: Connection, people: Sequence[Person], source: RoleSource
) -> None:
    """Write down who gave the role, and for which Microsoft account."""
    query = select(IDENTITIES.c.user_id, IDENTITIES.c.object_id)
    theirs = query.where(IDENTITIES.c.user_id.in_([person.id for person in people]))
    linked = {row.user_id: row.object_id for row in connection.execute(theirs)}
    facts: dict[str, Facts] = {
        person.id: {
            "role": ADMINISTRATOR,
            "role_source": source,
            "is_role_unseen": source is RoleSource.MAPPED,
            "confirmed_object_id": identity_rules.vouches(
                identity_rules.known_of(person, linked.get(person.id))
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
        # The word was for an administrator; whoever is one again needs another.
        "confirmed_object_id": None,
    }
    if source is RoleSource.ASSIGNED:
        # Whom a mapping made administrator stays to be seen, when it takes that back.
        facts["is_role_unseen"] = False
    ids = [person.id for person in people]
    person_rows.set_facts_of(connection, ids, **facts)


def _in_conflict(connection: Connection, people: Sequence[Person]) -> Sequence[str]:
    these = CONFLICTS.c.user_id.in_([person.id for person in people])
    return connection.scalars(select(CONFLICTS.c.user_id).where(these).distinct()).all()
