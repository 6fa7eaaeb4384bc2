"""Administrators made by a role mapping, until another one has acknowledged them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, literal, select

from netpresenter_next.directory import errors, events
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.person_rows import set_facts_of
from netpresenter_next.directory.role_mappings import TARGET, NamedPerson
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every

# A literal in the statement: otherwise the database does not use the partial index.
_IS_UNSEEN = USERS.c.is_role_unseen == literal(True, literal_execute=True)


class NewAdministrator(NamedPerson):
    """A person who became an administrator by a role mapping; ``role`` is as of now."""

    role: str


def list_unseen(connection: Connection) -> Sequence[NewAdministrator]:
    """Return the people who became administrators by a mapping, unacknowledged so far.

    Some of them may have lost the role again since then.
    """
    query = select(USERS.c.id, USERS.c.user_name, USERS.c.role).where(_IS_UNSEEN)
    latest = query.order_by(USERS.c.id.desc()).limit(50)
    return every(NewAdministrator, connection.execute(latest))


def acknowledge(
    connection: Connection, user_ids: Iterable[str], seen_by: str, actor: Actor
) -> int:
    """Record that an administrator has acknowledged these people; returns how many.

    ``seen_by`` is the id of the administrator.  Raises AccountError if they are on the
    list themselves.
    """
    is_new = select(USERS.c.id).where(USERS.c.id == seen_by, _IS_UNSEEN)
    if connection.execute(is_new).first():
        raise errors.AccountError(
            _(
                "You are on this list yourself, so another administrator has to review "
                "it."
            )
        )
    is_acknowledged = and_(
        USERS.c.id.in_(list(user_ids)), USERS.c.id != seen_by, _IS_UNSEEN
    )
    query = select(USERS.c.id, USERS.c.user_name).where(is_acknowledged)
    seen = every(NamedPerson, connection.execute(query))
    if seen:
        set_facts_of(connection, [each.id for each in seen], is_role_unseen=False)
        shown = [each.user_name for each in seen]
        events.record(connection, actor, Event.ADMINISTRATORS_SEEN, TARGET, names=shown)
    return len(seen)
