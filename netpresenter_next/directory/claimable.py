"""Accounts that provisioning may claim.

Their owner connected a Microsoft account, or an administrator linked them.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, and_, or_, select

from netpresenter_next.directory import conflicts, events, link_voiding, person_rows
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.person_rows import Facts
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import every


def make_claimable(connection: Connection, person: Person, actor: Actor) -> None:
    """Let provisioning find a local account by its user name and claim it."""
    person_rows.set_facts(connection, person.id, source=Source.CLAIMABLE)
    target = target_of_person(person)
    events.record(connection, actor, Event.CLAIMABLE_SET, target)
    conflicts.close_resolved(connection, person.id, actor)


def make_local_again(connection: Connection, person: Person, actor: Actor) -> None:
    """Make a claimable account local again; does nothing for any other."""
    if person.source is not Source.CLAIMABLE:
        return
    person_rows.set_facts(connection, person.id, source=Source.LOCAL)
    target = target_of_person(person)
    events.record(connection, actor, Event.CLAIMABLE_WITHDRAWN, target)
    conflicts.close_resolved(connection, person.id, actor)


def claim(connection: Connection, user_ids: Sequence[str], actor: Actor) -> None:
    """Make accounts provisioned that are claimable, or that were linked.

    The first SCIM change does so, also one that is a membership.
    """
    is_linked = USERS.c.awaited_claimant.is_not(None)
    claimable = and_(
        USERS.c.id.in_(user_ids), or_(USERS.c.source == Source.CLAIMABLE, is_linked)
    )
    for person in every(Person, connection.execute(select(USERS).where(claimable))):
        claimed: Facts = {"source": Source.PROVISIONED, "awaited_claimant": None}
        claimed["was_sent"] = True
        person_rows.set_facts(connection, person.id, **claimed)
        link_voiding.void_if_forced(connection, person.id)
        target = target_of_person(person)
        events.record(connection, actor, Event.CLAIMED, target)
        conflicts.close_resolved(connection, person.id, actor)
