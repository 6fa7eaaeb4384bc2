"""The conflicts that pages show."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every

MOST_SHOWN = 20


def list_for_person(connection: Connection, user_id: str) -> Sequence[NamedConflict]:
    """Return the conflicts of one person, the newest first."""
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    theirs = query.where(CONFLICTS.c.user_id == user_id)
    newest_first = theirs.order_by(CONFLICTS.c.opened_at.desc())
    return every(NamedConflict, connection.execute(newest_first.limit(MOST_SHOWN)))
