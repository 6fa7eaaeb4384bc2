"""Confirming that an object ID is that of a provisioned person, by an administrator."""

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    access,
    account_linking,
    blocks,
    conflicts,
    errors,
    events,
    identity_rules,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES


class CannotConfirm(errors.AccountError):
    """There is no (longer) such an object ID that could be confirmed."""


def confirm_object_id(
    connection: Connection, person: Person, object_id: str, actor: Actor
) -> None:
    """Confirm that this object ID belongs to a provisioned person.

    Another linked Microsoft account is unlinked, which ends the person's sessions.
    Raises CannotConfirm if provisioning does not (or no longer) send this object ID for
    the person, or if it is linked with somebody else.
    """
    if why := _find_obstacle(connection, person, object_id):
        raise CannotConfirm(why)
    linked = blocks.read_linked_object_id(connection, person.id)
    if linked not in (None, object_id):
        # First, because unlinking also removes an earlier confirmation.
        account_linking.unlink(connection, person, actor)
    access.store_confirmation(connection, person, object_id)
    target = target_of_person(person)
    events.record(
        connection, actor, Event.OBJECT_ID_CONFIRMED, target, object_id=object_id
    )
    conflicts.close_resolved(connection, person.id, actor)


def _find_obstacle(connection: Connection, person: Person, object_id: str) -> str:
    """Return why an object ID cannot be confirmed; empty if it can."""
    is_seen = identity_rules.is_visible_to_scim(person.source)
    if not is_seen or not object_id or person.object_id != object_id:
        return _(
            "Provisioning no longer sends the object ID %(object_id)s for "
            "%(user_name)s, so nothing was confirmed: reload the page and check again.",
            object_id=object_id,
            user_name=person.user_name,
        )
    this = (IDENTITIES.c.object_id == object_id, IDENTITIES.c.user_id != person.id)
    other = connection.scalar(select(USERS.c.user_name).join(IDENTITIES).where(*this))
    if other is None:
        return ""
    return _(
        "The Microsoft account with this object ID is linked with %(other)s: unlink it "
        "there first.",
        other=other,
    )
